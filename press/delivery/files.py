"""Wraps every file call that writes in one thin layer, so that a test can make any of them fail.

Implements the fault loop behind promise R3; nothing else in the press opens for writing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

# Windows turns every line feed into two bytes unless the file is opened as binary.
# O_EXCL follows no link either: one planted under the name is refused like a file.
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
PRIVATE_FILE = 0o600
SHARED_FILE = 0o644  # holds no patient's data: approvals are for all staff to read
PRIVATE_FOLDER = 0o700
SHARED_FOLDER = 0o755


class Files:
    """The calls of the system, one method each, without a thought of their own.

    A test hands in a subclass that counts and fails call n; see `tests/delivery/test_atomic.py`.
    """

    def open(self, path: Path, flags: int, mode: int = PRIVATE_FILE) -> int:
        """Open a file; `CREATE` refuses to touch one that is already there."""
        return os.open(path, flags, mode)

    def write(self, handle: int, data: bytes | memoryview) -> int:
        """Write bytes, and give how many were taken: it may be fewer than were given."""
        return os.write(handle, data)

    def fsync(self, handle: int) -> None:
        """Wait until the disk, not only the system, holds what was written."""
        os.fsync(handle)

    def hasten(self, handle: int) -> None:
        """Ask the system to begin at once what `fsync` will wait for: a hint, which not every system knows."""
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)

    def close(self, handle: int) -> None:
        """Close; on some network folders a full disk is an error here and not before."""
        os.close(handle)

    def link(self, source: Path, target: Path) -> None:
        """Link a second name to a file, refused if the name is taken."""
        os.link(source, target)

    def replace(self, source: Path, target: Path) -> None:
        """Rename over what is there, so that a reader sees the old or the new, never a mix."""
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        os.unlink(path)

    def mkdir(self, path: Path, mode: int = PRIVATE_FOLDER) -> None:
        """Make one folder; the one above must be there."""
        os.mkdir(path, mode)

    def rmdir(self, path: Path) -> None:
        """Remove an empty folder."""
        os.rmdir(path)


FILES = Files()
