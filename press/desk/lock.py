"""In and out: the one-time address, the lock, the end, and the language of the screens."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as BaseResponse

from press.desk.desk import get_desk
from press.desk.gate import COOKIE, passive
from press.desk.staff_words import LANGUAGES
from press.desk.start import take_knock

screen = Blueprint("lock", __name__)


@screen.get("/enter")
def enter() -> Response:
    """Use up a one-time token, and set the cookie. A redirect would arrive without it: the page refreshes itself."""
    desk, token = get_desk(), request.args.get("token", "")
    if desk.folder and take_knock(desk.folder, token):
        desk.session.new_token(token)
    if not desk.session.enter(token):
        raise Forbidden
    answer = make_response(render_template("enter.html"))
    answer.set_cookie(COOKIE, desk.session.cookie, httponly=True, samesite="Strict")
    return answer


@screen.get("/idle")
@passive
def idle() -> Response:
    """Say how many seconds are left until the desk locks; a page asks before it warns."""
    return jsonify(seconds=get_desk().session.seconds_left)


@screen.post("/stay")
def stay() -> tuple[str, int]:
    """Somebody is still there: the gate has counted from now."""
    return "", 204


@screen.post("/lock")
def show() -> BaseResponse:
    """Lock: what was typed is forgotten, and the page that follows is empty."""
    get_desk().session.lock()
    return redirect("/lock", 303)


@screen.post("/leave")
def leave() -> str:
    """End the program, once this page is sent; a running list goes on first."""
    get_desk().session.end()
    return render_template("left.html")


@screen.post("/language")
def speak() -> BaseResponse:
    """Change the language of the screens, for this start of the program."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        get_desk().language = chosen
    return redirect(url_for("home.show"), 303)
