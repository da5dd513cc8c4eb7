"""Teach-back in the ledger: entered by code, never changed, counted by the latest word. Made-up people only."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from press.delivery.all_desks import LedgerPlace
from press.delivery.ledger import LedgerRow, open_ledger
from press.errors import HandoutError
from press.runs.marking import DESK, SaidBackRequest, mark_said_back
from tests.support import Shop

NOW = datetime.fromisoformat("2026-11-23T10:00:00-05:00")
DAYS = date(2026, 11, 1), date(2026, 11, 30)


def of(code: str, handout: str = "benefits", run: str = "KP2F6C", at: str = "2026-11-20T09:00:00-05:00") -> LedgerRow:
    return LedgerRow(at, code, handout, "1.2.0", "abc1234", "en", "standard", "final", run, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "ledger.sqlite"
    desk = of("P-9", "side-effects", "desk 2026-11-20T09:00:00.000-05:00")
    with open_ledger(found) as ledger, ledger.printing([of("P-1"), of("P-1", "side-effects"), of("P-2"), desk]):
        pass
    return found


def say(path: Path, code: str, handout: str = "benefits", run: str = "KP2F6C", is_said: bool = True) -> int:
    return mark_said_back(SaidBackRequest(LedgerPlace(path), NOW, run, code, handout, is_said)).answer


def counted(path: Path) -> tuple[int, int]:
    with open_ledger(path) as ledger:
        return ledger.count_said_back(*DAYS)


def test_the_latest_word_counts_and_each_page_once(path: Path) -> None:
    assert counted(path) == (0, 0)
    assert say(path, "p-1", is_said=False) == 1
    say(path, "P-2", is_said=False)
    say(path, "P-9", "side-effects", DESK)
    assert counted(path) == (1, 2)
    say(path, "P-1", run="kp2f6c")
    assert counted(path) == (2, 1)
    with open_ledger(path) as ledger:
        assert ledger.count_said_back(date(2026, 10, 1), date(2026, 10, 31)) == (0, 0)


@pytest.mark.parametrize(
    ("code", "handout", "run", "expected"),
    [
        ("P-3", "benefits", "KP2F6C", "none of these pages is for this code"),
        ("P-2", "side-effects", "KP2F6C", "no page of this handout"),
        ("P-1", "benefits", "ABCDEF", "no pages of this run"),
    ],
)
def test_nothing_is_entered_for_a_page_that_is_not_there(
    path: Path, code: str, handout: str, run: str, expected: str
) -> None:
    with pytest.raises(HandoutError) as raised:
        say(path, code, handout, run)
    assert expected in raised.value.problems[0].message and counted(path) == (0, 0)


def test_a_word_is_never_changed_and_goes_with_its_page(path: Path) -> None:
    say(path, "P-1")
    with closing(sqlite3.connect(path)) as other, pytest.raises(sqlite3.IntegrityError, match="only added"):
        other.execute("UPDATE said_back SET said = 'not yet'")
    with open_ledger(path) as ledger:
        ledger.purge(date(2027, 1, 1))
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM said_back").fetchone() == (0,)


def test_the_command_enters_it_and_the_report_counts_it(shop: Shop) -> None:
    path = shop.root / "ledger.sqlite"
    with open_ledger(path) as ledger, ledger.printing([of("P-1"), of("P-2")]):
        pass
    asked = ("report", "given", "--from", "2026-11-01", "--to", "2026-11-30")
    before = shop.run(*asked, "--format", "text", "-o", "-").stdout
    first = shop.run("said-back", "KP2F6C", "benefits", "--code", "P-1")
    second = shop.run("said-back", "KP2F6C", "benefits", "--code", "P-2", "--not-yet")
    after = shop.run(*asked, "--format", "text", "-o", "-").stdout

    assert (first.stdout, second.stdout) == ("entered: said it back\n", "entered: not yet\n")
    assert "Said back" not in before and "Said back in own words: 1" in after and "Not yet said back: 1" in after
    data = json.loads(shop.run(*asked, "--json").stdout)
    assert (data["said_back"], data["not_yet"]) == (1, 1)
    assert "P-1" not in after
