"""Open and fill slots: the values that differ from reader to reader on a page that is else the same. Pure.

A slot is a numbered value of the tree; a skeleton is a tree with its slots open, and filling it with
texts gives the page of one reader. A card to cut out and a month of days hold no slots: their values
decide their layout, so they are part of the skeleton.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from operator import is_
from typing import Protocol

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
    Row,
    Section,
    SheetNumber,
    Side,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
    blocks,
    inlines,
    nodes,
    strings,
)
from press.lru import once_each
from press.records import dataclass, replace

# The fields of what was typed for one person, or counted from it. Any other value is the clinic's.
PERSONAL = frozenset(
    {
        "name",
        "prescriber",
        "started",
        "last_dose",
        "due",
        "danger_from",
        "watch_from",
        "higher_from",
        "planned",
        "offered",
        "appointment",
    }
)
FIXED = frozenset({"cut-out", "month"})  # roles of blocks that hold no slots
OPEN = "…"  # the text of an open slot; every face has it
_NUMBERS = PageNumber | PageCount | SheetNumber
_HOLDERS = (Strong, Content, Side, PictureMark)  # nodes that hold others
Inlines = tuple[Inline, ...]
_Change = Callable[["Slot"], "Slot"]


@dataclass(frozen=True, slots=True)
class Slot(Value):
    """A value of one reader; `number` is the index of its text among those of a page."""

    number: int = 0


_VARYING = (Slot, PageNumber, PageCount, SheetNumber)


def open_slots(document: Document) -> tuple[Document, tuple[str, ...]]:
    """Open the slots of a page: its skeleton, and the texts by their numbers."""
    texts = {slot.number: slot.text for slot in slots_of(document)}
    return _change(document, _open), tuple(texts.get(number, "") for number in range(max(texts, default=-1) + 1))


def _open(slot: Slot) -> Slot:
    return Slot(slot.field, OPEN, slot.number)


def renumber(document: Document, first: int) -> Document:
    """Number the slots of a page from `first` on, so that they can join a page with slots below `first`."""
    return _change(document, lambda slot: replace(slot, number=slot.number + first))


def fill_slots(skeleton: Document, texts: tuple[str, ...]) -> Document:
    """Fill the slots with the texts of one reader."""
    return _change(skeleton, _filler(texts))


class Texts(Protocol):
    """The texts of slots by their numbers."""

    def __getitem__(self, number: int, /) -> str:
        """The text of one slot."""


def fill_run(run: Inlines, texts: Texts) -> Inlines:
    """Fill the slots in the words of one block."""
    return _map(run, _filler(texts))


def _filler(texts: Texts) -> _Change:
    return lambda slot: Slot(slot.field, texts[slot.number], slot.number)


def slots(run: Inlines) -> Iterator[Slot]:
    """Walk the slots of a run, in reading order."""
    return (node for node in inlines(run) if isinstance(node, Slot))


def slots_of(document: Document) -> tuple[Slot, ...]:
    """List the slots of a page by number. Raises RuntimeError if two share a number: they would get one text."""
    found = sorted(chain.from_iterable(map(_slots_in, document.everything)), key=lambda slot: slot.number)
    if len({slot.number for slot in found}) < len(found):
        raise RuntimeError("two slots of a page have the same number")
    return tuple(found)


@once_each
def _slots_in(root: Block) -> Iterator[Slot]:
    return (node for node in nodes((root,)) if isinstance(node, Slot))


def find_stranded(root: Block) -> Iterator[tuple[Value, Block]]:
    """Find open values that are no slots, with their blocks: in a card or a month they would be printed open."""
    for block in blocks((root,)):
        for run in strings(block):
            for node in inlines(run):
                if (
                    isinstance(node, Value)
                    and not isinstance(node, Slot)
                    and node.text == OPEN
                    and node.field in PERSONAL
                ):
                    yield node, block


def varies(run: Inlines) -> bool:
    """Tell whether the words of a run may differ from page to page: it has a slot or a page number."""
    for node in run:  # asked of every run of every page: no generators
        if isinstance(node, _VARYING):
            return True
        if isinstance(node, _HOLDERS) and varies(node.words if isinstance(node, PictureMark) else node.children):
            return True
    return False


def counts(run: Inlines) -> bool:
    """Tell whether a run has a page number, page count or sheet number."""
    return any(isinstance(node, _NUMBERS) for node in inlines(run))


def before_slot(run: Inlines) -> Inlines:
    """Cut a run before the first of its words that may differ."""
    found: list[Inline] = []
    for node in run:
        if isinstance(node, Strong | Content | Side) and varies((node,)):
            return (*found, replace(node, children=before_slot(node.children)))
        if varies((node,)):
            break
        found.append(node)
    return tuple(found)


def from_slot(run: Inlines) -> Inlines:
    """Cut a run from the first of its words that may differ on."""
    for number, node in enumerate(run):
        if varies((node,)):
            if isinstance(node, Strong | Content | Side):
                node = replace(node, children=from_slot(node.children))
            return (node, *run[number + 1 :])
    return ()


# Trees mapped slot by slot: a part without any is the same object afterwards


def _change(document: Document, change: _Change) -> Document:
    banner, letterhead, body, footer = (
        tuple(_block(block, change) for block in part)
        for part in (document.banner, document.letterhead, document.body, document.footer)
    )
    return replace(document, banner=banner, letterhead=letterhead, body=body, footer=footer)


def _block(block: Block, change: _Change) -> Block:
    match block:
        case Heading() | Paragraph():
            children = _map(block.children, change)
            return block if children is block.children else replace(block, children=children)
        case Section():
            blocks = tuple(_block(child, change) for child in block.children)
            return block if all(map(is_, blocks, block.children)) else replace(block, children=blocks)
        case List() | Table() if not any(map(varies, strings(block))):
            return block
        case List():
            items = tuple(replace(item, children=_map(item.children, change)) for item in block.items)
            return replace(block, items=items)
        case Table():
            head, rows = (tuple(_row(row, change) for row in part) for part in (block.head, block.rows))
            return replace(block, head=head, rows=rows, caption=_map(block.caption, change))
        case Figure():
            return block


def _row(row: Row, change: _Change) -> Row:
    return Row(tuple(replace(cell, children=_map(cell.children, change)) for cell in row.cells))


def _map(run: Inlines, change: _Change) -> Inlines:
    """Map the slots of a run; without any it is the same object."""
    found = tuple(_node(node, change) for node in run)
    return run if all(map(is_, found, run)) else found


def _node(node: Inline, change: _Change) -> Inline:
    match node:
        case Slot():
            return change(node)
        case Strong() | Content() | Side():
            children = _map(node.children, change)
            return node if children is node.children else replace(node, children=children)
        case (
            Text() | Value() | Placeholder() | WriteIn() | Break() | PageNumber() | PageCount() | SheetNumber()
            | PictureMark()
        ):  # fmt: skip
            return node
