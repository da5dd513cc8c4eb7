"""Define what layout makes: lines with positions, fragments of a page, and their structure elements.

All lengths are points. In a fragment, x counts from the left of the frame and y from the top of
the fragment down. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from press.document.logo import Logo
from press.document.pictures import Picture
from press.records import dataclass, replace

Links = Mapping[str, tuple[str, str]]  # of values by their fields: the URI, and the whole text
Look = tuple[str, bool]  # the family of a face, and whether it is the bold one

GAP = 14.0  # points between neighbors on one line: columns, icon and words
ARTIFACT = 0  # the element key of decoration, which screen readers pass over


@dataclass(frozen=True, slots=True)
class Sign:
    """A cluster of letters that is drawn as one: a letter with its diacritics, a ligature.

    `parts` are glyphs with their places, `advance` is how far the pen moves; both are in
    thousandths of the size. `text` has the letters in reading order.
    """

    text: str
    parts: tuple[tuple[int, int, int], ...]
    advance: float


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one face on one line. `field` names the value that they are, if any.

    `family` names the face if it is not the page's own. `signs` are what is drawn, from left to
    right, where a letter of its own for each character would be wrong. At an odd `level` the words
    are read from right to left; `read` is then the position in reading order, else that is `x`.
    """

    x: float
    text: str
    bold: bool
    field: str = ""
    content: str = ""
    family: str = ""
    signs: tuple[Sign, ...] = ()
    level: int = 0
    read: float | None = None


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to write on, `width` points long."""

    x: float
    width: float
    label: str
    read: float | None = None

    @property
    def spoken(self) -> str:
        """What a screen reader says in its place."""
        return f"({self.label})"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `width` leaves out the space that ends it."""

    runs: tuple[Run, ...]
    blanks: tuple[Blank, ...]
    width: float

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join([run.text for run in self.runs])

    @property
    def parts(self) -> tuple[Run | Blank, ...]:
        """Words and lines to write on, in reading order."""
        parts: tuple[Run | Blank, ...] = (*self.runs, *self.blanks)
        return tuple(sorted(parts, key=lambda part: part.x if part.read is None else part.read))


@dataclass(frozen=True, slots=True)
class OpenLine(Line):
    """A line of one reader, as layout knows it: line `number` (from 0) of what `call` gives for each.

    Its runs have no letters, only the texts that they are part of. Its letters reach as deep and as high as `reach`
    says, in points, where the stylesheet's line height is not made for them. `sequences` of marked content are what is
    said in place of each, None for words that are read as they are drawn; where it has one of those there are none.
    """

    call: object
    number: int
    reach: tuple[float, float]
    sequences: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """A structure element (ISO 32000-1, 14.7.2): `key` links it to its marked content.

    `language` is set where it may differ from the document's (14.9.2); `alt` is the alternate
    description of a drawing (14.9.3).
    """

    key: int
    role: str
    children: tuple[Element, ...] = ()
    scope: str = ""
    numbering: str = ""
    language: str = ""
    alt: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading of some level (14.8.4.3.2)."""
        return self.role[:1] == "H" and self.role[1:].isdigit()


@dataclass(frozen=True, slots=True)
class TextItem:
    """A line at a position: (x, y) is the start of its base line, `room` its frame's width.

    `ink` is in percent of black, as it is for frames and signs.
    """

    element: int
    x: float
    y: float
    size: float
    line: Line
    room: float
    ink: float = 100.0


def with_line(item: TextItem, line: Line) -> TextItem:
    """Put another line in the place of an item's own."""
    return TextItem(item.element, item.x, item.y, item.size, line, item.room, item.ink)


@dataclass(frozen=True, slots=True)
class RuleItem:
    """A straight line, drawn as decoration."""

    x: float
    y: float
    width: float
    thickness: float


@dataclass(frozen=True, slots=True)
class BoxItem:
    """A frame with an optional tint in percent of black; decoration unless it has an element."""

    x: float
    y: float
    width: float
    height: float
    border: float
    tint: float
    ink: float = 100.0
    element: int = ARTIFACT


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoItem(BoxItem):
    """The clinic's logo, which fills a frame without a border."""

    logo: Logo


class _Square:
    """What is as wide as it is high."""

    __slots__ = ()
    size: float  # in points

    @property
    def width(self) -> float:
        """Its extent from left to right, in points."""
        return self.size

    @property
    def height(self) -> float:
        """Its extent from top to bottom, in points."""
        return self.size


@dataclass(frozen=True, slots=True)
class IconItem(_Square):
    """A sign: `kind` names its shape; (x, y) is its top left corner."""

    kind: str
    x: float
    y: float
    size: float
    ink: float = 100.0


@dataclass(frozen=True, slots=True)
class CutItem:
    """The edge of a card to cut out and fold, with (x, y) its top left corner.

    It is folded down the middle. Only an `outer` side has the edge and the fold drawn: on the
    other side, which may be a little off, they would stay on the card. Both have crop marks.
    """

    x: float
    y: float
    width: float
    height: float
    outer: bool

    @property
    def fold(self) -> float:
        """The x of the fold, from the left of the paper."""
        return self.x + self.width / 2


CUT_MARKS = (3.0, 11.0)  # points from the edge of a card to the near and the far end of its marks


@dataclass(frozen=True, slots=True)
class PictureItem(_Square):
    """A picture in a square of `size` points with (x, y) its top left corner; decoration unless it has an element."""

    element: int
    x: float
    y: float
    size: float
    picture: Picture


SignItem = IconItem | PictureItem | LogoItem  # what no words may stand on
Item = TextItem | RuleItem | BoxItem | IconItem | CutItem | PictureItem


@dataclass(frozen=True, slots=True)
class Box:
    """A frame around all fragments that have it, page by page.

    `pad` is the room between its edge and the words, border included.
    """

    key: int
    x: float
    width: float
    border: float
    tint: float
    ink: float
    pad: float


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a page that is never divided.

    `before` and `after` are the least distances to its neighbors; `keep` holds it on the same page as the next
    fragment. So do, as long as one page can hold all of it, `whole` a text, `boxed` a box, `panel` what is below
    one head in a section, `listed` a head and its lists. `header` is repeated above it on a new page.
    A `foot` goes to the bottom of a page: the first one of page 1, the second of page 2.
    """

    height: float
    items: tuple[Item, ...] = ()
    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    whole: bool = False
    boxed: bool = False
    panel: bool = False
    listed: bool = False
    boxes: tuple[Box, ...] = ()
    header: tuple[Fragment, ...] = ()
    foot: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One laid-out page: items with x from the paper's left and y from its top."""

    number: int
    items: tuple[Item, ...]
    footer: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All pages of a document, its tags, and the frame that everything lies in."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    pages: tuple[Page, ...]
    root: Element

    @property
    def logo(self) -> Logo | None:
        """The logo on its pages, if there is one."""
        return next((item.logo for page in self.pages for item in page.items if isinstance(item, LogoItem)), None)

    @property
    def has_cards(self) -> bool:
        """Whether there are cards to cut out, which are printed on both sides."""
        return any(isinstance(item, CutItem) for page in self.pages for item in page.items)


def move_down(item: Item, by: float) -> Item:
    """Move an item down, in points."""
    if isinstance(item, TextItem):
        return TextItem(item.element, item.x, item.y + by, item.size, item.line, item.room, item.ink)
    return replace(item, y=item.y + by)


def as_artifact(item: Item) -> Item:
    """Turn an item into decoration: a header that is printed again is not read again."""
    if isinstance(item, TextItem):
        return TextItem(ARTIFACT, item.x, item.y, item.size, item.line, item.room, item.ink)
    return replace(item, element=ARTIFACT) if isinstance(item, PictureItem) else item


def height_of(fragments: Iterable[Fragment]) -> float:
    """Measure the height of stacked fragments, in points."""
    bottom = after = 0.0
    for index, fragment in enumerate(fragments):
        if index:
            bottom += max(fragment.before, after)
        bottom += fragment.height
        after = fragment.after
    return bottom


def stack(
    fragments: list[Fragment], place: Callable[[Item, float], Item] = move_down
) -> tuple[float, tuple[Item, ...]]:
    """Stack fragments: give their height, and their items with frames drawn, each in its `place` below the top."""
    bottom = after = 0.0
    items: list[Item] = []
    spans: dict[int, tuple[Box, float, float]] = {}
    for index, fragment in enumerate(fragments):
        top = bottom + max(fragment.before, after) if index else 0.0
        bottom, after = top + fragment.height, fragment.after
        items += [place(item, top) for item in fragment.items]
        for box in fragment.boxes:
            start = spans[box.key][1] if box.key in spans else top
            spans[box.key] = (box, start, bottom)
    frames = [BoxItem(b.x, start, b.width, end - start, b.border, b.tint, b.ink) for b, start, end in spans.values()]
    return bottom, (*(place(frame, 0) for frame in frames), *items)


def hold_ends(fragments: list[Fragment]) -> list[Fragment]:
    """Keep the first fragment with the second, and the last but one with the last."""
    held = {0, len(fragments) - 2} if len(fragments) > 1 else set()
    return [replace(each, keep=True) if index in held else each for index, each in enumerate(fragments)]
