"""A list as CSV: letters, delimiters, rows and quotes, whatever a spreadsheet does to them."""

from __future__ import annotations

import pytest

from press.errors import Severity
from press.patients.csv_file import MOST_CHARACTERS, MOST_LINES
from press.patients.options import Options
from tests.patients.list_cases import ANN, BO, HEADER, TWO, errors, parsed, people, problems, refused, rows
from tests.rigs.work import calls_within

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


def test_windows_1252_is_read_and_told_with_the_number_of_letters() -> None:
    data = TWO.replace("Ann", "Zoë Nuñez").encode("cp1252")
    [warning] = problems(data)

    assert people(data)[0].name == "Zoë Nuñez"
    assert warning.severity is Severity.WARNING
    assert " 2 letters " in warning.message


def test_bytes_that_no_encoding_explains_are_refused() -> None:
    assert "how the letters" in refused(TWO.encode() + b"\x81\x8d").message


def test_broken_utf_8_is_not_taken_for_windows_1252() -> None:
    wrong = refused(TWO.replace("Ann", "Zoë").encode() + b"K-3,\xc3,,\r\n")

    assert "not UTF-8" in wrong.message
    assert wrong.place.line == 4


def test_half_a_character_of_utf_16_is_refused() -> None:
    assert "how the letters" in refused(TWO.encode("utf-16") + b"x").message


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
