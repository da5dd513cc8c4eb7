"""The commands of the ledger as a clerk types them. Made-up people only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from press.cli import common
from press.cli.ledger import _WHY
from press.delivery.ledger import LedgerRow, Mark, Why, open_ledger
from press.runs.marking import digest_of_list
from tests.support import Shop, copied

NAME = "Zerbinetta"
LEFT = "not marked yet: 1 of run ABC234, printed on 2026-11-23"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A run of two people, printed from list.csv."""
    found = Shop(copied(tmp_path))
    monkeypatch.setattr(common, "ROOT", found.root)
    monkeypatch.setattr("press.cli.ledger.now_of", lambda site: datetime.fromisoformat("2026-11-23T17:00:00-05:00"))
    monkeypatch.chdir(found.root)
    (found.root / "list.csv").write_text("Code\nP-1\nP-2\n", "utf-8")
    page = "benefits", "1.0.0", "abc1234", "en", "standard", "final", "ABC234", 1
    rows = [LedgerRow("2026-11-23T10:00:00-05:00", code, *page) for code in ("P-1", "P-2")]
    digest = digest_of_list(found.root / "list.csv")
    with open_ledger(found.root / "ledger.sqlite", digest) as ledger, ledger.printing(rows):
        pass
    return found


def marks(shop: Shop) -> list[Mark]:
    with open_ledger(shop.root / "ledger.sqlite") as ledger:
        return [row.mark for row in ledger.of_run("ABC234")]


@pytest.mark.parametrize("pages", ["list.csv", "ABC234", "abc234"])
def test_a_list_or_a_run_is_given(shop: Shop, pages: str) -> None:
    result = shop.run("given", pages, "--not-collected", " P-2,")
    assert (result.exit_code, result.stdout) == (0, "run ABC234: given: 1 person, not collected: 1 person\n")
    assert marks(shop) == [Mark.GIVEN, Mark.NOT_COLLECTED]


def test_a_list_that_was_changed_since_is_refused(shop: Shop) -> None:
    (shop.root / "list.csv").write_text("Code\nP-1\nP-3\n", "utf-8")
    result = shop.run("given", "list.csv")
    assert result.exit_code == 1 and "nothing was printed from this list as it is now" in result.stderr
    assert shop.run("given", "lost.csv").exit_code == 1 and set(marks(shop)) == {Mark.PRINTED}


def test_void_and_the_way_back(shop: Shop) -> None:
    result = shop.run("void", "P-1", "ABC234", "--why", "wrong-person")
    assert (result.exit_code, result.stdout) == (0, f"run ABC234: void: 1 person\n{LEFT}\n")
    assert shop.run("given", "ABC234", "--code", "P-1").exit_code == 0
    assert marks(shop) == [Mark.GIVEN, Mark.PRINTED]
    again = shop.run("void", "P-1", "ABC234", "--why", "other", "--json")
    assert again.exit_code == 0 and '"severity": "warning"' in again.stdout and "void: 1 person" in again.stderr


def test_no_words_of_ones_own_reach_the_ledger_or_the_screen(shop: Shop) -> None:
    result = shop.run("void", "P-1", "ABC234", "--why", NAME)
    assert result.exit_code == 2 and NAME not in result.output and "wrong-person, misprint" in result.output
    for args in (("given", "ABC234", "--code", NAME), ("void", NAME, "ABC234", "--why", "other")):
        result = shop.run(*args)
        assert result.exit_code == 1 and NAME not in result.output
    assert NAME.encode() not in (shop.root / "ledger.sqlite").read_bytes() and set(marks(shop)) == {Mark.PRINTED}


def test_the_reasons_of_the_command_are_those_of_the_ledger() -> None:
    assert set(_WHY) == {why.value for why in Why} and len(_WHY) == 4


@pytest.mark.parametrize(
    "args",
    [("given",), ("given", "desk"), ("given", "ABC234", "--code", " ,"), ("void", "P-1", "ABC234"), ("void", "P-1")],
    ids=" ".join,
)
def test_wrong_use(shop: Shop, args: tuple[str, ...]) -> None:
    assert shop.run(*args).exit_code == 2
