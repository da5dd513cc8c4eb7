"""Reads the bytes of a file once, so that one that changes meanwhile is not read in two states."""

from __future__ import annotations

from pathlib import Path

from press.errors import Place, refuse


def read_once(path: Path, file: str, most: int, *, private: bool = False) -> bytes:
    """Read at most `most` + 1 bytes, so that the caller sees when there are too many.

    `file` is the name that problems show; the path itself is never shown. Raises HandoutError.
    """
    try:
        if path.exists() and not path.is_file():
            raise refuse(Place(file), "this is not a file", "name a file in it", private=private)
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise refuse(Place(file), "there is no such file", private=private) from None
    except (OSError, ValueError):
        hint = "is it open in another program, or are you not allowed to read it?"
        raise refuse(Place(file), "this file cannot be read", hint, private=private) from None
