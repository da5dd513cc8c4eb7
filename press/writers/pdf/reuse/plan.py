"""How the pages of one kind of reader are laid out: all that is the same for them, and where their own lines stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from press.errors import Problem
from press.lru import LRU
from press.records import dataclass, replace
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.calls import Call, Outcome, Reader, Values, values_of
from press.writers.pdf.model import Item, Layout, Links, OpenLine, SignItem, TextItem, with_line
from press.writers.pdf.proof.proof import prove_apart, prove_inside, rivals

_MOST = 4  # forms of the tags: in a file of its own, in a job, from a side on
Outcomes = Mapping[object, Outcome]  # by call
AnItem = TypeVar("AnItem", bound=Item)


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """One way in which a page is laid out. Its own lines of a reader are open: nobody's words are in it.

    `links` are the numbers that can be dialed.
    """

    layout: Layout
    faces: Faces
    warnings: tuple[Problem, ...]
    links: Links

    def outcomes(self, reader: Reader) -> Outcomes:
        """What the lines of one reader are."""
        return {call: call.outcome(reader) for call in self._calls}

    def prove(self, outcomes: Outcomes) -> None:
        """Raise RuntimeError if a reader's own line leaves its place or stands on something else."""
        for item, line in self._open:
            prove_inside(item, outcomes[line.call].reaches[line.number], self.layout)
        for one, other in self._rivals:
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
    def _open(self) -> tuple[tuple[TextItem, OpenLine], ...]:
        return tuple((item, item.line) for item in self._words if isinstance(item.line, OpenLine))

    @cached_property
    def _calls(self) -> tuple[Call, ...]:
        return tuple(dict.fromkeys(call for _, line in self._open if isinstance(call := line.call, Call)))

    @cached_property
    def values(self) -> Values:
        """The values that are the same for all."""
        same = [item for item in self._words if not isinstance(item.line, OpenLine)]
        texts = [tuple([item.line for item in items]) for _, items in groupby(same, key=attrgetter("element"))]
        found = [values_of(lines) for lines in texts if any([run.field for line in lines for run in line.runs])]
        return tuple(dict.fromkeys(value for values in found for value in values))

    @cached_property
    def _rivals(self) -> tuple[tuple[TextItem, TextItem | SignItem], ...]:
        """Each open line with what stands as high on its page."""
        pairs = (pair for page in self.layout.pages for pair in rivals(page, self.faces))
        return tuple(pair for pair in pairs if any(map(_is_open, pair)))

    @property
    def _words(self) -> list[TextItem]:
        items = (item for page in self.layout.pages for item in (*page.items, *page.footer))
        return [item for item in items if isinstance(item, TextItem)]

    def filled(self, outcomes: Outcomes) -> Layout:
        """The layout record of one reader's pages."""

        def fill(items: tuple[Item, ...]) -> tuple[Item, ...]:
            return tuple([set_in(item, outcomes) for item in items])

        pages = (replace(page, items=fill(page.items), footer=fill(page.footer)) for page in self.layout.pages)
        return replace(self.layout, pages=tuple(pages))


def _is_open(item: Item) -> bool:
    return isinstance(item, TextItem) and isinstance(item.line, OpenLine)


def set_in(item: AnItem, outcomes: Outcomes) -> AnItem | TextItem:
    """The item with the line of one reader, if it is open."""
    if isinstance(item, TextItem) and isinstance(item.line, OpenLine):
        return with_line(item, outcomes[item.line.call].lines[item.line.number])
    return item
