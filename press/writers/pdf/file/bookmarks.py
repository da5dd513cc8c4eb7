"""Make the bookmarks of a file: its outline (ISO 32000-1, 12.3.3), by page and by structure element.

A file of more than three sides has its headings. A heading with a reader's own words has no bookmark:
viewers show bookmarks beside every page, and keep them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from press.records import dataclass
from press.writers.pdf.model import Element, Layout, OpenLine, TextItem
from press.writers.pdf.objects import write_string
from press.writers.pdf.paths import number

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
    """A heading of a layout: its words, the index of its element and of its side, and its top from the foot."""

    title: str
    level: int
    element: int
    side: int
    top: float


def find_headings(layout: Layout, elements: Mapping[int, Element]) -> Iterator[HeadingPlace]:
    """Find those of the headings `elements` (by index) that are the same for all readers, in this order."""
    parts = {place: list(_walk(element)) for place, element in elements.items()}
    lines: dict[int, list[tuple[int, TextItem]]] = {each.key: [] for found in parts.values() for each in found}
    for side, page in enumerate(layout.pages):
        for item in page.items:
            if isinstance(item, TextItem) and item.element in lines:
                lines[item.element].append((side, item))
    for place, element in elements.items():
        spoken = [lines[each.key] for each in parts[place] if lines[each.key]]
        if spoken and not any(isinstance(item.line, OpenLine) for part in spoken for _, item in part):
            title = " / ".join(" ".join("".join(item.line.text for _, item in part).split()) for part in spoken)
            side, first = spoken[0][0]
            yield HeadingPlace(title, int(element.role[1:]), place, side, layout.height - first.y + first.size)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _walk(child)


def make_outline(
    bookmarks: Sequence[Bookmark], pages: Sequence[int], root: int, first: int
) -> Iterator[tuple[int, bytes]]:
    """Make the objects of the outline `root`; those of the bookmarks are numbered from `first` on.

    It shows the first level, and the second below a bookmark that stands alone, as a title does.
    """
    below = _nest(bookmarks)
    top = below.get(-1, [])
    is_open = len(top) == 1
    for parent, siblings in below.items():
        above = f"/Parent {first + parent if parent >= 0 else root} 0 R"
        for before, place, after in zip([-1, *siblings], siblings, [*siblings[1:], -1], strict=False):
            inner = below.get(place, ())
            count = f"/Count {len(inner) if is_open and parent < 0 else -len(inner)}" if inner else ""
            following = f"/Next {first + after} 0 R" if after >= 0 else ""
            previous = f"/Prev {first + before} 0 R" if before >= 0 else ""
            goal, title = _goal(bookmarks[place], pages)
            text = f"<<{count}{goal}{_ends(inner, first)}{following}{above}{previous}{title}>>"
            yield first + place, text.encode("latin-1")
    shown = len(top) + (len(below.get(0, ())) if is_open else 0)
    yield root, f"<</Count {shown}{_ends(top, first)}/Type/Outlines>>".encode("latin-1")


def _ends(inner: Sequence[int], first: int) -> str:
    return f"/First {first + inner[0]} 0 R/Last {first + inner[-1]} 0 R" if inner else ""


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


def _goal(bookmark: Bookmark, pages: Sequence[int]) -> tuple[str, str]:
    """Say where a bookmark leads: to a page, and to a structure element with its title (ISO 32000-1, table 153)."""
    view = "/Fit" if bookmark.top is None else f"/XYZ 0 {number(bookmark.top)} 0"
    return (
        f"/Dest[{pages[bookmark.page]} 0 R{view}]",
        f"/SE {bookmark.element} 0 R/Title {write_string(bookmark.title)}",
    )
