"""What all commands share: how problems are shown, how a command ends, and which day it is.

0: all printed. 1: something was refused or failed, or somebody on a list needs a clerk; the rest is
printed. 2: wrong use. 3: a fault of the program, shown by its kind and its place in the code. The
words of an exception are never shown: they may quote a patient.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import wraps
from time import monotonic
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from press.delivery.installed import SHIPPED
from press.errors import HandoutError, Place, Problem, refuse
from press.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from press.runs.handout import Site
    from press.runs.paper import PrintedFile

T = TypeVar("T")
_UNWRITABLE = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT)
_OUTPUT_HINT = "the disk may be full: make room, or write to another place with -o"
_MEMORY_HINT = "close other programs, or make fewer pages at once"
ROOT = SHIPPED  # the clinic's folder: a clone is its own; `handout-press` and `--folder` name another one
NAME = "generate.py"  # how the program was started, as people type it


@dataclass(frozen=True)
class Screen:
    """Where problems are shown, and how."""

    json: bool = False

    def tell(self, problems: Iterable[Problem], *, in_order: bool = False) -> None:
        """Show problems, by place or in the order given: as data on standard output, or as text on standard error."""
        problems = tuple(dict.fromkeys(problems))
        if not problems and not self.json:
            return
        from press.cli.screen import as_json, show

        if self.json:
            click.echo(as_json(problems, in_order=in_order))
        else:
            colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
            click.echo(show(problems, ROOT, colour=colour, in_order=in_order), err=True)


def guarded(command: Callable[..., None], *, needs_site: bool = True) -> Callable[..., None]:
    """Show the errors of a command in one place, and end with an exit code."""

    @wraps(command)
    def guarded(*args: object, json: bool = False, **kwargs: object) -> None:
        screen = Screen(json)
        try:
            _check_folder()
            if needs_site:
                check_site()
            command(screen, *args, **kwargs)
            _flush()
        except HandoutError as error:
            end_refused(screen, error.problems)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # click knows what to do when nobody reads on
            end_on_fault(screen, error)

    return guarded


def one_record(record: Callable[..., T]) -> Callable[[Callable[[Screen, T], None]], Callable[..., None]]:
    """Give a command everything that was typed as one frozen record, whose fields are named as the parameters are."""

    def decorate(command: Callable[[Screen, T], None]) -> Callable[..., None]:
        @wraps(command)
        def with_record(screen: Screen, **typed: object) -> None:
            command(screen, record(**typed))

        return with_record

    return decorate


def _check_folder() -> None:
    """Refuse to begin in a folder that was deleted: libraries ask where they are. Raises HandoutError."""
    try:
        os.getcwd()
    except OSError:
        hint = "go to a folder that is there, and give the command again"
        raise refuse(Place("this folder"), "the folder in which you are is gone", hint) from None


def check_site() -> None:
    """Refuse a folder that is no clinic's. Raises HandoutError."""
    if not any((ROOT / name).exists() for name in ("config.yaml", "handouts")):
        hint = f"go to the clinic's folder, or name it: `{NAME} --folder FOLDER ...`; `{NAME} init FOLDER` makes one"
        raise refuse(Place("this folder"), "there is neither config.yaml nor handouts/ here", hint)


def end_refused(screen: Screen, problems: Iterable[Problem]) -> NoReturn:
    """Tell why nothing was printed, and end."""
    try:
        screen.tell(problems)
        _flush()
    except OSError as error:
        end_on_fault(screen, error)
    sys.exit(1)


def _end_unwritten(error: OSError) -> NoReturn:
    """Standard output takes no more: that is told where it can be read, and Python does not try again at its end."""
    from press.cli.screen import show

    reason = os.strerror(error.errno) if error.errno else "the write failed"
    problem = Problem(Place("output"), f"what was to be shown or piped could not be written: {reason}", _OUTPUT_HINT)
    sys.stdout = None  # Python flushes what is there at its end, and would fail again
    click.echo(show([problem], ROOT, colour=False), err=True)
    sys.exit(1)


def _is_unwritten(error: OSError) -> bool:
    """Whether standard output is what failed: a file of ours has a name, and tells its own failures."""
    return error.filename is None and error.errno in _UNWRITABLE


def _flush() -> None:
    """Write what waits, so that a failure is told; there is no output where it was closed from the start."""
    if sys.stdout:
        sys.stdout.flush()


def end_on_fault(screen: Screen, error: Exception) -> NoReturn:
    """End on a fault of the program: show its kind and the lines of our code that it came through."""
    from press.cli.screen import fault_problems
    from press.delivery.destination import UsageError

    if isinstance(error, UsageError):
        raise click.UsageError(str(error)) from None
    if isinstance(error, ModuleNotFoundError):
        raise click.UsageError("this Python lacks parts of the press: run `make handouts`, then use the one in .venv")
    if isinstance(error, OSError) and _is_unwritten(error):
        _end_unwritten(error)
    if isinstance(error, MemoryError):
        end_refused(screen, [Problem(Place("memory"), "this computer has no memory left for this", _MEMORY_HINT)])
    screen.tell(fault_problems(error))
    click.echo("Please report these lines. They hold nothing about a patient.", err=True)
    sys.exit(3)


def examples(*lines: str) -> str:
    """What stands below the options of a command's help: commands to copy, each on a line of its own."""
    return "\b\nExamples:\n" + "\n".join(f"  {line.replace('generate.py', NAME)}" for line in lines)


json_option = click.option("--json", is_flag=True, help="Tell problems as data.")
encoding_option = click.option(
    "--encoding", metavar="NAME", help="How the letters of LIST are written, such as cp1252, if it is not UTF-8."
)
dates_option = click.option(
    "--dates", type=click.Choice(("mdy", "dmy", "ymd")), help="The order of day, month and year in the dates of LIST."
)
recipe_option = click.option("--recipe", metavar="NAME", help="Read LIST by recipes/NAME.yaml; else by its headings.")
today_option = click.option("--today", metavar="DATE", help="Print as if today were this day (YYYY-MM-DD).")


def now_of(site: Site) -> datetime:
    """Read the clock in the clinic's own time zone."""
    return _now_in(site.clinic.time_zone)


def _now_in(zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(zone))


def day_in(zone: str) -> date:
    """Get today in a time zone. Raises KeyError, ValueError or OSError if it is unknown."""
    return _now_in(zone).date()


def day_of(today: str | None, site: Site) -> date:
    """Get today in the clinic's own time zone, or the day that was asked for."""
    from press.cli.arguments import day_from

    return day_from(today, "--today") or now_of(site).date()


def quoted(path: Path) -> str:
    """A path as it is typed in a command."""
    return f'"{path}"' if " " in str(path) else str(path)


def sent_line(file: PrintedFile) -> str:
    """Say to which printer a file went."""
    return f"sent to {file.printer or 'the default printer'}: {file.path.name}"


def with_bar(items: Iterable[T], count: int, verb: str) -> Iterator[T]:
    """Give the items on, with a progress bar on a terminal: how many, how fast, how long still."""
    if not sys.stderr.isatty() or count < 2:
        yield from items
        return
    began = monotonic()

    def rate(_: object) -> str:
        seconds = monotonic() - began
        return f"{bar.pos / seconds:.0f} a second" if seconds > 1 else ""

    with click.progressbar(
        items, length=count, label=verb, file=sys.stderr, show_pos=True, show_eta=True, item_show_func=rate
    ) as bar:
        yield from bar
