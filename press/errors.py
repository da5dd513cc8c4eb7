"""What can be wrong, as data: where, what, and what to do about it.

    HandoutError            one or more problems that a person can mend
        problems            each a `Problem` with a `Place`
        PageError           of one page, whose set may be printed without it

Everything else that is raised is a fault of this program and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field
from enum import Enum
from typing import NamedTuple

from press.records import dataclass


class Severity(Enum):
    """An error refuses the page; a warning is told and the page prints."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file. Lines and columns count from 1; 0 means the whole file.

    In a list of people `column` counts cells, `row` is the row as a spreadsheet numbers it, and
    `heading` is our name of the column or its letter. A quoted line break parts row and line.
    """

    file: str
    line: int = 0
    column: int = 0
    row: int = 0
    heading: str = ""

    def __str__(self) -> str:
        if self.row:
            return self._in_a_list()
        parts = [self.file] + [str(n) for n in (self.line, self.column) if n]
        return ":".join(parts)

    def _in_a_list(self) -> str:
        line = f" (line {self.line})" if self.line != self.row else ""
        return f"{self.file}, row {self.row}{line}" + (f", column {self.heading}" if self.heading else "")


MOST_RANGES = 20  # that a message names


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a list as ranges, first and last row included; those beyond the ranges are only counted.

    `added` is the row that was added last, whether a range holds it or not.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    count: int = 0
    added: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        """Name the rows as `3-7, 12 and 19`; after the last range say how many more there are."""
        shown = [str(first) if first == last else f"{first}-{last}" for first, last in self.ranges]
        more = self.count - sum(last - first + 1 for first, last in self.ranges)
        *before, end = [*shown, *([f"{more:,} more"] if more else [])] or [""]
        return f"{', '.join(before)} and {end}" if before else end

    @property
    def named(self) -> str:
        """The rows with the word for them, in one or many."""
        return f"row {self}" if self.count == 1 else f"rows {self}"

    def and_row(self, number: int) -> Rows:
        """Add a row that comes after all of these, or the last one again; `MOST_RANGES` ranges at most are held."""
        if number == self.added:
            return self
        first, last = self.ranges[-1] if self.ranges else (0, 0)
        if number == last + 1 and first:
            return Rows((*self.ranges[:-1], (first, number)), self.count + 1, number)
        more = ((number, number),) if len(self.ranges) < MOST_RANGES else ()
        return Rows(self.ranges + more, self.count + 1, number)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `message` says what was found and what was expected, `hint` names the likely slip.
    `private` marks a problem found in patient data: neither the message nor the
    printed report may then hold a value, and the offending line is not shown.
    `code` is for programs, where the kind of a problem decides what happens. `rows` are all that
    share it, where several rows of a list do: `place` is then the first of them.
    """

    place: Place
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    private: bool = False
    code: str = ""
    rows: Rows | None = None

    @property
    def where(self) -> str:
        """The place in words, with all rows that share the problem."""
        place = self.place
        if self.rows is None or self.rows.count < 2:
            return str(place)
        if not place.row:
            return f"{place} ({self.rows.named} of the list)"
        return f"{place.file}, {self.rows.named}" + (f", column {place.heading}" if place.heading else "")

    @property
    def is_error(self) -> bool:
        """Whether this problem refuses the page."""
        return self.severity is Severity.ERROR


def sort_by_place(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems as staff go through a file; those of one place by their messages."""
    return sorted(problems, key=lambda problem: (problem.place, problem.message))


class Sentence(NamedTuple):
    """A message and its hint, both fixed."""

    message: str
    hint: str = ""


class HandoutError(Exception):
    """One or more problems that a person can mend; never empty, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sort_by_place(problems))
        if not self.problems:
            raise ValueError("a HandoutError needs at least one problem")
        super().__init__(f"{len(self.problems)} problem(s)")


class PageError(HandoutError):
    """The problems of one page of a set, named by its topic."""

    def __init__(self, topic: str, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        self.topic = topic


def refuse(place: Place, message: str, hint: str = "", *, private: bool = False) -> HandoutError:
    """Build the error for a single problem, ready to be raised."""
    return HandoutError([Problem(place, message, hint, private=private)])


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or lists the words if there are few.

    Only for words of our own files: a patient's value must never be passed in.
    """
    from difflib import get_close_matches  # costs every start a millisecond, and few need it

    choices = sorted(known)
    near = get_close_matches(found, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    if 0 < len(choices) <= 12:
        return "known: " + ", ".join(choices)
    return ""


class Problems:
    """A list that gathers problems so that all of them are told at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(
        self,
        place: Place,
        message: str,
        hint: str = "",
        *,
        severity: Severity = Severity.ERROR,
        private: bool = False,
        code: str = "",
    ) -> None:
        """Note one problem; the arguments are the fields of `Problem`."""
        self._found.append(Problem(place, message, hint, severity, private, code))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note several problems."""
        self._found.extend(problems)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Inside the `with`, a `HandoutError` ends the block and is noted, not raised."""
        try:
            yield
        except HandoutError as error:
            self.extend(error.problems)

    @property
    def errors(self) -> int:
        """How many of them refuse the page."""
        return sum(problem.is_error for problem in self._found)

    def raise_if_errors(self) -> None:
        """Raise everything found, warnings too, if one of them refuses the page."""
        if self.errors:
            raise HandoutError(self._found)
