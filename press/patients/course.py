"""The course of one person on one day: the dates that staff typed, and what the date rules make of them.

It is made once for each set of dates: checks, pages, proofs and reports ask the same frozen record.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from press.content.clinic import Clinic
from press.lru import ById
from press.patients.options import Options, TypedDates
from press.records import dataclass
from press.treatment import AHEAD, DateFault, Mode, Schedule, faults, schedule


@dataclass(frozen=True, eq=False)
class Course:
    """The dates of one person as they are on the day `today`; hashed by identity, as `course_of` makes each once.

    `faults` are all that is wrong with them: a page is printed only without errors.
    """

    typed: TypedDates
    today: date
    schedule: Schedule
    faults: tuple[DateFault, ...]
    is_closed_when_due: bool

    @property
    def mode(self) -> Mode:
        """The treatment mode: which of six pages the dates call for."""
        return self.schedule.mode

    @property
    def is_ahead_on_closed_day(self) -> bool:
        """Whether the next dose is still to come, on a day on which the clinic is closed."""
        return self.mode in AHEAD and self.is_closed_when_due


def course_of(options: Options, clinic: Clinic, today: date) -> Course:
    """Apply the date rules to complete options, by the clinic's policy and its closed days. Refuses nothing."""
    return _course(options.dates, ById(clinic), today)


@lru_cache(maxsize=4096)
def _course(typed: TypedDates, clinic: ById[Clinic], today: date) -> Course:
    closed, regimen = clinic.it.closed.days, typed.regimen()
    dates = schedule(regimen, today, clinic.it.dates.policy, closed)
    is_closed = dates.due is not None and closed.is_closed(dates.due)
    return Course(typed, today, dates, faults(regimen, today, closed), is_closed)
