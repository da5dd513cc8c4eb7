"""Drop the page numbers from a footer, for formats without pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from press.document.nodes import (
    Block,
    Content,
    Inline,
    PageCount,
    PageNumber,
    Paragraph,
    SheetNumber,
    Text,
    Value,
    inlines,
    sides,
)
from press.errors import refuse
from press.records import replace

BETWEEN = " · "  # what divides the parts of a footer line
_DIVIDER = re.compile(r"\s*·\s*")
_COUNTERS = "phrases/"  # the words beside a page number are phrases and nothing else


def drop_page_numbers(footer: tuple[Block, ...]) -> tuple[Block, ...]:
    """Drop each part of a footer line that has a page number.

    Raises HandoutError if such a part has words that are no phrase of page numbers.
    """
    return tuple(rest for block in footer if (rest := _drop(block)))


def _drop(block: Block) -> Block | None:
    return _drop_parts(block) if isinstance(block, Paragraph) else block


def _drop_parts(block: Paragraph) -> Paragraph | None:
    if not _counts(block.children):
        return block
    if found := sides(block.children):
        inner = _drop_parts(replace(block, children=found[0].children))
        return replace(inner, children=(replace(found[0], children=inner.children),)) if inner else None
    rest: list[Inline] = []
    for part in _parts(block.children):
        if not _counts(part):
            rest += [Text(BETWEEN), *part] if rest else part
        elif any(_is_own_word(node) for node in inlines(tuple(part))):
            raise refuse(block.place, "a page number stands in one part with other words", "put · between them")
    return replace(block, children=tuple(rest)) if rest else None


def _counts(run: Iterable[Inline]) -> bool:
    return any(isinstance(node, PageNumber | PageCount | SheetNumber) for node in inlines(tuple(run)))


def _is_own_word(node: Inline) -> bool:
    return isinstance(node, Value) or (isinstance(node, Content) and not node.id.startswith(_COUNTERS))


def _parts(run: tuple[Inline, ...]) -> Iterator[list[Inline]]:
    """Divide a run at the dividers in the template's own words."""
    part: list[Inline] = []
    for node in run:
        if not isinstance(node, Text):
            part.append(node)
            continue
        first, *others = _DIVIDER.split(node.text)
        part += [Text(first)] if first else []
        for text in others:
            yield part
            part = [Text(text)] if text else []
    yield part
