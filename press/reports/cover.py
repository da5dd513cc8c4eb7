"""The cover of a print job: who has which sheets, for staff to tick off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from press.reports.data import CoverReport, Ticked
from press.reports.page import report_document, report_part
from press.runs.handout import Site

if TYPE_CHECKING:
    from press.runs.list_request import Cover
    from press.runs.print_job import PlacedPerson
    from press.writers.pdf.file.page_tree import Part


def cover_for(site: Site, today: date, sides: int) -> Cover:
    """Prepare the tick list for staff, which is printed before the first sheet of a job.

    `sides` are printed on one sheet. The cover raises HandoutError if it cannot be printed.
    """

    def make_cover(placed: list[PlacedPerson], run: str) -> Part:
        ticked = tuple(Ticked(one.code, one.first, one.last, one.topics) for one in placed)
        report = CoverReport(today, run, placed[-1].last, ticked)
        return report_part(site, report_document(site, report), sides)

    return make_cover
