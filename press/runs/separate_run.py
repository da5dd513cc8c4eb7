"""Make each person's file and deliver it with its rows of the ledger, or only check that it could be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime

from press.delivery.manifest import Run
from press.delivery.run_folder import RunFolder, open_run
from press.patients.table import Row
from press.records import replace
from press.runs.batch import Refused
from press.runs.groups import Group, ReadyPerson, ready, write_files
from press.runs.hardening import assert_hardened, watching
from press.runs.list_request import ListRequest, SeparateFiles
from press.runs.print_job import person_files
from press.runs.totals import Totals
from press.runs.workers import spread


def check_everybody(request: ListRequest, totals: Totals) -> None:
    """Make everybody's pages and let them go again, counted as if they were printed."""
    order = replace(request.order, bound=False, one_file=False)
    never = datetime.min  # noqa: DTZ901 - nothing is entered

    def work(rows: Iterable[Row]) -> Iterator[ReadyPerson | Refused]:
        for one in request.packets(rows, order):
            yield one if isinstance(one, Refused) else ready(one, "", never, request.sides)

    people = len(request.numbers)
    with spread(request.rows, people, work, request.processes, kind=request.people.kind_of) as checked:
        for one in request.show(checked, people, "checked"):
            totals.add(one)


def make_separate(request: ListRequest, files: SeparateFiles, totals: Totals) -> None:
    """Make and deliver each person's file, and finish the run. Raises HandoutError."""
    run = request.run("separate")
    names: list[str] = []

    def tell(one: ReadyPerson | Refused) -> None:
        totals.add(one)
        if not isinstance(one, Refused):
            assert one.written, "each person's file is written before it is counted"
            names.append(one.written.name)

    with ExitStack() as held:
        folder = held.enter_context(open_run(files.folder, run, resume=files.resume))
        writable = [files.folder, request.site.root, request.ledger_file.resolve().parent]
        wire = held.enter_context(watching([request.site.root], writable))
        work, people = _work(request, run, folder), len(request.numbers)
        made = held.enter_context(spread(request.rows, people, work, request.processes, wire, request.people.kind_of))
        # The ledger is opened after the processes are forked: none of them may hold an open database.
        group = Group(folder, held.enter_context(request.ledger()), tell)
        try:
            for one in request.show(made, people, "printed"):
                group.add(one)
        finally:
            group.deliver()
        if names:
            folder.finish({"printed": totals.printed, "refused": totals.refused}, names)
            totals.folder, totals.run = files.folder, run.code


def _work(
    request: ListRequest, run: Run, folder: RunFolder
) -> Callable[[Iterable[Row]], Iterator[ReadyPerson | Refused]]:
    """The work of one process: write the files of some rows beside their final names."""

    def work(rows: Iterable[Row]) -> Iterator[ReadyPerson | Refused]:
        files = person_files(request.site, request.packets(rows), request.order, request.sides)
        for one in write_files(files, folder, run.code, request.now, request.sides):
            assert_hardened()
            yield one

    return work
