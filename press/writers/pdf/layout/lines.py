"""Break inline nodes into lines: first fit, ragged right, never inside a word.

A word that is wider than the frame is broken between letters: nothing is ever clipped. Words that
are read from right to left are put in their places after the line is broken, line by line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from typing import TypeVar

from press.document.slots import Inlines, varies
from press.lru import LRU, ById
from press.records import dataclass, replace
from press.writers.pdf.fonts.bidi import visual_order
from press.writers.pdf.fonts.families import clusters
from press.writers.pdf.layout.words import (
    Measured,
    OpenPiece,
    Piece,
    Setting,
    SetWord,
    Word,
    cut_bidi_runs,
    fill_pieces,
    pieces_of,
    words_of,
)
from press.writers.pdf.model import Blank, Line, Run

_ENDLESS = 10_000.0  # points: wider than any text
_STEP = 24.0  # points
_EMPTY = Line((), (), 0.0)
T = TypeVar("T", bound=Measured)
_Measure = Callable[[Iterable[SetWord], Setting, float], T]
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
    return _ask(_measure_longest, children, replace(setting, write_in=0.0), _ENDLESS)


def _ask(measure: _Measure[T], children: Inlines, setting: Setting, width: float) -> T:
    ask = setting.ask if varies(children) else _cached
    if ask is None:
        raise RuntimeError("words that differ from reader to reader need a reader")
    found: T = ask(measure, children, replace(setting, ask=None, write_in=min(setting.write_in, width)), width)
    return found


@lru_cache(maxsize=4096)
def _cached(measure: _Measure[T], children: Inlines, setting: Setting, width: float) -> T:
    """Cache what is measured: most words are on the pages of many profiles, and footers on all pages of a handout."""
    key = ById(children), setting.faces, setting.bold, setting.write_in  # words are divided once for all sizes
    divided = _divided.get(key, lambda: _divide(list(pieces_of(children, setting.bold, "", setting)), setting))
    return measure(_fitting(*divided, setting, width), setting, width)


def _measure_widest(words: Iterable[SetWord], setting: Setting, width: float) -> float:
    return max((line.width for line in measure_lines(words, setting, width)), default=0.0)


def _measure_in_steps(words: Iterable[SetWord], setting: Setting, width: float) -> float:
    words = list(words)
    if any(word.cut for word, _, _ in words):  # one is wider than all there is room for
        return width
    return min(width, math.ceil(_measure_widest(words, setting, _ENDLESS) / _STEP) * _STEP)


def _measure_longest(words: Iterable[SetWord], _: Setting, __: float) -> float:
    return max((wide for _, wide, _ in words), default=0.0)


def measure_lines(words: Iterable[SetWord], setting: Setting, width: float) -> tuple[Line, ...]:
    """Set measured words in lines."""
    lines = _fill(words, width)
    return tuple([_line(line, setting, last=line is lines[-1][0]) for line, _ in lines])


def _fill(words: Iterable[SetWord], width: float) -> list[tuple[list[SetWord], float]]:
    """Fill lines with measured words; each with its width in points."""
    lines: list[tuple[list[SetWord], float]] = []
    line: list[SetWord] = []
    used = gap = 0.0
    for each in words:
        word, wide, behind = each
        if line and (word.fresh or used + gap + wide > width + 0.01):
            lines.append((line, used))
            line, used, gap = [], 0.0, 0.0
        used += gap + wide
        gap = behind
        line.append(each)
    return [*lines, (line, used)] if line else lines


def _divide(pieces: list[Piece], setting: Setting) -> _Divided:
    if _are_ready(pieces, setting):
        return list(words_of(pieces)), None
    return list(words_of(cut_bidi_runs(pieces))), "".join([piece.text for piece in pieces])


def _are_ready(pieces: list[Piece], setting: Setting) -> bool:
    return all([piece.text == "\n" or setting.is_ready(piece) for piece in pieces])


class OpenWords:
    """The words of a run that differs from reader to reader: those without an open piece are measured once."""

    def __init__(self, run: Inlines, setting: Setting, width: float, *, join: bool = True) -> None:
        self._setting, self._width, self._join = setting, width, join
        self._pieces = list(pieces_of(run, setting.bold, "", setting))
        self.places = tuple([piece.place for piece in self._pieces if isinstance(piece, OpenPiece)])

    @cached_property
    def _words(self) -> list[SetWord | list[Piece]]:
        """Measured words, and the pieces of open ones; nothing where letters hang on those around them.

        Line breaking never looks back, so what is before all open words is set alike for every reader, line by line.
        """
        words = words_of(self._pieces) if _are_ready(self._pieces, self._setting) else ()
        found: list[SetWord | list[Piece]] = []
        for is_open, group in groupby(words, key=_is_open):
            if is_open:
                found += [[*[Piece("\n", bold=False)] * word.fresh, *word.pieces] for word in group]
            else:
                ready = _fitting(group, None, self._setting, self._width)
                found += ready if found or not self._join else _joined(ready, self._setting, self._width)
        return found

    def fill(self, texts: Sequence[str]) -> Iterator[SetWord]:
        """Give all words, the open ones with the texts of one reader, by their places."""
        setting, width, own = self._setting, self._width, [texts[place] for place in self.places]
        is_ready = setting.faces.is_plain("".join(own)) and all(map(str.strip, own))
        if not is_ready or not self._words:
            yield from _fitting(*_divide(fill_pieces(self._pieces, texts, setting.faces), setting), setting, width)
        for each in self._words if is_ready else ():
            if isinstance(each, tuple):
                yield each
            else:
                yield from _fitting(words_of(fill_pieces(each, texts, setting.faces)), None, setting, width)


def _is_open(word: Word) -> bool:
    return any([isinstance(piece, OpenPiece) for piece in word.pieces])


@dataclass(frozen=True, slots=True)
class _Head(Word):
    """Words with which a line begins, joined to one: if none follows on it, `line` is what they make.

    That is never the last line: open words come behind it, none of which is blank.
    """

    line: Line = _EMPTY


def _joined(words: Iterable[SetWord], setting: Setting, width: float) -> Iterator[SetWord]:
    """Join the words of each line."""
    for line, used in _fill(words, width):
        pieces = _add_spaces([word for word, _, _ in line], setting, last=True)
        yield _Head(tuple(pieces), fresh=True, line=_line(line, setting, last=False)), used, line[-1][2]


def _gap(word: Word, setting: Setting) -> float:
    """Measure the space after a word, in points."""
    tail = word.pieces[-1]
    if word.gap % 2:
        return setting.width(_space(word, setting))
    return setting.faces.of(tail.bold, tail.family).width(" ", setting.size)


def _fitting(words: Iterable[Word], around: str | None, setting: Setting, width: float) -> Iterator[SetWord]:
    """Measure words, in points; cut those that no line can hold.

    They are shaped within the sentence `around` them, or are all ready to be set.
    """
    for word in words:
        if around is not None and not all([setting.is_ready(piece) for piece in word.pieces]):
            word = replace(word, pieces=tuple(made for p in word.pieces for made in setting.typeset(p, around)))
        wide = sum([setting.width(piece) for piece in word.pieces])
        for part in (word,) if wide <= width else _cut(word, setting, width):
            yield part, wide if part is word else sum(map(setting.width, part.pieces)), _gap(part, setting)


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


def _line(line: list[SetWord], setting: Setting, *, last: bool) -> Line:
    """Place the pieces of a line, joining neighbors of the same look into one run.

    A line that is not the last ends in its space, so that text taken from the file (by a
    search or a screen reader) keeps its words apart; a word that was cut stays one word.
    """
    words = [word for word, _, _ in line]
    if len(words) == 1 and isinstance(words[0], _Head):
        return words[0].line
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
    if isinstance(word, _Head):
        return not word.line.blanks
    for piece in word.pieces:  # asked of every word: no generator
        if piece.label or piece.level or piece.signs:
            return False
    return not word.gap


def _place(line: list[SetWord], setting: Setting, *, last: bool) -> Line:
    """Place plain words from left to right; the width of the line leaves out the space at its end."""
    runs: list[Run] = []
    look, start, text, x, inked = (False, "", "", ""), 0.0, "", 0.0, 0.0
    head, _, gap = line[0]
    if isinstance(head, _Head):
        *runs, tail = head.line.runs
        look, start, text = (tail.bold, tail.field, tail.content, tail.family), tail.x, tail.text
        x, line = head.line.width + gap, line[1:]
    for word, wide, gap in line:
        for piece in word.pieces:
            mine = piece.bold, piece.field, piece.content, piece.family
            if mine != look:
                if text:
                    runs.append(Run(start, text, *look))
                look, start, text = mine, x, ""
            text += piece.text
            x += wide if len(word.pieces) == 1 else setting.width(piece)
        inked = x
        if not word.cut:
            text += " "
            x += gap
    return Line((*runs, Run(start, text[:-1] if last else text, *look)), (), inked)


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
