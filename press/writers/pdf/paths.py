"""Write signs and pictures as path operators (ISO 32000-1, 8.5), in black and white or one ink."""

from __future__ import annotations

from collections.abc import Iterator

from press.document.pictures import GRID, Picture, Segment, Shape

_ROUND = "95 50 m 95 75 75 95 50 95 c 25 95 5 75 5 50 c 5 25 25 5 50 5 c 75 5 95 25 95 50 c"
_DIAMOND = "50 97 m 97 50 l 50 3 l 3 50 l"
ICONS = {
    "dot": f"{_ROUND} f",
    "clock": f"9 w {_ROUND} s 1 J 50 72 m 50 48 l 68 38 l S",
    "diamond": f"{_DIAMOND} f",
    "open-diamond": f"1 j 9 w {_DIAMOND} s",
    "square": "1 j 9 w 10 10 80 80 re s",
    "yield": "1 j 9 w 50 8 m 95 90 l 5 90 l s",
    "cross": "1 J 12 w 15 15 m 85 85 l S 15 85 m 85 15 l S",
    "warning": "1 j 9 w 50 92 m 95 10 l 5 10 l s 10 w 1 J 50 62 m 50 42 l S 50 26 m 50 25.9 l S",
    "phone": "30 5 m 70 5 l 95 30 l 95 70 l 70 95 l 30 95 l 5 70 l 5 30 l f "
    "1 G 13 w 1 J 50 76 m 50 46 l S 50 25 m 50 24.9 l S",
    "scissors": "6 w 1 J 34 18 m 34 27 27 34 18 34 c 9 34 2 27 2 18 c 2 9 9 2 18 2 c 27 2 34 9 34 18 c s "
    "34 82 m 34 91 27 98 18 98 c 9 98 2 91 2 82 c 2 73 9 66 18 66 c 27 66 34 73 34 82 c s "
    "31 28 m 98 78 l S 31 72 m 98 22 l S",
}  # each fills a square of 100 units, y upwards
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


def picture_operators(picture: Picture, x: float, y: float, size: float) -> str:
    """Draw a picture in black in a square of `size` points; (x, y) is its upper left corner, y upwards."""
    scale = size / GRID
    shapes = " ".join(operators for shape in picture.shapes for operators in _shape(shape))
    place = f"{scale:.4f} 0 0 {-scale:.4f} {number(x)} {number(y)} cm"
    return f"q {place} 1 J 1 j {shapes} Q"


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


def number(value: float) -> str:
    """Write a number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
