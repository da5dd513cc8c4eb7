"""The commands for many people at once: `batch` and `verify`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from press.cli import common
from press.cli.common import (
    Screen,
    dates_option,
    day_of,
    encoding_option,
    examples,
    guarded,
    json_option,
    now_of,
    one_record,
    quoted,
    recipe_option,
    sent_line,
    today_option,
    with_bar,
)
from press.delivery.destination import UsageError, whole_path
from press.records import dataclass, replace

if TYPE_CHECKING:
    from press.patients.patient_list import PatientList
    from press.runs.handout import Site
    from press.runs.list_request import ListRequest, MergedFile, SeparateFiles
    from press.runs.totals import ListResult

_REPRINT = "reprint.pdf"  # in the clinic's folder for finished pages
_STOPPED = 130  # the exit code of a program that Ctrl-C ended


@dataclass(frozen=True)
class BatchArguments:
    """What was typed after `batch`."""

    list_: Path
    handouts: tuple[str, ...]
    merged: Path | None
    duplex: bool
    cover: bool
    from_sheet: int | None
    sheet: int | None
    separate: Path | None
    dry_run: bool
    rows: str | None
    code: str | None
    encoding: str | None
    dates: str | None
    recipe: str | None
    day: str | None
    strict: bool
    resume: bool
    no_ledger: bool
    printer: str | None
    workers: int | None
    report: str | None
    out: tuple[str, Path] | None
    wish: str | None
    today: str | None

    @property
    def again(self) -> range | None:
        """The sheets of a finished job that are to be made again."""
        from press.runs.list_request import LAST

        if self.sheet:
            return range(self.sheet, self.sheet + 1)
        return range(self.from_sheet, LAST) if self.from_sheet else None

    @property
    def is_reprint(self) -> bool:
        """Whether people are chosen by code and nothing says which file they go into."""
        return self.code is not None and not (self.merged or self.separate or self.dry_run)

    @property
    def sides(self) -> int:
        """How many sides are printed on one sheet."""
        return 2 if self.duplex else 1


@click.command(
    epilog=examples(
        "generate.py batch tomorrow.csv --day tomorrow --dry-run",
        "generate.py batch tomorrow.csv --day tomorrow --merged out/tomorrow.pdf --cover",
        "generate.py batch tomorrow.csv --merged out/tomorrow.pdf --sheet 37",
        "generate.py batch tomorrow.csv --code R-108",
    )
)
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
@click.option("--sheet", type=click.IntRange(min=1), metavar="N", help="Make this one sheet of a merged job again.")
@click.option(
    "--separate", type=click.Path(path_type=Path), metavar="DIR", help="A file for each person, named by code."
)
@click.option("--dry-run", is_flag=True, help="Only check the list; print nothing.")
@click.option("--rows", metavar="3-7,12", help="Only these rows of the list, as a spreadsheet counts them.")
@click.option("--code", metavar="R-108,R-109", help="Only the people of these codes; a file of their own by default.")
@encoding_option
@dates_option
@recipe_option
@click.option("--day", metavar="[tomorrow|DATE]", help="The day on which the pages are handed out, if it is not today.")
@click.option("--strict", is_flag=True, help="Print nothing at all if anybody on the list needs you.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@click.option("--no-ledger", is_flag=True, help="Do not enter into the ledger what is printed.")
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
@click.option(
    "--out",
    type=(click.Choice(("fhir",)), click.Path(path_type=Path)),
    metavar="fhir DIR",
    help="What was printed for each person, for the clinic's own system (FHIR DocumentReference).",
)
@click.option("--final", "wish", flag_value="final", help="Refuse what is not signed off.")
@click.option("--as-draft", "wish", flag_value="draft", help="Mark every page as a draft.")
@today_option
@json_option
@guarded
@one_record(BatchArguments)
def batch(screen: Screen, typed: BatchArguments) -> None:
    """Print the handouts of everybody on LIST (CSV or XLSX); HANDOUTS are those of each row by default."""
    from press.runs.hardening import refuse_foreign_settings

    _refuse_wrong_use(typed)
    refuse_foreign_settings()  # before anything of other people's is imported
    from press.runs.handout import Site
    from press.runs.list_run import run_list

    site = Site(common.ROOT)
    request = _request(typed, site)
    write_report = _reporter(typed, request)
    result = run_list(request)
    if typed.printer is not None and result.file and not result.is_stopped:
        result = _send(result, typed, site)
    if request.use_ledger and result.printed and site.clinic.ledger_server is not None:
        from press.runs.shared_ledger import send_entered

        result = replace(result, problems=(*result.problems, *send_entered(site)))
    screen.tell(result.sorted_problems(), in_order=True)
    if result.is_stopped:
        _end_stopped(result, is_whole=typed.separate is None and result.file is None)
    write_report(result)
    _deliver_references(result, typed, site)
    for line in (*result.summary, f"next: {_next_step(result, typed)}"):
        click.echo(line, err=screen.json)
    sys.exit(1 if result.needs or result.is_faulty else 0)


def _refuse_wrong_use(typed: BatchArguments) -> None:
    """Raise UsageError for switches that do not go together."""
    ways = [typed.dry_run, bool(typed.separate), bool(typed.merged)].count(True)
    if ways > 1 or (not ways and typed.code is None):
        raise UsageError("say what to make: --merged FILE.pdf, --separate DIR, or --dry-run to check the list only")
    if typed.again and not typed.merged:
        raise UsageError("--from-sheet and --sheet go with the --merged file of the job that was printed")
    if typed.again and typed.report:
        raise UsageError("--report tells of a whole job; leave it out with --from-sheet and --sheet")
    if [typed.from_sheet, typed.sheet, typed.code].count(None) < 2:
        raise UsageError("--from-sheet, --sheet and --code are three ways to print again; choose one")
    if typed.code is not None and typed.rows is not None:
        raise UsageError("--code and --rows both choose people; leave one of the two out")
    if typed.printer is not None and not (typed.merged or typed.is_reprint):
        raise UsageError("--print sends one job to a printer; it goes with --merged or --code")
    if typed.out and (typed.dry_run or typed.again):
        raise UsageError("--out tells what was printed for everybody; leave it out with --dry-run and --from-sheet")
    if typed.out and typed.separate and whole_path(typed.out[1]) == whole_path(typed.separate):
        raise UsageError("put these files beside the run's folder: in it, `verify` counts every file")
    if typed.cover and not typed.merged:
        raise UsageError("--cover goes with --merged")
    if typed.merged and typed.merged.suffix.lower() != ".pdf":
        raise UsageError("the file after --merged must end in .pdf")


def _request(typed: BatchArguments, site: Site) -> ListRequest:
    """What was typed, as a request. Raises HandoutError for a list that cannot be read."""
    from press.cli.arguments import people_from, wish_from
    from press.runs.handout import topics
    from press.runs.list_request import ListRequest

    today = _day(typed, site)
    handouts = topics(site, typed.handouts) if typed.handouts else ()
    output = _output(typed, site, today)
    people = people_from(site, today, typed.list_, typed.encoding, typed.dates, typed.recipe)
    return ListRequest(
        site=site,
        people=people,
        numbers=_numbers(typed, people),
        now=now_of(site),
        today=today,
        wish=wish_from(typed.wish),
        output=output,
        sides=typed.sides,
        handouts=handouts,
        strict=typed.strict,
        use_ledger=not typed.no_ledger,
        keep_given=typed.report is not None or typed.out is not None,
        workers=typed.workers,
        list_path=typed.list_,
        show=with_bar,
    )


def _day(typed: BatchArguments, site: Site) -> date:
    """The day of the pages: as it was typed, that of the job that is printed again if it is still to come, or today."""
    from press.cli.arguments import coming_day

    today = day_of(typed.today, site)
    if typed.day is not None:
        return coming_day(typed.day, today)
    if typed.again and typed.merged and typed.today is None:
        from press.runs.print_job import day_of_job

        return max(today, day_of_job(whole_path(typed.merged)) or today)  # who is late is judged by no day that is past
    return today


def _numbers(typed: BatchArguments, people: PatientList) -> Sequence[int]:
    """The rows that are wanted. Raises UsageError."""
    from press.cli.arguments import numbers_of_codes, rows_from

    if typed.code is not None:
        return numbers_of_codes(typed.code, people)
    return people.numbers if typed.rows is None else rows_from(typed.rows, people.numbers)


def _output(typed: BatchArguments, site: Site, today: date) -> SeparateFiles | MergedFile | None:
    """The files that are wanted; None for --dry-run."""
    from press.runs.list_request import MergedFile, SeparateFiles

    if typed.separate:
        return SeparateFiles(whole_path(typed.separate), typed.resume)
    if typed.is_reprint:
        return MergedFile(site.root / site.clinic.output / _REPRINT, is_usual=True)
    if not typed.merged:
        return None
    from press.reports.cover import cover_for

    cover = cover_for(site, today, typed.sides) if typed.cover else None
    return MergedFile(whole_path(typed.merged), cover, typed.again)


def _send(result: ListResult, typed: BatchArguments, site: Site) -> ListResult:
    """Send a finished job to a printer; the file is kept where the printer cannot take it."""
    from press.cli.arguments import printer_from
    from press.runs.paper import PrinterRequest, send_files

    assert result.file, "only a finished job is sent"
    name, place = printer_from(typed.printer or "", site.clinic)
    paper = site.clinic.defaults.paper
    sent = send_files([result.file], PrinterRequest(name, place, paper, two_sided=typed.duplex))
    for file in sent.files:
        click.echo(sent_line(file), err=True)
    return replace(result, problems=(*result.problems, *sent.problems))


def _reporter(typed: BatchArguments, request: ListRequest) -> Callable[[ListResult], object]:
    """What writes the run's report at its end; a file that cannot be one is refused at its beginning."""
    if typed.report is None:
        return lambda result: None
    from press.delivery.destination import target_from
    from press.reports.data import batch_report
    from press.reports.page import deliver_report
    from press.writers.formats import ENDINGS

    file, site = typed.report, request.site
    form = next((form for form, ending in ENDINGS.items() if file.lower().endswith(ending)), "")
    if not form:
        raise UsageError("--report needs a file that ends in .pdf, .html or .txt")
    target = target_from(file, site.root, form, 1, ENDINGS)
    if typed.separate and target.folder == whole_path(typed.separate):
        raise UsageError("put the report beside the run's folder: in it, `verify` counts every file")

    def write(result: ListResult) -> None:
        deliver_report(site, batch_report(result.given, result.needs_of_each, request.today), form, target)

    return write


def _deliver_references(result: ListResult, typed: BatchArguments, site: Site) -> None:
    """Write what was printed for the clinic's own system, if that was asked for. Raises HandoutError."""
    if typed.out is None:
        return
    from press.reports.document_references import deliver_references
    from press.runs.totals import count

    made = deliver_references(result.given, whole_path(typed.out[1]), site.clinic.fhir.code_system)
    click.echo(
        f"for the clinic's system: {count(len(made), 'DocumentReference')} in {whole_path(typed.out[1])}", err=True
    )


def _next_step(result: ListResult, typed: BatchArguments) -> str:
    """Say what staff do now; who needs them comes before the paper."""
    is_entered = not (typed.no_ledger or typed.again)
    if result.needs and result.is_checked:
        return "correct these rows, in this order, and run the same command again"
    if result.needs:
        rows, place = f"--rows {result.rows_in_need}".strip(), "folder" if typed.separate else "file"
        alone = f"correct their rows, and print those alone: {rows}, to another {place}"
        # the list is about to be changed, so the pages of this run are no more found by it
        given = f"; when the other pages are handed out: given {result.run}" if result.run and is_entered else ""
        return f"see to these people, in this order; {alone}{given}"
    if result.is_checked:
        return "print them: --merged FILE.pdf in place of --dry-run"
    if result.is_faulty:
        return "see to what is told above"
    sides = "two sides" if typed.duplex else "one side"
    paper, files = f"print in actual size, on {sides}", f"delete the file{'s' * (result.file is None)}"
    is_sent = typed.printer is not None
    if not is_entered:
        return f"{'' if is_sent else f'{paper}; '}hand out the pages, and {files}"
    return f"{'' if is_sent else f'{paper}, and '}{files}; when the pages are handed out: given {quoted(typed.list_)}"


def _end_stopped(result: ListResult, *, is_whole: bool) -> NoReturn:
    """After Ctrl-C: a job is printed as a whole or not at all, files stay and can be gone on with."""
    went_on = "\n".join((*result.summary, "the same command with --resume goes on from here"))
    left = "nothing was printed" if is_whole else went_on
    click.echo(f"stopped; {left}", err=True)
    sys.exit(_STOPPED)


@click.command(epilog=examples("generate.py verify out/tomorrow.pdf"))
@click.argument("folder", metavar="FOLDER|FILE.pdf", type=click.Path(path_type=Path))
@json_option
@guarded
def verify(screen: Screen, folder: Path) -> None:
    """Read what a finished run left again and compare it with the run's record."""
    from press.delivery.run_folder import verify
    from press.runs.totals import count

    path = whole_path(folder)
    found = verify(path.parent, f"{path.name}.json") if path.suffix.lower() == ".pdf" else verify(path)
    click.echo(f"{count(found, 'file')} as printed", err=screen.json)
