"""Write consecutive parts of a job, numbered as in the whole file: several processes may each write some of them.

What is the same for many readers is in a job once. A process that does not know of it yet asks for its number, by
its digest, before it writes a stretch: so all that is in a stretch is final but the offsets of its objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import chain

from press.document.logo import Logo
from press.lru import LRU
from press.records import dataclass
from press.writers.pdf.file.catalog import Catalog
from press.writers.pdf.file.page_tree import Branch, PageTree, Part
from press.writers.pdf.file.tags import Tagged, make_tags
from press.writers.pdf.fonts.font_set import Fonts, Letters
from press.writers.pdf.fonts.subset import Unknown
from press.writers.pdf.objects import CrossReferenceTable, pack_objects, write_indirect, write_stream
from press.writers.pdf.reuse.forme import Copy
from press.writers.pdf.reuse.pieces import Own, Pieces

_MOST = 512  # plans that are kept as they are drawn; the streams of all others are in the file all the same
Digest = bytes
Shared = dict[Digest, int]  # the object numbers of the content streams that are the same for many readers


@dataclass(frozen=True, slots=True)
class Claim:
    """What a stretch needs: `objects` are counts of object numbers, and digests of streams that may need one.

    `rows` is how many numbers of the parent tree it has.
    """

    objects: tuple[int | Digest, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Start:
    """Where a stretch begins: its first object number and number of the parent tree.

    `shared` are the streams of its claim that stand before it.
    """

    number: int
    row: int
    shared: Shared


@dataclass(frozen=True, slots=True)
class Written:
    """A stretch as it is written: `table` and `branch` are its part of the file's table and trees.

    `shared` are the streams that are in it first; `letters` are those that its process had not drawn before.
    """

    data: bytes
    table: CrossReferenceTable
    branch: Branch
    shared: Shared
    letters: Letters
    logo: Logo | None


Parts = tuple[tuple[tuple[bytes | Own, Digest], ...], ...]  # what each side draws; a reader's own has no digest


class Drawn:
    """The plans of a job as one process has drawn them, with the fonts of the job."""

    def __init__(self) -> None:
        self.fonts = Fonts()
        self.logo: Logo | None = None
        self._plans: LRU[tuple[Pieces, Parts]] = LRU(_MOST)

    def of(self, copy: Copy) -> tuple[Pieces, Parts]:
        """Give the pieces of a plan, and side by side its parts with their digests."""
        return self._plans.get(copy.plan, lambda: self._draw(copy))

    def _draw(self, copy: Copy) -> tuple[Pieces, Parts]:
        self.fonts.add(copy.forme.faces)
        self.logo = self.logo or copy.plan.layout.logo
        pieces = Pieces(copy.plan, self.fonts, with_links=False)
        return pieces, tuple(tuple((part, _digest(part)) for part in page) for page in pieces.pages)


def _digest(part: bytes | Own) -> Digest:
    return sha256(part).digest() if isinstance(part, bytes) else b""


def claim(part: Part, drawn: Drawn, known: Shared) -> Claim:
    """Count what a part needs, all of whose sides are wanted; `known` are the streams that have a number.

    Raises Unknown for a letter that the process must not draw.
    """
    objects: list[int | Digest] = []
    count, rows = 1, 0  # the element of the part
    for copy in part.handouts:
        if copy is None:
            count += 1
            continue
        if drawn.fonts.keeps_to_letters and not all([outcome.is_plain for outcome in copy.outcomes.values()]):
            raise Unknown
        pieces, pages = drawn.of(copy)
        for _, digest in chain.from_iterable(pages):
            if not digest:
                count += 1
            elif digest not in known:
                objects += [count, digest]
                count = 0
        count += _tags(pieces, range(copy.pages), copy, part).template.count
        rows += copy.pages
    return Claim((*objects, count + 1), rows)  # the object stream


def _tags(pieces: Pieces, sides: range, copy: Copy, part: Part) -> Tagged:
    """Tag these sides of a handout, in a language if it is not that of its part."""
    language = copy.forme.skeleton.language
    return make_tags(pieces, sides, "Art", language if language != part.language else "")


class Stretch:
    """A stretch of a job that grows part by part, below the element `document`.

    The fonts of `drawn`, and `shared`, grow with it.
    """

    def __init__(self, drawn: Drawn, catalog: Catalog, document: int, start: Start, shared: Shared) -> None:
        self._drawn = drawn
        self._shared = shared
        self._new: Shared = {}
        self._table = CrossReferenceTable(start.number)
        self._page_tree = PageTree(self._table, catalog, start.row, document)
        self._data = bytearray()
        self._size: tuple[float, float]  # of the last page
        self._letters = drawn.fonts.mark()
        shared |= start.shared

    def add(self, part: Part, sides: Sequence[range]) -> None:
        """Add these sides of one person's handouts: for each of them a range, which may be empty."""
        number, start, roots = self._table.reserve(), self._page_tree.sides, []
        numbers: list[int] = []
        objects: list[bytes] = []
        for copy, wanted in zip(part.handouts, sides, strict=True):
            if not wanted:
                continue
            if copy is None:
                new = self._page_tree.blank(self._size)
            else:
                self._size = copy.plan.layout.width, copy.plan.layout.height
                pieces, pages = self._drawn.of(copy)
                tags = _tags(pieces, wanted, copy, part)
                new = self._page_tree.handout(
                    tags, self._streams(copy, pieces, pages[wanted.start : wanted.stop]), number
                )
                roots.append(new[0][tags.root])
            numbers += new[0]
            objects += new[1]
        if self._page_tree.sides == start:
            return
        above = self._page_tree.part(part.name, part.language, roots, number, start)
        numbers += above[0]
        self._table.put_packed(numbers, self._append(pack_objects(numbers, objects + above[1], quickly=True)))

    def _streams(self, copy: Copy, pieces: Pieces, pages: Parts) -> list[int]:
        """Draw these sides of a copy; give its content streams."""
        streams = []
        for part, digest in chain.from_iterable(pages):
            if isinstance(part, bytes):
                streams.append(self._share(part, digest))
            else:
                content = pieces.own(part, copy.outcomes, self._drawn.fonts)
                streams.append(self._append(write_stream(content, is_packed=False)))
        return streams

    def _share(self, part: bytes, digest: Digest) -> int:
        """Give the number of a stream that is in the file once; it is written here if its number is the next one."""
        number = self._shared.get(digest, self._table.size)
        if number > self._table.size:
            raise OutOfStepError("a stream that pages share stands behind the first of them")
        if number == self._table.size:
            self._shared[digest] = self._new[digest] = self._append(part)
        return number

    def _append(self, body: bytes) -> int:
        """Append an object that is in no object stream; give its number."""
        number = self._table.reserve()
        self._table.put(number, len(self._data))
        self._data += write_indirect(number, body)
        return number

    def written(self) -> Written:
        """End the stretch."""
        letters = self._drawn.fonts.since(self._letters)
        return Written(bytes(self._data), self._table, self._page_tree.branch, self._new, letters, self._drawn.logo)


class OutOfStepError(RuntimeError):
    """Processes that write one job do not agree: it is to be written by one."""


def assign(claimed: Claim, start: Start, shared: Shared) -> tuple[Start, Start]:
    """Number a stretch that begins at `start`: give its start with all streams before it, and that of the next one."""
    number, before = start.number, {}
    for each in claimed.objects:
        if isinstance(each, int):
            number += each
        elif each in shared:
            before[each] = shared[each]
        else:
            shared[each] = number
            number += 1
    return Start(start.number, start.row, before), Start(number, start.row + claimed.rows, {})
