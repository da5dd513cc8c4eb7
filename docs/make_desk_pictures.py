"""Make the pictures of docs/desk.md: each screen of the desk, of a made-up clinic with made-up people.

python docs/make_desk_pictures.py      writes docs/pictures/desk-*.png; needs what the tests of the desk need
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from press.delivery.ledger import LedgerRow, Mark, Why, open_ledger
from press.runs.marking import MarkRequest, mark_packets
from tests.desk.conftest import FLAGS, BrowserDesk, opened
from tests.desk.support import NOW
from tests.rigs import browser, cups_rig

PICTURES = ROOT / "docs" / "pictures"
PRINTER = "Front_desk"
SIZE = {"width": 1120, "height": 760}
LIST = "code,form,reason,interval,last_dose,appointment\n" + "".join(
    f"R-{100 + number},injection,{reason},4 weeks,{day},{met}\n"
    for number, (reason, day, met) in enumerate(
        [
            ("opioid", "2026-10-20", "2026-11-19"), ("both", "2026-10-22", ""), ("alcohol", "2026-10-27", "2026-11-24"),
            ("opioid", "2026-10-31", ""), ("opioid", "2026-11-02", "2026-11-30"), ("both", "2026-11-03", "2026-12-01"),
            ("alcohol", "2026-11-05", "2026-12-03"), ("opioid", "2026-13-40", ""), ("", "2026-11-09", "2026-12-07"),
        ],
        1,
    )
)  # fmt: skip
PAGE = LedgerRow(
    "2026-11-19T08:05:00-05:00", "", "overdose-warning", "1.2.0", "abc1234", "en", "standard", "final", "KP2F6C", 1
)


def fill_ledger(path: Path) -> None:
    """Enter pages of made-up people, and what became of some of them."""
    topics = ("overdose-warning", "benefits", "side-effects")
    people = [(f"R-{number}", "es" if number % 3 == 0 else "en") for number in range(101, 116)]
    with (
        open_ledger(path) as ledger,
        ledger.printing(
            replace(PAGE, code=code, language=language, handout=topic) for code, language in people for topic in topics
        ),
    ):
        pass
    codes = [("KP2F6C", code) for code, _ in people]
    mark_packets(MarkRequest(path, NOW, tuple(codes[:9]), Mark.GIVEN))
    mark_packets(MarkRequest(path, NOW, tuple(codes[9:11]), Mark.NOT_COLLECTED))
    mark_packets(MarkRequest(path, NOW, (codes[11],), Mark.VOID, Why.MISPRINT))


def take(page: Page, name: str) -> None:
    """Keep what the window shows, in few colors: small, and still to be read."""
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    keep(page.screenshot(), name)


def keep(data: bytes, name: str) -> None:
    """Write a picture in few colors."""
    with Image.open(io.BytesIO(data)) as shown:
        shown.convert("RGB").quantize(40).save(PICTURES / f"desk-{name}.png", optimize=True)


def press(page: Page, name: str) -> None:
    """Press a button or a link."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def person(desk: BrowserDesk) -> None:
    """One person, with the pages beside."""
    page = desk.go("/person")
    page.get_by_label("Last dose").first.fill("Nov 20 2026")
    page.get_by_label("Code").fill("R-118")
    page.locator("#preview img").first.wait_for()
    take(page, "person")


def lists(desk: BrowserDesk) -> None:
    """A list with two bad rows, and its run."""
    page = desk.go("/lists")
    page.set_input_files("input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    press(page, "Open the list")
    page.locator("h1", has_text="ready").wait_for(timeout=60_000)
    take(page, "list")
    press(page, "Print the ticked people")
    page.locator("h1", has_text="Sent to").wait_for(timeout=60_000)
    page.get_by_text("It is kept in").evaluate("place => place.remove()")  # a folder of this moment
    take(page, "run")


def due(desk: BrowserDesk) -> None:
    """Who is due of the list that is open."""
    page = desk.go("/due")
    press(page, "Show who is due")
    page.locator("h1", has_text="Who is due").wait_for()
    page.locator(".week").wait_for()
    take(page, "due")
    page.locator("h2", has_text="Calendar").scroll_into_view_if_needed()
    keep(page.locator(".months").screenshot(), "calendar")


def sign(desk: BrowserDesk) -> None:
    """What a clinician reads and ticks."""
    page = desk.go("/sign/wallet-card/en")
    press(page, "Show me what I sign")
    page.locator("fieldset input[type=checkbox]").first.wait_for(timeout=120_000)
    take(page, "sign")


def screen(path: str, name: str) -> Callable[[BrowserDesk], None]:
    """A screen as it is when it is opened."""
    return lambda desk: take(desk.go(path), name)


SCREENS: tuple[Callable[[BrowserDesk], None], ...] = (
    screen("/", "home"),
    person,
    lists,
    due,
    screen("/given?days=week", "given"),
    screen("/recall?f1=overdose-warning&f2=1.3.0", "recall"),
    screen("/words", "words"),
    screen("/words/overdose-warning/en", "sentence"),
    sign,
    screen("/clinic", "clinic"),
)


def main() -> int:
    """Open a desk on a made-up clinic, and take each screen."""
    if reason := cups_rig.missing() or ("" if browser.find() else "no Chromium here"):
        print(reason, file=sys.stderr)
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="desk-", dir="/tmp")))
        folder.chmod(0o755)
        (folder / "print").mkdir()
        service = stack.enter_context(cups_rig.running(folder / "print"))
        service.add(PRINTER)
        os.environ |= {name: value for name, value in service.settings.items() if name != "HOME"}
        chromium = stack.enter_context(sync_playwright()).chromium
        context = chromium.launch(executable_path=browser.find(), args=FLAGS).new_context(viewport=SIZE)
        desk = stack.enter_context(opened(folder, context))
        config = (desk.root / "config.yaml").read_text("utf-8")
        for empty, filled in (
            ('name: ""', 'name: "Example Clinic"'),
            ('phone: ""', 'phone: "(212) 736-5000"'),
            ('after_hours_phone: ""', 'after_hours_phone: "(212) 736-5001"'),
            ('printer: ""', f'printer: "{PRINTER}"'),
        ):
            config = config.replace(f"\n{empty}", f"\n{filled}")
        (desk.root / "config.yaml").write_text(config, "utf-8")
        fill_ledger(desk.root / "ledger.sqlite")
        for show in SCREENS:
            show(desk)
    return 0


if __name__ == "__main__":
    sys.exit(main())
