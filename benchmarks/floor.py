"""The floor: compress and write the same bytes. `python floor.py MODE FOLDER OUT COUNT`.

FOLDER holds files that the product made. For each document the floor does what no maker of such a
file can leave out if it compresses its pages: it deflates the operators of each page with zlib at
level 6, one call for each page, and writes one new file into a new folder on the same disk, as long
as the product's file to the byte: the deflated pages, then the product's other bytes. Nothing is
waited for (no fsync), nothing is laid out, no list is read. The files and the operators are in
memory before the clock starts; with more documents than files they are used again, in turn.

That is the MODE `deflate`. The MODE `write` only writes the product's files anew, and so tells how
much of the floor is the disk's.
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from pathlib import Path

import pikepdf

_LEVEL = 6


def main(mode: str, folder: str, out: str, count: str) -> None:
    """Print the seconds as JSON."""
    paths = sorted(Path(folder).glob("*.pdf"))
    files = [(path.read_bytes(), _operators(path) if mode == "deflate" else []) for path in paths]
    target = Path(out)
    begun = time.perf_counter()
    target.mkdir()
    for number in range(int(count)):
        data, pages = files[number % len(files)]
        _write(f"{target}/{number:06}.pdf", data, pages)
    print(json.dumps({"seconds": time.perf_counter() - begun}))


def _write(path: str, data: bytes, pages: list[bytes]) -> None:
    deflated = b"".join([zlib.compress(page, _LEVEL) for page in pages])
    with open(path, "xb") as file:
        file.write(deflated + data[len(deflated) :])


def _operators(path: Path) -> list[bytes]:
    """What each page of a file draws, as it was before it was compressed."""
    with pikepdf.open(path) as document:
        return [_joined(page.obj.Contents) for page in document.pages]


def _joined(contents: pikepdf.Object) -> bytes:
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(part.read_bytes() for part in parts)


if __name__ == "__main__":
    main(*sys.argv[1:])
