"""Build the page tree and the structure tree of a file, handout by handout: one alone, or several in named parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFString

from press.writers.pdf.file.catalog import Catalog
from press.writers.pdf.file.tags import Tagged
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
        self._bookmarks: list[tuple[str, int]] = []
        self._document = 0

    def handout(self, tagged: Tagged, streams: Sequence[int], parent: int = 0) -> Numbered:
        """Add a handout with these content streams, below the element `parent` or the root; give its objects."""
        first = self._table.reserve(tagged.template.count)
        numbers = list(range(first, first + tagged.template.count))
        key = len(self._rows)
        self._pages += numbers[: tagged.pages]
        self._rows += numbers[tagged.pages : 2 * tagged.pages]
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
        self._bookmarks.append((name, first))
        return [number], _part(language, len(roots)).fill((self.document, *roots))

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
        *others, (name, _) = self._bookmarks
        self._bookmarks = [(name, 0), *((other, page + sides) for other, page in others)]

    def end(self) -> Numbered:
        """Finish: the objects of the page tree, the structure tree and the outline."""
        self._catalog.add_tree(self._pages, [self._document] if self._document else self._roots, self._rows)
        found = list(self._catalog.packed)
        if self._document:
            found.append((self._document, _element("Document", self._catalog.tree, self._roots)))
            found += self._outline()
        return [number for number, _ in found], self._serialize([each for _, each in found])

    def _outline(self) -> list[tuple[int, PDFObject]]:
        """Make the outline (ISO 32000-1, 12.3.3): one bookmark after another."""
        first = self._table.reserve(len(self._bookmarks))
        last = first + len(self._bookmarks) - 1
        found: list[tuple[int, PDFObject]] = []
        for number, (name, page) in enumerate(self._bookmarks, first):
            entries = {
                "Title": PDFString(name),
                "Parent": Ref(self._catalog.outline),
                "Dest": PDFArray([Ref(self._pages[page]), PDFName("Fit")]),
            }
            entries |= {"Prev": Ref(number - 1)} if number > first else {}
            entries |= {"Next": Ref(number + 1)} if number < last else {}
            found.append((number, PDFDictionary(entries)))
        top = {"Type": PDFName("Outlines"), "First": Ref(first), "Last": Ref(last), "Count": len(self._bookmarks)}
        return [*found, (self._catalog.outline, PDFDictionary(top))]

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
