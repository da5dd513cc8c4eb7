"""Many handouts in one file: a person's, or everybody's as one print job, on new sheets, pages counted by person.

Every page carries the run's short code and the number of its sheet, so that a job that jammed can
be printed again from there. Nothing is delivered before all pages are proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from press.delivery.ledger import LedgerRow
from press.delivery.manifest import INNER, PersonEntry, Run, read_manifest
from press.document.nodes import Numbering
from press.errors import HandoutError, PageError, Place, refuse
from press.records import dataclass, replace
from press.runs.batch import Order, Packet, PersonPage, Refused, lay_out, leave_out, prove_own, rows, sheets
from press.runs.handout import Made, Site, blank_side, forme_of, lay_out_one
from press.writers.pdf.file.page_tree import Part
from press.writers.pdf.reuse.forme import Copy

if TYPE_CHECKING:
    from press.writers.pdf.file.job import JobFile

T = TypeVar("T")
_TRIES = 3  # a longer footer may push words to another side, and that changes the numbers


@dataclass(frozen=True)
class BoundPerson:
    """One person's place in a job: the sheets from `first` to `last`, counted from 1."""

    packet: Packet
    handouts: tuple[tuple[Copy | None, ...], ...]
    first: int
    last: int

    @property
    def part(self) -> Part:
        """What the job's file gets of it."""
        options = self.packet.options
        return Part(options.code, options.language, tuple(chain.from_iterable(self.handouts)))

    def placed(self, run: str, at: datetime, sides: int) -> PlacedPerson:
        """What the job needs of it to the end; trees and words are let go, for a job of thousands."""
        topics = tuple(page.made.topic for page in self.packet.pages)
        return PlacedPerson(self.packet.options.code, topics, rows(self.packet, run, at, sides), self.first, self.last)


@dataclass(frozen=True, slots=True)
class PlacedPerson:
    """One person's pages in a job, named by code, and the rows that enter them in the ledger."""

    code: str
    topics: tuple[str, ...]
    given: tuple[LedgerRow, ...]
    first: int
    last: int


def bind(
    site: Site, people: Iterator[Packet | Refused], order: Order, run: str, sides: int
) -> Iterator[BoundPerson | Refused]:
    """Lay each person's handouts out as pages of the job; `sides` are printed on one sheet."""
    sheet = 1
    for packet in people:
        bound = _retry_without_failures(packet, lambda one: _bound(site, one, order, run, sides, sheet))  # noqa: B023 - called at once
        yield bound
        if isinstance(bound, BoundPerson):
            sheet = bound.last + 1


def _retry_without_failures(packet: Packet | Refused, make: Callable[[Packet], T]) -> T | Refused:
    """What is made of a person's handouts, again without each page that fails.

    Who was refused, or is now, gets nothing.
    """
    if isinstance(packet, Refused):
        return packet
    try:
        return make(packet)
    except PageError as error:
        return _retry_without_failures(_drop_page(packet, error), make)
    except HandoutError as error:
        return _refuse_person(packet, error)


def _drop_page(packet: Packet, error: PageError) -> Packet | Refused:
    try:
        return leave_out(packet, {error.topic: error.problems})
    except HandoutError as every:
        return _refuse_person(packet, every)


def _refuse_person(packet: Packet, error: HandoutError) -> Refused:
    return Refused(packet.row, packet.options.code, error.problems, packet.options.place)


@contextmanager
def _name_page(page: PersonPage) -> Iterator[None]:
    """Raise PageError for a HandoutError, so that the others of the set may be printed."""
    try:
        yield
    except HandoutError as error:
        raise PageError(page.made.topic, error.problems) from None


def _bound(site: Site, packet: Packet, order: Order, run: str, sides: int, sheet: int) -> BoundPerson:
    """One person's part, proved. Raises PageError for a page that cannot be laid out."""
    return _proved(site, _laid_out(site, packet, run, sides, sheet), order)


def _laid_out(site: Site, packet: Packet, run: str, sides: int, sheet: int) -> BoundPerson:
    """One person's part. How many pages there are is known once they are laid out, and is printed on them.

    Raises PageError for a page that cannot be laid out.
    """
    counts: list[int] = []
    for page in packet.pages:
        with _name_page(page):
            counts.append(forme_of(site, page.made, run).pages)  # as for whoever came before
    for _ in range(_TRIES):
        found = _numbered(site, packet, run, sides, sheet, counts)
        seen = [copy.pages for copy in found]
        if seen == counts:
            break
        counts = seen
    else:
        raise RuntimeError("the numbers of the pages changed how many there are")
    handouts: list[tuple[Copy | None, ...]] = []
    for page, copy, count in zip(packet.pages, found, counts, strict=True):
        with _name_page(page):
            handouts.append((copy, *_blanks(site, page.made, count, sides)))
    last = sheet - 1 + sum(sheets(count, sides) for count in counts)
    pages = tuple(replace(page, printed=copy) for page, copy in zip(packet.pages, found, strict=True))
    return BoundPerson(replace(packet, pages=pages), tuple(handouts), sheet, last)


def _proved(site: Site, bound: BoundPerson, order: Order) -> BoundPerson:
    """The same part, whose pages show nobody else's values. Raises WrongPatientError."""
    packet = bound.packet
    for page in packet.pages:
        assert isinstance(page.printed, Copy), "it is laid out by now"
        prove_own(site, page.made, page.printed, packet.options_of(page.made.topic), order.today)
    return bound


def lay_out_galley(site: Site, packet: Packet | Refused, run: str, sides: int, sheet: int) -> BoundPerson | Refused:
    """Lay a person's handouts out as if they came at this sheet, and prove nothing yet."""
    return _retry_without_failures(packet, lambda one: _laid_out(site, one, run, sides, sheet))


def renumber(site: Site, bound: BoundPerson, order: Order, sides: int, sheet: int) -> BoundPerson:
    """A galley with the numbers of its sheets, proved. Raises OutOfStepError if that changes how many there are."""
    from press.writers.pdf.file.stretch import OutOfStepError

    if bound.first == sheet:
        return _proved(site, bound, order)
    copies = [copy for (copy, *_) in bound.handouts if copy]
    total, first, next_sheet, found = sum(copy.pages for copy in copies), 1, sheet, []
    for copy in copies:
        found.append(copy.forme.copy(copy.texts, Numbering(first, total, next_sheet, sides)))
        first, next_sheet = first + copy.pages, next_sheet + sheets(copy.pages, sides)
    if [copy.pages for copy in found] != [copy.pages for copy in copies]:
        raise OutOfStepError("a longer number of a sheet changed how many there are")
    handouts = tuple((copy, *blanks) for copy, (_, *blanks) in zip(found, bound.handouts, strict=True))
    pages = tuple(replace(page, printed=copy) for page, copy in zip(bound.packet.pages, found, strict=True))
    packet = replace(bound.packet, pages=pages)
    return _proved(site, BoundPerson(packet, handouts, sheet, next_sheet - 1), order)


def _numbered(site: Site, packet: Packet, run: str, sides: int, sheet: int, counts: list[int]) -> list[Copy]:
    """The handouts laid out with the numbers of their pages and sheets, if they have as many pages as thought."""
    found, first = [], 1
    for page, count in zip(packet.pages, counts, strict=True):
        with _name_page(page):
            found.append(lay_out_one(site, page.made, run, Numbering(first, sum(counts), sheet, sides)))
        first, sheet = first + count, sheet + sheets(count, sides)
    return found


def _blanks(site: Site, made: Made, count: int, sides: int) -> list[Copy | None]:
    """The blank sides that bring the next handout onto a new sheet; the clinic may want words on them."""
    missing = -count % sides
    if not missing or not site.clinic.blank_sides:
        return [None] * missing
    return [blank_side(site, made)] * missing


# The file and its record


@contextmanager
def job_file(site: Site, write: Callable[[bytes], object], sides: range) -> Iterator[JobFile]:
    """The file of these sides of a job (from 0), which takes each person's part as it is made."""
    from press.writers.pdf.file.job import JobFile

    job = JobFile(write, "Handouts", site.clinic.defaults.language, sides.start, sides.stop)
    yield job
    if job.sides:
        job.end()


def person_files(
    site: Site, people: Iterator[Packet | Refused], order: Order, sides: int
) -> Iterator[tuple[Packet, str, bytes] | Refused]:
    """Each person's file with its name, in the order of the list."""
    for packet in people:
        yield _retry_without_failures(packet, lambda one: person_file(site, one, order, sides))


def person_file(site: Site, packet: Packet, order: Order, sides: int) -> tuple[Packet, str, bytes]:
    """One person's pages with the name and the bytes of the file: the handout itself, or all behind each other.

    Raises HandoutError if the pages cannot be numbered through.
    """
    from press.writers.pdf.file.single import write_bound, write_single

    if len(packet.pages) == 1:
        alone = lay_out(site, packet, order) if packet.pages[0].printed is None else packet
        [page] = alone.pages
        assert isinstance(page.printed, Copy), "one handout alone is laid out by now"
        return alone, page.name, write_single(page.printed)
    made, language = _bound(site, packet, order, "", sides, 1), packet.options.language
    documents = [page.made.master.page.document for page in packet.pages]
    parts = [Part(one.title, one.language, handout) for one, handout in zip(documents, made.handouts, strict=True)]
    draft = "" if all(page.made.status.is_final for page in packet.pages) else "DRAFT-"
    return made.packet, f"{draft}{packet.options.code}-{language}.pdf", write_bound(parts, "Handouts", language)


def people_of(placed: list[PlacedPerson]) -> list[PersonEntry]:
    """What the manifest keeps of everybody: which code has which sheets."""
    return [PersonEntry(code=one.code, first=one.first, last=one.last) for one in placed]


def check_same_list(folder: Path, name: str, plan: str, digest: str) -> None:
    """Refuse to replace the job of another list; `digest` is that of this list. Raises HandoutError."""
    if not (folder / name).exists() or not (folder / INNER / f"{name}.json").exists():
        return
    found = read_manifest(folder, f"{name}.json")
    if found["plan"] != plan and found.get("list") != digest:
        raise refuse(
            Place(str(folder / name)),
            "this file is the job of another list, or of this list before it was changed",
            "name another file after --merged, or remove this one if its pages are of no more use",
        )


def name_beside(folder: Path, name: str, run: Run) -> str:
    """The name for a job of some people of a list: with the run's code, where it might else replace another job."""
    if not (folder / name).exists() or run.code in name:
        return name
    return f"{Path(name).stem}-{run.code}.pdf"


def day_of_job(path: Path) -> date | None:
    """The day of the pages of a finished job, if its record says it. Raises HandoutError if there is no record."""
    found = read_manifest(path.parent, f"{path.name}.json").get("day")
    return date.fromisoformat(found) if found else None


def check_same_run(folder: Path, name: str, plan: str, wanted: range) -> str:
    """The name for sheets of a job that are printed again.

    Raises HandoutError if there is no such job, the list or the words changed since, or it has no such sheet.
    """
    found = read_manifest(folder, f"{name}.json")
    if found["plan"] != plan:
        message = "the list, the words or the day are not those of the job that was printed"
        hint = "print one person with --code, or the list under another name; --today takes the day of that job"
        raise refuse(Place(str(folder / name)), message, hint)
    last = max((person["last"] for person in found["people"]), default=0)
    if wanted.start > last:
        raise refuse(Place("the sheet"), f"that job has {last} sheets")
    return f"{Path(name).stem}-{'' if len(wanted) == 1 else 'from-'}sheet-{wanted.start}.pdf"
