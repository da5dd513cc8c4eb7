"""Check that the file of a face is whole before it draws a word: a damaged outline is a wrong letter on the page.

A face of the project has its SHA-256 in `SHA256SUMS` beside it. Any other is checked by itself: version
and table directory (OpenType, font file), the checksum of each table, and that the tables agree.
The sums of OpenType are blind to words that change places, so a digest is better where there is one.
"""

from __future__ import annotations

import re
import struct
from hashlib import sha256
from pathlib import Path

from press.errors import Sentence
from press.writers.pdf.fonts.truetype import Sfnt, sum_words

EM = 1000  # units: all lengths of a face are in thousandths of the size
SUMS = "SHA256SUMS"
_TRUE_TYPE = (b"\0\1\0\0", b"true")
_OTHER_KINDS = {
    b"OTTO": "its outlines are of the kind CFF",
    b"ttcf": "it is a collection of several faces",
    b"wOFF": "it is packed for web pages (WOFF)",
    b"wOF2": "it is packed for web pages (WOFF2)",
}
_NEEDED = ("OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp")
_DIRECTORY = 12  # bytes before it; each of its rows has 16
_LISTED = re.compile(r"^([0-9a-f]{64}) [ *](.+)$", re.MULTILINE)
# The heavy faces of the extra `scripts`, in the version of its lock file: to check one by itself takes 0.2 s.
_KNOWN = frozenset(
    {
        "dc71173babc38dfd019912965f2b4b3421fb347ebd854e7b96f64ad63673924a",  # NotoSansSC-Regular
        "e414444c28bed174ec47f1d968fe8109ab935702022f4f082b2edde99607eb7d",  # NotoSansSC-Bold
        "7c8597677e9fac0f54d7848ad18bc6a708dfb5baa4ebf4bd91e66efcca313bf3",  # NotoSansJP-Regular
        "9e4e354e728cfc32e04bbc0bf686c7285a1cf47f64ce2ac27c1d813ad1dc9d63",  # NotoSansJP-Bold
        "9db318b65ee9c575a43e7efd273dbdd1afef26e467eea3e1073a50e1a6595f6d",  # NotoSansKR-Regular
        "a76c8dabfcfae31d67c86207373155718979ddcfcc1ce62d3129dd36530a5bdf",  # NotoSansKR-Bold
    }
)
_OTHER_FACE = "take the file of this face that ends in .ttf and has TrueType outlines"
_AGAIN = "copy the file again from where it came"
_CHOSEN = f"{_AGAIN}; if you chose another version of it, delete its line in {SUMS}"


class FaceError(Exception):
    """A face that must not draw: `sentence` says why, without the name of the file."""

    def __init__(self, message: str, hint: str = _AGAIN) -> None:
        super().__init__(message)
        self.sentence = Sentence(message, hint)


def read_whole_face(path: Path) -> Sfnt:
    """Read a face and prove that it is whole. Raises FaceError."""
    try:
        data = path.read_bytes()
        digest = _listed_digest(path)
    except OSError as error:
        raise FaceError(f"this type face cannot be read: {error.strerror or 'the read failed'}", "") from None
    if sha256(data).hexdigest() in ({digest} if digest else _KNOWN):
        return Sfnt(data)
    sfnt = _check(data)
    if digest:
        raise FaceError(f"this is not the type face whose SHA-256 is in templates/fonts/{SUMS}", _CHOSEN)
    return sfnt


def _listed_digest(path: Path) -> str:
    """Look up the SHA-256 of a file in the list beside it; empty if it is not listed."""
    sums = path.with_name(SUMS)
    listed = _LISTED.findall(sums.read_text("utf-8", "replace")) if sums.is_file() else ()
    return next((digest for digest, name in listed if name == path.name), "")


def _check(data: bytes) -> Sfnt:
    """Check a face by itself. Raises FaceError."""
    _check_kind(data)
    _check_tables(data)
    try:
        sfnt = Sfnt(data)
        sfnt.check()
    except (struct.error, LookupError, ValueError):
        raise FaceError("this type face is damaged: its tables do not agree with each other") from None
    if sfnt.em != EM:
        raise FaceError(f"this type face cannot be used: it has {sfnt.em} units to the em, and not {EM}", _OTHER_FACE)
    return sfnt


def _check_kind(data: bytes) -> None:
    if not data:
        raise FaceError("this type face is an empty file")
    if kind := _OTHER_KINDS.get(data[:4]):
        raise FaceError(f"this type face cannot be used: {kind}, not TrueType", _OTHER_FACE)
    if data[:4] not in _TRUE_TYPE:
        raise FaceError("this is not a type face: the file does not begin as TrueType does", _OTHER_FACE)


def _check_tables(data: bytes) -> None:
    """Check that all tables are in the file, with their checksums, and that none is missing."""
    end = _DIRECTORY + 16 * int.from_bytes(data[4:6], "big")
    if len(data) < end or end == _DIRECTORY:
        raise FaceError("this type face is cut off: the list of its tables is not whole")
    found = set()
    for tag, checksum, start, size in struct.iter_unpack(">4sIII", data[_DIRECTORY:end]):
        name = ascii(tag.decode("latin-1").rstrip())[1:-1]
        if start + size > len(data):
            raise FaceError(f"this type face is cut off: its table `{name}` ends behind the end of the file")
        if sum_words(_without_adjustment(tag, data[start : start + size])) != checksum:
            raise FaceError(f"this type face is damaged: its table `{name}` is not as its maker wrote it")
        found.add(name)
    if missing := [name for name in _NEEDED if name not in found]:
        raise FaceError(f"this type face cannot be used: it has no table `{missing[0]}`", _OTHER_FACE)


def _without_adjustment(tag: bytes, table: bytes) -> bytes:
    """Clear the number in `head` that is computed last, from the checksums of all tables."""
    return table[:8] + bytes(4) + table[12:] if tag == b"head" else table
