"""Start and end of the real desk: the one-time address, a second start, the end; and what it leaves on the disk."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from playwright.sync_api import expect

from press.desk.start import DeskStart, run_desk
from press.runs.fresh_site import FreshSite
from tests.desk.conftest import BrowserDesk, children, start
from tests.desk.support import NOW
from tests.rigs.waiting import HANGS, wait_for
from tests.support import told


def left(root: Path) -> list[str]:
    return sorted(path.name for path in (root / ".press-desk").rglob("*") if path.is_file())


def test_a_browser_comes_in_once_a_second_start_opens_the_same_desk_and_close_ends_it(
    browser_desk: BrowserDesk,
) -> None:
    page = browser_desk.page
    assert page.title() and browser_desk.faults() == []
    assert left(browser_desk.root) == ["address", "lock"]
    (folder,) = (browser_desk.root / ".press-desk").iterdir()
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    stranger = browser_desk.new_page()
    assert stranger.goto(browser_desk.address).status == 403, "the first token is used up"
    assert stranger.goto(browser_desk.origin + "/").status == 403
    second = browser_desk.token()
    assert second.startswith(browser_desk.origin)
    assert stranger.goto(second).status == 200
    stranger.wait_for_url(browser_desk.origin + "/")
    stranger.context.close()

    page.route("**/idle", lambda route: route.fulfill(json={"seconds": 100}))
    page.evaluate("document.getElementById('stay').click()")
    expect(page.get_by_role("alert")).to_contain_text("locks in two minutes")
    assert browser_desk.faults() == []
    page.unroute("**/idle")
    page.get_by_role("button", name="I am still here").click()
    expect(page.locator("#idle")).to_be_hidden()

    page.get_by_role("button", name="Lock").click()
    assert "The desk is locked" in page.inner_text("h1")
    assert page.goto(browser_desk.origin + "/").status == 403
    page.goto(browser_desk.token())
    page.wait_for_url(browser_desk.origin + "/")
    page.get_by_role("button", name="Close").click()
    assert "closed" in page.inner_text("h1")
    assert browser_desk.process.wait(timeout=HANGS) == 0
    assert left(browser_desk.root) == ["lock"]


@pytest.mark.sweep
def test_when_the_web_process_is_killed_the_maker_ends_and_a_new_start_takes_over(browser_desk: BrowserDesk) -> None:
    (child,) = children(browser_desk.process.pid)
    browser_desk.process.kill()
    browser_desk.process.wait(timeout=HANGS)
    wait_for(lambda: not alive(child))
    assert left(browser_desk.root) == ["address", "lock"], "what a killed desk leaves"

    process, address = start(browser_desk.folder)
    assert not address.startswith(browser_desk.origin), "another name, so that an old tab reaches nothing"
    browser_desk.page.goto(address)
    browser_desk.page.wait_for_url(address.partition("/enter")[0] + "/")
    process.terminate()
    process.communicate(timeout=HANGS)


def alive(process: int) -> bool:
    """Whether a process is there; one that ended but was not waited for is not."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout.strip()
    return bool(found) and not found.startswith("Z")


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / ".press-desk").write_text("in the way", "utf-8")
    with told() as problems:
        run_desk(DeskStart(FreshSite(tmp_path), lambda: NOW, None, print))

    assert [problem.message for problem in problems] == ["this folder cannot be written to"]


class _Neighbor(BaseHTTPRequestHandler):
    """Another web server of this computer, which writes down what a browser sends, and sends the browser to the desk."""

    cookies: ClassVar[list[str]] = []
    desk = ""

    def do_GET(self) -> None:
        self.cookies.append(self.headers.get("Cookie", ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<form method="post" action="{self.desk}/lock"><button>Win</button></form>'.encode())

    def log_message(self, *about: object) -> None:
        """Say nothing."""


@pytest.mark.sweep
def test_a_neighbor_gets_no_cookie_and_no_say_and_a_slow_client_holds_nobody_up(browser_desk: BrowserDesk) -> None:
    page, port = browser_desk.page, int(browser_desk.origin.rpartition(":")[2])
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for one in slow:
        one.sendall(b"POST /person HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nf1=")
    _Neighbor.desk, server = browser_desk.origin, ThreadingHTTPServer(("127.0.0.1", 0), _Neighbor)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        for host in ("127.0.0.1", "localhost", "desk.localhost"):
            page.goto(f"http://{host}:{server.server_port}/")
            with page.expect_navigation():
                page.get_by_role("button", name="Win").click()
            assert "The desk is locked" in page.inner_text("h1"), "refused: it looks the same from outside"
        assert browser_desk.go("/").url == browser_desk.origin + "/" and "Lock" in page.inner_text(".leave")
        assert len(_Neighbor.cookies) >= 3 and not any(_Neighbor.cookies)
    finally:
        server.shutdown()
        server.server_close()
        for one in slow:
            one.close()
