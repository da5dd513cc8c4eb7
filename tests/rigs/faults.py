"""File calls that fail or kill at call n: the rig behind the promises about crashes and full disks."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from reportlab.pdfgen import canvas

from press.delivery.files import Files


def pdf(words: str, length: int = 0) -> bytes:
    """A real page; `length` pads it, so that one write cannot take it all."""
    page = canvas.Canvas(box := io.BytesIO(), invariant=1, pageCompression=0)
    page.drawString(72, 720, words + "." * length)
    page.save()
    return box.getvalue()


class Faulty(Files):
    """Counts every call and fails call `n`, and with `lasting` each one after it."""

    def __init__(self, n: int = 0, number: int = errno.EIO, *, lasting: bool = False) -> None:
        self.n, self.number, self.lasting = n, number, lasting
        self.most = 1 << 30
        self.calls: list[str] = []
        self.failed: list[str] = []

    def _count(self, name: str) -> None:
        self.calls.append(name)
        here = len(self.calls)
        if here == self.n or (self.lasting and here > self.n > 0):
            self.failed.append(name)
            raise OSError(self.number, "LIBRARY TEXT")

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._count("open folder" if path.is_dir() else "open")
        return super().open(path, flags, mode)

    def write(self, handle: int, data: bytes | memoryview) -> int:
        self._count("write")
        return super().write(handle, data[: self.most])

    def fsync(self, handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        self._count("fsync folder" if folder else "fsync")
        super().fsync(handle)

    def close(self, handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        super().close(handle)  # a failing close has closed all the same
        self._count("close folder" if folder else "close")

    def link(self, source: Path, target: Path) -> None:
        self._count("link")
        super().link(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self._count("replace")
        super().replace(source, target)

    def unlink(self, path: Path) -> None:
        self._count("unlink")
        super().unlink(path)

    def mkdir(self, path: Path, mode: int = 0o700) -> None:
        self._count("mkdir")
        super().mkdir(path, mode)


def until_untouched(make: Callable[[int], Faulty], run: Callable[[Faulty], None]) -> Iterator[Faulty]:
    """Run with call 1 failing, then 2, and so on, until no call failed any more."""
    for n in range(1, 200):
        run(files := make(n))
        if not files.failed:
            return
        yield files
    raise AssertionError("the loop of faults does not end")


class Deadly(Faulty):
    """Ends the process at call `n` as a power cut would, before the call or after it."""

    def __init__(self, n: int, *, after: bool = False) -> None:
        super().__init__()
        self.deadly, self.after = n, after

    def _count(self, name: str) -> None:
        super()._count(name)
        here = len(self.calls)
        if here == self.deadly + self.after:  # the next call begins just after this one ended
            os.kill(os.getpid(), signal.SIGKILL)
