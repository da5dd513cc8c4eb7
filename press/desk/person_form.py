"""The form of one person: its fields, its dates as people type them, and what of it goes to the maker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from press.content.localize import date_in_words, distance_in_words
from press.desk.desk import Desk
from press.desk.forms import Form
from press.desk.person_work import BOTH_SIDES, PersonRequest
from press.errors import Place, Problem
from press.patients.typed_date import TypedDateProblem, read_typed_date
from press.records import dataclass, replace

OURS: Final = "desk"  # the code of a problem that is worded by the desk itself, in the staff's language
DATES: Final = ("last_dose", "appointment", "started")
_TEXTS = ("code", "name", "language", "edition", "paper", "form", "reason", "interval", "prescriber")
_FLAGS = ("stopped", "late_confirmed", "naloxone_given")
KEYS: Final = (
    *DATES, *_TEXTS, *_FLAGS, "handouts", "beside", "appointment_time", "is_draft", "one_sided", "printer",
)  # fmt: skip
_TICKED = re.compile("add `([a-z_]+): yes`")
_SETTING = re.compile("; or, [^;]*`[a-z_]+: [a-z]+` in config.yaml")
_COMMAND = re.compile("print `make [a-z-]+` with the same options, but `[^`]*` for the dates")
_KEY = re.compile("`([a-z_]+)`")
LABELS: Final = {
    "late_confirmed": "late", "naloxone_given": "naloxone", "appointment_time": "time", "is_draft": "draft",
}  # fmt: skip


@dataclass(frozen=True)
class TypedDate:
    """What the desk says to a date that was typed: the day in words, or the two days that it may be."""

    words: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # (YYYY-MM-DD, in words)


@dataclass(frozen=True)
class ReadPerson:
    """A form that was read: what goes to the maker, what is said to its dates, and what is wrong with them."""

    request: PersonRequest
    dates: dict[str, TypedDate]
    problems: tuple[Problem, ...]


def read_person(desk: Desk, form: Form) -> ReadPerson:
    """Read a form. A date that is none, or may be two, is a problem, and is left out of the request."""
    today = desk.now().date()
    days: dict[str, str] = {}
    said: dict[str, TypedDate] = {}
    problems: list[Problem] = []
    for key in DATES:
        if typed := form.value(key):
            found = read_typed_date(typed, today)
            said[key] = _said(desk, found, today)
            if isinstance(found, date):
                days[key] = found.isoformat()
            else:
                problems.append(_date_problem(desk, key, found))
    typed_values = tuple(_typed(form, days))
    request = PersonRequest(
        today=today,
        typed=typed_values,
        handouts=form.values("handouts"),
        beside=form.value("beside"),
        is_draft=form.value("is_draft") == "yes",
        sides=1 if form.value("one_sided") == "yes" else BOTH_SIDES,
    )
    return ReadPerson(request, said, tuple(problems))


def _typed(form: Form, days: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give the options that were typed; an empty field says nothing."""
    for key in _TEXTS:
        if value := form.value(key):
            yield key, value
    for key in _FLAGS:
        if form.value(key):
            yield key, form.value(key)
    for key, day in days.items():
        clock = form.value("appointment_time") if key == "appointment" else ""
        yield key, f"{day} {clock}".strip()


def _said(desk: Desk, found: date | tuple[date, date] | TypedDateProblem, today: date) -> TypedDate:
    def words(day: date) -> str:
        away = distance_in_words((day - today).days, desk.language) or desk.words()("dates.today")
        return f"{date_in_words(day, desk.language)}, {away}"

    if isinstance(found, TypedDateProblem):
        return TypedDate()
    if isinstance(found, date):
        return TypedDate(words(found))
    return TypedDate(choices=tuple((day.isoformat(), words(day)) for day in found))


def _date_problem(desk: Desk, key: str, found: tuple[date, date] | TypedDateProblem) -> Problem:
    w: Callable[..., str] = desk.words()
    name = found.value if isinstance(found, TypedDateProblem) else "two_days"
    return Problem(Place(key), f"{w('person.' + key)}: {w('dates.' + name)}", private=True, code=OURS)


def labeled(desk: Desk, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Word problems for the screen: a field by its label, and what to tick in place of what to type in a command."""
    return tuple(problem if problem.code == OURS else _labeled(desk, problem) for problem in problems)


def _labeled(desk: Desk, problem: Problem) -> Problem:
    w, key = desk.words(), problem.place.file

    def label(name: str) -> str:
        return w("person." + LABELS.get(name, name))

    def on_screen(text: str) -> str:
        text = _TICKED.sub(lambda found: w("person.tick", label=label(found[1])), text)
        text = _COMMAND.sub(w("person.undated"), _SETTING.sub("", text))
        return _KEY.sub(lambda found: label(found[1]) if found[1] in KEYS else found[0], text)

    message = problem.message.removeprefix(f"`{key}`: ")
    start = f"{label(key)}: " if key in KEYS else ""
    return replace(problem, message=start + on_screen(message), hint=on_screen(problem.hint))
