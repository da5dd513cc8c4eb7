"""Collect the fonts of a file, each a subset of a face.

The code of a letter is its glyph number, so it is the same in every file; only composite glyphs are
numbered in the order in which a file first draws them.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from functools import lru_cache

from press.writers.pdf.fonts.faces import Face, Faces
from press.writers.pdf.fonts.subset import Subset, Unknown
from press.writers.pdf.model import Look, Sign

# What names are written with in most clinics: letters beyond these are added where a page has them.
ALPHABET = (
    string.digits
    + string.ascii_letters
    + string.punctuation
    + " \N{NO-BREAK SPACE}•…·–—‘’“”áéíóúüñÁÉÍÓÚÜÑàèìòùâêîôûäëïöçãõåøÀÈÌÒÙÂÊÎÔÛÄËÏÖÇÃÕÅØ¿¡"
)
_USUAL = frozenset(ALPHABET)
Mark = dict[str, int]
Letters = tuple[tuple[str, tuple[tuple[Sign, str], ...]], ...]


class Fonts:
    """The subsets that a file draws with. They grow as more is drawn; a copy grows alone."""

    def __init__(self) -> None:
        self._subsets: dict[str, Subset] = {}
        self._looks: dict[tuple[Faces, Look], Subset] = {}
        self._is_closed = self.keeps_to_letters = False

    @staticmethod
    def usual(faces: Faces, letters: frozenset[str]) -> Fonts:
        """Make closed fonts of two faces with the usual letters and these, as far as they have them."""
        return _usual(faces, letters - _USUAL)

    def add(self, faces: Faces, letters: Iterable[str] = ()) -> None:
        """Add two faces with the usual letters and these, as far as they have them."""
        for bold in (False, True):
            subset = self.of(faces, ("", bold))
            subset.add_letters(c for c in sorted({*ALPHABET, *letters}) if ord(c) in subset.face.sfnt.characters)

    def copy(self) -> Fonts:
        """Copy the subsets, to grow alone."""
        found = Fonts()
        found._subsets = {name: subset.copy() for name, subset in self._subsets.items()}
        found._looks = {look: found._subsets[subset.face.name] for look, subset in self._looks.items()}
        return found

    @staticmethod
    def join(parts: Sequence[Fonts]) -> Fonts | None:
        """Join closed fonts to one set that keeps all their codes, the same whenever they are joined.

        None if a code would not be the same.
        """
        return _joined(tuple(dict.fromkeys(parts)))

    @property
    def subsets(self) -> tuple[Subset, ...]:
        """All subsets, in the order of their names."""
        return tuple(self._subsets.values())

    @property
    def key(self) -> object:
        """A key that equal fonts share; of closed fonts it is the object itself."""
        return self if self._is_closed else tuple(subset.key for subset in self._subsets.values())

    def keep_to_letters(self) -> None:
        """Add nothing any more whose code or name depends on what came before: to draw that raises Unknown."""
        self.keeps_to_letters = True
        for subset in self._subsets.values():
            subset.keeps_to_letters = True

    def mark(self) -> Mark:
        """How much there is now."""
        return {subset.name: subset.count for subset in self._subsets.values()}

    def since(self, mark: Mark) -> Letters:
        """The letters that came after `mark`, with their codes, by the name of their subset."""
        found = ((subset.name, subset.after(mark.get(subset.name, 0))) for subset in self._subsets.values())
        return tuple((name, letters) for name, letters in found if letters)

    def take(self, letters: Letters) -> bool:
        """Add letters that were drawn elsewhere; tell whether each has the code that it has there."""
        names = {subset.name: subset for subset in self._subsets.values()}
        return all(name in names and names[name].take(found) for name, found in letters)

    def close(self) -> None:
        """Close the fonts: to draw what they lack raises Unknown."""
        self._is_closed = True
        for subset in self._subsets.values():
            subset.is_closed = True

    def of(self, faces: Faces, look: Look) -> Subset:
        """Choose the subset that draws a look of words in these faces."""
        found = self._looks.get((faces, look))
        if found is None:
            found = self._looks[faces, look] = self._add_face(faces.of(look[1], look[0]))
        return found

    def _add_face(self, face: Face) -> Subset:
        if face.name not in self._subsets:
            if self._is_closed or self.keeps_to_letters:
                raise Unknown
            self._subsets[face.name] = Subset(face, f"F{len(self._subsets) + 1}")
        return self._subsets[face.name]


@lru_cache(maxsize=32)
def _joined(parts: tuple[Fonts, ...]) -> Fonts | None:
    if len(parts) == 1:
        return parts[0]
    found = parts[0].copy()
    for part in parts[1:]:
        for name, subset in part._subsets.items():
            mine = found._subsets.get(name)
            if mine is None or mine.name != subset.name or mine.face is not subset.face or not mine.take_in(subset):
                return None
        found._looks |= {look: found._subsets[subset.face.name] for look, subset in part._looks.items()}
    found.close()
    return found


@lru_cache(maxsize=32)
def _usual(faces: Faces, more: frozenset[str]) -> Fonts:
    found = Fonts()
    found.add(faces, more)
    found.close()
    return found
