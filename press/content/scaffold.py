"""The files of a new handout, of any medicine: bones that hold, and texts that wait for words.

Everything but the empty texts passes `check`, so its list of problems is what is left to write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from press.content import fields, starter
from press.content.characters import clean
from press.content.handout import SOURCE_LANGUAGE
from press.content.raw import Scalar
from press.content.schema import Context, Reject
from press.delivery.atomic import deliver
from press.delivery.filenames import is_device_name
from press.delivery.files import FILES, SHARED_FILE, SHARED_FOLDER, Files
from press.errors import HandoutError, Place, Problem, Problems, refuse

SHELF = "handouts"
LONGEST_TOPIC = 40  # the names of finished files begin with it


def scaffold(topic: str, title: str | None = None) -> dict[str, str]:
    """The texts of both files by file name. Raises HandoutError for a name or title that cannot be."""
    _check_topic(topic)
    words = starter.WORDS.replace("TOPIC", topic).replace("TITLE", _quoted(title or ""))
    return {f"{SOURCE_LANGUAGE}.yaml": words, "handout.yaml": starter.BONES.replace("TOPIC", topic)}


def write_new(root: Path, topic: str, title: str | None = None, *, files: Files = FILES) -> list[Path]:
    """Put a new handout on the shelf below `root`; the paths of its files.

    Raises HandoutError for a bad name, a topic that is there, or a disk that refuses; then
    nothing of the new handout is left behind.
    """
    texts = scaffold(topic, title)
    folder = root / SHELF / topic
    _check_free(folder)
    with _new_folder(folder, files) as done:
        # The bones come last: without them a folder is no handout yet.
        for name, text in texts.items():
            done.append(folder / name)
            deliver(text.encode("utf-8"), folder, name, mode=SHARED_FILE, files=files)
    return done


def _check_topic(topic: str) -> None:
    place = Place(SHELF)
    try:
        fields.identifier.read(Scalar(topic, place), "topic", Context(Problems()))
    except Reject:
        message = "the name of a handout is made of small letters, digits and hyphens, such as blood-pressure"
        raise refuse(place, message, _suggestion(topic)) from None
    if len(topic) > LONGEST_TOPIC:
        raise refuse(place, f"the name has {len(topic)} characters; at most {LONGEST_TOPIC} are allowed")
    if is_device_name(topic):
        raise refuse(place, "the name is a word that Windows keeps for itself, such as con, nul or com1")


def _suggestion(topic: str) -> str:
    """The nearest name that can be, if one is left when everything strange is taken out."""
    name = re.sub(r"[^a-z0-9]+", "-", topic.lower())[:LONGEST_TOPIC].lstrip("-0123456789").rstrip("-")
    return f"how about `{name}`?" if name else ""


def _quoted(title: str) -> str:
    """The title as a YAML text between double quotes, which JSON's are too."""
    text, faults = clean(title)
    if faults:
        raise HandoutError(Problem(Place("title"), str(fault)) for fault in faults)
    return json.dumps(text, ensure_ascii=False)


def _check_free(folder: Path) -> None:
    """Refuse a name that is taken; names that differ only in case are one folder on Windows."""
    if not folder.parent.is_dir():
        raise refuse(Place(SHELF), "there is no such folder", "start the press in its own folder")
    if folder.name in (path.name.lower() for path in folder.parent.iterdir()):
        hint = f"edit the files in {SHELF}/{folder.name}, or choose another name"
        raise refuse(Place(f"{SHELF}/{folder.name}"), "this is there already", hint)


@contextmanager
def _new_folder(folder: Path, files: Files) -> Iterator[list[Path]]:
    """Make the folder; after a failure, Ctrl-C included, it goes again with the files listed."""
    done: list[Path] = []
    try:
        files.mkdir(folder, SHARED_FOLDER)
    except OSError:
        where = Place(f"{SHELF}/{folder.name}")
        raise refuse(where, "the folder cannot be made", "are you allowed to write there?") from None
    try:
        yield done
    except BaseException:
        for path in done:
            with suppress(OSError):
                files.unlink(path)
        with suppress(OSError):
            files.rmdir(folder)
        raise
