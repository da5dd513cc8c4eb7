"""One person in a real browser: live, by keyboard alone, without JavaScript, in two tabs; and what it leaves behind."""

from __future__ import annotations

import base64
import os
import signal
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from press.desk.forms import Form
from press.desk.person_form import KEYS
from tests.desk.conftest import BrowserDesk, children
from tests.rigs.waiting import HANGS

FORM = Form(KEYS)
LAST_DOSE = "#" + FORM.name("last_dose")


def shown(page: Page) -> int:
    """How often the pages beside the form were made anew."""
    return int(page.locator("#preview").get_attribute("data-shown") or 0)


def test_the_pages_follow_each_key_and_a_refusal_turns_them_grey(browser_desk: BrowserDesk) -> None:
    page = browser_desk.go("/person")
    image = page.locator("#preview img").first
    expect(image).to_be_visible()
    first = image.get_attribute("src")
    page.locator(LAST_DOSE).press_sequentially("11162026")
    expect(page.locator(LAST_DOSE + "-said")).to_contain_text("Monday, November 16, 2026, 7 days ago")
    expect(image).not_to_have_attribute("src", first)
    assert image.evaluate("image => image.complete && image.naturalWidth") == 816
    expect(page.locator("#preview img[src]")).to_have_count(5)
    assert browser_desk.faults() == []

    before = image.get_attribute("src")
    page.locator(LAST_DOSE).fill("05/06/2026")
    expect(page.locator(".reasons")).to_contain_text("This can be two days")
    assert page.locator("#preview").get_attribute("data-refused") is not None
    assert image.get_attribute("src") == before, "the last good page stays, in grey"
    assert browser_desk.faults() == []
    page.get_by_role("button", name="Friday, June 5, 2026").click()
    assert page.locator(LAST_DOSE).input_value() == "2026-06-05"
    expect(page.locator(".reasons")).to_contain_text("tick “The dose is late, and I checked it”")

    ended, alcohol = page.locator("#" + FORM.name("stopped")), page.get_by_label("Alcohol")
    page.locator("summary").click()
    ended.check()
    alcohol.check()
    page.get_by_role("link", name="Clear everything").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert page.locator(LAST_DOSE).input_value() == "" and not ended.is_checked() and not alcohol.is_checked()
    page.get_by_role("button", name="Undo").click()
    assert page.locator(LAST_DOSE).input_value() == "2026-06-05" and ended.is_checked() and alcohol.is_checked()


@pytest.mark.sweep
def test_a_person_is_printed_by_the_keyboard_alone_on_every_width(browser_desk: BrowserDesk) -> None:
    page = browser_desk.go("/person")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == LAST_DOSE[1:]:
            break
    page.keyboard.type("tomorrow")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_be_focused()
    for width, height in ((1280, 900), (640, 450), (320, 640)):  # 100 %, 200 % and 400 % of a screen of 1280
        page.set_viewport_size({"width": width, "height": height})
        assert browser_desk.faults() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(LAST_DOSE)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("11162026")
    page.keyboard.press("Enter")
    expect(page.locator("#preview img").first).to_be_visible()
    assert page.url.endswith("/person"), "the Enter key shows the pages, and prints nothing"
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/person/printed/*")
    assert len(list((browser_desk.root / "out").glob("*.pdf"))) == 3
    assert browser_desk.faults() == []
    expect(page.get_by_role("button", name="Next person")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/person")
    assert page.locator(LAST_DOSE).input_value() == ""


def test_without_javascript_all_of_it_works_but_the_live_preview(browser_desk: BrowserDesk) -> None:
    page = browser_desk.new_page(java_script_enabled=False, color_scheme="dark")
    page.goto(browser_desk.token())
    page.wait_for_url(browser_desk.origin + "/")
    page.goto(browser_desk.origin + "/person")
    page.locator(LAST_DOSE).fill("05/06/2026")
    page.get_by_role("button", name="Print", exact=True).click()
    assert "There is a problem" in page.inner_text("#summary")
    page.get_by_role("button", name="yesterday").click()
    assert page.locator(LAST_DOSE).input_value() == "2026-11-22"
    page.get_by_role("button", name="Show the pages").click()
    assert page.locator("#preview img").count() == 5
    page.get_by_role("button", name="Print", exact=True).click()
    page.wait_for_url("**/person/printed/*")
    page.context.close()


def test_pages_that_the_desk_took_for_outdated_are_asked_for_again(browser_desk: BrowserDesk) -> None:
    """Of keys that are typed fast the last may reach the desk before others; nobody types another to get its pages."""
    page = browser_desk.go("/person")
    expect(page.locator("#preview img").first).to_be_visible()
    made, taken = shown(page), []
    page.route("**/person/preview", lambda route: (taken.append(route), route.fulfill(status=204)), times=1)
    page.locator("#" + FORM.name("name")).fill("Ana Example")
    page.wait_for_function("made => Number(document.getElementById('preview').dataset.shown) > made", arg=made)
    assert len(taken) == 1


@pytest.mark.sweep
def test_a_tab_from_before_the_lock_and_a_maker_that_is_killed_keep_what_was_typed(browser_desk: BrowserDesk) -> None:
    page = browser_desk.go("/person")
    page.locator(LAST_DOSE).fill("2026-11-16")
    expect(page.locator("#preview img").first).to_be_visible()
    for child in children(browser_desk.process.pid):
        os.kill(child, signal.SIGKILL)
    made = shown(page)
    page.locator("#" + FORM.name("name")).press_sequentially("Ana Example")
    page.wait_for_function("made => Number(document.getElementById('preview').dataset.shown) > made", arg=made)

    other = page.context.new_page()
    other.goto(browser_desk.origin + "/")
    other.get_by_role("button", name="Lock").click()
    other.goto(browser_desk.token())
    other.wait_for_url(browser_desk.origin + "/")
    page.locator("#" + FORM.name("name")).press_sequentially("!")
    expect(page.locator("#unseen")).to_be_visible()
    page.get_by_role("button", name="Print", exact=True).click()
    assert "What you typed is still here" in page.inner_text("main")
    assert browser_desk.faults() == []
    page.get_by_role("button", name="Send it again").click()
    assert page.locator(LAST_DOSE).input_value() == "2026-11-16", "nothing is printed that nobody saw since"
    expect(page.locator("#preview img").first).to_be_visible()
    page.get_by_role("button", name="Print", exact=True).click()
    page.wait_for_url("**/person/printed/*")


CANARIES = {"name": "Zerbinetta Canary", "prescriber": "Wolfram Canarino", "code": "KX-73915"}


def encoded(text: str) -> list[bytes]:
    """A text as it may be hidden."""
    plain = [text.encode(), text.upper().encode(), text.encode("utf-16-le"), quote(text).encode()]
    return [*plain, base64.b64encode(text.encode())[:-3], text.replace(" ", "+").encode()]


def found(folder: Path, text: str) -> list[str]:
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and any(one in path.read_bytes() for one in encoded(text))
    ]


@pytest.mark.sweep
def test_nothing_that_was_typed_is_found_anywhere_but_on_the_pages(profile_desk: BrowserDesk) -> None:
    """Temp folder, home folder, browser profile with history and cache, what the desk said, the clinic's folder."""
    folder, page = profile_desk.folder, profile_desk.go("/person")
    page.locator(LAST_DOSE).fill("2026-11-16")
    page.locator("summary").click()
    for key, text in CANARIES.items():
        page.locator("#" + FORM.name(key)).fill(text)
    expect(page.locator("#preview img").first).to_be_visible()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Read the pages as text").click()
    popup.value.close()
    page.get_by_role("button", name="Print", exact=True).click()
    page.wait_for_url("**/person/printed/*")
    page.go_back()
    page.go_forward()
    page.get_by_role("button", name="Close").click()
    assert profile_desk.process.wait(timeout=HANGS) == 0
    page.context.close()

    assert list((folder / "clinic" / "out").glob("*KX-73915*.pdf")), "the pages are there"
    assert len([path for path in (folder / "profile").rglob("*") if path.is_file()]) > 20, (
        "there is a profile to search"
    )
    for key, text in CANARIES.items():
        where = {path for path in found(folder, text) if not path.startswith("clinic/out/")}
        assert where == ({"clinic/ledger.sqlite"} if key == "code" else set())
    names = [path.name for path in folder.rglob("*") if not path.is_relative_to(folder / "clinic" / "out")]
    assert len(names) > 100 and not [name for name in names if "73915" in name]
