"""The maker: one warm process that makes pages, so that a page that hangs never hangs the desk.

It is spawned, shares nothing but a pipe, and is killed and started again when a piece of work takes too long.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from press.desk.maker_work import Answer, serve
from press.errors import HandoutError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from press.runs.handout import Site

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate["Site", P], T]
MOST_SECONDS: Final = 20.0  # for one piece of work
MOST_SECONDS_APART: Final = 300.0  # for one that checks or shows every page of a handout
_MOST_SECONDS_TO_START = 60.0  # on a slow computer


class MakerGone(Exception):
    """The maker died or took too long; it is started again. What was asked for was not made, or not to its end."""


class MakerDied(MakerGone):
    """The maker died: somebody killed it, or its memory ran out."""


class MakerFault(Exception):
    """A fault of the program in the maker: its kind and its place in the code, never its words."""


class Superseded(Exception):
    """Somebody typed on: a newer piece of work of the same slot waits, and this one is not needed any more."""


class Maker:
    """Gives work to the process and waits for its answer; one piece at a time."""

    def __init__(self, root: Path, today: Callable[[], date], most_seconds: float = MOST_SECONDS) -> None:
        self._root, self._today, self._most_seconds = root, today, most_seconds
        self._free, self._apart = Condition(), Lock()
        self._is_busy = False
        self._newest: Counter[str] = Counter()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._is_starting = False

    def start(self) -> None:
        """Start the process, which warms up while nobody waits."""
        with self._turn():
            self._ready()

    def ask(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Let the process run `work(site, ...)`, a function of a module, and give what it gives.

        Raises HandoutError as the work does, MakerGone, and MakerFault.
        """
        with self._turn():
            return self._run(work, args, kwargs)  # type: ignore[return-value]  # what came through the pipe

    def ask_newest(self, slot: str, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `ask`, unless newer work of the same `slot` came while this waited. Raises Superseded too.

        It is for work that changes nothing: if the process died of something else, it is done once more.
        """
        with self._free:
            self._newest[slot] += 1
            number = self._newest[slot]
            self._free.notify_all()  # who waits with older work goes away, and holds no thread of the desk
        with self._turn(lambda: self._newest[slot] == number):
            try:
                return self._run(work, args, kwargs)  # type: ignore[return-value]  # what came through the pipe
            except MakerDied:
                return self._run(work, args, kwargs)  # type: ignore[return-value]  # the same

    def ask_apart(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `ask` in a process of its own, one at a time: a check of all pages takes long, and nobody waits for it.

        Raises HandoutError, MakerGone, and MakerFault.
        """
        with self._apart:
            other = Maker(self._root, self._today, MOST_SECONDS_APART)
            try:
                return other.ask(work, *args, **kwargs)
            finally:
                other.stop()

    def forget(self) -> None:
        """Start the process anew when it is free: what is kept for the next page has words of the last people.

        Nobody waits for that.
        """
        Thread(target=self._start_anew, daemon=True).start()

    def _start_anew(self) -> None:
        with self._turn(), suppress(OSError):  # who asks next starts it
            if self._process:
                self._kill()
                self._ready()

    def stop(self) -> None:
        """End the process."""
        with self._turn():
            self._kill()

    @contextmanager
    def _turn(self, is_wanted: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Wait for the process to be free, for as long as the work is wanted. Raises Superseded."""
        with self._free:
            while self._is_busy and is_wanted():
                self._free.wait()
            if not is_wanted():
                raise Superseded
            self._is_busy = True
        try:
            yield
        finally:
            with self._free:
                self._is_busy = False
                self._free.notify_all()

    def _run(self, work: object, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        with self._killing():
            pipe = self._ready()
            if self._is_starting:
                if not pipe.poll(_MOST_SECONDS_TO_START):
                    raise MakerGone
                pipe.recv()
                self._is_starting = False
            pipe.send((work, args, kwargs))
            if not pipe.poll(self._most_seconds):
                raise MakerGone
            answer = pipe.recv()
        assert isinstance(answer, Answer)
        if answer.problems:
            raise HandoutError(answer.problems)
        if answer.fault:
            raise MakerFault(answer.fault)
        return answer.value

    @contextmanager
    def _killing(self) -> Iterator[None]:
        """Kill the process if the work ends in any other way than with an answer."""
        try:
            yield
        except (OSError, EOFError):
            self._kill()
            raise MakerDied from None
        except BaseException:
            self._kill()
            raise

    def _ready(self) -> Connection:
        """Give the pipe to a living process."""
        if self._pipe and self._process and self._process.is_alive():
            return self._pipe
        self._kill()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._root, self._today()), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe, self._is_starting = ours, True
        return ours

    def _kill(self) -> None:
        if self._pipe:
            self._pipe.close()
        if self._process:
            with suppress(OSError):
                self._process.kill()
            self._process.join()
        self._pipe = self._process = None
