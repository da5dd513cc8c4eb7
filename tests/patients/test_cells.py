"""What spreadsheets do to values: undone where it is beyond doubt, else refused."""

from __future__ import annotations

import pytest

from press.content.yaml.reader import read as read_yaml
from press.errors import Place, Severity
from press.patients.options import Options, read_options
from tests.patients.list_cases import ANN, errors, people, problems, rows


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("3/4/26", "four figures"), ("03/04/2026", "May 6 or June 5"), ("45234", "number of a day"), ("45234.5", "number of a day"),
        ("########", "too narrow"), ("1.23457E+11", "shortened"), ("#N/A", "error"), ("#REF!", "error"), ("Err:502", "error"),
        ("2026-11-02 08:15", "time of day"), ("2026-11-02T08:15:00", "time of day"), ("20261102", "YYYY-MM-DD"), ("2026-02-30", "no such day"),
        ("２０２６-11-02", "YYYY-MM-DD"), ("Nov 2 2026", "YYYY-MM-DD"), ("2026-11-2", "YYYY-MM-DD"), ("1026-11-02", "1900"),
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_refused_with_its_place(typed: str, part: str) -> None:
    text = rows("K-1,Ann,2026-11-02,4 weeks", f"K-2,Bo,{typed},month", "K-3,Cy,2026-11-02,month")
    [wrong] = errors(text)

    assert part in wrong.message + wrong.hint
    assert str(wrong.place) == "list.csv, row 3, column last_dose"
    assert wrong.place == Place("list.csv", 3, 3, 3, "last_dose")
    assert [bool(person) for person in people(text)] == [True, False, True]
    assert typed not in wrong.message + wrong.hint or typed == "YYYY-MM-DD"


@pytest.mark.parametrize("key", ["code", "name", "prescriber", "reason"])
@pytest.mark.parametrize("typed", ["#N/A", "#NAME?", "1.23457E+11", "1,5E+11", "########"])
def test_what_a_spreadsheet_shows_for_a_value_is_no_value(key: str, typed: str) -> None:
    header, row = ("code", '"' + typed + '"') if key == "code" else (f"code,{key}", f'K-1,"{typed}"')

    assert people(f"{header}\n{row}\n") == [None]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-01", "2026-12-01"), ("2026-12-01 14:30", "2026-12-01 14:30"), ("2026-12-01 14:30:00", "2026-12-01 14:30"),
        ("2026-12-01T14:30", "2026-12-01 14:30"), ("2026-12-01 00:00", "2026-12-01"), ("2026-12-01 00:00:00", "2026-12-01"),
        ("2026-12-01T00:00:00.000", "2026-12-01"),
    ],
)  # fmt: skip
def test_a_time_that_a_spreadsheet_adds_is_taken_off(typed: str, meant: str) -> None:
    wanted = read_options(read_yaml(f"code: K-1\nappointment: {meant}".encode(), "x.yaml"))

    assert people(f"code,appointment\nK-1,{typed}\n") == [wanted]


def test_midnight_after_a_date_is_not_a_time() -> None:
    assert people(rows("K-1,Ann,2026-11-02 00:00:00,4 weeks")) == [ANN]


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-01 14:30:15",
        "2026-12-01 24:00",
        "2026-12-01T14:30Z",
        "2026-12-01 2:30",
        "2026-12-01 14:30 PM",
        "2026-12-01 0:30 AM",
        "14:30",
        "46000",
    ],
)
def test_other_times_are_refused(typed: str) -> None:
    assert people(f"code,appointment\nK-1,{typed}\n") == [None]


@pytest.mark.parametrize("typed", ["yes", "Yes", "YES", "TRUE", "True", " yes "])
def test_a_choice_may_begin_with_a_capital(typed: str) -> None:
    assert people(f"code,stopped,form\nK-1,{typed},Injection\n") == [
        Options(code="K-1", stopped=True, form="injection")
    ]


@pytest.mark.parametrize("typed", ["y", "1", "ja", "WAHR", "x", "-", "n/a"])
def test_any_other_word_for_yes_is_refused(typed: str) -> None:
    assert people(f"code,stopped\nK-1,{typed}\n") == [None]


def test_zeros_in_front_and_long_numbers_stay() -> None:
    assert [p.code for p in people("code\n007\n123456789012\n1E5\n")] == ["007", "123456789012", "1E5"]


def test_several_handouts_stand_in_one_cell() -> None:
    for typed in (
        '"benefits, side-effects"',
        "benefits side-effects",
        "benefits;side-effects",
        '"benefits\nside-effects"',
    ):
        assert people(f"code,handouts\nK-1,{typed}\n")[0].handouts == ("benefits", "side-effects")


def test_a_letter_that_became_a_question_mark_is_told() -> None:
    [warning] = problems(rows("K-1,?ukasz,2026-11-02,4 weeks"))

    assert warning.severity is Severity.WARNING
    assert warning.place.heading == "name"
    assert "ukasz" not in warning.message + warning.hint
