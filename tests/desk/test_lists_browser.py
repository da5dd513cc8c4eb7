"""A list in a real browser: its table, a run beside another tab, and a desk that is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from press.desk.forms import Form
from press.desk.person_form import KEYS
from tests.desk.conftest import BrowserDesk, start
from tests.desk.list_support import GOOD, LIST, NEVER
from tests.desk.test_person_browser import children, found
from tests.rigs.waiting import HANGS, wait_for

LAST_DOSE = "#" + Form(KEYS).name("last_dose")


def list_of(count: int) -> str:
    """So many people, with one name that is searched for later."""
    rows = (f"\nP-{number},Canary Zerbinetta,injection,opioid,4 weeks,2026-11-23," for number in range(1, count + 1))
    return GOOD.splitlines()[0] + "".join(rows)


def drop(page: Page, origin: str, path: Path) -> None:
    """Hand a list over, and wait until it is read."""
    page.goto(origin + "/lists")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Open the list").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("The list is being read", timeout=HANGS * 1000)


def save(desk: BrowserDesk, text: str) -> Path:
    path = desk.folder / "list.csv"
    path.write_text(text, "utf-8")
    return path


def list_process(desk: BrowserDesk, maker: set[int]) -> int:
    """The process of the one list that is open."""
    [process] = set(children(desk.process.pid)) - maker
    return process


def judge(desk: BrowserDesk) -> None:
    """axe-core finds nothing on the open page at 100, 200 and 400 %, and nothing is wider than the window."""
    for width, height in ((1280, 900), (640, 450), (320, 640)):
        desk.page.set_viewport_size({"width": width, "height": height})
        assert desk.faults() == [], width
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    desk.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.sweep
def test_a_list_is_looked_at_and_printed_by_the_keyboard_alone(browser_desk: BrowserDesk) -> None:
    page = browser_desk.page
    drop(page, browser_desk.origin, save(browser_desk, LIST))
    expect(page.get_by_role("heading", level=1)).to_have_text("2 ready, 2 need you")
    judge(browser_desk)
    page.get_by_role("button", name="Look at the pages of row 2").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The pages of row 2")).to_be_focused()
    image = page.locator("#look img").first
    expect(image).to_be_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth") == 816
    assert browser_desk.faults() == []
    page.get_by_label("Print row 4").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/runs/*")
    page.get_by_role("link", name="Back to the list").wait_for(timeout=HANGS * 1000)
    assert "for 2 people" in page.inner_text("h1") and not [word for word in NEVER if word in page.content()]
    judge(browser_desk)
    page.get_by_label("The first sheet that is missing or bad").fill("99")
    page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_be_focused()
    assert browser_desk.faults() == []


@pytest.mark.sweep
def test_while_a_list_is_printed_another_tab_prints_one_person(browser_desk: BrowserDesk) -> None:
    page, maker = browser_desk.page, set(children(browser_desk.process.pid))
    drop(page, browser_desk.origin, save(browser_desk, list_of(1000)))
    expect(page.get_by_role("heading", level=1)).to_have_text("1000 ready")
    process = list_process(browser_desk, maker)
    page.get_by_role("button", name="Print the ticked people").click(no_wait_after=True)
    page.wait_for_url("**/runs/*")
    os.kill(process, signal.SIGSTOP)  # so that it surely still runs
    try:
        judge(browser_desk)
        other = page.context.new_page()
        other.goto(browser_desk.origin + "/person")
        other.locator(LAST_DOSE).fill("2026-11-16")
        other.get_by_role("button", name="Print", exact=True).click()
        other.wait_for_url("**/person/printed/*")
        assert "The list is being printed" in page.inner_text("h1")
    finally:
        os.kill(process, signal.SIGCONT)
    page.get_by_role("link", name="Back to the list").wait_for(timeout=HANGS * 1000)
    assert "for 1000 people" in page.inner_text("h1")


@pytest.mark.sweep
def test_a_desk_that_is_killed_goes_on_with_the_same_file_and_leaves_nothing_typed(browser_desk: BrowserDesk) -> None:
    page, folder = browser_desk.page, browser_desk.folder
    path, maker = save(browser_desk, list_of(600)), set(children(browser_desk.process.pid))
    drop(page, browser_desk.origin, path)
    process = list_process(browser_desk, maker)
    page.get_by_role("button", name="Make a file for each person").click(no_wait_after=True)
    wait_for(lambda: any(browser_desk.root.glob("out/list-*/*.pdf")))
    os.kill(browser_desk.process.pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(process))
    assert not list(folder.rglob("*.part"))

    again, address = start(folder)
    try:
        page.goto(address)
        page.wait_for_url(address.partition("/enter")[0] + "/")
        drop(page, address.partition("/enter")[0], path)
        page.get_by_role("heading", name="Printed from this list before").wait_for()
        page.locator("button[name=earlier]").click()
        if "Stopped before" in page.inner_text("h1"):
            page.get_by_role("button", name="Go on").click()
            page.get_by_role("heading", name="Ready: a file for each of 600 people").wait_for(timeout=HANGS * 1000)
        assert len(list(browser_desk.root.glob("out/list-*/*.pdf"))) == 600
    finally:
        again.kill()
        again.communicate()
    where = {name for name in found(folder, "Canary Zerbinetta") if not name.startswith("clinic/out/")}
    assert where == {"list.csv"}, "the list itself, where the clinic keeps it"


def is_alive(process: int) -> bool:
    """Whether a process is there and no zombie."""
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout.strip()
    return bool(said) and not said.startswith("Z")


def test_without_javascript_a_list_is_printed_too(browser_desk: BrowserDesk) -> None:
    page = browser_desk.new_page(java_script_enabled=False, color_scheme="dark")
    page.goto(browser_desk.token())
    page.wait_for_url(browser_desk.origin + "/")
    drop_plain(page, browser_desk.origin, save(browser_desk, LIST))
    page.get_by_role("button", name="Look at the pages of row 3").click()
    expect(page.locator("#look img").nth(1)).to_be_visible()
    page.get_by_label("Show", exact=True).select_option("ready")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("tbody tr").count() == 2
    page.get_by_role("button", name="Print the ticked people").click()
    go_on(page, "The list is being printed")
    assert "for 3 people" in page.inner_text("h1")
    page.context.close()


def drop_plain(page: Page, origin: str, path: Path) -> None:
    page.goto(origin + "/lists")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Open the list").click()
    go_on(page, "The list is being read")


def go_on(page: Page, said: str) -> None:
    """Look again, as a person does, until something else is said."""

    def goes_on() -> bool:
        if page.inner_text("h1") != said:
            return True
        page.get_by_role("link", name="Look again").click()
        return False

    wait_for(goes_on)
