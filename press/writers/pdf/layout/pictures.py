"""Lay out a text with its picture: the picture in a column of its own at the left, the words beside it.

All lengths are in points. Both are one fragment, which is never divided.
"""

from __future__ import annotations

from press.document.nodes import PictureMark, plain
from press.document.slots import varies
from press.records import replace
from press.writers.pdf.model import ARTIFACT, Element, Fragment, PictureItem, move_down, stack
from press.writers.stylesheet import PictureStyle, Stylesheet

PICTURE_GAP = 6.0  # points between a picture and the words beside it
_STEP = 4.0  # points by which pictures shrink


def join_picture(
    mark: PictureMark,
    key: int,
    x: float,
    stylesheet: Stylesheet,
    text: tuple[Element, list[Fragment]],
    *,
    is_row: bool = False,
) -> tuple[Element, list[Fragment]]:
    """Put a picture, at `x`, left of the fragments of a text: both on one middle line, or both from the top.

    In a row of two languages both begin at the top, where the other language begins.
    It is an artifact, or an element `key` before the words (ISO 32000-1, 14.8.4.5). Raises RuntimeError if
    its words could be another reader's: the tags of a page are written once for many.
    """
    if varies(mark.words):
        raise RuntimeError("the words of a picture hold a value of one reader")
    element, fragments = text
    size = picture_size(mark, stylesheet)
    tall, items = stack(fragments)
    down = 0.0 if is_row else max(0.0, (size - tall) / 2)
    picture = stylesheet.pictures.get(mark.name)
    drawn = PictureItem(ARTIFACT if mark.is_decorative else key, x, 0.0, size, picture)
    whole = replace(
        fragments[-1],
        height=max(size, tall),
        items=(drawn, *(move_down(item, down) for item in items)),
        before=fragments[0].before,
    )
    if not mark.is_decorative:
        figure = Element(key, "Figure", alt=plain(mark.words).strip())
        element = replace(element, children=(figure, *element.children))
    return element, [whole]


def picture_size(mark: PictureMark, stylesheet: Stylesheet) -> float:
    """Give the height and width of a picture in points: its own, or that of the stylesheet."""
    return stylesheet.pictures.get(mark.name).side or stylesheet.picture.size


def picture_sizes(style: PictureStyle) -> tuple[PictureStyle, ...]:
    """Give the sizes to try for pictures, the largest first."""
    steps = max(0, int((style.size - style.least) // _STEP))
    return tuple(replace(style, size=style.size - step * _STEP) for step in range(steps + 1))
