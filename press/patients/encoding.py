"""How the letters of a list are written: by its mark, as UTF-8, or else as Windows-1252, and told."""

from __future__ import annotations

import codecs
import re
from io import BytesIO, TextIOWrapper

from press.errors import Place, Problems, Severity, refuse
from press.patients import messages as faults

_ASCII = bytes(range(128))
_SEVERAL = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_PIECE = 1 << 16


def find_encoding(data: bytes, file: str, problems: Problems) -> str:
    """The encoding of the whole file, for `opened`. Raises HandoutError if none fits."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(data, "utf-16", file)
    unmarked = _utf_16_by_zeros(data[:64])
    if unmarked:
        return _checked(data, unmarked, file)
    spot = _first_fault(data, "utf-8-sig")
    if spot is None:
        return "utf-8-sig"
    if _SEVERAL.search(data):  # no text in Windows-1252 has such a pair by chance
        place = Place(file, data.count(b"\n", 0, spot) + 1)
        raise refuse(place, *faults.BROKEN_UTF_8, private=True)
    encoding = _checked(data, "cp1252", file)
    count = len(data.translate(None, _ASCII))
    problems.add(
        Place(file), f"this list is not UTF-8; {count} letters were read as Windows-1252",
        "look at the accents in the names, or save the list as CSV UTF-8", severity=Severity.WARNING, private=True,
    )  # fmt: skip
    return encoding


def opened(data: bytes, encoding: str) -> TextIOWrapper:
    """The text from its beginning, piece by piece, with its line ends as they are."""
    return TextIOWrapper(BytesIO(data), encoding=encoding, newline="")


def _checked(data: bytes, encoding: str, file: str) -> str:
    if _first_fault(data, encoding) is not None:
        raise refuse(Place(file), *faults.NO_ENCODING, private=True)
    return encoding


def _first_fault(data: bytes, encoding: str) -> int | None:
    """Roughly where the bytes stop making sense, without holding all of the text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        try:
            decoder.decode(piece, final=start + _PIECE >= len(data))
        except UnicodeError as error:
            return start + getattr(error, "start", 0)
    return None


def _utf_16_by_zeros(head: bytes) -> str | None:
    """Headings are Latin, so that every second byte of UTF-16 is zero and none of the others."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) or max(even, odd) * 3 < len(head) or len(head) < 4:
        return None
    return "utf-16-le" if odd else "utf-16-be"
