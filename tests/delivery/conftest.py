"""Two desks of one site that share a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.delivery.all_desks import LedgerPlace
from tests.delivery.desks import desk
from tests.rigs.postgres_rig import Postgres


@pytest.fixture
def one(server: Postgres, tmp_path: Path) -> LedgerPlace:
    return desk(server, tmp_path, "one")


@pytest.fixture
def two(server: Postgres, tmp_path: Path) -> LedgerPlace:
    return desk(server, tmp_path, "two")
