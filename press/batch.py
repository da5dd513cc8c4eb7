"""Many people's handouts as one run: each person's set whole or not at all, one failure stops no other.

A person's pages are made, proved to be that person's, and only then delivered, together with
their rows of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from press import __version__
from press.approval import fingerprint_of
from press.errors import HandoutError, Problem, Problems
from press.job import Made, Press, complete, file_name, lay_out_one, make, topics
from press.ledger import Given
from press.model import Options
from press.owner import prove_owner
from press.sign_off import Wish
from press.tailor import brief

if TYPE_CHECKING:  # `make` enters a page into the ledger through here, and reads no list
    from press.patient_list import Entry, PatientList
    from press.readers.table import Row
    from press.writers.pdf import Copy
    from press.writers.printed import Printed

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
_CODE = 6  # letters of a run's short code
_CONTENT = ("handouts", "templates", "config.yaml", "approvals.yaml")


@dataclass(frozen=True)
class Order:
    """What is asked for, the same for everybody on the list."""

    today: date
    wish: Wish = Wish.AS_IT_MAY_BE
    handouts: tuple[str, ...] = ()
    paper: str = ""  # of a print job: a printer takes one at a time
    bound: bool = False  # everybody's in one file: pages are laid out with their numbers in it, later
    one_file: bool = False  # each person's handouts in one file


@dataclass(frozen=True)
class Page:
    """One finished handout of one person, not yet delivered."""

    name: str
    made: Made
    printed: Copy | Printed | None = None  # the page, or the copy that it will be printed from; None if not yet laid out


@dataclass(frozen=True)
class Packet:
    """All handouts of one person, in the order in which they are given."""

    row: int
    options: Options
    pages: tuple[Page, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Refused:
    """A person for whom nothing is printed, and every reason."""

    row: int
    code: str
    problems: tuple[Problem, ...]


def packets(press: Press, people: Iterable[Entry], order: Order) -> Iterator[Packet | Refused]:
    """Each person's handouts, in the order of the list; who has one that is refused gets none."""
    for entry in people:
        try:
            yield _packet(press, entry, order)
        except HandoutError as error:
            yield Refused(entry.row, entry.options.code if entry.options else "", error.problems)


def _packet(press: Press, entry: Entry, order: Order) -> Packet:
    problems = Problems()
    problems.extend(entry.problems)
    problems.raise_if_errors()
    assert entry.options is not None, "no problem, so there are options"
    asked = replace(entry.options, paper=order.paper) if order.paper else entry.options
    options, warnings = complete(press, asked, order.today)
    problems.extend(warnings)
    chosen = topics(press, order.handouts) if order.handouts else topics(press, options.handouts, options)
    numbered = order.bound or (order.one_file and len(chosen) > 1)
    pages = []
    for topic in chosen:
        with problems.gathering():
            made = make(press, topic, options, order.today, order.wish)
            problems.extend(made.warnings)
            pages.append(Page(file_name(made, "pdf"), made, None if numbered else _laid_out(press, made, order, problems)))
    problems.raise_if_errors()
    return Packet(entry.row, options, tuple(pages), tuple(problems))


def _laid_out(press: Press, made: Made, order: Order, problems: Problems) -> Copy:
    copy = lay_out_one(press, made)
    problems.extend(copy.warnings)
    prove_own(press, made, copy, made.options, order.today)
    return copy


def prove_own(press: Press, made: Made, copy: Copy, options: Options, today: date) -> None:
    """Raise StrayValue unless a page shows only what is filled in anew from the person's own options."""
    handout = press.handout(made.topic, options.language)
    prove_owner(copy.values(), brief(handout, options, press.clinic, today, made.status), handout, press.clinic)


# What is kept of a page


def rows(packet: Packet, run: str, at: datetime, sides: int = 2) -> tuple[Given, ...]:
    """What the ledger keeps of one person's handouts, `sides` printed on one sheet."""
    return tuple(given_row(page, run, at, sides) for page in packet.pages)


def sheets(pages: int, sides: int) -> int:
    """How many sheets of paper so many pages need, `sides` printed on each."""
    return -(-pages // sides)


def given_row(page: Page, run: str, at: datetime, sides: int = 2) -> Given:
    """One row of the ledger."""
    handout, options = page.made.handout, page.made.options
    assert page.printed is not None, "what is given was laid out"
    return Given(
        at=at.isoformat(timespec="seconds"),
        code=options.code,
        handout=handout.bones.topic,
        version=handout.bones.version,
        fingerprint=fingerprint_of(handout)[:7],
        language=options.language,
        edition=options.edition,
        state="final" if page.made.status.is_final else "draft",
        run=run,
        sheets=sheets(page.printed.pages, sides),
    )


# What a run is


def plan_of(press: Press, people: PatientList, order: Order, *more: str) -> str:
    """The digest of everything that the pages of a run depend on: list, day, words, looks, clinic."""
    digest = sha256()
    for part in (__version__, people.sha256, order.today.isoformat(), order.wish.value, *order.handouts, *more):
        digest.update(part.encode() + b"\0")
    for path in _files_of(press.root):
        digest.update(str(path.relative_to(press.root)).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files_of(root: Path) -> Iterator[Path]:
    for name in _CONTENT:
        top = root / name
        yield from sorted(path for path in ([top] if top.is_file() else top.rglob("*")) if path.is_file())


def run_code(plan: str) -> str:
    """Six letters that name a run on paper."""
    number = int(plan[:16], 16)
    return "".join(_LETTERS[(number >> 5 * place) % 32] for place in range(_CODE))


def chosen_rows(people: PatientList, numbers: Sequence[int]) -> Iterator[Row]:
    """The rows with these numbers, not yet read."""
    if len(numbers) == people.people:
        return people.rows()
    wanted = frozenset(numbers)
    return (row for row in people.rows() if row.number in wanted)
