"""The cells of a table in Markdown: figures with three digits, times with their quartiles."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.contestants import Measure
from benchmarks.running import Spread


def milliseconds(spread: Spread) -> tuple[str, str]:
    """Give the middle in milliseconds, and its quartiles."""
    middle, low, high = (f"{figure(value * 1000)}" for value in (spread.median, spread.low, spread.high))
    return middle, f"{low} to {high}"


def figure(value: float) -> str:
    """Write three digits that count."""
    return (
        f"{value:.3f}"
        if value < 1
        else f"{value:.2f}"
        if value < 10
        else f"{value:.1f}"
        if value < 100
        else f"{value:.0f}"
    )


def multiple(spread: Spread | None) -> str:
    """Write how many times, with quartiles; nothing where one is not there."""
    return f"{_short(spread.median)} ({_short(spread.low)} to {_short(spread.high)})" if spread else ""


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def yes(tagged: bool | None) -> str:
    """Write whether it is tagged."""
    return {True: "yes", False: "no", None: ""}[tagged]


def peak_of(rounds: Iterable[Measure]) -> str:
    """Give the most memory of all rounds, in MB."""
    return f"{max(one.peak for one in rounds) / 1e6:.0f}"


def head(line: str) -> list[str]:
    """Give the first two lines of a table."""
    return [line, "|---" * (line.count("|") - 1) + "|"]


def row(cells: Iterable[str]) -> str:
    """Join a line of a table."""
    return "| " + " | ".join(cells) + " |"


def joined(lines: list[str]) -> str:
    """Join the lines of a table."""
    return "\n".join(lines) + "\n"
