"""Two notations and nothing else: `**strong**` with `{placeholders}` in content strings,
and the closed XHTML vocabulary that templates emit. Both become nodes of `press.document`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from press.document import (
    Break,
    Content,
    Inline,
    PageCount,
    PageNumber,
    Placeholder,
    Strong,
    Text,
    Value,
    WriteIn,
)
from press.errors import Place, did_you_mean

_TOKEN = re.compile(r"\*\*|\{[^{}]*\}|[{}]|\n")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a content string: `offset` counts characters from 0."""

    offset: int
    message: str
    hint: str = ""


def parse_text(text: str, known: frozenset[str]) -> tuple[tuple[Inline, ...], list[Fault]]:
    """Turn a content string into nodes; `known` are the placeholders that it may use."""
    reader = _TextReader(known)
    position = 0
    for match in _TOKEN.finditer(text):
        reader.words(text[position : match.start()])
        reader.token(match.group(), match.start())
        position = match.end()
    reader.words(text[position:])
    return reader.finish()


class _TextReader:
    """The state while one content string is read: nodes so far, and an open `**`."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._outer: list[Inline] = []
        self._strong: list[Inline] | None = None
        self._opened = 0
        self._faults: list[Fault] = []

    def _add(self, node: Inline) -> None:
        (self._outer if self._strong is None else self._strong).append(node)

    def words(self, text: str) -> None:
        """Take plain words as they are."""
        if text:
            self._add(Text(text))

    def token(self, token: str, offset: int) -> None:
        """Take `**`, a `{placeholder}`, a new line or a stray brace."""
        if token == "**":
            self._toggle(offset)
        elif token == "\n":
            self._add(Text(" "))
        elif len(token) > 1:
            self._placeholder(token[1:-1], offset)
        else:
            self._faults.append(
                Fault(offset, f"found a lone `{token}`", "write a placeholder as {name}")
            )

    def _toggle(self, offset: int) -> None:
        if self._strong is None:
            self._strong, self._opened = [], offset
            return
        if not self._strong:
            self._faults.append(Fault(offset, "found `****` with no words inside", ""))
        self._outer.append(Strong(tuple(self._strong)))
        self._strong = None

    def _placeholder(self, name: str, offset: int) -> None:
        if name in self._known:
            self._add(Placeholder(name))
            return
        hint = did_you_mean(name, self._known) if _NAME.match(name) else ""
        self._faults.append(Fault(offset, f"unknown placeholder {{{name[:40]}}}", hint))

    def finish(self) -> tuple[tuple[Inline, ...], list[Fault]]:
        """Give what was read; a `**` that was never closed is a fault."""
        if self._strong is not None:
            self._faults.append(
                Fault(self._opened, "found `**` that is never closed", "put a second ** after the strong words")
            )
            self._outer.extend(self._strong)
        return tuple(self._outer), self._faults


def to_xhtml(children: tuple[Inline, ...]) -> str:
    """Write nodes as the private XHTML that `parse_xhtml` reads back unchanged."""
    return "".join(_element(node) for node in children)


def _element(node: Inline) -> str:
    match node:
        case Text():
            return escape(node.text)
        case Strong():
            return f"<strong>{to_xhtml(node.children)}</strong>"
        case Value():
            return f"<value field={quoteattr(node.field)}>{escape(node.text)}</value>"
        case WriteIn():
            return f'<span class="write-in" label={quoteattr(node.label)}/>'
        case Break():
            return "<br/>"
        case Content():
            return (
                f"<content id={quoteattr(node.id)} at={quoteattr(str_place(node.place))}>"
                f"{to_xhtml(node.children)}</content>"
            )
        case PageNumber():
            return '<span class="page-number"/>'
        case PageCount():
            return '<span class="page-count"/>'
        case Placeholder():
            raise ValueError(f"placeholder {node.name} was not filled before composing")


def str_place(place: Place) -> str:
    """A place as text that `read_place` reads back: file, line and column by colons."""
    return f"{place.file}:{place.line}:{place.column}"


def read_place(text: str) -> Place:
    """The place that `str_place` wrote."""
    file, line, column = text.rsplit(":", 2)
    return Place(file, int(line), int(column))
