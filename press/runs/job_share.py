"""Make everybody's part of a print job: one after another, or by several processes that each write some parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from press.patients.table import Row
from press.records import dataclass
from press.runs.batch import Refused
from press.runs.groups import ReadyPerson
from press.runs.hardening import Tripwire, assert_hardened
from press.runs.list_request import ListRequest
from press.runs.print_job import BoundPerson, PlacedPerson, lay_out_galley, renumber
from press.runs.turns import InTurn, spread_in_turn
from press.writers.pdf.file.job import JobFile
from press.writers.pdf.file.stretch import Claim, Start, Written


@dataclass(frozen=True, slots=True)
class JobPerson:
    """One person's part of a job, as its stretch is written."""

    ready: ReadyPerson
    placed: PlacedPerson
    written: Written


_Needs = int | Claim  # sheets of a galley, then what its stretch claims
_Start = int | Start  # its first sheet, then where its stretch starts
_Galley = BoundPerson | Refused
_NOTHING = Claim((), 0)


def finished(bound: BoundPerson, run: str, at: datetime, sides: int) -> tuple[ReadyPerson, PlacedPerson]:
    """Reduce a person's part to what the end of a run needs."""
    packet, placed = bound.packet, bound.placed(run, at, sides)
    return ReadyPerson(packet.row, placed.given, packet.warnings, need=packet.need), placed


@contextmanager
def spread_job(
    request: ListRequest, run: str, file: JobFile, processes: int, wire: Tripwire
) -> Iterator[Iterator[JobPerson | Refused]]:
    """Make everybody's part by several processes, in the order of the list; `file` is still to take them.

    Raises OutOfStepError if one process is to make them all.
    """
    maker = _Maker(request, run, file)
    work = InTurn(maker.prepare, maker.settle, maker.finish, maker.number, file.keep_to_letters)
    people = len(request.numbers)
    with spread_in_turn(request.rows, people, work, processes, wire, request.people.kind_of) as made:
        yield made


class _Maker:
    """Makes parts of a job in one of its processes. The first of them knows which sheet and objects come next."""

    def __init__(self, request: ListRequest, run: str, file: JobFile) -> None:
        self._request, self._run, self._file = request, run, file
        self._sheet, self._start = 1, file.start

    def prepare(self, rows: Iterable[Row]) -> Iterator[tuple[_Needs, _Galley]]:
        """Lay out people's parts as if they came next, and tell how many sheets they need."""
        for packet in self._request.packets(rows):
            assert_hardened()
            bound = lay_out_galley(self._request.site, packet, self._run, self._request.sides, self._sheet)
            yield (0 if isinstance(bound, Refused) else bound.last - bound.first + 1), bound

    def settle(self, bound: _Galley, sheet: _Start) -> tuple[_Needs | None, _Galley]:
        """Number the sheets of a part, prove it, and count its objects; none if this process must not draw a letter."""
        if isinstance(bound, Refused):
            return _NOTHING, bound
        assert isinstance(sheet, int), "a galley is numbered by sheets"
        self._sheet = max(self._sheet, sheet)  # the next galleys are likely to have as long a number
        request = self._request
        settled = renumber(request.site, bound, request.order, request.sides, sheet)
        return self._file.claim(settled.part), settled

    def number(self, step: int, needs: _Needs) -> _Start:
        """Number the next galley, or the next settled one."""
        if isinstance(needs, int):
            sheet, self._sheet = self._sheet, self._sheet + needs
            return sheet
        start, self._start = self._file.assign(needs, self._start)
        return start

    def finish(self, bound: _Galley, start: _Start) -> JobPerson | Refused:
        """Write a settled part."""
        if isinstance(bound, Refused):
            return bound
        assert isinstance(start, Start), "a settled part is numbered by objects"
        ready, placed = finished(bound, self._run, self._request.now, self._request.sides)
        return JobPerson(ready, placed, self._file.write_stretch(bound.part, start))
