"""A list: hand it over, see who is ready and who needs a clerk, say what its columns mean, choose who is printed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from press.content.localize import date_in_words
from press.desk.days import chosen_day, days_ahead
from press.desk.desk import Desk, get_desk
from press.desk.forms import Form, filled_form, once_key, read_form
from press.desk.gate import large, passive
from press.desk.list_meaning import PRINT, at_fields, meaning_form, meaning_labels, read_meaning
from press.desk.list_orders import ListOrder, LookedAt, ReadList
from press.desk.list_process import ListBusy, ListRun
from press.desk.list_words import cell_in_words, column_in_words, plain
from press.desk.open_list import ORDERS, SHOWN, OpenList
from press.desk.person_form import OURS
from press.desk.run import HeldRun, begin_run
from press.errors import HandoutError, Place, Problem
from press.records import dataclass


@dataclass
class Look:
    """The pages of one person to look at, or why there are none; `name` is the id of their pictures."""

    row: int
    pages: tuple[LookedAt, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_busy: bool = False
    name: str = ""


screen = Blueprint("lists", __name__)
_MOST_OPEN: Final = 4  # lists at once: each has a process
_AT_ONCE: Final = 3.0  # seconds that an answer waits for a short list, so that no page of waiting flickers by
_UPLOAD: Final = ("list", "day")


@screen.get("/lists")
def show() -> str:
    """Ask for a list."""
    return _ask(filled_form(_UPLOAD, day=_today(get_desk()).isoformat()))


def _ask(form: Form) -> str:
    desk = get_desk()
    running = [(desk.memory.keep(HeldRun(run)), run) for run in desk.lists.running]
    return render_template("lists.html", form=form, days=days_ahead(desk), running=running)


@screen.post("/lists")
@large
def open_one() -> Response | tuple[str, int]:
    """Read a list that was handed over; the same list again is the one that is open."""
    desk, form = get_desk(), read_form(_UPLOAD)
    w = desk.words()
    file = request.files.get(form.name("list"))
    data = file.read() if file else b""
    if not data:
        problem = Problem(Place("list"), w("lists.choose_file"), code=OURS)
        return _ask(form.refused([problem])), 422
    day = chosen_day(desk, form.value("day"))
    return open_for(desk, data, day)


def open_for(desk: Desk, data: bytes, day: date, left_out: Collection[int] | None = None) -> Response:
    """Read a list for a day and go to it, with everybody ticked but those in the rows `left_out`."""
    opened = desk.lists.find(data)
    if opened is None or desk.memory.get(opened.name, OpenList) is None:
        process = desk.lists.open(desk.root, data)
        opened = OpenList(data, process, day, ListRun(desk.now()))
        opened.name = desk.memory.keep(opened, "list", _MOST_OPEN)
        desk.lists.remember(opened)
    if left_out is not None:
        opened.left_out = set(left_out)
    return _read(desk, opened, day)


def _read(desk: Desk, opened: OpenList, day: date) -> Response:
    """Begin to read a list for a day, unless it is being printed, and go to it."""
    run = ListRun(desk.now())
    try:
        desk.lists.begin(desk.lists.revive(desk.root, opened), run, "read", (run.began, day))
    except ListBusy:
        return _go_to(opened)
    opened.reading, opened.day = run, day
    run.done.wait(_AT_ONCE)
    return _go_to(opened)


def _go_to(opened: OpenList) -> Response:
    return redirect(url_for("lists.show_one", name=opened.name), 303)


def _opened(name: str) -> OpenList:
    found = get_desk().memory.get(name, OpenList)
    if found is None:
        raise NotFound
    return found


@screen.get("/lists/<name>")
def show_one(name: str) -> str:
    """Show a list: how far it is read, why it cannot be, or everybody on it."""
    return _page(_opened(name))


@screen.get("/lists/<name>/reading")
@passive
def reading(name: str) -> Response | str:
    """Say how far the reading is; the page asks once a second, and is loaded anew at its end."""
    opened = _opened(name)
    if opened.reading.is_running:
        return render_template("lists_reading.html", list=opened)
    answer = make_response("")
    answer.headers["HX-Refresh"] = "true"
    return answer


def _page(opened: OpenList, meaning: Form | None = None, chosen: Form | None = None) -> str:
    desk, found = get_desk(), opened.found
    if opened.reading.is_running:
        return render_template("lists_wait.html", list=opened)
    if found is None:
        return render_template("lists_lost.html", list=opened)
    w = desk.words()
    shared: Mapping[str, object] = {
        "list": opened,
        "found": found,
        "columns": {column.letter: column for column in found.columns},
        "meaning": meaning or meaning_form(found.columns, found.recipe, w),
        **meaning_labels(w),
        **_helpers(opened),
    }
    if not isinstance(found, ReadList):
        return render_template("lists_unread.html", **shared)
    return render_template(
        "lists_table.html",
        **shared,
        form=chosen or filled_form(PRINT, day=found.day.isoformat(), sides="2", cover="yes"),
        days=days_ahead(desk),
        day=date_in_words(found.day, desk.language),
        sorts=ORDERS,
        filters=SHOWN,
        needs=[one for one in opened.people if one.need],
        notes=plain(found.notes),
        key=secrets.token_urlsafe(16),
        look=_look(opened) if opened.looked_at else None,
        is_live=False,
    )


def _helpers(opened: OpenList) -> dict[str, object]:
    """Give what templates call to name cells."""
    columns, w = opened.found.columns if opened.found else (), get_desk().words()
    return {
        "plain": plain,
        "cell": lambda problem: cell_in_words(problem, columns, w),
        "column": lambda problem: column_in_words(problem, columns, w),
    }


@screen.get("/looks/<name>/<int:page>.png")
def picture(name: str, page: int) -> Response:
    """Give the picture of a page that is looked at, counted from 1."""
    look = get_desk().memory.get(name, Look)
    if look is None or not 0 < page <= len(look.pages):
        raise NotFound
    return make_response(look.pages[page - 1].picture, {"Content-Type": "image/png"})


# What is done with a list


@screen.post("/lists/<name>")
def change(name: str) -> Response | str | tuple[str, int]:
    """Do what the button says that was pressed; which people are ticked is kept with each."""
    opened = _opened(name)
    if "look" in request.form and "HX-Request" in request.headers:
        opened.looked_at = _number(request.form["look"])
        return render_template("lists_look.html", look=_look(opened), is_live=True, **_helpers(opened))
    on_page = set(map(_number, request.form.get("on", "").split(",")))
    opened.tick(on_page, map(_number, request.form.getlist("r")))
    for button, work in _BUTTONS.items():
        if button in request.form:
            return work(opened)
    raise NotFound


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _show(opened: OpenList) -> Response:
    sent = request.form
    opened.order = sent["sort"] if sent.get("sort") in ORDERS else opened.order
    opened.shown = sent["filter"] if sent.get("filter") in SHOWN else opened.shown
    opened.find, opened.page = sent.get("find", "").strip(), 1
    return _go_to(opened)


def _turn(opened: OpenList) -> Response:
    opened.page = max(1, min(_number(request.form["page"]), opened.pages))
    return _go_to(opened)


def _tick_all(opened: OpenList) -> Response:
    opened.left_out = set() if request.form["all"] == "yes" else {one.row for one in opened.people}
    return _go_to(opened)


def _look_at(opened: OpenList) -> Response:
    opened.looked_at = _number(request.form["look"])
    return redirect(url_for("lists.show_one", name=opened.name, _anchor="look"), 303)


def _look(opened: OpenList) -> Look:
    """Make the pages of the person who is looked at, or say why there are none."""
    desk, number = get_desk(), opened.looked_at
    try:
        pages = desk.lists.revive(desk.root, opened).ask("look", desk.now(), opened.day, number)
    except HandoutError as error:
        return Look(number, problems=plain(error.problems))
    except ListBusy:
        return Look(number, is_busy=True)
    assert isinstance(pages, tuple)
    look = Look(number, pages)
    look.name = desk.memory.keep(look, "look", most=20)
    return look


def _read_again(opened: OpenList) -> Response:
    """Read the list for another day."""
    desk = get_desk()
    return _read(desk, opened, chosen_day(desk, read_form(PRINT).value("day") or opened.day.isoformat()))


def _print(opened: OpenList) -> Response | tuple[str, int]:
    """Print those who are ticked: one job for the printer, or a file for each; a list of yesterday is read anew."""
    desk, form = get_desk(), read_form(PRINT)
    w = desk.words()
    if opened.day < _today(desk):
        return _read(desk, opened, _today(desk))
    if not opened.chosen_people:
        return _page(opened, chosen=form.refused([Problem(Place(""), w("lists.nobody_ticked"), code=OURS)])), 422
    order = ListOrder(
        opened.day,
        opened.chosen(),
        sides=1 if form.value("sides") == "1" else 2,
        cover=form.value("cover") == "yes",
        separate=request.form["print"] == "files",
    )
    return begin_run(desk, opened, order, once_key())


def _stop_reading(opened: OpenList) -> Response:
    """End the process of a list that is being read; one that is being printed is stopped at its own screen."""
    if opened.reading.is_running:
        opened.process.end()
        opened.reading.done.wait(_AT_ONCE)
    return _go_to(opened)


def _open_earlier(opened: OpenList) -> Response:
    """Show a run of this list from before, to print of it again or to go on with it."""
    desk, number, found = get_desk(), _number(request.form["earlier"]), opened.found
    if not isinstance(found, ReadList) or not 0 <= number < len(found.earlier):
        raise NotFound
    name = desk.memory.keep(HeldRun.of_earlier(opened, found.earlier[number], desk.now()))
    return redirect(url_for("run.show", name=name), 303)


def _save(opened: OpenList) -> Response | tuple[str, int]:
    """Save what the columns mean, and read the list by it."""
    desk, found = get_desk(), opened.found
    w = desk.words()
    if found is None:
        return _go_to(opened)
    form, answers = read_meaning(found.columns)
    try:
        problems = desk.lists.revive(desk.root, opened).ask("learn", answers, form.value("name"), found.recipe)
    except HandoutError as error:
        problems = error.problems
    except ListBusy:
        problems = (Problem(Place(""), w("lists.busy"), code=OURS),)
    assert isinstance(problems, tuple)
    if problems:
        return _page(opened, meaning=form.refused(at_fields(problems, form, w))), 422
    return _read(desk, opened, opened.day)


_BUTTONS: Final[Mapping[str, Callable[[OpenList], Response | tuple[str, int]]]] = {
    "print": _print,
    "look": _look_at,
    "show": _show,
    "page": _turn,
    "all": _tick_all,
    "again": _read_again,
    "earlier": _open_earlier,
    "save": _save,
    "stop": _stop_reading,
}


# Days


def _today(desk: Desk) -> date:
    return desk.now().date()
