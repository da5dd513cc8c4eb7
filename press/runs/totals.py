"""Totals of a list run: what became of everybody on a list, counted as it happens, and in words for a clerk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import Problem, Rows, sort_by_place
from press.records import dataclass
from press.runs.problem_groups import ProblemGroups

if TYPE_CHECKING:  # `batch --help` shows a module that counts, and needs no model
    from press.delivery.ledger import LedgerRow
    from press.runs.batch import Refused
    from press.runs.groups import ReadyPerson
    from press.runs.needs import Need, NeedGroup, NeedGroups


class ListOutcome(Enum):
    """How a list run ended."""

    PRINTED = "printed"
    CHECKED = "checked"  # nothing was printed
    STOPPED = "stopped"  # by Ctrl-C; whoever was delivered before keeps the pages


@dataclass(frozen=True)
class ListResult:
    """What became of everybody on a list; `problems` are warnings that need nobody.

    `sheets` are sheets of paper. `needs` are the people who need a clerk in groups, the most urgent
    first, and `needs_in_words` their rows. Where a report was asked for, `given` holds the rows of
    the ledger, and `needs_of_each` every person who needs a clerk. `again` is the summary of a print
    job that was printed again, `file` a finished print job, `folder` that of each person's file, `run` the code at
    the foot of the pages.
    """

    outcome: ListOutcome
    printed: int
    handouts: int
    sheets: int
    problems: tuple[Problem, ...]
    needs: tuple[NeedGroup, ...]
    needs_in_words: str = ""
    given: tuple[LedgerRow, ...] = ()
    needs_of_each: tuple[Need, ...] = ()
    again: str = ""
    file: Path | None = None
    folder: Path | None = None
    run: str = ""

    def sorted_problems(self) -> list[Problem]:
        """Sort all problems for the screen: those of the people who need a clerk last, where the eye rests."""
        needs = [problem for group in self.needs for problem in group.lines]
        return sort_by_place(self.problems) + needs

    @property
    def is_stopped(self) -> bool:
        """Whether the run did not come to its end."""
        return self.outcome is ListOutcome.STOPPED

    @property
    def is_checked(self) -> bool:
        """Whether the list was only checked, and nothing printed."""
        return self.outcome is ListOutcome.CHECKED

    @property
    def is_faulty(self) -> bool:
        """Whether something went wrong that concerns nobody on the list, such as a printer."""
        return any(problem.is_error for problem in self.problems)

    @property
    def rows_in_need(self) -> str:
        """The rows of the people who need a clerk, such as `3-7,12`; "" if some of them are only counted."""
        ranges = sorted(span for group in self.needs for span in group.rows.ranges)
        named = sum(last - first + 1 for first, last in ranges)
        if named < sum(group.rows.count for group in self.needs):
            return ""
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)

    @property
    def summary(self) -> tuple[str, ...]:
        """What the clerk reads at the end, in lines: people, sheets, who needs a clerk, where the pages are."""
        where = self.file or self.folder
        place = (f"{'file' if self.file else 'folder'}: {where}",) if where else ()
        if self.again:
            return self.again, *place
        people, handouts = count(self.printed, "person", "people"), count(self.handouts, "handout")
        people_in_need = sum(group.rows.count for group in self.needs)
        needs = f"{people_in_need} ({self.needs_in_words})" if self.needs else "nobody"
        if self.is_checked:
            would = f"nothing was printed; it would be for {people}, {handouts}, {count(self.sheets, 'sheet')}"
            return would, f"needs you: {needs}"
        return f"printed for {people}, {handouts}", f"sheets: {self.sheets}", f"needs you: {needs}", *place


def _no_needs() -> NeedGroups:
    from press.runs.needs import NeedGroups

    return NeedGroups()


@dataclass
class Totals:
    """The counters of one list run while it goes on."""

    notes: tuple[Problem, ...]
    keep_needs: bool = False  # where a report is wanted: what it names is not held for nothing
    keep_given: bool = False
    printed: int = 0
    handouts: int = 0
    sheets: int = 0
    given: list[LedgerRow] = field(default_factory=list)
    needs_of_each: list[Need] = field(default_factory=list)
    needs: NeedGroups = field(default_factory=_no_needs)
    warnings: ProblemGroups = field(default_factory=ProblemGroups)
    again: str = ""
    file: Path | None = None
    folder: Path | None = None
    run: str = ""

    def add(self, one: ReadyPerson | Refused) -> None:
        """Count one person, who is ready or refused."""
        from press.runs.batch import Refused

        if one.need:
            self.needs.add(one.need)
            if self.keep_needs:
                self.needs_of_each.append(one.need)
        if isinstance(one, Refused):
            return
        self.printed += 1
        self.handouts += len(one.given)
        self.sheets += sum(row.sheets for row in one.given)
        for problem in dict.fromkeys(one.warnings):
            self.warnings.add(problem, one.row if problem.place.row else 0)
        if self.keep_given:
            self.given += one.given

    @property
    def refused(self) -> int:
        """How many people get nothing."""
        from press.runs.needs import Gets

        return self.needs.count(Gets.NOTHING)

    def result(self, outcome: ListOutcome) -> ListResult:
        """Freeze what was counted so far."""
        return ListResult(
            outcome=outcome,
            printed=self.printed,
            handouts=self.handouts,
            sheets=self.sheets,
            problems=(*dict.fromkeys(self.notes), *self.warnings.problems()),
            needs=self.needs.sorted(),
            needs_in_words=self.needs.in_words,
            given=tuple(self.given),
            needs_of_each=tuple(self.needs_of_each),
            again=self.again,
            file=self.file,
            folder=self.folder,
            run=self.run,
        )


def rows_in_words(numbers: Iterable[int]) -> str:
    """Name rows of a list as ranges, with the word for them."""
    rows = Rows()
    for number in sorted(numbers):
        rows = rows.and_row(number)
    return rows.named


def rows_as_spans(numbers: Iterable[int]) -> str:
    """Name all rows of a list as a record does, such as `2-49,51`."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def rows_in_spans(spans: str) -> Iterator[int]:
    """Give the rows that a record names so."""
    for first, _, last in (span.partition("-") for span in filter(None, spans.split(","))):
        yield from range(int(first), int(last or first) + 1)


def count(number: int, one: str, many: str = "") -> str:
    """Say how many there are of something."""
    return f"{number} {one if number == 1 else many or one + 's'}"
