"""Many desks, one memory: with a real PostgreSQL, each row is entered once and in the order of its desk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from press.delivery.all_desks import (
    AnyLedger,
    LedgerPlace,
    ask_all_desks,
    purge_everywhere,
    read_status,
    send_all,
    send_waiting,
)
from press.delivery.ledger import Mark, Why, open_ledger
from press.delivery.server import rows
from press.errors import HandoutError
from tests.delivery.desks import EVER, LATER, NOW, ROW, codes, desk, enter, everywhere, mark, marks, order
from tests.rigs.postgres_rig import DATABASE, Postgres, free_port

# Rows of many desks


def test_each_row_is_there_once_in_the_order_of_its_desk(server: Postgres, one: LedgerPlace, two: LedgerPlace) -> None:
    enter(one, "P-1", "P-2")
    assert send_waiting(one) == () and send_waiting(one) == ()
    enter(two, "P-3")
    enter(one, "P-4")
    assert send_all(two) == 1 and send_all(one) == 1 and send_all(one) == 0

    assert order(server) == ["P-1", "P-2", "P-3", "P-4"] and set(order(server, column="site")) == {"north"}
    assert sorted(codes(one)) == sorted(codes(two)) == ["P-1", "P-2", "P-3", "P-4"]
    assert read_status(one).on_server == (4, 4) and read_status(one).waiting == 0


def test_what_waits_is_told_by_a_question_too(one: LedgerPlace, two: LedgerPlace) -> None:
    enter(one, "P-1")
    enter(two, "P-2")
    send_all(two)
    assert codes(one) == ["P-2", "P-1"] or codes(one) == ["P-1", "P-2"]
    assert read_status(one).waiting == 0, "what was asked for was sent first"


def test_the_pages_of_two_sites_with_one_code_are_two_peoples(
    server: Postgres, one: LedgerPlace, tmp_path: Path
) -> None:
    south = desk(server, tmp_path, "south", "south")
    enter(one, "P-1")
    enter(south, "P-1")
    send_all(south)

    assert [row.site for row in everywhere(one).answer] in (["north", "south"], ["south", "north"])
    of_code = ask_all_desks(one, lambda ledger: list(ledger.of_code("p-1"))).answer
    assert [row.site for row in of_code] == ["north"]
    assert mark(one, Mark.VOID, "P-1").answer == 1, "never that of the other site, though run and code are the same"
    send_all(one)
    assert {row.site: row.mark for row in everywhere(south).answer} == {"south": Mark.PRINTED, "north": Mark.VOID}


def test_two_desks_make_the_tables_and_send_at_once(server: Postgres, tmp_path: Path) -> None:
    places = [desk(server, tmp_path, f"desk{number}") for number in range(4)]
    for number, place in enumerate(places):
        enter(place, *(f"P-{number}-{person}" for person in range(300)))
    told: list[object] = []
    threads = [Thread(target=lambda place=place: told.append(send_waiting(place))) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [()] * 4 and server.sql("SELECT count(*) FROM about", DATABASE) == "1"
    found = order(server)
    assert len(found) == len(set(found)) == 1200
    assert [code for code in found if code.startswith("P-2-")] == [f"P-2-{person}" for person in range(300)]


def test_two_runs_of_one_computer_send_at_once(server: Postgres, one: LedgerPlace) -> None:
    enter(one, *(f"P-{person}" for person in range(1500)))
    threads = [Thread(target=send_waiting, args=[one]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(order(server)) == sorted({f"P-{person}" for person in range(1500)}) and read_status(one).waiting == 0


# Marks


def test_the_latest_mark_counts_by_the_order_of_the_server_and_not_by_a_clock(
    one: LedgerPlace, two: LedgerPlace
) -> None:
    """The clock of the second desk is a year behind."""
    enter(one, "P-1")
    mark(one, Mark.GIVEN, "P-1")
    assert send_waiting(one) == ()

    def work(ledger: AnyLedger) -> None:
        with ledger.holding():
            [row] = ledger.of_run(ROW.run)
            ledger.mark(row, Mark.VOID, "2025-11-24T09:00:00-05:00", Why.MISPRINT)

    ask_all_desks(two, work, is_own=True)
    assert marks(one) == {"P-1": Mark.VOID}
    mark(one, Mark.NOT_COLLECTED, "P-1")
    assert marks(two) == {"P-1": Mark.VOID}, "it waits at the first desk"
    send_all(one)
    assert marks(two) == {"P-1": Mark.NOT_COLLECTED}


def test_marks_of_one_command_on_pages_of_both_desks(one: LedgerPlace, two: LedgerPlace) -> None:
    enter(one, "P-1", "P-2")
    enter(two, "P-3")
    send_all(one)
    assert mark(two, Mark.GIVEN, "P-1", "P-3").answer == 2
    assert marks(two) == {"P-1": Mark.GIVEN, "P-2": Mark.PRINTED, "P-3": Mark.GIVEN}
    with open_ledger(two.file) as ledger:
        assert [row.code for row in ledger.of_run(ROW.run)] == ["P-3"], "a page of another desk is no row of this file"


def test_a_page_that_another_desk_made_void_and_this_one_prints_again_counts(
    one: LedgerPlace, two: LedgerPlace
) -> None:
    enter(one, "P-1")
    send_all(one)
    mark(two, Mark.VOID, "P-1")
    enter(one, "P-1")
    assert marks(one) == {"P-1": Mark.PRINTED}, "it is on paper again, and a recall must find it"


def test_what_was_said_back_is_counted_over_all_desks(one: LedgerPlace, two: LedgerPlace) -> None:
    enter(one, "P-1", "P-2")
    send_all(one)

    def say(place: LedgerPlace, code: str, is_said: bool) -> None:
        def work(ledger: AnyLedger) -> None:
            with ledger.holding():
                [row] = [row for row in ledger.of_run(ROW.run) if row.code == code]
                ledger.say_back(row, LATER, is_said=is_said)

        ask_all_desks(place, work, is_own=True)

    for place, code, is_said in ((one, "P-1", False), (two, "P-2", False), (two, "P-1", True)):
        say(place, code, is_said)
    assert ask_all_desks(one, lambda ledger: ledger.count_said_back(*EVER)).answer in ((1, 1), (0, 2))


# Purge, backup, copies


def test_purge_reaches_the_server_and_what_waits_and_nothing_comes_back(
    server: Postgres, one: LedgerPlace, two: LedgerPlace, tmp_path: Path
) -> None:
    south = desk(server, tmp_path, "south", "south")
    old = "2025-01-31T10:00:00-05:00"
    for place, code in ((one, "P-1"), (two, "P-2"), (south, "P-3")):
        enter(place, code, at=old)
        enter(place, f"{code}-new", run="NEW234")
        send_all(place)
    enter(one, "P-4", at=old, run="WAITS2")
    assert purge_everywhere(one, date(2025, 2, 1), NOW) == (2, 2)

    assert sorted(codes(one)) == ["P-1-new", "P-2-new", "P-3", "P-3-new"], "the other site keeps its own"
    status = read_status(two)
    assert (status.before, status.old) == ("2025-02-01", 1)
    assert send_all(two, is_again=True) == 2 and "P-2" not in codes(two)
    mark(two, Mark.GIVEN, "P-2")
    assert send_waiting(two) == (), "a mark of a page that is gone stops nothing"
    assert purge_everywhere(two, date(2025, 2, 1), NOW) == (1, 0) and read_status(two).old == 0


def test_nothing_is_purged_where_the_server_is_not_reached(server: Postgres, one: LedgerPlace) -> None:
    enter(one, "P-1")
    away = replace(one, server=replace(one.server, port=free_port()))
    with pytest.raises(HandoutError):
        purge_everywhere(away, date(2030, 1, 1), NOW)
    assert codes(one) == ["P-1"]


def test_what_is_printed_after_everything_was_purged_is_sent(server: Postgres, one: LedgerPlace) -> None:
    """SQLite gives the number of a row that is gone to the next one."""
    enter(one, "P-1", "P-2")
    mark(one, Mark.GIVEN, "P-1")
    send_all(one)
    assert purge_everywhere(one, date(2026, 11, 24), NOW) == (2, 2)
    enter(one, "P-3", at=LATER)
    mark(one, Mark.GIVEN, "P-3")
    assert send_all(one) == 1 and marks(one) == {"P-3": Mark.GIVEN} and read_status(one).waiting == 0


def test_rows_that_were_purged_while_they_were_sent_hide_no_later_one(
    server: Postgres, one: LedgerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(one, "P-1")
    take = rows.ServerRows.take

    def purge(self: rows.ServerRows, batch: object) -> None:
        take(self, batch)
        monkeypatch.setattr(rows.ServerRows, "take", take)
        with open_ledger(one.file) as other:
            other.purge(date(2026, 11, 24))
        enter(one, "P-2", at=LATER)

    monkeypatch.setattr(rows.ServerRows, "take", purge)
    send_waiting(one)
    assert read_status(one).waiting == 0 and order(server) == ["P-1", "P-2"]


def test_an_older_file_and_a_copy_of_it_send_nothing_twice(server: Postgres, one: LedgerPlace, tmp_path: Path) -> None:
    """A backup is restored, and the folder of one computer is copied to another one."""
    enter(one, "P-1", "P-2")
    older = one.file.read_bytes()
    send_all(one)
    enter(one, "P-3")
    mark(one, Mark.GIVEN, "P-1")
    send_all(one)
    one.file.write_bytes(older)
    copy = replace(one, file=tmp_path / "copy.sqlite")
    copy.file.write_bytes(older)
    enter(one, "P-4")
    enter(copy, "P-5")
    assert send_waiting(one) == () and send_waiting(copy) == ()
    assert order(server) == ["P-1", "P-2", "P-3", "P-4", "P-5"] and marks(copy)["P-1"] is Mark.GIVEN


def test_a_server_that_was_restored_or_is_another_one_gets_everything(server: Postgres, one: LedgerPlace) -> None:
    enter(one, "P-1", "P-2")
    send_all(one)
    server.sql("DELETE FROM printed WHERE code = 'P-2'", DATABASE)
    assert send_all(one) == 0 and order(server) == ["P-1"]
    assert send_all(one, is_again=True) == 2 and sorted(order(server)) == ["P-1", "P-2"]
    server.new_database(DATABASE)
    assert codes(one) == ["P-1", "P-2"], "a new database has taken nothing yet"


def test_a_file_of_before_is_sent_too(server: Postgres, one: LedgerPlace) -> None:
    from press.delivery import ledger_schema

    with closing(sqlite3.connect(one.file)) as old:
        for step in ledger_schema.STEPS[:3]:
            for statement in step:
                old.execute(statement)
        old.execute(
            "INSERT INTO printed VALUES (1, '2026-11-01T10:00:00-04:00', 'P-1', 'benefits', '1.0.0', 'abcdef0', 'en',"
            " 'standard', 'final', 'ABC234', 2, 'nurse', 'list')"
        )
        old.execute("INSERT INTO mark VALUES (1, 1, 'x', 'given', '', 'nurse')")
        old.execute("PRAGMA user_version = 3")
        old.commit()
    assert marks(one) == {"P-1": Mark.GIVEN}


def test_a_clinic_without_a_server_asks_its_file_and_sends_nothing(tmp_path: Path) -> None:
    alone = LedgerPlace(tmp_path / "ledger.sqlite")
    with pytest.raises(HandoutError):
        everywhere(alone)
    enter(alone, "P-1")
    assert send_waiting(alone) == () and codes(alone) == ["P-1"] and read_status(alone).pages == 1
    with pytest.raises(HandoutError):
        send_all(alone)
    assert purge_everywhere(alone, date(2030, 1, 1), NOW) == (1, 0)
