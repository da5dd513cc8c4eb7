"""The screens of reports in a real browser: axe-core at every zoom, light and dark; sorted, filtered and ticked by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from press.delivery.ledger import open_ledger
from tests.desk.conftest import BrowserDesk
from tests.desk.test_report_files import LIST, PAGE

WIDTHS = (1280, 640, 320)  # 100, 200 and 400 percent


@pytest.mark.sweep
def test_reports_are_read_at_every_zoom_and_used_by_keyboard(browser_desk: BrowserDesk) -> None:
    with open_ledger(browser_desk.root / "ledger.sqlite") as ledger, ledger.printing([PAGE]):
        pass
    page = browser_desk.go("/due")
    page.set_input_files("input[type=file]", {"name": "x.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.get_by_role("button", name="Show who is due").press("Enter")
    page.locator(".week").wait_for()
    due = page.url.removeprefix(browser_desk.origin)
    sort_filter_and_tick(browser_desk)

    shown = (due, "/given?days=week", "/recall?f1=overdose-warning&f2=1.3.0")
    looks = [(path, width, "light") for path in shown for width in WIDTHS]
    looks += [("/due", 320, "light"), ("/recall?f1=x&f2=1", 320, "light"), *((path, 1280, "dark") for path in shown)]
    for path, width, scheme in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        browser_desk.go(path)
        assert browser_desk.faults() == [], (path, width, scheme)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, (path, width, "nothing is scrolled sideways")


def sort_filter_and_tick(desk: BrowserDesk) -> None:
    page = desk.page
    table = page.locator("table[data-sortable]").nth(1)
    codes = table.locator("tbody tr:visible th")
    assert codes.all_inner_texts() == ["P-3", "P-6", "P-1"], "by day"
    table.get_by_role("button", name="Code").press("Enter")
    assert codes.all_inner_texts() == ["P-1", "P-3", "P-6"]
    table.get_by_role("button", name="Code").press("Enter")
    assert codes.all_inner_texts() == ["P-6", "P-3", "P-1"]
    expect(table.get_by_role("columnheader", name="Code")).to_have_attribute("aria-sort", "descending")

    page.get_by_label("Find a code or a day").last.fill("tablets")
    assert codes.all_inner_texts() == ["P-6"]
    page.get_by_role("button", name="Tick all that are shown").press("Enter")
    expect(page.get_by_text("Ticked: 2")).to_be_visible()  # who is overdue is shown in a table of its own
    assert {box.get_attribute("value") for box in page.locator('input[name="r"]:checked').all()} == {"3", "7"}
