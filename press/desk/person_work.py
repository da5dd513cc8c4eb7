"""What the maker does for one person: the choices of the form, the preview, the pages, their images.

Each function takes the clinic's site first and runs in the maker's process, with the tripwire on.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from press.content.approvals import Wish
from press.content.localize import language_in_words
from press.content.raw import Mapping as Tree
from press.content.raw import Scalar, Sequence, Value
from press.content.typed_text import cleaned
from press.delivery.destination import Target, UsageError
from press.document.nodes import plain
from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.patients.options import KEYS, Options, read_options
from press.records import dataclass
from press.runs.batch import sheets
from press.runs.desk_delivery import DeliveryRequest, FinishedPage, LedgerEntry, deliver_pages
from press.runs.desk_run import DeskRequest, MadePages, make_pages, prepare

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from press.runs.handout import Site

DPI: Final = 96  # of page images: as large as on paper where a screen is not scaled
BOTH_SIDES: Final = 2


@dataclass(frozen=True)
class PersonRequest:
    """What was typed for one person, as text by the key of the option; dates are YYYY-MM-DD by now."""

    today: date
    typed: tuple[tuple[str, str], ...]
    handouts: tuple[str, ...]
    beside: str = ""
    is_draft: bool = False
    sides: int = BOTH_SIDES  # printed on each sheet

    @property
    def code(self) -> str:
        """The clinic's code of the person, if it was typed."""
        return dict(self.typed).get("code", "")


@dataclass(frozen=True)
class PersonPage:
    """One finished handout: its title, its file, and how many sides it has."""

    topic: str
    title: str
    language: str
    data: bytes
    sides: int
    is_final: bool


@dataclass(frozen=True)
class PersonPages:
    """The pages of one person, warnings for staff, and the image of the side that somebody looks at."""

    request: PersonRequest
    pages: tuple[PersonPage, ...]
    warnings: tuple[Problem, ...] = ()
    images: dict[int, bytes] = field(default_factory=dict)
    paths: tuple[Path, ...] = ()
    run: str = ""  # in the ledger

    @property
    def sheets(self) -> int:
        """How many sheets of paper they fill: each handout begins a new one."""
        return sum(sheets(page.sides, self.request.sides) for page in self.pages)

    @property
    def size(self) -> tuple[int, int]:
        """The width and height of the images in pixels, as their first one says: all sides are on one paper."""
        first = next(iter(self.images.values()))
        return int.from_bytes(first[16:20]), int.from_bytes(first[20:24])

    @property
    def places(self) -> list[tuple[int, int, PersonPage]]:
        """List every side in order, as its page's number, its own number in that page, and the page."""
        return [(number, side, page) for number, page in enumerate(self.pages) for side in range(page.sides)]


@dataclass(frozen=True)
class PersonChoices:
    """What the form offers: (value, label) pairs, and what the clinic's defaults choose."""

    handouts: tuple[tuple[str, str], ...]
    usual: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    defaults: dict[str, str]
    printer: str


def person_choices(site: Site, language: str) -> PersonChoices:
    """List what the form of one person offers, in the staff's language. Raises HandoutError."""
    library, defaults = site.library, site.clinic.defaults
    titles = tuple((topic, _title(site, topic, language)) for topic in library.topics)
    sets = tuple((name, f"{name} ({', '.join(members)})") for name, members in site.sets.items())
    codes = sorted({code for topic in library.topics for code in library.languages(topic)})
    return PersonChoices(
        handouts=titles + sets,
        usual=tuple(topic for topic in library.topics if not library.structure(topic).opt_in),
        languages=tuple((code, language_in_words(code, language)) for code in codes),
        defaults={name: getattr(defaults, name) for name in ("language", "edition", "paper", "form", "reason")},
        printer=site.clinic.printer,
    )


def _title(site: Site, topic: str, language: str) -> str:
    handout = site.handout(topic, language if language in site.library.languages(topic) else "en")
    return plain(handout.texts[handout.structure.title.text].children)


def preview_person(site: Site, request: PersonRequest, look: int) -> PersonPages:
    """Make all pages as they would be printed, and the image of side `look`. Raises HandoutError for any refusal."""
    made = _made(site, request)
    pages = _plain(made)
    found = PersonPages(request, pages, tuple(made.problems))
    look = look if look < len(found.places) else 0
    _, side, page = found.places[look]
    return PersonPages(request, pages, found.warnings, {look: side_image(site, page.data, side)})


def print_person(site: Site, request: PersonRequest, now: datetime) -> PersonPages:
    """Make all pages, then bring them to the clinic's folder and enter them in the ledger.

    Raises HandoutError: nothing is delivered if a page is refused, and nothing may be printed if a file could not be
    written; then the ledger may hold a page that was.
    """
    made = _made(site, request)
    target = Target(site.root / site.clinic.output)
    entry = LedgerEntry(site.root / site.clinic.ledger, now) if request.code else None
    done = deliver_pages(DeliveryRequest(made.pages, site.root, target, lambda data: None, entry))
    if len(done.paths) < len(made.pages):
        raise HandoutError(done.problems)
    warnings, run = (*made.problems, *done.problems), entry.run if entry else ""
    told = tuple(dict.fromkeys(warnings))
    return PersonPages(request, _plain(made), told, paths=done.paths, run=run)


def side_image(site: Site, data: bytes, side: int) -> bytes:
    """Draw one side of a finished file, counted from 0, as PNG: the very bytes that are printed."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return draw_side(document[side])
    finally:
        document.close()


def draw_side(page: PdfPage) -> bytes:
    """Draw one side of a file as PNG."""
    bitmap = page.render(scale=DPI / 72, grayscale=True)
    return _png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))


def _png(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    """Write gray pixels as PNG without filters: an image library tries them all, which takes longer than the page."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, stride * height, stride))
    packer = zlib.compressobj(1, strategy=zlib.Z_RLE)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", packer.compress(rows) + packer.flush()) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def person_text(site: Site, request: PersonRequest) -> tuple[tuple[str, str, str], ...]:
    """Give each page as plain text, for who does not see its image: title, language, words. Raises HandoutError."""
    from press.runs.handout import print_one

    made = _made(site, request)
    return tuple(
        (one.title, one.language, print_one(site, page.made, "text").data.decode("utf-8"))
        for one, page in zip(_plain(made), made.pages, strict=True)
        if page.made
    )


def _made(site: Site, request: PersonRequest) -> MadePages:
    """Make every page; one that is refused refuses all: a person goes home with the whole set. Raises HandoutError."""
    problems = Problems()
    options = _options(request, problems)
    if not request.handouts:
        problems.extend(refuse(Place("handouts"), "no handout is ticked", "tick at least one").problems)
    wish = Wish.DRAFT if request.is_draft else Wish.AS_IT_MAY_BE
    asked = DeskRequest(site, request.today, options, beside=request.beside, wish=wish, use_ledger=bool(request.code))
    try:
        prepared = prepare(asked, problems)
    except UsageError:
        raise refuse(Place("beside"), "this is the language of the page itself", "choose another one") from None
    made = make_pages(prepared, Target(site.root / site.clinic.output))
    if len(made.pages) < len(prepared.topics):
        raise HandoutError(made.problems)
    return made


def _options(request: PersonRequest, problems: Problems) -> Options:
    """Read what was typed by the converters that every door shares; a field's key is its place."""
    entries: list[tuple[Scalar, Value]] = []
    for key, typed in request.typed:
        place = Place(key)
        with problems.gathering():
            entries.append((Scalar(key, place), Scalar(cleaned(typed, place, f"`{key}`: "), place)))
    place = Place("handouts")
    chosen = tuple(Scalar(name, place) for name in request.handouts)
    entries.append((Scalar("handouts", place), Sequence(chosen, place)))
    assert {key.text for key, _ in entries} <= set(KEYS), "a form has no option of its own"
    return read_options(Tree(tuple(entries), Place("the form")), problems)


def _plain(made: MadePages) -> tuple[PersonPage, ...]:
    return tuple(_page(page) for page in made.pages)


def _page(page: FinishedPage) -> PersonPage:
    made, printed = page.made, page.printed
    assert made and printed, "the desk makes pages, and no calendars"
    title, language = made.master.page.document.title, made.options.language
    return PersonPage(made.topic, title, language, page.data, printed.pages, made.status.is_final)
