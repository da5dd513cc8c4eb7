"""Define a clinic's logo: rows of gray pixels as a PNG file holds them, and the words for who does not see it."""

from __future__ import annotations

import struct
import zlib

from press.records import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GRAY = struct.pack(">BBBBB", 8, 0, 0, 0, 0)  # bits, gray, and the only methods of compression, filters and order


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo of `width` by `height` pixels. `rows` is the compressed data of a gray PNG (ISO/IEC 15948, 10).

    `alt` says what it shows, in `language`. Nothing else of the clinic's file is in it.
    """

    width: int
    height: int
    rows: bytes
    alt: str
    language: str

    def png(self) -> bytes:
        """Write it as a PNG file of the three chunks that one must have."""
        size = struct.pack(">II", self.width, self.height)
        chunks = (b"IHDR", size + _GRAY), (b"IDAT", self.rows), (b"IEND", b"")
        return SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
