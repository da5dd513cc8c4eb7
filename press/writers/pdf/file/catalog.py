"""Make the objects that a PDF file has once: catalog, document information, output intent, fonts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFName, PDFString

from press import __version__
from press.document.logo import Logo
from press.writers.pdf.draw import LOGO
from press.writers.pdf.file.metadata import gray_profile, xmp
from press.writers.pdf.fonts.faces import Face
from press.writers.pdf.fonts.font_set import Fonts
from press.writers.pdf.fonts.subset import Subset
from press.writers.pdf.objects import CrossReferenceTable, ObjectTemplate, Ref, serialize, with_gaps, write_stream

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # four bytes above 127 say that it is no text (7.5.2)
PRODUCER = f"handout press {__version__}"
Streams = list[tuple[int, bytes]]  # stream objects with their numbers


class Catalog:
    """The objects that a file has once, and their numbers.

    `packed` go into an object stream; `streams` cannot.
    """

    def __init__(
        self,
        table: CrossReferenceTable,
        title: str,
        language: str,
        *,
        has_cards: bool = False,
        has_outline: bool = False,
    ) -> None:
        first = table.reserve(9)
        self.catalog, self.pages, self.info, self.tree, self.parents, self.resources, intent, packet, profile = range(
            first, first + 9
        )
        self.outline = table.reserve() if has_outline else 0
        entries = _catalog(language, has_cards) | {
            "Pages": Ref(self.pages),
            "StructTreeRoot": Ref(self.tree),
            "Metadata": Ref(packet),
            "OutputIntents": [Ref(intent)],
        }
        if has_outline:
            entries |= {"Outlines": Ref(self.outline), "PageMode": "/UseOutlines"}
        self.packed = [
            (self.catalog, serialize(entries)),
            (self.info, serialize({"Title": PDFString(title), "Producer": PDFString(PRODUCER)})),
            (intent, serialize(_intent(profile))),
        ]
        self.streams: Streams = [
            (packet, write_stream(xmp(title, language, PRODUCER), b"/Type/Metadata/Subtype/XML", is_packed=False)),
            (profile, write_stream(gray_profile(), b"/N 1")),
        ]

    def add_tree(self, pages: Sequence[int], tops: Sequence[int], rows: Sequence[int]) -> None:
        """Add the page tree, the structure tree root above the elements `tops`, and the parent tree."""
        numbers = [part for key, row in enumerate(rows) for part in (key, Ref(row))]
        tree = {
            "Type": "/StructTreeRoot",
            "K": [Ref(top) for top in tops],
            "ParentTree": Ref(self.parents),
            "ParentTreeNextKey": len(rows),
        }
        kids = {"Type": "/Pages", "Count": len(pages), "Kids": [Ref(page) for page in pages]}
        self.packed += [
            (self.pages, serialize(kids)),
            (self.tree, serialize(tree)),
            (self.parents, serialize({"Nums": numbers})),
        ]

    def add_resources(self, fonts: Fonts, logo: Logo | None, table: CrossReferenceTable) -> None:
        """Add the fonts and the logo of the file, by the names that its pages give them."""
        entries = {"Font": {subset.name: Ref(self._add_font(subset, table)) for subset in fonts.subsets}}
        if logo:
            number = table.reserve()
            self.streams.append((number, _write_logo(logo)))
            entries["XObject"] = {LOGO: Ref(number)}
        self.packed.append((self.resources, serialize(entries)))

    def _add_font(self, subset: Subset, table: CrossReferenceTable) -> int:
        """Add a font with the character codes of the subset; give its object number."""
        numbers = range(table.reserve(5), table.size)
        made = subset.written()
        self.packed += zip(numbers, _font(subset.face, made.label, made.widths).fill(numbers), strict=False)
        self.streams += (numbers[3], made.program), (numbers[4], made.to_unicode)
        return numbers[0]

    def trailer(self, digest: str) -> bytes:
        """Write the entries of the trailer: catalog, document information, and the file identifier (14.4)."""
        name = digest[:32].encode()
        return b"/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (self.catalog, self.info, name, name)


def _catalog(language: str, has_cards: bool) -> dict[str, object]:
    viewing = {"DisplayDocTitle": "true", "PrintScaling": "/None"}
    if has_cards:  # the back of a card belongs behind its front
        viewing["Duplex"] = "/DuplexFlipLongEdge"
    return {
        "Type": "/Catalog",
        "Lang": PDFString(language),
        "MarkInfo": {"Marked": "true"},
        "ViewerPreferences": viewing,
    }


def _intent(profile: int) -> dict[str, object]:
    return {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": PDFString("Grey, gamma 2.2"),
        "Info": PDFString("Grey, gamma 2.2"),
        "DestOutputProfile": Ref(profile),
    }


def _write_logo(logo: Logo) -> bytes:
    """Write an image of gray pixels (ISO 32000-1, 8.9.5), its rows filtered as in a PNG (7.4.4.4)."""
    size = b"/Width %d/Height %d" % (logo.width, logo.height)
    kind = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8"
    rows = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1/BitsPerComponent 8/Columns %d>>" % logo.width
    return write_stream(logo.rows, kind + size + rows, is_packed=False)


@lru_cache(maxsize=32)
def _font(face: Face, label: str, advances: tuple[tuple[int, tuple[int, ...]], ...]) -> ObjectTemplate:
    """Write a composite font (ISO 32000-1, 9.7.6), its descendant and the descriptor of that.

    The numbers are theirs, and those of the font program and of the ToUnicode CMap.
    """
    name = PDFName(f"{label}+{face.name}")
    shown = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": name,
        "Encoding": "/Identity-H",
        "DescendantFonts": [Ref(1)],
        "ToUnicode": Ref(4),
    }
    glyphs = {
        "Type": "/Font",
        "Subtype": "/CIDFontType2",
        "BaseFont": name,
        "CIDSystemInfo": {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0},
        "FontDescriptor": Ref(2),
        "CIDToGIDMap": "/Identity",
        "W": [part for code, widths in advances for part in (code, list(widths))],
    }
    return ObjectTemplate([with_gaps(shown), with_gaps(glyphs), with_gaps(_descriptor(face, name))])


def _descriptor(face: Face, name: str) -> dict[str, object]:
    sfnt = face.sfnt
    return {
        "Type": "/FontDescriptor",
        "FontName": name,
        "Flags": 4,
        "FontBBox": list(sfnt.box),
        "ItalicAngle": 0,
        "Ascent": sfnt.ascent,
        "Descent": sfnt.descent,
        "CapHeight": sfnt.cap_height,
        "StemV": 50 + int((sfnt.weight / 65) ** 2),
        "FontFile2": Ref(3),
    }
