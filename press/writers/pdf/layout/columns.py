"""Put columns side by side: fragments in one row, two languages in equal columns, the rule between them.

All lengths are in points. A row of two languages is one fragment: it is never divided, and both
languages begin on one line, so that a finger on one finds the other.
"""

from __future__ import annotations

from press.records import replace
from press.writers.pdf.model import Box, Fragment, stack

Frames = tuple[tuple[float, float], ...]  # left and width of each
_STEP = 16.0  # points: the indent of the second language under the first
_RULE = 0.75
_GRAY = 55.0  # percent of black


def frames(x: float, width: float, gutter: float) -> Frames:
    """Give the frames of two languages: equal columns, or one under the other without a `gutter`."""
    if not gutter:
        return (x, width), (x + _STEP, width - _STEP)
    half = (width - gutter) / 2
    return (x, half), (x + half + gutter, half)


def join_beside(*columns: list[Fragment]) -> Fragment:
    """Join columns side by side to one fragment, as tall as the tallest."""
    stacks = [stack(column) for column in columns]
    return Fragment(
        height=max(height for height, _ in stacks),
        items=tuple(item for _, items in stacks for item in items),
        before=max(column[0].before for column in columns if column),
        after=max(column[-1].after for column in columns if column),
    )


def join_below(*columns: list[Fragment]) -> Fragment:
    """Join texts under each other, without space between them, to one fragment."""
    closed = [replace(fragment, before=0.0, after=0.0) for column in columns for fragment in column]
    tall, items = stack(closed)
    return Fragment(tall, items, before=columns[0][0].before, after=columns[-1][-1].after)


def draw_divider(fragments: list[Fragment], x: float) -> list[Fragment]:
    """Draw a thin rule at `x` along the fragments, page by page."""
    line = Box(-1, x - _RULE / 2, _RULE, 0.0, _GRAY, ink=100.0, pad=0.0)
    return [replace(fragment, boxes=(*fragment.boxes, line)) for fragment in fragments]
