"""Put pages, faces, tags and metadata together as one PDF file, through ReportLab's objects."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFPage,
    PDFString,
)

from press import __version__
from press.writers.pdf.draw import draw_page
from press.writers.pdf.metadata import Information, grey_profile, xmp
from press.writers.pdf.subset import Subset
from press.writers.pdf.subsets import Embedded
from press.writers.pdf.tags import structure_tree
from press.writers.pdf.volume import Bookmark, Leaf, Volume

PRODUCER = f"handout press {__version__}"
PDF_VERSION = (1, 7)


class Stream(PDFObject):
    """A stream with an end of line before `endstream`, as PDF/A asks (6.1.7.1)."""

    __RefOnly__ = 1

    def __init__(self, content: bytes, entries: dict[str, object] | None = None, *, packed: bool = True) -> None:
        self._entries = dict(entries or {})
        self._content = zlib.compress(content, 9) if packed else content
        if packed:
            self._entries["Filter"] = PDFName("FlateDecode")

    def format(self, document: PDFDocument) -> bytes:
        """Write the stream, as ReportLab asks."""
        entries = PDFDictionary({**self._entries, "Length": len(self._content)}).format(document)
        return entries + b"\nstream\n" + self._content + b"\nendstream\n"


class _TaggedPage(PDFPage):
    """A page that names its place in the parent tree and its reading order."""

    __NoDefault__ = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]


class _Bookmarks(PDFObject):
    """The outline of a file (ISO 32000-1, 12.3.3): one name after another."""

    __RefOnly__ = 1
    ready = 1

    def __init__(self, marks: Sequence[Bookmark], pages: Sequence[PDFObjectReference]) -> None:
        self._marks = marks
        self._pages = pages

    def prepare(self, document: PDFDocument, canvas: object) -> None:
        """Make the entries, as ReportLab asks before it writes; none without bookmarks."""
        self.ready = 1 if self._marks else -1
        self._entries = [PDFDictionary({}) for _ in self._marks]
        references = [document.Reference(entry) for entry in self._entries]
        for number, (mark, entry) in enumerate(zip(self._marks, self._entries, strict=True)):
            entry["Title"] = PDFString(mark.name)
            entry["Parent"] = document.Reference(self)
            entry["Dest"] = PDFArray([self._pages[mark.leaf], PDFName("Fit")])
            if number:
                entry["Prev"] = references[number - 1]
            if number + 1 < len(references):
                entry["Next"] = references[number + 1]
        self._ends = (references[0], references[-1]) if references else ()

    def format(self, document: PDFDocument) -> bytes:
        """Write the root of the outline, as ReportLab asks."""
        first, last = self._ends
        entries = {"Type": PDFName("Outlines"), "First": first, "Last": last, "Count": len(self._marks)}
        return PDFDictionary(entries).format(document)


def assemble(volume: Volume) -> bytes:
    """The bytes of the file. Equal volumes give equal bytes."""
    document = PDFDocument(compression=1, invariant=1, pdfVersion=PDF_VERSION, lang=volume.language)
    document.info = Information(volume.title, PRODUCER)
    embedded = Embedded(volume.leaves)
    resources = PDFDictionary({"Font": PDFDictionary(_fonts(document, embedded.subsets))})
    references, marks = [], []
    for number, leaf in enumerate(volume.leaves):
        content, found = draw_page(leaf.page, leaf.height, embedded.of(leaf.faces))
        document.updateSignature(content)  # two patients' pages are two files to a viewer's cache
        references.append(_add_page(document, leaf, number, content, resources))
        marks.append(found)
    _catalog(document, volume.title, volume.language)
    if volume.has_cards:  # what stands on the back belongs behind what stands on the front
        document.Catalog.ViewerPreferences["Duplex"] = PDFName("DuplexFlipLongEdge")
    document.Outlines = document.Catalog.Outlines = _Bookmarks(volume.bookmarks, references)
    document.Catalog.StructTreeRoot = structure_tree(document, volume, marks, references)
    return document.GetPDFData(None)


def _add_page(
    document: PDFDocument, leaf: Leaf, number: int, content: bytes, resources: PDFDictionary
) -> PDFObjectReference:
    page = _TaggedPage()
    page.pagewidth, page.pageheight, page.Rotate = leaf.width, leaf.height, 0
    page.MediaBox = PDFArray([0, 0, leaf.width, leaf.height])
    page.Contents = Stream(content)
    page.Resources = resources
    page.StructParents, page.Tabs = number, PDFName("S")
    reference = document.thisPageRef()
    document.addPage(page)
    return reference


def _catalog(document: PDFDocument, title: str, language: str) -> None:
    catalog = document.Catalog
    catalog.MarkInfo = PDFDictionary({"Marked": "true"})
    catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true", "PrintScaling": PDFName("None")})
    packet = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
    catalog.Metadata = Stream(xmp(title, language, PRODUCER), packet, packed=False)
    profile = document.Reference(Stream(grey_profile(), {"N": 1}))
    intent = {
        "Type": PDFName("OutputIntent"),
        "S": PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": PDFString("Grey, gamma 2.2"),
        "Info": PDFString("Grey, gamma 2.2"),
        "DestOutputProfile": profile,
    }
    catalog.OutputIntents = PDFArray([document.Reference(PDFDictionary(intent))])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]


def _fonts(document: PDFDocument, subsets: Sequence[Subset]) -> dict[str, PDFObjectReference]:
    return {subset.name: _font(document, subset) for subset in subsets}


def _font(document: PDFDocument, subset: Subset) -> PDFObjectReference:
    """A composite font (ISO 32000-1, 9.7.6) whose glyph codes are the subset's own."""
    name = PDFName(f"{subset.label}+{subset.face.name}")
    system = PDFDictionary({"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0})
    below = {
        "Type": PDFName("Font"),
        "Subtype": PDFName("CIDFontType2"),
        "BaseFont": name,
        "CIDSystemInfo": system,
        "FontDescriptor": _descriptor(document, subset, name),
        "CIDToGIDMap": PDFName("Identity"),
        "W": PDFArray([part for code, widths in subset.widths() for part in (code, PDFArray(widths))]),
    }
    above = {
        "Type": PDFName("Font"),
        "Subtype": PDFName("Type0"),
        "BaseFont": name,
        "Encoding": PDFName("Identity-H"),
        "DescendantFonts": PDFArray([document.Reference(PDFDictionary(below))]),
        "ToUnicode": document.Reference(Stream(subset.to_unicode())),
    }
    return document.Reference(PDFDictionary(above))


def _descriptor(document: PDFDocument, subset: Subset, name: str) -> PDFObjectReference:
    sfnt, program = subset.face.sfnt, subset.program()
    entries = {
        "Type": PDFName("FontDescriptor"),
        "FontName": name,
        "Flags": 4,
        "FontBBox": PDFArray(list(sfnt.box)),
        "ItalicAngle": 0,
        "Ascent": sfnt.ascent,
        "Descent": sfnt.descent,
        "CapHeight": sfnt.cap_height,
        "StemV": 50 + int((sfnt.weight / 65) ** 2),
        "FontFile2": document.Reference(Stream(program, {"Length1": len(program)})),
    }
    return document.Reference(PDFDictionary(entries))
