"""How hard each page is to read, for people: the figures of 4.3 and the hardest sentences.

The gates of `press.check` refuse a page; this shows the figures of a refused page too, and beside
them the Dale-Chall score, which has no gate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from datetime import date
from itertools import groupby

from press.compose.check import page_sentences, read_measure
from press.compose.tailor import tailor
from press.compose.template import compose
from press.content.dale_chall import rate_page
from press.content.handout import Handout
from press.content.readability import Measure, gate_faults, measure
from press.document.nodes import Document
from press.errors import Place
from press.patients.options import Options
from press.records import dataclass
from press.runs.handout import Site
from press.runs.sweep import combinations

MOST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class HardSentence:
    """One sentence and what makes it hard: its words, and those of three or more syllables."""

    text: str
    words: int
    long_words: int
    place: Place

    @property
    def weight(self) -> int:
        """How hard it is: its words, the long ones counted twice."""
        return self.words + self.long_words


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One page: for whom it is, its figures, the gates that it misses, its hardest sentences."""

    topic: str
    language: str
    form: str
    reason: str
    measure: Measure
    dale_chall: float | None
    missed: tuple[str, ...]
    hardest: tuple[HardSentence, ...]


def report(site: Site, topics: Collection[str], today: date) -> list[ReadingRow]:
    """Measure each handout, language, form and reason; standard edition, no dates.

    Raises HandoutError if a file is broken, not if a page is too hard.
    """
    return [
        _tailored_row(site, topic, options, today)
        for topic, options in combinations(site, today)
        if topic in topics and _is_plain(options)
    ]


def _tailored_row(site: Site, topic: str, options: Options, today: date) -> ReadingRow:
    """Measure one page, which is not checked yet."""
    tailored = tailor(site.handout(topic, options.language), options, site.clinic, today)
    handout = tailored.handout
    return _row(topic, options, compose(tailored, site.templates), handout.taught, _drugs(handout))


def _is_plain(options: Options) -> bool:
    dated = options.last_dose or options.appointment or options.stopped
    return options.edition == "standard" and not dated


def _drugs(handout: Handout) -> frozenset[str]:
    """List drugs, brands and taught terms, in small letters: with a capital they are still no proper names."""
    brands = {form for forms in handout.lexicon.names.values() for form in forms}
    return frozenset(word.casefold() for word in brands | handout.taught)


def _row(topic: str, options: Options, document: Document, taught: frozenset[str], drugs: frozenset[str]) -> ReadingRow:
    found = page_sentences(document)
    sentences = [sentence for sentence, _ in found]
    faults = gate_faults(sentences, document.language, taught)
    return ReadingRow(
        topic,
        document.language,
        options.form,
        options.reason,
        read_measure(document, taught),
        rate_page(sentences, document.language, drugs),
        tuple(dict.fromkeys(fault.gate for fault in faults)),
        _hardest(_weighed(text, place, document.language) for text, place in found),
    )


def _weighed(text: str, place: Place, language: str) -> HardSentence:
    found = measure([text], language)
    return HardSentence(text, found.words, found.polysyllables or 0, place)


def _hardest(found: Iterable[HardSentence]) -> tuple[HardSentence, ...]:
    """Choose the hardest sentences, each wording once; equally hard ones in the order of the file."""
    first: dict[str, HardSentence] = {}
    for one in sorted(found, key=lambda one: (-one.weight, -one.words, one.place)):
        first.setdefault(one.text, one)
    return tuple(first.values())[:MOST_SENTENCES]


def handouts(rows: Iterable[ReadingRow]) -> Iterator[tuple[str, str, tuple[ReadingRow, ...], tuple[HardSentence, ...]]]:
    """Group the rows by handout: topic, language, pages and hardest sentences, in the order of the rows."""
    for (topic, language), found in groupby(rows, key=lambda row: (row.topic, row.language)):
        group = tuple(found)
        yield topic, language, group, _hardest(one for row in group for one in row.hardest)


# Shown


_HEAD = f"{'form':11}{'reason':9}words  FKGL  SMOG  taught  Dale-Chall  INFLESZ  mean  longest"
_FIGURES = (("fkgl", 6), ("smog", 6), ("smog_exempt", 8), ("dale_chall", 12), ("inflesz", 9), ("mean", 6))


def as_text(rows: Iterable[ReadingRow]) -> str:
    """Show the rows as tables, one for each handout and language."""
    return "\n\n".join(_table(*one) for one in handouts(rows))


def _table(topic: str, language: str, group: tuple[ReadingRow, ...], hardest: tuple[HardSentence, ...]) -> str:
    lines = [f"{topic} ({language})", f"  {_HEAD}", *(f"  {_line(row)}" for row in group)]
    if any(row.missed for row in group):
        lines.append("  ! misses its gate")
    lines.append("  hardest sentences (words, long words):")
    lines += [f"  {one.words:4}{one.long_words:4}  {one.place}  {one.text}" for one in hardest]
    return "\n".join(lines)


def _line(row: ReadingRow) -> str:
    figures = "".join(_figure(row, name, width) for name, width in _FIGURES)
    longest = f"{row.measure.longest}{_mark(row, 'longest')}"
    return f"{row.form:11}{row.reason:9}{row.measure.words:5}{figures}{longest:>9}"


def _figure(row: ReadingRow, name: str, width: int) -> str:
    score: float | None = row.dale_chall if name == "dale_chall" else getattr(row.measure, name)
    shown = "-" if score is None else f"{score:.1f}{_mark(row, name)}"
    return f"{shown:>{width}}"


def _mark(row: ReadingRow, gate: str) -> str:
    return "!" if gate in row.missed else ""


def as_data(rows: Iterable[ReadingRow]) -> list[dict[str, object]]:
    """Give the rows as plain data, ready for JSON; a score that a language lacks is None."""
    return [
        {
            "handout": topic,
            "language": language,
            "pages": [_page(row) for row in group],
            "hardest": [_sentence(one) for one in hardest],
        }
        for topic, language, group, hardest in handouts(rows)
    ]


def _page(row: ReadingRow) -> dict[str, object]:
    figures = {each.name: getattr(row.measure, each.name) for each in fields(Measure)}
    return {
        "form": row.form,
        "reason": row.reason,
        **figures,
        "dale_chall": row.dale_chall,
        "missed": list(row.missed),
    }


def _sentence(one: HardSentence) -> dict[str, object]:
    return {
        "text": one.text,
        "words": one.words,
        "long_words": one.long_words,
        "file": one.place.file,
        "line": one.place.line,
    }
