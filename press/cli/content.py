"""The commands about the words themselves: check, list, new, approve and diff."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import Screen, day_in, day_of, examples, guarded, json_option, one_record, today_option
from press.errors import HandoutError, Place, Problem, Problems
from press.records import dataclass

if TYPE_CHECKING:
    from press.runs.check_cache import Question, State
    from press.runs.handout import Site
    from press.runs.signing import SignatureRequest, WordsToSign


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
    click.echo(f"now fill in the empty texts; `{common.NAME} check {topic}` shows what is left", err=True)


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
    from json import dumps

    from press.cli.screen import as_data

    names = ("handout", "version", "language", "state")
    handouts = [{**dict(zip(names, row, strict=False)), "left_out": list(row[len(names) :])} for row in rows]
    click.echo(dumps({"handouts": handouts, "problems": as_data(problems)}, ensure_ascii=False, indent=2))


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
    by: str | None
    role: str | None
    on: str | None
    until: str | None
    why: str | None
    yes: bool
    today: str | None


@click.command(
    epilog=examples(
        "generate.py approve side-effects",
        'generate.py approve side-effects --by "Pat Example" --role pharmacist',
    )
)
@click.argument("handout")
@click.option("-l", "--language", default="en", show_default=True)
@click.option(
    "--by", metavar="NAME", help="Who signs: first and last name. Without it you only get what is to be read."
)
@click.option("--role", help="Their profession or license, such as pharmacist or RN 123456.")
@click.option("--on", metavar="DATE", help="The day of the signature (today by default).")
@click.option("--until", metavar="DATE", help="The last day on which it holds.")
@click.option(
    "--why", metavar="TEXT", help="Why they sign although something is open, such as a review; it is recorded."
)
@click.option("--yes", is_flag=True, help="Do not ask: they have read every page.")
@today_option
@json_option
@guarded
@one_record(ApproveArguments)
def approve(screen: Screen, typed: ApproveArguments) -> None:
    """Show all pages of HANDOUT to a clinician in one file, ask, and record that they signed the words off."""
    from press.reports.signing_packet import check_signature, sign_words
    from press.runs.handout import Site
    from press.runs.signing import words_to_sign

    _refuse_wrong_signing(screen, typed)
    site = Site(common.ROOT)
    day = day_of(typed.today, site)
    request = _signature(typed, day) if typed.by else None
    words = words_to_sign(site, typed.handout, typed.language, day)
    if words.errors:
        raise HandoutError(words.errors)
    if not typed.yes:
        _show_packet(site, words, day)
    if request is None:
        click.echo(
            'when they have read it: the same command with --by "their first and last name" --role "their profession"',
            err=True,
        )
        return
    check_signature(site, request, day, words)
    if not typed.yes:
        _ask_signer(request)
    approval = sign_words(Site(common.ROOT), request, day, words).approval
    name = f"{typed.handout} ({typed.language})"
    for line in words.left_out:
        click.echo(f"{name} {line}")
    click.echo(f"{name} version {approval.version}: approved until {approval.until.isoformat()}")


def _refuse_wrong_signing(screen: Screen, typed: ApproveArguments) -> None:
    """Raise UsageError for switches that do not go together."""
    from press.delivery.destination import UsageError

    if bool(typed.by) != bool(typed.role):
        raise UsageError("--by and --role go together: who signs, and their profession or license")
    if typed.yes and not typed.by:
        raise UsageError("--yes signs without asking; it goes with --by and --role")
    if screen.json and typed.by and not typed.yes:
        raise UsageError("--json cannot ask: say --yes when they have read every page")


def _show_packet(site: Site, words: WordsToSign, day: date) -> None:
    """Write the file that a clinician reads, and say what changed and what is open."""
    from press.delivery.atomic import deliver
    from press.delivery.files import SHARED_FILE
    from press.reports.signing_packet import find_open, make_packet
    from press.runs.totals import count

    packet = make_packet(site, words, day)
    folder = site.root / site.clinic.output
    click.echo(packet.since)
    for line in packet.changes:
        click.echo(f"  {line}")
    for problem in find_open(site, words.handout):
        click.echo(f"open: {problem.message} ({problem.place})")
    pages = f"{packet.pages} different pages" if packet.pages > 1 else "1 page"
    click.echo(f"to be read: {pages}, for {count(packet.kinds, 'kind')} of readers, in")
    click.echo(deliver(packet.data, folder, packet.name, mode=SHARED_FILE))


def _ask_signer(request: SignatureRequest) -> None:
    """Ask whether the words are signed; anything but a yes ends the command."""
    try:
        is_signed = click.confirm(f"Did {request.by}, {request.role}, read every page, and sign?", err=True)
    except click.Abort:
        click.echo("\nnobody answered; without a keyboard say --yes", err=True)
        is_signed = False
    if not is_signed:
        click.echo("nothing was signed", err=True)
        sys.exit(1)


def _signature(typed: ApproveArguments, today: date) -> SignatureRequest:
    """What was typed, as a request. Raises HandoutError."""
    from press.cli.arguments import day_from
    from press.content.typed_text import cleaned
    from press.runs.signing import SignatureRequest

    return SignatureRequest(
        topic=typed.handout,
        language=typed.language,
        by=cleaned(typed.by or "", Place("--by")),
        role=cleaned(typed.role or "", Place("--role")),
        on=day_from(typed.on, "--on") or today,
        until=day_from(typed.until, "--until"),
        why=cleaned(typed.why or "", Place("--why")).strip(),
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
