"""What the tests of the HTML and the text twin share: the words of a tree, and a page read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from press.document.nodes import Block, Document, Inline, Section, Table, blocks, plain, strings
from press.writers.stylesheet import Stylesheet
from tests.helpers import Case, press

LEAVES = frozenset({"h1", "h2", "h3", "p", "li", "caption", "th", "td"})
VOID = frozenset({"meta", "br", "path"})
_PAGES = re.compile(r" · \w+ # \w+ #")  # "Page 1 of 2", as the tree has it


def sheet_of(case: Case) -> Stylesheet:
    """The stylesheet that a case is printed with."""
    return press().sheet(case.options.edition, case.options.paper)


def folded(text: str) -> str:
    """One space for any white space, no-break spaces too."""
    return " ".join(text.split())


def meant(document: Document) -> list[str]:
    """The words of the tree, one string for each run, in reading order; no page numbers."""
    return [words for block in blocks(document.everything) for run in strings(block) if (words := _said(run))]


def heard(document: Document) -> list[str]:
    """The same as a voice needs it: in a table each cell follows the name of its column."""
    return [words for run in _told(document.everything) if (words := _said(run))]


def _said(run: tuple[Inline, ...]) -> str:
    return folded(_PAGES.sub("", plain(run)))


def _told(roots: tuple[Block, ...]) -> Iterator[tuple[Inline, ...]]:
    for block in roots:
        match block:
            case Section():
                yield from _told(block.children)
            case Table(role="month"):
                continue  # a grid of days is for the eye; the list before it names them
            case Table():
                yield from _rows(block)
            case _:
                yield from strings(block)


def _rows(table: Table) -> Iterator[tuple[Inline, ...]]:
    heads = [cell.children for row in table.head for cell in row.cells]
    yield table.caption
    for row in table.rows:
        for number, cell in enumerate(row.cells):
            if number and number < len(heads) and _said(cell.children):
                yield heads[number]
            yield cell.children


class Page(HTMLParser):
    """A web page read back: every element with its attributes, and the words of each leaf."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.leaves: list[str] = []
        self.inside: dict[str, str] = {}  # the words of each element that has an id
        self.dialled: list[tuple[str, str]] = []  # what each link dials, and its words
        self.isolated: list[str] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(data.decode("utf-8"))
        self.close()
        assert not self._open, "an element was never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag == "br":
            self.handle_data("\n")
        if tag not in VOID:
            self._open.append((tag, found, []))
            if found.get("role") == "img":
                self.handle_data(f"[{found['aria-label']}]")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        name, found, pieces = self._open.pop()
        assert name == tag, f"<{name}> was closed by </{tag}>"
        words = "".join(pieces)
        if tag in LEAVES and folded(words):
            self.leaves.append(folded(words))
        if "id" in found:
            assert found["id"] not in self.inside, "two elements have one id"
            self.inside[str(found["id"])] = folded(words)
        if tag == "a":
            self.dialled.append((str(found["href"]), folded(words)))
        if tag == "bdi":
            self.isolated.append(words)

    def handle_data(self, data: str) -> None:
        for _, _, pieces in self._open:
            pieces.append(data)

    def having(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """The attributes of every element of this name that has these."""
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]
