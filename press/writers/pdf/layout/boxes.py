"""Lay out the box of a section: the frame round its strips, and the sign beside its words or above their middle."""

from __future__ import annotations

from dataclasses import replace

from press.writers.pdf.model import GAP, Box, IconItem, Strip, height_of
from press.writers.stylesheet import BoxStyle

_SIGN = 30.0  # points
_FEW = 4  # strips: beside so many words a sign stands at their top, beside fewer in their middle


def inner_frame(style: BoxStyle, x: float, width: float, gutter: float) -> tuple[float, float]:
    """Give the left edge and the width of the words in a box, in points; a `gutter` has room for the sign."""
    size = _sign_size(style, gutter)
    sign = size + GAP if size and not gutter else 0.0
    left, right = _left(style), style.padding + style.border
    return x + left + sign, width - left - right - sign


def framed(key: int, style: BoxStyle, strips: list[Strip], x: float, width: float, gutter: float) -> list[Strip]:
    """Put a frame between `x` and `x + width` round strips, which stay on one page if it can hold them."""
    strips[0] = replace(strips[0], before=0.0)
    strips[-1] = replace(strips[-1], after=0.0)
    if size := _sign_size(style, gutter):
        strips = _at_least(strips, size)
        left = x + (width - size) / 2 if gutter else x + _left(style)
        sign = IconItem(style.icon, left, _sign_top(strips, size), size, style.ink)
        strips[0] = replace(strips[0], items=(*strips[0].items, sign))
    pad = Strip(style.padding + style.border, keep=True)
    box = Box(key, x, width, style.border, style.tint, style.ink, style.padding + style.border)
    *inner, last = [replace(pad, before=style.before), *strips, replace(pad, after=style.after, keep=False)]
    held = [replace(strip, boxed=True) for strip in inner]
    held[-1] = replace(held[-1], keep=True)
    return [replace(strip, boxes=(box, *strip.boxes)) for strip in (*held, last)]


def _left(style: BoxStyle) -> float:
    return style.padding + max(style.border, style.side)


def _sign_size(style: BoxStyle, gutter: float) -> float:
    """The height of the sign in points; 0 where there is none."""
    return 0.0 if style.icon == "none" else min(_SIGN, gutter - 10 if gutter else _SIGN)


def _sign_top(strips: list[Strip], size: float) -> float:
    return max(0.0, (height_of(strips) - size) / 2) if len(strips) < _FEW else 0.0


def _at_least(strips: list[Strip], height: float) -> list[Strip]:
    """Make room below the words where the sign is taller than they are."""
    tall = height_of(strips)
    if tall >= height:
        return strips
    return [*strips[:-1], replace(strips[-1], height=strips[-1].height + height - tall)]
