"""Home: the doors to everything else, what was printed last, and the printer."""

from __future__ import annotations

from flask import Blueprint, render_template

screen = Blueprint("home", __name__)


@screen.get("/")
def show() -> str:
    """Show the doors."""
    return render_template("home.html")
