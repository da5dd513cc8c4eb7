"""The tables of a run in Markdown, and their place in `docs/performance.md`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.cells import figure, head, joined, milliseconds, multiple, peak_of, row, yes
from benchmarks.contestants import FLOOR, PRODUCT, REPORTLAB, TWO, TYPST, Measure
from benchmarks.desk import DESK
from benchmarks.results import Results
from benchmarks.running import Spread

BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


def tables(found: Results) -> str:
    """All tables of a run, under headings of the third level."""
    parts = [("Asked and measured", goals(found)), ("Warm: a file for each person", warm(found))]
    parts += [("One file for everybody", merged(found)), ("Cold: one process", cold(found))]
    parts += [("From 100 people on", growth(found)), ("Lists as varied as a clinic's", varied(found))]
    parts += [("The desk: one open process", desk(found)), ("The machine", machine(found))]
    return "\n".join(f"### {title}\n\n{joined(lines)}" for title, lines in parts if len(lines) > 2)


def put(page: Path, text: str) -> None:
    """Put the tables between the marks of a page. Raises ValueError if it has no such marks."""
    whole = page.read_text("utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page.name} has no place for the tables")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def warm(found: Results) -> list[str]:
    """Who makes how many files."""
    lines = head(
        "| | tagged | ms a document | quartiles | documents a second | Typst's time ÷ this | this ÷ floor | kB a file | peak MB | people a round |"
    )
    for key, rounds in _sorted(found, "warm"):
        each = Spread.of(found.each("warm", key))
        cells = (found.labels[key], yes(found.tagged[key]), *milliseconds(each), f"{1 / each.median:,.0f}",
                 multiple(found.ratio("warm", TYPST, key)), multiple(found.ratio("warm", key, FLOOR)),
                 f"{max(one.size for one in rounds) / 1000:.1f}", peak_of(rounds), f"{rounds[0].documents:,}")  # fmt: skip
        lines.append(row(cells))
    return lines


def merged(found: Results) -> list[str]:
    """Who makes how much of one file."""
    lines = head("| | tagged | ms a person | quartiles | Typst's time ÷ this | kB a person | peak MB | people |")
    for key, rounds in _sorted(found, "merged"):
        each = Spread.of(found.each("merged", key))
        cells = (found.labels[key], yes(found.tagged[key]), *milliseconds(each), multiple(found.ratio("merged", TYPST, key)),
                 f"{rounds[0].size / 1000:.1f}", peak_of(rounds), f"{rounds[0].documents:,}")  # fmt: skip
        lines.append(row(cells))
    return lines


def cold(found: Results) -> list[str]:
    """Whole processes."""
    lines = head("| | ms | quartiles | ÷ plain ReportLab, pair by pair | peak MB | runs |")
    for key, runs in found.cold.items():
        spread = found.seconds(key)
        peak = f"{max(run.peak for run in runs) / 1e6:.0f}"
        against = found.cold_ratio(key, REPORTLAB)
        lines.append(row((found.labels[key], *milliseconds(spread), multiple(against), peak, str(len(runs)))))
    return lines


def growth(found: Results) -> list[str]:
    """What longer lists take, with one worker and with two."""
    lines = head(
        "| people | workers | seconds | ms a document | Typst's time ÷ this | peak MB of the largest process |"
    )
    typst = Spread.of(found.each("warm", TYPST)).median if TYPST in found.warm else None
    for workers, measures in ((1, found.growth), (2, found.growth_two)):
        for size, one in zip(found.sizes, measures, strict=False):
            if isinstance(one, float):
                cells = (f"{size:,}", str(workers), "not run", f"(it would take about {one / 60:.0f} minutes)", "", "")
            else:
                times = f"{typst / one.each:.1f}" if typst else ""
                cells = (
                    f"{size:,}",
                    str(workers),
                    f"{one.seconds:.2f}",
                    f"{one.each * 1000:.3f}",
                    times,
                    f"{one.peak / 1e6:.0f}",
                )
            lines.append(row(cells))
    return lines


def varied(found: Results) -> list[str]:
    """What lists take that are as varied as a clinic's, beside Typst with the same words."""
    lines = head("| people | | handouts | ms a handout | quartiles | Typst's time ÷ this | peak MB |")
    for size, measured in found.varied.items():
        for key, rounds in measured.items():
            each = Spread.of([one.each for one in rounds])
            cells = (f"{size:,}", found.labels[key], f"{rounds[0].documents:,}", *milliseconds(each),
                     multiple(found.varied_ratio(size, TYPST, key)), peak_of(rounds))  # fmt: skip
            lines.append(row(cells))
    return lines


def desk(found: Results) -> list[str]:
    """What each handout takes for a person never seen before."""
    lines = head("| | handouts | ms a handout: median | of 20 the slowest | Typst's median ÷ this | peak MB |")
    for key, rounds in found.desk.items():
        times = sorted(seconds for one in rounds for seconds in one.times)
        middle, slow = (figure(times[int(len(times) * share)] * 1000) for share in (0.5, 0.95))
        against = multiple(found.desk_ratio(TYPST, key))
        lines.append(row((found.labels[key], f"{rounds[0].documents:,}", middle, slow, against, peak_of(rounds))))
    return lines


def goals(found: Results) -> list[str]:
    """What was asked of the press beside what it does."""
    lines = head("| | asked | measured |")
    for what, asked, measured in _goals(found):
        if measured:
            lines.append(row((what, asked, measured)))
    return lines


def _goals(found: Results) -> Iterator[tuple[str, str, str]]:
    for key, workers in ((TWO, "as many workers as cores, as it is typed"), (PRODUCT, "one worker")):
        yield (
            f"separate files, {workers}: times as many as Typst with PDF/UA",
            "≥ 20",
            multiple(found.ratio("warm", TYPST, key)),
        )
    yield "separate files, time in floors", "≤ 4", multiple(found.ratio("warm", PRODUCT, FLOOR))
    yield "one file for everybody, times as many as Typst", "≥ 40", multiple(found.ratio("merged", TYPST, PRODUCT))
    yield "two workers, times as many as one", "≥ 1.7", multiple(found.ratio("warm", PRODUCT, TWO))
    yield (
        "`make overdose-warning`, time in plain ReportLab scripts",
        "≤ 1.0",
        multiple(found.cold_ratio("make", REPORTLAB)),
    )
    for key, name in (("help", "--help"), ("list", "list"), ("check", "check")):
        yield f"`{name}`", "< 150 ms", f"{found.seconds(key).median * 1000:.0f} ms" if found.cold.get(key) else ""
    yield "at the desk, times as fast as Typst", "≥ 3", multiple(found.desk_ratio(TYPST, DESK))
    for part, what, most in (("warm", "a personal file", 45), ("merged", "one file for everybody, for each person", 6)):
        rounds = getattr(found, part).get(PRODUCT)
        yield what, f"≤ {most} kB", f"{max(one.size for one in rounds) / 1000:.1f} kB" if rounds else ""


def machine(found: Results) -> list[str]:
    """Where it was measured."""
    return [*head("| | |"), *(row((name, text)) for name, text in found.machine.items())]


def _sorted(found: Results, part: str) -> list[tuple[str, list[Measure]]]:
    """The slowest first."""
    return sorted(getattr(found, part).items(), key=lambda pair: -Spread.of(found.each(part, pair[0])).median)
