"""Mark the words of a page that are in another language than the page, so that a screen reader pronounces them right.

Pure. Two kinds of words stay English on a translated page: those of the DRAFT mark, and those for staff.
"""

from __future__ import annotations

from press.content.handout import SOURCE_LANGUAGE, Handout, english_texts
from press.document.nodes import Block, Content, Heading, Paragraph, Section, Side
from press.errors import Place
from press.records import replace


def mark_draft(mark: Block, words: tuple[Content, ...]) -> Block:
    """Mark the English words of a DRAFT notice; of its `words` only the first are in the page's language."""
    return _marked(mark, frozenset(text.place for text in words[1:]))


def mark_english(body: tuple[Block, ...], handout: Handout) -> tuple[Block, ...]:
    """Mark the words in the body of a page that stay English in every language."""
    names = english_texts(handout.structure) if handout.is_translation else frozenset()
    places = frozenset(handout.texts[name].place for name in names)
    return tuple(_marked(block, places) for block in body) if places else body


def _marked(block: Block, places: frozenset[Place]) -> Block:
    match block:
        case Section():
            return replace(block, children=tuple(_marked(child, places) for child in block.children))
        case Heading() | Paragraph() if any(
            isinstance(node, Content) and node.place in places for node in block.children
        ):
            return replace(block, children=(Side(SOURCE_LANGUAGE, block.children),))
    return block
