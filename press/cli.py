"""The command line: which commands there are. Each one stands in a module of its kind."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import NoReturn

import click

from press.console import Screen, end_on_fault
from press.content_commands import approve, check, diff, list_, new
from press.list_commands import batch, ledger, verify
from press.printing_commands import make, show
from press.report_commands import report


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Print handouts for people who are treated with naltrexone.

    Without a command: every handout, for the clinic's defaults, into the out folder.
    """
    if context.invoked_subcommand is None:
        context.invoke(make)


for command in (make, batch, check, new, list_, approve, diff, show, verify, ledger, report):
    main.add_command(command)


def run() -> NoReturn:
    """Start the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an old code page must not end a command half-way
            stream.reconfigure(errors="backslashreplace")
    try:
        main(prog_name="generate.py", windows_expand_args=False)
    except Exception as error:
        end_on_fault(Screen(), error)
    sys.exit(0)
