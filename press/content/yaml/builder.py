"""Builds the tree of texts, lists and mappings (`press.source`) from YAML's events.

It refuses here what is sound YAML and a trap in a handout: a key given twice, a comment that
swallows text, a quote that swallows lines.
"""

from __future__ import annotations

import re

from yaml.error import Mark, MarkedYAMLError
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
from press.content.yaml.scanner import Events
from press.errors import Place, Sentence

MOST_NODES = 20_000

_COMMENT = re.compile(" *#")
_SPECIAL_SPACE = re.compile(r"[^\S \n\t]")


class _Open:
    """A list or a group of keys that is still being read; keys and values alternate."""

    def __init__(self, event: CollectionStartEvent, place: Place, column: int) -> None:
        self.place, self.is_flow = place, event.flow_style
        self.is_mapping = isinstance(event, MappingStartEvent)
        self.column = column if event.flow_style else _mark(event.start_mark).column
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

    def build(self) -> Mapping | None:
        """The tree, or None and a problem in the report."""
        events = Events(self.text, self.report)
        while not self.report.stopped and (event := self._next(events)):
            self._take(event)
        if not self.report.stopped:
            self._check_root()
        return self.root if isinstance(self.root, Mapping) else None

    def _next(self, events: Events) -> Event | None:
        """The next event, or None at the end or at an error."""
        try:
            event: Event | None = events.get_event()  # type: ignore[no-untyped-call]  # its stubs leave it out
            return event
        except MarkedYAMLError as error:
            bracket = events.marks[-1] if events.marks and events.flow_level > 0 else None
            mark, sentence = faults.explain(error, self.lines, bracket)
        except (ValueError, OverflowError):  # "\UFFFFFFFF": beyond the last character
            mark, sentence = events.get_mark(), faults.BACKSLASH
        self._stop(mark, sentence)
        return None

    def _take(self, event: Event) -> None:
        match event:
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._stop(_mark(event.start_mark), faults.SECOND_DOCUMENT)
            case ScalarEvent():
                self._count(event)
                self._put(self._scalar(event))
            case CollectionStartEvent():
                self._count(event)
                self._open(event)
            case CollectionEndEvent():
                self._put(self.stack.pop().close())
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

    def _count(self, event: Event) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._stop(_mark(event.start_mark), faults.TOO_MANY_PARTS)

    def _open(self, event: CollectionStartEvent) -> None:
        if len(self.stack) >= faults.MOST_LEVELS:
            self._stop(_mark(event.start_mark), faults.TOO_DEEP)
        if self.stack and self.stack[-1].wants_key:
            self._add(_mark(event.start_mark), faults.COMPLEX_KEY)
        column = self.stack[-1].column if self.stack else -1
        self.stack.append(_Open(event, self.report.place(_mark(event.start_mark)), column))

    def _put(self, value: Value) -> None:
        if not self.stack:
            self.root = value
            return
        into = self.stack[-1]
        if into.wants_key and isinstance(value, Scalar):
            self._check_key(value, into.lines)
        into.parts.append(value)

    def _check_key(self, key: Scalar, lines: dict[str, int]) -> None:
        """Keys that people take for the same are the same: `Dose` and `dose`."""
        folded, _ = clean(key.text.casefold())
        if not key.text.strip():
            self.report.add(key.place, faults.EMPTY_KEY)
        elif key.text == "<<":
            self.report.add(key.place, faults.MERGE)
        elif first := lines.get(folded):
            message = f"{self.report.name(key.text)} is given twice; first in line {first}"
            self.report.add(key.place, Sentence(message, faults.TWICE_HINT))
        lines.setdefault(folded, key.place.line)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        place = self.report.place(_mark(event.start_mark))
        is_key = bool(self.stack) and self.stack[-1].wants_key
        if event.style is None:
            self._check_comment(_mark(event.end_mark))
            self._check_value(event)
        elif event.style in "'\"":
            self._check_quote(event)
        text, found = clean(event.value, newlines=not is_key)
        if not self._check_indent(event) and is_key:
            found += _special_spaces(text)
        for fault in found:
            message = f"{self.report.field(self._key_above())}{fault} of this text is not allowed"
            self.report.add(place, Sentence(message, faults.CHARACTER_HINT))
        return Scalar(text, place)

    def _key_above(self) -> str:
        """Find the innermost key that holds the next text, or nothing."""
        open_keys = (each.parts[-1] for each in reversed(self.stack) if each.is_mapping and not each.wants_key)
        return next((key.text for key in open_keys if isinstance(key, Scalar)), "")

    def _check_comment(self, end: Mark) -> None:
        """YAML drops what follows ` #`: `Take # 2` would print as `Take`."""
        if match := _COMMENT.match(self.text, end.index):
            column = end.column + match.end() - end.index
            self.report.add(Place(self.report.file, end.line + 1, column), faults.COMMENT)

    def _check_indent(self, event: ScalarEvent) -> bool:
        """A no-break space looks like indentation and is read as part of a key."""
        start = _mark(event.start_mark)
        line = self.lines[start.line]
        if event.style is not None or line[: start.column].strip(" -"):
            return False
        if strange := faults.special_indent(line[: start.column + 1]):
            self._add(start, strange)
        return strange is not None

    def _check_value(self, event: ScalarEvent) -> None:
        """`{name}` outside quotes is a key without a value, where a text was meant."""
        if event.value or not self.stack or not self.stack[-1].is_flow:
            return
        if not self.stack[-1].wants_key and self.text[_mark(event.start_mark).index - 1] != ":":
            self._add(_mark(event.start_mark), faults.NO_VALUE)

    def _check_quote(self, event: ScalarEvent) -> None:
        """A forgotten quote swallows the next lines; YAML asks that they be indented."""
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        column = self.stack[-1].column if self.stack else -1
        for line in self.lines[start.line + 1 : end.line + 1]:
            indent = len(line) - len(line.lstrip(" "))
            if line.strip() and indent <= column and line[indent] != event.style:
                self._add(start, faults.LONG_QUOTE)
                return


def _mark(mark: object) -> Mark:
    """The place of an event, which the parser in Python always gives."""
    if not isinstance(mark, Mark):
        raise RuntimeError("an event of the library has no place")
    return mark


def _special_spaces(key: str) -> tuple[Fault, ...]:
    """No-break spaces and the like, which are welcome in a text and a trap in a key."""
    return tuple(
        Fault("character " + describe(match.group()), match.start() + 1) for match in _SPECIAL_SPACE.finditer(key)
    )
