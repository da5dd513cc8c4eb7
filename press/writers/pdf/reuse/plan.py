"""How the pages of one kind of reader are laid out: all that is the same for them, and where their own lines stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar

from press.document.nodes import Numbering
from press.errors import Problem
from press.lru import LRU
from press.records import dataclass, replace
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.model import (
    EMPTY,
    Item,
    Layout,
    Links,
    OpenItem,
    Page,
    SignItem,
    TextItem,
)
from press.writers.pdf.proof.proof import prove_apart, prove_inside, rivals
from press.writers.pdf.reuse.call import Call, Notes, Outcome, Values, values_of

_MOST = 4  # forms of the tags: in a file of its own, in a job, from a side on
Outcomes = tuple[Outcome, ...]
AnItem = TypeVar("AnItem", bound=Item)


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """One way in which a page is laid out. Its open lines are empty: no reader's words are in it.

    The one exception is words from right to left, whose tags say them: they have a plan to themselves.
    It holds for every reader whose outcomes of `calls` have these `marks`. `values` are those that
    are the same for all; `rivals` are open lines with what stands as high on the page; `links` are
    the numbers that can be dialed.
    """

    layout: Layout
    faces: Faces
    warnings: tuple[Problem, ...]
    calls: tuple[Call, ...]
    marks: tuple[object, ...]
    values: Values
    rivals: tuple[tuple[TextItem, TextItem | SignItem], ...]
    links: Links

    def outcomes(self, texts: tuple[str, ...], numbering: Numbering, before: Outcomes = ()) -> Outcomes | None:
        """What the calls give for one reader, or None if this plan is not for that reader.

        `before` is what they gave for the same reader with other numbers of pages and sheets.
        """
        found = []
        for number, (call, mark) in enumerate(zip(self.calls, self.marks, strict=True)):
            outcome = before[number] if before and not call.counts else call.outcome(texts, numbering)
            if outcome.mark != mark:
                return None
            found.append(outcome)
        return tuple(found)

    def prove(self, outcomes: Outcomes) -> None:
        """Raise RuntimeError if a reader's own line leaves its place or stands on something else."""
        for item in self._open:
            prove_inside(item, outcomes[item.call].reaches[item.number], self.layout)
        for one, other in self.rivals:
            prove_apart(set_in(one, outcomes), set_in(other, outcomes))

    @cached_property
    def drawn(self) -> LRU[Any]:
        """Its pages as they are drawn for a file of their own, with the fonts of that file."""
        return LRU(1)

    @cached_property
    def tags(self) -> LRU[Any]:
        """Its pages and their tags as objects, by what part of them a file has."""
        return LRU(_MOST)

    @cached_property
    def _open(self) -> tuple[OpenItem, ...]:
        return tuple(
            item for page in self.layout.pages for item in (*page.items, *page.footer) if isinstance(item, OpenItem)
        )

    def pages(self, outcomes: Outcomes) -> tuple[Page, ...]:
        """One reader's pages, which of their lines are open still to be told."""
        return tuple(_mapped(page, lambda item: set_in(item, outcomes)) for page in self.layout.pages)

    def filled(self, outcomes: Outcomes) -> Layout:
        """The layout record of one reader's pages."""
        return replace(self.layout, pages=tuple(_mapped(page, _closed) for page in self.pages(outcomes)))


def planned(
    layout: Layout, faces: Faces, warnings: tuple[Problem, ...], notes: Notes, outcomes: Outcomes, links: Links
) -> Plan:
    """The plan of pages that were laid out and proved; `notes` know which of their lines are open."""

    def opened(item: Item) -> Item:
        if not isinstance(item, TextItem):
            return item
        place = notes.lines.get(id(item.line))
        if place is None or place[1] < outcomes[place[0]].done:
            return item
        call, number = place
        placed = outcomes[call].placed if number == outcomes[call].done else None
        return OpenItem(item.element, item.x, item.y, item.size, item.line, item.room, item.ink, call, number, placed)

    pages = tuple(_mapped(page, opened) for page in layout.pages)
    near = [pair for page in pages for pair in rivals(page, faces) if any(isinstance(item, OpenItem) for item in pair)]
    same = (item for page in pages for item in (*page.items, *page.footer) if type(item) is TextItem)
    texts = groupby(same, key=lambda item: item.element)
    return Plan(
        layout=replace(layout, pages=tuple(_mapped(page, _emptied) for page in pages)),
        faces=faces,
        warnings=warnings,
        calls=notes.calls,
        marks=tuple(outcome.mark for outcome in outcomes),
        values=tuple(
            dict.fromkeys(value for _, items in texts for value in values_of(tuple(item.line for item in items)))
        ),
        rivals=tuple((_emptied(one), _emptied(other)) for one, other in near),
        links=links,
    )


def _mapped(page: Page, change: Callable[[Item], Item]) -> Page:
    return replace(page, items=tuple(map(change, page.items)), footer=tuple(map(change, page.footer)))


def _closed(item: Item) -> Item:
    if not isinstance(item, OpenItem):
        return item
    return TextItem(item.element, item.x, item.y, item.size, item.line, item.room, item.ink)


def _emptied(item: AnItem) -> AnItem:
    return replace(item, line=EMPTY) if isinstance(item, OpenItem) else item


def set_in(item: AnItem, outcomes: Outcomes) -> AnItem:
    """The item with the line of one reader, if it is open."""
    return replace(item, line=outcomes[item.call].lines[item.number]) if isinstance(item, OpenItem) else item
