"""Lay out the letterhead: the clinic's logo and its lines. All lengths are in points."""

from __future__ import annotations

from press.document.logo import Logo
from press.document.nodes import Block, Document, Heading, Paragraph, sides
from press.document.slots import varies
from press.writers.pdf.layout.blocks import Flow
from press.writers.pdf.layout.columns import join_beside
from press.writers.pdf.layout.lines import natural_width
from press.writers.pdf.model import GAP, Element, Fragment, LogoItem
from press.writers.stylesheet import Stylesheet
from press.writers.variants import with_write_in

_WIDEST = 1 / 4  # of the frame: what a logo takes of it at most
_FLAT = 3.0  # times as wide as it is high
_BELOW = 3.0  # between a logo and the lines below it
_TOO_WIDE = 1.0  # more than the room: by how much makes no difference

Laid = tuple[list[Element], list[Fragment]]


def lay_letterhead(flow: Flow, document: Document, stylesheet: Stylesheet, x: float, width: float) -> Laid:
    """Lay out the letterhead of a page: the logo at the left of its lines.

    It is above them in two languages, whose columns are those of the page, and if it is as flat as a line.
    """
    lines, logo = document.letterhead, document.logo
    if logo is None:
        return _side_by_side(flow, stylesheet, lines, x, width)
    is_flat = logo.width > _FLAT * logo.height
    mark, drawn = _draw(logo, flow.key(), x, width * _WIDEST, stylesheet.logo / (2 if is_flat else 1))
    if stylesheet.gutter or is_flat:
        elements, fragments = _side_by_side(flow, stylesheet, lines, x, width)
        return [mark, *elements], [Fragment(drawn.height, (drawn,), after=_BELOW), *fragments]
    taken = drawn.width + GAP
    elements, fragments = _side_by_side(flow, stylesheet, lines, x + taken, width - taken)
    return [mark, *elements], [join_beside([Fragment(drawn.height, (drawn,))], fragments)]


def lay_masthead(flow: Flow, document: Document, stylesheet: Stylesheet, x: float, width: float) -> Laid:
    """Lay out the letterhead at the right of a title: a narrow column, with the logo above its lines."""
    narrow = flow.in_stylesheet(with_write_in(stylesheet, min(stylesheet.write_in, width / 2)))
    if document.logo is None:
        return narrow.blocks(document.letterhead, x, width)
    mark, drawn = _draw(document.logo, flow.key(), x, width, stylesheet.logo)
    elements, fragments = narrow.blocks(document.letterhead, x, width)
    return [mark, *elements], [Fragment(drawn.height, (drawn,), after=_BELOW), *fragments]


def _draw(logo: Logo, key: int, x: float, widest: float, highest: float) -> tuple[Element, LogoItem]:
    """Draw a logo at `x`, as large as it may be."""
    scale = min(highest / logo.height, widest / logo.width)
    item = LogoItem(x, 0.0, logo.width * scale, logo.height * scale, 0.0, 0.0, element=key, logo=logo)
    return Element(key, "Figure", alt=logo.alt, language=logo.language), item


def _side_by_side(
    flow: Flow, stylesheet: Stylesheet, blocks: tuple[Block, ...], x: float, width: float
) -> tuple[list[Element], list[Fragment]]:
    """Lay out its paragraphs on one line if they fit, else under each other."""
    style = stylesheet.style("p", "clinic")
    runs = [block.children for block in blocks if isinstance(block, Heading | Paragraph)]
    if len(runs) < len(blocks):
        return flow.blocks(blocks, x, width)
    if any(map(sides, runs)):
        made = [flow.head(run, style, x, width) for run in runs]
        return [element for element, _ in made], [fragment for _, fragments in made for fragment in fragments]
    setting = flow.setting(style)
    room = width - GAP * (len(blocks) - 1) - sum(natural_width(run, setting) for run in runs if not varies(run))
    naturals = [natural_width(run, setting, max(room, 0.0) + _TOO_WIDE) for run in runs]
    spare = width - sum(naturals)
    if len(blocks) < 2 or spare < GAP * (len(blocks) - 1):
        return flow.blocks(blocks, x, width)
    gap, elements, columns = spare / (len(blocks) - 1), [], []
    for block, natural in zip(blocks, naturals, strict=True):
        element, fragments = flow.block(block, x, natural + 0.5)
        elements.append(element)
        columns.append(fragments)
        x += natural + gap
    return elements, [join_beside(*columns)]
