"""Make everybody's pages into one file, a print job: the file, its record and the ledger's rows, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext

from press.delivery.atomic import growing
from press.delivery.manifest import Run, write_manifest
from press.delivery.run_folder import held_folder
from press.records import dataclass
from press.runs.batch import Refused
from press.runs.groups import ReadyPerson
from press.runs.hardening import Tripwire, assert_hardened, watching
from press.runs.job_share import JobPerson, finished, spread_job
from press.runs.list_request import LAST, ListRequest, MergedFile
from press.runs.print_job import (
    BoundPerson,
    PlacedPerson,
    bind,
    check_same_list,
    check_same_run,
    job_file,
    name_beside,
    people_of,
)
from press.runs.totals import Totals
from press.writers.pdf.file.job import JobFile
from press.writers.pdf.file.stretch import OutOfStepError


def make_merged(request: ListRequest, job: MergedFile, totals: Totals) -> None:
    """Make the whole job first, then deliver it. Raises HandoutError if the job cannot be printed again."""
    folder, root = job.path.parent, request.site.root
    run = request.run("merged")
    name = _choose_name(request, job, run)
    with ExitStack() as held:
        with request.ledger():  # a broken one is told before the work; no process that is forked may hold it open
            held.enter_context(held_folder(folder, run, name))
        wire = held.enter_context(watching([root], [folder, root, request.ledger_file.resolve().parent]))
        making = _Making(request, job, run, name, wire)
        try:
            making.deliver(totals, request.processes if job.again is None else 1)
        except OutOfStepError:
            making.deliver(totals, 1)


@dataclass(frozen=True)
class _Making:
    """One job that is made: `name` is that of its file."""

    request: ListRequest
    job: MergedFile
    run: Run
    name: str
    wire: Tripwire

    def deliver(self, totals: Totals, processes: int) -> None:
        """Make the file by so many processes and deliver it. Raises OutOfStepError if one is to make it."""
        request, job = self.request, self.job
        with growing(job.path.parent, self.name) as file:
            placed = self._place_everybody(totals, file.write, processes)
            if not placed:
                return
            given = [row for one in placed if one.last >= job.wanted.start for row in one.given]
            with request.ledger() as ledger, ledger.printing(given) if ledger else nullcontext():
                totals.file, totals.run = file.place(), self.run.code
        if job.again:
            totals.again = f"{self.name}: {_sheets_in_words(job.again, placed[-1].last)} again"
        else:
            self._record(placed, file.sha256)

    def _record(self, placed: list[PlacedPerson], sha256: str) -> None:
        request, run = self.request, self.run
        sheets = [{"name": self.name, "sha256": sha256}]
        more = {"list": run.list, "rows": run.rows, "people": people_of(placed), "day": request.today.isoformat()}
        write_manifest(self.job.path.parent, f"{self.name}.json", run, more, sheets)

    def _place_everybody(self, totals: Totals, write: Callable[[bytes], None], processes: int) -> list[PlacedPerson]:
        """Write and count everybody's part of the job; nothing is written where there is nobody."""
        request, sides, wanted = self.request, self.request.sides, self.job.wanted
        found: list[PlacedPerson] = []
        told: list[ReadyPerson | Refused] = []
        with job_file(request.site, write, range((wanted.start - 1) * sides, (wanted.stop - 1) * sides)) as file:
            with self._parts(file, processes) as parts:
                for one in request.show(parts, len(request.numbers), "made"):
                    assert_hardened()
                    if isinstance(one, Refused):
                        if wanted.stop == LAST:
                            told.append(one)
                        continue
                    ready, placed = self._add(file, one)
                    found.append(placed)
                    if placed.last >= wanted.start:
                        told.append(ready)
                    if placed.last >= wanted.stop - 1:
                        break
            if self.job.cover and wanted.start == 1 and wanted.stop == LAST and found:
                file.add_first(self.job.cover(found, self.run.code))
        for each in told:
            totals.add(each)
        return found

    def _parts(
        self, file: JobFile, processes: int
    ) -> AbstractContextManager[Iterator[BoundPerson | JobPerson | Refused]]:
        """Everybody's parts in the order of the list."""
        request, run = self.request, self.run.code
        if processes > 1:
            return spread_job(request, run, file, processes, self.wire)
        return nullcontext(bind(request.site, request.packets(request.rows()), request.order, run, request.sides))

    def _add(self, file: JobFile, one: BoundPerson | JobPerson) -> tuple[ReadyPerson, PlacedPerson]:
        """Add one person's part to the file."""
        if isinstance(one, JobPerson):
            file.take(one.written)
            return one.ready, one.placed
        file.add(one.part)
        return finished(one, self.run.code, self.request.now, self.request.sides)


def _choose_name(request: ListRequest, job: MergedFile, run: Run) -> str:
    """Choose the name of the file: neither another list's job is replaced, nor a whole one by some of its people."""
    folder, name = job.path.parent, job.path.name
    if job.again is not None:
        return check_same_run(folder, name, run.plan, job.again)
    if request.is_for_some or job.is_usual:
        return name_beside(folder, name, run)
    check_same_list(folder, name, run.plan, request.people.sha256)
    return name


def _sheets_in_words(again: range, last: int) -> str:
    return f"sheet {again.start}" if len(again) == 1 else f"sheets {again.start} to {last}"
