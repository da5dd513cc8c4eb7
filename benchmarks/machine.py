"""What the figures were measured on, and with. Nothing that names a person, a host or a folder."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.present import present


def described(folder: Path) -> dict[str, str]:
    """The machine and the versions, each under its name; `folder` is where the files were written."""
    return {
        "measured on": f"{date.today()}",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "file system": _file_system(folder),
        "system": f"{_system()}, {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "the press uses": ", ".join(
            f"{name} {version(name)}" for name in ("reportlab", "jinja2", "pyyaml", "click", "msgspec")
        ),
        "peers": ", ".join(f"{peer.package} {peer.version}" for peer in present()),
        "at work before the run": f"{os.getloadavg()[0]:.1f} processes (load of the last minute; best near 0)",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def _file_system(folder: Path) -> str:
    """The kind of file system, without where it is."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return "not known"
    above = [str(folder), *map(str, folder.parents)]
    kinds = {place: kind for place, kind in mounts if place in above}
    return kinds[max(kinds, key=len)] if kinds else "not known"
