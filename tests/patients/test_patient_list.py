"""A clinic's list as CSV: whatever a spreadsheet does to it, a person is read right or refused."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from press.cli.screen import as_json, show
from press.content.characters import clean
from press.content.fields import Appointment
from press.content.yaml.reader import read as read_yaml
from press.errors import HandoutError, Place, Problem, Severity
from press.patients.cells import DATES, LISTS, MOMENTS, slip, undo
from press.patients.csv_file import MOST_CHARACTERS, MOST_LINES
from press.patients.encoding import ENCODINGS, near_encoding
from press.patients.headings import ALIASES, KEYS, UNSURE, fold, letter
from press.patients.options import Options, read_options
from press.patients.patient_list import Entry, parse_list, read_list
from press.patients.read_list import MOST_BYTES
from press.patients.table import Row, Table
from press.runs.handout import complete
from tests.patients.list_cases import DATA, HEADER, check_list, errors, parsed, people, problems, refused, rows, said
from tests.rigs.work import calls_within, held_by_us, traced
from tests.support import ROOT, TODAY, press

ANN = Options(code="K-1", name="Ann", last_dose=date(2026, 11, 2), interval="4 weeks")
BO = Options(code="K-2", name="Bo", last_dose=date(2026, 11, 3), interval="month")
TWO = rows("K-1,Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month")


# Real files


GOOD = (
    Options(
        code="K-0417", name="Zoë Müller", form="injection", reason="opioid", last_dose=date(2026, 11, 2), interval="4 weeks",
        appointment=Appointment(date(2026, 11, 30), clock(14, 30)), naloxone_given=True,
        handouts=("benefits", "overdose-warning"),
    ),
    Options(code="0418", name='Smith, Ann "Annie"', form="injection", reason="alcohol", last_dose=date(2026, 11, 3), interval="month"),
    Options(
        code="K-0419", name="Beñat Ángel", form="tablet", reason="both", last_dose=date(2026, 11, 21), interval="3 days",
        appointment=Appointment(date(2026, 12, 1)),
    ),
)  # fmt: skip
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

    assert [(p.place.row, p.place.heading) for p in wrong if p.place.heading == "last_dose"] == [
        (n, "last_dose") for n in (2, 3, 5)
    ]


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


# Letters and delimiters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_dialect_gives_the_same_people(encoding: str, ending: str, delimiter: str) -> None:
    text = TWO.replace("Ann", "Zoë").replace(",", delimiter).replace("\r\n", ending)

    assert [p.name for p in people(text.encode(encoding))] == ["Zoë", "Bo"]
    assert not problems(text.encode(encoding))


def test_utf_16_with_the_mark_of_the_other_order_is_read() -> None:
    assert people(b"\xfe\xff" + TWO.encode("utf-16-be")) == [ANN, BO]


POLISH = TWO.replace("Ann", "Łukasz Żółć")
OTHER_LETTERS = ["cp1250", "cp852", "mac-latin2", "iso-8859-2", "gb18030"]


@pytest.mark.parametrize("encoding", OTHER_LETTERS)
def test_letters_that_are_not_utf_8_are_never_guessed(encoding: str) -> None:
    wrong = refused(POLISH.encode(encoding))

    assert wrong.where == "list.csv, row 2, column name"
    assert "not UTF-8" in wrong.message
    assert "CSV UTF-8" in wrong.hint and "--encoding NAME" in wrong.hint


@pytest.mark.parametrize("encoding", OTHER_LETTERS)
def test_letters_are_read_as_somebody_says(encoding: str) -> None:
    found = parse_list(POLISH.encode(encoding), "list.csv", encoding)
    [note] = found.notes

    assert [entry.options.name for entry in found] == ["Łukasz Żółć", "Bo"]
    assert note.severity is Severity.WARNING
    assert note.message == f"the letters of this list were read as {encoding}, as you said"


def test_nothing_is_to_be_told_of_letters_that_all_encodings_share() -> None:
    assert not parse_list(TWO.encode(), "list.csv", "cp1252").notes


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_strict_and_reads_what_it_writes(encoding: str) -> None:
    found = parse_list(TWO.encode(encoding), "list.csv", encoding)

    assert [entry.options for entry in found] == [ANN, BO]
    assert len({codecs.lookup(name).name for name in ENCODINGS}) == len(ENCODINGS)


def test_bytes_that_the_named_encoding_does_not_know_are_refused() -> None:
    with pytest.raises(HandoutError) as caught:
        parse_list(TWO.replace("Bo", "B\x81").encode("latin-1"), "list.csv", "cp1252")
    [wrong] = caught.value.problems

    assert wrong.where == "list.csv, row 3, column name"
    assert "not cp1252" in wrong.message


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (TWO.encode("utf-8-sig"), "cp1252"),
        (TWO.encode("utf-16"), "utf-8"),
        (TWO.encode("utf-16-le"), "cp1250"),
        (TWO.encode(), "utf-16"),
    ],
)
def test_a_file_that_says_otherwise_is_refused(data: bytes, named: str) -> None:
    with pytest.raises(HandoutError) as caught:
        parse_list(data, "list.csv", named)
    assert "the encoding that was named" in caught.value.problems[0].message


@pytest.mark.parametrize("control", ["\f", "\v", "\x07", "\x1c", "\x1f", "\x85", "\x9b", "\0"])
@pytest.mark.parametrize("heading", ["last_dose{}", "{}last_dose", "last{}dose", "No{}tes"])
def test_a_control_in_a_heading_is_refused(control: str, heading: str) -> None:
    wrong = refused("code,name," + heading.replace("{}", control) + "\r\nK-1,Bo,\r\n")

    assert wrong.where == "list.csv, row 1, column C"
    assert f"the character U+{ord(control):04X}" in wrong.message


def test_a_heading_may_be_broken_into_lines() -> None:
    assert people('code,"Last\r\ndose"\r\nK-1,2026-11-02\r\n')[0].last_dose == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("code", "part"),
    [
        *((code, "shortened a long number") for code in ("5.55123E+09", "1E+05", "1.00e+05", "5,55E+9")),
        *((code, "a date in place of a code") for code in ("1-Mar", "01-mar", "Mar-26", "3-Ene", "1-Mar-26")),
        *((code, "a date in place of a code") for code in ("2026-03-01", "3/1/2026", "3/1", "2026/3/1")),
    ],
)
def test_what_a_spreadsheet_made_of_a_code_is_refused_as_that(code: str, part: str) -> None:
    [wrong] = errors(rows(f'"{code}",Ann,,'))

    assert wrong.where.endswith("row 2, column code")
    assert part in wrong.message
    assert "as text" in wrong.hint


@pytest.mark.parametrize("code", ["1E5", "12e3", "MAR1", "mar26", "Sep2", "1MAR", "26DEC", "ENE1", "MAR-12", "1-MAR"])
def test_what_a_spreadsheet_would_make_of_a_code_is_told(code: str) -> None:
    [warning] = problems(rows(f"{code},Ann,,"))

    assert warning.severity is Severity.WARNING
    assert "may turn this code into a date or a number" in warning.message
    assert people(rows(f"{code},Ann,,"))[0].code == code


@pytest.mark.parametrize("code", ["K-0417", "007", "MARY-1", "E5", "1F5", "12-34", "MARCH-MAY", "0417-K", "MAR-0417x"])
def test_other_codes_are_taken_without_a_word(code: str) -> None:
    assert not problems(rows(f"{code},Ann,,"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("windows-1252", "`cp1252`"),
        ("latin1", "`latin-1`"),
        ("Shift-JIS", "`shift_jis`"),
        ("cp1522", "`cp1252`"),
        ("ebcdic", "known: utf-8"),
        ("rot13", "known: utf-8"),
        ("x\0y", "known: utf-8"),
    ],
)
def test_another_name_of_an_encoding_gets_a_hint(typed: str, meant: str) -> None:
    assert meant in near_encoding(typed)


def test_every_row_and_column_with_lost_letters_is_named() -> None:
    text = "code,name,notes\r\n" + "".join(f"K-{n},{'Zoë' if n % 3 else 'Bo'},é\r\n" for n in range(70))
    with pytest.raises(HandoutError) as caught:
        parsed(text.encode("latin-1"))
    notes, names = caught.value.problems

    assert notes.where == "list.csv, rows 2-71, column C"
    assert names.where.startswith("list.csv, rows 3-4, 6-7, 9-10, 12-13, ")
    assert names.where.endswith(", 60-61 and 6 more, column name")
    assert not any(letter in problem.message for problem in (notes, names) for letter in "ëé")


def test_lost_letters_in_a_row_that_falls_apart_name_the_row() -> None:
    data = (HEADER + '\r\nK-1,"Zoë,,\r\nK-2,Bo,,\r\n').encode("latin-1")

    assert refused(data).where == "list.csv, row 2"


def test_lost_letters_in_many_columns_are_counted() -> None:
    data = ("code," + "é," * 30 + "\r\nK-1\r\n").encode("latin-1")
    with pytest.raises(HandoutError) as caught:
        parsed(data)

    assert len(caught.value.problems) == 21
    assert caught.value.problems[0].message == "10 more columns hold such bytes"


def test_broken_utf_8_names_the_row() -> None:
    wrong = refused(TWO.replace("Ann", "Zoë").encode() + b"K-3,\xc3,,\r\n")

    assert "not UTF-8" in wrong.message
    assert (wrong.place.line, wrong.where) == (4, "list.csv, row 4, column name")


def test_half_a_character_of_utf_16_is_refused() -> None:
    assert "not UTF-16" in refused(TWO.encode("utf-16") + b"x").message


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_names_the_delimiter_is_no_row(line: str) -> None:
    found = parsed(line + "\r\n" + TWO.replace(",", ";"))

    assert [entry.options for entry in found] == [ANN, BO]
    assert [(entry.row, entry.place.line) for entry in found] == [(2, 3), (3, 4)]
    assert str(next(iter(found)).place) == "list.csv, row 2 (line 3)"


def test_the_delimiter_comes_from_the_headings_not_from_the_rows() -> None:
    text = "code;name\r\n" + "K-1;a,b,c,d\r\nK-2;e,f,g,h\r\n"

    assert [p.name for p in people(text)] == ["a,b,c,d", "e,f,g,h"]


def test_one_column_is_a_list() -> None:
    assert [p.code for p in people("code\nK-1\nK-2\n")] == ["K-1", "K-2"]


# Rows


def test_blank_rows_are_counted_and_keep_the_numbers_of_the_others() -> None:
    found = parsed(
        "\r\n , ,\r\n" + rows("K-1,Ann,2026-11-02,4 weeks", "", ",,,", " ,\u00a0,,", "K-2,Bo,2026-11-03,month", ",,,")
    )

    assert [entry.options for entry in found] == [ANN, BO]
    assert [entry.row for entry in found] == [4, 8]
    assert (found.people, found.blank_rows) == (2, 4)


def test_columns_that_are_left_empty_at_the_end_are_no_problem() -> None:
    text = HEADER + ",,,\r\nK-1,Ann,2026-11-02,4 weeks,,,\r\nK-2,Bo,2026-11-03,month\r\n"

    assert people(text) == [ANN, BO]
    assert not problems(text)


def test_a_short_row_lacks_its_last_cells() -> None:
    assert people(rows("K-1,Ann")) == [Options(code="K-1", name="Ann")]


def test_the_last_row_of_a_file_that_was_cut_off_is_refused() -> None:
    [wrong] = errors(rows("K-1,Ann,2026-11-02,4 weeks") + "K-2,Bo,2026")

    assert "in the middle of this row" in wrong.message
    assert wrong.place.row == 3
    assert not errors(TWO.rstrip("\r\n"))


def test_a_comma_without_quotes_refuses_the_row() -> None:
    [wrong] = errors(rows("K-1,Smith, Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month"))

    assert "without a heading" in wrong.message
    assert str(wrong.place) == "list.csv, row 2"


def test_a_value_below_no_heading_refuses_the_row() -> None:
    [wrong] = errors("code,,last_dose\nK-1,x,2026-11-02\nK-2,,2026-11-02\n")

    assert (wrong.place.row, "without a heading" in wrong.message) == (2, True)


def test_ctrl_z_at_the_end_is_nobody() -> None:
    assert people(TWO + "\x1a") == [ANN, BO]


@pytest.mark.parametrize(
    ("character", "name"), [("\0", "U+0000"), ("\x1a", "U+001A"), ("\u202e", "U+202E"), ("\u200b", "U+200B")]
)
def test_a_character_that_must_not_stand_there_is_named(character: str, name: str) -> None:
    [wrong] = errors(rows(f"K-1,A{character}n,2026-11-02,4 weeks"))

    assert name in wrong.message
    assert (wrong.place.row, wrong.place.column, wrong.place.heading) == (2, 2, "name")


def test_signs_of_a_formula_are_data() -> None:
    for sign in "=+-@":
        assert people(rows(f"K-1,{sign}Ann,2026-11-02,4 weeks"))[0].name == f"{sign}Ann"


def test_headings_in_the_middle_are_no_person() -> None:
    [wrong] = errors(TWO + rows("K-3,Cy,2026-11-02,month"))

    assert "headings stand here again" in wrong.message
    assert wrong.place.row == 4


# Quotes


def test_a_line_break_in_a_note_moves_lines_and_not_rows() -> None:
    text = 'code,notes,last_dose\r\nK-1,"one\r\ntwo, three\n\nfour",2026-11-02\r\nK-2,,3/4/26\r\n'
    [wrong] = errors(text)

    assert (wrong.place.row, wrong.place.line) == (3, 6)
    assert str(wrong.place) == "list.csv, row 3 (line 6), column last_dose"


def test_a_line_break_in_a_name_is_refused() -> None:
    [wrong] = errors(rows('K-1,"Ann\nLee",2026-11-02,4 weeks', "K-2,Bo,2026-11-03,month"))

    assert "on one line" in wrong.message


LOST = rows("K-1,Ann,2026-11-02,4 weeks", "{}", "K-2,Bo,2026-11-03,month", "K-4,Di,2026-11-03,month")


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ('K-3,"Cy,2026-11-02,month', "never closed"),
        ('K-3,"Cy"x,2026-11-02,month', "quote is missing"),
        ('K-3,Cy",2026-11-02,month', "quote is missing"),
        ('K-3, "Smith, Cy",month', "space stands before a quote"),
        ('"K-3,Cy,2026-11-02,month', "never closed"),
    ],
)
def test_a_wrong_quote_costs_its_own_row_only(row: str, part: str) -> None:
    text = LOST.format(row)
    found = {entry.row: entry for entry in parsed(text)}

    assert found[3].options is None
    assert part in found[3].problems[0].message
    assert [e.options.code for e in found.values() if e.options] == ["K-1", "K-2", "K-4"]
    assert [e.place.line for e in found.values()] == [2, 3, 4, 5]


def test_two_quotes_that_pair_over_two_people_refuse_both() -> None:
    text = rows(
        "K-1,Ann,2026-11-02,4 weeks", 'K-3,"Cy,2026-11-02', 'K-5,Ed",2026-11-03,month', "K-2,Bo,2026-11-03,month"
    )
    found = list(parsed(text))

    assert "swallow" in found[1].problems[0].message
    assert [entry.options for entry in found if entry.options] == [ANN, BO]
    assert [entry.place.line for entry in found] == [2, 3, 4, 5]


def test_a_swallowed_person_in_a_column_that_is_not_read_is_found_too() -> None:
    text = rows('K-1,"likes,', 'K-2,a lot",2026-11-02', "K-3,x,2026-11-02", header="code,notes,last_dose")

    assert [entry.options and entry.options.code for entry in parsed(text)] == [None, None, "K-3"]


def test_a_note_with_commas_and_lines_is_not_taken_for_a_person() -> None:
    text = rows('K-1,"pain, swelling\nfever, since 2 days\nsee K",2026-11-02', header="code,notes,last_dose")

    assert not errors(text)


def test_a_row_without_an_end_is_refused_and_the_next_is_read() -> None:
    for filler in ("x\n" * (MOST_LINES + 5), "x" * (MOST_CHARACTERS + 5)):
        found = list(
            parsed(rows("K-1,Ann,2026-11-02,4 weeks") + f'K-3,"{filler}",,\r\n' + "K-2,Bo,2026-11-03,month\r\n")
        )

        assert "30 lines or 100,000 characters" in found[1].problems[0].message
        assert [entry.options for entry in found if entry.options] == [ANN, BO]


def test_a_file_of_broken_rows_is_refused_quickly() -> None:
    wrong = calls_within(60_000, lambda: refused(HEADER + "\n" + 'K-1,"x\n' * 200_000))

    assert "1,000 rows" in wrong.message


# Headings


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
    other, wrong = problems("code,lst dose,notes\nK-1,2026-11-02,x\n")

    assert wrong.is_error and "did you mean `last_dose`?" in wrong.message
    assert other.message == "not read: column C (notes)"


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


# Cells


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
    "typed", ["2026-12-01 14:30:15", "2026-12-01 24:00", "2026-12-01T14:30Z", "2026-12-01 2:30 PM", "14:30", "46000"]
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


# People


def test_all_problems_of_the_list_are_told_at_once() -> None:
    text = rows("K-1,Ann,3/4/26,weekly", "a b,Bo,2026-11-03,month", "K-3,Cy,2026-11-03,month", "K-3,,x,", ",Di,,")
    found = [(p.place.row, p.place.heading) for p in errors(text)]

    assert found == [(2, "last_dose"), (2, "interval"), (3, "code"), (4, ""), (5, "last_dose"), (5, ""), (6, "")]


def test_a_bad_row_refuses_that_person_only() -> None:
    text = rows(*(f"K-{n},Ann,{'3/4/26' if n == 500 else '2026-11-02'},month" for n in range(1000)))
    checked = check_list(parsed(text))

    assert (checked.people, checked.refused, checked.ready) == (1000, 1, 999)
    assert [p.place.row for p in checked.problems] == [502]


@pytest.mark.parametrize("other", ["K-1", "k-1", "Ｋ-1", " K-1 "])
def test_two_people_with_one_code_are_both_refused(other: str) -> None:
    text = rows("K-1,Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month", f"{other},Cy,2026-11-03,month")
    told = {p.place.row: p.message for p in errors(text) if "same code" in p.message}

    assert told == {2: "`code`: row 4 has the same code", 4: "`code`: row 2 has the same code"}
    assert [bool(person) for person in people(text)] == [False, True, False]


def test_a_row_given_twice_is_told_as_that() -> None:
    text = rows(*["K-1,Ann,2026-11-02,4 weeks"] * 2, "K-1,Bo,2026-11-02,4 weeks")

    assert [p.message for p in errors(text)] == [
        "row 3 is the same as this row, cell for cell",
        "row 2 is the same as this row, cell for cell",
        "`code`: rows 2, 3 have the same code",
    ]


def test_a_code_that_everybody_has_is_told_quickly() -> None:
    wrong = calls_within(3_000_000, lambda: errors(rows(*(f"K-1,Ann {n},," for n in range(5000)))))

    assert len(wrong) == 5000
    assert wrong[0].message == "`code`: rows 3, 4, 5, 6, 7 and more have the same code"
    assert wrong[-1].message == "`code`: rows 2, 3, 4, 5, 6 and more have the same code"


def test_a_person_without_a_code_is_refused() -> None:
    [wrong] = errors(rows(",Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month"))

    assert wrong.message == "this person has no code"
    assert wrong.place.row == 2


def test_the_date_rules_may_judge_each_person_at_the_same_time() -> None:
    """As the command does it: what is wrong by the dates is told together with what cannot be read."""
    text = rows(
        "K-1,Ann,2026-12-24,4 weeks",
        "K 2,Bo,2026-12-24,month",
        "K-3,Cy,2026-11-02,###",
        "K-4,Di,45234,month",
        '"K-5,Ed',
    )
    used = press()

    def judge(entry: Entry) -> tuple[Problem, ...]:
        try:
            return complete(used, entry.partial, TODAY, entry.problems)[1]
        except HandoutError as error:
            return error.problems

    checked = check_list(parsed(text), judge)
    told = [(p.place.row, p.place.heading) for p in checked.problems if p.is_error]

    assert told == [(2, "last_dose"), (3, "code"), (3, "last_dose"), (4, "interval"), (5, "last_dose"), (6, "")]
    assert (checked.people, checked.refused, checked.ready) == (5, 5, 0)


def test_the_screen_and_the_data_name_row_and_column(tmp_path: Path) -> None:
    found = problems(rows("K-1,Canary,3/4/26,month"))
    (tmp_path / "list.csv").write_text(rows("K-1,Canary,3/4/26,month"))
    [told] = json.loads(as_json(found))

    assert show(found, tmp_path, colour=False).startswith(
        "list.csv, row 2, column last_dose: error: `last_dose`: expected"
    )
    assert (told["line"], told["row"], told["column"], told["heading"]) == (2, 2, 3, "last_dose")
    assert "anary" not in show(found, tmp_path, colour=False)


# Any values, any bytes


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
NAME = st.text(st.sampled_from("aBéñŁ王Ω ,;|\t\"'=+-@#?.1\u0301\u00a0"), min_size=1, max_size=12).map("J".__add__)
DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: moment.strftime("%Y-%m-%d %H:%M")
)


def _mostly(good: st.SearchStrategy[str], bad: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One value in twenty is odd, so that many people are read whole and some are not."""
    return st.integers(0, 19).flatmap(lambda n: bad if n == 10 else st.just("") if n == 11 else good)


VALUES = {
    "name": _mostly(NAME, TEXT),
    "prescriber": _mostly(NAME, TEXT),
    "form": _mostly(st.sampled_from(["injection", "tablet"]), st.sampled_from(["pill", "#N/A"])),
    "reason": _mostly(st.sampled_from(["opioid", "alcohol", "both"]), TEXT),
    "interval": _mostly(st.sampled_from(["4 weeks", "month", "3 days"]), st.just("28")),
    "last_dose": _mostly(DAY, st.sampled_from(["3/4/26", "45234", "2026-02-30", "0000-00-00"]) | TEXT),
    "appointment": _mostly(DAY | MOMENT, TEXT),
    "stopped": _mostly(st.sampled_from(["yes", "no"]), st.just("1")),
    "language": _mostly(st.sampled_from(["en", "es"]), st.just("xx yy")),
}
ROW = st.fixed_dictionaries(VALUES)
WHOLE = {
    "name": 'Ann "J" Lee, Jr; x', "prescriber": "=Dr. Ω\u00a0x", "form": "injection", "reason": "both", "interval": "month",
    "last_dose": "2026-11-02", "appointment": "2026-11-30 14:30", "stopped": "no", "language": "en",
}  # fmt: skip


def _usual(row: dict[str, str]) -> bool:
    """Whether no value is one that a spreadsheet makes of another."""
    return all(undo(text, key) == text and slip(text, key) is None for key, text in row.items())


def _from_yaml(row: dict[str, str]) -> Options | None:
    lines = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in row.items() if text]
    try:
        return read_options(read_yaml("\n".join(lines).encode(), "x.yaml", private=True))
    except HandoutError:
        return None


@settings(deadline=None, max_examples=300)
@given(
    st.lists(ROW, min_size=1, max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example([WHOLE], ";", "utf-16", "\r\n", csv.QUOTE_MINIMAL)
@example([WHOLE], ",", "utf-8-sig", "\n", csv.QUOTE_ALL)
def test_a_list_means_what_a_file_for_one_person_means(
    given_rows: list[dict[str, str]], delimiter: str, encoding: str, ending: str, quoting: int
) -> None:
    given_rows = [
        {key: clean(text.strip())[0].strip() for key, text in row.items()} | {"code": f"K-{number}"}
        for number, row in enumerate(given_rows)
    ]
    assume(all(map(_usual, given_rows)))
    assume(not any("\r" in text for row in given_rows for text in row.values()))  # csv writes it without quotes
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["code", *VALUES], delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writeheader()
    writer.writerows(given_rows)
    data = stream.getvalue().encode(encoding, "ignore" if encoding == "cp1252" else "strict")
    assume(data.decode(encoding) == stream.getvalue())
    named = encoding if encoding == "cp1252" else ""

    wanted = [_from_yaml(row) for row in given_rows]
    if given_rows[0]["prescriber"] == WHOLE["prescriber"]:
        assert wanted[0].appointment, "a person who is read whole is among those that are compared"
    assert [entry.options for entry in parse_list(data, "list.csv", named)] == wanted


PIECES = st.sampled_from(
    [b"code", b"last_dose", b"name", b",", b";", b"\t", b'"', b'""', b"\n", b"\r\n", b"\r", b"K-1", b"2026-11-02", b"\0", b"\x1a",
     b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"sep=;", b" ", b"=1", b"'", b"\xc3\xa9", b"#N/A", b"C\0o\0d\0e\0"]
)  # fmt: skip


@settings(max_examples=500)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(PIECES, max_size=60).map(b"".join),
        st.lists(PIECES, max_size=60).map(lambda p: HEADER.encode() + b"\n" + b"".join(p)),
    ),
    st.sampled_from(["", "", *ENCODINGS]),
)
@example(HEADER.encode() + b'\n"', "")
@example(b"PK\x03\x04", "")
@example(HEADER.encode() + b'\nK-1,"\xe9\n"', "shift_jis")
def test_any_bytes_give_people_or_problems(data: bytes, encoding: str) -> None:
    try:
        found = parse_list(data, "list.csv", encoding)
    except HandoutError as error:
        assert all(problem.private for problem in error.problems)
        return
    entries = list(found)
    assert len(entries) == found.people
    assert all(entry.options or any(p.is_error for p in entry.problems) for entry in entries)
    assert [entry.place.line for entry in entries] == sorted(entry.place.line for entry in entries)


@settings(max_examples=300)
@given(st.lists(st.text(st.characters(codec="cp1250"), min_size=1, max_size=8), min_size=1, max_size=4))
def test_letters_without_a_mark_are_utf_8_or_refused(names: list[str]) -> None:
    data = rows(*(f"K-{n},{json.dumps(name)},," for n, name in enumerate(names))).encode("cp1250", "ignore")
    try:
        data.decode("utf-8")
    except UnicodeError:
        assert any("not UTF-8" in problem.message for problem in errors(data))


CANARY = "Canarybird"
SPOILT = ["{}", "{}\u202e", '"{}\n{}"', '{}"', '"{}"x', ' "{}', "#N/A{}", "{},{}", "\0{}", "=HYPERLINK({})", "{}" * 60]


@pytest.mark.parametrize("key", [*KEYS, "notes"])
@pytest.mark.parametrize("shape", SPOILT)
def test_no_value_gets_into_a_message(key: str, shape: str) -> None:
    typed = shape.replace("{}", CANARY)
    header = "code" if key == "code" else f"code,{key}"
    text = f"{header}\nK-1,{typed}\n{typed},{typed}\n{typed}\nK-1,x\n"
    found = problems(text) + problems(text.replace(header, typed, 1))

    assert found
    assert CANARY.lower() not in (show(found, DATA, colour=False) + as_json(found)).lower()


# Size


def _long(count: int) -> bytes:
    row = 'K-{},"Smith, Jo {}",injection,opioid,2026-11-02,4 weeks,2026-11-30 14:30,"a note that is long enough"\r\n'
    header = "code,name,form,reason,last_dose,interval,appointment,notes\r\n"
    return (header + "".join(row.format(n, n) for n in range(count))).encode()


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_memory_does_not_grow_with_the_people(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data, held = _long(count), list[int]()
    rows_of = Table.rows

    def looked_at(table: Table) -> Iterator[Row]:
        for row in rows_of(table):
            if row.number % (count // 4) == 1 or row.number == 2:
                held.append(held_by_us())
            yield row

    monkeypatch.setattr(Table, "rows", looked_at)
    with traced():
        found = parse_list(data, "list.csv")
        kept, most = held_by_us(), max(held)
        held.clear()
        people_read = sum(entry.options is not None for entry in found)

    assert people_read == count and len(held) > 4
    assert kept < 200_000  # what the list itself holds, beside its bytes
    assert most < 100_000 + 150 * count  # while codes are compared
    assert max(held) - kept < 100_000  # while people are read, one by one


def test_a_hundred_thousand_people_are_counted_with_few_calls_for_each() -> None:
    data = _long(100_000)
    found = calls_within(90 * 100_000, lambda: parse_list(data, "list.csv"))

    assert (len(data) > 10_000_000, found.people) == (True, 100_000)


def test_the_kinds_of_field_are_known_to_the_reader() -> None:
    assert {"started", "last_dose"} == DATES
    assert {"appointment"} == MOMENTS
    assert {"handouts"} == LISTS
