"""A plan as it is drawn with the fonts of one file: ready operators, and gaps for each reader's own lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

from press.writers.pdf.draw import Gap, MarkedContent, draw_gap, draw_page
from press.writers.pdf.fonts.font_set import Fonts
from press.writers.pdf.fonts.subset import Subset, Unknown
from press.writers.pdf.model import Look
from press.writers.pdf.objects import write_stream
from press.writers.pdf.reading_order import NO_LINKS
from press.writers.pdf.reuse.forme import Copy
from press.writers.pdf.reuse.plan import Outcomes, Plan

_LEAST = 160  # bytes: what is the same for all is worth an object of its own from so much on
Own = tuple[bytes | Gap, ...]


class Pieces:
    """What the pages of a plan draw, page by page: packed streams that are the same for all, or a reader's own part."""

    def __init__(self, plan: Plan, fonts: Fonts, *, with_links: bool = True) -> None:
        # Not the plan itself: it holds these, and what holds each other waits for the garbage collector.
        self.layout, self.tags, self._faces = plan.layout, plan.tags, plan.faces
        self.with_links = with_links
        links = plan.links if with_links else NO_LINKS
        self._height = plan.layout.height
        drawn = [draw_page(page, self._height, self._pens(fonts), links) for page in plan.layout.pages]
        self.pages: tuple[tuple[bytes | Own, ...], ...] = tuple(tuple(_joined(found)) for found, _ in drawn)
        self.parts: tuple[bytes | Own, ...] = tuple(part for page in self.pages for part in page)
        self.marks: tuple[MarkedContent, ...] = tuple(marks for _, marks in drawn)

    def own(self, part: Own, outcomes: Outcomes, fonts: Fonts) -> bytes:
        """A reader's own part. Raises Unknown if closed fonts lack a sign of it."""
        pens = self._pens(fonts)
        drawn = [
            each
            if isinstance(each, bytes)
            else draw_gap(each, outcomes[each.line.call].lines[each.line.number], self._height, pens)
            for each in part
        ]
        return b"\n".join(drawn) + b"\n"

    def _pens(self, fonts: Fonts) -> Callable[[Look], Subset]:
        return lambda look: fonts.of(self._faces, look)


def drawn_together(copies: Sequence[Copy]) -> tuple[list[Pieces], Fonts]:
    """Several plans as they are drawn for one file.

    Each is drawn as by itself, if the codes of its letters are the same there.
    """
    alone: list[tuple[list[Pieces], Fonts]] = [copy.plan.drawn.get("", partial(_drawn, [copy])) for copy in copies]
    fonts = Fonts.join([fonts for _, fonts in alone])
    return _drawn(copies) if fonts is None else ([pieces for (pieces,), _ in alone], fonts)


def _drawn(copies: Sequence[Copy]) -> tuple[list[Pieces], Fonts]:
    """Plans drawn with the usual letters and those of all their words, and if need be with other signs."""
    fonts = Fonts.usual(copies[0].forme.faces, frozenset().union(*[copy.forme.letters for copy in copies]))
    try:
        return [Pieces(copy.plan, fonts) for copy in copies], fonts
    except Unknown:
        fonts = fonts.copy()
        found = [Pieces(copy.plan, fonts) for copy in copies]
        fonts.close()
        return found, fonts


def _joined(drawn: list[bytes | Gap]) -> Iterator[bytes | Own]:
    """The parts of a page; what is the same for all and short goes with its neighbours.

    Each ends in white space: not every program puts some between two streams, as it should (7.8.2).
    """
    parts = [each for each in drawn if each]
    for _, group in groupby(parts, key=lambda each: isinstance(each, bytes) and len(each) >= _LEAST):
        own = tuple(group)
        same = [each for each in own if isinstance(each, bytes)]
        yield write_stream(b"\n".join(same) + b"\n") if len(same) == len(own) else own
