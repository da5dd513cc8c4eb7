"""Start and end of the real desk: the one-time address, a second start, the end; and what it leaves on the disk."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

from playwright.sync_api import expect

from tests.desk.conftest import BrowserDesk, children, start
from tests.rigs.waiting import HANGS, wait_for


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
