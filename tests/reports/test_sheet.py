"""A sheet by the number at its foot: the page that it is of, and whether anybody should still read it. Made-up people only."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from press.content.approvals import code_of
from press.delivery.ledger import LedgerRow, Mark, Why, open_ledger
from press.errors import HandoutError
from press.reports.sheet import SheetFound, find_sheet
from press.runs.handout import Site
from tests.reports.test_data import row
from tests.support import ROOT, Shop, folded


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The project's words over a ledger of its own: a run with pages of two, one and three sheets."""
    for name in ("handouts", "templates", "config.yaml"):
        (tmp_path / name).symlink_to(ROOT / name)
    found = Site(tmp_path)
    handout = found.handout("benefits", "en")
    now, words = handout.structure.version, code_of(handout)
    enter(
        found,
        of("P-1", now, sheets=2, fingerprint=words),
        of("P-2", "0.9.0", sheets=1),
        of("P-3", now, sheets=3, fingerprint="0000000"),
        of("P-4", "1.0.0", handout="old-page"),
    )
    return found


def of(code: str, version: str, **more: object) -> LedgerRow:
    return replace(row(code, version), **{"handout": "benefits", "run": "KP2F6C", **more})  # type: ignore[arg-type]  # fields by name, of several types


def enter(site: Site, *rows: LedgerRow) -> None:
    with open_ledger(site.root / site.clinic.ledger) as ledger, ledger.printing(rows):
        pass


def states(site: Site, *numbers: str) -> list[tuple[str, str]]:
    found: list[SheetFound] = [find_sheet(site, number) for number in numbers]
    return [(one.code, one.state) for one in found]


def test_each_sheet_is_found_by_the_sheets_before_it(site: Site) -> None:
    assert states(site, "KP2F6C-1", "kp2f6c-2", " KP2F6C - 3 ", "KP2F6C-4", "KP2F6C-6", "KP2F6C-7") == [
        ("P-1", "current"), ("P-1", "current"), ("P-2", "recalled"), ("P-3", "reworded"), ("P-3", "reworded"), ("P-4", "gone"),
    ]  # fmt: skip


def test_the_answer_says_the_version_that_is_out_and_how_to_print_it(site: Site) -> None:
    now = site.handout("benefits", "en").structure.version
    page, answer = find_sheet(site, "KP2F6C-3").words

    assert page.startswith("KP2F6C-3: benefits 0.9.0, en, for P-2, printed 2026-")
    assert answer == f"recalled, version {now} is out; to print the present one: make benefits --code P-2"
    assert "--from-sheet 1" in find_sheet(site, "KP2F6C-1").words[1]


def test_a_void_page_is_void_whatever_its_version(site: Site) -> None:
    with open_ledger(site.root / site.clinic.ledger) as ledger, ledger.holding():
        for page in tuple(ledger.of_run("KP2F6C"))[:2]:
            ledger.mark(page, Mark.VOID, page.at, Why.MISPRINT)

    assert states(site, "KP2F6C-1", "KP2F6C-3") == [("P-1", "void"), ("P-2", "void")]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("KP2F6C-0", "the sheets 1 to 7"), ("KP2F6C-8", "the sheets 1 to 7"), ("ABCDEF-1", "no page of this run"),
        ("P-104", "the number at the foot"), ("KP2F6C-", "the number at the foot"), ("KP2F6C-1' OR 1", "the number at the foot"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused(site: Site, number: str, expected: str) -> None:
    with pytest.raises(HandoutError) as raised:
        find_sheet(site, number)
    assert expected in raised.value.problems[0].message


def test_a_real_job_has_its_sheets_in_the_order_of_the_ledger(shop: Shop) -> None:
    heads = "code,form,reason,last_dose,interval,language\n"
    (shop.root / "list.csv").write_text(
        heads + "P-1,injection,opioid,2026-11-02,4 weeks,en\nP-2,tablet,alcohol,2026-11-22,daily,es\n", "utf-8"
    )
    made = shop.run(
        "batch", "list.csv", "benefits", "fridge-page", "--merged", "job.pdf", "--cover", "--today", "2026-11-23"
    )
    assert made.exit_code == 0, made.stderr
    pages = [folded(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(shop.root / "job.pdf")]
    feet = [re.search(r"([a-z-]+) ([0-9.]+) \([0-9a-f]{7}\) · (\w+).*\b([A-Z0-9]{6}-[0-9]+)", page) for page in pages]
    printed = {
        foot[4]: (foot[1], foot[2], {"English": "en", "Spanish": "es", "Español": "es"}[foot[3]])
        for foot in feet
        if foot
    }

    assert len(printed) > 2
    for number, page in printed.items():
        told = json.loads(shop.run("sheet", number, "--json").stdout)
        assert (told["handout"], told["version"], told["language"]) == page and told["state"] == "current"
