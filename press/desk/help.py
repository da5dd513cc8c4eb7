"""Help: each screen in two sentences, and what to do when something is wrong."""

from __future__ import annotations

from flask import Blueprint, render_template

screen = Blueprint("help", __name__)


@screen.get("/help")
def show() -> str:
    """Show what each screen is for."""
    return render_template("help.html")
