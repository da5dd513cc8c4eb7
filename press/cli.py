"""The command line: words to jobs, problems to the screen, and an exit code.

0: all printed. 1: something was refused or failed, the rest is printed. 2: wrong use.
Expected errors end here; anything else is a fault of the program and keeps its traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

from press.errors import HandoutError, Place, Problem, Problems, refuse

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("pdf", "html", "text")


@dataclass(frozen=True)
class Screen:
    """Where problems are told, and how."""

    json: bool = False

    def tell(self, problems: Iterable[Problem], root: Path = ROOT) -> None:
        """Show problems: as data on standard output, or as text on standard error."""
        from press.screen import as_json, show

        problems = tuple(dict.fromkeys(problems))
        if self.json:
            click.echo(as_json(problems))
        elif problems:
            colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
            click.echo(show(problems, root, colour=colour), err=True)


def _guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """End expected errors of a command in one place: told, and exit code 1."""

    @wraps(command)
    def run(*args: Any, json: bool = False, **kwargs: Any) -> None:
        screen = Screen(json)
        try:
            command(screen, *args, **kwargs)
        except HandoutError as error:
            screen.tell(error.problems)
            sys.exit(1)

    return run


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
    today: str | None = None,
    **choices: str | None,
) -> None:
    """Print HANDOUTS (all by default) for one reader."""
    from press.job import Press, Wish, complete, topics

    press = Press(ROOT)
    day = _day(today, press)
    options = _options(patient, settings, choices)
    full, warnings = complete(press, options, day)
    chosen = topics(press, handouts or options.handouts)
    problems = Problems()
    problems.extend(warnings)
    wanted = Wish(wish) if wish else Wish.AS_IT_MAY_BE
    finished = _print_all(press, chosen, full, day, form_, output, wanted, problems)
    screen.tell(problems)
    for path in finished:
        click.echo(path, err=screen.json)
    if any(problem.is_error for problem in problems):
        sys.exit(1)


def _print_all(
    press: Any, chosen: tuple[str, ...], options: Any, day: date, form: str, output: str | None, wish: Any, problems: Problems
) -> list[str]:
    """Make every handout first, then deliver: one that is refused stops no other."""
    from press.job import file_name, make, print_one

    ready = []
    with _watched(press, output):
        for topic in chosen:
            try:
                made = make(press, topic, options, day, wish)
                problems.extend(made.warnings)
                printed = print_one(press, made, form)
                ready.append((file_name(made, form), printed.data))
            except HandoutError as error:
                problems.extend(error.problems)
        return _deliver(ready, output, press, problems)


def _watched(press: Any, output: str | None) -> Any:
    """Settings that could change ReportLab are refused; no network, program or strange file."""
    from press.guard import harden_reportlab, watching

    harden_reportlab()
    folder = Path(press.clinic.output) if output is None else Path(output if output != "-" else ".")
    return watching([press.root], [press.root / folder, (press.root / folder).parent])


def _deliver(
    ready: list[tuple[str, bytes]], output: str | None, press: Any, problems: Problems
) -> list[str]:
    from press.output import deliver

    if output == "-":
        for _, data in ready:
            click.get_binary_stream("stdout").write(data)
        return []
    paths = []
    for name, data in ready:
        folder, final = _target(output, name, len(ready), press)
        try:
            paths.append(str(deliver(data, folder, final)))
        except HandoutError as error:
            problems.extend(error.problems)
    return paths


def _target(output: str | None, name: str, count: int, press: Any) -> tuple[Path, str]:
    """Where one file goes: the out folder, a folder that was named, or a file that was named."""
    if output is None:
        return press.root / press.clinic.output, name
    path = Path(output)
    if path.suffix.lower() == Path(name).suffix:
        if count > 1:
            raise refuse(Place("--output"), "one file was named for several handouts", "name a folder")
        return path.parent, path.name
    return path, name


def _options(patient: Path | None, settings: tuple[str, ...], choices: dict[str, str | None]) -> Any:
    """The options of the file, then of --set, then of the named switches; the later wins."""
    from press.library import read_options
    from press.readers.yaml import read_file
    from press.source import Mapping, Scalar

    entries: dict[str, tuple[Scalar, Any]] = {}
    if patient is not None:
        entries |= {key.text: (key, value) for key, value in read_file(patient, patient.name, private=True).entries}
    for number, setting in enumerate(settings, 1):
        key, found, value = setting.partition("=")
        place = Place(f"--set {number}")
        if not found:
            raise refuse(place, "expected KEY=VALUE", "for example --set last_dose=2026-11-23", private=True)
        entries[key] = (Scalar(key, place), Scalar(_clean(value, place), place))
    for key, value in choices.items():
        if value is not None:
            place = Place(f"--{key}")
            entries[key] = (Scalar(key, place), Scalar(_clean(value, place), place))
    return read_options(Mapping(tuple(entries.values()), Place(patient.name if patient else "options")))


def _clean(value: str, place: Place) -> str:
    from press.characters import clean

    text, faults = clean(value)
    if faults:
        raise HandoutError([Problem(place, str(fault), private=True) for fault in faults])
    return text


def _day(today: str | None, press: Any) -> date:
    """Today in the clinic's own time zone, or the day that was asked for."""
    from zoneinfo import ZoneInfo

    return _date(today, "--today") or datetime.now(ZoneInfo(press.clinic.time_zone)).date()


def _date(text: str | None, option: str) -> date | None:
    """A date that was typed after an option, or None."""
    from press.treatment import BadDate, parse_date

    if text is None:
        return None
    found = parse_date(text)
    if isinstance(found, BadDate):
        raise refuse(Place(option), "expected a date as YYYY-MM-DD", found.value)
    return found


@main.command()
@click.argument("handouts", nargs=-1)
@click.option("--reading", is_flag=True, help="Show how hard each page is to read.")
@_today
@_json
@_guarded
def check(screen: Screen, handouts: tuple[str, ...], reading: bool, today: str | None) -> None:
    """Check config, content and templates, in every combination."""
    from press.guard import harden_reportlab
    from press.job import Press, check_everything, topics

    harden_reportlab()
    press = Press(ROOT)
    day = _day(today, press)
    chosen = topics(press, handouts)
    if reading:
        _reading(press, chosen, day)
        return
    count, problems = check_everything(press, handouts, day)
    screen.tell(problems)
    errors = sum(problem.is_error for problem in problems)
    click.echo(f"{count} combinations checked, {errors} errors, {len(problems) - errors} warnings", err=True)
    if errors:
        sys.exit(1)


def _reading(press: Any, chosen: tuple[str, ...], day: date) -> None:
    from press.check import read_measure
    from press.job import combinations, make

    click.echo(f"{'handout':18}{'form':11}{'reason':9}words  FKGL  SMOG  taught  mean  longest")
    for topic, options in combinations(press, day):
        if topic in chosen and options.edition == "standard" and not (options.last_dose or options.stopped):
            made = make(press, topic, options, day)
            m = read_measure(made.document, made.tailored.handout.taught)
            click.echo(
                f"{topic:18}{options.form:11}{options.reason:9}{m.words:5}{_score(m.fkgl)}{_score(m.smog)}"
                f"{_score(m.smog_exempt)}{m.mean:8.1f}{m.longest:7}"
            )


def _score(score: float | None) -> str:
    return f"{score:6.1f}" if score is not None else "     -"


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
        click.echo(f"{row.topic:20} {row.version:8} {row.language:6} {row.state}")
    if len(problems):
        screen.tell(problems)
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
    from press.job import Press, approve_words

    press = Press(ROOT)
    day = _day(today, press)
    approval = approve_words(
        press,
        handout,
        language,
        _clean(name, Place("--by")),
        _clean(role, Place("--role")),
        _date(given, "--on") or day,
        _date(until, "--until"),
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
    from press.guard import harden_reportlab
    from press.job import Press, complete, make, print_one, topics

    harden_reportlab()
    press = Press(ROOT)
    day = _day(today, press)
    options, _ = complete(press, _options(None, settings, {}), day)
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
    main(prog_name="generate.py", windows_expand_args=False)
    sys.exit(0)
