"""Work in three steps over processes: numbered in the order of the list, whoever prepares and finishes it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from press.errors import HandoutError
from press.runs import turns
from press.runs.hardening import Tripwire
from press.runs.turns import InTurn, spread_in_turn
from press.writers.pdf.file.stretch import OutOfStepError

HERE = os.getpid()
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
Prepared = tuple[int, int]  # a row, and where it starts at first
Start = tuple[int, bytes]
Result = tuple[int, int, int, int, bytes]  # these, where it starts at last, which process finished it, and some bytes


@dataclass
class Counting:
    """Each row needs as many numbers as its last digit, and starts behind all rows before it."""

    foreign: frozenset[int] = frozenset()  # rows that a forked process must not make
    broken: frozenset[int] = frozenset()  # rows that cannot be prepared in a forked process
    unsettled: frozenset[int] = frozenset()  # rows that a forked process cannot settle
    unfinished: frozenset[int] = frozenset()  # rows that a forked process cannot finish
    deadly: frozenset[int] = frozenset()
    size: int = 10
    next: list[int] = field(default_factory=lambda: [0, 0])
    numbered: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    is_forked: bool = False

    def prepare(self, rows: Iterable[int]) -> Iterator[tuple[int, int]]:
        for row in rows:
            if self.is_forked and row in self.deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            if self.is_forked and row in self.broken:
                raise OSError("LIBRARY TEXT")
            yield row % 10, (row, -1)

    def settle(self, prepared: Prepared, start: Start) -> tuple[int | None, Prepared]:
        """Who starts at an odd number needs one more."""
        row = prepared[0]
        if self.is_forked and row in self.unsettled:
            raise OSError("LIBRARY TEXT")
        return (None if self.is_forked and row in self.foreign else row % 10 + start[0] % 2), (row, start[0])

    def number(self, step: int, needed: int) -> Start:
        start, self.next[step] = self.next[step], self.next[step] + needed
        self.numbered[step].append(start)
        return start, bytes(self.size)

    def finish(self, settled: Prepared, start: Start) -> Result:
        if self.is_forked and settled[0] in self.unfinished:
            raise OSError("LIBRARY TEXT")
        return *settled, start[0], os.getpid(), bytes(self.size)

    def begin(self) -> None:
        self.is_forked = True

    def results(self, people: int, processes: int = 2, parity: int = 1) -> list[Result]:
        work = InTurn(self.prepare, self.settle, self.finish, self.number, self.begin)
        wire = Tripwire([], [Path(os.sep)])
        with spread_in_turn(
            lambda: iter(range(people)), people, work, processes, wire, lambda row: (str(row % parity),)
        ) as found:
            return list(found)


def starts(people: int) -> list[tuple[int, int, int]]:
    found, first, second = [], 0, 0
    for row in range(people):
        found.append((row, first, second))
        first, second = first + row % 10, second + row % 10 + first % 2
    return found


@pytest.mark.parametrize("processes", [2, 3])
@pytest.mark.parametrize("parity", [1, 2, 7])
@pytest.mark.parametrize("people", [1, 2, 9, 700])
def test_each_row_starts_behind_all_before_it(people: int, parity: int, processes: int) -> None:
    found = Counting().results(people, processes, parity)
    assert [one[:3] for one in found] == starts(people)


def test_the_first_rows_are_made_here_and_the_others_elsewhere() -> None:
    found = Counting().results(400)
    made = {where for _, _, _, where, _ in found}
    assert HERE in made and len(made) == 3
    assert sum(where == HERE for _, _, _, where, _ in found) == turns.WARM


def test_who_must_not_be_made_elsewhere_is_made_here() -> None:
    foreign = frozenset({20, 21, 77, 399})
    found = Counting(foreign=foreign).results(400, parity=3)
    assert [one[:3] for one in found] == starts(400)
    assert {row for row, _, _, where, _ in found if where == HERE} - set(range(turns.WARM)) == foreign


@pytest.mark.parametrize("how", ["broken", "unsettled"])
def test_what_fails_elsewhere_before_it_is_numbered_is_made_here(how: str) -> None:
    found = Counting(**{how: frozenset({50, 333})}).results(400)
    assert [one[:3] for one in found] == starts(400)
    assert {50, 333} <= {row for row, _, _, where, _ in found if where == HERE}


def test_what_cannot_be_finished_as_it_was_numbered_is_left_to_one_process() -> None:
    with pytest.raises(OutOfStepError):
        Counting(unfinished=frozenset({200})).results(400)


def test_a_process_that_is_killed_is_told() -> None:
    with pytest.raises(HandoutError) as caught:
        Counting(deadly=frozenset({150})).results(400)
    assert "was ended from outside" in caught.value.problems[0].message


def test_messages_that_no_pipe_holds_hold_up_nobody() -> None:
    """Starts and results of a batch are far larger than a pipe: whoever writes never waits for who writes to it."""
    found = Counting(size=30_000).results(600, parity=5)
    assert [one[:3] for one in found] == starts(600)


def test_nothing_is_numbered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WARM", 0)
    counting = Counting(foreign=frozenset({3}))
    assert len(counting.results(64)) == 64
    for numbered in counting.numbered:
        assert len(numbered) == 64 and numbered == sorted(numbered)
