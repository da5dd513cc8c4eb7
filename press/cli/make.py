"""The commands that make pages for a reader: `make` and `show`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import (
    Screen,
    day_of,
    examples,
    guarded,
    json_option,
    now_of,
    one_record,
    sent_line,
    today_option,
)
from press.errors import Problem, Problems
from press.records import dataclass
from press.writers.formats import ENDINGS, FORMATS

if TYPE_CHECKING:
    from press.delivery.destination import Target
    from press.runs.desk_delivery import FinishedPage, LedgerEntry
    from press.runs.desk_run import PreparedRequest

_CALENDAR = "ics"  # no format of a handout: a file of the appointment alone
_CHOICES = ("language", "edition", "paper", "form", "reason")  # options of a patient that have switches of their own


@dataclass(frozen=True)
class MakeArguments:
    """What was typed after `make`."""

    handouts: tuple[str, ...]
    language: str | None
    beside: str | None
    edition: str | None
    paper: str | None
    form: str | None
    reason: str | None
    patient: Path | None
    code: str | None
    settings: tuple[str, ...]
    format: str
    output: str | None
    wish: str | None
    printer: str | None
    simplex: bool
    no_ledger: bool
    watch: bool
    today: str | None

    @property
    def choices(self) -> dict[str, str | None]:
        """The options of a patient that were typed as switches."""
        return {name: getattr(self, name) for name in _CHOICES}

    @property
    def use_ledger(self) -> bool:
        """Whether a person with a code is entered into the ledger."""
        return not self.no_ledger and not self.watch


@click.command(
    epilog=examples(
        "generate.py make",
        "generate.py make overdose-warning -l es --edition large-print",
        "generate.py make --patient patients/p-104.yaml --print",
        "generate.py make --code R-108",
        'generate.py make --set last_dose=2026-11-23 --set "interval=4 weeks" --set code=P-104',
    )
)
@click.argument("handouts", nargs=-1)
@click.option("-l", "--language", help="Language of the page, such as en.")
@click.option("--beside", metavar="LANGUAGE", help="Put the same words in another language at their side.")
@click.option("--edition", metavar="[standard|large-print]", help="The size of print.")
@click.option("--paper", metavar="[letter|a4]", help="The size of paper.")
@click.option("--form", metavar="[injection|tablet]", help="What the patient takes.")
@click.option("--reason", metavar="[opioid|alcohol|both]", help="What it is taken for.")
@click.option("--patient", type=click.Path(path_type=Path), help="A file with one patient's options.")
@click.option("--code", metavar="CODE", help="The person of this code, from the list that was printed last.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One option, as in a patient's file.")
@click.option(
    "--format",
    type=click.Choice((*FORMATS, _CALENDAR)),
    default="pdf",
    show_default=True,
    help="ics: the appointment, for the calendar of a telephone.",
)
@click.option("-o", "--output", help="A folder, a file for one handout, or - for standard output.")
@click.option("--final", "wish", flag_value="final", help="Refuse what is not signed off.")
@click.option("--as-draft", "wish", flag_value="draft", help="Mark every page as a draft.")
@click.option(
    "--print",
    "printer",
    metavar="[PRINTER]",
    is_flag=False,
    flag_value="",
    help="Send the finished PDF to a printer, too.",
)
@click.option("--simplex", is_flag=True, help="With --print: on one side of the paper only.")
@click.option("--no-ledger", is_flag=True, help="Do not enter into the ledger what is printed for a code.")
@click.option("--watch", is_flag=True, help="Print again each time that a file is saved, until Ctrl-C.")
@today_option
@json_option
@guarded
@one_record(MakeArguments)
def make(screen: Screen, typed: MakeArguments) -> None:
    """Print HANDOUTS (all by default) for one reader."""
    _refuse_wrong_use(screen, typed)
    if typed.watch:
        _watch(screen, typed)
    elif _make_once(screen, typed).errors:
        sys.exit(1)


def _make_once(screen: Screen, typed: MakeArguments) -> Problems:
    """Make and deliver everything that was asked for, and tell what became of it."""
    problems = Problems()
    prepared, lines = _prepared(typed), []
    if typed.format == _CALENDAR:
        paths = _deliver_calendar(prepared, typed, problems)
    else:
        paths = _deliver_made(prepared, typed, problems)
        lines = _send(prepared, paths, typed, problems)
        problems.extend(_send_entered(prepared, typed))
    for path in paths:
        click.echo(path, err=screen.json)
    for line in lines:
        click.echo(line, err=True)
    screen.tell(problems)  # last, where the eye rests
    return problems


def _prepared(typed: MakeArguments) -> PreparedRequest:
    """What was typed, as a request with complete options. Raises HandoutError."""
    from press.cli.arguments import options_from, wish_from
    from press.runs.desk_run import DeskRequest, prepare
    from press.runs.handout import Site

    site, found = Site(common.ROOT), Problems()
    today, row = day_of(typed.today, site), None
    if typed.code is not None:
        from press.runs.last_list import recall_person

        row = recall_person(site, typed.code, today)
    request = DeskRequest(
        site=site,
        today=today,
        options=options_from(typed.patient, typed.settings, typed.choices, found, row),
        handouts=typed.handouts,
        beside=typed.beside or "",
        format=typed.format,
        wish=wish_from(typed.wish),
        use_ledger=typed.use_ledger,
        from_list=row is not None,
    )
    return prepare(request, found)


def _deliver_made(prepared: PreparedRequest, typed: MakeArguments, problems: Problems) -> tuple[Path, ...]:
    """Make every page, then deliver all."""
    from press.delivery.destination import target_from
    from press.runs.desk_delivery import LedgerEntry
    from press.runs.desk_run import make_pages

    site = prepared.request.site
    target = target_from(typed.output, site.root / site.clinic.output, typed.format, len(prepared.topics), ENDINGS)
    made = make_pages(prepared, target)
    problems.extend(made.problems)
    entry = LedgerEntry(site.root / site.clinic.ledger, now_of(site)) if _is_entered(prepared, typed) else None
    return _deliver(made.pages, target, entry, problems, is_repeated=typed.watch)


def _deliver_calendar(prepared: PreparedRequest, typed: MakeArguments, problems: Problems) -> tuple[Path, ...]:
    """Deliver the appointment of one reader as a file; it is no page, so the ledger gets no row."""
    from press.delivery.destination import target_from
    from press.runs.calendar_file import ENDING, make_calendar

    site = prepared.request.site
    target = target_from(typed.output, site.root / site.clinic.output, _CALENDAR, 1, {**ENDINGS, _CALENDAR: ENDING})
    problems.extend(prepared.warnings)
    return _deliver((make_calendar(prepared, now_of(site)),), target, None, problems)


def _deliver(
    pages: tuple[FinishedPage, ...],
    target: Target,
    entry: LedgerEntry | None,
    problems: Problems,
    *,
    is_repeated: bool = False,
) -> tuple[Path, ...]:
    from press.runs.desk_delivery import DeliveryRequest, deliver_pages

    def write(data: bytes) -> None:
        click.echo(data, nl=False)

    done = deliver_pages(DeliveryRequest(pages, common.ROOT, target, write, entry, is_repeated))
    problems.extend(done.problems)
    return done.paths


def _send(prepared: PreparedRequest, paths: tuple[Path, ...], typed: MakeArguments, problems: Problems) -> list[str]:
    """Send the finished files to a printer if one was asked for; what became of each, in words."""
    if typed.printer is None:
        return []
    from press.cli.arguments import printer_from
    from press.runs.paper import PrinterRequest, send_files

    name, place = printer_from(typed.printer, prepared.request.site.clinic)
    sent = send_files(paths, PrinterRequest(name, place, prepared.options.paper, two_sided=not typed.simplex))
    problems.extend(sent.problems)
    return [sent_line(file) for file in sent.files]


def _is_entered(prepared: PreparedRequest, typed: MakeArguments) -> bool:
    """Whether the ledger gets rows."""
    return bool(prepared.options.code) and typed.use_ledger


def _send_entered(prepared: PreparedRequest, typed: MakeArguments) -> tuple[Problem, ...]:
    """Send the rows to the server of all desks, where there is one; warnings if they wait."""
    site = prepared.request.site
    if not _is_entered(prepared, typed) or site.clinic.ledger_server is None:
        return ()
    from press.runs.shared_ledger import send_entered

    return send_entered(site)


def _refuse_wrong_use(screen: Screen, typed: MakeArguments) -> None:
    """Raise UsageError for switches that do not go together."""
    from press.delivery.destination import STANDARD_OUTPUT, UsageError

    is_stream, is_sent = typed.output == STANDARD_OUTPUT, typed.printer is not None
    if is_stream and typed.format == "pdf" and sys.stdout.isatty():
        raise UsageError("a PDF is no text to show here: write it to a file, as in -o page.pdf, or to a pipe")
    if screen.json and is_stream:
        raise UsageError("--json and -o - both want standard output")
    if typed.watch and (screen.json or is_stream or is_sent):
        raise UsageError("--watch prints files again and again; it goes with neither --json nor -o - nor --print")
    if typed.code is not None and typed.patient:
        raise UsageError("--code takes a person from a list, --patient from a file; leave one of the two out")
    if typed.simplex and not is_sent:
        raise UsageError("--simplex says how to print on paper; it goes with --print")
    if typed.format == _CALENDAR and (typed.handouts or typed.beside or typed.watch):
        raise UsageError("--format ics is the appointment and no page: leave out handouts, --beside and --watch")
    if is_sent and (typed.format != "pdf" or is_stream):
        raise UsageError("--print sends PDF files to a printer; it goes with neither another --format nor -o -")
    if typed.printer and _is_handout(typed.printer):
        raise UsageError("what follows --print is a handout; put the handouts first, or write --print=PRINTER")


def _is_handout(name: str) -> bool:
    from press.runs.handout import Site

    return name in Site(common.ROOT).library.topics


def _watch(screen: Screen, typed: MakeArguments) -> None:
    """Print again on each save, until Ctrl-C; a save with errors leaves the last good pages."""
    from press.cli.watch import files_below, watch

    more = [typed.patient] if typed.patient else []
    watch(
        lambda: [*files_below(common.ROOT), *more],
        lambda: _make_once(screen, typed),
        lambda error: screen.tell(error.problems),
    )


@click.command(
    epilog=examples(
        "generate.py show benefits",
    )
)
@click.argument("handout")
@click.option("--tree", "view", flag_value="tree", help="The document tree.")
@click.option("--text", "view", flag_value="text", default=True, help="The words (the default).")
@click.option("--tags", "view", flag_value="tags", help="The tags of the PDF.")
@click.option("--layout", "view", flag_value="layout", help="Where everything stands on paper.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One option, as in a patient's file.")
@today_option
@json_option
@guarded
def show(screen: Screen, handout: str, view: str, settings: tuple[str, ...], today: str | None) -> None:
    """Show what a HANDOUT says and how it is built."""
    from press.cli import dump
    from press.cli.arguments import options_from
    from press.runs.desk_run import DeskRequest, preview
    from press.runs.handout import Site, lay_out_one, print_one

    site, problems = Site(common.ROOT), Problems()
    day = day_of(today, site)
    options = options_from(None, settings, {}, problems)
    problems.raise_if_errors()
    made = preview(DeskRequest(site, day, options, (handout,)))
    if view == "tree":
        click.echo(dump.tree(made.document), nl=False)
    elif view == "text":
        click.echo(print_one(site, made, "text").data.decode("utf-8"), nl=False)
    else:
        layout = lay_out_one(site, made).layout
        click.echo(dump.tags(layout) if view == "tags" else dump.layout(layout), nl=False)
