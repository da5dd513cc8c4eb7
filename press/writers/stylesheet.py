"""Define stylesheets: page, faces, sizes, spacing, boxes as named numbers. All lengths are in points.

A stylesheet is one YAML file. A style that leaves a number out takes it from its base:
`p.lead` from `p`, and the dense variant of a style from the ordinary one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AbstractMapping
from dataclasses import field
from pathlib import Path
from types import MappingProxyType

from press.content.fields import flag, language, line, whole
from press.content.pictures import Pictures
from press.content.schema import (
    Kind,
    Record,
    Reject,
    choice,
    key,
    list_of,
    map_of,
    record_of,
    scalar,
)
from press.document.nodes import MARKS
from press.document.xhtml import CLASSES
from press.errors import did_you_mean
from press.records import dataclass

PAPERS = MappingProxyType({"letter": (612.0, 792.0), "a4": (595.28, 841.89)})
SMALLEST = 10.0  # points: the floor of 21 CFR 208.20 for a Medication Guide
ICONS = ("none", "warning", "phone", "dot", "clock", "diamond", "open-diamond", "square", "yield", "cross")
BLACK = 100.0  # percent: 21 to 1 for white words, and 10 to 1 with a quarter of the toner lost
TINTS = 10.0  # percent of black, at most, behind text
_SELECTOR = re.compile(r"(p|h1|h2|h3|li|th|td|caption|footer|mark)(\.[a-z-]+)?\Z")


def _number(low: float, high: float) -> Kind[float]:
    def convert(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text, re.ASCII) or not low <= float(text) <= high:
            raise Reject(f"a number from {low:g} to {high:g}")
        return float(text)

    return scalar(convert, {"type": ["number", "string"]})


def _bar_ground(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) or TINTS < float(text) != BLACK:
        raise Reject(f"{BLACK:g}, or a number from 0 to {TINTS:g}")
    return float(text)


_ground: Kind[float] = scalar(_bar_ground, {"type": ["number", "string"]})


def _selector(text: str) -> str:
    if not _SELECTOR.match(text):
        raise Reject("a style name such as p, h2 or p.lead")
    element, dot, role = text.partition(".")
    known = CLASSES.get("table" if element in ("th", "td", "caption") else element, frozenset())
    if dot and role not in known:
        raise Reject(f"a class of <{element}> after the dot", did_you_mean(role, known))
    return text


@dataclass(frozen=True, kw_only=True)
class GivenStyle(Record):
    """The style of one kind of text as given; None is inherited from its base."""

    size: float | None = key(_number(SMALLEST, 60), None)
    pitch: float | None = key(_number(1.1, 2), None)
    bold: bool | None = key(flag, None)
    ink: float | None = key(_number(0, 100), None)
    before: float | None = key(_number(0, 60), None)
    after: float | None = key(_number(0, 60), None)
    indent: float | None = key(_number(0, 200), None)


@dataclass(frozen=True, kw_only=True)
class TextStyle(Record):
    """The style of one kind of text. `pitch` is the distance of lines as a multiple of the size.

    `ink` is the percent of black that its letters are printed in.
    """

    size: float = 14.0
    pitch: float = 1.25
    bold: bool = False
    ink: float = 100.0
    before: float = 0.0
    after: float = 0.0
    indent: float = 0.0

    @property
    def line(self) -> float:
        """The distance from one base line to the next, in points."""
        return self.size * self.pitch


_given_styles = map_of(record_of(GivenStyle), scalar(_selector))


@dataclass(frozen=True, kw_only=True)
class BoxStyle(Record):
    """The frame around a section. Danger is a word, a border and a shape, never a color.

    `ink` is the percent of black of its border and its sign, `tint` that of the ground. With `bar`, its
    heading is printed in this size on a bar across the box: white on black, to be seen from two meters, or
    black on a lighter `ground` (percent of black), framed like the box.
    """

    border: float = key(_number(0, 6), 0.0)
    ink: float = key(_number(0, 100), 100.0)
    side: float = key(_number(0, 12), 0.0)
    padding: float = key(_number(0, 30), 0.0)
    tint: float = key(_number(0, TINTS), 0.0)
    icon: str = key(choice(*ICONS), "none")
    bar: float = key(_number(SMALLEST, 60), 0.0)
    ground: float = key(_ground, BLACK)
    before: float = key(_number(0, 60), 0.0)
    after: float = key(_number(0, 60), 0.0)


@dataclass(frozen=True, kw_only=True)
class Margins(Record):
    """The margins of a page, the same for letterhead, words and footer; a calendar may run to the `wide` ones."""

    top: float = key(_number(18, 200))
    right: float = key(_number(36, 200))
    bottom: float = key(_number(18, 200))
    left: float = key(_number(36, 200))
    wide: float = key(_number(36, 200), 200.0)


@dataclass(frozen=True, kw_only=True)
class FaceFiles(Record):
    """The font files of the two faces, beside the stylesheets."""

    regular: str = key(line)
    bold: str = key(line)


@dataclass(frozen=True, kw_only=True)
class OtherFaceFiles(FaceFiles):
    """The faces for whole pages in languages whose letters the first faces lack.

    `pitch` is the least distance of their lines: marks above marks need room (Vietnamese takes
    1.3 and more).
    """

    languages: tuple[str, ...] = key(list_of(language))
    pitch: float = key(_number(1.1, 2))


_boxes = map_of(record_of(BoxStyle), choice(*sorted(CLASSES["section"])))


@dataclass(frozen=True, kw_only=True)
class Styles(Record):
    """Styles of texts, as they are given in `text_` and with what they inherit in `text`, and frames of sections."""

    text_: AbstractMapping[str, GivenStyle] = key(_given_styles, MappingProxyType({}))
    boxes: AbstractMapping[str, BoxStyle] = key(_boxes, MappingProxyType({}))
    text: AbstractMapping[str, TextStyle] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Card(Styles):
    """A card to cut out: two panels of `width` by `height`, side by side, folded between them.

    85.6 by 54 mm is the size of a bank card (ISO/IEC 7810, ID-1). `line` is the least distance of
    lines to write on.
    """

    width: float = key(_number(180, 270), 242.65)
    height: float = key(_number(120, 330), 153.07)
    copies: int = key(whole(1, 3), 1)
    padding: float = key(_number(6, 30), 9.0)
    line: float = key(_number(16, 40), 20.0)


@dataclass(frozen=True, kw_only=True)
class PictureStyle(Record):
    """The height and width of a picture; where a page does not hold, it may shrink to `least`."""

    size: float = key(_number(28, 96), 36.0)
    least: float = key(_number(28, 96), 28.0)


@dataclass(frozen=True, kw_only=True)
class PageStyles(Styles):
    """What a whole page has besides, each with the value of a stylesheet that does not name it.

    `smaller` are the sizes of `p` to try, the largest first, for a page that does not hold on its
    sides of paper: the words of most languages are longer than the English.
    `day` is the least height of a day's cell, `logo` the greatest of the clinic's logo.
    """

    short_columns: int = key(whole(1, 4), 1)
    pair: float = key(_number(0, 1), 0.0)
    write_in: float = key(_number(60, 400), 150.0)
    masthead: float = key(_number(0, 300), 0.0)
    smaller: tuple[float, ...] = key(list_of(_number(SMALLEST, 60)), ())
    day: float = key(_number(10, 120), 40.0)
    picture: PictureStyle = key(record_of(PictureStyle), PictureStyle())
    logo: float = key(_number(18, 100), 40.0)


@dataclass(frozen=True, kw_only=True)
class Variant(PageStyles):
    """The variant for a one-side page, which must hold everything on one side of a sheet.

    Only its margins, styles and frames are those of other pages where it names none.
    """

    margins: Margins | None = key(record_of(Margins), None)


@dataclass(frozen=True, kw_only=True)
class Stylesheet(PageStyles):
    """All looks that the writers know.

    A table that cannot give each column room for `column_words` words is set as a list.
    `last_page` is the least share of the last page that words fill, if other pages can spare them.
    The emergency box stands whole on one of the first `emergency_by` sides, if it can (0: where it is).
    `gutter` is the room between two languages side by side; without it they are set under each other.
    """

    text_: AbstractMapping[str, GivenStyle] = key(_given_styles)
    boxes: AbstractMapping[str, BoxStyle] = key(_boxes)
    margins: Margins = key(record_of(Margins))
    faces: FaceFiles = key(record_of(FaceFiles))
    other_faces: OtherFaceFiles | None = key(record_of(OtherFaceFiles), None)
    column_words: int = key(whole(0, 20), 0)
    last_page: float = key(_number(0, 1), 0.0)
    emergency_by: int = key(whole(0, 20), 0)
    gutter: float = key(_number(0, 60), 0.0)
    marks: AbstractMapping[str, BoxStyle] = key(map_of(record_of(BoxStyle), choice(*MARKS)), MappingProxyType({}))
    dense: Variant = key(record_of(Variant), Variant())
    card: Card = key(record_of(Card), Card())
    folder: Path = Path()
    pictures: Pictures = Pictures(Path())
    paper: str = "letter"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper in points."""
        return PAPERS[self.paper]

    def style(self, element: str, role: str = "") -> TextStyle:
        """Look up the style of an element, or of its class if that has one."""
        return self.text.get(f"{element}.{role}") or self.text[element]

    def box(self, role: str) -> BoxStyle:
        """Look up the frame of a section; one without a style has none."""
        return self.boxes.get(role) or BoxStyle()
