"""What the screens of reports share: a report as a file that the browser saves or prints, and who is ticked."""

from __future__ import annotations

from typing import Final

from flask import Response, make_response, request

from press.desk.desk import Desk
from press.reports.csv_table import TableReport, report_as_csv
from press.reports.data import KINDS
from press.reports.page import report_as_pdf

_LONGEST: Final = 8  # figures of a number of a row


def ticked_numbers() -> list[int]:
    """List the numbers of the rows that were ticked; what is no number is nobody."""
    typed = request.form.getlist("r")
    return [int(text) for text in typed if text.isascii() and text.isdigit() and len(text) <= _LONGEST]


def csv_answer(report: TableReport) -> Response:
    """Give the table as CSV to be saved; its name tells of no person."""
    return _file(report_as_csv(report), "text/csv; charset=utf-8", f"attachment; filename={_name(report)}.csv")


def pdf_answer(desk: Desk, report: TableReport) -> Response:
    """Give the page to be printed from the browser. Raises HandoutError if it cannot be made."""
    return _file(desk.maker.ask(report_as_pdf, report), "application/pdf", f"inline; filename={_name(report)}.pdf")


def _name(report: TableReport) -> str:
    return f"{KINDS[type(report)]}-{report.day}"


def _file(data: bytes, kind: str, disposition: str) -> Response:
    return make_response(data, {"Content-Type": kind, "Content-Disposition": disposition})
