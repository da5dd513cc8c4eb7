"""Choose the font size: the first of the stylesheet's in which the page fits on its sides.

No page is squeezed to fit: the sizes are the designer's, all else keeps its proportion to
them, and staff are warned if it is not the usual one. In each size, pictures shrink before the words
do. A smaller size is also taken where it spares a side that a few words alone would need.
"""

from __future__ import annotations

from itertools import product

from press.document.nodes import Document
from press.errors import HandoutError, Problem, Severity
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.pages import lay_out, sides_place
from press.writers.pdf.layout.pictures import picture_sizes
from press.writers.pdf.layout.words import Note
from press.writers.pdf.model import ARTIFACT, Layout, TextItem
from press.writers.stylesheet import Stylesheet
from press.writers.variants import in_size

_SPILL = 0.15  # of a side: less than that is a spill


def fit(
    document: Document, stylesheet: Stylesheet, faces: Faces, note: Note | None = None
) -> tuple[Layout, tuple[Problem, ...]]:
    """Lay out pages, with a warning if they are set in a smaller size than usual; `note` as in `lay_out`.

    Raises HandoutError with what is wrong in the smallest size, by how many lines it is too long.
    """
    best: tuple[Layout, float] | None = None
    sizes = (stylesheet.style("p").size, *stylesheet.smaller)
    for size, picture in product(sizes, picture_sizes(document, stylesheet.picture)):
        layout, problems = lay_out(document, in_size(stylesheet, size, picture), faces, note)
        if problems or (best and len(layout.pages) >= len(best[0].pages)):
            continue
        if best or not _spills(layout):
            return layout, _warnings(document, stylesheet, layout, size)
        best = layout, size
    if best is None:
        raise HandoutError(problems)
    return best[0], _warnings(document, stylesheet, *best)


def _spills(layout: Layout) -> bool:
    """Tell whether a few words alone fill the last side: such a side gets lost."""
    *others, last = layout.pages
    lowest = max(
        (item.y for item in last.items if isinstance(item, TextItem) and item.element != ARTIFACT), default=0.0
    )
    return bool(others) and lowest < layout.top + _SPILL * (layout.bottom - layout.top)


def _warnings(document: Document, stylesheet: Stylesheet, layout: Layout, size: float) -> tuple[Problem, ...]:
    """Warn staff of a smaller size, and of a side that the page should not need."""
    usual, words = stylesheet.style("p").size, f"the words ({document.language}) are too long for"
    found = []
    if size != usual:
        found.append(f"{words} {usual:g} points: this page is set in {size:g} points")
    if 0 < document.sides < len(layout.pages):
        found.append(
            f"{words} {document.sides} side{'s' * (document.sides > 1)}: what matters least stands on one more"
        )
    hint = "shorter words make larger letters"
    return tuple(Problem(sides_place(document), message, hint, severity=Severity.WARNING) for message in found)
