"""Plan pages, and put fragments on those that are taken: frames, letterhead, footer, page x of y."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property, partial
from itertools import takewhile

from press.document.nodes import Block, Document, Heading, Numbering, Paragraph, Value, nodes
from press.document.slots import OPEN
from press.errors import Place, Problem
from press.records import dataclass
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.blocks import Flow, rule
from press.writers.pdf.layout.calls import Asked, Reader
from press.writers.pdf.layout.columns import draw_divider, join_beside
from press.writers.pdf.layout.element_keys import Numbers
from press.writers.pdf.layout.letterhead import lay_letterhead, lay_masthead
from press.writers.pdf.layout.paginate import HOLDS, Rooms, overfill, paginate
from press.writers.pdf.model import (
    ARTIFACT,
    GAP,
    CutItem,
    Element,
    Fragment,
    Item,
    Layout,
    Page,
    TextItem,
    as_artifact,
    height_of,
    move_down,
    stack,
)
from press.writers.stylesheet import Stylesheet

_PRINTABLE = 18.0  # points from the edge of the paper that every printer can reach
_FOOTER_GAP = 8.0  # points between the frame and the footer's rule
_BANNER_GAP = 2.0  # points between the DRAFT mark and the frame, at least
_WIDE = Numbering(sheet=8845)  # on side 88 of 88: the numbers that a footer must have room for
_SAME = 0.01  # points that make no difference
_SPILL = 0.15  # of a side: less than that is a spill


def lay_out(
    document: Document,
    stylesheet: Stylesheet,
    faces: Faces,
    reader: Reader,
    foot: float = 0.0,
    *,
    divides: bool = False,
) -> Draft | Overflow:
    """Plan the pages of a document with open slots for a reader.

    With `divides` boxes and lists are divided where that spares a page too many. Footers are at least `foot` points
    high, and as high as wide numbers make them.
    """
    flow = Flow(stylesheet, faces, reader)
    margins, height = stylesheet.margins, stylesheet.size[1]
    banner = _banner(flow, document, stylesheet)
    elements, fragments = _opening(flow, document, stylesheet, *_frame(stylesheet))
    nobody = Reader((OPEN,) * len(reader.texts), _WIDE)
    foot = max(foot, height_of(_footer(Flow(stylesheet, faces, nobody), document, stylesheet, 88, 88)))
    top, bottom = max(margins.top, banner.bottom), height - margins.bottom - foot - _FOOTER_GAP
    feet = [fragment for fragment in fragments if fragment.foot]
    rooms = Rooms(bottom - top, tuple(bottom - top - fragment.height - fragment.before for fragment in feet))
    flowing = [fragment for fragment in fragments if not fragment.foot]
    opening = _count_opening(flowing, document.first_page) if stylesheet.last_page else 0
    fill = partial(paginate, flowing, rooms, stylesheet.last_page, opening)
    overflow = Overflow(
        flow.asked, document, flowing, rooms, stylesheet, partial(_fill, fill, document.sides * divides)
    )
    if overflow.is_real:
        return overflow
    columns = overflow.columns
    placed = tuple(tuple(move_down(item, bottom - fragment.height) for item in fragment.items) for fragment in feet)
    furniture = _Furniture(stylesheet, banner, top, placed)
    footers = [_footer(flow, document, stylesheet, number, len(columns)) for number in range(1, len(columns) + 1)]
    tallest = max(map(height_of, footers))
    if tallest > foot + _SAME:
        found = lay_out(document, stylesheet, faces, reader, tallest, divides=divides)
        found.asked.extend(flow.asked)
        return found
    return Draft(flow.asked, elements, columns, footers, furniture)


@dataclass(frozen=True, eq=False, repr=False)
class Draft:
    """Pages that are planned: most are tried and not taken, and only those that are taken are laid out."""

    asked: Asked
    elements: list[Element]
    columns: list[list[Fragment]]
    footers: list[list[Fragment]]
    furniture: _Furniture

    @cached_property
    def last(self) -> Page:
        """The last page."""
        return self._page(len(self.columns))

    @cached_property
    def layout(self) -> Layout:
        """Where everything is on the pages; elements are numbered in reading order."""
        pages = *map(self._page, range(1, len(self.columns))), self.last
        return _layout(self.furniture, self._numbers.root, pages)

    def _page(self, number: int) -> Page:
        tall, below = stack(self.footers[number - 1])
        around, place = self.furniture, self._numbers.place
        marks, foot = around.banner.items, around.frame[1] - tall
        return Page(
            number,
            (
                *(place(item, 0) if number == 1 else as_artifact(item) for item in marks),
                *stack(self.columns[number - 1], partial(place, start=around.top))[1],
                *(place(item, 0) for items in around.feet[number - 1 : number] for item in items),
            ),
            tuple(as_artifact(move_down(item, foot)) for item in below),
        )

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers(Element(0, "Document", (*self.furniture.banner.elements, *self.elements)))

    @property
    def is_spilt(self) -> bool:
        """Whether a few words alone fill the last side: such a side gets lost."""
        if len(self.columns) == 1:
            return False
        words = (i.y for i in self.last.items if isinstance(i, TextItem) and i.element != ARTIFACT)
        top, bottom = self.furniture.frame
        return max(words, default=0.0) < top + _SPILL * (bottom - top)


def _frame(stylesheet: Stylesheet) -> tuple[float, float]:
    """Give the left edge and the width of everything on a page but a calendar and cards."""
    margins = stylesheet.margins
    return margins.left, stylesheet.size[0] - margins.left - margins.right


@dataclass(frozen=True, slots=True)
class _Banner:
    """The DRAFT notice, in the margin above the frame if that has room for it."""

    elements: tuple[Element, ...] = ()
    items: tuple[Item, ...] = ()
    top: float = math.inf
    bottom: float = 0.0


def _banner(flow: Flow, document: Document, stylesheet: Stylesheet) -> _Banner:
    if not document.banner:
        return _Banner()
    elements, fragments = flow.blocks(document.banner, *_frame(stylesheet))
    tall, items = stack(fragments)
    gap = max(_BANNER_GAP, fragments[-1].after)
    top = max(_PRINTABLE, stylesheet.margins.top - tall - gap)
    return _Banner(tuple(elements), tuple(move_down(item, top) for item in items), top, top + tall + gap)


def _opening(
    flow: Flow, document: Document, stylesheet: Stylesheet, left: float, width: float
) -> tuple[list[Element], list[Fragment]]:
    """Lay out letterhead and body; a masthead has the letterhead at the right of the title."""
    title, rest = _title(document.body)
    if stylesheet.masthead and title:
        column = width - stylesheet.masthead
        head, fragments = lay_masthead(flow, document, stylesheet, left + column, stylesheet.masthead)
        name, words = flow.blocks(title, left, column - GAP)
        body, more = flow.blocks(rest, left, width)
        return [*head, *name, *body], [join_beside(words, fragments), *more]
    head, fragments = lay_letterhead(flow, document, stylesheet, left, width)
    body, more = flow.blocks(document.body, left, width)
    if stylesheet.gutter:
        more = draw_divider(more, left + width / 2)
    return [*head, *body], [*fragments, *([rule(left, width)] if fragments else []), *more]


def _title(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Divide off the title, with the line that says who the page is for."""
    count = 0
    if blocks and isinstance(blocks[0], Heading):
        second = blocks[1] if len(blocks) > 1 else None
        count = 2 if isinstance(second, Paragraph) and second.role == "audience" else 1
    return blocks[:count], blocks[count:]


def _count_opening(fragments: list[Fragment], first_page: tuple[str, ...]) -> int:
    """Count the fragments up to the last text that must be on page 1."""
    wanted = frozenset(first_page)
    numbers = (
        number
        for number, fragment in enumerate(fragments, 1)
        for item in fragment.items
        if isinstance(item, TextItem) and any(run.content in wanted for run in item.line.runs)
    )
    return max(numbers, default=0)


@dataclass(frozen=True, slots=True)
class _Furniture:
    """The furniture of pages, around the fragments that flow: banner, footer, and items at the feet of the first pages.

    `top` is where the words begin, in points from the top of the paper; `feet` are for page 1, page 2 and so on.
    """

    stylesheet: Stylesheet
    banner: _Banner
    top: float
    feet: tuple[tuple[Item, ...], ...]

    @property
    def frame(self) -> tuple[float, float]:
        """The top and the bottom of what everything on a page lies in."""
        return min(self.top, self.banner.top), self.stylesheet.size[1] - self.stylesheet.margins.bottom


def _layout(around: _Furniture, root: Element, pages: tuple[Page, ...]) -> Layout:
    """Put pages and elements together; the frame of all is as wide as calendars and cards make it."""
    (width, height), margins = around.stylesheet.size, around.stylesheet.margins
    cards = [item.x for items in around.feet for item in items if isinstance(item, CutItem)]
    left = min(margins.left, margins.wide, *cards)
    right = max(width - margins.right, width - margins.wide, *(width - x for x in cards))
    return Layout(width, height, left, right, *around.frame, pages, root)


def _footer(flow: Flow, document: Document, stylesheet: Stylesheet, number: int, count: int) -> list[Fragment]:
    left, width = _frame(stylesheet)
    fragments = [rule(left, width)]
    for block in document.footer:
        if isinstance(block, Paragraph):
            fragments += flow.footer(block, left, width, number, count)
    return fragments


def _fill(fill: Callable[..., list[list[Fragment]]], sides: int) -> list[list[Fragment]]:
    """Fill pages; where they are more than `sides`, unless it is 0, boxes and lists are divided to spare one."""
    columns = fill()
    if not 0 < sides < len(columns):
        return columns
    return next((each for each in (fill(holds=HOLDS[n:]) for n in (1, 2)) if len(each) <= sides), columns)


@dataclass(frozen=True, eq=False, repr=False)
class Overflow:
    """Fragments and the rooms that there are, filled when that is asked; `asked` as in `Flow`."""

    asked: Asked
    document: Document
    fragments: list[Fragment]
    rooms: Rooms
    stylesheet: Stylesheet
    fill: Callable[[], list[list[Fragment]]]

    @cached_property
    def columns(self) -> list[list[Fragment]]:
        """The fragments of each page."""
        return self.fill()

    @property
    def is_real(self) -> bool:
        """Whether anything is too tall, or there is a page too many."""
        return bool(self.rooms.least <= 0 or self.is_sure or self._too_tall or self._too_many)

    @cached_property
    def is_sure(self) -> bool:
        """Whether they are too tall for the sides wherever a page begins.

        It is taken that in each larger size they are, too.
        """
        if not self.document.sides:
            return False
        spilt = takewhile(lambda fragment: _is_spill(self.document, [fragment]), reversed(self.fragments))
        return overfill(self.fragments[: len(self.fragments) - len([*spilt])], self.rooms, self.document.sides)

    @cached_property
    def _too_tall(self) -> list[int]:
        rooms = ((number, column, max(self.rooms.of(number), 0.0)) for number, column in enumerate(self.columns, 1))
        return [number for number, column, room in rooms if height_of(column) > room + _SAME]

    @cached_property
    def _too_many(self) -> list[list[Fragment]]:
        """The pages too many, but one that holds nothing but what may spill there."""
        sides = self.document.sides
        more = self.columns[sides:] if sides else []
        return [] if len(more) == 1 and _is_spill(self.document, more[0]) else more

    def problems(self, document: Document) -> list[Problem]:
        """Tell what is wrong with a page whose slots are filled, by how many lines it is too long."""
        found = [_too_tall(document, number) for number in self._too_tall]
        if self.rooms.least <= 0:
            hint = "make them lower, or fewer `copies`"
            found.append(Problem(self.stylesheet.card.place, "the cards to cut out are taller than the page", hint))
        if more := self._too_many:
            over = sum(height_of(column) for column in more)
            found.append(_too_long(document, max(1, math.ceil(over / self.stylesheet.style("p").line))))
        return found


def _too_long(document: Document, lines: int) -> Problem:
    sides = document.sides
    return Problem(
        sides_place(document),
        f"the page is {lines} line{'s' if lines > 1 else ''} too long: it may fill {sides} "
        f"side{'s' if sides > 1 else ''} of paper",
        _long_value(document) or "shorten the words, or leave out what this reader does not need",
    )


def _is_spill(document: Document, fragments: list[Fragment]) -> bool:
    """Tell whether fragments hold nothing but what may go to one side more."""
    items = [item for fragment in fragments for item in fragment.items]
    return {run.content for item in items if isinstance(item, TextItem) for run in item.line.runs} <= set(
        document.spill
    )


_LONG = 60  # characters: a value as long as this may be why the page is too long


def _long_value(document: Document) -> str:
    """Blame a typed value that takes much room, by its field and length only."""
    typed = [node for node in nodes(document.everything) if isinstance(node, Value)]
    longest = max(typed, key=lambda value: len(value.text), default=None)
    if longest is None or len(longest.text) <= _LONG:
        return ""
    return f"`{longest.field}` has {len(longest.text)} characters; a shorter one may fit"


def _too_tall(document: Document, number: int) -> Problem:
    """Report what is taller than the page: a cell or a panel is never divided."""
    return Problem(
        sides_place(document),
        f"something on page {number} is taller than the page and cannot be divided",
        "divide the longest text of a table or of two panels side by side",
    )


def sides_place(document: Document) -> Place:
    """Give the place where the length of a page is reported: that of its `sides`."""
    return document.place if document.place.file else Place("page")
