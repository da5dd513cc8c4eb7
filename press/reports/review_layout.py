"""What the look of a page says about the review items: boxes, headings, lists, chunks, tables.

Clinical basis 4.1 (PEMAT-P 8, 9, 11, 12, 15-19, 23, 25) and 4.2 (CDC Index 2-4, 8, 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from press.document.nodes import (
    MOST_ITEMS,
    Block,
    Content,
    Document,
    Heading,
    List,
    Paragraph,
    Section,
    Strong,
    Table,
    blocks,
    inlines,
    plain,
    strings,
)
from press.errors import Place
from press.reports.review_items import Answer

_LINE = 65  # characters in a line of print (4.5), and in one of the two halves of a dense page
_HALF_LINE = 40
_MOST_LINES = 5
_LEAST_HEADINGS = 2
_MOST_COLUMNS, _MOST_HEAD_WORDS = 3, 4
_BOXES = ("warning", "notice", "emergency", "call")
_TOP_BOXES = ("warning", "notice")
_EMPTY_HEADINGS = frozenset(
    "background detail details general information introduction miscellaneous more notes other overview"
    " antecedentes detalles generalidades información introducción más notas otros varios".split()
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the program saw, in a few words, and where, if it is in one spot."""

    answer: Answer
    why: str
    place: Place | None = None


def either(good: bool, yes: str, no: str, place: Place | None = None) -> Seen:
    """Yes or no, each with its reason; the place is that of a no."""
    return Seen(Answer.YES, yes) if good else Seen(Answer.NO, no, place)


def _body(document: Document) -> Iterator[Block]:
    return blocks(document.body)


def _place(block: Block) -> Place:
    """The file and line of the words, which say more than those of the template."""
    found = (node.place for run in strings(block) for node in run if isinstance(node, Content))
    return next(found, block.place)


# Chunks, headings, lists


def chunks(document: Document) -> Seen:
    """Paragraphs of about five lines, lists of seven items; the lines are an estimate."""
    for block, line in _with_line_lengths(document.body, document.role == "one-side"):
        if fault := _too_long(block, line):
            return Seen(Answer.NO, fault, _place(block))
    return Seen(Answer.YES, "no long paragraph or list")


def _with_line_lengths(body: tuple[Block, ...], dense: bool, line: int = _LINE) -> Iterator[tuple[Block, int]]:
    """Every block with the characters of its lines; a pair stands side by side on a dense page."""
    for block in body:
        yield block, line
        if isinstance(block, Section):
            half = dense and block.role == "pair"
            yield from _with_line_lengths(block.children, dense, _HALF_LINE if half else line)


def _too_long(block: Block, line: int) -> str:
    if isinstance(block, List) and len(block.items) > MOST_ITEMS:
        return f"a list of {len(block.items)} items"
    for run in strings(block) if isinstance(block, List | Paragraph) else ():
        lines = -(-len(plain(run)) // line)
        if lines > _MOST_LINES:
            return f"a paragraph of about {lines} lines"
    return ""


def headings(document: Document) -> Seen:
    """Headings below the title, none of them a word that says nothing of what follows."""
    found = [block for block in _body(document) if isinstance(block, Heading) and block.level > 1]
    for block in found:
        if plain(block.children).strip(" :.").casefold() in _EMPTY_HEADINGS:
            return Seen(Answer.NO, f"the heading “{plain(block.children)}”", _place(block))
    enough = len(found) >= _LEAST_HEADINGS
    return either(enough, f"{len(found)} headings below the title", "fewer than two headings below the title")


def lists(document: Document) -> Seen:
    """At least one list, and none of more than seven items."""
    found = [block for block in _body(document) if isinstance(block, List)]
    for block in found:
        if len(block.items) > MOST_ITEMS:
            return Seen(Answer.NO, f"a list of {len(block.items)} items", _place(block))
    return either(bool(found), f"{len(found)} short lists", "no list")


# Boxes


def top_box(document: Document) -> Section | None:
    """The box with the main message: the first section, if no heading stands before it."""
    for block in document.body:
        if isinstance(block, Heading) and block.level > 1:
            return None
        if isinstance(block, Section):
            return block if block.role in _TOP_BOXES else None
    return None


def top(document: Document) -> Seen:
    """A box before the first heading; that it says the right thing is for a person to see."""
    return either(top_box(document) is not None, "a box before the first heading", "no box before the first heading")


def cues(document: Document) -> Seen:
    """A box, with strong words in one of them."""
    boxes = tuple(block for block in _body(document) if isinstance(block, Section) and block.role in _BOXES)
    nodes = (node for block in blocks(boxes) for run in strings(block) for node in inlines(run))
    strong = any(isinstance(node, Strong) for node in nodes)
    return either(strong, "boxes with strong words", "no box with strong words")


# Pictures, tables, tools


def _is_words(document: Document) -> bool:
    """Whether the page has nothing but words; a new kind of block may be a picture."""
    return all(isinstance(block, Heading | Paragraph | List | Table | Section) for block in _body(document))


def pictures_na(document: Document) -> Seen | None:
    """An item about pictures does not apply to a page without them."""
    return Seen(Answer.NA, "no pictures") if _is_words(document) else None


def pictures_missing(document: Document) -> Seen | None:
    """The Index wants a picture on every page (item 4)."""
    return Seen(Answer.NO, "no pictures") if _is_words(document) else None


def _tables(document: Document) -> list[Table]:
    return [block for block in _body(document) if isinstance(block, Table)]


def tables(document: Document) -> Seen:
    """Few columns and short headings; not applicable without a table. A month is read as a calendar."""
    found = [table for table in _tables(document) if table.role != "month"]
    if not found:
        return Seen(Answer.NA, "no tables")
    for table in found:
        if not _is_simple(table):
            return Seen(Answer.NO, "a table that is wide, or with long headings or none", _place(table))
    return Seen(Answer.YES, "short tables with short headings")


def _is_simple(table: Table) -> bool:
    rows = table.head + table.rows
    heads = [plain(cell.children).split() for row in rows for cell in row.cells if cell.is_header]
    narrow = all(len(row.cells) <= _MOST_COLUMNS for row in rows)
    return narrow and bool(heads) and all(0 < len(words) <= _MOST_HEAD_WORDS for words in heads)


def tables_na(document: Document) -> Seen | None:
    """An item that explains charts and tables does not apply without them."""
    return Seen(Answer.NA, "no charts or tables") if _is_words(document) and not _tables(document) else None


def tool(document: Document) -> Seen:
    """Something to use while acting: lines to write on, or the table of numbers to call."""
    for block in _body(document):
        if isinstance(block, Paragraph) and block.role == "write-in":
            return Seen(Answer.YES, "lines to write on")
        if isinstance(block, Table) and block.role == "contacts":
            return Seen(Answer.YES, "numbers to call")
    return Seen(Answer.NO, "no lines to write on and no table of numbers")
