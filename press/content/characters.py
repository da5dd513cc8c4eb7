"""Normalizes text to NFC (Unicode Annex 15), and names the characters that are not allowed in it.

Pure functions, the same for every reader. A fault says which character and where, never
the text around it: that may be a patient's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby, islice

from press.records import dataclass

MOST_MARKS = 4
MOST_FAULTS = 100

# Putting marks in order takes time in the square of their number, hours for a file of marks;
# Unicode Annex 15 (13, stream-safe text) knows no writing with more than 30 in a row.
_MOST_MARKS_IN_ORDER = 30

# Cf is refused whole: overrides, isolates and other direction marks, zero-width space, word
# joiner, soft hyphen, byte order mark, tags. Its visible members (below) and the two joiners
# are let through. Zl and Zp are the line and paragraph separators.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd")
# Replacement signs, and letters that are drawn as nothing: two different names, one print.
_REFUSED_ALSO = frozenset("\ufffc\ufffd\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")

_JOINERS = frozenset("\u200c\u200d")
_JOINING_SCRIPTS = frozenset(
    "ARABIC SYRIAC MONGOLIAN NKO MANDAIC DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU "
    "KANNADA MALAYALAM SINHALA TIBETAN MYANMAR KHMER BALINESE JAVANESE SUNDANESE".split()
)

# Latin letters and signs need no look-up; nearly every character of a file is one of them.
# Both patterns take as long to compile as a hundred texts to read, and most texts are plain.
_UNUSUAL = "[^ -~\u00a0-\u00ac\u00ae-\u02ff]"
_MAYBE_STACK = f"[^\0-\u02ff]{{{_MOST_MARKS_IN_ORDER + 1},}}"

_NAMES = {"\0": "NULL", "\t": "TAB", "\n": "LINE BREAK", "\r": "CARRIAGE RETURN",
          "\x1b": "ESCAPE", "\x7f": "DELETE", "\x85": "NEXT LINE"}  # fmt: skip
_KINDS = {"Cc": "CONTROL CHARACTER", "Cs": "HALF OF A CHARACTER PAIR",
          "Co": "PRIVATE USE CHARACTER", "Cn": "UNASSIGNED CHARACTER"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One spot that may not stand in a text; `position` counts characters from 1."""

    what: str
    position: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.what} at position {self.position}"


def clean(text: str, *, newlines: bool = False) -> tuple[str, tuple[Fault, ...]]:
    """Give the text in NFC, and what is wrong with it in that form.

    Nothing is dropped: a text with faults must not be used, it may not even be in NFC. At
    most `MOST_FAULTS` are named. `newlines` lets line breaks and tabs through, for notes of several lines.
    """
    if (text.isascii() and text.isprintable()) or not re.search(_UNUSUAL, text):
        return text, ()  # no letter before U+0300 has another form
    if not _has_stack(text):
        text = unicodedata.normalize("NFC", text)
    return text, tuple(islice(find_faults(text, newlines=newlines), MOST_FAULTS))


def find_faults(text: str, *, newlines: bool = False) -> Iterator[Fault]:
    """Find the faults of a text as it stands, one by one, so that the caller may stop."""
    run = 0
    for match in re.finditer(_UNUSUAL, text):
        start, character = match.start(), match.group()
        if newlines and character in "\n\t":
            continue
        if not _is_allowed(text, start):
            yield Fault("character " + describe(character), start + 1)
        elif start >= run and _is_mark(character):
            run = _end_of_marks(text, start)
            if run - start > MOST_MARKS:
                yield _too_many_marks(start, run)


def describe(character: str) -> str:
    """Name one character by code point and Unicode name, which is safe to print."""
    kind = _KINDS.get(unicodedata.category(character), "UNNAMED CHARACTER")
    name = _NAMES.get(character) or unicodedata.name(character, kind)
    return f"U+{ord(character):04X} {name}"


def _is_allowed(text: str, index: int) -> bool:
    character = text[index]
    if character in _JOINERS:
        return _is_between_joined_letters(text, index)
    if character in _REFUSED_ALSO:
        return False
    return unicodedata.category(character) not in _REFUSED or character in _VISIBLE_FORMAT


def _is_between_joined_letters(text: str, index: int) -> bool:
    before, after = text[max(index - 1, 0) : index], text[index + 1 : index + 2]
    script = _script(before)
    return script in _JOINING_SCRIPTS and script == _script(after)


def _script(letter: str) -> str:
    """Give the script of a letter or its mark: Unicode names begin with it."""
    if not letter or unicodedata.category(letter)[0] not in "LM":
        return ""
    return unicodedata.name(letter, "").partition(" ")[0]


def _is_mark(character: str) -> bool:
    # Most spacing marks (Mc) do not count: Burmese has five in a row in common words.
    return unicodedata.category(character) in ("Mn", "Me") or _is_ordered(character)


def _is_ordered(character: str) -> bool:
    return unicodedata.combining(character) != 0


def _has_stack(text: str) -> bool:
    """Whether so many marks stand in a row that they must not be normalized."""
    for match in re.finditer(_MAYBE_STACK, text):
        for ordered, run in groupby(match.group(), key=_is_ordered):
            if ordered and sum(1 for _ in run) > _MOST_MARKS_IN_ORDER:
                return True
    return False


def _end_of_marks(text: str, start: int) -> int:
    end = start
    while end < len(text) and _is_mark(text[end]):
        end += 1
    return end


def _too_many_marks(start: int, end: int) -> Fault:
    what = f"{end - start} combining marks in a row (at most {MOST_MARKS})"
    return Fault(what, start + 1, end - start)
