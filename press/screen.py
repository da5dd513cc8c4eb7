"""Problems as a person reads them: place, the line itself with a caret, and what to do.

The line of a file that holds patient data is never shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from press.errors import Problem

_RED, _YELLOW, _BOLD, _END = "\033[31m", "\033[33m", "\033[1m", "\033[0m"


def show(problems: Iterable[Problem], root: Path, *, colour: bool) -> str:
    """All problems as text, sorted by place, errors and warnings together."""
    ordered = sorted(problems, key=lambda problem: (problem.place, problem.message))
    return "\n".join(_entry(problem, root, colour) for problem in ordered)


def _entry(problem: Problem, root: Path, colour: bool) -> str:
    tint = _RED if problem.is_error else _YELLOW
    word = f"{tint}{problem.severity.value}{_END}" if colour else problem.severity.value
    place = _plain(str(problem.place))
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


def as_json(problems: Iterable[Problem]) -> str:
    """The same as data, one list, sorted by place."""
    ordered = sorted(problems, key=lambda problem: (problem.place, problem.message))
    rows = [
        {
            "severity": problem.severity.value,
            "file": _plain(problem.place.file),
            "line": problem.place.line,
            "column": problem.place.column,
            "message": _plain(problem.message),
            "hint": _plain(problem.hint),
        }
        for problem in ordered
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)
