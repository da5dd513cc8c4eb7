"""Write everybody's handouts as one PDF file, incrementally: nothing that was written stays in memory.

What is the same for all readers of a profile is in the file once; each person adds the operators of
a few lines and one object stream with pages and structure elements. A job is for paper: it has no
links, which would make it a third larger and take as long again as the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import field
from hashlib import sha256

from press.records import dataclass
from press.writers.pdf.file.catalog import HEAD, Catalog
from press.writers.pdf.file.page_tree import PageTree, Part
from press.writers.pdf.file.tags import Tagged, make_tags
from press.writers.pdf.fonts.font_set import Fonts
from press.writers.pdf.objects import CrossReferenceTable, pack_objects, write_indirect, write_stream
from press.writers.pdf.reuse.forme import Copy
from press.writers.pdf.reuse.pieces import Pieces
from press.writers.pdf.reuse.plan import Plan

_MOST = 1000  # objects in one object stream


@dataclass
class _Known:
    """A plan in a job: its pieces, and the numbers of the content streams that are the same for all."""

    pieces: Pieces
    streams: dict[int, int] = field(default_factory=dict)


class JobFile:
    """A job file that grows part by part. `write` takes the bytes of the file in order.

    Sides before `first` (from 0) and from `end` on are left out, and their content is not in the structure tree.
    """

    def __init__(
        self, write: Callable[[bytes], object], title: str, language: str, first: int = 0, end: int = sys.maxsize
    ) -> None:
        self._write = write
        self._table = CrossReferenceTable()
        self._catalog = Catalog(self._table, title, language, has_outline=True)
        self._page_tree = PageTree(self._table, self._catalog)
        self._fonts = Fonts()
        self._known: dict[Plan, _Known] = {}
        self._digest = sha256()
        self._place = 0
        self._size: tuple[float, float]  # of the last page
        self._first, self._end, self._passed = first, end, 0
        self._put(HEAD)

    @property
    def sides(self) -> int:
        """The number of sides of paper so far."""
        return self._page_tree.sides

    def add(self, part: Part) -> None:
        """Add one person's handouts."""
        number, start, roots = self._table.reserve(), self._page_tree.sides, []
        numbers: list[int] = []
        objects: list[bytes] = []
        for copy in part.handouts:
            sides = self._wanted(copy.pages if copy else 1)
            if not sides:
                continue
            if copy is None:
                new = self._page_tree.blank(self._size)
            else:
                self._size = copy.plan.layout.width, copy.plan.layout.height
                tags, streams = self._drawn(copy, sides, part.language)
                new = self._page_tree.handout(tags, streams, number)
                roots.append(new[0][tags.root])
            numbers += new[0]
            objects += new[1]
        if self._page_tree.sides == start:
            return
        above = self._page_tree.part(part.name, part.language, roots, number, start)
        self._pack(numbers + above[0], objects + above[1])

    def _wanted(self, count: int) -> range:
        """Choose those of the next `count` sides that are not left out."""
        start = self._passed
        self._passed += count
        return range(max(self._first - start, 0), min(self._end - start, count))

    def add_first(self, part: Part) -> None:
        """Add a part as the first of the file: a cover is made last, as it lists the others."""
        self.add(part)
        self._page_tree.bring_forward(sum(copy.pages if copy else 1 for copy in part.handouts))

    def _drawn(self, copy: Copy, sides: range, around: str) -> tuple[Tagged, list[int]]:
        """Draw these sides of a copy, in a part in the language `around`: its tags and content streams."""
        known = self._known.get(copy.plan)
        if known is None:
            self._fonts.add(copy.forme.faces)
            known = self._known[copy.plan] = _Known(Pieces(copy.plan, copy.outcomes, self._fonts, with_links=False))
        pieces, streams = known.pieces, []
        before, end = (sum(map(len, pieces.pages[:side])) for side in (sides.start, sides.stop))
        for place, part in enumerate(pieces.parts[before:end], before):
            if not isinstance(part, bytes):
                content = pieces.own(part, copy.outcomes, self._fonts)
                streams.append(self._append(write_stream(content, is_packed=False)))
                continue
            if place not in known.streams:
                known.streams[place] = self._append(part)
            streams.append(known.streams[place])
        language = copy.forme.skeleton.language
        return make_tags(pieces, sides, "Art", language if language != around else ""), streams

    def _append(self, body: bytes) -> int:
        """Append an object that is in no object stream; give its number."""
        number = self._table.reserve()
        self._put_object(number, body)
        return number

    def _put_object(self, number: int, body: bytes) -> None:
        self._table.put(number, self._place)
        self._put(write_indirect(number, body))

    def _pack(self, numbers: list[int], objects: list[bytes]) -> None:
        holder = self._append(pack_objects(numbers, objects, quickly=True))
        self._table.put_packed(numbers, holder)

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._write(data)
        self._place += len(data)

    def end(self) -> None:
        """Write fonts, trees, outline and trailer."""
        self._catalog.add_resources(self._fonts, (plan.layout for plan in self._known), self._table)
        for number, body in self._catalog.streams:
            self._put_object(number, body)
        numbers, objects = self._page_tree.end()
        for start in range(0, len(numbers), _MOST):
            self._pack(numbers[start : start + _MOST], objects[start : start + _MOST])
        trailer = self._catalog.trailer(self._digest.hexdigest())
        self._put(self._table.written(self._table.reserve(), self._place, trailer, is_packed=True))
