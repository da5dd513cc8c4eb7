"""Choose the blocks and texts that are for a reader. Pure: every condition of a handout is decided here.

What a reader has is a set of names. A condition is decided by those of them that it asks for, so a block
is chosen once for all readers who have the same of them, and is then the same object for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from press.compose.shown_dates import Shown
from press.content.handout import Block, TextRef, When, block_refs
from press.document.nodes import MARKS
from press.lru import LRU, ById, OfObjects
from press.records import replace

_HANDOUTS = 256  # whose conditions are listed once
_MOST = 4096  # blocks that are kept as they were chosen
Given = frozenset[str]  # names of values that there are, and what else a condition may ask for


def find_given(reader: When, values: Iterable[str], shown: Shown) -> Given:
    """List what a reader has: the form, reason and mode of treatment of `reader`, values, and days that are shown."""
    return frozenset((*chain(*_one_of(reader)), *values, *(_mark(mark) for mark in MARKS if shown.has(mark))))


def _mark(date: str) -> str:
    return f"day {date}"


def _one_of(when: When) -> tuple[tuple[str, ...], ...]:
    """List what a condition is for: of each of these a reader must have one."""
    asked = (("form", when.form), ("reason", when.reason), ("mode", when.mode))
    return tuple(tuple(f"{kind} {name}" for name in names) for kind, names in asked if names)


def _is_for(when: When, given: Given) -> bool:
    return all(map(given.intersection, _one_of(when)))


def _holds(each: Block | TextRef, given: Given) -> bool:
    return _is_for(each.when, given) and given.issuperset(each.needs) and given.isdisjoint(each.lacks)


def choose(blocks: tuple[Block, ...], given: Given) -> tuple[Block, ...]:
    """Choose of each block what is for this reader, once for all readers who have the same of what it asks for."""
    found: list[Block] = []
    for block, asked in _asked.get(blocks):
        key = block, given & asked
        found += _chosen.get(key, partial(_choose_one, *key))
    return tuple(found)


def _choose_one(block: ById[Block], given: Given) -> tuple[Block, ...]:
    """Choose of one block; what was chosen of it for other reasons is the same object."""
    chosen, known = _choose((block.it,), given), _known.get(block, list)
    if chosen not in known:
        known.append(chosen)
    return known[known.index(chosen)]


def _ask(block: Block) -> Iterator[str]:
    """List all that the conditions of a block ask for."""
    asking: list[Block | TextRef] = [block, *block_refs(block)]
    yield from (name for each in asking for name in each.needs + each.lacks)
    yield from (name for each in (*asking, *block.rows) for names in _one_of(each.when) for name in names)
    yield from (_mark(row.date) for row in block.rows)
    yield from (name for inner in block.blocks for name in _ask(inner))


_asked: OfObjects[tuple[Block, ...], tuple[tuple[ById[Block], Given], ...]] = OfObjects(
    _HANDOUTS, lambda blocks: tuple((ById(block), frozenset(_ask(block))) for block in blocks)
)
_chosen: LRU[tuple[Block, ...]] = LRU(_MOST)
_known: LRU[list[tuple[Block, ...]]] = LRU(_MOST)


def _choose(blocks: tuple[Block, ...], given: Given) -> tuple[Block, ...]:
    chosen = (_trim(block, given) for block in blocks if _holds(block, given))
    return tuple(block for block in chosen if block.texts or block.rows or block.blocks)


def _trim(block: Block, given: Given) -> Block:
    """The block with only the texts, rows and blocks that are for this reader."""
    intro = block.intro if block.intro and _holds(block.intro, given) else None
    texts = choose_refs(block.texts, given)
    if intro and block.picture:
        intro = replace(intro, picture=block.picture)
    elif texts and block.picture:
        texts = (replace(texts[0], picture=block.picture), *texts[1:])
    kept = (row for row in block.rows if _is_for(row.when, given) and (not row.date or _mark(row.date) in given))
    rows = tuple(replace(row, cells=choose_refs(row.cells, given)) for row in kept)
    return replace(block, intro=intro, texts=texts, rows=rows, blocks=_choose(block.blocks, given))


def choose_refs(refs: tuple[TextRef, ...], given: Given) -> tuple[TextRef, ...]:
    """Choose the texts that are for a reader."""
    return tuple(ref for ref in refs if _holds(ref, given))
