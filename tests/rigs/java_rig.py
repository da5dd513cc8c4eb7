"""Programs in Java that a `build.sh` builds with Maven, each in a folder of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def find_rig(home: Path, built: Path, sources: Iterable[Path], main: str) -> list[str] | None:
    """Return the command that starts the rig in the folder `home`, or None when it is not built.

    A rig built from other sources than the present ones, whose copies lie in `built`, counts as not built.
    """
    java = shutil.which("java")
    if java is None or not all(_is_current(source, built / source.name) for source in sources):
        return None
    target = home / "target"
    classpath = os.pathsep.join((str(target / "classes"), str(target / "lib" / "*")))
    # The flags favor a quick start over peak speed.
    return [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classpath, main]


def _is_current(source: Path, copy: Path) -> bool:
    """Tell whether the rig was built from this source as it is now."""
    return copy.is_file() and copy.read_bytes() == source.read_bytes()
