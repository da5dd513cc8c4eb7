"""Break inline nodes into lines: first fit, ragged right, never inside a word.

A word that is wider than the frame is broken between letters: nothing is ever clipped. Words that
are read from right to left are put in their places after the line is broken, line by line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate, groupby
from typing import TypeVar

from press.document.nodes import Content, Strong, Text, Value
from press.document.slots import Inlines, before_slot, varies
from press.records import dataclass, replace
from press.writers.pdf.fonts.bidi import visual_order
from press.writers.pdf.fonts.families import clusters
from press.writers.pdf.layout.words import Measured, Piece, Setting, Word, cut_bidi_runs, pieces_of, words_of
from press.writers.pdf.model import Blank, Line, Run

_ENDLESS = 10_000.0  # points: wider than any text
_STEP = 24.0  # points
T = TypeVar("T", bound=Measured)


def break_lines(children: Inlines, setting: Setting, width: float) -> tuple[Line, ...]:
    """Set inline nodes in lines of at most `width` points."""
    return _note(measure_lines, children, setting, width)


def natural_width(children: Inlines, setting: Setting) -> float:
    """Measure a text on one line, in points; words that differ from reader to reader have room in steps.

    Otherwise each name of a prescriber would need a layout of its own.
    """
    return _note(_measure_in_steps if varies(children) else _measure_widest, children, setting, _ENDLESS)


def longest_word(children: Inlines, setting: Setting) -> float:
    """Measure the widest word, in points; a line to write on can be shorter."""
    return _note(_measure_longest, children, setting, _ENDLESS)


def _note(measure: Callable[[Inlines, Setting, float], T], children: Inlines, setting: Setting, width: float) -> T:
    found: T = _cached(measure, children, replace(setting, note=None), width)
    if setting.note is not None and varies(children):
        setting.note(measure, children, setting, width, found)
    return found


@lru_cache(maxsize=4096)
def _cached(measure: Callable[[Inlines, Setting, float], T], children: Inlines, setting: Setting, width: float) -> T:
    """Cache what is measured: most words are on the pages of many profiles, and footers on all pages of a handout."""
    return measure(children, setting, width)


def _measure_widest(children: Inlines, setting: Setting, width: float) -> float:
    return max((line.width for line in measure_lines(children, setting, width)), default=0.0)


def _measure_in_steps(children: Inlines, setting: Setting, width: float) -> float:
    return math.ceil(_measure_widest(children, setting, width) / _STEP) * _STEP


def _measure_longest(children: Inlines, setting: Setting, width: float) -> float:
    return _measure_widest(_one_a_line(children), replace(setting, write_in=0.0), width)


def measure_lines(children: Inlines, setting: Setting, width: float, begun: Begun | None = None) -> tuple[Line, ...]:
    """Break inline nodes into lines. After `begun`, which was set before, `children` are the rest."""
    if setting.write_in > width:
        setting = replace(setting, write_in=width)
    start = begun or _NOTHING
    pieces = cut_bidi_runs(list(pieces_of(children, setting.bold, "", setting)))
    around = start.text + "".join([piece.text for piece in pieces])
    is_ready = all([piece.text == "\n" or setting.is_ready(piece) for piece in (*start.open, *pieces)])
    words = _fitting(words_of(pieces, start.open, fresh=start.is_fresh), setting, width, None if is_ready else around)
    lines, _ = _fill(words, start.words, start.used, setting, width)
    if not lines:
        return start.lines
    first, *more = lines
    opening = _line(first, setting, last=not more, placed=start.placed, done=len(start.words))
    return (*start.lines, opening, *(_line(line, setting, last=line is lines[-1]) for line in more))


def _fill(
    words: Iterator[tuple[Word, float]], first: tuple[Word, ...], used: float, setting: Setting, width: float
) -> tuple[list[list[Word]], float]:
    """Fill lines with words, the first one after the words on it; give the width of the last one too."""
    lines = [list(first)]
    for word, wide in words:
        gap = _gap(lines[-1][-1], setting) if lines[-1] else 0.0
        if lines[-1] and (word.fresh or used + gap + wide > width + 0.01):
            lines.append([])
            used, gap = 0.0, 0.0
        lines[-1].append(word)
        used += gap + wide
    return [line for line in lines if line], used


@dataclass(frozen=True, slots=True)
class Begun:
    """The set beginning of a text: whole lines, the words of the last one, and an open word; `text` is all of it.

    Line breaking never looks back, so what comes before all words that differ is always set alike. The next word
    `is_fresh` if it starts a new line in any case.
    """

    text: str = ""
    lines: tuple[Line, ...] = ()
    words: tuple[Word, ...] = ()
    used: float = 0.0
    open: tuple[Piece, ...] = ()
    placed: PlacedWords | None = None
    is_fresh: bool = False


_NOTHING = Begun()


def begin(children: Inlines, setting: Setting, width: float) -> Begun:
    """Set the words before the first ones that may differ, if they are plain; else none of them."""
    if setting.write_in > width:
        setting = replace(setting, write_in=width)
    pieces = list(pieces_of(before_slot(children), setting.bold, "", setting))
    words = list(words_of(pieces))
    whole = "".join(piece.text for piece in pieces)
    if not words or not setting.faces.is_plain(whole.replace("\n", "")):
        return _NOTHING
    is_fresh = "".join([piece.label or piece.text for piece in pieces]).rstrip(" ").endswith("\n")
    last: tuple[Piece, ...] = ()
    if not is_fresh and (pieces[-1].label or not pieces[-1].text.endswith(" ")):
        word = words.pop()
        is_fresh, last = word.fresh, word.pieces
    fitting = list(_fitting(iter(words), setting, width, None))
    if len(fitting) != len(words):  # one of them is wider than a line
        return _NOTHING
    lines, used = _fill(iter(fitting), (), 0.0, setting, width)
    *done, rest = lines or [[]]
    placed = _place(rest, setting, last=False) if all(map(_is_plain, rest)) else None
    return Begun(
        whole, tuple(_line(line, setting, last=False) for line in done), tuple(rest), used, last, placed, is_fresh
    )


def rest_of(line: Line, placed: PlacedWords) -> Line:
    """Give the rest of a line after words that were placed before and are drawn once for all."""
    first, *others = line.runs[len(placed.runs) :]
    text = first.text[len(placed.text) :]
    runs = (replace(first, x=placed.x, text=text), *others) if text else tuple(others)
    return Line(runs, line.blanks, line.width)


def _one_a_line(children: Inlines) -> Inlines:
    return tuple(
        replace(node, text=node.text.replace(" ", "\n"))
        if isinstance(node, Text | Value)
        else replace(node, children=_one_a_line(node.children))
        if isinstance(node, Strong | Content)
        else node
        for node in children
    )


def _gap(word: Word, setting: Setting) -> float:
    """Measure the space after a word, in points."""
    tail = word.pieces[-1]
    if word.gap % 2:
        return setting.width(_space(word, setting))
    return setting.faces.of(tail.bold, tail.family).width(" ", setting.size)


def _fitting(words: Iterator[Word], setting: Setting, width: float, around: str | None) -> Iterator[tuple[Word, float]]:
    """Measure words, in points; cut those that no line can hold.

    They are shaped within the sentence `around` them, or are all ready to be set.
    """
    for word in words:
        if around is not None and not all([setting.is_ready(piece) for piece in word.pieces]):
            word = replace(word, pieces=tuple(made for p in word.pieces for made in setting.typeset(p, around)))
        wide = sum([setting.width(piece) for piece in word.pieces])
        if wide <= width:
            yield word, wide
        else:
            yield from (
                (part, sum([setting.width(piece) for piece in part.pieces])) for part in _cut(word, setting, width)
            )


def _cut(word: Word, setting: Setting, width: float) -> Iterator[Word]:
    """Cut a word that no line can hold into parts that lines can hold, between clusters."""
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
    """Add a cluster to the beginning of a piece: joined letters change with their neighbors."""
    if piece.label:
        return piece
    text = (start.text if start else "") + cluster
    return replace(piece, text=text, signs=setting.faces.shape(text, piece.bold, piece.family, piece.level))


def _space(word: Word, setting: Setting, *, ends: bool = False) -> Piece:
    """Make the space after a word. At the end of a line it has the direction of the page."""
    tail = word.pieces[-1]
    level = 0 if ends else word.gap
    family = "" if tail.label else tail.family
    signs = setting.faces.shape(" ", tail.bold, family, level) if level % 2 else ()
    return Piece(
        " ", tail.bold, "" if tail.label else tail.field, tail.content, family=family, level=level, signs=signs
    )


def _line(words: list[Word], setting: Setting, *, last: bool, placed: PlacedWords | None = None, done: int = 0) -> Line:
    """Place the pieces of a line, joining neighbors of the same look into one run.

    A line that is not the last ends in its space, so that text taken from the file (by a
    search or a screen reader) keeps its words apart; a word that was cut stays one word. The first
    words, as many as are `done`, may be `placed` already.
    """
    fresh = words[done:] if placed else words
    if all(map(_is_plain, fresh)):
        return _place(fresh, setting, last=last, after=placed).line
    pieces = _add_spaces(words, setting, last=last)
    widths = [setting.width(piece) for piece in pieces]
    runs, blanks = _runs(pieces, widths)
    return Line(runs, blanks, sum(widths[:-1] if pieces[-1].text == " " else widths))


def _add_spaces(words: list[Word], setting: Setting, *, last: bool) -> list[Piece]:
    """Put spaces after the words of a line; the last line of a text ends in none."""
    pieces: list[Piece] = []
    for index, word in enumerate(words):
        pieces += word.pieces
        ends = index == len(words) - 1
        if not word.cut and not (ends and last):
            pieces.append(_space(word, setting, ends=ends))
    return pieces


def _runs(pieces: list[Piece], widths: list[float]) -> tuple[tuple[Run, ...], tuple[Blank, ...]]:
    """Place the pieces of a line: neighbors of one look as one run, and the lines to write on."""
    mixed = any(piece.level for piece in pieces)
    runs: list[Run] = []
    blanks: list[Blank] = []
    for look, group in groupby(zip(pieces, *_places(pieces, widths, mixed), strict=True), key=_look):
        if look is None:
            blanks += [Blank(x, piece.width, piece.label, read if mixed else None) for piece, x, read in group]
        else:
            runs.append(_run(list(group), mixed))
    return tuple(runs), tuple(blanks)


def _is_plain(word: Word) -> bool:
    """Tell whether a word is drawn letter by letter from left to right."""
    return not any([piece.label or piece.level or piece.signs for piece in word.pieces]) and not word.gap


_Plain = tuple[bool, str, str, str]  # what pieces of one run have in common where all are plain


@dataclass(frozen=True, slots=True)
class PlacedWords:
    """Plain words with their x: whole runs, the open one with its look and its start, and the width of all.

    `inked` leaves out the space at the end.
    """

    runs: tuple[Run, ...] = ()
    look: _Plain = (False, "", "", "")
    start: float = 0.0
    text: str = ""
    x: float = 0.0
    inked: float = 0.0

    @property
    def line(self) -> Line:
        """End the line here."""
        return Line((*self.runs, Run(self.start, self.text, *self.look)), (), self.inked)


def _place(words: list[Word], setting: Setting, *, last: bool, after: PlacedWords | None = None) -> PlacedWords:
    """Place plain words from left to right, after those that are placed."""
    before = after or PlacedWords()
    runs, look, start, text, x, inked = (
        list(before.runs),
        before.look,
        before.start,
        before.text,
        before.x,
        before.inked,
    )
    for index, word in enumerate(words, 1):
        for piece in word.pieces:
            mine = piece.bold, piece.field, piece.content, piece.family
            if mine != look:
                if text:
                    runs.append(Run(start, text, *look))
                look, start, text = mine, x, ""
            text += piece.text
            x += setting.width(piece)
        inked = x
        if not word.cut and not (last and index == len(words)):
            text += " "
            x += _gap(word, setting)
    return PlacedWords(tuple(runs), look, start, text, x, inked)


def _look(placed: tuple[Piece, float, float]) -> tuple[object, ...] | None:
    """Give what pieces of one run have in common; None for a line to write on."""
    piece = placed[0]
    if piece.label:
        return None
    return piece.bold, piece.field, piece.content, piece.family, piece.level, bool(piece.signs)


def _run(group: list[tuple[Piece, float, float]], mixed: bool) -> Run:
    """Join neighbors of one look to one run; right-to-left words are drawn in reverse order."""
    first, x, read = group[0]
    if first.level % 2:
        x, signs = min(x for _, x, _ in group), tuple(sign for piece, _, _ in reversed(group) for sign in piece.signs)
    else:
        signs = tuple(sign for piece, _, _ in group for sign in piece.signs)
    text = "".join([piece.text for piece, _, _ in group])
    return Run(
        x, text, first.bold, first.field, first.content, first.family, signs, first.level, read if mixed else None
    )


def _places(pieces: list[Piece], widths: list[float], mixed: bool) -> tuple[list[float], list[float]]:
    """Give the x of each piece in visual order, and its x in reading order."""
    read = list(accumulate(widths[:-1], initial=0.0))
    if not mixed:
        return read, read
    places, x = [0.0] * len(pieces), 0.0
    for index in visual_order([piece.level for piece in pieces]):
        places[index] = x
        x += widths[index]
    return places, read
