"""Number the structure elements of finished pages: from 1, in reading order.

While pages are tried, keys are only unique, so that cached blocks can keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from press.records import replace
from press.writers.pdf.model import ARTIFACT, BoxItem, Element, Item, Layout, PictureItem, TextItem


def number_elements(layout: Layout) -> Layout:
    """Number the elements of a layout, and what they hold on the pages.

    Raises RuntimeError if two elements have one key, or something on a page has an element that is not in the tree.
    """
    keys = list(_keys(layout.root))
    numbers = {key: number for number, key in enumerate(keys)}
    if len(numbers) < len(keys):
        raise RuntimeError("two structure elements have the same key")
    pages = tuple(replace(page, items=tuple(_item(item, numbers) for item in page.items)) for page in layout.pages)
    return replace(layout, pages=pages, root=_element(layout.root, numbers))


def _keys(element: Element) -> Iterator[int]:
    yield element.key
    for child in element.children:
        yield from _keys(child)


def _element(element: Element, numbers: Mapping[int, int]) -> Element:
    children = tuple([_element(child, numbers) for child in element.children])
    return Element(
        numbers[element.key],
        element.role,
        children,
        element.scope,
        element.numbering,
        element.language,
        element.alt,
    )


def _item(item: Item, numbers: Mapping[int, int]) -> Item:
    if not isinstance(item, TextItem | BoxItem | PictureItem) or item.element == ARTIFACT:
        return item
    if item.element not in numbers:
        raise RuntimeError("something on a page belongs to no structure element")
    number = numbers[item.element]
    if isinstance(item, TextItem):
        return TextItem(number, item.x, item.y, item.size, item.line, item.room, item.ink)
    return replace(item, element=number)
