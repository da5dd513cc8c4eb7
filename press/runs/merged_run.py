"""Make everybody's pages into one file, a print job: the file, its record and the ledger's rows, or none of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from press.delivery.atomic import growing
from press.delivery.run_folder import held_folder, write_manifest
from press.runs.batch import Refused
from press.runs.groups import Ready
from press.runs.hardening import assert_hardened, watching
from press.runs.list_run import Asked, Tally, counted
from press.runs.print_job import Placed, bind, check_same_run, job_file, people_of
from press.writers.pdf.file.page_tree import Part

Cover = Callable[[list[Placed], str], Part]  # the sheet on top of a job, from who is in it and the run's code


@dataclass(frozen=True)
class JobOrder:
    """One file for everybody; `sides` are printed on one sheet, `cover` makes the sheet on top if one is wanted."""

    path: Path
    sides: int
    cover: Cover | None
    from_sheet: int | None


def make_merged(asked: Asked, job: JobOrder, tally: Tally) -> None:
    """Make the whole job first, then deliver it. Raises HandoutError if the job cannot be printed again."""
    folder = job.path.parent
    run = asked.run("merged", str(job.sides))
    again, name = job.from_sheet is not None, job.path.name
    if job.from_sheet is not None:
        name = check_same_run(folder, name, run.plan, job.from_sheet)
    with ExitStack() as held:
        ledger = held.enter_context(nullcontext() if again else asked.ledger())
        held.enter_context(held_folder(folder, run, job.path.name))
        held.enter_context(watching([asked.press.root], [folder, asked.press.root]))
        with growing(folder, name) as file:
            placed = _placed(asked, job, run.code, tally, file.write)
            if not placed:
                return
            given = [row for one in placed for row in one.given]
            with ledger.giving(given) if ledger else nullcontext():
                tally.file = file.place()
        if again:
            tally.again = f"{name}: sheets {job.from_sheet} to {placed[-1].last} again"
        else:
            sheets = [{"name": name, "sha256": file.sha256}]
            write_manifest(folder, f"{name}.json", run, {"people": people_of(placed)}, sheets)


def _placed(asked: Asked, job: JobOrder, run: str, tally: Tally, write: Callable[[bytes], None]) -> list[Placed]:
    """Everybody's part of the job, written and counted; nothing is written where there is nobody."""
    made = asked.packets(asked.rows())
    found: list[Placed] = []
    first = job.from_sheet or 1
    with job_file(asked.press, write, (first - 1) * job.sides) as file:
        for one in asked.show(bind(asked.press, made, asked.order, run, job.sides), len(asked.numbers), "made"):
            assert_hardened()
            if isinstance(one, Refused):
                counted(tally, one)
                continue
            file.add(one.part)
            found.append(one.placed(run, asked.now, job.sides))
            counted(tally, Ready(one.packet.row, found[-1].given, one.packet.warnings, need=one.packet.need))
        if job.cover and first == 1 and found:
            file.add_first(job.cover(found, run))
    return found
