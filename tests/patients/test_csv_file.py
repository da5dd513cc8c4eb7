"""A list as CSV: letters, delimiters, rows and quotes, whatever a spreadsheet does to them."""

from __future__ import annotations

import codecs
from datetime import date

import pytest

from press.errors import HandoutError, Severity
from press.patients.csv_file import MOST_CHARACTERS, MOST_LINES
from press.patients.encoding import ENCODINGS, near_encoding
from press.patients.options import Options
from press.patients.patient_list import parse_list
from tests.patients.list_cases import ANN, BO, HEADER, TWO, errors, parsed, people, problems, refused, rows
from tests.rigs.work import calls_within

# Letters and delimiters


POLISH = TWO.replace("Ann", "Łukasz Żółć")
OTHER_LETTERS = ["cp1250", "cp852", "mac-latin2", "iso-8859-2", "gb18030"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_dialect_gives_the_same_people(encoding: str, ending: str, delimiter: str) -> None:
    text = TWO.replace("Ann", "Zoë").replace(",", delimiter).replace("\r\n", ending)

    assert [p.name for p in people(text.encode(encoding))] == ["Zoë", "Bo"]
    assert not problems(text.encode(encoding))


def test_utf_16_with_the_mark_of_the_other_order_is_read() -> None:
    assert people(b"\xfe\xff" + TWO.encode("utf-16-be")) == [ANN, BO]


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

    assert wrong.message.startswith("this row has a comma too many")
    assert str(wrong.place) == "list.csv, row 2"


NOTED = "code,name,last_dose,interval,notes"


def test_a_comma_without_quotes_is_found_where_the_cells_just_fit() -> None:
    text = rows("K-1,Smith, Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month,", header=NOTED)
    [wrong] = errors(text)

    assert wrong.message.startswith("this row has a comma too many") and wrong.place.row == 2
    assert next(iter(parsed(text))).partial is None, "half a name is on no page"


@pytest.mark.parametrize(
    "row", ["K-1,Ann,x,4 weeks,", "K-1,,Ann,4 weeks,", "K-1,Ann,2026-11-02,Bo,", "K-1,Ann,2026-02-30,,x"]
)
def test_any_other_fault_of_a_row_is_told_as_that(row: str) -> None:
    assert not any("comma" in wrong.message for wrong in errors(rows(row, header=NOTED)))


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
