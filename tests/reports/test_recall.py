"""Who holds an older version: every printed page counts, unless void or not collected. Made-up people only."""

from __future__ import annotations

from datetime import date

import pytest

from press.delivery.ledger import LedgerRow, Mark
from press.reports.recall import recall_report, version_parts
from tests.reports.test_data import TODAY, row


def test_versions_are_compared_by_their_numbers() -> None:
    assert sorted(("1.10.0", "1.9.0", "1.2.10", "1.2.9"), key=version_parts) == ["1.2.9", "1.2.10", "1.9.0", "1.10.0"]


def held(*rows: LedgerRow, before: str = "1.10.0") -> tuple[list[str], list[str]]:
    """The codes of those who hold an older version alone, and of those who were given a newer one."""
    found = recall_report(rows, "overdose-warning", before, TODAY)
    return [person.code for person in found.held], [person.code for person in found.replaced]


def test_everybody_with_an_older_version_stands_there_once_the_latest_first() -> None:
    rows = [
        row("P-1", "1.9.0", "2026-11-01T10:00:00-04:00"), row("P-1", "1.2.0", "2026-11-03T10:00:00-05:00"),
        row("P-2", "1.9.0", "2026-11-20T10:00:00-05:00"), row("P-3", "1.10.0"), row("P-4", "2.0.0"),
        row("p-2", "1.9.0", "2026-11-19T10:00:00-05:00"),
    ]  # fmt: skip
    found = recall_report(rows, "overdose-warning", "1.10.0", TODAY)

    assert [(p.code, p.given, p.version) for p in found.held] == [
        ("P-2", date(2026, 11, 20), "1.9.0"), ("P-1", date(2026, 11, 3), "1.2.0")
    ]  # fmt: skip
    assert not found.replaced


def test_who_was_given_the_newer_version_since_is_told_apart() -> None:
    old, new = "2026-11-01T10:00:00-05:00", "2026-11-20T10:00:00-05:00"
    found = recall_report(
        [row("P-1", "1.9.0", old), row("P-1", "1.10.0", new, mark=Mark.GIVEN)], "overdose-warning", "1.10.0", TODAY
    )
    (person,) = found.replaced
    assert not found.held and (person.version, person.newer, person.since) == ("1.9.0", "1.10.0", date(2026, 11, 20))


@pytest.mark.parametrize(
    "later",
    [
        row("P-1", "1.10.0", state="draft", mark=Mark.GIVEN),
        row("P-1", "1.10.0", language="es", mark=Mark.GIVEN),
        row("P-1", "1.10.0", "2026-10-01T10:00:00-04:00", mark=Mark.GIVEN),
        row("P-2", "1.10.0", mark=Mark.GIVEN),
        row("P-1", "1.10.0"),
        row("P-1", "1.10.0", mark=Mark.VOID),
        row("P-1", "1.10.0", mark=Mark.NOT_COLLECTED),
    ],
    ids=[
        "a draft",
        "another language",
        "before the old one",
        "another person",
        "not marked",
        "void",
        "not collected",
    ],
)
def test_what_does_not_replace_an_older_version(later: LedgerRow) -> None:
    old = row("P-1", "1.9.0", "2026-11-01T10:00:00-05:00")
    assert held(old, later) == held(later, old) == (["P-1"], [])


def test_each_language_that_a_person_holds_has_to_be_replaced() -> None:
    english, spanish = (
        row("P-1", "1.9.0", "2026-11-01T10:00:00-05:00"),
        row("P-1", "1.8.0", "2026-11-02T10:00:00-05:00", language="es"),
    )
    new = row("P-1", "1.10.0", "2026-11-20T10:00:00-05:00", mark=Mark.GIVEN)
    found = recall_report([english, spanish, new], "overdose-warning", "1.10.0", TODAY)
    assert [(person.language, person.version) for person in found.held] == [("es", "1.8.0")]
    assert held(english, new) == ([], ["P-1"])


def test_a_draft_of_an_older_version_is_older_paper() -> None:
    assert held(row("P-1", "1.9.0", state="draft")) == (["P-1"], [])


def test_the_hour_that_summer_time_repeats_is_in_its_order() -> None:
    """1:30 in summer time is before 1:10 in winter time, though its text sorts after it."""
    old, new = (
        row("P-1", "1.9.0", "2026-11-01T01:30:00-04:00"),
        row("P-1", "1.10.0", "2026-11-01T01:10:00-05:00", mark=Mark.GIVEN),
    )
    assert held(old, new) == ([], ["P-1"])


# What became of the pages

OLD = "2026-11-01T10:00:00-04:00"


@pytest.mark.parametrize(
    ("mark", "counts"), [(Mark.PRINTED, True), (Mark.GIVEN, True), (Mark.VOID, False), (Mark.NOT_COLLECTED, False)]
)
def test_a_page_counts_unless_nobody_has_it(mark: Mark, counts: bool) -> None:
    found = recall_report([row("P-1", "1.9.0", OLD, mark=mark)], "overdose-warning", "1.10.0", TODAY)
    assert [(one.code, one.mark) for one in found.held] == ([("P-1", mark.value)] if counts else [])
    assert not found.replaced


def test_a_newer_page_that_nobody_marked_is_told_and_reassures_nobody() -> None:
    rows = [
        row("P-1", "1.9.0", "2026-11-10T10:00:00-05:00"), row("P-1", "1.10.0"),
        row("P-2", "1.9.0", OLD), row("P-3", "1.9.0", OLD), row("P-3", "1.10.0", mark=Mark.VOID),
    ]  # fmt: skip
    found = recall_report(rows, "overdose-warning", "1.10.0", TODAY)

    assert [(one.code, one.newer_printed, one.newer_printed_on, one.newer) for one in found.held] == [
        ("P-2", "", None, ""), ("P-3", "", None, ""), ("P-1", "1.10.0", date(2026, 11, 20), "")
    ]  # fmt: skip
    assert not found.replaced


def test_the_page_that_nothing_may_have_replaced_is_the_one_that_is_told() -> None:
    spanish = row("P-1", "1.8.0", OLD, language="es")
    rows = [spanish, row("P-1", "1.9.0", "2026-11-02T10:00:00-05:00"), row("P-1", "1.10.0")]
    [held] = recall_report(rows, "overdose-warning", "1.10.0", TODAY).held
    assert (held.language, held.newer_printed) == ("es", "")


def test_one_that_was_given_counts_before_one_that_was_printed_later() -> None:
    rows = [
        row("P-1", "1.9.0", OLD),
        row("P-1", "1.10.0", mark=Mark.GIVEN),
        row("P-1", "1.11.0", "2026-11-22T10:00:00-05:00"),
    ]
    found = recall_report(rows, "overdose-warning", "1.10.0", TODAY)
    assert [(one.newer, one.newer_printed) for one in found.replaced] == [("1.10.0", "")]
