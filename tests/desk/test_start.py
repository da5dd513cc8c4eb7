"""Start and end of the real desk: the one-time address, a second start, the end; and what it leaves on the disk."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tests.desk.conftest import BrowserDesk
from tests.rigs.waiting import HANGS


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

    page.get_by_role("button", name="Lock").click()
    assert "The desk is locked" in page.inner_text("h1")
    assert page.goto(browser_desk.origin + "/").status == 403
    page.goto(browser_desk.token())
    page.wait_for_url(browser_desk.origin + "/")
    page.get_by_role("button", name="Close").click()
    assert "closed" in page.inner_text("h1")
    assert browser_desk.process.wait(timeout=HANGS) == 0
    assert left(browser_desk.root) == ["lock"]
