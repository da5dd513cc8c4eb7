"""Lay out a table: the widths of its columns, its rows, and its head, which is printed again on a new page.

Tagged as in ISO 32000-1, 14.8.4.3.4; a row is never divided.
"""

from __future__ import annotations

from press.document.nodes import Cell, Row, Table, sides, split_sides
from press.records import replace
from press.writers.pdf.layout.lines import longest_word, natural_width
from press.writers.pdf.layout.protocol import Setter
from press.writers.pdf.model import GAP, Element, Fragment, Item, RuleItem, hold_ends, move_down, stack
from press.writers.stylesheet import Stylesheet, TextStyle

_NARROWEST = 40.0  # points: a column that is less tells nothing
_CELL = 2.0  # points above and below the words of a table cell


def lay_table(
    flow: Setter, stylesheet: Stylesheet, block: Table, x: float, width: float
) -> tuple[Element, list[Fragment]]:
    """Lay out a table between `x` and `x + width`."""
    return _Tables(flow, stylesheet).table(block, x, width)


class _Tables:
    def __init__(self, flow: Setter, stylesheet: Stylesheet) -> None:
        self._flow = flow
        self._stylesheet = stylesheet

    def table(self, block: Table, x: float, width: float) -> tuple[Element, list[Fragment]]:
        key = self._flow.key()
        gutter = self._stylesheet.gutter
        widths = self._column_widths(block, (width - gutter) / 2 if gutter else width)
        children: list[Element] = []
        fragments: list[Fragment] = []
        if block.caption:
            element, fragments = self._flow.text(block.caption, self._stylesheet.style("caption"), "Caption", x, width)
            fragments = [replace(fragment, keep=True) for fragment in fragments]
            children.append(element)
        head = [self._row(row, widths, x) for row in block.head]
        body = [self._row(row, widths, x) for row in block.rows]
        header = tuple(fragment for _, fragment in head)
        fragments += [replace(fragment, keep=True) for fragment in header]
        fragments += hold_ends([replace(fragment, header=header) for _, fragment in body])
        fragments[-1] = replace(fragments[-1], after=self._stylesheet.style("p").after)
        for role, rows in (("THead", head), ("TBody", body)):
            if rows:
                children.append(Element(self._flow.key(), role, tuple(element for element, _ in rows)))
        return Element(key, "Table", tuple(children)), fragments

    def _row(self, row: Row, widths: list[float], x: float) -> tuple[Element, Fragment]:
        key = self._flow.key()
        cells: list[Element] = []
        items: list[Item] = []
        height, left = 0.0, x
        for cell, width in zip(row.cells, widths, strict=True):
            element, fragments = self._cell_words(cell, left, width, sum(widths) + GAP * (len(widths) - 1))
            tall, drawn = stack(fragments)
            items += [move_down(item, _CELL) for item in drawn]
            cells.append(replace(element, scope=cell.scope))
            height, left = max(height, tall), left + width + GAP
        whole = sum(widths) + GAP * (len(widths) - 1)
        if self._stylesheet.gutter:
            whole = 2 * whole + self._stylesheet.gutter
        tall = height + 2 * _CELL
        return Element(key, "TR", tuple(cells)), Fragment(tall, (*items, RuleItem(x, tall, whole, 0.75)))

    def _cell_words(self, cell: Cell, x: float, width: float, row: float) -> tuple[Element, list[Fragment]]:
        """Lay out the words of a cell; in two languages the same cell again, a row's width to the right."""
        style, role = self._cell(cell), "TH" if cell.is_header else "TD"
        found, gutter = sides(cell.children), self._stylesheet.gutter
        if len(found) < 2:
            return self._flow.text(cell.children, style, role, x, width)
        return self._flow.two(found, style, role, ((x, width), (x + row + gutter if gutter else x, width)))

    def _column_widths(self, block: Table, width: float) -> list[float]:
        """Choose natural widths if they fit, the rest to the widest; else shares of the frame."""
        rows = block.head + block.rows
        columns = len(rows[0].cells)
        room = width - GAP * (columns - 1)
        natural = [max(self._natural(row.cells[column]) for row in rows) for column in range(columns)]
        if sum(natural) <= room:
            widest = natural.index(max(natural))
            natural[widest] += room - sum(natural)
            return natural
        shares = _share(natural, room)
        least = [max(self._measure_longest(row.cells[column]) for row in rows) for column in range(columns)]
        return _at_least_words(shares, least)

    def _cell(self, cell: Cell) -> TextStyle:
        """Choose the style of a cell: only the head of a column has one of its own, for rows have heads in bold."""
        return self._stylesheet.style("th" if cell.scope == "col" else "td")

    def _natural(self, cell: Cell) -> float:
        setting = self._flow.setting(self._cell(cell))
        return max((natural_width(run, setting) for run in split_sides(cell.children)), default=0.0) + 0.5

    def _measure_longest(self, cell: Cell) -> float:
        """Measure the longest word of a cell: a phone number must not be broken."""
        setting = self._flow.setting(self._cell(cell))
        return max((longest_word(run, setting) for run in split_sides(cell.children)), default=0.0) + 0.5


def _share(natural: list[float], room: float) -> list[float]:
    """Give narrow columns their natural width; the wide ones share the rest."""
    narrow = [wide for wide in natural if wide <= room / len(natural)]
    wide = [wide for wide in natural if wide > room / len(natural)]
    spare = room - sum(narrow)
    return [width if width in narrow else spare * width / sum(wide) for width in natural]


def _at_least_words(shares: list[float], least: list[float]) -> list[float]:
    """Give a column that is narrower than its longest word what the others can spare.

    Where not all words fit, the column of the longest one is what is left: a code is broken, no date.
    """
    short = sum(max(0.0, word - share) for share, word in zip(shares, least, strict=True))
    spare = sum(max(0.0, share - word) for share, word in zip(shares, least, strict=True))
    if not short:
        return shares
    if short > spare:
        longest = least.index(max(least))
        left = sum(shares) - sum(least) + least[longest]
        return (
            [left if column == longest else word for column, word in enumerate(least)] if left > _NARROWEST else shares
        )
    part = short / spare
    return [word if share < word else share - (share - word) * part for share, word in zip(shares, least, strict=True)]
