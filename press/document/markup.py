"""Parse the markup of content strings (`**strong**`, `{placeholders}`) into nodes, and write nodes as XHTML.

The XHTML is the closed vocabulary that templates emit and `press.document.xhtml` reads.
"""

from __future__ import annotations

import re

from press.document.nodes import (
    Break,
    Content,
    Inline,
    PageCount,
    PageNumber,
    PictureMark,
    Placeholder,
    SheetNumber,
    Side,
    Strong,
    Text,
    Value,
    WriteIn,
)
from press.errors import Place, did_you_mean
from press.records import dataclass

_TOKEN = re.compile(r"\*\*|\{[^{}]*\}|[{}]")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_SPACES = re.compile(r"[ \t\n]+")
_TAG = re.compile(r"<[a-zA-Z][\w-]*")
_STAMP = re.compile(r"(.*):([0-9]{1,9}):([0-9]{1,9})\Z", re.DOTALL)
# A carriage return would come back as a line feed; a quote in words must not look like a stamp.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
# Inside an attribute a parser takes every white space for one space.
_ATTRIBUTE = _ENTITIES | str.maketrans({"\n": "&#10;", "\t": "&#9;"})


@dataclass(frozen=True, slots=True)
class MarkupFault:
    """A fault in the markup of a content string, and the likely slip."""

    message: str
    hint: str = ""


def parse_text(text: str, known: frozenset[str]) -> tuple[tuple[Inline, ...], list[MarkupFault]]:
    """Parse a content string into nodes; `known` are the placeholders that it may use.

    Line breaks and rows of spaces become one space, as they do on the page.
    """
    reader = _TextReader(known)
    text = _SPACES.sub(" ", text).strip(" ")
    position = 0
    for match in _TOKEN.finditer(text):
        reader.words(text[position : match.start()])
        reader.token(match.group())
        position = match.end()
    reader.words(text[position:])
    return reader.finish()


class _TextReader:
    """State of the parser of one content string: nodes so far, and an open `**`."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._outer: list[Inline] = []
        self._strong: list[Inline] | None = None
        self._faults: list[MarkupFault] = []

    def _add(self, node: Inline) -> None:
        (self._outer if self._strong is None else self._strong).append(node)

    def words(self, text: str) -> None:
        """Take plain words as they are."""
        if text:
            self._add(Text(text))

    def token(self, token: str) -> None:
        """Take `**`, a `{placeholder}` or a stray brace."""
        if token == "**":  # noqa: S105 - two stars, no password
            self._toggle()
        elif len(token) > 1:
            self._placeholder(token[1:-1])
        else:
            self._faults.append(MarkupFault(f"found a lone `{token}`", "write a placeholder as {name}"))

    def _toggle(self) -> None:
        if self._strong is None:
            self._strong = []
            return
        if not self._strong:
            self._faults.append(MarkupFault("found `****` with no words inside", "leave it out"))
        self._outer.append(Strong(tuple(self._strong)))
        self._strong = None

    def _placeholder(self, name: str) -> None:
        if name in self._known:
            self._add(Placeholder(name))
            return
        hint = did_you_mean(name, self._known) if _NAME.match(name) else ""
        self._faults.append(MarkupFault(f"unknown placeholder {{{name[:40]}}}", hint))

    def finish(self) -> tuple[tuple[Inline, ...], list[MarkupFault]]:
        """Give what was read; a `**` that was never closed is a fault."""
        if self._strong is not None:
            self._faults.append(
                MarkupFault("found `**` that is never closed", "put a second ** after the strong words")
            )
            self._outer.extend(self._strong)
        return tuple(self._outer), self._faults


def to_xhtml(children: tuple[Inline, ...]) -> str:
    """Write nodes as the private XHTML that `parse_xhtml` reads back unchanged."""
    return "".join(_element(node) for node in children)


def _element(node: Inline) -> str:
    match node:
        case Text():
            return node.text.translate(_ENTITIES)
        case Strong():
            role = f" class={_quote(node.role)}" if node.role else ""
            return f"<strong{role}>{to_xhtml(node.children)}</strong>"
        case Value():
            return f"<value field={_quote(node.field)}>{node.text.translate(_ENTITIES)}</value>"
        case WriteIn():
            return f'<span class="write-in" label={_quote(node.label)}/>'
        case Break():
            return "<br/>"
        case Content():
            return (
                f"<content id={_quote(node.id)} at={_quote(str_place(node.place))}>{to_xhtml(node.children)}</content>"
            )
        case PictureMark():
            return f"<picture name={_quote(node.name)}>{to_xhtml(node.words)}</picture>"
        case PageNumber():
            return '<span class="page-number"/>'
        case PageCount():
            return '<span class="page-count"/>'
        case Placeholder():
            raise ValueError(f"placeholder {node.name} was not filled before composing")
        case SheetNumber() | Side():
            raise ValueError("templates know neither sheets nor a second language")


def _quote(text: str) -> str:
    """Quote the value of an attribute. The library's own function would import its whole web client."""
    return f'"{text.translate(_ATTRIBUTE)}"'


def to_markup(children: tuple[Inline, ...]) -> str:
    """Write content nodes as the markup that `parse_text` reads back: for fingerprints and diffs."""
    return "".join(_mark_up(node) for node in children)


def _mark_up(node: Inline) -> str:
    match node:
        case Text():
            return node.text
        case Strong():
            return f"**{to_markup(node.children)}**"
        case Placeholder():
            return "{" + node.name + "}"
        case (
            Value() | WriteIn() | Break() | PageNumber() | PageCount() | SheetNumber() | Content() | Side()
            | PictureMark()
        ):  # fmt: skip
            raise ValueError("only content that was not yet filled has markup")


def str_place(place: Place) -> str:
    """Write a place as `FILE:LINE:COLUMN`, which `read_place` reads back."""
    return f"{place.file}:{place.line}:{place.column}"


def stamp_places(text: str, file: str, line: int) -> str:
    """Write its place onto every start tag of a piece of XHTML, which begins in this line of a file."""

    def stamp(match: re.Match[str]) -> str:
        here = line + text.count("\n", 0, match.start())
        place = Place(file, here, match.start() - text.rfind("\n", 0, match.start()))
        return f'{match.group()} at="{str_place(place)}"'

    return _TAG.sub(stamp, text)


def read_place(text: str) -> Place:
    """Read the place that `str_place` wrote; anything else gives one without a file."""
    match = _STAMP.match(text)
    return Place(match[1], int(match[2]), int(match[3])) if match else Place("")
