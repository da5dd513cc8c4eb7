"""The commands about the words themselves: check, list, new, approve and diff."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import Screen, day_in, day_of, guarded, json_option, one_record, today_option
from press.errors import Place, Problem, Problems

if TYPE_CHECKING:
    from press.runs.check_cache import Question, State
    from press.runs.handout import Press
    from press.runs.signing import SignatureRequest


@click.command()
@click.argument("handouts", nargs=-1)
@click.option("--reading", is_flag=True, help="Show how hard each page is to read.")
@click.option("--anew", is_flag=True, help="Check all of it again, also what did not change since the last time.")
@today_option
@json_option
@guarded
def check(screen: Screen, handouts: tuple[str, ...], reading: bool, anew: bool, today: str | None) -> None:
    """Check config, content and templates, in every combination."""
    from press.runs import check_cache
    from press.runs.hardening import refuse_foreign_settings

    refuse_foreign_settings()
    question = None if reading else check_cache.ask(common.ROOT, "check", handouts, today)
    found = None if anew or question is None else check_cache.known(question, day_in, check_cache.combinations)
    if found is None:
        found = _checked(screen, handouts, reading, today, question, anew)
    if found is not None:
        count, problems = found
        screen.tell(problems)
        errors = sum(problem.is_error for problem in problems)
        click.echo(f"{count} combinations checked, {errors} errors, {len(problems) - errors} warnings", err=True)
        if errors:
            sys.exit(1)


def _checked(
    screen: Screen, handouts: tuple[str, ...], reading: bool, today: str | None, question: Question | None, anew: bool
) -> tuple[int, list[Problem]] | None:
    """Check, and keep what was found; None if only the reading level was to be shown."""
    from press.runs.handout import Press, topics
    from press.runs.hardening import harden_reportlab
    from press.runs.sweep import check_everything, check_files

    harden_reportlab()
    press = Press(common.ROOT)
    faults = Problems()
    with faults.gathering():
        day = day_of(today, press)
    if faults.errors:
        faults.extend(check_files(press, handouts))
        faults.raise_if_errors()
    chosen = topics(press, handouts)
    if reading:
        _reading(screen, press, chosen, day)
        return None
    if question is None:
        return check_everything(press, handouts, day)
    from press.runs import check_cache

    found = check_cache.check_with_kept(press, question, day, anew)
    check_cache.note(question, day, press, found)
    return found


def _reading(screen: Screen, press: Press, chosen: tuple[str, ...], day: date) -> None:
    """How hard each page is to read, and the record of its review."""
    from json import dumps

    from press.cli.screen import show
    from press.reports import reading, review, review_scores

    rows, scores = reading.report(press, chosen, day), review.report(press, chosen)
    if screen.json:
        data = {"reading": reading.as_data(rows), "review": review_scores.as_data(scores)}
        click.echo(dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(reading.as_text(rows) + "\n\n" + review_scores.as_text(scores))
    if problems := [problem for one in scores for problem in one.problems]:
        click.echo(show(problems, common.ROOT, colour=False), err=True)


@click.command()
@click.argument("topic")
@click.option("--title", help="The title of the page.")
@json_option
@guarded
def new(screen: Screen, topic: str, title: str | None) -> None:
    """Begin a new handout: TOPIC names its folder, such as blood-pressure."""
    from press.content.scaffold import write_new

    for path in write_new(common.ROOT, topic, title):
        click.echo(path, err=screen.json)
    click.echo(f"now fill in the empty texts; `generate.py check {topic}` shows what is left", err=True)


@click.command("list")
@today_option
@json_option
@guarded
def list_(screen: Screen, today: str | None) -> None:
    """List the handouts, their languages, and who signed them off until when."""
    from press.runs import check_cache

    question = check_cache.ask(common.ROOT, "list", (), today)
    found = None if question is None else check_cache.known(question, day_in, check_cache.states)
    rows, problems = found or _listed(today, question)
    for row in rows:
        topic, version, language, state, *left_out = row
        click.echo(f"{topic:20} {version:8} {language:6} {state}", err=screen.json)
        for line in left_out:
            click.echo(f"{'':20} {line}", err=screen.json)
    if problems or screen.json:
        screen.tell(problems)
    if any(problem.is_error for problem in problems):
        sys.exit(1)


def _listed(today: str | None, question: Question | None) -> tuple[list[State], list[Problem]]:
    """Read every handout for its state, and keep what was found."""
    from press.runs import check_cache
    from press.runs.handout import Press
    from press.runs.signing import shelf

    press, problems = Press(common.ROOT), Problems()
    day = day_of(today, press)
    rows: list[State] = [
        (row.topic, row.version, row.language, row.state, *row.left_out) for row in shelf(press, day, problems)
    ]
    if question is not None:
        check_cache.note(question, day, press, (rows, list(problems)))
    return rows, list(problems)


@dataclass(frozen=True)
class ApproveArguments:
    """What was typed after `approve`."""

    handout: str
    language: str
    by: str
    role: str
    on: str | None
    until: str | None
    today: str | None


@click.command()
@click.argument("handout")
@click.option("-l", "--language", default="en", show_default=True)
@click.option("--by", required=True, help="Who signs: first and last name.")
@click.option("--role", required=True, help="Their profession, such as pharmacist.")
@click.option("--on", metavar="DATE", help="The day of the signature (today by default).")
@click.option("--until", metavar="DATE", help="The last day on which it holds.")
@today_option
@json_option
@guarded
@one_record(ApproveArguments)
def approve(screen: Screen, typed: ApproveArguments) -> None:
    """Record that a clinician signed off the words of HANDOUT as they stand."""
    from press.runs.handout import Press
    from press.runs.signing import approve_words

    press = Press(common.ROOT)
    day = day_of(typed.today, press)
    signed = approve_words(press, _signature(typed, day), day)
    name = f"{typed.handout} ({typed.language})"
    for line in signed.words.left_out:
        click.echo(f"{name} {line}")
    approval = signed.approval
    click.echo(f"{name} version {approval.version}: approved until {approval.until.isoformat()}")


def _signature(typed: ApproveArguments, today: date) -> SignatureRequest:
    """What was typed, as a request. Raises HandoutError."""
    from press.cli.arguments import cleaned, day_from
    from press.runs.signing import SignatureRequest

    return SignatureRequest(
        topic=typed.handout,
        language=typed.language,
        by=cleaned(typed.by, Place("--by")),
        role=cleaned(typed.role, Place("--role")),
        on=day_from(typed.on, "--on") or today,
        until=day_from(typed.until, "--until"),
    )


@click.command()
@click.argument("handout")
@click.option("-l", "--language", default="en", show_default=True)
@today_option
@json_option
@guarded
def diff(screen: Screen, handout: str, language: str, today: str | None) -> None:
    """Show what changed in HANDOUT since its words were approved."""
    from press.runs.handout import Press
    from press.runs.signing import diff_approval, state_of

    press = Press(common.ROOT)
    day = day_of(today, press)
    words, state = state_of(press, handout, language, day)
    lines = diff_approval(words, state.approval)
    click.echo("\n".join(lines) if lines else "nothing changed since the approval")
