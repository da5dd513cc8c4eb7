"""The commands about the ledger: what became of a page, what waits for the server of many desks, and `purge`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import Screen, examples, guarded, json_option, now_of, one_record
from press.records import dataclass

if TYPE_CHECKING:
    from press.delivery.all_desks import LedgerPlace, LedgerStatus
    from press.errors import Problem
    from press.runs.marking import Marked

_RUN = re.compile(r"[A-Z0-9]{6}|desk", re.IGNORECASE)
_WHY = ("wrong-person", "misprint", "date-changed", "other")  # as in `delivery.ledger.Why`, which --help need not load


@dataclass(frozen=True)
class GivenArguments:
    """What was typed after `given`."""

    pages: str
    code: str | None
    not_collected: str | None


@click.command(
    epilog=examples(
        "generate.py given tomorrow.csv",
        "generate.py given KP2F6C --not-collected P-103,P-107",
        "generate.py given KP2F6C --code P-103",
    )
)
@click.argument("pages", metavar="LIST|RUN")
@click.option("--code", metavar="CODE,...", help="Only these people, whatever was said of their pages before.")
@click.option("--not-collected", metavar="CODE,...", help="These people did not take their pages; the others did.")
@json_option
@guarded
@one_record(GivenArguments)
def given(screen: Screen, typed: GivenArguments) -> None:
    """Mark what was printed from LIST, or in the RUN at the foot of each page, as given to the people.

    Without --code: everybody whose pages nobody has marked yet. RUN may be the word desk, for what `make` last
    printed for each --code. To take a mark back, give the right one.
    """
    from press.runs.marking import DESK, GivenRequest, digest_of_list, mark_given

    path = Path(typed.pages)
    is_run = bool(_RUN.fullmatch(typed.pages)) and not path.is_file()
    ledger, now = _ledger()
    run = DESK if typed.pages.lower() == DESK else typed.pages
    request = GivenRequest(
        ledger=ledger,
        now=now,
        run=run if is_run else "",
        list_digest="" if is_run else digest_of_list(path),
        codes=_codes(typed.code, "--code"),
        not_collected=_codes(typed.not_collected, "--not-collected"),
    )
    _tell(screen, ledger, mark_given(request))


class _Why(click.Choice[str]):
    """One of the reasons; any other words are not shown again, as they may be about somebody."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            self.fail(f"it takes one of: {', '.join(self.choices)}", param, ctx)
        return value


@click.command(epilog=examples("generate.py void P-103 KP2F6C --why misprint", "generate.py void P-9 desk --why other"))
@click.argument("code")
@click.argument("run")
@click.option("--why", type=_Why(_WHY), required=True, help="The ledger takes no other words: no names.")
@json_option
@guarded
def void(screen: Screen, code: str, run: str, why: str) -> None:
    """Mark the pages of CODE in a RUN as void: thrown away, and in no recall.

    RUN stands at the foot of each page; the word desk is what `make` last printed for CODE. Nothing is deleted.
    To take it back: given RUN --code CODE
    """
    from press.delivery.ledger import Why
    from press.runs.marking import DESK, VoidRequest, mark_void

    ledger, now = _ledger()
    run = DESK if run.lower() == DESK else run
    _tell(screen, ledger, mark_void(VoidRequest(ledger, now, code, run, Why(why))))


@click.command(
    "said-back",
    epilog=examples(
        "generate.py said-back KP2F6C overdose-warning --code P-103",
        "generate.py said-back desk side-effects --code P-103 --not-yet",
    ),
)
@click.argument("pages", metavar="RUN")
@click.argument("handout")
@click.option("--code", required=True, metavar="CODE", help="The person.")
@click.option("--not-yet", is_flag=True, help="Not yet: it is to be explained again.")
@json_option
@guarded
def said_back(screen: Screen, pages: str, handout: str, code: str, not_yet: bool) -> None:
    """Enter that a person said HANDOUT back in own words (teach-back). RUN is the run at the foot, or desk.

    `report teach-back` prints the questions, `report given` counts the answers. The latest word counts.
    """
    from press.runs.marking import DESK, SaidBackRequest, mark_said_back

    ledger, now = _ledger()
    run = DESK if pages.lower() == DESK else pages
    done = mark_said_back(SaidBackRequest(ledger, now, run, code, handout, not not_yet))
    _send(screen, ledger, done.warnings)
    click.echo("entered: not yet" if not_yet else "entered: said it back", err=screen.json)


def _codes(typed: str | None, option: str) -> tuple[str, ...]:
    """The codes after an option. Raises UsageError for none."""
    from press.delivery.destination import UsageError

    codes = tuple(dict.fromkeys(code for part in (typed or "").split(",") if (code := part.strip())))
    if typed is not None and not codes:
        raise UsageError(f"{option} takes codes, such as P-103,P-107")
    return codes


def _ledger() -> tuple[LedgerPlace, datetime]:
    """Where the ledger is, and the moment in the clinic's time zone."""
    from press.runs.handout import Site
    from press.runs.shared_ledger import ledger_place

    site = Site(common.ROOT)
    return ledger_place(site), now_of(site)


def _tell(screen: Screen, place: LedgerPlace, marked: Marked) -> None:
    _send(screen, place, marked.warnings)
    click.echo(marked.summary, err=screen.json)


def _send(screen: Screen, place: LedgerPlace, warnings: tuple[Problem, ...]) -> None:
    """Send what was marked, and tell warnings; a server that did not answer before is left alone."""
    from press.delivery.all_desks import ONLY_HERE, send_waiting

    is_only_here = any(problem.code == ONLY_HERE for problem in warnings)
    screen.tell((*warnings, *(() if is_only_here else send_waiting(place))))


@click.group(epilog=examples("generate.py ledger status", "generate.py ledger purge --before 2025-11-23"))
def ledger() -> None:
    """The record of what was printed for which code."""


@ledger.command(epilog=examples("generate.py ledger status"))
@json_option
@guarded
def status(screen: Screen) -> None:
    """Where the ledger is, how many pages it has and, where many desks share one, what waits here for the server."""
    from press.delivery.all_desks import read_status

    found = read_status(_ledger()[0])
    for line in _status_lines(found):
        click.echo(line, err=screen.json)
    screen.tell(found.problems)
    if found.problems:
        sys.exit(1)


def _status_lines(found: LedgerStatus) -> Iterator[str]:
    from press.runs.totals import count

    place = found.place
    yield f"this computer: {count(found.pages, 'page')} in {place.file}"
    if place.server is None:
        return
    if found.on_server is not None:
        own, everywhere = found.on_server
        yield f"server: {count(own, 'page')} of site {place.site}, {everywhere} of all sites; {place.server}"
    yield f"waiting here: {count(found.waiting, 'row')}" + (", to send them: ledger send" if found.waiting else "")
    if found.old:
        purge = f"ledger purge --before {found.before}"
        yield f"purged on the server, and still on this computer: {count(found.old, 'page')}; {purge}"


@ledger.command(epilog=examples("generate.py ledger send", "generate.py ledger send --all"))
@click.option("--all", "is_again", is_flag=True, help="Everything once more: the server was restored from a backup.")
@json_option
@guarded
def send(screen: Screen, is_again: bool) -> None:
    """Send what waits here to the server that many desks share. Nothing that is there is entered twice."""
    from press.delivery.all_desks import send_all
    from press.runs.totals import count

    found = send_all(_ledger()[0], is_again=is_again)
    click.echo(f"sent {count(found, 'row')}", err=screen.json)


@ledger.command(epilog=examples("generate.py ledger purge --before 2025-11-23"))
@click.option("--before", required=True, metavar="DATE", help="Remove what was printed before this day.")
@json_option
@guarded
def purge(screen: Screen, before: str) -> None:
    """Remove old rows for good, with what became of them; on a server that many desks share those of this site."""
    from press.cli.arguments import day_from
    from press.delivery.all_desks import purge_everywhere
    from press.runs.totals import count

    place, now = _ledger()
    day = day_from(before, "--before")
    assert day is not None, "the option is required"
    here, on_server = purge_everywhere(place, day, now)
    click.echo(f"removed {count(here, 'row')}", err=screen.json)
    if place.server is not None:
        other = "the other computers of this site keep theirs until each is purged"
        click.echo(f"removed on the server: {count(on_server, 'row')}; {other}", err=screen.json)
