"""The pages for staff: `report due`, `given`, `recall` about many people, `card` and `test-page` for the front desk."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

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
    recipe_option,
    today_option,
)
from press.errors import Problem
from press.writers.formats import ENDINGS, FORMATS

if TYPE_CHECKING:
    from press.reports.csv_table import TableReport
    from press.runs.handout import Site

F = TypeVar("F", bound=Callable[..., None])


def _options(command: F) -> F:
    """What all reports share: where the page goes, and in which form."""
    for option in (
        click.option("--json", is_flag=True, help="The report as data on standard output."),
        click.option("--csv", "as_csv", is_flag=True, help="Its table for a spreadsheet, on standard output."),
        today_option,
        click.option("--paper", type=click.Choice(("letter", "a4")), help="The clinic's own by default."),
        click.option("--format", "form", type=click.Choice(tuple(FORMATS)), help="pdf by default."),
        click.option("-o", "--output", help="A file, a folder, or - for standard output."),
    ):
        command = option(command)
    return command


def _span(command: F) -> F:
    for option in (
        click.option("--to", "until", metavar="DATE", help="The last day, included."),
        click.option("--from", "since", metavar="DATE", help="The first day, included."),
    ):
        command = option(command)
    return command


@click.group(epilog=examples("generate.py report due tomorrow.csv", "generate.py report given"))
def report() -> None:
    """Pages for staff: codes and days, never a name."""


@report.command(
    epilog=examples(
        "generate.py report due tomorrow.csv",
        "generate.py report due tomorrow.csv --day tomorrow",
        "generate.py report due tomorrow.csv --from 2026-12-21 --to 2027-01-03 -o holidays.pdf",
    )
)
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@encoding_option
@dates_option
@recipe_option
@click.option("--day", metavar="[tomorrow|DATE]", help="The day as of which the report is, if it is not today.")
@_span
@_options
@guarded
def due(
    screen: Screen,
    list_: Path,
    day: str | None,
    since: str | None,
    until: str | None,
    today: str | None,
    **more: str | None,
) -> None:
    """Who on LIST is due when, from that day for two weeks by default; who is overdue; who lacks a date."""
    from press.cli.arguments import coming_day, people_from
    from press.reports.questions import DueQuestion, answer_due, span_ahead
    from press.runs.handout import Site
    from press.runs.totals import rows_in_words

    site = Site(common.ROOT)
    now = day_of(today, site)
    as_of = coming_day(day, now) if day is not None else now
    span = span_ahead(as_of, _day(since, "--from"), _day(until, "--to"))
    people = people_from(site, as_of, list_, more.pop("encoding"), more.pop("dates"), more.pop("recipe"))
    answer = answer_due(site, DueQuestion(people, as_of, span))
    _tell(answer.warnings)
    _deliver(screen, site, answer.report, **more)
    if refused := answer.report.refused:
        click.echo(f"not counted: {len(refused)} ({rows_in_words([person.row for person in refused])})", err=True)
        sys.exit(1)


@report.command(epilog=examples("generate.py report given --from 2026-11-01 --to 2026-11-30"))
@_span
@_options
@guarded
def given(screen: Screen, since: str | None, until: str | None, today: str | None, **target: str | None) -> None:
    """What was printed, and what was given of it, in the last four weeks by default."""
    from press.reports.questions import GivenQuestion, answer_given, span_back
    from press.runs.handout import Site

    site = Site(common.ROOT)
    day = day_of(today, site)
    span = span_back(day, _day(since, "--from"), _day(until, "--to"))
    answer = answer_given(site, GivenQuestion(day, span))
    _tell(answer.warnings)
    _deliver(screen, site, answer.report, **target)


@report.command(epilog=examples("generate.py report recall overdose-warning --before 1.2.0"))
@click.argument("handout")
@click.option("--before", required=True, metavar="VERSION", help="Such as 1.2.0: who may hold an older one?")
@click.option(
    "--list", "list_", type=click.Path(path_type=Path), metavar="LIST", help="Name the row of each code in this list."
)
@_options
@guarded
def recall(
    screen: Screen, handout: str, before: str, list_: Path | None, today: str | None, **target: str | None
) -> None:
    """For which codes a version of HANDOUT before VERSION was printed, the latest first; void pages do not count."""
    from press.cli.arguments import people_from
    from press.reports.questions import RecallQuestion, answer_recall
    from press.runs.handout import Site

    site = Site(common.ROOT)
    day = day_of(today, site)
    people = people_from(site, day, list_, None) if list_ else None
    answer = answer_recall(site, RecallQuestion(day, handout, before, people))
    _tell(answer.warnings)
    _deliver(screen, site, answer.report, **target)


@report.command(epilog=examples("generate.py report card"))
@_options
@guarded
def card(screen: Screen, today: str | None, **target: str | None) -> None:
    """The card for the front desk: the jobs of a day with their commands, and what to do when something is wrong."""
    from press.delivery.destination import UsageError, target_from
    from press.reports.page import deliver_card
    from press.runs.handout import Site

    if screen.json or target.pop("as_csv"):
        raise UsageError("a card is no data: it is printed as pdf, html or text")
    site, form = Site(common.ROOT), target["form"] or "pdf"
    where = target_from(target["output"], site.root / site.clinic.output, form, 1, ENDINGS)
    made = deliver_card(site, day_of(today, site), form, where, target["paper"] or "")
    click.echo(made, nl=not where.is_stream)


@report.command("test-page", epilog=examples("generate.py report test-page", "generate.py report test-page --print"))
@click.option("--print", "is_printed", is_flag=True, help="Print it on the clinic's printer, too.")
@json_option
@guarded
def ruler(screen: Screen, is_printed: bool) -> None:
    """A page with a ruler: whether the printer prints in actual size, to the edge, and on both sides."""
    from press.desk.ruler_words import ruler_words
    from press.runs.handout import Site
    from press.runs.ruler_page import print_ruler_page, save_ruler_page

    site = Site(common.ROOT)
    said = ruler_words(site.clinic.staff_language)
    click.echo(save_ruler_page(site, said), err=screen.json)
    if is_printed:
        sent = print_ruler_page(site, said)
        screen.tell(sent.problems)
        for file in sent.files:
            click.echo(common.sent_line(file), err=screen.json)
        if not sent.files:
            sys.exit(1)


@report.command("teach-back", epilog=examples("generate.py report teach-back overdose-warning -l es"))
@click.argument("handout")
@click.option("-l", "--language", help="Language of the questions; the clinic's own by default.")
@_options
@guarded
def teach_back(screen: Screen, handout: str, language: str | None, today: str | None, **target: str | None) -> None:
    """The three questions that show whether HANDOUT was understood, with what it says in answer."""
    from press.delivery.destination import UsageError, target_from
    from press.reports.teach_back import deliver_teach_back
    from press.runs.handout import Site

    if screen.json:
        raise UsageError("these questions are no data: they are printed as pdf, html or text")
    site, form = Site(common.ROOT), target["form"] or "pdf"
    where = target_from(target["output"], site.root / site.clinic.output, form, 1, ENDINGS)
    spoken = language or site.clinic.defaults.language
    made = deliver_teach_back(site, handout, spoken, day_of(today, site), form, where, target["paper"] or "")
    click.echo(made, nl=not where.is_stream)


@click.command(epilog=examples("generate.py sheet KP2F6C-37"))
@click.argument("code")
@json_option
@guarded
def sheet(screen: Screen, code: str) -> None:
    """What the sheet with this CODE at its foot is: handout, version, language, and whether it is current."""
    from dataclasses import asdict

    from press.reports.sheet import find_sheet
    from press.runs.handout import Site

    found = find_sheet(Site(common.ROOT), code)
    if screen.json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        for line in found.words:
            click.echo(line)


def _day(text: str | None, option: str) -> date | None:
    from press.cli.arguments import day_from

    return day_from(text, option)


def _tell(notes: Iterable[Problem]) -> None:
    """Show warnings to people: also beside --json, whose data holds none."""
    Screen().tell(notes)


def _deliver(
    screen: Screen,
    site: Site,
    found: TableReport,
    output: str | None,
    form: str | None,
    paper: str | None,
    as_csv: str | None,
) -> None:
    """Tell a report as data, or print it where it was asked for."""
    from press.delivery.destination import UsageError, target_from
    from press.reports.csv_table import report_as_csv
    from press.reports.data import as_data
    from press.reports.page import deliver_report

    if screen.json or as_csv:
        if output or form or paper or (screen.json and as_csv):
            raise UsageError("--json and --csv are forms of their own, and go to standard output")
        data = report_as_csv(found) if as_csv else json.dumps(as_data(found), ensure_ascii=False, indent=2)
        click.echo(data, nl=not as_csv)
        return
    form = form or "pdf"
    target = target_from(output, site.root / site.clinic.output, form, 1, ENDINGS)
    click.echo(deliver_report(site, found, form, target, paper or ""), nl=not target.is_stream)
