"""Turn blocks into strips and structure elements; the page maker puts strips on pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from press.document import Block, Cell, Heading, Inline, List, Paragraph, Row, Section, Strong, Table
from press.style import Stylesheet, TextStyle
from press.writers.pdf.fonts import Faces
from press.writers.pdf.layout import (
    Box,
    Element,
    IconItem,
    Item,
    Line,
    RuleItem,
    Run,
    Strip,
    TextItem,
    shifted,
    stack,
)
from press.writers.pdf.lines import Setting, break_lines
from press.writers.pdf.months import lay_month

GAP = 14.0  # points between neighbours on one line: columns, icon and words
_CELL = 2.0  # points above and below the words of a table cell
ICON = 30.0  # points


class Flow:
    """Blocks to strips. Element keys count up in reading order, from 1."""

    def __init__(self, sheet: Stylesheet, faces: Faces) -> None:
        self._sheet = sheet
        self._faces = faces
        self._keys = count(1)

    def blocks(self, blocks: tuple[Block, ...], x: float, width: float) -> tuple[list[Element], list[Strip]]:
        """Lay blocks out under each other between `x` and `x + width`."""
        elements: list[Element] = []
        strips: list[Strip] = []
        for block in blocks:
            element, new = self.block(block, x, width)
            elements.append(element)
            strips += new
        return elements, strips

    def block(self, block: Block, x: float, width: float) -> tuple[Element, list[Strip]]:
        """One block: its structure element and its strips."""
        match block:
            case Heading():
                style = self._sheet.style(f"h{block.level}")
                element, strips = self.text(block.children, style, f"H{block.level}", x, width)
                return element, [replace(strip, keep=True) for strip in strips]
            case Paragraph():
                element, strips = self.text(block.children, self._sheet.style("p", block.role), "P", x, width)
                if block.role == "write-in":
                    strips = [replace(strip, keep=True) for strip in strips] + _ruled(x, width)
                if block.role == "lead":
                    strips = [replace(strip, keep=True) for strip in strips]
                return element, strips
            case List():
                return self._list(block, x, width)
            case Table(role="month"):
                return lay_month(self, self._sheet, block, x, width)
            case Table():
                return self._table(block, x, width)
            case Section():
                return self._section(block, x, width)

    # Text

    def key(self) -> int:
        """The next element's key, in the order of reading."""
        return next(self._keys)

    def setting(self, style: TextStyle, **page: int) -> Setting:
        """How a style sets its words."""
        return Setting(self._faces, style.size, style.bold, self._sheet.write_in, **page)

    def text(
        self, children: tuple[Inline, ...], style: TextStyle, role: str, x: float, width: float, **page: int
    ) -> tuple[Element, list[Strip]]:
        """A run of words as one element: a strip for each line, first and last two together."""
        key = next(self._keys)
        lines = break_lines(children, self.setting(style, **page), width)
        strips = [
            Strip(
                height=style.line,
                items=(self.item(key, line, style, x, width),),
                before=style.before if index == 0 else 0.0,
                after=style.after if index == len(lines) - 1 else 0.0,
                keep=len(lines) > 1 and index in (0, len(lines) - 2),
            )
            for index, line in enumerate(lines)
        ]
        return Element(key, role), strips

    def item(self, key: int, line: Line, style: TextStyle, x: float, room: float) -> TextItem:
        """A line at the left of its strip, its letters in the middle of the strip's height."""
        face = self._faces.regular
        letters = (face.ascent - face.descent) * style.size / 1000
        base = (style.line - letters) / 2 + face.ascent * style.size / 1000
        return TextItem(key, x, base, style.size, line, room)

    # Lists

    def _list(self, block: List, x: float, width: float) -> tuple[Element, list[Strip]]:
        key = next(self._keys)
        columns = self._sheet.short_columns if block.role == "short" else 1
        room = (width - GAP * (columns - 1)) / columns
        cells = [
            self._list_item(item.children, number, block.ordered, x + (number % columns) * (room + GAP), room)
            for number, item in enumerate(block.items)
        ]
        rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
        strips: list[Strip] = []
        for row in rows:
            strips += row[0][1] if columns == 1 else [beside(*(strips_ for _, strips_ in row))]
        if strips:
            strips[-1] = replace(strips[-1], after=max(strips[-1].after, self._sheet.style("p").after))
        signed = all(self._sign(item.children) for item in block.items)
        numbering = "Decimal" if block.ordered else "None" if signed else "Disc"
        element = Element(key, "L", tuple(element for element, _ in cells), numbering=numbering)
        return element, _hold_ends(strips)

    def _list_item(
        self, children: tuple[Inline, ...], number: int, ordered: bool, x: float, width: float
    ) -> tuple[Element, list[Strip]]:
        style, sign = self._sheet.style("li"), self._sign(children)
        if sign:
            return self._signed_item(sign, children, style, x, width)
        key, label = next(self._keys), next(self._keys)
        body, strips = self.text(children, style, "LBody", x + style.indent, width - style.indent)
        mark = f"{number + 1}." if ordered else "•"
        run = Run(0.0, mark + " ", bold=ordered)
        line = Line((run,), (), self._faces.of(ordered).width(mark, style.size))
        first = replace(strips[0], items=(self.item(label, line, style, x, style.indent), *strips[0].items))
        return Element(key, "LI", (Element(label, "Lbl"), body)), [first, *strips[1:]]

    def _sign(self, children: tuple[Inline, ...]) -> str:
        """The sign of an item that begins with the word of a mark, as in the months."""
        first = children[0] if children else None
        role = first.role if isinstance(first, Strong) else ""
        return self._sheet.marks[role].icon if role in self._sheet.marks else ""

    def _signed_item(
        self, sign: str, children: tuple[Inline, ...], style: TextStyle, x: float, width: float
    ) -> tuple[Element, list[Strip]]:
        """An item with a sign in the place of its bullet; the word after it says the same aloud."""
        key, size = next(self._keys), style.indent * 0.8
        body, strips = self.text(children, style, "LBody", x + style.indent, width - style.indent)
        icon = IconItem(sign, x, (style.line - size) / 2, size)
        return Element(key, "LI", (body,)), [replace(strips[0], items=(icon, *strips[0].items)), *strips[1:]]

    # Tables

    def _table(self, block: Table, x: float, width: float) -> tuple[Element, list[Strip]]:
        key = next(self._keys)
        widths = self._column_widths(block, width)
        children: list[Element] = []
        strips: list[Strip] = []
        if block.caption:
            element, strips = self.text(block.caption, self._sheet.style("caption"), "Caption", x, width)
            strips = [replace(strip, keep=True) for strip in strips]
            children.append(element)
        head = [self._row(row, widths, x) for row in block.head]
        body = [self._row(row, widths, x) for row in block.rows]
        header = tuple(strip for _, strip in head)
        strips += [replace(strip, keep=True) for strip in header]
        strips += _hold_ends([replace(strip, header=header) for _, strip in body])
        strips[-1] = replace(strips[-1], after=self._sheet.style("p").after)
        for role, rows in (("THead", head), ("TBody", body)):
            if rows:
                children.append(Element(next(self._keys), role, tuple(element for element, _ in rows)))
        return Element(key, "Table", tuple(children)), strips

    def _row(self, row: Row, widths: list[float], x: float) -> tuple[Element, Strip]:
        key = next(self._keys)
        cells: list[Element] = []
        items: list[Item] = []
        height, left = 0.0, x
        for cell, width in zip(row.cells, widths, strict=True):
            element, strips = self.text(cell.children, self._cell(cell), "TH" if cell.is_header else "TD", left, width)
            tall, drawn = stack(strips)
            items += [shifted(item, 0, _CELL) for item in drawn]
            cells.append(replace(element, scope=cell.scope))
            height, left = max(height, tall), left + width + GAP
        whole = sum(widths) + GAP * (len(widths) - 1)
        tall = height + 2 * _CELL
        return Element(key, "TR", tuple(cells)), Strip(tall, (*items, RuleItem(x, tall, whole, 0.75)))

    def _column_widths(self, block: Table, width: float) -> list[float]:
        """Natural widths if they fit, the rest to the widest; else shares of the frame."""
        rows = block.head + block.rows
        columns = len(rows[0].cells)
        room = width - GAP * (columns - 1)
        natural = [
            max(self._natural(row.cells[column]) for row in rows) for column in range(columns)
        ]
        if sum(natural) <= room:
            widest = natural.index(max(natural))
            natural[widest] += room - sum(natural)
            return natural
        return _shared(natural, room)

    def _cell(self, cell: Cell) -> TextStyle:
        """Only the head of a column has a look of its own: rows name themselves in bold if they wish."""
        return self._sheet.style("th" if cell.scope == "col" else "td")

    def _natural(self, cell: Cell) -> float:
        lines = break_lines(cell.children, self.setting(self._cell(cell)), 10_000)
        return max((line.width for line in lines), default=0.0) + 0.5

    # Sections

    def _section(self, block: Section, x: float, width: float) -> tuple[Element, list[Strip]]:
        key = next(self._keys)
        if block.role == "pair" and self._sheet.pair:
            return self._pair(key, block, x, width)
        style = self._sheet.box(block.role)
        icon = 0.0 if style.icon == "none" else ICON + GAP
        left = style.padding + max(style.border, style.side)
        right = style.padding + style.border
        inner_x, inner = x + left + icon, width - left - right - icon
        elements, strips = self.blocks(block.children, inner_x, inner)
        element = Element(key, "Sect", tuple(elements))
        if not style.border and not style.tint:
            return element, strips
        strips[0] = replace(strips[0], before=0.0)
        strips[-1] = replace(strips[-1], after=0.0)
        if icon:
            strips = _at_least(strips, ICON)
            lower = max(0.0, (stack(strips)[0] - ICON) / 2) if len(strips) < 4 else 0.0
            sign = IconItem(style.icon, x + left, lower, ICON)
            strips[0] = replace(strips[0], items=(*strips[0].items, sign))
        pad = Strip(style.padding + style.border, keep=True)
        box = Box(key, x, width, style.border, style.tint)
        framed = [replace(pad, before=style.before), *strips, replace(pad, after=style.after, keep=False)]
        held = [replace(strip, boxed=True) for strip in framed[:-1]]
        held[-1] = replace(held[-1], keep=True)
        return element, [replace(strip, boxes=(box, *strip.boxes)) for strip in (*held, framed[-1])]

    def _pair(self, key: int, block: Section, x: float, width: float) -> tuple[Element, list[Strip]]:
        """Two groups side by side; a group is a lead line with its list, or one block."""
        groups = _groups(block.children)
        if len(groups) != 2:
            elements, strips = self.blocks(block.children, x, width)
            return Element(key, "Sect", tuple(elements)), strips
        first = (width - GAP) * self._sheet.pair
        left, left_strips = self.blocks(groups[0], x, first)
        right, right_strips = self.blocks(groups[1], x + first + GAP, width - GAP - first)
        return Element(key, "Sect", (*left, *right)), [beside(left_strips, right_strips)]


def rule(x: float, width: float) -> Strip:
    """A rule across the frame."""
    return Strip(6.0, (RuleItem(x, 2.0, width, 1.0),))


def side_by_side(
    flow: Flow, sheet: Stylesheet, blocks: tuple[Block, ...], x: float, width: float
) -> tuple[list[Element], list[Strip]]:
    """The letterhead: its paragraphs on one line if they fit, else under each other."""
    style = sheet.style("p", "clinic")
    naturals = [
        sum(line.width for line in break_lines(b.children, flow.setting(style), 10_000)) for b in blocks
    ]
    spare = width - sum(naturals)
    if len(blocks) < 2 or spare < GAP * (len(blocks) - 1):
        return flow.blocks(blocks, x, width)
    gap, elements, columns = spare / (len(blocks) - 1), [], []
    for block, natural in zip(blocks, naturals, strict=True):
        element, strips = flow.block(block, x, natural + 0.5)
        elements.append(element)
        columns.append(strips)
        x += natural + gap
    return elements, [beside(*columns)]


def _ruled(x: float, width: float) -> list[Strip]:
    """Two lines to write on, across the frame."""
    strip = Strip(26.0, (RuleItem(x, 24.0, width, 0.75),))
    return [replace(strip, keep=True), replace(strip, after=8.0)]


def _shared(natural: list[float], room: float) -> list[float]:
    """Narrow columns keep their natural width; the wide ones share what is left."""
    narrow = [wide for wide in natural if wide <= room / len(natural)]
    wide = [wide for wide in natural if wide > room / len(natural)]
    spare = room - sum(narrow)
    return [width if width in narrow else spare * width / sum(wide) for width in natural]


def _groups(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    groups: list[tuple[Block, ...]] = []
    held: tuple[Block, ...] = ()
    for block in blocks:
        held = (*held, block)
        if not (isinstance(block, Heading) or isinstance(block, Paragraph) and block.role == "lead"):
            groups.append(held)
            held = ()
    return groups + ([held] if held else [])


def beside(*columns: list[Strip]) -> Strip:
    """One strip of several columns, as tall as the tallest."""
    stacks = [stack(column) for column in columns]
    return Strip(
        height=max(height for height, _ in stacks),
        items=tuple(item for _, items in stacks for item in items),
        before=max(column[0].before for column in columns if column),
        after=max(column[-1].after for column in columns if column),
    )


def _hold_ends(strips: list[Strip]) -> list[Strip]:
    """Keep the first strip with the second, and the last but one with the last."""
    held = {0, len(strips) - 2} if len(strips) > 1 else set()
    return [replace(s, keep=s.keep or index in held) for index, s in enumerate(strips)]


def _at_least(strips: list[Strip], height: float) -> list[Strip]:
    """Make room below a box's words where its sign is taller than they are."""
    tall, _ = stack(strips)
    if tall >= height:
        return strips
    return [*strips[:-1], replace(strips[-1], height=strips[-1].height + height - tall)]
