"""People spread over processes: the same results in the same order, and nothing left of a worker, however it ended."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from press.errors import HandoutError
from press.runs import workers
from press.runs.hardening import Trespass, watching
from press.runs.workers import _Window, count_of, spread
from tests.rigs.waiting import HANGS

ROOT = Path(__file__).resolve().parents[2]
HERE = os.getpid()
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def squares(rows: Iterable[int]) -> Iterator[int]:
    for row in rows:
        yield row * row


def in_worker() -> bool:
    return os.getpid() != HERE


def children() -> set[int]:
    """The processes whose parent this one is, running or dead."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == HERE:
            found.add(int(path.parent.name))
    return found


@pytest.fixture(autouse=True)
def others(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """What other tests keep running, such as a browser."""
    monkeypatch.setitem(OTHERS, "pids", children())
    return OTHERS["pids"]


OTHERS: dict[str, set[int]] = {}


def nobody_left() -> bool:
    """Whether the test left no child, running or dead."""
    return not children() - OTHERS["pids"]


@pytest.mark.parametrize("number", [1, 2, 3, 7])
@pytest.mark.parametrize("people", [1, 2, 5, 17, 1000])
def test_results_come_in_the_order_of_the_list(number: int, people: int) -> None:
    with spread(lambda: iter(range(people)), people, squares, number) as found:
        assert list(found) == [row * row for row in range(people)]
    assert nobody_left()


def test_the_work_is_done_elsewhere() -> None:
    def where(rows: Iterable[int]) -> Iterator[int]:
        return (os.getpid() for _ in rows)

    with spread(lambda: iter(range(500)), 500, where, 2) as found:
        seen = set(found)
    assert 2 <= len(seen) <= 3 and nobody_left()


def test_readers_who_are_alike_go_to_the_same_worker() -> None:
    """Two kinds in turn on a list, and each is one worker's; the places of a batch come in the order of the list."""
    kinds = [("en", "standard") if place % 2 else ("es", "standard") for place in range(100)]
    window = _Window(500, kinds, 2)
    first, second = ([place for batch in taken(window, worker, 6) for place in batch] for worker in (0, 1))
    assert first == list(range(501, 572, 2)) and second == list(range(500, 571, 2))


def test_who_is_done_takes_over_the_last_of_whoever_has_the_most() -> None:
    window = _Window(0, [()] * 96, 2)
    mine = [place for batch in taken(window, 0, 8) for place in batch]
    assert mine == list(range(48)), "one kind alone is divided, too"
    assert taken(window, 0, 2) == [list(range(90, 96)), list(range(84, 90))]
    assert [place for batch in taken(window, 1, 6) for place in batch] == list(range(48, 84))
    assert window.take(0) == window.take(1) == []


def taken(window: _Window, worker: int, count: int) -> list[list[int]]:
    return [window.take(worker) for _ in range(count)]


def test_a_slow_worker_holds_up_nobody_else_for_long() -> None:
    """Chunks go to whoever is free, and no more of them than a few are made ahead."""

    def slow(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
        for row in rows:
            if row == 600:
                assert in_worker() and select.select([come], [], [], HANGS)[0], "nobody else goes on"
            elif row == 720 and in_worker():  # of the chunk after it
                os.write(told, b"x")
            yield row, os.getpid()

    come, told = os.pipe()
    with spread(lambda: iter(range(2000)), 2000, slow, 2) as found:
        seen = list(found)
    for end in (come, told):
        os.close(end)
    assert [row for row, _ in seen] == list(range(2000)) and len({pid for _, pid in seen}) == 2


def test_a_fault_in_a_worker_is_the_fault_itself_after_those_before_it() -> None:
    def faulty(rows: Iterable[int]) -> Iterator[int]:
        for row in rows:
            if row == 777:
                raise ZeroDivisionError
            yield row

    taken = []
    with pytest.raises(ZeroDivisionError) as caught, spread(lambda: iter(range(1000)), 1000, faulty, 2) as found:
        taken.extend(iter(found))
    assert taken == list(range(777))
    assert any(entry.name == "faulty" for entry in caught.traceback), "with the lines of our code on the way to it"
    assert nobody_left()


def test_a_fault_that_only_a_worker_has_costs_nothing() -> None:
    def lame(rows: Iterable[int]) -> Iterator[int]:
        for row in rows:
            if in_worker() and row % 100 == 50:
                raise OSError("LIBRARY TEXT")
            yield row

    with spread(lambda: iter(range(1000)), 1000, lame, 2) as found:
        assert list(found) == list(range(1000))


def test_a_fault_among_the_first_people_comes_after_those_before_it() -> None:
    def faulty(rows: Iterable[int]) -> Iterator[int]:
        for row in rows:
            if row == 5:
                raise KeyboardInterrupt
            yield row

    taken = []
    with pytest.raises(KeyboardInterrupt), spread(lambda: iter(range(1000)), 1000, faulty, 2) as found:
        taken.extend(found)
    assert taken == list(range(5)) and nobody_left()


def test_a_worker_that_is_killed_is_told_and_the_others_end() -> None:
    def deadly(rows: Iterable[int]) -> Iterator[int]:
        for row in rows:
            if in_worker() and row == 600:
                os.kill(os.getpid(), signal.SIGKILL)
            yield row

    taken: list[int] = []
    with pytest.raises(HandoutError) as caught, spread(lambda: iter(range(1000)), 1000, deadly, 3) as found:
        taken.extend(found)
    [problem] = caught.value.problems
    assert "ended from outside" in problem.message and "--workers 1" in problem.hint
    assert taken == list(range(len(taken))) and len(taken) <= 600 and nobody_left()


def test_whoever_stops_reading_leaves_no_worker() -> None:
    def endless(rows: Iterable[int]) -> Iterator[int]:
        for row in rows:
            if row >= 32:  # behind the first batch
                time.sleep(60)
                os.write(told, b"x")
            yield row

    come, told = os.pipe()
    with pytest.raises(KeyboardInterrupt), spread(lambda: iter(range(1000)), 1000, endless, 2) as found:
        next(found)
        raise KeyboardInterrupt
    os.close(told)
    with open(come, "rb") as pipe:
        assert nobody_left() and pipe.read() == b"", "somebody was waited for"


def test_ctrl_c_is_not_for_the_workers() -> None:
    """A terminal sends it to every process of the group; only the one that tells of it may hear it."""

    def told(rows: Iterable[int]) -> Iterator[bool]:
        for _ in rows:
            if in_worker():
                os.kill(os.getpid(), signal.SIGINT)
            yield in_worker()

    with spread(lambda: iter(range(300)), 300, told, 2) as found:
        assert sum(found) > 200


_PARENT = """
import os
from press.runs.workers import spread
def work(rows):
    for row in rows:
        if os.getpid() != parent:
            os.read(0, 1)
            os.write(1, b"%d\\n" % os.getpid())
        yield row
parent = os.getpid()
with spread(lambda: iter(range(5000)), 5000, work, 2) as found:
    for one in found:
        pass
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_worker_outlives_its_parent(number: int) -> None:
    """A worker makes a row for each byte that it is given; without a parent none makes another beyond the one it is at."""
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell may have started the tests deaf to it
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        cwd=ROOT,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=heard,
    )
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.write(bytes(20))
    pids = {int(parent.stdout.readline()) for _ in range(20)}
    assert 1 <= len(pids) <= 2 and parent.pid not in pids
    os.kill(parent.pid, number)
    parent.wait()
    parent.stdin.close()  # whoever is left need not wait any more
    more = parent.stdout.read()  # to its end: whoever could write to it is gone
    parent.stdout.close()
    assert more.count(b"\n") <= 2


def test_the_tripwire_watches_the_workers_too(tmp_path: Path) -> None:
    def hidden(rows: Iterable[int]) -> Iterator[int]:
        for row in rows:
            if in_worker() and row == 300:
                try:
                    (tmp_path / "stray").write_text("x")
                except Trespass:
                    pass  # as a library would hide it
            yield row

    taken = []
    with pytest.raises(Trespass), watching([ROOT], [tmp_path / "run"]) as wire:
        with spread(lambda: iter(range(1000)), 1000, hidden, 2, wire) as found:
            taken.extend(found)
    assert len(taken) == 1000 and not (tmp_path / "stray").exists()


def test_how_many_processes_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 4)
    assert count_of(None, 10_000) == 4 and count_of(None, workers.FEW) == 1
    assert count_of(1, 10_000) == 1 and count_of(3, 10) == 3 and count_of(8, 2) == 2 and count_of(2, 0) == 1
    monkeypatch.delattr(os, "fork")
    assert count_of(None, 10_000) == count_of(4, 10_000) == 1
