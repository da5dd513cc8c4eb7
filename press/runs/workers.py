"""The people of a list spread over processes, their results in the order of the list.

Workers are forked and share nothing: each reads the rows of the list itself, makes those that it is told to, and
sends back what its caller needs of them. Readers who are alike go to the same worker, since their pages share most of
what takes long; who has no more to do takes over from the others. Whatever goes wrong in a worker, its rows are
made again in this process, so that a fault is reported as usual. A worker ends when its pipe does, so that none is
left when this process is gone, however it went.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field
from itertools import chain, islice, pairwise
from typing import Generic, TypeVar, cast

from press.delivery.atomic import write_all
from press.delivery.files import FILES
from press.errors import Place, refuse
from press.records import dataclass
from press.runs.hardening import Tripwire

R = TypeVar("R")
T = TypeVar("T")
Work = Callable[[Iterable[R]], Iterator[T]]
Kind = Callable[[R], tuple[str, ...]]
Answer = tuple[list[int], Sequence[T] | None, list[str]]  # a batch, what was made of it, what the tripwire refused

FEW = 16  # people, who are made before a second process has warmed up
WINDOW = 512  # people who are shared out at once: no more than twice as many are waited for
_BATCHES = 8  # of each share of a window, so that whoever is done early can take some over
_BATCH = 32  # people at most that a worker is given at once
_AHEAD = 2  # batches that a worker has in hand, so that it need not wait for the next
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
    rows: Callable[[], Iterator[R]],
    people: int,
    work: Work[R, T],
    workers: int,
    wire: Tripwire | None = None,
    kind: Kind[R] = lambda row: (),
) -> Iterator[Iterator[T]]:
    """Spread `work` over processes, and give its results in the order of the rows.

    `work` gives one result for each row, and is called for a few rows at a time. With one worker it
    is called once, here. Otherwise processes are forked on entering: open no database before. Rows share the more
    work, the more of their `kind` is the same from its beginning on. What a worker's tripwire refused goes to
    `wire`. Raises HandoutError when a worker is killed.
    """
    if workers == 1:
        yield work(rows())
        return
    team = Team(rows, people, work, wire, kind)
    try:
        team.fork(workers)
        yield team.results()
    finally:
        team.stop()


class _Window:
    """Rows that are shared out at once: for each worker the batches that nobody took yet.

    A batch is the places of its rows on the list, in its order.
    """

    def __init__(self, start: int, kinds: Sequence[tuple[str, ...]], workers: int) -> None:
        alike = sorted(range(len(kinds)), key=kinds.__getitem__)
        ends = [len(kinds) * number // workers for number in range(workers + 1)]
        size = max(1, min(_BATCH, len(kinds) // (workers * _BATCHES)))
        self._shares: list[deque[list[int]]] = []
        for one, other in pairwise(ends):
            share = [start + place for place in sorted(alike[one:other])]
            self._shares.append(deque(share[n : n + size] for n in range(0, len(share), size)))

    def take(self, worker: int) -> list[int]:
        """Take a worker's next batch; when it has no more, the last one of whoever has the most. None is left: []."""
        if own := self._shares[worker]:
            return own.popleft()
        longest = max(self._shares, key=len)
        return longest.pop() if longest else []


@dataclass(frozen=True)
class Worker:
    """A process that makes pages, by its number, with pipes to it and from it; `untold` did not fit into the first."""

    number: int
    pid: int
    told: int
    made: int
    untold: bytearray = field(default_factory=bytearray)

    def tell(self) -> None:
        """Tell what is still untold, as much as the pipe surely has room for."""
        try:
            del self.untold[: FILES.write(self.told, bytes(self.untold[: select.PIPE_BUF]))]
        except BrokenPipeError:  # it was ended from outside: we hear that from its other pipe
            self.untold.clear()


class Team(Generic[R, T]):
    """The workers of one run, and what they are still to make."""

    def __init__(
        self, rows: Callable[[], Iterator[R]], count: int, work: Work[R, T], wire: Tripwire | None, kind: Kind[R]
    ) -> None:
        self._rows, self._count, self._work, self._wire = rows, count, work, wire
        self._kinds = map(kind, rows())
        self._windows: deque[_Window] = deque(maxlen=2)  # what is being made, and what comes next
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []  # who waits for a batch

    def fork(self, workers: int) -> None:
        """Start the processes. Nothing that is there by now is freed in them, so that its memory stays shared."""
        parent = os.getpid()
        gc.freeze()
        try:
            for number in range(min(workers, self._count)):
                (made, out), (tickets, told) = os.pipe(), os.pipe()
                child = os.fork()
                if child == 0:
                    ours = chain.from_iterable((each.told, each.made) for each in self._workers)
                    self._serve(tickets, out, [made, told, *ours], parent)
                os.close(out)
                os.close(tickets)
                self._workers.append(Worker(number, child, told, made))
        finally:
            gc.unfreeze()
        self._idle = self._workers * _AHEAD
        self._share_out(0)
        self._share_out(WINDOW)

    def results(self) -> Iterator[T]:
        """Give everybody's result in the order of the list."""
        waiting: dict[int, Iterator[T]] = {}
        for place in range(self._count):
            self._share_out_at(place)
            while place not in waiting:
                worker, (batch, found, tripped) = self._receive()
                waiting |= dict.fromkeys(batch, self._work(self._pick(batch)) if found is None else iter(found))
                self._note(tripped)
                self._idle.append(worker)
                self._order()
            yield next(waiting.pop(place))

    def stop(self) -> None:
        """End all workers, whatever they do; what they wrote is known to the process that holds the folder."""
        for worker in self._workers:
            os.close(worker.made)
            os.close(worker.told)
            with suppress(OSError):  # somebody else may have heard of its end
                os.kill(worker.pid, signal.SIGKILL)
                os.waitpid(worker.pid, 0)
        self._workers.clear()

    def tell(self, message: object, worker: Worker) -> None:
        """Tell a worker something, without waiting for it: it may be waiting for us."""
        worker.untold.extend(_framed(message))
        while worker.untold and select.select([], [worker.told], [], 0)[1]:
            worker.tell()

    def _note(self, tripped: list[str]) -> None:
        """Note what the tripwire of a worker refused."""
        if self._wire:
            self._wire.tripped += tripped

    def _share_out_at(self, place: int) -> None:
        """Share out one window more where another begins to be taken."""
        if place and place % WINDOW == 0:
            self._share_out(place + WINDOW)

    def _share_out(self, start: int) -> None:
        """Share out the rows of a window; those before the last one are all made by then."""
        self._windows.append(_Window(start, list(islice(self._kinds, WINDOW)), len(self._workers)))
        self._order()

    def _order(self) -> None:
        """Give each worker who waits a batch, as long as there are any."""
        waiting, self._idle = self._idle, []
        for worker in waiting:
            batch = next((batch for window in self._windows if (batch := window.take(worker.number))), None)
            if batch:
                self.tell(batch, worker)
            else:
                self._idle.append(worker)

    def _receive(self) -> tuple[Worker, Answer[T]]:
        """The next batch that a worker has made, with what its tripwire refused meanwhile."""
        ready: list[int] = []
        while not ready:
            late = {worker.told: worker for worker in self._workers if worker.untold}
            ready, free, _ = select.select([worker.made for worker in self._workers], list(late), [])
            for pipe in free:
                late[pipe].tell()
        came = cast("Answer[T] | None", _take(ready[0]))
        if came is None:
            message, hint = (
                "a process that made pages was ended from outside",
                "run the same command again, or with --workers 1",
            )
            raise refuse(Place("--workers"), message, hint)
        return next(worker for worker in self._workers if worker.made == ready[0]), came

    def _pick(self, places: Sequence[int]) -> Iterator[R]:
        """Pick these rows of the list."""
        wanted = frozenset(places)
        return (row for place, row in enumerate(self._rows()) if place in wanted)

    # In the worker

    def _serve(self, tickets: int, out: int, foreign: Iterable[int], parent: int) -> None:
        """Make the batches that are ordered until there are no more. Never returns."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, who ends us
            for end in foreign:
                os.close(end)  # or we would keep ourselves alive
            react = self._begin()
            while message := _take(tickets):
                before = len(self._wire.tripped) if self._wire else 0
                places, found = react(message)
                made = _before_end_of(parent, found)
                tripped = self._wire.tripped[before:] if self._wire and made is not None else []
                write_all(_framed((places, made, tripped)), out, FILES)
        finally:
            os._exit(0)

    def _begin(self) -> Callable[[object], tuple[list[int], Iterator[T]]]:
        """Begin to work in a new process: what is to be done with each message from the first one."""
        rows_of = self._reader()

        def make(batch: object) -> tuple[list[int], Iterator[T]]:
            places = cast("list[int]", batch)
            return places, self._work(rows_of(places))

        return make

    def _reader(self) -> Callable[[list[int]], list[R]]:
        """Read the rows of batches, each of which lies in the window of the one before, or in a later one."""
        rows, held = enumerate(self._rows()), dict[int, R]()

        def rows_of(batch: list[int]) -> list[R]:
            start = batch[0] - batch[0] % WINDOW
            for place in [place for place in held if place < start]:
                del held[place]
            while batch[-1] not in held:
                held.update([next(rows)])
            return [held.pop(place) for place in batch]

        return rows_of


def _before_end_of(parent: int, results: Iterator[T]) -> Sequence[T] | None:
    """The results of one batch, or None if anything went wrong: the parent then sees for itself."""
    found = []
    try:
        for one in results:
            found.append(one)
            if os.getppid() != parent:
                os._exit(0)
    except BaseException:  # noqa: BLE001 - the parent makes this batch again, and meets the fault itself
        return None
    return found


def _framed(message: object) -> bytes:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_NUMBER, "big") + data


def _take(pipe: int) -> object:
    """Take the next message, or None where the other end was closed."""
    size = _read(pipe, _NUMBER)
    data = _read(pipe, int.from_bytes(size, "big")) if size else b""
    return pickle.loads(data) if data else None  # noqa: S301 - from our own fork alone


def _read(pipe: int, size: int) -> bytes:
    """Read so many bytes, or none where the other end was closed."""
    found = bytearray()
    while len(found) < size:
        piece = os.read(pipe, size - len(found))
        if not piece:
            return b""
        found += piece
    return bytes(found)
