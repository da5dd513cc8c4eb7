"""Read the clinic's logo, a PNG file (ISO/IEC 15948), strictly, and encode it anew in gray.

A file is judged by its own chunks before a decoder sees it, and only the chunks of its pixels are decoded: no
profile, comment or other data of the file reaches a page.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from press.content.clinic import Clinic
from press.content.read_bytes import read_once
from press.document.logo import SIGNATURE, Logo
from press.errors import Place, refuse

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 512 * 1024
MOST_PIXELS = 2000  # of each side
LEAST_PIXELS = 16
_PRINTED = (900, 450)  # pixels at most: 3 by 1.5 inches at 300 to the inch
_HEAD = 13  # bytes of the header
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of each pixel, by type of color
_PALETTE = 3  # the type of color of a picture with a palette
_NEEDED = (b"PLTE", b"tRNS", b"IDAT")  # besides header and end: the chunks that pixels are made of
_SAVE = "open it in a drawing program and save it as PNG again, with 8 bits and not interlaced"


def clinic_logo(clinic: Clinic, templates: Path) -> Logo | None:
    """Read the logo that config.yaml names, from the folder of the templates. Raises HandoutError with what to do."""
    named = clinic.logo
    if named is None:
        return None
    return read_logo(templates / named.file, f"templates/{named.file}", named.alt, clinic.defaults.language)


def read_logo(path: Path, shown: str, alt: str, language: str) -> Logo:
    """Read a logo; `shown` is the name of its file in problems. Raises HandoutError with what to do."""
    data = read_once(path, shown, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise refuse(Place(shown), f"this logo has more than {MOST_BYTES // 1024} KB", "save it smaller")
    if not data.startswith(SIGNATURE):
        raise refuse(Place(shown), "this logo is no PNG file", "save it as PNG, and not only under that name")
    clean = _without_extras(data, shown)
    width, height, rows = _encode(_decode(clean, shown))
    return Logo(width, height, rows, alt, language)


def _without_extras(data: bytes, shown: str) -> bytes:
    """Check header, chunks and the amount of pixels; give the file without any other chunk."""
    chunks = list(_chunks(data, shown))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != _HEAD:
        _broken(shown)
    if chunks[-1] != (b"IEND", b"") or sum(name in (b"IHDR", b"IEND") for name, _ in chunks) != 2:
        _broken(shown)
    row_bytes, height = _check_header(chunks[0][1], shown)
    if chunks[0][1][9] == _PALETTE and not any(name == b"PLTE" for name, _ in chunks):
        _broken(shown)
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    _check_amount(packed, (row_bytes + 1) * height, shown)
    kept = [chunk for chunk in chunks if chunk[0] in _NEEDED or chunk[0] in (b"IHDR", b"IEND")]
    return SIGNATURE + b"".join(_write(name, body) for name, body in kept)


def _chunks(data: bytes, shown: str) -> Iterator[tuple[bytes, bytes]]:
    """Cut a file into chunks, each with a length, a name and a check sum."""
    place = len(SIGNATURE)
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name, end = data[place + 4 : place + 8], place + 8 + length
        if end + 4 > len(data) or int.from_bytes(data[end : end + 4], "big") != zlib.crc32(data[place + 4 : end]):
            _broken(shown)
        yield name, data[place + 8 : end]
        place = end + 4


def _check_header(head: bytes, shown: str) -> tuple[int, int]:
    """Check size and kind of the picture; give the bytes of a row, and the number of rows."""
    width, height, bits, color, *methods = struct.unpack(">IIBBBBB", head)
    if not (LEAST_PIXELS <= width <= MOST_PIXELS and LEAST_PIXELS <= height <= MOST_PIXELS):
        message = f"this logo must have {LEAST_PIXELS} to {MOST_PIXELS} pixels on each side"
        raise refuse(Place(shown), message, "save it in another size")
    if bits not in (1, 2, 4, 8) or methods != [0, 0, 0] or color not in _SAMPLES:
        raise refuse(Place(shown), "this kind of PNG is not for a logo: 16 bits, interlaced or unknown", _SAVE)
    return (width * bits * _SAMPLES[color] + 7) // 8, height


def _check_amount(packed: bytes, wanted: int, shown: str) -> None:
    """Unpack the pixels as far as they should go: a bomb holds more, a damaged file less."""
    unpacker = zlib.decompressobj()
    try:
        found = len(unpacker.decompress(packed, wanted + 1))
    except zlib.error:
        _broken(shown)
    if found != wanted or not unpacker.eof or unpacker.unused_data:
        _broken(shown)


def _broken(shown: str) -> NoReturn:
    raise refuse(Place(shown), "this logo is damaged", _SAVE)


def _write(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _decode(clean: bytes, shown: str) -> Image:
    """Decode the pixels as gray on white paper, not larger than they are printed."""
    from PIL import Image
    from PIL.PngImagePlugin import PngImageFile

    try:
        with PngImageFile(BytesIO(clean)) as file:
            found = file.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, LookupError, ArithmeticError, struct.error, zlib.error):
        _broken(shown)
    paper = Image.new("RGBA", found.size, "white")
    gray = Image.alpha_composite(paper, found).convert("L")
    gray.thumbnail(_PRINTED)
    return gray


def _encode(gray: Image) -> tuple[int, int, bytes]:
    """Encode pixels as the rows of a PNG; give width and height, too."""
    data, wide = gray.tobytes(), gray.width
    rows = b"".join(b"\0" + data[start : start + wide] for start in range(0, len(data), wide))
    return gray.width, gray.height, zlib.compress(rows, 9)
