"""Make the page again whenever a file changes, so that its writer sees what was written.

Looks at the files every half second. A change counts only once it has been still for one look:
a file that is just being saved is not read half.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from press.errors import HandoutError

PAUSE = 0.5  # seconds from one look to the next
CONTENT = ("config.yaml", "approvals.yaml", "handouts", "templates")

_Look = dict[Path, tuple[int, int]]


def watch(
    paths: Callable[[], Iterable[Path]],
    make_once: Callable[[], object],
    tell: Callable[[HandoutError], None],
    *,
    pause: float = PAUSE,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Make now, and again after each change, until `stop` says so or somebody presses Ctrl-C.

    `paths` is asked at every look, so that new files count too. What `make_once` refuses goes to
    `tell`, and the watch goes on; what it made before is left as it is.
    """
    try:
        made = last = _look(paths())
        _make(make_once, tell)
        while not stop():
            sleep(pause)
            before, last = last, _look(paths())
            if last == before and last != made:
                made = last
                _make(make_once, tell)
    except KeyboardInterrupt:
        return


def files_below(root: Path) -> Iterator[Path]:
    """What a page is made of in the press's folder: config, approvals, content and templates."""
    for name in CONTENT:
        path = root / name
        yield path
        for folder, _, names in os.walk(path):  # passes over a folder that goes meanwhile
            yield from (Path(folder, each) for each in names)


def _make(make_once: Callable[[], object], tell: Callable[[HandoutError], None]) -> None:
    try:
        make_once()
    except HandoutError as error:
        tell(error)


def _look(paths: Iterable[Path]) -> _Look:
    """When each file was last changed, and its size; both, because some disks count in seconds."""
    found: _Look = {}
    for path in paths:
        with suppress(OSError):  # gone since it was listed, or never there: that is a state too
            status = path.stat()
            if stat.S_ISREG(status.st_mode) and not _is_passing(path.name):
                found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _is_passing(name: str) -> bool:
    """Whether it is a file that editors and the press keep for a moment beside the real one."""
    return name.startswith((".", "#")) or name.endswith(("~", ".part", ".tmp", ".swp", ".bak"))
