"""Put fragments on pages: frames, letterhead, footer, page x of y, and what must stay together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial

from press.document.nodes import Block, Document, Heading, Numbering, Paragraph, Value, blocks, inlines, strings
from press.errors import Place, Problem
from press.records import dataclass
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.blocks import Flow, rule
from press.writers.pdf.layout.columns import draw_divider, join_beside
from press.writers.pdf.layout.letterhead import lay_letterhead, lay_masthead
from press.writers.pdf.layout.words import Note
from press.writers.pdf.model import (
    GAP,
    Box,
    CutItem,
    Element,
    Fragment,
    Item,
    Layout,
    Page,
    TextItem,
    as_artifact,
    height_of,
    lower_end,
    shift,
    stack,
)
from press.writers.stylesheet import Stylesheet

_PRINTABLE = 18.0  # points from the edge of the paper that every printer can reach
_FOOTER_GAP = 8.0  # points between the frame and the footer's rule
_BANNER_GAP = 2.0  # points between the DRAFT mark and the frame, at least
_WIDE = Numbering(sheet=8845)  # on side 88 of 88: the numbers that a footer must have room for
_SAME = 0.01  # points
Holds = tuple[Callable[[Fragment], bool], ...]
Fill = Callable[..., list[list[Fragment]]]
_HALF = 0.52  # of a page: half, and what is white below a last line
_MOST_MOVES = 60  # from one page to the next, so that none is too empty


def lay_out(
    document: Document,
    stylesheet: Stylesheet,
    faces: Faces,
    note: Note | None = None,
    foot: float = 0.0,
    *,
    divides: bool = False,
) -> tuple[Draft | None, list[Problem]]:
    """Plan the pages of a document, or give problems: a page too many, by how many lines.

    With `divides` boxes and lists are divided where that spares a page too many. `note` is called with each
    measurement of words that differ from reader to reader. Footers are at least `foot` points high, and as high
    as wide numbers make them.
    """
    flow = Flow(stylesheet, faces, document.numbering, note)
    margins, height = stylesheet.margins, stylesheet.size[1]
    banner = _banner(flow, document, stylesheet)
    elements, fragments = _opening(flow, document, stylesheet, *_frame(stylesheet))
    foot = max(foot, _footer(Flow(stylesheet, faces, _WIDE), document, stylesheet, 88, 88)[0])
    top, bottom = max(margins.top, banner.bottom), height - margins.bottom - foot - _FOOTER_GAP
    feet = [fragment for fragment in fragments if fragment.foot]
    rooms = Rooms(bottom - top, tuple(bottom - top - fragment.height - fragment.before for fragment in feet))
    flowing = [fragment for fragment in fragments if not fragment.foot]
    opening = _count_opening(flowing, document.first_page) if stylesheet.last_page else 0
    columns = paginate(flowing, rooms, stylesheet.last_page, opening)
    if divides and 0 < document.sides < len(columns):
        tighter = (paginate(flowing, rooms, stylesheet.last_page, opening, _HOLDS[n:]) for n in (1, 2))
        columns = next((each for each in tighter if len(each) <= document.sides), columns)
    if problems := _too_long(document, columns, stylesheet, rooms):
        return None, problems
    placed = tuple(tuple(shift(item, 0, bottom - fragment.height) for item in fragment.items) for fragment in feet)
    furniture = _Furniture(stylesheet, banner, top, placed)
    footers = [_footer(flow, document, stylesheet, number, len(columns)) for number in range(1, len(columns) + 1)]
    tallest = max(tall for tall, _ in footers)
    if tallest > foot + _SAME:
        return lay_out(document, stylesheet, faces, note, tallest, divides=divides)
    return Draft(elements, columns, footers, furniture), []


@dataclass(frozen=True, eq=False, repr=False)
class Draft:
    """Pages that are planned: most are tried and not taken, and only those that are taken are laid out."""

    elements: list[Element]
    columns: list[list[Fragment]]
    footers: list[tuple[float, tuple[Item, ...]]]
    furniture: _Furniture

    @cached_property
    def layout(self) -> Layout:
        """Where everything is on the pages."""
        made = zip(self.columns, self.footers, strict=True)
        pages = (_page(number, *page, self.furniture) for number, page in enumerate(made, 1))
        return _layout(self.furniture, self.elements, tuple(pages))


def _frame(stylesheet: Stylesheet) -> tuple[float, float]:
    """Give the left edge and the width of everything on a page but a calendar and cards."""
    margins = stylesheet.margins
    return margins.left, stylesheet.size[0] - margins.left - margins.right


@dataclass(frozen=True, slots=True)
class Rooms:
    """The height of each page for fragments that flow, in points: less where a fragment is at its foot."""

    whole: float
    above_feet: tuple[float, ...] = ()

    def of(self, number: int) -> float:
        """Give the room on page `number`, from 1."""
        return self.above_feet[number - 1] if number <= len(self.above_feet) else self.whole

    @property
    def least(self) -> float:
        """The room that every page has."""
        return min((self.whole, *self.above_feet))


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
    return _Banner(tuple(elements), tuple(shift(item, 0, top) for item in items), top, top + tall + gap)


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


def paginate(
    fragments: list[Fragment], rooms: Rooms, last: float = 0.0, opening: int = 0, holds: Holds | None = None
) -> list[list[Fragment]]:
    """Fill pages with as many fragments as they have room for; those that are held together move together.

    What holds them is `_HOLDS`, or the rest of it: then a box may be divided for less. A box that no page can hold
    is divided before a head, then between its blocks, a block between its lines. Where the last page would be filled
    to less than the share `last`, the pages before it give it what they can and stay half full themselves; the first
    `opening` fragments never leave page 1 for that. A list leaves its head, all but its beginning, where pages are
    fewer or fuller for it.
    """
    fill, holds = partial(_fill, rooms=rooms, opening=opening), holds or _HOLDS
    pages = _balance(fragments, rooms, last, partial(fill, holds=holds))
    if len(pages) == 1 or holds is not _HOLDS:
        return pages
    loose = _balance(fragments, rooms, last, partial(fill, holds=_LOOSE))
    return max((pages, loose), key=lambda each: (-len(each), _fullness(each, rooms.whole, last)))


def _balance(fragments: list[Fragment], rooms: Rooms, last: float, fill: Fill) -> list[list[Fragment]]:
    """Fill pages; where one is too empty, the page before it gives it its end, again and again."""
    limits: dict[int, float] = {}
    pages = best = fill(fragments, limits=limits)
    for _ in range(_MOST_MOVES):
        shares = _shares(pages, rooms.whole, last)
        emptiest = shares.index(min(shares))
        if shares[emptiest] >= 1 or not emptiest:
            break
        limits[emptiest] = height_of(pages[emptiest - 1]) - _SAME
        limits.pop(emptiest + 1, None)
        found = fill(fragments, limits=limits)
        if len(found) != len(best) or found == pages:
            break
        pages = found
        best = max((best, pages), key=lambda each: _fullness(each, rooms.whole, last))
    return best


def _shares(pages: list[list[Fragment]], room: float, last: float) -> list[float]:
    """Measure each page against how full it should be: half full, the last one of several by its own share."""
    wanted = [_HALF * room] * (len(pages) - 1) + [last * room if len(pages) > 1 else 0.0]
    return [height_of(page) / least if least else 1.0 for page, least in zip(pages, wanted, strict=True)]


def _fullness(pages: list[list[Fragment]], room: float, last: float) -> float:
    """Measure how full the emptiest page is: 1 if it is full enough, else less."""
    return min(1.0, *_shares(pages, room, last))


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


def _fill(
    fragments: list[Fragment], *, rooms: Rooms, limits: Mapping[int, float], opening: int, holds: Holds
) -> list[list[Fragment]]:
    """Fill pages, some by their number to `limits` only; what leads up to a text of page 1 may take all its room."""
    pages: list[list[Fragment]] = [[]]
    placed, end = 0, None
    for group in _divide(fragments, rooms.least, holds):
        room = rooms.of(len(pages))
        limit = room if len(pages) == 1 and placed < opening else min(room, limits.get(len(pages), room))
        edge = _edge(group[-1].boxes) if group[-1].boxed else 0.0
        below = lower_end(group, end)
        if pages[-1] and below[0] + edge > limit:
            cut = tuple(box for box in pages[-1][-1].boxes if box in group[0].boxes)
            pages[-1] = _close(pages[-1], cut)
            pages.append(_begin_page(group, cut))
            end = lower_end(pages[-1])
        else:
            pages[-1] += group
            end = below
        placed += len(group)
    return pages + [[] for _ in rooms.above_feet[len(pages) :]]


_HOLDS: Holds = (
    lambda fragment: fragment.keep or fragment.whole or fragment.panel or fragment.boxed or fragment.listed,
    lambda fragment: fragment.keep or fragment.whole or fragment.panel,
    lambda fragment: fragment.keep or fragment.whole,
    lambda fragment: fragment.keep,
    lambda fragment: False,
)  # what holds a fragment to the next one, the first to give way first
_LOOSE: Holds = (lambda fragment: fragment.keep or fragment.whole or fragment.panel or fragment.boxed, *_HOLDS[1:])


def _divide(fragments: list[Fragment], room: float, holds: Holds) -> Iterator[list[Fragment]]:
    """Divide fragments into the largest groups that are held together and that one page can hold."""
    whole = len(holds) == len(_HOLDS)
    for group in _groups(fragments, holds[0]):
        edges = 0.0 if whole else 2 * _edge(group[0].boxes)
        if len(holds) == 1 or height_of(group) + edges <= room:
            yield group
        else:
            yield from _divide(group, room, holds[1:])


def _edge(boxes: tuple[Box, ...]) -> float:
    """Measure the room that frames need between their edge and the words, where a page divides them."""
    return sum(box.pad for box in boxes)


def _close(page: list[Fragment], cut: tuple[Box, ...]) -> list[Fragment]:
    """Close the frame of the last box of a page, which goes on overleaf."""
    return [*page[:-1], replace(page[-1], after=0.0), Fragment(_edge(cut), boxes=cut)] if cut else page


def _begin_page(group: list[Fragment], cut: tuple[Box, ...]) -> list[Fragment]:
    """Begin a page: the frame of a box that goes on, a table's header row again, then the group."""
    again = [
        Fragment(s.height, tuple(as_artifact(item) for item in s.items), boxes=group[0].boxes) for s in group[0].header
    ]
    top = [Fragment(_edge(cut), boxes=cut)] if cut else []
    first = replace(group[0], before=0.0) if cut else group[0]
    return [*top, *again, first, *group[1:]]


def _groups(fragments: list[Fragment], held: Callable[[Fragment], bool]) -> list[list[Fragment]]:
    groups: list[list[Fragment]] = [[]]
    for fragment in fragments:
        groups[-1].append(fragment)
        if not held(fragment):
            groups.append([])
    return [group for group in groups if group]


@dataclass(frozen=True, slots=True)
class _Furniture:
    """The furniture of pages, around the fragments that flow: banner, footer, and items at the feet of the first pages.

    `top` is where the words begin, in points from the top of the paper; `feet` are for page 1, page 2 and so on.
    """

    stylesheet: Stylesheet
    banner: _Banner
    top: float
    feet: tuple[tuple[Item, ...], ...]


def _page(number: int, fragments: list[Fragment], footer: tuple[float, tuple[Item, ...]], around: _Furniture) -> Page:
    """Lay out page `number`; its footer comes with its height."""
    _, items = stack(fragments)
    (tall, below), banner = footer, around.banner.items
    marks = banner if number == 1 else tuple(as_artifact(item) for item in banner)
    at_foot = around.feet[number - 1] if number <= len(around.feet) else ()
    foot = around.stylesheet.size[1] - around.stylesheet.margins.bottom - tall
    return Page(
        number,
        (*marks, *(shift(item, 0, around.top) for item in items), *at_foot),
        tuple(as_artifact(shift(item, 0, foot)) for item in below),
    )


def _layout(around: _Furniture, elements: list[Element], pages: tuple[Page, ...]) -> Layout:
    """Put pages and elements together; the frame of all is as wide as calendars and cards make it."""
    (width, height), margins = around.stylesheet.size, around.stylesheet.margins
    cards = [item.x for items in around.feet for item in items if isinstance(item, CutItem)]
    left = min(margins.left, margins.wide, *cards)
    right = max(width - margins.right, width - margins.wide, *(width - x for x in cards))
    root = Element(0, "Document", (*around.banner.elements, *elements))
    return Layout(width, height, left, right, min(around.top, around.banner.top), height - margins.bottom, pages, root)


def _footer(
    flow: Flow, document: Document, stylesheet: Stylesheet, number: int, count: int
) -> tuple[float, tuple[Item, ...]]:
    left, width = _frame(stylesheet)
    fragments = [rule(left, width)]
    for block in document.footer:
        if isinstance(block, Paragraph):
            fragments += flow.footer(block, left, width, number, count)
    return stack(fragments)


def _too_long(document: Document, columns: list[list[Fragment]], stylesheet: Stylesheet, rooms: Rooms) -> list[Problem]:
    found = [
        _too_tall(document, number)
        for number, column in enumerate(columns, 1)
        if height_of(column) > max(rooms.of(number), 0.0) + 0.01
    ]
    if rooms.least <= 0:
        hint = "make them lower, or fewer `copies`"
        found.append(Problem(stylesheet.card.place, "the cards to cut out are taller than the page", hint))
    sides = document.sides
    if not sides or len(columns) <= sides or _is_spill(document, columns[sides:]):
        return found
    over = sum(height_of(column) for column in columns[sides:])
    lines = max(1, math.ceil(over / stylesheet.style("p").line))
    more = Problem(
        sides_place(document),
        f"the page is {lines} line{'s' if lines > 1 else ''} too long: it may fill {sides} "
        f"side{'s' if sides > 1 else ''} of paper",
        _long_value(document) or "shorten the words, or leave out what this reader does not need",
    )
    return [*found, more]


def _is_spill(document: Document, columns: list[list[Fragment]]) -> bool:
    """Tell whether the one further side holds nothing but what may spill there."""
    items = [item for column in columns for fragment in column for item in fragment.items]
    shown = {run.content for item in items if isinstance(item, TextItem) for run in item.line.runs}
    return len(columns) == 1 and shown <= set(document.spill)


_LONG = 60  # characters: a value as long as this may be why the page is too long


def _long_value(document: Document) -> str:
    """Blame a typed value that takes much room, by its field and length only."""
    typed = [
        node
        for block in blocks(document.everything)
        for run in strings(block)
        for node in inlines(run)
        if isinstance(node, Value)
    ]
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
