"""The commands that answer staff about many people at once: `report due`, `given` and `recall`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from press.cli import common
from press.cli.common import Screen, day_of, guarded, today_option
from press.errors import Place, Problem, Severity, did_you_mean, refuse
from press.writers.formats import ENDINGS, FORMATS

if TYPE_CHECKING:
    from press.delivery.ledger import Ledger
    from press.reports.data import Report
    from press.runs.handout import Press

F = TypeVar("F", bound=Callable[..., None])
_AHEAD = 14  # days that `report due` looks ahead unless told otherwise
_BACK = 27  # days that `report given` looks back: four weeks, today included
_LONGEST = 366  # days


def _options(command: F) -> F:
    """What all reports share: where the page goes, and in which form."""
    for option in (
        click.option("--json", is_flag=True, help="The report as data on standard output."),
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


@click.group()
def report() -> None:
    """Reports for staff: codes and days, never a name."""


@report.command()
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@_span
@_options
@guarded
def due(
    screen: Screen, list_: Path, since: str | None, until: str | None, today: str | None, **target: str | None
) -> None:
    """Who on LIST is due when, from today for two weeks by default; who is overdue; who lacks a date."""
    from press.patients.patient_list import read_list
    from press.reports.data import due_report
    from press.runs.handout import Press
    from press.runs.list_run import rows_in_words

    press = Press(common.ROOT)
    day = day_of(today, press)
    first = _day(since, "--from") or day
    first, last = _checked(first, _day(until, "--to") or first + timedelta(days=_AHEAD))
    people = read_list(list_, list_.name)
    found = due_report(people, press.clinic, day, first, last)
    _tell(people.notes)
    _deliver(screen, press, found, **target)
    if found.refused:
        rows = rows_in_words([person.row for person in found.refused])
        click.echo(f"not counted: {len(found.refused)} ({rows})", err=True)
        sys.exit(1)


@report.command()
@_span
@_options
@guarded
def given(screen: Screen, since: str | None, until: str | None, today: str | None, **target: str | None) -> None:
    """What was given, by handout, version and language, in the last four weeks by default."""
    from press.reports.data import given_report
    from press.runs.handout import Press

    press = Press(common.ROOT)
    day = day_of(today, press)
    last = _day(until, "--to") or day
    first, last = _checked(_day(since, "--from") or last - timedelta(days=_BACK), last)
    with _ledger(press) as ledger:
        found = given_report(ledger.given(first, last), day, first, last)
    _deliver(screen, press, found, **target)


@report.command()
@click.argument("handout")
@click.option("--before", required=True, metavar="VERSION", help="Such as 1.2.0: who was given an older one?")
@_options
@guarded
def recall(screen: Screen, handout: str, before: str, today: str | None, **target: str | None) -> None:
    """Which codes were given a version of HANDOUT before VERSION, the latest first."""
    from press.content.fields import is_version
    from press.delivery.destination import Misuse
    from press.reports.data import recall_report
    from press.runs.handout import Press

    if not is_version(before):
        raise Misuse("--before needs a version such as 1.2.0")
    press = Press(common.ROOT)
    day = day_of(today, press)
    with _ledger(press) as ledger:
        rows = tuple(ledger.of_handout(handout))
    known = press.library.topics
    if not rows and handout not in known:
        raise refuse(
            Place("handout"), "there is no such handout, and none of that name was given", did_you_mean(handout, known)
        )
    _tell(_ahead_of_its_handout(press, handout, before))
    _deliver(screen, press, recall_report(rows, handout, before, day), **target)


def _ahead_of_its_handout(press: Press, handout: str, before: str) -> tuple[Problem, ...]:
    """A slip of the key, such as 12.0.0 for 1.2.0, would recall the present version too."""
    from press.reports.data import version_parts

    if handout not in press.library.topics:
        return ()
    now = press.library.bones(handout).version
    if version_parts(before) <= version_parts(now):
        return ()
    message = f"the handout stands at version {now}: everybody who was ever given it is in this report"
    return (Problem(Place("--before"), message, severity=Severity.WARNING),)


@contextmanager
def _ledger(press: Press) -> Iterator[Ledger]:
    """The ledger that is there: one made anew would answer that nobody was given anything."""
    from press.delivery.ledger import open_ledger

    path = press.root / press.clinic.ledger
    if not path.exists():
        hint = "nothing was given yet, or `ledger` in config.yaml names another file"
        raise refuse(Place(path.name), "there is no ledger", hint)
    with open_ledger(path) as ledger:
        yield ledger


def _day(text: str | None, option: str) -> date | None:
    from press.cli.arguments import day_from

    return day_from(text, option)


def _checked(first: date, last: date) -> tuple[date, date]:
    """The first and the last day of a report. Raises Misuse if there are none between, or too many."""
    from press.delivery.destination import Misuse

    if last < first:
        raise Misuse("--to lies before --from")
    if (last - first).days >= _LONGEST:
        raise Misuse("a report covers a year at most")
    return first, last


def _tell(notes: Iterable[Problem]) -> None:
    """Warnings for people: also beside --json, whose data stands alone."""
    Screen().tell(notes)


def _deliver(
    screen: Screen, press: Press, found: Report, output: str | None, form: str | None, paper: str | None
) -> None:
    """Tell a report as data, or print it where it was asked for."""
    from press.delivery.destination import Misuse, target_from
    from press.reports.data import as_data
    from press.reports.page import deliver_report

    if screen.json:
        if output or form or paper:
            raise Misuse("--json is the form, and it goes to standard output")
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        return
    form = form or "pdf"
    target = target_from(output, press.root / press.clinic.output, form, 1, ENDINGS)
    click.echo(deliver_report(press, found, form, target, paper or ""), nl=not target.is_stream)
