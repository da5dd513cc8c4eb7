"""A run: how far the printing of a list is, stop and go on, what became of everybody, and print again after a jam."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from press.desk.desk import Desk, get_desk
from press.desk.forms import Form, filled_form, once_key, read_form
from press.desk.gate import passive
from press.desk.list_orders import STOP, Earlier, ListOrder, MadeList, ReadList
from press.desk.list_process import GONE, ListBusy, ListRun
from press.desk.list_words import cell_in_words, plain, rows_in_words, time_in_words
from press.desk.open_list import OpenList
from press.desk.person_form import OURS
from press.errors import Place, Problem
from press.records import dataclass, replace
from press.runs.list_request import LAST
from press.runs.paper import PrinterRequest, remove_pages, send_files

if TYPE_CHECKING:
    from press.desk.staff_words import Words
    from press.runs.totals import ListResult

screen = Blueprint("run", __name__)
AGAIN = ("sheet", "code")


@dataclass(eq=False)
class HeldRun:
    """A run as its screen shows it. `opened` is its list, unless the desk was locked meanwhile."""

    run: ListRun
    opened: OpenList | None = None
    name: str = ""

    @classmethod
    def of_earlier(cls, opened: OpenList, earlier: Earlier, now: datetime) -> HeldRun:
        """Hold a run that was made before the list was opened."""
        run = ListRun(now, earlier.order, result=earlier)
        run.done.set()
        return cls(run, opened)

    @property
    def result(self) -> ListResult | None:
        """What this run made; None before its end, and for one from before."""
        return self.run.result.result if isinstance(self.run.result, MadeList) else None

    @property
    def earlier(self) -> Earlier | None:
        """The job, to print sheets of it again, or the folder to go on with."""
        return self.run.result if isinstance(self.run.result, Earlier) else self._made_job

    @property
    def file(self) -> Path | None:
        """The finished job, if it is still there."""
        made = self.result.file if self.result else self.earlier.run.path if self.earlier else None
        return made if made and made.is_file() else None

    @property
    def _made_job(self) -> Earlier | None:
        return self.run.result.earlier if isinstance(self.run.result, MadeList) else None

    @property
    def state(self) -> str:
        """The key of what is said at the top."""
        run = self.run
        if run.is_running:
            return "sending" if run.is_sending else "stopping" if run.is_stopping else "running"
        if run.fault:
            return {STOP: "stopped", GONE: "gone"}.get(run.fault, "fault")
        if run.problems:
            return "refused"
        if isinstance(run.result, Earlier):
            return "earlier" if run.result.run.is_finished else "unfinished"
        assert self.result, "a run without a fault has a result"
        return "stopped" if self.result.is_stopped else "done" if self.result.printed else "nobody"

    @property
    def can_go_on(self) -> bool:
        """Whether the same order can be given again, to finish what was begun."""
        return self.opened is not None and self.run.order is not None and self.state in _BROKEN


_BROKEN = ("stopped", "gone", "refused", "unfinished")


def begin_run(desk: Desk, opened: OpenList, order: ListOrder, key: str) -> Response:
    """Begin what was ordered, once for each `key` of a form, and go to its screen."""

    def begin() -> str:
        run = ListRun(desk.now(), order)
        process = desk.lists.revive(desk.root, opened)
        then = partial(_send, desk) if not order.separate else _keep
        desk.lists.begin(process, run, "make", (run.began, order), then)
        held = HeldRun(run, opened)
        held.name = opened.run = desk.memory.keep(held)
        return held.name

    try:
        name = desk.memory.once(key, begin) if key else begin()
    except ListBusy:
        if not opened.run:
            return redirect(url_for("lists.show_one", name=opened.name), 303)
        name = opened.run
    return redirect(url_for("run.show", name=name), 303)


def _keep(run: ListRun) -> None:
    """Leave the files where they are."""


def _send(desk: Desk, run: ListRun) -> None:
    """Send a finished job to the clinic's printer; the file is kept where the printer cannot take it."""
    assert isinstance(run.result, MadeList) and run.order, "what was made was ordered"
    file = run.result.result.file
    if file is None or run.result.result.is_stopped:
        return
    run.is_sending = True
    clinic = desk.site.clinic
    place = clinic.place_of("printer") if clinic.printer else Place("printer")
    wanted = PrinterRequest(clinic.printer, place, clinic.defaults.paper, two_sided=run.order.sides == 2)
    run.sent = send_files([file], wanted)


def _held(name: str) -> HeldRun:
    found = get_desk().memory.get(name, HeldRun)
    if found is None:
        raise NotFound
    return found


@screen.get("/runs/<name>")
def show(name: str) -> str:
    """Show how far a run is, or what became of it."""
    return _page(name, _held(name), filled_form(AGAIN))


@screen.get("/runs/<name>/progress")
@passive
def progress(name: str) -> Response | str:
    """Say how far a run is; the page asks once a second, and is loaded anew at its end."""
    held = _held(name)
    if held.run.is_running:
        return render_template("run_progress.html", **_progress(name, held))
    answer = make_response("")
    answer.headers["HX-Refresh"] = "true"
    return answer


def _progress(name: str, held: HeldRun) -> dict[str, object]:
    desk = get_desk()
    left = time_in_words(held.run.time_left(desk.now()), desk.words())
    return {"name": name, "held": held, "run": held.run, "left": left}


def _page(name: str, held: HeldRun, form: Form) -> str:
    opened = held.opened
    columns = opened.found.columns if opened and opened.found else ()
    w = get_desk().words()
    headline, advice = ("", "") if held.run.is_running else _in_words(held, w)
    return render_template(
        "run.html",
        **_progress(name, held),
        form=form,
        state=held.state,
        result=held.result,
        earlier=held.earlier,
        headline=headline,
        advice=advice,
        key=secrets.token_urlsafe(16),
        other_key=secrets.token_urlsafe(16),
        rows=lambda rows: rows_in_words(rows, w),
        cell=lambda problem, known=None: cell_in_words(problem, columns, w, known),
        plain=plain,
        opened=opened,
    )


def _in_words(held: HeldRun, w: Words) -> tuple[str, str]:
    """Say what became of a run that ended, and what to do now."""
    result, earlier = held.result, held.earlier
    match held.state:
        case "done":
            return _done_in_words(held, w), w("run.next_needs") if result and result.needs else w("run.next")
        case "stopped":
            if held.run.order and held.run.order.separate:
                return w("run.stopped"), w("run.stopped_files", count=result.printed if result else 0)
            return w("run.stopped"), w("run.stopped_job")
        case "earlier" | "unfinished" if earlier:
            run = earlier.run
            if run.is_finished:
                return w("run.earlier", code=run.code, started=run.started), ""
            return w("run.unfinished", code=run.code, started=run.started), w("run.after_unfinished", count=run.files)
        case "gone":
            return w("run.gone"), w("run.after_gone")
        case "refused":
            return w("run.refused"), w("run.after_refused")
        case "nobody":
            return w("run.nobody"), w("run.next_needs")
        case _:
            return w("run.fault"), ""


def _done_in_words(held: HeldRun, w: Words) -> str:
    result, order, sent = held.result, held.run.order, held.run.sent
    assert result and order, "what is done was ordered"
    if order.separate:
        return w("run.done_files", count=result.printed)
    files = sent.files if sent else ()
    if order.job:
        first, last = order.again
        what = w("run.from_sheet_words", first=first) if last == LAST else w("run.one_sheet_words", first=first)
        return w("run.again_sent", what=what) if files else w("run.again_job", what=what)
    numbers = {"sheets": result.sheets, "count": result.printed}
    if not files:
        return w("run.done_job", **numbers)
    printer = files[0].printer
    return w("run.done_sent", printer=printer, **numbers) if printer else w("run.done_sent_usual", **numbers)


@screen.get("/runs/<name>/file")
def file(name: str) -> Response:
    """Give the finished job, to be looked at or printed from the browser."""
    path = _held(name).file
    if path is None:
        raise NotFound
    return send_file(BytesIO(path.read_bytes()), mimetype="application/pdf", download_name="handouts.pdf")


@screen.post("/runs/<name>/delete")
def delete(name: str) -> Response:
    """Delete the finished job, whose pages are handed out; sheets of it can still be printed again."""
    path = _held(name).file
    if path:
        remove_pages(path)
    return redirect(url_for("run.show", name=name), 303)


@screen.post("/runs/<name>/stop")
def stop(name: str) -> Response:
    """Stop after the person in hand."""
    held = _held(name)
    if held.run.is_running and not held.run.is_sending:
        get_desk().lists.stop(held.run)
    return redirect(url_for("run.show", name=name), 303)


@screen.post("/runs/<name>/on")
def go_on(name: str) -> Response:
    """Give the same order again: it finishes what was begun."""
    held = _held(name)
    if not held.can_go_on:
        return redirect(url_for("run.show", name=name), 303)
    assert held.opened and held.run.order, "asked above"
    return begin_run(get_desk(), held.opened, held.run.order, once_key())


@screen.post("/runs/<name>/again")
def again(name: str) -> Response | tuple[str, int]:
    """Print sheets of a job again, or one person by code."""
    held, form, desk = _held(name), read_form(AGAIN), get_desk()
    try:
        order = _sheets(desk, held, form) if "code" not in request.form.get("what", "") else _person(desk, held, form)
    except _WrongForm as error:
        return _page(name, held, form.refused([error.problem])), 422
    assert held.opened, "who may order again has the list"
    return begin_run(desk, held.opened, order, once_key())


class _WrongForm(Exception):
    def __init__(self, key: str, message: str) -> None:
        self.problem = Problem(Place(key), message, code=OURS)


def _sheets(desk: Desk, held: HeldRun, form: Form) -> ListOrder:
    """Order the sheet that was typed again, or all from it on. Raises _WrongForm."""
    earlier, typed, w = held.earlier, form.value("sheet"), desk.words()
    if held.opened is None or earlier is None or earlier.order is None:
        raise _WrongForm("sheet", w("run.changed"))
    if not (typed.isascii() and typed.isdigit() and len(typed) < 7 and 1 <= int(typed) <= earlier.run.sheets):
        raise _WrongForm("sheet", w("run.which_sheet", last=earlier.run.sheets))
    first = int(typed)
    last = first + 1 if request.form.get("what") == "sheet" else LAST
    day = max(earlier.order.day, desk.now().date())
    return replace(earlier.order, day=day, job=earlier.run.path.name, again=(first, last))


def _person(desk: Desk, held: HeldRun, form: Form) -> ListOrder:
    """Order the pages of the person with the code that was typed, in a file of their own. Raises _WrongForm."""
    opened, w = held.opened, desk.words()
    if opened is None or not isinstance(opened.found, ReadList):
        raise _WrongForm("code", w("run.changed"))
    person = opened.row_of(form.value("code"))
    if person is None:
        raise _WrongForm("code", w("run.no_such_code"))
    sides = held.run.order.sides if held.run.order else 2
    day = max(opened.day, desk.now().date())
    return ListOrder(day, (person.row,), sides, is_reprint=True)
