"""What the desk and the process of a list say to each other: orders, how far they are, and what became of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from press.records import dataclass
from press.runs.list_request import LAST

if TYPE_CHECKING:  # the desk starts without what makes pages
    from press.errors import Problem
    from press.patients.learn import Column
    from press.runs.earlier_runs import EarlierRun
    from press.runs.list_table import TableRow
    from press.runs.totals import ListResult

STOP: Final = "stop"  # what the desk sends while a list is in work


@dataclass(frozen=True)
class Step:
    """How far a piece of work is."""

    done: int
    count: int


@dataclass(frozen=True)
class ListOrder:
    """What a clerk orders of a list: whose pages (all by default), for which day, on how many sides, in which files.

    `again` are the sheets of the job `job` that are made once more. With `is_reprint` some people's pages go into a
    file of their own.
    """

    day: date
    numbers: tuple[int, ...] = ()
    sides: int = 2
    cover: bool = False
    separate: bool = False
    is_reprint: bool = False
    job: str = ""
    again: tuple[int, int] = (1, LAST)


@dataclass(frozen=True)
class Earlier:
    """A run that was made of this list before, and the order that makes the same again: None if something changed."""

    run: EarlierRun
    order: ListOrder | None


@dataclass(frozen=True)
class ReadList:
    """A list that was read and checked for a day: everybody, what its columns hold, and what was made of it before.

    `notes` are of the file as a whole, `recipe` is the name of what it was read by.
    """

    sha256: str
    day: date
    rows: tuple[TableRow, ...]
    columns: tuple[Column, ...]
    notes: tuple[Problem, ...]
    recipe: str
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True)
class MadeList:
    """What an order became; `earlier` is the job, to print sheets of it again."""

    result: ListResult
    earlier: Earlier | None = None


@dataclass(frozen=True)
class LookedAt:
    """One page of a person, as a PNG picture and as its text."""

    picture: bytes
    text: str
