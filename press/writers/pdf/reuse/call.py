"""Words that may be others on the next reader's page: how they were asked for, and what came of it.

All that layout knows of such words is what it measured; a call is one measuring, its outcome what
layout can tell apart. Pages whose outcomes have the same marks are laid out alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from itertools import groupby

from press.document.nodes import Numbering
from press.document.slots import Inlines, counts, fill_run, from_slot, open_run, slots
from press.lru import LRU, ById
from press.records import dataclass, replace
from press.writers.pdf.fonts.bidi import has_right_to_left
from press.writers.pdf.layout.lines import Begun, begin, measure_lines, rest_of
from press.writers.pdf.layout.words import Measured, Setting
from press.writers.pdf.model import Line
from press.writers.pdf.proof.proof import prove_line, prove_words, reach
from press.writers.pdf.reading_order import sequence_kinds

_MOST_CALLS = 512
_MOST_DRAWN = 8  # pages with one outcome, as they are drawn
_MOST = 40  # outcomes of one call that are kept: there are as many days to come, and names hardly ever come again
Measure = Callable[[Inlines, Setting, float], Measured]
Values = tuple[tuple[str, str], ...]  # each value's field and its text without spaces


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What one measuring gave for one reader: `mark` is all of it that layout can depend on.

    There are no `lines` where only a width was asked for. The first of them, as many as are `done`, and what
    is `placed` at the beginning of the next one are the same for every reader; `own` are the lines
    without that. `drawn` keeps operators by the serial numbers
    of the spot where they are drawn and of the fonts; nothing is kept of lines whose codes are not their glyphs.
    """

    mark: object
    lines: tuple[Line, ...] = ()
    own: tuple[Line, ...] = ()
    done: int = 0
    placed: Line | None = None
    reaches: tuple[float, ...] = ()
    values: Values = ()
    is_plain: bool = True
    drawn: LRU[bytes] = field(default_factory=lambda: LRU(_MOST_DRAWN))


class Call:
    """One measuring of an open run: `run` has open slots, `width` is in points."""

    def __init__(self, measure: Measure, run: Inlines, setting: Setting, width: float) -> None:
        self.measure = measure
        self.run = run
        self.setting = setting
        self.width = width
        self._numbers = tuple(slot.number for slot in slots(run))
        self.counts = counts(run)  # whether it has numbers of pages or sheets
        self._kept: LRU[Outcome] = LRU(_MOST)

    def outcome(self, texts: tuple[str, ...], numbering: Numbering, found: Measured | None = None) -> Outcome:
        """What it gives for one reader's texts; `found`, if it was measured for them already.

        Raises RuntimeError if words were lost or a letter has no glyph.
        """
        key = (tuple([texts[number] for number in self._numbers]), numbering if self.counts else None)
        return self._kept.get(key, lambda: self._measured(texts, numbering, found))

    @cached_property
    def begun(self) -> Begun:
        """What of the lines is the same for every reader."""
        found = begin(self.run, self.setting, self.width)
        for line in (*found.lines, *([found.placed.line] if found.placed else ())):
            prove_line(line, self.setting.faces)
        return found

    @cached_property
    def _after(self) -> Inlines:
        return from_slot(self.run)

    def _measured(self, texts: tuple[str, ...], numbering: Numbering, found: Measured | None) -> Outcome:
        setting = replace(self.setting, numbering=numbering) if self.counts else self.setting
        if self.measure is not measure_lines:
            return Outcome(self.measure(fill_run(self.run, texts), setting, self.width) if found is None else found)
        turned = any(has_right_to_left(texts[number]) for number in self._numbers)
        begun = None if turned or not self.begun.text else self.begun
        run = fill_run(self._after if begun else self.run, texts)
        lines = found if isinstance(found, tuple) else measure_lines(run, setting, self.width, begun)
        prove_words(run, setting.numbers, lines, begun.text if begun else "")
        return _outcome(lines, begun, setting)


def _outcome(lines: tuple[Line, ...], begun: Begun | None, setting: Setting) -> Outcome:
    is_drawn_before = begun is not None and "\n" not in begun.text
    done = len(begun.lines) if begun and is_drawn_before else 0
    placed = begun.placed if begun and is_drawn_before and begun.words else None
    own = list(lines[done:])
    if placed:
        own[0] = rest_of(own[0], placed)
    for line in own:
        if begun is None or not any(line is each for each in begun.lines):  # those were proved with it
            prove_line(line, setting.faces)
    return Outcome(
        mark=(done, placed is not None, tuple([_mark(line, setting) for line in lines])),
        lines=lines,
        own=(*lines[:done], *own),
        done=done,
        placed=placed.line if placed else None,
        reaches=tuple([reach(line, setting.size, setting.faces) for line in lines]),
        values=values_of(lines),
        is_plain=not any([run.signs or run.family for line in own for run in line.runs]),
    )


def _mark(line: Line, setting: Setting) -> tuple[object, ...]:
    """What layout and tags can tell of a line: its height, the texts on it, the marks that it needs."""
    is_plain = not any([run.signs or run.family for run in line.runs])
    high = None if is_plain else setting.faces.reach(line.runs, setting.size)
    return high, tuple(dict.fromkeys([run.content for run in line.runs])), sequence_kinds(line)


def values_of(lines: tuple[Line, ...]) -> Values:
    """The values that the lines of one text show; neighbouring runs of one field are one value."""
    runs = (run for line in lines for run in line.runs)
    found = groupby(runs, key=lambda run: run.field)
    return tuple((name, "".join("".join(run.text for run in parts).split())) for name, parts in found if name)


_ANY = Numbering()
_calls: LRU[Call] = LRU(_MOST_CALLS)
_noted: LRU[Call] = LRU(_MOST_CALLS)  # by the objects that were measured: cached blocks note the same again


def _call(measure: Measure, run: Inlines, setting: Setting, width: float) -> Call:
    """Find the call of all readers for what one of them was asked."""
    return _calls.get((measure, run, setting, width), lambda: Call(measure, run, setting, width))


class Notes:
    """Collects the calls that one laying out makes, and which lines they gave."""

    def __init__(self) -> None:
        self._places: dict[Call, int] = {}
        self._found: list[tuple[Call, Measured]] = []  # holds the lines, too, so that no line's id is used again
        self.lines: dict[int, tuple[int, int]] = {}

    @property
    def calls(self) -> tuple[Call, ...]:
        """What was measured, in the order of the first time."""
        return tuple(self._places)

    def outcomes(self, texts: tuple[str, ...], numbering: Numbering) -> tuple[Outcome, ...]:
        """What the calls gave for the reader whose texts were laid out."""
        found = dict(self._found)
        return tuple(call.outcome(texts, numbering, found[call]) for call in self._places)

    def __call__(self, measure: Measure, run: Inlines, setting: Setting, width: float, found: Measured) -> None:
        """Take down one measuring."""
        key = measure, ById(run), ById(setting), width
        call = _noted.get(
            key, lambda: _call(measure, open_run(run), replace(setting, numbering=_ANY, note=None), width)
        )
        place = self._places.setdefault(call, len(self._places))
        self._found.append((call, found))
        if isinstance(found, tuple):
            self.lines |= {id(line): (place, number) for number, line in enumerate(found)}
