"""Lay out blocks as fragments and structure elements; `pages` puts fragments on pages.

Most blocks of two different readers are the same, and one reader's pages are tried in several sizes: the layout of
a block is cached, by block, frame, stylesheet and faces, and by the marks of the words in it that differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import count

from press.document.nodes import (
    Block,
    Figure,
    Heading,
    Inline,
    List,
    Paragraph,
    PictureMark,
    Section,
    Side,
    Table,
    nodes,
    sides,
    split_picture,
)
from press.document.slots import Inlines
from press.lru import LRU, ById, OfObjects
from press.records import dataclass, replace
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.bars import lay_bars
from press.writers.pdf.layout.boxes import bar_style, draw_bar, frame_fragments, inner_frame, sign_room, split_bar
from press.writers.pdf.layout.calls import Asked, Made, Measure, Reader, Shapes, find_call
from press.writers.pdf.layout.cards import cut_out
from press.writers.pdf.layout.columns import Frames, frames, join_below, join_beside
from press.writers.pdf.layout.lines import break_lines
from press.writers.pdf.layout.lists import lay_list
from press.writers.pdf.layout.months import lay_month
from press.writers.pdf.layout.pictures import PICTURE_GAP, join_picture, picture_size
from press.writers.pdf.layout.tables import lay_table
from press.writers.pdf.layout.words import Measured, Setting
from press.writers.pdf.model import GAP, Element, Fragment, Line, RuleItem, TextItem, move_down
from press.writers.stylesheet import BoxStyle, Stylesheet, TextStyle
from press.writers.variants import card, with_gutter

_MOST = 2048  # cached blocks
_MOST_SHAPES = 6  # of one block: by how many lines each of its texts has
_MOST_LOOKS = 256
Laid = tuple[Element, list[Fragment]]
_keys = count(1)  # element keys: no two pages share one, so that a cached block can keep its own


_laid: LRU[Shapes[Laid]] = LRU(_MOST)


@dataclass(frozen=True, eq=False, repr=False)
class _Known:
    """A block, the same object for all that are equal."""

    block: Block
    has_pictures: bool


_equal: LRU[_Known] = LRU(_MOST)
_listed: OfObjects[Fragment, Fragment] = OfObjects(_MOST, lambda fragment: replace(fragment, listed=True))
_looks: LRU[int] = LRU(_MOST_LOOKS)
_look_numbers = count()
NOBODY = Reader(())  # of a page without slots


class Flow:
    """Lays out blocks as fragments, with the element keys of one page, for one reader.

    `asked` is what it asked for of the reader's own words.
    """

    def __init__(self, stylesheet: Stylesheet, faces: Faces, reader: Reader = NOBODY) -> None:
        self.asked: Asked = []
        self._stylesheet = stylesheet
        self._faces = faces
        self._reader = reader
        self._look = _numbers.get(stylesheet)
        self._taken: set[_Known] = set()  # cached blocks of this page: one that comes again needs other element keys
        self._is_inside = False

    def blocks(self, blocks: tuple[Block, ...], x: float, width: float) -> tuple[list[Element], list[Fragment]]:
        """Lay blocks out under each other between `x` and `x + width`; a head is held to the lists below it."""
        elements: list[Element] = []
        fragments: list[Fragment] = []
        for number, block in enumerate(blocks):
            element, new = self.block(block, x, width)
            elements.append(element)
            if new and isinstance(block, List) and _is_below_head(blocks[:number]):
                held = list(map(_listed.get, (*fragments[-1:], *new[:-1])))
                fragments, new = fragments[:-1], [*held, new[-1]]
            fragments += new
        return elements, fragments

    def block(self, block: Block, x: float, width: float) -> Laid:
        """Lay out a block: its structure element and its fragments."""
        if self._is_inside:
            return self._block(block, x, width)
        known = _known.get(block)
        if known in self._taken:
            return self._block(block, x, width)
        self._taken.add(known)
        picture = self._stylesheet.picture.size if known.has_pictures else 0.0
        return self._once((self._look, picture, self._faces, known, x, width), lambda: self._block(block, x, width))

    def footer(self, block: Paragraph, x: float, width: float, side: int, sides: int) -> list[Fragment]:
        """Lay out a paragraph of the footer of one side."""
        style = self._stylesheet.style("footer")
        key = self._look, side, self._faces, _known.get(block), x, width, sides, "footer"
        made = self._once(key, lambda: self.text(block.children, style, "P", x, width, side=side, sides=sides))
        return made[1]

    def _once(self, key: object, make: Callable[[], Laid]) -> Laid:
        """Look up or make a layout for the reader."""
        shapes = _laid.get(key, _no_shapes)
        (element, fragments), asked = shapes.find(self._reader) or shapes.add(self._apart(make))
        self.asked += asked
        return element, list(fragments)

    def _apart(self, make: Callable[[], Laid]) -> Made[Laid]:
        """Make what is cached; nothing inside it is cached once more, under the same element keys."""
        before, self.asked, self._is_inside = self.asked, [], True
        try:
            return make(), self.asked
        finally:
            self.asked, self._is_inside = before, False

    def _ask(self, measure: Measure, run: Inlines, setting: Setting, width: float) -> Measured:
        call = find_call(measure, run, setting, width)
        mark = call.outcome(self._reader).mark
        self.asked.append((call, mark))
        return call.for_layout(mark)

    def _block(self, block: Block, x: float, width: float) -> Laid:
        match block:
            case Heading():
                style = self._stylesheet.style(f"h{block.level}")
                element, fragments = self.text(block.children, style, f"H{block.level}", x, width)
                return element, [replace(fragment, keep=True) for fragment in fragments]
            case Paragraph():
                element, fragments = self.text(block.children, self._stylesheet.style("p", block.role), "P", x, width)
                if block.role == "write-in":
                    fragments = [replace(fragment, keep=True) for fragment in fragments] + _draw_lines(x, width)
                if block.role == "lead":
                    fragments = [replace(fragment, keep=True) for fragment in fragments]
                return element, fragments
            case List():
                return lay_list(self, self._stylesheet, self._faces, block, x, width)
            case Table(role="month"):
                return lay_month(self, self._stylesheet, block, x, width)
            case Table():
                return lay_table(self, self._stylesheet, block, x, width)
            case Figure():
                return lay_bars(self, self._stylesheet.style("p"), block, x, width)
            case Section():
                return self._section(block, x, width)

    # Text

    def key(self) -> int:
        """Take the next element key, in reading order."""
        return next(_keys)

    def setting(self, style: TextStyle, side: int = 0, sides: int = 0) -> Setting:
        """Make the setting of a style."""
        return Setting(
            self._faces,
            style.size,
            style.bold,
            self._stylesheet.write_in,
            side,
            sides,
            ask=self._ask,
        )

    def text(
        self, children: tuple[Inline, ...], style: TextStyle, role: str, x: float, width: float, **page: int
    ) -> tuple[Element, list[Fragment]]:
        """Lay out a run as one element: a fragment for each line, all together; at least the first and the last two.

        A run in two languages is one fragment, so that both begin on one line and stay together.
        """
        found = sides(children)
        if len(found) == 2:
            return self.two(found, style, role, frames(x, width, self._stylesheet.gutter))
        if found:
            children = found[0].children
        language = found[0].language if found else ""
        picture, words = split_picture(children)
        if picture:
            wide = picture_size(picture, self._stylesheet) + PICTURE_GAP
            mark_key = next(_keys)
            text = self.text(words, style, role, x + wide, width - wide, **page)
            element, fragments = join_picture(picture, mark_key, x, self._stylesheet, text, is_row=bool(found))
            return replace(element, language=language), fragments
        key = next(_keys)
        lines = break_lines(children, self.setting(style, **page), width)
        fragments = [
            self._fragment(
                self.item(key, line, style, x, width),
                style,
                style.before if index == 0 else 0.0,
                style.after if index == len(lines) - 1 else 0.0,
                len(lines) > 1 and index in (0, len(lines) - 2),
                index < len(lines) - 1,
            )
            for index, line in enumerate(lines)
        ]
        return Element(key, role, language=language), fragments

    def head(
        self, children: tuple[Inline, ...], style: TextStyle, x: float, width: float
    ) -> tuple[Element, list[Fragment]]:
        """Lay out a letterhead line of a page in two languages, which is short enough for columns in every size."""
        if found := sides(children):
            return self.two(found, style, "P", frames(x, width, self._stylesheet.gutter or GAP))
        return self.text(children, style, "P", x, width)

    def two(
        self, found: tuple[Side, ...], style: TextStyle, role: str, places: Frames
    ) -> tuple[Element, list[Fragment]]:
        """Lay out one element with a part for each language, in columns or under each other."""
        key = next(_keys)
        made = [self.text((side,), style, "Span", *place) for side, place in zip(found, places, strict=True)]
        parts, columns = zip(*made, strict=True)
        (x, width), (other, _) = places
        whole = join_beside(*columns) if x + width <= other else join_below(*columns)
        return Element(key, role, parts), [whole]

    def _fragment(
        self, item: TextItem, style: TextStyle, before: float, after: float, keep: bool, whole: bool
    ) -> Fragment:
        """Make a fragment of a line, taller where its letters are: a script may stack them high or deep."""
        low, high = self._faces.reach_of(item.line, style.size)
        above, below = max(0.0, high - item.y), max(0.0, -low - (style.line - item.y))
        placed = move_down(item, above) if above else item
        return Fragment(style.line + above + below, (placed,), before, after, keep, whole)

    def item(self, key: int, line: Line, style: TextStyle, x: float, room: float) -> TextItem:
        """Place a line at the left of its fragment, its letters in the middle of the fragment's height."""
        face = self._faces.regular
        letters = (face.ascent - face.descent) * style.size / 1000
        base = (style.line - letters) / 2 + face.ascent * style.size / 1000
        return TextItem(key, x, base, style.size, line, room, style.ink)

    # Sections

    def in_stylesheet(self, stylesheet: Stylesheet) -> Flow:
        """Make a flow for a part of the page, in another stylesheet; elements are numbered on."""
        flow = Flow(stylesheet, self._faces, self._reader)
        flow.asked, flow._taken, flow._is_inside = self.asked, self._taken, self._is_inside
        return flow

    def _section(self, block: Section, x: float, width: float) -> tuple[Element, list[Fragment]]:
        key = next(_keys)
        if block.role == "cut-out":
            return cut_out(key, block, self._stylesheet, self.in_stylesheet(card(self._stylesheet)).block)
        if block.role == "pair" and self._stylesheet.pair:
            return self._pair(key, block, x, width)
        style, gutter = self._stylesheet.box(block.role), self._stylesheet.gutter
        heading, children = split_bar(style, block.children)
        head, bar = self._bar(heading, style, x, width) if heading else ([], [])
        inside = self
        if gutter and sign_room(style):  # the words in the second language, too, are right of a sign
            inside = self.in_stylesheet(with_gutter(self._stylesheet, gutter + sign_room(style)))
        elements, fragments = inside._under_heads(children, *inner_frame(style, x, width))
        elements = [*head, *elements]
        if style.border or style.tint:
            fragments = frame_fragments(key, style, fragments, x, width, gutter, bar)
        return Element(key, "Sect", tuple(elements)), fragments

    def _bar(self, heading: Heading, style: BoxStyle, x: float, width: float) -> tuple[list[Element], list[Fragment]]:
        """Lay out the heading of a box on its bar."""
        words = bar_style(style, self._stylesheet.style(f"h{heading.level}"))
        inside = inner_frame(replace(style, icon="none"), x, width)
        element, fragments = self.text(heading.children, words, f"H{heading.level}", *inside)
        return [element], draw_bar(style, fragments, x, width)

    def _under_heads(self, blocks: tuple[Block, ...], x: float, width: float) -> tuple[list[Element], list[Fragment]]:
        """Lay blocks out under each other; a head and its blocks are held together."""
        elements: list[Element] = []
        fragments: list[Fragment] = []
        for group in _parts(blocks):
            new, part = self.blocks(group, x, width)
            elements += new
            fragments += [*(replace(fragment, panel=True) for fragment in part[:-1]), *part[-1:]]
        return elements, fragments

    def _pair(self, key: int, block: Section, x: float, width: float) -> tuple[Element, list[Fragment]]:
        """Lay out two groups side by side; a group is a lead line with its list, or one block."""
        groups = _groups(block.children)
        if len(groups) != 2:
            elements, fragments = self.blocks(block.children, x, width)
            return Element(key, "Sect", tuple(elements)), fragments
        first = (width - GAP) * self._stylesheet.pair
        left, left_fragments = self.blocks(groups[0], x, first)
        right, right_fragments = self.blocks(groups[1], x + first + GAP, width - GAP - first)
        return Element(key, "Sect", (*left, *right)), [join_beside(left_fragments, right_fragments)]


def _no_shapes() -> Shapes[Laid]:
    return Shapes(_MOST_SHAPES)


def _know(block: Block) -> _Known:
    return _Known(block, any(isinstance(node, PictureMark) for node in nodes((block,))))


# By its identity: to compare a large block with others takes longer than all else that is done with it.
_known: OfObjects[Block, _Known] = OfObjects(2 * _MOST, lambda block: _equal.get(block, lambda: _know(block)))


def has_picture(block: Block) -> bool:
    """Tell whether there is a picture anywhere in a block."""
    return _known.get(block).has_pictures


def _number(stylesheet: Stylesheet) -> int:
    """Number a stylesheet by all of it but its pictures: most blocks have none."""
    parts = (getattr(stylesheet, field.name) for field in fields(stylesheet) if field.name != "picture")
    key = tuple([each if isinstance(each, int | float | str) else ById(each) for each in parts])
    return _looks.get(key, lambda: next(_look_numbers))


_numbers: OfObjects[Stylesheet, int] = OfObjects(_MOST_LOOKS, _number)


def rule(x: float, width: float) -> Fragment:
    """Draw a rule across the frame."""
    return Fragment(6.0, (RuleItem(x, 2.0, width, 1.0),))


def _draw_lines(x: float, width: float) -> list[Fragment]:
    """Draw two lines to write on, across the frame."""
    fragment = Fragment(26.0, (RuleItem(x, 24.0, width, 0.75),))
    return [replace(fragment, keep=True), replace(fragment, after=8.0)]


def _groups(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    groups: list[tuple[Block, ...]] = []
    held: tuple[Block, ...] = ()
    for block in blocks:
        held = (*held, block)
        if not _is_head(block):
            groups.append(held)
            held = ()
    return groups + ([held] if held else [])


def _parts(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    """Group blocks under their heads; a section is a group of its own."""
    parts: list[tuple[Block, ...]] = []
    for block in blocks:
        last = parts[-1][-1] if parts else None
        if last is None or _is_head(block) or isinstance(block, Section) or isinstance(last, Section):
            parts.append((block,))
        else:
            parts[-1] = (*parts[-1], block)
    return parts


def _is_below_head(before: tuple[Block, ...]) -> bool:
    """Tell whether what comes next is below a head, with nothing but lists between them."""
    last = next((block for block in reversed(before) if not isinstance(block, List)), None)
    return last is not None and _is_head(last)


def _is_head(block: Block) -> bool:
    return isinstance(block, Heading) or (isinstance(block, Paragraph) and block.role == "lead")
