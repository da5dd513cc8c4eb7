"""What one PDF file holds: sides of paper, one structure tree, bookmarks. One handout, or a whole print job.

A job puts finished layouts behind each other: nothing in them is laid out again, only their
element keys move, so that each stays one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from press.writers.pdf.fonts import Faces
from press.writers.pdf.layout import ARTIFACT, BoxItem, Element, Item, Layout, Page, TextItem


@dataclass(frozen=True, slots=True)
class Laid:
    """One handout that was laid out and proved: its pages, and the faces that its words are set in."""

    layout: Layout
    faces: Faces


@dataclass(frozen=True, slots=True)
class Leaf:
    """One side of paper: its size in points, and the faces of its words."""

    page: Page
    width: float
    height: float
    faces: Faces


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A name in the outline of a file, and the side (from 0) that it leads to."""

    name: str
    leaf: int


@dataclass(frozen=True, slots=True)
class Volume:
    """A whole file, ready to be written."""

    title: str
    language: str
    root: Element
    leaves: tuple[Leaf, ...]
    bookmarks: tuple[Bookmark, ...] = ()
    has_cards: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one person gets of a job: a name for its bookmark, its language, its handouts.

    A None among `handouts` is a blank side that brings the next one onto a new sheet.
    """

    name: str
    language: str
    handouts: tuple[Laid | None, ...]


def single(laid: Laid, title: str, language: str) -> Volume:
    """The file of one handout."""
    return Volume(title, language, laid.layout.root, _leaves(laid, laid.layout.pages), has_cards=laid.layout.has_cards)


def bound(parts: Iterable[Part], title: str, language: str, first: int = 0) -> Volume:
    """The file of a job, in the order of its parts, from side number `first` (from 0) on.

    Each person is a `Part` of the tree with an `Art` for each handout (ISO 32000-1, 14.8.4.2).
    """
    leaves: list[Leaf] = []
    elements: list[Element] = []
    bookmarks: list[Bookmark] = []
    used = 0
    for part in parts:
        begin, arts = len(leaves), []
        for handout in part.handouts:
            if handout is None:
                leaves.append(_blank(leaves[-1]))
                continue
            pages, root, used = _moved(handout.layout, used)
            leaves += _leaves(handout, pages)
            arts.append(replace(root, role="Art"))
        elements.append(Element(0, "Part", tuple(arts), language=part.language))
        bookmarks.append(Bookmark(part.name, begin))
    kept = tuple(leaves[first:])
    there = frozenset(item.element for leaf in kept for item in leaf.page.items if isinstance(item, TextItem))
    root = _pruned(Element(0, "Document", tuple(elements)), there) if first else Element(0, "Document", tuple(elements))
    marked = tuple(Bookmark(mark.name, max(0, mark.leaf - first)) for mark in _ahead(bookmarks, first))
    return Volume(title, language, root or Element(0, "Document"), kept, marked)


def _ahead(bookmarks: Sequence[Bookmark], first: int) -> list[Bookmark]:
    """The bookmarks that lead to what is kept: the person in whose pages it begins, and all after."""
    before = [number for number, mark in enumerate(bookmarks) if mark.leaf <= first]
    return list(bookmarks[before[-1] :]) if before else list(bookmarks)


def _leaves(laid: Laid, pages: tuple[Page, ...]) -> tuple[Leaf, ...]:
    return tuple(Leaf(page, laid.layout.width, laid.layout.height, laid.faces) for page in pages)


def _blank(before: Leaf) -> Leaf:
    return replace(before, page=Page(0, (), ()))


def _moved(layout: Layout, by: int) -> tuple[tuple[Page, ...], Element, int]:
    """The pages and the tree with all element keys moved up by `by`, and the highest key."""
    pages = tuple(replace(page, items=tuple(_item(item, by) for item in page.items)) for page in layout.pages)
    root = _element(layout.root, by)
    return pages, root, max(_keys(root), default=by)


def _item(item: Item, by: int) -> Item:
    if isinstance(item, TextItem | BoxItem) and item.element != ARTIFACT:
        return replace(item, element=item.element + by)
    return item


def _element(element: Element, by: int) -> Element:
    key = element.key + by if element.key else 0
    return replace(element, key=key, children=tuple(_element(child, by) for child in element.children))


def _keys(element: Element) -> Iterable[int]:
    yield element.key
    for child in element.children:
        yield from _keys(child)


def _pruned(element: Element, there: frozenset[int]) -> Element | None:
    """The tree without what stands on sides that are left out."""
    children = tuple(kept for child in element.children if (kept := _pruned(child, there)))
    if not children and element.key not in there:
        return None
    return replace(element, children=children)
