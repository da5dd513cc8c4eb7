"""Locks a folder for one writer at a time; the system takes the lock back when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from press.delivery.files import FILES, SHARED_FILE, Files
from press.errors import Place, refuse

LOCK = "lock"  # the file of a folder that is held
_PAUSE = 0.05  # seconds
_PATIENCE = 10.0  # seconds
_HOLDER = 60  # characters: always as many, so that a shorter text leaves no rest of a longer one

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


@contextmanager
def held(folder: Path, holder: str, *, files: Files = FILES) -> Iterator[None]:
    """Hold a folder for a whole run; a second run does not wait.

    The lock of the system is the truth and ends with its holder; `holder` (ASCII) is only for the
    message of the second run. Raises HandoutError at once if another run holds the folder.
    """
    path = folder / LOCK
    try:
        handle = files.open(path, os.O_RDWR | os.O_CREAT)
    except OSError:
        raise refuse(
            Place(str(folder)), "this folder cannot be written to", "ask who looks after this computer"
        ) from None
    try:
        try:
            _try(handle)
        except OSError:
            raise refuse(
                Place(str(folder.parent)), f"another run is writing here{_holder(path)}", "wait until it is done"
            ) from None
        with suppress(OSError):  # without it the message is shorter, and the lock holds all the same
            files.write(handle, holder.encode("ascii")[:_HOLDER].ljust(_HOLDER))
        yield
    finally:
        with suppress(OSError):  # the system ends the lock even where it reports a fault
            files.close(handle)


def _holder(path: Path) -> str:
    """Read who says that it holds the lock; Windows lets nobody read a file that is locked."""
    try:
        holder = path.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
    return f": {holder}" if holder else ""
