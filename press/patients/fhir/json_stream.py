"""Read the resources of an export one by one, from a Bundle, from NDJSON, or one alone.

The standard library reads JSON only whole. Here its C scanner takes one entry after the other from a window on the
file, so that 200 MB need no more memory than the largest entry.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Protocol, TypeAlias

from press.records import dataclass

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Node: TypeAlias = Mapping[str, Json]

LONGEST = 20_000_000  # characters of one resource
_CHUNK = 1 << 20
_SPACE = " \t\r\n"


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Read at most `size` bytes; nothing at the end."""


class BrokenJson(Exception):
    """The file is no JSON, is cut off, or names a key twice. Holds no value."""


class LongJson(Exception):
    """One resource is longer than `LONGEST`."""


@dataclass(frozen=True, slots=True)
class Found:
    """A resource, and the address that its Bundle gives it."""

    resource: Node
    url: str = ""
    is_deletion: bool = False


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object; a key that comes twice would hide one of two dates."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BrokenJson
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


class _Window:
    """What of a file was read and not yet taken."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("strict").decode
        self._text, self._at, self._is_whole = "", 0, False

    def _more(self) -> None:
        """Read on, as much again as is waiting: an entry that is begun is read anew each time."""
        waiting = len(self._text) - self._at
        if waiting > LONGEST:
            raise LongJson
        data = self._stream.read(max(_CHUNK, waiting))
        self._is_whole = not data
        self._text, self._at = self._text[self._at :] + self._decode(data, final=not data), 0

    def peek(self) -> str:
        """The next character that is no space; nothing at the end of the file."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_whole:
                return ""
            self._more()

    def take(self, *wanted: str) -> str:
        """Take the next character, which is one of these. Raises BrokenJson."""
        if (found := self.peek()) not in wanted or not found:
            raise BrokenJson
        self._at += 1
        return found

    def value(self) -> Json:
        """Take a whole value. Raises BrokenJson."""
        self.peek()
        while True:
            try:
                found: Json
                found, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if self._is_whole:
                    raise BrokenJson from None
            else:
                if end < len(self._text) or self._is_whole:  # else a number may go on
                    self._at = end
                    return found
            self._more()


def read_resources(stream: Readable) -> Iterator[Found]:
    """Read every resource of a file, those of a Bundle before the Bundle itself.

    Raises BrokenJson and LongJson.
    """
    window = _Window(stream)
    try:
        while window.peek():
            yield from _read_document(window)
    except (UnicodeDecodeError, RecursionError):
        raise BrokenJson from None


def _read_document(window: _Window) -> Iterator[Found]:
    """One object at the top of a file: of its `entry` each part is given on at once."""
    own: dict[str, Json] = {}
    for name in _members(window):
        if name in own:
            raise BrokenJson
        if name == "entry" and window.peek() == "[":
            own[name] = None
            for entry in _elements(window):
                yield from _read_entry(entry)
        else:
            own[name] = window.value()
    yield Found(MappingProxyType(own))


def _members(window: _Window) -> Iterator[str]:
    """The keys of an object; whoever asks takes the value of each."""
    window.take("{")
    if window.peek() == "}":
        window.take("}")
        return
    while True:
        name = window.value() if window.peek() == '"' else None
        if not isinstance(name, str):
            raise BrokenJson
        window.take(":")
        yield name
        if window.take(",", "}") == "}":
            return


def _elements(window: _Window) -> Iterator[Json]:
    window.take("[")
    if window.peek() == "]":
        window.take("]")
        return
    while True:
        yield window.value()
        if window.take(",", "]") == "]":
            return


def _read_entry(entry: Json) -> Iterator[Found]:
    """The resource of an entry; a Bundle in a Bundle, as a batch is answered, is opened."""
    if not isinstance(entry, dict):
        return
    resource, request, url = entry.get("resource"), entry.get("request"), entry.get("fullUrl")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        yield Found(entry, is_deletion=True)
    if isinstance(resource, dict):
        inner = resource.get("entry")
        if resource.get("resourceType") == "Bundle" and isinstance(inner, list):
            for one in inner:
                yield from _read_entry(one)
        yield Found(resource, url if isinstance(url, str) else "")
