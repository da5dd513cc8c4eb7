"""A desk for tests of lists: the process of a list is a thread of this one, and ends as a process does."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from werkzeug.test import TestResponse

from press.desk.list_work import answer
from press.desk.open_list import Lists
from press.runs.fresh_site import FreshSite
from press.runs.hardening import harden_reportlab
from tests.desk.support import DeskClient

LIST = """Code,Name,Form,Reason,Interval,Last dose,Appointment
P-1,Ana Zerbinetta,injection,opioid,4 weeks,2026-11-23,2026-12-21 09:30
P-2,Bo Papagena,tablet,alcohol,,,2026-12-01
P-3,Cy Despina,injection,opioid,4 weeks,2026-13-40,
P-4,Di Fiordiligi,spray,opioid,4 weeks,2026-11-20,
"""
GOOD = "".join(LIST.splitlines(keepends=True)[:3])
NEVER = ("Zerbinetta", "Papagena", "Despina", "Fiordiligi", "2026-13-40", "spray")


@cache
def _site(root: Path) -> FreshSite:
    """A site whose pages are composed once for all tests of a folder."""
    return FreshSite(root)


def start_thread(root: Path, data: bytes, pipe: Connection) -> Callable[[], None]:
    """Stands for `spawn`."""
    harden_reportlab()
    thread = Thread(target=answer, args=(pipe, _site(root), data), daemon=True)
    thread.start()
    return lambda: None


class ListClient(DeskClient):
    """A browser at the screens of lists."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.desk.lists = Lists(start_thread)

    def drop(self, text: str | bytes, day: str = "", name: str = "Zerbinetta.csv") -> TestResponse:
        """Hand a list over; the answer to the POST."""
        data = text.encode() if isinstance(text, str) else text
        return self.post("/lists", {"f1": (io.BytesIO(data), name), "f2": day})

    def open(self, text: str | bytes, day: str = "") -> tuple[str, TestResponse]:
        """Hand a list over and wait until it is read; its address, and its screen."""
        answer = self.drop(text, day)
        assert answer.status_code == 303, answer.text
        self.settle()
        return answer.location, self.get(answer.location)

    def settle(self) -> None:
        """Wait until nothing runs any more."""
        for run in list(self.desk.lists._running):
            assert run.done.wait(60), "it comes to its end"

    def press(self, address: str, **fields: object) -> TestResponse:
        """Press a button of a list's screen as it is now: what is not said stays ticked as it is."""
        page = self.get(address)
        shown = re.findall(r'name="on" value="([^"]*)"', page.text)
        ticked = [str(row) for row, is_ticked in ticks(page).items() if is_ticked]
        return self.post(address, {"on": shown, "r": ticked, "f2": "2", **fields})

    def order(self, address: str, **fields: object) -> tuple[str, TestResponse]:
        """Print those who are ticked; the address of the run, and its screen at its end."""
        answer = self.press(address, **{"print": "job", **fields})
        assert answer.status_code == 303, answer.text
        assert answer.location.startswith("/runs/")
        self.settle()
        return answer.location, self.get(answer.location)


def ticks(page: TestResponse) -> dict[int, bool]:
    """The rows that can be ticked, and whether they are."""
    found = re.findall(r'<input type="checkbox" name="r" value="(\d+)"[^>]*?( checked)?>', page.text)
    return {int(row): bool(checked) for row, checked in found}
