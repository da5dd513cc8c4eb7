"""The commands `backup` and `restore` as they are typed. Made-up people only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from press.cli import common
from press.delivery.ledger import LedgerRow, open_ledger
from press.errors import Place, Problem
from tests.support import Shop, copied

WARNING = "this file holds codes of patients"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    (tmp_path / "clinic").mkdir()
    found = Shop(copied(tmp_path / "clinic"))
    monkeypatch.setattr(common, "ROOT", found.root)
    monkeypatch.setattr("press.runs.restore.check_site", lambda site, day: [])
    monkeypatch.chdir(found.root)
    row = LedgerRow("2026-11-23T10:00:00-05:00", "P-1", "a", "1.0.0", "a", "en", "standard", "final", "ABC234", 1)
    with open_ledger(found.root / "ledger.sqlite") as ledger, ledger.printing([row]):
        pass
    return found


def test_a_backup_says_what_is_in_it_and_that_it_holds_codes(shop: Shop) -> None:
    made = shop.run("backup", "../b.zip")
    assert made.exit_code == 0 and WARNING in made.stderr
    assert made.stdout.startswith(f"{shop.root.parent / 'b.zip'}\n") and made.stdout.endswith("the ledger with 1 row\n")
    bare = shop.run("backup", "../bare.zip", "--no-ledger")
    assert bare.exit_code == 0 and WARNING not in bare.stderr and "without the ledger" in bare.stdout
    again = shop.run("backup", "../b.zip")
    assert again.exit_code == 1 and "there already" in again.stderr


def test_a_restore_says_where_everything_is(shop: Shop) -> None:
    shop.run("backup", "../b.zip")
    dry = shop.run("restore", "../b.zip", "--dry-run")
    assert dry.exit_code == 0 and dry.stdout.startswith("proved, nothing was restored") and "a minute" in dry.stderr
    shop.edit("config.yaml", 'name: ""', 'name: "Later"')
    done = shop.run("restore", "../b.zip")
    assert done.exit_code == 0 and "before-restore-" in done.stdout and "to replace it: --ledger" in done.stdout
    assert "Later" not in (shop.root / "config.yaml").read_text("utf-8")
    fresh = shop.run("restore", "../b.zip", "--into", "../fresh")
    assert fresh.exit_code == 0 and f"ledger: {shop.root.parent / 'fresh' / 'ledger.sqlite'}" in fresh.stdout


def test_what_check_refuses_ends_with_one_and_shows_no_line_of_another_file(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Problem(Place("config.yaml", 1), "not as it should be")
    monkeypatch.setattr("press.runs.restore.check_site", lambda site, day: [fault])
    shop.run("backup", "../b.zip")
    for more in (("--into", "../fresh"), ("--dry-run",), ()):
        result = shop.run("restore", "../b.zip", *more)
        assert result.exit_code == 1 and "config.yaml:1: error: not as it should be\n" in result.stderr
        assert (shop.root / "config.yaml").read_text("utf-8").splitlines()[0] not in result.stderr
    assert (shop.root.parent / "fresh" / "config.yaml").exists()


@pytest.mark.parametrize("args", [("backup",), ("restore",), ("restore", "a.zip", "b.zip")], ids=" ".join)
def test_wrong_use(shop: Shop, args: tuple[str, ...]) -> None:
    assert shop.run(*args).exit_code == 2


def test_an_empty_folder_is_restored_into_and_one_with_other_files_is_not(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = shop.run("backup", "../b.zip")
    (tmp_path / "fresh").mkdir()
    monkeypatch.setattr(common, "ROOT", tmp_path / "fresh")
    (tmp_path / "fresh" / "letter.txt").write_text("another's", "utf-8")
    refused = shop.run("restore", "../b.zip")
    assert refused.exit_code == 1 and "neither config.yaml nor handouts/" in refused.stderr
    assert [path.name for path in (tmp_path / "fresh").iterdir()] == ["letter.txt"]

    (tmp_path / "fresh" / "letter.txt").unlink()
    done = shop.run("restore", "../b.zip")
    assert (made.exit_code, done.exit_code) == (0, 0) and (tmp_path / "fresh" / "config.yaml").exists()
    assert re.search(r"backed up on \d{4}-\d\d-\d\d \d\d:\d\d$", done.stdout.splitlines()[0])
