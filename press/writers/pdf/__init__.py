"""Print a document tree as tagged PDF: PDF/UA-1 and PDF/A-2a in one file.

Glyphs are checked before layout; after it, every string of the tree must lie whole inside
its frame. What fails is refused, never shrunk, clipped or drawn as an empty box.
"""

from __future__ import annotations

from press.document import Document
from press.errors import Problems
from press.style import Stylesheet, dense, for_language
from press.writers.pdf.draw import Look
from press.writers.pdf.fit import fit
from press.writers.pdf.fonts import Faces, load_face
from press.writers.pdf.layout import Layout, Sign, TextItem
from press.writers.pdf.missing import missing_glyphs
from press.writers.pdf.proof import prove
from press.writers.pdf.reflow import reflow
from press.writers.pdf.subset import Subset
from press.writers.printed import Printed

_ALWAYS = frozenset("0123456789•. ")


def write_pdf(document: Document, sheet: Stylesheet) -> Printed:
    """The file and its layout record. Raises HandoutError with every reason to refuse."""
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
    from press.writers.pdf.file import assemble

    data = assemble(layout, _subsets(layout, faces), document.title, document.language)
    return Printed(data, "pdf", layout, warnings)


def _faces(sheet: Stylesheet, language: str) -> Faces:
    fonts = sheet.folder / "fonts"
    return Faces(load_face(fonts / sheet.faces.regular), load_face(fonts / sheet.faces.bold), fonts, language)


def _subsets(layout: Layout, faces: Faces) -> dict[Look, Subset]:
    letters: dict[Look, set[str]] = {("", bold): set(_ALWAYS) for bold in (False, True)}
    used: dict[Look, set[Sign]] = {}
    for page in layout.pages:
        for item in (*page.items, *page.footer):
            for run in item.line.runs if isinstance(item, TextItem) else ():
                letters.setdefault((run.family, run.bold), set()).update("" if run.signs else run.text)
                used.setdefault((run.family, run.bold), set()).update(run.signs)
    for (family, bold), found in letters.items():
        used.setdefault((family, bold), set()).update(map(faces.of(bold, family).sign, found))
    looks = sorted(used)
    names = {family: str(number or "") for number, family in enumerate(dict.fromkeys(family for family, _ in looks))}
    return {
        (family, bold): Subset(faces.of(bold, family), f"F{'B' if bold else 'R'}{names[family]}", used[family, bold])
        for family, bold in looks
    }
