"""Build the page tree and the structure tree of a file, handout by handout: one alone, or several in named parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFString

from press.records import dataclass, replace
from press.writers.pdf.file.bookmarks import Bookmark, find_headings, make_outline
from press.writers.pdf.file.catalog import Catalog
from press.writers.pdf.file.tags import Tagged
from press.writers.pdf.model import Layout
from press.writers.pdf.objects import CrossReferenceTable, ObjectTemplate, Ref, serialize
from press.writers.pdf.reuse.forme import Copy

Numbered = tuple[list[int], list[bytes]]  # objects with their numbers


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part of a job: the title of its bookmark, its language, its handouts.

    A None among `handouts` is a blank side that brings the next one onto a new sheet.
    """

    name: str
    language: str
    handouts: tuple[Copy | None, ...]


class PageTree:
    """The page tree, structure tree, parent tree and bookmarks of a file, which grow with its handouts."""

    def __init__(self, table: CrossReferenceTable, catalog: Catalog) -> None:
        self._table = table
        self._catalog = catalog
        self._pages: list[int] = []
        self._rows: list[int] = []
        self._roots: list[int] = []
        self._bookmarks: list[Bookmark] = []
        self._document = 0

    def handout(self, tagged: Tagged, streams: Sequence[int], parent: int = 0) -> Numbered:
        """Add a handout with these content streams, below the element `parent` or the root; give its objects."""
        first = self._table.reserve(tagged.template.count)
        numbers = list(range(first, first + tagged.template.count))
        key = len(self._rows)
        self._pages += numbers[: tagged.pages]
        self._rows += [*numbers[tagged.pages : 2 * tagged.pages], *(numbers[place] for place in tagged.links)]
        if not parent:
            self._roots.append(first + tagged.root)
        objects = tagged.fill(
            self._catalog.pages, self._catalog.resources, parent or self._catalog.tree, key, streams, first
        )
        return numbers, objects

    def blank(self, size: tuple[float, float]) -> Numbered:
        """Add an empty page of this width and height, in points."""
        number = self._table.reserve()
        self._pages.append(number)
        return [number], _blank(size).fill((self._catalog.pages,))

    def part(self, name: str, language: str, roots: Sequence[int], number: int, first: int) -> Numbered:
        """Add one person's part above the elements `roots`, and a bookmark for the page with index `first`.

        ISO 32000-1, 14.8.4.2: a Part for each person, with an Art for each handout.
        """
        self._roots.append(number)
        self._bookmarks.append(Bookmark(name, first, number))
        return [number], _part(language, len(roots)).fill((self.document, *roots))

    def headings(self, tagged: Tagged, layout: Layout, numbers: Sequence[int], first: int) -> None:
        """Add bookmarks for the headings of a handout with these objects, whose first side has index `first`.

        Its title has one already, if it is in a part.
        """
        for heading in find_headings(layout):
            if heading.level > 1 or not self._document:
                element = numbers[tagged.elements[heading.key]]
                bookmark = Bookmark(heading.title, first + heading.side, element, heading.level - 1, heading.top)
                self._bookmarks.append(bookmark)

    @property
    def document(self) -> int:
        """The object number of the element above all parts."""
        self._document = self._document or self._table.reserve()
        return self._document

    @property
    def sides(self) -> int:
        """The number of pages so far."""
        return len(self._pages)

    def bring_forward(self, sides: int) -> None:
        """Move the last part, which has so many sides, to the beginning of the file."""
        self._pages = self._pages[-sides:] + self._pages[:-sides]
        self._roots = self._roots[-1:] + self._roots[:-1]
        *others, last = self._bookmarks
        self._bookmarks = [replace(last, page=0), *(replace(other, page=other.page + sides) for other in others)]

    def end(self) -> Numbered:
        """Finish: the objects of the page tree, the structure tree and the outline."""
        self._catalog.add_tree(self._pages, [self._document] if self._document else self._roots, self._rows)
        found = list(self._catalog.packed)
        if self._document:
            found.append((self._document, _element("Document", self._catalog.tree, self._roots)))
        if self._catalog.outline:
            first = self._table.reserve(len(self._bookmarks))
            found += make_outline(self._bookmarks, self._pages, self._catalog.outline, first)
        return [number for number, _ in found], self._serialize([each for _, each in found])

    def _serialize(self, objects: Sequence[PDFObject]) -> list[bytes]:
        return serialize(objects, self._table.size)


@lru_cache(maxsize=8)
def _blank(size: tuple[float, float]) -> ObjectTemplate:
    entries = {"Type": PDFName("Page"), "Parent": Ref(0), "MediaBox": PDFArray([0, 0, *size]), "Tabs": PDFName("S")}
    return ObjectTemplate([PDFDictionary({**entries, "Resources": PDFDictionary({})})])


@lru_cache(maxsize=64)
def _part(language: str, count: int) -> ObjectTemplate:
    return ObjectTemplate([_element("Part", 0, range(1, count + 1), language)])


def _element(role: str, parent: int, children: Sequence[int], language: str = "") -> PDFDictionary:
    entries = {"S": PDFName(role), "P": Ref(parent), "K": PDFArray([Ref(n) for n in children])}
    return PDFDictionary(entries | ({"Lang": PDFString(language)} if language else {}))
