"""The one gate before every screen. What is not let in here is refused: a route that somebody forgot is closed.

A request is let in with the very host name of this start, the cookie of the open session, and, if it changes
something, with our own origin and the token of our own forms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Request, Response, current_app, request
from werkzeug.exceptions import Conflict, Forbidden, MethodNotAllowed, RequestEntityTooLarge, UnsupportedMediaType

from press.desk.desk import Desk, get_desk

COOKIE: Final = "desk"
FORM_KEY: Final = "t"  # the name of its token in a form
KEY_HEADER: Final = "X-Desk-Token"  # of a list that a script sends
SMALL: Final = 64 * 1024  # bytes of a form
LARGE: Final = 50 * 1000 * 1000  # bytes of a list
MOST_FIELDS: Final = 1_000
OPEN: Final = frozenset({"static", "fonts", "lock.enter"})  # endpoints that need no cookie: they tell nothing
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer Chromium sends `Origin: null` on our own forms
}


class StaleForm(Conflict):
    """A form of ours by its origin, but made before the desk was locked: what was typed is offered once more."""


V = TypeVar("V", bound=Callable[..., object])
_passive: set[Callable[..., object]] = set()
_large: set[Callable[..., object]] = set()


def passive(view: V) -> V:
    """Mark a view that a page asks for by itself: it does not keep the desk from locking."""
    _passive.add(view)
    return view


def large(view: V) -> V:
    """Mark a view that takes a list: up to 50 MB."""
    _large.add(view)
    return view


def admit() -> None:
    """Refuse what is not ours, before any screen sees it. Raises an HTTPException."""
    desk, view = get_desk(), current_app.view_functions.get(request.endpoint or "")
    if request.headers.get("Host") != desk.host:
        raise Forbidden
    if request.method not in ("GET", "HEAD", "POST"):
        raise MethodNotAllowed
    if request.endpoint in OPEN and request.method != "POST":
        return
    if not desk.session.knows(request.cookies.get(COOKIE, "")):
        raise Forbidden
    request.max_content_length = request.max_form_memory_size = LARGE if view in _large else SMALL
    request.max_form_parts = MOST_FIELDS
    if request.method == "POST":
        _admit_change(desk, request)
    if view not in _passive:
        desk.session.start_count()


def _admit_change(desk: Desk, request: Request) -> None:
    """Refuse a change that does not come from a form of ours. Raises an HTTPException."""
    if request.headers.get("Origin") != desk.origin:
        raise Forbidden
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden
    if request.mimetype not in _FORMS:
        raise UnsupportedMediaType
    if sum(map(len, request.form.listvalues())) > MOST_FIELDS:
        raise RequestEntityTooLarge
    token = request.headers.get(KEY_HEADER) or request.form.get(FORM_KEY, "")
    if not desk.session.knows_form(token):
        raise StaleForm


def seal(response: Response) -> Response:
    """Add the headers that keep a page to itself, and out of every cache."""
    response.headers.update(_HEADERS)
    is_fixed = request.endpoint in ("static", "fonts")
    response.headers["Cache-Control"] = "private, max-age=3600" if is_fixed else "no-store"
    return response
