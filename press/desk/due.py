"""Who is due: hand over a list, see whom to call, the week ahead and the calendar, and print for who is ticked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from press.content.localize import short_date_in_words
from press.desk.days import chosen_day, days_ahead
from press.desk.desk import get_desk
from press.desk.forms import Form, filled_form, read_form
from press.desk.gate import large
from press.desk.lists import open_for
from press.desk.report_files import csv_answer, pdf_answer, ticked_numbers
from press.errors import HandoutError, Place, Problem
from press.records import dataclass
from press.reports.data import rows_of
from press.reports.month_grid import month_grids
from press.reports.questions import Span, answer_due_in

if TYPE_CHECKING:
    from press.reports.data import DayCount, DueReport

screen = Blueprint("due", __name__)
_ASK: Final = ("list", "day", "weeks")
_WEEKS: Final = ("1", "2", "4", "8")
_WEEK: Final = 7


@dataclass(frozen=True)
class HeldDue:
    """A report of a list that was handed over, with the list, to print for people on it."""

    data: bytes
    report: DueReport
    warnings: tuple[Problem, ...]

    @property
    def week(self) -> tuple[DayCount, ...]:
        """The first seven days of the report."""
        return self.report.days[:_WEEK]


@screen.get("/due")
def show() -> str:
    """Ask for a list."""
    desk = get_desk()
    return _ask(filled_form(_ASK, day=desk.now().date().isoformat(), weeks="2"))


def _ask(form: Form) -> str:
    desk = get_desk()
    days, newest = days_ahead(desk), desk.lists.newest
    return render_template("due.html", form=form, days=days, weeks=_WEEKS, opened=newest)


@screen.post("/due")
@large
def open_one() -> Response | tuple[str, int]:
    """Read a list that was handed over, or the one that is open at the desk."""
    desk, form, w = get_desk(), read_form(_ASK), get_desk().words()
    file = request.files.get(form.name("list"))
    newest = desk.lists.newest
    data = (file.read() if file else b"") or (newest.data if newest else b"")
    if not data:
        return _ask(form.refused([Problem(Place("list"), w("due.choose_file"))])), 422
    day = chosen_day(desk, form.value("day"))
    weeks = int(form.value("weeks")) if form.value("weeks") in _WEEKS else 2
    span = Span(day, day + timedelta(days=_WEEK * weeks))
    try:
        answer = desk.maker.ask(answer_due_in, data, day, span)
    except HandoutError:
        return open_for(desk, data, day)  # which says why, and where its columns can be given a meaning
    return redirect(url_for("due.show_one", name=desk.memory.keep(HeldDue(data, answer.report, answer.warnings))), 303)


def _held(name: str) -> HeldDue:
    found = get_desk().memory.get(name, HeldDue)
    if found is None:
        raise NotFound
    return found


@screen.get("/due/<name>")
def show_one(name: str) -> str:
    """Show whom to call, the week ahead, the calendar, and everybody who is due."""
    return _page(name, _held(name), Form(()))


def _page(name: str, held: HeldDue, form: Form) -> str:
    desk = get_desk()
    return render_template(
        "due_report.html",
        name=name,
        form=form,
        report=held.report,
        warnings=held.warnings,
        week=held.week,
        months=list(month_grids(held.report.days, desk.language)),
        day=lambda day: short_date_in_words(day, desk.language),
    )


@screen.get("/due/<name>/due.csv")
def table(name: str) -> Response:
    """Give the report as a table for a spreadsheet."""
    return csv_answer(_held(name).report)


@screen.get("/due/<name>/due.pdf")
def page(name: str) -> Response:
    """Give the report as a page."""
    return pdf_answer(get_desk(), _held(name).report)


@screen.post("/due/<name>")
def choose(name: str) -> Response | tuple[str, int]:
    """Open the list with the people ticked who are ticked here, to be printed."""
    desk, held, w = get_desk(), _held(name), get_desk().words()
    ticked = set(ticked_numbers()) & {one.row for one in (*held.report.overdue, *held.report.due)}
    if not ticked:
        return _page(name, held, Form((), found=(Problem(Place(""), w("due.nobody_ticked")),))), 422
    return open_for(desk, held.data, chosen_day(desk, held.report.day.isoformat()), rows_of(held.report) - ticked)
