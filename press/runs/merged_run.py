"""Make everybody's pages into one file, a print job: the file, its record and the ledger's rows, or none of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, nullcontext

from press.delivery.atomic import growing
from press.delivery.manifest import write_manifest
from press.delivery.run_folder import held_folder
from press.runs.batch import Refused
from press.runs.groups import ReadyPerson
from press.runs.hardening import assert_hardened, watching
from press.runs.list_request import ListRequest, MergedFile
from press.runs.print_job import BoundPerson, PlacedPerson, bind, check_same_list, check_same_run, job_file, people_of
from press.runs.totals import Totals


def make_merged(request: ListRequest, job: MergedFile, totals: Totals) -> None:
    """Make the whole job first, then deliver it. Raises HandoutError if the job cannot be printed again."""
    folder, root = job.path.parent, request.site.root
    run = request.run("merged")
    again, name = job.from_sheet is not None, job.path.name
    if job.from_sheet is not None:
        name = check_same_run(folder, name, run.plan, job.from_sheet)
    else:
        check_same_list(folder, name, run.plan, request.people.sha256)
    with ExitStack() as held:
        ledger = held.enter_context(request.ledger())
        held.enter_context(held_folder(folder, run, job.path.name))
        held.enter_context(watching([root], [folder, root, request.ledger_file.resolve().parent]))
        with growing(folder, name) as file:
            placed = _place_everybody(request, job, run.code, totals, file.write)
            if not placed:
                return
            given = [row for one in placed if one.last >= (job.from_sheet or 1) for row in one.given]
            with ledger.printing(given) if ledger else nullcontext():
                totals.file = file.place()
        if again:
            totals.again = f"{name}: sheets {job.from_sheet} to {placed[-1].last} again"
        else:
            sheets = [{"name": name, "sha256": file.sha256}]
            more = {"list": request.people.sha256, "people": people_of(placed)}
            write_manifest(folder, f"{name}.json", run, more, sheets)


def _place_everybody(
    request: ListRequest, job: MergedFile, run: str, totals: Totals, write: Callable[[bytes], None]
) -> list[PlacedPerson]:
    """Write and count everybody's part of the job; nothing is written where there is nobody."""
    site, sides, first = request.site, request.sides, job.from_sheet or 1
    parts = bind(site, request.packets(request.rows()), request.order, run, sides)
    found: list[PlacedPerson] = []
    with job_file(site, write, (first - 1) * sides) as file:
        for one in request.show(parts, len(request.numbers), "made"):
            assert_hardened()
            if isinstance(one, Refused):
                totals.add(one)
                continue
            file.add(one.part)
            found.append(one.placed(run, request.now, sides))
            totals.add(_counted(one, found[-1]))
        if job.cover and first == 1 and found:
            file.add_first(job.cover(found, run))
    return found


def _counted(one: BoundPerson, placed: PlacedPerson) -> ReadyPerson:
    return ReadyPerson(one.packet.row, placed.given, one.packet.warnings, need=one.packet.need)
