"""Lay out the box of a section: the frame around its fragments, and its sign."""

from __future__ import annotations

from press.document.nodes import Block, Heading, PictureMark, WriteIn, inlines
from press.records import replace
from press.writers.pdf.layout.columns import frames
from press.writers.pdf.model import GAP, Box, BoxItem, Fragment, IconItem, height_of, move_down, stack
from press.writers.stylesheet import BLACK, BoxStyle, TextStyle

_SIGN = 30.0  # points
_BAR_PAD = 2.0  # points above and below the words on a bar
_FEW = 4  # fragments: from so many on, a sign is at the top of the words, else in their middle


def inner_frame(style: BoxStyle, x: float, width: float) -> tuple[float, float]:
    """Give the left edge and the width of the words in a box, in points: right of its sign, if it has one."""
    left, right = _left(style) + sign_room(style), style.padding + style.border
    return x + left, width - left - right


def sign_room(style: BoxStyle) -> float:
    """Give the width that a sign takes from the words beside it, in points: from those in each of two languages."""
    return 0.0 if style.icon == "none" else _SIGN + GAP


def frame_fragments(
    key: int, style: BoxStyle, fragments: list[Fragment], x: float, width: float, gutter: float, bar: list[Fragment]
) -> list[Fragment]:
    """Put a frame between `x` and `x + width` around fragments, which stay on one page if it can hold them.

    A `bar` is the upper edge of the frame. Words in two languages, with a `gutter`, have a sign each.
    """
    fragments[0] = replace(fragments[0], before=0.0)
    fragments[-1] = replace(fragments[-1], after=0.0)
    if sign_room(style):
        fragments = _draw_signs(style, _at_least(fragments, _SIGN), x, width, gutter)
    pad = Fragment(style.padding + style.border, keep=True)
    top = [*bar, Fragment(style.padding, keep=True)] if bar else [pad]
    box = Box(key, x, width, style.border, style.tint, style.ink, style.padding + style.border)
    top[0] = replace(top[0], before=style.before)
    fragments[-1] = replace(fragments[-1], keep=True)
    held = [replace(each, boxed=True, boxes=(box, *each.boxes)) for each in (*top, *fragments)]
    return [*held, replace(pad, after=style.after, keep=False, boxes=(box,))]


def split_bar(style: BoxStyle, blocks: tuple[Block, ...]) -> tuple[Heading | None, tuple[Block, ...]]:
    """Divide off the heading that is printed on a bar, if the box has one.

    A line to write on and a picture would be black on black: with one of them there is no black bar.
    """
    first = blocks[0] if blocks else None
    if not style.bar or not isinstance(first, Heading):
        return None, blocks
    has_ink = style.ground == BLACK and any(isinstance(node, WriteIn | PictureMark) for node in inlines(first.children))
    return (None, blocks) if has_ink else (first, blocks[1:])


def bar_style(style: BoxStyle, heading: TextStyle) -> TextStyle:
    """Give the style of the words on a bar: white on black, else black."""
    ink = 0.0 if style.ground == BLACK else BLACK
    return replace(heading, size=style.bar, bold=True, ink=ink, before=0.0, after=0.0)


def draw_bar(style: BoxStyle, words: list[Fragment], x: float, width: float) -> list[Fragment]:
    """Draw a bar between `x` and `x + width` behind words, framed unless it is black: one fragment."""
    tall, items = stack(words)
    height = tall + 2 * _BAR_PAD
    frame = 0.0 if style.ground == BLACK else style.border
    ground = BoxItem(x, 0.0, width, height, frame, style.ground)
    return [Fragment(height, (ground, *(move_down(item, _BAR_PAD) for item in items)), keep=True)]


def _left(style: BoxStyle) -> float:
    return style.padding + max(style.border, style.side)


def _sign_top(fragments: list[Fragment]) -> float:
    return max(0.0, (height_of(fragments) - _SIGN) / 2) if len(fragments) < _FEW else 0.0


def _draw_signs(style: BoxStyle, fragments: list[Fragment], x: float, width: float, gutter: float) -> list[Fragment]:
    """Draw the sign of a box left of its words, of those in each language where there is a gutter."""
    whole = x + _left(style), width - _left(style) - style.padding - style.border
    columns = frames(*whole, gutter) if gutter else (whole,)
    top = _sign_top(fragments)
    signs = tuple(IconItem(style.icon, left, top, _SIGN, style.ink) for left, _ in columns)
    return [replace(fragments[0], items=(*fragments[0].items, *signs)), *fragments[1:]]


def _at_least(fragments: list[Fragment], height: float) -> list[Fragment]:
    """Make room below the words if the sign is taller than they are."""
    tall = height_of(fragments)
    if tall >= height:
        return fragments
    return [*fragments[:-1], replace(fragments[-1], height=fragments[-1].height + height - tall)]
