"""Make everybody's pages into one file, a print job: the file, its record and the ledger's rows, or none of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, nullcontext

from press.delivery.atomic import growing
from press.delivery.manifest import Run, write_manifest
from press.delivery.run_folder import held_folder
from press.runs.batch import Refused
from press.runs.groups import ReadyPerson
from press.runs.hardening import assert_hardened, watching
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


def make_merged(request: ListRequest, job: MergedFile, totals: Totals) -> None:
    """Make the whole job first, then deliver it. Raises HandoutError if the job cannot be printed again."""
    folder, root = job.path.parent, request.site.root
    run = request.run("merged")
    name = _choose_name(request, job, run)
    with ExitStack() as held:
        ledger = held.enter_context(request.ledger())
        held.enter_context(held_folder(folder, run, name))
        held.enter_context(watching([root], [folder, root, request.ledger_file.resolve().parent]))
        with growing(folder, name) as file:
            placed = _place_everybody(request, job, run.code, totals, file.write)
            if not placed:
                return
            given = [row for one in placed if one.last >= job.wanted.start for row in one.given]
            with ledger.printing(given) if ledger else nullcontext():
                totals.file, totals.run = file.place(), run.code
        if job.again:
            totals.again = f"{name}: {_sheets_in_words(job.again, placed[-1].last)} again"
        else:
            sheets = [{"name": name, "sha256": file.sha256}]
            people = people_of(placed)
            more = {"list": run.list, "rows": run.rows, "people": people, "day": request.today.isoformat()}
            write_manifest(folder, f"{name}.json", run, more, sheets)


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


def _place_everybody(
    request: ListRequest, job: MergedFile, run: str, totals: Totals, write: Callable[[bytes], None]
) -> list[PlacedPerson]:
    """Write and count everybody's part of the job; nothing is written where there is nobody."""
    site, sides, wanted = request.site, request.sides, job.wanted
    parts = bind(site, request.packets(request.rows()), request.order, run, sides)
    found: list[PlacedPerson] = []
    with job_file(site, write, range((wanted.start - 1) * sides, (wanted.stop - 1) * sides)) as file:
        for one in request.show(parts, len(request.numbers), "made"):
            assert_hardened()
            is_wanted = wanted.stop == LAST or (isinstance(one, BoundPerson) and one.last >= wanted.start)
            if isinstance(one, Refused):
                if is_wanted:
                    totals.add(one)
                continue
            file.add(one.part)
            found.append(one.placed(run, request.now, sides))
            if is_wanted:
                totals.add(_counted(one, found[-1]))
            if one.last >= wanted.stop - 1:
                break
        if job.cover and wanted.start == 1 and wanted.stop == LAST and found:
            file.add_first(job.cover(found, run))
    return found


def _counted(one: BoundPerson, placed: PlacedPerson) -> ReadyPerson:
    return ReadyPerson(one.packet.row, placed.given, one.packet.warnings, need=one.packet.need)
