"""The ledger of what was given: one row for each handout and each person's code, in SQLite. Never a name.

A row is written in the same transaction as the delivery of its page: `giving` begins it, the
caller delivers inside, and only then is the row committed. The same page given by the same run
twice is one row, so a run that goes on after a crash counts nothing twice.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from pathlib import Path

from press.delivery.files import FILES, PRIVATE_FILE, Files
from press.errors import HandoutError, Place, refuse

_WAIT = 10.0  # seconds for another program to let go of the file
_WITHOUT = "mend that, or go on without it: --no-ledger"

# One step for each version of the file; a step once released is never changed.
_STEPS = (
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
    );
    CREATE INDEX given_at ON given (at);
    CREATE INDEX given_handout ON given (handout, version);
    """,
)


@dataclass(frozen=True, slots=True)
class Given:
    """One handout that one person was given. `at` is the clinic's time, as 2026-11-23T17:02:00-05:00.

    `state` is draft or final; `sheets` counts sheets of paper, not sides: 0 where there is no paper.
    """

    at: str
    code: str
    handout: str
    version: str
    fingerprint: str
    language: str
    edition: str
    state: str
    run: str
    sheets: int


_COLUMNS = ", ".join(field.name for field in fields(Given))
_values = attrgetter(*(field.name for field in fields(Given)))
_TYPES = [int if field.name == "sheets" else str for field in fields(Given)]
_MARKS = ", ".join("?" for _ in fields(Given))


class Ledger:
    """An open ledger. Made by `open_ledger` only."""

    def __init__(self, connection: sqlite3.Connection, place: Place) -> None:
        self._connection = connection
        self._place = place

    @contextmanager
    def giving(self, rows: Iterable[Given]) -> Iterator[None]:
        """Open a transaction of rows around the delivery of their pages: both happen, or no row is written.

        Raises HandoutError before anything is delivered if the ledger cannot be written.
        """
        with _told(self._place):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            with _told(self._place):
                self._connection.executemany(
                    f"INSERT OR IGNORE INTO given ({_COLUMNS}) VALUES ({_MARKS})",  # noqa: S608 - our own columns
                    map(_values, rows),
                )
            yield
            with _told(self._place):
                self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def given(self, since: date, until: date) -> Iterator[Given]:
        """List what was given from one day to another, both included, oldest first."""
        yield from self._select(
            "WHERE date(substr(at, 1, 10)) BETWEEN ? AND ? OR date(substr(at, 1, 10)) IS NULL ORDER BY at, id",
            since.isoformat(),
            until.isoformat(),
        )

    def of_handout(self, handout: str) -> Iterator[Given]:
        """List every row of one handout, the latest first."""
        yield from self._select("WHERE handout = ? ORDER BY at DESC, id DESC", handout)

    def _select(self, condition: str, *values: str) -> Iterator[Given]:
        with _told(self._place):
            asked = f"SELECT {_COLUMNS} FROM given {condition}"  # noqa: S608 - our own words; the values come apart
            rows = [_row(row) for row in self._connection.execute(asked, values)]
        yield from rows

    def purge(self, before: date) -> int:
        """Remove for good what was given before a day, and give how many rows. The file holds no trace of them."""
        with _told(self._place):
            with self._connection:
                found = self._connection.execute(
                    "DELETE FROM given WHERE substr(at, 1, 10) < ?", (before.isoformat(),)
                ).rowcount
            self._connection.execute("VACUUM")
        return found


def _row(values: tuple[object, ...]) -> Given:
    """A row as it was read. SQLite keeps any type in any column; raises sqlite3.DatabaseError for a wrong one."""
    if [type(value) for value in values] != _TYPES:
        raise sqlite3.DatabaseError
    try:
        date.fromisoformat(str(values[0])[:10])
    except ValueError:
        raise sqlite3.DatabaseError from None
    return Given(*values)  # type: ignore[arg-type]  # each type was compared a line above


@contextmanager
def open_ledger(path: Path, *, files: Files = FILES) -> Iterator[Ledger]:
    """Open the ledger, and make or bring it up to date where needed.

    Raises HandoutError: the file cannot be read or written, is no ledger, or is of a newer press.
    """
    place = Place(path.name)
    with _told(place):
        _private(path, files)
        connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        with _told(place):
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            _bring_up_to_date(connection, place)
        yield Ledger(connection, place)
    finally:
        connection.close()


def _private(path: Path, files: Files) -> None:
    """Make the file for this user alone before SQLite would make it for all."""
    if not path.exists():
        files.close(files.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))


def _bring_up_to_date(connection: sqlite3.Connection, place: Place) -> None:
    """Apply the steps that the file lacks, each whole or not at all."""
    found = _version(connection)
    if found < 0:
        raise sqlite3.DatabaseError
    if found > len(_STEPS):
        raise refuse(place, "this ledger was written by a newer version of the press", "use that version")
    if found == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise refuse(place, "this file is a database of another program", _WITHOUT)
    for number in range(found, len(_STEPS)):
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == number:
            for statement in _STEPS[number].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _told(place: Place) -> Iterator[None]:
    """Translate each fault of the file into our own sentence; the library's text is dropped."""
    try:
        yield
    except HandoutError:
        raise
    except sqlite3.OperationalError as error:
        raise refuse(place, f"the ledger cannot be written: {_reason(error)}", _WITHOUT) from None
    except sqlite3.DatabaseError:
        raise refuse(
            place, "the ledger is damaged, or is no ledger", "bring it back from a backup, " + _WITHOUT
        ) from None
    except OSError:
        raise refuse(place, "the ledger cannot be made here", _WITHOUT) from None


def _reason(error: sqlite3.OperationalError) -> str:
    name = getattr(error, "sqlite_errorname", "")
    reasons = {
        "SQLITE_FULL": "the disk is full",
        "SQLITE_BUSY": "another program holds it",
        "SQLITE_READONLY": "it is read-only",
    }
    return next(
        (said for key, said in reasons.items() if name.startswith(key)), "the disk or the folder does not allow it"
    )
