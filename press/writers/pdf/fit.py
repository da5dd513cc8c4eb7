"""Choose the size of the words: the first of the stylesheet's in which the page holds on its sides.

No page is squeezed to fit: the sizes are the designer's, all else keeps its proportion to
them, and staff are told whenever the usual size was not the one.
"""

from __future__ import annotations

from press.document import Document
from press.errors import HandoutError, Problem, Severity
from press.style import Stylesheet, in_size
from press.writers.pdf.fonts import Faces
from press.writers.pdf.layout import Layout
from press.writers.pdf.page import lay_out, sides_place


def fit(document: Document, sheet: Stylesheet, faces: Faces) -> tuple[Layout, tuple[Problem, ...]]:
    """The pages, and a warning if they are set in a smaller size than usual.

    Raises HandoutError with what is wrong in the smallest size, by how many lines it is too long.
    """
    layout, problems = lay_out(document, sheet, faces)
    if not problems:
        return layout, ()
    for size in sheet.smaller:
        layout, problems = lay_out(document, in_size(sheet, size), faces)
        if not problems:
            return layout, (_told(document, sheet, size),)
    raise HandoutError(problems)


def _told(document: Document, sheet: Stylesheet, size: float) -> Problem:
    usual = sheet.style("p").size
    return Problem(
        sides_place(document),
        f"the words ({document.language}) are too long for {usual:g} points: this page is set in {size:g} points",
        "shorter words make larger letters",
        severity=Severity.WARNING,
    )
