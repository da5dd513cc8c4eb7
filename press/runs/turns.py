"""Work spread over processes whose results depend on how much comes before them on the list.

Each row is prepared by some process, in any order, and claims what it needs; the first process numbers the claims in
the order of the list. With its number the row is settled, and what it claims then is numbered in the same way; at
last the process that has it finishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field
from itertools import chain, islice
from typing import Generic, TypeVar, cast

from press.records import dataclass
from press.runs.hardening import Tripwire
from press.runs.workers import Kind, Team, Worker
from press.writers.pdf.file.stretch import OutOfStepError

WARM = 1  # people made before forking: a process draws no letter whose code depends on what came before, but these
R = TypeVar("R")  # a row
C = TypeVar("C")  # what it claims
D = TypeVar("D")  # what is prepared of it
S = TypeVar("S")  # where it starts
T = TypeVar("T")  # its result


@dataclass(frozen=True)
class InTurn(Generic[R, C, D, S, T]):
    """Work in three steps, `prepare`, `settle` and `finish`; between them `number` is called here, in the list's order.

    It gets 0 or 1, as prepared rows or settled ones are numbered, and the claim. A claim of a settled row is None if a
    forked process must not make it; `begin` is called in each of these.
    """

    prepare: Callable[[Iterable[R]], Iterator[tuple[C, D]]]
    settle: Callable[[D, S], tuple[C | None, D]]
    finish: Callable[[D, S], T]
    number: Callable[[int, C], S]
    begin: Callable[[], None]

    def __call__(self, rows: Iterable[R]) -> Iterator[T]:
        """Make these rows here, as the next ones of the list."""
        for claimed, prepared in self.prepare(rows):
            yield self.make(prepared, self.number(0, claimed))

    def make(self, prepared: D, start: S) -> T:
        """Make a prepared row here, as the next one that is settled."""
        claimed, settled = self.settle(prepared, start)
        if claimed is None:
            raise OutOfStepError("nobody can make a row of the list")
        return self.finish(settled, self.number(1, claimed))


@contextmanager
def spread_in_turn(
    rows: Callable[[], Iterator[R]],
    people: int,
    work: InTurn[R, C, D, S, T],
    workers: int,
    wire: Tripwire,
    kind: Kind[R],
) -> Iterator[Iterator[T]]:
    """Spread work over two processes or more; the rest is as in `spread`.

    Raises OutOfStepError for whatever goes wrong after a settled row was numbered.
    """
    warm = min(WARM, people // 8)
    first = list(work(islice(rows(), warm)))
    team = _Turns(lambda: islice(rows(), warm, None), people - warm, work, wire, kind)
    try:
        team.fork(workers)
        yield chain(first, team.results())
    finally:
        team.stop()


@dataclass(frozen=True)
class _Claims(Generic[C]):
    """What rows claim in step 0 or 1."""

    step: int
    found: list[C | None]


@dataclass(frozen=True)
class _Starts(Generic[S]):
    """Where rows start, by their places on the list, as they were numbered in step 0 or 1."""

    step: int
    found: dict[int, S]


@dataclass
class _Step(Generic[R, C, S]):
    """What is not yet numbered in a step, from the place `next` on; `rows` are those from there on."""

    rows: Iterator[R]
    next: int = 0
    claims: dict[int, C | None] = field(default_factory=dict)
    starts: dict[int, S] = field(default_factory=dict)
    batches: list[tuple[Worker, list[int]]] = field(default_factory=list)

    def take_next(self) -> Iterator[tuple[int, R, C | None]]:
        """Take the claims that are next, with their places and rows."""
        while self.next in self.claims:
            place = self.next
            self.next += 1
            yield place, next(self.rows), self.claims.pop(place)

    def take_numbered(self) -> Iterator[tuple[Worker, list[int]]]:
        """Take the batches that are numbered to their ends."""
        numbered = [each for each in self.batches if each[1][-1] < self.next]
        self.batches = [each for each in self.batches if each[1][-1] >= self.next]
        yield from numbered


class _Turns(Team[R, T], Generic[R, C, D, S, T]):
    """The workers of one run, their claims, and what is not yet numbered."""

    def __init__(
        self, rows: Callable[[], Iterator[R]], count: int, work: InTurn[R, C, D, S, T], wire: Tripwire, kind: Kind[R]
    ) -> None:
        super().__init__(rows, count, work, wire, kind)
        self._in_turn = work
        self._steps: tuple[_Step[R, C, S], _Step[R, C, S]] = _Step(rows()), _Step(rows())
        self._results: dict[int, T] = {}

    def results(self) -> Iterator[T]:
        """Give everybody's result in the order of the list."""
        for place in range(self._count):
            self._share_out_at(place)
            while place not in self._results:
                self._hear()
            yield self._results.pop(place)

    def _hear(self) -> None:
        """Hear of the next batch that was prepared, settled or finished."""
        worker, (places, found, tripped) = self._receive()
        self._note(tripped)
        match found:
            case [_Claims() as claims]:
                step = self._steps[claims.step]
                step.claims |= dict(zip(places, claims.found, strict=True))
                if any(claimed is not None for claimed in claims.found):
                    step.batches.append((worker, places))
                if claims.step == 0:
                    self._idle.append(worker)
                    self._order()
                self._number_prepared()
                self._number_settled()
            case None:
                raise OutOfStepError("a settled row could not be finished")
            case _:
                self._results |= dict(zip(places, found, strict=True))

    def _number_prepared(self) -> None:
        """Number all prepared rows that are next, and have each whole batch settled; what failed is settled here."""
        prepared, settled = self._steps
        for place, row, claimed in prepared.take_next():
            if claimed is None:
                [(claimed, _)] = self._in_turn.prepare([row])
                settled.claims[place] = None
            prepared.starts[place] = self._in_turn.number(0, claimed)
        for worker, places in prepared.take_numbered():
            self.tell(_Starts(0, {place: prepared.starts[place] for place in places}), worker)

    def _number_settled(self) -> None:
        """Number all settled rows that are next, make here what nobody else can, and have whole batches finished."""
        prepared, settled = self._steps
        for place, row, claimed in settled.take_next():
            start = prepared.starts.pop(place)
            if claimed is None:
                [(_, one)] = self._in_turn.prepare([row])
                self._results[place] = self._in_turn.make(one, start)
            else:
                settled.starts[place] = self._in_turn.number(1, claimed)
        for worker, places in settled.take_numbered():
            starts = {place: settled.starts.pop(place) for place in places if place in settled.starts}
            self.tell(_Starts(1, starts), worker)

    # In the worker

    def _begin(self) -> Callable[[object], tuple[list[int], Iterator[T]]]:
        self._in_turn.begin()
        rows_of, held = self._reader(), dict[int, D]()

        def react(message: object) -> tuple[list[int], Iterator[T]]:
            if not isinstance(message, _Starts):
                places = cast("list[int]", message)
                return places, self._claim(0, places, self._prepare(places, rows_of(places), held))
            starts = cast("dict[int, S]", message.found)
            if message.step == 0:
                return list(starts), self._claim(1, list(starts), self._settle(starts, held))
            return list(starts), (self._in_turn.finish(held.pop(place), start) for place, start in starts.items())

        return react

    def _claim(self, step: int, places: list[int], claims: Iterator[C | None]) -> Iterator[T]:
        """The claims of a batch, none of them if it fails: the first process then sees for itself."""
        try:
            found = list(claims)
        except Exception:  # noqa: BLE001 - met again there
            found = [None] * len(places)
        yield cast("T", _Claims(step, found))

    def _prepare(self, places: list[int], rows: list[R], held: dict[int, D]) -> Iterator[C]:
        for place, (claimed, prepared) in zip(places, self._in_turn.prepare(rows), strict=True):
            held[place] = prepared
            yield claimed

    def _settle(self, starts: dict[int, S], held: dict[int, D]) -> Iterator[C | None]:
        for place, start in starts.items():
            claimed, settled = self._in_turn.settle(held.pop(place), start)
            if claimed is not None:
                held[place] = settled
            yield claimed
