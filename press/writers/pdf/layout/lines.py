"""Break inline nodes into lines: first fit, ragged right, never inside a word.

A word that is wider than the frame is broken between letters: nothing is ever clipped. Words that
are read from right to left are put in their places after the line is broken, line by line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, groupby
from typing import TypeVar

from press.document.nodes import Content, Strong, Text, Value
from press.document.slots import Inlines, before_slot, varies
from press.lru import LRU, ById
from press.records import dataclass, replace
from press.writers.pdf.fonts.bidi import visual_order
from press.writers.pdf.fonts.families import clusters
from press.writers.pdf.layout.words import Measured, Piece, Setting, Word, cut_bidi_runs, pieces_of, words_of
from press.writers.pdf.model import Blank, Line, Run

_ENDLESS = 10_000.0  # points: wider than any text
_STEP = 24.0  # points
T = TypeVar("T", bound=Measured)
_Divided = tuple[list[Word], str | None]  # words, and the sentence around them if they are still to be shaped within it
_divided: LRU[_Divided] = LRU(1024)


def break_lines(children: Inlines, setting: Setting, width: float) -> tuple[Line, ...]:
    """Set inline nodes in lines of at most `width` points."""
    return _ask(measure_lines, children, setting, width)


def natural_width(children: Inlines, setting: Setting, most: float = _ENDLESS) -> float:
    """Measure a text on one line, in points; words that differ from reader to reader have room in steps, up to `most`.

    Otherwise each name of a prescriber would need a layout of its own.
    """
    if varies(children):
        return _ask(_measure_in_steps, children, setting, most)
    return _ask(_measure_widest, children, setting, _ENDLESS)


def longest_word(children: Inlines, setting: Setting) -> float:
    """Measure the widest word, in points; a line to write on can be shorter."""
    return _ask(_measure_longest, children, setting, _ENDLESS)


def _ask(measure: Callable[[Inlines, Setting, float], T], children: Inlines, setting: Setting, width: float) -> T:
    ask, plain = setting.ask, setting if setting.ask is None else replace(setting, ask=None)
    found: T = (ask if ask and varies(children) else _cached)(measure, children, plain, width)
    return found


@lru_cache(maxsize=4096)
def _cached(measure: Callable[[Inlines, Setting, float], T], children: Inlines, setting: Setting, width: float) -> T:
    """Cache what is measured: most words are on the pages of many profiles, and footers on all pages of a handout."""
    return measure(children, setting, width)


def _measure_widest(children: Inlines, setting: Setting, width: float) -> float:
    return max((line.width for line in measure_lines(children, setting, width)), default=0.0)


def _measure_in_steps(children: Inlines, setting: Setting, width: float) -> float:
    return min(width, math.ceil(_measure_widest(children, setting, _ENDLESS) / _STEP) * _STEP)


def _measure_longest(children: Inlines, setting: Setting, width: float) -> float:
    return _measure_widest(_one_a_line(children), replace(setting, write_in=0.0), width)


def measure_lines(
    children: Inlines, setting: Setting, width: float, beginning: Beginning | None = None
) -> tuple[Line, ...]:
    """Break inline nodes into lines, behind their `beginning` if that is set already."""
    if setting.write_in > width:
        setting = replace(setting, write_in=width)
    start = beginning or NOTHING
    if varies(children):
        words, around = _divide(children, setting, start.text)
    else:  # once for all sizes
        key = ById(children), setting.faces, setting.bold, setting.write_in
        words, around = _divided.get(key, lambda: _divide(children, setting))
    lines = _fill(_fitting(words, setting, width, around), setting, width, start.words)
    return (*start.lines, *[_line(line, setting, last=line is lines[-1]) for line in lines])


def _divide(children: Inlines, setting: Setting, before: str = "") -> _Divided:
    pieces = cut_bidi_runs(list(pieces_of(children, setting.bold, "", setting)))
    is_ready = all([piece.text == "\n" or setting.is_ready(piece) for piece in pieces])
    return list(words_of(pieces)), None if is_ready else before + "".join([piece.text for piece in pieces])


_Set = tuple[Word, float, float]  # a word, its width and that of the space behind it, in points


def _fill(
    words: Iterable[tuple[Word, float]], setting: Setting, width: float, first: tuple[_Set, ...] = ()
) -> list[list[_Set]]:
    """Fill lines with words that come with their widths, behind those of the `first` line."""
    lines = [list(first)] if first else []
    used = gap = 0.0
    for _, wide, behind in first:
        used, gap = used + gap + wide, behind
    for word, wide in words:
        if not lines or word.fresh or used + gap + wide > width + 0.01:
            lines.append([])
            used = gap = 0.0
        used += gap + wide
        gap = _gap(word, setting)
        lines[-1].append((word, wide, gap))
    return lines


@dataclass(frozen=True, eq=False)
class Beginning:
    """The `text` before all words that may differ: whole lines, and the words of the next one.

    Line breaking never looks back, so it is set alike for every reader.
    """

    text: str = ""
    lines: tuple[Line, ...] = ()
    words: tuple[_Set, ...] = ()


NOTHING = Beginning()


def begin(children: Inlines, setting: Setting, width: float) -> Beginning:
    """Set the beginning of a run with open slots if all of it is plain and ends in a space; else nothing."""
    pieces = list(pieces_of(before_slot(children), setting.bold, "", setting))
    text = "".join([piece.text for piece in pieces])
    if not text.endswith(" ") or "\n" in text or any(p.label or not setting.is_ready(p) for p in pieces):
        return NOTHING
    words = list(words_of(pieces))
    lines = _fill(_fitting(words, setting, width, None), setting, width)
    if not lines or sum(map(len, lines)) != len(words):  # a word is wider than a line
        return NOTHING
    return Beginning(text, tuple([_line(line, setting, last=False) for line in lines[:-1]]), tuple(lines[-1]))


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


def _fitting(words: Iterable[Word], setting: Setting, width: float, around: str | None) -> Iterator[tuple[Word, float]]:
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


def _line(line: list[_Set], setting: Setting, *, last: bool) -> Line:
    """Place the pieces of a line, joining neighbors of the same look into one run.

    A line that is not the last ends in its space, so that text taken from the file (by a
    search or a screen reader) keeps its words apart; a word that was cut stays one word.
    """
    words = [word for word, _, _ in line]
    if all(map(_is_plain, words)):
        return _place(line, setting, last=last)
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
    for piece in word.pieces:  # asked of every word: no generator
        if piece.label or piece.level or piece.signs:
            return False
    return not word.gap


def _place(line: list[_Set], setting: Setting, *, last: bool) -> Line:
    """Place plain words from left to right; the width of the line leaves out the space at its end."""
    runs: list[Run] = []
    look, start, text, x, inked = (False, "", "", ""), 0.0, "", 0.0, 0.0
    for index, (word, wide, gap) in enumerate(line, 1):
        for piece in word.pieces:
            mine = piece.bold, piece.field, piece.content, piece.family
            if mine != look:
                if text:
                    runs.append(Run(start, text, *look))
                look, start, text = mine, x, ""
            text += piece.text
            x += wide if len(word.pieces) == 1 else setting.width(piece)
        inked = x
        if not word.cut and not (last and index == len(line)):
            text += " "
            x += gap
    return Line((*runs, Run(start, text, *look)), (), inked)


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
