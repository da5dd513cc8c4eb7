"""Break inline nodes into lines: first fit, ragged right, never inside a word.

A word that is wider than the frame is broken between letters: nothing is ever clipped. Words that
are read from right to left are put in their places after the line is broken, line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from typing import TypeVar

from press.document import (
    Break,
    Content,
    Inline,
    Numbering,
    PageCount,
    PageNumber,
    Placeholder,
    SheetNumber,
    Strong,
    Text,
    Value,
    WriteIn,
)
from press.slots import varies
from press.writers.pdf.bidi import has_right_to_left, is_right_to_left, resolve, visual_order
from press.writers.pdf.chain import clusters
from press.writers.pdf.fonts import Faces
from press.writers.pdf.layout import Blank, Line, Run, Sign

_ENDLESS = 10_000.0  # points: wider than any text
_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"  # what a value or a line to write on is to the words round it


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look; `label` makes it a line to write on of `width` points.

    `family` names a face that is not the page's own; `level` is odd where the letters are read
    from right to left, `signs` as in `Run`.
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
class Word:
    """Pieces between two spaces; `fresh` starts a new line, `cut` goes on in the next word.

    `gap` is the level of the space that follows.
    """

    pieces: tuple[Piece, ...]
    fresh: bool = False
    cut: bool = False
    gap: int = 0


T = TypeVar("T")
Words = tuple[Inline, ...]
Note = Callable[[Callable[..., object], "Words", "Setting", float, object], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: faces, size in points, whether all of it is bold.

    It stands on side `side` of `sides`; `numbering` says how they count in a print job. `note` is
    told of each measuring of words that may be others on the next reader's page.
    """

    faces: Faces
    size: float
    bold: bool
    write_in: float
    side: int = 0
    sides: int = 0
    numbering: Numbering = Numbering()
    note: Note | None = field(default=None, compare=False)

    @property
    def numbers(self) -> tuple[int, int, int]:
        """Page, pages and sheet, as they are printed."""
        return self.numbering.of(self.side, self.sides)

    def width(self, piece: Piece) -> float:
        """The width of a piece in points."""
        if piece.label:
            return piece.width
        if piece.signs:
            return sum(sign.advance for sign in piece.signs) * self.size / 1000
        return self.faces.of(piece.bold, piece.family).width(piece.text, self.size)

    def is_ready(self, piece: Piece) -> bool:
        """Whether a piece can be set as it is, in the page's own face."""
        return bool(piece.label) or not piece.family and not piece.level % 2 and self.faces.is_plain(piece.text)

    def typeset(self, piece: Piece, around: str) -> Iterator[Piece]:
        """A piece of the sentence `around` it as pieces of one face each, with their signs."""
        if self.is_ready(piece):
            yield piece
            return
        for text, family in self.faces.parts(piece.text, around, piece.family):
            if family is None:
                raise RuntimeError("a character without a face reached the page")
            signs = self.faces.shaped(text, piece.bold, family, piece.level)
            yield replace(piece, text=text, family=family, signs=signs)


def break_lines(children: tuple[Inline, ...], setting: Setting, width: float) -> tuple[Line, ...]:
    """Set inline nodes in lines of at most `width` points."""
    return _noted(broken, children, setting, width)


def natural_width(children: tuple[Inline, ...], setting: Setting) -> float:
    """How wide a text is on one line, in points."""
    return _noted(_widest, children, setting, _ENDLESS)


def longest_word(children: tuple[Inline, ...], setting: Setting) -> float:
    """How wide the widest word is that no space parts, in points; a line to write on can be shorter."""
    return _noted(_longest, children, setting, _ENDLESS)


def _noted(measure: Callable[[Words, Setting, float], T], children: Words, setting: Setting, width: float) -> T:
    found = measure(children, setting, width)
    if setting.note is not None and varies(children):
        setting.note(measure, children, setting, width, found)
    return found


def _widest(children: Words, setting: Setting, width: float) -> float:
    return max((line.width for line in broken(children, setting, width)), default=0.0)


def _longest(children: Words, setting: Setting, width: float) -> float:
    return _widest(_one_a_line(children), replace(setting, write_in=0.0), width)


def broken(children: tuple[Inline, ...], setting: Setting, width: float) -> tuple[Line, ...]:
    """The lines themselves."""
    if setting.write_in > width:
        setting = replace(setting, write_in=width)
    lines: list[list[Word]] = [[]]
    used = 0.0
    pieces = _directed(list(_pieces(children, setting.bold, "", setting)))
    for word, wide in _fitting(_words(pieces), setting, width, "".join([piece.text for piece in pieces])):
        gap = _gap(lines[-1][-1], setting) if lines[-1] else 0.0
        if lines[-1] and (word.fresh or used + gap + wide > width + 0.01):
            lines.append([])
            used, gap = 0.0, 0.0
        lines[-1].append(word)
        used += gap + wide
    full = [line for line in lines if line]
    return tuple(_line(line, setting, last=line is full[-1]) for line in full)


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
                yield Piece(node.text, bold, node.field, content, family=setting.faces.whole(node.text))
            case Strong():
                yield from _pieces(node.children, True, content, setting)
            case Content():
                yield from _pieces(node.children, bold, node.id, setting)
            case WriteIn():
                yield Piece("", bold, content=content, label=node.label, width=setting.write_in)
            case Break():
                yield Piece("\n", bold, content=content)
            case PageNumber():
                yield Piece(str(setting.numbers[0]), bold)
            case PageCount():
                yield Piece(str(setting.numbers[1]), bold)
            case SheetNumber():
                yield Piece(str(setting.numbers[2]), bold)
            case Placeholder():
                raise ValueError(f"placeholder {node.name} reached the writer")


def _directed(pieces: list[Piece]) -> list[Piece]:
    """Cut pieces where the direction changes.

    A value is isolated (Unicode Annex 9, FSI): a name that is read from right to left must never
    move the number that follows it to its other side.
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
            levels = resolve(piece.text, _isolated(piece.text, levels[0]))
        found += [replace(piece, level=levels[0])] if piece.label else _cut_by(piece, levels)
    return found


def _isolated(text: str, outer: int) -> int:
    """The level of a value: its own direction, above the level of the words round it."""
    if is_right_to_left(text):
        return 1
    return 2 if outer or has_right_to_left(text) else 0


def _cut_by(piece: Piece, levels: list[int]) -> Iterator[Piece]:
    start = 0
    for end in range(1, len(levels) + 1):
        if end == len(levels) or levels[end] != levels[start]:
            yield replace(piece, text=piece.text[start:end], level=levels[start])
            start = end


def _words(pieces: list[Piece]) -> Iterator[Word]:
    """Join pieces that no space parts; a text may end in the middle of a word."""
    current: list[Piece] = []
    fresh = False
    for piece in pieces:
        if piece.label:
            current.append(piece)
            continue
        for index, part in enumerate(piece.text.replace("\n", " \n ").split(" ")):
            if index and current:
                yield Word(tuple(current), fresh, gap=piece.level)
                current, fresh = [], False
            if part == "\n":
                fresh = True
            elif part:
                current.append(Piece(part, piece.bold, piece.field, piece.content, "", 0.0, piece.family, piece.level))
    if current:
        yield Word(tuple(current), fresh)


def _gap(word: Word, setting: Setting) -> float:
    """The width of the space after a word, in points."""
    tail = word.pieces[-1]
    if word.gap % 2:
        return setting.width(_space(word, setting))
    return setting.faces.of(tail.bold, tail.family).width(" ", setting.size)


def _fitting(words: Iterator[Word], setting: Setting, width: float, around: str) -> Iterator[tuple[Word, float]]:
    """The words with their widths in points, those cut that no line can hold."""
    for word in words:
        if not all([setting.is_ready(piece) for piece in word.pieces]):
            word = replace(word, pieces=tuple(made for p in word.pieces for made in setting.typeset(p, around)))
        wide = sum([setting.width(piece) for piece in word.pieces])
        if wide <= width:
            yield word, wide
        else:
            yield from ((part, sum([setting.width(piece) for piece in part.pieces])) for part in _cut(word, setting, width))


def _cut(word: Word, setting: Setting, width: float) -> Iterator[Word]:
    """Cut a word that no line can hold into parts that lines can hold.

    A mark stays with its letter, and what is joined into one sign stays whole.
    """
    part: list[Piece] = []
    used = 0.0
    for piece in word.pieces:
        grown: Piece | None = None
        for cluster in ("",) if piece.label else clusters(piece.text):
            longer = _longer(grown, cluster, piece, setting)
            if (part or grown) and used + setting.width(longer) > width:
                yield Word((*part, *([grown] if grown else [])), fresh=True, cut=True)
                part, used = [], 0.0
                longer = _longer(None, cluster, piece, setting)
            grown = longer
        if grown:
            part.append(grown)
            used += setting.width(grown)
    yield Word(tuple(part), fresh=True, gap=word.gap)


def _longer(start: Piece | None, cluster: str, piece: Piece, setting: Setting) -> Piece:
    """The beginning of a piece and one more cluster: joined letters change with their neighbours."""
    if piece.label:
        return piece
    text = (start.text if start else "") + cluster
    return replace(piece, text=text, signs=setting.faces.shaped(text, piece.bold, piece.family, piece.level))


def _space(word: Word, setting: Setting, *, ends: bool = False) -> Piece:
    """The space after a word. At the end of a line it has the direction of the page."""
    tail = word.pieces[-1]
    level = 0 if ends else word.gap
    family = "" if tail.label else tail.family
    signs = setting.faces.shaped(" ", tail.bold, family, level) if level % 2 else ()
    return Piece(" ", tail.bold, "" if tail.label else tail.field, tail.content, family=family, level=level, signs=signs)


def _line(words: list[Word], setting: Setting, *, last: bool) -> Line:
    """Place the pieces of a line, joining neighbours of the same look into one run.

    A line that is not the last ends in its space, so that text taken from the file (by a
    search or a screen reader) keeps its words apart; a word that was cut stays one word.
    """
    pieces: list[Piece] = []
    for index, word in enumerate(words):
        pieces += word.pieces
        ends = index == len(words) - 1
        if not word.cut and not (ends and last):
            pieces.append(_space(word, setting, ends=ends))
    widths = [setting.width(piece) for piece in pieces]
    mixed = any(piece.level for piece in pieces)
    runs: list[Run] = []
    blanks: list[Blank] = []
    for look, group in groupby(zip(pieces, *_places(pieces, widths, mixed), strict=True), key=_look):
        if look is None:
            blanks += [Blank(x, piece.width, piece.label, read if mixed else None) for piece, x, read in group]
        else:
            runs.append(_run(list(group), mixed))
    return Line(tuple(runs), tuple(blanks), sum(widths[:-1] if pieces[-1].text == " " else widths))


def _look(placed: tuple[Piece, float, float]) -> tuple[object, ...] | None:
    """What pieces of one run have in common; None for a line to write on."""
    piece = placed[0]
    if piece.label:
        return None
    return piece.bold, piece.field, piece.content, piece.family, piece.level, bool(piece.signs)


def _run(group: list[tuple[Piece, float, float]], mixed: bool) -> Run:
    """Neighbours of one look as one run; words from right to left are drawn in the other order."""
    first, x, read = group[0]
    if first.level % 2:
        x, signs = min(x for _, x, _ in group), tuple(sign for piece, _, _ in reversed(group) for sign in piece.signs)
    else:
        signs = tuple(sign for piece, _, _ in group for sign in piece.signs)
    text = "".join([piece.text for piece, _, _ in group])
    return Run(x, text, first.bold, first.field, first.content, first.family, signs, first.level, read if mixed else None)


def _places(pieces: list[Piece], widths: list[float], mixed: bool) -> tuple[list[float], list[float]]:
    """Where each piece stands, and where it would stand if all were read from left to right."""
    read = list(accumulate(widths[:-1], initial=0.0))
    if not mixed:
        return read, read
    places, x = [0.0] * len(pieces), 0.0
    for index in visual_order([piece.level for piece in pieces]):
        places[index] = x
        x += widths[index]
    return places, read
