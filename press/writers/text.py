"""Print a document tree as plain text, at most 80 columns: to read aloud, and as golden.

Written for a voice: a blank line is a pause, so headings, items and rows are separated by blank
lines, and nothing is underlined or ruled off. Two blank lines announce a heading or the footer.
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import bidirectional

from press.document.nodes import (
    Block,
    Break,
    Content,
    Document,
    Figure,
    Heading,
    Inline,
    List,
    PageCount,
    PageNumber,
    Paragraph,
    PictureMark,
    Placeholder,
    Section,
    SheetNumber,
    Side,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
    inlines,
    plain,
    split_sides,
)
from press.records import replace
from press.writers.result import Printed
from press.writers.stylesheet import Stylesheet
from press.writers.unpaged import drop_page_numbers
from press.writers.wrap import wrap

_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "؟", "۔", "।", "።")
_BULLETS = {"check": "[ ] "}
_SET_IN = "    "
_LEFTWARDS = frozenset({"R", "AL"})  # Unicode's bidirectional classes of Hebrew and Arabic letters


def write_text(document: Document, stylesheet: Stylesheet | None = None) -> Printed:
    """Write UTF-8 text. Looks do not matter here, so the stylesheet is not used. Raises HandoutError."""
    parts = [*_blocks(document.banner + document.letterhead + document.body)]
    footer = "\n\n".join(_blocks(drop_page_numbers(document.footer)))
    text = "\n\n".join([*parts, "\n" + footer]).strip("\n")
    return Printed((text + "\n").encode("utf-8"), "text")


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Write blocks as paragraphs that a screen reader says in one go."""
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield "\n" + _say(block.children)
        case Paragraph():
            yield _say(block.children)
        case List():
            for number, item in enumerate(block.items, 1):
                yield _say(item.children, f"{number}. " if block.ordered else _BULLETS.get(block.role, "- "))
        case Figure() | Table(role="month"):
            return  # a drawing or a grid of days cannot be heard; the list or table beside it says the same
        case Table():
            yield from _table(block)
        case Section():
            yield from _blocks(block.children)


def _table(block: Table) -> Iterator[str]:
    """Write each row as a sentence: a listener sees no columns."""
    if block.caption:
        yield _say(block.caption)
    heads = [split_sides(cell.children) for row in block.head for cell in row.cells]
    for row in block.rows:
        cells = [split_sides(cell.children) for cell in row.cells]
        languages = range(len(cells[0]))
        said = [_row([_words(c[n]) for c in cells], [_words(h[n]) for h in heads]) for n in languages]
        yield "\n".join(wrap(words, _SET_IN * bool(number)) for number, words in enumerate(said))


def _say(children: tuple[Inline, ...], mark: str = "") -> str:
    """Write a run behind its bullet or number; a second language goes below the first, indented."""
    first, *more = (_words(run) for run in split_sides(children))
    return "\n".join([wrap(first, mark), *(wrap(words, " " * len(mark) + _SET_IN) for words in more)])


def _row(cells: list[str], heads: list[str]) -> str:
    """Write the head of a row, then each cell behind the head of its column."""
    first, *rest = cells
    named = (f"{heads[n]}: {words}" if n < len(heads) else words for n, words in enumerate(rest, 1) if words)
    said = first
    for number, words in enumerate(named):
        said += ("" if said.endswith(_ENDS) else ";" if number else ":") + " " + words
    return said


def _words(children: tuple[Inline, ...]) -> str:
    """Write words as they are heard; a line to write on is its label in brackets."""
    for node in inlines(children):
        if isinstance(node, PageNumber | PageCount | SheetNumber):
            raise ValueError("page numbers belong in the footer")
        if isinstance(node, Placeholder):
            raise ValueError(f"placeholder {node.name} reached the writer")
    words = plain(children)
    return plain(_isolate(children)) if any(bidirectional(c) in _LEFTWARDS for c in words) else words


def _isolate(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Isolate the direction of a value: in Arabic, a bare telephone number shows its groups swapped."""
    return tuple(_isolate_node(node) for node in children)


def _isolate_node(node: Inline) -> Inline:
    match node:
        case Value():
            return replace(node, text=f"\N{FIRST STRONG ISOLATE}{node.text}\N{POP DIRECTIONAL ISOLATE}")
        case Strong() | Content() | Side():
            return replace(node, children=_isolate(node.children))
        case Text() | Placeholder() | WriteIn() | Break() | PageNumber() | PageCount() | SheetNumber() | PictureMark():
            return node
