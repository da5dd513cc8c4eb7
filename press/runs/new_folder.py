"""Makes a clinic's own folder: its config.yaml and handouts, with the record of the release that they came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from press.content.shipped import (
    RECORD,
    REVIEW,
    SHELF,
    Record,
    read_record,
    record_all,
    shipped_bytes,
    shipped_names,
    write_record,
)
from press.delivery import installed
from press.delivery.atomic import deliver, part_path, refusal
from press.delivery.atomic import make_folder as make_parents
from press.delivery.files import FILES, SHARED_FILE, SHARED_FOLDER, Files
from press.errors import Place, Problems, refuse
from press.runs.backup import read_of_site, site_files

CONFIG = "config.yaml"


def make_folder(folder: Path, old: Path | None = None, *, files: Files = FILES) -> Path:
    """Make a clinic's folder with the shipped words, or with those of an `old` folder or clone, and give its path.

    It is filled under another name first: it is there whole, or not at all. Raises HandoutError.
    """
    shown = Place(folder.name or str(folder))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise refuse(shown, "this is there already, and it is not an empty folder", "choose another name")
    contents = dict(_contents(old))
    record = record_all() if old is None else read_record(old)
    is_there = folder.exists()
    part = part_path(folder if is_there else folder.parent, folder.name)
    try:
        _fill(part, contents, record, files)
        for inner in sorted(part.iterdir()) if is_there else ():  # it may be the folder in which somebody is
            files.replace(inner, folder / inner.name)
        if not is_there:
            files.replace(part, folder)
    except OSError as error:
        raise refusal(folder, error) from None
    finally:
        _remove(part, files)
    return folder


def _contents(old: Path | None) -> Iterator[tuple[str, bytes]]:
    """List what the folder is to hold, by its name in it. Raises HandoutError."""
    if old is None:
        reviews = sorted(
            path.relative_to(installed.SHIPPED).as_posix() for path in (installed.SHIPPED / SHELF).glob(f"*/{REVIEW}")
        )
        for name in (CONFIG, *(f"{SHELF}/{name}" for name in shipped_names()), *reviews):
            yield name, shipped_bytes(name)
        return
    _check_old(old)
    is_clone = (old / "generate.py").exists()  # its templates are the program's
    for name in site_files(old):
        if name != f"{SHELF}/{RECORD}" and not (is_clone and name.startswith("templates/")):
            yield name, read_of_site(old, name)


def _check_old(old: Path) -> None:
    problems = Problems()
    for name in (CONFIG, SHELF):
        if not (old / name).exists():
            problems.add(Place("--from"), f"there is no `{name}` in that folder", "name a clinic's folder, or a clone")
    problems.raise_if_errors()


def _fill(part: Path, contents: dict[str, bytes], record: Record, files: Files) -> None:
    files.mkdir(part, SHARED_FOLDER)
    for name, data in contents.items():
        path = part / name
        make_parents(path.parent, files, SHARED_FOLDER)
        deliver(data, path.parent, path.name, mode=SHARED_FILE, files=files)
    write_record(part, record, files=files)


def _remove(part: Path, files: Files) -> None:
    """Remove what was filled, if it is still there."""
    for path in sorted(part.rglob("*"), reverse=True):
        with suppress(OSError):
            files.rmdir(path) if path.is_dir() else files.unlink(path)
    if part.exists():
        with suppress(OSError):
            files.rmdir(part)
