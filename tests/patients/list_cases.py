"""What the tests of lists share: a list in bytes, what is told about it, and workbooks made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from datetime import time as clock
from html import escape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from press.content.fields import Appointment
from press.errors import HandoutError, Problem
from press.patients.options import Options
from press.patients.patient_list import Entry, PatientList, Reading, parse_list

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
HEADER = "code,name,last_dose,interval"
ANN = Options(code="K-1", name="Ann", last_dose=date(2026, 11, 2), interval="4 weeks")
BO = Options(code="K-2", name="Bo", last_dose=date(2026, 11, 3), interval="month")
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


@dataclass(frozen=True)
class Checked:
    """What a whole list comes to: every problem of it, and how many people can be printed."""

    problems: tuple[Problem, ...]
    people: int
    refused: int
    blank_rows: int

    @property
    def ready(self) -> int:
        """How many people nothing was found against."""
        return self.people - self.refused


def check_list(people: PatientList, judge: Callable[[Entry], Iterable[Problem]] = lambda entry: ()) -> Checked:
    """Every problem of the list at once, in the order of its rows; nothing is printed.

    `judge` may say more about a person, from `partial`: such as what the date rules find.
    """
    problems = list(people.notes)
    refused = 0
    for entry in people:
        found = [*entry.problems, *(judge(entry) if entry.partial else ())]
        refused += any(problem.is_error for problem in found)
        problems += found
    return Checked(tuple(problems), people.people, refused, people.blank_rows)


def parsed(text: str | bytes, encoding: str = "", order: str = "") -> PatientList:
    """A list from its text."""
    data = text.encode() if isinstance(text, str) else text
    return parse_list(data, "list.csv", encoding, Reading(order=order))


def said(path: Path) -> str:
    """The encoding that somebody has to name for a real file, or nothing."""
    return "cp1252" if "cp1252" in path.name else ""


def order_of(path: Path) -> str:
    """The order of dates that somebody has to name for a real file, or nothing."""
    return "ymd" if "slashes" in path.name else ""


def people(text: str | bytes) -> list[Options | None]:
    """The options of every row, None for one that is refused."""
    return [entry.options for entry in parsed(text)]


def problems(text: str | bytes) -> list[Problem]:
    """Every problem of a list, whether it can be read or not; none of them may show a value."""
    try:
        found = list(check_list(parsed(text)).problems)
    except HandoutError as error:
        found = list(error.problems)
    assert all(problem.private for problem in found)
    return found


def errors(text: str | bytes) -> list[Problem]:
    """The same without warnings."""
    return [problem for problem in problems(text) if problem.is_error]


def refused(text: str | bytes) -> Problem:
    """The one reason why nobody on a list can be read."""
    with pytest.raises(HandoutError) as caught:
        parsed(text)
    [problem] = [problem for problem in caught.value.problems if problem.is_error]
    assert problem.private
    return problem


def rows(*lines: str, header: str = HEADER) -> str:
    """A list with these rows."""
    return "".join(line + "\r\n" for line in (header, *lines))


TWO = rows("K-1,Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month")


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE, MOMENT, TIME = 1, 2, 3  # styles: built-in formats 14, 22 and 20


def text_cell(text: str) -> str:
    """A cell that holds a text."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def number(value: object, style: int = 0) -> str:
    """A cell that holds a number, or a date by its style."""
    return f'<c s="{style}"><v>{value}</v></c>'


def sheet_row(*cells: str, more: str = "") -> str:
    """One row; a cell that does not begin with `<` is a text."""
    return f"<row {more}>" + "".join(cell if cell.startswith("<") else text_cell(cell) for cell in cells) + "</row>"


def workbook(*body: str, header: Sequence[str] = HEADER.split(","), epoch_1904: bool = False) -> bytes:
    """A workbook of one sheet: the headings, and rows below them."""
    return workbook_of(("Sheet1", "visible", sheet_row(*header) + "".join(body)), epoch_1904=epoch_1904)


def workbook_of(*sheets: tuple[str, str, str], epoch_1904: bool = False) -> bytes:
    """A workbook of sheets, each a name, a state and the XML of its rows (ECMA-376 part 1, 18.2 and 18.3)."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state, _) in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    formats = "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 22, 20))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><workbookPr date1904="{int(epoch_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {_MAIN}><cellXfs count="4">{formats}</cellXfs></styleSheet>',
    }
    for n, (_, _, body) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {_MAIN}><sheetData>{body}</sheetData></worksheet>"
    return packed(parts)


def packed(parts: dict[str, str]) -> bytes:
    """A ZIP file with these parts."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
