"""The clinic: what config.yaml says, as a form; the first three fields of a new clinic; a printer's test page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from press.content.clinic import DATES, STAFF_LANGUAGES
from press.content.fields import EDITIONS, FORMS, PAPERS, REASONS, WEEKDAYS
from press.content.handout import SOURCE_LANGUAGE
from press.content.localize import language_in_words
from press.content.yaml.editor import NewValue
from press.delivery.printer import list_printers
from press.desk.desk import get_desk
from press.desk.forms import Form, filled_form, read_form
from press.desk.gate import passive
from press.desk.ruler_words import ruler_words
from press.errors import HandoutError, Problem
from press.records import dataclass, replace
from press.runs.edit_clinic import FIELDS, LISTS, field_of, save_form
from press.runs.edit_clinic import read_form as read_clinic_form
from press.runs.handout import Site
from press.runs.paper import SentFiles
from press.runs.ruler_page import NAME, make_ruler_page, print_ruler_page

screen = Blueprint("clinic", __name__)
KEYS = (*FIELDS, "shown")
FIRST = ("name", "phone", "after_hours_phone")
FIRST_KEYS = (*FIRST, "shown")
LINES = frozenset({"address", "holidays"})  # lists that are typed one to a line; the others are ticked


@dataclass(frozen=True)
class Done:
    """What was done, for the page that is shown after it: whether something was saved, and what a printer took."""

    is_saved: bool = True
    printed: SentFiles | None = None


def needs_set_up(site: Site) -> bool:
    """Whether nobody filled in the clinic yet: without both numbers every page is a draft."""
    try:
        clinic = site.clinic
    except HandoutError:
        return False  # it is told where the form is
    return not (clinic.name and clinic.phone and clinic.after_hours_phone)


@screen.get("/clinic")
def show() -> str:
    """Show what config.yaml says."""
    done = get_desk().memory.get(request.args.get("done", ""), Done)
    return _page(_filled(KEYS), done=done)


def _filled(keys: tuple[str, ...]) -> Form:
    """Fill the form from the file; what it showed goes with it, so that nobody's change is lost."""
    found = read_clinic_form(get_desk().site)
    shown = {key: found.values[key] for key in keys if key in FIELDS}
    typed = {key: "\n".join(value) if key in LINES else value for key, value in shown.items()}
    form = filled_form(keys, **typed, shown=json.dumps(shown))
    return form.refused(map(_at_field, found.problems))


def _page(form: Form, *, done: Done | None = None) -> str:
    return render_template("clinic.html", form=form, choices=_choices(), done=done)


def _choices() -> dict[str, list[tuple[str, str]]]:
    """List what may be chosen, each with its words."""
    desk, w = get_desk(), get_desk().words()
    library = desk.site.library
    languages = sorted({name for topic in library.topics for name in library.languages(topic)}) or [SOURCE_LANGUAGE]
    return {
        "weekdays": [(name, w("clinic.weekday_" + name)) for name in WEEKDAYS],
        "print": [(name, w("clinic.date_" + name)) for name in DATES],
        "language": [(name, language_in_words(name, desk.language)) for name in languages],
        "edition": [(name, w("clinic.edition_" + name)) for name in EDITIONS],
        "paper": [(name, w("clinic.paper_" + name)) for name in PAPERS],
        "form": [(name, w("clinic.form_" + name)) for name in FORMS],
        "reason": [(name, w("clinic.reason_" + name)) for name in REASONS],
        "tablets_while_drinking": [(name, w("clinic.drinking_" + name)) for name in ("avoid", "may")],
        "codes": [(name, w("clinic.codes_" + name)) for name in ("numbered", "any")],
        "staff_language": [(name, language_in_words(name, desk.language)) for name in STAFF_LANGUAGES],
    }


@screen.get("/clinic/printers")
@passive
def printers() -> str:
    """List the printers that this computer knows; it may take its time, so the form does not wait for them."""
    return render_template("printers.html", printers=list_printers())


@screen.post("/clinic")
def save() -> Response:
    """Save the whole form."""
    form = read_form(KEYS)
    try:
        is_saved = _save(form)
    except HandoutError as error:
        return make_response(_page(form.refused(map(_at_field, error.problems))), 422)
    return redirect(url_for(".show", done=get_desk().memory.keep(Done(is_saved))), 303)


def _save(form: Form) -> bool:
    """Save the fields of a form that differ from what it showed. Raises HandoutError."""
    desk = get_desk()
    fields = [key for key in form.keys if key in FIELDS]
    typed: dict[str, NewValue] = {key: _typed(form, key) for key in fields}
    is_saved = desk.maker.ask_apart(save_form, typed, _shown(form, fields), desk.now().date())
    if is_saved and "staff_language" in typed:
        desk.language = str(typed["staff_language"])
    return is_saved


def _typed(form: Form, key: str) -> NewValue:
    if key in LINES:
        return tuple(form.value(key).splitlines())
    return form.values(key) if key in LISTS else form.value(key)


def _shown(form: Form, fields: list[str]) -> Mapping[str, NewValue]:
    """Read what the form showed; where that was tampered with, it was something else, and is told as such."""
    try:
        found = json.loads(form.value("shown"))
    except ValueError:
        found = {}
    shown = found if isinstance(found, dict) else {}
    return {key: _value(shown.get(key)) for key in fields}


def _value(value: object) -> NewValue:
    return tuple(map(str, value)) if isinstance(value, list) else str(value)


def _at_field(problem: Problem) -> Problem:
    return replace(problem, place=replace(problem.place, file=field_of(problem) or problem.place.file))


# The first day


@screen.get("/clinic/start")
def start() -> str:
    """Show the three fields without which every page is a draft."""
    return render_template("clinic_start.html", form=_filled(FIRST_KEYS), done=None)


@screen.post("/clinic/start")
def begin() -> Response:
    """Save the three fields, and go on to the test page."""
    form = read_form(FIRST_KEYS)
    try:
        is_saved = _save(form)
    except HandoutError as error:
        page = render_template("clinic_start.html", form=form.refused(map(_at_field, error.problems)), done=None)
        return make_response(page, 422)
    return redirect(url_for(".show", done=get_desk().memory.keep(Done(is_saved))) + "#test", 303)


# The test page


@screen.post("/clinic/test-page")
def test() -> Response:
    """Print the test page on the clinic's printer."""
    desk = get_desk()
    try:
        sent = desk.maker.ask(print_ruler_page, ruler_words(desk.language))
    except HandoutError as error:
        sent = SentFiles((), error.problems)
    return redirect(url_for(".show", done=desk.memory.keep(Done(printed=sent))) + "#test", 303)


@screen.get("/clinic/test-page.pdf")
def test_file() -> Response:
    """Give the test page as a file, to print from a viewer."""
    desk = get_desk()
    data = desk.maker.ask(make_ruler_page, ruler_words(desk.language))
    return send_file(BytesIO(data), "application/pdf", download_name=NAME)
