"""Read a date as people type it into one field: figures in any order, or the month as a word.

Nothing is guessed: a text that can be two days gives both, and one that lacks part of a date is asked back.
What is read becomes YYYY-MM-DD before the converter that every door shares.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from press.treatment import BadDate, parse_date

_LONGEST = 60  # characters; the longest date in words has 44
_FIGURE = re.compile(r"[0-9]+\Z")
_FIGURES = re.compile(r"([0-9]{1,4})([/.-])([0-9]{1,2})\2([0-9]{1,4})\Z")
_NO_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}\Z")
_SHORT_RUN, _LONG_RUN = re.compile(r"[0-9]{6}\Z"), re.compile(r"[0-9]{8}\Z")
_WORD = re.compile(r"[a-z]+\Z")
_NUMBER = re.compile(r"([0-9]{1,4})(?:st|nd|rd|th|o|ro|er)?\Z")
_ACCENTS = {0x301: None, 0x303: None, ord("\N{MASCULINE ORDINAL INDICATOR}"): "o"}  # of a text in NFD
_FILLERS = frozenset({"de", "del", "of", "the", "el"})
_SHORTEST = 3  # letters that a month or a weekday is known by
# fmt: off
_MONTHS = (
    ("january", "enero"), ("february", "febrero"), ("march", "marzo"), ("april", "abril"), ("may", "mayo"),
    ("june", "junio"), ("july", "julio"), ("august", "agosto"), ("september", "septiembre", "setiembre"),
    ("october", "octubre"), ("november", "noviembre"), ("december", "diciembre"),
)
_WEEKDAYS = (
    ("monday", "lunes"), ("tuesday", "martes"), ("wednesday", "miercoles"), ("thursday", "jueves"),
    ("friday", "viernes"), ("saturday", "sabado"), ("sunday", "domingo"),
)
# fmt: on
_AWAY = {"today": 0, "hoy": 0, "yesterday": -1, "ayer": -1, "tomorrow": 1, "manana": 1}


class TypedDateProblem(StrEnum):
    """Why a text is no date; the value is the name of the desk's sentence, so that it can be said in any language."""

    NOT_A_DATE = "not_a_date"
    NO_YEAR = "no_year"
    SHORT_YEAR = "short_year"
    NO_SUCH_DAY = "no_such_day"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    OTHER_WEEKDAY = "other_weekday"


def read_typed_date(text: str, today: date) -> date | tuple[date, date] | TypedDateProblem:
    """Give the day that a text means, the two days that it can mean, the earlier first, or why it is none.

    Understands `2026-11-23`, `11/23/2026`, `23.11.2026`, `11232026`, `Nov 23, 2026`, `23 de noviembre de 2026`,
    a weekday before these, and `today`, `yesterday`, `tomorrow` in English and Spanish.
    """
    words = _words(text)
    if len(words) == 1 and words[0] in _AWAY:
        return today + timedelta(days=_AWAY[words[0]])
    if not words or len(text) > _LONGEST:
        return TypedDateProblem.NOT_A_DATE
    weekdays, words = _take_weekday(words)
    if all(_FIGURE.match(word) for word in words):
        words = ["/".join(words)]
    found = _one_word(words[0]) if len(words) == 1 else _month_in_words(words)
    if isinstance(found, TypedDateProblem):
        return found
    if weekdays:
        found = {day for day in found if day.weekday() in weekdays}
    if not found:
        return TypedDateProblem.OTHER_WEEKDAY
    first, *others = sorted(found)
    return (first, others[0]) if others else first


def _words(text: str) -> list[str]:
    """Split a text into words without accents and capitals; beside letters, signs such as `-` only part words."""
    plain = unicodedata.normalize("NFD", text.casefold()).translate(_ACCENTS).replace(",", " ")
    if re.search("[a-z]", plain) and not re.search("[0-9][/.-][0-9]", plain):
        plain = re.sub("[/.-]", " ", plain)
    return [word for word in (word.rstrip(".") for word in plain.split()) if word and word not in _FILLERS]


def _numbers_of(word: str, names: Sequence[tuple[str, ...]]) -> set[int]:
    """The places of the names that begin with this word, from 0."""
    if len(word) < _SHORTEST or not _WORD.match(word):
        return set()
    return {place for place, row in enumerate(names) if any(name.startswith(word) for name in row)}


def _take_weekday(words: list[str]) -> tuple[set[int], list[str]]:
    """Take a weekday off the front; `mar` is Tuesday in Spanish only where another month follows."""
    weekdays = _numbers_of(words[0], _WEEKDAYS)
    rest = words[1:]
    is_month = bool(_numbers_of(words[0], _MONTHS)) and not any(_numbers_of(word, _MONTHS) for word in rest)
    return (weekdays, rest) if weekdays and rest and not is_month else (set(), words)


def _one_word(word: str) -> set[date] | TypedDateProblem:
    """Read a date of figures, with signs between them or without."""
    if match := _FIGURES.match(word):
        return _in_any_order(match[1], match[3], match[4])
    if _LONG_RUN.match(word):
        return _days(
            [(word[:4], word[4:6], word[6:]), (word[4:], word[:2], word[2:4]), (word[4:], word[2:4], word[:2])]
        )
    if _SHORT_RUN.match(word):
        return TypedDateProblem.SHORT_YEAR
    return TypedDateProblem.NO_YEAR if _NO_YEAR.match(word) else TypedDateProblem.NOT_A_DATE


def _in_any_order(first: str, second: str, third: str) -> set[date] | TypedDateProblem:
    """Read three numbers: the year first, or else the month or the day first."""
    if len(first) > 2:
        return _days([(first, second, third)]) if len(third) <= 2 else TypedDateProblem.NOT_A_DATE
    if len(third) <= 2:
        return TypedDateProblem.SHORT_YEAR
    return _days([(third, first, second), (third, second, first)])


def _month_in_words(words: list[str]) -> set[date] | TypedDateProblem:
    """Read a month as a word, with a day and a year on any side of it, the day first or the year first."""
    months = [months for word in words if (months := _numbers_of(word, _MONTHS))]
    numbers = [match[1] for word in words if (match := _NUMBER.match(word))]
    if len(months) != 1 or len(months[0]) != 1 or len(months) + len(numbers) != len(words):
        return TypedDateProblem.NOT_A_DATE
    month = str(min(months[0]) + 1)
    if len(numbers) == 1:
        return TypedDateProblem.NO_YEAR if len(numbers[0]) <= 2 else TypedDateProblem.NOT_A_DATE
    if len(numbers) != 2 or all(len(number) > 2 for number in numbers):
        return TypedDateProblem.NOT_A_DATE
    if all(len(number) <= 2 for number in numbers):
        return TypedDateProblem.SHORT_YEAR
    day, year = sorted(numbers, key=len)
    return _days([(year, month, day)])


def _days(readings: Sequence[tuple[str, str, str]]) -> set[date] | TypedDateProblem:
    """The days of these readings (year, month, day), or what is wrong with them; a year of our time tells more."""
    found = [parse_date(f"{year:0>4}-{month:0>2}-{day:0>2}") for year, month, day in readings]
    days = {day for day in found if not isinstance(day, BadDate)}
    is_far = all(fault is BadDate.YEAR_OUT_OF_RANGE for fault in found)
    return days or (TypedDateProblem.YEAR_OUT_OF_RANGE if is_far else TypedDateProblem.NO_SUCH_DAY)
