"""Print a document tree as plain text, at most 80 columns: to read aloud, and as golden."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from press.document import (
    Block,
    Content,
    Document,
    Heading,
    Inline,
    List,
    PageCount,
    PageNumber,
    Paragraph,
    Section,
    Strong,
    Table,
    WriteIn,
    plain,
)
from press.style import Stylesheet
from press.writers.printed import Printed

COLUMNS = 80
_UNDERLINE = {1: "=", 2: "-"}
_LINE = "_" * 12


def write_text(document: Document, sheet: Stylesheet | None = None) -> Printed:
    """UTF-8 text. Looks do not matter here, so the stylesheet is not used."""
    parts = [*_blocks(document.banner), *_blocks(document.letterhead), "", *_blocks(document.body), "-" * 3, *_blocks(document.footer)]
    text = "\n".join(parts).strip() + "\n"
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return Printed(text.encode("utf-8"), "text")


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield from _heading(block)
        case Paragraph():
            yield from _wrapped(_words(block.children))
            if block.role == "write-in":
                yield _LINE * 5
            if block.role not in ("lead", "clinic"):
                yield ""
        case List():
            yield from _list(block)
        case Table(role="month"):
            return  # a grid of days cannot be heard; the list before it names every date
        case Table():
            yield from _table(block)
        case Section():
            yield ""
            yield from _blocks(block.children)
            yield ""


def _heading(block: Heading) -> Iterator[str]:
    lines = _wrapped(_words(block.children))
    yield ""
    yield from lines
    if block.level in _UNDERLINE:
        yield _UNDERLINE[block.level] * max(len(line) for line in lines)
    yield ""


def _list(block: List) -> Iterator[str]:
    for number, item in enumerate(block.items, 1):
        mark = f"{number}. " if block.ordered else "- "
        yield from _wrapped(_words(item.children), first="  " + mark, rest="  " + " " * len(mark))
    yield ""


def _table(block: Table) -> Iterator[str]:
    """Each row as a sentence of its own: a reader's voice cannot see columns."""
    if block.caption:
        yield from _wrapped(_words(block.caption))
    heads = [_words(cell.children) for row in block.head for cell in row.cells]
    for row in block.rows:
        first, *rest = (_words(cell.children) for cell in row.cells)
        named = [f"{heads[n]}: {words}" if n < len(heads) else words for n, words in enumerate(rest, 1)]
        yield from _wrapped(f"{first}: " + "; ".join(named), first="  ", rest="    ")
    yield ""


def _wrapped(words: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        words, COLUMNS, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ) or [first.rstrip()]


def _words(children: tuple[Inline, ...]) -> str:
    """The words as they are heard; a line to write on is a line with its name."""
    return "".join(_inline(node) for node in children)


def _inline(node: Inline) -> str:
    match node:
        case WriteIn():
            return f"{_LINE} ({node.label})"
        case PageNumber() | PageCount():
            return "1"
        case Strong() | Content():
            return _words(node.children)
        case _:
            return plain((node,))
