"""Cold: a whole process for one page, or for one question, from its start to its end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import Stage, peer_command
from benchmarks.present import Peer, present
from benchmarks.proof import differences, sides
from benchmarks.rounds import Tell
from benchmarks.running import Failed, Run, run

_MOST = 40.0  # seconds in all, after which a command is not run again


@dataclass(frozen=True)
class Command:
    """One command. `pages` says that it makes the reference page, so that it can be compared."""

    key: str
    label: str
    run: Callable[[], Run]
    pages: bool = True


def commands(stage: Stage, quick: bool) -> list[Command]:
    """The product's commands, the peers' script of the same page, and Python alone; a quick run has no `check`."""
    product = stage.product
    found = [
        Command("make", "**the press: `make overdose-warning`**", product.make),
    ]
    found += [_peer(stage, peer) for peer in present()]
    found.append(
        Command("python", "Python that does nothing", lambda: run([sys.executable, "-c", "pass"], stage.folder), False)
    )
    found += [_asked(stage, "help", "--help"), _asked(stage, "list", "list")]
    return found if quick else [*found, _asked(stage, "check", "check")]


def _peer(stage: Stage, peer: Peer) -> Command:
    command = peer_command(peer, "one", stage.file("cold"), Path("-"), _page(stage, peer.module), 1)
    return Command(peer.module, peer.label, lambda: run(command, stage.folder))


def _page(stage: Stage, module: str) -> Path:
    return stage.folder / f"cold-{module}.pdf"


def _asked(stage: Stage, key: str, argument: str) -> Command:
    return Command(key, f"the press: `{argument}`", lambda: stage.product.run(argument), False)


def measured(stage: Stage, rounds: int, tell: Tell, quick: bool = False) -> dict[str, list[Run]]:
    """`rounds` runs of each command, in turn, after one that is not counted; fewer of a slow one. Raises Failed."""
    asked = commands(stage, quick)
    stage.product.clear()
    for command in asked:
        command.run()
        if command.pages:
            _prove(stage, command)
    found: dict[str, list[Run]] = {command.key: [] for command in asked}
    for _ in range(rounds):
        for command in asked:
            if sum(done.seconds for done in found[command.key]) < _MOST:
                found[command.key].append(command.run())
    for command in asked:
        tell(f"{command.label}: {min(done.seconds for done in found[command.key]) * 1000:.0f} ms at best")
    return found


def _prove(stage: Stage, command: Command) -> None:
    file = stage.product.page if command.key == "make" else _page(stage, command.key)
    found = sides(file)
    wrong = differences(stage.cold, {}, found)
    if wrong or len(found) != stage.cold["sides"]:
        raise Failed(f"{command.label}: {len(found)} pages, {', '.join(wrong[:8])}")
