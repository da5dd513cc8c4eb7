"""Choose the size of the words: the first of the stylesheet's in which the page holds on its sides.

No page is squeezed to fit: the sizes are the designer's, all else keeps its proportion to
them, and staff are told whenever the usual size was not the one. A smaller size is also taken
where it spares a side that a few words alone would need.
"""

from __future__ import annotations

from press.document import Document
from press.errors import HandoutError, Problem, Severity
from press.style import Stylesheet, in_size
from press.writers.pdf.fonts import Faces
from press.writers.pdf.layout import ARTIFACT, Layout, TextItem
from press.writers.pdf.page import lay_out, sides_place
from press.writers.pdf.words import Note

_SPILL = 0.15  # of a side: less than that is a spill


def fit(
    document: Document, sheet: Stylesheet, faces: Faces, note: Note | None = None
) -> tuple[Layout, tuple[Problem, ...]]:
    """The pages, and a warning if they are set in a smaller size than usual; `note` as in `lay_out`.

    Raises HandoutError with what is wrong in the smallest size, by how many lines it is too long.
    """
    layout, problems = lay_out(document, sheet, faces, note)
    usual = None if problems else layout
    if usual and not _spills(usual):
        return usual, ()
    for size in sheet.smaller:
        layout, problems = lay_out(document, in_size(sheet, size), faces, note)
        if not problems and (usual is None or len(layout.pages) < len(usual.pages)):
            return layout, (_told(document, sheet, size),)
    if usual is None:
        raise HandoutError(problems)
    return usual, ()


def _spills(layout: Layout) -> bool:
    """Whether a few words alone have a side of their own: the side that gets lost."""
    *others, last = layout.pages
    lowest = max((item.y for item in last.items if isinstance(item, TextItem) and item.element != ARTIFACT), default=0.0)
    return bool(others) and lowest < layout.top + _SPILL * (layout.bottom - layout.top)


def _told(document: Document, sheet: Stylesheet, size: float) -> Problem:
    usual = sheet.style("p").size
    return Problem(
        sides_place(document),
        f"the words ({document.language}) are too long for {usual:g} points: this page is set in {size:g} points",
        "shorter words make larger letters",
        severity=Severity.WARNING,
    )
