"""The date rules of a naltrexone course: whole calendar days, counted from the last dose given.

Injection label 2.1 (every 4 weeks or once a month) and 5.1 (the block lasts about 28 days, then
wanes); tablets label, dosage (supervised schedules). Every other number says "our choice".

Not computed here, whatever is asked: a day on which opioids, alcohol, driving or surgery are
safe; the end of the block; a first, catch-up or restart date; a dose or a number of tablets; an
end of treatment; whether a late dose still protects; whether an early one is allowed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import Enum, StrEnum
from typing import Literal

from press.records import dataclass

_BLOCK = timedelta(days=28)  # injection label 5.1: "approximately 28 days"
_WATCH = timedelta(days=21)  # our choice for the label's "near the end"; not a label number
_LATE, _STALE = 29, 60  # days; our choice: warn from the first, after the second refuse what staff did not confirm
_MOST = 6  # due dates; our choice: each depends on when the one before is really given


class Interval(Enum):
    """How often the prescriber ordered the dose, in staff's words; nothing here changes it."""

    FOUR_WEEKS = "4 weeks"
    MONTH = "month"
    DAILY = "daily"
    TWO_DAYS = "2 days"
    THREE_DAYS = "3 days"


_DAYS = {Interval.FOUR_WEEKS: 28, Interval.DAILY: 1, Interval.TWO_DAYS: 2, Interval.THREE_DAYS: 3}
_FITTING = {
    "injection": {Interval.FOUR_WEEKS, Interval.MONTH},
    "tablet": {Interval.DAILY, Interval.TWO_DAYS, Interval.THREE_DAYS},
}


class Mode(Enum):
    """Which of six pages the dates call for."""

    NONE = "none"  # no date may be counted: no dose yet, or daily tablets that are not known to be late
    NORMAL = "normal"  # the next dose is due after today, and so is the day of more danger
    PAST_DANGER = "past-danger"  # only with `month`: day 28 has come, the due day has not
    DUE_TODAY = "due-today"  # the next dose is due today, so the danger is higher now
    OVERDUE = "overdue"  # the due day has passed: "call us today", and no schedule
    STOPPED = "stopped"  # a clinician ended treatment: extra danger without an end date


AHEAD = frozenset({Mode.NORMAL, Mode.PAST_DANGER, Mode.DUE_TODAY})  # a dose is still to come on its day


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """When the clinic is shut, as it says itself: weekdays from Monday = 0, and single dates."""

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _refuse_clock_times(self.dates)
        if not self.weekdays <= set(range(7)):
            raise ValueError("weekdays count from Monday = 0 to Sunday = 6")

    def is_closed(self, day: date) -> bool:
        """Whether nobody can be given a dose that day."""
        return day.weekday() in self.weekdays or day in self.dates

    def last_open_before(self, day: date, not_before: date) -> date | None:
        """The open day nearest before `day`, searched back to `not_before` and including it."""
        backwards = (day - timedelta(days=n) for n in range(1, (day - not_before).days + 1))
        return next((earlier for earlier in backwards if not self.is_closed(earlier)), None)


@dataclass(frozen=True, slots=True)
class Regimen:
    """What staff entered: `last_dose` is the day it was actually given, day 0 of every count.

    `interval_given` is False where nobody typed the interval, so that it is only the usual one:
    no daily tablets are called late by a guess. `late_confirmed`: staff say that the dose is late.
    """

    form: Literal["injection", "tablet"]
    last_dose: date | None
    interval: Interval
    appointment: date | None = None
    stopped: bool = False
    late_confirmed: bool = False
    interval_given: bool = True

    def __post_init__(self) -> None:
        _refuse_clock_times(day for day in (self.last_dose, self.appointment) if day is not None)


@dataclass(frozen=True, slots=True)
class DatePolicy:
    """What the clinical lead turned on: a day-21 warning, more than one due date (up to 6)."""

    watch: bool = False
    upcoming: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.upcoming <= _MOST:
            raise ValueError(f"upcoming is 1 to {_MOST} due dates")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of one page. When overdue, `due` and `danger_from` are for staff's tables only.

    `visit_is_late`: the appointment lies after the day on which the next shot is due.
    """

    mode: Mode
    due: date | None = None  # by the prescriber's interval; a closed day does not move it
    danger_from: date | None = None  # more overdose danger from here: day 28, or `due` if sooner
    watch_from: date | None = None  # day 21, injection only
    planned: tuple[date, ...] = ()  # for print: `due` and later ones, each from the last dose
    offered: date | None = None  # for staff to confirm: an open day before a closed `due`
    appointment: date | None = None  # in every mode, as typed; never invented
    visit_is_late: bool = False


@dataclass(frozen=True, slots=True)
class DateFault:
    """Something wrong with one field; the sentence is fixed, so it cannot hold a value."""

    field: str
    code: str
    severity: Literal["error", "warning"]
    sentence: str


_FUTURE_DOSE = DateFault(
    "last_dose",
    "future-dose",
    "error",
    "the last dose lies in the future; enter the day on which it was actually given",
)
_STALE_DOSE = DateFault(
    "last_dose",
    "stale-dose",
    "error",
    "the last dose was more than sixty days ago; check it. If it is right, add `late_confirmed: yes`, "
    "or mark the treatment as stopped if it has ended",
)
_LATE_DOSE = DateFault(
    "last_dose",
    "late-dose",
    "warning",
    "the last dose was more than four weeks ago; if that is right, the next is due or late",
)
_LATE_TABLET = DateFault(
    "last_dose",
    "late-tablet",
    "warning",
    "by the interval the tablets are late, and the page says so; check the day of the last dose",
)
_NOT_LATE = DateFault(
    "late_confirmed",
    "not-late",
    "error",
    "by these dates the dose is not late; take `late_confirmed` out, or check the last dose",
)
_STOPPED_NOT_LATE = DateFault(
    "late_confirmed",
    "late-and-stopped",
    "error",
    "treatment is marked as stopped, so no dose is late; take one of the two out",
)
_WRONG_INTERVAL = DateFault(
    "interval",
    "wrong-interval",
    "error",
    "the interval does not fit the form: injections go by weeks or months, tablets by days; ask the prescriber which "
    "of the two is meant",
)
_PAST_APPOINTMENT = DateFault("appointment", "past-appointment", "error", "the appointment lies before today")
_EARLY_APPOINTMENT = DateFault(
    "appointment",
    "appointment-before-dose",
    "error",
    "the appointment lies before the last dose; one of the two is wrong",
)
_CLOSED_APPOINTMENT = DateFault(
    "appointment", "closed-appointment", "error", "the appointment is on a day when the clinic is closed"
)
_LATE_APPOINTMENT = DateFault(
    "appointment",
    "appointment-after-due",
    "warning",
    "the appointment is after the due date; the page says so: offer an earlier day",
)


def faults(regimen: Regimen, today: date, closed: ClosedDays) -> tuple[DateFault, ...]:
    """Find everything wrong with a regimen at once; errors refuse the page, warnings are for staff."""
    return (*_regimen_faults(regimen, today), *_appointment_faults(regimen, today, closed))


def _regimen_faults(regimen: Regimen, today: date) -> Iterator[DateFault]:
    """One age limit (days) for both forms; none once stopped, for that page counts no days."""
    if regimen.last_dose and regimen.last_dose > today:
        yield _FUTURE_DOSE
    if regimen.interval not in _FITTING[regimen.form]:
        yield _WRONG_INTERVAL
    if regimen.stopped:
        yield from (_STOPPED_NOT_LATE,) if regimen.late_confirmed else ()
    elif regimen.late_confirmed:
        due = _known_due(regimen, today)
        yield from (_NOT_LATE,) if due and today <= due else ()
    else:
        yield from _age_faults(regimen, today)


def _age_faults(regimen: Regimen, today: date) -> Iterator[DateFault]:
    """A dose of long ago is a slip more often than not."""
    age = (today - regimen.last_dose).days if regimen.last_dose else 0
    due = _known_due(regimen, today)
    if age > _STALE:
        yield _STALE_DOSE
    elif regimen.form == "tablet" and due and today > due:
        yield _LATE_TABLET
    elif age >= _LATE:
        yield _LATE_DOSE


def _appointment_faults(regimen: Regimen, today: date, closed: ClosedDays) -> Iterator[DateFault]:
    """Check the appointment; one after the due day is a warning only while there is time to choose again."""
    if regimen.appointment is None:
        return
    if regimen.appointment < today:
        yield _PAST_APPOINTMENT
    if regimen.last_dose and regimen.appointment < regimen.last_dose:
        yield _EARLY_APPOINTMENT
    if closed.is_closed(regimen.appointment):
        yield _CLOSED_APPOINTMENT
    if schedule(regimen, today, DatePolicy(), closed).visit_is_late:
        yield _LATE_APPOINTMENT


def schedule(regimen: Regimen, today: date, policy: DatePolicy, closed: ClosedDays) -> Schedule:
    """Compute the dates that a page may print. `faults` come first: this one refuses nothing."""
    due = _known_due(regimen, today)
    if regimen.stopped:
        return Schedule(Mode.STOPPED, appointment=regimen.appointment)
    if due is None or regimen.last_dose is None:
        return Schedule(Mode.OVERDUE if regimen.late_confirmed else Mode.NONE, appointment=regimen.appointment)
    anchor, danger = regimen.last_dose, min(regimen.last_dose + _BLOCK, due)
    if today > due:
        return Schedule(Mode.OVERDUE, due, danger, appointment=regimen.appointment)
    if regimen.interval is Interval.DAILY:  # tomorrow's tablets are no date to print
        return Schedule(Mode.NONE, appointment=regimen.appointment)
    shots = regimen.form == "injection"
    mode = Mode.DUE_TODAY if today == due else Mode.PAST_DANGER if today >= danger else Mode.NORMAL
    watch = anchor + _WATCH if shots and policy.watch else None
    count = policy.upcoming if shots and mode is not Mode.DUE_TODAY else 1  # a tablet after the next is not ours to say
    planned = tuple(_nth_due(anchor, regimen.interval, nth) for nth in range(1, count + 1))
    offered = _offered(anchor, due, today, closed)
    late = shots and regimen.appointment is not None and regimen.appointment > due
    return Schedule(mode, due, danger, watch, planned, offered, regimen.appointment, late)


def _known_due(regimen: Regimen, today: date) -> date | None:
    """When the next dose is due, if that may be counted: not from a day to come, nor by a guessed interval.

    Tablets without an interval are taken to be daily, which says nothing of when the next is late.
    """
    if regimen.last_dose is None or regimen.last_dose > today or regimen.interval not in _FITTING[regimen.form]:
        return None
    if regimen.interval is Interval.DAILY and not regimen.interval_given:
        return None
    return _nth_due(regimen.last_dose, regimen.interval, 1)


def _nth_due(anchor: date, interval: Interval, nth: int) -> date:
    """Always from the anchor: chained months would keep what a short one cut off."""
    if interval is not Interval.MONTH:
        return anchor + timedelta(days=_DAYS[interval] * nth)
    year, index = divmod(anchor.year * 12 + anchor.month - 1 + nth, 12)
    return date(year, index + 1, min(anchor.day, calendar.monthrange(year, index + 1)[1]))


def _offered(anchor: date, due: date, today: date, closed: ClosedDays) -> date | None:
    """Our choice: earlier, never later, and not before day 21 (so never for tablets) or today."""
    earliest = max(anchor + _WATCH, today)
    return closed.last_open_before(due, earliest) if closed.is_closed(due) else None


class BadDate(StrEnum):
    """Why a text is not a date, as a fixed sentence: what was typed is never repeated."""

    AMBIGUOUS = "05/06/2001 can be May 6 or June 5; write YYYY-MM-DD"
    SHORT_YEAR = "write the year with four figures: YYYY-MM-DD"
    NO_SUCH_DAY = "the calendar has no such day; check the month and the day"
    YEAR_OUT_OF_RANGE = "the year must lie between 1900 and 2100"
    OTHER = "write the date as YYYY-MM-DD: year, month and day in figures, with hyphens"


def parse_date(text: str) -> date | BadDate:
    """`date.fromisoformat` alone would also take week dates and dates without hyphens."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return _misread(text)
    if not 1900 <= int(text[:4]) <= 2100:
        return BadDate.YEAR_OUT_OF_RANGE
    try:
        return date.fromisoformat(text)
    except ValueError:
        return BadDate.NO_SUCH_DAY


def _misread(text: str) -> BadDate:
    """Name the likely slip; a short year comes first, for it lacks more than an order."""
    match = re.fullmatch(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1([0-9]{2}|[0-9]{4})", text)
    if match is None:
        return BadDate.OTHER
    return BadDate.SHORT_YEAR if len(match[2]) == 2 else BadDate.AMBIGUOUS


def _refuse_clock_times(days: Iterable[date]) -> None:
    """A `datetime` is a `date` to Python, yet hours and zones can turn day 28 into day 27."""
    if any(type(day) is not date for day in days):
        raise TypeError("calendar dates only, without a time of day")
