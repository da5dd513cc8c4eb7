"""Reads the plain part of YAML in which nearly every file is written, without the YAML library.

One key or item a line, texts on one line, lists and mappings in brackets on one line, comments on
lines of their own. Whatever else stands in a file, sound or not, gives None for the whole file, and
the library reads it; so all problems are told there. Where this gives a tree, it is the same tree
(tests/content/test_yaml_plain.py). It takes a seventh to a tenth of the library's time.
"""

from __future__ import annotations

import re

from press.content.characters import clean
from press.content.raw import Mapping, Scalar, Sequence, Value
from press.content.yaml.messages import MOST_LEVELS
from press.errors import Place

_MOST_SIGNS = 30_000  # which cannot hold more parts than the library's way allows
_KEY = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}"
_LINE = re.compile(rf"( *)(- +)?(?:({_KEY}):(?: +|$))?(.*)")
_NOTHING = re.compile(" *(?:#.*)?")
_REST = re.compile(" *(?: #.*)?")
_PLAIN = re.compile(r"[^\W_](?:[^:#]|:(?! |$)|(?<! )#)*")
_QUOTED = re.compile(r""""((?:[^"\\]|\\["\\])*)"|'([^']*)'""")
_ESCAPED = re.compile(r"\\(.)")
_SPACE = re.compile(" *")
_FLOW_KEY = re.compile(rf"({_KEY}): +")
_FLOW_PLAIN = re.compile(r"[^\W_](?:[\w./%+() -]*[\w./%+()-])?")


class _Other(Exception):
    """There is something else in the file."""


class _Line:
    """A line that says something: where its dash, key and value begin, counted from 0, or -1."""

    __slots__ = ("column", "dash", "key", "number", "start", "text")

    def __init__(self, text: str, number: int) -> None:
        match = _LINE.fullmatch(text)
        if match is None:
            raise _Other
        self.number, self.text = number, text
        self.key, self.start = match[3], match.start(4)
        self.dash = match.start(2)
        self.column = match.start(3) if self.key else self.start
        if not self.key and (self.dash < 0 or self.start == len(text)):
            raise _Other


def plain_tree(text: str, file: str) -> Mapping | None:
    r"""The tree of a file without faulty characters and with `\n` for its line ends, or None."""
    if len(text) > _MOST_SIGNS or "\t" in text:
        return None
    try:
        lines = [_Line(line, number) for number, line in enumerate(text.split("\n"), 1) if not _NOTHING.fullmatch(line)]
        return _Reader(lines, file).root()
    except _Other:
        return None


class _Reader:
    """The lines of one file, and how far they are read."""

    def __init__(self, lines: list[_Line], file: str) -> None:
        self._lines, self._file = lines, file
        self._at = 0

    def root(self) -> Mapping:
        if not self._lines or self._lines[0].dash >= 0 or self._lines[0].column:
            raise _Other
        root = self._mapping(0, 0)
        if self._at < len(self._lines):
            raise _Other
        return root

    def _place(self, line: _Line, column: int) -> Place:
        return Place(self._file, line.number, column + 1)

    def _mapping(self, column: int, level: int) -> Mapping:
        """The keys that begin in one column; the first may stand behind the dash of an item."""
        if level >= MOST_LEVELS:
            raise _Other
        first = self._lines[self._at]
        entries: list[tuple[Scalar, Value]] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if (line.dash >= 0 and line is not first) or line.column < column:
                break
            if line.column > column or not line.key:
                raise _Other
            self._at += 1
            key = Scalar(line.key, self._place(line, column))
            entries.append((key, self._value(line, column, level)))
        return self._unique(entries, first, column)

    def _unique(self, entries: list[tuple[Scalar, Value]], line: _Line, column: int) -> Mapping:
        if len({key.text.lower() for key, _ in entries}) < len(entries):
            raise _Other
        return Mapping(tuple(entries), self._place(line, column))

    def _value(self, line: _Line, column: int, level: int) -> Value:
        """What stands behind a key, or below it."""
        if line.start < len(line.text):
            return self._inline(line, level)
        below = self._lines[self._at] if self._at < len(self._lines) else None
        if below is None:
            raise _Other
        if below.dash >= column:
            return self._sequence(below.dash, level + 1)
        if below.dash < 0 and below.column > column:
            return self._mapping(below.column, level + 1)
        raise _Other

    def _sequence(self, dash: int, level: int) -> Sequence:
        """The items whose dashes stand in one column."""
        if level >= MOST_LEVELS:
            raise _Other
        first = self._lines[self._at]
        items: list[Value] = []
        while self._at < len(self._lines) and self._lines[self._at].dash == dash:
            line = self._lines[self._at]
            if line.key:
                items.append(self._mapping(line.column, level + 1))
            else:
                self._at += 1
                items.append(self._inline(line, level))
        if self._at < len(self._lines) and max(self._lines[self._at].dash, self._lines[self._at].column) > dash:
            raise _Other
        return Sequence(tuple(items), self._place(first, dash))

    def _inline(self, line: _Line, level: int) -> Value:
        """A text, list or mapping that begins and ends in its line."""
        text, start = line.text, line.start
        if text[start] in "[{":
            value, end = self._flow(line, start, level + 1)
        elif text[start] in "\"'":
            value, end = self._quoted(line, start)
        else:
            end = len(text)
            words = text[start:].rstrip(" ")
            if not _PLAIN.fullmatch(words):
                raise _Other
            value = Scalar(_cleaned(words), self._place(line, start))
        if not _REST.fullmatch(text, end):
            raise _Other
        return value

    def _quoted(self, line: _Line, start: int) -> tuple[Scalar, int]:
        match = _QUOTED.match(line.text, start)
        if match is None:
            raise _Other
        words = match[2] if match[1] is None else _ESCAPED.sub(r"\1", match[1])
        return Scalar(_cleaned(words), self._place(line, start)), match.end()

    def _flow(self, line: _Line, start: int, level: int) -> tuple[Value, int]:
        """What stands in brackets, and where it ends."""
        if level >= MOST_LEVELS:
            raise _Other
        is_mapping, close = line.text[start] == "{", "}" if line.text[start] == "{" else "]"
        keys: list[Scalar] = []
        values: list[Value] = []
        at = _skip(line.text, start + 1)
        while line.text[at : at + 1] != close or values:
            if is_mapping:
                key = _FLOW_KEY.match(line.text, at)
                if key is None:
                    raise _Other
                keys.append(Scalar(key[1], self._place(line, at)))
                at = key.end()
            value, at = self._flow_value(line, at, level)
            values.append(value)
            at = _skip(line.text, at)
            if line.text[at : at + 1] == close:
                break
            if line.text[at : at + 2] != ", ":
                raise _Other
            at = _skip(line.text, at + 1)
        if is_mapping:
            return self._unique(list(zip(keys, values, strict=True)), line, start), at + 1
        return Sequence(tuple(values), self._place(line, start)), at + 1

    def _flow_value(self, line: _Line, at: int, level: int) -> tuple[Value, int]:
        sign = line.text[at : at + 1]
        if sign in ("[", "{"):
            return self._flow(line, at, level + 1)
        if sign in ('"', "'"):
            return self._quoted(line, at)
        match = _FLOW_PLAIN.match(line.text, at)
        if match is None:
            raise _Other
        return Scalar(_cleaned(match.group()), self._place(line, at)), match.end()


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found, "no space is a match as well"
    return found.end()


def _cleaned(text: str) -> str:
    if text.isascii():
        return text
    text, faults = clean(text, newlines=True)
    if faults:
        raise _Other
    return text
