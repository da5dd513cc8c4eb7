"""A report as CSV for spreadsheets: nothing that stands in a cell is taken for a formula (OWASP ASVS 5.0, 1.2.10)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from press.delivery.ledger import Mark
from press.reports.data import DueReport, GivenReport
from press.reports.recall import RecallReport

TableReport = DueReport | GivenReport | RecallReport
_Cell = str | int | date | None
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(rows: Iterable[Sequence[_Cell]]) -> bytes:
    """Write rows as RFC 4180 has them, in UTF-8 with a byte order mark, without which Excel misreads accents."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows([_guarded(cell) for cell in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def _guarded(cell: _Cell) -> str:
    """The text of a cell; a quotation mark before what a spreadsheet would compute."""
    text = cell.isoformat() if isinstance(cell, date) else "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text


def report_as_csv(report: TableReport) -> bytes:
    """Write the table of a report: its people, or its counts. The headings are the names of the data."""
    match report:
        case DueReport():
            return write_csv(_due(report))
        case GivenReport():
            return write_csv(_given(report))
        case RecallReport():
            return write_csv(_recall(report))


def _due(report: DueReport) -> Iterator[Sequence[_Cell]]:
    yield ("state", "code", "row", "form", "due", "late", "danger_from", "closed", "offered", "appointment", "notes")
    for state, people in (("overdue", report.overdue), ("due", report.due)):
        for one in people:
            closed = "yes" if one.closed else "no"
            dates = (one.due, one.late, one.danger_from, closed, one.offered, one.appointment)
            yield (state, one.code, one.row, one.form, *dates, "; ".join(one.notes))
    for person in report.undated:
        yield ("undated", person.code, person.row, *[None] * 8)
    for refused in report.refused:
        yield ("not counted", refused.code, refused.row, *[None] * 7, "; ".join(refused.reasons))


_COUNTED: Final = ("handouts", "sheets", Mark.GIVEN.value, Mark.NOT_COLLECTED.value, Mark.VOID.value)
_COUNTS: Final = ("handout", "version", "language", "edition", "state", *_COUNTED)


def _given(report: GivenReport) -> Iterator[Sequence[_Cell]]:
    yield _COUNTS
    for count in report.counts:
        yield [getattr(count, name) for name in _COUNTS]


_HELD: Final = ("code", "given", "version", "language", "state", "mark", "newer", "since", "newer_printed")


def _recall(report: RecallReport) -> Iterator[Sequence[_Cell]]:
    yield ("replaced", *_HELD, "newer_printed_on", "site")
    for replaced, people in (("no", report.held), ("yes", report.replaced)):
        for held in people:
            yield [replaced, *(getattr(held, name) for name in (*_HELD, "newer_printed_on", "site"))]
