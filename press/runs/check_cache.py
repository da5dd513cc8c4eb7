"""Caches what `check` and `list` found, for use while everything that it depends on is the same.

A handout is checked again when a file of its own changed, or one that all of them share. Nothing here
decides whether a page may be printed: `make`, `batch` and `approve` ask for themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from press.delivery.disk_cache import Cache, Entry, as_data, from_data, open_cache, read_day, typed
from press.errors import Problem
from press.records import dataclass

if TYPE_CHECKING:
    from press.runs.handout import Site


@dataclass(frozen=True)
class Question:
    """What was asked: a command, the handouts that it named, and the day, if one was typed."""

    cache: Cache
    command: str
    asked: tuple[str, ...]
    typed: str | None
    without: tuple[str, ...] = ()  # how the names of files begin that have no say in the answer

    @property
    def entry(self) -> Entry:
        """The entry of the answer in the cache; if no day was typed, its data says for which day it holds."""
        return self.cache.entry(self.command, (self.asked, self.typed), self.without)


T = TypeVar("T")
State = tuple[str, ...]  # a handout, its version, a language, whether its words are signed off, and what it leaves out


def ask(root: Path, command: str, asked: tuple[str, ...], typed: str | None) -> Question | None:
    """Put a question, with all that its answer depends on, or give None if that cannot be read."""
    cache = open_cache(root)
    return None if cache is None else Question(cache, command, asked, typed)


def known(
    question: Question, day_in: Callable[[str], date], read: Callable[[object], T]
) -> tuple[T, list[Problem]] | None:
    """Read the cached answer if it holds today, and its problems; `day_in` gives the day in a time zone.

    `read` makes the answer of plain data, and raises TypeError or ValueError if it cannot be one.
    """
    try:
        found = question.cache.recall(question.entry)
        if read_day(found, day_in if question.typed is None else None) is None:
            return None
        return read(found["data"]), from_data(found["problems"])
    except (KeyError, TypeError, ValueError, OSError):
        return None


def combinations(data: object) -> int:
    """Read the answer of `check`: how many combinations there were. Raises TypeError."""
    return typed(data, int)


def states(data: object) -> list[State]:
    """Read the answer of `list`: each handout in each language, and its state. Raises TypeError or ValueError."""
    found = [tuple(typed(part, str) for part in typed(row, list)) for row in typed(data, list)]
    if any(len(row) < 4 for row in found):
        raise ValueError("not what was cached")
    return found


def note(question: Question, day: date, site: Site, answer: tuple[object, list[Problem]]) -> None:
    """Keep an answer for next time; nothing is kept if a problem is about a patient."""
    data, problems = answer[0], as_data(answer[1])
    if problems is None:
        return
    # A config.yaml that cannot be read has an answer too, but only where its time zone is not asked for.
    zone = site.clinic.time_zone if question.typed is None else ""
    kept = {"day": day.isoformat(), "zone": zone, "data": data, "problems": problems}
    question.cache.keep(question.entry, kept)


def check_and_note(
    site: Site, asked: tuple[str, ...], day: date, question: Question | None, *, anew: bool
) -> tuple[int, list[Problem]]:
    """Check everything and cache the answer; without a `question`, whose inputs cannot be read, cache nothing."""
    from press.runs.sweep import check_everything

    if question is None:
        return check_everything(site, asked, day)
    found = check_with_kept(site, question, day, anew)
    note(question, day, site, found)
    return found


def check_with_kept(site: Site, question: Question, day: date, anew: bool) -> tuple[int, list[Problem]]:
    """Check everything, but lay out no handout of which nothing changed since it was checked.

    With `anew` no cached answer is used.
    """
    from press.runs.sweep import check_everything, check_topic

    def check_one(topic: str) -> tuple[int, list[Problem]]:
        part = Question(question.cache, "topic", (topic,), day.isoformat(), _not_of(site, topic))
        found = None if anew else known(part, lambda zone: day, combinations)
        if found is None:
            found = check_topic(site, topic, day)
            note(part, day, site, found)
        return found

    return check_everything(site, question.asked, day, check_one=check_one)


def _not_of(site: Site, topic: str) -> tuple[str, ...]:
    """Name the files that have no say in the pages of one handout: the other handouts, and who signed what."""
    return ("approvals.yaml", *(f"handouts/{other}/" for other in site.library.topics if other != topic))
