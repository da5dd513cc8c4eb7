"""The tables of the ledger, and the steps that bring an older file up to date.

Rows are added and never changed: the file itself refuses it. Only `purge` removes them. The columns named here are
those of a server of many desks, too.
"""

from __future__ import annotations

import os
import sqlite3
from hashlib import sha256

from press.errors import Place, refuse

ANOTHER_LEDGER = "let `ledger` in config.yaml name another file, or print without it: --no-ledger"

# What a row says, in the file and on a server; ids, links and the site are added by each.
PRINTED = (
    "at", "code", "handout", "version", "fingerprint", "language", "edition", "state", "run", "sheets",
    "account", "list",
)  # fmt: skip
MARKED = ("at", "mark", "why", "account")
SAID = ("at", "said", "account")

# The statements of each version of the file; a version once released is never changed.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE given (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            code TEXT NOT NULL,
            handout TEXT NOT NULL,
            version TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            language TEXT NOT NULL,
            edition TEXT NOT NULL,
            state TEXT NOT NULL,
            run TEXT NOT NULL,
            sheets INTEGER NOT NULL CHECK (sheets >= 0),
            UNIQUE (run, code, handout, language, edition)
        )
        """,
        "CREATE INDEX given_at ON given (at)",
        "CREATE INDEX given_handout ON given (handout, version)",
    ),
    (
        # What version 1 called given was printed; nobody knows whether it was given, or which account printed it.
        "ALTER TABLE given RENAME TO printed",
        "ALTER TABLE printed ADD COLUMN account TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE printed ADD COLUMN list TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX printed_list ON printed (list)",
        """
        CREATE TABLE mark (
            id INTEGER PRIMARY KEY,
            printed INTEGER NOT NULL REFERENCES printed (id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            mark TEXT NOT NULL CHECK (mark IN ('printed', 'given', 'not_collected', 'void')),
            why TEXT NOT NULL CHECK (why IN ('', 'wrong-person', 'misprint', 'date-changed', 'other')),
            account TEXT NOT NULL
        )
        """,
        "CREATE INDEX mark_printed ON mark (printed)",
        "CREATE TRIGGER printed_stays BEFORE UPDATE ON printed BEGIN SELECT RAISE(ABORT, 'rows are only added'); END",
        "CREATE TRIGGER mark_stays BEFORE UPDATE ON mark BEGIN SELECT RAISE(ABORT, 'rows are only added'); END",
    ),
    (
        """
        CREATE TABLE said_back (
            id INTEGER PRIMARY KEY,
            printed INTEGER NOT NULL REFERENCES printed (id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            said TEXT NOT NULL CHECK (said IN ('yes', 'not yet')),
            account TEXT NOT NULL
        )
        """,
        "CREATE INDEX said_back_printed ON said_back (printed)",
        "CREATE TRIGGER said_stays BEFORE UPDATE ON said_back BEGIN SELECT RAISE(ABORT, 'rows are only added'); END",
    ),
    (
        # Every row has an id that no other row has on any computer. That of an older row is made of what it says, so
        # that two copies of one file give it the same.
        "DROP TRIGGER printed_stays",
        "DROP TRIGGER mark_stays",
        "DROP TRIGGER said_stays",
        "ALTER TABLE printed ADD COLUMN uid TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE mark ADD COLUMN uid TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE said_back ADD COLUMN uid TEXT NOT NULL DEFAULT ''",
        "UPDATE printed SET uid = uid_of('printed', at, run, code, handout, language, edition)",
        """
        UPDATE mark SET uid = uid_of('mark', (SELECT uid FROM printed WHERE printed.id = printed), id, at, mark, why)
        """,
        """
        UPDATE said_back SET uid = uid_of('said', (SELECT uid FROM printed WHERE printed.id = printed), id, at, said)
        """,
        "CREATE UNIQUE INDEX printed_uid ON printed (uid)",
        "CREATE UNIQUE INDEX mark_uid ON mark (uid)",
        "CREATE UNIQUE INDEX said_uid ON said_back (uid)",
        "CREATE TRIGGER printed_stays BEFORE UPDATE ON printed BEGIN SELECT RAISE(ABORT, 'rows are only added'); END",
        "CREATE TRIGGER mark_stays BEFORE UPDATE ON mark BEGIN SELECT RAISE(ABORT, 'rows are only added'); END",
        "CREATE TRIGGER said_stays BEFORE UPDATE ON said_back BEGIN SELECT RAISE(ABORT, 'rows are only added'); END",
        # Up to which row of each table a server has them all.
        """
        CREATE TABLE sent (
            server TEXT PRIMARY KEY,
            printed INTEGER NOT NULL,
            mark INTEGER NOT NULL,
            said_back INTEGER NOT NULL
        )
        """,
    ),
)


def new_uid() -> str:
    """Draw the id of a row: never made from a counter or a computer's name, which a copy of the folder would share."""
    return os.urandom(16).hex()


def _uid_of(*values: object) -> str:
    return sha256("\0".join(map(str, values)).encode()).hexdigest()[:32]


def bring_up_to_date(connection: sqlite3.Connection, place: Place) -> None:
    """Apply the steps that the file lacks, all or none.

    Raises HandoutError for the file of a newer press or of another program, sqlite3.Error for a damaged one.
    """
    found = _version(connection)
    if found < 0:
        raise sqlite3.DatabaseError
    if found > len(STEPS):
        message = "this ledger was written by a newer version of the press"
        raise refuse(place, message, "use that version here too; this one changed nothing in it")
    has_tables = found == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    if has_tables and _version(connection) == 0:  # read again: another program may have made a new ledger meanwhile
        raise refuse(place, "this file is a database of another program", ANOTHER_LEDGER)
    if found == len(STEPS):
        return
    connection.create_function("uid_of", -1, _uid_of, deterministic=True)
    connection.execute("BEGIN IMMEDIATE")
    for number in range(_version(connection), len(STEPS)):  # another program may have taken steps meanwhile
        for statement in STEPS[number]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number + 1}")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
