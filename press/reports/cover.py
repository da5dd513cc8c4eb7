"""The sheet on top of a print job: who has which sheets, for staff to tick off."""

from __future__ import annotations

from datetime import date

from press.reports.data import CoverReport, Ticked
from press.reports.page import SHEET, report_document
from press.runs.handout import Press
from press.runs.print_job import Placed
from press.writers.pdf.file.page_tree import Part
from press.writers.pdf.writer import lay_out_document


def cover_part(press: Press, placed: list[Placed], today: date, run: str, sides: int) -> Part:
    """The tick list for staff before the first sheet of a job. Raises HandoutError if it cannot be printed."""
    ticked = tuple(Ticked(one.code, one.first, one.last, one.topics) for one in placed)
    document = report_document(press, CoverReport(today, run, placed[-1].last, ticked))
    copy = lay_out_document(document, press.sheet(SHEET, press.clinic.defaults.paper))
    return Part(document.title, document.language, (copy, *[None] * (-copy.pages % sides)))
