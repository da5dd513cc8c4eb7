"""What the screens of the words ask of the maker: the shelf of handouts, and pictures of a page as it stands."""

from __future__ import annotations

from datetime import date

from press.content.approvals import State, Status, Wish
from press.desk.person_work import draw_side
from press.document.nodes import plain
from press.errors import Problem, Problems
from press.patients.options import Options
from press.records import dataclass
from press.reports.signing_packet import find_open
from press.runs.handout import Site, complete, make, print_one
from press.runs.hardening import harden_reportlab, watching
from press.runs.signing import left_out_lines, state_of


@dataclass(frozen=True)
class ShelfItem:
    """A handout in a language, for the list of all: its title and version, who signed it, and what is open.

    Without a `state` it cannot be read, and `problems` say why.
    """

    topic: str
    language: str
    title: str = ""
    version: str = ""
    state: str = ""
    signer: str = ""
    role: str = ""
    until: date | None = None
    still_open: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_shelf(site: Site, topic: str, language: str, today: date) -> ShelfItem:
    """Read the state of a handout in a language; what cannot be read is given, not raised."""
    problems = Problems()
    with problems.gathering():
        handout, state = state_of(site, topic, language, today)
        approval = state.approval
        return ShelfItem(
            topic=topic,
            language=language,
            title=plain(handout.texts[handout.structure.title.text].children),
            version=handout.structure.version,
            state=state.state.name.lower(),
            signer=approval.by if approval else "",
            role=approval.role if approval else "",
            until=approval.until if approval else None,
            still_open=find_open(site, handout),
            left_out=left_out_lines(handout),
        )
    return ShelfItem(topic, language, problems=tuple(problems))


@dataclass(frozen=True)
class PagePictures:
    """A page as it would print for one kind of reader: a PNG for each side, or why there is none."""

    sides: tuple[bytes, ...] = ()
    problems: tuple[Problem, ...] = ()


def draw_page(site: Site, topic: str, language: str, form: str, reason: str, today: date) -> PagePictures:
    """Draw a page without a person's dates, as a draft if it is not signed. What refuses it is given, not raised."""
    problems = Problems()
    with problems.gathering():
        options, _ = complete(site, Options(language=language, form=form, reason=reason), today)
        state = Status(State.DRAFT)
        harden_reportlab()
        with watching([site.root], []):
            made = make(site, topic, options, today, Wish.DRAFT, sign=state)
            data = print_one(site, made, "pdf").data
        return PagePictures(draw_sides(data))
    return PagePictures(problems=tuple(problem for problem in problems if problem.is_error))


def draw_sides(data: bytes) -> tuple[bytes, ...]:
    """Draw each side of a finished PDF as PNG."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(draw_side(page) for page in document)
    finally:
        document.close()
