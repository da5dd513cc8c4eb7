"""What became of a page in the ledger: marks are added, the latest counts, and an old ledger gets them safely."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from press.delivery import account
from press.delivery import ledger as module
from press.delivery import ledger_schema as schema
from press.delivery.account import account_name
from press.delivery.ledger import Ledger, LedgerRow, Mark, Why, open_existing, open_ledger
from press.errors import HandoutError
from tests.delivery.test_ledger import EVER, ROW, enter, posix_only, rows

LATER = "2026-11-24T09:00:00-05:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def mark(path: Path, code: str, mark: Mark, why: Why | None = None) -> None:
    with open_ledger(path) as ledger, ledger.holding():
        for row in list(ledger.of_code(code)):
            ledger.mark(row, mark, LATER, why)


def marks(path: Path) -> list[Mark]:
    return [row.mark for row in rows(path)]


def raw(path: Path, asked: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(asked).fetchall()


def test_the_latest_mark_counts_and_none_is_lost(path: Path) -> None:
    enter(path, ROW, replace(ROW, code="P-2"))
    assert marks(path) == [Mark.PRINTED, Mark.PRINTED]
    mark(path, "P-2", Mark.VOID, Why.WRONG_PERSON)
    mark(path, "P-2", Mark.GIVEN)

    assert marks(path) == [Mark.PRINTED, Mark.GIVEN]
    assert raw(path, "SELECT printed, at, mark, why, account FROM mark") == [
        (2, LATER, "void", "wrong-person", account_name()),
        (2, LATER, "given", "", account_name()),
    ]


def test_rows_are_the_same_whoever_entered_them_from_wherever() -> None:
    assert (ROW.account, ROW.list, ROW.mark, ROW.number) == ("", "", Mark.PRINTED, 0)
    assert replace(ROW, account="x", list="x", number=7) == ROW != replace(ROW, mark=Mark.VOID)


def test_a_clock_that_was_set_back_changes_no_order(path: Path) -> None:
    enter(path, ROW)
    mark(path, "P-1", Mark.VOID)
    with open_ledger(path) as ledger, ledger.holding():
        ledger.mark(next(ledger.of_run(ROW.run)), Mark.GIVEN, "2020-01-01T00:00:00-05:00")
    assert marks(path) == [Mark.GIVEN]


def test_each_row_says_which_account_printed_it_and_from_which_list(path: Path) -> None:
    with open_ledger(path, "digest of the list") as ledger, ledger.printing([ROW]):
        pass
    enter(path, replace(ROW, code="P-2"))

    assert [(row.account, row.list) for row in rows(path)] == [
        (account_name(), "digest of the list"),
        (account_name(), ""),
    ]
    with open_ledger(path) as ledger:
        assert [row.code for row in ledger.of_list("digest of the list")] == ["P-1"]


@posix_only
def test_the_account_is_the_system_s_and_no_variable_s(monkeypatch: pytest.MonkeyPatch) -> None:
    before = account_name()
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert before and account_name() == before
    monkeypatch.setattr(account.os, "getuid", lambda: 2**31 - 7)
    assert account_name() == f"account {2**31 - 7}"


@pytest.mark.parametrize("table", ["printed", "mark"])
def test_a_row_is_never_changed(path: Path, table: str) -> None:
    enter(path, ROW)
    mark(path, "P-1", Mark.GIVEN)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="only added"):
        connection.execute(f"UPDATE {table} SET at = 'x'")


@pytest.mark.parametrize(("column", "value"), [("mark", "lost"), ("why", "Ana moved away")])
def test_no_other_word_can_be_entered(path: Path, column: str, value: str) -> None:
    enter(path, ROW)
    values = {"mark": "void", "why": ""} | {column: value}
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "INSERT INTO mark (printed, at, mark, why, account) VALUES (1, 'x', :mark, :why, '')", values
        )


@pytest.mark.parametrize("became", list(Mark))
def test_what_is_printed_once_more_counts_again(path: Path, became: Mark) -> None:
    """The same run of the same list prints a person's void page again: it must not be missing from a recall."""
    enter(path, ROW)
    mark(path, "P-1", became)
    enter(path, ROW)
    assert marks(path) == [Mark.GIVEN if became is Mark.GIVEN else Mark.PRINTED]
    assert len(raw(path, "SELECT id FROM printed")) == 1


def test_only_void_and_not_collected_pages_are_in_nobody_s_hands() -> None:
    assert {mark for mark in Mark if not mark.is_out} == {Mark.VOID, Mark.NOT_COLLECTED}


def test_purged_rows_take_their_marks_along(path: Path) -> None:
    enter(path, replace(ROW, at="2020-01-31T10:00:00-05:00"), replace(ROW, code="P-2"))
    secret = "2020-01-31T11:22:33-05:00"
    with open_ledger(path) as ledger, ledger.holding():
        ledger.mark(next(ledger.of_code("P-1")), Mark.VOID, secret)
    mark(path, "P-2", Mark.GIVEN)
    assert secret.encode() in path.read_bytes()
    with open_ledger(path) as ledger:
        assert ledger.purge(date(2020, 2, 1)) == 1

    assert marks(path) == [Mark.GIVEN] and len(raw(path, "SELECT id FROM mark")) == 1
    assert secret.encode() not in path.read_bytes()


# Several desks, and what goes wrong


def test_nobody_marks_while_another_holds_the_ledger(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(path, ROW)
    monkeypatch.setattr(module, "_WAIT", 0.05)
    with open_ledger(path) as one, one.holding():
        one.mark(next(one.of_run(ROW.run)), Mark.VOID, LATER)
        with pytest.raises(HandoutError) as caught:
            mark(path, "P-1", Mark.GIVEN)
    assert "another program holds it" in caught.value.problems[0].message
    assert marks(path) == [Mark.VOID]


def test_marks_that_belong_together_are_all_there_or_none(path: Path) -> None:
    enter(path, ROW, replace(ROW, code="P-2"))
    with open_ledger(path) as ledger, pytest.raises(RuntimeError), ledger.holding():
        for row in list(ledger.of_run(ROW.run)):
            ledger.mark(row, Mark.GIVEN, LATER)
        raise RuntimeError
    assert marks(path) == [Mark.PRINTED, Mark.PRINTED]


@posix_only
def test_killed_between_two_marks_there_is_none(path: Path) -> None:
    enter(path, ROW)
    if (pid := os.fork()) == 0:
        with open_ledger(path) as ledger, ledger.holding():
            ledger.mark(next(ledger.of_run(ROW.run)), Mark.VOID, LATER)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    assert marks(path) == [Mark.PRINTED]


def test_a_full_disk_is_told_and_marks_nothing(path: Path) -> None:
    enter(path, ROW)
    with open_ledger(path) as ledger:
        pages = ledger.connection.execute("PRAGMA page_count").fetchone()[0]
        ledger.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(HandoutError) as caught, ledger.holding():
            [row] = ledger.of_run(ROW.run)
            for _ in range(1000):
                ledger.mark(row, Mark.GIVEN, LATER)
    assert caught.value.problems[0].message == "the ledger cannot be written: the disk is full"
    assert marks(path) == [Mark.PRINTED]


@pytest.mark.parametrize("value", ["'lost'", "x'00'", "7"])
def test_a_mark_that_is_none_is_a_damaged_ledger(path: Path, value: str) -> None:
    enter(path, ROW)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"INSERT INTO mark (printed, at, mark, why, account) VALUES (1, 'x', {value}, '', '')")
        connection.commit()
    with pytest.raises(HandoutError) as caught:
        rows(path)
    assert "damaged" in caught.value.problems[0].message


def test_a_ledger_that_is_not_there_is_not_made_to_be_read(path: Path) -> None:
    with pytest.raises(HandoutError) as caught, open_existing(path):
        pass
    assert caught.value.problems[0].message == "there is no ledger" and not path.exists()
    enter(path, ROW)
    with open_existing(path) as ledger:
        assert list(ledger.printed(*EVER)) == [ROW]


def test_a_lazy_ledger_is_made_for_its_first_row(path: Path) -> None:
    with open_ledger(path, lazy=True) as ledger:
        assert not path.exists()
        with ledger.printing([ROW]):
            pass
    assert rows(path) == [ROW]
    path.write_bytes(b"no ledger" * 999)
    with pytest.raises(HandoutError), open_ledger(path, lazy=True):
        pytest.fail("one that is there is opened before anything is printed")


def test_a_copy_is_a_whole_ledger_and_a_damaged_one_gives_none(path: Path) -> None:
    enter(path, *(replace(ROW, code=f"P-{number}") for number in range(200)))
    with open_ledger(path) as ledger:
        assert ledger.count() == 200
        copy = ledger.copy()
    path.with_name("copy.sqlite").write_bytes(copy)
    assert rows(path.with_name("copy.sqlite")) == rows(path)
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xff" * 8192 + data[16384:])
    for asked in (Ledger.copy, Ledger.check):
        with open_ledger(path) as ledger, pytest.raises(HandoutError) as caught:
            asked(ledger)
        assert "damaged" in caught.value.problems[0].message


def test_a_mark_of_no_page_is_a_damaged_ledger(path: Path) -> None:
    enter(path, ROW)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO mark (printed, at, mark, why, account) VALUES (99, 'x', 'void', '', '')")
        connection.commit()
    with open_ledger(path) as ledger, pytest.raises(HandoutError):
        ledger.check()


# What a ledger of many desks needs


def test_a_page_that_is_printed_again_where_desks_share_a_ledger_is_always_marked_so(path: Path) -> None:
    """Another desk may have made it void, which this file does not know."""
    enter(path, ROW)
    for is_shared, count in ((False, 0), (True, 1)):
        with open_ledger(path, is_shared=is_shared) as ledger, ledger.printing([ROW]):
            pass
        assert raw(path, "SELECT count(*) FROM mark WHERE mark = 'printed'") == [(count,)]
    assert marks(path) == [Mark.PRINTED] and len(rows(path)) == 1


def test_a_row_is_found_by_its_id_and_no_two_rows_have_one(path: Path) -> None:
    enter(path, ROW, replace(ROW, code="P-2"))
    first, second = rows(path)
    assert first.uid != second.uid and re.fullmatch("[0-9a-f]{32}", first.uid)
    with open_ledger(path) as ledger, ledger.holding():
        assert ledger.of_uid(second.uid) == second and ledger.of_uid("0" * 32) is None
        ledger.mark(first, Mark.GIVEN, LATER)
        ledger.say_back(first, LATER, is_said=True)
    found = raw(path, "SELECT uid FROM printed UNION SELECT uid FROM mark UNION SELECT uid FROM said_back")
    assert len(found) == 4 and all(len(uid) == 32 for (uid,) in found)


def test_pages_are_counted_up_to_a_day(path: Path) -> None:
    enter(path, ROW, replace(ROW, code="P-2", at="2026-11-22T23:59:00-05:00"))
    with open_ledger(path) as ledger:
        assert (ledger.count(), ledger.count("2026-11-23"), ledger.count("2026-11-22")) == (2, 1, 0)


def test_a_purge_is_whole_or_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are gone while their numbers count as sent would hide what is printed next."""
    enter(path, ROW)
    monkeypatch.setattr(module, "_LOWER_SENT", "SELECT * FROM nowhere")
    with open_ledger(path) as ledger, pytest.raises(HandoutError):
        ledger.purge(date(2026, 11, 24))
    assert len(rows(path)) == 1


@pytest.mark.parametrize(("before", "sent"), [("2026-11-23", (2, 1, 1)), ("2026-11-24", (0, 0, 0))])
def test_a_purge_lowers_what_counts_as_sent_to_what_is_left(path: Path, before: str, sent: tuple[int, ...]) -> None:
    """SQLite gives the number of a row that is gone to the next one, and that must be sent."""
    enter(path, replace(ROW, at="2026-11-22T10:00:00-05:00"), replace(ROW, code="P-2"))
    with open_ledger(path) as ledger:
        with ledger.holding():
            for row in ledger.of_run(ROW.run):
                ledger.mark(row, Mark.GIVEN, LATER)
                ledger.say_back(row, LATER, is_said=True)
            ledger.connection.execute("INSERT INTO sent VALUES ('a server', 2, 1, 1)")
        ledger.purge(date.fromisoformat(before))
    assert raw(path, "SELECT printed, mark, said_back FROM sent") == [sent]


# A ledger of the version before, whose rows were called given


@pytest.fixture
def old(path: Path) -> Path:
    values = (
        "1, '2026-11-01T10:00:00-04:00', 'P-1', 'benefits', '1.0.0', 'abcdef0', 'en', 'standard', 'final', 'ABC234', 2"
    )
    with closing(sqlite3.connect(path)) as connection:
        for statement in schema.STEPS[0]:
            connection.execute(statement)
        connection.execute(f"INSERT INTO given VALUES ({values})")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    return path


def test_an_old_ledger_is_read_and_marked(old: Path) -> None:
    found = LedgerRow(
        "2026-11-01T10:00:00-04:00", "P-1", "benefits", "1.0.0", "abcdef0", "en", "standard", "final", "ABC234", 2
    )
    [row] = rows(old)
    assert row == found and (row.account, row.list) == ("", "")
    mark(old, "P-1", Mark.NOT_COLLECTED)
    enter(old, ROW)
    assert marks(old) == [Mark.NOT_COLLECTED, Mark.PRINTED]


@pytest.mark.parametrize(
    ("step", "number"), [(step, number) for step in (1, 3) for number in range(len(schema.STEPS[step]))]
)
def test_an_old_ledger_is_as_it_was_whatever_statement_fails(
    old: Path, step: int, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = list(schema.STEPS)
    steps[step] = (*steps[step][:number], "SELECT * FROM nowhere", *steps[step][number:])
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", tuple(steps))
        with pytest.raises(HandoutError):
            rows(old)
    assert raw(old, "PRAGMA user_version") == [(1,)] and len(raw(old, "SELECT * FROM given")) == 1
    assert len(rows(old)) == 1


def test_rows_of_an_older_ledger_have_the_same_id_in_every_copy_of_it(old: Path) -> None:
    copy = old.with_name("copy.sqlite")
    copy.write_bytes(old.read_bytes())
    [first], [second] = rows(old), rows(copy)
    assert first.uid == second.uid and len(first.uid) == 32
    enter(old, ROW)
    enter(copy, ROW)
    assert rows(old)[-1].uid != rows(copy)[-1].uid, "what is printed later is another page on each computer"


def test_two_desks_bring_an_old_ledger_up_to_date_at_once(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one finds the step taken when its turn comes."""
    version, calls = schema._version, iter([1])
    monkeypatch.setattr(schema, "_version", lambda connection: next(calls, None) or version(connection))
    with closing(sqlite3.connect(old)) as other:
        for statement in schema.STEPS[1]:
            other.execute(statement)
        other.execute("PRAGMA user_version = 2")
        other.commit()
    assert len(rows(old)) == 1


def test_a_new_ledger_that_two_programs_make_at_once_is_no_strangers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is done between two looks of this one."""
    enter(path, ROW)
    version, calls = schema._version, [0]
    monkeypatch.setattr(schema, "_version", lambda connection: calls.pop() if calls else version(connection))
    assert len(rows(path)) == 1


def test_a_newer_ledger_is_kept_as_it_is(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA user_version = 5")
        connection.commit()
    before = old.read_bytes()
    with pytest.raises(HandoutError) as caught:
        rows(old)
    [problem] = caught.value.problems
    assert "newer version of the press" in problem.message and "use that version" in problem.hint
    assert old.read_bytes() == before
    assert len(schema.STEPS) == 4, "the number above is one too many, by one"
