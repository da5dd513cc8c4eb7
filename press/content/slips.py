"""Finds slips of the keyboard in a file of words: lone quotes and stars, numbers and names typed by hand.

They are warnings for whoever edits the words, told by `check` alone, also while a file has errors. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from press.content.handout import Words
from press.errors import Problem, Severity

_CURLY = re.compile(r"\s*([“‘„«]).*[”’“»]\s*\Z", re.DOTALL)
_PAIRS = (("“", "”"), ("«", "»"))
_TYPED = re.compile(r"\*\*|\{[^{}]*\}")  # strong words and placeholders, which are no slips
_TELEPHONE = re.compile(
    r"(?<![\w{])(?:\+\d[\d ().-]{7,}\d|(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-]?)\d{3}[ .-]?\d{4}|\d{3}[.-]\d{4}"
    r"|(?:1[ .-])?\d{3}[ .-](?:\d{3}[ .-])?[A-Z]{4,7})(?!\w)"
)
_WORD = re.compile(r"[^\W\d_]{5,}")
_NAME, _TERM = 0.8, 0.83  # cutoffs of get_close_matches: one letter wrong in a name of five, in a term of six
_Slip = tuple[str, str]


def find_slips(words: Words, phrases: Words, numbers: Mapping[str, str]) -> Iterator[Problem]:
    """Find the slips in each text of a file of words, as warnings with the place of the text.

    `phrases` are those of the same language, with the names of drugs; `numbers` the helplines by their placeholders.
    """
    for name, (text, place) in words.texts.items():
        for message, hint in (*_typed(text), *_telephones(text, numbers), *_misspelled(text, phrases)):
            yield Problem(place, f"text `{name}`: {message}", hint, severity=Severity.WARNING)


def _typed(text: str) -> Iterator[_Slip]:
    left_over = "is one missing, or is it left over from a change?"
    found = _CURLY.match(text)
    if found and text.count(found[1]) == 1:
        yield "curly quotes stand round the whole text", "round a text in the file stand straight quotes, or none"
    elif text.count('"') % 2 or (text.rstrip().endswith("'") and not re.search(r"(?<!\w)'\w", text)):
        yield "a quote stands alone", left_over
    elif any(text.count(left) != text.count(right) for left, right in _PAIRS):
        yield "a quote is opened and not closed, or closed and not opened", left_over
    if "*" in _TYPED.sub("", text):
        yield "found a single `*`", "strong words stand between two stars: **like this**"


def _telephones(text: str, numbers: Mapping[str, str]) -> Iterator[_Slip]:
    """Numbers that were typed: they would stay the same when the clinic's or a helpline's changes."""
    bare = _TYPED.sub("", text)
    for name, number in numbers.items():
        if re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", bare):
            yield f"the number {number} is typed into the text", f"write {{{name}}}"
            bare = bare.replace(number, "")
    if _TELEPHONE.search(bare):
        hint = "write {clinic_phone} or {after_hours_phone}, or put the number into helplines.yaml under a name"
        yield "a telephone number is typed into the text", hint


def _misspelled(text: str, phrases: Words) -> Iterator[_Slip]:
    """Words that are nearly the name of a drug, or a term that every page teaches: the reader would look for another.

    A longer form of a term is right, such as `opioids`; of a name, its plural alone.
    """
    names = {name.casefold(): name for forms in phrases.lexicon.names.values() for name in forms}
    terms = {term.casefold(): term for term in phrases.taught}
    right = {form for name in names for form in (name, f"{name}s", f"{name}es")}
    right |= {word.casefold() for word in phrases.lexicon.same}
    way_out = f"if the word is right, add it to `same` under `lexicon` in {phrases.place.file}"
    for word in dict.fromkeys(_WORD.findall(_TYPED.sub(" ", text))):
        said = word.casefold()
        if said in right or said.startswith(tuple(terms)):
            continue
        for kind, known, cutoff in (("name of a drug", names, _NAME), ("term of these pages", terms, _TERM)):
            if near := get_close_matches(said, known, n=1, cutoff=cutoff):
                yield f"found “{word}”, which is nearly a {kind}", f"is `{known[near[0]]}` meant? {way_out}"
                break
