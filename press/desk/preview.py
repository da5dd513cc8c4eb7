"""The live preview of one person's pages: their images, their files, and their words for who does not see them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from press.desk.desk import Desk, get_desk
from press.desk.forms import ONCE_FIELD, read_form
from press.desk.maker import MakerGone, Superseded
from press.desk.person import check_dates
from press.desk.person_form import KEYS, OURS, ReadPerson, labeled, read_person
from press.desk.person_work import PersonPages, person_text, preview_person, side_image
from press.errors import HandoutError, Place, Problem

screen = Blueprint("preview", __name__)
_MOST = 3  # previews of one form that are remembered: the newest, and those whose images may still be asked for


@screen.post("/person/preview")
def update() -> tuple[str, int]:
    """Make the pages of what is typed by now; 204 if something newer was typed meanwhile."""
    desk, form, key = get_desk(), read_form(KEYS), request.form.get(ONCE_FIELD, "")
    read = read_person(desk, form)
    problems: tuple[Problem, ...]
    try:
        name, pages = _made(desk, read, key)
        return render_template("preview.html", form=form, dates=read.dates, pages=pages, name=name, problems=()), 200
    except Superseded:
        return "", 204
    except HandoutError as error:
        problems = labeled(desk, error.problems)
    except MakerGone:
        problems = (Problem(Place(""), desk.words()("common.gone"), code=OURS),)
    refused = form.refused(problems)
    return render_template("preview.html", form=refused, dates=read.dates, pages=None, name="", problems=problems), 422


def _made(desk: Desk, read: ReadPerson, key: str) -> tuple[str, PersonPages]:
    look = request.form.get("look", "0")
    number = int(look) if look.isdecimal() and len(look) < 4 else 0
    pages = check_dates(desk, read, lambda: desk.maker.ask_newest(key, preview_person, read.request, number))
    return desk.memory.keep(pages, f"preview {key}", _MOST), pages


@screen.get("/page/<name>/<int:number>.png")
def image(name: str, number: int) -> Response:
    """Show the image of one side."""
    desk, pages = get_desk(), _pages(name)
    if number >= len(pages.places):
        raise NotFound
    if number not in pages.images:
        _, side, page = pages.places[number]
        pages.images[number] = desk.maker.ask(side_image, page.data, side)
    return Response(pages.images[number], mimetype="image/png")


@screen.get("/file/<name>.pdf")
def file(name: str) -> Response:
    """Give a finished file, to be printed from the browser where no printer takes it."""
    data = get_desk().memory.get(name, bytes)
    if data is None:
        raise NotFound
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": "inline; filename=handout.pdf"})


@screen.get("/text/<name>")
def text(name: str) -> str:
    """Show the words of the pages, for who does not see their images."""
    desk, pages = get_desk(), _pages(name)
    return render_template("text.html", pages=desk.maker.ask(person_text, pages.request))


def _pages(name: str) -> PersonPages:
    found = get_desk().memory.get(name, PersonPages)
    if found is None:
        raise NotFound
    return found
