"""The contents of a drawer set: which page lies where, in which version, so that an old set can be found."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from press.reports.filed import ContentsReport, FiledPage
from press.reports.page import report_document, report_part
from press.runs.handout import Site

if TYPE_CHECKING:
    from press.runs.drawer import Contents, Filed
    from press.writers.pdf.file.page_tree import Part


def contents_for(site: Site, today: date, sides: int) -> Contents:
    """Prepare the sheet on top of a drawer set; `sides` are printed on one sheet.

    The sheet raises HandoutError if it cannot be printed.
    """

    def make_contents(filed: list[Filed], run: str) -> Part:
        report = ContentsReport(today, run, filed[-1].last, tuple(map(_row, filed)))
        return report_part(site, report_document(site, report), sides)

    return make_contents


def _row(filed: Filed) -> FiledPage:
    made, options = filed.made, filed.made.options
    state = "final" if made.status.is_final else "draft"
    version = made.handout.structure.version
    return FiledPage(
        filed.first, filed.last, options.language, options.form, options.reason, made.topic, version, state
    )
