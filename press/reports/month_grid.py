"""The months of a report: each week that holds one of its days, with how many doses are due on each; pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from press.content.localize import first_weekday, month_in_words, weekdays_in_words
from press.records import dataclass
from press.reports.data import DayCount


@dataclass(frozen=True)
class MonthDay:
    """One cell of a month: its number, 0 for a day of another month. A day out of the report has its number only."""

    number: int
    due: int = 0
    is_closed: bool = False


@dataclass(frozen=True)
class MonthGrid:
    """One month in the words of a language: its name, the weekdays that head its columns, and its weeks."""

    name: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[MonthDay, ...], ...]


def month_grids(days: Sequence[DayCount], language: str) -> Iterator[MonthGrid]:
    """Set the days of a report into months."""
    known = {day.day: day for day in days}
    first = first_weekday(language)
    weekdays = weekdays_in_words([(first + place) % 7 for place in range(7)], language, short=True)
    for month in dict.fromkeys(day.day.replace(day=1) for day in days):
        weeks = (
            week
            for week in calendar.Calendar(first).monthdatescalendar(month.year, month.month)
            if any(day in known and day.month == month.month for day in week)
        )
        cells = tuple(tuple(_cell(day, month, known) for day in week) for week in weeks)
        yield MonthGrid(month_in_words(month, language), weekdays, cells)


def _cell(day: date, month: date, known: Mapping[date, DayCount]) -> MonthDay:
    if day.month != month.month:
        return MonthDay(0)
    found = known.get(day)
    return MonthDay(day.day, found.due, found.closed) if found else MonthDay(day.day)
