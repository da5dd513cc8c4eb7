"""The ledger of all desks: this computer's file, and where config.yaml says so, the server that all of them share.

Whatever becomes of the server, a desk goes on with its own file, and says so. Nothing here waits for it for long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from press.delivery.account import account_name
from press.delivery.ledger import Ledger, LedgerRow, Mark, Why, open_existing, open_ledger
from press.delivery.ledger_schema import new_uid
from press.delivery.outbox import Batch, Values, count_waiting, send, send_again
from press.delivery.server.address import PLACE, ServerAddress
from press.delivery.server.connection import PATIENCE, READING, lacks_libraries
from press.errors import HandoutError, Problem, Severity, refuse
from press.records import dataclass

if TYPE_CHECKING:
    from press.delivery.server.rows import ServerRows

T = TypeVar("T")
ONLY_HERE = "only-here"  # the code of the warning that one computer answered for all
_PURGING = 600.0  # seconds: years of rows with their marks
_AFTER_PRINT = 20_000  # rows that are sent at most after something was printed, some seconds' worth


@dataclass(frozen=True)
class LedgerPlace:
    """Where a clinic's ledger is: the file of this computer, and the server, where many desks share one."""

    file: Path
    server: ServerAddress | None = None
    site: str = ""

    @property
    def is_begun(self) -> bool:
        """Whether there is something to ask: another desk may have printed what this one did not."""
        return self.server is not None or self.file.exists()


class AnyLedger(Protocol):
    """What can be asked of one desk's ledger, and of all."""

    def printed(self, since: date, until: date) -> Iterable[LedgerRow]:
        """List what was printed from one day to another, both included, oldest first."""

    def of_handout(self, handout: str) -> Iterable[LedgerRow]:
        """List every row of one handout, the latest first."""

    def of_run(self, run: str) -> Iterable[LedgerRow]:
        """List every row of one run, in the order of its list."""

    def of_list(self, digest: str) -> Iterable[LedgerRow]:
        """List every row that was printed from the list with this digest, oldest first."""

    def of_code(self, code: str) -> Iterable[LedgerRow]:
        """List every row of one person, oldest first."""

    def count_said_back(self, since: date, until: date) -> tuple[int, int]:
        """Count the pages of these days that were said back, and those not yet."""

    def holding(self) -> AbstractContextManager[None]:
        """Mark pages that belong together: all, or none."""

    def mark(self, row: LedgerRow, mark: Mark, at: str, why: Why | None = None) -> None:
        """Say what became of a page that was read."""

    def say_back(self, row: LedgerRow, at: str, *, is_said: bool) -> None:
        """Enter whether a page that was read was said back."""


class _AllDesks:
    """The rows of the server, and marks: those of this desk's pages go into its file, all others to the server.

    With `is_own` only this site is asked for: a run, a list and a code are never looked for at another one.
    """

    def __init__(self, local: Ledger, server: ServerRows, *, is_own: bool) -> None:
        self._local, self._server, self._is_own = local, server, is_own
        self._here: list[Callable[[], None]] = []
        self._marks: list[Values] = []
        self._said: list[Values] = []
        self.of_run, self.of_list, self.of_code = server.of_run, server.of_list, server.of_code
        self.count_said_back = server.count_said_back

    def printed(self, since: date, until: date) -> Iterable[LedgerRow]:
        return self._server.printed(since, until, is_own=self._is_own)

    def of_handout(self, handout: str) -> Iterable[LedgerRow]:
        return self._server.of_handout(handout, is_own=self._is_own)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Hold nothing while the server is asked: this desk may print meanwhile."""
        yield
        if self._marks or self._said:
            self._server.take(Batch(marks=tuple(self._marks), said_back=tuple(self._said)))
        with self._local.holding():
            for enter in self._here:
                enter()

    def mark(self, row: LedgerRow, mark: Mark, at: str, why: Why | None = None) -> None:
        if own := self._local.of_uid(row.uid):
            self._here.append(lambda: self._local.mark(own, mark, at, why))
        else:
            self._marks.append((new_uid(), row.uid, at, mark.value, why or "", account_name()))

    def say_back(self, row: LedgerRow, at: str, *, is_said: bool) -> None:
        if own := self._local.of_uid(row.uid):
            self._here.append(lambda: self._local.say_back(own, at, is_said=is_said))
        else:
            self._said.append((new_uid(), row.uid, at, "yes" if is_said else "not yet", account_name()))


@dataclass(frozen=True)
class Asked(Generic[T]):
    """An answer, and what staff must know of it: with `is_only_here` one computer answered for all."""

    answer: T
    warnings: tuple[Problem, ...] = ()

    @property
    def is_only_here(self) -> bool:
        """Whether the server could not be asked."""
        return bool(self.warnings)


def ask_all_desks(place: LedgerPlace, ask: Callable[[AnyLedger], T], *, is_own: bool = False) -> Asked[T]:
    """Ask the ledger of all desks; where the server cannot be asked, that of this computer, with a warning.

    What waits here is sent first, so nothing is missing and nothing is there twice. Raises HandoutError as `ask`
    does, or where there is no ledger.
    """
    if place.server is None:
        with open_existing(place.file) as ledger:
            return Asked(ask(ledger))
    with open_ledger(place.file) as local:
        try:
            with _open_server(place, READING) as server:
                send(local, server)
                return Asked(ask(_AllDesks(local, server, is_own=is_own)))
        except HandoutError as error:
            warning = _only_here(error)
        try:
            return Asked(ask(local), (warning,))
        except HandoutError as error:
            raise HandoutError([*error.problems, warning]) from None


def _only_here(error: HandoutError) -> Problem:
    """Say that this computer alone was asked, and why. Raises the error if it is not the server's."""
    if any(problem.place != PLACE for problem in error.problems):
        raise error
    message = f"{error.problems[0].message}; this is what this computer alone knows"
    return Problem(PLACE, message, error.problems[0].hint, Severity.WARNING, code=ONLY_HERE)


def _open_server(place: LedgerPlace, patience: float = 0) -> AbstractContextManager[ServerRows]:
    """Connect, for exchanges of `patience` seconds. Raises HandoutError, also where its libraries are missing."""
    assert place.server is not None, "asked before"
    try:
        from press.delivery.server.rows import open_server
    except ImportError:
        raise lacks_libraries() from None
    return open_server(place.server, place.site, patience or PATIENCE)


def send_waiting(place: LedgerPlace) -> tuple[Problem, ...]:
    """Send what waits, after something was printed or marked; a warning where it cannot be sent now.

    Raises HandoutError for a file of this computer that cannot be read, and never for the server.
    """
    if place.server is None or not place.file.exists():
        return ()
    with open_ledger(place.file) as local:
        if not count_waiting(local):
            return ()
        try:
            with _open_server(place) as server:
                send(local, server, _AFTER_PRINT)
        except HandoutError as error:
            problem = error.problems[0]
            message = f"{problem.message}; {_rows(count_waiting(local))} for it, and the next run sends all"
            return (Problem(PLACE, message, problem.hint, Severity.WARNING, code=problem.code),)
        waiting = count_waiting(local)
    if not waiting:
        return ()
    return (Problem(PLACE, f"{_rows(waiting)} for it", "to send all now: ledger send", Severity.WARNING),)


def _rows(count: int) -> str:
    return "1 row waits" if count == 1 else f"{count} rows wait"


def send_all(place: LedgerPlace, *, is_again: bool = False) -> int:
    """Send all that waits, or with `is_again` all that there is, and give how many rows. Raises HandoutError."""
    if place.server is None:
        raise refuse(PLACE, "config.yaml names none: the ledger is a file of this computer", "docs/many-desks.md")
    with open_ledger(place.file) as local, _open_server(place) as server:
        return send_again(local, server) if is_again else send(local, server)


@dataclass(frozen=True)
class LedgerStatus:
    """How the ledger is: the pages in the file of this computer and, where there is a server, what waits for it.

    `on_server` are the pages of this site and of all sites there, None if it cannot be asked, for the reason of
    `problems`. `before` is the day before which this site purged, while this file still has `old` pages of then.
    """

    place: LedgerPlace
    pages: int
    waiting: int = 0
    on_server: tuple[int, int] | None = None
    before: str = ""
    old: int = 0
    problems: tuple[Problem, ...] = ()


def read_status(place: LedgerPlace) -> LedgerStatus:
    """Look how the ledger is, and send nothing. Raises HandoutError for a file that cannot be read."""
    if place.server is None:
        with open_existing(place.file) as local:
            return LedgerStatus(place, local.count())
    with open_ledger(place.file) as local:
        pages, waiting = local.count(), count_waiting(local)
        try:
            with _open_server(place) as server:
                before = server.purged_before()
                waiting = count_waiting(local, server.id)
                return LedgerStatus(place, pages, waiting, server.count(), before, local.count(before) if before else 0)
        except HandoutError as error:
            return LedgerStatus(place, pages, waiting, problems=error.problems)


def purge_everywhere(place: LedgerPlace, before: date, now: datetime) -> tuple[int, int]:
    """Remove what this site printed before a day: on the server first, then here. Gives how many rows each had.

    Raises HandoutError: if the server cannot be reached nothing is removed, so that nobody takes for gone what is not.
    """
    on_server = 0
    try:
        if place.server is not None:
            with _open_server(place, _PURGING) as server:
                on_server = server.purge(before, now.isoformat(timespec="seconds"), account_name())
    except HandoutError as error:
        problem = error.problems[0]
        raise refuse(problem.place, f"{problem.message}; nothing was removed", problem.hint) from None
    with open_ledger(place.file) as local:
        return local.purge(before), on_server
