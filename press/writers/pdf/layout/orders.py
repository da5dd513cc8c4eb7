"""Choose where the emergency box stands among the blocks: whole, on one of the first sides of paper.

On a page of many sides, what leads up to the box could push it far back. Tree to tree, before layout: the box
changes places with blocks before or after it, so what is read aloud comes in the order that is seen. What must be
on page 1, and all before it, stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from press.document.nodes import Block, Content, Document, Paragraph, Section, nodes
from press.lru import once_each
from press.records import replace
from press.writers.pdf.model import BoxItem, CutItem, Layout, Page, PictureItem, TextItem
from press.writers.stylesheet import Stylesheet

_EMERGENCY = "emergency"
_HALF = 0.5  # of a side: a side that is less full looks like the last one


class Flaws(NamedTuple):
    """What is wrong with the place of the emergency box, the worst first, each 0 if nothing is.

    On how many sides it stands besides its first, how many sides late it is, how many sides are half empty.
    """

    divided: int = 0
    late: int = 0
    half_empty: int = 0


def orders(document: Document, stylesheet: Stylesheet) -> Iterator[Document]:
    """Give the document with its emergency box at each other place, the nearest first.

    Paragraphs right behind the box belong to it and stay there.
    """
    body, fixed = document.body, set(document.first_page)
    own = next((number for number, block in enumerate(body) if _is_emergency(block)), 0)
    stay = max((number for number, block in enumerate(body) if not fixed.isdisjoint(_ids(block))), default=0)
    if not stylesheet.emergency_by or own <= stay:
        return
    behind = takewhile(lambda block: isinstance(block, Paragraph), body[own + 1 :])
    end = own + 1 + sum(1 for _ in behind)
    box, rest = body[own:end], (*body[:own], *body[end:])
    places = set(range(stay + 1, len(rest) + 1)) - {own}
    for place in sorted(places, key=lambda place: (abs(place - own), place)):
        yield replace(document, body=(*rest[:place], *box, *rest[place:]))


def find_flaws(document: Document, layout: Layout, stylesheet: Stylesheet) -> Flaws:
    """Find what is wrong with the place of the emergency box; nothing is where a stylesheet does not care."""
    if not stylesheet.emergency_by:
        return Flaws()
    wanted = {name for block in document.body if _is_emergency(block) for name in _ids(block)}
    on_sides = [page.number for page in layout.pages if wanted & _shown(page)]
    if not on_sides:
        return Flaws()
    late = max(0, on_sides[-1] - stylesheet.emergency_by)
    return Flaws(len(on_sides) - 1, late, sum(_share(page, layout) < _HALF for page in layout.pages[:-1]))


def _is_emergency(block: Block) -> bool:
    return isinstance(block, Section) and block.role == _EMERGENCY


@once_each
def _ids(block: Block) -> Iterator[str]:
    """Collect the ids of the texts of a block."""
    return (node.id for node in nodes((block,)) if isinstance(node, Content))


def _shown(page: Page) -> set[str]:
    return {run.content for item in page.items if isinstance(item, TextItem) for run in item.line.runs}


def _share(page: Page, layout: Layout) -> float:
    """Measure which share of a side is filled, down to its footer."""
    lows = (
        item.y + (0.0 if isinstance(item, TextItem) else item.size if isinstance(item, PictureItem) else item.height)
        for item in page.items
        if isinstance(item, TextItem | PictureItem | BoxItem | CutItem)
    )
    foot = min((item.y for item in page.footer), default=layout.bottom)
    return (max(lows, default=layout.top) - layout.top) / (foot - layout.top)
