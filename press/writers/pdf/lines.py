"""Break inline nodes into lines: first fit, ragged right, never inside a word.

A word that is wider than the frame is broken between letters: nothing is ever clipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
from press.writers.pdf.fonts import Faces
from press.writers.pdf.layout import Blank, Line, Run


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look; `label` makes it a line to write on of `width` points."""

    text: str
    bold: bool
    field: str = ""
    content: str = ""
    label: str = ""
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Word:
    """Pieces between two spaces; `fresh` starts a new line, `cut` goes on in the next word."""

    pieces: tuple[Piece, ...]
    fresh: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: faces, size in points, whether all of it is bold."""

    faces: Faces
    size: float
    bold: bool
    write_in: float
    page: int = 0
    pages: int = 0

    def width(self, piece: Piece) -> float:
        """The width of a piece in points."""
        return piece.width if piece.label else self.faces.of(piece.bold).width(piece.text, self.size)


def break_lines(children: tuple[Inline, ...], setting: Setting, width: float) -> tuple[Line, ...]:
    """Set inline nodes in lines of at most `width` points."""
    setting = replace(setting, write_in=min(setting.write_in, width))
    lines: list[list[Word]] = [[]]
    used = 0.0
    for word in _fitting(_words(_pieces(children, setting.bold, "", setting)), setting, width):
        wide = sum(setting.width(piece) for piece in word.pieces)
        gap = _space(lines[-1][-1], setting) if lines[-1] else 0.0
        if lines[-1] and (word.fresh or used + gap + wide > width + 0.01):
            lines.append([])
            used, gap = 0.0, 0.0
        lines[-1].append(word)
        used += gap + wide
    full = [line for line in lines if line]
    return tuple(_line(line, setting, last=line is full[-1]) for line in full)


def longest_word(children: tuple[Inline, ...], setting: Setting) -> float:
    """How wide the widest word is that no space parts, in points; a line to write on can be shorter."""
    lines = break_lines(_one_a_line(children), replace(setting, write_in=0.0), 10_000)
    return max((line.width for line in lines), default=0.0)


def _one_a_line(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    return tuple(
        replace(node, text=node.text.replace(" ", "\n"))
        if isinstance(node, Text | Value)
        else replace(node, children=_one_a_line(node.children))
        if isinstance(node, Strong | Content)
        else node
        for node in children
    )


def _pieces(children: tuple[Inline, ...], bold: bool, content: str, setting: Setting) -> Iterator[Piece]:
    for node in children:
        match node:
            case Text():
                yield Piece(node.text, bold, content=content)
            case Value():
                yield Piece(node.text, bold, field=node.field, content=content)
            case Strong():
                yield from _pieces(node.children, True, content, setting)
            case Content():
                yield from _pieces(node.children, bold, node.id, setting)
            case WriteIn():
                yield Piece("", bold, content=content, label=node.label, width=setting.write_in)
            case Break():
                yield Piece("\n", bold, content=content)
            case PageNumber():
                yield Piece(str(setting.page), bold)
            case PageCount():
                yield Piece(str(setting.pages), bold)
            case Placeholder():
                raise ValueError(f"placeholder {node.name} reached the writer")


def _words(pieces: Iterator[Piece]) -> Iterator[Word]:
    """Join pieces that no space parts; a text may end in the middle of a word."""
    current: list[Piece] = []
    fresh = False
    for piece in pieces:
        if piece.label:
            current.append(piece)
            continue
        for index, part in enumerate(piece.text.replace("\n", " \n ").split(" ")):
            if index and current:
                yield Word(tuple(current), fresh)
                current, fresh = [], False
            if part == "\n":
                fresh = True
            elif part:
                current.append(Piece(part, piece.bold, piece.field, piece.content))
    if current:
        yield Word(tuple(current), fresh)


def _fitting(words: Iterator[Word], setting: Setting, width: float) -> Iterator[Word]:
    for word in words:
        if sum(setting.width(piece) for piece in word.pieces) <= width:
            yield word
        else:
            yield from _cut(word, setting, width)


def _cut(word: Word, setting: Setting, width: float) -> Iterator[Word]:
    """Cut a word that no line can hold into parts that lines can hold.

    A combining mark stays with its letter.
    """
    part: list[Piece] = []
    used = 0.0
    for piece in _letters(word):
        wide = setting.width(piece)
        if part and used + wide > width:
            yield Word(tuple(part), fresh=True, cut=True)
            part, used = [], 0.0
        part.append(piece)
        used += wide
    yield Word(tuple(part), fresh=True)


def _letters(word: Word) -> Iterator[Piece]:
    import unicodedata

    for piece in word.pieces:
        if piece.label:
            yield piece
            continue
        cluster = ""
        for character in piece.text:
            if cluster and not unicodedata.combining(character):
                yield Piece(cluster, piece.bold, piece.field, piece.content)
                cluster = ""
            cluster += character
        if cluster:
            yield Piece(cluster, piece.bold, piece.field, piece.content)


def _space(word: Word, setting: Setting) -> float:
    return setting.width(Piece(" ", word.pieces[-1].bold))


def _line(words: list[Word], setting: Setting, *, last: bool) -> Line:
    """Place the pieces of a line, joining neighbours of the same look into one run.

    A line that is not the last ends in its space, so that text taken from the file (by a
    search or a screen reader) keeps its words apart; a word that was cut stays one word.
    """
    runs: list[Run] = []
    blanks: list[Blank] = []
    x = width = 0.0
    parted = False  # by a line to write on, from the run before it
    for index, word in enumerate(words):
        for piece in word.pieces:
            if piece.label:
                blanks.append(Blank(x, piece.width, piece.label))
            else:
                _append(runs, piece, x, joined=not parted)
            parted = bool(piece.label)
            x += setting.width(piece)
        width = x
        if not word.cut and (index < len(words) - 1 or not last):
            tail = word.pieces[-1]
            space = Piece(" ", tail.bold, "" if tail.label else tail.field, tail.content)
            _append(runs, space, x, joined=not parted)
            parted = False
            x += setting.width(space)
    return Line(tuple(runs), tuple(blanks), width)


def _append(runs: list[Run], piece: Piece, x: float, *, joined: bool) -> None:
    last = runs[-1] if runs else None
    look = (piece.bold, piece.field, piece.content)
    if last and joined and (last.bold, last.field, last.content) == look:
        runs[-1] = Run(last.x, last.text + piece.text, last.bold, last.field, last.content)
    else:
        runs.append(Run(x, piece.text, piece.bold, piece.field, piece.content))
