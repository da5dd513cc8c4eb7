"""What staff ask about many people at once, as data: codes, days and counts, and never a name.

Pure: the same rows and the same day give the same report, sorted by what is most pressing. Every
date comes from the date rules; only days between two of them are counted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import TypeVar

from press.compose.tailor import check_dates, with_defaults
from press.content.clinic import Clinic
from press.delivery.ledger import LedgerRow, Mark
from press.errors import Problem
from press.patients.course import Course, course_of
from press.patients.patient_list import Entry
from press.patients.person_rules import check_code, check_given
from press.records import dataclass, replace
from press.reports.filed import ContentsReport
from press.reports.recall import RecallReport, version_parts
from press.runs.needs import Gets, Need
from press.treatment import ClosedDays, Interval, Mode

_APPOINTMENT = "appointment"


# Who is due


@dataclass(frozen=True, slots=True)
class Due:
    """One person's next dose. `offered` is an open day before a closed due day, for staff to confirm.

    `danger_from` is the day from which an overdose is more likely to kill: the due day or an earlier
    one. `late` counts the days since the due day. `notes` say what is wrong with the appointment.
    """

    code: str
    row: int
    form: str
    due: date
    danger_from: date
    closed: bool
    offered: date | None
    appointment: date | None
    late: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the list, of no other interest to the report."""

    code: str
    row: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be read or must not be counted with, and every reason, without values."""

    row: int
    code: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of a calendar: how many doses are due, and whether the clinic is closed."""

    day: date
    due: int
    closed: bool


@dataclass(frozen=True, slots=True)
class DueReport:
    """Everybody on a list, each in exactly one place; `first` to `last` are the days that were asked for.

    `sooner` and `later` are due outside these days; `daily` take tablets each day, so that no day
    is due; `undated` lack the last dose. With `by_row` the codes are hashes, and a page names the rows too.
    """

    day: date
    first: date
    last: date
    people: int
    overdue: tuple[Due, ...]
    due: tuple[Due, ...]
    undated: tuple[Person, ...]
    refused: tuple[RefusedRow, ...]
    sooner: tuple[Person, ...]
    later: tuple[Person, ...]
    daily: tuple[Person, ...]
    stopped: tuple[Person, ...]
    days: tuple[DayCount, ...]
    by_row: bool = False


def due_report(people: Iterable[Entry], clinic: Clinic, day: date, first: date, last: date) -> DueReport:
    """Sort everybody on a list by when the next dose is due, from `first` to `last`, both included, as of `day`."""
    placed = [_placed(entry, clinic, day, first, last) for entry in people]

    def at(place: str, kind: type[P]) -> tuple[P, ...]:
        return tuple(sorted((one for where, one in placed if where == place and isinstance(one, kind)), key=_urgency))

    overdue, due, refused = at("overdue", Due), at("due", Due), at("refused", RefusedRow)
    names = ("undated", "sooner", "later", "daily", "stopped")
    undated, sooner, later, daily, stopped = (at(name, Person) for name in names)
    days = tuple(_days(due, clinic.closed.days, first, last))
    return DueReport(day, first, last, len(placed), overdue, due, undated, refused, sooner, later, daily, stopped, days)


def rows_of(report: DueReport) -> set[int]:
    """Everybody's rows on the list of a report."""
    people = (report.overdue, report.due, report.undated, report.refused, report.sooner, report.later)
    return {one.row for group in (*people, report.daily, report.stopped) for one in group}


_Placed = Due | Person | RefusedRow
P = TypeVar("P", Due, Person, RefusedRow)


def _urgency(found: _Placed) -> tuple[date, int]:
    return (found.due if isinstance(found, Due) else date.min, found.row)


def _placed(entry: Entry, clinic: Clinic, day: date, first: date, last: date) -> tuple[str, _Placed]:
    """Choose the one list of a report that a person belongs to."""
    if entry.options is None:
        return "refused", RefusedRow(entry.row, "", reasons(entry.problems))
    named = list(check_code(entry.options, clinic))
    if lacking := [*named, *check_given(entry.options, ("form",))]:
        return "refused", RefusedRow(entry.row, "" if named else entry.options.code, reasons(lacking))
    options = with_defaults(entry.options, clinic)
    person = Person(options.code, entry.row)
    wrong = [problem for problem in check_dates(replace(options, appointment=None), clinic, day) if problem.is_error]
    if wrong:
        return "refused", RefusedRow(entry.row, options.code, reasons(wrong))
    course = course_of(options, clinic, day)
    due = course.schedule.due
    if course.mode is Mode.STOPPED:
        return "stopped", person
    if due is None:
        return ("daily" if course.typed.regimen().interval is Interval.DAILY else "undated"), person
    if course.mode is Mode.OVERDUE:
        return "overdue", _due(person, course)
    if first <= due <= last:
        return "due", _due(person, course)
    return ("sooner" if due < first else "later"), person


def _due(person: Person, course: Course) -> Due:
    """Report a dose that is due; a wrong appointment does not hide it, but is noted beside it."""
    schedule = course.schedule
    assert schedule.due and schedule.danger_from, "only a course with a due day comes here"
    notes = tuple(fault.sentence for fault in course.faults if fault.field == _APPOINTMENT)
    return Due(
        code=person.code,
        row=person.row,
        form=course.typed.form,
        due=schedule.due,
        danger_from=schedule.danger_from,
        closed=course.is_closed_when_due,
        offered=schedule.offered,
        appointment=schedule.appointment,
        late=max(0, (course.today - schedule.due).days),
        notes=notes,
    )


def _days(due: tuple[Due, ...], closed: ClosedDays, first: date, last: date) -> Iterator[DayCount]:
    counts = Counter(person.due for person in due)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield DayCount(day, counts[day], closed.is_closed(day))


def reasons(problems: Iterable[Problem]) -> tuple[str, ...]:
    """List what refuses a person, in sentences that hold nothing of what was typed."""
    return tuple(dict.fromkeys(problem.message for problem in problems if problem.is_error))


# What was printed, and what became of it


@dataclass(frozen=True, slots=True)
class Count:
    """How often one version of a handout was printed in one language, on how many sheets, and what became of it.

    `handouts` were printed; what is neither `given`, `not_collected` nor `void` was marked by nobody.
    """

    handout: str
    version: str
    language: str
    edition: str
    state: str
    handouts: int
    sheets: int
    given: int
    not_collected: int
    void: int


@dataclass(frozen=True, slots=True)
class GivenReport:
    """What was printed from `first` to `last`, both included, and what became of it. No codes: how many is enough.

    `sites` are those whose desks share the ledger and printed something, empty for a clinic alone; it is
    `only_here` where the server of all desks could not be asked.
    """

    day: date
    first: date
    last: date
    people: int
    handouts: int
    sheets: int
    counts: tuple[Count, ...]
    given: int
    not_collected: int
    void: int
    unmarked: int
    said_back: int = 0
    not_yet: int = 0
    sites: tuple[str, ...] = ()
    only_here: bool = False


def given_report(
    rows: Iterable[LedgerRow], day: date, first: date, last: date, said: tuple[int, int] = (0, 0)
) -> GivenReport:
    """Count rows of the ledger, which are those of these days; `said` pages were said back, and not yet."""
    found = tuple(rows)
    marks = Counter(row.mark for row in found)
    return GivenReport(
        day=day,
        first=first,
        last=last,
        people=len({(row.site, row.code.casefold()) for row in found}),
        handouts=len(found),
        sheets=sum(row.sheets for row in found),
        counts=counted(found),
        given=marks[Mark.GIVEN],
        not_collected=marks[Mark.NOT_COLLECTED],
        void=marks[Mark.VOID],
        unmarked=marks[Mark.PRINTED],
        said_back=said[0],
        not_yet=said[1],
        sites=tuple(sorted({row.site for row in found if row.site})),
    )


def counted(rows: Iterable[LedgerRow]) -> tuple[Count, ...]:
    """Count rows of the ledger by handout, newest version first, language, edition and state."""
    found: dict[tuple[str, str, str, str, str], list[LedgerRow]] = {}
    for row in rows:
        found.setdefault((row.handout, row.version, row.language, row.edition, row.state), []).append(row)
    ordered = sorted(found, key=lambda key: (key[0], [-part for part in version_parts(key[1])], key[2:]))
    return tuple(_count(found[key]) for key in ordered)


def _count(rows: list[LedgerRow]) -> Count:
    """Count rows that differ in nothing that is counted apart."""
    one, marks = rows[0], Counter(row.mark for row in rows)
    return Count(
        handout=one.handout,
        version=one.version,
        language=one.language,
        edition=one.edition,
        state=one.state,
        handouts=len(rows),
        sheets=sum(row.sheets for row in rows),
        given=marks[Mark.GIVEN],
        not_collected=marks[Mark.NOT_COLLECTED],
        void=marks[Mark.VOID],
    )


def summed(counts: Iterable[Count], name: str) -> tuple[tuple[str, int], ...]:
    """Sum the handouts by one field, the most first."""
    found: Counter[str] = Counter()
    for count in counts:
        found[getattr(count, name)] += count.handouts
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


# What became of a list


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A row that needs a clerk: what was printed instead, and every reason, without values."""

    row: int
    code: str
    printed: str
    missing: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What one run printed, and who needs a clerk and why, the most urgent first.

    `refused` are those of them for whom nothing was printed.
    """

    day: date
    people: int
    handouts: int
    sheets: int
    counts: tuple[Count, ...]
    refused: tuple[RefusedRow, ...]
    needs: tuple[NeedRow, ...]


def batch_report(printed: Iterable[LedgerRow], needs: Iterable[Need], day: date) -> BatchReport:
    """Count what a run enters into the ledger, and name the rows that need a clerk."""
    found = tuple(printed)
    urgent = sorted(needs, key=lambda need: need.urgency)
    return BatchReport(
        day=day,
        people=len({row.code.casefold() for row in found}),
        handouts=len(found),
        sheets=sum(row.sheets for row in found),
        counts=counted(found),
        refused=tuple(RefusedRow(n.row, n.code, reasons(n.problems)) for n in urgent if n.gets is Gets.NOTHING),
        needs=tuple(NeedRow(n.row, n.code, n.summary, n.missing, reasons(n.problems)) for n in urgent),
    )


Report = DueReport | GivenReport | RecallReport | BatchReport | ContentsReport
KINDS: Mapping[type, str] = {
    DueReport: "due",
    GivenReport: "given",
    RecallReport: "recall",
    BatchReport: "batch",
    ContentsReport: "contents",
}
FORMAT = 1  # of the data below; a field may be added without a new number, none is renamed or removed


def as_data(report: Report) -> dict[str, object]:
    """Give a report as plain data for other programs; days are YYYY-MM-DD."""
    data = {field.name: _plain(getattr(report, field.name)) for field in fields(report)}
    return {"report": KINDS[type(report)], "format": FORMAT, **data}


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
