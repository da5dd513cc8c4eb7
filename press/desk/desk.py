"""The desk: what every screen needs of it. One for each start of the program."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from press.desk.memory import Memory
from press.desk.open_list import Lists
from press.desk.session import Session
from press.desk.staff_words import LANGUAGES, Words, words
from press.errors import HandoutError

if TYPE_CHECKING:
    from press.desk.maker import Maker
    from press.runs.fresh_site import FreshSite
    from press.runs.handout import Site

EXTENSION = "desk"


class Desk:
    """One clinic's desk. `now` is the only clock of the day: the moment in the clinic's time zone.

    `host` is the name and port that browsers send; `clock` counts seconds and never goes back; `folder` is where a
    second start of the program leaves its token. `lists` are those that run, which postpones the end.
    """

    def __init__(
        self,
        sites: FreshSite,
        now: Callable[[], datetime],
        host: str,
        maker: Maker,
        *,
        clock: Callable[[], float] = time.monotonic,
        folder: Path | None = None,
    ) -> None:
        self.sites, self.now, self.host, self.maker, self.folder = sites, now, host, maker, folder
        self.memory = Memory(clock)
        self.session = Session(self._forget, clock)
        self.lists = Lists()
        self.language = LANGUAGES[0]  # of staff
        with suppress(HandoutError):  # a broken config.yaml is told where it can be mended
            self.language = sites.get().clinic.staff_language

    def _forget(self) -> None:
        """Let go of everything that was typed or handed over; a list that is being printed is printed to its end."""
        self.memory.wipe()
        self.lists.forget()
        self.maker.forget()

    @property
    def root(self) -> Path:
        """The clinic's folder."""
        return self.sites.root

    @property
    def site(self) -> Site:
        """The clinic's site as its files are now. Never make a page or read a list with it: that is the maker's."""
        return self.sites.get()

    @property
    def origin(self) -> str:
        """What browsers say that our own forms come from."""
        return f"http://{self.host}"

    def words(self, language: str = "") -> Words:
        """Give the function that says a key in the staff's language."""
        return words(language or self.language)

    @property
    def is_busy(self) -> bool:
        """Whether a list is being printed, so that the program must not end."""
        return bool(self.lists.running)


def get_desk() -> Desk:
    """Give the desk of the app that answers this request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Desk)
    return found
