"""Named styles as numbers: page, faces, sizes, spacing, boxes. All lengths are in points.

A stylesheet is one YAML file. A style that leaves a number out takes it from its base:
`p.lead` from `p`, and the dense variant of a style from the ordinary one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from press.content.fields import flag, language, line, whole
from press.content.schema import (
    Kind,
    Record,
    Reject,
    choice,
    fields_of,
    key,
    list_of,
    map_of,
    read_whole,
    record_of,
    scalar,
)
from press.content.yaml.reader import read_file
from press.document.nodes import MARKS
from press.document.xhtml import CLASSES
from press.errors import Place, Problem, Problems, did_you_mean, refuse
from press.writers.contrast import SHAPES, TONER_LOSS, WORDS, least_contrast

PAPERS = MappingProxyType({"letter": (612.0, 792.0), "a4": (595.28, 841.89)})
SMALLEST = 10.0  # points: the floor of 21 CFR 208.20 for a Medication Guide
ICONS = ("none", "warning", "phone", "dot", "clock", "diamond", "open-diamond", "square", "yield", "cross")
TINTS = 10.0  # percent of black, at most, behind text
DANGER = ("warning", "notice", "emergency")  # the boxes that say what can kill
SIGNED = ("warning", "notice")  # those that need a sign too
DANGER_BORDER = 1.5  # points, the thinnest border of a box of danger
_SELECTOR = re.compile(r"(p|h1|h2|h3|li|th|td|caption|footer|mark)(\.[a-z-]+)?\Z")


def _number(low: float, high: float) -> Kind[float]:
    def convert(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text, re.ASCII) or not low <= float(text) <= high:
            raise Reject(f"a number from {low:g} to {high:g}")
        return float(text)

    return scalar(convert, {"type": ["number", "string"]})


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
    """What a stylesheet says of one kind of text; what is None it takes from its base."""

    size: float | None = key(_number(SMALLEST, 60), None)
    pitch: float | None = key(_number(1.1, 2), None)
    bold: bool | None = key(flag, None)
    ink: float | None = key(_number(0, 100), None)
    before: float | None = key(_number(0, 60), None)
    after: float | None = key(_number(0, 60), None)
    indent: float | None = key(_number(0, 200), None)


@dataclass(frozen=True, kw_only=True)
class TextStyle(Record):
    """Type of one kind of text. `pitch` is the distance of lines as a multiple of the size.

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
    """The frame round a section. Danger is a word, a border and a shape, never a colour.

    `ink` is the percent of black of its border and its sign, `tint` that of the ground.
    """

    border: float = key(_number(0, 6), 0.0)
    ink: float = key(_number(0, 100), 100.0)
    side: float = key(_number(0, 12), 0.0)
    padding: float = key(_number(0, 30), 0.0)
    tint: float = key(_number(0, TINTS), 0.0)
    icon: str = key(choice(*ICONS), "none")
    before: float = key(_number(0, 60), 0.0)
    after: float = key(_number(0, 60), 0.0)


@dataclass(frozen=True, kw_only=True)
class Margins(Record):
    """The white edge of the page; the small print of the footer may run wider than the words."""

    top: float = key(_number(18, 200))
    right: float = key(_number(36, 200))
    bottom: float = key(_number(18, 200))
    left: float = key(_number(36, 200))
    footer: float = key(_number(36, 200))


@dataclass(frozen=True, kw_only=True)
class Faces(Record):
    """The type faces, as files beside the stylesheets."""

    regular: str = key(line)
    bold: str = key(line)


@dataclass(frozen=True, kw_only=True)
class OtherFaces(Faces):
    """The faces for whole pages in languages whose letters the first faces lack.

    `pitch` is the least distance of their lines: marks above marks need room (Vietnamese takes
    1.3 and more).
    """

    languages: tuple[str, ...] = key(list_of(language))
    pitch: float = key(_number(1.1, 2))


@dataclass(frozen=True, kw_only=True)
class Variant(Record):
    """What a one-side page does otherwise: it must hold everything on one side of a sheet."""

    margins: Margins | None = key(record_of(Margins), None)
    short_columns: int = key(whole(1, 4), 1)
    pair: float = key(_number(0, 1), 0.0)
    write_in: float = key(_number(60, 400), 150.0)
    masthead: float = key(_number(0, 300), 0.0)
    smaller: tuple[float, ...] = key(list_of(_number(SMALLEST, 60)), ())
    day: float = key(_number(10, 120), 40.0)
    text_: AbstractMapping[str, GivenStyle] = key(_given_styles, MappingProxyType({}))
    boxes: AbstractMapping[str, BoxStyle] = key(
        map_of(record_of(BoxStyle), choice(*sorted(CLASSES["section"]))), MappingProxyType({})
    )
    text: AbstractMapping[str, TextStyle] = field(default_factory=dict)  # of `text_`, with what styles inherit


@dataclass(frozen=True, kw_only=True)
class Card(Record):
    """A card to cut out: two panels of `width` by `height`, side by side, folded between them.

    85.6 by 54 mm is the size of a bank card (ISO/IEC 7810, ID-1). `line` is the least distance of
    lines to write on.
    """

    width: float = key(_number(180, 270), 242.65)
    height: float = key(_number(120, 330), 153.07)
    copies: int = key(whole(1, 3), 1)
    padding: float = key(_number(6, 30), 9.0)
    line: float = key(_number(16, 40), 20.0)
    text_: AbstractMapping[str, GivenStyle] = key(_given_styles, MappingProxyType({}))
    boxes: AbstractMapping[str, BoxStyle] = key(
        map_of(record_of(BoxStyle), choice(*sorted(CLASSES["section"]))), MappingProxyType({})
    )
    text: AbstractMapping[str, TextStyle] = field(default_factory=dict)  # of `text_`, with what styles inherit


@dataclass(frozen=True, kw_only=True)
class Stylesheet(Record):
    """Everything that the writers know about looks.

    A table that cannot give each column room for `column_words` words is set as a list.
    `last_page` is the least share of the last page that words fill, if other pages can spare them.
    `smaller` are the sizes of `p` to try, in this order, for a page that does not hold on its
    sides of paper: the words of most languages are longer than the English. `gutter` is the
    room between two languages side by side; without one they stand under each other.
    `day` is the least height of a day's cell.
    """

    margins: Margins = key(record_of(Margins))
    faces: Faces = key(record_of(Faces))
    other_faces: OtherFaces | None = key(record_of(OtherFaces), None)
    short_columns: int = key(whole(1, 4), 1)
    pair: float = key(_number(0, 1), 0.0)
    write_in: float = key(_number(60, 400), 150.0)
    masthead: float = key(_number(0, 300), 0.0)
    column_words: int = key(whole(0, 20), 0)
    last_page: float = key(_number(0, 1), 0.0)
    smaller: tuple[float, ...] = key(list_of(_number(SMALLEST, 60)), ())
    gutter: float = key(_number(0, 60), 0.0)
    day: float = key(_number(10, 120), 40.0)
    text_: AbstractMapping[str, GivenStyle] = key(_given_styles)
    boxes: AbstractMapping[str, BoxStyle] = key(
        map_of(record_of(BoxStyle), choice(*sorted(CLASSES["section"]))), MappingProxyType({})
    )
    marks: AbstractMapping[str, BoxStyle] = key(map_of(record_of(BoxStyle), choice(*MARKS)), MappingProxyType({}))
    dense: Variant = key(record_of(Variant), Variant())
    card: Card = key(record_of(Card), Card())
    text: AbstractMapping[str, TextStyle] = field(default_factory=dict)  # of `text_`, with what styles inherit
    folder: Path = Path()
    paper: str = "letter"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper in points."""
        return PAPERS[self.paper]

    def style(self, element: str, role: str = "") -> TextStyle:
        """The style of an element, or of its class if it has a style of its own."""
        return self.text.get(f"{element}.{role}") or self.text[element]

    def box(self, role: str) -> BoxStyle:
        """The frame of a section; one without a style has none."""
        return self.boxes.get(role) or BoxStyle()


def read_stylesheet(path: Path, shown: str) -> Stylesheet:
    """Read a stylesheet and fill in what styles inherit. Raises HandoutError."""
    sheet = read_whole(Stylesheet, read_file(path, shown))
    if "p" not in sheet.text_:
        raise refuse(sheet.place, "a stylesheet needs a style for `p`")
    problems = Problems()
    for faces in filter(None, (sheet.faces, sheet.other_faces)):
        _check_faces(faces, path.parent.parent / "fonts", problems)
    problems.raise_if_errors()
    tight = replace(sheet.dense, text=_inherited(_merged(sheet.text_, sheet.dense.text_)))
    small = replace(sheet.card, text=_inherited(_merged(sheet.text_, sheet.card.text_)))
    whole = replace(sheet, text=_inherited(sheet.text_), dense=tight, card=small, folder=path.parent.parent)
    variants = (whole, dense(whole), card(whole))
    problems.extend(dict.fromkeys(fault for variant in variants for fault in legibility_faults(variant)))
    problems.raise_if_errors()
    return whole


def _check_faces(faces: Faces, folder: Path, problems: Problems) -> None:
    for name in ("regular", "bold"):
        file = getattr(faces, name)
        if Path(file).name != file or not (folder / file).is_file():
            there = [path.name for path in folder.glob("*.ttf")]
            problems.add(
                faces.place_of(name), "there is no such type face in templates/fonts", did_you_mean(file, there)
            )


def dense(sheet: Stylesheet) -> Stylesheet:
    """The stylesheet for a page that must keep to one side."""
    return replace(
        sheet,
        margins=sheet.dense.margins or sheet.margins,
        short_columns=sheet.dense.short_columns,
        pair=sheet.dense.pair,
        write_in=sheet.dense.write_in,
        masthead=sheet.dense.masthead,
        smaller=sheet.dense.smaller,
        day=sheet.dense.day,
        text=sheet.dense.text,
        boxes=MappingProxyType({**sheet.boxes, **sheet.dense.boxes}),
    )


def in_size(sheet: Stylesheet, size: float) -> Stylesheet:
    """The stylesheet with `p` set in `size` points and all else in proportion.

    What is smaller than the words, such as the letterhead, gets no smaller than they; nothing gets under 10 points.
    """
    factor = size / sheet.style("p").size

    def text(style: TextStyle) -> TextStyle:
        small = max(SMALLEST, min(style.size, size), round(style.size * factor, 2))
        return replace(
            style, size=small, before=style.before * factor, after=style.after * factor, indent=style.indent * factor
        )

    def box(style: BoxStyle) -> BoxStyle:
        return replace(style, padding=style.padding * factor, before=style.before * factor, after=style.after * factor)

    return replace(
        sheet,
        write_in=sheet.write_in * factor,
        text=MappingProxyType({name: text(style) for name, style in sheet.text.items()}),
        boxes=MappingProxyType({name: box(style) for name, style in sheet.boxes.items()}),
    )


def for_language(sheet: Stylesheet, language: str) -> Stylesheet:
    """The stylesheet for a page in a language: its faces, and room for its marks between the lines.

    The page that must keep to one side has no such room to give: there only a line whose
    letters are that high or deep is made taller.
    """
    other = sheet.other_faces
    if other is None or language.partition("-")[0] not in other.languages:
        return sheet

    def taller(styles: _Styles) -> _Styles:
        return MappingProxyType({name: replace(s, pitch=max(s.pitch, other.pitch)) for name, s in styles.items()})

    return replace(sheet, faces=other, text=taller(sheet.text))


def card(sheet: Stylesheet) -> Stylesheet:
    """The stylesheet for the words on a card to cut out; a line to write on has a third of a panel or more."""
    return replace(
        sheet,
        short_columns=1,
        pair=0.0,
        write_in=sheet.card.width / 3,
        text=sheet.card.text,
        boxes=MappingProxyType({**sheet.boxes, **sheet.card.boxes}),
    )


_Styles = AbstractMapping[str, TextStyle]


_GivenStyles = AbstractMapping[str, GivenStyle]
S = TypeVar("S", GivenStyle, TextStyle)


def _merged(base: _GivenStyles, over: _GivenStyles) -> _GivenStyles:
    """Both sets of styles, the numbers of `over` before those of `base`."""
    both = {name: _over(style, base[name]) if name in base else style for name, style in over.items()}
    return {**base, **both}


def _inherited(styles: _GivenStyles) -> _Styles:
    """Fill every style from its base; `p` is the base of all bases."""
    root = _over(styles["p"], TextStyle())
    found = dict.fromkeys(("p", "h1", "h2", "h3", "li", "th", "td", "caption", "footer", "mark"), root)
    for name in sorted(styles, key=lambda name: "." in name):
        found[name] = _over(styles[name], found[name.split(".")[0]])
    return MappingProxyType(found)


def _over(style: GivenStyle, base: S) -> S:
    """`style` with each number that it leaves out taken from `base`."""
    given = {name: number for name in fields_of(GivenStyle) if (number := getattr(style, name)) is not None}
    return replace(base, **given, place=style.place, places=MappingProxyType({**base.places, **style.places}))


# What must still be seen on a bad printer (clinical basis, 4.5)


def legibility_faults(sheet: Stylesheet) -> Iterator[Problem]:
    """Words, borders and signs that are too pale in grey or with little toner, and danger without its marks.

    Any words may stand in any box, so each ink is judged on the darkest ground of the sheet.
    """
    darkest = max((box.tint for box in sheet.boxes.values()), default=0.0)
    for style in sheet.text.values():
        yield from _pale("the words", style.ink, darkest, WORDS, style.place_of("ink"))
    for name, box in sheet.boxes.items():
        if box.border or box.icon != "none":
            yield from _pale(f"the border or sign of `{name}`", box.ink, box.tint, SHAPES, box.place_of("ink"))
    for name in DANGER:
        yield from _unmarked(name, sheet.box(name), sheet.place_of("boxes"))


def _pale(what: str, ink: float, ground: float, least: float, place: Place) -> Iterator[Problem]:
    found = least_contrast(ink, ground)
    if found < least:
        yield Problem(
            place,
            f"{what} would be too pale: a contrast of {found:.1f} to 1 once {TONER_LOSS:g} percent of the toner "
            f"is lost, expected at least {least:g} to 1",
            "raise `ink`; 100 is black",
        )


def _unmarked(name: str, box: BoxStyle, absent: Place) -> Iterator[Problem]:
    """A box of danger has a border that is seen, and a warning has a sign too."""
    place = box.place if box.place.file else absent
    if box.border < DANGER_BORDER:
        where = box.places.get("border", place)
        yield Problem(where, f"the box `{name}` warns of danger: its border must be at least {DANGER_BORDER:g} points")
    if name in SIGNED and box.icon == "none":
        where = box.places.get("icon", place)
        yield Problem(where, f"the box `{name}` warns of danger: it must have a sign", "write `icon: warning`")
