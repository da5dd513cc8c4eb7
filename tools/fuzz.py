"""Fuzz a reader of the press with atheris, guided by what of the program each input reaches.

    python -m tools.fuzz READER [SECONDS]

Inputs, log and findings are put into build/fuzz/READER, each finding with its traceback. A finding is mended, and
its input moves to tests/data/fuzz/READER, where the test suite replays it. Ends with 1 if there are findings.
"""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "fuzz"
SEEDS = ROOT / "tests" / "data" / "fuzz"
READERS = ("yaml", "csv", "xlsx", "template")

USUAL_SECONDS = 600
LEAST_SECONDS = 3  # of a process that an input ends; the next one would end as soon
MOST_BYTES = 1 << 16  # of one input
MOST_SECONDS = 2.0  # of the processor, for one input
MOST_MEMORY = 500_000_000  # bytes that one input may add to the peak

# Modules that the readers import when they are called, too late to be instrumented.
LAZY = (
    "press.content.yaml.builder",
    "press.content.yaml.libyaml",
    "press.content.yaml.scanner",
    "press.patients.xlsx_file",
)


def main(arguments: list[str]) -> int:
    """Run the fuzzer in processes of their own, which an input may end, and say what it found."""
    if not arguments or arguments[0] not in READERS:
        sys.stderr.write(f"python -m tools.fuzz READER [SECONDS], where READER is one of {', '.join(READERS)}\n")
        return 2
    reader, seconds = arguments[0], int(arguments[1]) if len(arguments) > 1 else USUAL_SECONDS
    folder = BUILD / reader
    for name in ("corpus", "findings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sow(reader, folder / "corpus")
    with (folder / "log.txt").open("wb") as log:
        for phase, share in ((search, 0.9), (stretch, 0.1)):
            _repeat(phase.__name__, reader, int(seconds * share), log)
    found = sorted(path for path in (folder / "findings").iterdir() if path.suffix != ".txt")
    sys.stdout.write(f"{reader}: {summarize(folder / 'log.txt')}, {len(found)} findings\n")
    sys.stdout.writelines(f"  {path.relative_to(ROOT)}\n" for path in found)
    return 1 if found else 0


def _repeat(phase: str, reader: str, seconds: int, log: IO[bytes]) -> None:
    """Run one phase until its time is over, also where an input ends the process."""
    ends = time.monotonic() + seconds
    while (left := round(ends - (began := time.monotonic()))) > 0:
        command = [sys.executable, "-m", "tools.fuzz", "--phase", phase, reader, str(left)]
        if not subprocess.run(command, cwd=ROOT, stderr=log, stdout=log, check=False).returncode:
            return
        if time.monotonic() - began < LEAST_SECONDS:
            raise SystemExit(f"the fuzzer ends at once; see {log.name}")


def summarize(log: Path) -> str:
    """Read executions and coverage from what the phases wrote."""
    text = log.read_text("utf-8", "replace")
    runs = re.findall(r"^stat::number_of_executed_units: (\d+)", text, re.MULTILINE)
    edges = re.findall(r"\bcov: (\d+)", text)
    stretched = re.findall(r"^stretched: (\d+)", text, re.MULTILINE)
    counts = f"{sum(map(int, runs))} executions, {max(map(int, edges), default=0)} edges"
    return f"{counts}, {sum(map(int, stretched))} stretched inputs"


# Seeds


def sow(reader: str, corpus: Path) -> None:
    """Put the project's own files and the cases of its tests into the corpus; a name is the hash of its bytes."""
    kept = [path.read_bytes() for path in sorted((SEEDS / reader).glob("*"))]
    for data in [*kept, *_SOURCES[reader]()]:
        if len(data) <= MOST_BYTES:
            (corpus / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)


def _yaml_seeds() -> Iterable[bytes]:
    from tests.content import yaml_cases
    from tests.content.test_yaml_libyaml import LEFT, READ

    for path in ROOT.glob("handouts/**/*.yaml"):
        yield path.read_bytes()[:3000].rpartition(b"\n")[0]  # the slow reader takes a tenth of a second for a whole one
    yield from ((ROOT / name).read_bytes() for name in ("config.yaml", "docs/example-patient.yaml"))
    for case in [*yaml_cases.ALL, *LEFT, *READ]:
        text = case if isinstance(case, str | bytes) else case[0]
        yield text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _csv_seeds() -> Iterable[bytes]:
    from tests.patients.test_csv_file import LOST

    yield from (path.read_bytes() for path in ROOT.glob("tests/data/lists/*.csv"))
    yield LOST.encode()


def _xlsx_seeds() -> Iterable[bytes]:
    yield from (path.read_bytes() for path in ROOT.glob("tests/data/lists/*.xlsx"))


def _template_seeds() -> Iterable[bytes]:
    from tests.compose.test_template import HOSTILE, PAGE

    names = ("handout.xhtml.j2", "base.xhtml.j2", "blocks.xhtml.j2")
    texts = {name: (ROOT / "templates" / name).read_text("utf-8") for name in names}
    yield from (f"{name}\n{text}".encode() for name, text in texts.items())
    for inner in HOSTILE:
        yield f"{names[0]}\n{PAGE.replace('{}', inner)}".encode()
        yield f"{names[0]}\n{texts[names[0]].replace('{{ title }}', '{{ title }} ' + inner)}".encode()


_SOURCES: Mapping[str, Callable[[], Iterable[bytes]]] = MappingProxyType(
    {"yaml": _yaml_seeds, "csv": _csv_seeds, "xlsx": _xlsx_seeds, "template": _template_seeds}
)


# The phases


def search(reader: str, seconds: int) -> None:
    """Feed a reader inputs that reach something new, until the time is over; libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["press", "yaml", "jinja2"]):
        from tools.fuzz_targets import TARGETS

        for name in LAZY:
            import_module(name)
    folder = BUILD / reader
    options = {
        "max_total_time": seconds, "max_len": MOST_BYTES, "timeout": 30, "rss_limit_mb": 2000, "print_final_stats": 1,
        "dict": ROOT / "tools" / "fuzz_words" / f"{reader}.dict", "artifact_prefix": f"{folder}/findings/",
    }  # fmt: skip
    arguments = [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(folder / "corpus")]
    recorder = Recorder(TARGETS[reader], folder / "findings")
    mutator = {"custom_mutator": mutate_workbook} if reader == "xlsx" else {}
    atheris.Setup(arguments, recorder, **mutator)
    atheris.Fuzz()


def stretch(reader: str, seconds: int) -> None:
    """Feed a reader large inputs, each with one piece repeated, uninstrumented: work may grow by the square."""
    from tools.fuzz_targets import TARGETS

    folder = BUILD / reader
    corpus = [path.read_bytes() for path in sorted((folder / "corpus").iterdir())]
    recorder = Recorder(TARGETS[reader], folder / "findings")
    choose, ends, count = random.Random(0), time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        data = choose.choice(corpus)
        recorder(stretch_workbook(data, choose) if reader == "xlsx" else stretch_text(data, choose, MOST_BYTES))
        count += 1
    sys.stdout.write(f"stretched: {count}\n")


class Recorder:
    """Calls a target, and writes down the first input of each kind of finding; then the search goes on."""

    def __init__(self, target: Callable[[bytes], None], folder: Path) -> None:
        self.target, self.folder = target, folder
        self.seen: set[str] = set()

    def __call__(self, data: bytes) -> None:
        """Try one input."""
        began, peak = time.process_time(), _peak()
        try:
            self.target(data)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - every exception is a finding, a panic of the XLSX reader too
            self._note(data, traceback.format_exc(), _signature(error))
        took, grew = time.process_time() - began, _peak() - peak
        if took > MOST_SECONDS:
            self._note(data, f"took {took:.1f} s of the processor", "slow")
        if grew > MOST_MEMORY:
            self._note(data, f"took {grew / 1e6:.0f} MB", "large")

    def _note(self, data: bytes, words: str, signature: str) -> None:
        if signature in self.seen:
            return
        self.seen.add(signature)
        path = self.folder / hashlib.sha1(data + signature.encode(), usedforsecurity=False).hexdigest()[:12]
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(words, "utf-8", "backslashreplace")


def _peak() -> int:
    """Ask for the peak of this process's memory in bytes; Linux gives kilobytes."""
    import resource  # not on Windows, where the tests import this module as well

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _signature(error: BaseException) -> str:
    """Name the kind of a finding: its type, where it was raised, and its words without numbers."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {frame.filename}:{frame.lineno} {re.sub(r'[0-9]+', '', str(error))[:200]}"


def mutate_workbook(data: bytes, most: int, seed: int) -> bytes:
    """Change one part inside a workbook: a change of its packed bytes would only break a checksum."""
    import atheris

    choose = random.Random(seed)
    parts = _unpacked(data)
    if not parts or choose.random() < 0.05:
        return bytes(atheris.Mutate(data, most))
    name = choose.choice([name for name in parts if "theme" not in name] or list(parts))
    parts[name] = bytes(atheris.Mutate(parts[name], MOST_BYTES))
    changed = _packed(parts)
    return changed if len(changed) <= most else data


def stretch_text(data: bytes, choose: random.Random, most: int) -> bytes:
    """Repeat a few bytes, or a few lines, until an input has `most` bytes."""
    pieces = data.splitlines(keepends=True) if choose.random() < 0.3 else [data[i : i + 1] for i in range(len(data))]
    start = choose.randrange(len(pieces) + 1)
    end = start + choose.choice((1, 1, 1, 2, 3, 4, 6, 10, 30))
    before, middle, after = (b"".join(part) for part in (pieces[:start], pieces[start:end], pieces[end:]))
    times = (most - len(before) - len(after)) // len(middle) if middle else 0
    return before + middle * max(times, 1) + after


def stretch_workbook(data: bytes, choose: random.Random) -> bytes:
    """Do the same with one part inside a workbook, as far as its packed bytes allow."""
    parts = _unpacked(data)
    if not parts:
        return stretch_text(data, choose, MOST_BYTES)
    name = choose.choice(list(parts))
    parts[name] = stretch_text(parts[name], choose, 16 * MOST_BYTES)
    changed = _packed(parts)
    return changed if len(changed) <= MOST_BYTES else data


def _unpacked(data: bytes) -> dict[str, bytes]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            return {part.filename: archive.read(part) for part in archive.infolist() if part.file_size <= MOST_BYTES}
    except Exception:  # noqa: BLE001 - a damaged archive is changed as bytes
        return {}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--phase"]:
        phases = {"search": search, "stretch": stretch}
        phases[sys.argv[2]](sys.argv[3], int(sys.argv[4]))
    else:
        sys.exit(main(sys.argv[1:]))
