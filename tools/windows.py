"""Builds the folder for Windows as a ZIP: Python, the libraries of the lock file, the press, a file to double-click.

Equal inputs give equal bytes. `make windows` fetches what it needs; `docs/windows.md` says what was tried how.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

if __package__ is None:
    sys.exit("start it as a module: python -m tools.windows")

from tools.wheel import shipped_files

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "handout-press"  # that unpacking makes
OPENER = "Open the desk.cmd"
_STARTER = "python/open_desk.py"
_OPENER_TEXT = """@echo off
rem The desk opens in the browser. No window of its own stays open.
start "" "%~dp0python\\pythonw.exe" "%~dp0python\\open_desk.py"
"""
_PATHS = ("{0}.zip", ".", "Lib\\site-packages", "..")  # of the embeddable Python, from its folder
_PLAIN = ("generate.py", "LICENSE", "README.md", "CHANGELOG.md")
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can hold
_LEFT_OUT = frozenset({"data", "scripts", "headers"})  # of a wheel's .data folder: nothing here runs them


class BuildError(Exception):
    """What was fetched is not what the folder can be made of."""


def build(python: bytes, wheels: Mapping[str, bytes], root: Path = ROOT) -> bytes:
    """Make the ZIP of an embeddable Python (its own ZIP), of wheels by their file names, and of the press at `root`.

    Raises BuildError.
    """
    files = dict(_python_files(python))
    for name in sorted(wheels):
        for path, data in _wheel_files(name, wheels[name]):
            if files.setdefault(path, data) != data:
                raise BuildError(f"two libraries have different files of the same name: {path}")
    files |= dict(_press_files(root))
    _check_opener(files)
    return _zipped(files)


def _python_files(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of Python below `python/`, with the places of the libraries and the press among its paths."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [name for name in opened.namelist() if not name.endswith("/")]
        [lists] = [name for name in names if re.fullmatch(r"(.*/)?python3\d+\._pth", name)] or [""]
        if not lists:
            raise BuildError("this is no embeddable Python: it has no file of paths (python3xx._pth)")
        top = lists.rpartition("/")[0]
        for name in names:
            inside = PurePosixPath(name).relative_to(top)
            is_list = name == lists
            paths = "".join(f"{path.format(inside.stem)}\r\n" for path in _PATHS).encode()
            yield f"python/{inside}", paths if is_list else opened.read(name)


def _wheel_files(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for path in opened.namelist():
            match = re.fullmatch(r"[^/]+\.data/([^/]+)/(.*)", path)
            if path.endswith("/") or (match and match[1] in _LEFT_OUT):
                continue
            inside = match[2] if match else path
            if PurePosixPath(inside).is_absolute() or ".." in PurePosixPath(inside).parts or "\\" in inside:
                raise BuildError(f"a library would write outside its folder: {name}")
            yield f"python/Lib/site-packages/{inside}", opened.read(path)


def _press_files(root: Path) -> Iterator[tuple[str, bytes]]:
    program = [path for path in (root / "press").rglob("*") if path.suffix in (".py", ".txt") and path.is_file()]
    pages = [path for path in (root / "docs").glob("*.md") if path.is_file()]
    paths = [*program, *pages, *(root / name for name in (*_PLAIN, *shipped_files(root)))]
    for path in paths:
        yield path.relative_to(root).as_posix(), path.read_bytes()
    yield _STARTER, Path(__file__).with_name("open_desk.py").read_bytes()
    yield OPENER, _OPENER_TEXT.replace("\n", "\r\n").encode("ascii")


def _check_opener(files: Mapping[str, bytes]) -> None:
    """Whatever the file to double-click names is there."""
    named = [path.replace("\\", "/") for path in re.findall(r'%~dp0([^"]+)', files[OPENER].decode("ascii"))]
    if missing := [path for path in named if path not in files] or ([] if named else [OPENER]):
        raise BuildError(f"the folder lacks {', '.join(missing)}")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """The same files give the same bytes: sorted, of one moment and with the rights of one user."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", _OLDEST)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            target.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return made.getvalue()


def _checked(path: Path, sha256: str) -> bytes:
    """The bytes of Python's ZIP, by the hash that its makers publish."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256.lower():
        raise BuildError(f"{path.name} is not the file with this SHA-256")
    return data


def main() -> int:
    """Build the ZIP from what was fetched; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help="the ZIP of an embeddable Python for Windows")
    parser.add_argument("--sha256", required=True, help="its SHA-256")
    parser.add_argument("--wheels", type=Path, required=True, help="a folder of wheels")
    parser.add_argument("--output", type=Path, required=True)
    asked = parser.parse_args()
    wheels = {path.name: path.read_bytes() for path in asked.wheels.glob("*.whl")}
    try:
        if not wheels:
            raise BuildError("there are no wheels")
        made = build(_checked(asked.python, asked.sha256), wheels)
    except (BuildError, OSError, zipfile.BadZipFile) as error:
        print(f"make windows: {error}", file=sys.stderr)
        return 1
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_bytes(made)
    print(f"{asked.output} ({len(made) / 1e6:.1f} MB), SHA-256 {hashlib.sha256(made).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
