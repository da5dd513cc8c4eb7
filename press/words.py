"""Dates and times in the reader's language, from CLDR: weekday, month in words, full year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from functools import lru_cache
from typing import TYPE_CHECKING

from press.errors import HandoutError, Place, refuse

if TYPE_CHECKING:
    from babel import Locale


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        raise refuse(Place(language), "no calendar words are known for this language") from None


def has_calendar(language: str) -> bool:
    """Whether dates can be written in a language."""
    try:
        return bool(_locale(language))
    except HandoutError:
        return False


def date_in_words(day: date, language: str) -> str:
    """For example "Monday, December 21, 2026" or "lunes, 21 de diciembre de 2026"."""
    from babel.dates import format_date

    return format_date(day, format="full", locale=_locale(language))


def dates_in_words(days: Iterable[date], language: str) -> str:
    """Several dates, one after another, with no "and" that could join two into one."""
    return "; ".join(date_in_words(day, language) for day in days)


def time_in_words(clock: time, language: str) -> str:
    """A time of day as the language writes it, such as "2:30 PM"."""
    from babel.dates import format_time

    return format_time(clock, format="short", locale=_locale(language)).replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


def month_in_words(day: date, language: str) -> str:
    """The month of a day, such as "December 2025"."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", day, locale=_locale(language))


_TERRITORY = "US"  # where a language is spoken whose code names no country


def first_weekday(language: str) -> int:
    """The day that a week begins with, from Monday = 0: in the US it is Sunday, in any language."""
    from babel import Locale

    territory = _locale(language).territory or _TERRITORY
    return Locale.parse(f"und_{territory}").first_week_day


def weekdays_in_words(weekdays: Sequence[int], language: str, *, short: bool = False) -> tuple[str, ...]:
    """The names of weekdays, from Monday = 0: "Saturday", or "Sat" to head a column."""
    names = _locale(language).days["stand-alone"]["abbreviated" if short else "wide"]
    return tuple(names[day] for day in weekdays)
