"""Named styles as numbers: page, faces, sizes, spacing, boxes. All lengths are in points.

A stylesheet is one YAML file. A style that leaves a number out takes it from its base:
`p.lead` from `p`, and the dense variant of a style from the ordinary one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType

from press.document import MARKS
from press.errors import Problems, did_you_mean
from press.readers.yaml import read_file
from press.schema import Context, Kind, Record, Reject, choice, key, map_of, read_record, record_of, scalar
from press.fields import flag, line, whole
from press.xhtml import CLASSES

PAPERS = MappingProxyType({"letter": (612.0, 792.0), "a4": (595.28, 841.89)})
SMALLEST = 10.0  # points: the floor of 21 CFR 208.20 for a Medication Guide
ICONS = ("none", "warning", "phone", "dot", "clock", "diamond", "open-diamond", "square", "yield", "cross")
TINTS = 10.0  # percent of black, at most, behind text
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
class TextStyle(Record):
    """Type of one kind of text. `pitch` is the distance of lines as a multiple of the size."""

    size: float | None = key(_number(SMALLEST, 60), None)
    pitch: float | None = key(_number(1.1, 2), None)
    bold: bool | None = key(flag, None)
    before: float | None = key(_number(0, 60), None)
    after: float | None = key(_number(0, 60), None)
    indent: float | None = key(_number(0, 200), None)

    @property
    def line(self) -> float:
        """The distance from one base line to the next, in points."""
        return self.size * self.pitch


@dataclass(frozen=True, kw_only=True)
class BoxStyle(Record):
    """The frame round a section. Danger is a word, a border and a shape, never a colour."""

    border: float = key(_number(0, 6), 0.0)
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
class Variant(Record):
    """What a one-side page does otherwise: it must hold everything on one side of a sheet."""

    margins: Margins | None = key(record_of(Margins), None)
    short_columns: int = key(whole(1, 4), 1)
    pair: float = key(_number(0, 1), 0.0)
    write_in: float = key(_number(60, 400), 150.0)
    masthead: float = key(_number(0, 300), 0.0)
    day: float = key(_number(10, 120), 40.0)
    text: AbstractMapping[str, TextStyle] = key(map_of(record_of(TextStyle), scalar(_selector)), MappingProxyType({}))
    boxes: AbstractMapping[str, BoxStyle] = key(map_of(record_of(BoxStyle), choice(*sorted(CLASSES["section"]))), MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Stylesheet(Record):
    """Everything that the writers know about looks. `day` is the least height of a day's cell."""

    margins: Margins = key(record_of(Margins))
    faces: Faces = key(record_of(Faces))
    short_columns: int = key(whole(1, 4), 1)
    pair: float = key(_number(0, 1), 0.0)
    write_in: float = key(_number(60, 400), 150.0)
    masthead: float = key(_number(0, 300), 0.0)
    day: float = key(_number(10, 120), 40.0)
    text: AbstractMapping[str, TextStyle] = key(map_of(record_of(TextStyle), scalar(_selector)))
    boxes: AbstractMapping[str, BoxStyle] = key(map_of(record_of(BoxStyle), choice(*sorted(CLASSES["section"]))), MappingProxyType({}))
    marks: AbstractMapping[str, BoxStyle] = key(map_of(record_of(BoxStyle), choice(*MARKS)), MappingProxyType({}))
    dense: Variant = key(record_of(Variant), Variant())
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
    problems = Problems()
    sheet = read_record(Stylesheet, read_file(path, shown), Context(problems))
    if "p" not in (sheet.text or {}):
        problems.add(sheet.place, "a stylesheet needs a style for `p`")
    problems.raise_if_errors()
    _check_faces(sheet.faces, path.parent.parent / "fonts", problems)
    problems.raise_if_errors()
    tight = replace(sheet.dense, text=_inherited(_merged(sheet.text, sheet.dense.text)))
    return replace(sheet, text=_inherited(sheet.text), dense=tight, folder=path.parent.parent)


def _check_faces(faces: Faces, folder: Path, problems: Problems) -> None:
    for name in ("regular", "bold"):
        file = getattr(faces, name)
        if Path(file).name != file or not (folder / file).is_file():
            there = [path.name for path in folder.glob("*.ttf")]
            problems.add(faces.place_of(name), "there is no such type face in templates/fonts", did_you_mean(file, there))


def dense(sheet: Stylesheet) -> Stylesheet:
    """The stylesheet for a page that must keep to one side."""
    return replace(
        sheet,
        margins=sheet.dense.margins or sheet.margins,
        short_columns=sheet.dense.short_columns,
        pair=sheet.dense.pair,
        write_in=sheet.dense.write_in,
        masthead=sheet.dense.masthead,
        day=sheet.dense.day,
        text=sheet.dense.text,
        boxes=MappingProxyType({**sheet.boxes, **sheet.dense.boxes}),
    )


_Styles = AbstractMapping[str, TextStyle]


def _merged(base: _Styles, over: _Styles) -> _Styles:
    """Both sets of styles, the numbers of `over` before those of `base`."""
    both = {name: _over(style, base[name]) if name in base else style for name, style in over.items()}
    return {**base, **both}


def _inherited(styles: _Styles) -> _Styles:
    """Fill every style from its base; `p` is the base of all bases."""
    root = _over(styles["p"], TextStyle(size=14.0, pitch=1.25, bold=False, before=0.0, after=0.0, indent=0.0))
    found = {name: root for name in ("p", "h1", "h2", "h3", "li", "th", "td", "caption", "footer", "mark")}
    for name in sorted(styles, key=lambda name: "." in name):
        found[name] = _over(styles[name], found[name.split(".")[0]])
    return MappingProxyType(found)


def _over(style: TextStyle, base: TextStyle) -> TextStyle:
    """`style` with each number that it leaves out taken from `base`."""
    names = [f.name for f in fields(style) if "kind" in f.metadata]
    chosen = {name: getattr(base if getattr(style, name) is None else style, name) for name in names}
    return TextStyle(**chosen, place=style.place)
