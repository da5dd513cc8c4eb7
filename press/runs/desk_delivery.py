"""Deliver finished pages of one reader, each in one transaction with its row of the ledger.

It imports nothing that makes a page: a calendar is delivered without that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from press.delivery.atomic import deliver
from press.delivery.destination import Target
from press.delivery.filenames import PERSONAL
from press.errors import Problem, Problems
from press.records import dataclass
from press.runs.hardening import watching

if TYPE_CHECKING:
    from press.runs.handout import Made
    from press.writers.result import Printed


@dataclass(frozen=True)
class FinishedPage:
    """The bytes of one handout under its file name, and what they were made from: None for a file that is no page."""

    name: str
    data: bytes
    made: Made | None = None
    printed: Printed | None = None

    @property
    def is_unnamed(self) -> bool:
        """Whether the page is for a person without a code, so that its file name is everybody's."""
        return self.made is not None and self.made.master.tailored.personal and not self.made.options.code

    @property
    def has_code(self) -> bool:
        """Whether the page is for a person with a code, so that the ledger gets a row."""
        return self.made is not None and bool(self.made.options.code)


@dataclass(frozen=True)
class LedgerEntry:
    """The file of the ledger, and the moment, in the clinic's time zone, at which pages are printed."""

    file: Path
    now: datetime

    @property
    def run(self) -> str:
        """What stands in the ledger in place of a run of a list."""
        return f"desk {self.now.isoformat(timespec='milliseconds')}"


@dataclass(frozen=True)
class DeliveryRequest:
    """Finished pages, where they go, and what enters them in the ledger; None enters none.

    `root` is the clinic's folder. `write` takes the bytes where the target is standard output. With
    `is_repeated` a page replaces the one before, which is of the same person.
    """

    pages: tuple[FinishedPage, ...]
    root: Path
    target: Target
    write: Callable[[bytes], object]
    entry: LedgerEntry | None = None
    is_repeated: bool = False


@dataclass(frozen=True)
class Delivered:
    """The files that were written, and why others were not."""

    paths: tuple[Path, ...]
    problems: tuple[Problem, ...]


_Enter = Callable[[FinishedPage], AbstractContextManager[object]]


def deliver_pages(request: DeliveryRequest) -> Delivered:
    """Deliver every page that can be delivered; a fault of one stops no other."""
    problems = Problems()
    paths: list[Path] = []
    with problems.gathering(), _ledger(request) as enter, watching([request.root], [request.target.writable]):
        for page in request.pages:
            with problems.gathering(), enter(page):
                paths += _put(page, request)
    return Delivered(tuple(paths), tuple(problems))


def _put(page: FinishedPage, request: DeliveryRequest) -> tuple[Path, ...]:
    target = request.target
    if target.is_stream:
        request.write(page.data)
        return ()
    name = target.name or page.name
    if page.is_unnamed and not target.name and not request.is_repeated:
        name = _free_name(page, target.folder)
    return (deliver(page.data, target.folder, name),)


def _free_name(page: FinishedPage, folder: Path) -> str:
    """Number the file of a person without a code, so that it replaces nobody else's; the same page keeps its name."""
    start, _, rest = page.name.partition(PERSONAL)
    for number in count(1):
        name = page.name if number == 1 else f"{start}{PERSONAL}-{number}{rest}"
        path = folder / name
        if not path.exists() or path.read_bytes() == page.data:
            return name
    raise AssertionError("numbers have no end")


def _ledger(request: DeliveryRequest) -> AbstractContextManager[_Enter]:
    """Open the ledger if a page is for somebody with a code; most are not, and need none of it."""
    if request.entry and any(page.has_code for page in request.pages):
        return _open_ledger(request.entry)
    return nullcontext(lambda page: nullcontext())


@contextmanager
def _open_ledger(entry: LedgerEntry) -> Iterator[_Enter]:
    from press.delivery.ledger import open_ledger
    from press.runs.batch import PersonPage, ledger_row

    def enter(page: FinishedPage) -> AbstractContextManager[object]:
        assert page.made, "a page for the ledger is no calendar"
        return ledger.printing([ledger_row(PersonPage(page.name, page.made, page.printed), entry.run, entry.now)])

    with open_ledger(entry.file) as ledger:
        yield enter
