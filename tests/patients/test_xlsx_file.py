"""A clinic's list as XLSX: real date cells, and all that a workbook hides from its reader."""

from __future__ import annotations

import struct
import subprocess
import sys
from datetime import date, time
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from press.content.fields import Appointment
from press.errors import HandoutError, Severity
from press.patients.options import Options
from press.patients.patient_list import parse_list
from press.runs.hardening import watching
from tests.patients.list_cases import (  # fmt: skip
    ANN,
    BO,
    DATA,
    DATE,
    GOOD,
    HEADER,
    MOMENT,
    TIME,
    check_list,
    errors,
    number,
    packed,
    parsed,
    people,
    problems,
    refused,
    sheet_row,
    text_cell,
    workbook,
    workbook_of,
)
from tests.rigs.work import calls_within

FIRST = sheet_row("K-1", "Ann", "2026-11-02", "4 weeks")
SECOND = sheet_row("K-2", "Bo", "2026-11-03", "month")
HEAD = sheet_row(*HEADER.split(","))
BAD = '<c t="e"><v>#N/A</v></c>'


def book(name: str) -> bytes:
    return (DATA / name).read_bytes()


# Real files


@pytest.mark.parametrize("name", ["good-calc.xlsx", "good-gnumeric.xlsx"])
def test_a_real_workbook_gives_the_same_people_as_its_csv(name: str) -> None:
    found = parsed(book(name))

    assert tuple(entry.options for entry in found) == GOOD
    assert [entry.row for entry in found] == [2, 3, 5]
    assert (found.people, found.blank_rows) == (3, 1)
    assert found.ignored == ("column J (Notes)", "column K (Date of birth)")


def test_a_real_date_cell_is_read_whatever_it_looks_like() -> None:
    found = [entry.options for entry in parsed(book("us.xlsx"))]

    assert found[0].last_dose == date(2026, 3, 4)
    assert found[1] is None
    assert found[2].code == "123456789012"
    assert "number of a day" in errors(book("us.xlsx"))[0].message


@pytest.mark.parametrize("name", ["book.xlsx", "book1904.xlsx"])
def test_what_a_real_workbook_hides_is_told(name: str) -> None:
    found = parsed(book(name))
    notes = [problem.message for problem in found.notes]
    options = [entry.options for entry in found]

    assert any("the sheet Monday is read" in note for note in notes)
    assert any("hidden" in note and note.endswith(": 1") for note in notes)
    assert [(p.place.row, p.place.heading) for p in errors(book(name))] == [
        (5, "last_dose"),
        (7, "last_dose"),
        (8, "last_dose"),
    ]
    assert options[0].last_dose == date(2026, 11, 2)
    assert options[0].appointment == Appointment(date(2026, 11, 30), time(14, 30))
    assert (options[0].naloxone_given, options[1].naloxone_given) == (True, False)
    assert (options[1].code, options[1].last_dose) == ("418", date(2026, 11, 3))  # a formula
    assert options[3].name == ""  # a formula whose result is an empty text


EXPORTED = Options(
    code="K-1", name="Ann Lee", form="injection", reason="opioid", last_dose=date(2026, 11, 2), interval="4 weeks",
    appointment=Appointment(date(2026, 11, 30), time(14, 30)), stopped=True,
)  # fmt: skip
ZOE = Options(code="7", name="Zoë", form="tablet", reason="both", last_dose=date(2026, 11, 3), interval="3 days")


@pytest.mark.parametrize(
    ("name", "third"),
    [
        ("openpyxl.xlsx", [None]),
        ("xlsxwriter1904.xlsx", [Options(code="K-9", name="Bo Lo", last_dose=date(2026, 11, 3))]),
        ("pandas.csv", []),
    ],
)
def test_what_export_programs_write_is_read(name: str, third: list[Options | None]) -> None:
    assert people(book(name)) == [EXPORTED, ZOE, *third]


def test_a_formula_that_was_never_computed_is_no_empty_cell() -> None:
    [wrong] = errors(book("openpyxl.xlsx"))
    assert str(wrong.place) == "list.csv, row 4, column last_dose"


def test_nothing_but_the_library_is_opened() -> None:
    with watching([DATA], []):
        assert len(list(parsed(book("good-calc.xlsx")))) == 3


# Cells


def last_dose(cell: str, epoch_1904: bool = False) -> Options | None:
    """Ann with this cell as her last dose."""
    [person] = people(workbook(sheet_row("K-1", "Ann", cell, "4 weeks"), epoch_1904=epoch_1904))
    return person


@pytest.mark.parametrize(
    ("cell", "epoch_1904"),
    [
        (text_cell("2026-11-02"), False), (number(46328, DATE), False), (number(44866, DATE), True), (number(46328, MOMENT), False),
        ('<c t="d"><v>2026-11-02</v></c>', False), ('<c t="d"><v>2026-11-02T00:00:00</v></c>', False),
        (f'<c s="{DATE}"><f>A1+1</f><v>46328</v></c>', False), ('<c t="str"><f>"x"</f><v>2026-11-02</v></c>', False),
        (number(46328.0000001, MOMENT), False), (number(46327.9999999, MOMENT), False),
    ],
)  # fmt: skip
def test_a_day_is_the_same_in_every_kind_of_cell(cell: str, epoch_1904: bool) -> None:
    assert last_dose(cell, epoch_1904) == ANN


@pytest.mark.parametrize(
    "cell",
    [
        number(46328), number(46328.34, MOMENT), number(0.5, TIME), number(-5, DATE), number(99999999, DATE), number("1e999"), BAD,
        '<c t="e"><f>NA()</f><v>#N/A</v></c>', "<c><f>TODAY()</f></c>", "<c><f>TODAY()</f><v></v></c>", "<c><f>TODAY()</f><v/></c>",
        '<c t="str"><f>A1</f></c>', number(0, DATE), '<c t="b"><v>1</v></c>', text_cell("3/4/26"), text_cell("#REF!"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(cell: str) -> None:
    data = workbook(sheet_row("K-1", "Ann", cell, "4 weeks"), SECOND)
    wrong = [p for p in errors(data) if p.place.row == 2]

    assert [p.place.heading for p in wrong] == ["last_dose"]
    assert people(data) == [None, BO]


def test_a_cell_that_the_reader_cannot_bear_costs_its_own_row_only() -> None:
    data = workbook(FIRST, sheet_row("K-3", "Cy", number("-1e300", DATE)), SECOND)

    assert people(data) == [ANN, None, BO]
    assert [(p.place.row, p.message) for p in errors(data)] == [(3, "a cell of this row cannot be read")]


def test_an_error_is_refused_in_a_column_that_is_read_and_passed_over_in_others() -> None:
    header = ["code", "name", "notes"]
    data = workbook(sheet_row("K-1", BAD, "x"), sheet_row("K-2", "Bo", BAD), header=header)

    assert [bool(person) for person in people(data)] == [False, True]
    assert [(p.place.row, p.place.heading) for p in errors(data)] == [(2, "name")]


def test_an_error_stands_in_its_own_cell_where_the_sheet_begins_below_and_to_the_right() -> None:
    head = (
        '<row r="3">'
        + "".join(
            f'<c r="{c}3" t="inlineStr"><is><t>{n}</t></is></c>'
            for c, n in zip("CDE", ("code", "name", "last_dose"), strict=True)
        )
        + "</row>"
    )
    row = '<row r="5"><c r="C5"><v>7</v></c><c r="E5" t="e"><v>#N/A</v></c></row>'
    data = workbook_of(("A", "visible", head + row))
    [wrong] = errors(data)

    assert (wrong.place.row, wrong.place.column, wrong.place.heading) == (5, 5, "last_dose")
    assert parsed(data).blank_rows == 1


def test_people_whose_cells_were_never_computed_are_not_lost() -> None:
    never = "<c><f>Other!A1</f></c>"
    data = workbook(FIRST, sheet_row(*[never] * 4), sheet_row("<c/>", never))

    assert people(data) == [ANN, None, None]
    assert {p.place.row for p in errors(data)} == {3, 4}


def test_cells_that_only_have_looks_are_nothing() -> None:
    data = workbook(FIRST, sheet_row(*['<c s="1"/>'] * 4), '<row r="1048576"><c r="XFD1048576" s="1"/></row>')

    assert people(data) == [ANN]
    assert not problems(data)
    assert parsed(data).blank_rows == 0


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (number(418), "418"),
        (number("418.0"), "418"),
        (number(123456789012), "123456789012"),
        (text_cell("007"), "007"),
        (number("1.5"), "1.5"),
    ],
)
def test_a_number_is_the_text_that_a_person_would_type(cell: str, typed: str) -> None:
    [person] = people(workbook(sheet_row(cell, "Ann")))
    assert person.code == typed


def test_a_number_too_long_for_a_cell_is_refused() -> None:
    [wrong] = errors(workbook(sheet_row(number(1234567890123456789), "Ann")))
    assert "shortened" in wrong.message


@pytest.mark.parametrize(
    ("cell", "typed"),
    [(number(1), None), ('<c t="b"><v>1</v></c>', True), ('<c t="b"><v>0</v></c>', False), (text_cell("Yes"), True)],
)
def test_a_truth_value_is_yes_or_no(cell: str, typed: bool | None) -> None:
    [person] = people(workbook(sheet_row("K-1", cell), header=["code", "stopped"]))
    assert (person and person.stopped) is typed


@pytest.mark.parametrize(
    ("day", "clock"),
    [(46356.6041666667, time(14, 30)), (46356.60416666, time(14, 30)), (46356, None), (46356.999999, None)],
)
def test_an_appointment_keeps_its_time(day: float, clock: time | None) -> None:
    [person] = people(workbook(sheet_row("K-1", number(day, MOMENT)), header=["code", "appointment"]))
    expected = date(2026, 12, 1) if day == 46356.999999 else date(2026, 11, 30)

    assert person.appointment == Appointment(expected, clock)


def test_seconds_in_an_appointment_are_refused() -> None:
    data = workbook(sheet_row("K-1", number(46356.6043, MOMENT)), header=["code", "appointment"])
    assert people(data) == [None]


# Sheets


def test_the_first_visible_sheet_with_headings_is_read_and_named() -> None:
    other = sheet_row("about", "this")
    found = parsed(
        workbook_of(
            ("Old", "hidden", HEAD + SECOND),
            ("Worse", "veryHidden", HEAD + SECOND),
            ("Read me", "visible", other),
            ("May", "visible", HEAD + FIRST),
            ("June", "visible", HEAD + SECOND),
        )
    )

    assert [entry.options for entry in found] == [ANN]
    assert "the sheet May is read" in found.notes[0].message
    assert found.notes[0].severity is Severity.WARNING


def test_the_name_of_a_sheet_that_looks_like_data_is_not_shown() -> None:
    [note] = parsed(workbook_of(("2026-11-23 list", "visible", HEAD + FIRST), ("B", "visible", ""))).notes
    assert "the sheet number 1 is read" in note.message


@pytest.mark.parametrize("sheets", [[("A", "hidden", HEAD + FIRST)], [("A", "visible", "")]])
def test_a_workbook_that_shows_nothing_is_refused(sheets: list[tuple[str, str, str]]) -> None:
    assert "no visible sheet" in refused(workbook_of(*sheets)).message


def test_a_workbook_without_headings_tells_of_its_first_sheet() -> None:
    data = workbook_of(("A", "visible", sheet_row("x", "y")), ("B", "visible", sheet_row("z")))
    assert "first row must hold headings" in refused(data).message


def test_one_sheet_needs_no_note() -> None:
    assert not problems(workbook(FIRST, SECOND))
    assert people(workbook(FIRST, SECOND)) == [ANN, BO]


def test_hidden_rows_are_read_and_told() -> None:
    data = workbook(FIRST, sheet_row("K-2", "Bo", "2026-11-03", "month", more='hidden="1"'))

    assert people(data) == [ANN, BO]
    assert "hidden" in problems(data)[0].message


def test_all_the_rules_of_lists_hold_for_workbooks() -> None:
    data = workbook(FIRST, SECOND, sheet_row("k-1", "Cy"), sheet_row("", "Di"), sheet_row("K-5", "Ed", "", "", "extra"))
    assert [p.place.row for p in errors(data)] == [2, 4, 5, 6]


# Hostile workbooks


FAR = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def test_a_stray_cell_in_the_last_corner_is_refused_and_does_not_end_the_process() -> None:
    assert "4 million cells" in refused(workbook_of(("A", "visible", FAR))).message
    assert "4 million cells" in refused(workbook_of(("A", "visible", sheet_row("x")), ("B", "visible", FAR))).message


def stray_cell(row: int) -> bytes:
    """A list of one person, with a second one far below."""
    return workbook(FIRST, f'<row r="{row}">' + SECOND.removeprefix("<row >"))


def test_a_cell_below_the_last_row_of_any_spreadsheet_is_refused() -> None:
    assert len(people(stray_cell(100_000))) == 2
    assert "too large" in refused(stray_cell(1_048_577)).message


def test_rows_with_nothing_in_them_take_next_to_no_work() -> None:
    """A stray cell in the last row is nothing rare: somebody pressed Ctrl and the arrow down."""
    data = stray_cell(20_000)

    read = calls_within(200_000, lambda: parsed(data))
    assert (read.people, read.blank_rows) == (2, 19_997)


def test_sheets_after_the_list_are_not_even_looked_at() -> None:
    assert people(workbook_of(("A", "visible", HEAD + FIRST), ("B", "visible", FAR))) == [ANN]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused() -> None:
    data = packed({"xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": "x" * 201_000_000})

    assert len(data) < 1_000_000
    assert "200 MB unpacked" in refused(data).message

    size = struct.pack("<I", 201_000_000)
    assert data.count(size) == 2  # beside the part, and in the list of parts
    assert "200 MB unpacked" in refused(data.replace(size, struct.pack("<I", 100))).message


def test_entities_are_refused() -> None:
    with ZipFile(BytesIO(workbook(FIRST))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert people(packed(parts)) == [ANN]

    name = "xl/worksheets/sheet1.xml"
    parts[name] = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + parts[name]
    assert "cannot be read" in refused(packed(parts)).message


def test_a_file_of_another_kind_in_the_same_packing_is_named() -> None:
    assert "packed file" in refused(packed({"word/document.xml": "<x/>"})).message


def test_a_workbook_that_was_cut_off_is_refused() -> None:
    data = workbook(FIRST)
    for length in (4, 60, len(data) // 2, len(data) - 10):
        assert "cannot be read" in refused(data[:length]).message


def test_a_list_as_csv_needs_no_reader_of_workbooks() -> None:
    root = Path(__file__).parents[2]
    code = "import sys; from press.patients.patient_list import parse_list; parse_list(b'code\\nK-1\\n', 'x'); print('python_calamine' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=8))
@example([(0, 0)])
def test_a_damaged_workbook_gives_people_or_problems(changes: list[tuple[int, int]]) -> None:
    data = bytearray(book("good-calc.xlsx"))
    for position, value in changes:
        data[position % len(data)] = value
    _people_or_problems(bytes(data))


CELL = st.builds(
    lambda kind, style, formula, value: f'<c t="{kind}" s="{style}">{formula}{value}</c>',
    st.sampled_from(["n", "s", "b", "e", "str", "inlineStr", "d", "x"]),
    st.integers(0, 5),
    st.sampled_from(["", "<f>A1</f>"]),
    st.one_of(
        st.sampled_from(
            ["", "<v/>", "<v>1</v>", "<v>46328</v>", "<v>x</v>", "<is><t>K-1</t></is>", "<v>1e999</v>", "<v>-1</v>"]
        ),
        st.floats().map(lambda f: f"<v>{f!r}</v>"),
    ),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(CELL, max_size=5), max_size=4), st.booleans())
def test_any_cells_give_people_or_problems(cells: list[list[str]], epoch_1904: bool) -> None:
    _people_or_problems(workbook(*(sheet_row(*row) for row in cells), epoch_1904=epoch_1904))


def _people_or_problems(data: bytes) -> None:
    calls_within(20_000, lambda: _read_or_refused(data))


def _read_or_refused(data: bytes) -> None:
    try:
        found = parse_list(data, "list.xlsx")
    except HandoutError as error:
        assert all(problem.private for problem in error.problems)
    else:
        checked = check_list(found)
        assert checked.ready + checked.refused == checked.people


def test_ten_thousand_people_in_a_workbook() -> None:
    body = "".join(sheet_row(f"K-{n}", "Ann", number(46328, DATE), "4 weeks") for n in range(10_000))
    found = calls_within(200 * 10_000, lambda: parsed(workbook(body)))

    assert sum(entry.options is not None for entry in found) == 10_000
