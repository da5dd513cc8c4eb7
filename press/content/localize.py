"""Writes dates and times in the reader's language, from CLDR: weekday, month in words, full year.

Of the languages of the release, Babel's patterns and names were noted ahead: to read its data for one of them took 9 %
of the first page's time. `pytest --update-goldens tests/content/test_localize.py` notes them anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, time, timedelta
from functools import cache, lru_cache
from math import inf
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from press.errors import HandoutError, Place, refuse

if TYPE_CHECKING:
    from babel import Locale


NOTED = Path(__file__).parent / "data" / "calendar.json"
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


@cache
def _noted() -> Mapping[str, Any]:
    """Read what was noted of each language: patterns by kind, and `names` by the fields of the patterns."""
    found: dict[str, Any] = json.loads(NOTED.read_bytes())
    return found


def _by_pattern(kind: str, when: date | time, language: str) -> str:
    """Write a day or a time of day by the pattern that was noted; nothing in a language of which none was."""
    if language not in _noted():
        return ""
    noted = _noted()[language]
    found: dict[str, int | str] = {**(_day_fields(when) if isinstance(when, date) else _time_fields(when))}
    found |= {field: names[found[field]] for field, names in noted["names"].items() if field in found}
    return str(noted[kind] % found)


def _day_fields(day: date) -> dict[str, int]:
    """Give the fields of a day in CLDR's patterns; of a name its place among the names."""
    weekday, month = day.weekday(), day.month - 1
    return {"d": day.day, "y": day.year, "EEEE": weekday, "EEE": weekday, "E": weekday, "MMMM": month, "MMM": month}


def _time_fields(clock: time) -> dict[str, int | str]:
    return {"h": clock.hour % 12 or 12, "mm": f"{clock.minute:02}", "a": clock.hour // 12}


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
        return language in _noted() or bool(_locale(language))
    except HandoutError:
        return False


@lru_cache(maxsize=4096)
def date_in_words(day: date, language: str) -> str:
    """Write a day such as "Monday, December 21, 2026" or "lunes, 21 de diciembre de 2026"."""
    if noted := _by_pattern("date", day, language):
        return noted
    from babel.dates import format_date

    return format_date(day, format="full", locale=_locale(language))


def dates_in_words(days: Iterable[date], language: str) -> str:
    """Write several dates, one after another, with no "and" that could join two into one."""
    return "; ".join(date_in_words(day, language) for day in days)


@lru_cache(maxsize=4096)
def time_in_words(clock: time, language: str) -> str:
    """Write a time of day as the language does, such as "2:30 PM" or "2:30 p.m."."""
    found = _by_pattern("time", clock, language)
    if not found:
        from babel.dates import format_time

        found = format_time(clock, format="short", locale=_locale(language))
    return found.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


@lru_cache(maxsize=4096)
def month_in_words(day: date, language: str) -> str:
    """Write the month of a day, such as "December 2025"."""
    if noted := _by_pattern("month", day, language):
        return noted
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", day, locale=_locale(language))


@lru_cache(maxsize=4096)
def short_date_in_words(day: date, language: str) -> str:
    """Write a day for a table for staff: "Mon, Dec 21, 2026". The month is a word, so no order can be misread."""
    if noted := _by_pattern("short_date", day, language):
        return noted
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
    if language in _noted():
        return int(_noted()[language]["first_weekday"])
    from babel import Locale

    territory = _locale(language).territory or _TERRITORY
    return Locale.parse(f"und_{territory}").first_week_day


def weekdays_in_words(weekdays: Sequence[int], language: str, *, short: bool = False) -> tuple[str, ...]:
    """Name weekdays, from Monday = 0: "Saturday", or "Sat" to head a column."""
    if language in _noted():
        names = _noted()[language]["weekdays_short" if short else "weekdays"]
    else:
        names = _locale(language).days["stand-alone"]["abbreviated" if short else "wide"]
    return tuple(names[day] for day in weekdays)
