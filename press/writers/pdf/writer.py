"""Print a document tree, or a job of many, as tagged PDF: PDF/UA-1 and PDF/A-2a in one file.

Glyphs are checked before layout; after it, every string of the tree must lie whole inside
its frame. What fails is refused, never shrunk, clipped or drawn as an empty box.
"""

from __future__ import annotations

from press.document.nodes import Document
from press.document.slots import OPEN, fill_slots, slots_of
from press.writers.pdf.reuse.forme import Copy, Forme
from press.writers.result import Printed
from press.writers.stylesheet import Stylesheet


def lay_out_document(document: Document, stylesheet: Stylesheet) -> Copy:
    """Lay out the pages of a document and prove them. Raises HandoutError with every reason to refuse."""
    texts = tuple([slot.text for slot in slots_of(document)])
    skeleton = fill_slots(document, (OPEN,) * len(texts))
    return Forme(skeleton, stylesheet).copy(texts, document.numbering)


def write_pdf(document: Document, stylesheet: Stylesheet) -> Printed:
    """Write the PDF file and its layout. Raises HandoutError with every reason to refuse."""
    return print_copy(lay_out_document(document, stylesheet))


def print_copy(copy: Copy) -> Printed:
    """Write the PDF file of one reader's pages."""
    from press.writers.pdf.file.single import write_single

    return Printed(write_single(copy), "pdf", copy, copy.plan.warnings)
