"""A server with an empty database, and two desks of one site that share it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from press.delivery.all_desks import LedgerPlace
from tests.delivery.desks import DATABASE, desk
from tests.rigs.postgres_rig import PASSWORD, Postgres


@pytest.fixture
def server(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    """An empty database, and the password in the environment."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    postgres.new_database(DATABASE)
    return postgres


@pytest.fixture
def one(server: Postgres, tmp_path: Path) -> LedgerPlace:
    return desk(server, tmp_path, "one")


@pytest.fixture
def two(server: Postgres, tmp_path: Path) -> LedgerPlace:
    return desk(server, tmp_path, "two")
