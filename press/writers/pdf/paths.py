"""Write pictures as path operators (ISO 32000-1, 8.5), in black and white."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from press.document.pictures import GRID, Picture, Segment, Shape
from press.lru import OfObjects

_MOST = 64  # pictures whose shapes are kept
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


def picture_operators(picture: Picture, x: float, y: float, size: float) -> str:
    """Draw a picture in black in a square of `size` points; (x, y) is its upper left corner, y upwards."""
    scale = size / GRID
    shapes = _shapes.get(picture)
    place = f"{scale:.4f} 0 0 {-scale:.4f} {number(x)} {number(y)} cm"
    return f"q {place} 1 J 1 j {shapes} Q"


_shapes: OfObjects[Picture, str] = OfObjects(
    _MOST, lambda picture: " ".join(operators for shape in picture.shapes for operators in _shape(shape))
)


def _shape(shape: Shape) -> Iterator[str]:
    """Draw an outline: filled, stroked or both. White is set before such a shape, and black after it."""
    if shape.stroke:
        yield f"{number(shape.stroke)} w"
    yield from (_segment(segment) for segment in shape.segments)
    paint = ("B" if shape.stroke else "f") if shape.fill else "S"
    yield f"1 g {paint} 0 g" if shape.fill == "white" else paint


def _segment(segment: Segment) -> str:
    letter, *numbers = segment
    return " ".join([*(number(float(value)) for value in numbers), _OPERATORS[letter]])


def gray(ink: float) -> str:
    """Turn an ink in percent of black into a DeviceGray level, where 1 is white (ISO 32000-1, 8.6.4.2)."""
    return f"{1 - ink / 100:.4f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=2048)
def number(value: float, decimals: int = 2) -> str:
    """Write a number with at most so many decimals."""
    return f"{value + 0.0:.{decimals}f}".rstrip("0").rstrip(".")  # -0.0 is 0.0 here, too
