"""A list that is open at the desk, as its screen shows it: who is on the page, who is ticked, in which order."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable
from dataclasses import field
from datetime import date
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

from press.desk.list_orders import ReadList, Step
from press.desk.list_process import ListBusy, ListProcess, ListRun, spawn
from press.desk.maker_work import fault_of
from press.errors import HandoutError
from press.records import dataclass

if TYPE_CHECKING:
    from press.runs.list_table import TableRow
    from press.runs.opened_list import UnreadList

PAGE: Final = 500  # people on one page of the table: more ticks than fields would make a form too large
ORDERS: Final = ("urgent", "row", "code")
SHOWN: Final = ("all", "needs", "ready")


@dataclass(eq=False)
class OpenList:
    """One list, its process, and what the clerk chose of it. `reading` is the run that reads it."""

    data: bytes
    process: ListProcess
    day: date
    reading: ListRun
    name: str = ""  # its id in the memory
    left_out: set[int] = field(default_factory=set)  # rows that were unticked
    order: str = ORDERS[0]
    shown: str = SHOWN[0]
    find: str = ""  # what a code, or the number of a row, is looked for by
    page: int = 1
    looked_at: int = 0  # the row whose pages are shown
    run: str = ""  # the id of its latest run

    @property
    def found(self) -> ReadList | UnreadList | None:
        """What was read, or why it could not be; None before that, or if the process is gone."""
        return self.reading.result  # type: ignore[return-value]  # what `ListWork.read` gives

    @property
    def people(self) -> tuple[TableRow, ...]:
        """Everybody on the list."""
        return self.found.rows if isinstance(self.found, ReadList) else ()

    def sorted_people(self) -> list[TableRow]:
        """Those who are shown, in the order that was chosen."""
        keys = {
            "urgent": lambda one: (one.need is None, one.urgency),
            "row": lambda one: one.row,
            "code": lambda one: (one.code.casefold(), one.row),
        }
        wanted = {"all": (True, False), "needs": (True,), "ready": (False,)}[self.shown]
        found = (one for one in self.people if (one.need is not None) in wanted and self._is_found(one))
        return sorted(found, key=keys[self.order])

    def _is_found(self, one: TableRow) -> bool:
        return self.find.casefold() in one.code.casefold() or self.find == str(one.row)

    @property
    def pages(self) -> int:
        """How many pages the table has."""
        return max(1, -(-len(self.sorted_people()) // PAGE))

    def people_on_page(self) -> list[TableRow]:
        """The people of the page that is shown."""
        first = (min(self.page, self.pages) - 1) * PAGE
        return self.sorted_people()[first : first + PAGE]

    def tick(self, on_page: Collection[int], ticked: Iterable[int]) -> None:
        """Take over which people are ticked of those on the page that was sent: another tab may show others by now."""
        on_page = set(on_page)
        self.left_out = (self.left_out - on_page) | (on_page - set(ticked))

    def chosen(self) -> tuple[int, ...]:
        """The rows that get printed: none at all where everybody is, as an order says it."""
        is_whole = not any(one.row in self.left_out for one in self.people if one.is_printable)
        return () if is_whole else tuple(one.row for one in self.chosen_people)

    @property
    def chosen_people(self) -> list[TableRow]:
        """The people whose pages are to be printed; who gets none has no tick."""
        return [one for one in self.people if one.is_printable and one.row not in self.left_out]

    def row_of(self, code: str) -> TableRow | None:
        """The one person with a code; capitals make no difference."""
        found = [one for one in self.people if one.code and one.code.casefold() == code.strip().casefold()]
        return found[0] if len(found) == 1 else None


class Lists:
    """What runs of all lists of a desk. `start` starts the process of a list; a running one outlives the lock."""

    def __init__(self, start: Callable[[Path, bytes, Connection], Callable[[], None]] = spawn) -> None:
        self._start = start
        self._guard = Lock()
        self._opened: weakref.WeakValueDictionary[str, OpenList] = weakref.WeakValueDictionary()
        self._processes: weakref.WeakSet[ListProcess] = weakref.WeakSet()
        self._running: dict[ListRun, ListProcess] = {}

    def open(self, root: Path, data: bytes) -> ListProcess:
        """Start the process of a list."""
        process = ListProcess(lambda pipe: self._start(root, data, pipe))
        with self._guard:
            self._processes.add(process)
        return process

    def forget(self) -> None:
        """End every process in which nothing is being done, as the lock wipes what was typed."""
        with self._guard:
            idle = [process for process in self._processes if process not in self._running.values()]
        for process in idle:
            process.end()

    def find(self, data: bytes) -> OpenList | None:
        """Find the list of these bytes if it is open: dropped twice it is one list."""
        with self._guard:
            return self._opened.get(sha256(data).hexdigest())

    @property
    def opened(self) -> tuple[OpenList, ...]:
        """The lists that somebody still holds, the one that was opened last at the end."""
        with self._guard:
            return tuple(self._opened.values())

    @property
    def newest(self) -> OpenList | None:
        """The list that was opened last, if somebody still holds it."""
        return next(reversed(self.opened), None)

    def remember(self, opened: OpenList) -> None:
        """Let `find` find a list for as long as somebody holds it."""
        with self._guard:
            self._opened[sha256(opened.data).hexdigest()] = opened

    def revive(self, root: Path, opened: OpenList) -> ListProcess:
        """Give the process of a list, a new one if it ended from outside."""
        if opened.process.is_gone:
            opened.process = self.open(root, opened.data)
        return opened.process

    @property
    def running(self) -> tuple[ListRun, ...]:
        """What is being printed now; reading a list is not."""
        with self._guard:
            return tuple(run for run in self._running if run.order)

    def begin(
        self,
        process: ListProcess,
        run: ListRun,
        name: str,
        arguments: tuple[object, ...],
        then: Callable[[ListRun], None] = lambda run: None,
    ) -> None:
        """Begin a long piece of work; `then` is called with the run once it has its result. Raises ListBusy."""
        with self._guard:
            if process in self._running.values():
                raise ListBusy
            self._running[run] = process
        Thread(target=self._follow, args=(process, run, name, arguments, then), daemon=True).start()

    def stop(self, run: ListRun) -> None:
        """Let a run stop; what was delivered before stays."""
        run.is_stopping = True
        with self._guard:
            process = self._running.get(run)
        if process:
            process.stop()

    def _follow(
        self,
        process: ListProcess,
        run: ListRun,
        name: str,
        arguments: tuple[object, ...],
        then: Callable[[ListRun], None],
    ) -> None:
        def show(step: Step) -> None:
            run.step = step

        try:
            answer = process.work(name, arguments, show)
            run.result, run.problems, run.fault = answer.value, answer.problems, answer.fault
            if run.result is not None:
                then(run)
        except HandoutError as error:
            run.problems = error.problems
        except Exception as error:  # noqa: BLE001 - told by kind and place; its words may quote a patient
            run.fault = fault_of(error)
        finally:
            with self._guard:
                self._running.pop(run, None)
            run.done.set()
