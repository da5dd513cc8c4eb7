"""Finds slips of the keyboard in the words of a handout: lone quotes and stars, numbers and names typed by hand.

They are warnings for whoever edits the words, told by `check` alone. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from press.content.handout import Handout, english_texts
from press.document.markup import to_markup
from press.document.nodes import Content
from press.errors import Problem, Severity

_CURLY = re.compile(r"\s*[“‘„«].*[”’“»]\s*\Z", re.DOTALL)
_PAIRS = (("“", "”"), ("«", "»"))
_STAR = re.compile(r"(?<!\*)\*(?!\*)")
_TELEPHONE = re.compile(r"(?<![\w{])(?:\+?1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]?\d{3}[ .-]\d{4}(?!\w)")
_WORD = re.compile(r"[^\W\d_]{6,}")
_NEAR = 0.84  # of SequenceMatcher.ratio: two letters wrong in a name of ten
_Slip = tuple[str, str]


def find_slips(handout: Handout) -> Iterator[Problem]:
    """Find the slips in each text of a handout, as warnings with the place of the text."""
    names = _names(handout)
    english = english_texts(handout.structure) if handout.is_translation else frozenset()
    for name, text in handout.texts.items():
        if name in english:  # told of the English file, where it comes from
            continue
        for message, hint in (*_typed(text), *_misspelled(text, names)):
            yield Problem(text.place, f"text `{name}`: {message}", hint, severity=Severity.WARNING)


def _typed(text: Content) -> Iterator[_Slip]:
    words = to_markup(text.children)
    if _CURLY.match(words) and words.count(words.strip()[0]) == 1:
        yield "curly quotes stand round the whole text", "round a text in the file stand straight quotes, or none"
    elif words.count('"') % 2:
        yield "a quote stands alone", "is one missing, or is it left over from a change?"
    elif any(words.count(left) != words.count(right) for left, right in _PAIRS):
        yield (
            "a quote is opened and not closed, or closed and not opened",
            "is one missing, or left over from a change?",
        )
    if _STAR.search(words):
        yield "found a single `*`", "strong words stand between two stars: **like this**"
    if _TELEPHONE.search(words):
        hint = "write {clinic_phone} or {after_hours_phone}, or put the number into helplines.yaml under a name"
        yield "a telephone number is typed into the text", hint


def _names(handout: Handout) -> frozenset[str]:
    """The names of drugs and brands in this language, in all their forms."""
    return frozenset(name.casefold() for forms in handout.lexicon.names.values() for name in forms)


def _misspelled(text: Content, names: frozenset[str]) -> Iterator[_Slip]:
    """Words that are nearly the name of a drug: the reader would look for another one."""
    for word in dict.fromkeys(_WORD.findall(to_markup(text.children))):
        said = word.casefold()
        if said in names or any(said in (f"{name}s", f"{name}es") for name in names):
            continue
        near = [name for name in names if abs(len(name) - len(said)) < 3 and _is_near(said, name)]
        if near:
            yield f"found “{word}”, which is nearly a name of a drug", f"is `{min(near)}` meant?"


def _is_near(said: str, name: str) -> bool:
    matcher = SequenceMatcher(None, said, name)
    return matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR
