"""Home: the doors to everything else, what was printed last, and the printer."""

from __future__ import annotations

from flask import Blueprint, render_template

from press.delivery.printer import look_at
from press.desk.clinic import needs_set_up
from press.desk.desk import get_desk
from press.desk.forms import filled_form
from press.desk.gate import passive
from press.desk.sheet import KEYS as SHEET
from press.runs.marking import recent_runs

screen = Blueprint("home", __name__)
_MOST_RUNS = 5


@screen.get("/")
def show() -> str:
    """Show the doors, and the last runs by their codes."""
    desk = get_desk()
    runs = recent_runs(desk.root / desk.site.clinic.ledger, desk.now().date())
    is_new, form = needs_set_up(desk.site), filled_form(SHEET)
    return render_template("home.html", runs=runs[:_MOST_RUNS], is_new=is_new, form=form)


@screen.get("/printer")
@passive
def printer() -> str:
    """Say how the printer is; it may take its time, so the first screen does not wait for it."""
    return render_template("printer.html", printer=look_at(get_desk().site.clinic.printer))
