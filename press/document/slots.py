"""Open and fill slots: the values that differ from reader to reader on a page that is else the same. Pure.

A slot is a numbered value of the tree; a skeleton is a tree with its slots open, and filling it with
texts gives the page of one reader. A card to cut out and a month of days hold no slots: their values
decide their layout, so they are part of the skeleton.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import is_
from typing import Any, TypeVar

from press.document.nodes import (
    Block,
    Content,
    Document,
    Inline,
    PageCount,
    PageNumber,
    PictureMark,
    SheetNumber,
    Side,
    Strong,
    Text,
    Value,
    blocks,
    inlines,
    nodes,
    strings,
)
from press.lru import once_each
from press.records import dataclass, replace

_TYPED = frozenset({"name", "prescriber", "started", "last_dose", "appointment"})
_COUNTED = frozenset({"due", "danger_from", "watch_from", "higher_from", "planned", "offered"})
PERSONAL = _TYPED | _COUNTED  # the fields of one person; any other value is the clinic's
FIXED = frozenset({"cut-out", "month"})  # roles of blocks that hold no slots
OPEN = "…"  # the text of an open slot; every face has it
_HOLDERS = (Strong, Content, Side, PictureMark)  # nodes that hold others
Inlines = tuple[Inline, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slot(Value):
    """A value of one reader; `number` is the index of its text among those of a page."""

    number: int = 0


_VARYING = (Slot, PageNumber, PageCount, SheetNumber)


def open_slots(document: Document) -> tuple[Document, tuple[str, ...]]:
    """Open the slots of a page: its skeleton, and the texts by their numbers."""
    texts = {slot.number: slot.text for slot in slots_of(document)}
    skeleton = _change(document, lambda slot: replace(slot, text=OPEN))
    return skeleton, tuple(texts.get(number, "") for number in range(max(texts, default=-1) + 1))


def renumber(document: Document, first: int) -> Document:
    """Number the slots of a page from `first` on, so that they can join a page with slots below `first`."""
    return _change(document, lambda slot: replace(slot, number=slot.number + first))


def fill_slots(skeleton: Document, texts: tuple[str, ...]) -> Document:
    """Fill the slots with the texts of one reader."""
    return _change(skeleton, lambda slot: replace(slot, text=texts[slot.number]))


def slots_of(document: Document) -> tuple[Slot, ...]:
    """List the slots of a page by number. Raises RuntimeError if two share a number: they would get one text."""
    found = [slot for block in document.everything for slot in _slots(block)]
    if len({slot.number for slot in found}) < len(found):
        raise RuntimeError("two slots of a page have the same number")
    return tuple(sorted(found, key=lambda slot: slot.number))


@once_each
def _slots(root: Block) -> Iterator[Slot]:
    return (node for node in nodes((root,)) if isinstance(node, Slot))


def find_stranded(root: Block) -> Iterator[tuple[Value, Block]]:
    """Find open values that are no slots, with their blocks: in a card or a month they would be printed open."""
    for block in blocks((root,)):
        values = [node for run in strings(block) for node in inlines(run) if type(node) is Value]
        yield from ((value, block) for value in values if value.text == OPEN and value.field in PERSONAL)


def varies(run: Inlines) -> bool:
    """Tell whether the words of a run may differ from page to page: it has a slot or a page number."""
    for node in run:  # asked of every run of every page: no generators
        if isinstance(node, _VARYING):
            return True
        if isinstance(node, _HOLDERS) and varies(node.words if isinstance(node, PictureMark) else node.children):
            return True
    return False


def _change(part: T, change: Callable[[Slot], Slot]) -> T:
    """Change the slots in a part of a tree; what has none is the same object afterwards."""
    new: Any = part
    if isinstance(new, Slot):
        new = change(new)
    elif isinstance(new, tuple):
        found = tuple([_change(each, change) for each in new])
        new = new if all(map(is_, found, new)) else found
    elif not isinstance(new, str | Text) and not (isinstance(new, Block) and not _slots(new)):
        parts = {name: each for name in new.__slots__ if isinstance(each := getattr(new, name), tuple)}
        made = {name: _change(each, change) for name, each in parts.items()}
        new = new if all(map(is_, made.values(), parts.values())) else replace(new, **made)
    changed: T = new
    return changed
