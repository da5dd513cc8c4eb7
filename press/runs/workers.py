"""The people of a list spread over processes, their results in the order of the list.

Workers are forked and share nothing: each reads the rows of the list itself, makes those of the
chunks that it is sent, and sends back what its caller needs of them. Whatever goes wrong in a
worker, its chunk is made again in this process, so that a fault is reported as usual. A worker
ends when its pipe does, so that none is left when this process is gone, however it went.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Generic, TypeVar

from press.delivery.atomic import write_all
from press.delivery.files import FILES
from press.errors import Place, refuse
from press.records import dataclass
from press.runs.hardening import Tripwire

R = TypeVar("R")
T = TypeVar("T")
Work = Callable[[Iterable[R]], Iterator[T]]

FEW = 50  # people, who are made before a second process has warmed up
WARM = 64  # people at most made before forking, so that what pages share is made once, and not in each process
CHUNK = 128  # people that a worker is given at once
_AHEAD = 3  # chunks for each worker that are not yet taken: no more is held in memory
_NUMBER = 4  # bytes of a number in a pipe


def count_of(asked: int | None, people: int) -> int:
    """Count the processes that make the pages: as many as were asked for, or as there are cores and it pays."""
    if not hasattr(os, "fork"):
        return 1
    if asked is None:
        return 1 if people <= FEW else _cores()
    return max(1, min(asked, people))


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def spread(
    rows: Callable[[], Iterator[R]], people: int, work: Work[R, T], workers: int, wire: Tripwire | None = None
) -> Iterator[Iterator[T]]:
    """Spread `work` over processes, and give its results in the order of the rows.

    `work` gives one result for each row, and is called for a few rows at a time. With one worker it
    is called once, here. Otherwise processes are forked on entering: open no database before. What a
    worker's tripwire refused goes to `wire`. Raises HandoutError when a worker is killed.
    """
    if workers == 1:
        yield work(rows())
        return
    warm = min(WARM, people // 8)
    first = _warmed(work(islice(rows(), warm)))
    chunk = max(1, min(CHUNK, (people - warm) // (2 * _AHEAD * workers)))
    team = _Team(lambda: islice(rows(), warm, None), -(-(people - warm) // chunk), chunk, work, wire)
    try:
        if first.fault is None:
            team.fork(workers)
        yield _all(first, team)
    finally:
        team.stop()


@dataclass(frozen=True)
class _First(Generic[T]):
    """The results for the first people, made here, and what ended them."""

    found: Sequence[T]
    fault: BaseException | None


def _warmed(results: Iterator[T]) -> _First[T]:
    found: list[T] = []
    try:
        for one in results:
            found.append(one)  # noqa: PERF402 - what came before a fault is kept
    except BaseException as fault:  # noqa: BLE001 - raised again when those before it were taken
        return _First(found, fault)
    return _First(found, None)


def _all(first: _First[T], team: _Team[R, T]) -> Iterator[T]:
    yield from first.found
    if first.fault is not None:
        raise first.fault
    yield from team.results()


class _Team(Generic[R, T]):
    """The workers of one run, and the pipes to and from them."""

    def __init__(
        self, rows: Callable[[], Iterator[R]], count: int, size: int, work: Work[R, T], wire: Tripwire | None
    ) -> None:
        self._rows, self._count, self._size, self._work, self._wire = rows, count, size, work, wire
        self._given = 0
        self._tickets = self._told = -1  # the ends of the pipe that says which chunk comes next
        self._workers: dict[int, int] = {}  # the pipe from each worker, and its process

    def fork(self, workers: int) -> None:
        """Start the processes. Nothing that is there by now is freed in them, so that its memory stays shared."""
        self._tickets, self._told = os.pipe()
        parent = os.getpid()
        gc.freeze()
        try:
            for _ in range(min(workers, self._count)):
                mine, theirs = os.pipe()
                child = os.fork()
                if child == 0:
                    self._serve(theirs, [mine, self._told, *self._workers], parent)
                os.close(theirs)
                self._workers[mine] = child
        finally:
            gc.unfreeze()
        self._order(_AHEAD * workers)

    def results(self) -> Iterator[T]:
        """Give everybody's result, chunk by chunk in the order of the list."""
        waiting: dict[int, Sequence[T] | None] = {}
        for number in range(self._count):
            while number not in waiting:
                came, found, tripped = self._receive()
                waiting[came] = found
                if self._wire:
                    self._wire.tripped += tripped
            found = waiting.pop(number)
            self._order(1)
            yield from self._work(self._chunk(number)) if found is None else found

    def stop(self) -> None:
        """End all workers, whatever they do; what they wrote is known to the process that holds the folder."""
        for pipe, child in self._workers.items():
            os.close(pipe)
            with suppress(OSError):  # somebody else may have heard of its end
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        self._workers.clear()
        for end in (self._tickets, self._told):
            if end >= 0:
                os.close(end)
        self._tickets = self._told = -1

    def _order(self, more: int) -> None:
        """Let the workers make so many chunks more."""
        for number in range(self._given, min(self._given + more, self._count)):
            write_all(number.to_bytes(_NUMBER, "big"), self._told, FILES)
            self._given = number + 1

    def _receive(self) -> tuple[int, Sequence[T] | None, list[str]]:
        """The next chunk that a worker has made, with what its tripwire refused meanwhile."""
        ready, _, _ = select.select(list(self._workers), [], [])
        size = _read(ready[0], _NUMBER)
        data = _read(ready[0], int.from_bytes(size, "big")) if size else b""
        if not data:
            message, hint = (
                "a process that made pages was ended from outside",
                "run the same command again, or with --workers 1",
            )
            raise refuse(Place("--workers"), message, hint)
        came: tuple[int, Sequence[T] | None, list[str]] = pickle.loads(data)  # noqa: S301 - from our own fork alone
        return came

    def _chunk(self, number: int) -> Iterator[R]:
        return islice(self._rows(), number * self._size, (number + 1) * self._size)

    # In the worker

    def _serve(self, out: int, foreign: Iterable[int], parent: int) -> None:
        """Make the chunks that are ordered until there are no more. Never returns."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, who ends us
            for end in foreign:
                os.close(end)  # or we would keep ourselves alive
            rows, place = self._rows(), 0
            while ticket := os.read(self._tickets, _NUMBER):
                number = int.from_bytes(ticket, "big")
                chunk = list(islice(rows, number * self._size - place, (number + 1) * self._size - place))
                place = (number + 1) * self._size
                before = len(self._wire.tripped) if self._wire else 0
                found = self._made(chunk, parent)
                tripped = self._wire.tripped[before:] if self._wire and found is not None else []
                data = pickle.dumps((number, found, tripped), pickle.HIGHEST_PROTOCOL)
                write_all(len(data).to_bytes(_NUMBER, "big") + data, out, FILES)
        finally:
            os._exit(0)

    def _made(self, chunk: Iterable[R], parent: int) -> Sequence[T] | None:
        """The results of one chunk, or None if anything went wrong: the parent then sees for itself."""
        found = []
        try:
            for one in self._work(chunk):
                found.append(one)
                if os.getppid() != parent:
                    os._exit(0)
        except BaseException:  # noqa: BLE001 - the parent makes this chunk again, and meets the fault itself
            return None
        return found


def _read(pipe: int, size: int) -> bytes:
    """Read so many bytes, or none where the other end was closed."""
    found = bytearray()
    while len(found) < size:
        piece = os.read(pipe, size - len(found))
        if not piece:
            return b""
        found += piece
    return bytes(found)
