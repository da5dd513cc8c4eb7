"""The desk as a web application: its screens behind the one gate.

To add a screen NAME: write `press/desk/NAME.py` with `screen = flask.Blueprint("NAME", __name__)` and its views;
`templates/desk/NAME.html`, which extends `base.html`; its words in `templates/desk/words/NAME.en.yaml` and
`NAME.es.yaml`; and name it in `SCREENS` below, and in `NAVIGATION` if people go there from everywhere. A view reads
its form with `forms`, calls a function of `runs` or `reports` through `get_desk().maker.ask`, and renders. A POST that
did something answers with a redirect to an opaque id of `get_desk().memory`; one that is refused answers with its
form and 422. `gate.large` marks a view that takes a list, `gate.passive` one that a page asks for by itself.
"""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import IO, Final

from flask import Flask, Request, Response, current_app, make_response, render_template, request, send_from_directory
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound

from press.delivery.installed import SCREENS as SCREENS_FOLDER
from press.delivery.installed import SHIPPED
from press.desk import gate
from press.desk.desk import EXTENSION, Desk, get_desk
from press.desk.maker import MakerFault, MakerGone
from press.desk.maker_work import fault_of
from press.errors import HandoutError

TEMPLATES: Final = SHIPPED / SCREENS_FOLDER  # always the program's own
FONTS: Final = SHIPPED / "templates" / "fonts"
SCREENS: Final = (
    "home",
    "person",
    "preview",
    "lists",
    "run",
    "due",
    "given",
    "recall",
    "sheet",
    "handout_words",
    "sign",
    "clinic",
    "help",
    "lock",
)
NAVIGATION: Final = (
    "home",
    "person",
    "lists",
    "due",
    "given",
    "recall",
    "handout_words",
    "clinic",
    "help",
)


class DeskRequest(Request):
    """A request whose uploaded files stay in memory: a list on the disk would be a list that somebody finds."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


class _App(Flask):
    request_class = DeskRequest


def make_app(desk: Desk) -> Flask:
    """Make the application of one start of the program."""
    app = _App("press.desk", static_folder=str(TEMPLATES / "static"), template_folder=str(TEMPLATES))
    app.extensions[EXTENSION] = desk
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(gate.admit)
    app.after_request(gate.seal)
    app.add_url_rule("/fonts/<name>", "fonts", _font)
    for name in SCREENS:
        app.register_blueprint(import_module(f"press.desk.{name}").screen)
    app.context_processor(_context)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(HandoutError, _problems)
    app.register_error_handler(Exception, _fault)
    return app


def _font(name: str) -> Response:
    if not name.endswith(".ttf"):
        raise NotFound
    return send_from_directory(FONTS, name)


def _context() -> dict[str, object]:
    """Give what every template needs."""
    desk = get_desk()
    there = [name for name in NAVIGATION if f"{name}.show" in current_app.view_functions]
    return {"w": desk.words(), "language": desk.language, "session": desk.session, "navigation": there}


def _refused(error: HTTPException) -> Response:
    """Say why a request was refused, and nothing of what is behind the gate."""
    desk, code = get_desk(), error.code or 500
    if isinstance(error, gate.StaleForm) and desk.session.is_open:
        return make_response(render_template("stale.html", fields=list(request.form.items(multi=True))), code)
    known = code if code in (403, 404, 405, 413, 415) else 400
    return make_response(render_template("refused.html", code=known, is_locked=code == 403), code)


def _problems(error: HandoutError) -> Response:
    """Tell what a person can mend where no form of the screen can: a broken config.yaml, a full disk."""
    return make_response(render_template("problems.html", problems=error.problems, fault=""), 422)


def _fault(error: Exception) -> Response:
    """Tell a fault of the program by its kind and place; its words may quote a patient, and go nowhere."""
    if isinstance(error, MakerGone):
        return make_response(render_template("problems.html", problems=(), fault="gone"), 503)
    fault = str(error) if isinstance(error, MakerFault) else fault_of(error)
    return make_response(render_template("problems.html", problems=(), fault=fault), 500)
