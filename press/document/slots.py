"""Slots: where a page differs from reader to reader. All else of it is made ready once for many.

Pure. A slot is a value of the tree with a number; a skeleton is a tree whose slots stand open, and
filling it with texts gives the page of one reader. A card to cut out and a month of days hold no
slots: their values decide how they are laid out, so each is part of its skeleton as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
    Placeholder,
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
    strings,
)

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
OPEN = "…"  # what stands in an open slot; every face has it
_NUMBERS = PageNumber | PageCount | SheetNumber

Run = tuple[Inline, ...]
_Change = Callable[[Run], Run]


@dataclass(frozen=True, slots=True)
class Slot(Value):
    """A value that may be another's on the next page; its text stands at `number` of those of a page."""

    number: int = 0


def opened(document: Document) -> tuple[Document, tuple[str, ...]]:
    """The skeleton of a page, and the texts of its slots in their order."""
    texts: list[str] = []

    def opens(run: Run) -> Run:
        return _mapped(run, taken)

    def taken(value: Value) -> Value:
        if value.field not in PERSONAL:
            return value
        texts.append(value.text)
        return Slot(value.field, OPEN, len(texts) - 1)

    return _changed(document, opens), tuple(texts)


def filled(skeleton: Document, texts: tuple[str, ...]) -> Document:
    """The page of one reader, its slots holding these texts."""
    return _changed(skeleton, lambda run: filled_run(run, texts))


class Texts(Protocol):
    """The texts of slots by their numbers."""

    def __getitem__(self, number: int, /) -> str:
        """The text of one slot."""


def filled_run(run: Run, texts: Texts) -> Run:
    """The same for the words of one block."""
    return _mapped(
        run, lambda value: Slot(value.field, texts[value.number], value.number) if isinstance(value, Slot) else value
    )


def slots(run: Run) -> Iterator[Slot]:
    """The slots of a run, in the order of reading."""
    return (node for node in inlines(run) if isinstance(node, Slot))


def slots_of(skeleton: Document) -> tuple[Slot, ...]:
    """Every slot of a page, by its number."""
    found = {
        slot.number: slot for block in blocks(skeleton.everything) for run in strings(block) for slot in slots(run)
    }
    return tuple(found[number] for number in sorted(found))


def stranded(skeleton: Document) -> Iterator[tuple[Value, Block]]:
    """Each open value that is no slot, with its block: it stands in a card or a month and would be printed open."""
    for block in blocks(skeleton.everything):
        for run in strings(block):
            for node in inlines(run):
                if (
                    isinstance(node, Value)
                    and not isinstance(node, Slot)
                    and node.text == OPEN
                    and node.field in PERSONAL
                ):
                    yield node, block


def varies(run: Run) -> bool:
    """Whether the words of a run may differ from page to page: by a slot, or by a number of the page."""
    return any(isinstance(node, Slot | _NUMBERS) for node in inlines(run))


def counts(run: Run) -> bool:
    """Whether a run shows which page it is on."""
    return any(isinstance(node, _NUMBERS) for node in inlines(run))


def before_slot(run: Run) -> Run:
    """What stands in a run before the first of its words that may differ."""
    found: list[Inline] = []
    for node in run:
        if isinstance(node, Strong | Content | Side) and varies((node,)):
            return (*found, replace(node, children=before_slot(node.children)))
        if varies((node,)):
            break
        found.append(node)
    return tuple(found)


def from_slot(run: Run) -> Run:
    """The rest of a run, from the first of its words that may differ on."""
    for number, node in enumerate(run):
        if varies((node,)):
            if isinstance(node, Strong | Content | Side):
                node = replace(node, children=from_slot(node.children))
            return (node, *run[number + 1 :])
    return ()


# Trees changed run by run


def _changed(document: Document, change: _Change) -> Document:
    banner, letterhead, body, footer = (
        tuple(_block(block, change) for block in part)
        for part in (document.banner, document.letterhead, document.body, document.footer)
    )
    return replace(document, banner=banner, letterhead=letterhead, body=body, footer=footer)


def _block(block: Block, change: _Change) -> Block:
    match block:
        case Heading() | Paragraph():
            children = change(block.children)
            return block if children is block.children else replace(block, children=children)
        case List():
            return replace(block, items=tuple(replace(item, children=change(item.children)) for item in block.items))
        case Table() if block.role != "month":
            head, rows = (
                tuple(
                    replace(row, cells=tuple(replace(cell, children=change(cell.children)) for cell in row.cells))
                    for row in part
                )
                for part in (block.head, block.rows)
            )
            return replace(block, head=head, rows=rows, caption=change(block.caption))
        case Section() if block.role != "cut-out":
            return replace(block, children=tuple(_block(child, change) for child in block.children))
        case Table() | Section() | Figure():
            return block


def _mapped(run: Run, change: Callable[[Value], Value]) -> Run:
    """A run with its values changed; the same run where nothing is."""
    found = tuple(_node(node, change) for node in run)
    return run if all(map(is_, found, run)) else found


def _node(node: Inline, change: Callable[[Value], Value]) -> Inline:
    match node:
        case Value():
            return change(node)
        case Strong() | Content() | Side():
            children = _mapped(node.children, change)
            return node if children is node.children else replace(node, children=children)
        case Text() | Placeholder() | WriteIn() | Break() | PageNumber() | PageCount() | SheetNumber():
            return node
