"""Lay out a list: bullets, numbers, boxes to check, or the signs of a calendar, each at its item's first line."""

from __future__ import annotations

from press.document.nodes import Inline, List, Strong, sides
from press.records import replace
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.columns import frames, join_beside
from press.writers.pdf.layout.protocol import Setter
from press.writers.pdf.model import ARTIFACT, GAP, Element, Fragment, IconItem, Line, Run, TextItem, hold_ends
from press.writers.stylesheet import Stylesheet, TextStyle

_BOX = "square"  # the sign of an item to check


def lay_list(
    flow: Setter, stylesheet: Stylesheet, faces: Faces, block: List, x: float, width: float
) -> tuple[Element, list[Fragment]]:
    """Lay out a list between `x` and `x + width`."""
    return _Lists(flow, stylesheet, faces).whole(block, x, width)


class _Lists:
    def __init__(self, flow: Setter, stylesheet: Stylesheet, faces: Faces) -> None:
        self._flow = flow
        self._stylesheet = stylesheet
        self._faces = faces

    def whole(self, block: List, x: float, width: float) -> tuple[Element, list[Fragment]]:
        key = self._flow.key()
        columns = self._stylesheet.short_columns if block.role == "short" else 1
        room = (width - GAP * (columns - 1)) / columns
        cells = [
            self._list_item(item.children, number, block, x + (number % columns) * (room + GAP), room)
            for number, item in enumerate(block.items)
        ]
        rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
        fragments: list[Fragment] = []
        for row in rows:
            fragments += row[0][1] if columns == 1 else [join_beside(*(fragments_ for _, fragments_ in row))]
        if fragments:
            fragments[-1] = replace(fragments[-1], after=max(fragments[-1].after, self._stylesheet.style("p").after))
        signed = all(self._sign(item.children, block) for item in block.items)
        numbering = "Decimal" if block.ordered else "None" if signed else "Disc"
        element = Element(key, "L", tuple(element for element, _ in cells), numbering=numbering)
        return element, hold_ends(fragments)

    def _list_item(
        self, children: tuple[Inline, ...], number: int, block: List, x: float, width: float
    ) -> tuple[Element, list[Fragment]]:
        style, sign, ordered = self._stylesheet.style("li"), self._sign(children, block), block.ordered
        if sign:
            return self._signed_item(sign, children, style, x, width)
        key, label = self._flow.key(), self._flow.key()
        body, fragments = self._list_body(children, style, x, width)
        bullet = f"{number + 1}." if ordered else "•"
        run = Run(0.0, bullet + " ", bold=ordered)
        line = Line((run,), (), self._faces.of(ordered).width(bullet, style.size))
        beside = next(item.y for item in fragments[0].items if isinstance(item, TextItem))
        mark = TextItem(label, x, beside, style.size, line, style.indent, style.ink)
        marks = [mark]
        if sides(children) and self._stylesheet.gutter:
            again = frames(x, width, self._stylesheet.gutter)[1][0]
            marks.append(replace(mark, element=ARTIFACT, x=again))
        first = replace(fragments[0], items=(*marks, *fragments[0].items))
        return Element(key, "LI", (Element(label, "Lbl"), body)), [first, *fragments[1:]]

    def _list_body(
        self, children: tuple[Inline, ...], style: TextStyle, x: float, width: float
    ) -> tuple[Element, list[Fragment]]:
        """Lay out the words of an item; in two languages each is as far from its own bullet."""
        found, gutter = sides(children), self._stylesheet.gutter
        if len(found) == 2 and gutter:
            places = ((left + style.indent, room - style.indent) for left, room in frames(x, width, gutter))
            return self._flow.two(found, style, "LBody", tuple(places))
        return self._flow.text(children, style, "LBody", x + style.indent, width - style.indent)

    def _sign(self, children: tuple[Inline, ...], block: List) -> str:
        """Find the sign of an item: a box to check, or that of the day mark whose word it begins with."""
        if block.role == "check":
            return _BOX
        first = children[0] if children else None
        role = first.role if isinstance(first, Strong) else ""
        return self._stylesheet.marks[role].icon if role in self._stylesheet.marks else ""

    def _signed_item(
        self, sign: str, children: tuple[Inline, ...], style: TextStyle, x: float, width: float
    ) -> tuple[Element, list[Fragment]]:
        """Lay out an item with a sign as its bullet; the word after it says the same aloud."""
        key, size = self._flow.key(), style.indent * 0.8
        body, fragments = self._flow.text(children, style, "LBody", x + style.indent, width - style.indent)
        icon = IconItem(sign, x, (style.line - size) / 2, size)
        return Element(key, "LI", (body,)), [replace(fragments[0], items=(icon, *fragments[0].items)), *fragments[1:]]
