"""A PostgreSQL of the tests' own, in a folder, on a free port of this computer (Debian: postgresql).

It refuses to run as root: then it runs as `nobody`, who owns its folder. Its certificate is of its own making (openssl).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.rigs.waiting import wait_for

USER = "press"
DATABASE = "handouts"
PASSWORD = "SECRET-7f3a"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
max_connections = 20
ssl = on
ssl_cert_file = 'server.pem'
ssl_key_file = 'server.key'
log_statement = 'none'
"""


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL on this computer."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).parent if here else None


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@dataclass
class Postgres:
    """One server; `superuser` is the role that made it."""

    programs: Path
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    frozen: list[int] = field(default_factory=list)

    def start(self, *settings: str) -> None:
        more = [part for setting in settings for part in ("-c", setting)]
        self.process = self._popen("postgres", "-D", str(self.folder / "data"), "-p", str(self.port), *more)
        wait_for(self.answers)

    def answers(self) -> bool:
        done = subprocess.run([self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)])
        return done.returncode == 0

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process
        self.process.send_signal(signal.SIGQUIT)  # immediate shutdown: no checkpoint, connections cut
        self.process.wait(20)

    def freeze(self) -> None:
        """Let it answer nothing any more to who is connected, as a computer that is overloaded."""
        asked = "SELECT pid FROM pg_stat_activity WHERE client_port IS NOT NULL AND pid <> pg_backend_pid()"
        self.frozen = [int(pid) for pid in self.sql(asked).split()]
        for pid in self.frozen:
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self.frozen:
            os.kill(pid, signal.SIGCONT)
        self.frozen = []

    def new_database(self, name: str) -> None:
        """An empty one, of the role that the desks use."""
        if not self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{USER}'"):
            self.sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.sql(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE template0")

    def address(self, name: str, user: str = USER) -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{name}"

    def sql(self, words: str, database: str = "postgres") -> str:
        """Run statements as the superuser, and give what they answer."""
        called = [self.programs / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"]
        called += ["-p", str(self.port), "-U", "postgres", "-d", database, "-c", words]
        done = subprocess.run(called, capture_output=True, text=True, env={**os.environ, "PGPASSWORD": PASSWORD})
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        secret = self.folder / "secret"
        secret.write_text(PASSWORD, "utf-8")
        if os.getuid() == 0:
            os.chown(self.folder, *_nobody())
            os.chown(secret, *_nobody())
        done = self._popen(
            "initdb", "-D", str(self.folder / "data"), "-U", "postgres", "--auth=scram-sha-256", "--pwfile", str(secret),
            "--no-sync", "--locale=C", "--encoding=UTF8",
        )  # fmt: skip
        assert done.wait(60) == 0, (self.folder / "log").read_text("utf-8")
        self._make_certificate()
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(_SETTINGS)

    @property
    def certificate(self) -> Path:
        """What proves that it is the server of this name, `localhost`, and of no other."""
        return self.folder / "data" / "server.pem"

    def _make_certificate(self) -> None:
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        key = self.folder / "data" / "server.key"
        files = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(self.certificate)]
        subprocess.run([*made, *files], check=True, capture_output=True)
        os.chmod(key, 0o600)
        if os.getuid() == 0:
            os.chown(key, *_nobody())
            os.chown(self.certificate, *_nobody())

    def _popen(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            who = dict(zip(("user", "group"), _nobody(), strict=True)) if os.getuid() == 0 else {}
            more = {"extra_groups": []} if who else {}
            return subprocess.Popen(
                [self.programs / name, *arguments],
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
                **who,
                **more,
            )


def _nobody() -> tuple[int, int]:
    from pwd import getpwnam

    found = getpwnam("nobody")
    return found.pw_uid, found.pw_gid


@contextmanager
def running(programs: Path, folder: Path) -> Iterator[Postgres]:
    """A server with an empty folder, until the end."""
    server = Postgres(programs, folder)
    server.make()
    server.start()
    try:
        yield server
    finally:
        with suppress(AssertionError, subprocess.TimeoutExpired):
            server.kill()
