"""Draw a laid-out page as a content stream, every word inside a marked-content sequence of its structure element.

Marked content is that of ISO 32000-1, 14.6; all that is no element's is an artifact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from itertools import groupby
from unicodedata import combining

from press.lru import LRU
from press.records import dataclass
from press.writers.pdf.fonts.subset import Subset
from press.writers.pdf.icons import ICONS
from press.writers.pdf.model import (
    ARTIFACT,
    CUT_MARKS,
    Blank,
    BoxItem,
    CutItem,
    IconItem,
    Item,
    Line,
    Links,
    LogoItem,
    Look,
    OpenLine,
    Page,
    PictureItem,
    RuleItem,
    Run,
    Sign,
    TextItem,
    with_line,
)
from press.writers.pdf.paths import gray as _gray
from press.writers.pdf.paths import number as _n
from press.writers.pdf.paths import picture_operators
from press.writers.pdf.reading_order import NO_LINKS, Cut, Part, Turned, group_parts

LOGO = "Logo"  # the name of its resource
BLACK = 100.0  # percent; a page begins in black, so black is never said


_IN_LINK = -1  # the key of what is open within a link: of no element, so that nothing goes on in it

Pens = Callable[[Look], Subset]  # which font draws a look
_HEIGHT = "%"  # of a base line, in the operators of words
_MOST = 3072  # lines that are the same for many
_MOST_OWN = 128  # lines of a person's own, of days and prescribers, which come again
_NAME = "name"  # the field of what comes again for nobody else, and is not kept
_Parts = list[tuple[Part, str]]  # of a line in reading order, with the operators of words
_lines: LRU[tuple[Line, frozenset[str], _Parts]] = LRU(_MOST)  # lines with their fields
_own_lines: LRU[tuple[Line, frozenset[str], _Parts]] = LRU(_MOST_OWN)


@dataclass(frozen=True, slots=True)
class Link:
    """Where words lead, what they are in full, and their frame on the page: left, bottom, right, top."""

    uri: str
    text: str
    frame: tuple[float, float, float, float]


@dataclass(eq=False, repr=False)
class MarkedContent:
    """The marked-content sequences of a page, by MCID from `first` on: each belongs to the element with this key.

    `spoken` is the text of those that are not read as they are drawn, by MCID (ISO 32000-1, 14.9.4);
    `links` are those that lead somewhere.
    """

    keys: list[int] = field(default_factory=list)
    spoken: dict[int, str] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    first: int = 0

    def add(self, key: int, spoken: str = "") -> int:
        """Add a sequence for the element `key` and give its MCID."""
        mcid = self.first + len(self.keys)
        self.keys.append(key)
        if spoken:
            self.spoken[mcid] = spoken
        return mcid


@dataclass(frozen=True, slots=True)
class Gap:
    """Leave room in a content stream for a line of a slot, between operators that are the same for all.

    `before` and `after` are the element (its key) whose sequence is open there, and the next MCID.
    """

    item: TextItem
    line: OpenLine
    before: tuple[int | None, int]
    after: tuple[int | None, int]
    in_footer: bool


Drawn = list[bytes | Gap]  # operators, in drawing order


def draw_page(page: Page, height: float, fonts: Pens, links: Links = NO_LINKS) -> tuple[Drawn, MarkedContent]:
    """Draw a page of `height` points with gaps for the lines of slots; give its marked-content sequences too.

    Nothing on such a line is a link: its place is another for each reader.
    """
    content = MarkedContent()
    pen = _Pen(height, fonts, content, links)
    found: Drawn = []
    for item in (*page.items, None, *page.footer):
        if item is None:
            pen.close()
            pen.put("/Artifact <</Type /Pagination /Subtype /Footer>> BDC")
            pen.is_bare = True
        elif isinstance(item, TextItem) and isinstance(item.line, OpenLine):
            found.append(pen.take())
            before = pen.state
            pen.skip(item, item.line)
            found.append(Gap(item, item.line, before, pen.state, pen.is_bare))
        else:
            pen.draw(item)
    pen.put("EMC")
    return [*found, pen.take()], content


def draw_gap(gap: Gap, line: Line, height: float, fonts: Pens) -> bytes:
    """Draw another line for a gap.

    Raises RuntimeError if its MCIDs are others: the structure tree of the page would not be that of its words.
    """
    open_, first = gap.before
    pen = _Pen(height, fonts, MarkedContent(first=first), open_=open_, is_own=True)
    pen.is_bare = gap.in_footer
    pen.draw(with_line(gap.item, line))
    if pen.state != gap.after:
        raise RuntimeError("a line has other MCIDs than the one whose place it takes")
    return pen.take()


def _fields(line: Line) -> frozenset[str]:
    return frozenset([run.field for run in line.runs if run.field])


def _units(run: Run, font: Subset, size: float) -> Iterator[tuple[float, list[Sign]]]:
    """Divide a run into words and the spaces between them, with their x, in the order of reading.

    Viewers take a diacritic for the end of a word, so a word with diacritics comes letter by letter.
    """
    x, found = run.x, []
    for _, word in groupby(run.signs or map(font.face.sign, run.text), key=lambda sign: sign.text == " "):
        signs = list(word)
        marked = run.level % 2 and any(map(combining, "".join(sign.text for sign in signs)))
        for unit in [[sign] for sign in signs] if marked else [signs]:
            found.append((x, unit))
            x += sum(sign.advance for sign in unit) * size / 1000
    yield from reversed(found) if run.level % 2 else found


class _Pen:
    """Collect operators; know whose sequence is open. What is drawn bare lies in the artifact of the footer."""

    def __init__(
        self,
        height: float,
        fonts: Pens,
        content: MarkedContent,
        links: Links = NO_LINKS,
        open_: int | None = None,
        is_own: bool = False,
    ) -> None:
        self._height = height
        self._fonts = fonts
        self._content = content
        self._open = open_
        self._font = fonts(("", False))
        self._links = links
        self._is_own = is_own
        self._out: list[str] = []
        self.is_bare = False

    @property
    def state(self) -> tuple[int | None, int]:
        """Give the element (its key) whose sequence is open, and the next MCID."""
        return self._open, self._content.first + len(self._content.keys)

    def draw(self, item: Item) -> None:
        """Draw one item inside its marked-content sequence; decoration is an artifact."""
        if not isinstance(item, TextItem):
            if not self.is_bare:
                self._begin(item.element if isinstance(item, BoxItem | PictureItem) else ARTIFACT)
            self._bare(item)
            return
        draw, links = self._draw_part, self._links
        if self.is_bare or item.element == ARTIFACT:
            draw, links = self._put_part, NO_LINKS
            if not self.is_bare:
                self._begin(ARTIFACT)
        for part, operators in self._words(item, links):
            draw(item, part, operators)

    def put(self, operators: str) -> None:
        """Add operators as they are."""
        self._out.append(operators)

    def skip(self, item: TextItem, line: OpenLine) -> None:
        """Count the MCIDs of a line of one reader."""
        if self.is_bare:
            return
        sequences = line.sequences or (None,) * bool(line.runs)
        for said in sequences if item.element != ARTIFACT else (None,):
            if said is None:
                self._begin(item.element)
            else:
                self.close()
                self._content.add(item.element, said)
        self.take()

    def take(self) -> bytes:
        """Take all operators since the last time."""
        found, self._out = self._out, []
        return "\n".join(found).encode("latin-1")

    def close(self) -> None:
        """End the open sequence."""
        if self._open is not None:
            self.put("EMC")
            self._open = None

    def _words(self, item: TextItem, links: Links) -> _Parts:
        """Spell a line once, and once more with its links: no code of a font changes."""
        line, kept = item.line, _own_lines if self._is_own else _lines
        if self._is_own and _NAME in _fields(line):
            return self._spell_line(item, NO_LINKS)
        key = object.__hash__(line), item.x, item.size, item.ink, self._font  # by identity: the value has the line
        _, fields, parts = kept.get(key, lambda: (line, _fields(line), self._spell_line(item, NO_LINKS)))
        if fields and not fields.isdisjoint(links):
            _, _, parts = kept.get((*key, *links.items()), lambda: (line, fields, self._spell_line(item, links)))
        return parts

    def _spell_line(self, item: TextItem, links: Links) -> _Parts:
        parts = group_parts(item.line, links)
        spelled = ["" if isinstance(part, Blank) else self._spell(item, part) for part in parts]
        if len(parts) > 1 and all([isinstance(part, Run) for part in parts]):
            return [(parts[0], "\n".join(spelled))]
        return list(zip(parts, spelled, strict=True))

    def _begin(self, element: int) -> None:
        """Go on in the sequence of an element, or begin one."""
        if self._open != element:
            self.close()
            self.put(f"/P <</MCID {self._content.add(element)}>> BDC" if element != ARTIFACT else "/Artifact BMC")
            self._open = element

    def _begin_link(self, item: TextItem, part: Cut) -> None:
        """Begin the sequence of words that lead somewhere; whatever follows begins another."""
        self.close()
        mcid = self._content.add(item.element)
        self.put(f"/Link <</MCID {mcid}>> BDC")
        self._open = _IN_LINK
        face = self._fonts((part.run.family, part.run.bold)).face
        left, y, scale = self._start_of(item, part), self._height - item.y, item.size / 1000
        right = left + face.width(part.run.text.rstrip(" "), item.size)
        frame = left, y + face.descent * scale, right, y + face.ascent * scale
        self._content.links[mcid] = Link(*self._links[part.run.field], frame)

    def _start_of(self, item: TextItem, part: Cut) -> float:
        """Compute where a viewer begins a part behind those before it, from numbers as they are written."""
        face = self._fonts((part.run.family, part.run.bold)).face
        return round(item.x + part.run.x, 2) + face.width(part.before, round(item.size, 2))

    def _bare(self, item: RuleItem | BoxItem | IconItem | CutItem | PictureItem) -> None:
        """Draw one item that is no words, outside of marked content."""
        match item:
            case RuleItem():
                y = self._height - item.y
                self.put(f"{_n(item.thickness)} w {_n(item.x)} {_n(y)} m {_n(item.x + item.width)} {_n(y)} l S")
            case LogoItem():
                corner = f"{_n(item.x)} {_n(self._height - item.y - item.height)}"
                self.put(f"q {_n(item.width)} 0 0 {_n(item.height)} {corner} cm /{LOGO} Do Q")
            case BoxItem():
                self._box(item)
            case IconItem():
                self._icon(item)
            case PictureItem():
                self.put(picture_operators(item.picture, item.x, self._height - item.y, item.size))
            case CutItem():
                self._cut(item)

    def _draw_part(self, item: TextItem, part: Part, operators: str) -> None:
        """Draw words, or what is not read as it is drawn: that gets an element of its own, with its ActualText.

        Content order is reading order, so the label of a line to write on is heard between its words; words
        that are drawn backwards are heard in reading order (ISO 32000-1, 14.9.4).
        """
        if isinstance(part, Run | Cut):
            if isinstance(part, Cut) and part.is_link:
                self._begin_link(item, part)
            else:
                self._begin(item.element)
            self._put_part(item, part, operators)
            return
        self.close()
        mcid = self._content.add(item.element, part.spoken)
        if isinstance(part, Blank):
            self._draw_blank(item, part, mcid)
        else:
            self.put(f"/Span <</MCID {mcid}>> BDC")
            self._put_part(item, part, operators)
        self.put("EMC")

    def _draw_blank(self, item: TextItem, blank: Blank, mcid: int) -> None:
        """Draw a line to write on, and a space on it: viewers without the tree (poppler) say its label for that."""
        label = blank.spoken.encode("utf-16-be").hex().upper()
        self.put(f"/Span <</MCID {mcid} /ActualText <FEFF{label}>>> BDC")
        self._put_part(item, blank)
        font, y = self._font, self._height - item.y
        self.put(f"BT /{font.name} {_n(item.size)} Tf {_n(item.x + blank.x)} {_n(y)} Td {font.spell(' ')} Tj ET")

    def _put_part(self, item: TextItem, part: Part, operators: str = "") -> None:
        if isinstance(part, Blank):
            self._bare(RuleItem(item.x + part.x, item.y + 2, part.width, 0.75))
        else:
            self._out.append(operators.replace(_HEIGHT, _n(self._height - item.y)))

    def _spell(self, item: TextItem, part: Run | Turned | Cut) -> str:
        first = part.runs[0] if isinstance(part, Turned) else part.run if isinstance(part, Cut) else part
        font = self._fonts((first.family, first.bold))
        if isinstance(part, Turned):
            start, shown = self._reorder(part, font, item.size)
        else:
            start = first.x
            shown = (font.encode(first.signs) if first.signs else font.spell(first.text)) + " Tj"
        x = _n(self._start_of(item, part), 5) if isinstance(part, Cut) else _n(item.x + start)
        words = f"BT /{font.name} {_n(item.size)} Tf {x} {_HEIGHT} Td {shown} ET"
        return words if item.ink == BLACK else f"q {_gray(item.ink)} g {words} Q"

    def _reorder(self, part: Turned, font: Subset, size: float) -> tuple[float, str]:
        """Give the x of the first word, and a TJ operator that moves back and forth between the words."""
        placed = [unit for run in part.runs for unit in _units(run, font, size)]
        if part.by_sight:
            placed.sort(key=lambda unit: unit[0])
        shown, pen = "", placed[0][0]
        for x, signs in placed:
            if back := round((pen - x) * 1000 / size):
                shown += f"{back} "
            shown += font.encode(signs)
            pen = x + sum(sign.advance for sign in signs) * size / 1000
        return placed[0][0], f"[{shown}] TJ"

    def _box(self, item: BoxItem) -> None:
        inset = item.border / 2
        x, y = item.x + inset, self._height - item.y - item.height + inset
        frame = f"{_n(x)} {_n(y)} {_n(item.width - item.border)} {_n(item.height - item.border)} re"
        if item.tint:
            self.put(f"q {_gray(item.tint)} g {frame} f Q")
        if item.border:
            border = f"{_n(item.border)} w {frame} S"
            self.put(border if item.ink == BLACK else f"q {_gray(item.ink)} G {border} Q")

    def _icon(self, item: IconItem) -> None:
        """Draw a sign, whose path fills a square of 100 units."""
        scale, gray = item.size / 100, _gray(item.ink)
        ink = "" if item.ink == BLACK else f"{gray} g {gray} G "
        x, y = item.x, self._height - item.y - item.size
        self.put(f"q {_n(scale)} 0 0 {_n(scale)} {_n(x)} {_n(y)} cm {ink}{ICONS[item.kind]} Q")

    def _cut(self, item: CutItem) -> None:
        """Draw crop marks at the corners and the fold; on an outer side also the edge, and the fold in dots."""
        left, right, top = item.x, item.x + item.width, self._height - item.y
        bottom, (near, far) = top - item.height, CUT_MARKS
        self.put("q 0.5 w")
        for x in (left, item.fold, right):
            self._line(x, top + near, x, top + far)
            self._line(x, bottom - near, x, bottom - far)
        for y in (top, bottom):
            self._line(left - near, y, left - far, y)
            self._line(right + near, y, right + far, y)
        if item.outer:
            self.put(f"{_n(left)} {_n(bottom)} {_n(item.width)} {_n(item.height)} re S 1 J 1 w [0 4] 0 d")
            self._line(item.fold, top, item.fold, bottom)
        self.put("Q")

    def _line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a straight line between two points of the page."""
        self.put(f"{_n(x1)} {_n(y1)} m {_n(x2)} {_n(y2)} l S")
