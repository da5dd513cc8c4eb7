"""Wrap words in lines of at most 80 columns, by their width on a screen.

A Chinese or Japanese character takes two columns and may end any line, but closing
punctuation never begins one. A word that no line can hold is cut; nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, east_asian_width

COLUMNS = 80
_SPACE = re.compile(r"[ \t\n\r\f\v]+")  # not the no-break space: it holds words together
_CLOSING = frozenset({"Pe", "Pf", "Po"})
_OPENING = frozenset({"Ps", "Pi"})
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def width(text: str) -> int:
    """Measure a text in columns of a screen."""
    return sum(_columns(character) for character in text)


def wrap(words: str, mark: str = "") -> str:
    """Wrap words in lines, the first one behind `mark`, the others indented by its width."""
    indent = " " * width(mark)
    lines = [line for part in words.split("\n") for line in _lines(part, COLUMNS - len(indent))] or [""]
    return "\n".join((indent if number else mark) + line for number, line in enumerate(lines)).rstrip()


def _lines(words: str, room: int) -> Iterator[str]:
    line = ""
    for word in _SPACE.split(words.strip(" ")):
        gap = " " if line else ""
        for unit in _units(word, room):
            if line and width(line + gap + unit) > room:
                yield line
                line = gap = ""
            line += gap + unit
            gap = ""
    if line:
        yield line


def _units(word: str, room: int) -> Iterator[str]:
    """Divide a word into parts that stay whole, each at most `room` columns wide."""
    unit = ""
    for character in word:
        if unit and (_parts(unit[-1], character) or width(unit + character) > room):
            yield unit
            unit = ""
        unit += character
    if unit:
        yield unit


def _parts(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters without a space between them."""
    if category(after) in _CLOSING or category(before) in _OPENING or not _columns(after):
        return False
    return 2 in (_columns(before), _columns(after))


def _columns(character: str) -> int:
    if category(character) in _NO_WIDTH:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
