"""Desks that share a server, for tests with a real PostgreSQL: what each of them enters, marks and asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from press.delivery.all_desks import AnyLedger, Asked, LedgerPlace, ask_all_desks
from press.delivery.ledger import LedgerRow, Mark, Why, open_ledger
from press.delivery.server.address import read_address
from tests.rigs.postgres_rig import DATABASE, Postgres

ROW = LedgerRow(
    "2026-11-23T17:02:00-05:00", "P-1", "overdose-warning", "1.0.0", "abcdef0", "en", "standard", "final", "ABC234", 1
)
LATER = "2026-11-24T09:00:00-05:00"
NOW = datetime.fromisoformat("2026-11-30T09:00:00-05:00")
EVER = (date(2000, 1, 1), date(2100, 1, 1))


def desk(server: Postgres, folder: Path, name: str, site: str = "north") -> LedgerPlace:
    return LedgerPlace(folder / f"{name}.sqlite", read_address(server.address(DATABASE)), site)


def enter(place: LedgerPlace, *codes: str, **other: object) -> None:
    entered = [replace(ROW, code=code, **other) for code in codes]
    with open_ledger(place.file, is_shared=True) as ledger, ledger.printing(entered):
        pass


def everywhere(place: LedgerPlace) -> Asked[list[LedgerRow]]:
    return ask_all_desks(place, lambda ledger: list(ledger.printed(*EVER)))


def codes(place: LedgerPlace) -> list[str]:
    asked = everywhere(place)
    assert not asked.warnings
    return [row.code for row in asked.answer]


def marks(place: LedgerPlace) -> dict[str, Mark]:
    asked = everywhere(place)
    assert not asked.warnings
    return {row.code: row.mark for row in asked.answer}


def mark(place: LedgerPlace, mark: Mark, *wanted: str, run: str = ROW.run) -> Asked[int]:
    """Mark the pages of some people, and give how many pages those were."""

    def work(ledger: AnyLedger) -> int:
        with ledger.holding():
            found = [row for row in ledger.of_run(run) if row.code in wanted]
            for row in found:
                ledger.mark(row, mark, LATER, Why.OTHER if mark is Mark.VOID else None)
            return len(found)

    return ask_all_desks(place, work, is_own=True)


def order(server: Postgres, table: str = "printed", column: str = "code") -> list[str]:
    return server.sql(f"SELECT {column} FROM {table} ORDER BY seq", DATABASE).split()
