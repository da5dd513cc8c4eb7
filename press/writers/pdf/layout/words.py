"""Divide inline nodes into words: pieces of one look, joined without a space, each with its face and bidi level.

Words that differ from reader to reader are open pieces until they are filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any

from press.document.nodes import (
    Break,
    Content,
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
from press.document.slots import Inlines, Slot
from press.records import dataclass, replace
from press.writers.pdf.fonts.bidi import has_right_to_left, is_right_to_left, resolve
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.model import Line, Sign

_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"  # what a value or a line to write on is to the words round it


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one look; with a `label` it is a line to write on of `width` points.

    `family` names a face that is not the page's own; `level` is the bidi level, odd if read from
    right to left; `signs` as in `Run`.
    """

    text: str
    bold: bool
    field: str = ""
    content: str = ""
    label: str = ""
    width: float = 0.0
    family: str = ""
    level: int = 0
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPiece(Piece):
    """A piece with one of a reader's texts: page number, page count and sheet number are the first, then the slots.

    Until it is filled it goes undivided through all that divides words, as a line to write on does.
    """

    label: str = _OBJECT
    place: int = 0


_COUNTERS = (PageNumber, PageCount, SheetNumber)  # in their places
FIRST_SLOT = len(_COUNTERS)


@dataclass(frozen=True, slots=True)
class Word:
    """Pieces between two spaces; `fresh` starts a new line, `cut` goes on in the next word.

    `gap` is the level of the space that follows.
    """

    pieces: tuple[Piece, ...]
    fresh: bool = False
    cut: bool = False
    gap: int = 0


Set = tuple[Word, float, float]  # a word, its width and that of the space behind it, in points
Measured = tuple[Line, ...] | float  # lines, or only a width
LineMark = tuple[tuple[float, float] | None, tuple[str, ...], tuple[str | None, ...]]
Mark = tuple[LineMark, ...] | float  # all that layout may depend on where words differ from reader to reader
Ask = Callable[[Callable[[Iterable[Set], "Setting", float], Any], Inlines, "Setting", float], Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """The setting of a text: faces, size in points, whether all of it is bold.

    It is on side `side` of `sides`. `ask` gives what is measured of words that differ from reader to reader.
    """

    faces: Faces
    size: float
    bold: bool
    write_in: float
    side: int = 0
    sides: int = 0
    ask: Ask | None = field(default=None, compare=False)

    def width(self, piece: Piece) -> float:
        """Measure a piece, in points."""
        if piece.label:
            return piece.width
        if piece.signs:
            return sum(sign.advance for sign in piece.signs) * self.size / 1000
        return self.faces.of(piece.bold, piece.family).width(piece.text, self.size)

    def is_ready(self, piece: Piece) -> bool:
        """Tell whether a piece can be set as it is, in the page's own face."""
        return bool(piece.label) or (not piece.family and not piece.level % 2 and self.faces.is_plain(piece.text))

    def typeset(self, piece: Piece, around: str) -> Iterator[Piece]:
        """Shape a piece within the sentence `around` it: pieces of one face each, with their signs."""
        if self.is_ready(piece):
            yield piece
            return
        for text, family in self.faces.parts(piece.text, around, piece.family):
            if family is None:
                raise RuntimeError("a character without a face reached the page")
            signs = self.faces.shape(text, piece.bold, family, piece.level)
            yield replace(piece, text=text, family=family, signs=signs)


def pieces_of(children: Inlines, bold: bool, content: str, setting: Setting) -> Iterator[Piece]:
    """Divide inline nodes into pieces: texts, lines to write on, and open ones for slots and for numbers of pages.

    Raises ValueError for an unfilled placeholder.
    """
    for node in children:
        match node:
            case Text():
                yield Piece(node.text, bold, content=content)
            case Slot():
                yield OpenPiece("", bold, node.field, content, place=FIRST_SLOT + node.number)
            case Value():
                yield Piece(node.text, bold, node.field, content, family=setting.faces.whole(node.text))
            case Strong():
                yield from pieces_of(node.children, True, content, setting)
            case Content():
                yield from pieces_of(node.children, bold, node.id, setting)
            case WriteIn():
                yield Piece("", bold, content=content, label=node.label, width=setting.write_in)
            case Break():
                yield Piece("\n", bold, content=content)
            case PageNumber() | PageCount() | SheetNumber():
                yield OpenPiece("", bold, place=_COUNTERS.index(type(node)))
            case Placeholder():
                raise ValueError(f"placeholder {node.name} reached the writer")
            case PictureMark():
                raise ValueError("a picture is set beside its words, never among them")
            case Side():
                raise ValueError("a run in two languages is set side by side, never as one")


def fill(pieces: Iterable[Piece], texts: Sequence[str], faces: Faces) -> list[Piece]:
    """Fill the open pieces with the texts of one reader, which stand in their places."""
    return [
        Piece(texts[piece.place], piece.bold, piece.field, piece.content, family=faces.whole(texts[piece.place]))
        if isinstance(piece, OpenPiece)
        else piece
        for piece in pieces
    ]


def cut_bidi_runs(pieces: list[Piece]) -> list[Piece]:
    """Cut pieces into bidi runs.

    A value is isolated (Unicode Annex 9, FSI): a right-to-left name must never move the number after
    it to its other side.
    """
    if not any(has_right_to_left(piece.text) for piece in pieces):
        return pieces
    outer = resolve("".join(_OBJECT if piece.field or piece.label else piece.text for piece in pieces), 0)
    found: list[Piece] = []
    place = 0
    for piece in pieces:
        length = 1 if piece.field or piece.label else len(piece.text)
        levels = outer[place : place + length]
        place += length
        if piece.field:
            levels = resolve(piece.text, _isolate(piece.text, levels[0]))
        found += [replace(piece, level=levels[0])] if piece.label else _cut_by(piece, levels)
    return found


def _isolate(text: str, outer: int) -> int:
    """Give the bidi level of a value: its own direction, above the level of the words around it."""
    if is_right_to_left(text):
        return 1
    return 2 if outer or has_right_to_left(text) else 0


def _cut_by(piece: Piece, levels: list[int]) -> Iterator[Piece]:
    start = 0
    for end in range(1, len(levels) + 1):
        if end == len(levels) or levels[end] != levels[start]:
            yield replace(piece, text=piece.text[start:end], level=levels[start])
            start = end


def words_of(pieces: list[Piece]) -> Iterator[Word]:
    """Join pieces without a space between them."""
    current: list[Piece] = []
    fresh = False
    for piece in pieces:
        if piece.label:
            current.append(piece)
            continue
        look = piece.bold, piece.field, piece.content, piece.family, piece.level
        *parts, last = piece.text.replace("\n", " \n ").split(" ")
        for part in parts:
            if part == "\n":
                fresh = True
            elif current:
                yield Word((*current, _piece(part, *look)) if part else tuple(current), fresh, gap=piece.level)
                current, fresh = [], False
            elif part:
                yield _word(part, *look, fresh)
                fresh = False
        if last:
            current.append(_piece(last, *look) if parts else piece)
    if current:
        yield Word(tuple(current), fresh)


@lru_cache(maxsize=8192)  # the same words come again in each size that is tried, and on most pages
def _word(text: str, bold: bool, field: str, content: str, family: str, level: int, fresh: bool) -> Word:
    """Make a word of one piece, with a space behind it."""
    return Word((_piece(text, bold, field, content, family, level),), fresh, gap=level)


def _piece(text: str, bold: bool, field: str, content: str, family: str, level: int) -> Piece:
    return Piece(text, bold, field, content, family=family, level=level)
