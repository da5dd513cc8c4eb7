"""Which heading is which option, and which must not be taken for one."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

from press.errors import Severity
from press.patients.encoding import ENCODINGS
from press.patients.headings import ALIASES, KEYS, UNSURE, fold, letter
from press.patients.options import Options
from tests.patients.list_cases import TWO, parsed, people, problems, refused
from tests.support import ROOT


@pytest.mark.parametrize(
    "heading",
    [
        "Last dose", "last_dose", "LAST DOSE", "last-dose", " Last  Dose ", "Last.Dose", "LastDose", "Last dose:", "last dose :",
        "Last\ndose", "Last dose (YYYY-MM-DD)", "Last\u00a0dose", "ｌａｓｔ dose", "Date of last dose", "Last injection", "LAST_INJECTION_DATE",
    ],
)  # fmt: skip
def test_a_heading_may_be_written_in_many_ways(heading: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["Code", heading], ["K-1", "2026-11-02"]])

    assert people(text.getvalue()) == [Options(code="K-1", last_dose=date(2026, 11, 2))]
    assert not problems(text.getvalue())


@pytest.mark.parametrize("key", KEYS)
def test_every_option_has_its_column(key: str) -> None:
    found = parsed("code\nK-1\n" if key == "code" else f"code,{key.upper().replace('_', ' ')}\nK-1,\n")

    assert {name: index for index, name in found.columns}[key] == (key != "code")


def test_no_other_heading_means_two_things() -> None:
    known = [fold(name) for key in KEYS for name in (key, *ALIASES.get(key, ()))]
    unsure = [fold(name) for names in UNSURE.values() for name in names]

    assert len(known) > 30
    assert len(set(known + unsure)) == len(known) + len(unsure)
    assert {*ALIASES, *UNSURE} <= set(KEYS)


BIRTH = [
    "DOB",
    "D.O.B.",
    "Date of birth",
    "Birth date",
    "Birthdate",
    "Birthday",
    "BIRTH_DATE",
    "Born",
    "dob (mm/dd/yyyy)",
    "Geburtsdatum",
    "Fecha de nacimiento",
]


@pytest.mark.parametrize("heading", BIRTH)
def test_a_day_of_birth_is_never_a_dose(heading: str) -> None:
    found = parsed(f"code,{heading}\nK-1,1980-05-06\n")

    assert [entry.options for entry in found] == [Options(code="K-1")]
    assert len(found.ignored) == 1


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("last_does", "last_dose"), ("lats dose", "last_dose"), ("Last dose (mg)", "last_dose"), ("Injection date", "last_dose"),
        ("Date", "last_dose"), ("Intervall", "interval"), ("Interval (days)", "interval"), ("stoped", "stopped"), ("Stop date", "stopped"),
        ("Medication", "form"), ("Diagnosis", "reason"), ("apointment", "appointment"), ("Naloxone kit?", "naloxone_given"),
    ],
)  # fmt: skip
def test_a_column_that_may_matter_is_not_ignored(heading: str, key: str) -> None:
    wrong = refused(f"code,{heading}\nK-1,x\n")

    assert f"did you mean `{key}`?" in wrong.message
    assert (wrong.place.row, wrong.place.column, wrong.place.heading) == (1, 2, "B")


def test_what_is_near_is_ignored_beside_the_column_itself() -> None:
    found = parsed("code,last dose,Last dose (mg),Date\nK-1,2026-11-02,380,2026-11-23\n")

    assert [entry.options for entry in found] == [Options(code="K-1", last_dose=date(2026, 11, 2))]
    assert found.ignored == ("column C (Last dose (mg))", "column D (Date)")


@pytest.mark.parametrize(
    "heading",
    [
        "Emergency contact name",
        "First name",
        "Surname",
        "Patient number",
        "Phone",
        "Provider",
        "Next dose",
        "Age",
        "Sex",
        "Notes",
        "Patient ID",
        "MRN",
    ],
)
def test_other_columns_are_named_once_and_ignored(heading: str) -> None:
    text = f"code,{heading},last dose\nK-1,x,2026-11-02\nK-2,y,2026-11-02\n"
    [warning] = problems(text)

    assert warning.severity is Severity.WARNING
    assert warning.message == f"not read: column B ({heading})"
    assert all(people(text))


@pytest.mark.parametrize("heading", ["1980-05-06", "(212) 736-5000", "jo@example.org", "K-0417000", "x" * 60])
def test_a_heading_that_looks_like_data_is_not_shown(heading: str) -> None:
    [warning] = problems(f"code,{heading},name\nK-1,x,\n")

    assert warning.message == "not read: column B"


def test_a_misspelt_heading_is_told_once_beside_those_that_are_not_read() -> None:
    way, other, wrong = problems("code,lst dose,notes\nK-1,2026-11-02,x\n")

    assert wrong.is_error and "did you mean `last_dose`?" in wrong.message
    assert other.message == "not read: column C (notes)"
    assert not way.is_error and "`lists learn`" in way.hint


def test_a_column_given_twice_is_refused() -> None:
    wrong = refused("code,last_dose,name,Last injection\nK-1,2026-11-02,,2026-10-05\n")

    assert "`last_dose`" in wrong.message
    assert wrong.place.heading == "D"


def test_without_headings_nothing_is_read_and_nothing_is_shown() -> None:
    wrong = refused("K-1,Canary Bird,2026-11-02,4 weeks\r\nK-2,Bo,2026-11-03,month\r\n")

    assert "first row must hold headings" in wrong.message
    assert wrong.place.row == 1
    assert "anary" not in wrong.message + wrong.hint


def test_likely_headings_are_named() -> None:
    assert "column B as last_dose" in refused("cod,lastdose1,x\nK-1,2026-11-02,\n").hint


def test_headings_below_a_title_are_found_and_told() -> None:
    wrong = refused("Clinic list\n\n" + TWO)

    assert "they stand in row 3" in wrong.message


def test_without_codes_there_is_one_problem_and_a_likely_column() -> None:
    wrong = refused("Name,Last dose,MRN\nAnn,2026-11-02,77\nBo,2026-11-02,78\n")

    assert wrong.message == "there is no column `code`"
    assert "column C" in wrong.hint


def test_the_manual_names_every_heading() -> None:
    text = (ROOT / "docs" / "lists.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", text, re.MULTILINE))

    assert list(told) == list(KEYS)
    assert {key: tuple(re.findall("`([^`]+)`", cell)) for key, cell in told.items() if "`" in cell} == ALIASES


def test_the_manual_names_every_encoding() -> None:
    text = (ROOT / "docs" / "lists.md").read_text("utf-8")

    assert all(f"`{encoding}`" in text for encoding in ENCODINGS)


def test_the_example_of_the_manual_is_a_list() -> None:
    text = (ROOT / "docs" / "lists.md").read_text("utf-8")
    [example] = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)

    assert [person.code for person in people(example)] == ["K-0417", "K-0418"]
    assert not problems(example)


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52, 701, 702, 16383)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]
