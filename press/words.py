"""Dates and times in the reader's language, from CLDR: weekday, month in words, full year."""

from __future__ import annotations

from collections.abc import Iterable
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


def direction(language: str) -> str:
    """Which way a language is written: `rtl` for Arabic or Hebrew, `ltr` for most others."""
    return "rtl" if _locale(language).character_order == "right-to-left" else "ltr"
