"""What runs in the maker's process: it answers work from a pipe, one piece at a time, and warms up between."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from press.errors import HandoutError, Problem
from press.lru import look_for_cycles_seldom
from press.records import dataclass
from press.runs.fresh_site import FreshSite
from press.runs.hardening import harden_reportlab


@dataclass(frozen=True)
class Answer:
    """What became of a piece of work: its value, or the problems of a refusal, or where the program failed."""

    value: object = None
    problems: tuple[Problem, ...] = ()
    fault: str = ""


def serve(pipe: Connection, root: Path, today: date) -> None:
    """Answer what comes through the pipe until it is closed, which it is when the desk is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the desk, which closes the pipe
    look_for_cycles_seldom()
    sites, refused = FreshSite(root), Answer()
    try:
        harden_reportlab()
    except HandoutError as error:
        refused = Answer(problems=error.problems)
    steps = iter(()) if refused.problems else _warm_up(sites, today)
    with suppress(EOFError, OSError):
        pipe.send(Answer())  # ready
        while True:
            while not pipe.poll() and next(steps, None):
                pass
            work, args, kwargs = pipe.recv()
            _send(pipe, refused if refused.problems else _answer(partial(work, **kwargs), sites, args))


def _send(pipe: Connection, answer: Answer) -> None:
    try:
        data = pickle.dumps(answer)
    except Exception as error:  # noqa: BLE001 - of a value that cannot be sent; told like every fault
        data = pickle.dumps(Answer(fault=fault_of(error)))
    pipe.send_bytes(data)


def _answer(work: Callable[..., object], sites: FreshSite, args: tuple[object, ...]) -> Answer:
    try:
        return Answer(work(sites.get(), *args))
    except HandoutError as error:
        return Answer(problems=error.problems)
    except Exception as error:  # noqa: BLE001 - told by kind and place; its words may quote a patient
        return Answer(fault=fault_of(error))


def fault_of(error: BaseException) -> str:
    """Say the kind of a fault of the program and the last line of ours that it came through, without its words."""
    trace, place = error.__traceback__, ""
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "press" in file.parts:
            place = f", {file.stem}:{trace.tb_lineno}"
        trace = trace.tb_next
    return type(error).__name__ + place


def _warm_up(sites: FreshSite, today: date) -> Iterator[bool]:
    """Make the usual pages once, one at each step: what they share is then there. What is wrong is told when asked."""
    from press.patients.options import Options
    from press.runs.handout import complete, make, print_one

    site = sites.get()
    with suppress(Exception):
        for topic in site.library.topics:
            with suppress(Exception):
                options, _ = complete(site, Options(last_dose=today), today)
                print_one(site, make(site, topic, options, today), "pdf")
            yield True
