"""A cache of what `check` and `list` found, valid while everything that it depends on is the same.

A handout is checked again when a file of its own changed, or one that all of them share. Nothing here
decides whether a page may be printed: `make`, `batch` and `approve` ask for themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from press.delivery.disk_cache import as_data, from_data, keep, recall, short_name, typed
from press.delivery.fingerprints import Inputs, read_inputs
from press.errors import Problem

if TYPE_CHECKING:
    from press.runs.handout import Site


@dataclass(frozen=True)
class Question:
    """What was asked: a command, the handouts that it named, and the day, if one was typed."""

    root: Path
    command: str
    asked: tuple[str, ...]
    typed: str | None
    inputs: Inputs
    without: tuple[str, ...] = ()  # how the names of files begin that have no say in the answer

    @property
    def name(self) -> str:
        """The name of the cached answer."""
        return short_name(self.command, (self.asked, self.typed))

    @property
    def key(self) -> str:
        """The key of the cached answer; if no day was typed, the answer says for which day it holds."""
        return self.inputs.key(self.command, self.asked, self.typed, without=self.without)


T = TypeVar("T")
State = tuple[str, ...]  # a handout, its version, a language, whether its words are signed off, and what it leaves out


def ask(root: Path, command: str, asked: tuple[str, ...], typed: str | None) -> Question | None:
    """Ask a question, with fingerprints of all that its answer depends on; None if that cannot be read."""
    inputs = read_inputs(root)
    return None if inputs is None else Question(root, command, asked, typed, inputs)


def known(
    question: Question, day_in: Callable[[str], date], read: Callable[[object], T]
) -> tuple[T, list[Problem]] | None:
    """Recall the cached answer if it holds today, with its problems; `day_in` gives the day in a time zone.

    `read` makes the answer of plain data, and raises TypeError or ValueError if it cannot be one.
    """
    try:
        found: dict[str, object] = typed(recall(question.root, question.name, question.key), dict)
        if question.typed is None and found["day"] != day_in(typed(found["zone"], str)).isoformat():
            return None
        return read(found["data"]), from_data(found["problems"])
    except (KeyError, TypeError, ValueError, OSError):
        return None


def combinations(data: object) -> int:
    """Read the answer of `check`: how many combinations there were."""
    return typed(data, int)


def states(data: object) -> list[State]:
    """Read the answer of `list`: each handout in each language, with its version and its state."""
    found = [tuple(typed(part, str) for part in typed(row, list)) for row in typed(data, list)]
    if any(len(row) < 4 for row in found):
        raise ValueError("not what was kept")
    return found


def note(question: Question, day: date, site: Site, answer: tuple[object, list[Problem]]) -> None:
    """Cache an answer, unless a file was saved meanwhile: it would describe neither state."""
    data, problems = answer[0], as_data(answer[1])
    if problems is not None and read_inputs(question.root) == question.inputs:
        zone = (
            site.clinic.time_zone if question.typed is None else ""
        )  # a config.yaml that cannot be read has an answer too
        kept = {"day": day.isoformat(), "zone": zone, "data": data, "problems": problems}
        keep(question.root, question.name, question.key, kept)


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
    """Check everything, but lay out no handout that is unchanged since it was checked.

    With `anew` no cached answer is believed.
    """
    from press.runs.sweep import check_everything, check_topic

    def check_one(topic: str) -> tuple[int, list[Problem]]:
        part = Question(site.root, "topic", (topic,), day.isoformat(), question.inputs, _not_of(site, topic))
        found = None if anew else known(part, lambda zone: day, combinations)
        if found is None:
            found = check_topic(site, topic, day)
            note(part, day, site, found)
        return found

    return check_everything(site, question.asked, day, check_one=check_one)


def _not_of(site: Site, topic: str) -> tuple[str, ...]:
    """List the files on which one handout does not depend: the other handouts, and the approvals."""
    return ("approvals.yaml", *(f"handouts/{other}/" for other in site.library.topics if other != topic))
