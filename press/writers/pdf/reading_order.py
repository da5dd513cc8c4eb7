"""Put the parts of a line into reading order, and cut them where what is marked in the tree changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from types import MappingProxyType
from unicodedata import bidirectional

from press.records import dataclass, replace
from press.writers.pdf.model import Blank, Line, Links, Look, Run

NO_LINKS: Links = MappingProxyType({})


@dataclass(frozen=True)
class Turned:
    """Neighboring runs of one face whose reading order is not their order on the line.

    They are drawn from left to right if `by_sight`, else in reading order. Every letter has its place
    either way; this is for viewers that search in drawing order (pdfium, tried). They take a line
    whose words are mostly right-to-left for a right-to-left line, and reverse it.
    """

    runs: tuple[Run, ...]
    by_sight: bool

    @property
    def spoken(self) -> str:
        """Give the words in reading order."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Cut:
    """A part of words that would be drawn in one go but for a link among them; `is_link` is that link.

    The x of `run` is that of all these words: it is drawn where it would be behind those `before`, uncut.
    """

    run: Run
    before: str
    is_link: bool


Part = Run | Blank | Turned | Cut


def find_sequences(line: Line) -> tuple[str | None, ...]:
    """Find the marked-content sequences that a line needs, in order; nothing where one is enough.

    Each is what is said in place of its words, or None for words that are read as they are drawn.
    """
    if not line.blanks and not any([run.level for run in line.runs]):
        return ()
    found = [part.spoken if isinstance(part, Blank | Turned) else None for part in group_parts(line)]
    return tuple(said for before, said in pairwise(["", *found]) if said is not None or before is not None)


def group_parts(line: Line, links: Links = NO_LINKS) -> list[Part]:
    """Put the parts of a line into reading order, each link by itself.

    There is no link on a line with words from right to left.
    """
    if len(line.runs) == 1 and not line.blanks and not line.runs[0].level and not links:
        return [*line.runs]
    if not any([run.level for run in line.runs]):
        return list(_in_one_go(line.parts if line.blanks else line.runs, links))
    directions = [kind for kind, _ in groupby(map(_direction, line.text)) if kind]
    by_sight = directions.count("R") > directions.count("L")
    found: list[Part] = []
    for turned, group in groupby(line.parts, key=_look):
        parts = list(group)
        found += [Turned(tuple(part for part in parts if isinstance(part, Run)), by_sight)] if turned else parts
    return found


def _in_one_go(parts: Iterable[Run | Blank], links: Links) -> Iterator[Run | Blank | Cut]:
    """Join neighbors of one face: to paper it makes no difference which text they are from."""
    for face, group in groupby(parts, key=_face):
        if face is None:
            yield from group
            continue
        runs = [part for part in group if isinstance(part, Run)]
        if links and any(run.field in links and not run.signs for run in runs):
            yield from _cut(runs, links)
        else:
            yield _join(runs)


def _join(runs: list[Run]) -> Run:
    first = runs[0]
    if len(runs) == 1:
        return first
    text, signs = "".join([run.text for run in runs]), tuple(sign for run in runs for sign in run.signs)
    return Run(first.x, text, first.bold, first.field, "", first.family, signs)


def _cut(runs: list[Run], links: Links) -> Iterator[Cut]:
    """Cut words of one face at their links."""
    before = ""
    for field, group in groupby(runs, key=lambda run: run.field if run.field in links else ""):
        run = replace(_join(list(group)), x=runs[0].x)
        yield Cut(run, before, bool(field))
        before += run.text


def _face(part: Run | Blank) -> tuple[bool, str, bool] | None:
    return (part.bold, part.family, bool(part.signs)) if isinstance(part, Run) else None


def _look(part: Run | Blank) -> Look | None:
    return (part.family, part.bold) if isinstance(part, Run) and part.level else None


def _direction(character: str) -> str:
    return {"L": "L", "R": "R", "AL": "R"}.get(bidirectional(character), "")
