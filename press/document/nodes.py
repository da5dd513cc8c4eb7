"""Define the document tree: the words of a handout in reading order, without looks.

Block and inline nodes are different types, all frozen, so that a node can be compared,
printed and used as a key. The names follow HTML: a heading, a paragraph, a list, a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from itertools import chain

from press.document.logo import Logo
from press.errors import Place
from press.lru import once_each
from press.records import dataclass, replace

NOWHERE = Place("")

MOST_ITEMS = 7  # of one list (CDC Clear Communication Index, item 8)

# What a day of a calendar can be. Each is a word with a sign, never a color alone.
MARKS = ("given", "watch", "danger", "offered", "due", "appointment", "planned", "closed")


# Inline nodes


@dataclass(frozen=True, slots=True)
class Text:
    """Running words of the program or the template."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that matter more. No other emphasis exists: no italics, no color.

    `role` is one of `MARKS` for the word that marks a day; it is printed with a sign.
    """

    children: tuple[Inline, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value to be filled in: only in content before tailoring, never in a finished tree."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was typed for this clinic or this patient, always shown as it is."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class WriteIn:
    """A line to write on, where a value was not given. `label` says what goes there."""

    label: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a paragraph."""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The number of the page, known only when the pages are made."""


@dataclass(frozen=True, slots=True)
class PageCount:
    """How many pages the handout has."""


@dataclass(frozen=True, slots=True)
class SheetNumber:
    """Which sheet of a print job the page is on, known only when the pages are made."""


@dataclass(frozen=True, slots=True)
class Content:
    """One text of the content files, with the id and the place that it came from."""

    id: str
    children: tuple[Inline, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Side:
    """Words in one language of a page with two. A run that is in both languages is two sides, no more."""

    language: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class PictureMark:
    """A picture by its name, the first node of the text that it belongs to.

    `words` say what it shows; it has none where the text beside it says the same.
    """

    name: str
    words: tuple[Inline, ...] = ()

    @property
    def is_decorative(self) -> bool:
        """Whether whoever does not see the picture loses nothing."""
        return not self.words


Inline = (
    Text | Strong | Placeholder | Value | WriteIn | Break | PageNumber | PageCount | SheetNumber | Content | Side
    | PictureMark
)  # fmt: skip


# Block nodes


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the handout."""

    level: int
    children: tuple[Inline, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `role` is a class name that a stylesheet knows."""

    children: tuple[Inline, ...]
    role: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list."""

    children: tuple[Inline, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class List:
    """A list of items, numbered where their order matters."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    role: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. A header cell says with `scope` whether it heads its column or row."""

    children: tuple[Inline, ...]
    scope: str = ""
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def is_header(self) -> bool:
        """Whether this cell heads others."""
        return bool(self.scope)


@dataclass(frozen=True, slots=True)
class Row:
    """A table row."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first rows (`head`) are repeated where it continues on a new page."""

    head: tuple[Row, ...]
    rows: tuple[Row, ...]
    caption: tuple[Inline, ...] = ()
    role: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that belong together; `role` names their look (a warning box, a pair)."""

    children: tuple[Block, ...]
    role: str = ""
    id: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a drawing: its label and its amount."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of bars; `label` says in words what it shows.

    It only repeats the numbers of a table beside it, so a format without drawings leaves it out.
    """

    bars: tuple[Bar, ...]
    label: str
    place: Place = field(default=NOWHERE, compare=False)


Block = Heading | Paragraph | List | Table | Section | Figure


@dataclass(frozen=True, slots=True)
class Numbering:
    """The page numbering of a document within a print job: its first page and first sheet.

    `pages` is printed as the page count (0: the document's own); `sides` are printed on one sheet.
    """

    first: int = 1
    pages: int = 0
    sheet: int = 1
    sides: int = 2

    def of(self, number: int, count: int) -> tuple[int, int, int]:
        """Give page number, page count and sheet number for side `number` (from 1) of `count`."""
        return self.first + number - 1, self.pages or count, self.sheet + (number - 1) // self.sides


@dataclass(frozen=True, slots=True)
class Document:
    """One handout for one reader: letterhead, body, and the banner and footer of every page.

    `sides` is how many sides of paper it may fill in this edition (0: any number).
    `first_page` lists the content ids that must be on page 1, `spill` those that may go to a
    further side if the others leave them no room: nothing else may. `hotline` is the link to the
    emergency number with which a page begins on a screen; paper has none. A `logo` is a part of the letterhead.
    """

    title: str
    language: str
    letterhead: tuple[Block, ...]
    body: tuple[Block, ...]
    footer: tuple[Block, ...]
    banner: tuple[Block, ...] = ()
    role: str = ""
    sides: int = 0
    first_page: tuple[str, ...] = ()
    spill: tuple[str, ...] = ()
    numbering: Numbering = Numbering()
    hotline: Content | None = None
    logo: Logo | None = None
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def everything(self) -> tuple[Block, ...]:
        """All blocks of the first level, in reading order."""
        return self.banner + self.letterhead + self.body + self.footer


def blocks(roots: tuple[Block, ...]) -> Iterator[Block]:
    """Walk all blocks from `roots` down, in reading order, roots included."""
    for block in roots:
        yield block
        if isinstance(block, Section):
            yield from blocks(block.children)


# Nodes are frozen, and most are on the pages of many readers and asked for many times: each is walked once.
@once_each
def strings(block: Block) -> Iterator[tuple[Inline, ...]]:
    """List the runs of inline nodes directly in a block, in reading order."""
    yield from (run for run, _ in placed_strings(block))


def placed_strings(block: Block) -> Iterator[tuple[tuple[Inline, ...], Place]]:
    """List the same runs, each with the nearest place in the template."""
    match block:
        case Heading() | Paragraph():
            yield block.children, block.place
        case List():
            yield from ((item.children, item.place) for item in block.items)
        case Table():
            yield block.caption, block.place
            yield from ((cell.children, cell.place) for row in block.head + block.rows for cell in row.cells)
        case Figure():
            yield tuple(Text(f"{bar.label} {bar.amount} ") for bar in block.bars), block.place
        case Section():
            return


@once_each
def inlines(children: tuple[Inline, ...]) -> Iterator[Inline]:
    """List all inline nodes from `children` down, in reading order, children included."""
    yield from _walk(children)


def nodes(roots: tuple[Block, ...]) -> Iterator[Inline]:
    """Walk all inline nodes in blocks and below, in reading order."""
    return chain.from_iterable(map(_nodes, roots))


@once_each
def _nodes(root: Block) -> Iterator[Inline]:
    return (node for block in blocks((root,)) for run in strings(block) for node in inlines(run))


def _walk(children: tuple[Inline, ...]) -> Iterator[Inline]:
    for node in children:
        yield node
        if isinstance(node, Strong | Content | Side):
            yield from _walk(node.children)
        elif isinstance(node, PictureMark):
            yield from _walk(node.words)


def split_picture(run: tuple[Inline, ...]) -> tuple[PictureMark | None, tuple[Inline, ...]]:
    """Divide a run into the picture that it begins with, if any, and its words."""
    first, rest = run[0] if run else None, run[1:]
    match first:
        case PictureMark():
            return first, rest
        case Strong() | Content() | Side():
            picture, children = split_picture(first.children)
            return picture, (replace(first, children=children), *rest) if picture else run
        case _:
            return None, run


def sides(children: tuple[Inline, ...]) -> tuple[Side, ...]:
    """List the sides of a run: two if it is in two languages, one if it has a language of its own, or none."""
    return tuple(node for node in children if isinstance(node, Side))


def split_sides(children: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], ...]:
    """Divide a run into runs of one language: itself, or each of its sides."""
    return tuple(side.children for side in sides(children)) or (children,)


def plain(children: tuple[Inline, ...]) -> str:
    """Give the words of inline nodes as a reader hears them; a write-in is its label."""
    return "".join(_words(node) for node in children)


def _words(node: Inline) -> str:
    match node:
        case Text() | Value():
            return node.text
        case Strong() | Content() | Side():
            return plain(node.children)
        case WriteIn():
            return f"[{node.label}]"
        case Break():
            return "\n"
        case Placeholder():
            return "{" + node.name + "}"
        case PageNumber() | PageCount() | SheetNumber():
            return "#"
        case PictureMark():
            return plain(node.words) + " " if node.words else ""


def contents(document: Document) -> Iterator[Content]:
    """Walk all content strings of a document, footer included, in reading order."""
    yield from (text for block in document.everything for text, _ in contents_within(block))


def contents_within(root: Block, language: str = "") -> Iterator[tuple[Content, str]]:
    """Walk the content strings of a block and all in it with their languages, that of the page if none is named."""
    for block in blocks((root,)):
        yield from ((text, own or language) for text, own in _contents(block))


@once_each
def _contents(block: Block) -> Iterator[tuple[Content, str]]:
    """Walk the content strings directly in a block."""
    for node in (node for run in strings(block) for node in run):
        language = node.language if isinstance(node, Side) else ""
        yield from ((inner, language) for inner in _walk((node,)) if isinstance(inner, Content))
