"""Print a document tree as tagged PDF: PDF/UA-1 and PDF/A-2a in one file.

Glyphs are checked before layout; after it, every string of the tree must lie whole inside
its frame. What fails is refused, never shrunk, clipped or drawn as an empty box.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from press.document import Block, Content, Document, Inline, Strong, Text, Value, blocks, strings
from press.errors import Place, Problem, Problems
from press.style import Stylesheet, dense
from press.writers.pdf.cards import CLINICS_OWN
from press.writers.pdf.fonts import Faces, Subset, load_face
from press.writers.pdf.layout import Layout, TextItem
from press.writers.pdf.page import lay_out
from press.writers.pdf.proof import prove
from press.writers.printed import Printed

_ALWAYS = frozenset("0123456789•. ")


def write_pdf(document: Document, sheet: Stylesheet) -> Printed:
    """The file and its layout record. Raises HandoutError with every reason to refuse."""
    if document.role == "one-side":
        sheet = dense(sheet)
    faces = _faces(sheet)
    problems = Problems()
    problems.extend(missing_glyphs(document, faces))
    problems.raise_if_errors()
    layout, too_long = lay_out(document, sheet, faces)
    problems.extend(too_long)
    problems.raise_if_errors()
    prove(document, layout, faces)
    from press.writers.pdf.file import assemble

    data = assemble(layout, _subsets(layout, faces), document.title, document.language)
    return Printed(data, "pdf", layout)


def _faces(sheet: Stylesheet) -> Faces:
    folder = sheet.folder / "fonts"
    return Faces(load_face(folder / sheet.faces.regular), load_face(folder / sheet.faces.bold))


def missing_glyphs(document: Document, faces: Faces) -> list[Problem]:
    """A problem for every character that no face can draw, naming it and where it stands."""
    found: dict[tuple[str, Place | str], Problem] = {}
    for block in blocks(document.everything):
        for run in strings(block):
            for character, where in _characters(run, _place(block)):
                if character not in "\n" and faces.regular.lacks(character):
                    found.setdefault((character, where), _missing(character, where))
    return list(found.values())


def _place(block: Block) -> Place:
    return getattr(block, "place", Place(""))


def _characters(run: tuple[Inline, ...], where: Place | str) -> Iterator[tuple[str, Place | str]]:
    for node in run:
        match node:
            case Text():
                yield from ((character, where) for character in node.text)
            case Value():
                yield from ((character, node.field) for character in node.text)
            case Strong():
                yield from _characters(node.children, where)
            case Content():
                yield from _characters(node.children, node.place)


def _missing(character: str, where: Place | str) -> Problem:
    name = unicodedata.name(character, "without a name")
    said = f"no type face has the character U+{ord(character):04X} {name}"
    if isinstance(where, str) and where.startswith(CLINICS_OWN):
        return Problem(Place("config.yaml"), f"`{where}`: {said}", "write it in Latin letters")
    if isinstance(where, str):
        return Problem(Place("options"), f"`{where}`: {said}", "ask for the spelling in Latin letters", private=True)
    return Problem(where, said, "write it another way")


def _subsets(layout: Layout, faces: Faces) -> dict[bool, Subset]:
    used: dict[bool, set[str]] = {False: set(_ALWAYS), True: set(_ALWAYS)}
    for page in layout.pages:
        for item in (*page.items, *page.footer):
            if isinstance(item, TextItem):
                for run in item.line.runs:
                    used[run.bold].update(run.text)
    return {bold: Subset(faces.of(bold), frozenset(used[bold])) for bold in (False, True)}
