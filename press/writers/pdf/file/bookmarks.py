"""Make the bookmarks of a file: its outline (ISO 32000-1, 12.3.3), by page and by structure element.

A file of more than three sides has its headings. A heading with a reader's own words has no bookmark:
viewers show bookmarks beside every page, and keep them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from reportlab.pdfbase.pdfdoc import PDFString

from press.lru import OfObjects
from press.records import dataclass
from press.writers.pdf.model import Element, Layout, OpenItem, TextItem
from press.writers.pdf.objects import AnyObject, Ref

_MOST = 64  # layouts whose headings are cached: those of the file in hand, and of many more
MOST_WITHOUT = 3  # sides of a file that needs no bookmarks


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark for the page with index `page` and the structure element with object number `element`.

    `level` is 0 for the first level of the outline. `top` is how high the page is shown from, in points
    from its foot; without it the whole page is shown.
    """

    title: str
    page: int
    element: int
    level: int = 0
    top: float | None = None


@dataclass(frozen=True, slots=True)
class HeadingPlace:
    """A heading of a layout: its words, its element (a key), the index of its side, and its top from the foot."""

    title: str
    level: int
    key: int
    side: int
    top: float


def find_headings(layout: Layout) -> tuple[HeadingPlace, ...]:
    """Find the headings that are the same for all readers, in reading order."""
    return _headings.get(layout)


def _find(layout: Layout) -> Iterator[HeadingPlace]:
    lines: dict[int, list[tuple[int, TextItem]]] = defaultdict(list)
    for side, page in enumerate(layout.pages):
        for item in page.items:
            if isinstance(item, TextItem):
                lines[item.element].append((side, item))
    for element in _walk(layout.root):
        parts = [lines[each.key] for each in _walk(element) if each.key in lines] if element.is_heading else []
        if parts and not any(isinstance(item, OpenItem) for part in parts for _, item in part):
            title = " / ".join(" ".join("".join(item.line.text for _, item in part).split()) for part in parts)
            side, first = parts[0][0]
            yield HeadingPlace(title, int(element.role[1:]), element.key, side, layout.height - first.y + first.size)


_headings: OfObjects[Layout, tuple[HeadingPlace, ...]] = OfObjects(_MOST, lambda layout: tuple(_find(layout)))


def _walk(element: Element) -> Iterator[Element]:
    rest = [element]
    while rest:
        yield (found := rest.pop())
        rest += reversed(found.children)


def make_outline(
    bookmarks: Sequence[Bookmark], pages: Sequence[int], root: int, first: int
) -> Iterator[tuple[int, AnyObject]]:
    """Make the objects of the outline `root`; those of the bookmarks are numbered from `first` on.

    It shows the first level, and the second below a bookmark that stands alone, as a title does.
    """
    below = _nest(bookmarks)
    top = below.get(-1, [])
    is_open = len(top) == 1
    for parent, siblings in below.items():
        for before, place, after in zip([-1, *siblings], siblings, [*siblings[1:], -1], strict=False):
            entries = _entries(bookmarks[place], pages) | {"Parent": Ref(first + parent if parent >= 0 else root)}
            entries |= {"Prev": Ref(first + before)} if before >= 0 else {}
            entries |= {"Next": Ref(first + after)} if after >= 0 else {}
            if inner := below.get(place):
                shown = len(inner) if is_open and parent < 0 else -len(inner)
                entries |= {"First": Ref(first + inner[0]), "Last": Ref(first + inner[-1]), "Count": shown}
            yield first + place, entries
    ends = {"First": Ref(first + top[0]), "Last": Ref(first + top[-1])} if top else {}
    shown = len(top) + (len(below.get(0, ())) if is_open else 0)
    yield root, {"Type": "/Outlines", **ends, "Count": shown}


def _nest(bookmarks: Sequence[Bookmark]) -> dict[int, list[int]]:
    """Find the bookmarks right below each, by index; those of the first level are below -1."""
    below: dict[int, list[int]] = defaultdict(list)
    above: list[int] = []
    for place, bookmark in enumerate(bookmarks):
        while above and bookmarks[above[-1]].level >= bookmark.level:
            above.pop()
        below[above[-1] if above else -1].append(place)
        above.append(place)
    return dict(below)


def _entries(bookmark: Bookmark, pages: Sequence[int]) -> dict[str, object]:
    """Say where a bookmark leads: to a page, and to a structure element (ISO 32000-1, table 153)."""
    page = Ref(pages[bookmark.page])
    view = ["/Fit"] if bookmark.top is None else ["/XYZ", 0, round(bookmark.top, 2), 0]
    return {"Title": PDFString(bookmark.title), "Dest": [page, *view], "SE": Ref(bookmark.element)}
