"""List the texts that carry facts, by their ids, in the blocks that were chosen for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Set

from press.compose.tailor import Tailored
from press.content.handout import Block, all_blocks


def ids_with(tailored: Tailored, facts: Set[str]) -> Iterator[str]:
    """List the ids of the texts in blocks with one of these facts."""
    for block in all_blocks(tailored.blocks):
        if not facts.isdisjoint(block.facts):
            yield from _ids(block, tailored)


def ids_with_only(tailored: Tailored, facts: Set[str]) -> Iterator[str]:
    """List the ids of the texts in blocks that have these facts and no others."""
    for block in all_blocks(tailored.blocks):
        if block.facts and facts >= set(block.facts):
            yield from _ids(block, tailored)


def _ids(block: Block, tailored: Tailored) -> Iterator[str]:
    cells = (cell for row in block.rows for cell in row.cells)
    yield from (tailored.filled[ref.text].id for ref in (*block.texts, *cells))
