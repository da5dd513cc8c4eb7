"""The command line: words to jobs, problems to the screen, and an exit code.

0: all printed. 1: something was refused or failed, the rest is printed. 2: wrong use.
3: a fault of the program, told by its kind and its place in the code. The words of an
exception are never shown: they may quote a patient.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from press.errors import HandoutError, Place, Problem, Problems

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("pdf", "html", "text")


@dataclass(frozen=True)
class Screen:
    """Where problems are told, and how."""

    json: bool = False

    def tell(self, problems: Iterable[Problem]) -> None:
        """Show problems: as data on standard output, or as text on standard error."""
        from press.screen import as_json, show

        problems = tuple(dict.fromkeys(problems))
        if self.json:
            click.echo(as_json(problems))
        elif problems:
            colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
            click.echo(show(problems, ROOT, colour=colour), err=True)


def _guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """End the errors of a command in one place: told, and an exit code."""

    @wraps(command)
    def guarded(*args: Any, json: bool = False, **kwargs: Any) -> None:
        screen = Screen(json)
        try:
            command(screen, *args, **kwargs)
        except HandoutError as error:
            screen.tell(error.problems)
            sys.exit(1)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # click knows what to do when nobody reads on
            _end_on_fault(screen, error)

    return guarded


def _end_on_fault(screen: Screen, error: Exception) -> NoReturn:
    """The last resort: the kind of a fault and the lines of our code that it came through."""
    from press.arguments import Misuse
    from press.screen import fault_problems

    if isinstance(error, Misuse):
        raise click.UsageError(str(error)) from None
    if isinstance(error, ModuleNotFoundError):
        raise click.UsageError("this Python lacks parts of the press: run `make handouts`, then use the one in .venv")
    screen.tell(fault_problems(error))
    click.echo("Please report these lines. They hold nothing about a patient.", err=True)
    sys.exit(3)


_json = click.option("--json", is_flag=True, help="Tell problems as data.")
_today = click.option("--today", metavar="DATE", help="Print as if today were this day (YYYY-MM-DD).")


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Print handouts for people who are treated with naltrexone.

    Without a command: every handout, for the clinic's defaults, into the out folder.
    """
    if context.invoked_subcommand is None:
        context.invoke(make)


@main.command()
@click.argument("handouts", nargs=-1)
@click.option("-l", "--language", help="Language of the page, such as en.")
@click.option("--edition", help="standard or large-print.")
@click.option("--paper", help="letter or a4.")
@click.option("--form", help="injection or tablet.")
@click.option("--reason", help="opioid, alcohol or both.")
@click.option("--patient", type=click.Path(path_type=Path), help="A file with one patient's options.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One option, as in a patient's file.")
@click.option("--format", "form_", type=click.Choice(FORMATS), default="pdf", show_default=True)
@click.option("-o", "--output", help="A folder, a file for one handout, or - for standard output.")
@click.option("--final", "wish", flag_value="final", help="Refuse what is not signed off.")
@click.option("--as-draft", "wish", flag_value="draft", help="Mark every page as a draft.")
@click.option("--watch", is_flag=True, help="Print again each time that a file is saved, until Ctrl-C.")
@_today
@_json
@_guarded
def make(
    screen: Screen,
    handouts: tuple[str, ...] = (),
    patient: Path | None = None,
    settings: tuple[str, ...] = (),
    form_: str = "pdf",
    output: str | None = None,
    wish: str | None = None,
    watch: bool = False,
    today: str | None = None,
    **choices: str | None,
) -> None:
    """Print HANDOUTS (all by default) for one reader."""
    from press.arguments import STANDARD_OUTPUT, Misuse, options_from, target_from
    from press.job import Press, Wish, complete, topics

    if screen.json and output == STANDARD_OUTPUT:
        raise Misuse("--json and -o - both want standard output")
    if watch and (screen.json or output == STANDARD_OUTPUT):
        raise Misuse("--watch prints files again and again; it goes with neither --json nor -o -")

    def once() -> Problems:
        problems = Problems()
        press = Press(ROOT)
        day = _day(today, press)
        options = options_from(patient, settings, choices, problems)
        with problems.gathering():
            full, warnings = complete(press, options, day, problems)
            problems.extend(warnings)
        with problems.gathering():
            chosen = topics(press, handouts) if handouts else topics(press, options.handouts, options)
        problems.raise_if_errors()
        target = target_from(output, press.root / press.clinic.output, form_, len(chosen))
        wanted = Wish(wish) if wish else Wish.AS_IT_MAY_BE
        finished = _print_all(press, chosen, full, day, form_, target, wanted, problems)
        screen.tell(problems)
        for path in finished:
            click.echo(path, err=screen.json)
        return problems

    if watch:
        _watch(screen, patient, once)
    elif once().errors:
        sys.exit(1)


def _watch(screen: Screen, patient: Path | None, once: Callable[[], Any]) -> None:
    """Print again on each save, until Ctrl-C; a save with errors leaves the last good pages."""
    from press.watch import files_below, watch

    more = [patient] if patient else []
    watch(lambda: [*files_below(ROOT), *more], once, lambda error: screen.tell(error.problems))


def _print_all(
    press: Any, chosen: tuple[str, ...], options: Any, day: date, form: str, target: Any, wish: Any, problems: Problems
) -> list[str]:
    """Make every handout first, then deliver: one that is refused stops no other.

    Settings that could change ReportLab are refused; no network, program or strange file.
    """
    from press.guard import assert_hardened, harden_reportlab, watching
    from press.job import file_name, make, print_one

    harden_reportlab()
    ready = []
    with watching([press.root], [target.writable]):
        for topic in chosen:
            with problems.gathering():
                made = make(press, topic, options, day, wish)
                problems.extend(made.warnings)
                assert_hardened()
                printed = print_one(press, made, form)
                ready.append((file_name(made, form), printed.data))
        return _deliver(ready, target, problems)


def _deliver(ready: list[tuple[str, bytes]], target: Any, problems: Problems) -> list[str]:
    from press.output import deliver

    paths = []
    for name, data in ready:
        if target.is_stream:
            click.echo(data, nl=False)
            continue
        with problems.gathering():
            paths.append(str(deliver(data, target.folder, target.name or name)))
    return paths


def _day(today: str | None, press: Any) -> date:
    """Today in the clinic's own time zone, or the day that was asked for."""
    from zoneinfo import ZoneInfo

    from press.arguments import day_from

    return day_from(today, "--today") or datetime.now(ZoneInfo(press.clinic.time_zone)).date()


@main.command()
@click.argument("handouts", nargs=-1)
@click.option("--reading", is_flag=True, help="Show how hard each page is to read.")
@_today
@_json
@_guarded
def check(screen: Screen, handouts: tuple[str, ...], reading: bool, today: str | None) -> None:
    """Check config, content and templates, in every combination."""
    from press.guard import harden_reportlab
    from press.job import Press, check_everything, check_files, topics

    harden_reportlab()
    press = Press(ROOT)
    faults = Problems()
    with faults.gathering():
        day = _day(today, press)
    if faults.errors:
        faults.extend(check_files(press, handouts))
        faults.raise_if_errors()
    chosen = topics(press, handouts)
    if reading:
        _reading(screen, press, chosen, day)
        return
    count, problems = check_everything(press, handouts, day)
    screen.tell(problems)
    errors = sum(problem.is_error for problem in problems)
    click.echo(f"{count} combinations checked, {errors} errors, {len(problems) - errors} warnings", err=True)
    if errors:
        sys.exit(1)


def _reading(screen: Screen, press: Any, chosen: tuple[str, ...], day: date) -> None:
    """How hard each page is to read, and the record of its review."""
    from json import dumps

    from press import reading_report, review, review_scores
    from press.screen import show

    rows, scores = reading_report.report(press, chosen, day), review.report(press, chosen, day)
    if screen.json:
        data = {"reading": reading_report.as_data(rows), "review": review_scores.as_data(scores)}
        click.echo(dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(reading_report.as_text(rows) + "\n\n" + review_scores.as_text(scores))
    if problems := [problem for one in scores for problem in one.problems]:
        click.echo(show(problems, ROOT, colour=False), err=True)


@main.command()
@click.argument("topic")
@click.option("--title", help="The title of the page.")
@_json
@_guarded
def new(screen: Screen, topic: str, title: str | None) -> None:
    """Begin a new handout: TOPIC names its folder, such as blood-pressure."""
    from press.scaffold import write_new

    for path in write_new(ROOT, topic, title):
        click.echo(path, err=screen.json)
    click.echo(f"now fill in the empty texts; `generate.py check {topic}` shows what is left", err=True)


@main.command("list")
@_today
@_json
@_guarded
def list_(screen: Screen, today: str | None) -> None:
    """List the handouts, their languages, and who signed them off until when."""
    from press.job import Press, shelf

    press = Press(ROOT)
    problems = Problems()
    for row in shelf(press, _day(today, press), problems):
        click.echo(f"{row.topic:20} {row.version:8} {row.language:6} {row.state}", err=screen.json)
    if len(problems) or screen.json:
        screen.tell(problems)
    if problems.errors:
        sys.exit(1)


@main.command()
@click.argument("handout")
@click.option("-l", "--language", default="en", show_default=True)
@click.option("--by", "name", required=True, help="Who signs: first and last name.")
@click.option("--role", required=True, help="Their profession, such as pharmacist.")
@click.option("--on", "given", metavar="DATE", help="The day of the signature (today by default).")
@click.option("--until", metavar="DATE", help="The last day on which it holds.")
@_today
@_json
@_guarded
def approve(
    screen: Screen,
    handout: str,
    language: str,
    name: str,
    role: str,
    given: str | None,
    until: str | None,
    today: str | None,
) -> None:
    """Record that a clinician signed off the words of HANDOUT as they stand."""
    from press.arguments import cleaned, day_from
    from press.job import Press, approve_words

    press = Press(ROOT)
    day = _day(today, press)
    approval = approve_words(
        press,
        handout,
        language,
        cleaned(name, Place("--by")),
        cleaned(role, Place("--role")),
        day_from(given, "--on") or day,
        day_from(until, "--until"),
        day,
    )
    click.echo(f"{handout} ({language}) version {approval.version}: approved until {approval.until.isoformat()}")


@main.command()
@click.argument("handout")
@click.option("-l", "--language", default="en", show_default=True)
@_today
@_json
@_guarded
def diff(screen: Screen, handout: str, language: str, today: str | None) -> None:
    """Show what changed in HANDOUT since its words were approved."""
    from press.approval import changed_lines
    from press.job import Press, state_of

    press = Press(ROOT)
    day = _day(today, press)
    words, state = state_of(press, handout, language, day)
    lines = changed_lines(words, state.approval)
    click.echo("\n".join(lines) if lines else "nothing changed since the approval")


@main.command()
@click.argument("handout")
@click.option("--tree", "view", flag_value="tree", help="The document tree.")
@click.option("--text", "view", flag_value="text", default=True, help="The words (the default).")
@click.option("--tags", "view", flag_value="tags", help="The tags of the PDF.")
@click.option("--layout", "view", flag_value="layout", help="Where everything stands on paper.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One option, as in a patient's file.")
@_today
@_json
@_guarded
def show(screen: Screen, handout: str, view: str, settings: tuple[str, ...], today: str | None) -> None:
    """Show what a HANDOUT says and how it is built."""
    from press import dump
    from press.arguments import options_from
    from press.guard import harden_reportlab
    from press.job import Press, complete, make, print_one, topics

    harden_reportlab()
    press = Press(ROOT)
    day = _day(today, press)
    problems = Problems()
    typed = options_from(None, settings, {}, problems)
    problems.raise_if_errors()
    options, _ = complete(press, typed, day)
    made = make(press, topics(press, (handout,))[0], options, day)
    if view == "tree":
        click.echo(dump.tree(made.document), nl=False)
    elif view == "text":
        click.echo(print_one(press, made, "text").data.decode("utf-8"), nl=False)
    else:
        layout = print_one(press, made, "pdf").layout
        click.echo(getattr(dump, view)(layout), nl=False)


def run() -> NoReturn:
    """Start the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an old code page must not end a command half-way
            stream.reconfigure(errors="backslashreplace")
    try:
        main(prog_name="generate.py", windows_expand_args=False)
    except Exception as error:
        _end_on_fault(Screen(), error)
    sys.exit(0)
