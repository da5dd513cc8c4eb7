"""Counts of work, so that a test can judge it whatever the machine and its load: calls made, memory held by our own lines.

No clock is read. What a call costs inside a library written in C is not seen; where that could grow,
a test counts what is handed over.
"""

from __future__ import annotations

import sys
import tracemalloc
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import pytest

Given = TypeVar("Given")

_PRESS = str(Path(__file__).resolve().parents[2] / "press" / "*")


def calls_within(most: int, work: Callable[[], Given]) -> Given:
    """What the work gives, if it calls functions, built-in ones too, no more often than that.

    The first call beyond ends it, so that work without an end fails and does not hang.
    """
    made = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal made
        if event == "call" or event == "c_call":
            made += 1
            if made > most:
                raise AssertionError(f"more than {most:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = work()
    finally:
        sys.setprofile(before)
    assert made <= most, f"more than {most:,} calls, and what ended them was caught"
    return found


def refuse_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no text be put into normal form that has so many marks in a row that it would take hours."""
    normalize = unicodedata.normalize

    def checked(form: str, text: str) -> str:
        runs = (sum(1 for _ in run) for ordered, run in groupby(text, unicodedata.combining) if ordered)
        assert max(runs, default=0) < 1_000, "so many marks in a row are put in order one by one"
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", checked)


@contextmanager
def traced() -> Iterator[None]:
    """Note what is allocated in the `with`, and by which line."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def held_by_us() -> int:
    """How many bytes lines of the press have allocated since tracing began and nobody has freed.

    What the interpreter keeps of its own is left out, such as its table of interned texts, which
    grows by megabytes at a moment that depends on the tests before.
    """
    taken = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, _PRESS)])
    return sum(trace.size for trace in taken.traces)
