"""Home: the doors, the last runs by code, and how the printer is."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.delivery.ledger import LedgerRow, open_ledger
from press.delivery.printer import PrinterState
from press.desk import home
from tests.desk.support import DeskClient, said
from tests.support import TODAY, copied


def test_the_doors_and_an_empty_week(tmp_path: Path) -> None:
    words = said(DeskClient(copied(tmp_path)).get("/"))

    assert "One person Type a date" in words and "No list was printed in the last week" in words
    assert not (tmp_path / "ledger.sqlite").exists()


def test_the_last_five_runs_by_code(tmp_path: Path) -> None:
    desk = DeskClient(copied(tmp_path))
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        for number in range(7):
            at = f"{TODAY}T09:0{number}:00-05:00"
            row = LedgerRow(at, "K-0417", "benefits", "1.0.0", "abc", "en", "standard", "final", f"AB{number}", 1)
            with ledger.printing([row]):
                pass
    words = said(desk.get("/"))

    assert [f"AB{number}" in words for number in range(7)] == [False, False, True, True, True, True, True]
    assert "K-0417" not in words


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (PrinterState("Front_desk"), "Front_desk is ready."),
        (PrinterState(""), "usual printer of this computer"),
        (
            PrinterState("Front_desk", "the printer Front_desk is paused", "let it go on"),
            "The printer Front_desk is paused: let it go on",
        ),
    ],
)
def test_the_printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: PrinterState, expected: str) -> None:
    desk = DeskClient(copied(tmp_path))
    monkeypatch.setattr(home, "look_at", lambda name: state)

    part = desk.get("/printer", **{"HX-Request": "true"})
    assert expected in said(part) and "<html" not in part.text
    assert expected in said(desk.get("/printer"))
