"""Lay out cards to cut out: the outside on one page, the inside behind it on the next.

A card is two panels side by side in the middle of the paper. Turned over on its long edge, the
sheet shows the same place mirrored, so each inside lies behind its own outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate, repeat

from press.document.nodes import Block, Content, Section, Value, blocks, inlines, plain, strings
from press.errors import HandoutError, Problem
from press.records import replace
from press.writers.pdf.model import (
    CUT_MARKS,
    Blank,
    CutItem,
    Element,
    Fragment,
    IconItem,
    Item,
    TextItem,
    as_artifact,
    move_down,
    stack,
)
from press.writers.stylesheet import Stylesheet
from press.writers.values import value_problem

_GAP = 4.0  # points between the marks of two cards, and above those of the first
_SCISSORS = 12.0  # points
_BELOW = 2.0  # points below a line to write on
_USUAL = 20  # characters: a telephone number that is longer may be why a card is too full

Lay = Callable[[Block, float, float], tuple[Element, list[Fragment]]]


def cut_out(key: int, block: Section, stylesheet: Stylesheet, lay: Lay) -> tuple[Element, list[Fragment]]:
    """Lay out a card: its element, and a fragment for each of its sides, for the feet of two pages.

    `lay` sets a block in the type of cards. Words outside of the panels go to the fold. The
    first copy is read; the others are decoration, so nobody is read the same card twice.
    Raises HandoutError if the words are too many for a panel: they are never made smaller.
    """
    card, middle = stylesheet.card, stylesheet.size[0] / 2
    first = middle - card.width
    elements, signs = _at_fold(block, middle, card.width, lay)
    front, back, left, right = (child for child in block.children if isinstance(child, Section))
    sides: list[list[Item]] = []
    for panels in (((front, middle), (back, first)), ((left, first), (right, middle))):
        found, drawn = _side(panels, stylesheet, lay)
        elements += found
        cut = CutItem(first, 0.0, 2 * card.width, card.height, outer=not sides)
        sides.append([*(as_artifact(item) if sides else item for item in signs), cut, *drawn])
    sides[0].insert(0, IconItem("scissors", first + _GAP, -_SCISSORS - 1, _SCISSORS))
    above = max(CUT_MARKS[1], *(_reach(item) for side in sides for item in side))
    return Element(key, "Sect", tuple(elements)), [_copies(side, above, stylesheet) for side in sides]


def _at_fold(block: Section, x: float, width: float, lay: Lay) -> tuple[list[Element], list[Item]]:
    """Set the words at the fold, right of its crop mark, above the card."""
    elements: list[Element] = []
    items: list[Item] = []
    for child in block.children:
        if not isinstance(child, Section):
            element, fragments = lay(child, x + _GAP, width - _GAP)
            tall, drawn = stack(fragments)
            elements.append(element)
            items = [move_down(item, -tall) for item in (*items, *drawn)]
    return elements, [move_down(item, -1.0) for item in items]


def _reach(item: Item) -> float:
    """Measure how far above the top of a card an item reaches."""
    return -item.y + (item.size if isinstance(item, TextItem) else 0.0)


def _copies(items: list[Item], above: float, stylesheet: Stylesheet) -> Fragment:
    """Lay out a side of all cards on the sheet, under each other, `above` points below the top of the fragment.

    Both sides have the same room above, or the inside would not lie behind the outside.
    """
    card = stylesheet.card
    step = above + card.height + CUT_MARKS[1] + _GAP
    tops = list(accumulate(repeat(step, card.copies - 1), initial=above))
    copies = [
        move_down(as_artifact(item) if number else item, top) for number, top in enumerate(tops) for item in items
    ]
    return Fragment(tops[-1] + card.height + CUT_MARKS[1], tuple(copies), before=_GAP, foot=True)


# One side of a card


def _side(
    panels: tuple[tuple[Section, float], ...], stylesheet: Stylesheet, lay: Lay
) -> tuple[list[Element], list[Item]]:
    """Lay out two panels by their left edges: their words begin at one height, in the middle of the card."""
    found = [_panel(panel, x, stylesheet, lay) for panel, x in panels]
    spare = min(spare for _, _, spare in found)
    items = [move_down(item, stylesheet.card.padding + spare / 2) for _, drawn, _ in found for item in drawn]
    return [element for element, _, _ in found], items


def _panel(panel: Section, x: float, stylesheet: Stylesheet, lay: Lay) -> tuple[Element, tuple[Item, ...], float]:
    """Lay out a panel: its element, its items from (x, 0), and the height that they leave over."""
    padding, room = stylesheet.card.padding, stylesheet.card.height - 2 * stylesheet.card.padding
    element, fragments = lay(panel, x + padding, stylesheet.card.width - 2 * padding)
    tall, items = stack([_to_write_on(fragment, stylesheet.card.line) for fragment in fragments])
    _refuse_broken_values(panel, items)
    if tall > room + 0.01:
        raise HandoutError([_too_full(panel, tall - room, stylesheet)])
    return element, items, max(0.0, room - tall)


def _to_write_on(fragment: Fragment, least: float) -> Fragment:
    """Make room to write: a line is at least `least` points high and extends to the edge of its panel."""
    if not any(isinstance(item, TextItem) and item.line.blanks for item in fragment.items):
        return fragment
    lower = max(0.0, least - fragment.height - _BELOW)
    items = tuple(move_down(_stretch(item), lower) for item in fragment.items)
    return replace(fragment, height=fragment.height + lower + _BELOW, items=items)


def _stretch(item: Item) -> Item:
    if not isinstance(item, TextItem) or not item.line.parts or not isinstance(item.line.parts[-1], Blank):
        return item
    last = item.line.parts[-1]
    blanks = (*item.line.blanks[:-1], replace(last, width=item.room - last.x))
    return replace(item, line=replace(item.line, blanks=blanks, width=item.room))


# What does not fit


def _values(panel: Section) -> Iterator[Value]:
    for block in blocks((panel,)):
        for run in strings(block):
            yield from (node for node in inlines(run) if isinstance(node, Value))


def _refuse_broken_values(panel: Section, items: tuple[Item, ...]) -> None:
    """Refuse a telephone number that is broken over lines: in two pieces it is dialed wrong."""
    drawn = [run for item in items if isinstance(item, TextItem) for run in item.line.runs]
    broken = [v for v in _values(panel) if " " not in v.text and not any(v.text in run.text for run in drawn)]
    if broken:
        raise HandoutError([_too_long(value, "is longer than a line of the card") for value in broken])


def _too_full(panel: Section, over: float, stylesheet: Stylesheet) -> Problem:
    """Blame the longest value if it is unusually long, else the words."""
    lines = max(1, -int(-over // stylesheet.card.text["p"].line))
    said = f"the words on a panel of the card are {lines} line{'s' if lines > 1 else ''} too long"
    longest = max(_values(panel), key=lambda value: len(value.text), default=None)
    if longest and len(longest.text) > _USUAL:
        return _too_long(longest, said)
    texts = (node for block in blocks((panel,)) for run in strings(block) for node in run if isinstance(node, Content))
    longest_text = max(texts, key=lambda text: len(plain(text.children)), default=None)
    place = longest_text.place if longest_text else panel.place
    return Problem(place, said, "shorten the texts of this panel; nothing is set smaller")


def _too_long(value: Value, said: str) -> Problem:
    message = f"`{value.field}` has {len(value.text)} characters: {said}"
    return value_problem(value.field, message, "a shorter one may fit")
