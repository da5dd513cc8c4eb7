"""What no face can draw as it is meant: refused before layout, by the character's name and its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from press.document import Block, Content, Document, Inline, Strong, Text, Value, blocks, plain, strings
from press.errors import Place, Problem
from press.writers.pdf import chain
from press.writers.pdf.fonts import Faces

EXTRA = "`make scripts`, or without make: `python -m pip install -r requirements-scripts.lock`"
_CLINICS_OWN = ("clinic_", "after_hours_", "injection_", "tablet_")  # values of config.yaml
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})

Where = Place | str  # a place in the project's files, or the field of a value


def missing_glyphs(document: Document, faces: Faces) -> list[Problem]:
    """A problem for every character that no face can draw, naming it and where it stands."""
    if _is_right_to_left(document.language):
        hint = "print the page in another language; names from right to left are printed on every page"
        return [Problem(document.place, "pages that are read from right to left cannot be printed yet", hint)]
    found: dict[tuple[str, Where], Problem] = {}
    for block in blocks(document.everything):
        for run in strings(block):
            for text, around, where in _texts(run, plain(run), _place(block)):
                for character in _undrawn(text, around, where, faces):
                    found.setdefault((character, where), _missing(character, where))
    return list(found.values())


def _is_right_to_left(language: str) -> bool:
    first, *more = language.split("-")
    scripts = [part for part in more if len(part) == 4]
    return scripts[0] in _RIGHT_TO_LEFT_SCRIPTS if scripts else first in _RIGHT_TO_LEFT


def _place(block: Block) -> Place:
    return getattr(block, "place", Place(""))


def _texts(run: tuple[Inline, ...], around: str, where: Where) -> Iterator[tuple[str, str, Where]]:
    """The texts of a run, each with the name or the sentence that it is from and its place."""
    for node in run:
        match node:
            case Text():
                yield node.text, around, where
            case Value():
                yield node.text, node.text, node.field
            case Strong():
                yield from _texts(node.children, around, where)
            case Content():
                yield from _texts(node.children, around, node.place)


def _undrawn(text: str, around: str, where: Where, faces: Faces) -> Iterator[str]:
    """The characters that would be drawn wrongly: of a letter with marks, the marks."""
    family = faces.whole(text) if isinstance(where, str) else ""
    for word in text.replace("\n", " ").split(" "):
        for part, drawn in faces.parts(word, around, family) if word else ():
            if drawn is None:
                yield from (character for cluster in chain.clusters(part) for character in _faulty(cluster, faces))


def _faulty(cluster: str, faces: Faces) -> Iterator[str]:
    alone = [character for character in cluster if faces.parts(character, cluster)[0][1] is None]
    marks = [character for character in alone if unicodedata.category(character)[0] == "M"]
    yield from [character for character in alone if character not in marks] or marks or cluster


def _missing(character: str, where: Where) -> Problem:
    name = unicodedata.name(character, "without a name")
    said = f"no type face has the character U+{ord(character):04X} {name}"
    if unicodedata.category(character)[0] == "M":
        said = f"no type face can put the mark U+{ord(character):04X} {name} in its place"
    if isinstance(where, str) and where.startswith(_CLINICS_OWN):
        return Problem(Place("config.yaml"), f"`{where}`: {said}", _way_out(character) or "write it in Latin letters")
    if isinstance(where, str):
        hint = _way_out(character) or "ask for the spelling in Latin letters"
        return Problem(Place("options"), f"`{where}`: {said}", hint, private=True)
    return Problem(where, said, _way_out(character) or "write it another way")


def _way_out(character: str) -> str:
    """What helps for this kind of character, if something does."""
    if chain.is_picture(character):
        return "please leave the picture sign out: the page prints words only"
    if chain.missing_extra(character):
        return f"the faces for Chinese, Japanese and Korean are an extra; install them with {EXTRA}"
    return ""
