"""Check every handout for every profile: composed and laid out, nothing printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from press.compose.tailor import with_defaults
from press.compose.template import template_faults
from press.content.approval import Approval, State, Status
from press.content.fields import EDITIONS, FORMS, MODES, PAPERS, REASONS, Appointment
from press.content.handout import SOURCE_LANGUAGE
from press.content.translation import differences
from press.errors import Place, Problem, Problems, refuse
from press.patients.options import Options
from press.runs.handout import BESIDE, Made, Site, check_language, lay_out_one, make
from press.treatment import ClosedDays, DatePolicy, schedule

CheckTopic = Callable[[str], tuple[int, list[Problem]]]


def combinations(site: Site, today: date) -> Iterator[tuple[str, Options]]:
    """List each handout with each language, form, reason, treatment mode and edition."""
    for topic in site.library.topics:
        for language in site.library.languages(topic):
            for form, reason, mode, edition in product(FORMS, REASONS, MODES, EDITIONS):
                base = Options(language=language, form=form, reason=reason, edition=edition)
                if (options := in_mode(base, mode, today)) is not None:
                    yield topic, with_defaults(options, site.clinic)


_AGES = {"normal": (1, 1), "past-danger": (28, 0), "due-today": (28, 3), "overdue": (35, 5)}  # days; shot, tablets


def in_mode(options: Options, mode: str, today: date) -> Options | None:
    """Make up dates that put a course into a treatment mode; None where nobody can be in it today.

    No tablet is past its day of danger and not late; nor is a shot in March, after a February of 28 days.
    """
    if mode in ("none", "stopped"):
        return replace(options, stopped=mode == "stopped")
    shot = options.form == "injection"
    dated = replace(
        options,
        last_dose=today - timedelta(days=_AGES[mode][not shot]),
        interval="month" if mode == "past-danger" else "4 weeks" if shot else "3 days",
        appointment=Appointment(today + timedelta(days=2)) if mode == "normal" else None,
    )
    found = schedule(dated.dates.regimen(), today, DatePolicy(), ClosedDays()).mode
    return dated if found.value == mode else None


def check_everything(
    site: Site, asked: tuple[str, ...], today: date, language: str = "", check_one: CheckTopic | None = None
) -> tuple[int, list[Problem]]:
    """Compose, check and lay out every combination: how many there were, and all problems.

    Each one as a draft on each paper, and as a signed page, whose footer differs. A check that checked
    nothing is itself a problem. With a `language` only the pages in it are laid out. `check_one` may
    replace `check_topic` with a cached answer.
    """
    problems = check_files(site, asked)
    with problems.gathering():
        site.approvals(today)
    total = 0
    for topic in site.library.topics:
        if not asked or topic in asked:
            count, found = check_one(topic) if check_one else check_topic(site, topic, today, language)
            total += count
            problems.extend(found)
    if not total and not problems.errors:
        raise refuse(Place("handouts"), "there is no handout to check")
    return total, list(dict.fromkeys(problems))


def check_topic(site: Site, topic: str, today: date, language: str = "") -> tuple[int, list[Problem]]:
    """Check the pages of one handout: how many combinations there were, and their problems."""
    problems, count = Problems(), 0
    with problems.gathering():
        for name, options in combinations(site, today):
            if name == topic and language in ("", options.language):
                count += 1
                _check_one(site, topic, options, today, problems)
    return count, list(dict.fromkeys(problems))


def _check_one(site: Site, topic: str, options: Options, today: date, problems: Problems) -> None:
    for sign in (Status(State.DRAFT), Status(State.APPROVED, _sample_approval(today))):
        with problems.gathering():
            made = make(site, topic, options, today, sign=sign)
            problems.extend(made.warnings)
            for paper in PAPERS if sign.state is State.DRAFT else (options.paper,):
                with problems.gathering():
                    problems.extend(_on_paper(site, made, paper))


def _on_paper(site: Site, made: Made, paper: str) -> tuple[Problem, ...]:
    """Lay a page out for one paper; its warnings."""
    return lay_out_one(site, replace(made, options=replace(made.options, paper=paper))).warnings


def check_files(site: Site, asked: tuple[str, ...]) -> Problems:
    """Check each file by itself: config, templates, stylesheets, every language."""
    problems = Problems()
    with problems.gathering():
        usual = with_defaults(Options(), site.clinic)
        for topic in asked or site.library.topics:
            check_language(site, topic, usual)
    problems.extend(template_faults(site.templates))
    for name in (*EDITIONS, *BESIDE.values()):
        with problems.gathering():
            site.sheet(name, PAPERS[0])
    problems.extend(site.library.incomplete())
    for topic in asked or site.library.topics:
        for language in site.library.languages(topic):
            with problems.gathering():
                problems.extend(_compared(site, topic, language))
    return problems


def _compared(site: Site, topic: str, language: str) -> Iterator[Problem]:
    """Compare a translation with the English. Raises HandoutError if one cannot be read."""
    handout = site.handout(topic, language)
    if handout.is_translation and SOURCE_LANGUAGE in site.library.languages(topic):
        yield from differences(site.handout(topic, SOURCE_LANGUAGE), handout)


def _sample_approval(today: date) -> Approval:
    """Make an approval with names as long as real ones get, so that a signed page fits on its paper too."""
    until = today.replace(month=9, day=1)
    return Approval(
        handout="sample", language="en", version="1.0.0", by="Maximiliana Example", role="clinical pharmacist",
        on=until, until=until, fingerprint="", seal="", words={},
    )  # fmt: skip
