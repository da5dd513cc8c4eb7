"""Mark the words of a page that are in another language than the page, so that a screen reader pronounces them right.

Pure. On a translated page the words of the DRAFT mark and those for staff stay English; staff's own pages are
English, with questions in the reader's language.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from press.content.handout import SOURCE_LANGUAGE, Handout, english_texts
from press.document.nodes import Block, Content, Heading, Inline, Paragraph, Row, Section, Side, Table, strings
from press.errors import Place
from press.records import replace


def mark_draft(mark: Block, words: tuple[Content, ...]) -> Block:
    """Mark the English words of a DRAFT notice; of its `words` only the first are in the page's language."""
    return mark_language(mark, frozenset(text.place for text in words[1:]), SOURCE_LANGUAGE)


def mark_english(body: tuple[Block, ...], handout: Handout) -> tuple[Block, ...]:
    """Mark the words in the body of a page that stay English in every language."""
    names = english_texts(handout.structure) if handout.is_translation else frozenset()
    places = frozenset(handout.texts[name].place for name in names)
    return tuple(mark_language(block, places, SOURCE_LANGUAGE) for block in body) if places else body


def mark_language(block: Block, places: AbstractSet[Place], language: str) -> Block:
    """Mark each run of a block that has a text of these places as one in `language`."""
    match block:
        case Section():
            return replace(block, children=tuple(mark_language(child, places, language) for child in block.children))
        case Heading() | Paragraph() if _is_from(block.children, places):
            return replace(block, children=(Side(language, block.children),))
        case Table() if any(_is_from(run, places) for run in strings(block)):
            return replace(block, rows=tuple(_mark_row(row, places, language) for row in block.rows))
    return block


def _is_from(run: tuple[Inline, ...], places: AbstractSet[Place]) -> bool:
    return any(isinstance(node, Content) and node.place in places for node in run)


def _mark_row(row: Row, places: AbstractSet[Place], language: str) -> Row:
    return Row(
        tuple(
            replace(cell, children=(Side(language, cell.children),)) if _is_from(cell.children, places) else cell
            for cell in row.cells
        )
    )
