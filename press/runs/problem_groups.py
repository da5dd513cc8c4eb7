"""Problems of a list by kind: one for each kind, with all its rows.

A list of a million bad rows has a few kinds, fills a hundred lines, and takes no more memory than
a short one: of a row nothing is held but its number in a range.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator

from press.errors import Place, Problem, Rows, sort_by_place
from press.records import dataclass, replace

MOST_KINDS = 100  # that are shown with their rows; of others the rows are counted
_OTHERS = "other problems"
_NUMBERS = re.compile("[0-9]+")


@dataclass(slots=True, eq=False, repr=False)
class _Kind:
    """One kind of problem, as it was first met, and the rows that share it."""

    problem: Problem
    rows: Rows = Rows()

    def with_rows(self) -> Problem:
        return replace(self.problem, rows=self.rows) if self.rows.count else self.problem


class ProblemGroups:
    """The problems of one run, added row by row in the order of the list.

    They may belong to groups, such as the people who get nothing; equal problems of two groups stay apart.
    """

    def __init__(self) -> None:
        self._kinds: dict[Hashable, dict[Hashable, _Kind]] = {}
        self._more: dict[Hashable, dict[Hashable, _Kind]] = {}
        self._count = 0

    def add(self, problem: Problem, row: int = 0, group: Hashable = None) -> None:
        """Add a problem of a row; without a row it concerns nobody on the list."""
        kinds, key = self._kinds.setdefault(group, {}), _key(problem)
        kind = kinds.get(key)
        if kind is None and self._count < MOST_KINDS:
            self._count += 1
            kind = kinds[key] = _Kind(problem)
        elif kind is None:
            kind = self._more_of(problem, group)
        if row:
            kind.rows = kind.rows.and_row(row)

    def _more_of(self, problem: Problem, group: Hashable) -> _Kind:
        """Find the kind of a problem beyond those that are shown: numbers in its message make no difference."""
        more = self._more.setdefault(group, {})
        message = _NUMBERS.sub("…", problem.message)
        if message not in more and len(more) >= MOST_KINDS:
            message = _OTHERS
        place = Place(problem.place.file)
        return more.setdefault(message, _Kind(replace(problem, place=place, message=message, hint="")))

    def problems(self, group: Hashable = None) -> Iterator[Problem]:
        """Give the problems of a group by their first places, then how many rows more have which kind of problem."""
        kinds = [kind.with_rows() for kind in self._kinds.get(group, {}).values()]
        yield from sort_by_place(kinds)
        for kind in self._more.get(group, {}).values():
            count = kind.rows.count
            rows = f"{count:,} more row{'s' if count > 1 else ''}"
            yield replace(kind.problem, message=f"and {rows} with this problem: {kind.problem.message}")


def _key(problem: Problem) -> Hashable:
    """What makes two problems one kind: all but the row."""
    place = problem.place
    spot = (place.file, place.heading, place.column) if place.row else place
    return spot, problem.message, problem.hint, problem.severity, problem.private, problem.code
