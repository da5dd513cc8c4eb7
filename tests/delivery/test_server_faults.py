"""Whatever happens to the server or the network: nothing is lost, nothing is there twice, and no desk waits."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from press.delivery.all_desks import (
    ONLY_HERE,
    AnyLedger,
    LedgerPlace,
    ask_all_desks,
    purge_everywhere,
    read_status,
    send_all,
    send_waiting,
)
from press.delivery.ledger import Mark
from press.delivery.server import connection, rows, tables
from press.delivery.server.address import read_address
from press.errors import HandoutError, Place, refuse
from tests.delivery.desks import NOW, codes, enter, everywhere, mark, marks, order
from tests.rigs.postgres_rig import DATABASE, USER, Postgres, free_port


class Broken(RuntimeError):
    pass


@pytest.mark.parametrize("is_taken", [True, False])
def test_whatever_dies_between_server_and_desk_each_row_is_entered_once(
    server: Postgres, one: LedgerPlace, is_taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk dies before the server is asked, or after it took the rows and before the desk knows."""
    enter(one, "P-1", "P-2")
    take = rows.ServerRows.take

    def die(self: rows.ServerRows, batch: object) -> None:
        if is_taken:
            take(self, batch)
        raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(rows.ServerRows, "take", die)
        with pytest.raises(Broken):
            send_waiting(one)
    assert order(server) == (["P-1", "P-2"] if is_taken else []) and read_status(one).waiting == 2
    enter(one, "P-3")
    assert send_waiting(one) == () and order(server) == ["P-1", "P-2", "P-3"]


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_server_that_is_killed_in_the_middle_has_each_row_once_in_the_end(
    server: Postgres, one: LedgerPlace, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies while batch number `after` is under way."""
    wanted = [f"P-{person:04}" for person in range(2500)]
    enter(one, *wanted)
    insert, calls = rows._insert, []

    def kill(table: object, names: object) -> object:
        calls.append(table)
        if len(calls) == after:
            server.kill()
        return insert(table, names)

    monkeypatch.setattr(rows, "_insert", kill)
    try:
        [problem] = send_waiting(one)
    finally:
        monkeypatch.setattr(rows, "_insert", insert)
        server.start()
    assert f"{2500 - 1000 * (after - 1)} rows wait" in problem.message and not problem.is_error
    assert send_waiting(one) == () and order(server) == wanted


def test_without_a_network_everything_waits_and_goes_in_order_later(
    server: Postgres, one: LedgerPlace, two: LedgerPlace
) -> None:
    enter(two, "P-0")
    send_all(two)
    away = replace(one, server=replace(one.server, port=free_port()))
    for hour in range(5):
        enter(away, f"P-1{hour}", run=f"RUN{hour}")
        [problem] = send_waiting(away)
        assert f"it cannot be reached; {hour + 1} row" in problem.message and not problem.is_error
    assert mark(away, Mark.GIVEN, "P-10", run="RUN0").answer == 1
    asked = everywhere(away)
    assert asked.is_only_here and [problem.code for problem in asked.warnings] == [ONLY_HERE]
    assert [row.code for row in asked.answer] == [f"P-1{hour}" for hour in range(5)] and asked.answer[
        0
    ].mark is Mark.GIVEN
    status = read_status(away)
    assert (status.waiting, status.on_server) == (6, None) and status.problems

    assert send_waiting(one) == () and order(server) == ["P-0", *(f"P-1{hour}" for hour in range(5))]
    assert marks(two)["P-10"] is Mark.GIVEN


def test_a_refusal_of_one_computer_alone_says_that_it_was_alone(one: LedgerPlace) -> None:
    def nothing(ledger: AnyLedger) -> None:
        raise refuse(Place("RUN"), "the ledger has no pages of this run")

    away = replace(one, server=replace(one.server, port=free_port()))
    with pytest.raises(HandoutError) as caught:
        ask_all_desks(away, nothing)
    assert {problem.code for problem in caught.value.problems} == {"", ONLY_HERE}
    with pytest.raises(HandoutError) as caught:
        ask_all_desks(one, nothing)
    assert [problem.code for problem in caught.value.problems] == [""], "the server was asked"


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        yield line.getsockname()[1]


def test_a_server_that_says_nothing_stops_nothing(
    one: LedgerPlace, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_CONNECT", 2)  # the least that libpq takes
    enter(one, "P-1")
    [problem] = send_waiting(replace(one, server=replace(one.server, port=silent)))
    assert problem.message.startswith("it cannot be reached; 1 row waits") and not problem.is_error


def test_a_server_that_falls_silent_is_cut_off(
    server: Postgres, one: LedgerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(one, "P-1")
    send_all(one)
    enter(one, "P-2")
    insert = rows._insert

    def freeze(table: object, names: object) -> object:
        server.freeze()
        return insert(table, names)

    monkeypatch.setattr(rows, "_insert", freeze)
    monkeypatch.setattr("press.delivery.all_desks.PATIENCE", 0.5)
    try:
        [problem] = send_waiting(one)
    finally:
        server.thaw()
    assert "1 row waits" in problem.message
    monkeypatch.setattr(rows, "_insert", insert)
    assert send_all(one) in (0, 1) and order(server) == ["P-1", "P-2"]


def test_a_wrong_password_is_told_and_never_shown(
    server: Postgres, one: LedgerPlace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    enter(one, "P-1")
    monkeypatch.setenv("PGPASSWORD", "WRONG-SECRET")
    [wrong] = send_waiting(one)
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("PGPASSFILE", os.devnull)
    [none] = send_waiting(one)
    assert "does not take this password" in wrong.message and "none is given" in none.message
    assert "WRONG-SECRET" not in repr((wrong, none)) + "".join(capfd.readouterr())


def test_the_environment_leads_nowhere_else(
    server: Postgres, one: LedgerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What libpq would take from outside is set, and the rows go to where config.yaml says."""
    outside = {
        "PGHOST": "203.0.113.1", "PGHOSTADDR": "203.0.113.1", "PGPORT": "1", "PGDATABASE": "other", "PGUSER": "other",
        "PGSERVICE": "other", "PGOPTIONS": "-c search_path=other", "PGSSLMODE": "verify-full", "PGREQUIREAUTH": "none",
        "PGTARGETSESSIONATTRS": "standby",
    }  # fmt: skip
    for name, value in outside.items():
        monkeypatch.setenv(name, value)
    enter(one, "P-1")
    assert send_waiting(one) == () and order_without(server, monkeypatch, outside) == ["P-1"]


def order_without(server: Postgres, monkeypatch: pytest.MonkeyPatch, outside: dict[str, str]) -> list[str]:
    for name in outside:
        monkeypatch.delenv(name, raising=False)
    return order(server)


@pytest.mark.parametrize("library", ["sqlalchemy", "psycopg"])
def test_without_the_libraries_everything_waits_and_the_command_that_adds_them_is_named(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = LedgerPlace(tmp_path / "ledger.sqlite", read_address("postgresql://press@localhost/handouts"), "north")
    enter(place, "P-1")
    for name in [name for name in sys.modules if name.startswith(("press.delivery.server.rows", library))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    [problem] = send_waiting(place)
    assert "lacks what talks to it; 1 row waits" in problem.message and "make server" in problem.hint


def test_a_server_must_prove_its_name_with_a_certificate_that_is_trusted(server: Postgres, one: LedgerPlace) -> None:
    enter(one, "P-1")

    def sent(host: str, certificates: Path) -> str:
        address = f"postgresql://{USER}@{host}:{server.port}/{DATABASE}?sslmode=verify-full&sslrootcert={certificates}"
        return " ".join(problem.message for problem in send_waiting(replace(one, server=read_address(address))))

    assert "cannot prove that it is the server" in sent("127.0.0.1", server.certificate), "another name"
    assert "cannot prove that it is the server" in sent("localhost", Path("/etc/ssl/certs/ca-certificates.crt"))
    assert "cannot prove that it is the server" in sent("localhost", Path("/etc/hostname")), "no certificates at all"
    assert order_is_empty(server)
    assert sent("localhost", server.certificate) == "" and order(server) == ["P-1"]


def order_is_empty(server: Postgres) -> bool:
    return server.sql("SELECT count(*) FROM pg_class WHERE relname = 'printed'", DATABASE) == "0"


# Tables


def test_the_tables_of_a_newer_press_are_left_alone(server: Postgres, one: LedgerPlace) -> None:
    enter(one, "P-1")
    send_all(one)
    server.sql("INSERT INTO about VALUES (99, 'x')", DATABASE)
    enter(one, "P-2")
    [problem] = send_waiting(one)
    assert "newer version of the press" in problem.message and order(server) == ["P-1"]


def test_older_tables_are_brought_up_to_date_by_one_desk(
    server: Postgres, one: LedgerPlace, two: LedgerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(one, "P-1")
    send_all(one)
    later = ("ALTER TABLE printed ADD COLUMN later TEXT NOT NULL DEFAULT 'x'",)
    monkeypatch.setattr(tables, "STEPS", (*tables.STEPS, later))
    threads = [Thread(target=everywhere, args=[place]) for place in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes(two) == ["P-1"] and order(server, column="later") == ["x"]
    assert server.sql("SELECT string_agg(version::text, ',' ORDER BY version) FROM about", DATABASE) == "1,2"


def test_a_step_that_fails_leaves_the_tables_as_they_were(
    server: Postgres, one: LedgerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(one, "P-1")
    send_all(one)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "STEPS", (*tables.STEPS, ("DROP TABLE purged", "DROP TABLE nothing")))
        assert everywhere(one).is_only_here
    assert codes(one) == ["P-1"]


def test_the_database_of_another_program_is_left_alone(server: Postgres, one: LedgerPlace) -> None:
    server.sql("CREATE TABLE letters (words TEXT)", DATABASE)
    enter(one, "P-1")
    [problem] = send_waiting(one)
    assert "another program" in problem.message and order_is_empty(server)


def test_rows_there_are_only_added_and_a_desk_needs_few_rights(server: Postgres, one: LedgerPlace) -> None:
    enter(one, "P-1", "P-2")
    send_all(one)
    names = "about, printed, mark, said_back, purged"
    for name in names.split(", "):
        server.sql(f"ALTER TABLE {name} OWNER TO postgres", DATABASE)
    server.sql(f"ALTER DATABASE {DATABASE} OWNER TO postgres", DATABASE)
    server.sql(
        f"GRANT SELECT ON {names} TO {USER}; GRANT INSERT ON printed, mark, said_back, purged TO {USER}", DATABASE
    )
    server.sql(f"GRANT DELETE ON printed TO {USER}", DATABASE)

    enter(one, "P-3")
    mark(one, Mark.GIVEN, "P-1")
    assert send_waiting(one) == () and marks(one)["P-1"] is Mark.GIVEN
    assert purge_everywhere(one, date(2026, 12, 1), NOW) == (3, 3) and order(server, "mark", "mark") == []
    server.sql("REVOKE INSERT ON printed FROM press", DATABASE)
    enter(one, "P-4")
    [problem] = send_waiting(one)
    assert "lacks a right" in problem.message
    with pytest.raises(AssertionError, match="rows are only added"):
        server.sql("UPDATE purged SET site = 'x'", DATABASE)


@pytest.mark.parametrize(
    ("at", "version"),
    [
        ("2026-99-99", "1.0.0"), ("2026-11-23Tx", "1.0.0"), ("2026-11-23T10:00:00", "1.0.0"),
        ("2026-11-23T10:00:00-05:00", "1.x"),
    ],
)  # fmt: skip
def test_a_row_that_no_press_wrote_is_refused_and_not_left_out(
    server: Postgres, one: LedgerPlace, at: str, version: str
) -> None:
    enter(one, "P-1")
    send_all(one)
    server.sql(
        "INSERT INTO printed (uid, site, at, code, handout, version, fingerprint, language, edition, state, run, sheets,"
        f" account, list) VALUES ('x', 'north', '{at}', 'P', 'h', '{version}', 'f', 'en', 's', 'final', 'R', 1, 'a', 'l')",
        DATABASE,
    )
    asked = everywhere(one)
    assert asked.is_only_here and "no press wrote" in asked.warnings[0].message
