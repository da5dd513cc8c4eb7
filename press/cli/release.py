"""The commands of a clinic's own folder: `init` makes it, `update` brings a release to its words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from press import __version__
from press.cli import common
from press.cli.common import Screen, examples, guarded, json_option, quoted

if TYPE_CHECKING:
    from press.content.changes import Change
    from press.runs.update import UpdateResult

_BASE = "came with it"
_LABELS = (_BASE, "yours", "this release")
_PLAIN = "that you left as they came, or that are new"


@click.command(
    epilog=examples(
        "generate.py init our-clinic",
        "generate.py init our-clinic --from old-press",
    )
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "old",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    help="Bring the words, the settings and the approvals of this folder along.",
)
@json_option
@partial(guarded, needs_site=False)
def init(screen: Screen, folder: Path, old: Path | None) -> None:
    """Make FOLDER the clinic's own: its settings and its words, which later releases leave to it."""
    from press.runs.new_folder import make_folder

    click.echo(make_folder(folder.resolve(), old))
    typed = quoted(folder)
    is_installed = common.NAME != "generate.py"
    start = common.NAME if is_installed else f"{common.NAME} --folder {typed}"
    then = f"`{start} update` shows what this release changed" if old else f"`{start} make` prints every page"
    click.echo(f"now {f'go into {typed}, ' if is_installed else ''}fill in config.yaml; then {then}", err=True)


@click.command(
    epilog=examples(
        "generate.py update",
        "generate.py update --accept unedited",
        "generate.py update --accept side-effects/en/nausea --keep benefits/en/title",
    )
)
@click.option(
    "--accept",
    multiple=True,
    metavar="ID",
    help="Take this change over. `unedited`: all that you left as they came, and what is new. `all`: every one.",
)
@click.option(
    "--keep", multiple=True, metavar="ID", help="Keep your own words there. `all`: everywhere but in safety texts."
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@json_option
@guarded
def update(screen: Screen, accept: tuple[str, ...], keep: tuple[str, ...], dry_run: bool) -> None:
    """Show what this release changed beside your own words, and take over what you accept.

    On a terminal it asks. What you do not decide waits; a safety text that waits stops final pages.
    """
    from press.runs.update import UpdateRequest, changes_for
    from press.runs.update import update as run_update

    changes = changes_for(common.ROOT)
    if changes and not (screen.json or accept or keep):
        if dry_run or not _is_terminal():
            click.echo("\n".join(_shown(changes)))
        else:
            accept, keep = _answers(changes)
    result = run_update(UpdateRequest(common.ROOT, accept, keep, dry_run))
    if screen.json:
        _tell_as_data(changes, result)
    else:
        click.echo("\n".join(_told(result, dry_run=dry_run)), err=True)
    if result.written and not dry_run and not screen.json:
        _tell_check(screen)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _shown(changes: Sequence[Change]) -> Iterator[str]:
    """The changes to read: first those that nobody has to choose about, then yours beside those of the release."""
    plain, edited = _parted(changes)
    yield _title(changes)
    if plain:
        yield from ("", f"{len(plain)} {_PLAIN}: `--accept unedited` takes them over")
    for change in plain:
        yield from _sides(change)
    if edited:
        yield from (
            "",
            f"{len(edited)} that you changed, and this release too: `--accept ID` or `--keep ID` for each one",
        )
    for change in edited:
        yield from _sides(change)


def _title(changes: Sequence[Change]) -> str:
    return f"release {__version__} changes {len(changes)} of the words that you have"


def _parted(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    parts: tuple[list[Change], list[Change]] = ([], [])
    for change in changes:
        parts[change.is_edited].append(change)
    return parts


def _sides(change: Change) -> Iterator[str]:
    """A change below its name: what went and what came, or all three sides where the clinic has words of its own."""
    facts = f"  safety text ({', '.join(change.facts)})" if change.is_hard else ""
    yield from ("", change.id + ("" if change.unit else "  new file") + facts)
    if not change.is_edited:
        yield from (f"  - {line}" for line in change.differing(change.yours))
        yield from (f"  + {line}" for line in change.differing(change.new))
        return
    for label, side in zip(_LABELS, (change.base, change.yours, change.new), strict=True):
        if side is not None or label != _BASE:
            lines = change.differing(side) or ["(nothing)" if side is None else "(no other words)"]
            yield from (f"  {label + ':':13} {line}" for line in lines)


def _answers(changes: Sequence[Change]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ask what to take over and what to keep, each beside what it is about; no answer is a decision of its own."""
    from press.runs.update import UNEDITED

    plain, edited = _parted(changes)
    click.echo(_title(changes))
    chosen: dict[str, list[str]] = {"release": [], "mine": [], "later": []}
    if plain:
        click.echo("\n".join(line for change in plain for line in _sides(change)) + "\n")
        if click.confirm(f"{len(plain)} {_PLAIN}: take over?", err=True):
            chosen["release"].append(UNEDITED)
    for change in edited:
        click.echo("\n".join(_sides(change)))
        answer = click.prompt(
            "Take the words of the release, or keep mine", type=click.Choice(tuple(chosen)), default="later", err=True
        )
        chosen[answer].append(change.id)
    return tuple(chosen["release"]), tuple(chosen["mine"])


def _told(result: UpdateResult, *, dry_run: bool) -> Iterator[str]:
    """What became of the changes, and what to do next."""
    if not (result.taken or result.kept or result.waiting):
        yield f"nothing to do: your handouts have every change of release {__version__}"
        return
    would = "would be " if dry_run else ""
    counts = ((f"{would}taken over", result.taken), (f"{would}kept as yours", result.kept), ("waiting", result.waiting))
    yield ", ".join(f"{len(changes)} {word}" for word, changes in counts if changes)
    yield from (f"{would}written: {name}" for name in result.written)
    for name in result.unreviewed:
        yield f"{name}: `review` {would or 'was '}emptied, since its reviewer has not read the new words"
    if hard := sum(change.is_hard for change in result.waiting):
        yield f"safety texts that wait: {hard}; their pages are not printed as final until you decide"
    if (result.taken or result.kept) and not dry_run:
        yield f"next: `{common.NAME} check`, then a clinician signs the changed pages: `{common.NAME} approve`"


def _tell_check(screen: Screen) -> None:
    """Tell at once what is wrong with the files as they are now, but for what still waits."""
    from press.runs.handout import Site
    from press.runs.sweep import check_files

    screen.tell(problem for problem in check_files(Site(common.ROOT), ()) if problem.is_error)


def _tell_as_data(changes: Iterable[Change], result: UpdateResult) -> None:
    from json import dumps

    decided = {one.id: "taken" for one in result.taken} | {one.id: "kept" for one in result.kept}
    rows = [
        {
            "id": one.id, "base": one.base, "yours": one.yours, "new": one.new, "facts": one.facts,
            "edited": one.is_edited, "state": decided.get(one.id, "waiting"),
        }
        for one in changes
    ]  # fmt: skip
    data = {"release": __version__, "changes": rows, "written": result.written, "unreviewed": result.unreviewed}
    click.echo(dumps(data, ensure_ascii=False, indent=2))
