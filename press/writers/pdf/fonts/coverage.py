"""Find characters that no face draws right: they are refused before layout, by name and place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from press.content.characters import describe
from press.document.nodes import (
    Block,
    Break,
    Content,
    Document,
    Inline,
    PageCount,
    PageNumber,
    PictureMark,
    Placeholder,
    SheetNumber,
    Side,
    Strong,
    Text,
    Value,
    WriteIn,
    blocks,
    nodes,
    plain,
    strings,
)
from press.errors import Place, Problem
from press.lru import OfObjects
from press.writers.pdf.fonts import families as chain
from press.writers.pdf.fonts.faces import Faces
from press.writers.values import is_clinics_own, value_problem

_MOST = 2048  # blocks whose letters are kept
EXTRA = "`make scripts`, or without make: `python -m pip install -r requirements/scripts.lock`"
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})

Where = Place | str  # a place in the project's files, or the field of a value


def missing_glyphs(document: Document, faces: Faces) -> list[Problem]:
    """Report every character that no face can draw, with its name and place."""
    if _is_right_to_left(document.language):
        hint = "print the page in another language; names from right to left are printed on every page"
        return [Problem(document.place, "pages that are read from right to left cannot be printed yet", hint)]
    found: dict[Where, list[str]] = {}
    for block in blocks(tuple(root for root in document.everything if not faces.is_plain(letters(root)))):
        for run in strings(block):
            words = plain(run)
            if faces.is_plain(words.replace("\n", " ")):
                continue
            for text, around, where in _texts(run, words, _place(block)):
                found.setdefault(where, []).extend(_undrawn(text, around, where, faces))
    return [
        problem for where, characters in found.items() for problem in _problems(where, tuple(dict.fromkeys(characters)))
    ]


def _letters_of(root: Block) -> frozenset[str]:
    return frozenset("".join([node.text for node in nodes((root,)) if isinstance(node, Text | Value)])) - {"\n"}


# Of the words and values in a block: nearly always they are plain, and then no more is asked.
letters = OfObjects[Block, frozenset[str]](_MOST, _letters_of).get


def _is_right_to_left(language: str) -> bool:
    first, *more = language.split("-")
    scripts = [part for part in more if len(part) == 4]
    return scripts[0] in _RIGHT_TO_LEFT_SCRIPTS if scripts else first in _RIGHT_TO_LEFT


def _place(block: Block) -> Place:
    return getattr(block, "place", Place(""))


def _texts(run: tuple[Inline, ...], around: str, where: Where) -> Iterator[tuple[str, str, Where]]:
    """Walk the texts of a run, each with the name or the sentence that it is from and its place."""
    for node in run:
        match node:
            case Text():
                yield node.text, around, where
            case Value():
                yield node.text, node.text, node.field
            case Strong() | Side():
                yield from _texts(node.children, around, where)
            case Content():
                yield from _texts(node.children, around, node.place)
            case Placeholder() | WriteIn() | Break() | PageNumber() | PageCount() | SheetNumber() | PictureMark():
                pass  # these have no text that is drawn


def _undrawn(text: str, around: str, where: Where, faces: Faces) -> Iterator[str]:
    """Find the characters that would be drawn wrong: of a letter with diacritics, the diacritics."""
    if faces.is_plain(text.replace("\n", " ")):
        return
    family = faces.whole(text) if isinstance(where, str) else ""
    for word in text.replace("\n", " ").split(" "):
        for part, drawn in faces.parts(word, around, family) if word else ():
            if drawn is None:
                yield from (character for cluster in chain.clusters(part) for character in _faulty(cluster, faces))


def _faulty(cluster: str, faces: Faces) -> Iterator[str]:
    alone = [character for character in cluster if faces.parts(character, cluster)[0][1] is None]
    marks = [character for character in alone if unicodedata.category(character)[0] == "M"]
    yield from [character for character in alone if character not in marks] or marks or cluster


def _problems(where: Where, characters: tuple[str, ...]) -> Iterator[Problem]:
    """Report each character of the project's own words; of a value the first alone, as all would be the value."""
    if isinstance(where, Place):
        yield from (Problem(where, _said(c), _way_out(c) or "write it another way") for c in characters)
    elif characters:
        more = f", and {len(characters) - 1} more" if len(characters) > 1 else ""
        said, hint = f"`{where}`: {_said(characters[0])}{more}", _way_out(characters[0])
        usual = "write it in Latin letters" if is_clinics_own(where) else "ask for the spelling in Latin letters"
        yield value_problem(where, said, hint or usual)


def _said(character: str) -> str:
    name = describe(character)
    if unicodedata.category(character)[0] == "M":
        return f"no type face can put the mark {name} in its place"
    return f"no type face has the character {name}"


def _way_out(character: str) -> str:
    """Hint what helps for a character, if anything does."""
    if chain.is_picture(character):
        return "please leave the picture sign out: the page prints words only"
    if chain.missing_extra(character):
        return f"the faces for Chinese, Japanese and Korean are an extra; install them with {EXTRA}"
    return ""
