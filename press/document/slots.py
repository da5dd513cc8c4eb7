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
    Document,
    Inline,
    PageCount,
    PageNumber,
    SheetNumber,
    Text,
    Value,
    inlines,
    nodes,
)
from press.lru import OfObjects, once_each
from press.records import dataclass, replace

PERSONAL = frozenset(  # the fields of one person, typed and counted; any other value is the clinic's
    "name prescriber started last_dose appointment due danger_from watch_from higher_from planned offered".split()
)
FIXED = frozenset({"cut-out", "month"})  # roles of blocks that hold no slots
OPEN = "…"  # the text of an open slot; every face has it
Inlines = tuple[Inline, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slot(Value):
    """A value of one reader; `number` is the index of its text among those of a page."""

    number: int = 0


_VARYING = Slot | PageNumber | PageCount | SheetNumber  # what makes the words of a run differ from page to page
varies = OfObjects[Inlines, bool](4096, lambda run: any(isinstance(node, _VARYING) for node in inlines(run))).get


def renumber(document: Document, first: int) -> Document:
    """Number the slots of a page from `first` on, so that they can join a page with slots below `first`."""
    return _change(document, lambda slot: replace(slot, number=slot.number + first))


def fill_slots(skeleton: Document, texts: tuple[str, ...]) -> Document:
    """Fill the slots with the texts of one reader."""
    return _change(skeleton, lambda slot: replace(slot, text=texts[slot.number]))


def slots_of(document: Document) -> tuple[Slot, ...]:
    """List the slots of a page by number, from 0. Raises RuntimeError if one would get the text of another."""
    found = sorted((slot for block in document.everything for slot in _slots(block)), key=lambda slot: slot.number)
    if [slot.number for slot in found] != list(range(len(found))):
        raise RuntimeError("the slots of a page are not numbered one by one")
    return tuple(found)


@once_each
def _slots(root: Block) -> Iterator[Slot]:
    return (node for node in nodes((root,)) if isinstance(node, Slot))


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
