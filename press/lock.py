"""One writer at a time: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from press.errors import Place, refuse
from press.files import FILES, SHARED_FILE, Files

_PAUSE = 0.05  # seconds
_PATIENCE = 10.0  # seconds

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def exclusive(
    folder: Path, name: str, *, files: Files = FILES, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the lock of `folder/name` for the length of a `with`.

    Raises HandoutError after ten seconds of waiting. The empty lock file stays: to remove
    it would let two writers hold two locks.
    """
    try:
        handle = files.open(folder / f".{name}.lock", os.O_RDWR | os.O_CREAT, SHARED_FILE)
    except OSError:
        raise refuse(Place(name), "this folder cannot be written to", "ask who looks after this computer") from None
    try:
        _wait(handle, name, sleep)
        yield
    finally:
        files.close(handle)


def _wait(handle: int, name: str, sleep: Callable[[float], None]) -> None:
    waited = 0.0
    while True:
        try:
            return _try(handle)
        except OSError:
            if waited >= _PATIENCE:
                raise refuse(Place(name), "somebody else is writing this file", "try again in a minute") from None
            sleep(_PAUSE)
            waited += _PAUSE
