"""Join two finished pages in two languages into one, each text with its counterpart by id. Pure.

The first is in the patient's language, the second in the helper's. Both were composed and checked
alone; here nothing is chosen and no word is changed. Reading order goes row by row, the patient's
words first: listener and reader stay on one line, and lists and tables stay whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TypeVar

from press.document.nodes import (
    Block,
    Content,
    Document,
    Figure,
    Heading,
    Inline,
    List,
    ListItem,
    Paragraph,
    Row,
    Section,
    Side,
    Table,
    Text,
    blocks,
    inlines,
    plain,
    sides,
    split_picture,
    strings,
)
from press.document.slots import FIXED, renumber, slots_of
from press.errors import HandoutError, Place, refuse
from press.records import dataclass, replace

B = TypeVar("B", bound=Block)


def join(left: Document, right: Document) -> Document:
    """Join two documents into one, which may fill any number of sides of paper.

    The slots of `right` are numbered after those of `left`: the texts of both follow one another.
    Raises HandoutError if they do not have the same texts in the same order, or if the page has a
    grid without room for a second language.
    """
    _no_grid(left)
    _same_texts(left, right)
    right = renumber(right, len(slots_of(left)))
    pair = _Pair(left.language, right.language, left.place)
    return replace(
        left,
        banner=_notices(left, right),
        letterhead=pair.blocks(left.letterhead, right.letterhead, is_shared=True),
        body=pair.blocks(left.body, right.body),
        footer=tuple(_footer(left)) + tuple(_footer(right)),
        role="",
        sides=0,
    )


def _no_grid(document: Document) -> None:
    """Refuse a card to cut out and a month of days: their size is fixed."""
    if any(block.role in FIXED for block in blocks(document.body) if isinstance(block, Section | Table)):
        raise _alone(document.place)


def _alone(place: Place) -> HandoutError:
    """Build the refusal of a page with a part that has no room for a second language."""
    return refuse(place, "this handout cannot stand in two languages side by side", "print it once in each language")


def _same_texts(left: Document, right: Document) -> None:
    """Refuse at the first text of one language that the other lacks, or has elsewhere."""
    ones, others = tuple(_texts(left)), tuple(_texts(right))
    for one, other in zip_longest(ones, others):
        if one and other and one.id == other.id:
            continue
        lacks_right = one is not None and one.id not in {text.id for text in others}
        text, language = (one, right.language) if lacks_right or other is None else (other, left.language)
        raise refuse(text.place, f"text `{text.id}` has no counterpart in `{language}` at this place")


def _texts(document: Document) -> Iterator[Content]:
    for block in blocks(document.letterhead + document.body):
        for run in strings(block):
            yield from (node for node in inlines(run) if isinstance(node, Content))


@dataclass(frozen=True)
class _Pair:
    """Joins blocks of the same shape; a difference is reported at `place`."""

    left: str
    right: str
    place: Place

    def blocks(
        self, left: tuple[Block, ...], right: tuple[Block, ...], *, is_shared: bool = False
    ) -> tuple[Block, ...]:
        """Join each block with its counterpart; a shared letterhead has name and address once."""
        self._alike(len(left), len(right))
        pairs = zip(left, right, strict=True)
        return tuple(joined for one, other in pairs for joined in self._block(one, other, is_shared))

    def _block(self, left: Block, right: Block, is_shared: bool) -> Iterator[Block]:
        self._alike(_shape(left), _shape(right))
        match left:
            case Heading():
                yield replace(left, children=self._run(left.children, self._like(left, right).children))
            case Paragraph() if is_shared and not _has_words(left):
                yield left
            case Paragraph():
                yield from self._paragraphs(left, self._like(left, right))
            case List():
                pairs = zip(left.items, self._like(left, right).items, strict=True)
                yield replace(left, items=tuple(ListItem(self._run(a.children, b.children), a.place) for a, b in pairs))
            case Table():
                yield self._table(left, self._like(left, right))
            case Section():
                yield replace(left, children=self.blocks(left.children, self._like(left, right).children))
            case Figure():
                raise _alone(self.place)  # its words are a part of the drawing

    def _paragraphs(self, left: Paragraph, right: Paragraph) -> Iterator[Paragraph]:
        """Make a row of each text of a paragraph: texts differ in length between languages."""
        ones, others = _rows(left), _rows(right)
        self._alike(len(ones), len(others))
        for one, other in zip(ones, others, strict=True):
            yield replace(left, children=self._run(one, other))

    def _table(self, left: Table, right: Table) -> Table:
        caption = self._run(left.caption, right.caption) if left.caption else ()
        head = tuple(self._row(a, b) for a, b in zip(left.head, right.head, strict=True))
        rows = tuple(self._row(a, b) for a, b in zip(left.rows, right.rows, strict=True))
        return replace(left, caption=caption, head=head, rows=rows)

    def _row(self, left: Row, right: Row) -> Row:
        pairs = zip(left.cells, right.cells, strict=True)
        return Row(tuple(replace(a, children=self._run(a.children, b.children)) for a, b in pairs))

    def _run(self, left: tuple[Inline, ...], right: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """Put two runs side by side; a picture, which is the same in every language, stands before the first one."""
        return Side(self.left, left), Side(self.right, split_picture(right)[1])

    def _alike(self, left: object, right: object) -> None:
        if left != right:
            raise self._unlike()

    def _like(self, left: B, right: Block) -> B:
        """Narrow the counterpart of a block to the type of the block."""
        if not isinstance(right, type(left)):
            raise self._unlike()
        return right

    def _unlike(self) -> HandoutError:
        return refuse(self.place, "the page is not built alike in both languages, so its lines cannot be aligned")


def _has_words(paragraph: Paragraph) -> bool:
    """Tell whether it holds words of a language, and not only values and lines to write on."""
    texts = (node.text for node in inlines(paragraph.children) if isinstance(node, Text))
    return any(character.isalpha() for text in texts for character in text)


def _shape(block: Block) -> tuple[object, ...]:
    """Give what two blocks must have in common to be joined."""
    match block:
        case Heading():
            return Heading, block.level
        case Paragraph():
            return Paragraph, block.role
        case List():
            return List, block.ordered, block.role, len(block.items)
        case Table():
            rows = tuple(tuple(cell.scope for cell in row.cells) for row in (*block.head, *block.rows))
            return Table, block.role, bool(block.caption), len(block.head), rows
        case Section():
            return Section, block.role, block.id, len(block.children)
        case Figure():
            return (Figure,)


def _rows(paragraph: Paragraph) -> tuple[tuple[Inline, ...], ...]:
    """Divide a paragraph into its texts; one with other words between them stays whole."""
    texts = tuple((node,) for node in paragraph.children if isinstance(node, Content))
    loose = (node for node in paragraph.children if not isinstance(node, Content))
    is_mixed = any(plain((node,)).strip() for node in loose)
    return (paragraph.children,) if is_mixed or not texts or paragraph.role == "write-in" else texts


def _notices(left: Document, right: Document) -> tuple[Block, ...]:
    """Merge the DRAFT notices of both, each once: a translation has the English one too, marked as English."""
    notices: dict[str, Paragraph] = {}
    for document in (left, right):
        marks = [block for block in blocks(document.banner) if isinstance(block, Paragraph)]
        for mark in marks:
            words = mark.children if sides(mark.children) else (Side(document.language, mark.children),)
            notices.setdefault(plain(mark.children), replace(mark, children=words))
    frame = next((block for block in left.banner + right.banner if isinstance(block, Section)), None)
    return (replace(frame, children=tuple(notices.values())),) if frame else ()


def _footer(document: Document) -> Iterator[Block]:
    """Take the footer's paragraphs at full width: each language has version, fingerprint and page number."""
    for block in document.footer:
        if not isinstance(block, Paragraph):
            raise RuntimeError("a footer holds paragraphs and nothing else")
        yield replace(block, children=(Side(document.language, block.children),))
