"""Finished pages of real handouts, for the tests of the review record."""

from __future__ import annotations

from press.document.nodes import Document
from press.patients.options import Options
from press.runs.handout import complete, make
from tests.helpers import TODAY, press


def general_page(topic: str) -> Document:
    """A handout for the shot and both reasons, for nobody in particular."""
    full, _ = complete(press(), Options(form="injection", reason="both"), TODAY)
    return make(press(), topic, full, TODAY).document
