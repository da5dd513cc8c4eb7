"""Write everybody's handouts as one PDF file, incrementally: nothing that was written stays in memory.

What is the same for all readers of a profile is in the file once; each person adds the operators of
a few lines and one object stream with pages and structure elements. A job is for paper: it has no
links, which would make it a third larger and take as long again as the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from hashlib import sha256

from press.document.logo import Logo
from press.writers.pdf.file.catalog import HEAD, Catalog
from press.writers.pdf.file.page_tree import PageTree, Part
from press.writers.pdf.file.stretch import Claim, Drawn, OutOfStepError, Shared, Start, Stretch, Written, assign, claim
from press.writers.pdf.fonts.subset import Unknown
from press.writers.pdf.objects import CrossReferenceTable, pack_objects, write_indirect

_MOST = 1000  # objects in one object stream


class JobFile:
    """A job file that grows part by part. `write` takes the bytes of the file in order.

    Sides before `first` (from 0) and from `end` on are left out, and their content is not in the structure tree.
    Where none is left out, a forked process may write a stretch of it: it tells what it claims, and is told where
    the stretch starts.
    """

    def __init__(
        self, write: Callable[[bytes], object], title: str, language: str, first: int = 0, end: int = sys.maxsize
    ) -> None:
        self._write = write
        self._table = CrossReferenceTable()
        self._catalog = Catalog(self._table, title, language, has_outline=True)
        self._page_tree = PageTree(self._table, self._catalog)
        self._document = self._page_tree.document
        self._drawn = Drawn()
        self._shared: Shared = {}  # numbered
        self._there: Shared = {}  # written
        self._logo: Logo | None = None
        self._digest = sha256()
        self._place = 0
        self._first, self._end, self._passed = first, end, 0
        self._put(HEAD)

    @property
    def sides(self) -> int:
        """The number of sides of paper so far."""
        return self._page_tree.sides

    def add(self, part: Part) -> None:
        """Add one person's handouts."""
        stretch = self._stretch(self.start)
        stretch.add(part, [self._wanted(copy.pages if copy else 1) for copy in part.handouts])
        self.take(stretch.written())

    def _wanted(self, count: int) -> range:
        """Choose those of the next `count` sides that are not left out."""
        start = self._passed
        self._passed += count
        return range(max(self._first - start, 0), min(self._end - start, count))

    def add_first(self, part: Part) -> None:
        """Add a part as the first of the file: a cover is made last, as it lists the others."""
        self.add(part)
        self._page_tree.bring_forward(sum(copy.pages if copy else 1 for copy in part.handouts))

    # Stretches of other processes

    @property
    def start(self) -> Start:
        """Where the next stretch starts, if all before are there."""
        return Start(self._table.size, self._page_tree.next_row, {})

    def keep_to_letters(self) -> None:
        """Draw no letter any more whose code depends on what came before, in a forked process; its part is refused."""
        self._drawn.fonts.keep_to_letters()

    def claim(self, part: Part) -> Claim | None:
        """Count what a stretch of this part needs; None if another process is to write it."""
        try:
            return claim(part, self._drawn, self._shared)
        except Unknown:
            return None

    def assign(self, claimed: Claim, start: Start) -> tuple[Start, Start]:
        """Number a stretch that starts at `start`: give its start, and that of the one behind it."""
        return assign(claimed, start, self._shared)

    def write_stretch(self, part: Part, start: Start) -> Written:
        """Write the stretch of a part."""
        stretch = self._stretch(start)
        stretch.add(part, [range(copy.pages if copy else 1) for copy in part.handouts])
        return stretch.written()

    def _stretch(self, start: Start) -> Stretch:
        return Stretch(self._drawn, self._catalog, self._document, start, self._shared)

    def take(self, stretch: Written) -> None:
        """Take the next stretch into the file. Raises OutOfStepError if it is another than was claimed."""
        if stretch.table.first != self._table.size or not self._drawn.fonts.take(stretch.letters):
            raise OutOfStepError("a stretch of a job does not fit where it should stand")
        self._table.extend(stretch.table, self._place)
        self._page_tree.branch.extend(stretch.branch)
        self._there |= stretch.shared
        self._logo = self._logo or stretch.logo
        self._put(stretch.data)

    def _put_object(self, number: int, body: bytes) -> None:
        self._table.put(number, self._place)
        self._put(write_indirect(number, body))

    def _pack(self, numbers: list[int], objects: list[bytes]) -> None:
        holder = self._table.reserve()
        self._put_object(holder, pack_objects(numbers, objects, quickly=True))
        self._table.put_packed(numbers, holder)

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._write(data)
        self._place += len(data)

    def end(self) -> None:
        """Write fonts, trees, outline and trailer. Raises OutOfStepError if something was numbered and is not there."""
        if self._shared != self._there:
            raise OutOfStepError("a stream that pages share is not where it should stand")
        self._catalog.add_resources(self._drawn.fonts, self._logo, self._table)
        for number, body in self._catalog.streams:
            self._put_object(number, body)
        numbers, objects = self._page_tree.end()
        for start in range(0, len(numbers), _MOST):
            self._pack(numbers[start : start + _MOST], objects[start : start + _MOST])
        trailer = self._catalog.trailer(self._digest.hexdigest())
        self._put(self._table.written(self._table.reserve(), self._place, trailer, is_packed=True))
