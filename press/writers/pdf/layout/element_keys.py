"""Number the structure elements of pages: from 1, in reading order.

While pages are tried, keys are only unique, so that cached blocks can keep theirs.
"""

from __future__ import annotations

from press.records import replace
from press.writers.pdf.model import ARTIFACT, BoxItem, Element, Item, PictureItem, TextItem


class Numbers:
    """The numbers of elements below a `root`, and the `root` numbered. Raises RuntimeError if two have one key."""

    def __init__(self, root: Element) -> None:
        self._numbers: dict[int, int] = {}
        self.root = self._number(root)

    def _number(self, element: Element) -> Element:
        """Number an element and all below it."""
        number = len(self._numbers)
        if self._numbers.setdefault(element.key, number) != number:
            raise RuntimeError("two structure elements have the same key")
        children = tuple([self._number(child) for child in element.children])
        return Element(number, element.role, children, element.scope, element.numbering, element.language, element.alt)

    def place(self, item: Item, top: float, start: float = 0.0) -> Item:
        """Move an item down by `top` and `start`; it gets the number of its element.

        Raises RuntimeError if that is not in the tree.
        """
        y = item.y + top + start
        if not isinstance(item, TextItem | BoxItem | PictureItem) or item.element == ARTIFACT:
            return replace(item, y=y)
        if item.element not in self._numbers:
            raise RuntimeError("something on a page belongs to no structure element")
        number = self._numbers[item.element]
        if isinstance(item, TextItem):
            return TextItem(number, item.x, y, item.size, item.line, item.room, item.ink)
        return replace(item, element=number, y=y)
