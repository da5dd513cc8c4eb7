"""The command line: which commands there are. Each one is in a module of its kind.

A command's module is imported when the command is asked for: most of a short command's time is imports. That is why
what others import without need is sorted out before anything else.
"""

from __future__ import annotations

from press.later import import_later_what_no_page_needs

import_later_what_no_page_needs()

import gc
import sys
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import click

from press import __version__
from press.cli import common
from press.cli.common import Screen, end_on_fault
from press.lru import look_for_cycles_seldom


def _printing() -> tuple[click.Command, ...]:
    from press.cli.make import make, show

    return make, show


def _lists() -> tuple[click.Command, ...]:
    from press.cli.batch import batch, verify

    return batch, verify


def _ledger() -> tuple[click.Command, ...]:
    from press.cli.ledger import given, ledger, said_back, void

    return given, ledger, said_back, void


def _recipes() -> tuple[click.Command, ...]:
    from press.cli.lists import lists

    return (lists,)


def _drawer() -> tuple[click.Command, ...]:
    from press.cli.drawer import drawer

    return (drawer,)


def _desk() -> tuple[click.Command, ...]:
    from press.cli.desk import desk

    return (desk,)


def _content() -> tuple[click.Command, ...]:
    from press.cli.content import approve, check, diff, list_, new

    return approve, check, diff, list_, new


def _reports() -> tuple[click.Command, ...]:
    from press.cli.report import report, sheet

    return report, sheet


def _backups() -> tuple[click.Command, ...]:
    from press.cli.backup import backup, restore

    return backup, restore


def _releases() -> tuple[click.Command, ...]:
    from press.cli.release import init, update

    return init, update


COMMANDS: Mapping[str, Callable[[], tuple[click.Command, ...]]] = {
    "make": _printing, "batch": _lists, "check": _content, "new": _content, "list": _content, "approve": _content,
    "diff": _content, "lists": _recipes, "show": _printing, "verify": _lists, "report": _reports, "sheet": _reports,
    "given": _ledger, "ledger": _ledger, "void": _ledger, "said-back": _ledger, "backup": _backups, "restore": _backups,
    "init": _releases, "update": _releases,
    "drawer": _drawer, "desk": _desk,
}  # fmt: skip


class Commands(click.Group):
    """Commands that are there when somebody asks for them."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command of a name; for an unknown name all are loaded, so that the nearest can be named."""
        for load in [COMMANDS[cmd_name]] if cmd_name in COMMANDS else COMMANDS.values():
            for command in load():
                self.add_command(command)
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All their names, sorted."""
        return sorted(COMMANDS)


@click.group(cls=Commands, invoke_without_command=True)
@click.version_option(__version__, message="%(version)s")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    help="The clinic's folder, if it is not the usual one: for handout-press the folder in which you are, for "
    "generate.py its own.",
)
@click.pass_context
def main(context: click.Context, folder: Path | None) -> None:
    """Print handouts for people who are treated with naltrexone.

    Without a command: every handout, for the clinic's defaults, into the out folder.
    """
    if folder:
        common.ROOT = folder
    if context.invoked_subcommand is None:
        from press.cli.make import make

        context.invoke(make)


def run() -> NoReturn:
    """Start the program."""
    look_for_cycles_seldom()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an old code page must not end a command half-way
            stream.reconfigure(errors="backslashreplace")
    try:
        main(prog_name=common.NAME, windows_expand_args=False)
    except Exception as error:  # noqa: BLE001 - the last resort, which tells each fault
        end_on_fault(Screen(), error)
    finally:
        gc.freeze()  # at its end Python would look for circles everywhere, for a tenth of a short command's time
    sys.exit(0)


def run_installed() -> NoReturn:
    """Start the program as the command `handout-press`, in the clinic's folder."""
    common.NAME = "handout-press"
    try:
        common.ROOT = Path.cwd()
    except OSError:  # a folder that was deleted is told by the command
        common.ROOT = Path(".")
    run()
