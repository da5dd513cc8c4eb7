"""The form of what the columns of a list mean: filled in with what is known, and read as what staff answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from press.desk.forms import Form, filled_form, read_form
from press.desk.list_words import without_commands
from press.errors import Place, Problem
from press.records import replace

if TYPE_CHECKING:
    from press.desk.staff_words import Words
    from press.patients.learn import Answers, Column

PRINT: Final = ("day", "sides", "cover")  # the fields of the form to print, which is on the same page
_FIELDS: Final = (*PRINT, "name", "order", "form", "reason", "interval")
_NOTHING: Final = "-"  # a column that is not to be read
_ORDERS: Final = ("", "mdy", "dmy", "ymd")
_DEFAULTS: Final = ("form", "reason", "interval")
_OPTION: Final = re.compile("`([a-z_]+)`")
_Labels = list[tuple[str, str]]


def meaning_form(columns: Iterable[Column], recipe: str, w: Words) -> Form:
    """Fill the form in with what is known; `recipe` is the name of what the list was read by."""
    known = {column.letter: column.option or _NOTHING for column in columns}
    return filled_form((*_FIELDS, *known), name=recipe or w("lists.usual_name"), **known)


def read_meaning(columns: Iterable[Column]) -> tuple[Form, Answers]:
    """Read the form that was sent."""
    from press.patients.learn import Answers

    letters = [column.letter for column in columns]
    form = read_form((*_FIELDS, *letters))
    answers = Answers(
        columns={letter: form.value(letter) or _NOTHING for letter in letters},
        order=form.value("order") if form.value("order") in _ORDERS else "",
        defaults={option: form.value(option) for option in _DEFAULTS if form.value(option)},
    )
    return form, answers


def meaning_labels(w: Words) -> dict[str, object]:
    """Give what can be chosen: options of a column, orders of dates, values for everybody, each with its words."""
    from press.content.fields import FORMS, INTERVALS, REASONS
    from press.patients.options import KEYS

    options: _Labels = [(option, w("lists.option_" + option)) for option in KEYS]
    orders: _Labels = [(order, w("lists.order_" + order)) for order in _ORDERS]
    values: dict[str, _Labels] = {
        option: [(value, w("lists.value_" + value.replace(" ", "_"))) for value in every]
        for option, every in zip(_DEFAULTS, (FORMS, REASONS, INTERVALS), strict=True)
    }
    return {"option_labels": options, "order_labels": orders, "defaults": values}


def at_fields(problems: Iterable[Problem], form: Form, w: Words) -> list[Problem]:
    """Put each question at its field: that of its column, or the one that answers it, as the switch in its hint says.

    What is told besides is told again of each row, once the list is read.
    """
    return [_at_field(problem, form, w) for problem in problems if problem.is_error]


def _at_field(problem: Problem, form: Form, w: Words) -> Problem:
    from press.patients.options import KEYS

    def label(found: re.Match[str]) -> str:
        return w("lists.option_" + found[1]) if found[1] in KEYS else found[0]

    message = _OPTION.sub(label, problem.message)
    return replace(without_commands(problem), message=message, place=Place(_field(problem, form)))


def _field(problem: Problem, form: Form) -> str:
    heading = problem.place.heading
    if "--dates" in problem.hint:
        return "order"
    if heading in form.keys and heading not in _FIELDS:
        return heading
    if problem.place.file == "--name":
        return "name"
    return next((option for option in _DEFAULTS if f"{option}=" in problem.hint), "")
