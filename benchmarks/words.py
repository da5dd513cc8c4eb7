"""The product's own words as a neutral page: what a peer needs to typeset the same handout.

The page is taken from the tree that the product's writers get, so that it cannot drift: texts in
reading order with places for a person's values, and the sizes of the standard stylesheet in points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.people import PERSONAL, TODAY
from press.content.yaml.reader import read
from press.document.nodes import (
    Block,
    Break,
    Document,
    Heading,
    Inline,
    List,
    PageCount,
    PageNumber,
    Paragraph,
    PictureMark,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
)
from press.document.slots import OPEN, Slot
from press.patients.options import Options, read_options
from press.runs.handout import Made, Site, complete, lay_out_one, make
from press.writers.pdf.model import TextItem
from press.writers.stylesheet import Stylesheet, TextStyle
from press.writers.variants import dense, in_size

REFERENCE = "side-effects"  # two sides
COLD = "overdose-warning"  # one side

_PERSON = b"""
name: Jo Example
form: injection
reason: opioid
last_dose: 2026-11-20
interval: 4 weeks
prescriber: Dr. Ana Sample
"""
_BOX = ("border", "padding", "tint", "before", "after")
_UNDERSCORE = 0.372  # of the size, as wide as it is in the face of the page


def reference_page(root: Path) -> dict[str, Any]:
    """The two-page handout of one person, with places for the values of any other."""
    return _page(root, REFERENCE, read_options(read(_PERSON, "person")))


def cold_page(root: Path) -> dict[str, Any]:
    """The one-page handout for nobody in particular, as `make` prints it."""
    return _page(root, COLD, Options())


def _page(root: Path, topic: str, given: Options) -> dict[str, Any]:
    press = Site(root)
    options, _ = complete(press, given, TODAY)
    made = make(press, topic, options, TODAY)
    return read_page(press, made, made.document)


def read_page(press: Site, made: Made, document: Document) -> dict[str, Any]:
    """A tree of this handout as a neutral page, in the size in which the press sets it."""
    sheet = press.sheet(made.options.edition, made.options.paper)
    usual = dense(sheet) if document.role == "one-side" else sheet
    return _taken(document, in_size(usual, _size_of_words(press, made), usual.picture))


def _size_of_words(press: Site, made: Made) -> float:
    """The size in which the press sets most of the words of a page, in points: where they are many, not the usual one."""
    pages = lay_out_one(press, made).layout.pages
    return Counter(item.size for page in pages for item in page.items if isinstance(item, TextItem)).most_common(1)[0][
        0
    ]


def _taken(document: Document, sheet: Stylesheet) -> dict[str, Any]:
    reader = _Reader(sheet)
    parts = {name: reader.blocks(getattr(document, name)) for name in ("banner", "letterhead", "body", "footer")}
    return {"title": document.title, "language": document.language, "sides": document.sides, **_looks(sheet), **parts}


def _looks(sheet: Stylesheet) -> dict[str, Any]:
    return {
        "paper": sheet.size,
        "margins": _numbers(sheet.margins, "top", "right", "bottom", "left"),
        "short_columns": sheet.short_columns,
        "pair": sheet.pair,
        "fonts": {name: str(sheet.folder / "fonts" / getattr(sheet.faces, name)) for name in ("regular", "bold")},
        "styles": {name: _style(style) for name, style in sheet.text.items()},
        "boxes": {name: _numbers(box, *_BOX) for name, box in sheet.boxes.items()},
    }


def _style(style: TextStyle) -> dict[str, Any]:
    return {**_numbers(style, "size", "line", "before", "after", "indent"), "bold": bool(style.bold)}


def _numbers(record: object, *names: str) -> dict[str, float]:
    return {name: getattr(record, name) for name in names}


class _Reader:
    """Nodes to plain data. A text is a list of `[words, is_strong]`."""

    def __init__(self, sheet: Stylesheet) -> None:
        self._sheet = sheet

    def blocks(self, blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Heading():
                return {
                    "kind": "text",
                    "level": block.level,
                    "style": f"h{block.level}",
                    "runs": self._runs(block.children),
                }
            case Paragraph():
                return {
                    "kind": "text",
                    "level": 0,
                    "style": self._named("p", block.role),
                    "runs": self._runs(block.children),
                }
            case List():
                items = [self._runs(item.children) for item in block.items]
                columns = self._sheet.short_columns if block.role == "short" else 1
                return {"kind": "list", "style": "li", "ordered": block.ordered, "columns": columns, "items": items}
            case Table():
                return {"kind": "table", "rows": [self._row(row) for row in block.head + block.rows]}
            case Section():
                return {"kind": "section", "role": block.role, "blocks": self.blocks(block.children)}
        raise TypeError(f"no peer can typeset a {type(block).__name__}")

    def _row(self, row: Row) -> list[dict[str, Any]]:
        return [{"style": "th" if cell.is_header else "td", "runs": self._runs(cell.children)} for cell in row.cells]

    def _named(self, element: str, role: str) -> str:
        name = f"{element}.{role}"
        return name if name in self._sheet.text else element

    def _runs(self, children: tuple[Inline, ...]) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        for words, strong in self._words(children, False):
            if found and found[-1][1] == strong:
                words = found.pop()[0] + words
            found.append((words, strong))
        return found

    def _words(self, children: tuple[Inline, ...], strong: bool) -> Iterator[tuple[str, bool]]:
        for node in children:
            if hasattr(node, "children"):
                yield from self._words(node.children, strong or isinstance(node, Strong))
            else:
                yield self._leaf(node), strong

    def _leaf(self, node: Inline) -> str:
        match node:
            case Slot() if node.text == OPEN:
                return f"{{s{node.number}}}"
            case Value() if node.field in PERSONAL:
                return "{" + node.field + "}"
            case Text() | Value():
                if "{" in node.text:
                    raise ValueError("a brace would be taken for a place")
                return node.text
            case Break():
                return " "  # no peer is asked for a line break
            case WriteIn():
                return "_" * round(self._sheet.write_in / self._sheet.style("p").size / _UNDERSCORE)
            case PageNumber():
                return "{page}"
            case PageCount():
                return "{pages}"
            case PictureMark():
                return ""  # the peers print the words alone: drawing less, none of them is slower for it
        raise TypeError(f"no peer can typeset a {type(node).__name__}")
