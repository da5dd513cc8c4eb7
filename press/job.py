"""One handout for one reader, from files to finished bytes: read, tailor, compose, check, print."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from pathlib import Path

from press.check import check
from press.compose import compose
from press.document import Document
from press.errors import HandoutError, Place, Problem, Problems, did_you_mean, refuse
from press.fields import EDITIONS, FORMS, MODES, REASONS, Appointment
from press.library import Library, read_clinic
from press.model import Clinic, Handout, Options
from press.style import Stylesheet, read_stylesheet
from press.tailor import Tailored, check_dates, tailor, with_defaults
from press.writers.html import write_html
from press.writers.printed import Printed
from press.writers.text import write_text


def _write_pdf(document: Document, sheet: Stylesheet) -> Printed:
    from press.writers.pdf import write_pdf

    return write_pdf(document, sheet)


WRITERS: Mapping[str, Callable[[Document, Stylesheet], Printed]] = {
    "pdf": _write_pdf,
    "html": write_html,
    "text": write_text,
}
ENDINGS = {"pdf": "pdf", "html": "html", "text": "txt"}


@dataclass(frozen=True)
class Press:
    """One clinic's press: its folder with config.yaml, handouts/ and templates/."""

    root: Path

    @cached_property
    def clinic(self) -> Clinic:
        """config.yaml. Raises HandoutError."""
        return read_clinic(self.root / "config.yaml", "config.yaml")

    @cached_property
    def library(self) -> Library:
        """The shelf of handouts."""
        return Library(self.root / "handouts")

    @property
    def templates(self) -> Path:
        """Where the templates stand."""
        return self.root / "templates"

    def sheet(self, edition: str, paper: str) -> Stylesheet:
        """The stylesheet of an edition on a paper. Raises HandoutError."""
        name = f"{edition}.yaml"
        if name not in self._sheets:
            path = self.templates / "styles" / name
            self._sheets[name] = read_stylesheet(path, f"templates/styles/{name}")
        return replace(self._sheets[name], paper=paper)

    @cached_property
    def _sheets(self) -> dict[str, Stylesheet]:
        return {}

    @cached_property
    def _loaded(self) -> dict[tuple[str, str], Handout]:
        return {}

    def handout(self, topic: str, language: str) -> Handout:
        """A handout in a language, read once. Raises HandoutError."""
        if (topic, language) not in self._loaded:
            self._loaded[topic, language] = self.library.load(topic, language)
        return self._loaded[topic, language]


@dataclass(frozen=True)
class Made:
    """A composed and checked handout; `warnings` are for staff."""

    tailored: Tailored
    document: Document
    warnings: tuple[Problem, ...]


def complete(press: Press, options: Options, today: date) -> tuple[Options, tuple[Problem, ...]]:
    """Fill in the clinic's defaults and check the dates; warnings come back.

    Raises HandoutError if a date is wrong.
    """
    full = with_defaults(options, press.clinic)
    problems = check_dates(full, press.clinic, today)
    problems.raise_if_errors()
    return full, tuple(problems)


def topics(press: Press, asked: tuple[str, ...]) -> tuple[str, ...]:
    """The handouts that are asked for, all of them by default. Raises HandoutError."""
    problems = Problems()
    for topic in asked:
        if topic not in press.library.topics:
            problems.add(Place("handouts"), f"there is no handout `{topic[:40]}`", did_you_mean(topic, press.library.topics))
    problems.raise_if_errors()
    return asked or press.library.topics


def make(press: Press, topic: str, options: Options, today: date) -> Made:
    """Compose and check one handout. Raises HandoutError with every reason to refuse."""
    handout = press.handout(topic, options.language)
    tailored = tailor(handout, options, press.clinic, today)
    document = compose(tailored, press.templates)
    found = check(document, tailored)
    errors = [problem for problem in found if problem.is_error]
    if errors:
        raise HandoutError(errors)
    return Made(tailored, document, tuple(found))


def print_one(press: Press, made: Made, form: str) -> Printed:
    """Print a checked handout in one format. Raises HandoutError."""
    options = made.tailored.options
    return WRITERS[form](made.document, press.sheet(options.edition, options.paper))


def file_name(topic: str, options: Options, personal: bool, form: str) -> str:
    """The name of the finished file: never a person's name, and no reason for a person."""
    parts = [topic, options.language]
    if personal or options.code:
        parts.insert(0, options.code or "personal")
    else:
        parts += [options.form, options.reason]
    if options.edition != "standard":
        parts.append(options.edition)
    if options.paper != "letter":
        parts.append(options.paper)
    return "-".join(parts) + "." + ENDINGS[form]


# Every combination


def combinations(press: Press, today: date) -> Iterator[tuple[str, Options]]:
    """Each handout for each language, form, reason, treatment mode and edition."""
    for topic in press.library.topics:
        for language in press.library.languages(topic):
            for form, reason, mode, edition in product(FORMS, REASONS, MODES, EDITIONS):
                base = Options(language=language, form=form, reason=reason, edition=edition)
                yield topic, with_defaults(_in_mode(base, mode, today), press.clinic)


def _in_mode(options: Options, mode: str, today: date) -> Options:
    """Made-up dates that put a course into a treatment mode."""
    injection = options.form == "injection"
    interval = "4 weeks" if injection else "3 days"
    if mode == "normal":
        visit = Appointment(today + timedelta(days=2))
        return replace(options, last_dose=today - timedelta(days=1), interval=interval, appointment=visit)
    if mode == "overdue":
        return replace(options, last_dose=today - timedelta(days=35 if injection else 5), interval=interval)
    return replace(options, stopped=mode == "stopped")


def check_everything(press: Press, asked: tuple[str, ...], today: date) -> tuple[int, list[Problem]]:
    """Compose, check and lay out every combination: how many there were, and all problems.

    A check that checked nothing is itself a problem.
    """
    found: dict[Problem, None] = {}
    count = 0
    for topic, options in combinations(press, today):
        if asked and topic not in asked:
            continue
        count += 1
        try:
            made = make(press, topic, options, today)
            found.update(dict.fromkeys(made.warnings))
            print_one(press, made, "pdf")
        except HandoutError as error:
            found.update(dict.fromkeys(error.problems))
    if not count:
        raise refuse(Place("handouts"), "there is no handout to check")
    return count, list(found)
