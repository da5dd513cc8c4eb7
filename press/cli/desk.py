"""The command that opens the desk in the browser."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import Screen, day_of, examples, guarded, json_option, now_of, today_option

if TYPE_CHECKING:
    from press.runs.fresh_site import FreshSite


@click.command(epilog=examples("generate.py desk", "generate.py desk --no-browser"))
@click.option("--no-browser", is_flag=True, help="Show the one-time address instead of opening it.")
@today_option
@json_option
@guarded
def desk(screen: Screen, no_browser: bool, today: str | None) -> None:
    """Open the desk in the browser, for this computer alone: type a date, see the page, print it.

    It locks after ten minutes without use and ends after thirty. A second start opens the desk that runs.
    """
    import webbrowser

    from press.desk.start import DeskStart, run_desk
    from press.runs.fresh_site import FreshSite

    sites = FreshSite(common.ROOT)
    day_of(today, sites.get())  # a slip in either is told before anything starts
    run_desk(DeskStart(sites, lambda: _now(sites, today), None if no_browser else webbrowser.open, _show))


def _now(sites: FreshSite, today: str | None) -> datetime:
    now = now_of(sites.get())
    return datetime.combine(day_of(today, sites.get()), now.time(), now.tzinfo)


def _show(line: str) -> None:
    click.echo(line)  # flushes, so that who reads it through a pipe has it at once
