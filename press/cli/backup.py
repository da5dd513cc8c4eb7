"""The commands that keep a clinic's work: `backup` and `restore`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from press.cli import common
from press.cli.common import Screen, check_site, day_in, examples, guarded, json_option, now_of
from press.delivery.destination import whole_path

_CODES = "this file holds codes of patients: keep it as you keep records, and not in a cloud"


@click.command(epilog=examples("generate.py backup backup-2026-11-30.zip"))
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
@click.option("--no-ledger", is_flag=True, help="Leave the ledger out: the file holds no codes then.")
@json_option
@guarded
def backup(screen: Screen, file: Path, no_ledger: bool) -> None:
    """Copy config.yaml, words, templates, approvals, recipes and the ledger into one file, for you alone."""
    from press.runs.backup import BackupRequest, make_backup
    from press.runs.handout import Site
    from press.runs.totals import count

    site = Site(common.ROOT)
    made = make_backup(BackupRequest(site, whole_path(file), now_of(site), with_ledger=not no_ledger))
    screen.tell(made.warnings)
    rows = "without the ledger" if made.rows is None else f"among them the ledger with {count(made.rows, 'row')}"
    click.echo(f"{made.file}\n{count(made.files, 'file')}, {rows}", err=screen.json)
    if made.rows is not None:
        click.echo(_CODES, err=True)


@click.command(
    epilog=examples(
        "generate.py restore backup-2026-11-30.zip --dry-run",
        "generate.py restore backup-2026-11-30.zip --into ../restored",
        "generate.py restore backup-2026-11-30.zip",
    )
)
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
@click.option("--into", metavar="FOLDER", type=click.Path(path_type=Path), help="A new folder, in place of this one.")
@click.option(
    "--ledger", "replace_ledger", is_flag=True, help="Replace the ledger, too: it lacks what came after the backup."
)
@click.option("--dry-run", is_flag=True, help="Only prove that the backup can be restored.")
@json_option
@partial(guarded, needs_site=False)
def restore(screen: Screen, file: Path, into: Path | None, replace_ledger: bool, dry_run: bool) -> None:
    """Bring a backup back, once every file, the ledger and every page of it are proved.

    What is there now is not lost: it is put into the folder before-restore-DATE. The ledger that is there is kept.
    """
    from press.runs.restore import RestoreRequest, restore

    root = whole_path(into or common.ROOT)
    if into is None and any(root.iterdir()):
        check_site()  # what is restored must not fall among the files of another folder
    if file.is_file():
        click.echo("proving every page of the backup: this takes about a minute", err=True)
    done = restore(
        RestoreRequest(
            file=whole_path(file),
            root=root,
            day_in=day_in,
            is_new=into is not None,
            replace_ledger=replace_ledger,
            dry_run=dry_run,
        )
    )
    screen.tell(done.problems)
    click.echo(done.summary, err=screen.json)
    sys.exit(1 if done.problems else 0)
