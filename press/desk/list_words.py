"""The words of a list's problems on a screen: its cells as a spreadsheet names them, and no switch of a command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from press.desk.staff_words import Words
from press.errors import Problem, Rows
from press.records import replace

if TYPE_CHECKING:
    from press.patients.learn import Column

_COMMANDS = ("--", "lists learn")  # in the hints of the command line: what they say is a button of the screen here
_MINUTE = 60


def plain(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems for a place where their cells are named: without the option's name before the message.

    A hint that names a command, or a switch of one, is left out.
    """
    return tuple(map(_plain, problems))


def _plain(problem: Problem) -> Problem:
    return replace(without_commands(problem), message=problem.message.removeprefix(f"`{problem.place.heading}`: "))


def without_commands(problem: Problem) -> Problem:
    """The same problem without a hint that names a command or a switch of one."""
    return replace(problem, hint="") if any(word in problem.hint for word in _COMMANDS) else problem


def cell_in_words(problem: Problem, columns: Iterable[Column], w: Words, known: Rows | None = None) -> str:
    """Name the cell of a problem: `row 50, column E (interval)`; "" where it is about no row of the list.

    Where its rows are `known`, as they stand above it, the column is enough.
    """
    place, rows = problem.place, problem.rows
    if not place.row:
        return ""
    said = w("lists.rows", rows=rows) if rows and rows.count > 1 else w("lists.row", row=place.row)
    is_known = rows == known or (known is not None and known.count == 1)
    return ", ".join(filter(None, ("" if known and is_known else said, column_in_words(problem, columns, w))))


def column_in_words(problem: Problem, columns: Iterable[Column], w: Words) -> str:
    """Name the column of a problem; "" where it is about no cell."""
    heading = problem.place.heading
    if not heading:
        return ""
    letters: Mapping[str, str] = {column.option: column.letter for column in columns if column.option}
    letter = letters.get(heading, "")
    return w("lists.column_named", letter=letter, name=heading) if letter else w("lists.column", letter=heading)


def rows_in_words(rows: Rows, w: Words) -> str:
    """Name the rows of people who get the same."""
    return w("lists.rows", rows=rows) if rows.count > 1 else w("lists.row", row=rows)


def time_in_words(left: timedelta | None, w: Words) -> str:
    """Say how long a run takes still, in seconds up to a minute; "" while that is not known."""
    if left is None:
        return ""
    seconds = max(1, round(left.total_seconds()))
    if seconds < _MINUTE:
        return w("run.seconds_left", count=seconds)
    return w("run.minutes_left", count=round(seconds / _MINUTE))
