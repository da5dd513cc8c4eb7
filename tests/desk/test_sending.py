"""The desk where many share a server: its screens say where they know this computer alone, and it sends by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.delivery.all_desks import LedgerPlace
from press.delivery.ledger import Mark
from press.desk.sending import sending
from press.runs.fresh_site import FreshSite
from tests.delivery.desks import desk as other_desk
from tests.delivery.desks import enter, marks, order
from tests.desk.list_support import ListClient
from tests.rigs.postgres_rig import Postgres, free_port
from tests.rigs.waiting import wait_for
from tests.support import copied, edit


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def folder(copy: Path, server: Postgres) -> Path:
    """A clinic, `north`, whose config.yaml names the server."""
    text = (copy / "config.yaml").read_text("utf-8").partition("\nledger: ")[0].rstrip("\n")
    (copy / "config.yaml").write_text(f"{text}\nledger: {server.address('handouts')}\nsite: north\n", "utf-8")
    (copy / "ledger.sqlite").unlink(missing_ok=True)
    return copy


@pytest.fixture
def own(folder: Path, server: Postgres, tmp_path: Path) -> LedgerPlace:
    """The ledger of this desk."""
    return other_desk(server, folder, "ledger")


def test_pages_of_all_desks_are_shown_and_those_of_this_site_are_marked(
    folder: Path, server: Postgres, own: LedgerPlace, tmp_path: Path
) -> None:
    colleague, south = other_desk(server, tmp_path, "two"), other_desk(server, tmp_path, "south", "south")
    enter(own, "P-1")
    enter(colleague, "P-2", run="TWO222")
    enter(south, "P-3", run="SOUTH2")
    marks(colleague), marks(south)
    desk = ListClient(folder)
    shown = desk.get("/given?days=year").text
    assert "Printed at: north, south." in shown and "from this computer alone" not in shown
    assert "P-1" in shown and "P-2" in shown and "P-3" not in shown, "a code of another site is nobody's here"
    recalled = desk.get("/recall?f1=overdose-warning&f2=9.0.0").text
    assert (
        "P-3, south" in recalled
        and "People of another site have no box" in recalled
        and recalled.count('name="r"') == 2
    ), "only people of this site can be ticked"

    number = shown.partition("P-2</th>")[0].rpartition('name="r" value="')[2].partition('"')[0]
    list_ = shown.partition('name="list" value="')[2].partition('"')[0]
    answer = desk.post("/given?days=year", {"list": list_, "r": number, "mark": "given", "f1": "misprint"})
    assert answer.status_code == 303 and marks(own) == {"P-1": Mark.PRINTED, "P-2": Mark.GIVEN, "P-3": Mark.PRINTED}


@pytest.mark.parametrize(("language", "told"), [("en", "from this computer alone"), ("es", "solo de esta computadora")])
def test_a_screen_that_knows_this_computer_alone_says_so(
    folder: Path, server: Postgres, own: LedgerPlace, language: str, told: str
) -> None:
    enter(own, "P-1")
    edit(folder / "config.yaml", f":{server.port}/", f":{free_port()}/")
    text = (folder / "config.yaml").read_text("utf-8")
    (folder / "config.yaml").write_text(text.replace("staff_language: en", f"staff_language: {language}"), "utf-8")
    try:
        desk = ListClient(folder)
        for address in ("/given?days=year", "/recall?f1=overdose-warning&f2=9.0.0"):
            shown = desk.get(address)
            assert shown.status_code == 200 and told in shown.text and "P-1" in shown.text, address
    finally:
        (folder / "config.yaml").write_text(text, "utf-8")


def test_what_is_printed_at_the_desk_is_sent_while_it_runs_and_at_its_end(
    folder: Path, server: Postgres, own: LedgerPlace
) -> None:
    enter(own, "P-1")
    with sending(FreshSite(folder), every=0.05):
        wait_for(lambda: order(server) == ["P-1"] if tables(server) else False)
        enter(own, "P-2", run="TWO222")
        wait_for(lambda: order(server) == ["P-1", "P-2"])
    with sending(FreshSite(folder)):
        enter(own, "P-3", run="THREE3")
    assert order(server) == ["P-1", "P-2", "P-3"]


def tables(server: Postgres) -> bool:
    return server.sql("SELECT count(*) FROM pg_class WHERE relname = 'purged'", "handouts") == "1"


def test_a_fault_of_sending_ends_nothing_and_says_nothing(
    folder: Path, own: LedgerPlace, server: Postgres, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(site: object) -> None:
        raise ValueError("P-1")

    enter(own, "P-1")
    with monkeypatch.context() as patch:
        patch.setattr("press.runs.shared_ledger.send_entered", fail)
        with sending(FreshSite(folder)):
            pass
    assert capfd.readouterr() == ("", "")
    with sending(FreshSite(folder)):
        pass
    assert order(server) == ["P-1"]
