"""Problems as a person reads them: place, the line itself with a caret, and what to do.

The line of a file that holds patient data is never shown.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable
from pathlib import Path

from press.errors import Place, Problem

_RED, _YELLOW, _BOLD, _END = "\033[31m", "\033[33m", "\033[1m", "\033[0m"


def show(problems: Iterable[Problem], root: Path, *, colour: bool, in_order: bool = False) -> str:
    """All problems as text, errors last, sorted by place unless their order was chosen."""
    return "\n".join(_entry(problem, root, colour) for problem in _sorted(problems, in_order))


def _sorted(problems: Iterable[Problem], in_order: bool) -> list[Problem]:
    if in_order:
        return list(problems)
    return sorted(problems, key=lambda problem: (problem.is_error, problem.place, problem.message))


def _entry(problem: Problem, root: Path, colour: bool) -> str:
    tint = _RED if problem.is_error else _YELLOW
    word = f"{tint}{problem.severity.value}{_END}" if colour else problem.severity.value
    place = _plain(problem.where)
    place = f"{_BOLD}{place}{_END}" if colour else place
    lines = [f"{place}: {word}: {_plain(problem.message)}"]
    if not problem.private:
        lines += _excerpt(problem, root)
    if problem.hint:
        lines.append(f"    → {_plain(problem.hint)}")
    return "\n".join(lines)


def _excerpt(problem: Problem, root: Path) -> list[str]:
    """The offending line with a caret below it, if the file can be read."""
    place = problem.place
    if not place.line:
        return []
    try:
        text = (root / place.file).read_bytes().decode("utf-8-sig")
        line = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[place.line - 1]
    except (OSError, ValueError, IndexError):
        return []
    start = max(0, place.column - 60)
    shown = _plain(line[start : start + 100])
    caret = [" " * (4 + place.column - 1 - start) + "^"] if place.column else []
    return ["    " + shown, *caret]


def _plain(text: str) -> str:
    """The text without characters that could steer a screen."""
    return "".join(c if c.isprintable() else " " for c in text)


def as_json(problems: Iterable[Problem], *, in_order: bool = False) -> str:
    """The same as JSON, one list."""
    return json.dumps(as_data(problems, in_order=in_order), ensure_ascii=False, indent=2)


def as_data(problems: Iterable[Problem], *, in_order: bool = False) -> list[dict[str, object]]:
    """The same as data; what stands in a list has its row and heading, too."""
    return [
        {
            "severity": problem.severity.value,
            "file": _plain(problem.place.file),
            "line": problem.place.line,
            "column": problem.place.column,
            "message": _plain(problem.message),
            "hint": _plain(problem.hint),
        }
        | ({"row": problem.place.row, "heading": _plain(problem.place.heading)} if problem.place.row else {})
        | ({"rows": problem.rows.ranges, "count": problem.rows.count} if problem.rows else {})
        for problem in _sorted(problems, in_order)
    ]


_CODE = Path(__file__).resolve().parents[2]


def fault_problems(error: BaseException) -> list[Problem]:
    """A fault of the program as problems: its kind, and each line of our code on the way to it.

    The exception's own words and its values are left out: they may hold what a patient's
    file holds. What raised in turn while it was handled comes first.
    """
    found: list[Problem] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < _MOST_FRAMES:
        kind = type(cause).__name__
        frames = [frame for frame in traceback.extract_tb(cause.__traceback__) if _is_ours(frame)]
        for frame in reversed(frames):
            place = Place(Path(frame.filename).resolve().relative_to(_CODE).as_posix(), frame.lineno or 0)
            found.append(Problem(place, f"fault of the program: {kind} in {frame.name}", private=True))
        if not frames:
            found.append(Problem(Place("press"), f"fault of the program: {kind}", private=True))
        cause = cause.__cause__ or cause.__context__
    return found[:_MOST_FRAMES]


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).resolve().is_relative_to(_CODE / "press")


_MOST_FRAMES = 40
