"""The commands about the words themselves: check, list, new, approve and diff."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import Screen, day_in, day_of, examples, guarded, json_option, one_record, today_option
from press.errors import Place, Problem, Problems

if TYPE_CHECKING:
    from press.runs.check_cache import Question, State
    from press.runs.handout import Site
    from press.runs.signing import SignatureRequest


@dataclass(frozen=True)
class CheckArguments:
    """What was typed after `check`."""

    handouts: tuple[str, ...]
    reading: bool
    anew: bool
    today: str | None


@click.command(
    epilog=examples(
        "generate.py check",
    )
)
@click.argument("handouts", nargs=-1)
@click.option("--reading", is_flag=True, help="Show how hard each page is to read.")
@click.option("--anew", is_flag=True, help="Check all of it again, also what did not change since the last time.")
@today_option
@json_option
@guarded
@one_record(CheckArguments)
def check(screen: Screen, typed: CheckArguments) -> None:
    """Check config, content and templates, in every combination."""
    from press.runs.hardening import refuse_foreign_settings

    refuse_foreign_settings()
    if typed.reading:
        _show_reading(screen, typed)
        return
    count, problems = _check(typed)
    screen.tell(problems)
    errors = sum(problem.is_error for problem in problems)
    click.echo(f"{count} combinations checked, {errors} errors, {len(problems) - errors} warnings", err=True)
    if errors:
        sys.exit(1)


def _check(typed: CheckArguments) -> tuple[int, list[Problem]]:
    """How many combinations there were, and their problems: from the cache if nothing changed."""
    from press.runs import check_cache

    question = check_cache.ask(common.ROOT, "check", typed.handouts, typed.today)
    if question and not typed.anew and (found := check_cache.known(question, day_in, check_cache.combinations)):
        return found
    site, day = _site_to_check(typed)
    return check_cache.check_and_note(site, typed.handouts, day, question, anew=typed.anew)


def _site_to_check(typed: CheckArguments) -> tuple[Site, date]:
    """The site and the day. Raises HandoutError, for a broken config.yaml with what is wrong with each other file."""
    from press.runs.handout import Site, topics
    from press.runs.hardening import harden_reportlab
    from press.runs.sweep import check_files

    harden_reportlab()
    site, faults = Site(common.ROOT), Problems()
    with faults.gathering():
        day = day_of(typed.today, site)
    if faults.errors:
        faults.extend(check_files(site, typed.handouts))
        faults.raise_if_errors()
    topics(site, typed.handouts)  # refuses a handout that is not there, before the long work
    return site, day


def _show_reading(screen: Screen, typed: CheckArguments) -> None:
    """How hard each page is to read, and the record of its review."""
    from json import dumps

    from press.cli.screen import show
    from press.reports import reading, review, review_scores
    from press.runs.handout import topics

    site, day = _site_to_check(typed)
    chosen = topics(site, typed.handouts)
    rows, scores = reading.report(site, chosen, day), review.report(site, chosen)
    if screen.json:
        data = {"reading": reading.as_data(rows), "review": review_scores.as_data(scores)}
        click.echo(dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(reading.as_text(rows) + "\n\n" + review_scores.as_text(scores))
    if problems := [problem for one in scores for problem in one.problems]:
        click.echo(show(problems, common.ROOT, colour=False), err=True)


@click.command(
    epilog=examples(
        'generate.py new blood-pressure --title "Your blood pressure"',
    )
)
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


@click.command("list", epilog=examples("generate.py list", "generate.py list --json"))
@today_option
@json_option
@guarded
def list_(screen: Screen, today: str | None) -> None:
    """List the handouts, their languages, and who signed them off until when."""
    from press.runs import check_cache

    question = check_cache.ask(common.ROOT, "list", (), today)
    found = None if question is None else check_cache.known(question, day_in, check_cache.states)
    rows, problems = found or _listed(today, question)
    if screen.json:
        _tell_list_as_data(rows, problems)
    else:
        for topic, version, language, state, *left_out in rows:
            click.echo(f"{topic:20} {version:8} {language:6} {state}")
            for line in left_out:
                click.echo(f"{'':20} {line}")
        screen.tell(problems)
    if any(problem.is_error for problem in problems):
        sys.exit(1)


def _tell_list_as_data(rows: Iterable[State], problems: Iterable[Problem]) -> None:
    from json import dumps, loads

    from press.cli.screen import as_json

    names = ("handout", "version", "language", "state")
    handouts = [{**dict(zip(names, row, strict=False)), "left_out": list(row[len(names) :])} for row in rows]
    click.echo(dumps({"handouts": handouts, "problems": loads(as_json(problems))}, ensure_ascii=False, indent=2))


def _listed(today: str | None, question: Question | None) -> tuple[list[State], list[Problem]]:
    """Read every handout for its state, and keep what was found."""
    from press.runs import check_cache
    from press.runs.handout import Site
    from press.runs.signing import shelf

    site, problems = Site(common.ROOT), Problems()
    day = day_of(today, site)
    rows: list[State] = [
        (row.topic, row.version, row.language, row.state, *row.left_out) for row in shelf(site, day, problems)
    ]
    if question is not None:
        check_cache.note(question, day, site, (rows, list(problems)))
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


@click.command(
    epilog=examples(
        'generate.py approve side-effects --by "First Last" --role pharmacist',
        'generate.py approve side-effects -l es --by "First Last" --role pharmacist',
    )
)
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
    from press.runs.handout import Site
    from press.runs.signing import approve_words

    site = Site(common.ROOT)
    day = day_of(typed.today, site)
    signed = approve_words(site, _signature(typed, day), day)
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


@click.command(
    epilog=examples(
        "generate.py diff side-effects",
    )
)
@click.argument("handout")
@click.option("-l", "--language", default="en", show_default=True)
@today_option
@json_option
@guarded
def diff(screen: Screen, handout: str, language: str, today: str | None) -> None:
    """Show what changed in HANDOUT since its words were approved."""
    from press.runs.handout import Site
    from press.runs.signed_pages import are_as_signed
    from press.runs.signing import diff_approval, state_of

    site = Site(common.ROOT)
    day = day_of(today, site)
    words, state = state_of(site, handout, language, day)
    alike = not state.approval or are_as_signed(words, site.clinic, site.templates, state.approval)
    lines = diff_approval(words, state.approval, alike)
    click.echo("\n".join(lines) if lines else "nothing changed since the approval")
