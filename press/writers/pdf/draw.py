"""Write a laid-out page as PDF operators, every word inside the mark of its tag.

Marked content as in ISO 32000-1, 14.6; all that is not an element's is an artifact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from press.writers.pdf.fonts import Subset
from press.writers.pdf.layout import ARTIFACT, Blank, BoxItem, IconItem, Item, Page, RuleItem, Run, TextItem


@dataclass
class Marks:
    """The marks of one page in their order: each belongs to the element with this key."""

    keys: list[int] = field(default_factory=list)

    def new(self, key: int) -> int:
        """The next mark of the page, for the element `key`."""
        self.keys.append(key)
        return len(self.keys) - 1


def draw_page(page: Page, height: float, fonts: Mapping[bool, Subset]) -> tuple[bytes, Marks]:
    """The content stream of a page of `height` points, and its marks."""
    marks = Marks()
    pen = _Pen(height, fonts, marks)
    for item in page.items:
        pen.item(item)
    pen.close()
    pen.put("/Artifact <</Type /Pagination /Subtype /Footer>> BDC")
    for item in page.footer:
        pen.bare(item)
    pen.put("EMC")
    return pen.stream(), marks


class _Pen:
    """Collects operators; knows which mark is open."""

    def __init__(self, height: float, fonts: Mapping[bool, Subset], marks: Marks) -> None:
        self._height = height
        self._fonts = fonts
        self._marks = marks
        self._open: int | None = None
        self._out: list[str] = []

    def put(self, operators: str) -> None:
        """Add operators as they are."""
        self._out.append(operators)

    def stream(self) -> bytes:
        """Everything that was drawn."""
        return "\n".join(self._out).encode("ascii")

    def close(self) -> None:
        """End the open mark."""
        if self._open is not None:
            self.put("EMC")
            self._open = None

    def item(self, item: Item) -> None:
        """Draw one item inside its mark; decoration is marked as such."""
        if isinstance(item, TextItem) and item.element != ARTIFACT:
            for part in item.line.parts:
                self._marked(item, part)
            return
        if self._open != ARTIFACT:
            self.close()
            self.put("/Artifact BMC")
            self._open = ARTIFACT
        self.bare(item)

    def bare(self, item: Item) -> None:
        """Draw one item without a mark."""
        match item:
            case TextItem():
                for part in item.line.parts:
                    self._part(item, part)
            case RuleItem():
                y = self._height - item.y
                self.put(f"{_n(item.thickness)} w {_n(item.x)} {_n(y)} m {_n(item.x + item.width)} {_n(y)} l S")
            case BoxItem():
                self._box(item)
            case IconItem():
                self._icon(item)

    def _marked(self, item: TextItem, part: Run | Blank) -> None:
        """Words, or a line to write on: that is read aloud by its label, its mark's text.

        Each stands in the file where it is read, so a label is heard between its words.
        """
        if isinstance(part, Blank):
            self.close()
            label = f"({part.label})".encode("utf-16-be").hex().upper()
            mark = self._marks.new(item.element)
            self.put(f"/Span <</MCID {mark} /ActualText <FEFF{label}>>> BDC")
            self._part(item, part)
            self.put("EMC")
            return
        if self._open != item.element:
            self.close()
            self.put(f"/P <</MCID {self._marks.new(item.element)}>> BDC")
            self._open = item.element
        self._part(item, part)

    def _part(self, item: TextItem, part: Run | Blank) -> None:
        if isinstance(part, Blank):
            self.bare(RuleItem(item.x + part.x, item.y + 2, part.width, 0.75))
            return
        font, y = self._fonts[part.bold], self._height - item.y
        self.put(
            f"BT /{font.name} {_n(item.size)} Tf {_n(item.x + part.x)} {_n(y)} Td "
            f"{font.encode(part.text)} Tj ET"
        )

    def _box(self, item: BoxItem) -> None:
        inset = item.border / 2
        x, y = item.x + inset, self._height - item.y - item.height + inset
        frame = f"{_n(x)} {_n(y)} {_n(item.width - item.border)} {_n(item.height - item.border)} re"
        if item.tint:
            self.put(f"q {_n(1 - item.tint / 100)} g {frame} f Q")
        if item.border:
            self.put(f"{_n(item.border)} w {frame} S")

    def _icon(self, item: IconItem) -> None:
        """A triangle or an octagon with a call sign in it, drawn in a square of 100 units."""
        scale = item.size / 100
        x, y = item.x, self._height - item.y - item.size
        self.put(f"q {_n(scale)} 0 0 {_n(scale)} {_n(x)} {_n(y)} cm {_ICONS[item.kind]} Q")


_ROUND = "95 50 m 95 75 75 95 50 95 c 25 95 5 75 5 50 c 5 25 25 5 50 5 c 75 5 95 25 95 50 c"
_DIAMOND = "50 97 m 97 50 l 50 3 l 3 50 l"
_ICONS = {
    "dot": f"{_ROUND} f",
    "clock": f"9 w {_ROUND} s 1 J 50 72 m 50 48 l 68 38 l S",
    "diamond": f"{_DIAMOND} f",
    "open-diamond": f"1 j 9 w {_DIAMOND} s",
    "square": "1 j 9 w 10 10 80 80 re s",
    "yield": "1 j 9 w 50 8 m 95 90 l 5 90 l s",
    "cross": "1 J 12 w 15 15 m 85 85 l S 15 85 m 85 15 l S",
    "warning": "1 j 9 w 50 92 m 95 10 l 5 10 l s "
    "10 w 1 J 50 62 m 50 42 l S 50 26 m 50 25.9 l S",
    "phone": "30 5 m 70 5 l 95 30 l 95 70 l 70 95 l 30 95 l 5 70 l 5 30 l f "
    "1 G 13 w 1 J 50 76 m 50 46 l S 50 25 m 50 24.9 l S",
}


def _n(value: float) -> str:
    """A number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
