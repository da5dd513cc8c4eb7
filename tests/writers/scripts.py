"""Made-up names in many scripts, and what a finished page shows of them, glyph by glyph.

The expected glyphs come from HarfBuzz over the whole name, called here and not by the press; the
glyphs on the page are read from the content stream and the embedded face (OpenType, glyf).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from unicodedata import bidirectional, category, normalize
from unicodedata import name as unicode_name

import pikepdf
import uharfbuzz

from press.document.nodes import Block, Paragraph, Value
from press.writers.pdf.writer import write_pdf
from press.writers.result import Printed
from tests.helpers import ROOT, bare_document, press
from tests.rigs.read_back import Outlines, Reading

FONTS = ROOT / "templates" / "fonts"
BASE = {
    "Polish": ("Żółć-Łódź", "Agnieszka Wiśniewska-Źrebięca"),
    "Turkish": ("İbrahim Çağlayan", "Işıl Güneş"),
    "Vietnamese": ("Nguyễn Thị Ánh", "Đặng Hữu Phước", "Ngô Bảo Châu Ỹ"),
    "Cyrillic": ("Владимир Ёлкин", "Їжакевич Ґанна", "Ђорђе Љубић"),
    "Greek": ("Αλέξανδρος Παπαδόπουλος", "Ϊρις Ξένου"),
    "Yoruba": ("Ọláńrewájú Adé", "ẹ́kọ́ Ọ̀ṣun"),
    "Hindi": ("अनीता शर्मा", "श्रीकृष्ण त्रिपाठी", "ज्ञानेन्द्र", "क्‍षितिज"),
    "Arabic": ("محمد عبد الله", "فاطمة الزهراء", "لؤي", "مُحَمَّد", "ابن خلدون الحضرمي"),
    "Persian": ("پژمان گلچین", "می‌نا"),
    "Hebrew": ("שרה לוי", "אברהם בן־דוד", "שָׁלוֹם"),
}
EXTRA = {
    "Chinese": ("王小明", "欧阳娜娜", "𠮷田"),
    "Korean": ("김민준", "남궁민"),
    "Japanese": ("さくら", "ナカムラ", "渡辺 さゆり", "𠮷野 まさき"),
}
RIGHT_TO_LEFT = ("Arabic", "Persian", "Hebrew")
NAMES = [(script, name) for names in (BASE, EXTRA) for script, of in names.items() for name in of]


@dataclass(frozen=True)
class Drawn:
    """One glyph on a page: its face, its number there, and where it stands, in points."""

    face: str
    glyph: int
    x: float
    y: float


def print_blocks(*body: Block, edition: str = "standard", **more: str) -> Printed:
    """A page with some blocks."""
    return write_pdf(replace(bare_document(*body), **more), press().sheet(edition, "letter"))


def print_name(name: str) -> Printed:
    """A page whose only paragraph is a name, as a value that was typed."""
    return print_blocks(Paragraph((Value("name", normalize("NFC", name)),)))


def drawn(reading: Reading, page: int = 1) -> list[Drawn]:
    """The glyphs of the original faces that a page draws, composite ones taken apart, from left to right."""
    found: list[Drawn] = []
    font, size, x, y = "", 0.0, 0.0, 0.0
    for operands, operator in pikepdf.parse_content_stream(reading.pdf.pages[page - 1]):
        match str(operator):
            case "Tf":
                font, size = str(operands[0]), float(operands[1])
            case "Td":
                x, y = float(operands[0]), float(operands[1])
            case "Tj" | "TJ":
                for part in operands if str(operator) == "Tj" else operands[0]:
                    if isinstance(part, pikepdf.String):
                        new, x = _shown(reading, font, size, bytes(part), x, y)
                        found += new
                    else:
                        x -= float(part) * size / 1000
    return sorted(found, key=lambda glyph: glyph.x)


def _shown(reading: Reading, font: str, size: float, raw: bytes, x: float, y: float) -> tuple[list[Drawn], float]:
    below = reading.fonts[font].DescendantFonts[0]
    face, found = str(below.BaseFont)[8:], []
    parts, widths = list(below.W), {}
    for first, row in zip(parts[::2], parts[1::2], strict=True):
        widths |= {int(first) + n: float(wide) for n, wide in enumerate(row)}
    program = below.FontDescriptor.FontFile2.read_bytes()
    for (code,) in struct.iter_unpack(">H", raw):
        for glyph, right, up in components(program, code, known(face)):
            found.append(Drawn(face, glyph, x + right * size / 1000, y + up * size / 1000))
        x += widths[code] * size / 1000
    return found, x


def components(program: bytes, code: int, count: int) -> list[tuple[int, int, int]]:
    """A code as glyphs of the original face, which has `count`: higher codes were put together by the press."""
    if code < count:
        return [(code, 0, 0)]
    outline, found, at = Outlines(program).data(code), [], 10
    while outline:
        flags, glyph, right, up = struct.unpack_from(">HHhh", outline, at)
        assert flags & 3 == 3  # two words that are a place
        found.append((glyph, right, up))
        at += 8
        if not flags & 0x20:
            break
    return found


def is_simple(name: str) -> bool:
    """Whether every character is drawn by a glyph of its own, from left to right."""
    kinds = {category(letter)[0] for letter in normalize("NFC", name)}
    words = {unicode_name(letter).split()[0] for letter in name}
    return not kinds & {"M", "C"} and not words & {"ARABIC", "HEBREW", "DEVANAGARI"}


def path_of(face: str) -> Path:
    """The file of a face by its name."""
    import rendercv_fonts

    extra = Path(rendercv_fonts.__file__).parent / "Noto Sans" / f"{face}.ttf"
    return FONTS / f"{face}.ttf" if (FONTS / f"{face}.ttf").is_file() else extra


def known(face: str) -> int:
    """How many glyphs the original face has."""
    return uharfbuzz.Face(path_of(face).read_bytes()).glyph_count


def expected(face: str, name: str) -> list[tuple[int, int, int]]:
    """The glyphs of a whole name with their places in thousandths, from left to right, by HarfBuzz alone.

    Where letters neither join nor carry marks it is asked for the table cmap only: no kerning.
    """
    font = uharfbuzz.Font(uharfbuzz.Face(path_of(face).read_bytes()))
    if is_simple(name):
        glyphs = [font.get_nominal_glyph(ord(letter)) for letter in name]
        ends = accumulate(map(font.get_glyph_h_advance, glyphs))
        return [(glyph, end - font.get_glyph_h_advance(glyph), 0) for glyph, end in zip(glyphs, ends, strict=True)]
    buffer = uharfbuzz.Buffer()
    buffer.add_str(normalize("NFC", name))
    buffer.direction = "rtl" if bidirectional(name[0]) in ("R", "AL") else "ltr"
    buffer.language = "und"
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {"kern": False, "liga": False} if buffer.script in ("Latn", "Cyrl", "Grek") else {})
    x, found = 0, []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        found.append((info.codepoint, x + place.x_offset, place.y_offset))
        x += place.x_advance
    return found
