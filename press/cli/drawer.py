"""The command that prints a drawer set: every page without dates, ahead."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import Screen, day_of, examples, guarded, json_option, one_record, today_option, with_bar
from press.records import dataclass

if TYPE_CHECKING:
    from press.runs.drawer import DrawerRequest


@dataclass(frozen=True)
class DrawerArguments:
    """What was typed after `drawer`."""

    handouts: tuple[str, ...]
    languages: tuple[str, ...]
    edition: str | None
    output: Path | None
    duplex: bool
    wish: str | None
    today: str | None


@click.command(
    epilog=examples(
        "generate.py drawer",
        "generate.py drawer overdose-warning -l en -l es --edition large-print -o drawer.pdf",
    )
)
@click.argument("handouts", nargs=-1)
@click.option("-l", "--language", "languages", multiple=True, help="A language of the pages; all of them by default.")
@click.option("--edition", metavar="[standard|large-print]", help="The size of print.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file: drawer-DATE.pdf in the out folder.")
@click.option("--duplex/--simplex", default=True, help="On both sides of the paper (the default), or on one.")
@click.option("--final", "wish", flag_value="final", help="Refuse what is not signed off.")
@today_option
@json_option
@guarded
@one_record(DrawerArguments)
def drawer(screen: Screen, typed: DrawerArguments) -> None:
    """Print every page without dates into one file, with its contents: for a day when the computer is down.

    HANDOUTS are all but those with a calendar by default. Nothing is entered in the ledger.
    """
    from press.runs.drawer import fill_drawer
    from press.runs.totals import count

    done = fill_drawer(_request(typed))
    screen.tell(done.problems)
    if done.path:
        pages, sheets = count(len(done.filed), "page"), count(done.sheets, "sheet")
        click.echo(f"{pages}, {sheets} and the contents, run {done.run}. Throw away older sets.", err=screen.json)
        click.echo(done.path, err=screen.json)
    sys.exit(1 if any(problem.is_error for problem in done.problems) else 0)


def _request(typed: DrawerArguments) -> DrawerRequest:
    """What was typed, as a request. Raises HandoutError and UsageError."""
    from press.cli.arguments import wish_from
    from press.content.fields import EDITIONS
    from press.delivery.destination import UsageError, whole_path
    from press.reports.contents import contents_for
    from press.runs.drawer import DrawerRequest
    from press.runs.handout import Site, topics

    site = Site(common.ROOT)
    if typed.edition and typed.edition not in EDITIONS:
        raise UsageError(f"the edition after --edition is {' or '.join(EDITIONS)}")
    if typed.output and typed.output.suffix.lower() != ".pdf":
        raise UsageError("the file after -o must end in .pdf")
    today, sides = day_of(typed.today, site), 2 if typed.duplex else 1
    usual = site.root / site.clinic.output / f"drawer-{today.isoformat()}.pdf"
    return DrawerRequest(
        site=site,
        today=today,
        path=whole_path(typed.output) if typed.output else usual,
        contents=contents_for(site, today, sides),
        languages=typed.languages,
        handouts=topics(site, typed.handouts) if typed.handouts else (),
        edition=typed.edition or "",
        wish=wish_from(typed.wish),
        sides=sides,
        show=with_bar,
    )
