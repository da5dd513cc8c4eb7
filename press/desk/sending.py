"""Send what is printed and marked to the server that many desks share, in the background: no screen waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from press.errors import HandoutError

if TYPE_CHECKING:
    from press.runs.fresh_site import FreshSite

_EVERY: Final = 60.0  # seconds: another program of this computer may have printed, too
_AT_THE_END: Final = 3.0  # seconds that the end waits for the last rows; what is left is sent at the next start


@contextmanager
def sending(sites: FreshSite, every: float = _EVERY) -> Iterator[None]:
    """Send now, from time to time, and once more at the end."""
    over = Event()
    thread = Thread(target=_send_until, args=(sites, over, every), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_AT_THE_END)


def _send_until(sites: FreshSite, over: Event, every: float) -> None:
    _send(sites)
    while not over.wait(every):
        _send(sites)
    _send(sites)


def _send(sites: FreshSite) -> None:
    """Send what waits; screens say where the server is missed, and a fault is tried again."""
    with suppress(HandoutError):
        if sites.get().clinic.ledger_server is None:
            return
        from press.runs.shared_ledger import send_entered

        with suppress(Exception):  # its words may quote a row, and a thread would print them
            send_entered(sites.get())
