"""What a command does with everybody on a list: checks them, or makes each person's file, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from press.errors import Problem

if TYPE_CHECKING:  # `--help` shows this module's commands, and needs no model
    from press.delivery.ledger import Given, Ledger
    from press.delivery.run_folder import Run
    from press.patients.patient_list import PatientList
    from press.patients.table import Row
    from press.runs.batch import Order, Packet, Refused
    from press.runs.groups import Ready
    from press.runs.handout import Press
    from press.runs.needs import Gets, Need

PRINTED = "printed for "
T = TypeVar("T")


class Progress(Protocol):
    """What shows how far the work is: it gives the items on, `count` in all, and may tell of each."""

    def __call__(self, items: Iterable[T], count: int, verb: str) -> Iterable[T]:
        """The same items."""


def show_nothing(items: Iterable[T], count: int, verb: str) -> Iterable[T]:
    """For whoever shows no progress."""
    return items


@dataclass
class Tally:
    """What became of the people on a list, counted as it happens; `problems` are warnings that need nobody."""

    printed: int = 0
    handouts: int = 0
    sheets: int = 0
    problems: list[Problem] = field(default_factory=list)
    given: list[Given] | None = None  # kept where a report was asked for
    needs: list[Need] = field(default_factory=list)
    again: str = ""
    file: Path | None = None
    failed: bool = False

    @property
    def refused(self) -> list[int]:
        """The rows of those for whom nothing is printed."""
        from press.runs.needs import Gets

        return [need.row for need in self.needs if need.gets is Gets.NOTHING]

    def sorted_problems(self) -> list[Problem]:
        """All problems in the order of the screen: those of the people who need a clerk first."""
        from press.runs.needs import sort_for_clerk

        return sort_for_clerk(self.needs, self.problems)

    def sentence(self, before: str = PRINTED) -> str:
        """The last line that the clerk reads."""
        if self.again:
            return self.again
        people, handouts = count(self.printed, "person", "people"), count(self.handouts, "handout")
        made = f"{people}, {handouts}, {count(self.sheets, 'sheet')}"
        return before + made + (f"; needs you: {len(self.needs)} ({needs_in_words(self.needs)})" if self.needs else "")


def needs_in_words(needs: Sequence[Need]) -> str:
    """The rows of the people who need a clerk, by what they get, the most urgent first."""
    rows: dict[tuple[Gets, str], list[int]] = {}
    for need in sorted(needs, key=lambda need: need.urgency):
        rows.setdefault((need.gets, need.summary), []).append(need.row)
    return "; ".join(f"{rows_in_words(numbers)}: {summary}" for (_, summary), numbers in rows.items())


def rows_in_words(numbers: Sequence[int]) -> str:
    """The rows of a list, the first twenty of them by number."""
    shown = ", ".join(map(str, numbers[:20]))
    return ("row " if len(numbers) == 1 else "rows ") + shown + (" …" if len(numbers) > 20 else "")


def count(number: int, one: str, many: str = "") -> str:
    """So many of something, in words."""
    return f"{number} {one if number == 1 else many or one + 's'}"


@dataclass(frozen=True)
class Asked:
    """Whose handouts are wanted: a list, and the numbers of the rows that are meant.

    `now` is the moment in the clinic's time zone that the records name.
    """

    press: Press
    people: PatientList
    order: Order
    numbers: Sequence[int]
    no_ledger: bool
    workers: int
    now: datetime
    show: Progress = show_nothing

    def rows(self) -> Iterator[Row]:
        """Their rows, not yet read."""
        from press.runs.batch import chosen_rows

        return chosen_rows(self.people, self.numbers)

    def packets(self, rows: Iterable[Row]) -> Iterator[Packet | Refused]:
        """The handouts of the people of these rows."""
        from press.runs.batch import packets

        return packets(self.press, map(self.people.entry, rows), self.order)

    def run(self, *more: str) -> Run:
        """The run that this makes, `more` being what else its pages depend on."""
        from press.delivery.run_folder import Run
        from press.runs.batch import plan_of, run_code

        plan = plan_of(self.press, self.people, self.order, *more, ",".join(map(str, self.numbers)))
        return Run(run_code(plan), plan, f"{self.now:%Y-%m-%d %H:%M}")

    def ledger(self) -> AbstractContextManager[Ledger | None]:
        """The open ledger, or None if staff want none."""
        from press.delivery.ledger import open_ledger

        return nullcontext() if self.no_ledger else open_ledger(self.ledger_file)

    @property
    def ledger_file(self) -> Path:
        """Where the ledger stands."""
        return Path(self.press.root / self.press.clinic.ledger)


def check_everybody(asked: Asked, sides: int) -> Tally:
    """Everybody's pages made and let go again, counted as if `sides` were printed on one sheet."""
    from press.runs.batch import Refused
    from press.runs.groups import ready
    from press.runs.workers import spread

    def work(rows: Iterable[Row]) -> Iterator[Ready | Refused]:
        never = datetime.min  # noqa: DTZ901 - nothing is entered
        return (one if isinstance(one, Refused) else ready(one, "", never, sides) for one in asked.packets(rows))

    asked = replace(asked, order=replace(asked.order, bound=False, one_file=False))
    tally = Tally(problems=list(asked.people.notes))
    with spread(asked.rows, len(asked.numbers), work, asked.workers) as people:
        for one in asked.show(people, len(asked.numbers), "checked"):
            counted(tally, one)
    return tally


def make_separate(asked: Asked, folder: Path, sides: int, resume: bool, tally: Tally) -> None:
    """Make each person's file, deliver it with its rows of the ledger, and finish the run."""
    from press.delivery.run_folder import open_run
    from press.runs.batch import Refused
    from press.runs.groups import Group, write_files
    from press.runs.hardening import assert_hardened, watching
    from press.runs.print_job import person_files
    from press.runs.workers import spread

    run = asked.run("separate", str(sides))
    names: list[str] = []

    def work(rows: Iterable[Row]) -> Iterator[Ready | Refused]:
        for one in write_files(
            person_files(asked.press, asked.packets(rows), asked.order, sides), pages, run.code, asked.now, sides
        ):
            assert_hardened()
            yield one

    def tell(one: Ready | Refused) -> None:
        counted(tally, one)
        if not isinstance(one, Refused):
            assert one.written, "each person's file is written before it is told"
            names.append(one.written.name)

    with ExitStack() as held:
        pages = held.enter_context(open_run(folder, run, resume=resume))
        writable = [folder, asked.press.root, asked.ledger_file.resolve().parent]
        wire = held.enter_context(watching([asked.press.root], writable))
        made = held.enter_context(spread(asked.rows, len(asked.numbers), work, asked.workers, wire))
        group = Group(pages, held.enter_context(asked.ledger()), tell)  # opened here: no fork may hold an open database
        try:
            for one in asked.show(made, len(asked.numbers), "printed"):
                group.add(one)
        finally:
            group.deliver()
        pages.finish({"printed": tally.printed, "refused": len(tally.refused)}, names)


def counted(tally: Tally, one: Ready | Refused) -> None:
    """Count one person, who is ready or refused."""
    from press.runs.batch import Refused

    if one.need:
        tally.needs.append(one.need)
    if isinstance(one, Refused):
        return
    tally.printed += 1
    tally.handouts += len(one.given)
    tally.sheets += sum(row.sheets for row in one.given)
    tally.problems += one.warnings
    if tally.given is not None:
        tally.given += one.given
