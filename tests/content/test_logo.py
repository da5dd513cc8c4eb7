"""The clinic's logo: only what a PNG file shows gets onto a page, and a hostile or damaged file is refused in words."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from press.content.library import read_clinic
from press.content.logo import MOST_BYTES, MOST_PIXELS, read_logo
from press.document.logo import Logo
from press.errors import HandoutError
from tests.support import copied, edit, told

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Chunks = list[tuple[bytes, bytes]]


def chunk(name: bytes, data: bytes, crc: int = 0) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data) ^ crc)


def header(width: int = 32, height: int = 20, bits: int = 8, color: int = 0, interlace: int = 0) -> bytes:
    return struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlace)


ROWS = b"".join(b"\0" + bytes(range(100, 132)) for _ in range(20))


def good() -> Chunks:
    return [(b"IHDR", header()), (b"IDAT", zlib.compress(ROWS)), (b"IEND", b"")]


def png(chunks: Chunks) -> bytes:
    return SIGNATURE + b"".join(chunk(*each) for each in chunks)


def changed(number: int, name: bytes, data: bytes) -> bytes:
    chunks = good()
    chunks[number] = name, data
    return png(chunks)


def of_header(**given: int) -> bytes:
    return changed(0, b"IHDR", header(**given))


def read(data: bytes, folder: Path) -> Logo:
    (folder / "logo.png").write_bytes(data)
    return read_logo(folder / "logo.png", "templates/logo.png", "A bridge", "en")


def pixels(logo: Logo) -> Image.Image:
    found: Image.Image = Image.open(BytesIO(logo.png()))
    return found


# What is read


def test_pixels_come_out_as_they_were(tmp_path: Path) -> None:
    logo = read(png(good()), tmp_path)

    assert (logo.width, logo.height, logo.alt, logo.language) == (32, 20, "A bridge", "en")
    assert pixels(logo).mode == "L" and pixels(logo).tobytes() == bytes(range(100, 132)) * 20


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_usual_kind_of_png_becomes_gray_on_white(mode: str, tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 30))
    image = image.convert(mode) if mode.endswith("A") else Image.alpha_composite(_white(), image).convert(mode)
    file = BytesIO()
    image.save(file, "PNG")
    found = pixels(read(file.getvalue(), tmp_path))

    assert found.mode == "L"
    assert found.getpixel((5, 5)) == 0 and found.getpixel((35, 5)) == 255


def _white() -> Image.Image:
    return Image.new("RGBA", (40, 30), "white")


def test_a_large_logo_is_made_as_small_as_it_is_printed(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("L", (2000, 1500), 90).save(file, "PNG")
    logo = read(file.getvalue(), tmp_path)

    assert (logo.width, logo.height) == (600, 450)


@pytest.mark.parametrize("name", [b"tEXt", b"iTXt", b"zTXt", b"iCCP", b"eXIf", b"pHYs", b"tIME", b"acTL", b"quIz"])
def test_nothing_but_pixels_is_kept(name: bytes, tmp_path: Path) -> None:
    chunks = good()
    chunks.insert(1, (name, b"Author\0Maximiliana Made-up"))
    logo = read(png(chunks), tmp_path)

    assert logo == read(png(good()), tmp_path)
    assert b"Maximiliana" not in logo.png() and name not in logo.png()


# What is refused

BOMB = zlib.compress(bytes(50_000_000), 9)
DAMAGED = {
    "wrong check sum": SIGNATURE + chunk(b"IHDR", header(), crc=1) + png(good()[1:])[len(SIGNATURE) :],
    "check sum of the pixels": png(good()[:1]) + chunk(*good()[1], crc=1) + chunk(b"IEND", b""),
    "cut short": png(good())[:-20],
    "no end": png(good()[:-1]),
    "no pixels": png([good()[0], good()[2]]),
    "no header": png(good()[1:]),
    "only the signature": SIGNATURE,
    "two headers": png([good()[0], *good()]),
    "header too long": changed(0, b"IHDR", header() + b"\0"),
    "more after the end": png(good()) + b"%!PS",
    "more after the pixels": changed(1, b"IDAT", zlib.compress(ROWS) + b"more"),
    "a bomb": changed(1, b"IDAT", BOMB),
    "too few rows": changed(1, b"IDAT", zlib.compress(ROWS[:-33])),
    "one byte too many": changed(1, b"IDAT", zlib.compress(ROWS + b"\0")),
    "not compressed": changed(1, b"IDAT", ROWS),
    "an unknown filter": changed(1, b"IDAT", zlib.compress(b"\x09" + ROWS[1:])),
    "a length beyond the file": SIGNATURE + b"\xff\xff\xff\xffIHDR" + header(),
    "no palette": of_header(color=3),
}
UNFIT = {
    "16 bits": of_header(bits=16),
    "interlaced": of_header(interlace=1),
    "an unknown color": of_header(color=5),
}
SIZES = {
    "nothing": of_header(width=0),
    "tiny": of_header(width=8, height=8),
    "huge": of_header(width=MOST_PIXELS + 1),
    "a billion": of_header(width=2**31 - 1, height=2**31 - 1),
}
NO_PNG = {
    "empty": b"",
    "JPEG": b"\xff\xd8\xff\xe0" + bytes(100),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "newlines of another system": png(good()).replace(b"\r\n", b"\n", 1),
}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        *(pytest.param(data, "this logo is damaged", id=name) for name, data in DAMAGED.items()),
        *(pytest.param(data, "this kind of PNG is not for a logo", id=name) for name, data in UNFIT.items()),
        *(pytest.param(data, "must have 16 to 2000 pixels", id=name) for name, data in SIZES.items()),
        *(pytest.param(data, "is no PNG file", id=name) for name, data in NO_PNG.items()),
        pytest.param(png(good()) + bytes(MOST_BYTES), "more than 512 KB", id="heavy"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_what_to_do(data: bytes, message: str, tmp_path: Path) -> None:
    with told() as problems:
        read(data, tmp_path)
    (problem,) = problems

    assert problem.place.file == "templates/logo.png" and message in problem.message
    assert problem.hint.startswith(("save it", "open it in a drawing program"))


def test_every_byte_counts(tmp_path: Path) -> None:
    """A file with any one byte changed is refused, or shows what it shows."""
    whole = png(good())
    for place in range(len(whole)):
        spoiled = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        with pytest.raises(HandoutError):
            read(spoiled, tmp_path)


# What config.yaml says


def set_logo(tmp_path: Path, line: str) -> Callable[[], object]:
    root = copied(tmp_path)
    edit(root / "config.yaml", "address: []", f"address: []\nlogo: {line}")
    return lambda: read_clinic(root / "config.yaml", "config.yaml")


@pytest.mark.parametrize("file", ["../logo.png", "/etc/logo.png", "a/logo.png", "logo.svg", ".png", "lo go.png", '""'])
def test_the_file_is_a_name_in_templates(file: str, tmp_path: Path) -> None:
    with told() as problems:
        set_logo(tmp_path, f"{{file: {file}, alt: A bridge}}")()

    assert [problem.place.file for problem in problems] == ["config.yaml"]
    assert "PNG file in templates/" in problems[0].message


@pytest.mark.parametrize("line", ["{file: logo.png}", '{file: logo.png, alt: ""}', "logo.png"])
def test_a_logo_without_words_is_refused(line: str, tmp_path: Path) -> None:
    with told() as problems:
        set_logo(tmp_path, line)()

    assert problems and problems[0].place.file == "config.yaml"
