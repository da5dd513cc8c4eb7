"""The address of the server of many desks: all of it stands in config.yaml, and nothing else may change it.

It is checked here, before a connection: libpq opens it below Python, where no tripwire sees it.
"""

from __future__ import annotations

import re

from press.errors import Place
from press.records import dataclass

PLACE = Place("the server of the ledger")
SCHEMES = ("postgresql://", "postgres://")
FULL = "verify-full"  # TLS with the certificate and the name of the server checked
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1", re.IGNORECASE)
_PARTS = re.compile(
    r"(?:(?P<user>[^/?#@:]*)(?P<password>:[^/?#@]*)?@)?(?P<host>\[[^/?#\]]*\]|[^/?#:]*)(?::(?P<port>[^/?#]*))?"
    r"/(?P<database>[^?#/]*)(?:\?(?P<settings>[^#]*))?"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,62}")  # of a role, a database or a service
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
_WEAK_MODES = ("disable", "prefer", "require", "verify-ca", FULL)  # `allow` asks for less than nothing
_SETTINGS = ("sslmode", "sslrootcert", "service")
_FORM = "postgresql://USER@HOST:5432/DATABASE"


class AddressError(ValueError):
    """No address of a server that may be used: what was expected, and a hint. Holds nothing of the address."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


@dataclass(frozen=True)
class ServerAddress:
    """Where the server is, and who asks; `root_cert` is "system" or a file. The password is never a part of it."""

    user: str
    host: str
    port: int
    database: str
    ssl_mode: str = FULL
    root_cert: str = "system"
    service: str = ""

    def __str__(self) -> str:
        """The address for people."""
        return f"{self.database} on {self.host}, port {self.port}"


def is_address(text: str) -> bool:
    """Whether a text is meant as the address of a server, and not as the name of a file."""
    return "://" in text or text.lower().startswith("postgres")


def read_address(text: str) -> ServerAddress:
    """Read an address. Raises AddressError, also for one that is less safe than it must be."""
    scheme = next((one for one in SCHEMES if text.startswith(one)), "")
    parts = _PARTS.fullmatch(text[len(scheme) :]) if scheme else None
    if not parts:
        raise AddressError(f"the name of a file, or an address such as {_FORM}")
    if parts["password"] is not None or "password" in (parts["settings"] or ""):
        hint = "change it, as it was seen here; PGPASSWORD, ~/.pgpass or a service file holds the new one"
        raise AddressError("an address without a password", hint)
    host, port = parts["host"], parts["port"] or "5432"
    for name, found in (("user", parts["user"]), ("host", host), ("database", parts["database"])):
        if not (_HOST if name == "host" else _NAME).fullmatch(found or ""):
            hint = "several hosts, or a folder, are not taken"
            raise AddressError(f"{_FORM}, with one {name} in plain letters", hint)
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise AddressError("a port from 1 to 65535")
    host = host.strip("[]").lower()
    settings = _settings(parts["settings"] or "")
    mode = settings.get("sslmode", "prefer" if _LOOPBACK.fullmatch(host) else FULL)
    _check_mode(host, mode)
    cert = settings.get("sslrootcert", "system" if mode == FULL else "")
    return ServerAddress(parts["user"], host, int(port), parts["database"], mode, cert, settings.get("service", ""))


def _settings(text: str) -> dict[str, str]:
    """The settings after the question mark. Raises AddressError for any but ours."""
    found: dict[str, str] = {}
    for setting in filter(None, text.split("&")):
        name, _, value = setting.partition("=")
        if name not in _SETTINGS or name in found or not value:
            raise AddressError(
                f"after the `?` only {', '.join(_SETTINGS)}, each once, as in `?sslrootcert=/etc/ca.pem`"
            )
        found[name] = value
    if not _NAME.fullmatch(found.get("service", "none")):
        raise AddressError("service=NAME, a name in plain letters")
    cert = found.get("sslrootcert", "system")
    if "%" in cert or not (cert == "system" or cert.startswith("/") or re.match(r"[A-Za-z]:[/\\]", cert)):
        raise AddressError("sslrootcert=system, or the whole path of a file of certificates, written as it is")
    return found


def _check_mode(host: str, mode: str) -> None:
    """Refuse what does not prove that this is the server. Raises AddressError."""
    if mode not in _WEAK_MODES:
        raise AddressError(f"sslmode={FULL}, or no sslmode, which means the same")
    if mode != FULL and not _LOOPBACK.fullmatch(host):
        hint = "anything less lets another computer take its place; on this computer alone (localhost) it may be less"
        raise AddressError(f"sslmode={FULL}, or no sslmode, which means the same", hint)
