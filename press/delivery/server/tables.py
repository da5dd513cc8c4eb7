"""The tables of the server of many desks, and the steps that bring older ones up to date.

They are those of the ledger of one desk (`ledger_schema` names the columns of both) with the id and the site of each
row. Rows are only added there, too. `seq` is the order in which the server took them: clocks of desks differ.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnClause, Connection, Integer, Text, column, func, select, table, text
from sqlalchemy.types import TypeEngine

from press.delivery.ledger_schema import MARKED, PRINTED, SAID
from press.delivery.server.address import PLACE
from press.errors import refuse

LOCK: Final = 0x6E616C74  # of the database: who changes tables or purges waits for those who send, and they for it


def _columns(*names: str) -> list[ColumnClause[Any]]:
    """Columns for our statements; their types are told to the server with each value."""
    types: dict[str, TypeEngine[Any]] = {"sheets": Integer(), "seq": BigInteger()}
    return [column(name, types.get(name, Text())) for name in names]


printed = table("printed", *_columns("seq", "uid", "site", *PRINTED))
mark = table("mark", *_columns("seq", "uid", "site", "printed", *MARKED))
said_back = table("said_back", *_columns("seq", "uid", "site", "printed", *SAID))
purged = table("purged", *_columns("seq", "site", "before", "at", "account"))
about = table("about", column("version", Integer), column("id", Text))

_KEY = """
    seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    uid TEXT COLLATE "C" PRIMARY KEY,
    site TEXT COLLATE "C" NOT NULL,
"""
_OF_PAGE = """
    printed TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY (printed, site) REFERENCES printed (uid, site) ON DELETE CASCADE,
"""
# The statements of each version; a version once released is never changed.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE about (version INTEGER PRIMARY KEY, id TEXT COLLATE "C" NOT NULL)""",
        f"""
        CREATE TABLE printed ({_KEY}
            at TEXT COLLATE "C" NOT NULL,
            code TEXT COLLATE "C" NOT NULL,
            handout TEXT COLLATE "C" NOT NULL,
            version TEXT COLLATE "C" NOT NULL,
            fingerprint TEXT COLLATE "C" NOT NULL,
            language TEXT COLLATE "C" NOT NULL,
            edition TEXT COLLATE "C" NOT NULL,
            state TEXT COLLATE "C" NOT NULL,
            run TEXT COLLATE "C" NOT NULL,
            sheets INTEGER NOT NULL CHECK (sheets >= 0),
            account TEXT COLLATE "C" NOT NULL,
            list TEXT COLLATE "C" NOT NULL,
            UNIQUE (uid, site)
        )
        """,
        "CREATE INDEX printed_at ON printed (at)",
        "CREATE INDEX printed_handout ON printed (handout, at)",
        "CREATE INDEX printed_run ON printed (run)",
        "CREATE INDEX printed_list ON printed (list)",
        "CREATE INDEX printed_code ON printed (lower(code))",
        f"""
        CREATE TABLE mark ({_KEY} {_OF_PAGE}
            at TEXT COLLATE "C" NOT NULL,
            mark TEXT COLLATE "C" NOT NULL CHECK (mark IN ('printed', 'given', 'not_collected', 'void')),
            why TEXT COLLATE "C" NOT NULL CHECK (why IN ('', 'wrong-person', 'misprint', 'date-changed', 'other')),
            account TEXT COLLATE "C" NOT NULL
        )
        """,
        "CREATE INDEX mark_printed ON mark (printed, seq)",
        f"""
        CREATE TABLE said_back ({_KEY} {_OF_PAGE}
            at TEXT COLLATE "C" NOT NULL,
            said TEXT COLLATE "C" NOT NULL CHECK (said IN ('yes', 'not yet')),
            account TEXT COLLATE "C" NOT NULL
        )
        """,
        "CREATE INDEX said_printed ON said_back (printed, seq)",
        # What a site purged must not come back from a desk that still has it.
        """
        CREATE TABLE purged (
            seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
            site TEXT COLLATE "C" NOT NULL,
            before TEXT COLLATE "C" NOT NULL,
            at TEXT COLLATE "C" NOT NULL,
            account TEXT COLLATE "C" NOT NULL
        )
        """,
        """
        CREATE FUNCTION rows_are_only_added() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION ''rows are only added''; END'
        """,
        *(
            f"CREATE TRIGGER stays BEFORE UPDATE ON {name} EXECUTE FUNCTION rows_are_only_added()"
            for name in ("printed", "mark", "said_back", "purged")
        ),
    ),
)


def bring_up_to_date(connection: Connection) -> None:
    """Apply the steps that the server lacks, all or none, while other desks wait.

    Raises HandoutError for the tables of a newer press or of another program.
    """
    if _version(connection) == len(STEPS):
        return
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    found = _version(connection)  # another desk may have taken the steps meanwhile
    if found > len(STEPS):
        message = "its tables were made by a newer version of the press"
        raise refuse(PLACE, message, "use that version here too; this one changed nothing there")
    for number in range(found, len(STEPS)):
        for statement in STEPS[number]:
            connection.execute(text(statement))
        connection.execute(about.insert().values(version=number + 1, id=token_hex(16)))


def server_id(connection: Connection) -> str:
    """The id that the database was given with its first tables: another one has taken no rows from here yet."""
    return str(connection.execute(select(about.c.id).where(about.c.version == 1)).scalar_one())


def _version(connection: Connection) -> int:
    """The version of the tables, 0 without any. Raises HandoutError where the tables are another program's."""
    names = text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
    found = set(connection.execute(names).scalars())
    if not found:
        return 0
    if not {one.name for one in (about, printed, mark, said_back, purged)} <= found:
        raise refuse(
            PLACE, "this is the database of another program", "let `ledger` in config.yaml name one of its own"
        )
    return int(connection.execute(select(func.max(about.c.version))).scalar_one())
