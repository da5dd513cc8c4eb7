"""Totals of a list run: what became of everybody on a list, counted as it happens, and in words for a clerk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import Problem

if TYPE_CHECKING:  # `batch --help` shows a module that counts, and needs no model
    from press.delivery.ledger import Given
    from press.runs.batch import Refused
    from press.runs.groups import ReadyPerson
    from press.runs.needs import Gets, Need


class ListOutcome(Enum):
    """How a list run ended."""

    PRINTED = "printed"
    CHECKED = "checked"  # nothing was printed
    STOPPED = "stopped"  # by Ctrl-C; whoever was delivered before keeps the pages


@dataclass(frozen=True)
class ListResult:
    """What became of everybody on a list; `problems` are warnings that need nobody.

    `sheets` are sheets of paper. `given` holds the rows of the ledger where a report was asked for,
    `again` the summary of a print job that was printed again, `file` a finished print job.
    """

    outcome: ListOutcome
    printed: int
    handouts: int
    sheets: int
    problems: tuple[Problem, ...]
    needs: tuple[Need, ...]
    given: tuple[Given, ...] = ()
    again: str = ""
    file: Path | None = None

    def sorted_problems(self) -> list[Problem]:
        """Sort all problems for the screen: those of the people who need a clerk first."""
        from press.runs.needs import sort_for_clerk

        return sort_for_clerk(self.needs, self.problems)

    @property
    def is_stopped(self) -> bool:
        """Whether the run did not come to its end."""
        return self.outcome is ListOutcome.STOPPED

    @property
    def is_faulty(self) -> bool:
        """Whether something went wrong that concerns nobody on the list, such as a printer."""
        return any(problem.is_error for problem in self.problems)

    @property
    def summary(self) -> str:
        """The last line that the clerk reads."""
        if self.again:
            return self.again
        people, handouts = count(self.printed, "person", "people"), count(self.handouts, "handout")
        before = "nothing was printed; it would be for" if self.outcome is ListOutcome.CHECKED else "printed for"
        needs = f"; needs you: {len(self.needs)} ({needs_in_words(self.needs)})" if self.needs else ""
        return f"{before} {people}, {handouts}, {count(self.sheets, 'sheet')}{needs}"


@dataclass
class Totals:
    """The counters of one list run while it goes on."""

    problems: list[Problem]
    keep_given: bool = False  # where a report is wanted: the rows of thousands are not held for nothing
    printed: int = 0
    handouts: int = 0
    sheets: int = 0
    given: list[Given] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    again: str = ""
    file: Path | None = None

    def add(self, one: ReadyPerson | Refused) -> None:
        """Count one person, who is ready or refused."""
        from press.runs.batch import Refused

        if one.need:
            self.needs.append(one.need)
        if isinstance(one, Refused):
            return
        self.printed += 1
        self.handouts += len(one.given)
        self.sheets += sum(row.sheets for row in one.given)
        self.problems += one.warnings
        if self.keep_given:
            self.given += one.given

    @property
    def refused(self) -> int:
        """How many people get nothing."""
        from press.runs.needs import Gets

        return sum(need.gets is Gets.NOTHING for need in self.needs)

    def result(self, outcome: ListOutcome) -> ListResult:
        """Freeze what was counted so far."""
        return ListResult(
            outcome=outcome,
            printed=self.printed,
            handouts=self.handouts,
            sheets=self.sheets,
            problems=tuple(self.problems),
            needs=tuple(self.needs),
            given=tuple(self.given),
            again=self.again,
            file=self.file,
        )


def needs_in_words(needs: Iterable[Need]) -> str:
    """Name the rows of the people who need a clerk, by what they get, the most urgent first."""
    rows: dict[tuple[Gets, str], list[int]] = {}
    for need in sorted(needs, key=lambda need: need.urgency):
        rows.setdefault((need.gets, need.summary), []).append(need.row)
    return "; ".join(f"{rows_in_words(numbers)}: {summary}" for (_, summary), numbers in rows.items())


def rows_in_words(numbers: Sequence[int]) -> str:
    """Name rows of a list by number, the first twenty of them."""
    shown = ", ".join(map(str, numbers[:20]))
    return ("row " if len(numbers) == 1 else "rows ") + shown + (" …" if len(numbers) > 20 else "")


def count(number: int, one: str, many: str = "") -> str:
    """Say how many there are of something."""
    return f"{number} {one if number == 1 else many or one + 's'}"
