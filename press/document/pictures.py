"""Define pictures: filled and stroked outlines on a grid of 48 by 48 units, without a size on paper.

Lengths are in units of the grid, x to the right and y downwards as in SVG 1.1. Every outline is of
lines and cubic Bezier curves, because those are what PDF has (ISO 32000-1, 8.5.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from press.records import dataclass

GRID = 48  # units on each side of the square that a picture is drawn in

Move = tuple[Literal["M"], float, float]
Line = tuple[Literal["L"], float, float]
Curve = tuple[Literal["C"], float, float, float, float, float, float]
Close = tuple[Literal["Z"]]
Segment = Move | Line | Curve | Close
Point = tuple[float, float]

# A quarter of a circle as one cubic curve, off by less than 0.03 % of its radius.
_QUARTER = 0.5522847498


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline. `fill` is "", "black" or "white"; `stroke` is the width of its black, round line, 0 for none."""

    segments: tuple[Segment, ...]
    fill: str
    stroke: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing in black and white; later shapes cover earlier ones.

    `side` is its height and width in points where it must have one size; 0 where a stylesheet says it.
    """

    name: str
    shapes: tuple[Shape, ...]
    side: float = 0.0


def ellipse(cx: float, cy: float, rx: float, ry: float) -> tuple[Segment, ...]:
    """Outline an ellipse by four cubic curves."""
    kx, ky = rx * _QUARTER, ry * _QUARTER
    return (
        ("M", cx + rx, cy),
        ("C", cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry),
        ("C", cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy),
        ("C", cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry),
        ("C", cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy),
        ("Z",),
    )


def rectangle(x: float, y: float, width: float, height: float, rx: float = 0, ry: float = 0) -> tuple[Segment, ...]:
    """Outline a rectangle; `rx` and `ry` round its corners, at most to half of its sides."""
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    right, bottom = x + width, y + height
    if not (rx and ry):
        return polyline(((x, y), (right, y), (right, bottom), (x, bottom)), is_closed=True)
    kx, ky = rx * (1 - _QUARTER), ry * (1 - _QUARTER)
    return (
        ("M", x + rx, y),
        ("L", right - rx, y),
        ("C", right - kx, y, right, y + ky, right, y + ry),
        ("L", right, bottom - ry),
        ("C", right, bottom - ky, right - kx, bottom, right - rx, bottom),
        ("L", x + rx, bottom),
        ("C", x + kx, bottom, x, bottom - ky, x, bottom - ry),
        ("L", x, y + ry),
        ("C", x, y + ky, x + kx, y, x + rx, y),
        ("Z",),
    )


def polyline(points: Iterable[Point], *, is_closed: bool) -> tuple[Segment, ...]:
    """Join points, of which there must be one at least, by straight lines."""
    first, *others = points
    end: tuple[Segment, ...] = (("Z",),) if is_closed else ()
    return (("M", *first), *(("L", x, y) for x, y in others), *end)


def points_of(segment: Segment) -> Iterator[Point]:
    """Give the points of a segment, control points of curves too: its ink without the stroke lies in their hull."""
    numbers = segment[1:]
    return zip(numbers[::2], numbers[1::2], strict=True)
