"""Caches finished non-personal pages: asked for again, they are delivered as they were made.

A page of a patient is neither looked for nor cached, nor anything that was typed for one. A page
depends on every file of the clinic and of the program, on what was typed, and on the day; while one
of them differs, or a cached file is odd in any way, the page is made.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from press.delivery.atomic import verify_pdf
from press.delivery.disk_cache import Cache, Entry, as_data, from_data, open_cache, read_day, typed
from press.delivery.filenames import check_file_name
from press.errors import Problem
from press.records import dataclass
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


@dataclass
class PageCache:
    """The cached pages of one command, and the new ones; with `anew` no cached one is used."""

    cache: Cache
    handouts: tuple[str, ...]
    said: tuple[str | None, ...]
    typed: str | None
    anew: bool
    _new: dict[Entry, dict[str, object]] = field(default_factory=dict, init=False)

    # What is there

    def command(self, day_in: Callable[[str], date]) -> KeptCommand | None:
        """Read what the same command came to before, if it holds today; `day_in` gives the day in a time zone."""
        try:
            found = self._recall(self._command_entry())
            day = read_day(found, day_in if self.typed is None else None)
            topics = tuple(typed(topic, str) for topic in typed(found["topics"], list))
            return None if day is None else KeptCommand(topics, day, typed(found["output"], str))
        except (KeyError, TypeError, ValueError, OSError):
            return None

    def page(self, topic: str, day: date) -> KeptPage | None:
        """Read the finished page of one handout on this day."""
        try:
            found = self._recall(self._page_entry(topic, day))
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
        """Note what a command comes to with which nothing was wrong."""
        dated = {"day": day.isoformat(), "zone": clinic.time_zone}
        self._new[self._command_entry()] = {"topics": topics, "output": clinic.output, **dated}

    def add_page(self, topic: str, day: date, made: Made, name: str, data: bytes, told: Iterable[Problem]) -> None:
        """Note a finished page and its warnings; one that could be a patient's is passed over."""
        warnings = as_data(told)
        if warnings is None or made.master.tailored.personal or not is_for_anybody(made.options):
            return
        content = b2a_base64(data, newline=False).decode()
        self._new[self._page_entry(topic, day)] = {"name": name, "bytes": content, "warnings": warnings}

    def keep(self) -> None:
        """Write what is new into the cache."""
        self.cache.keep(self._new)

    def _recall(self, entry: Entry) -> dict[str, object]:
        """Read a cached entry. Raises TypeError if there is none."""
        if self.anew:
            raise TypeError("no cached entry is used")
        return self.cache.recall(entry)

    def _command_entry(self) -> Entry:
        return self.cache.entry("plan", (self.handouts, self.said, self.typed))

    def _page_entry(self, topic: str, day: date) -> Entry:
        return self.cache.entry("page", (topic, self.said), day.isoformat())


def open_page_cache(
    root: Path, handouts: tuple[str, ...], said: tuple[str | None, ...], typed: str | None, anew: bool
) -> PageCache | None:
    """Open the cache for a command in which nothing was typed for a patient; `said` is all of it but handouts and day.

    Gives None if something that its pages depend on cannot be read.
    """
    cache = open_cache(root)
    return None if cache is None else PageCache(cache, handouts, said, typed, anew)


@dataclass(frozen=True)
class KeptPages:
    """The pages of a whole command from the cache, what staff were told of them, and the clinic's folder for pages."""

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
