"""A nurse edits a sentence, a clinician signs it, in a real browser: by keyboard, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from press.desk.sign import KEYS
from press.runs.handout import Site
from tests.desk.conftest import BrowserDesk
from tests.support import TODAY

HERE = "/words/before-first-dose/en"
NAME = "title"
PATIENCE = 120_000  # milliseconds; every page of the handout is checked


def _words(desk: BrowserDesk) -> str:
    return Site(desk.root).library.words("before-first-dose", "en").texts[NAME][0]


def _open_text(page: Page) -> None:
    page.locator(f"#text-{NAME} summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(f"#words-{NAME}")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")


@pytest.mark.sweep
def test_a_sentence_is_edited_judged_saved_and_signed_by_keyboard(browser_desk: BrowserDesk) -> None:
    page = browser_desk.go("/words")
    assert browser_desk.faults() == []
    page = browser_desk.go(HERE)
    picture = page.locator("#pages img").first.get_attribute("src")

    _open_text(page)
    page.keyboard.type(
        "Considerable things that you must do before you can have the very first dose of naltrexone which helps you so much {x}"
    )
    expect(page.locator(f"#level-{NAME} mark.hard")).to_be_visible()
    page.keyboard.press("Tab")
    page.route("**/text", lambda route: route.fulfill(status=503, body="<main><p>It was stopped.</p></main>"))
    page.keyboard.press("Enter")
    expect(page.locator(f"#text-{NAME} [role=alert]")).to_have_text("It was stopped.")
    expect(page.locator(f"#text-{NAME} [role=alert]")).to_be_focused()
    page.unroute("**/text")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#error-{NAME}")).to_contain_text("unknown placeholder {x}", timeout=PATIENCE)
    assert browser_desk.faults() == [] and _words(browser_desk) == "Before your first dose"

    expect(page.locator(f"#words-{NAME}")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Before your very first dose")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#done-{NAME}")).to_contain_text("Saved", timeout=PATIENCE)
    expect(page.locator(f"#done-{NAME}")).to_be_focused()
    expect(page.locator("#pages img").first).not_to_have_attribute("src", picture or "", timeout=PATIENCE)
    assert browser_desk.faults() == [] and _words(browser_desk) == "Before your very first dose"

    page = browser_desk.go("/sign/before-first-dose/en")
    page.set_default_timeout(PATIENCE)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sign/read/**", timeout=PATIENCE)
    assert browser_desk.faults() == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_be_focused()
    assert browser_desk.faults() == []
    for point in page.locator("input[type=checkbox]").all():
        point.focus()
        page.keyboard.press("Space")
    for field, typed in (("by", "Pat Sample"), ("role", "pharmacist"), ("why", "a pilot")):
        page.locator(f"#f{KEYS.index(field) + 1}").focus()
        page.keyboard.type(typed)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sign/done/**", timeout=PATIENCE)
    assert [approval.by for approval in Site(browser_desk.root).approvals(TODAY)] == ["Pat Sample"]


def test_without_scripts_a_sentence_is_refused_kept_and_saved(browser_desk: BrowserDesk) -> None:
    page = browser_desk.new_page(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page.set_default_timeout(PATIENCE)
    page.goto(browser_desk.token())
    page.wait_for_url(browser_desk.origin + "/")
    page.goto(browser_desk.origin + HERE)
    page.locator(f"#text-{NAME} summary").click()
    page.locator(f"#words-{NAME}").fill("Before {x}")
    page.locator(f"#text-{NAME} button").click()
    expect(page.locator("#summary")).to_contain_text("unknown placeholder {x}")
    expect(page.locator(f"#words-{NAME}")).to_have_value("Before {x}")

    page.locator(f"#words-{NAME}").fill("Before you begin")
    page.locator(f"#text-{NAME} button").click()
    page.wait_for_url("**?done=*")
    expect(page.locator(f"#text-{NAME}")).to_contain_text("Put these words back")
    assert _words(browser_desk) == "Before you begin"
    page.context.close()


@pytest.mark.sweep
def test_the_clinic_and_the_help_hold_at_320_pixels_and_in_spanish(browser_desk: BrowserDesk) -> None:
    page = browser_desk.go("/clinic/start")
    page.set_default_timeout(PATIENCE)
    for field, typed in (("#f1", "Harbor Clinic"), ("#f2", "(212) 736-5000"), ("#f3", "(212) 736-5001")):
        page.locator(field).fill(typed)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/clinic?done=**")
    page.locator('input[value="es"]').check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("html")).to_have_attribute("lang", "es", timeout=PATIENCE)
    page.set_viewport_size({"width": 320, "height": 700})
    for path in ("/", "/clinic", "/clinic/start", "/help", "/words", HERE, "/sign/before-first-dose/en"):
        page = browser_desk.go(path)
        assert browser_desk.faults() == [], path
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
