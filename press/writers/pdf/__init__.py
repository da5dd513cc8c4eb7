"""Print a document tree, or a job of many, as tagged PDF: PDF/UA-1 and PDF/A-2a in one file.

Glyphs are checked before layout; after it, every string of the tree must lie whole inside
its frame. What fails is refused, never shrunk, clipped or drawn as an empty box.
"""

from __future__ import annotations

from collections.abc import Sequence

from press.document import Document
from press.errors import Problem, Problems
from press.style import Stylesheet, dense, for_language
from press.writers.pdf.fit import fit
from press.writers.pdf.fonts import Faces, load_face
from press.writers.pdf.missing import missing_glyphs
from press.writers.pdf.proof import prove
from press.writers.pdf.reflow import reflow
from press.writers.pdf.volume import Laid, Part, bound, single
from press.writers.printed import Printed


def write_pdf(document: Document, sheet: Stylesheet) -> Printed:
    """The file and its layout record. Raises HandoutError with every reason to refuse."""
    laid, warnings = laid_out(document, sheet)
    from press.writers.pdf.file import assemble

    data = assemble(single(laid, document.title, document.language))
    return Printed(data, "pdf", laid.layout, warnings)


def laid_out(document: Document, sheet: Stylesheet) -> tuple[Laid, tuple[Problem, ...]]:
    """The pages of a document, proved, and warnings for staff. Raises HandoutError."""
    sheet = for_language(sheet, document.language)
    if document.role == "one-side":
        sheet = dense(sheet)
    document = reflow(document, sheet)
    faces = _faces(sheet, document.language)
    problems = Problems()
    problems.extend(missing_glyphs(document, faces))
    problems.raise_if_errors()
    layout, warnings = fit(document, sheet, faces)
    prove(document, layout, faces)
    return Laid(layout, faces), warnings


def write_job(parts: Sequence[Part], title: str, language: str, first: int = 0) -> bytes:
    """The file of a print job from side `first` (from 0) on."""
    from press.writers.pdf.file import assemble

    return assemble(bound(parts, title, language, first))


def _faces(sheet: Stylesheet, language: str) -> Faces:
    fonts = sheet.folder / "fonts"
    return Faces(load_face(fonts / sheet.faces.regular), load_face(fonts / sheet.faces.bold), fonts, language)
