"""Judge how hard one text of a handout is to read, while it is typed: quick, from the text alone."""

from __future__ import annotations

import re

from press.content.library import PHRASES
from press.content.readability import (
    GATES,
    POLYSYLLABLE,
    has_formula,
    is_taught,
    measure,
    sentences,
    syllables,
    taught_forms,
    words,
)
from press.content.terms import faults, swap_faults
from press.document.markup import parse_text
from press.document.nodes import Placeholder, Text, inlines
from press.errors import HandoutError, Place, Problem
from press.records import dataclass
from press.runs.handout import Site, one_topic

_SPACES = re.compile(r"[ \t\r\n]+")  # no-break spaces stay


def one_line(text: str) -> str:
    """Give a text as the page takes it: line breaks, tabs and rows of spaces are one space."""
    return _SPACES.sub(" ", text).strip(" ")


@dataclass(frozen=True)
class SentenceReading:
    """One sentence as it is read: how many words it has, and those of three syllables and more that nobody teaches."""

    words: str
    count: int
    is_long: bool
    hard_words: tuple[str, ...]


@dataclass(frozen=True)
class TextReading:
    """How hard one text is to read. `score` is its grade (or its ease in Spanish), `limit` that of a whole page.

    `problems` are those that can be told from the text alone: its marks, its placeholders, words that must not print.
    """

    sentences: tuple[SentenceReading, ...]
    gate: str
    score: float | None
    limit: float
    problems: tuple[Problem, ...]


def read_level(site: Site, topic: str, language: str, text: str) -> TextReading:
    """Judge one text as it is typed. Raises HandoutError for a handout that is not there."""
    site.library.words(one_topic(site, topic), language)
    text = one_line(text)
    place = Place(f"handouts/{topic}/{language}.yaml")
    children, marks = parse_text(text, site.library.known)
    plain = "".join(
        node.text if isinstance(node, Text) else "…"
        for node in inlines(children)
        if isinstance(node, Text | Placeholder)
    )
    taught = _taught(site, language)
    found = sentences(plain)
    gate = "inflesz" if language.partition("-")[0] == "es" else "fkgl"
    problems = [Problem(place, fault.message, fault.hint) for fault in marks]
    problems += [
        Problem(place, f"found “{fault.found}”: {fault.sentence}", fault.hint, fault.severity)
        for fault in (*faults(plain, language), *swap_faults(plain, language))
    ]
    return TextReading(
        tuple(_sentence(one, language, taught) for one in found),
        gate,
        getattr(measure(found, language, taught), gate),
        GATES[gate][1],
        tuple(problems),
    )


def _taught(site: Site, language: str) -> frozenset[str]:
    try:
        return frozenset(site.library.words(PHRASES, language).taught)
    except HandoutError:  # told where the phrases are edited
        return frozenset()


def _sentence(text: str, language: str, taught: frozenset[str]) -> SentenceReading:
    found, forms = words(text), taught_forms(taught)
    hard: tuple[str, ...] = ()
    if has_formula(language):
        hard = tuple(
            word
            for word in dict.fromkeys(found)
            if syllables(word, language) >= POLYSYLLABLE and not is_taught(word, language, forms)
        )
    return SentenceReading(text, len(found), len(found) > GATES["longest"][1], hard)
