"""A sheet by the number at its foot: what it is, whether it is current, and what is printed from there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from press.content.approvals import code_of
from press.delivery.ledger import LedgerRow, Mark, Why, open_ledger
from press.desk import run
from press.runs.handout import Site
from press.runs.paper import PrintedFile, SentFiles
from tests.desk.list_support import LIST, ListClient
from tests.desk.support import DeskClient, said
from tests.support import TODAY, copied

VERSION = Site(Path(__file__).parents[2]).handout("benefits", "es").structure.version


@pytest.fixture
def desk(tmp_path: Path) -> DeskClient:
    """A desk at which a run of four pages was printed: today's, an older one, other words, and one of a lost handout."""
    client = DeskClient(copied(tmp_path))
    words = code_of(client.desk.site.handout("benefits", "es"))
    row = LedgerRow(
        f"{TODAY}T09:00:00-05:00", "K-0417", "benefits", VERSION, words, "es", "standard", "final", "KP2F6C", 2
    )
    others = (
        replace(row, code="K-2", version="0.9.0"),
        replace(row, code="K-3", fingerprint="0" * 7),
        replace(row, code="K-4", handout="old-page"),
    )
    with open_ledger(tmp_path / "ledger.sqlite") as ledger, ledger.printing([row, *others]):
        pass
    return client


def look(desk: DeskClient, number: str) -> str:
    return said(desk.follow(desk.post("/sheet", {"f1": number})))


def test_home_asks_for_the_number_and_says_what_the_sheet_is(desk: DeskClient) -> None:
    home = desk.get("/")
    assert "The number at its foot" in said(home) and '<form method="post" action="/sheet">' in home.text
    answer = desk.post("/sheet", {"f1": " kp2f6c - 2 "})
    assert answer.status_code == 303 and "K-0417" not in answer.location and "P2F6C" not in answer.location.upper()
    page = desk.follow(answer)

    assert "Sheet KP2F6C-2 Current." in said(page)
    assert f"Handout benefits Version {VERSION} Language Spanish Code K-0417 Printed on Mon, Nov 23, 2026" in said(page)
    assert "choose the run KP2F6C, and type 2 there" in said(page)
    assert re.search(r"<title>[^<]*</title>", page.text)[0].count("K") == 0  # type: ignore[index]  # every page has one


@pytest.mark.parametrize(
    ("number", "expected"),
    [("KP2F6C-3", f"Recalled: version {VERSION} is out."), ("KP2F6C-5", f"changed since, in version {VERSION}, too")],
)
def test_what_is_not_current_is_said_and_only_the_present_page_is_offered(
    desk: DeskClient, number: str, expected: str
) -> None:
    words = look(desk, number)
    assert expected in words and "Print it for this person" in words and "choose the run" not in words


def test_what_is_gone_or_void_is_said(desk: DeskClient) -> None:
    gone = look(desk, "KP2F6C-7")
    assert "no such handout any more" in gone and "Print from here" not in gone
    with open_ledger(desk.desk.root / "ledger.sqlite") as ledger, ledger.holding():
        page = next(iter(ledger.of_run("KP2F6C")))
        ledger.mark(page, Mark.VOID, page.at, Why.MISPRINT)
    assert "Void: throw it away." in look(desk, "KP2F6C-1")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "Type the number at the foot"),
        ("K-0417", "Type the number at the foot"),
        ("ABCDEF-1", "No such sheet was printed on this computer"),
        ("KP2F6C-9", "This run has no such sheet"),
    ],
)
def test_what_is_no_sheet_is_said_at_the_field_and_stays_there(desk: DeskClient, typed: str, expected: str) -> None:
    answer = desk.post("/sheet", {"f1": typed})

    assert answer.status_code == 422 and said(answer).count(expected) == 2, "in the summary and at the field"
    assert 'href="#f1"' in answer.text and f'value="{typed}"' in answer.text
    desk.desk.language = "es"
    assert 'lang="en"' not in desk.post("/sheet", {"f1": typed}).text


def test_before_anything_was_printed_it_is_said(tmp_path: Path) -> None:
    answer = DeskClient(copied(tmp_path)).post("/sheet", {"f1": "KP2F6C-1"})
    assert answer.status_code == 422 and "nothing was printed yet" in said(answer)
    assert not (tmp_path / "ledger.sqlite").exists()


def test_from_there_the_form_of_one_person_opens_filled_in(desk: DeskClient) -> None:
    place = desk.post("/sheet", {"f1": "KP2F6C-1"}).location
    form = desk.post(f"{place}/person")

    assert form.status_code == 200 and 'value="K-0417"' in form.text
    ticked = re.findall(r'value="([a-z-]+)"[^>]*\bchecked', form.text)
    assert "benefits" in ticked and not {"overdose-warning", "side-effects"} & set(ticked)
    assert re.search(r'<option value="es" selected', form.text)
    assert desk.post("/sheet/another/person").status_code == 404 == desk.get("/sheet/another").status_code


def test_if_its_list_is_open_its_sheets_are_printed_again_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Path] = []

    def send(paths: list[Path], request: object) -> SentFiles:
        sent.extend(paths)
        return SentFiles(tuple(PrintedFile(path, "Front_desk") for path in paths), ())

    monkeypatch.setattr(run, "send_files", send)
    desk = ListClient(copied(tmp_path))
    address, _ = desk.open(LIST)
    desk.order(address)
    code = sent[0].stem.removeprefix("list-")
    place, page = (found := desk.post("/sheet", {"f1": f"{code}-2"})).location, desk.follow(found)
    assert place.startswith("/sheet/") and "The list of this sheet is open" in said(page)
    form = re.search(
        r'action="(/runs/[^"]+/again)".*?name="once" value="([^"]+)".*?name="f1" value="2"', page.text, re.DOTALL
    )
    assert form
    again = desk.post(form[1], {"once": form[2], "f1": "2", "what": "sheet"})
    desk.settle()

    assert "Sent to the printer again" in said(desk.follow(again))
    assert [path.name for path in sent[1:]] == [f"list-{code}-sheet-2.pdf"]
