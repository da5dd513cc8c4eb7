"""Write a picture as inline SVG (SVG 1.1) for the HTML page, in the reader's own black and white."""

from __future__ import annotations

from html import escape

from press.document.pictures import GRID, Picture, Segment, Shape

_INKS = {"": "none", "black": "CanvasText", "white": "Canvas"}


def write_svg(picture: Picture, words: str) -> str:
    """Write a picture with `words` as its title; without any, screen readers pass over it."""
    title = f"<title>{escape(words)}</title>" if words else ""
    how = 'role="img"' if words else 'aria-hidden="true"'
    shapes = "".join(map(_shape, picture.shapes))
    kind = "picture code" if picture.side else "picture"
    return (
        f'<svg class="{kind}" viewBox="0 0 {GRID} {GRID}" {how} focusable="false">'
        f'{title}<g stroke-linecap="round" stroke-linejoin="round">{shapes}</g></svg>'
    )


def _shape(shape: Shape) -> str:
    stroke = f' stroke="CanvasText" stroke-width="{shape.stroke:g}"' if shape.stroke else ""
    return f'<path d="{" ".join(map(_segment, shape.segments))}" fill="{_INKS[shape.fill]}"{stroke}/>'


def _segment(segment: Segment) -> str:
    letter, *numbers = segment
    return letter + " ".join(f"{float(number):.4g}" for number in numbers)
