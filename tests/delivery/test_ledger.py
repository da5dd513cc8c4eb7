"""The ledger: one row for each handout printed, in one transaction with the page, and never a name."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from press.delivery import ledger as module
from press.delivery import ledger_schema as schema
from press.delivery.ledger import Ledger, LedgerRow, open_ledger
from press.errors import HandoutError, Place, refuse

ROW = LedgerRow(
    "2026-11-23T17:02:00-05:00", "P-1", "overdose-warning", "1.0.0", "abcdef0", "en", "standard", "draft", "ABC234", 1
)
EVER = (date(2000, 1, 1), date(2100, 1, 1))
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def rows(path: Path) -> list[LedgerRow]:
    with open_ledger(path) as ledger:
        return list(ledger.printed(*EVER))


def enter(path: Path, *given: LedgerRow) -> None:
    with open_ledger(path) as ledger, ledger.printing(given):
        pass


def refused(path: Path) -> str:
    with pytest.raises(HandoutError) as caught:
        enter(path, ROW)
    [problem] = caught.value.problems
    assert problem.place.file == path.name
    return f"{problem.message} / {problem.hint}"


def test_what_was_printed_is_found_again(path: Path) -> None:
    second = replace(ROW, at="2026-11-24T08:00:00-05:00", code="P-2", sheets=2)
    enter(path, ROW, second)

    assert rows(path) == [ROW, second]
    with open_ledger(path) as ledger:
        assert list(ledger.printed(date(2026, 11, 24), date(2026, 11, 24))) == [second]
        assert list(ledger.printed(date(2026, 11, 23), date(2026, 11, 23))) == [ROW]
        assert list(ledger.of_handout("overdose-warning")) == [second, ROW]
        assert list(ledger.of_handout("benefits")) == []
        assert list(ledger.of_run("ABC234")) == [ROW, second] and list(ledger.of_run("ABC23")) == []
        assert list(ledger.of_code("p-2")) == [second]


def test_there_is_no_column_for_a_name() -> None:
    assert {field.name for field in fields(LedgerRow)} == {
        "at", "code", "handout", "version", "fingerprint", "language", "edition", "state", "run", "sheets",
        "account", "list", "mark", "number", "uid", "site",
    }  # fmt: skip


def test_the_same_page_of_the_same_run_is_one_row(path: Path) -> None:
    enter(path, ROW)
    enter(path, ROW, replace(ROW, at="2026-11-23T17:05:00-05:00"), replace(ROW, run="DEF567"))
    assert [row.run for row in rows(path)] == ["ABC234", "DEF567"]


def test_what_was_not_delivered_is_not_entered(path: Path) -> None:
    with open_ledger(path) as ledger:
        with pytest.raises(RuntimeError), ledger.printing([ROW]):
            raise RuntimeError("the page was not written")
        with ledger.printing([replace(ROW, code="P-2")]):
            pass
    assert [row.code for row in rows(path)] == ["P-2"]


@posix_only
@pytest.mark.parametrize("delivered", [False, True])
def test_killed_inside_the_transaction_there_is_no_row(path: Path, delivered: bool) -> None:
    enter(path, ROW)
    pid = os.fork()
    if pid == 0:
        with open_ledger(path) as ledger, ledger.printing([replace(ROW, code="P-2")]):
            if delivered:
                (path.parent / "P-2.pdf").write_bytes(b"page")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    assert rows(path) == [ROW]
    enter(path, replace(ROW, code="P-2"))
    assert len(rows(path)) == 2


def test_a_ledger_that_cannot_be_written_stops_before_the_delivery(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(path, ROW)
    monkeypatch.setattr(module, "_WAIT", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    delivered = []
    with open_ledger(path) as ledger, pytest.raises(HandoutError) as caught:
        with ledger.printing([replace(ROW, code="P-2")]):
            delivered.append("P-2")
    other.close()
    assert not delivered
    [problem] = caught.value.problems
    assert "another program holds it" in problem.message and "--no-ledger" in problem.hint


@pytest.mark.parametrize(
    "data", [b"this is no database at all, only some words" * 40, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_ledger_is_told_and_kept(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert "damaged, or is no ledger" in refused(path)
    assert path.read_bytes() == data


def test_a_database_of_another_program_is_told_and_kept(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE letters (words TEXT)")
    other.close()
    assert "another program" in refused(path)
    with sqlite3.connect(path) as other:
        assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["letters"]
    other.close()


def test_a_ledger_of_a_newer_press_is_told_and_kept(path: Path) -> None:
    enter(path, ROW)
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    assert "newer version" in refused(path)


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir()
    assert "the ledger" in refused(path)


def test_an_older_ledger_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is still to come, tried on a ledger of today: no row is lost."""
    enter(path, ROW)
    later = ("ALTER TABLE printed ADD COLUMN later TEXT NOT NULL DEFAULT 'x'",)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, later))
    assert rows(path) == [ROW]
    with sqlite3.connect(path) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (len(schema.STEPS),)
        assert other.execute("SELECT later FROM printed").fetchall() == [("x",)]
    other.close()
    assert rows(path) == [ROW]


def test_a_step_that_fails_leaves_the_ledger_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(path, ROW)
    steps = schema.STEPS
    bad = ("ALTER TABLE printed ADD COLUMN later TEXT", "DROP TABLE nothing")
    monkeypatch.setattr(schema, "STEPS", (*steps, bad))
    assert "cannot be written" in refused(path)
    monkeypatch.setattr(schema, "STEPS", steps)
    assert rows(path) == [ROW]


def test_two_programs_may_open_a_new_ledger_at_once(path: Path) -> None:
    with open_ledger(path) as one, open_ledger(path) as two:
        for ledger, code in ((one, "P-1"), (two, "P-2"), (one, "P-3")):
            entered(ledger, replace(ROW, code=code))
    assert [row.code for row in rows(path)] == ["P-1", "P-2", "P-3"]


def entered(ledger: Ledger, row: LedgerRow) -> None:
    with ledger.printing([row]):
        pass


def test_purged_rows_leave_no_trace(path: Path) -> None:
    old = replace(ROW, at="2020-01-31T10:00:00-05:00", code="ZERBINETTA-7")
    enter(path, old, ROW)
    assert b"ZERBINETTA-7" in path.read_bytes()
    with open_ledger(path) as ledger:
        assert ledger.purge(date(2020, 1, 31)) == 0
        assert ledger.purge(date(2020, 2, 1)) == 1
    assert rows(path) == [ROW]
    left = b"".join(found.read_bytes() for found in path.parent.iterdir())
    assert b"ZERBINETTA-7" not in left and b"P-1" in left


def test_purged_rows_give_their_room_back(path: Path) -> None:
    enter(path, *(replace(ROW, at="2020-01-31T10:00:00-05:00", code=f"P-{number}") for number in range(2_000)))
    before = path.stat().st_size
    with open_ledger(path) as ledger:
        assert ledger.purge(date(2020, 2, 1)) == 2_000

    assert path.stat().st_size < before / 4


def test_a_ledger_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A folder that is not there, and a file in the place of one."""
    (tmp_path / "file").write_text("words", "utf-8")
    for folder in ("nowhere", "file"):
        assert refused(tmp_path / folder / "ledger.sqlite") == (
            "the ledger cannot be made here / mend that, or print without it: --no-ledger"
        )


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError("of the page"), refuse(Place("page"), "too long")])
def test_a_fault_of_the_delivery_keeps_its_own_name(path: Path, fault: BaseException) -> None:
    """Only what SQLite says, and the disk of the ledger itself, is put into our words."""
    with open_ledger(path) as ledger, pytest.raises(type(fault)) as caught:
        with ledger.printing([ROW]):
            raise fault

    assert caught.value is fault and rows(path) == []


def test_a_ledger_with_a_version_below_zero_is_damaged(path: Path) -> None:
    enter(path, ROW)
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = -1")
    other.close()

    assert refused(path).startswith("the ledger is damaged, or is no ledger")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("SQLITE_FULL", "the disk is full"),
        ("SQLITE_BUSY_SNAPSHOT", "another program holds it"),
        ("SQLITE_READONLY_DBMOVED", "it is read-only"),
        ("SQLITE_IOERR_WRITE", "the disk or the folder does not allow it"),
        ("", "the disk or the folder does not allow it"),
    ],
)
def test_a_fault_of_the_disk_is_told_in_our_words(path: Path, code: str, said: str) -> None:
    fault = sqlite3.OperationalError("LIBRARY TEXT")
    if code:
        fault.sqlite_errorname = code
    with open_ledger(path) as ledger, pytest.raises(HandoutError) as caught, ledger.printing(broken(fault)):
        pass
    [problem] = caught.value.problems

    assert problem.message == f"the ledger cannot be written: {said}" and problem.place.file == path.name
    assert problem.code == (module.BUSY if said == "another program holds it" else "")
    assert rows(path) == []


def broken(fault: Exception) -> Iterator[LedgerRow]:
    """Rows of which the second cannot be written."""
    yield ROW
    raise fault


@posix_only
def test_the_ledger_is_for_this_user_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        enter(path, ROW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "column", [field.name for field in fields(LedgerRow) if field.name not in ("mark", "number", "site")]
)
def test_a_value_of_another_type_is_a_damaged_ledger(path: Path, column: str) -> None:
    enter(path, ROW)
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER printed_stays")
        connection.execute(f"UPDATE printed SET {column} = x'00ff'")

    with pytest.raises(HandoutError) as caught:
        rows(path)

    assert [problem.message for problem in caught.value.problems] == ["the ledger is damaged, or is no ledger"]


def test_a_row_without_a_day_is_a_damaged_ledger_and_not_left_out(path: Path) -> None:
    enter(path, replace(ROW, at="yesterday"))

    with pytest.raises(HandoutError):
        rows(path)


def test_a_version_below_nothing_is_a_damaged_ledger(path: Path) -> None:
    enter(path, ROW)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = -1")

    assert refused(path).startswith("the ledger is damaged")
