"""Make the page objects of one handout and its part of the structure tree: which MCIDs belong to which element.

ISO 32000-1, 7.7.3.3 (pages), 14.7 (tree, parent tree), 14.8.5 (attributes of lists, tables and
drawings), 14.9 (language, words for drawings). One paragraph on two pages is one element with an
MCID on each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFName, PDFString

from press.records import replace
from press.writers.pdf.draw import Link
from press.writers.pdf.layout.bars import frames
from press.writers.pdf.model import Element, Layout
from press.writers.pdf.objects import AnyObject, Number, ObjectTemplate, Ref
from press.writers.pdf.reuse.pieces import Pieces

_SCOPES = {"col": "Column", "row": "Row"}  # ISO 32000-1, table 349
_NONE = Link("", "", (0, 0, 0, 0))  # of words that lead nowhere
_PAGES, _RESOURCES, _PARENT, _FIRST = range(4)  # the first places of the numbers that are filled in


def make_tags(pieces: Pieces, sides: range | None = None, role: str = "", language: str = "") -> Tagged:
    """Look up or make the tags of a plan: with other fonts it has the same MCIDs, in as many content streams."""
    wanted = sides or range(len(pieces.pages))
    key = wanted, role, language, pieces.with_links, tuple(map(len, pieces.pages))
    found: Tagged = pieces.plan.tags.get(key, lambda: Tagged(pieces, wanted, role, language))
    return found


class Tagged:
    """A template of the page objects of these sides of a plan (from 0), and of their structure elements.

    `role` replaces that of the root element, `language` is its own where it differs from the part of
    the file. The objects are the pages, their rows of the parent tree, and the elements, root first;
    `elements` has the index of each heading among them, by its key, and `links` that of the Link element of
    each annotation.
    """

    def __init__(self, pieces: Pieces, sides: range, role: str = "", language: str = "") -> None:
        made = _Objects(pieces, sides, role, language)
        self.pages = made.pages
        self.links = [2 * made.pages + place for place in made.links]
        self.elements = {key: 2 * made.pages + place for key, place in made.places.items()}
        self.template = ObjectTemplate(made.all)

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


class _Objects:
    """Build the objects of a plan; needed only until they are written."""

    def __init__(self, pieces: Pieces, sides: range, role: str, language: str) -> None:
        layout = pieces.plan.layout
        self.pages = len(sides)
        self._streams = [len(pieces.pages[side]) for side in sides]
        self._content = [pieces.marks[side] for side in sides]
        self._keys = self.pages + sum(len(content.links) for content in self._content)
        self._start = _FIRST + self._keys + sum(self._streams)
        self._frames = frames(layout.root, ((page, layout.height) for page in layout.pages))
        self._where: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._parents: list[list[Ref | None]] = []
        for place, content in enumerate(self._content):
            self._parents.append([None] * len(content.keys))
            for mcid, key in enumerate(content.keys):
                self._where[key].append((place, mcid))
        is_part = self.pages < len(layout.pages)
        root = _prune(layout.root, frozenset(self._where)) if is_part else layout.root
        self._above = _levels_above(root) if is_part and root else 0
        self._elements: list[AnyObject] = []
        self._annotations: list[list[Ref]] = [[] for _ in sides]
        self.places: dict[int, int] = {}
        self.links: list[int] = []
        top = root or Element(0, "")
        self._element(replace(top, role=role or layout.root.role, language=language or top.language), Ref(_PARENT))
        self.all = [*self._page_objects(layout), *self._check_parents(), *self._elements]

    def _page_objects(self, layout: Layout) -> list[AnyObject]:
        streams = _FIRST + self._keys
        found: list[AnyObject] = []
        for place, count in enumerate(self._streams):
            entries = {
                "Type": PDFName("Page"),
                "Parent": Ref(_PAGES),
                "MediaBox": [0, 0, layout.width, layout.height],
                "Resources": Ref(_RESOURCES),
                "Contents": [Ref(streams + number) for number in range(count)],
                "StructParents": Number(_FIRST + place),
                "Tabs": PDFName("S"),
            }
            if self._annotations[place]:
                entries["Annots"] = self._annotations[place]
            found.append(entries)
            streams += count
        return found

    def _check_parents(self) -> list[list[Ref | None]]:
        if any(None in parents for parents in self._parents):
            raise RuntimeError("an MCID of the page belongs to no element")
        return self._parents

    def _element(self, element: Element, parent: Ref) -> Ref:
        entries = {"S": PDFName(self._role(element)), "P": parent}
        if element.is_heading:
            self.places[element.key] = len(self._elements)
        reference = self._new(entries)
        children: list[object] = [self._element(child, reference) for child in element.children]
        content = self._where.get(element.key, ()) if element.key else ()
        for link, group in groupby(content, key=lambda found: self._content[found[0]].links.get(found[1], _NONE).text):
            if link:
                children.append(self._link(list(group), reference))
            else:
                children += [self._part(place, mcid, entries, reference) for place, mcid in group]
        entries["K"] = children
        self._attributes(element, entries)
        return reference

    def _role(self, element: Element) -> str:
        """The role of an element; headings begin with H1 where sides are left out before (ISO 14289-1, 7.4.2)."""
        if not (self._above and element.is_heading):
            return element.role
        return f"H{max(int(element.role[1:]) - self._above, 1)}"

    def _new(self, entries: dict[str, Any]) -> Ref:
        self._elements.append(entries)
        return Ref(self._start + 2 * self.pages + len(self._elements) - 1)

    def _reference(self, place: int, mcid: int, entries: dict[str, Any], element: Ref) -> int | dict[str, Any]:
        """Refer to marked content: by MCID alone on the page of the element, else with the page (14.7.4.2)."""
        self._parents[place][mcid] = element
        page = self._start + place
        if "Pg" not in entries:
            entries["Pg"] = Ref(page)
        if entries["Pg"].place == page:
            return mcid
        return {"Type": PDFName("MCR"), "Pg": Ref(page), "MCID": mcid}

    def _part(self, place: int, mcid: int, entries: dict[str, Any], element: Ref) -> int | dict[str, Any] | Ref:
        spoken = self._content[place].spoken.get(mcid)
        if spoken is None:
            return self._reference(place, mcid, entries, element)
        return self._span(place, mcid, spoken, element)

    def _link(self, content: Sequence[tuple[int, int]], parent: Ref) -> Ref:
        """Make a Link: its words, which a line may divide, each with its annotation (ISO 32000-1, 14.8.4.4.2)."""
        entries = {"S": PDFName("Link"), "P": parent}
        reference = self._new(entries)
        place_of_link = len(self._elements) - 1
        children: list[object] = []
        for place, mcid in content:
            children.append(self._reference(place, mcid, entries, reference))
            annotation = self._annotation(place, self._content[place].links[mcid])
            self.links.append(place_of_link)
            children.append({"Type": PDFName("OBJR"), "Pg": Ref(self._start + place), "Obj": annotation})
        entries["K"] = children
        return reference

    def _annotation(self, place: int, link: Link) -> Ref:
        """Make the annotation of a link (12.5.6.5), as ISO 14289-1, 7.18 and ISO 19005-2, 6.3 ask for it."""
        entries = {
            "Type": PDFName("Annot"),
            "Subtype": PDFName("Link"),
            "Rect": [round(number, 2) for number in link.frame],
            "Border": [0, 0, 0],
            "F": 4,  # printed, as PDF/A requires: without a border there is nothing to see
            "Contents": PDFString(link.text),
            "A": {"S": PDFName("URI"), "URI": PDFString(link.uri)},
            "StructParent": Number(_FIRST + self.pages + len(self.links)),
        }
        found = self._new(entries)
        self._annotations[place].append(found)
        return found

    def _span(self, place: int, mcid: int, spoken: str, parent: Ref) -> Ref:
        """Make a Span whose ActualText is read in place of its content (ISO 32000-1, 14.9.4)."""
        entries = {"S": PDFName("Span"), "P": parent}
        reference = self._new(entries)
        entries["ActualText"] = PDFString(spoken)
        entries["K"] = [self._reference(place, mcid, entries, reference)]
        return reference

    def _attributes(self, element: Element, entries: dict[str, Any]) -> None:
        if element.language:
            entries["Lang"] = PDFString(element.language)
        if element.scope:
            entries["A"] = {"O": PDFName("Table"), "Scope": PDFName(_SCOPES[element.scope])}
        if element.numbering:
            entries["A"] = {"O": PDFName("List"), "ListNumbering": PDFName(element.numbering)}
        if element.alt:
            entries["Alt"] = PDFString(element.alt)
            frame = list(self._frames[element.key])
            entries["A"] = {"O": PDFName("Layout"), "Placement": PDFName("Block"), "BBox": frame}


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
