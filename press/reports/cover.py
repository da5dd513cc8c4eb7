"""The cover of a print job: who has which sheets, for staff to tick off, and what to ask about the pages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from press.compose.sandbox import Fields
from press.content.handout import Handout
from press.document.nodes import Document, Value
from press.reports.page import compose_report, read_words, report_part, sheet_numbers
from press.reports.teach_back import mark_strips, strip_of
from press.runs.handout import Site

if TYPE_CHECKING:
    from press.runs.list_request import Cover
    from press.runs.print_job import PlacedPerson
    from press.writers.pdf.file.page_tree import Part

KIND = "cover"


def cover_for(site: Site, today: date, sides: int) -> Cover:
    """Prepare the tick list for staff, which is printed before the first sheet of a job.

    `sides` are printed on one sheet. The cover raises HandoutError if it cannot be printed.
    """

    def make_cover(placed: list[PlacedPerson], run: str) -> Part:
        return report_part(site, compose_cover(site, today, placed, run), sides)

    return make_cover


def compose_cover(site: Site, today: date, placed: list[PlacedPerson], run: str) -> Document:
    """Compose the tick list, with the questions of all handouts in it (teach-back). Raises HandoutError."""
    texts, handouts = read_words(site), _with_questions(site, placed)
    amounts = {"people": len(placed), "sheets": placed[-1].last}
    context = {
        "run": run,
        "sums_": tuple(Fields(name=texts[name], amount=amount) for name, amount in amounts.items()),
        "people": tuple(map(_person, placed)),
        "strips": tuple(map(strip_of, handouts)),
    }
    return mark_strips(compose_report(site, texts, KIND, texts[KIND], today, context), handouts)


def _person(person: PlacedPerson) -> Fields:
    return Fields(
        code=Value("code", person.code),
        sheets=sheet_numbers(person.first, person.last),
        handouts=", ".join(person.topics),
    )


def _with_questions(site: Site, placed: list[PlacedPerson]) -> tuple[Handout, ...]:
    """List the handouts of a job that have questions, each once in each language."""
    pages = {(row.handout, row.language) for person in placed for row in person.given}
    handouts = (site.handout(topic, language) for topic, language in sorted(pages))
    return tuple(handout for handout in handouts if handout.teach_back)
