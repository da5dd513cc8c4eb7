"""The cover of a print job: who has which sheets, for staff to tick off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from press.reports.data import CoverReport, Ticked
from press.reports.page import SHEET, report_document
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
        from press.writers.pdf.file.page_tree import Part
        from press.writers.pdf.writer import laid_out

        ticked = tuple(Ticked(one.code, one.first, one.last, one.topics) for one in placed)
        document = report_document(site, CoverReport(today, run, placed[-1].last, ticked))
        copy = laid_out(document, site.sheet(SHEET, site.clinic.defaults.paper))
        return Part(document.title, document.language, (copy, *[None] * (-copy.pages % sides)))

    return make_cover
