"""The commands for many people at once: `batch`, `verify` and `ledger purge`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from press.cli import common
from press.cli.common import Screen, day_of, guarded, json_option, now_of, today_option, with_bar
from press.runs.list_run import PRINTED, Asked, Tally, check_everybody, count, make_separate

if TYPE_CHECKING:
    from press.runs.handout import Press
    from press.runs.print_job import Placed
    from press.writers.pdf.file.page_tree import Part

_STOPPED = 130  # the exit code of a program that Ctrl-C ended


@click.command()
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@click.argument("handouts", nargs=-1)
@click.option(
    "--merged",
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="One file with everybody, to be printed as one job.",
)
@click.option(
    "--duplex/--simplex",
    default=True,
    help="Two sides on a sheet (the default), or one: each handout begins on a new sheet.",
)
@click.option("--cover", is_flag=True, help="Begin a merged job with a tick list for staff.")
@click.option(
    "--from-sheet",
    type=click.IntRange(min=1),
    metavar="N",
    help="Make the rest of a merged job again, from this sheet on.",
)
@click.option(
    "--separate", type=click.Path(path_type=Path), metavar="DIR", help="A file for each person, named by code."
)
@click.option("--dry-run", is_flag=True, help="Only check the list; print nothing.")
@click.option("--rows", metavar="3-7,12", help="Only these rows of the list, as a spreadsheet counts them.")
@click.option("--strict", is_flag=True, help="Print nothing at all if anybody on the list needs you.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@click.option("--no-ledger", is_flag=True, help="Do not enter what is given.")
@click.option(
    "--print",
    "printer",
    metavar="[PRINTER]",
    is_flag=False,
    flag_value="",
    help="Send the merged job to a printer, too.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes make the pages: by default as many as there are cores.",
)
@click.option("--report", metavar="FILE", help="What was printed, and who needs you and why: .pdf, .html or .txt.")
@click.option("--final", "wish", flag_value="final", help="Refuse what is not signed off.")
@click.option("--as-draft", "wish", flag_value="draft", help="Mark every page as a draft.")
@today_option
@json_option
@guarded
def batch(
    screen: Screen,
    list_: Path,
    handouts: tuple[str, ...],
    merged: Path | None,
    duplex: bool,
    cover: bool,
    from_sheet: int | None,
    separate: Path | None,
    dry_run: bool,
    rows: str | None,
    strict: bool,
    resume: bool,
    no_ledger: bool,
    printer: str | None,
    workers: int | None,
    report: str | None,
    wish: str | None,
    today: str | None,
) -> None:
    """Print the handouts of everybody on LIST (CSV or XLSX); HANDOUTS are those of each row by default."""
    from press.cli.arguments import rows_from
    from press.content.sign_off import Wish
    from press.patients.patient_list import read_list
    from press.runs.batch import Order
    from press.runs.handout import Press, topics
    from press.runs.hardening import harden_reportlab
    from press.runs.workers import count_of

    _check_use(merged, separate, dry_run, cover, from_sheet, report, printer)
    harden_reportlab()
    press, sides = Press(common.ROOT), 2 if duplex else 1
    order = Order(
        today=day_of(today, press),
        wish=Wish(wish) if wish else Wish.AS_IT_MAY_BE,
        handouts=topics(press, handouts) if handouts else (),
        paper=press.clinic.defaults.paper if merged else "",
        bound=bool(merged),
        one_file=bool(separate),
        strict=strict,
    )
    people = read_list(list_, list_.name)
    write = _reporter(press, report, separate, order.today)
    numbers = people.numbers if rows is None else rows_from(rows, people.numbers)
    asked = Asked(press, people, order, numbers, no_ledger, count_of(workers, len(numbers)), now_of(press), with_bar)
    if dry_run or strict:
        tally = check_everybody(asked, sides)
        if dry_run or tally.needs:
            _end(screen, tally, write, "nothing was printed; it would be for ")
    tally = Tally(problems=list(people.notes), given=[] if report else None)
    try:
        if merged:
            _make_merged(asked, merged.absolute(), sides, cover, from_sheet, tally)
        elif separate:
            make_separate(asked, separate.absolute(), sides, resume, tally)
    except KeyboardInterrupt:
        _end_stopped(screen, tally, bool(merged) and tally.file is None)
    if printer is not None and tally.file:
        _on_paper(press, tally, tally.file, printer, duplex)
    _end(screen, tally, write)


def _end_stopped(screen: Screen, tally: Tally, whole: bool) -> NoReturn:
    """After Ctrl-C: a job is printed as a whole or not at all, files stay and can be gone on with."""
    screen.tell(tally.sorted_problems(), in_order=True)
    left = "nothing was printed" if whole else f"{tally.sentence()}\nthe same command with --resume goes on from here"
    click.echo(f"stopped; {left}", err=True)
    sys.exit(_STOPPED)


def _on_paper(press: Press, tally: Tally, file: Path, printer: str, duplex: bool) -> None:
    """Send the finished job to a printer; a printer that cannot take it is told, and the file is kept."""
    from press.cli.arguments import printer_from
    from press.delivery.printer import print_file
    from press.errors import HandoutError

    name, place = printer_from(printer, press.clinic)
    try:
        sent = print_file(file, name, press.clinic.defaults.paper, two_sided=duplex, place=place)
        tally.problems += sent.notes
        click.echo(f"sent to {sent.printer or 'the default printer'}: {file.name}", err=True)
    except HandoutError as error:
        tally.problems += error.problems
        tally.failed = True


def _check_use(
    merged: Path | None,
    separate: Path | None,
    dry_run: bool,
    cover: bool,
    from_sheet: int | None,
    report: str | None,
    printer: str | None,
) -> None:
    """Raise Misuse for switches that do not go together."""
    from press.delivery.destination import Misuse

    if [dry_run, bool(separate), bool(merged)].count(True) != 1:
        raise Misuse("say what to make: --merged FILE.pdf, --separate DIR, or --dry-run to check the list only")
    if from_sheet and not merged:
        raise Misuse("--from-sheet goes with the --merged file of the job that was printed")
    if from_sheet and report:
        raise Misuse("--report tells of a whole job; leave it out with --from-sheet")
    if printer is not None and not merged:
        raise Misuse("--print sends one job to a printer; it goes with --merged")
    if cover and not merged:
        raise Misuse("--cover goes with --merged")
    if merged and merged.suffix.lower() != ".pdf":
        raise Misuse("the file after --merged must end in .pdf")


def _make_merged(asked: Asked, path: Path, sides: int, cover: bool, from_sheet: int | None, tally: Tally) -> None:
    """One file for everybody, with a tick list on top if one is wanted."""
    from press.reports.cover import cover_part
    from press.runs.merged_run import JobOrder, make_merged

    def top(placed: list[Placed], run: str) -> Part:
        return cover_part(asked.press, placed, asked.order.today, run, sides)

    make_merged(asked, JobOrder(path, sides, top if cover else None, from_sheet), tally)


def _reporter(press: Press, file: str | None, run: Path | None, day: date) -> Callable[[Tally], object]:
    """What writes the run's report at its end; a file that cannot be one is refused at its beginning."""
    if file is None:
        return lambda tally: None
    from press.delivery.destination import Misuse, target_from
    from press.reports.data import batch_report
    from press.reports.page import deliver_report
    from press.writers.formats import ENDINGS

    form = next((form for form, ending in ENDINGS.items() if file.lower().endswith(ending)), "")
    if not form:
        raise Misuse("--report needs a file that ends in .pdf, .html or .txt")
    target = target_from(file, press.root, form, 1, ENDINGS)
    if run and target.folder == run.absolute():
        raise Misuse("put the report beside the run's folder: in it, `verify` counts every file")
    return lambda tally: deliver_report(press, batch_report(tally.given or (), tally.needs, day), form, target)


def _end(screen: Screen, tally: Tally, write: Callable[[Tally], object], before: str = PRINTED) -> None:
    screen.tell(tally.sorted_problems(), in_order=True)
    write(tally)
    click.echo(tally.sentence(before), err=screen.json)
    if tally.file:
        click.echo(tally.file, err=screen.json)
    sys.exit(1 if tally.needs or tally.failed else 0)


@click.command()
@click.argument("folder", metavar="FOLDER|FILE.pdf", type=click.Path(path_type=Path))
@json_option
@guarded
def verify(screen: Screen, folder: Path) -> None:
    """Read what a finished run left again and compare it with the run's record."""
    from press.delivery.run_folder import verify

    path = folder.absolute()
    found = verify(path.parent, f"{path.name}.json") if path.suffix.lower() == ".pdf" else verify(path)
    click.echo(f"{count(found, 'file')} as printed", err=screen.json)


@click.group()
def ledger() -> None:
    """The record of what was given to which code."""


@ledger.command()
@click.option("--before", required=True, metavar="DATE", help="Remove what was given before this day.")
@json_option
@guarded
def purge(screen: Screen, before: str) -> None:
    """Remove old rows for good."""
    from press.cli.arguments import day_from
    from press.delivery.ledger import open_ledger
    from press.runs.handout import Press

    press = Press(common.ROOT)
    day = day_from(before, "--before")
    assert day is not None, "the option is required"
    with open_ledger(press.root / press.clinic.ledger) as opened:
        found = opened.purge(day)
    click.echo(f"removed {count(found, 'row')}", err=screen.json)
