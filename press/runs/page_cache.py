"""A disk cache of finished non-personal pages: asked for again, they are delivered as they were made.

A page of a patient is neither looked up nor cached, nor anything that was typed for one. A page
depends on every file of the clinic and of the program, on what was typed, and on the day; while one
of them differs, or a cached file is odd in any way, the page is made.
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
class KeptCommand:
    """What a command comes to: its handouts, the day, and the clinic's folder for pages as config.yaml names it."""

    topics: tuple[str, ...]
    day: date
    output: str


@dataclass(frozen=True)
class KeptPage:
    """One finished page: its file name, its bytes, and its warnings for staff."""

    name: str
    data: bytes
    warnings: tuple[Problem, ...]


class PageCache:
    """The cached pages of one command, and its new ones; with `anew` no cached page is believed."""

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

    def command(self, day_in: Callable[[str], date]) -> KeptCommand | None:
        """Recall what the same command came to before, if it holds today; `day_in` gives the day in a time zone."""
        try:
            found = self._recall(*self._command_key())
            day = date.fromisoformat(typed(found["day"], str))
            if self._typed is None and day != day_in(typed(found["zone"], str)):
                return None
            topics = tuple(typed(topic, str) for topic in typed(found["topics"], list))
            return KeptCommand(topics, day, typed(found["output"], str))
        except (KeyError, TypeError, ValueError, OSError):
            return None

    def page(self, topic: str, day: date) -> KeptPage | None:
        """Recall the finished page of one handout on this day; None if it is not there or odd."""
        try:
            found = self._recall(*self._page_key(topic, day))
            name, data = typed(found["name"], str), a2b_base64(typed(found["bytes"], str), strict_mode=True)
            if check_file_name(name):
                return None
            if name.endswith(".pdf"):
                verify_pdf(data)
            return KeptPage(name, data, tuple(from_data(found["warnings"])))
        except (KeyError, TypeError, ValueError, RuntimeError):
            return None

    # What is new

    def add_command(self, topics: tuple[str, ...], day: date, clinic: Clinic) -> None:
        """Add what a command comes to; only for one without problems."""
        data: dict[str, object] = {
            "topics": topics,
            "day": day.isoformat(),
            "output": clinic.output,
            "zone": clinic.time_zone,
        }
        self._new.append((*self._command_key(), data))

    def add_page(self, topic: str, day: date, made: Made, name: str, data: bytes, found: Iterable[Problem]) -> None:
        """Add a finished page with its warnings; one that could be a patient's is passed over."""
        warnings = as_data(found)
        if warnings is None or made.master.tailored.personal or not is_for_anybody(made.options):
            return
        page: dict[str, object] = {
            "name": name,
            "bytes": b2a_base64(data, newline=False).decode(),
            "warnings": warnings,
        }
        self._new.append((*self._page_key(topic, day), page))

    def keep(self) -> None:
        """Write the new pages, unless a file was saved meanwhile: they would be of neither state."""
        if self._new and read_inputs(self._root) == self._inputs:
            for name, key, data in self._new:
                keep(self._root, name, key, data)

    def _recall(self, name: str, key: str) -> dict[str, object]:
        """Recall cached data. Raises TypeError if there is none."""
        return typed(None if self._anew else recall(self._root, name, key), dict)

    def _command_key(self) -> tuple[str, str]:
        """The name of the cached file, and its key. The name has no day: a new one replaces the old."""
        asked = (self._handouts, self._said, self._typed)
        return short_name("plan", asked), self._inputs.key("plan", asked)

    def _page_key(self, topic: str, day: date) -> tuple[str, str]:
        return short_name("page", (topic, self._said)), self._inputs.key("page", topic, self._said, day.isoformat())


def open_page_cache(
    root: Path, handouts: tuple[str, ...], said: tuple[str | None, ...], typed: str | None, anew: bool
) -> PageCache | None:
    """Open the cache for a command in which nothing was typed for a patient; `said` is all of it but handouts and day.

    None if something that its pages depend on cannot be read.
    """
    inputs = read_inputs(root)
    return None if inputs is None else PageCache(root, inputs, handouts, said, typed, anew)


@dataclass(frozen=True)
class KeptPages:
    """The cached pages of a whole command, their warnings for staff, and the clinic's folder for pages."""

    pages: tuple[FinishedPage, ...]
    warnings: tuple[Problem, ...]
    output: str


def recall_pages(cache: PageCache, day_in: Callable[[str], date]) -> KeptPages | None:
    """Take all pages of a command from the cache, without the modules that make one; None if one is not there.

    `day_in` gives the day in a time zone. Raises HandoutError for settings from outside that would change pages.
    """
    command = cache.command(day_in)
    if command is None:
        return None
    found = [page for topic in command.topics if (page := cache.page(topic, command.day))]
    if len(found) < len(command.topics):
        return None
    refuse_foreign_settings()
    pages = tuple(FinishedPage(page.name, page.data) for page in found)
    return KeptPages(pages, tuple(problem for page in found for problem in page.warnings), command.output)


def is_for_anybody(options: Options) -> bool:
    """Whether these options say nothing but which page it is."""
    from press.patients.options import Options

    which = ("language", "edition", "paper", "form", "reason", "places")
    return options == Options(**{name: getattr(options, name) for name in which})
