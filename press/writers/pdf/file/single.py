"""Assemble one reader's pages to a PDF file, from a template that is the same for many readers.

A file template is all of a file but the operators of the reader's own lines. These are in content
streams of their own between those that are the same for everybody (ISO 32000-1, 7.8.2: the contents
of a page may be several streams, divided between operators).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from press.lru import LRU
from press.writers.pdf.file.bookmarks import MOST_WITHOUT
from press.writers.pdf.file.catalog import HEAD, Catalog
from press.writers.pdf.file.page_tree import PageTree, Part
from press.writers.pdf.file.tags import make_tags
from press.writers.pdf.fonts.font_set import Fonts
from press.writers.pdf.fonts.subset import Unknown
from press.writers.pdf.objects import CrossReferenceTable, pack_objects
from press.writers.pdf.reuse.forme import Copy
from press.writers.pdf.reuse.pieces import Pieces, drawn_together

_MOST_BINDINGS = 192  # files that are kept: on a varied list nearly everybody has another set of pages
_MOST = 32  # file templates at most: one for each set of letters beyond the usual


def write_single(copy: Copy) -> bytes:
    """Write the file of one handout. Equal pages give equal bytes, whatever was printed before."""
    skeleton = copy.forme.skeleton
    return _file((Part("", "", (copy,)),), skeleton.title, skeleton.language, is_bound=False)


def write_bound(parts: Sequence[Part], title: str, language: str) -> bytes:
    """Write the file of one reader's handouts, each a part of it."""
    return _file(tuple(parts), title, language, is_bound=True)


def _file(parts: tuple[Part, ...], title: str, language: str, *, is_bound: bool) -> bytes:
    copies = [copy for part in parts for copy in part.handouts if copy]
    shape = tuple(
        (part.name, part.language, tuple(None if copy is None else copy.plan for copy in part.handouts))
        for part in parts
    )
    key = is_bound, title, language, shape
    binding = _bindings.get(key, lambda: Binding(parts, title, language, is_bound=is_bound))
    return binding.file(copies)


class Binding:
    """What files of the same handouts and plans have in common: pieces, fonts and file templates."""

    def __init__(self, parts: Sequence[Part], title: str, language: str, *, is_bound: bool) -> None:
        copies = [copy for part in parts for copy in part.handouts if copy]
        self._pieces, self._fonts = drawn_together(copies)
        plans = iter(self._pieces)
        self._parts = [
            (part.name, part.language, [None if copy is None else next(plans) for copy in part.handouts])
            for part in parts
        ]
        self._about = title, language, is_bound
        self._templates: LRU[FileTemplate] = LRU(_MOST)

    def file(self, copies: Sequence[Copy]) -> bytes:
        """Write the file of one reader."""
        try:
            fonts, own = self._fonts, self._own(copies, self._fonts)
        except Unknown:
            fonts = self._fonts.copy()
            own = self._own(copies, fonts)
        return self._template(fonts).fill(own)

    def _own(self, copies: Sequence[Copy], fonts: Fonts) -> list[bytes]:
        return [
            pieces.own(part, copy.outcomes, fonts)
            for copy, pieces in zip(copies, self._pieces, strict=True)
            for part in pieces.parts
            if not isinstance(part, bytes)
        ]

    def _template(self, fonts: Fonts) -> FileTemplate:
        return self._templates.get(fonts.key, lambda: FileTemplate(self._parts, fonts, *self._about))


_bindings: LRU[Binding] = LRU(_MOST_BINDINGS)


class FileTemplate:
    """All of a file but the content streams of the reader's own lines."""

    def __init__(
        self,
        parts: Sequence[tuple[str, str, list[Pieces | None]]],
        fonts: Fonts,
        title: str,
        language: str,
        is_bound: bool,
    ) -> None:
        every = [pieces for _, _, handouts in parts for pieces in handouts if pieces]
        self._table = CrossReferenceTable()
        has_cards = not is_bound and any(pieces.layout.has_cards for pieces in every)
        self._has_headings = sum(len(pieces.pages) for pieces in every) > MOST_WITHOUT
        has_outline = is_bound or self._has_headings
        self._catalog = Catalog(self._table, title, language, has_cards=has_cards, has_outline=has_outline)
        logo = next(filter(None, (pieces.layout.logo for pieces in every)), None)
        self._catalog.add_resources(fonts, logo, self._table)
        self._stream_objects = self._catalog.streams
        self._own: list[int] = []
        self._shared: dict[bytes, int] = {}
        numbers, objects = self._pack(parts, is_bound)
        holder = self._table.reserve()
        self._stream_objects.append((holder, pack_objects(numbers, objects)))
        self._start, self._end = self._body()
        self._stream_objects.clear()
        self._catalog.packed.clear()  # all is written: many templates are kept
        self._shared.clear()
        self._table.put_packed(numbers, holder)
        self._digest = sha256()
        for part in self._start:
            self._digest.update(part)

    def _pack(
        self, parts: Sequence[tuple[str, str, list[Pieces | None]]], is_bound: bool
    ) -> tuple[list[int], list[bytes]]:
        """Collect the objects for the object stream; content streams are set apart or left open."""
        page_tree, found = PageTree(self._table, self._catalog), []
        paper = next(pieces.layout for _, _, handouts in parts for pieces in handouts if pieces)
        for name, language, handouts in parts:
            number, first, drawn = self._table.reserve() if is_bound else 0, page_tree.sides, []
            for pieces in handouts:
                if pieces is None:
                    found.append(page_tree.blank((paper.width, paper.height)))
                    continue
                tags = make_tags(pieces, role="Art" if is_bound else "")
                numbers, objects = page_tree.handout(tags, self._streams(pieces), number)
                drawn.append((tags, numbers, page_tree.sides - tags.pages))
                found.append((numbers, objects))
            if is_bound:
                roots = [numbers[tags.root] for tags, numbers, _ in drawn]
                found.append(page_tree.part(name, language, roots, number, first))
            for each in drawn if self._has_headings else ():
                page_tree.headings(*each)
        found.append(page_tree.end())
        return [n for numbers, _ in found for n in numbers], [each for _, objects in found for each in objects]

    def _streams(self, pieces: Pieces) -> list[int]:
        """Number the content streams of a handout; what is the same on several pages is in the file once."""
        numbers = []
        for part in pieces.parts:
            if not isinstance(part, bytes):
                self._own.append(self._table.reserve())
                numbers.append(self._own[-1])
                continue
            if part not in self._shared:
                self._shared[part] = self._table.reserve()
                self._stream_objects.append((self._shared[part], part))
            numbers.append(self._shared[part])
        return numbers

    def _body(self) -> tuple[list[bytes], int]:
        """Write the streams one after another and set their offsets in the table; give them and their length.

        They are not joined: the templates of many files hold the same fonts and pages.
        """
        parts, place = [HEAD], len(HEAD)
        for number, body in self._stream_objects:
            self._table.put(number, place)
            new = (b"%d 0 obj\n" % number, body, b"\nendobj\n")
            parts += new
            place += sum(map(len, new))
        return parts, place

    def fill(self, own: Sequence[bytes]) -> bytes:
        """Write the file with a reader's own content streams, in order."""
        table, digest = self._table.copy(), self._digest.copy()
        parts, place = [*self._start], self._end
        for number, content in zip(self._own, own, strict=True):
            digest.update(content)
            table.put(number, place)
            parts.append(b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, len(content), content))
            place += len(parts[-1])
        end = table.written(table.reserve(), place, self._catalog.trailer(digest.hexdigest()), is_packed=False)
        return b"".join([*parts, end])
