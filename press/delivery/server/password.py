"""The password of a service file (pg_service.conf): that alone is taken from it, and never where the server is.

libpq would also take a host from there, or ask a directory (LDAP) for one. PGPASSWORD and ~/.pgpass it reads itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from press.delivery.server.address import PLACE, ServerAddress
from press.errors import refuse

_HARMLESS = ("user", "host", "port", "dbname", "sslmode", "sslrootcert")  # may repeat the address, and not change it


def password_of(address: ServerAddress, environment: Mapping[str, str] | None = None) -> str | None:
    """Read the password of the service that an address names; None where it names none. Raises HandoutError."""
    if not address.service:
        return None
    said = os.environ if environment is None else environment
    path = Path(said.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf")
    try:
        found = dict(_section(path.read_text("utf-8"), address.service))
    except (OSError, ValueError):
        raise refuse(
            PLACE, "the service file cannot be read", "PGSERVICEFILE names it, else it is ~/.pg_service.conf"
        ) from None
    ours = (address.user, address.host, str(address.port), address.database, address.ssl_mode, address.root_cert)
    same = dict(zip(_HARMLESS, ours, strict=True))
    if wrong := sorted(name for name, value in found.items() if name != "password" and same.get(name) != value):
        known = [name for name in wrong if name in _HARMLESS]
        what = f"its `{known[0]}` is another one than in config.yaml" if known else "it holds more than a password"
        raise refuse(
            PLACE,
            f"the service file: {what}",
            "only `password` is taken from it; where the server is stands in config.yaml",
        )
    if not found.get("password"):
        raise refuse(
            PLACE, "the service file has no password of the service that config.yaml names", "add a line password=..."
        )
    return found["password"]


def _section(text: str, name: str) -> Iterator[tuple[str, str]]:
    """The lines of one service. A line that is no setting, such as the address of a directory, has no value."""
    is_inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            is_inside = line == f"[{name}]"
        elif is_inside and line and not line.startswith("#"):
            key, _, value = line.partition("=")
            yield key.strip(), value.strip()
