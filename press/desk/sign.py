"""The signature of a handout's words: read what changed beside the pages, tick each point, sign."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from flask import Blueprint, abort, make_response, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from press.desk.desk import get_desk
from press.desk.forms import Form, filled_form, read_form
from press.desk.handout_words import check_names
from press.desk.person_form import OURS
from press.desk.sign_work import SheetPictures, Signed, show_sheet, sign_sheet
from press.errors import HandoutError, Place, Problem
from press.patients.typed_date import read_typed_date
from press.runs.signing import SignatureRequest

screen = Blueprint("sign", __name__)
KEYS = ("ticked", "by", "role", "until", "why")
_MOST_SHEETS = 4


@screen.get("/sign/<topic>/<language>")
def show(topic: str, language: str) -> str:
    """Say what a signature is, and offer to show what would be signed."""
    check_names(topic, language)
    return render_template("sign.html", topic=topic, words_language=language, problems=())


@screen.post("/sign/<topic>/<language>")
def begin(topic: str, language: str) -> Response:
    """Check every page, and show what would be signed."""
    check_names(topic, language)
    desk = get_desk()
    try:
        found = desk.maker.ask_apart(show_sheet, topic, language, desk.now().date())
    except HandoutError as error:
        page = render_template("sign.html", topic=topic, words_language=language, problems=error.problems)
        return make_response(page, 422)
    return redirect(url_for(".read", name=desk.memory.keep(found, "sheet", _MOST_SHEETS)), 303)


def _sheet(name: str) -> SheetPictures:
    found = get_desk().memory.get(name, SheetPictures)
    if found is None:
        abort(404)
    return found


@screen.get("/sign/read/<name>")
def read(name: str) -> str:
    """Show each point beside the pages."""
    return _page(name, filled_form(KEYS, until=_sheet(name).sheet.latest.isoformat()))


def _page(name: str, form: Form) -> str:
    found = _sheet(name)
    return render_template("sign_read.html", name=name, sheet=found.sheet, sides=len(found.sides), form=form)


@screen.get("/sign/side/<name>/<int:number>.png")
def side(name: str, number: int) -> Response:
    """Give the picture of one side of the packet."""
    sides = _sheet(name).sides
    if not 1 <= number <= len(sides):
        abort(404)
    answer = make_response(sides[number - 1])
    answer.mimetype = "image/png"
    return answer


@screen.get("/sign/packet/<name>.pdf")
def packet(name: str) -> Response:
    """Give the packet to print, for a signature on paper."""
    found = _sheet(name).sheet.packet
    return send_file(BytesIO(found.data), "application/pdf", download_name=found.name)


@screen.post("/sign/read/<name>")
def sign(name: str) -> Response:
    """Sign, if every point is ticked and who signs is named; a double click signs once."""
    desk, form, found = get_desk(), read_form(KEYS), _sheet(name)
    w, today = desk.words(), desk.now().date()
    until = _last_day(form, today, found.sheet.latest)
    problems = [until] if isinstance(until, Problem) else []
    if found.sheet.still_open and not form.value("why"):
        problems.append(Problem(Place("why"), w("sign.why_missing"), code=OURS))
    if problems or isinstance(until, Problem):
        return make_response(_page(name, form.refused(problems)), 422)
    request = SignatureRequest(
        topic=found.sheet.topic,
        language=found.sheet.language,
        by=form.value("by"),
        role=form.value("role"),
        on=today,
        until=until,
        why=form.value("why"),
    )
    ticked = form.values("ticked")
    try:
        done = desk.memory.once(
            name, lambda: desk.maker.ask_apart(sign_sheet, request, today, found.sheet.digest, ticked)
        )
    except HandoutError as error:
        return make_response(_page(name, form.refused(error.problems)), 422)
    return redirect(url_for(".signed", name=desk.memory.keep(done)), 303)


def _last_day(form: Form, today: date, latest: date) -> date | Problem:
    """Read the last day on which the signature holds."""
    w, place = get_desk().words(), Place("until")
    found = read_typed_date(form.value("until"), today)
    if not isinstance(found, date):
        return Problem(place, w("sign.until_unread"), code=OURS)
    if not today <= found <= latest:
        return Problem(place, w("sign.until_wrong", first=today.isoformat(), latest=latest.isoformat()), code=OURS)
    return found


@screen.get("/sign/done/<name>")
def signed(name: str) -> str:
    """Say what was signed."""
    found = get_desk().memory.get(name, Signed)
    if found is None:
        abort(404)
    return render_template("signed.html", signed=found)
