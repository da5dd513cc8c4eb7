"""A whole day at the desk, in a real browser and on a real print service, as a clerk, a nurse and a clinician have it."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import left_out
from tests.desk.conftest import BrowserDesk, opened
from tests.rigs import cups_rig
from tests.rigs.cups_rig import Service, running

PRINTER = "Front_desk"
LIST = """Code,Name,Form,Reason,Interval,Last dose,Appointment
R-101,Ana Zerbinetta,injection,opioid,4 weeks,2026-11-23,2026-12-21 09:30
R-102,Bo Papagena,injection,alcohol,4 weeks,2026-10-20,
R-103,Cy Despina,injection,opioid,4 weeks,2026-13-40,
R-104,Di Fiordiligi,spray,opioid,4 weeks,2026-11-20,
R-105,Ed Figaro,injection,opioid,4 weeks,2026-11-02,
"""
NAMES = ("Zerbinetta", "Papagena", "Despina", "Fiordiligi", "Figaro", "Marcellina")
LONG = 60_000  # milliseconds for what checks every page


@pytest.fixture(scope="module")
def printers() -> Iterator[Service]:
    """A print service with one printer, which keeps what it gets; skipped where there is none, in CI failed."""
    if reason := cups_rig.missing():
        left_out(reason)
    with tempfile.TemporaryDirectory(prefix="cups-", dir="/tmp") as folder:  # a socket has a short path
        Path(folder).chmod(0o755)
        with running(Path(folder)) as service:
            service.add(PRINTER)
            service.tool("lpadmin", "-d", PRINTER)
            yield service


@pytest.fixture
def day(
    tmp_path: Path, new_context: Callable[[], BrowserContext], printers: Service, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BrowserDesk]:
    """A new clinic's desk, with that printer."""
    for name, value in printers.settings.items():
        if name != "HOME":
            monkeypatch.setenv(name, value)
    with opened(tmp_path, new_context()) as found:
        found.page.set_default_timeout(30_000)
        yield found


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button or a link by its words, with the keyboard."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.press("Enter")


def headline(page: Page, words: str, timeout: float = 30_000) -> None:
    expect(page.locator("h1")).to_contain_text(words, timeout=timeout)


def papers(service: Service) -> int:
    """How many sides the printer got in its last job."""
    import pypdfium2

    with pypdfium2.PdfDocument(service.kept(PRINTER)) as document:
        return len(document)


@pytest.mark.sweep
def test_a_whole_day(day: BrowserDesk, printers: Service, tmp_path: Path) -> None:
    set_up_the_clinic(day)
    print_one_person(day, printers)
    address = print_a_list(day)
    ask_what_a_sheet_is(day)
    day.page.goto(address)
    print_again_after_a_jam(day, address, printers)
    see_who_is_due(day)
    say_what_was_given(day)
    edit_a_sentence(day)
    sign_the_words(day)
    see_who_holds_the_old_words(day)
    leave(day)

    assert not left_behind(tmp_path), "no name is left in a file of the clinic or among temporary ones"


def set_up_the_clinic(day: BrowserDesk) -> None:
    page = day.page
    headline(page, "What would you like to print?")
    press(page, "Set up the clinic")
    page.get_by_label("Name of the clinic").fill("Made-up Clinic")
    page.get_by_label("Phone", exact=True).fill("(212) 736-5000")
    page.get_by_label("Phone when you are closed").fill("(212) 736-5001")
    press(page, "Save and go on to the test page")
    expect(page.get_by_role("button", name="Print the test page")).to_be_visible(timeout=LONG)
    press(page, "Print the test page")
    expect(page.get_by_text("Lay a ruler on the page")).to_be_visible()
    assert day.faults() == []
    assert "Made-up Clinic" in (day.root / "config.yaml").read_text("utf-8")


def print_one_person(day: BrowserDesk, printers: Service) -> None:
    page = day.page
    page.get_by_role("link", name="One person").first.press("Enter")
    page.get_by_label(re.compile("last dose", re.IGNORECASE)).first.fill("05/06/2026")
    page.get_by_role("button", name=re.compile("June 5, 2026")).wait_for()
    page.get_by_label(re.compile("last dose", re.IGNORECASE)).first.fill("Nov 20 2026")
    expect(page.get_by_text("Friday, November 20, 2026, 3 days ago").first).to_be_visible()
    page.get_by_label("Code").fill("R-100")
    page.locator("#preview img").first.wait_for()
    page.keyboard.press("Control+Enter")
    headline(page, f"on {PRINTER}")
    assert papers(printers) > 0
    press(page, "Next person")
    assert page.get_by_label("Code").input_value() == ""


def print_a_list(day: BrowserDesk) -> str:
    """Print a list of which two rows are bad; the address of its run."""
    page = day.page
    page.get_by_role("link", name="A list").first.press("Enter")
    file = {"name": "Marcellina.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.set_input_files("input[type=file]", file)
    press(page, "Open the list")
    headline(page, "3 ready, 2 need you", LONG)
    assert "column F (last_dose)" in page.inner_text("main") and "column C (form)" in page.inner_text("main")
    assert not [name for name in NAMES if name in page.content()]
    assert day.faults() == []
    press(page, "Print the ticked people")
    headline(page, f"Sent to {PRINTER}", LONG)
    assert "R-101" in page.inner_text("main") and day.faults() == []
    return page.url


def print_again_after_a_jam(day: BrowserDesk, address: str, printers: Service) -> None:
    page, whole = day.page, papers(printers)
    page.get_by_label("The first sheet that is missing or bad").fill("2")
    press(page, "Print from this sheet on")
    headline(page, "Sent to the printer again", LONG)
    assert 0 < papers(printers) < whole
    page.goto(address)
    page.get_by_label("The code of the person").fill("r-105")
    press(page, "Print this person")
    headline(page, "1 person", LONG)


def ask_what_a_sheet_is(day: BrowserDesk) -> None:
    page = day.page
    page.get_by_role("link", name="Home").first.press("Enter")
    run = page.locator("tbody th").first.inner_text()
    page.get_by_label("The number at its foot").fill(f"{run}-1")
    page.keyboard.press("Enter")
    headline(page, f"Sheet {run}-1")
    expect(page.get_by_text("Current. The page")).to_be_visible()
    assert "The list of this sheet is open" in page.inner_text("main") and day.faults() == []


def see_who_is_due(day: BrowserDesk) -> None:
    """The list that is open need not be handed over again."""
    page = day.page
    page.get_by_role("link", name="Due").first.press("Enter")
    press(page, "Show who is due")
    expect(page.get_by_role("row", name=re.compile("R-102.*Nov 17, 2026.*6"))).to_be_visible()
    assert day.faults() == []
    page.get_by_label("Tick R-102").press("Space")
    expect(page.get_by_text("Ticked: 1")).to_be_visible()
    press(page, "Print for those ticked")
    headline(page, "3 ready", LONG)
    ticked = page.locator('input[name="r"]:checked')
    assert [box.get_attribute("value") for box in ticked.all()] == ["3"]
    press(page, "Print the ticked people")
    headline(page, "1 person", LONG)


def say_what_was_given(day: BrowserDesk) -> None:
    page = day.page
    page.get_by_role("link", name="Given").first.press("Enter")
    page.get_by_label("Find a code, a day or a run").fill("R-101")
    page.get_by_role("button", name="Tick all that are shown").press("Enter")
    press(page, "Mark as given")
    expect(page.get_by_text("Marked as given: 1 person.")).to_be_visible()
    assert day.faults() == []


def edit_a_sentence(day: BrowserDesk) -> None:
    page = day.page
    page.goto(day.origin + "/words/wallet-card/en")
    first = page.locator("section.text").first
    first.locator("summary").press("Enter")
    box = first.locator("textarea")
    box.fill(box.input_value().rstrip() + " now")
    first.get_by_role("button", name="Save").press("Enter")
    expect(page.locator("section.text .good").first).to_contain_text("aved", timeout=LONG)
    assert " now" in (day.root / "handouts" / "wallet-card" / "en.yaml").read_text("utf-8")
    version = page.locator("h1 small").inner_text()
    press(page, re.compile("^Count up to"))
    expect(page.locator("h1 small")).not_to_have_text(version, timeout=LONG)


def sign_the_words(day: BrowserDesk) -> None:
    page = day.page
    page.goto(day.origin + "/sign/wallet-card/en")
    press(page, "Show me what I sign")
    page.locator("fieldset input[type=checkbox]").first.wait_for(timeout=LONG)
    for box in page.locator("fieldset input[type=checkbox]").all():
        box.press("Space")
    assert day.faults() == []
    page.get_by_label("First and last name").fill("Pat Sample")
    page.get_by_label("Profession or license").fill("pharmacist")
    page.get_by_label("Last day on which it holds").fill("2027-06-01")
    if page.get_by_label("Why you sign although something is open").count():
        page.get_by_label("Why you sign although something is open").fill("a pilot")
    page.get_by_role("button", name="Sign", exact=True).press("Enter")
    headline(page, "Signed", LONG)
    assert "Pat Sample" in (day.root / "approvals.yaml").read_text("utf-8")


def see_who_holds_the_old_words(day: BrowserDesk) -> None:
    page = day.page
    page.get_by_role("link", name="Recall").first.press("Enter")
    page.get_by_label("Handout").select_option("overdose-warning")
    page.get_by_label("Older than version").fill("9.0.0")
    press(page, "Show who holds one")
    expect(page.get_by_role("rowheader", name="R-102")).to_be_visible()
    assert day.faults() == []
    page.get_by_label("Tick R-102").press("Space")
    press(page, "Print for those ticked")
    headline(page, "3 ready", LONG)


def leave(day: BrowserDesk) -> None:
    page = day.page
    page.get_by_role("button", name="Close").press("Enter")
    headline(page, "closed")
    assert day.process.wait(timeout=60) == 0


def left_behind(tmp_path: Path) -> list[str]:
    """The files, but for finished pages, that hold or bear a name of the list."""
    shutil.rmtree(tmp_path / "clinic" / "out")
    files = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(files) > 50
    data = {str(path): path.read_bytes() for path in files}
    return [path for path, found in data.items() for name in NAMES if name.encode() in found or name in path]
