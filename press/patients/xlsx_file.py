"""Reads a sheet of an XLSX workbook into rows of texts; alone knows python-calamine.

Formulas give the value that was saved with them; nothing is computed. A date cell becomes
YYYY-MM-DD by the workbook's own epoch, and numbers the text that a person would type.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from math import isfinite
from typing import Any

from press.errors import HandoutError, Place, Problems, Severity, refuse
from press.patients import messages as faults
from press.patients.headings import HeadingRules, shown_name
from press.patients.recipe import PLAIN, Recipe
from press.patients.table import MOST_ABOVE, Row, Table, find_header
from press.patients.xlsx_guard import Findings, check_size, inspect
from press.records import dataclass

_LONGEST_WHOLE = 10**15  # a spreadsheet keeps 15 digits, and puts zeros for the rest
_ERROR = "#N/A"  # stands for every error, and for a formula without a result


def read_workbook(data: bytes, file: str, recipe: Recipe = PLAIN) -> Table:
    """The first visible sheet that has the headings. Raises HandoutError."""
    chosen = None
    for sheet in _visible(data, file):  # one at a time: each may take a hundred megabytes
        chosen = chosen or sheet
        if sheet.has_header(recipe.rules):
            chosen = sheet
            break
    if chosen is None:
        raise refuse(Place(file), *faults.NO_SHEET, private=True)
    problems = Problems()
    header = find_header(chosen.rows(), file, problems, recipe.rules)
    _tell(chosen, file, problems)
    return Table(file, header, tuple(problems), chosen.rows, recipe.cells)


def tops_of_workbook(data: bytes, file: str) -> Iterator[list[Row]]:
    """The rows at the top of each visible sheet, to look for headings. Raises HandoutError."""
    for sheet in _visible(data, file):
        yield list(islice(sheet.rows(), MOST_ABOVE))


@dataclass(frozen=True)
class _Sheet:
    """One sheet: its cells as the reader gives them, and what the reader leaves out."""

    name: str
    number: int
    others: int
    findings: Findings
    cells: Any

    def rows(self) -> Iterator[Row]:
        """Every row from the top, each as wide as its last cell."""
        left = self.cells.start[1] if self.cells.start else 0
        values, errors, nothing = self.cells.iter_rows(), self.findings.errors, [""] * self.cells.width
        for number in range(1, self.findings.last_row + 2):
            try:
                found = next(values, ())
            except BaseException as error:
                if not _is_readers_fault(error):
                    raise
                yield Row(number, number, (), faults.UNREADABLE_CELL)  # the reader goes on with the next row
                continue
            if found == nothing and number - 1 not in errors:  # a stray cell may stand below a million of these
                yield Row(number, number, ())
                continue
            cells = [""] * left + [_text(value) for value in found]
            for column in errors.get(number - 1, ()):
                cells += [""] * (column + 1 - len(cells))  # the reader leaves out what has no value
                cells[column] = _ERROR
            yield Row(number, number, tuple(cells))

    def has_header(self, rules: HeadingRules) -> bool:
        """Whether the headings stand near its top."""
        return any(rules.is_header(row.cells) for row in islice(self.rows(), MOST_ABOVE))


def _visible(data: bytes, file: str) -> Iterator[_Sheet]:
    """Every visible sheet that holds anything. What the reader says of a damaged file is dropped: it may quote it."""
    import python_calamine as calamine

    check_size(data, file)
    shown, kind = calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        listed = workbook.sheets_metadata
        for number, sheet in enumerate(listed):
            if sheet.visible is not shown or sheet.typ is not kind:
                continue
            findings = inspect(data, file, number)  # before its cells are read
            if findings.last_row >= 0:
                yield _Sheet(sheet.name, number + 1, len(listed) - 1, findings, workbook.get_sheet_by_index(number))
    except (HandoutError, GeneratorExit):
        raise
    except BaseException as error:
        if _is_readers_fault(error):
            raise refuse(Place(file), *faults.BROKEN_WORKBOOK, private=True) from None
        raise


def _is_readers_fault(error: BaseException) -> bool:
    """The reader is written in Rust; its panics are no `Exception`, so that nobody catches them by chance."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _tell(sheet: _Sheet, file: str, problems: Problems) -> None:
    """What staff may not expect: other sheets are left out, and hidden rows are read."""
    if sheet.others:
        name = shown_name(sheet.name) or f"number {sheet.number}"
        told = f"the sheet {name} is read, and no other sheet of this workbook"
        problems.add(Place(file), told, severity=Severity.WARNING, private=True)
    if sheet.findings.hidden_rows:
        told = f"rows that are hidden, by a filter perhaps, are read like the others: {sheet.findings.hidden_rows}"
        hint = "copy the rows that you see into a new workbook, if you want no others"
        problems.add(Place(file), told, hint, severity=Severity.WARNING, private=True)


def _text(value: object) -> str:
    """The value of a cell as a person would type it."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int() | float() if isfinite(value):
            return str(int(value)) if float(value).is_integer() and abs(value) < _LONGEST_WHOLE else repr(float(value))
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("seconds")
        case timedelta():
            return str(value)
        case _:
            return _ERROR


def _moment(value: datetime) -> str:
    """A date, with its time unless that is midnight; a second that was lost in rounding comes back."""
    second = timedelta(seconds=1)
    near = value.replace(second=0, microsecond=0)
    if value.second >= 59 and value.year < 9999:
        near += timedelta(minutes=1)
    if abs(value - near) > second:
        return value.isoformat(" ", "seconds")
    return near.date().isoformat() if near.time() == time() else near.isoformat(" ", "minutes")
