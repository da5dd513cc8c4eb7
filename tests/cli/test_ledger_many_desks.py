"""The commands where many desks share a server: what they send, say and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from press.cli import common
from press.delivery.all_desks import LedgerPlace
from press.delivery.ledger import Mark
from tests.delivery.desks import desk, enter, marks, order
from tests.rigs.postgres_rig import Postgres, free_port
from tests.support import Shop, copied, edit

PERSON = ("--set", "code=K-7", "--set", "last_dose=2026-11-01", "--today", "2026-11-23")


@pytest.fixture
def shop(server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The computer of a clinic, `north`, whose config.yaml names the server."""
    folder = tmp_path / "clinic"
    folder.mkdir()
    found = Shop(copied(folder))
    with (folder / "config.yaml").open("a", encoding="utf-8") as file:
        file.write(f"ledger: {server.address('handouts')}\nsite: north\n")
    monkeypatch.setattr(common, "ROOT", found.root)
    monkeypatch.chdir(found.root)
    return found


@pytest.fixture
def other(server: Postgres, tmp_path: Path) -> LedgerPlace:
    return desk(server, tmp_path, "other")


@pytest.fixture
def two_sites(server: Postgres, other: LedgerPlace, tmp_path: Path) -> None:
    """A page for P-1 was printed and sent at another desk of this site, and one for P-1 of another site."""
    south = desk(server, tmp_path, "south", "south")
    enter(other, "P-1")
    enter(south, "P-1", run="SOUTH2")
    marks(other), marks(south)


def unplug(shop: Shop, server: Postgres) -> None:
    edit(shop.root / "config.yaml", f":{server.port}/", f":{free_port()}/")


def test_what_is_printed_for_a_code_is_sent(shop: Shop, server: Postgres) -> None:
    result = shop.run("make", "overdose-warning", *PERSON)
    assert result.exit_code == 0 and "wait" not in result.stderr, result.stderr
    assert order(server) == ["K-7"] and order(server, column="site") == ["north"]
    found = shop.run("ledger", "status").stdout
    assert "this computer: 1 page in" in found and "1 page of site north, 1 of all sites" in found
    assert "waiting here: 0 rows" in found and "press" not in found.partition("server:")[2].partition(",")[0]


def test_without_the_server_a_page_prints_and_one_line_says_what_waits(shop: Shop, server: Postgres) -> None:
    unplug(shop, server)
    result = shop.run("make", "overdose-warning", *PERSON)
    assert result.exit_code == 0 and Path(result.stdout.strip()).is_file()
    assert "it cannot be reached; 1 row waits for it, and the next run sends all" in result.stderr
    status = shop.run("ledger", "status")
    assert status.exit_code == 1 and "waiting here: 1 row, to send them: ledger send" in status.stdout
    assert shop.run("ledger", "send").exit_code == 1


def test_a_list_is_sent_when_it_is_printed_and_not_when_it_is_checked(shop: Shop, server: Postgres) -> None:
    (shop.root / "list.csv").write_text("code,form,reason\nP-1,injection,opioid\n", "utf-8")
    asked = ("batch", "list.csv", "overdose-warning")
    assert shop.run(*asked, "--dry-run").exit_code == 0 and not (shop.root / "ledger.sqlite").exists()
    result = shop.run(*asked, "--merged", "out/list.pdf")
    assert result.exit_code == 0 and order(server) == ["P-1"], result.stderr
    unplug(shop, server)
    result = shop.run("batch", "list.csv", "benefits", "--merged", "out/more.pdf")
    assert result.exit_code == 0 and "it cannot be reached; 1 row waits" in result.stderr


def test_a_run_of_another_desk_is_marked_and_one_of_another_site_is_not_there(
    shop: Shop, server: Postgres, other: LedgerPlace, tmp_path: Path
) -> None:
    enter(other, "P-1", "P-2")
    enter(desk(server, tmp_path, "south", "south"), "P-3", run="SOUTH2")
    for place in (other, desk(server, tmp_path, "south", "south")):
        marks(place)  # which sends
    result = shop.run("given", "ABC234", "--not-collected", "P-2")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        0, "run ABC234: given: 1 person, not collected: 1 person",
    )  # fmt: skip
    assert shop.run("void", "P-1", "ABC234", "--why", "misprint").exit_code == 0
    assert marks(other) == {"P-1": Mark.VOID, "P-2": Mark.NOT_COLLECTED, "P-3": Mark.PRINTED}
    result = shop.run("given", "SOUTH2")
    assert result.exit_code == 1 and "the ledger has no pages of this run" in result.stderr
    assert shop.run("said-back", "ABC234", "overdose-warning", "--code", "P-2").exit_code == 0
    assert order(server, "said_back", "said") == ["yes"]


@pytest.mark.usefixtures("two_sites")
def test_reports_are_over_all_desks_and_say_where_they_are_not(shop: Shop, server: Postgres) -> None:
    asked = ("report", "recall", "overdose-warning", "--before", "1.2.0")
    found = json.loads(shop.run(*asked, "--json").stdout)
    assert sorted(held["site"] for held in found["held"]) == ["north", "south"] and not found["only_here"]
    given = json.loads(shop.run("report", "given", "--today", "2026-11-24", "--json").stdout)
    assert (given["people"], given["sites"]) == (2, ["north", "south"])
    text = shop.run(*asked, "--format", "text", "-o", "-").stdout
    assert "P-1, north" in text and "P-1, south" in text and "From this computer alone" not in text

    unplug(shop, server)
    found = json.loads(shop.run(*asked, "--json").stdout)
    assert found["only_here"] and found["held"] == []
    result = shop.run(*asked, "--format", "text", "-o", "-")
    assert "From this computer alone" in result.stdout and "this is what this computer alone knows" in result.stderr


@pytest.mark.usefixtures("two_sites")
def test_a_row_of_a_list_is_that_of_a_code_of_this_site_alone(shop: Shop) -> None:
    (shop.root / "list.csv").write_text("code,form\nP-1,injection\n", "utf-8")
    asked = ("report", "recall", "overdose-warning", "--before", "1.2.0", "--list", "list.csv", "--json")
    found = json.loads(shop.run(*asked).stdout)
    assert {held["site"]: held["row"] for held in found["held"]} == {"north": 2, "south": 0}


def test_a_sheet_of_another_desk_is_found_once(
    shop: Shop, other: LedgerPlace, server: Postgres, tmp_path: Path
) -> None:
    enter(other, "P-1", "P-2")
    enter(desk(server, tmp_path, "third"), "P-1", "P-2")
    marks(other), marks(desk(server, tmp_path, "third"))
    assert "for P-2" in shop.run("sheet", "ABC234-2").stdout
    assert "has the sheets 1 to 2" in shop.run("sheet", "ABC234-3").stderr
    enter(LedgerPlace(shop.root / "ledger.sqlite"), "P-9", run="HERE22")
    unplug(shop, server)
    assert "this is what this computer alone knows" in shop.run("sheet", "HERE22-1").stdout
    assert "this is what this computer alone knows" in shop.run("sheet", "ABC234-1").stderr


def test_purge_says_what_it_removed_and_nothing_is_removed_without_the_server(
    shop: Shop, server: Postgres, other: LedgerPlace
) -> None:
    enter(other, "P-1")
    marks(other)
    result = shop.run("ledger", "purge", "--before", "2026-12-01")
    assert result.exit_code == 0 and result.stdout.splitlines() == [
        "removed 0 rows",
        "removed on the server: 1 row; the other computers of this site keep theirs until each is purged",
    ]
    unplug(shop, server)
    result = shop.run("ledger", "purge", "--before", "2026-12-01")
    assert result.exit_code == 1 and "it cannot be reached; nothing was removed" in result.stderr


def test_an_address_with_a_password_is_refused_and_shown_nowhere(shop: Shop) -> None:
    edit(shop.root / "config.yaml", "postgresql://press@", "postgresql://press:SECRET-1@")
    for command in (("ledger", "status"), ("list",), ("make",)):
        result = shop.run(*command)
        assert result.exit_code == 1 and "without a password" in result.stderr, result.stderr
        assert "SECRET-1" not in result.stdout + result.stderr


def test_an_address_needs_the_word_for_the_site(shop: Shop) -> None:
    edit(shop.root / "config.yaml", "site: north\n", "")
    result = shop.run("ledger", "status")
    assert result.exit_code == 1 and "`site` is missing" in result.stderr


def test_without_an_address_nothing_of_a_server_is_imported(tmp_path: Path) -> None:
    """Two of its libraries would be more than a tenth of the time of a command."""
    import subprocess
    import sys

    asked = "import sys; from press.runs import marking, shared_ledger; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "press.delivery.all_desks" in loaded and not {"sqlalchemy", "psycopg"} & set(loaded)
