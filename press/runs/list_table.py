"""Everybody on a list as rows of a table: who is ready, who needs a clerk, and why; one person's pages to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from press.errors import HandoutError, Place, Problem, refuse
from press.records import dataclass, replace
from press.runs.batch import Refused
from press.runs.hardening import assert_hardened, harden_reportlab
from press.runs.list_request import ListRequest, SeparateFiles
from press.runs.list_run import run_list
from press.runs.needs import Gets, Need

if TYPE_CHECKING:
    from press.runs.groups import ReadyPerson

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One person of a list, by row and code; without a `need` the pages are ready, `warnings` are to be looked at.

    The code is "" where that of the row does not count, or may be a name.
    """

    row: int
    code: str
    handouts: int
    sheets: int
    need: Need | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def is_printable(self) -> bool:
        """Whether there is a page for this person."""
        return self.handouts > 0

    @property
    def urgency(self) -> tuple[Gets, int]:
        """The sort key of a clerk: who needs one comes first, by what the person gets."""
        return (self.need.gets if self.need else Gets.ALL), self.row

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is said of this person, why a clerk is needed first."""
        return tuple(dict.fromkeys((*(self.need.problems if self.need else ()), *self.warnings)))


def make_table(request: ListRequest) -> tuple[TableRow, ...]:
    """Check everybody whose row is meant, and give them in the order of the list; nothing is printed.

    Raises HandoutError for what concerns nobody on the list.
    """
    found: list[TableRow] = []

    def show(items: Iterable[T], count: int, verb: str) -> Iterator[T]:
        for one in request.show(items, count, verb):
            found.append(_table_row(one))  # type: ignore[arg-type]  # a check shows the people themselves
            yield one

    run_list(replace(request, output=None, show=show))
    return tuple(found)


def _table_row(one: ReadyPerson | Refused) -> TableRow:
    if isinstance(one, Refused):
        return TableRow(one.row, one.code, 0, 0, one.need)
    sheets = sum(row.sheets for row in one.given)
    return TableRow(one.row, one.given[0].code, len(one.given), sheets, one.need, one.warnings)


def print_person(request: ListRequest) -> bytes:
    """Make the pages of the one person whose row is meant, as a PDF to look at: nothing is written or entered.

    Raises HandoutError with every reason where there is no page.
    """
    from press.runs.print_job import person_files

    harden_reportlab()
    order = replace(request, output=SeparateFiles(request.site.root)).order
    for one in person_files(request.site, request.packets(request.rows(), order), order, request.sides):
        assert_hardened()
        if isinstance(one, Refused):
            raise HandoutError(one.problems)
        return one[2]
    raise refuse(Place(request.people.file), "this list has no such row")
