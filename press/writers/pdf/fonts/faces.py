"""Measure text, and choose the face of the fallback chain that draws each part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.records import dataclass
from press.writers.pdf.fonts import families as chain
from press.writers.pdf.fonts.bidi import has_right_to_left
from press.writers.pdf.fonts.integrity import EM, FaceError, read_whole_face
from press.writers.pdf.fonts.shaping import shape
from press.writers.pdf.fonts.truetype import Sfnt
from press.writers.pdf.model import Line, OpenLine, Run, Sign

if TYPE_CHECKING:
    from press.writers.stylesheet import FaceFiles

_MOST = 20_000  # cached widths of words


@dataclass(frozen=True, eq=False)
class Face:
    """One TrueType file: its metrics in thousandths of the size, its characters."""

    name: str
    sfnt: Sfnt

    def width(self, text: str, size: float) -> float:
        """Measure `text` in points, each character by its own glyph."""
        units = self._words.get(text)
        if units is None:
            if len(self._words) >= _MOST:
                self._words.clear()
            units = self._words[text] = sum(map(self._widths.__getitem__, text))
        return units * size / EM

    def sign(self, character: str) -> Sign:
        """Make the sign of a character that has its own glyph."""
        found = self._signs.get(character)
        if found is None:
            glyph = self.sfnt.characters[ord(character)]
            found = self._signs[character] = Sign(character, ((glyph, 0, 0),), self._widths[character])
        return found

    @cached_property
    def _signs(self) -> dict[str, Sign]:
        """Signs made before, by character."""
        return {}

    @cached_property
    def _words(self) -> dict[str, int]:
        """Cached widths of words."""
        return {}

    @property
    def ascent(self) -> int:
        """The ascent: how far letters rise above the base line."""
        return self.sfnt.ascent

    @property
    def descent(self) -> int:
        """The descent: how far letters fall below the base line; negative."""
        return self.sfnt.descent

    @cached_property
    def _widths(self) -> dict[str, int]:
        """The advance width of each character."""
        return {chr(point): self.sfnt.advance(glyph) for point, glyph in self.sfnt.characters.items()}


def load_faces(fonts: Path, files: FaceFiles, language: str) -> Faces:
    """Load the faces of a stylesheet from a folder. Raises HandoutError, at the line that names a broken one."""
    problems = Problems()
    for name, file in (("regular", files.regular), ("bold", files.bold)):
        try:
            load_face(fonts / file)
        except FaceError as error:
            problems.add(files.place_of(name), *error.sentence)
    problems.raise_if_errors()
    return _faces(fonts, files.regular, files.bold, language)


@lru_cache(maxsize=16)
def _faces(fonts: Path, regular: str, bold: str, language: str) -> Faces:
    return Faces(load_face(fonts / regular), load_face(fonts / bold), fonts, language)


@lru_cache(maxsize=16)
def load_face(path: Path) -> Face:
    """Read a face from the project's own folder, or from the package with more faces. Raises FaceError."""
    return Face(path.stem, read_whole_face(path))


@dataclass(frozen=True, eq=False)
class Faces:
    """The two faces of a stylesheet, and their fallbacks below `fonts`.

    `language` is that of the page. A family is known by its name; the page's own has none.
    """

    regular: Face
    bold: Face
    fonts: Path | None = None
    language: str = ""

    def of(self, bold: bool, family: str = "") -> Face:
        """Choose the bold or the regular face of a family."""
        regular, strong = (self.regular, self.bold) if not family else self._pair(family) or (self.regular, self.bold)
        return strong if bold else regular

    def width(self, run: Run, size: float) -> float:
        """Measure a run in points, without the space that ends it."""
        if not run.signs:
            return self.of(run.bold, run.family).width(run.text.rstrip(" "), size)
        signs = list(run.signs)
        while signs and signs[-1].text == " ":
            signs.pop()
        return sum(sign.advance for sign in signs) * size / EM

    def signs(self, run: Run) -> tuple[Sign, ...]:
        """Give the signs of a run, from left to right."""
        face = self.of(run.bold, run.family)
        return run.signs or tuple(face.sign(character) for character in run.text)

    def reach(self, runs: Iterable[Run], size: float) -> tuple[float, float]:
        """Measure how deep and how high fallback faces and composed glyphs reach, in points.

        The stylesheet's line height is made for the page's own letters, so they are left out.
        """
        low = high = 0
        for run in runs:
            if run.family or run.signs:
                sfnt = self.of(run.bold, run.family).sfnt
                for sign in self.signs(run):
                    for glyph, _, up in sign.parts:
                        bottom, top = sfnt.extent(glyph)
                        low, high = min(low, bottom + up), max(high, top + up)
        return low * size / EM, high * size / EM

    def reach_of(self, line: Line, size: float) -> tuple[float, float]:
        """Measure the same of a line, one of a reader too."""
        return line.reach if isinstance(line, OpenLine) else self.reach(line.runs, size)

    def shape(self, text: str, bold: bool, family: str, level: int) -> tuple[Sign, ...]:
        """Shape a text whose letters cannot each be drawn by their own glyph; else give nothing."""
        if not level % 2 and not chain.needs_shaping(text):
            return ()
        found = shape(self.of(bold, family).sfnt, text, backwards=bool(level % 2))
        if not found:
            raise RuntimeError("a text without glyphs reached the page")
        return found

    def is_plain(self, text: Iterable[str]) -> bool:
        """Tell whether the page's own faces draw each character by its own glyph, from left to right."""
        return self._plain.issuperset(text)

    def whole(self, text: str) -> str:
        """Choose the family that draws all of a name; the page's own if there is none."""
        if self.is_plain(text):
            return ""
        return next((name for name in self._order(text) if self._covers(name, text)), "")

    def parts(self, text: str, around: str, family: str = "") -> list[tuple[str, str | None]]:
        """Cut a word that no one family draws: each part with the name of its family.

        `family` is the one that draws all of the name. A part that none can draw has no family, and
        must not be drawn. `around` is the name or the sentence: it tells Japanese from Chinese.
        """
        if family or self.is_plain(text):
            return [(text, family)]
        names = list(self._order(around))
        for name in names:
            if self._covers(name, text):
                return [(text, name)]
        found: list[tuple[str, str | None]] = []
        for cluster in chain.clusters(text):
            last = found[-1][1] if found else None
            names_here = [*([last] if last is not None else []), *names]
            drawing = next((name for name in names_here if self._covers(name, cluster)), None)
            whole = found[-1][0] + cluster if found and last == drawing else ""
            if whole and (drawing is None or self._covers(drawing, whole)):
                found[-1] = (whole, drawing)
            else:
                found.append((cluster, drawing))
        return found

    def _order(self, around: str) -> Iterator[str]:
        yield ""
        yield from (family.name for family in chain.order(around, self.language))

    @cached_property
    def _plain(self) -> frozenset[str]:
        both = self.regular.sfnt.characters.keys() & self.bold.sfnt.characters.keys()
        return frozenset(
            c
            for c in map(chr, both)
            if chain.BASE.may_draw(c) and not chain.needs_shaping(c) and not has_right_to_left(c)
        )

    def _pair(self, name: str) -> tuple[Face, Face] | None:
        """Load the two faces of a family, if they are installed."""
        if not name:
            return self.regular, self.bold
        return _pair(name, self.fonts) if self.fonts else None

    def _covers(self, name: str, text: str) -> bool:
        """Tell whether a family draws all of a text right, in regular and in bold."""
        if not _may_draw(name or chain.BASE.name, text):
            return False  # a face that is not needed is not read: it may be broken, or heavy
        pair = self._pair(name)
        return pair is not None and _covers(*pair, text)


def broken_fallbacks(fonts: Path) -> Iterator[Problem]:
    """Find broken faces among the project's own fallbacks, which else nobody reads until a name needs one."""
    for family in chain.FAMILIES:
        for path in () if family.is_extra else family.files(fonts) or ():
            try:
                if path.is_file():
                    _fallback(path)
            except HandoutError as error:
                yield from error.problems


@lru_cache(maxsize=16)
def _pair(name: str, fonts: Path) -> tuple[Face, Face] | None:
    """Load the two faces of a family, if they are installed. Raises HandoutError if one is broken."""
    files = chain.family(name).files(fonts)
    return (_fallback(files[0]), _fallback(files[1])) if files and all(file.is_file() for file in files) else None


def _fallback(path: Path) -> Face:
    try:
        return load_face(path)
    except FaceError as error:
        raise refuse(Place("/".join(path.parts[-3:])), *error.sentence) from None


@lru_cache(maxsize=4096)
def _may_draw(name: str, text: str) -> bool:
    return chain.family(name).may_draw_all(text)


@lru_cache(maxsize=4096)
def _covers(regular: Face, bold: Face, text: str) -> bool:
    """Tell whether both faces have the glyphs of a text, and HarfBuzz can shape it with them."""
    backwards = has_right_to_left(text)
    for face in (regular, bold):
        if any(ord(character) not in face.sfnt.characters for character in text if character not in chain.JOINERS):
            return False
        if (backwards or chain.needs_shaping(text)) and not shape(face.sfnt, text, backwards=backwards):
            return False
    return True
