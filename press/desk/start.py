"""Start and end of the desk: a free port of this computer alone, the browser, a second start, the end.

A second start finds the running desk by a lock of the system and a file with its address. It draws a token itself
and leaves the token's SHA-256 beside them, where only this user can write: so the desk knows the token, and no secret
is on the disk. The page that brings a token to the browser is a file of this user alone, gone once it was used.
"""

from __future__ import annotations

import html
import logging
import secrets
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from press.delivery.account import account_name
from press.delivery.atomic import deliver, make_folder
from press.delivery.files import FILES, Files
from press.delivery.lock import held
from press.errors import HandoutError, Place, refuse
from press.records import dataclass

if TYPE_CHECKING:
    from flask import Flask

    from press.desk.desk import Desk
    from press.runs.fresh_site import FreshSite

_ADDRESS: Final = "address"  # the file with the name and port of the running desk
_LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_TRIES = 20  # ports, until one is free for both
_PATIENCE = 5.0  # seconds for a first start to say its address, or for the last answer to be sent
_LIMITS: Final = {
    "threads": 8,
    "ident": None,  # no Server header
    "max_request_body_size": 51_000_000,
    "max_request_header_size": 32_768,
    "inbuf_overflow": 64_000_000,  # above all limits, so that nothing is ever spooled to a file
    "outbuf_overflow": 256_000_000,
    "outbuf_high_watermark": 256_000_000,
    "channel_timeout": 60,
    "connection_limit": 100,
}


@dataclass(frozen=True)
class DeskStart:
    """A start of the desk: the clinic's site, its clock, what opens a browser, and what shows a line to who waits.

    Without `open_browser` the one-time address is shown as a line.
    """

    sites: FreshSite
    now: Callable[[], datetime]
    open_browser: Callable[[str], object] | None
    show: Callable[[str], object]


def run_desk(start: DeskStart, *, files: Files = FILES) -> None:
    """Run the desk until somebody leaves it, or nobody used it for half an hour; or open the one that runs.

    Raises HandoutError where the folder cannot be written to, or no port is free.
    """
    folder = _folder(start.sites.root)
    try:
        make_folder(folder, files)
    except OSError:
        raise refuse(Place("desk"), "this folder cannot be written to", "ask who looks after this computer") from None
    with ExitStack() as stack:
        try:
            stack.enter_context(held(folder, "desk", files=files))
        except HandoutError:
            _join(start, folder)
            return
        _clear(folder, files)
        try:
            _serve(start, folder)
        finally:
            _clear(folder, files)


def _folder(root: Path) -> Path:
    """Name the folder of this computer and account: the clinic's folder may be shared."""
    whose = f"{socket.gethostname()} {account_name()}"
    return root / ".press-desk" / sha256(whose.encode()).hexdigest()[:16]


def _clear(folder: Path, files: Files) -> None:
    """Remove what an earlier start left."""
    for path in folder.glob("*"):
        if path.suffix in (".html", ".knock") or path.name == _ADDRESS:
            with suppress(OSError):
                files.unlink(path)


def _join(start: DeskStart, folder: Path) -> None:
    """Let a browser into the desk that runs already."""
    ends = time.monotonic() + _PATIENCE
    while not (folder / _ADDRESS).exists():
        if time.monotonic() > ends:
            raise refuse(Place("desk"), "the desk is just starting or ending", "try again in a minute")
        time.sleep(0.1)
    token = secrets.token_urlsafe(32)
    deliver(b"", folder, f"{_digest(token)}.knock")
    _invite(start, folder, (folder / _ADDRESS).read_text("ascii"), token)


def take_knock(folder: Path, token: str, *, files: Files = FILES) -> bool:
    """Remove what brought a token to the browser; whether a second start had left its digest."""
    if not token:
        return False
    name = _digest(token)
    with suppress(OSError):
        files.unlink(folder / f"{name}.html")
    try:
        files.unlink(folder / f"{name}.knock")
    except OSError:
        return False
    return True


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _invite(start: DeskStart, folder: Path, host: str, token: str) -> None:
    """Show the one-time address, or open it in the browser by a file, so that no list of programs shows the token."""
    address = f"http://{host}/enter?token={token}"
    if start.open_browser is None:
        start.show(address)
        return
    link = html.escape(address, quote=True)
    page = f'<!DOCTYPE html><html lang="en"><title>Desk</title><meta http-equiv="refresh" content="0; url={link}">'
    path = deliver(page.encode("ascii"), folder, f"{_digest(token)}.html")
    start.open_browser(path.as_uri())


def _serve(start: DeskStart, folder: Path) -> None:
    from press.desk.maker import Maker

    sockets, port = _listen()
    maker = Maker(start.sites.root, lambda: start.now().date())
    maker.start()
    try:
        from press.desk.app import make_app  # while the maker gets ready
        from press.desk.desk import Desk
        from press.desk.sending import sending

        desk = Desk(start.sites, start.now, f"{_host_name()}:{port}", maker, folder=folder)
        deliver(desk.host.encode("ascii"), folder, _ADDRESS)
        app = make_app(desk)
        _invite(start, folder, desk.host, desk.session.new_token())
        with sending(start.sites):
            _answer(app, sockets, desk)
    finally:
        maker.stop()


def _host_name() -> str:
    """Draw a name for this start: cookies know no ports, so another server of this computer must have another name.

    Browsers resolve it by themselves; Safari asks the system, and where that does not know it, the address is plain.
    """
    name = f"desk-{secrets.token_hex(8)}.localhost"
    if sys.platform == "darwin":
        try:
            socket.getaddrinfo(name, None)
        except OSError:
            return "127.0.0.1"
    return name


def _listen() -> tuple[list[socket.socket], int]:
    """Listen on one free port of this computer, by both of its addresses: browsers try the newer one first.

    Raises HandoutError.
    """
    for _ in range(_TRIES):
        first = _bound(*_LOOPBACK[0], 0)
        if first is None:
            break
        port = first.getsockname()[1]
        second = _bound(*_LOOPBACK[1], port)
        if second or not _has_newer_addresses():
            return [one for one in (first, second) if one], port
        first.close()
    raise refuse(Place("desk"), "no port of this computer is free", "close other programs, and try again")


def _has_newer_addresses() -> bool:
    found = _bound(*_LOOPBACK[1], 0)
    if found:
        found.close()
    return found is not None


def _bound(family: int, address: str, port: int) -> socket.socket | None:
    try:
        found = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        if sys.platform == "win32":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        found.bind((address, port))
        found.listen()  # before the address is known to a browser
    except OSError:
        found.close()
        return None
    return found


def _answer(app: Flask, sockets: list[socket.socket], desk: Desk) -> None:
    """Answer until the end; the last answer is sent before."""
    from waitress import wasyncore
    from waitress.server import create_server

    logging.getLogger("waitress").setLevel(logging.CRITICAL + 1)  # what it would say quotes addresses and faults
    channels: dict[int, socket.socket] = {}
    server = create_server(app, channels, sockets=sockets, **_LIMITS)  # type: ignore[arg-type]  # its types know one setting only
    with suppress(KeyboardInterrupt):
        while not _is_over(desk):
            wasyncore.loop(timeout=1.0, use_poll=True, map=channels, count=1)
            desk.session.tick()
        ends = time.monotonic() + 1.0
        while time.monotonic() < ends:
            wasyncore.loop(timeout=0.1, use_poll=True, map=channels, count=1)
    server.close()
    wasyncore.close_all(channels)


def _is_over(desk: Desk) -> bool:
    from press.desk.session import END_AFTER

    return (desk.session.is_ended or desk.session.idle > END_AFTER) and not desk.is_busy
