"""Waiting for what another process does. The limit only ends a test that hangs: no test judges by it."""

from __future__ import annotations

import time
from collections.abc import Callable

HANGS = 600  # seconds after which nothing will come any more, on the slowest machine


def wait_for(ready: Callable[[], object]) -> None:
    """Look until `ready()` is true; fails loudly."""
    end = time.monotonic() + HANGS
    while not ready():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)
