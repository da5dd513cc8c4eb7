"""Number the structure elements of pages: from 1, in reading order.

While pages are tried, keys are only unique, so that cached blocks can keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

from press.records import replace
from press.writers.pdf.model import ARTIFACT, BoxItem, Element, Item, PictureItem, TextItem, shift


class Numbers:
    """The numbers of elements below a `root`. Raises RuntimeError if two of them have one key."""

    def __init__(self, root: Element) -> None:
        keys = list(_keys(root))
        self._numbers = {key: number for number, key in enumerate(keys)}
        if len(self._numbers) < len(keys):
            raise RuntimeError("two structure elements have the same key")

    def number(self, element: Element) -> Element:
        """Number an element and all below it."""
        children = tuple([self.number(child) for child in element.children])
        number = self._numbers[element.key]
        return Element(number, element.role, children, element.scope, element.numbering, element.language, element.alt)

    def place(self, item: Item, top: float, start: float = 0.0) -> Item:
        """Move an item down by `top` and `start`; it gets the number of its element.

        Raises RuntimeError if that is not in the tree.
        """
        if not isinstance(item, TextItem | BoxItem | PictureItem) or item.element == ARTIFACT:
            return shift(shift(item, 0, top), 0, start)
        if item.element not in self._numbers:
            raise RuntimeError("something on a page belongs to no structure element")
        number, y = self._numbers[item.element], item.y + top + start
        if isinstance(item, TextItem):
            return TextItem(number, item.x, y, item.size, item.line, item.room, item.ink)
        return replace(item, element=number, y=y)


def _keys(element: Element) -> Iterator[int]:
    yield element.key
    for child in element.children:
        yield from _keys(child)
