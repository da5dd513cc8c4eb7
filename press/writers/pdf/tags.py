"""The structure tree: which marks on which pages belong to which element.

ISO 32000-1, 14.7 (tree, parent tree), 14.8.5 (attributes of lists, tables and drawings), 14.9
(language, words for drawings). One paragraph on two pages is one element with a mark on each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFObjectReference, PDFString

from press.writers.pdf.bars import frames
from press.writers.pdf.draw import Marks
from press.writers.pdf.layout import Element
from press.writers.pdf.volume import Volume

_SCOPES = {"col": "Column", "row": "Row"}  # ISO 32000-1, table 349


def structure_tree(
    document: PDFDocument, volume: Volume, marks: Sequence[Marks], pages: Sequence[PDFObjectReference]
) -> PDFObjectReference:
    """Write the tree of a file; page number n has the parent tree key n - 1."""
    return _Tree(document, marks, pages, volume).write(volume.root)


class _Tree:
    def __init__(
        self, document: PDFDocument, marks: Sequence[Marks], pages: Sequence[PDFObjectReference], volume: Volume
    ) -> None:
        self._document = document
        self._frames = frames(volume.root, ((leaf.page, leaf.height) for leaf in volume.leaves))
        self._pages = pages
        self._where: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._parents: list[list[PDFObjectReference | None]] = []
        self._spoken = [found.spoken for found in marks]
        for page, found in enumerate(marks):
            self._parents.append([None] * len(found.keys))
            for mark, key in enumerate(found.keys):
                self._where[key].append((page, mark))

    def write(self, root: Element) -> PDFObjectReference:
        tree = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        reference = self._document.Reference(tree, "StructTreeRoot")
        tree["K"] = PDFArray([self._element(root, reference)])
        numbers: list[object] = []
        for page, parents in enumerate(self._parents):
            if None in parents:
                raise RuntimeError("a mark on the page belongs to no element")
            numbers += [page, self._document.Reference(PDFArray(parents))]
        tree["ParentTree"] = self._document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
        tree["ParentTreeNextKey"] = len(self._parents)
        return reference

    def _element(self, element: Element, parent: PDFObjectReference) -> PDFObjectReference:
        entries = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(element.role), "P": parent})
        reference = self._document.Reference(entries)
        children: list[object] = [self._element(child, reference) for child in element.children]
        for page, mark in self._where.get(element.key, ()) if element.key else ():
            spoken = self._spoken[page].get(mark)
            add = self._mark(page, mark, reference) if spoken is None else self._said(page, mark, spoken, reference)
            children.append(add)
        entries["K"] = PDFArray(children)
        self._attributes(element, entries)
        return reference

    def _mark(self, page: int, mark: int, element: PDFObjectReference) -> PDFDictionary:
        self._parents[page][mark] = element
        return PDFDictionary({"Type": PDFName("MCR"), "Pg": self._pages[page], "MCID": mark})

    def _said(self, page: int, mark: int, spoken: str, parent: PDFObjectReference) -> PDFObjectReference:
        """An element whose words are not read as they stand in the file (ISO 32000-1, 14.9.4)."""
        entries = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName("Span"), "P": parent})
        reference = self._document.Reference(entries)
        entries["ActualText"] = PDFString(spoken)
        entries["K"] = PDFArray([self._mark(page, mark, reference)])
        return reference

    def _attributes(self, element: Element, entries: PDFDictionary) -> None:
        if element.language:
            entries["Lang"] = PDFString(element.language)
        if element.scope:
            entries["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName(_SCOPES[element.scope])})
        if element.numbering:
            entries["A"] = PDFDictionary({"O": PDFName("List"), "ListNumbering": PDFName(element.numbering)})
        if element.alt:
            entries["Alt"] = PDFString(element.alt)
            frame = PDFArray(self._frames[element.key])
            entries["A"] = PDFDictionary({"O": PDFName("Layout"), "Placement": PDFName("Block"), "BBox": frame})
