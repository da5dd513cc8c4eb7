"""The screen of one sheet of paper: which page it is, whether it is current, and what to print from there."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Final

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from press.content.localize import language_in_words, short_date_in_words
from press.delivery.all_desks import ONLY_HERE
from press.desk.desk import Desk, get_desk
from press.desk.forms import Form, filled_form, read_form
from press.desk.list_orders import ReadList
from press.desk.person import open_form
from press.desk.person_form import OURS
from press.desk.run import AGAIN, HeldRun
from press.errors import HandoutError, Place, Problem
from press.reports.sheet import NO_SUCH_SHEET, NOT_A_NUMBER, UNKNOWN_RUN, SheetFound, find_sheet

screen = Blueprint("sheet", __name__)
KEYS: Final = ("number",)
_SAID: Final = {NOT_A_NUMBER: "not_a_number", UNKNOWN_RUN: "unknown_run", NO_SUCH_SHEET: "no_such_sheet"}
_MOST_RUNS = 4


@screen.post("/sheet")
def find() -> Response | tuple[str, int]:
    """Look for the page of a sheet in the record of what was printed."""
    desk, form = get_desk(), read_form(KEYS)
    try:
        found = find_sheet(desk.site, form.value("number"))
    except HandoutError as error:
        problems = [_worded(desk, problem) for problem in error.problems]
        return render_template("sheet.html", form=form.refused(problems), found=None), 422
    return redirect(url_for(".show", name=desk.memory.keep(found)), 303)


def _worded(desk: Desk, problem: Problem) -> Problem:
    """Say at the field what is wrong with a number, in the staff's language."""
    w, key = desk.words(), _SAID.get(problem.code)
    if problem.code == ONLY_HERE:
        return Problem(Place(""), w("common.only_here"), private=True, code=OURS)
    if key is None:
        return problem
    return Problem(Place("number"), w("sheet.said_" + key), private=True, code=OURS)


@screen.get("/sheet/<name>")
def show(name: str) -> str:
    """Say what the sheet is, and offer to print from there."""
    desk, found = get_desk(), _found(name)
    return render_template(
        "sheet.html",
        form=filled_form(KEYS),
        found=found,
        name=name,
        printed=short_date_in_words(date.fromisoformat(found.printed), desk.language),
        spoken=language_in_words(found.language, desk.language),
        run=_open_run(desk, found.run),
        again=Form(AGAIN),
        key=secrets.token_urlsafe(16),
    )


@screen.post("/sheet/<name>/person")
def person(name: str) -> str:
    """Open the form of one person for the page of this sheet."""
    found = _found(name)
    return open_form(get_desk(), handouts=found.handout, language=found.language, code=found.code)


def _found(name: str) -> SheetFound:
    found = get_desk().memory.get(name, SheetFound)
    if found is None:
        abort(404)
    return found


def _open_run(desk: Desk, code: str) -> str:
    """Give the id of a run by its code if its list is open, so that sheets of it can be printed again; else ""."""
    for opened in desk.lists.opened:
        held = desk.memory.get(opened.run, HeldRun)
        if held and held.earlier and held.earlier.run.code == code:
            return opened.run
        earlier = opened.found.earlier if isinstance(opened.found, ReadList) else ()
        for one in earlier:
            if one.run.code == code and one.run.is_job:
                return desk.memory.keep(HeldRun.of_earlier(opened, one, desk.now()), "sheet", _MOST_RUNS)
    return ""
