"""The ledger: what was printed for which code, and what became of it, in SQLite. Never a name.

A page that is printed for somebody is one row. What becomes of it (given, not collected, void) is a mark,
a row of its own: the latest one counts, and a wrong one is answered by another. A row is written in the
same transaction as the delivery of its page: `printing` begins it, the caller delivers inside, and only
then is the row committed. The same page of the same run is one row, so a run that goes on after a crash
counts nothing twice; if it was void or not collected, it counts as printed once more.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import field
from datetime import date
from enum import StrEnum
from operator import attrgetter
from pathlib import Path

from press.delivery.account import account_name
from press.delivery.files import FILES, PRIVATE_FILE, Files
from press.delivery.ledger_schema import MARKED, PRINTED, SAID, bring_up_to_date, new_uid
from press.errors import HandoutError, Place, Problem, refuse
from press.records import dataclass

_WAIT = 10.0  # seconds for another program to let go of the file
BUSY = "busy"  # the code of the problem that another program holds the ledger
_WITHOUT = "mend that, or print without it: --no-ledger"


class Mark(StrEnum):
    """What is known of a page: only that it was printed, or what became of it."""

    PRINTED = "printed"
    GIVEN = "given"
    NOT_COLLECTED = "not_collected"
    VOID = "void"

    @property
    def is_out(self) -> bool:
        """Whether the page may be in somebody's hands: one that nobody marked may be, too."""
        return self in (Mark.PRINTED, Mark.GIVEN)


class Why(StrEnum):
    """Why a page is void. Only these: a free text could hold what a record without names must not."""

    WRONG_PERSON = "wrong-person"
    MISPRINT = "misprint"
    DATE_CHANGED = "date-changed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One handout that was printed for one person. `at` is the clinic's time, as 2026-11-23T17:02:00-05:00.

    `state` is draft or final; `sheets` counts sheets of paper, not sides: 0 where there is no paper. The
    rest is the ledger's own: the computer `account` that printed it, the digest of the `list` that it was
    printed from, the latest `mark`, the `number` of the row in this file, its id among all rows of all desks,
    and the `site` that it came from, "" where one desk was asked.
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
    account: str = field(default="", compare=False)
    list: str = field(default="", compare=False)
    mark: Mark = Mark.PRINTED
    number: int = field(default=0, compare=False)
    uid: str = field(default="", compare=False)
    site: str = field(default="", compare=False)


_ENTERED = PRINTED[:-2]
_values = attrgetter(*_ENTERED)
_KEY = ("run", "code", "handout", "language", "edition")  # what makes a page of a run the same page
_key_values = attrgetter(*_KEY)
_TYPES = (*(int if name == "sheets" else str for name in PRINTED), str, int, str, str)

# The latest mark by the order of rows: a clock may be set back.
_MARK = "COALESCE((SELECT mark FROM mark WHERE printed = printed.id ORDER BY id DESC LIMIT 1), 'printed')"
_SELECT = f"SELECT {', '.join(PRINTED)}, {_MARK} AS mark, id, uid, '' FROM printed"  # noqa: S608 - our own columns
_PRINT = f"INSERT OR IGNORE INTO printed ({', '.join(PRINTED)}, uid) VALUES ({', '.join('?' * 13)})"  # noqa: S608 - the same
_PRINT_AGAIN = (
    f"INSERT INTO mark (printed, uid, {', '.join(MARKED)}) SELECT id, ?, ?, 'printed', '', ? FROM printed"  # noqa: S608 - the same
    f" WHERE {' AND '.join(f'{name} = ?' for name in _KEY)} AND (? OR {_MARK} IN ('void', 'not_collected'))"
)
_SET_MARK = f"INSERT INTO mark (printed, uid, {', '.join(MARKED)}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - the same
_SAY_BACK = f"INSERT INTO said_back (printed, uid, {', '.join(SAID)}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - the same
_LOWER_SENT = """
    UPDATE sent SET printed = MIN(printed, (SELECT COALESCE(MAX(id), 0) FROM printed)),
    mark = MIN(mark, (SELECT COALESCE(MAX(id), 0) FROM mark)),
    said_back = MIN(said_back, (SELECT COALESCE(MAX(id), 0) FROM said_back))
"""
_COUNT_SAID = (
    "SELECT said, count(*) FROM said_back JOIN printed ON printed.id = said_back.printed"
    " WHERE said_back.id = (SELECT max(id) FROM said_back AS later WHERE later.printed = printed.id)"
    " AND date(substr(printed.at, 1, 10)) BETWEEN ? AND ? GROUP BY said"
)


class Ledger:
    """An open ledger. Made by `open_ledger` only."""

    def __init__(self, path: Path, list_: str, files: Files, *, is_shared: bool = False) -> None:
        self._path = path
        self._place = Place(path.name)
        self._files = files
        self._account = account_name()
        self._list = list_
        self._is_shared = is_shared
        self._opened: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, which is made where there is none. Raises HandoutError."""
        if self._opened is None:
            self._opened = _connect(self._path, self._place, self._files)
        return self._opened

    def open(self) -> None:
        """Open the file, or make it. Raises HandoutError."""
        _ = self.connection

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()

    def told(self) -> AbstractContextManager[None]:
        """Translate each fault of the file into our own sentence."""
        return _told(self._place)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Hold the ledger for rows that belong together: all are written, or none. Others wait meanwhile.

        Raises HandoutError at the beginning if the ledger cannot be written.
        """
        with self.told():
            self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self.told():
                self.connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def printing(self, rows: Iterable[LedgerRow]) -> Iterator[None]:
        """Enter rows around the delivery of their pages: both happen, or no row is written.

        Raises HandoutError before anything is delivered if the ledger cannot be written.
        """
        with self.holding():
            with self.told():
                for row in rows:
                    added = (*_values(row), self._account, self._list, new_uid())
                    if not self.connection.execute(_PRINT, added).rowcount:
                        again = (new_uid(), row.at, self._account, *_key_values(row), self._is_shared)
                        self.connection.execute(_PRINT_AGAIN, again)
            yield

    def mark(self, row: LedgerRow, mark: Mark, at: str, why: Why | None = None) -> None:
        """Say what became of a page that was read while the ledger was held by `holding`. Raises HandoutError."""
        with self.told():
            self.connection.execute(_SET_MARK, (row.number, new_uid(), at, mark.value, why or "", self._account))

    def say_back(self, row: LedgerRow, at: str, *, is_said: bool) -> None:
        """Enter whether a person said back a page that was read while the ledger was held. Raises HandoutError."""
        with self.told():
            said = "yes" if is_said else "not yet"
            self.connection.execute(_SAY_BACK, (row.number, new_uid(), at, said, self._account))

    def count_said_back(self, since: date, until: date) -> tuple[int, int]:
        """Count the pages of these days that were said back, and those not yet; the latest word counts."""
        with self.told():
            found = dict(self.connection.execute(_COUNT_SAID, (since.isoformat(), until.isoformat())).fetchall())
        return found.get("yes", 0), found.get("not yet", 0)

    def printed(self, since: date, until: date) -> Iterator[LedgerRow]:
        """List what was printed from one day to another, both included, oldest first."""
        yield from self._select(
            "WHERE date(substr(at, 1, 10)) BETWEEN ? AND ? OR date(substr(at, 1, 10)) IS NULL ORDER BY at, id",
            since.isoformat(),
            until.isoformat(),
        )

    def of_handout(self, handout: str) -> Iterator[LedgerRow]:
        """List every row of one handout, the latest first."""
        yield from self._select("WHERE handout = ? ORDER BY at DESC, id DESC", handout)

    def of_run(self, run: str) -> Iterator[LedgerRow]:
        """List every row of one run, in the order of its list."""
        yield from self._select("WHERE run = ? ORDER BY id", run)

    def of_list(self, digest: str) -> Iterator[LedgerRow]:
        """List every row that was printed from the list with this digest, oldest first."""
        yield from self._select("WHERE list = ? ORDER BY at, id", digest)

    def of_code(self, code: str) -> Iterator[LedgerRow]:
        """List every row of one person, oldest first; a code is the same in capitals."""
        yield from self._select("WHERE code = ? COLLATE NOCASE ORDER BY at, id", code)

    def of_uid(self, uid: str) -> LedgerRow | None:
        """Find one row by its id among all rows of all desks; None if it is another desk's."""
        return next(self._select("WHERE uid = ?", uid), None)

    def _select(self, condition: str, *values: str) -> Iterator[LedgerRow]:
        with self.told():
            rows = [row_from(row) for row in self.connection.execute(f"{_SELECT} {condition}", values)]
        yield from rows

    def count(self, before: str = "") -> int:
        """Count the rows of printed pages, up to a day if one is given. Raises HandoutError."""
        with self.told():
            found = self.connection.execute("SELECT count(*) FROM printed WHERE ? = '' OR at < ?", (before, before))
            return int(found.fetchone()[0])

    def copy(self) -> bytes:
        """Copy the ledger as it is at one moment, while others may write. Raises HandoutError if it is damaged."""
        self.check()
        with self.told(), closing(sqlite3.connect(":memory:")) as copied:
            self.connection.backup(copied)
            return copied.serialize()

    def check(self) -> None:
        """Have SQLite read all of the file. Raises HandoutError if anything in it is not whole."""
        with self.told():
            found = self.connection.execute("PRAGMA integrity_check").fetchall()
            if found != [("ok",)] or self.connection.execute("PRAGMA foreign_key_check").fetchall():
                raise sqlite3.DatabaseError

    def purge(self, before: date) -> int:
        """Remove for good what was printed before a day with its marks, and give how many rows that were.

        The file holds no trace of them.
        """
        with self.holding(), self.told():
            old = "DELETE FROM printed WHERE substr(at, 1, 10) < ?"
            found = self.connection.execute(old, (before.isoformat(),)).rowcount
            self.connection.execute(_LOWER_SENT)  # the next row may get the number of one that is gone
        with self.told():
            self.connection.execute("VACUUM")
        return found


def row_from(values: tuple[object, ...]) -> LedgerRow:
    """A row as it was read. SQLite keeps any type in any column; raises sqlite3.DatabaseError for a wrong one."""
    if tuple(type(value) for value in values) != _TYPES:
        raise sqlite3.DatabaseError
    try:
        date.fromisoformat(str(values[0])[:10])
        return LedgerRow(*(*values[:-4], Mark(values[-4]), *values[-3:]))  # type: ignore[arg-type]  # compared above
    except ValueError:
        raise sqlite3.DatabaseError from None


@contextmanager
def open_ledger(
    path: Path, list_: str = "", *, lazy: bool = False, is_shared: bool = False, files: Files = FILES
) -> Iterator[Ledger]:
    """Open the ledger, and make or bring it up to date where needed; `list_` is the digest of a list in work.

    With `lazy` a new one is made for its first row: a list of which nothing is printed leaves none behind. Where it
    `is_shared`, another desk may have made a page void: one that is printed again is then always marked as printed.
    Raises HandoutError: the file cannot be read or written, is no ledger, or is of a newer press.
    """
    ledger = Ledger(path, list_, files, is_shared=is_shared)
    try:
        if not lazy or path.exists():
            ledger.open()
        yield ledger
    finally:
        ledger.close()


def _connect(path: Path, place: Place, files: Files) -> sqlite3.Connection:
    with _told(place):
        _private(path, files)
        connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        with _told(place):
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            bring_up_to_date(connection, place)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def open_existing(path: Path) -> Iterator[Ledger]:
    """Open the ledger that is there: a new one would answer that nothing was printed. Raises HandoutError."""
    if not path.exists():
        hint = "nothing was printed yet, or `ledger` in config.yaml names another file"
        raise refuse(Place(path.name), "there is no ledger", hint)
    with open_ledger(path) as ledger:
        yield ledger


def _private(path: Path, files: Files) -> None:
    """Make the file for this user alone before SQLite would make it for all."""
    if not path.exists():
        files.close(files.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))


@contextmanager
def _told(place: Place) -> Iterator[None]:
    """Translate each fault of the file into our own sentence; the library's text is dropped."""
    try:
        yield
    except HandoutError:
        raise
    except sqlite3.OperationalError as error:
        message, code = f"the ledger cannot be written: {_reason(error)}", BUSY if _is_busy(error) else ""
        raise HandoutError([Problem(place, message, _WITHOUT, code=code)]) from None
    except sqlite3.DatabaseError:
        raise refuse(
            place,
            "the ledger is damaged, or is no ledger",
            "bring it back from a backup, or print without it: --no-ledger",
        ) from None
    except OSError:
        raise refuse(place, "the ledger cannot be made here", _WITHOUT) from None


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


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
