"""The commands about how lists are read: `lists learn`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from press.cli import common
from press.cli.common import Screen, dates_option, encoding_option, examples, guarded, json_option, one_record
from press.records import dataclass


@dataclass(frozen=True)
class LearnArguments:
    """What was typed after `lists learn`."""

    list_: Path
    name: str | None
    columns: tuple[str, ...]
    defaults: tuple[str, ...]
    dates: str | None
    encoding: str | None


@click.group(epilog=examples("generate.py lists learn export.csv"))
def lists() -> None:
    """How the lists of your clinic are read."""


@lists.command(
    epilog=examples(
        "generate.py lists learn export.csv",
        "generate.py lists learn export.csv --column E=language --dates mdy --default reason=opioid",
    )
)
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@click.option("--name", help="The name of the recipe; by default that of LIST, without figures.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="E=OPTION",
    help="What a column holds, by its letter; `E=-` if it is not to be read.",
)
@click.option(
    "--default",
    "defaults",
    multiple=True,
    metavar="OPTION=VALUE",
    help="What is so for everybody whose row says nothing.",
)
@dates_option
@encoding_option
@json_option
@guarded
@one_record(LearnArguments)
def learn(screen: Screen, typed: LearnArguments) -> None:
    """Learn how LIST is written, and keep it as a recipe: recipes/NAME.yaml. What is not certain is asked."""
    from press.cli.arguments import encoding_from
    from press.patients.learn import Answers, Questions
    from press.runs.learning import learn_list

    answers = Answers(
        columns={column.upper(): option for column, option in _pairs(typed.columns, "--column")},
        order=typed.dates or "",
        defaults=dict(_pairs(typed.defaults, "--default")),
        encoding=encoding_from(typed.encoding),
    )
    made = learn_list(common.ROOT, typed.list_, answers, typed.name)
    screen.tell(made.problems)
    if isinstance(made, Questions):
        said = "".join(f" {word}" for word in made.switches)
        if said:
            click.echo(f"nothing was written; if all of that is so, add:{said}", err=True)
        sys.exit(1)
    click.echo(f"read: {', '.join(made.read)}", err=True)
    if made.left_out:
        click.echo(f"not read: {', '.join(made.left_out)}", err=True)
    click.echo(made.path, err=screen.json)


def _pairs(typed: Sequence[str], option: str) -> list[tuple[str, str]]:
    """Take each KEY=VALUE apart. Raises UsageError."""
    from press.delivery.destination import UsageError

    found = [(key, value) for key, sign, value in (pair.partition("=") for pair in typed) if sign and key and value]
    if len(found) < len(typed) or len(dict(found)) < len(found):
        raise UsageError(f"{option} takes KEY=VALUE, each key once")
    return found
