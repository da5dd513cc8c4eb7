"""A request for many people: whose handouts, in which files, at what moment, with which progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from press.records import dataclass

if TYPE_CHECKING:  # `batch --help` shows a module that makes requests, and needs no model
    from press.content.approvals import Wish
    from press.delivery.ledger import Ledger
    from press.delivery.manifest import Run
    from press.patients.patient_list import PatientList
    from press.patients.table import Row
    from press.runs.batch import Order, Packet, Refused
    from press.runs.handout import Site
    from press.runs.print_job import PlacedPerson
    from press.writers.pdf.file.page_tree import Part

    Cover = Callable[[list[PlacedPerson], str], Part]  # the sheet on top of a job, from who is in it and the run's code

T = TypeVar("T")
LAST = sys.maxsize  # the end of a job, however many sheets it has


class Progress(Protocol):
    """What shows how far the work is: it gives the items on, `count` in all, and may report each."""

    def __call__(self, items: Iterable[T], count: int, verb: str) -> Iterable[T]:
        """The same items."""


def show_nothing(items: Iterable[T], count: int, verb: str) -> Iterable[T]:
    """Give the items on, for a caller that shows no progress."""
    return items


@dataclass(frozen=True)
class SeparateFiles:
    """A file for each person in a folder; `resume` goes on with a run that was stopped."""

    folder: Path
    resume: bool = False


@dataclass(frozen=True)
class MergedFile:
    """One file for everybody, a print job; `cover` makes the sheet on top if one is wanted.

    `again` are the sheets of a finished job, counted from 1, that are made once more; its `stop` is `LAST` for all
    from its `start` on. Where nobody chose the name, it `is_usual`, and no file of that name is replaced.
    """

    path: Path
    cover: Cover | None = None
    again: range | None = None
    is_usual: bool = False

    @property
    def wanted(self) -> range:
        """The sheets that are made, counted from 1."""
        return self.again or range(1, LAST)


@dataclass(frozen=True)
class ListRequest:
    """Whose handouts are wanted, how, and in which files; without `output` the list is only checked.

    `numbers` are the rows that are meant, as a spreadsheet counts them. `now` is the moment in the
    clinic's time zone that the records name, `today` the day of the pages. `sides` are printed on
    one sheet. `handouts` are the same for everybody; without them each row says which. With
    `strict` nothing is printed if anybody needs a clerk. `workers` are processes, by default as
    many as it pays for; `keep_given` holds the rows of the ledger, and each
    person who needs a clerk, for a report. `list_path` is the file of the list, remembered when it was printed.
    """

    site: Site
    people: PatientList
    numbers: Sequence[int]
    now: datetime
    today: date
    wish: Wish
    output: SeparateFiles | MergedFile | None
    sides: int = 2
    handouts: tuple[str, ...] = ()
    strict: bool = False
    use_ledger: bool = True
    keep_given: bool = False
    workers: int | None = None
    list_path: Path | None = None
    show: Progress = show_nothing

    @cached_property
    def order(self) -> Order:
        """What is asked for, the same for everybody on the list. Raises HandoutError if config.yaml cannot be read."""
        from press.runs.batch import Order

        is_merged = isinstance(self.output, MergedFile)
        return Order(
            today=self.today,
            wish=self.wish,
            handouts=self.handouts,
            paper=self.site.clinic.defaults.paper if is_merged else "",
            bound=is_merged,
            one_file=isinstance(self.output, SeparateFiles),
            strict=self.strict,
        )

    @property
    def is_for_some(self) -> bool:
        """Whether somebody on the list is left out."""
        return len(self.numbers) < self.people.people

    @property
    def processes(self) -> int:
        """How many processes make the pages."""
        from press.runs.workers import count_of

        return count_of(self.workers, len(self.numbers))

    def rows(self) -> Iterator[Row]:
        """The rows that are meant, not yet read."""
        from press.runs.batch import chosen_rows

        return chosen_rows(self.people, self.numbers)

    def packets(self, rows: Iterable[Row], order: Order | None = None) -> Iterator[Packet | Refused]:
        """Make the handouts of the people of these rows, as the request orders them if nothing else is said."""
        from press.runs.batch import packets

        return packets(self.site, map(self.people.entry, rows), order or self.order)

    def run(self, kind: str) -> Run:
        """Name the run that this makes, which depends on the `kind` of its files too."""
        from press.delivery.manifest import Run
        from press.runs.batch import plan_of, run_code
        from press.runs.totals import rows_as_spans

        more = (kind, str(self.sides), ",".join(map(str, self.numbers)))
        plan = plan_of(self.site, self.people, self.order, *more)
        started, rows = f"{self.now:%Y-%m-%d %H:%M}", rows_as_spans(self.numbers)
        return Run(run_code(plan), plan, started, self.people.sha256, rows)

    def ledger(self) -> AbstractContextManager[Ledger | None]:
        """Open the ledger; None if staff want none."""
        from press.delivery.ledger import open_ledger

        if not self.use_ledger:
            return nullcontext()
        is_shared = self.site.clinic.ledger_server is not None
        return open_ledger(self.ledger_file, self.people.sha256, lazy=True, is_shared=is_shared)

    @property
    def ledger_file(self) -> Path:
        """The file of the ledger."""
        return self.site.root / self.site.clinic.ledger
