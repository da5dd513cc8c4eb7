"""Put finished bytes under their final name: whole and checked, or not at all.

Implements rule 10 and promises R1 and R3: write beside, wait for the disk, then rename.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from press.delivery.filenames import check_file_name
from press.delivery.files import CREATE, FILES, FOLDER, PRIVATE_FILE, PRIVATE_FOLDER, Files
from press.errors import HandoutError, Place, refuse

if TYPE_CHECKING:
    from mmap import mmap

# A PDF open in a viewer, or one that the virus scanner is just reading, cannot be replaced on
# Windows (errors 5, 32 and 33). Scanners let go within milliseconds, viewers do not.
_BUSY = (5, 32, 33)
_PAUSE = 0.1
_TRIES = 31

_TAIL = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z")
_XREF = re.compile(rb"xref\s|\d+ \d+ obj\b.{0,500}?/XRef\b", re.DOTALL)

_AT_ONCE = 1 << 18  # bytes that are given to the system in one call

_AGAIN = "then run the same command again"
_CHOOSE = "choose another folder, or ask whoever looks after this computer"
_SENTENCES = {
    errno.ENOSPC: ("the disk is full", f"make room on the disk, {_AGAIN}"),
    errno.EDQUOT: ("your share of the disk is full", f"remove files you no longer need, {_AGAIN}"),
    errno.EROFS: ("the disk is read-only", _CHOOSE),
    errno.EACCES: ("you are not allowed to write in this folder", _CHOOSE),
    errno.EPERM: ("you are not allowed to write in this folder", _CHOOSE),
    errno.EMFILE: ("too many files are open", f"close some programs, {_AGAIN}"),
    errno.ENFILE: ("too many files are open", f"close some programs, {_AGAIN}"),
    errno.EIO: ("the disk reported a fault", "check the disk or the network folder, " + _AGAIN),
    errno.EEXIST: ("a file stands where the folder should be", _CHOOSE),
    errno.ENOTDIR: ("a file stands where the folder should be", _CHOOSE),
    errno.ENOENT: ("the folder does not exist and cannot be made", _CHOOSE),
    errno.EISDIR: ("a folder stands where the file should be", _CHOOSE),
    errno.ENAMETOOLONG: ("the path is too long", "choose a folder with a shorter path"),
}
_OTHER = ("the file could not be written", _CHOOSE)


def _random_id() -> str:
    """Draw 64 random bits: two runs in one folder do not meet in a part file."""
    return os.urandom(8).hex()


def deliver(
    data: bytes | bytearray,
    folder: Path,
    name: str,
    *,
    mode: int = PRIVATE_FILE,
    files: Files = FILES,
    random_id: Callable[[], str] = _random_id,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Write `data` as `folder/name`, for this user alone by default, and give the path of the file.

    Replaces what is there. After any failure the old file is as it was, whole; the one
    exception says so itself: the new file is in place, only the disk has not confirmed it.
    """
    if name.endswith(".pdf"):
        verify_pdf(data)
    final = final_path(folder, name)
    part = part_path(folder, name, random_id)
    try:
        make_folder(folder, files)
        _write_beside(data, part, final, mode, files, sleep)
    except OSError as error:
        raise refusal(final, error) from None
    sync_folder(folder, final, files)
    return final


class Growing:
    """A file that is written piece by piece beside its final name. Made by `growing` only."""

    def __init__(self, part: Path, final: Path, handle: int, files: Files, sleep: Callable[[float], None]) -> None:
        self._part, self._final = part, final
        self._handle: int | None = handle
        self._files, self._sleep = files, sleep
        self._digest = sha256()
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        """Add to the file. Raises HandoutError."""
        self._digest.update(data)
        self._waiting += data
        if len(self._waiting) >= _AT_ONCE:
            self._write_out()

    def _write_out(self) -> None:
        assert self._handle is not None, "a file that was placed does not grow"
        try:
            write_all(bytes(self._waiting), self._handle, self._files)
        except OSError as error:
            raise refusal(self._final, error) from None
        self._waiting.clear()

    @property
    def sha256(self) -> str:
        """The digest of all that was written."""
        return self._digest.hexdigest()

    def place(self) -> Path:
        """Sync the file, verify that it is whole, and give it its final name; returns the path.

        It is closed first: Windows renames no open file.
        """
        from mmap import ACCESS_READ, mmap

        self._write_out()
        assert self._handle is not None, "written out a moment ago"
        try:
            self._files.fsync(self._handle)
            self.close()
            if self._final.suffix == ".pdf":
                with self._part.open("rb") as written, mmap(written.fileno(), 0, access=ACCESS_READ) as data:
                    verify_pdf(data)
            replace(self._part, self._final, self._files, self._sleep)
        except OSError as error:
            raise refusal(self._final, error) from None
        sync_folder(self._final.parent, self._final, self._files)
        return self._final

    def close(self) -> None:
        """Let go of the file, once."""
        handle, self._handle = self._handle, None
        if handle is not None:
            self._files.close(handle)


@contextmanager
def growing(
    folder: Path, name: str, *, files: Files = FILES, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Growing]:
    """Open a file that grows under another name and is absent unless it was placed."""
    final = final_path(folder, name)
    part = part_path(folder, name)
    try:
        make_folder(folder, files)
        handle = files.open(part, CREATE, PRIVATE_FILE)
    except OSError as error:
        raise refusal(final, error) from None
    file = Growing(part, final, handle, files, sleep)
    try:
        yield file
    finally:
        with suppress(OSError):  # a file that was placed is closed and gone from there
            file.close()
        with suppress(OSError):
            files.unlink(part)


def verify_pdf(data: bytes | bytearray | mmap) -> None:
    """Refuse bytes that are no whole PDF; a reader that repairs would hide the fault.

    Not the clerk's to mend, so a RuntimeError. The bytes themselves are never quoted.
    """
    end = _TAIL.search(data, max(0, len(data) - 64))
    if data[:5] != b"%PDF-":
        raise RuntimeError("the finished page does not begin like a PDF")
    if end is None or data.find(b"%%EOF") < end.start():
        raise RuntimeError("the finished page does not end like a PDF, exactly once")
    if not _XREF.match(data, int(end[1])):
        raise RuntimeError("the finished page points at no table of its parts")


def final_path(folder: Path, name: str) -> Path:
    """Give the path to write, which must be directly in the folder; a bad name is not shown."""
    trouble = check_file_name(name)
    if trouble:
        raise refuse(Place(str(folder)), trouble, private=True)
    final = folder / name
    if final.parent != folder or final.name != name:
        raise RuntimeError("a file name led out of its folder")
    return final


def refuse_link(path: Path) -> None:
    """Refuse to write through a link: it may lead out of the folder. Raises HandoutError."""
    if path.is_symlink():
        raise refuse(Place(str(path)), "a link stands where this should be written", "remove the link, or " + _CHOOSE)


def part_path(folder: Path, name: str, random_id: Callable[[], str] = _random_id) -> Path:
    """Name the part file, which is written before the file gets its final name."""
    return folder / f".{name}.{random_id()}.part"


def make_folder(folder: Path, files: Files, mode: int = PRIVATE_FOLDER) -> None:
    """Make the folder and those above it; `Path.mkdir` would open the upper ones to all."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent, files, mode)
    try:
        files.mkdir(folder, mode)
    except FileExistsError:
        if not folder.is_dir():
            raise


def missing_folders(folder: Path) -> tuple[Path, ...]:
    """List the folders that `make_folder` would make, from the innermost on."""
    return tuple(each for each in (folder, *folder.parents) if not each.exists())


def remove_unused(made: Sequence[Path], lock: str, files: Files) -> None:
    """Remove the folders that a run made, from the innermost on, if they hold nothing but its lock."""
    with suppress(OSError):
        for number, folder in enumerate(made):
            if number == 0 and os.listdir(folder) == [lock]:
                files.unlink(folder / lock)
            files.rmdir(folder)


def _write_beside(
    data: bytes | bytearray, part: Path, final: Path, mode: int, files: Files, sleep: Callable[[float], None]
) -> None:
    """Fill the part file and rename it; beside, because a rename across disks is a copy."""
    handle = files.open(part, CREATE, mode)
    with _cleared_on_failure(part, files):
        try:
            write_all(data, handle, files)
            files.fsync(handle)
        finally:
            files.close(handle)
        replace(part, final, files, sleep)


@contextmanager
def _cleared_on_failure(part: Path, files: Files) -> Iterator[None]:
    """Remove the part file after a failure, Ctrl-C included; entered only once the file is ours."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            files.unlink(part)
        raise


def write_all(data: bytes | bytearray, handle: int, files: Files) -> None:
    """Write all bytes: one call may take fewer than it was given, and say so only by its number."""
    rest = memoryview(data)
    while rest:
        taken = files.write(handle, rest)
        if taken <= 0:
            raise OSError(errno.EIO, "nothing was written")
        rest = rest[taken:]


def begin_part(data: bytes, part: Path, files: Files) -> int:
    """Write a part file of a group, and give its open handle for the later `fsync`."""
    handle = files.open(part, CREATE, PRIVATE_FILE)
    try:
        write_all(data, handle, files)
        files.hasten(handle)
    except BaseException:
        with suppress(OSError):
            files.close(handle)
        raise
    return handle


def replace(part: Path, final: Path, files: Files, sleep: Callable[[float], None] = time.sleep) -> None:
    """Rename, waiting three seconds for whoever holds the old file open on Windows."""
    for _ in range(_TRIES):
        try:
            return files.replace(part, final)
        except OSError as error:
            if getattr(error, "winerror", None) not in _BUSY:
                raise
        sleep(_PAUSE)
    message = f"cannot replace {final.name}: it is open in another program"
    raise refuse(Place(str(final)), message, f"close it there, {_AGAIN}")


def sync_folder(folder: Path, final: Path, files: Files) -> None:
    """Sync the folder (fsync), so that renames up to `final` last; Windows and some network folders know no such call.

    Raises HandoutError if the disk does not confirm them.
    """
    if os.name != "posix":
        return
    try:
        handle = files.open(folder, FOLDER)
        try:
            files.fsync(handle)
        finally:
            files.close(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise _unconfirmed(final) from None


def refusal(final: Path, error: OSError) -> HandoutError:
    """Explain why a file was not written, in our own sentence for the error's number; the system's text is dropped."""
    reason, hint = _SENTENCES.get(error.errno or 0, _OTHER)
    message = f"cannot write {final.name} in the folder {final.parent}: {reason}"
    return refuse(Place(str(final)), f"{message}; no finished file was changed", hint)


def _unconfirmed(final: Path) -> HandoutError:
    """Refuse after the rename: a case of its own, because the new sheet is already there."""
    message = f"{final.name} is written, but the disk did not confirm it"
    return refuse(Place(str(final)), message, f"check the disk, {_AGAIN}")
