"""Prove cards to cut out: nothing is cut off, all copies agree, both sides meet.

Reads the layout, as `proof` does. A failure is a fault of this program: RuntimeError.
"""

from __future__ import annotations

from itertools import repeat

from press.records import replace
from press.writers.pdf.model import ARTIFACT, CUT_MARKS, CutItem, Item, Layout, Page, TextItem

_PRINTABLE = 18.0  # points from the edge of the paper that every printer can reach
_CLEAR = 5.0  # points between words and where scissors or a fold go: printers are off by a little
_SLACK = 0.05  # points


def prove_cards(layout: Layout) -> None:
    """Raise if a card is off the paper, is cut into, differs from its copy, or misses its back."""
    if not layout.has_cards:
        return
    for page in layout.pages:
        cards = cards_of(page)
        for card in cards:
            _on_paper(card, layout)
        for item in page.items if cards else ():
            _prove_uncut(item, cards)
        _prove_alike(page, cards)
    _prove_registered(layout)


def cards_of(page: Page) -> list[CutItem]:
    """List the cards of a page, from the top."""
    return sorted((item for item in page.items if isinstance(item, CutItem)), key=lambda card: card.y)


def _on_paper(card: CutItem, layout: Layout) -> None:
    edge = _PRINTABLE + CUT_MARKS[1] - _SLACK
    if min(card.x, layout.width - card.x - card.width) < edge:
        raise RuntimeError("the marks of a card leave the paper")
    if card.y < layout.top - _SLACK or card.y + card.height > layout.bottom + _SLACK:
        raise RuntimeError("a card leaves the page")


def _prove_uncut(item: Item, cards: list[CutItem]) -> None:
    """Prove that every other item is inside one panel of one card, clear of its edges, or outside of all."""
    if isinstance(item, CutItem):
        return
    x, y, right, bottom = _extent(item)
    for card in cards:
        for left, far in ((card.x, card.fold), (card.fold, card.x + card.width)):
            apart = right <= left or x >= far or bottom <= card.y or y >= card.y + card.height
            whole = (
                x >= left + _CLEAR and right <= far - _CLEAR
                and y >= card.y + _CLEAR and bottom <= card.y + card.height - _CLEAR
            )  # fmt: skip
            if not apart and not whole:
                raise RuntimeError("something lies where a card is cut or folded")


def _extent(item: Item) -> tuple[float, float, float, float]:
    """Measure an item: left, top, right and bottom; words reach above and below their base line."""
    if isinstance(item, TextItem):
        ends = [blank.x + blank.width for blank in item.line.blanks]
        return item.x, item.y - item.size * 0.75, item.x + max([item.line.width, *ends]), item.y + item.size * 0.25
    wide = getattr(item, "width", 0.0) or getattr(item, "size", 0.0)
    tall = getattr(item, "height", 0.0) or getattr(item, "size", 0.0)
    return item.x, item.y, item.x + wide, item.y + tall


def _prove_alike(page: Page, cards: list[CutItem]) -> None:
    """Prove that each copy has the items of the first at the same positions, and is not read again."""
    found = [_inside(page, card) for card in cards]
    for card, items in zip(cards[1:], found[1:], strict=True):
        if any(isinstance(item, TextItem) and item.element != ARTIFACT for item in items):
            raise RuntimeError("a second copy of a card would be read aloud again")
        first = cards[0]
        pairs = list(zip(items, found[0], strict=False))
        if len(items) != len(found[0]) or not all(_same(a, b, card.x - first.x, card.y - first.y) for a, b in pairs):
            raise RuntimeError("two copies of a card differ")


def _inside(page: Page, card: CutItem) -> list[Item]:
    def holds(item: Item) -> bool:
        x, y, _, _ = _extent(item)
        return card.x <= x < card.x + card.width and card.y <= y < card.y + card.height

    return [item for item in page.items if holds(item)]


def _same(copy: Item, item: Item, dx: float, dy: float) -> bool:
    """Tell whether `copy` is `item`, moved by (dx, dy)."""
    near = abs(copy.x - item.x - dx) < _SLACK and abs(copy.y - item.y - dy) < _SLACK
    return near and _placeless(copy) == _placeless(item)


def _placeless(item: Item) -> Item:
    bare = replace(item, x=0.0, y=0.0)
    return replace(bare, element=ARTIFACT) if isinstance(bare, TextItem) else bare


def _prove_registered(layout: Layout) -> None:
    """Prove that the cards of a back, seen through the paper, are on those of its front."""
    for number in range(0, len(layout.pages), 2):
        front, back = [*map(cards_of, layout.pages[number : number + 2]), []][:2]
        if len(front) != len(back) or not all(map(_behind, front, back, repeat(layout.width))):
            raise RuntimeError("the two sides of a card do not lie behind each other")
        if not all(card.outer for card in front) or any(card.outer for card in back):
            raise RuntimeError("the outside of a card is not on the front of its sheet")


def _behind(front: CutItem, back: CutItem, width: float) -> bool:
    """Tell whether `back`, seen through paper `width` points wide, is on `front`."""
    seen = replace(back, x=width - back.x - back.width, outer=True)
    return all(
        abs(one - other) < _SLACK
        for one, other in ((seen.x, front.x), (seen.y, front.y), (seen.width, front.width), (seen.height, front.height))
    )
