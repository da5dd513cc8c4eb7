"""Masters: handouts composed and checked once for everybody with the same profile, the slots of their pages open.

Not every difference between readers is on each page, so masters of several profiles may share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from press.compose.check import check_choice, check_page
from press.compose.tailor import PatientValues, Tailored, tailor_to
from press.compose.template import compose
from press.content.approvals import Status
from press.content.clinic import Clinic
from press.content.handout import Handout
from press.document.logo import Logo
from press.document.nodes import Block, Document, Value, blocks, inlines, strings
from press.document.slots import OPEN, PERSONAL, slots_of
from press.errors import Problem
from press.lru import LRU, once_each
from press.records import dataclass, replace

if TYPE_CHECKING:
    from press.writers.pdf.reuse.forme import Forme

_PROFILES = 768  # whose masters are cached
_PAGES = 320  # cached pages, each with its formes: a clinic with a varied list has as many
_FORMES = 8  # of one page: papers, runs, a blank side


@dataclass(frozen=True, eq=False, repr=False)
class OpenPage:
    """A page with the slots of its `document` open; `problems` are those of the page itself.

    `formes` are what it is printed with, by stylesheet and run.
    """

    document: Document
    problems: tuple[Problem, ...] = ()
    formes: LRU[Forme] = field(default_factory=lambda: LRU(_FORMES))

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The fields of its slots, in their order."""
        return tuple(slot.field for slot in slots_of(self.document))


@dataclass(frozen=True, eq=False, repr=False)
class Master:
    """A handout for everybody with one profile, composed and checked; `problems` hold for all of them."""

    tailored: Tailored
    page: OpenPage
    problems: tuple[Problem, ...]


class Masters:
    """The masters of a clinic's handouts, whose templates are in the folder `templates`."""

    def __init__(self, clinic: Clinic, templates: Path, logo: Logo | None = None) -> None:
        self._clinic = clinic
        self._logo = logo
        self._templates = templates
        self._profiles: LRU[Master] = LRU(_PROFILES)  # by handout, language and profile
        self._pages: LRU[OpenPage] = LRU(_PAGES)  # of all masters, by what they are composed of

    def of(self, handout: Handout, wanted: PatientValues, state: Status) -> Master:
        """Get the master for a reader with these values. Raises HandoutError if a template cannot be filled."""
        if handout.has_calendar or wanted.code:  # nearly every reader has a profile of one's own
            return self._composed(handout, wanted, state)
        key = handout.structure.topic, handout.language, state.is_final, *wanted.profile(handout)
        return self._profiles.get(key, lambda: self._composed(handout, wanted, state))

    def _composed(self, handout: Handout, wanted: PatientValues, state: Status) -> Master:
        chosen = tailor_to(handout, wanted.opened(handout), self._clinic, state)
        page = self._pages.get(chosen.page_key, lambda: self._page(chosen))
        return Master(chosen, page, tuple(dict.fromkeys((*check_choice(page.document, chosen), *page.problems))))

    def _page(self, chosen: Tailored) -> OpenPage:
        """Compose and check a page that no master had before."""
        skeleton = replace(compose(chosen, self._templates), logo=self._logo)
        strays = (stray for block in skeleton.everything for stray in _strays(block))
        return OpenPage(skeleton, (*strays, *check_page(skeleton, chosen.handout.taught)))


@once_each
def _strays(root: Block) -> Iterator[Problem]:
    """Refuse open values that are no slots, on cards and in months: both are the same for everybody."""
    for block in blocks((root,)):
        for node in (node for run in strings(block) for node in inlines(run)):
            if type(node) is Value and node.text == OPEN and node.field in PERSONAL:
                message = f"{{{node.field}}} cannot stand on a card or in a month of days"
                yield Problem(block.place, message, "write it into a line of the page")
