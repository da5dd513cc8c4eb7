"""The dates that a page may show: which ones, in words for its sentences, in months for its calendar.

Nothing is counted here: the date rules give the days, the clinic chose which of them are printed,
and sentences and months are made from the same choice, so that one cannot say more than the other.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from press.content.clinic import Clinic
from press.content.fields import Appointment
from press.content.localize import (
    date_in_words,
    dates_in_words,
    first_weekday,
    month_in_words,
    time_in_words,
    weekdays_in_words,
)
from press.document.nodes import MARKS, Content
from press.patients.course import Course
from press.patients.options import TypedDates
from press.records import dataclass
from press.treatment import AHEAD, ClosedDays, Mode

MOST_MONTHS = 3  # our choice: what a sheet of paper holds; the list names later dates too

# The placeholders that name the days of a mark; the others have their mark's own name.
_FIELDS = {
    "given": ("last_dose",), "watch": ("watch_from",), "danger": ("danger_from",),
    "closed": ("closed_weekdays", "closed_dates"),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """The days that a page may show by the name of their mark, and the months that hold them.

    A month is its first day. `shut` are the weekdays, from Monday = 0, on which the clinic is
    always closed; its other closed days are among `days`. `higher_from` is the day of more danger
    that is printed with a late visit; `conditions` are what else of the dates a text may ask for.
    """

    days: Mapping[str, tuple[date, ...]]
    months: tuple[date, ...]
    shut: frozenset[int]
    higher_from: date | None = None
    conditions: frozenset[str] = frozenset()

    def has(self, kind: str) -> bool:
        """Whether there is such a day."""
        return kind in self.days or (kind == "closed" and bool(self.shut))


@dataclass(frozen=True)
class Mark:
    """What one day is: its kind is one of `MARKS`, its label the word in the day's cell."""

    kind: str
    label: Content
    time: str = ""


@dataclass(frozen=True)
class Day:
    """One cell of a month."""

    number: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Weekday:
    """The head of a column; its marks hold for every day below it."""

    name: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Month:
    """One month as weeks of seven cells; a cell outside the month is None."""

    first: date
    name: str
    weekdays: tuple[Weekday, ...]
    weeks: tuple[tuple[Day | None, ...], ...]


def fields_of_mark(kind: str) -> tuple[str, ...]:
    """Name the placeholders that say a mark's days in words."""
    return _FIELDS.get(kind, (kind,))


# Which days


def shown_dates(course: Course, clinic: Clinic) -> Shown:
    """Choose the days to show, of those that the clinic prints; a stopped or late course has no schedule."""
    days = _days(course, frozenset(clinic.dates.print))
    months = _months(days, course)
    closed = clinic.closed.days
    if single := _single_closed(months, closed):
        days["closed"] = single
    schedule = course.schedule
    named = bool({"due", "danger"} & days.keys()) and course.mode is Mode.NORMAL and schedule.visit_is_late
    return Shown(
        MappingProxyType({name: days[name] for name in MARKS if name in days}),
        months,
        closed.weekdays,
        schedule.danger_from if named else None,
        frozenset(_conditions(course, clinic)),
    )


def _conditions(course: Course, clinic: Clinic) -> Iterator[str]:
    if clinic.closed.days.is_closed(course.today):
        yield "closed_today"
    if course.schedule.visit_is_late:
        yield "late_visit"
    watch = course.schedule.watch_from
    if course.mode is Mode.NORMAL and watch and watch <= course.today and "watch" in clinic.dates.print:
        yield "watch_now"


def _days(course: Course, chosen: frozenset[str]) -> dict[str, tuple[date, ...]]:
    """The days by their marks, of those that the clinic chose."""
    found: dict[str, tuple[date, ...]]
    found = {name: (day,) for name, day in _single_days(course) if day and name in chosen}
    if "planned" in chosen and course.schedule.planned[1:]:
        found["planned"] = course.schedule.planned[1:]
    found = _with_danger(found, course)
    if course.typed.last_dose and not course.typed.late_confirmed:
        found["given"] = (course.typed.last_dose,)
    return found


def _single_days(course: Course) -> Iterator[tuple[str, date | None]]:
    """Each mark of one day.

    A day of more danger that has come is printed in words instead ("you are in more danger now").
    """
    schedule, is_normal = course.schedule, course.mode is Mode.NORMAL
    watch, visit = schedule.watch_from, course.typed.appointment
    yield "watch", watch if is_normal and watch and watch > course.today else None
    yield "danger", schedule.danger_from if is_normal else None
    yield "offered", schedule.offered
    yield "due", schedule.due if course.mode in AHEAD else None
    yield "appointment", visit.day if visit else None


def _with_danger(days: dict[str, tuple[date, ...]], course: Course) -> dict[str, tuple[date, ...]]:
    """A day to come for a dose is never shown without an earlier day of more danger.

    After a month of 31 days the page would otherwise name a day on which the block is long gone.
    A day of danger that is the due day itself is named once.
    """
    found, danger = dict(days), course.schedule.danger_from
    doses = [day for name in ("offered", "due", "planned") for day in found.get(name, ())]
    if course.mode is Mode.NORMAL and danger and any(day > danger for day in doses):
        found["danger"] = (danger,)
    if "danger" in found and found["danger"] == found.get("due"):
        del found["danger"]
    return found


def _months(days: Mapping[str, tuple[date, ...]], course: Course) -> tuple[date, ...]:
    """From the last dose, or today, to the latest day shown.

    This month and the next if none is to come, and for tablets, which are checked off day by day.
    """
    today, is_counted = course.today, course.typed.form == "injection"
    start = days["given"][0] if course.mode in AHEAD and "given" in days else today
    ahead = [day for shown in days.values() for day in shown if day >= today and shown != days.get("given")]
    first, least = _index(start), _index(today) + (0 if ahead and is_counted else 1)
    last = min(max([least, *map(_index, ahead)]), first + MOST_MONTHS - 1)
    return tuple(date(index // 12, index % 12 + 1, 1) for index in range(first, last + 1))


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _single_closed(months: tuple[date, ...], closed: ClosedDays) -> tuple[date, ...]:
    """The dates in these months on which the clinic is closed out of turn."""
    shown = {(first.year, first.month) for first in months}
    single = (day for day in closed.dates if day.weekday() not in closed.weekdays)
    return tuple(sorted(day for day in single if (day.year, day.month) in shown))


# In words


def date_values(typed: TypedDates, shown: Shown, language: str) -> Mapping[str, str]:
    """Write each placeholder of a date that has a value as the words that the reader sees."""
    # The days of a mark are under its last name: closed weekdays, which are no dates, have their own.
    found = {fields_of_mark(name)[-1]: dates_in_words(days, language) for name, days in shown.days.items()}
    if typed.started:
        found["started"] = date_in_words(typed.started, language)
    if "appointment" in found and typed.appointment and typed.appointment.time:
        found["appointment"] += ", " + time_in_words(typed.appointment.time, language)
    if shown.higher_from:
        found["higher_from"] = date_in_words(shown.higher_from, language)
    found |= dict.fromkeys(shown.conditions, "yes")
    found["closed_weekdays"] = ", ".join(weekdays_in_words(sorted(shown.shut), language))
    return found


def _week(language: str) -> tuple[int, ...]:
    """The weekdays from Monday = 0 in the order in which a week runs."""
    first = first_weekday(language)
    return tuple((first + place) % 7 for place in range(7))


# In months


def months_of(
    shown: Shown, labels: Mapping[str, Content], appointment: Appointment | None, language: str
) -> tuple[Month, ...]:
    """Build the months with a mark on each shown day that has a label. Nothing else is marked."""
    marked: dict[date, list[Mark]] = {}
    for kind in (kind for kind in shown.days if kind in labels):
        for day in shown.days[kind]:
            marked.setdefault(day, []).append(Mark(kind, labels[kind], _time(kind, appointment, language)))
    shut = (Mark("closed", labels["closed"]),) if "closed" in labels else ()
    names = zip(_week(language), weekdays_in_words(_week(language), language, short=True), strict=True)
    heads = tuple(Weekday(name, shut if day in shown.shut else ()) for day, name in names)
    return tuple(
        Month(first, month_in_words(first, language), heads, _weeks(first, marked, language)) for first in shown.months
    )


def _time(kind: str, appointment: Appointment | None, language: str) -> str:
    """The hour of an appointment, with a space at which a narrow cell may break it."""
    if kind != "appointment" or not appointment or not appointment.time:
        return ""
    return time_in_words(appointment.time, language).replace("\N{NO-BREAK SPACE}", " ")


def _weeks(first: date, marked: Mapping[date, list[Mark]], language: str) -> tuple[tuple[Day | None, ...], ...]:
    weeks = calendar.Calendar(first_weekday(language)).monthdatescalendar(first.year, first.month)
    return tuple(
        tuple(Day(day.day, tuple(marked.get(day, ()))) if day.month == first.month else None for day in week)
        for week in weeks
    )
