"""Rows to and from the server of many desks. What is sent twice is entered once, by the ids that the desks made."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import ARRAY, ColumnElement, Integer, TableClause, Text, bindparam, delete, func, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert

from press.delivery.ledger import LedgerRow, Mark, row_from
from press.delivery.ledger_schema import MARKED, PRINTED, SAID
from press.delivery.outbox import Batch
from press.delivery.server.address import PLACE, ServerAddress
from press.delivery.server.connection import Line, connected
from press.delivery.server.tables import LOCK, bring_up_to_date, mark, printed, purged, said_back, server_id
from press.errors import refuse

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*", re.ASCII)


class ServerRows:
    """The rows of all desks, as one site sees them. Made by `open_server` only."""

    def __init__(self, line: Line, site: str, server: str) -> None:
        self._line = line
        self.site = site
        self.id = server

    def take(self, batch: Batch) -> None:
        """Enter rows of this site, all or none; those that are there already, or were purged, are passed over.

        Raises HandoutError; then nobody knows whether they were entered, and they are sent again.
        """
        with self._line.exchange() as connection:
            connection.execute(select(func.pg_advisory_xact_lock_shared(LOCK)))
            for table, names, values in (
                (printed, ("uid", *PRINTED), batch.printed),
                (mark, ("uid", "printed", *MARKED), batch.marks),
                (said_back, ("uid", "printed", *SAID), batch.said_back),
            ):
                if values:
                    columns = dict(zip(names, map(list, zip(*values, strict=True)), strict=True))
                    rows = {"site": self.site, "number": list(range(len(values))), **columns}
                    connection.execute(_insert(table, names), rows)

    def printed(self, since: date, until: date, *, is_own: bool) -> tuple[LedgerRow, ...]:
        """List what was printed from one day to another, both included, oldest first."""
        return self._select(_between(since, until), is_own=is_own)

    def of_handout(self, handout: str, *, is_own: bool) -> tuple[LedgerRow, ...]:
        """List every row of one handout, the latest first."""
        return tuple(reversed(self._select(printed.c.handout == handout, is_own=is_own)))

    def of_run(self, run: str) -> tuple[LedgerRow, ...]:
        """List the rows of one run at this site, in the order in which each desk entered them."""
        return self._select(printed.c.run == run, order="seq")

    def of_list(self, digest: str) -> tuple[LedgerRow, ...]:
        """List the rows that were printed at this site from the list with this digest, oldest first."""
        return self._select(printed.c.list == digest)

    def of_code(self, code: str) -> tuple[LedgerRow, ...]:
        """List the rows of one person at this site, oldest first."""
        return self._select(func.lower(printed.c.code) == code.lower())

    def _select(
        self, condition: ColumnElement[bool], *, is_own: bool = True, order: str = "at"
    ) -> tuple[LedgerRow, ...]:
        latest = select(mark.c.mark).where(mark.c.printed == printed.c.uid).order_by(mark.c.seq.desc()).limit(1)
        known = func.coalesce(latest.scalar_subquery(), Mark.PRINTED.value)
        wanted = (*(printed.c[name] for name in PRINTED), known, literal(0), printed.c.uid, printed.c.site)
        found = select(*wanted).where(condition).order_by(printed.c[order], printed.c.seq)
        if is_own:
            found = found.where(printed.c.site == self.site)
        with self._line.exchange() as connection:
            rows = connection.execute(found).all()
        try:
            return tuple(_checked(row_from(tuple(row))) for row in rows)
        except (sqlite3.DatabaseError, ValueError):
            raise refuse(PLACE, "it holds rows that no press wrote", "ask who looks after the server") from None

    def count_said_back(self, since: date, until: date) -> tuple[int, int]:
        """Count the pages of these days, at all sites, that were said back, and those not yet."""
        latest = (
            select(said_back.c.printed, said_back.c.said)
            .join(printed, printed.c.uid == said_back.c.printed)
            .where(_between(since, until))
            .distinct(said_back.c.printed)
            .order_by(said_back.c.printed, said_back.c.seq.desc())
        )
        with self._line.exchange() as connection:
            said = [row.said for row in connection.execute(latest)]
        return said.count("yes"), said.count("not yet")

    def count(self) -> tuple[int, int]:
        """Count the printed pages of this site, and of all sites."""
        own = func.count().filter(printed.c.site == self.site)
        with self._line.exchange() as connection:
            found = connection.execute(select(own, func.count()).select_from(printed)).one()
        return int(found[0]), int(found[1])

    def purged_before(self) -> str:
        """The latest day before which this site purged its rows, as YYYY-MM-DD; "" if it never did."""
        with self._line.exchange() as connection:
            found = connection.execute(select(func.max(purged.c.before)).where(purged.c.site == self.site)).scalar()
        return str(found or "")

    def purge(self, before: date, at: str, account: str) -> int:
        """Remove what this site printed before a day, for good; no desk can send it again. Gives how many rows.

        Raises HandoutError.
        """
        day = before.isoformat()
        with self._line.exchange() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
            connection.execute(purged.insert().values(site=self.site, before=day, at=at, account=account))
            old = delete(printed).where(printed.c.site == self.site, printed.c.at < day)
            return int(connection.execute(old).rowcount)


@contextmanager
def open_server(address: ServerAddress, site: str, patience: float) -> Iterator[ServerRows]:
    """Connect, and make or bring the tables up to date where needed. Raises HandoutError."""
    with connected(address, patience) as line:
        with line.exchange() as connection:
            bring_up_to_date(connection)
            server = server_id(connection)
        yield ServerRows(line, site, server)


def _checked(row: LedgerRow) -> LedgerRow:
    """A row whose moment and version a report can compare: others write there, too. Raises ValueError."""
    if datetime.fromisoformat(row.at).tzinfo is None or not _VERSION.fullmatch(row.version):
        raise ValueError
    return row


def _between(since: date, until: date) -> ColumnElement[bool]:
    """Of these days: a moment begins with its day, in the clinic's time."""
    return printed.c.at.between(since.isoformat(), f"{until.isoformat()}U")  # U comes after the T behind a day


def _insert(table: TableClause, names: Sequence[str]) -> Insert:
    """Enter rows, given as columns, in their order, unless one is there, its page is not, or its day was purged."""
    types = {"number": Integer(), **{name: table.c[name].type for name in names}}
    each = (func.unnest(bindparam(name, type_=ARRAY(kind))).label(name) for name, kind in types.items())
    given, site = select(*each).subquery(), bindparam("site", type_=Text())
    wanted = select(*(given.c[name] for name in names), site).order_by(given.c.number)
    if table is printed:
        day = select(func.coalesce(func.max(purged.c.before), "")).where(purged.c.site == site)
        wanted = wanted.where(given.c["at"] >= day.scalar_subquery())
    else:
        page = select(printed.c.uid).where(printed.c.uid == given.c.printed, printed.c.site == site)
        wanted = wanted.where(page.exists())
    return insert(table).from_select([*names, "site"], wanted).on_conflict_do_nothing()
