"""Make the page objects of one handout and its part of the structure tree: which MCIDs belong to which element.

ISO 32000-1, 7.7.3.3 (pages), 14.7 (tree, parent tree), 14.8.5 (attributes of lists, tables and
drawings), 14.9 (language, words for drawings). One paragraph on two pages is one element with an
MCID on each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import groupby

from press.records import replace
from press.writers.pdf.draw import Link
from press.writers.pdf.file.bookmarks import HeadingPlace, find_headings
from press.writers.pdf.layout.bars import frames
from press.writers.pdf.model import Element, Layout
from press.writers.pdf.objects import Gapped, ObjectTemplate, with_gaps, write_string
from press.writers.pdf.paths import number
from press.writers.pdf.reuse.pieces import Pieces

_SCOPES = {"col": "Column", "row": "Row"}  # ISO 32000-1, table 349
_NONE = Link("", "", (0, 0, 0, 0))  # of words that lead nowhere
_PAGES, _RESOURCES, _PARENT, _FIRST = range(4)  # the first places of the numbers that are filled in


def make_tags(pieces: Pieces, sides: range | None = None, role: str = "", language: str = "") -> Tagged:
    """Look up or make the tags of a plan: with other fonts it has the same MCIDs, in as many content streams."""
    wanted = sides or range(len(pieces.pages))
    key = wanted, role, language, pieces.with_links, tuple(map(len, pieces.pages))
    found: Tagged = pieces.tags.get(key, lambda: Tagged(pieces, wanted, role, language))
    return found


class Tagged:
    """A template of the page objects of these sides of a plan (from 0), and of their structure elements.

    `role` replaces that of the root element, `language` is its own where it differs from the part of
    the file. The objects are the pages, their rows of the parent tree, and the elements, root first;
    `links` has the index among them of the Link element of each annotation.
    """

    def __init__(self, pieces: Pieces, sides: range, role: str = "", language: str = "") -> None:
        made = _Objects(pieces, sides, role, language)
        self.pages = made.pages
        self.links = [2 * made.pages + place for place in made.links]
        self._headings = {2 * made.pages + place: element for place, element in made.headings.items()}
        self._layout = pieces.layout
        self.template = ObjectTemplate(made.all)

    @cached_property
    def headings(self) -> tuple[HeadingPlace, ...]:
        """The headings that are the same for all readers, in reading order."""
        return tuple(find_headings(self._layout, self._headings))

    @property
    def root(self) -> int:
        """Give the index of the root element among the objects."""
        return 2 * self.pages

    def fill(
        self, pages: int, resources: int, parent: int, key: int, streams: Sequence[int], first: int
    ) -> list[bytes]:
        """Fill in the object numbers: those of the objects from `first` on, and those of a file that they refer to.

        `key` is the number of the first side in the parent tree; `streams` are the content streams.
        """
        keys = range(key, key + self.pages + len(self.links))
        return self.template.fill(
            (pages, resources, parent, *keys, *streams, *range(first, first + self.template.count))
        )


class _Node:
    """A structure element that is being written: its kids, the places of their numbers, and the page of its content."""

    __slots__ = ("kids", "page", "place", "places")

    def __init__(self, place: int) -> None:
        self.place = place
        self.kids: list[str] = []
        self.places: list[int] = []
        self.page = 0

    def refer(self, place: int) -> None:
        """Add another element as a kid."""
        self.kids.append("%d 0 R")
        self.places.append(place)


class _Objects:
    """Build the objects of a plan; needed only until they are written."""

    def __init__(self, pieces: Pieces, sides: range, role: str, language: str) -> None:
        layout = pieces.layout
        self.pages = len(sides)
        self._streams = [len(pieces.pages[side]) for side in sides]
        self._content = [pieces.marks[side] for side in sides]
        self._keys = self.pages + sum(len(content.links) for content in self._content)
        start = _FIRST + self._keys + sum(self._streams)
        self._pages = list(range(start, start + self.pages))
        self._frames = frames(layout.root, ((page, layout.height) for page in layout.pages))
        self._where: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._apart: set[tuple[int, int]] = set()  # the content that is an element of its own
        for place, content in enumerate(self._content):
            for mcid, key in enumerate(content.keys):
                self._where[key].append((place, mcid))
            self._apart.update((place, mcid) for mcid in (*content.links, *content.spoken))
        self._parents = [[0] * len(content.keys) for content in self._content]
        is_part = self.pages < len(layout.pages)
        root = _prune(layout.root, frozenset(self._where)) if is_part else layout.root
        self._above = _levels_above(root) if is_part and root else 0
        self._elements: dict[int, Gapped] = {}  # by place
        self._annotations: list[list[int]] = [[] for _ in sides]
        self.headings: dict[int, Element] = {}
        self.links: list[int] = []
        top = root or Element(0, "")
        self._element(replace(top, role=role or layout.root.role, language=language or top.language), _PARENT)
        self.all = [*self._page_objects(layout), *self._parent_rows(), *self._elements.values()]

    def _page_objects(self, layout: Layout) -> Iterator[Gapped]:
        streams, (paper, _) = _FIRST + self._keys, with_gaps([0, 0, layout.width, layout.height])
        for place, count in enumerate(self._streams):
            links = self._annotations[place]
            content = f"/Contents[{_references(range(count))}]/MediaBox{paper}/Parent %d 0 R/Resources %d 0 R"
            text = f"<<{f'/Annots[{_references(links)}]' if links else ''}{content}/StructParents %d/Tabs/S/Type/Page>>"
            yield text, (*links, *range(streams, streams + count), _PAGES, _RESOURCES, _FIRST + place)
            streams += count

    def _parent_rows(self) -> list[Gapped]:
        if not all(map(all, self._parents)):
            raise RuntimeError("an MCID of the page belongs to no element")
        return [(f"[{_references(row)}]", row) for row in self._parents]

    def _element(self, element: Element, parent: int) -> int:
        if element.is_heading:
            self.headings[len(self._elements)] = element
        node = self._new()
        for child in element.children:
            node.refer(self._element(child, node.place))
        content = self._where.get(element.key, ()) if element.key else ()
        if self._apart.isdisjoint(content):
            for place, mcid in content:
                self._refer(node, place, mcid)
        else:
            self._refer_apart(node, content)
        role = self._role(element) if self._above and element.is_heading else element.role
        self._end(node, parent, role, *self._attributes(element))
        return node.place

    def _role(self, element: Element) -> str:
        """The role of a heading where sides are left out before: they begin with H1 (ISO 14289-1, 7.4.2)."""
        return f"H{max(int(element.role[1:]) - self._above, 1)}"

    def _new(self) -> _Node:
        place = self._pages[0] + 2 * self.pages + len(self._elements)
        self._elements[place] = "", ()
        return _Node(place)

    def _end(self, node: _Node, parent: int, role: str, before: str = "", after: str = "") -> None:
        """Write an element, its other entries `before` and `after` its kids."""
        kids = " ".join(node.kids).replace(" <<", "<<").replace(">> ", ">>")
        node.places.append(parent)
        if node.page:
            node.places.append(node.page)
            after += "/P %d 0 R/Pg %d 0 R"
        else:
            after += "/P %d 0 R"
        self._elements[node.place] = f"<<{before}/K[{kids}]{after}/S/{role}>>", node.places

    def _refer(self, node: _Node, place: int, mcid: int) -> None:
        """Refer to marked content: by MCID alone on the page of the element, else with the page (14.7.4.2)."""
        self._parents[place][mcid] = node.place
        page = self._pages[place]
        node.page = node.page or page
        if node.page == page:
            node.kids.append(str(mcid))
        else:
            node.kids.append(f"<</MCID {mcid}/Pg %d 0 R/Type/MCR>>")
            node.places.append(page)

    def _refer_apart(self, node: _Node, content: Sequence[tuple[int, int]]) -> None:
        """Refer to marked content of which some is in elements of its own: those of links, and spans."""
        for link, group in groupby(content, key=lambda found: self._content[found[0]].links.get(found[1], _NONE).text):
            if link:
                node.refer(self._link(list(group), node.place))
                continue
            for place, mcid in group:
                if spoken := self._content[place].spoken.get(mcid):
                    node.refer(self._span(place, mcid, spoken, node.place))
                else:
                    self._refer(node, place, mcid)

    def _link(self, content: Sequence[tuple[int, int]], parent: int) -> int:
        """Make a Link: its words, which a line may divide, each with its annotation (ISO 32000-1, 14.8.4.4.2)."""
        node = self._new()
        place_of_link = len(self._elements) - 1
        for place, mcid in content:
            self._refer(node, place, mcid)
            annotation = self._annotation(place, self._content[place].links[mcid])
            self.links.append(place_of_link)
            node.kids.append("<</Obj %d 0 R/Pg %d 0 R/Type/OBJR>>")
            node.places += annotation, self._pages[place]
        self._end(node, parent, "Link")
        return node.place

    def _annotation(self, place: int, link: Link) -> int:
        """Make the annotation of a link (12.5.6.5), as ISO 14289-1, 7.18 and ISO 19005-2, 6.3 ask for it."""
        # It is printed (F 4), as PDF/A requires: without a border there is nothing to see
        frame, action = " ".join(map(number, link.frame)), f"<</S/URI/URI {_text(link.uri)}>>"
        rest = f"/Contents {_text(link.text)}/F 4/Rect[{frame}]/StructParent %d/Subtype/Link/Type/Annot"
        found = self._new().place
        self._elements[found] = f"<</A{action}/Border[0 0 0]{rest}>>", [_FIRST + self.pages + len(self.links)]
        self._annotations[place].append(found)
        return found

    def _span(self, place: int, mcid: int, spoken: str, parent: int) -> int:
        """Make a Span whose ActualText is read in place of its content (ISO 32000-1, 14.9.4)."""
        node = self._new()
        self._refer(node, place, mcid)
        self._end(node, parent, "Span", f"/ActualText {_text(spoken)}")
        return node.place

    def _attributes(self, element: Element) -> tuple[str, str]:
        """The other entries of an element, before and after its kids."""
        before = ""
        if element.scope:
            before = f"/A<</O/Table/Scope/{_SCOPES[element.scope]}>>"
        elif element.numbering:
            before = f"/A<</ListNumbering/{element.numbering}/O/List>>"
        elif element.alt:
            frame = with_gaps(list(self._frames[element.key]))[0]
            before = f"/A<</BBox{frame}/O/Layout/Placement/Block>>/Alt {_text(element.alt)}"
        return before, f"/Lang {_text(element.language)}" if element.language else ""


def _references(places: Collection[int]) -> str:
    return " ".join(["%d 0 R"] * len(places))


def _text(text: str) -> str:
    return write_string(text).replace("%", "%%")


def _levels_above(element: Element) -> int:
    """How many levels lie above the first heading of the tree."""
    if element.is_heading:
        return int(element.role[1:]) - 1
    return next((above for child in element.children if (above := _levels_above(child)) >= 0), -1)


def _prune(element: Element, there: frozenset[int]) -> Element | None:
    """Prune the tree: drop the elements whose content lies on sides that are left out."""
    children = tuple(pruned for child in element.children if (pruned := _prune(child, there)))
    if not children and element.key not in there:
        return None
    return replace(element, children=children)
