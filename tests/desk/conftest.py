"""The real desk in a real browser, for the few tests that need one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.conftest import left_out
from tests.rigs import browser, web_rig
from tests.rigs.waiting import HANGS
from tests.support import ROOT, TODAY, copied

PATIENCE = 180_000  # milliseconds after which nothing will come any more in a page
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class BrowserDesk:
    """A running desk on a copy of the project, and a browser that is in it; `folder` has all that they may write to."""

    folder: Path
    process: subprocess.Popen[str]
    page: Page
    address: str

    @property
    def root(self) -> Path:
        """The clinic's folder."""
        return self.folder / "clinic"

    @property
    def origin(self) -> str:
        """The desk's own origin."""
        return self.address.partition("/enter")[0]

    def go(self, path: str = "/") -> Page:
        """Open a screen."""
        self.page.goto(self.origin + path)
        return self.page

    def new_page(self, **about: object) -> Page:
        """A page of another browser, which is not in."""
        assert self.page.context.browser
        context = self.page.context.browser.new_context(**about)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def token(self) -> str:
        """The one-time address of a second start, which leaves the desk running."""
        process, address = start(self.folder)
        process.communicate(timeout=HANGS)
        return address

    def faults(self) -> list[str]:
        """What axe-core finds wrong in the open page; it must have judged something.

        The window is made as high as the page: what is scrolled out of sight cannot be judged.
        """
        usual = self.page.viewport_size
        self.page.set_viewport_size({"width": usual["width"], "height": 8000})
        self.page.evaluate(web_rig.AXE.read_text("utf-8"))
        answer = self.page.evaluate(web_rig.RUN)
        self.page.set_viewport_size(usual)
        assert answer["passed"] >= 10, "axe-core judged next to nothing"
        return answer["faults"]


def start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the desk as a user would, on `folder/clinic`, and give the one-time address that it shows."""
    for name in ("temp", "home"):
        (folder / name).mkdir(exist_ok=True)
    command = [sys.executable, str(ROOT / "generate.py"), "--folder", str(folder / "clinic"), "desk", "--no-browser"]
    environment = os.environ | {"TMPDIR": str(folder / "temp"), "HOME": str(folder / "home")}
    with (folder / "errors").open("ab") as errors:
        process = subprocess.Popen(
            [*command, "--today", TODAY.isoformat()], stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        )
    address = process.stdout.readline().strip()
    assert address.startswith("http://desk-"), "the desk shows its one-time address"
    return process, address


def children(process: int) -> list[int]:
    """The processes that a process started, but for the tracker of Python's own."""
    found = subprocess.run(["pgrep", "-P", str(process), "-f", "spawn_main"], capture_output=True, text=True)
    assert found.stdout.split(), "the maker is there"
    return [int(number) for number in found.stdout.split()]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives Chromium; without it the tests are skipped, and fail in CI."""
    if browser.find() is None:
        left_out("the tests of the desk in a browser need Chromium")
    if reason := web_rig.missing():
        left_out(reason)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def new_context(playwright: Playwright) -> Iterator[object]:
    """Make a new browser context in the one Chromium of all tests."""
    found = playwright.chromium.launch(executable_path=browser.find(), args=FLAGS)
    yield lambda: found.new_context(viewport={"width": 1280, "height": 900})
    found.close()


@contextmanager
def opened(folder: Path, context: BrowserContext) -> Iterator[BrowserDesk]:
    """A desk on a copy of the project, with a browser in it; both are ended after the test."""
    (folder / "clinic").mkdir()
    copied(folder / "clinic")
    process, address = start(folder)
    try:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(address)
        page.wait_for_url(address.partition("/enter")[0] + "/")
        yield BrowserDesk(folder, process, page, address)
    finally:
        context.close()
        process.terminate()
        process.communicate(timeout=HANGS)


@pytest.fixture
def browser_desk(tmp_path: Path, new_context: object) -> Iterator[BrowserDesk]:
    """The real desk, as `python generate.py desk`, on a copy of the project."""
    with opened(tmp_path, new_context()) as found:
        yield found


@pytest.fixture
def profile_desk(playwright: Playwright) -> Iterator[BrowserDesk]:
    """The same in a browser that keeps its profile in `folder/profile`, as a person's does.

    The folder's path is short, as Chromium's socket lies in it.
    """
    folder = Path(tempfile.mkdtemp(prefix="desk"))
    context = playwright.chromium.launch_persistent_context(
        folder / "profile", executable_path=browser.find(), args=FLAGS, env=os.environ | {"TMPDIR": str(folder)}
    )
    with opened(folder, context) as found:
        yield found
    shutil.rmtree(folder, ignore_errors=True)
