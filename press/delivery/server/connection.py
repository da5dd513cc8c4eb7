"""Connect to the server of many desks: never for long, and only to where config.yaml says.

Alone imports SQLAlchemy and psycopg, and only where an address is configured. What they say is dropped: it may quote
rows. Everything that could lead elsewhere is said outright, so that no environment variable counts but PGPASSWORD and
PGPASSFILE.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from press.delivery.server.address import PLACE, ServerAddress
from press.delivery.server.password import password_of
from press.errors import HandoutError, Problem, refuse

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection

UNREACHABLE = "unreachable"  # the code of the problem that nobody answers
_CONNECT = 3  # seconds for each address of the host, two being the least that libpq takes
_STATEMENT = 10  # seconds that the server works at one statement of a sending
PATIENCE = 12.0  # seconds in which one exchange must be done: the network may fall silent
READING = 60.0  # seconds for a report of many rows
_CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


class Line:
    """An open connection. Made by `connected` only."""

    def __init__(self, connection: Connection, patience: float) -> None:
        self._connection = connection
        self._patience = patience

    @contextmanager
    def exchange(self) -> Iterator[Connection]:
        """Do what belongs together in one transaction, committed at the end. Raises HandoutError.

        After a while the connection is cut, wherever it hangs: then nobody knows whether it was committed.
        """
        with _translated(), _cut_after(self._descriptor, self._patience), self._connection.begin():
            yield self._connection

    @property
    def _descriptor(self) -> int:
        raw = self._connection.connection.driver_connection
        assert raw is not None, "it is open"
        found = raw.pgconn.socket
        assert isinstance(found, int), "libpq has a socket"
        return found


@contextmanager
def connected(address: ServerAddress, patience: float) -> Iterator[Line]:
    """Connect; each exchange may then take `patience` seconds. Raises HandoutError."""
    with _translated():
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        password = password_of(address)
        engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: _connect(address, password, patience),
            poolclass=NullPool,
            hide_parameters=True,
        )
        with engine.connect() as connection:
            yield Line(connection, patience)


def _connect(address: ServerAddress, password: str | None, patience: float) -> psycopg.Connection:
    import psycopg

    os.environ.pop("PGSERVICE", None)  # libpq looks for it even where all is said
    logging.getLogger("psycopg").setLevel(logging.CRITICAL + 1)  # it would say faults in its own words
    more = {} if password is None else {"password": password}
    return psycopg.connect(**parameters(address, patience), **more)  # type: ignore[arg-type]  # names and texts


def parameters(address: ServerAddress, patience: float) -> dict[str, str | int]:
    """Everything that decides where the connection goes, and how. Raises HandoutError."""
    bounds = {
        "search_path": "public",
        "statement_timeout": int(max(_STATEMENT, patience - 5) * 1000),
        "idle_in_transaction_session_timeout": int(patience * 1000),
    }
    return {
        "host": address.host,
        "hostaddr": "",
        "port": address.port,
        "user": address.user,
        "dbname": address.database,
        "sslmode": address.ssl_mode,
        "sslrootcert": root_certificates(address),
        "gssencmode": "disable",
        "require_auth": "!gss,!sspi",  # they would ask another computer
        "target_session_attrs": "any",
        "load_balance_hosts": "disable",
        "connect_timeout": _CONNECT,
        "application_name": "handout-press",
        "client_encoding": "UTF8",
        "options": " ".join(f"-c {name}={value}" for name, value in bounds.items()),
    }


def root_certificates(address: ServerAddress) -> str:
    """The file of the certificates that are trusted. Raises HandoutError where there is none.

    "system" is looked up here: the OpenSSL that comes with psycopg does not know where this computer has them.
    """
    if address.root_cert != "system":
        return address.root_cert
    from ssl import get_default_verify_paths

    files = (get_default_verify_paths().cafile, *_CERTIFICATES)
    found = next((file for file in files if file and Path(file).is_file()), None)
    if found is None:
        hint = "put the server's own certificate into a file, and name it in config.yaml: ?sslrootcert=/PATH/ca.pem"
        raise refuse(PLACE, "the certificates that this computer trusts are not found", hint)
    return found


@contextmanager
def _cut_after(descriptor: int, seconds: float) -> Iterator[None]:
    """Cut a connection after some seconds: whoever waits for an answer then gets an error."""
    timer = Timer(seconds, _cut, [descriptor])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(descriptor: int) -> None:
    with suppress(OSError):
        line = socket.socket(fileno=descriptor)
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            line.detach()  # it is libpq's to close


def lacks_libraries() -> HandoutError:
    """Build the refusal where the extra `server` is not installed."""
    return refuse(PLACE, "this Python lacks what talks to it", "`make server` adds it: docs/many-desks.md")


@contextmanager
def _translated() -> Iterator[None]:
    """Translate every fault of the server or the network into our own sentence."""
    try:
        yield
    except HandoutError:
        raise
    except ImportError:  # psycopg raises it, too, where it finds no libpq
        raise lacks_libraries() from None
    except Exception as error:
        problem = _problem(error)
        if problem is None:
            raise
        raise HandoutError([problem]) from None


def _problem(error: Exception) -> Problem | None:
    """What a fault of the libraries means; None if it is not theirs."""
    from psycopg import Error, OperationalError
    from sqlalchemy.exc import SQLAlchemyError

    found = getattr(error, "orig", None) or error
    if not isinstance(found, Error):
        return Problem(PLACE, *_REFUSED[""]) if isinstance(error, SQLAlchemyError) else None
    if found.sqlstate is None and isinstance(found, OperationalError):
        return _of_connection(found)
    state = found.sqlstate or ""
    key = next((known for known in _REFUSED if known and state.startswith(known)), "")
    return Problem(PLACE, *_REFUSED[key], code=UNREACHABLE if key in _BROKEN else "")


_ASK = "ask who looks after the server"
_BROKEN = ("08", "57")
# By the beginning of its SQLSTATE (PostgreSQL, appendix A).
_REFUSED = {
    "08": ("the connection broke off", _ASK),
    "57": ("it stopped, or took too long", _ASK),
    "55": ("another desk holds it for too long", "try again in a minute"),
    "25006": ("it takes no rows: it is a read-only copy", "let `ledger` in config.yaml name the server itself"),
    "28": ("it does not let this user in", "docs/many-desks.md says which rights the user needs"),
    "3D": ("it has no database of this name", "look at the end of the address in config.yaml"),
    "42501": ("this user lacks a right there", "docs/many-desks.md says which rights the user needs"),
    "53": ("it has no room left, or too many connections", _ASK),
    "": ("it answered what the press does not understand", _ASK),
}


def _of_connection(error: psycopg.Error) -> Problem:
    """Why there is no connection. libpq gives only words, in any language; they are looked at, and not shown."""
    line, words = error.pgconn, str(error).lower()
    if "certificate" in words or "ssl" in words:
        hint = "its certificate must be for this very name, and of an authority that `sslrootcert` has"
        return Problem(PLACE, "it cannot prove that it is the server: no safe connection (TLS)", hint)
    if getattr(line, "needs_password", False):
        hint = "PGPASSWORD, ~/.pgpass or a service file gives it: docs/many-desks.md"
        return Problem(PLACE, "it asks for a password, and none is given", hint)
    if getattr(line, "used_password", False):
        return Problem(
            PLACE, "it does not take this password, or does not let this user in", "look at ~/.pgpass, and at the user"
        )
    if "fatal" in words and "does not exist" in words:
        return Problem(PLACE, *_REFUSED["3D"])
    return Problem(PLACE, "it cannot be reached", "is the network there, and the server on?", code=UNREACHABLE)
