"""Builds the tree of texts, lists and mappings (`press.content.raw`) from YAML's events, of either parser.

It refuses here what is sound YAML and a trap in a handout: a key given twice, a comment that
swallows text, a quote that swallows lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from press.content.characters import Fault, clean, describe
from press.content.raw import Mapping, Scalar, Sequence, Value
from press.content.yaml import messages as faults
from press.content.yaml.messages import Report
from press.errors import Place, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from press.content.yaml.messages import Mark

MOST_NODES = 20_000

_COMMENT = re.compile(" *#")
_SPECIAL_SPACE = re.compile(r"[^\S \n\t]")


class _Open:
    """A list or a group of keys that is still being read; keys and values alternate."""

    __slots__ = ("column", "is_flow", "is_mapping", "lines", "parts", "place")

    def __init__(self, event: CollectionStartEvent, place: Place, column: int) -> None:
        self.place, self.is_flow = place, event.flow_style
        self.is_mapping = isinstance(event, MappingStartEvent)
        self.column = column if event.flow_style else place.column - 1
        self.parts: list[Value] = []
        self.lines: dict[str, int] = {}

    @property
    def wants_key(self) -> bool:
        return self.is_mapping and len(self.parts) % 2 == 0

    def close(self) -> Value:
        if not self.is_mapping:
            return Sequence(tuple(self.parts), self.place)
        pairs = zip(self.parts[::2], self.parts[1::2], strict=False)
        return Mapping(tuple((key, value) for key, value in pairs if isinstance(key, Scalar)), self.place)


class Builder:
    """Builds the tree from events, with a stack of its own in place of recursion."""

    def __init__(self, text: str, report: Report) -> None:
        self.text, self.lines, self.report = text, text.split("\n"), report
        self.stack: list[_Open] = []
        self.root: Value | None = None
        self.documents = self.nodes = 0

    def build(self, events: Iterable[Event]) -> Mapping | None:
        """Build the tree, or give None and a problem in the report."""
        for event in events:
            self._take(event)
            if self.report.stopped:
                break
        if not self.report.stopped:
            self._check_root()
        return self.root if isinstance(self.root, Mapping) else None

    def _take(self, event: Event) -> None:
        match event:
            case ScalarEvent():
                self._take_scalar(event, self._count(event))
            case CollectionStartEvent():
                self._open(event, self._count(event))
            case CollectionEndEvent():
                self._put(self.stack.pop().close())
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._stop(_mark(event.start_mark), faults.SECOND_DOCUMENT)
            case _:
                pass  # the ends of the file and of its document

    def _check_root(self) -> None:
        if self.root is None or (isinstance(self.root, Scalar) and not self.root.text):
            if not len(self.report):
                self.report.add(Place(self.report.file), faults.EMPTY)
        elif not isinstance(self.root, Mapping):
            place, line = self.root.place, self.lines[self.root.place.line - 1]
            self.report.add(place, faults.missing_space(line) or faults.NOT_A_MAPPING)

    def _add(self, mark: Mark, sentence: Sentence) -> None:
        self.report.add(self.report.place(mark), sentence)

    def _stop(self, mark: Mark, sentence: Sentence) -> None:
        self.report.stop(self.report.place(mark), sentence)

    def _count(self, event: Event) -> Mark:
        """Count a text, list or mapping, and give where it begins."""
        start = _mark(event.start_mark)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._stop(start, faults.TOO_MANY_PARTS)
        return start

    def _open(self, event: CollectionStartEvent, start: Mark) -> None:
        if len(self.stack) >= faults.MOST_LEVELS:
            self._stop(start, faults.TOO_DEEP)
        if self.stack and self.stack[-1].wants_key:
            self._add(start, faults.COMPLEX_KEY)
        column = self.stack[-1].column if self.stack else -1
        self.stack.append(_Open(event, self.report.place(start), column))

    def _put(self, value: Value) -> None:
        if self.stack:
            self.stack[-1].parts.append(value)
        else:
            self.root = value

    def _check_key(self, key: Scalar, lines: dict[str, int]) -> None:
        """Check a key for its like: keys that people take for the same are the same, `Dose` and `dose`."""
        folded, _ = clean(key.text.casefold())
        if not key.text.strip():
            self.report.add(key.place, faults.EMPTY_KEY)
        elif key.text == "<<":
            self.report.add(key.place, faults.MERGE)
        elif first := lines.get(folded):
            message = f"{self.report.name(key.text)} is given twice; first in line {first}"
            self.report.add(key.place, Sentence(message, faults.TWICE_HINT))
        lines.setdefault(folded, key.place.line)

    def _take_scalar(self, event: ScalarEvent, start: Mark) -> None:
        into = self.stack[-1] if self.stack else None
        is_key = into is not None and into.wants_key
        place = self.report.place(start)
        has_special_indent = self._check_form(event, start, _mark(event.end_mark))
        text, found = clean(event.value, newlines=not is_key)
        if is_key and not has_special_indent and not text.isascii():
            found += _special_spaces(text)
        for fault in found:
            message = f"{self.report.field(self._key_above())}{fault} of this text is not allowed"
            self.report.add(place, Sentence(message, faults.CHARACTER_HINT))
        scalar = Scalar(text, place)
        if into is not None and is_key:
            self._check_key(scalar, into.lines)
        self._put(scalar)

    def _check_form(self, event: ScalarEvent, start: Mark, end: Mark) -> bool:
        """Check what is around a text, and say whether its line is indented with a special space, a problem."""
        if not event.style:
            self._check_comment(end)
            if not event.value:
                self._check_value(start)
            return self._check_indent(start)
        if event.style in "'\"" and start.line < end.line:
            self._check_quote(start, end, event.style)
        return False

    def _key_above(self) -> str:
        """Find the innermost key that holds the next text, or nothing."""
        open_keys = (each.parts[-1] for each in reversed(self.stack) if each.is_mapping and not each.wants_key)
        return next((key.text for key in open_keys if isinstance(key, Scalar)), "")

    def _check_comment(self, end: Mark) -> None:
        """Refuse what YAML drops after ` #`: `Take # 2` would print as `Take`."""
        if match := _COMMENT.match(self.text, end.index):
            column = end.column + match.end() - end.index
            self.report.add(Place(self.report.file, end.line + 1, column), faults.COMMENT)

    def _check_indent(self, start: Mark) -> bool:
        """Refuse a no-break space that looks like indentation and is read as part of a key."""
        line = self.lines[start.line]
        if line.isascii() or line[: start.column].strip(" -"):
            return False
        if strange := faults.special_indent(line[: start.column + 1]):
            self._add(start, strange)
        return strange is not None

    def _check_value(self, start: Mark) -> None:
        """Refuse `{name}` outside quotes: it is a key without a value, where a text was meant."""
        if not self.stack or not self.stack[-1].is_flow:
            return
        if not self.stack[-1].wants_key and self.text[start.index - 1] != ":":
            self._add(start, faults.NO_VALUE)

    def _check_quote(self, start: Mark, end: Mark, quote: str) -> None:
        """Refuse a forgotten quote, which swallows the next lines; YAML asks that they be indented."""
        column = self.stack[-1].column if self.stack else -1
        for line in self.lines[start.line + 1 : end.line + 1]:
            indent = len(line) - len(line.lstrip(" "))
            if line.strip() and indent <= column and line[indent] != quote:
                self._add(start, faults.LONG_QUOTE)
                return


def _mark(mark: Mark | None) -> Mark:
    """Require the mark of an event, which both parsers always give."""
    if mark is None:
        raise RuntimeError("an event of the library has no place")
    return mark


def _special_spaces(key: str) -> tuple[Fault, ...]:
    """Find no-break spaces and the like, which are welcome in a text and a trap in a key."""
    return tuple(
        Fault("character " + describe(match.group()), match.start() + 1) for match in _SPECIAL_SPACE.finditer(key)
    )
