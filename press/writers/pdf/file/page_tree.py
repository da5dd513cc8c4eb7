"""Build the page tree and the structure tree of a file, handout by handout: one alone, or several in named parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFString

from press.records import dataclass, replace
from press.writers.pdf.file.bookmarks import Bookmark, make_outline
from press.writers.pdf.file.catalog import Catalog
from press.writers.pdf.file.tags import Tagged
from press.writers.pdf.objects import CrossReferenceTable, ObjectTemplate, Ref, serialize, with_gaps
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


@dataclass(frozen=True, slots=True)
class Branch:
    """What consecutive parts add to the trees of a file: numbers of objects, in order, and bookmarks.

    `pages` are for the page tree, `rows` for the parent tree, `roots` for the structure tree. A bookmark has the
    index of its page among `pages`.
    """

    pages: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)

    def extend(self, other: Branch) -> None:
        """Add what stands behind."""
        before = len(self.pages)
        self.bookmarks.extend(replace(each, page=each.page + before) for each in other.bookmarks)
        for mine, more in ((self.pages, other.pages), (self.rows, other.rows), (self.roots, other.roots)):
            mine.extend(more)


class PageTree:
    """The page tree, structure tree, parent tree and bookmarks of a file, which grow with its handouts.

    It may be a `branch` of one, which begins with the number `row` of the parent tree and has the element
    `document` above its parts.
    """

    def __init__(self, table: CrossReferenceTable, catalog: Catalog, row: int = 0, document: int = 0) -> None:
        self._table = table
        self._catalog = catalog
        self._row = row
        self._document = document
        self.branch = Branch()

    def handout(self, tagged: Tagged, streams: Sequence[int], parent: int = 0) -> Numbered:
        """Add a handout with these content streams, below the element `parent` or the root; give its objects."""
        first = self._table.reserve(tagged.template.count)
        numbers = list(range(first, first + tagged.template.count))
        key = self.next_row
        self.branch.pages.extend(numbers[: tagged.pages])
        self.branch.rows.extend(numbers[tagged.pages : 2 * tagged.pages])
        self.branch.rows.extend(numbers[place] for place in tagged.links)
        if not parent:
            self.branch.roots.append(first + tagged.root)
        objects = tagged.fill(
            self._catalog.pages, self._catalog.resources, parent or self._catalog.tree, key, streams, first
        )
        return numbers, objects

    def blank(self, size: tuple[float, float]) -> Numbered:
        """Add an empty page of this width and height, in points."""
        number = self._table.reserve()
        self.branch.pages.append(number)
        return [number], _blank(size).fill((self._catalog.pages,))

    def part(self, name: str, language: str, roots: Sequence[int], number: int, first: int) -> Numbered:
        """Add one person's part above the elements `roots`, and a bookmark for the page with index `first`.

        ISO 32000-1, 14.8.4.2: a Part for each person, with an Art for each handout.
        """
        self.branch.roots.append(number)
        self.branch.bookmarks.append(Bookmark(name, first, number))
        return [number], _part(language, len(roots)).fill((self.document, *roots))

    def headings(self, tagged: Tagged, numbers: Sequence[int], first: int) -> None:
        """Add bookmarks for the headings of a handout with these objects, whose first side has index `first`.

        Its title has one already, if it is in a part.
        """
        for each in tagged.headings:
            if each.level > 1 or not self._document:
                element = numbers[each.element]
                bookmark = Bookmark(each.title, first + each.side, element, each.level - 1, each.top)
                self.branch.bookmarks.append(bookmark)

    @property
    def document(self) -> int:
        """The object number of the element above all parts."""
        self._document = self._document or self._table.reserve()
        return self._document

    @property
    def sides(self) -> int:
        """The number of pages so far."""
        return len(self.branch.pages)

    @property
    def next_row(self) -> int:
        """The next number of the parent tree."""
        return self._row + len(self.branch.rows)

    def bring_forward(self, sides: int) -> None:
        """Move the last part, which has so many sides, to the beginning of the file."""
        old = self.branch
        *others, last = old.bookmarks
        bookmarks = [replace(last, page=0), *(replace(other, page=other.page + sides) for other in others)]
        pages, roots = old.pages[-sides:] + old.pages[:-sides], old.roots[-1:] + old.roots[:-1]
        self.branch = Branch(pages, old.rows, roots, bookmarks)

    def end(self) -> Numbered:
        """Finish: the objects of the page tree, the structure tree and the outline."""
        pages, rows, roots, bookmarks = (
            self.branch.pages,
            self.branch.rows,
            self.branch.roots,
            self.branch.bookmarks,
        )
        self._catalog.add_tree(pages, [self._document] if self._document else roots, rows)
        found = list(self._catalog.packed)
        if self._document:
            found.append((self._document, serialize(_element("Document", self._catalog.tree, roots))))
        if self._catalog.outline:
            first = self._table.reserve(len(bookmarks))
            found += make_outline(bookmarks, pages, self._catalog.outline, first)
        return [number for number, _ in found], [each for _, each in found]


@lru_cache(maxsize=8)
def _blank(size: tuple[float, float]) -> ObjectTemplate:
    entries = {"Type": "/Page", "Parent": Ref(0), "MediaBox": [0, 0, *size], "Tabs": "/S"}
    return ObjectTemplate([with_gaps({**entries, "Resources": {}})])


@lru_cache(maxsize=64)
def _part(language: str, count: int) -> ObjectTemplate:
    return ObjectTemplate([with_gaps(_element("Part", 0, range(1, count + 1), language))])


def _element(role: str, parent: int, children: Sequence[int], language: str = "") -> dict[str, object]:
    entries = {"S": f"/{role}", "P": Ref(parent), "K": [Ref(n) for n in children]}
    return entries | ({"Lang": PDFString(language)} if language else {})
