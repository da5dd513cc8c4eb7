"""Writes dates and times in the reader's language, from CLDR: weekday, month in words, full year."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, time, timedelta
from functools import lru_cache
from math import inf
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from press.errors import HandoutError, Place, refuse

if TYPE_CHECKING:
    from babel import Locale


_HERE = "US"  # the readers live there: in Spanish too a clock has twelve hours


def _without_local_zone() -> None:
    """Keep Babel from asking for the computer's own time zone.

    It looks for that in the environment and in files of the system when it loads its first language.
    They may be odd or missing, and no page depends on them: a clinic's zone is in config.yaml, and
    its days have none.
    """
    zone = ModuleType("babel.localtime")
    vars(zone).update(LOCALTZ=UTC, get_localzone=lambda: UTC)
    sys.modules.setdefault("babel.localtime", zone)


_without_local_zone()


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(f"{language}-{_HERE}", sep="-")
    except (UnknownLocaleError, ValueError):
        pass
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


@lru_cache(maxsize=4096)
def date_in_words(day: date, language: str) -> str:
    """Write a day such as "Monday, December 21, 2026" or "lunes, 21 de diciembre de 2026"."""
    from babel.dates import format_date

    return format_date(day, format="full", locale=_locale(language))


def dates_in_words(days: Iterable[date], language: str) -> str:
    """Write several dates, one after another, with no "and" that could join two into one."""
    return "; ".join(date_in_words(day, language) for day in days)


@lru_cache(maxsize=4096)
def time_in_words(clock: time, language: str) -> str:
    """Write a time of day as the language does, such as "2:30 PM" or "2:30 p.m."."""
    from babel.dates import format_time

    found = format_time(clock, format="short", locale=_locale(language))
    return found.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


@lru_cache(maxsize=4096)
def month_in_words(day: date, language: str) -> str:
    """Write the month of a day, such as "December 2025"."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", day, locale=_locale(language))


@lru_cache(maxsize=4096)
def short_date_in_words(day: date, language: str) -> str:
    """Write a day for a table for staff: "Mon, Dec 21, 2026". The month is a word, so no order can be misread."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMEd", day, locale=_locale(language))


@lru_cache(maxsize=4096)
def distance_in_words(days: int, language: str) -> str:
    """Say how far a day is from today: "7 days ago", "in 3 days", "hace 7 días". Empty for today itself."""
    from babel.dates import format_timedelta

    if days == 0:
        return ""
    away = timedelta(days=days)
    return format_timedelta(away, "day", threshold=inf, add_direction=True, locale=_locale(language))


def language_in_words(language: str, shown_in: str) -> str:
    """Name a language in another, such as "Spanish"; by its code where no name is known."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-").get_display_name(_locale(shown_in)) or language
    except (UnknownLocaleError, ValueError):
        return language


def direction(language: str) -> str:
    """Give the direction of a language's script: `rtl` for Arabic or Hebrew, `ltr` for most others."""
    return "rtl" if _locale(language).character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=32)
def calendar_words(language: str) -> Mapping[str, str]:
    """List the months and weekdays of a language, each with a name that no language has ("month 12")."""
    locale = _locale(language)
    found: dict[str, str] = {}
    for kind, table in (("month", locale.months), ("weekday", locale.days)):
        for width in (table["format"]["wide"], table["stand-alone"]["wide"]):
            found |= {name: f"{kind} {number}" for number, name in width.items()}
    return MappingProxyType(found)


_TERRITORY = "US"  # where a language is spoken whose code names no country


@lru_cache(maxsize=32)
def first_weekday(language: str) -> int:
    """Give the first day of the week, from Monday = 0: in the US it is Sunday, in any language."""
    from babel import Locale

    territory = _locale(language).territory or _TERRITORY
    return Locale.parse(f"und_{territory}").first_week_day


def weekdays_in_words(weekdays: Sequence[int], language: str, *, short: bool = False) -> tuple[str, ...]:
    """Name weekdays, from Monday = 0: "Saturday", or "Sat" to head a column."""
    names = _locale(language).days["stand-alone"]["abbreviated" if short else "wide"]
    return tuple(names[day] for day in weekdays)
