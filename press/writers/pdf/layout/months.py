"""Lay out one month: equal columns, a row for each week, and signs beside the numbers.

The marks of a day are words with a sign and a heavier frame, so that they differ in black
and white. Tagged as a table (ISO 32000-1, 14.8.4.3.4), each weekday heading its column.
"""

from __future__ import annotations

from press.document.nodes import NOWHERE, Break, Cell, Content, Inline, Row, Strong, Table, inlines, plain
from press.errors import Place, refuse
from press.records import dataclass, replace
from press.writers.pdf.layout.lines import break_lines
from press.writers.pdf.layout.protocol import Setter
from press.writers.pdf.model import BoxItem, Element, Fragment, IconItem, Item, Line, move_down
from press.writers.stylesheet import BoxStyle, Stylesheet, TextStyle

_RULE = 0.75  # points: the lines of the grid, which neighbors share
_PAD = 2.5  # points between a line of the grid and the words of its cell
_GAP = 2.0  # points between signs, and between them and the number


@dataclass(frozen=True, slots=True)
class _Laid:
    """A cell as laid out, its items from the top of its row."""

    element: Element
    height: float
    items: tuple[Item, ...]
    border: float
    tint: float


def lay_month(
    flow: Setter, stylesheet: Stylesheet, block: Table, x: float, width: float
) -> tuple[Element, list[Fragment]]:
    """Lay out a `month` table, in the wide margins if it is in no box.

    Raises HandoutError if a word that marks a day is wider than a day.
    """
    if x == stylesheet.margins.left and stylesheet.margins.wide < x:
        x, width = stylesheet.margins.wide, stylesheet.size[0] - 2 * stylesheet.margins.wide
    return _Grid(flow, stylesheet, x, (width - _RULE) / len(block.head[0].cells)).table(block)


class _Grid:
    """One month at `x`; `side` is the width of a day in points, one of its lines included."""

    def __init__(self, flow: Setter, stylesheet: Stylesheet, x: float, side: float) -> None:
        self._flow = flow
        self._stylesheet = stylesheet
        self._x = x
        self._side = side

    def table(self, block: Table) -> tuple[Element, list[Fragment]]:
        key = self._flow.key()
        columns = range(len(block.head[0].cells))
        style, width = self._stylesheet.style("caption", "month"), self._side * len(columns)
        name, fragments = self._flow.text(block.caption, style, "Caption", self._x, width)
        head = [self._row(row, 0.0, [0.0 for _ in columns]) for row in block.head]
        tints = [max(self._tint(row.cells[column]) for row in block.head) for column in columns]
        weeks = [self._row(row, self._stylesheet.day, tints) for row in block.rows]
        header = tuple(fragment for _, fragment in head)
        fragments = [
            replace(fragment, keep=True)
            for fragment in (*fragments, *header, *(replace(s, header=header) for _, s in weeks))
        ]
        after = self._stylesheet.style("p").after
        fragments[-1] = replace(fragments[-1], height=fragments[-1].height + _RULE, after=after, keep=False)
        parts = (("THead", head), ("TBody", weeks))
        rows = (Element(self._flow.key(), role, tuple(element for element, _ in part)) for role, part in parts)
        return Element(key, "Table", (name, *rows)), fragments

    def _row(self, row: Row, least: float, tints: list[float]) -> tuple[Element, Fragment]:
        """Lay out a row of cells at least `least` points tall; the head of a column tints the cells below it."""
        key = self._flow.key()
        cells = [self._cell(cell, self._x + number * self._side) for number, cell in enumerate(row.cells)]
        height = max(least, *(cell.height for cell in cells))
        boxes = [
            BoxItem(
                self._x + number * self._side, 0.0, self._side + _RULE, height + _RULE,
                max(_RULE, cell.border), max(cell.tint, tint),
            )
            for number, (cell, tint) in enumerate(zip(cells, tints, strict=True))
        ]  # fmt: skip
        boxes.sort(key=lambda box: box.border)  # a light line never runs over a heavy one
        words = (item for cell in cells for item in cell.items)
        return Element(key, "TR", tuple(cell.element for cell in cells)), Fragment(height, (*boxes, *words))

    def _looks(self, cell: Cell) -> list[BoxStyle]:
        roles = (node.role for node in cell.children if isinstance(node, Strong) and node.role)
        return [self._stylesheet.marks.get(role, BoxStyle()) for role in roles]

    def _tint(self, cell: Cell) -> float:
        return max((look.tint for look in self._looks(cell)), default=0.0)

    def _cell(self, cell: Cell, left: float) -> _Laid:
        """Lay out a cell as one element: the number with the signs of its marks, and their words below."""
        key, role = self._flow.key(), "TH" if cell.is_header else "TD"
        style, mark = self._stylesheet.style(role.lower(), "month"), self._stylesheet.style("mark")
        x, room, y = left + _RULE + _PAD, self._side - _RULE - 2 * _PAD, _RULE + _PAD / 2
        number, *words = _parts(cell.children)
        lines = [(style, line) for line in self._lines(number, style, room)]
        lines += [(mark, line) for part in words for line in self._lines(part, mark, room)]
        looks = self._looks(cell)
        used = lines[0][1].width if lines else 0.0
        below, signs = _signs([look.icon for look in looks if look.icon != "none"], style, used, x, room, y)
        items: list[Item] = [*signs]
        for index, (own, line) in enumerate(lines):
            line = line if index == len(lines) - 1 else _end_in_space(line)
            items.append(move_down(self._flow.item(key, line, own, x, room), y))
            y += own.line + (0.0 if index else below)
        border = max((look.border for look in looks), default=0.0)
        return _Laid(
            Element(key, role, scope=cell.scope), y + _PAD + border / 2, tuple(items), border, self._tint(cell)
        )

    def _lines(self, children: tuple[Inline, ...], style: TextStyle, room: float) -> tuple[Line, ...]:
        """Break one part of a cell into lines; refuse a word that would be cut."""
        setting = self._flow.setting(style)
        for word in plain(children).split(" "):
            if setting.faces.of(style.bold).width(word, style.size) > room:
                place = next((node.place for node in inlines(children) if isinstance(node, Content)), NOWHERE)
                raise refuse(_known(place), "a word is wider than a day of the calendar", "use a shorter word")
        return break_lines(children, setting, room)


def _signs(
    icons: list[str], style: TextStyle, used: float, x: float, room: float, y: float
) -> tuple[float, list[IconItem]]:
    """Place signs at the right of a number `used` points wide; those without room there go below.

    The first value is the height of the rows below, in points.
    """
    side = style.size + _GAP
    beside, under = int((room - used) // side), max(1, int((room + _GAP) // side))
    rows = [icons[:beside], *(icons[start : start + under] for start in range(beside, len(icons), under))]
    found = [
        IconItem(
            kind, x + room + _GAP - (place + 1) * side, y + (style.line - style.size) / 2 + number * side, style.size
        )
        for number, row in enumerate(rows)
        for place, kind in enumerate(reversed(row))
    ]
    return (len(rows) - 1) * side, found


def _parts(children: tuple[Inline, ...]) -> list[tuple[Inline, ...]]:
    """Divide a cell at its breaks: the number, then the words of each mark."""
    parts: list[tuple[Inline, ...]] = [()]
    for node in children:
        if isinstance(node, Break):
            parts.append(())
        else:
            parts[-1] += node.children if isinstance(node, Strong) and node.role else (node,)
    return parts


def _end_in_space(line: Line) -> Line:
    """End a line in a space: a search keeps its words apart from those of the next line."""
    if not line.runs or line.runs[-1].text.endswith(" "):
        return line
    last = line.runs[-1]
    return replace(line, runs=(*line.runs[:-1], replace(last, text=last.text + " ")))


def _known(place: Place) -> Place:
    return place if place.file else Place("calendar")
