"""The real desk in a real browser, for the few tests that need one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import left_out
from tests.rigs import browser, web_rig
from tests.rigs.waiting import HANGS
from tests.support import ROOT, TODAY, copied

FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
FLAGS += " --disable-sync --no-first-run"


@dataclass
class BrowserDesk:
    """A running desk on a copy of the project, and a browser that is in it."""

    root: Path
    process: subprocess.Popen[str]
    browser: Browser
    page: Page
    address: str

    @property
    def origin(self) -> str:
        """The desk's own origin."""
        return self.address.partition("/enter")[0]

    def go(self, path: str = "/") -> Page:
        """Open a screen."""
        self.page.goto(self.origin + path)
        return self.page

    def token(self) -> str:
        """The one-time address of a second start, which leaves the desk running."""
        process, address = start(self.root)
        process.communicate(timeout=HANGS)
        return address

    def faults(self) -> list[str]:
        """What axe-core finds wrong in the open page; it must have judged something."""
        self.page.evaluate(web_rig.AXE.read_text("utf-8"))
        answer = self.page.evaluate(web_rig._RUN)
        assert answer["passed"] >= 10, "axe-core judged next to nothing"
        return answer["faults"]


def start(root: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the desk as a user would, and give the one-time address that it shows."""
    command = [sys.executable, str(ROOT / "generate.py"), "--folder", str(root), "desk", "--no-browser"]
    process = subprocess.Popen([*command, "--today", TODAY.isoformat()], stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    assert address.startswith("http://desk-"), "the desk shows its one-time address"
    return process, address


@pytest.fixture(scope="session")
def playwright_browser() -> Iterator[Browser]:
    """One Chromium for all tests; without it they are skipped, and fail in CI."""
    if (program := browser.find()) is None:
        left_out("the tests of the desk in a browser need Chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=FLAGS.split()[1:])
        yield found
        found.close()


@contextmanager
def opened(root: Path, chromium: Browser) -> Iterator[BrowserDesk]:
    """A desk on a folder, with a browser in it; both are ended after the test."""
    process, address = start(root)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_url(address.partition("/enter")[0] + "/")
        yield BrowserDesk(root, process, chromium, page, address)
    finally:
        context.close()
        process.terminate()
        process.communicate(timeout=HANGS)


@pytest.fixture
def browser_desk(tmp_path: Path, playwright_browser: Browser) -> Iterator[BrowserDesk]:
    """The real desk, as `python generate.py desk`, on a copy of the project."""
    root = tmp_path / "clinic"
    root.mkdir()
    with opened(copied(root), playwright_browser) as found:
        yield found
