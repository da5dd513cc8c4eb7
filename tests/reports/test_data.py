"""Reports as data: who is due, what was given, who holds an older version. Made-up people only."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from press.content.clinic import Clinic, Closed
from press.delivery.ledger import LedgerRow, Mark
from press.errors import Place, Problem, Severity
from press.patients.patient_list import parse_list
from press.reports.data import (
    Count,
    DayCount,
    Due,
    DueReport,
    Person,
    RefusedRow,
    as_data,
    batch_report,
    counted,
    due_report,
    given_report,
    summed,
)
from press.reports.recall import Held, recall_report
from press.runs.needs import Gets, Need
from tests.support import ROOT, press

TODAY = date(2026, 11, 23)
HOLIDAYS = (date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 18))
HEADS = "Code,Name,Form,Last dose,Interval,Appointment,Stopped"


def clinic() -> Clinic:
    """Closed on weekends and on some holidays."""
    return replace(press().clinic, closed=Closed(weekdays=("Saturday", "Sunday"), dates=HOLIDAYS))


def report(*rows: str, day: date = TODAY, first: date | None = None, last: date | None = None) -> DueReport:
    people = parse_list("\n".join((HEADS, *rows)).encode(), "list.csv")
    first = first or day
    return due_report(people, clinic(), day, first, last or first + timedelta(days=14))


def only(found: tuple[Due, ...]) -> Due:
    (person,) = found
    return person


# Who is due: the vectors of the date rules, through a list


@pytest.mark.parametrize(
    ("last_dose", "interval", "due", "danger", "offered"),
    [
        ("2026-11-23", "4 weeks", date(2026, 12, 21), date(2026, 12, 21), None),
        ("2026-12-04", "4 weeks", date(2027, 1, 1), date(2027, 1, 1), date(2026, 12, 31)),
        ("2026-11-26", "4 weeks", date(2026, 12, 24), date(2026, 12, 24), None),
        ("2028-02-01", "4 weeks", date(2028, 2, 29), date(2028, 2, 29), None),
        ("2028-02-02", "4 weeks", date(2028, 3, 1), date(2028, 3, 1), None),
        ("2027-02-01", "4 weeks", date(2027, 3, 1), date(2027, 3, 1), None),
        ("2026-10-04", "4 weeks", date(2026, 11, 1), date(2026, 11, 1), date(2026, 10, 30)),
        ("2027-02-14", "4 weeks", date(2027, 3, 14), date(2027, 3, 14), date(2027, 3, 12)),
        ("2026-10-05", "4 weeks", date(2026, 11, 2), date(2026, 11, 2), None),
        ("2027-01-31", "month", date(2027, 2, 28), date(2027, 2, 28), date(2027, 2, 26)),
        ("2026-12-31", "month", date(2027, 1, 31), date(2027, 1, 28), date(2027, 1, 29)),
    ],
)
def test_the_vectors_of_the_date_rules(
    last_dose: str, interval: str, due: date, danger: date, offered: date | None
) -> None:
    day = date.fromisoformat(last_dose)
    found = only(report(f"P-1,,injection,{last_dose},{interval},,", day=day, last=day + timedelta(days=40)).due)

    assert (found.due, found.danger_from, found.offered) == (due, danger, offered)
    assert found.closed is (offered is not None) and found.late == 0


def test_a_closed_due_day_without_an_open_day_before_it_is_told() -> None:
    """Tablets are never offered earlier, and nobody is called back into yesterday."""
    found = only(report("P-1,,tablet,2026-11-24,2 days,,", day=date(2026, 11, 24)).due)

    assert found.due == date(2026, 11, 26) and found.closed and found.offered is None


def test_who_is_overdue_comes_first_and_the_longest_late_before_all() -> None:
    found = report(
        "P-1,,injection,2026-10-25,4 weeks,,", "P-2,,injection,2026-10-01,4 weeks,,", "P-3,,tablet,2026-11-19,3 days,,"
    )

    assert [(person.code, person.late) for person in found.overdue] == [("P-2", 25), ("P-1", 1), ("P-3", 1)]
    assert not found.due and all(person.offered is None for person in found.overdue)


def test_in_month_mode_the_danger_comes_before_the_due_day() -> None:
    found = only(report("P-1,,injection,2026-10-24,month,,").due)
    assert (found.due, found.danger_from) == (date(2026, 11, 24), date(2026, 11, 21))


def test_both_days_of_the_span_are_included() -> None:
    rows = [f"P-{number},,injection,{date(2026, 11, 1) + timedelta(days=number)},4 weeks,," for number in range(15)]
    found = report(*rows, first=date(2026, 12, 1), last=date(2026, 12, 5))

    assert [person.due.day for person in found.due] == [1, 2, 3, 4, 5]
    assert [person.code for person in found.sooner] == ["P-0", "P-1"] and len(found.later) == 8
    assert [(day.day.day, day.due, day.closed) for day in found.days] == [
        (1, 1, False), (2, 1, False), (3, 1, False), (4, 1, False), (5, 1, True)
    ]  # fmt: skip


def test_who_lacks_a_date_and_who_has_none_to_come() -> None:
    found = report(
        "P-1,,injection,,,,", "P-2,,tablet,,2 days,,", "P-3,,tablet,2026-11-22,daily,,", "P-4,,tablet,,daily,,",
        "P-5,,injection,2026-11-20,,,yes", "P-6,,injection,2020-01-01,,,yes",
    )  # fmt: skip

    assert found.undated == (Person("P-1", 2), Person("P-2", 3))
    assert found.daily == (Person("P-3", 4), Person("P-4", 5))
    assert found.stopped == (Person("P-5", 6), Person("P-6", 7))
    assert not found.overdue and not found.due


def test_what_cannot_be_counted_with_is_refused_with_reasons_and_no_values() -> None:
    found = report(
        "P-1,,injection,3/4/26,4 weeks,,", "P-2,,injection,2026-12-24,4 weeks,,", "P-3,,injection,2026-09-01,4 weeks,,",
        "P-4,,tablet,2026-11-20,month,,", ",,injection,2026-11-20,4 weeks,,", "P-6,,injection,2026-11-20,4 weeks,,",
    )  # fmt: skip

    assert [person.row for person in found.refused] == [2, 3, 4, 5, 6]
    assert [person.code for person in found.refused] == ["", "P-2", "P-3", "P-4", ""]
    assert all(person.reasons for person in found.refused) and "3/4/26" not in str(found.refused)
    assert "sixty days" in found.refused[2].reasons[0] and found.people == 6


@pytest.mark.parametrize(
    ("appointment", "note"),
    [
        ("2026-11-20", "lies before today"),
        ("2026-11-28", "closed"),
        ("2026-12-02", "after the due date"),
        ("2026-11-24", ""),
    ],
)
def test_a_wrong_appointment_is_told_and_hides_nobody(appointment: str, note: str) -> None:
    """Whoever missed an appointment is the one to call."""
    found = only(report(f"P-1,,injection,2026-10-27,4 weeks,{appointment},").due)

    assert found.due == date(2026, 11, 24) and found.appointment == date.fromisoformat(appointment)
    assert bool(found.notes) is bool(note) and note in " ".join(found.notes)
    late = only(report(f"P-1,,injection,2026-10-20,4 weeks,{appointment},").overdue)
    assert late.late == 6 and bool(late.notes) is (note in ("lies before today", "closed"))


def places(found: DueReport) -> Iterator[int]:
    """The row of everybody, as often as it stands in a report."""
    for name in ("overdue", "due", "undated", "refused", "sooner", "later", "daily", "stopped"):
        yield from (person.row for person in getattr(found, name))


DATES = st.one_of(st.just(""), st.just("x"), st.dates(date(2026, 8, 1), date(2027, 1, 31)).map(str))
ROWS = st.tuples(
    st.sampled_from(("injection", "tablet", "")), DATES, st.sampled_from(("", "4 weeks", "month", "daily", "2 days", "3 days")),
    DATES, st.sampled_from(("", "yes", "no")),
)  # fmt: skip


@settings(max_examples=150)
@for_all(st.lists(ROWS, min_size=1, max_size=8), st.integers(-20, 20), st.integers(0, 40))
def test_everybody_stands_in_exactly_one_place(rows: list[tuple[str, ...]], start: int, long: int) -> None:
    first = TODAY + timedelta(days=start)
    texts = [f"P-{number},,{','.join(row)}" for number, row in enumerate(rows)]
    found = report(*texts, first=first, last=first + timedelta(days=long))

    assert sorted(places(found)) == list(range(2, len(rows) + 2)) and found.people == len(rows)
    assert sum(day.due for day in found.days) == len(found.due) and len(found.days) == long + 1
    assert all(first <= person.due <= found.last and person.due >= TODAY for person in found.due)
    assert all(person.due < TODAY and person.late > 0 for person in found.overdue)
    assert all(person.danger_from <= person.due for person in (*found.due, *found.overdue))
    offered = [person for person in found.due if person.offered]
    assert all(
        p.closed and TODAY <= p.offered < p.due and not clinic().closed.days.is_closed(p.offered) for p in offered
    )


# What was given


def row(code: str, version: str = "1.0.0", at: str = "2026-11-20T10:00:00-05:00", **more: object) -> LedgerRow:
    usual = {
        "handout": "overdose-warning",
        "fingerprint": "abc1234",
        "language": "en",
        "edition": "standard",
        "state": "final",
    }
    return LedgerRow(**{"at": at, "code": code, "version": version, "run": "AAAAAA", "sheets": 1, **usual, **more})


def test_what_was_given_is_counted_by_version_and_language() -> None:
    rows = [
        row("P-1"), row("p-1", handout="benefits"), row("P-2", language="es", sheets=2), row("P-3", "1.10.0"),
        row("P-4", "1.9.0"), row("P-5", "1.9.0", state="draft"), row("P-6", "1.9.0"), row("P-7", edition="large-print"),
    ]  # fmt: skip
    found = given_report(rows, TODAY, date(2026, 11, 1), TODAY)

    assert (found.people, found.handouts, found.sheets) == (7, 8, 9)
    assert [(c.handout, c.version, c.language, c.edition, c.state, c.handouts) for c in found.counts] == [
        ("benefits", "1.0.0", "en", "standard", "final", 1),
        ("overdose-warning", "1.10.0", "en", "standard", "final", 1),
        ("overdose-warning", "1.9.0", "en", "standard", "draft", 1),
        ("overdose-warning", "1.9.0", "en", "standard", "final", 2),
        ("overdose-warning", "1.0.0", "en", "large-print", "final", 1),
        ("overdose-warning", "1.0.0", "en", "standard", "final", 1),
        ("overdose-warning", "1.0.0", "es", "standard", "final", 1),
    ]
    assert summed(found.counts, "handout") == (("overdose-warning", 7), ("benefits", 1))
    assert summed(found.counts, "language") == (("en", 7), ("es", 1))
    assert "P-1" not in str(as_data(found))


def test_what_became_of_the_pages_is_counted() -> None:
    marks = [Mark.GIVEN, Mark.GIVEN, Mark.GIVEN, Mark.NOT_COLLECTED, Mark.VOID, Mark.VOID, Mark.PRINTED]
    found = given_report([row(f"P-{n}", mark=mark) for n, mark in enumerate(marks)], TODAY, TODAY, TODAY)

    assert (found.handouts, found.given, found.not_collected, found.void, found.unmarked) == (7, 3, 1, 2, 1)
    [count] = found.counts
    assert (count.handouts, count.given, count.not_collected, count.void) == (7, 3, 1, 2)


def test_nothing_given_is_a_report_too() -> None:
    found = given_report([], TODAY, TODAY, TODAY)
    assert (found.people, found.handouts, found.sheets, found.counts) == (0, 0, 0, ())


# What became of a list


def test_a_batch_is_counted_and_its_refusals_are_told_once() -> None:
    twice = Problem(Place("list.csv", row=3), "`last_dose`: expected a date", private=True)
    mild = Problem(Place("list.csv", row=3), "only a warning", severity=Severity.WARNING)
    needs = [need(5, "P-5", twice), need(3, "", twice, twice, mild), need(9, "P-9", twice, gets=Gets.UNDATED)]
    found = batch_report([row("P-1"), row("P-1", handout="benefits")], needs, TODAY)

    assert (found.people, found.handouts, found.sheets) == (1, 2, 2)
    assert found.refused == (RefusedRow(3, "", (twice.message,)), RefusedRow(5, "P-5", (twice.message,)))
    assert [(one.row, one.printed, one.reasons) for one in found.needs] == [
        (9, "undated overdose warning only", (twice.message,)), (3, "nothing printed", (twice.message,)), (5, "nothing printed", (twice.message,))
    ]  # fmt: skip
    assert found.counts == counted([row("P-1"), row("P-1", handout="benefits")])


def need(row: int, code: str, *problems: Problem, gets: Gets = Gets.NOTHING) -> Need:
    return Need(row, code, Place("list.csv", row=row), gets, problems)


# As data

PERSON = {"code", "row"}
COUNT = {"handout", "version", "language", "edition", "state", "handouts", "sheets", "given", "not_collected", "void"}
HELD = {
    "code",
    "row",
    "given",
    "version",
    "language",
    "state",
    "newer",
    "since",
    "mark",
    "newer_printed",
    "newer_printed_on",
    "site",
}
SHAPES = {
    "due": {
        "report", "format", "day", "first", "last", "people", "overdue", "due", "undated", "refused", "sooner", "later",
        "daily", "stopped", "days", "by_row",
    },
    "given": {
        "report", "format", "day", "first", "last", "people", "handouts", "sheets", "counts", "given", "not_collected",
        "void", "unmarked", "said_back", "not_yet", "sites", "only_here",
    },
    "recall": {"report", "format", "day", "handout", "before", "held", "replaced", "only_here"},
    "batch": {"report", "format", "day", "people", "handouts", "sheets", "counts", "refused", "needs"},
}  # fmt: skip


def test_the_shape_of_the_data_stays() -> None:
    """Other programs read it: add a field if you must, and never rename or remove one."""
    rows = [
        row("P-1", "1.9.0"),
        row("P-2", "1.9.0", "2026-11-01T10:00:00-05:00"),
        row("P-2", "1.10.0", mark=Mark.GIVEN),
    ]
    found = [
        as_data(
            report(
                "P-1,,injection,2026-10-28,4 weeks,2026-12-01,",
                "P-2,,injection,2026-10-20,4 weeks,,",
                "P-3,,injection,,,,",
                "P-4,,injection,x,4 weeks,,",
            )
        ),
        as_data(given_report(rows, TODAY, TODAY, TODAY)),
        as_data(recall_report(rows, "overdose-warning", "1.10.0", TODAY)),
        as_data(batch_report(rows, [need(2, "", Problem(Place("x"), "why"))], TODAY)),
    ]
    assert {data["report"]: set(data) for data in found} == SHAPES and all(data["format"] == 1 for data in found)
    due, given, recall, batch = found
    every = {"code", "row", "form", "due", "danger_from", "closed", "offered", "appointment", "late", "notes"}
    assert set(due["due"][0]) == set(due["overdue"][0]) == every and due["due"][0]["due"] == "2026-11-25"
    assert set(due["undated"][0]) == PERSON and set(due["days"][0]) == {"day", "due", "closed"}
    assert set(due["refused"][0]) == set(batch["refused"][0]) == {"row", "code", "reasons"}
    assert set(batch["needs"][0]) == {"row", "code", "printed", "missing", "reasons"}
    assert set(given["counts"][0]) == set(batch["counts"][0]) == COUNT
    assert set(recall["held"][0]) == set(recall["replaced"][0]) == HELD


def test_every_field_is_explained() -> None:
    lines = (ROOT / "docs" / "reports.md").read_text("utf-8").split("| field |")[1].splitlines()
    told = {name for line in lines if line.startswith("| `") for name in re.findall("`([a-z_]+)`", line)}
    shown = set().union(*(fields for name, fields in SHAPES.items() if name != "batch"))
    nested = {
        field.name for part in (Count, DayCount, Due, Held, Person, RefusedRow) for field in dataclasses.fields(part)
    }
    assert shown | nested == told - {"final", "draft", "printed", "given", "due", "recall"} | {"given", "due"}
