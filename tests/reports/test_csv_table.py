"""Reports as CSV: every person and count once, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.reports.csv_table import report_as_csv, write_csv
from press.reports.data import Count, Due, DueReport, GivenReport, Person, RefusedRow
from press.reports.recall import Held, RecallReport

DAY = date(2026, 11, 23)


def rows(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def due(code: str, day: int, *notes: str) -> Due:
    return Due(code, day, "injection", date(2026, 11, day), date(2026, 11, day), False, None, None, 0, notes)


def test_due_has_everybody_who_is_to_be_seen_in_one_table() -> None:
    report = DueReport(
        DAY, DAY, DAY, 4, (due("P-1", 20),), (due("P-2", 24, "one", "two"),), (Person("P-3", 5),),
        (RefusedRow(6, "", ("`last_dose`: expected a date", "no code")),), (), (), (), (), (),
    )  # fmt: skip
    heading, *found = rows(report_as_csv(report))

    assert [row[:3] for row in found] == [
        ["overdue", "P-1", "20"], ["due", "P-2", "24"], ["undated", "P-3", "5"], ["not counted", "", "6"],
    ]  # fmt: skip
    assert {len(row) for row in found} == {len(heading)}
    assert found[1][heading.index("due")] == "2026-11-24" and found[1][-1] == "one; two"
    assert found[3][-1] == "`last_dose`: expected a date; no code"


def test_given_and_recall_have_a_row_for_each_count_and_person() -> None:
    count = Count("benefits", "1.0.0", "es", "standard", "final", 7, 9, 4, 2, 1)
    held = Held("P-1", DAY, "1.0.0", "en", "final")
    newer = Held("P-2", DAY, "1.0.0", "en", "final", newer="1.2.0", since=DAY)

    assert rows(report_as_csv(GivenReport(DAY, DAY, DAY, 3, 7, 9, (count,), 4, 2, 1, 0)))[1] == [
        "benefits", "1.0.0", "es", "standard", "final", "7", "9", "4", "2", "1",
    ]  # fmt: skip
    heading, one, two = rows(report_as_csv(RecallReport(DAY, "benefits", "1.2.0", (held,), (newer,))))
    assert [one[0], one[1], two[0], two[1]] == ["no", "P-1", "yes", "P-2"]
    assert two[heading.index("newer")] == "1.2.0" and two[heading.index("since")] == "2026-11-23"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_what_a_spreadsheet_would_compute_is_text(sign: str) -> None:
    [[cell, number]] = rows(write_csv([(f"{sign}1+1", -5)]))

    assert cell.startswith(f"'{sign}") and number == "-5"


@given(st.text(max_size=30))
def test_any_text_is_one_cell_that_is_no_formula(text: str) -> None:
    [[cell, last]] = rows(write_csv([(text, "end")]))

    assert last == "end" and cell.removeprefix("'") == text.removeprefix("'")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
