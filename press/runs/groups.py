"""Deliver finished files in groups: with their rows of the ledger, or not at all.

A group is written, confirmed by the disk, renamed, entered in the journal and in the ledger at one
price. Whatever ends a run, Ctrl-C, a full disk or a fault of the program: who is ready is delivered,
and who is not leaves nothing. After a kill in the middle of a group files may be there that the
ledger does not know; the same command finds them and enters them once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime

from press.delivery.ledger import Ledger, LedgerRow
from press.delivery.run_folder import RunFolder, Written
from press.errors import HandoutError, Problem
from press.records import dataclass
from press.runs.batch import Packet, Refused, rows
from press.runs.needs import Need

GROUP = 128  # people; what one of them pays for the journal and the ledger is then next to nothing


@dataclass(frozen=True, slots=True)
class ReadyPerson:
    """What remains of a person when the pages are freed; `written` is None where no file was wanted.

    `need` says why somebody needs a clerk although pages were printed.
    """

    row: int
    given: tuple[LedgerRow, ...]
    warnings: tuple[Problem, ...]
    written: Written | None = None
    need: Need | None = None


def ready(packet: Packet, run: str, at: datetime, sides: int, written: Written | None = None) -> ReadyPerson:
    """Reduce a person's pages to what the end of a run needs, `sides` printed on one sheet."""
    return ReadyPerson(packet.row, rows(packet, run, at, sides), packet.warnings, written, packet.need)


def write_files(
    made: Iterable[tuple[Packet, str, bytes] | Refused], folder: RunFolder, run: str, at: datetime, sides: int
) -> Iterator[ReadyPerson | Refused]:
    """Write each person's file beside its final name; at the end the disk holds them all. Raises HandoutError."""
    for one in made:
        if isinstance(one, Refused):
            yield one
        else:
            packet, name, data = one
            yield ready(packet, run, at, sides, folder.write(name, data))
    folder.confirm()


class Group:
    """The people who are ready and not yet delivered.

    `tell` hears of each when it is done, in the order of the list.
    """

    def __init__(self, folder: RunFolder, ledger: Ledger | None, tell: Callable[[ReadyPerson | Refused], None]) -> None:
        self._folder = folder
        self._ledger = ledger
        self._tell = tell
        self._people: list[ReadyPerson | Refused] = []

    def add(self, one: ReadyPerson | Refused) -> None:
        """Add one person; a full group is delivered. Raises HandoutError."""
        self._people.append(one)
        if len(self._people) >= GROUP:
            self.deliver()

    def deliver(self) -> None:
        """Deliver everybody who is ready.

        Raises HandoutError; who was delivered before the fault is counted and entered.
        """
        people, self._people = self._people, []
        try:
            self._folder.confirm()
            with self._entered(people):
                self._folder.deliver([one.written for one in people if isinstance(one, ReadyPerson) and one.written])
        except BaseException:
            self._keep(
                [
                    one
                    for one in people
                    if isinstance(one, ReadyPerson) and one.written and self._folder.stands(one.written)
                ]
            )
            raise
        for one in people:
            self._tell(one)

    def _keep(self, there: list[ReadyPerson | Refused]) -> None:
        """Enter those who were delivered all the same; the fault that is raised next is the one that counts."""
        with suppress(HandoutError), self._entered(there):
            for one in there:
                self._tell(one)

    def _entered(self, people: Iterable[ReadyPerson | Refused]) -> AbstractContextManager[None]:
        """Open the transaction with the ledger; none where there is nothing to enter."""
        given = [row for one in people if isinstance(one, ReadyPerson) for row in one.given]
        return self._ledger.printing(given) if self._ledger and given else nullcontext()
