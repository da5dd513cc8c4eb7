"""Answer what staff ask about many people: a question with its days, and the report that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Generic, TypeVar

from press.content.fields import is_version
from press.delivery.all_desks import ONLY_HERE, AnyLedger, ask_all_desks
from press.delivery.destination import UsageError
from press.delivery.ledger import LedgerRow
from press.errors import Place, Problem, Severity, did_you_mean, refuse
from press.patients.patient_list import PatientList, Reading, parse_list
from press.patients.recipes import read_recipes
from press.records import dataclass, replace
from press.reports.data import DueReport, GivenReport, due_report, given_report
from press.reports.recall import RecallReport, recall_report, version_parts, with_rows
from press.runs.handout import Site
from press.runs.shared_ledger import ledger_place

R = TypeVar("R", DueReport, GivenReport, RecallReport)
LIST = "list"  # what problems call a list that has no path
_AHEAD = timedelta(days=14)  # that `due` looks ahead by default
_BACK = timedelta(days=27)  # that `given` looks back: four weeks, today included
_LONGEST = 366  # days


@dataclass(frozen=True)
class Span:
    """The days of a report, first and last included. Raises UsageError if there are none, or more than a year."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError("--to lies before --from")
        if (self.last - self.first).days >= _LONGEST:
            raise UsageError("a report covers a year at most")


def span_ahead(today: date, since: date | None, until: date | None) -> Span:
    """Choose the days of `due`: from today for two weeks, unless staff said otherwise. Raises UsageError."""
    first = since or today
    return Span(first, until or first + _AHEAD)


def span_back(today: date, since: date | None, until: date | None) -> Span:
    """Choose the days of `given`: four weeks up to today, unless staff said otherwise. Raises UsageError."""
    last = until or today
    return Span(since or last - _BACK, last)


@dataclass(frozen=True)
class DueQuestion:
    """Who on a list is due when, as of the day `today`."""

    people: PatientList
    today: date
    span: Span


@dataclass(frozen=True)
class GivenQuestion:
    """What the ledger says was printed, and what became of it."""

    today: date
    span: Span


@dataclass(frozen=True)
class RecallQuestion:
    """For whom a version of a handout before `before` was printed. Raises UsageError if that is no version.

    `people` is a list whose rows are named beside the codes.
    """

    today: date
    handout: str
    before: str
    people: PatientList | None = None

    def __post_init__(self) -> None:
        if not is_version(self.before):
            raise UsageError("--before needs a version such as 1.2.0")


@dataclass(frozen=True)
class ReportAnswer(Generic[R]):
    """A report as data, and warnings for staff."""

    report: R
    warnings: tuple[Problem, ...] = ()

    @property
    def other_warnings(self) -> tuple[Problem, ...]:
        """All warnings but that this computer answered alone, which the report says itself."""
        return tuple(problem for problem in self.warnings if problem.code != ONLY_HERE)


def answer_due(site: Site, question: DueQuestion) -> ReportAnswer[DueReport]:
    """Report who is due in the span, who is overdue, and who lacks a date."""
    people, span = question.people, question.span
    report = due_report(people, site.clinic, question.today, span.first, span.last)
    report = replace(report, by_row=people.is_of_records)
    return ReportAnswer(report, tuple(people.notes))


def answer_due_in(site: Site, data: bytes, today: date, span: Span) -> ReportAnswer[DueReport]:
    """Report the same of a list as bytes, read by the recipes of the clinic. Raises HandoutError."""
    people = parse_list(data, LIST, reading=Reading(recipes=read_recipes(site.root)))
    return answer_due(site, DueQuestion(people, today, span))


@dataclass(frozen=True)
class FoundRows:
    """The rows of a list in which some codes stand, the rows of everybody, and how many codes stand nowhere."""

    found: frozenset[int]
    all: frozenset[int]
    missing: int


def find_codes(site: Site, data: bytes, codes: tuple[str, ...]) -> FoundRows:
    """Find people by their codes on a list as bytes. Raises HandoutError if it cannot be read."""
    people = parse_list(data, LIST, reading=Reading(recipes=read_recipes(site.root)))
    rows = people.rows_of(codes)
    found = frozenset(row.number for alike in rows for row in alike)
    return FoundRows(found, frozenset(people.numbers), sum(not alike for alike in rows))


def answer_given(site: Site, question: GivenQuestion) -> ReportAnswer[GivenReport]:
    """Report what was printed in the span, and what became of it. Raises HandoutError if there is no ledger."""
    span = question.span

    def ask(ledger: AnyLedger) -> tuple[tuple[LedgerRow, ...], tuple[int, int]]:
        rows = tuple(ledger.printed(span.first, span.last))
        return rows, ledger.count_said_back(span.first, span.last)

    asked = ask_all_desks(ledger_place(site), ask)
    rows, said = asked.answer
    report = given_report(rows, question.today, span.first, span.last, said)
    return ReportAnswer(replace(report, only_here=asked.is_only_here), asked.warnings)


def answer_recall(site: Site, question: RecallQuestion) -> ReportAnswer[RecallReport]:
    """Report for whom an older version was printed. Raises HandoutError for a handout that nobody knows."""
    handout, known = question.handout, site.library.topics
    asked = ask_all_desks(ledger_place(site), lambda ledger: tuple(ledger.of_handout(handout)))
    rows = asked.answer
    if not rows and handout not in known:
        raise refuse(
            Place("handout"),
            "there is no such handout, and none of that name was printed",
            did_you_mean(handout, known),
        )
    report = recall_report(rows, handout, question.before, question.today)
    report = replace(report, only_here=asked.is_only_here)
    if question.people:
        report = with_rows(report, question.people, site.clinic.site)
    notes = question.people.notes if question.people else ()
    return ReportAnswer(report, (*notes, *asked.warnings, *_warn_of_future_version(site, question)))


def _warn_of_future_version(site: Site, question: RecallQuestion) -> Iterator[Problem]:
    """A slip of the key, such as 12.0.0 for 1.2.0, would recall the present version too."""
    if question.handout not in site.library.topics:
        return
    now = site.library.structure(question.handout).version
    if version_parts(question.before) > version_parts(now):
        message = f"the handout stands at version {now}: everybody for whom it was ever printed is in this report"
        yield Problem(Place("--before"), message, severity=Severity.WARNING)
