"""The screen of one person: type, see the very page that will be printed, print it, and go on to the next."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from press.delivery.ledger import Why
from press.desk.desk import Desk, get_desk
from press.desk.forms import ONCE_FIELD, Form, filled_form, once_key, read_form
from press.desk.maker import MakerGone
from press.desk.person_form import KEYS, OURS, ReadPerson, labeled, read_person
from press.desk.person_work import (
    PersonChoices,
    PersonPages,
    PersonRequest,
    person_choices,
    preview_person,
    print_person,
)
from press.errors import HandoutError, Place, Problem, Problems
from press.records import dataclass, replace
from press.runs.marking import VoidRequest, mark_void
from press.runs.paper import PrinterRequest, SentFiles, send_files
from press.runs.shared_ledger import ledger_place

screen = Blueprint("person", __name__)
_MOST_FILES = 100  # of one person that are remembered
SET_FIELD = "set"  # the button that was pressed beside a date, as f1=2026-11-23
_Page = str | tuple[str, int]


@dataclass(frozen=True)
class PrintedPerson:
    """What became of one person's pages: on which printer they are, or why they are not, and whether they are void."""

    pages: PersonPages
    printer: str
    sent: SentFiles
    is_void: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the printer took every file."""
        return len(self.sent.files) == len(self.pages.paths)

    @property
    def sheets(self) -> int:
        """How many sheets the printer took."""
        sent = self.pages.pages[: len(self.sent.files)]
        return replace(self.pages, pages=sent).sheets

    @property
    def printer_name(self) -> str:
        """The printer that took them; the usual one of Windows has no name."""
        return next((file.printer for file in self.sent.files), "")


@screen.get("/person")
def show() -> _Page:
    """Show an empty form, with the clinic's defaults."""
    return open_form(get_desk())


def open_form(desk: Desk, **values: str) -> str:
    """Show the form with the clinic's defaults, and with `values` that are known already."""
    offered = _choices(desk)
    usual = {"handouts": offered.usual, "printer": offered.printer, **offered.defaults}
    return _render(desk, filled_form(KEYS, **{**usual, **values}), secrets.token_urlsafe(16), offered)


@screen.post("/person")
def send() -> _Page | Response:
    """Do what the pressed button says: take over a date, show the pages, or print them."""
    desk, form, key = get_desk(), read_form(KEYS), request.form.get(ONCE_FIELD, "")
    if SET_FIELD in request.form:
        return _render(desk, _with_date(form, request.form[SET_FIELD]), key)
    read = read_person(desk, form)
    try:
        if request.form.get("do") != "print":  # also of a tab from before the lock: it is looked at once more
            return _render(desk, form, key, read=read, shown=_preview(desk, read))
        name = desk.memory.once(once_key(), lambda: _print(desk, read, form))
    except HandoutError as error:
        return _render(desk, form.refused(labeled(desk, error.problems)), key, read=read), 422
    except MakerGone:
        problem = Problem(Place(""), desk.words()("common.gone"), code=OURS)
        return _render(desk, form.refused([problem]), key, read=read), 503
    return redirect(url_for("person.printed", name=name), 303)


@screen.get("/person/printed/<name>")
def printed(name: str) -> str:
    """Say what was printed, and offer what people do next."""
    desk, done = get_desk(), _printed(name)
    files = [desk.memory.keep(page.data, name, _MOST_FILES) for page in done.pages.pages]
    once, reasons = secrets.token_urlsafe(16), [why.value for why in Why]
    return render_template("printed.html", done=done, name=name, files=files, once=once, reasons=reasons)


@screen.post("/person/again/<name>")
def again(name: str) -> Response:
    """Print the same pages once more: they are a second copy, which the ledger counts."""
    desk, done = get_desk(), _printed(name)
    new = desk.memory.once(once_key(), lambda: _print_request(desk, done.pages.request, done.printer))
    return redirect(url_for("person.printed", name=new), 303)


@screen.post("/person/void/<name>")
def void(name: str) -> Response:
    """Take the pages out of every recall, with the reason; nothing is deleted."""
    desk, done = get_desk(), _printed(name)
    ledger = ledger_place(desk.site)
    if done.pages.request.code and request.form.get("why") in list(Why):
        mark_void(VoidRequest(ledger, desk.now(), done.pages.request.code, done.pages.run, Why(request.form["why"])))
        desk.memory.put(name, replace(done, is_void=True))
    return redirect(url_for("person.printed", name=name), 303)


@screen.post("/person/next/<name>")
def go_on(name: str) -> Response:
    """Forget this person, and begin with the next one."""
    get_desk().memory.forget(name)
    return redirect(url_for("person.show"), 303)


def _printed(name: str) -> PrintedPerson:
    found = get_desk().memory.get(name, PrintedPerson)
    if found is None:
        raise NotFound
    return found


def _choices(desk: Desk) -> PersonChoices:
    return desk.maker.ask(person_choices, desk.language)


def _render(
    desk: Desk,
    form: Form,
    key: str,
    offered: PersonChoices | None = None,
    read: ReadPerson | None = None,
    shown: str = "",
) -> str:
    today = desk.now().date()
    return render_template(
        "person.html",
        form=form,
        once=key or secrets.token_urlsafe(16),
        offered=offered or _choices(desk),
        dates=(read or read_person(desk, form)).dates,
        days=(("today", today.isoformat()), ("yesterday", (today - timedelta(days=1)).isoformat())),
        name=shown,
        pages=desk.memory.get(shown, PersonPages),
    )


def _with_date(form: Form, pressed: str) -> Form:
    """Take over the date of the button that was pressed beside a field."""
    name, _, day = pressed.partition("=")
    changed = {key: (day,) for key in KEYS if form.name(key) == name}
    return Form(KEYS, {**form.typed, **changed})


def check_dates(desk: Desk, read: ReadPerson, ask: Callable[[], PersonPages]) -> PersonPages:
    """Give what `ask` gives. If a date could not be read, raise HandoutError with that and what else is wrong."""
    if not read.problems:
        return ask()
    problems = Problems()
    problems.extend(read.problems)
    with problems.gathering():
        ask()
    raise HandoutError([one for one in problems if one in read.problems or one.place.file in KEYS])


def _preview(desk: Desk, read: ReadPerson) -> str:
    pages = check_dates(desk, read, lambda: desk.maker.ask(preview_person, read.request, 0))
    return desk.memory.keep(pages)


def _print(desk: Desk, read: ReadPerson, form: Form) -> str:
    if read.problems:
        check_dates(desk, read, lambda: desk.maker.ask(preview_person, read.request, 0))
    return _print_request(desk, read.request, form.value("printer"))


def _print_request(desk: Desk, wanted: PersonRequest, printer: str) -> str:
    pages = desk.maker.ask(print_person, wanted, desk.now())
    paper = dict(wanted.typed).get("paper") or desk.site.clinic.defaults.paper
    order = PrinterRequest(printer, Place("printer"), paper, two_sided=wanted.sides > 1)
    return desk.memory.keep(PrintedPerson(pages, printer, send_files(pages.paths, order)))
