"""Which faces a file embeds and how much of each: one subset for a face, however many people's pages use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from press.writers.pdf.draw import Look
from press.writers.pdf.fonts import Face, Faces
from press.writers.pdf.layout import Run, Sign, TextItem
from press.writers.pdf.subset import Subset
from press.writers.pdf.volume import Leaf

_ALWAYS = frozenset("0123456789•. ")


class Embedded:
    """The subsets of a file, and for each side which of them draws which look."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._looks: dict[int, dict[Look, str]] = {}
        self._faces: dict[str, Face] = {}
        used = self._used(leaves)
        self.subsets = tuple(Subset(self._faces[name], f"F{number}", used[name]) for number, name in enumerate(used, 1))
        self._by_name = {subset.face.name: subset for subset in self.subsets}

    def of(self, faces: Faces) -> Mapping[Look, Subset]:
        """The subset for each look of words that are set in these faces."""
        return {look: self._by_name[name] for look, name in self._looks[id(faces)].items()}

    def _used(self, leaves: Sequence[Leaf]) -> dict[str, set[Sign]]:
        """The signs that each face draws, by the face's name; the first face of the file comes first."""
        found: dict[str, set[Sign]] = {}
        letters: dict[str, tuple[Face, set[str]]] = {}
        for leaf in leaves:
            for run in _runs(leaf):
                face = leaf.faces.of(run.bold, run.family)
                self._note(leaf.faces, (run.family, run.bold), face)
                found.setdefault(face.name, set()).update(run.signs)
                letters.setdefault(face.name, (face, set(_ALWAYS)))[1].update("" if run.signs else run.text)
        for name, (face, text) in letters.items():
            found[name].update(map(face.sign, text))
        return found

    def _note(self, faces: Faces, look: Look, face: Face) -> None:
        self._looks.setdefault(id(faces), {})[look] = face.name
        self._faces[face.name] = face


def _runs(leaf: Leaf) -> Iterator[Run]:
    for item in (*leaf.page.items, *leaf.page.footer):
        if isinstance(item, TextItem):
            yield from item.line.runs
