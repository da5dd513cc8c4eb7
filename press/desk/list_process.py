"""A list that somebody opened at the desk: its process, and what is being made of it.

The web process reads no list and makes no page. What it holds of a list is in memory only, and goes with the lock;
a list that is being printed then goes on, and its process ends after it.
"""

from __future__ import annotations

import multiprocessing
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Final

from press.desk.list_orders import STOP, ListOrder, Step
from press.desk.maker import MakerFault, MakerGone
from press.desk.maker_work import Answer
from press.errors import HandoutError, Problem
from press.records import dataclass

if TYPE_CHECKING:
    from press.runs.paper import SentFiles

GONE: Final = "gone"  # the process ended from outside
_PATIENCE = 30.0  # seconds for one person's pages


class ListBusy(Exception):
    """The list is being checked or printed, and its process does one thing at a time."""


class ListProcess:
    """The process of one list, and the pipe to it. It is killed when nobody needs it any more."""

    def __init__(self, start: Callable[[Connection], Callable[[], None]]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._turn = Lock()
        self._is_at_work = False  # with a long piece, for which nobody waits
        self.is_gone = False
        self._end = weakref.finalize(self, _end, start(theirs), self._pipe)

    def ask(self, name: str, *arguments: object) -> object:
        """Do a short piece of work, behind other short ones. Raises HandoutError, ListBusy, MakerGone, MakerFault."""
        if self._is_at_work or not self._turn.acquire(timeout=_PATIENCE):
            raise ListBusy
        try:
            return _value(self._done(name, arguments, lambda step: None, _PATIENCE))
        finally:
            self._turn.release()

    def work(self, name: str, arguments: tuple[object, ...], show: Callable[[Step], None]) -> Answer:
        """Do a long piece of work, and hear how far it is."""
        with self._turn:
            self._is_at_work = True
            try:
                return self._done(name, arguments, show, None)
            finally:
                self._is_at_work = False

    def stop(self) -> None:
        """Let the work in hand stop after the person it is at."""
        with suppress(OSError):
            self._pipe.send(STOP)

    def _done(
        self, name: str, arguments: tuple[object, ...], show: Callable[[Step], None], seconds: float | None
    ) -> Answer:
        try:
            self._pipe.send((name, arguments))
            while self._pipe.poll(seconds):
                said = self._pipe.recv()
                if isinstance(said, Answer):
                    return said
                show(said)
        except (EOFError, OSError):
            pass
        self.end()
        return Answer(fault=GONE)

    def end(self) -> None:
        """Kill the process, once."""
        self.is_gone = True
        self._end()


def _value(answer: Answer) -> object:
    if answer.problems:
        raise HandoutError(answer.problems)
    if answer.fault:
        raise MakerGone if answer.fault in (GONE, STOP) else MakerFault(answer.fault)
    return answer.value


def _end(kill: Callable[[], None], pipe: Connection) -> None:
    kill()  # first: who waits at the pipe hears of it
    pipe.close()


def spawn(root: Path, data: bytes, pipe: Connection) -> Callable[[], None]:
    """Start the process of a list, and give what ends it."""
    from press.desk.list_work import serve  # the desk starts without what makes pages

    process = multiprocessing.get_context("spawn").Process(target=serve, args=(pipe, root, data), daemon=True)
    process.start()
    pipe.close()

    def kill() -> None:
        with suppress(OSError):
            process.kill()
        process.join()

    return kill


@dataclass(eq=False)
class ListRun:
    """One piece of long work on a list: reading it (no `order`), or printing what was ordered.

    `send` brings the finished job to a printer. At its end there is a `result`, or `problems`, or a `fault`:
    `STOP`, `GONE`, or the place of a fault of the program.
    """

    began: datetime
    order: ListOrder | None = None
    step: Step = Step(0, 0)
    is_stopping: bool = False
    is_sending: bool = False
    result: object = None
    sent: SentFiles | None = None
    problems: tuple[Problem, ...] = ()
    fault: str = ""
    done: Event = field(default_factory=Event)

    @property
    def is_running(self) -> bool:
        """Whether it is not yet at its end."""
        return not self.done.is_set()

    def time_left(self, now: datetime) -> timedelta | None:
        """Say how long it takes still, by the people who are done; None while that is not known."""
        step = self.step
        if not step.done:
            return None
        return (now - self.began) / step.done * (step.count - step.done)
