"""Lay out bars: each with its label before it and its number behind it, on a scale from 0.

All bars have one shade. Tagged as one drawing (ISO 32000-1, 14.8.4.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from press.document.nodes import Figure, Strong, Text
from press.records import replace
from press.writers.pdf.layout.lines import break_lines
from press.writers.pdf.layout.protocol import Setter
from press.writers.pdf.layout.words import Setting
from press.writers.pdf.model import BoxItem, Element, Fragment, Line, Page, PictureItem, Run, TextItem
from press.writers.stylesheet import TextStyle

_WORDS = 0.4  # of the width, at most, for the words before the bars
_GAP = 6.0  # points between words, bar and number
_BORDER, _TINT = 0.75, 40.0  # points; percent of black
_THICK = 0.7  # of a line's height
_WIDEST = 10_000.0  # points: a number is never broken


def lay_bars(flow: Setter, style: TextStyle, block: Figure, x: float, width: float) -> tuple[Element, list[Fragment]]:
    """Lay out bars between `x` and `x + width`, all on one page."""
    key, setting = flow.key(), flow.setting(style)
    labels = [break_lines((Text(bar.label),), setting, width * _WORDS) for bar in block.bars]
    numbers = [_number(bar.amount, setting) for bar in block.bars]
    words = max((line.width for lines in labels for line in lines), default=0.0) + _GAP
    room = width - words - max((line.width for line in numbers), default=0.0) - _GAP
    scale = room / max(1, 1, *(bar.amount for bar in block.bars))
    fragments: list[Fragment] = []
    for bar, lines, number in zip(block.bars, labels, numbers, strict=True):
        long = bar.amount * scale
        last = _join(lines[-1], number, words + long + (_GAP if long else 0.0))
        fragments += [Fragment(style.line, (flow.item(key, line, style, x, width),), keep=True) for line in lines[:-1]]
        drawn = _box(key, x + words, long, style)
        fragments.append(Fragment(style.line, (*drawn, flow.item(key, last, style, x, width)), keep=True))
    if fragments:
        fragments[0] = replace(fragments[0], before=style.before)
        fragments[-1] = replace(fragments[-1], after=style.after, keep=False)
    return Element(key, "Figure", alt=block.label), fragments


def _box(key: int, x: float, long: float, style: TextStyle) -> tuple[BoxItem, ...]:
    """Draw the bar in the middle of its line; none for 0."""
    thick = style.line * _THICK
    return (
        (BoxItem(x, (style.line - thick) / 2, max(long, 2 * _BORDER), thick, _BORDER, _TINT, element=key),)
        if long
        else ()
    )


def _number(amount: int, setting: Setting) -> Line:
    """Set a number; the space at its end separates it from the next bar's label in a search."""
    (line,) = break_lines((Strong((Text(str(amount)),)),), setting, _WIDEST)
    return replace(line, runs=_end_in_space(line))


def _join(words: Line, number: Line, x: float) -> Line:
    """Join the last line of a label and its number, at `x`, to one line."""
    moved = tuple(replace(run, x=run.x + x) for run in number.runs)
    return Line((*_end_in_space(words), *moved), (), x + number.width)


def _end_in_space(line: Line) -> tuple[Run, ...]:
    *before, last = line.runs
    return (*before, replace(last, text=last.text + " "))


# Bounding boxes


def _drawings(element: Element) -> Iterator[int]:
    """List the keys of the elements that are drawings."""
    if element.alt:
        yield element.key
    for child in element.children:
        yield from _drawings(child)


def frames(root: Element, pages: Iterable[tuple[Page, float]]) -> dict[int, tuple[float, float, float, float]]:
    """Find the bounding box of each drawing: left, bottom, right, top, in points from the paper's lower left corner.

    `pages` come with their height in points. Raises RuntimeError if a drawing is on two pages.
    """
    wanted = frozenset(_drawings(root))
    found: dict[int, tuple[float, float, float, float]] = {}
    for page, height in pages if wanted else ():
        edges: dict[int, list[tuple[float, float, float, float]]] = {}
        for item in page.items:
            if isinstance(item, TextItem | BoxItem | PictureItem) and item.element in wanted:
                edges.setdefault(item.element, []).append(_edges(item))
        if found.keys() & edges.keys():
            raise RuntimeError("a drawing stands on two pages")
        for key, all_ in edges.items():
            left, top, right, bottom = zip(*all_, strict=True)
            found[key] = (min(left), height - max(bottom), max(right), height - min(top))
    return found


def _edges(item: TextItem | BoxItem | PictureItem) -> tuple[float, float, float, float]:
    """Give left, top, right and bottom, from the paper's top."""
    if isinstance(item, TextItem):
        return item.x, item.y - item.size, item.x + item.line.width, item.y + item.size / 3
    return item.x, item.y, item.x + item.width, item.y + item.height
