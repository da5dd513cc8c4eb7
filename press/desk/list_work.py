"""What runs in the process of one list: it reads the list, checks it, shows one person's pages, and makes everybody's.

It answers one piece of work at a time, and between two people it looks whether it is to stop.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from press.content.approvals import Wish
from press.desk.list_orders import STOP, Earlier, ListOrder, LookedAt, MadeList, ReadList, Step
from press.desk.maker_work import Answer, fault_of
from press.desk.person_work import side_image
from press.errors import HandoutError, Place, Problem
from press.lru import look_for_cycles_seldom
from press.patients.learn import Answers
from press.records import replace
from press.runs.earlier_runs import EarlierRun, find_runs
from press.runs.fresh_site import FreshSite
from press.runs.hardening import harden_reportlab, watching
from press.runs.learning import LearnedList, learn_data
from press.runs.list_request import ListRequest, MergedFile, Progress, SeparateFiles
from press.runs.list_run import run_list
from press.runs.list_table import make_table, print_person
from press.runs.opened_list import OpenedList, UnreadList, open_list
from press.runs.record_settings import record_settings
from press.runs.totals import rows_in_spans

if TYPE_CHECKING:
    from press.runs.handout import Site

T = TypeVar("T")
SHOWN: Final = "the list"  # what problems call it: the name of the file may be a person's
MOST_PEOPLE: Final = 10_000  # that the desk shows; a list of a clinic's day has some fifty
_MOST_EARLIER = 10  # runs of a list that are shown
_STEPS = 200  # reports of progress in one piece of work, at most
_REPRINT = "reprint.pdf"
_NICE = 5  # one person at the desk comes before a list


class ListWork:
    """One list in its process. `show` reports how far a piece of work is, and may end it."""

    def __init__(self, sites: FreshSite, data: bytes, show: Progress) -> None:
        self._sites, self._data, self._show = sites, data, show
        self._opened: OpenedList | UnreadList | None = None

    def read(self, now: datetime, day: date) -> ReadList | UnreadList:
        """Read the list anew and check everybody for a day."""
        site = self._sites.get()
        folder = site.root / site.clinic.output
        with watching([site.root, folder], [site.root]):  # the key of records is made when it is first needed
            self._opened = opened = self._open(day)
            if isinstance(opened, UnreadList):
                return opened
            people = opened.people
            if people.people > MOST_PEOPLE:
                return UnreadList((_too_many(people.people),), (), opened.recipe)
            rows = make_table(self._request(now, ListOrder(day)))
            earlier = tuple(self._earlier(now, day, run) for run in find_runs(folder, people.sha256)[:_MOST_EARLIER])
        return ReadList(people.sha256, day, rows, opened.columns, people.notes, opened.recipe, earlier)

    def _open(self, day: date) -> OpenedList | UnreadList:
        site = self._sites.get()
        return open_list(site.root, self._data, SHOWN, partial(record_settings, site, day))

    def _earlier(self, now: datetime, day: date, run: EarlierRun) -> Earlier:
        """Find the order of a run by its plan, which depends on all that its pages do."""
        job_day = max(day, date.fromisoformat(run.day)) if run.day else day
        for sides in (2, 1):
            numbers = tuple(rows_in_spans(run.rows))
            order = ListOrder(job_day, numbers, sides, separate=not run.is_job, job=run.path.name if run.is_job else "")
            if self._request(now, order).run("merged" if run.is_job else "separate").plan == run.plan:
                return Earlier(run, order)
        return Earlier(run, None)

    def learn(self, answers: Answers, name: str, replaced: str) -> tuple[Problem, ...]:
        """Save what staff say of this list as a recipe; what must be said first comes back."""
        site = self._sites.get()
        with watching([site.root], [site.root]):
            learned = learn_data(site.root, self._data, SHOWN, answers, name, replaced)
        return () if isinstance(learned, LearnedList) else learned.problems

    def look(self, now: datetime, day: date, row: int) -> tuple[LookedAt, ...]:
        """Make the pages of one person to look at. Raises HandoutError with why there are none."""
        request = self._request(now, ListOrder(day, (row,)))
        with watching([request.site.root], []):
            return tuple(_pages(request.site, print_person(request)))

    def make(self, now: datetime, order: ListOrder) -> MadeList:
        """Make what was ordered. Raises HandoutError for what concerns nobody on the list."""
        request = self._request(now, order)
        result = run_list(replace(request, output=_output(request, order)))
        if result.file is None or order.job or order.is_reprint:
            return MadeList(result)
        found = (run for run in find_runs(result.file.parent, request.people.sha256) if run.path == result.file)
        return MadeList(result, Earlier(next(found), replace(order, job=result.file.name)))

    def _request(self, now: datetime, order: ListOrder) -> ListRequest:
        if self._opened is None:  # a new process goes on with a list whose process was ended from outside
            self._opened = self._open(order.day)
        if isinstance(self._opened, UnreadList):
            raise HandoutError(self._opened.problems)
        people = self._opened.people
        return ListRequest(
            site=self._sites.get(),
            people=people,
            numbers=order.numbers or people.numbers,
            now=now,
            today=order.day,
            wish=Wish.AS_IT_MAY_BE,
            output=None,
            sides=order.sides,
            show=self._show,
        )


def _too_many(people: int) -> Problem:
    message = f"this list has {people:,} people, and the desk shows {MOST_PEOPLE:,} at most"
    return Problem(Place(SHOWN), message, "is it the right file? if so, part it", private=True)


def _output(request: ListRequest, order: ListOrder) -> SeparateFiles | MergedFile:
    """The files of an order, named by the code of the run: nothing in a name says whose pages they are."""
    site = request.site
    folder = site.root / site.clinic.output
    if order.job:
        return MergedFile(folder / Path(order.job).name, again=range(*order.again))
    if order.is_reprint:
        return MergedFile(folder / _REPRINT, is_usual=True)
    if order.separate:
        return SeparateFiles(folder / f"list-{request.run('separate').code}")
    from press.reports.cover import cover_for

    cover = cover_for(site, order.day, order.sides) if order.cover else None
    return MergedFile(folder / f"list-{request.run('merged').code}.pdf", cover)


def _pages(site: Site, data: bytes) -> Iterator[LookedAt]:
    """Draw each page of a PDF as it will be printed, and read its text for who does not see it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        for number, page in enumerate(document):
            yield LookedAt(side_image(site, data, number), page.get_textpage().get_text_range())
    finally:
        document.close()


# The process


class _Show:
    """Reports progress through the pipe, and ends the work, as Ctrl-C does, where the desk says so or is gone."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def __call__(self, items: Iterable[T], count: int, verb: str) -> Iterator[T]:
        every = max(1, count // _STEPS)
        for number, one in enumerate(items, 1):
            if self._is_stopped():
                raise KeyboardInterrupt
            if number % every == 0:
                self._pipe.send(Step(number - 1, count))
            yield one

    def _is_stopped(self) -> bool:
        try:
            return self._pipe.poll() and self._pipe.recv() == STOP
        except (EOFError, OSError):
            return True


def serve(pipe: Connection, root: Path, data: bytes) -> None:
    """Serve one list in a process of its own until the pipe is closed, which it is when the desk is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the desk, which closes the pipe
    with suppress(AttributeError, OSError):
        os.nice(_NICE)
    look_for_cycles_seldom()
    harden_reportlab()
    answer(pipe, FreshSite(root), data)


def answer(pipe: Connection, sites: FreshSite, data: bytes) -> None:
    """Answer what comes through the pipe: the name of a method of `ListWork`, and its arguments."""
    work = ListWork(sites, data, _Show(pipe))
    with suppress(EOFError, OSError):
        while True:
            asked = pipe.recv()
            if asked != STOP:  # which came too late
                pipe.send(_answer(work, *asked))


def _answer(work: ListWork, name: str, arguments: Sequence[object]) -> Answer:
    try:
        return Answer(getattr(work, name)(*arguments))
    except HandoutError as error:
        return Answer(problems=error.problems)
    except KeyboardInterrupt:
        return Answer(fault=STOP)
    except Exception as error:  # noqa: BLE001 - told by kind and place; its words may quote a patient
        return Answer(fault=fault_of(error))
