"""What waits at this desk for the server of many desks: the ledger itself is the outbox.

Every row is entered in the file first, in the transaction of its page, so nothing waits for a server. A mark in the
same file says up to which row a server has them. It moves after the server has said so; whatever dies in between,
the rows are sent again, and the server knows them by their ids.
"""

from __future__ import annotations

from typing import Final, Protocol

from press.delivery.ledger import Ledger
from press.delivery.ledger_schema import MARKED, PRINTED, SAID
from press.records import dataclass

_MOST: Final = 1000  # rows in one transaction with the server
_TABLES: Final = ("printed", "mark", "said_back")
_NEVER: Final = (0, 0, 0)


def _waiting(table: str, names: tuple[str, ...]) -> str:
    own = ", ".join(f"{table}.{name}" for name in names)
    page = "" if table == "printed" else f" JOIN printed ON printed.id = {table}.printed"
    link = "" if table == "printed" else "printed.uid, "
    order = f"WHERE {table}.id > ? ORDER BY {table}.id LIMIT {_MOST}"
    return f"SELECT {table}.id, {table}.uid, {link}{own} FROM {table}{page} {order}"  # noqa: S608 - our own names


_WAITING: Final = tuple(map(_waiting, _TABLES, (PRINTED, MARKED, SAID)))
_COUNT: Final = "SELECT " + " + ".join(f"(SELECT count(*) FROM {table} WHERE id > ?)" for table in _TABLES)  # noqa: S608 - the same
_BEGIN: Final = "INSERT OR IGNORE INTO sent VALUES (?, 0, 0, 0)"


Values = tuple[str | int, ...]


@dataclass(frozen=True)
class Batch:
    """Rows that wait at a desk, in its order: the values of each table, with the id first and then that of its page."""

    printed: tuple[Values, ...] = ()
    marks: tuple[Values, ...] = ()
    said_back: tuple[Values, ...] = ()


class Taker(Protocol):
    """A server, by its id, that takes rows: all of a batch or none, and none twice."""

    id: str

    def take(self, batch: Batch) -> None:
        """Enter them. Raises HandoutError; then nobody knows whether they were entered."""


@dataclass(frozen=True)
class _Sent:
    """Rows of the file as a batch, and the number and id of the last one of each table, where there is one."""

    batch: Batch
    last: tuple[tuple[int, str] | None, ...]


def count_waiting(ledger: Ledger, server: str = "") -> int:
    """Count the rows that a server was not seen to take; without one, the server that took the most."""
    with ledger.told():
        found = ledger.connection.execute(_COUNT, _sent(ledger, server)).fetchone()
    return int(found[0])


def _sent(ledger: Ledger, server: str) -> tuple[int, ...]:
    wanted = "WHERE server = ?" if server else "WHERE ? = '' ORDER BY printed DESC, mark DESC"
    asked = f"SELECT {', '.join(_TABLES)} FROM sent {wanted} LIMIT 1"  # noqa: S608 - our own names
    return tuple(ledger.connection.execute(asked, (server,)).fetchone() or _NEVER)


def send(ledger: Ledger, server: Taker, most: int | None = None) -> int:
    """Send what waits, in order, and give how many rows that were; up to about `most`.

    Raises HandoutError; what the server took before is noted.
    """
    total = 0
    while (found := _next(ledger, server.id)) is not None and (most is None or total < most):
        batch = found.batch
        server.take(batch)
        _note(ledger, server.id, found)
        total += len(batch.printed) + len(batch.marks) + len(batch.said_back)
    return total


def send_again(ledger: Ledger, server: Taker) -> int:
    """Send everything, also what the server took before: one that was restored from a backup may lack it."""
    with ledger.holding(), ledger.told():
        ledger.connection.execute("DELETE FROM sent WHERE server = ?", (server.id,))
    return send(ledger, server)


def _next(ledger: Ledger, server: str) -> _Sent | None:
    """Read the next rows; marks come when no page waits any more, so that theirs is there."""
    tables: list[list[tuple[object, ...]]] = []
    with ledger.told():
        for asked, since in zip(_WAITING, _sent(ledger, server), strict=True):
            is_full = any(len(rows) == _MOST for rows in tables)
            tables.append([] if is_full else ledger.connection.execute(asked, (since,)).fetchall())
    if not any(tables):
        return None
    values = [tuple(row[1:] for row in rows) for rows in tables]
    last = tuple((rows[-1][0], rows[-1][1]) if rows else None for rows in tables)
    return _Sent(Batch(*values), last)  # type: ignore[arg-type]  # texts and numbers, as the server will see


def _note(ledger: Ledger, server: str, found: _Sent) -> None:
    """Move the mark up to the last rows, unless they were purged meanwhile and another row has their number."""
    with ledger.holding(), ledger.told():
        ledger.connection.execute(_BEGIN, (server,))
        for table, last in zip(_TABLES, found.last, strict=True):
            if last:
                move = (
                    f"UPDATE sent SET {table} = MAX({table}, ?) WHERE server = ?"  # noqa: S608 - our own names
                    f" AND EXISTS (SELECT 1 FROM {table} WHERE id = ? AND uid = ?)"
                )
                ledger.connection.execute(move, (last[0], server, *last))
