"""Words that differ from reader to reader: how layout asks for them, and what comes of it.

A call is one measuring of such words, its outcome what it gives for one reader. Layout never sees an outcome, only its
*mark*, which is all that it may depend on, and open lines made of that: what has the same marks is laid out alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby
from typing import Generic, TypeVar

from press.document.nodes import Numbering
from press.document.slots import Inlines
from press.lru import LRU
from press.records import dataclass
from press.writers.pdf.layout.lines import OpenWords, measure_lines
from press.writers.pdf.layout.words import FIRST_SLOT, LineMark, Mark, Measured, Setting, SetWord
from press.writers.pdf.model import Line, OpenLine, Run
from press.writers.pdf.proof.proof import prove_line, prove_words, reach
from press.writers.pdf.reading_order import find_sequences

_MOST_CALLS = 512
_MOST = 40  # outcomes of one call that are kept: there are as many days to come, and names hardly ever come again
_NO_NUMBERS = ("",) * FIRST_SLOT
T = TypeVar("T")
Measure = Callable[[Iterable[SetWord], Setting, float], Measured]
Values = tuple[tuple[str, str], ...]  # each value's field and its text without spaces


@dataclass(frozen=True)
class Reader:
    """The words of one reader: `texts` of the slots by their numbers, and the numbers of pages and sheets."""

    texts: tuple[str, ...]
    numbering: Numbering = Numbering()


@dataclass(frozen=True, eq=False, repr=False)
class Outcome:
    """What one call gives for all with the same texts in the slots of its `run`; `reader` was the first of them.

    There are no `lines` where only a width was asked for. They are proved when somebody asks for their `reaches`: those
    in sizes that were tried in vain never are.
    """

    mark: Mark
    run: Inlines
    setting: Setting
    reader: Reader
    lines: tuple[Line, ...] = ()

    @cached_property
    def reaches(self) -> tuple[float, ...]:
        """How far each line reaches. Raises RuntimeError if words were lost or a letter has no glyph."""
        setting, reader = self.setting, self.reader
        prove_words(self.run, reader.texts, reader.numbering.of(setting.side, setting.sides), self.lines)
        for line in self.lines:
            prove_line(line, setting.faces)
        return tuple([reach(line, setting.size, setting.faces) for line in self.lines])

    @cached_property
    def values(self) -> Values:
        """The values that the lines show."""
        return values_of(self.lines)

    @cached_property
    def is_plain(self) -> bool:
        """Whether each letter is drawn by a glyph of the page's own faces."""
        return not isinstance(self.mark, float) and not any([high for high, _, _ in self.mark])


class Call:
    """One measuring of a run with open slots; `width` is in points."""

    def __init__(self, measure: Measure, run: Inlines, setting: Setting, width: float) -> None:
        self._asked = measure, run, setting, width
        self._words = OpenWords(run, setting, width, join=measure is measure_lines)
        self._counts = any(place < FIRST_SLOT for place in self._words.places)
        self._kept: LRU[Outcome] = LRU(_MOST)

    def outcome(self, reader: Reader) -> Outcome:
        """What it gives for one reader."""
        setting = self._asked[2]
        numbers = map(str, reader.numbering.of(setting.side, setting.sides)) if self._counts else _NO_NUMBERS
        texts = *numbers, *reader.texts
        key = tuple([texts[place] for place in self._words.places])
        return self._kept.get(key, lambda: self._measured(reader, texts))

    def for_layout(self, mark: Mark) -> Measured:
        """What layout gets of all outcomes with this mark."""
        return mark if isinstance(mark, float) else tuple(self._line(number, each) for number, each in enumerate(mark))

    def _line(self, number: int, mark: LineMark) -> OpenLine:
        high, contents, sequences = mark
        runs = tuple(Run(0.0, "", bold=False, content=each) for each in contents)
        return OpenLine(runs, (), 0.0, self, number, high or (0.0, 0.0), sequences)

    def _measured(self, reader: Reader, texts: tuple[str, ...]) -> Outcome:
        measure, run, setting, width = self._asked
        found = measure(self._words.fill(texts), setting, width)
        if isinstance(found, float):
            return Outcome(found, run, setting, reader)
        return Outcome(tuple([_mark(line, setting) for line in found]), run, setting, reader, found)


def _mark(line: Line, setting: Setting) -> LineMark:
    """What layout and tags can tell of a line: its height, the texts on it, the sequences that it needs."""
    is_plain = not any([run.signs or run.family for run in line.runs])
    high = None if is_plain else setting.faces.reach(line.runs, setting.size)
    return high, tuple(dict.fromkeys([run.content for run in line.runs])), find_sequences(line)


def values_of(lines: tuple[Line, ...]) -> Values:
    """The values that the lines of one text show; neighbouring runs of one field are one value."""
    runs = (run for line in lines for run in line.runs)
    found = groupby(runs, key=lambda run: run.field)
    return tuple((name, "".join("".join(run.text for run in parts).split())) for name, parts in found if name)


Asked = list[tuple[Call, Mark]]  # calls that were made for one reader, with the marks of their outcomes
Made = tuple[T, Asked]


class Shapes(Generic[T]):
    """The different things that one thing became for readers with other marks; at most so many, the latest first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: list[Made[T]] = []

    def find(self, reader: Reader) -> Made[T] | None:
        """Find what holds for a reader, with what was asked while it was made."""
        for place, (_, asked) in enumerate(self._made):
            if all([call.outcome(reader).mark == mark for call, mark in asked]):
                return self.add(self._made.pop(place))
        return None

    def add(self, made: Made[T]) -> Made[T]:
        """Put what was made or found before all else."""
        self._made.insert(0, made)
        del self._made[self._most :]
        return made


_calls: LRU[Call] = LRU(_MOST_CALLS)


def find_call(measure: Measure, run: Inlines, setting: Setting, width: float) -> Call:
    """Find the call of all readers who ask this, with open slots."""
    return _calls.get((measure, run, setting, width), lambda: Call(measure, run, setting, width))
