"""Finished pages that are nobody's, kept ready: asked for again, they are handed over as they were made.

A page of a patient is neither looked for nor kept, nor anything that was typed for one. A page
depends on every file of the clinic and of the program, on what was typed, and on the day; while one
of them differs, or a kept file is odd in any way, the page is made.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from press.delivery.atomic import verify_pdf
from press.delivery.disk_cache import as_data, from_data, keep, recall, short_name, typed
from press.delivery.filenames import check_file_name
from press.delivery.fingerprints import Inputs, read_inputs
from press.errors import Problem
from press.runs.desk_delivery import FinishedPage
from press.runs.hardening import refuse_foreign_settings

if TYPE_CHECKING:
    from press.content.clinic import Clinic
    from press.patients.options import Options
    from press.runs.handout import Made


@dataclass(frozen=True)
class Plan:
    """What a command comes to: its handouts, the day, and the clinic's folder for pages as config.yaml names it."""

    topics: tuple[str, ...]
    day: date
    output: str


@dataclass(frozen=True)
class Sheet:
    """One finished page: its file name, its bytes, and what staff were told of it."""

    name: str
    data: bytes
    warnings: tuple[Problem, ...]


class Stock:
    """What is kept for one command, and what is new; with `anew` nothing that was kept is believed."""

    def __init__(
        self,
        root: Path,
        inputs: Inputs,
        handouts: tuple[str, ...],
        said: tuple[str | None, ...],
        typed: str | None,
        anew: bool,
    ) -> None:
        self._root, self._inputs, self._anew = root, inputs, anew
        self._handouts, self._said, self._typed = handouts, said, typed
        self._new: list[tuple[str, str, dict[str, object]]] = []

    # What is there

    def plan(self, day_in: Callable[[str], date]) -> Plan | None:
        """What the same command came to before, if it holds today; `day_in` gives the day in a time zone."""
        try:
            found = self._recall(*self._plan_key())
            day = date.fromisoformat(typed(found["day"], str))
            if self._typed is None and day != day_in(typed(found["zone"], str)):
                return None
            topics = tuple(typed(topic, str) for topic in typed(found["topics"], list))
            return Plan(topics, day, typed(found["output"], str))
        except (KeyError, TypeError, ValueError, OSError):
            return None

    def sheet(self, topic: str, day: date) -> Sheet | None:
        """The finished page of one handout on this day."""
        try:
            found = self._recall(*self._sheet_key(topic, day))
            name, data = typed(found["name"], str), a2b_base64(typed(found["bytes"], str), strict_mode=True)
            if check_file_name(name):
                return None
            if name.endswith(".pdf"):
                verify_pdf(data)
            return Sheet(name, data, tuple(from_data(found["warnings"])))
        except (KeyError, TypeError, ValueError, RuntimeError):
            return None

    # What is new

    def add_plan(self, topics: tuple[str, ...], day: date, clinic: Clinic) -> None:
        """What a command comes to with which nothing was wrong."""
        data: dict[str, object] = {
            "topics": topics,
            "day": day.isoformat(),
            "output": clinic.output,
            "zone": clinic.time_zone,
        }
        self._new.append((*self._plan_key(), data))

    def add_sheet(self, topic: str, day: date, made: Made, name: str, data: bytes, told: Iterable[Problem]) -> None:
        """A finished page and what staff were told of it; one that could be a patient's is passed over."""
        warnings = as_data(told)
        if warnings is None or made.master.tailored.personal or not is_for_anybody(made.options):
            return
        page: dict[str, object] = {
            "name": name,
            "bytes": b2a_base64(data, newline=False).decode(),
            "warnings": warnings,
        }
        self._new.append((*self._sheet_key(topic, day), page))

    def keep(self) -> None:
        """Keep what is new, unless a file was saved meanwhile: it would be of neither state."""
        if self._new and read_inputs(self._root) == self._inputs:
            for name, key, data in self._new:
                keep(self._root, name, key, data)

    def _recall(self, name: str, key: str) -> dict[str, object]:
        """What was kept. Raises TypeError if there is nothing."""
        return typed(None if self._anew else recall(self._root, name, key), dict)

    def _plan_key(self) -> tuple[str, str]:
        """The name of what is kept, and its key. A day is not in the name: a new one takes the place of the old."""
        asked = (self._handouts, self._said, self._typed)
        return short_name("plan", asked), self._inputs.key("plan", asked)

    def _sheet_key(self, topic: str, day: date) -> tuple[str, str]:
        return short_name("page", (topic, self._said)), self._inputs.key("page", topic, self._said, day.isoformat())


def stock_for(
    root: Path, handouts: tuple[str, ...], said: tuple[str | None, ...], typed: str | None, anew: bool
) -> Stock | None:
    """What is kept for a command in which nothing was typed for a patient; `said` is all of it but handouts and day.

    None if something that its pages depend on cannot be read.
    """
    inputs = read_inputs(root)
    return None if inputs is None else Stock(root, inputs, handouts, said, typed, anew)


@dataclass(frozen=True)
class KeptPages:
    """The pages of a whole command from the cache, what staff were told of them, and the clinic's folder for pages."""

    pages: tuple[FinishedPage, ...]
    warnings: tuple[Problem, ...]
    output: str


def recall_pages(cache: Stock, day_in: Callable[[str], date]) -> KeptPages | None:
    """Take all pages of a command from the cache, without the modules that make one; None if one is not there.

    `day_in` gives the day in a time zone. Raises HandoutError for settings from outside that would change pages.
    """
    plan = cache.plan(day_in)
    if plan is None:
        return None
    sheets = [sheet for topic in plan.topics if (sheet := cache.sheet(topic, plan.day))]
    if len(sheets) < len(plan.topics):
        return None
    refuse_foreign_settings()
    pages = tuple(FinishedPage(sheet.name, sheet.data) for sheet in sheets)
    return KeptPages(pages, tuple(problem for sheet in sheets for problem in sheet.warnings), plan.output)


def is_for_anybody(options: Options) -> bool:
    """Whether these options say nothing but which page it is."""
    from press.patients.options import Options

    which = ("language", "edition", "paper", "form", "reason", "places")
    return options == Options(**{name: getattr(options, name) for name in which})
