"""The pages and tags of one handout as objects: which marks on which pages belong to which element.

ISO 32000-1, 7.7.3.3 (pages), 14.7 (tree, parent tree), 14.8.5 (attributes of lists, tables and
drawings), 14.9 (language, words for drawings). One paragraph on two pages is one element with a
mark on each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString

from press.writers.pdf.layout.bars import frames
from press.writers.pdf.model import Element, Layout
from press.writers.pdf.objects import Number, ObjectTemplate, Ref
from press.writers.pdf.reuse.pieces import Pieces

_SCOPES = {"col": "Column", "row": "Row"}  # ISO 32000-1, table 349
_PAGES, _RESOURCES, _PARENT, _FIRST = range(4)  # the first places of the numbers that are filled in


def tagged(pieces: Pieces, first: int = 0, role: str = "", language: str = "") -> Tagged:
    """The same for every file in which a plan is drawn: with other fonts it has the same marks, in as many streams."""
    key = first, role, language, tuple(map(len, pieces.pages))
    found: Tagged = pieces.plan.tags.get(key, lambda: Tagged(pieces, first, role, language))
    return found


class Tagged:
    """The pages of a plan from side `first` (from 0) on, and their part of the tree, without any numbers.

    `role` stands in for that of the uppermost element, `language` for its own where it differs from the
    part of the file. The objects are the pages, the rows of the parent tree for each of them, and the
    elements with the uppermost first.
    """

    def __init__(self, pieces: Pieces, first: int = 0, role: str = "", language: str = "") -> None:
        made = _Objects(pieces, first, role, language)
        self.pages = made.pages
        self.template = ObjectTemplate(made.all)

    @property
    def root(self) -> int:
        """Which of the objects is the uppermost element."""
        return 2 * self.pages

    def filled(
        self, pages: int, resources: int, parent: int, key: int, streams: Sequence[int], first: int
    ) -> list[bytes]:
        """The objects, with numbers from `first` on, below these of a file.

        `key` is the number of the first side in the parent tree; `streams` are the contents.
        """
        keys = range(key, key + self.pages)
        return self.template.filled(
            (pages, resources, parent, *keys, *streams, *range(first, first + self.template.count))
        )


class _Objects:
    """The objects of a plan as they are made; none of it is needed once they are written."""

    def __init__(self, pieces: Pieces, first: int, role: str, language: str) -> None:
        layout = pieces.plan.layout
        self._sides = range(first, len(layout.pages))
        self.pages = len(self._sides)
        self._streams = [len(pieces.pages[side]) for side in self._sides]
        self._start = _FIRST + self.pages + sum(self._streams)
        self._frames = frames(layout.root, ((page, layout.height) for page in layout.pages))
        self._marks = [pieces.marks[side] for side in self._sides]
        self._where: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._parents: list[list[Ref | None]] = []
        for place, marks in enumerate(self._marks):
            self._parents.append([None] * len(marks.keys))
            for mark, key in enumerate(marks.keys):
                self._where[key].append((place, mark))
        root = _pruned(layout.root, frozenset(self._where)) if first else layout.root
        self._elements: list[PDFDictionary] = []
        top = root or Element(0, "")
        self._element(replace(top, role=role or layout.root.role, language=language or top.language), Ref(_PARENT))
        self.all = [*self._page_objects(layout), *map(PDFArray, self._checked()), *self._elements]

    def _page_objects(self, layout: Layout) -> list[PDFDictionary]:
        streams = _FIRST + self.pages
        found = []
        for place, count in enumerate(self._streams):
            entries = {
                "Type": PDFName("Page"),
                "Parent": Ref(_PAGES),
                "MediaBox": PDFArray([0, 0, layout.width, layout.height]),
                "Resources": Ref(_RESOURCES),
                "Contents": PDFArray([Ref(streams + number) for number in range(count)]),
                "StructParents": Number(_FIRST + place),
                "Tabs": PDFName("S"),
            }
            found.append(PDFDictionary(entries))
            streams += count
        return found

    def _checked(self) -> list[list[Ref | None]]:
        if any(None in parents for parents in self._parents):
            raise RuntimeError("a mark on the page belongs to no element")
        return self._parents

    def _element(self, element: Element, parent: Ref) -> Ref:
        entries = PDFDictionary({"S": PDFName(element.role), "P": parent})
        reference = self._new(entries)
        children: list[object] = [self._element(child, reference) for child in element.children]
        for place, mark in self._where.get(element.key, ()) if element.key else ():
            spoken = self._marks[place].spoken.get(mark)
            add = (
                self._mark(place, mark, entries, reference)
                if spoken is None
                else self._said(place, mark, spoken, reference)
            )
            children.append(add)
        entries["K"] = PDFArray(children)
        self._attributes(element, entries)
        return reference

    def _new(self, entries: PDFDictionary) -> Ref:
        self._elements.append(entries)
        return Ref(self._start + 2 * self.pages + len(self._elements) - 1)

    def _mark(self, place: int, mark: int, entries: PDFDictionary, element: Ref) -> int | PDFDictionary:
        """A mark on the element's page by its number alone; on another page with that page (14.7.4.2)."""
        self._parents[place][mark] = element
        page = self._start + place
        if "Pg" not in entries:
            entries["Pg"] = Ref(page)
        if entries["Pg"].place == page:
            return mark
        return PDFDictionary({"Type": PDFName("MCR"), "Pg": Ref(page), "MCID": mark})

    def _said(self, place: int, mark: int, spoken: str, parent: Ref) -> Ref:
        """An element whose words are not read as they stand in the file (ISO 32000-1, 14.9.4)."""
        entries = PDFDictionary({"S": PDFName("Span"), "P": parent})
        reference = self._new(entries)
        entries["ActualText"] = PDFString(spoken)
        entries["K"] = PDFArray([self._mark(place, mark, entries, reference)])
        return reference

    def _attributes(self, element: Element, entries: PDFDictionary) -> None:
        if element.language:
            entries["Lang"] = PDFString(element.language)
        if element.scope:
            entries["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName(_SCOPES[element.scope])})
        if element.numbering:
            entries["A"] = PDFDictionary({"O": PDFName("List"), "ListNumbering": PDFName(element.numbering)})
        if element.alt:
            entries["Alt"] = PDFString(element.alt)
            frame = PDFArray(self._frames[element.key])
            entries["A"] = PDFDictionary({"O": PDFName("Layout"), "Placement": PDFName("Block"), "BBox": frame})


def _pruned(element: Element, there: frozenset[int]) -> Element | None:
    """The tree without what stands on sides that are left out."""
    children = tuple(pruned for child in element.children if (pruned := _pruned(child, there)))
    if not children and element.key not in there:
        return None
    return replace(element, children=children)
