"""What kind of file a list is: real ones of spreadsheets, and those that are none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from press.errors import HandoutError
from press.patients.patient_list import parse_list, read_list
from press.patients.read_list import MOST_BYTES, read_tops
from tests.patients.list_cases import ANN, BO, DATA, GOOD, HEADER, TWO, errors, parsed, people, refused, said

GOOD_FILES = sorted(DATA.glob("good-*.csv"))


def test_the_real_files_are_there() -> None:
    assert len(GOOD_FILES) == 7


@pytest.mark.parametrize("path", GOOD_FILES, ids=lambda path: path.stem)
def test_a_list_from_a_real_spreadsheet_gives_the_same_people(path: Path) -> None:
    found = read_list(path, path.name, said(path))

    assert tuple(entry.options for entry in found) == GOOD
    assert [entry.row for entry in found] == [2, 3, 5]
    assert [entry.place.line for entry in found] == [2, 4, 6]
    assert found.ignored == ("column J (Notes)", "column K (Date of birth)")
    assert (found.people, found.blank_rows) == (3, 1)
    assert len(found.notes) == (2 if "cp1252" in path.name else 1)


def test_american_dates_of_a_real_spreadsheet_are_refused_with_row_and_column() -> None:
    wrong = errors((DATA / "us.csv").read_bytes())

    assert [(p.place.row, p.place.heading) for p in wrong] == [(2, "last_dose"), (3, "last_dose")]
    assert "four figures" in wrong[0].hint
    assert "number of a day" in wrong[1].message
    assert people((DATA / "us.csv").read_bytes())[2].code == "123456789012"


def test_dates_with_slashes_are_refused_even_with_the_year_first() -> None:
    wrong = errors((DATA / "gnumeric-slashes.csv").read_bytes())

    assert [(p.place.row, p.place.heading) for p in wrong] == [(1, "E"), (1, "G")]
    assert all("reads as year/month/day" in p.message and "`--dates ymd`" in p.hint for p in wrong)


def test_a_list_with_the_year_first_is_read_once_somebody_said_so() -> None:
    found = parsed((DATA / "gnumeric-slashes.csv").read_bytes(), order="ymd")

    assert tuple(entry.options for entry in found) == GOOD


def test_what_a_real_spreadsheet_makes_of_formulas_and_truth_is_understood() -> None:
    data = (DATA / "book.csv").read_bytes()
    found = parsed(data)

    assert [p.place.row for p in errors(data)] == [5, 7, 8]
    assert [bool(entry.options) for entry in found] == [True, True, False, True, False, False]
    first, second = [entry.options for entry in found][:2]
    assert first.naloxone_given and not second.naloxone_given


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ((DATA / "good.ods").read_bytes(), "packed file"),
        ((DATA / "good.xls").read_bytes(), "old kind"),
        ((DATA / "good.html").read_bytes(), "web page"),
        (b"%PDF-1.7\n%", "PDF"),
        (b"\xef\xbb\xbf<HTML><body>", "web page"),
        (b" <?xml version='1.0'?><x/>", "web page"),
        (b"", "empty"),
        (b"\r\n\r\n , \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ((HEADER + "\n\n").encode(), "nobody"),
    ],
)
def test_another_kind_of_file_gets_its_own_sentence(data: bytes, part: str) -> None:
    assert part in refused(data).message


@pytest.mark.parametrize("name", ["list.xlsx", "LIST.XLSM"])
def test_a_damaged_workbook_is_not_told_to_be_a_text_with_lost_letters(name: str) -> None:
    damaged = b"\x8b\xff\x00" + (DATA / "good-calc.xlsx").read_bytes()[3:]
    readers: tuple[Callable[[bytes, str], object], ...] = (parse_list, read_tops)
    for read in readers:
        with pytest.raises(HandoutError) as caught:
            read(damaged, name)
        [found] = caught.value.problems
        assert "named like an Excel workbook and is none, or is damaged" in found.message and "open it" in found.hint
    with pytest.raises(HandoutError) as caught:
        parse_list(damaged, "list.csv")
    assert all("not UTF-8" in found.message for found in caught.value.problems), "its encoding may be named"


def test_a_text_under_the_name_of_a_workbook_is_read_where_it_can_be() -> None:
    text = f"{HEADER}\nK-1,Ána,2026-11-02,4 weeks\n"
    assert parse_list(text.encode(), "list.xlsx").people == 1
    assert parse_list(text.encode("cp1252"), "list.xlsx", "cp1252").people == 1


def test_a_list_over_the_limit_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)

    with pytest.raises(HandoutError) as caught:
        read_list(path, "big.csv")
    assert "50 MB" in caught.value.problems[0].message


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(HandoutError) as caught:
        read_list(DATA / "nobody.csv", "nobody.csv")
    assert caught.value.problems[0].message == "there is no such file"


def test_the_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(TWO, "utf-8")
    found = read_list(path, "list.csv")
    path.write_text(TWO.replace("K-2", "K-9"), "utf-8")

    assert [entry.options for entry in found] == [ANN, BO]
    assert [entry.options for entry in found] == [ANN, BO]  # and can be gone through again
    assert found.sha256 == hashlib.sha256(TWO.encode()).hexdigest()
