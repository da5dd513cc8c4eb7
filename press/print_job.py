"""Many handouts in one file: a person's, or everybody's as one print job, on new sheets, pages counted by person.

Every page carries the run's short code and the number of its sheet, so that a job that jammed can
be printed again from there. Nothing is delivered before all pages are proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from press.batch import Order, Packet, Refused, prove_own, rows, sheets
from press.document import Document, Numbering, Paragraph, SheetNumber, Text
from press.errors import HandoutError, Place, Problem, refuse
from press.job import Made, Press, lay_out_one
from press.ledger import Given
from press.library import BLANK_SIDE
from press.report_page import SHEET as REPORT_SHEET
from press.report_page import report_document
from press.reports import CoverReport, Ticked
from press.run_folder import read_manifest
from press.writers.pdf.volume import Laid, Part

T = TypeVar("T")
_TRIES = 3  # a longer footer may push words to another side, and that changes the numbers


@dataclass(frozen=True)
class Bound:
    """One person's place in a job: the sheets from `first` to `last`, counted from 1."""

    packet: Packet
    handouts: tuple[tuple[Laid | None, ...], ...]
    first: int
    last: int

    def placed(self, run: str, at: datetime, sides: int) -> Placed:
        """What the job needs of it to the end; trees and words are let go, for a job of thousands."""
        options = self.packet.options
        return Placed(
            code=options.code,
            part=Part(options.code, options.language, tuple(chain.from_iterable(self.handouts))),
            topics=tuple(page.made.tailored.handout.bones.topic for page in self.packet.pages),
            given=rows(self.packet, run, at, sides),
            first=self.first,
            last=self.last,
        )


@dataclass(frozen=True)
class Placed:
    """One person's pages in a job, named by code, and the rows that enter them in the ledger."""

    code: str
    part: Part
    topics: tuple[str, ...]
    given: tuple[Given, ...]
    first: int
    last: int


def bind(press: Press, people: Iterator[Packet | Refused], order: Order, run: str, sides: int) -> Iterator[Bound | Refused]:
    """Lay each person's handouts out once more, as pages of the job; `sides` are printed on one sheet."""
    sheet = 1
    for packet in people:
        bound = _tried(packet, lambda one: _bound(press, one, order, run, sides, sheet))
        yield bound
        if isinstance(bound, Bound):
            sheet = bound.last + 1


def _tried(packet: Packet | Refused, make: Callable[[Packet], T]) -> T | Refused:
    """What is made of a person's handouts; who was refused, or is now, gets nothing."""
    if isinstance(packet, Refused):
        return packet
    try:
        return make(packet)
    except HandoutError as error:
        return Refused(packet.row, packet.options.code, error.problems)


def _bound(press: Press, packet: Packet, order: Order, run: str, sides: int, sheet: int) -> Bound:
    """One person's part. How many pages there are is known from the first layout, or else from the second."""
    counts = [page.printed.pages for page in packet.pages]
    for _ in range(_TRIES):
        found = _numbered(press, packet, run, sides, sheet, counts)
        seen = [len(laid.layout.pages) for laid, _ in found]
        if seen == counts:
            break
        counts = seen
    else:
        raise RuntimeError("the numbers of the pages changed how many there are")
    handouts: list[tuple[Laid | None, ...]] = []
    for page, (laid, _), count in zip(packet.pages, found, counts, strict=True):
        prove_own(press, page.made, laid.layout, packet.options, order.today)
        handouts.append((laid, *_blanks(press, page.made, count, sides)))
    warnings = tuple(problem for _, told in found for problem in told)
    last = sheet - 1 + sum(sheets(count, sides) for count in counts)
    told = replace(packet, warnings=tuple(dict.fromkeys((*packet.warnings, *warnings))))
    return Bound(told, tuple(handouts), sheet, last)


def _numbered(
    press: Press, packet: Packet, run: str, sides: int, sheet: int, counts: list[int]
) -> list[tuple[Laid, tuple[Problem, ...]]]:
    """The handouts laid out with the numbers of their pages and sheets, if they have as many pages as thought."""
    found, first = [], 1
    for page, count in zip(packet.pages, counts, strict=True):
        numbering = Numbering(first, sum(counts), sheet, sides)
        stamp = stamped(page.made.document, run) if run else page.made.document
        document = replace(stamp, numbering=numbering)
        found.append(lay_out_one(press, replace(page.made, document=document)))
        first, sheet = first + count, sheet + sheets(count, sides)
    return found


def stamped(document: Document, run: str) -> Document:
    """The document with the run's code and its sheet's number in the first line of the footer."""
    first, *rest = document.footer
    assert isinstance(first, Paragraph), "a footer holds paragraphs"
    return replace(document, footer=(replace(first, children=(*first.children, Text(f" · {run}-"), SheetNumber())), *rest))


def _blanks(press: Press, made: Made, count: int, sides: int) -> list[Laid | None]:
    """The blank sides that bring the next handout onto a new sheet; the clinic may want words on them."""
    missing = -count % sides
    if not missing or not press.clinic.blank_sides:
        return [None] * missing
    words = Paragraph((made.tailored.phrases[BLANK_SIDE],))
    side = replace(made.document, banner=(), letterhead=(), body=(words,), footer=(), first_page=(), sides=0)
    return [lay_out_one(press, replace(made, document=side))[0]] * missing


# The file and its record


def write(
    press: Press, placed: list[Placed], today: date, run: str, sides: int, cover: bool, first: int
) -> bytes:
    """The file of a job from sheet `first` on; a tick list before sheet 1 if staff want a cover."""
    from press.writers.pdf import laid_out, write_job

    parts = [one.part for one in placed]
    if cover and first == 1:
        ticked = tuple(Ticked(one.code, one.first, one.last, one.topics) for one in placed)
        sheet = press.sheet(REPORT_SHEET, press.clinic.defaults.paper)
        document = report_document(press, CoverReport(today, run, placed[-1].last, ticked))
        laid, _ = laid_out(document, sheet)
        blanks: list[Laid | None] = [None] * (-len(laid.layout.pages) % sides)
        parts = [Part(document.title, document.language, (laid, *blanks)), *parts]
    return write_job(parts, "Handouts", press.clinic.defaults.language, (first - 1) * sides)


def person_files(
    press: Press, people: Iterator[Packet | Refused], order: Order, sides: int
) -> Iterator[tuple[Packet, str, bytes] | Refused]:
    """Each person's file with its name, in the order of the list."""
    for packet in people:
        yield _tried(packet, lambda one: (one, *person_file(press, one, order, sides)))


def person_file(press: Press, packet: Packet, order: Order, sides: int) -> tuple[str, bytes]:
    """The name and the bytes of one person's file: the handout itself, or all handouts behind each other.

    Raises HandoutError if the pages cannot be numbered through.
    """
    from press.writers.pdf import write_job

    if len(packet.pages) == 1:
        return packet.pages[0].name, packet.pages[0].printed.data
    bound, language = _bound(press, packet, order, "", sides, 1), packet.options.language
    titles = [page.made.document.title for page in packet.pages]
    parts = [Part(title, language, handout) for title, handout in zip(titles, bound.handouts, strict=True)]
    draft = "" if all(page.made.status.is_final for page in packet.pages) else "DRAFT-"
    return f"{draft}{packet.options.code}-{language}.pdf", write_job(parts, "Handouts", language)


def record(placed: list[Placed], name: str, data: bytes) -> dict[str, Any]:
    """What the manifest keeps: which code has which sheets, and the digest of the file."""
    people = [{"code": one.code, "first": one.first, "last": one.last} for one in placed]
    return {"people": people, "files": [{"name": name, "sha256": sha256(data).hexdigest()}]}


def check_same_run(folder: Path, name: str, plan: str, sheet: int) -> str:
    """The name for a job that is printed again from a sheet on.

    Raises HandoutError if there is no such job, the list or the words changed since, or it has no such sheet.
    """
    found = read_manifest(folder, f"{name}.json")
    if found["plan"] != plan:
        message = "the list, the words or the day are not those of the job that was printed"
        raise refuse(Place(str(folder / name)), message, "give --today the day of that job, or print the whole list again")
    last = max((person["last"] for person in found["people"]), default=0)
    if sheet > last:
        raise refuse(Place("--from-sheet"), f"that job has {last} sheets")
    return f"{Path(name).stem}-from-sheet-{sheet}.pdf"
