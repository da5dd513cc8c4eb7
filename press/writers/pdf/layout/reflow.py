"""Reflow tables whose columns would be too narrow, as in large type, into lists.

Tree to tree, before layout. Each row is an item that begins with its own head in bold; each cell
is on a line of its own behind the head of its column, so that the item can be read, or heard,
without the others (clinical basis, 4.5: one column).
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import is_

from press.document.nodes import (
    Block,
    Break,
    Cell,
    Document,
    Inline,
    List,
    ListItem,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
    blocks,
    plain,
    strings,
)
from press.records import replace
from press.writers.stylesheet import Stylesheet

_WORD = 3.0  # of the size of type: the width of five letters and a space, in most faces
_ENDS = (":", ".", "?", "!")  # what ends a column's head by itself


def reflow(document: Document, stylesheet: Stylesheet) -> Document:
    """Turn the narrow tables of a document into lists. Raises RuntimeError if a word were lost."""
    if not stylesheet.column_words:
        return document
    letterhead, body = (
        tuple(_block(block, stylesheet) for block in part) for part in (document.letterhead, document.body)
    )
    if all(map(is_, (*letterhead, *body), (*document.letterhead, *document.body))):
        return document
    changed = replace(document, letterhead=letterhead, body=body)
    _prove(document, changed)
    return changed


def _block(block: Block, stylesheet: Stylesheet) -> Block:
    match block:
        case Section():
            children = tuple(_block(child, stylesheet) for child in block.children)
            return block if all(map(is_, children, block.children)) else replace(block, children=children)
        case Table() if block.role != "month" and _is_narrow(block, stylesheet):
            items = tuple(_item(row, block.head) for row in block.rows)
            table = List(items, place=block.place)
            return Section((_lead(block), table), place=block.place) if block.caption else table
        case _:
            return block


def _lead(table: Table) -> Paragraph:
    """Make a paragraph of the caption, which stays with the first item."""
    return Paragraph(table.caption, "lead", table.place)


def _is_narrow(table: Table, stylesheet: Stylesheet) -> bool:
    """Tell whether columns of equal width would have room for too few words on a line."""
    columns = max(len(row.cells) for row in table.head + table.rows)
    frame = stylesheet.size[0] - stylesheet.margins.left - stylesheet.margins.right
    return columns > 1 and frame / columns < stylesheet.column_words * _WORD * stylesheet.style("td").size


def _item(row: Row, heads: tuple[Row, ...]) -> ListItem:
    """Make an item of a row: its cells on lines of their own."""
    children: list[Inline] = []
    for column, cell in enumerate(row.cells):
        if cell.children:
            children += [Break()] if children else []
            children += _label(cell, [head.cells[column] for head in heads])
    return ListItem(tuple(children))


def _label(cell: Cell, heads: list[Cell]) -> Iterator[Inline]:
    """Put the words of a cell behind the heads of its column; the head of a row is all bold."""
    label: list[Inline] = []
    for head in heads:
        if head.children:
            label += [*head.children, Text(" " if plain(head.children).endswith(_ENDS) else ": ")]
    if cell.is_header:
        yield Strong((*label, *cell.children))
        return
    yield from (Strong(tuple(label)),) if label else ()
    yield from cell.children


def _prove(before: Document, after: Document) -> None:
    """Check that no text is lost or moved; only the heads of columns may move and be repeated."""
    words = "\n".join(plain(run) for block in blocks(after.everything) for run in strings(block))
    end = 0
    for block in blocks(before.everything):
        heads = {cell.children for row in block.head for cell in row.cells} if isinstance(block, Table) else set()
        for run in strings(block):
            found = words.find(plain(run), 0 if run in heads else end)
            if found < 0:
                raise RuntimeError("a text was lost when a table became a list")
            end = end if run in heads else found + len(plain(run))
