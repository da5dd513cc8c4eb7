"""Read the pictures of a folder: a small, closed subset of SVG 1.1, parsed strictly.

A file is judged by limits of its own before anything is drawn. What is unknown, out of the grid or
not seen is a Problem with the file and the line of its element, never left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn
from xml.parsers import expat

from press.content.code_pictures import draw_code, is_code
from press.content.read_bytes import read_once
from press.document.path_data import PathError, parse_path
from press.document.pictures import GRID, Picture, Point, Segment, Shape, ellipse, points_of, polyline, rectangle
from press.errors import HandoutError, Place, Problems, did_you_mean, refuse
from press.records import dataclass

MOST_BYTES = 32 * 1024
MOST_SHAPES = 60
MOST_SEGMENTS = 600
DEEPEST = 8  # levels of nested groups
MARGIN = 2  # units that a coordinate may lie outside the grid
FOLDER = Place("templates/pictures")

_XMLNS = "http://www.w3.org/2000/svg"
_VIEW = f"0 0 {GRID} {GRID}"
_PARTS = frozenset({"svg", "g"})
_REFUSED = ""  # in place of the name of an element that was refused
_GEOMETRY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "path": ("d",),
        "circle": ("cx", "cy", "r"),
        "ellipse": ("cx", "cy", "rx", "ry"),
        "line": ("x1", "y1", "x2", "y2"),
        "polyline": ("points",),
        "polygon": ("points",),
        "rect": ("x", "y", "width", "height"),
    }
)
_OPTIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType({"rect": ("rx", "ry")})
_ABOVE_ZERO = frozenset({"r", "rx", "ry", "width", "height"})
_INKS = {"none": "", "black": "black", "currentColor": "black", "white": "white"}
_LOOKS = frozenset({"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"})
_NUMBER = re.compile(r"[+-]?([0-9]{1,4}(\.[0-9]{0,6})?|\.[0-9]{1,6})\Z", re.ASCII)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z", re.ASCII)


@dataclass(frozen=True)
class Pictures:
    """The folder of pictures. Each is read once, when it is first asked for."""

    folder: Path
    _read: dict[str, Picture] = field(default_factory=dict, repr=False, compare=False)
    _codes: dict[str, Picture] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all pictures: files NAME.svg, the name in small letters, digits and hyphens."""
        return frozenset(path.stem for path in self.folder.glob("*.svg") if _NAME.match(path.stem))

    def get(self, name: str, place: Place = FOLDER) -> Picture:
        """Get a picture that was asked for at `place`. Raises HandoutError if it is unknown or broken."""
        if is_code(name):
            if name not in self._codes:
                self._codes.clear()  # one page has one, and no two people need share it
                self._codes[name] = draw_code(name)
            return self._codes[name]
        if name not in self.names:
            raise refuse(place, f"unknown picture `{name}`", did_you_mean(name, self.names))
        if name not in self._read:
            file = f"{name}.svg"
            self._read[name] = read_picture(self.folder / file, f"{FOLDER}/{file}")
        return self._read[name]


def read_picture(path: Path, shown: str) -> Picture:
    """Read one SVG file; `shown` is its name in problems. Raises HandoutError with every problem found."""
    data = read_once(path, shown, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise refuse(Place(shown), f"this picture has more than {MOST_BYTES // 1024} KB", "draw it with fewer points")
    return _Reader(shown).read(path.stem, data)


@dataclass(frozen=True, slots=True)
class _Open:
    """An element whose end is not read yet, with the looks that its children inherit."""

    tag: str
    looks: Mapping[str, str]


class _Reader:
    """The state of one file while it is read: expat calls it for each tag, so that every problem has its line."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._open: list[_Open] = []
        self._shapes: list[Shape] = []
        self._segments = 0
        self._problems = Problems()
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._declaration
        self._parser.ProcessingInstructionHandler = self._instruction

    def read(self, name: str, data: bytes) -> Picture:
        """Read the whole file into a picture."""
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            place = Place(self._shown, error.lineno, error.offset + 1)
            hint = "look for a tag that is not closed, or closed in the wrong order"
            self._problems.add(place, "this picture is not well-formed XML near this place", hint)
        self._problems.raise_if_errors()
        if not self._shapes:
            raise refuse(Place(self._shown), "this picture has no shapes")
        return Picture(name, tuple(self._shapes))

    def _place(self) -> Place:
        return Place(self._shown, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def _stop(self, message: str, hint: str = "") -> NoReturn:
        """Give up at once, where reading on could only take long."""
        self._problems.add(self._place(), message, hint)
        raise HandoutError(self._problems)

    def _declaration(self, *_: object) -> None:
        self._stop("a picture must not declare a document type or entities")

    def _instruction(self, *_: object) -> None:
        self._stop("a picture must not hold processing instructions, such as a link to a stylesheet")

    def _text(self, text: str) -> None:
        if text.strip() and self._open[-1].tag != _REFUSED:
            self._stop("found words in a picture", "its words belong in handouts/phrases/")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        if len(self._open) == DEEPEST:
            self._stop(f"found elements more than {DEEPEST} levels deep in each other")
        looks = {**(parent.looks if parent else {}), **{k: v for k, v in attributes.items() if k in _LOOKS}}
        is_allowed = self._is_allowed(tag, parent)
        self._open.append(_Open(tag if is_allowed else _REFUSED, looks))
        if is_allowed:
            found = len(self._problems)
            self._check_attributes(tag, attributes)
            if tag in _GEOMETRY and len(self._problems) == found:
                self._add(tag, attributes, looks)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _is_allowed(self, tag: str, parent: _Open | None) -> bool:
        """Note an element that is unknown or in the wrong parent; what is inside it is then skipped."""
        if parent and parent.tag == _REFUSED:
            return False
        if tag not in _PARTS and tag not in _GEOMETRY:
            self._problems.add(self._place(), f"unknown element <{tag}>", did_you_mean(tag, _PARTS | _GEOMETRY.keys()))
        elif (tag == "svg") != (parent is None):
            self._problems.add(self._place(), "a picture is one <svg> with everything inside it")
        elif parent and parent.tag not in _PARTS:
            self._problems.add(self._place(), f"<{tag}> must not stand inside <{parent.tag}>")
        else:
            return True
        return False

    def _check_attributes(self, tag: str, attributes: dict[str, str]) -> None:
        needed = ("xmlns", "viewBox") if tag == "svg" else _GEOMETRY.get(tag, ())
        known = _LOOKS.union(needed, _OPTIONAL.get(tag, ()))
        for name, value in attributes.items():
            if name not in known:
                self._problems.add(self._place(), f"unknown attribute `{name}` on <{tag}>", did_you_mean(name, known))
            elif fault := _fault(name, value):
                self._problems.add(self._place(), f"`{name}` of <{tag}> must be {fault}")
        for name in needed:
            if name not in attributes:
                self._problems.add(self._place(), f"<{tag}> lacks its `{name}`")

    def _add(self, tag: str, attributes: dict[str, str], looks: Mapping[str, str]) -> None:
        """Add a shape to the picture, if it can be drawn."""
        fill, stroke = _INKS[looks.get("fill", "black")], _INKS[looks.get("stroke", "none")]
        width = float(looks.get("stroke-width", "1")) if stroke else 0.0
        try:
            segments = _outline(tag, attributes)
        except PathError as error:
            self._problems.add(self._place(), f"{error}")
            return
        if fault := _shape_fault(segments, fill, stroke, looks):
            self._problems.add(self._place(), *fault)
        self._count(segments)
        self._shapes.append(Shape(segments, fill, width))

    def _count(self, segments: tuple[Segment, ...]) -> None:
        self._segments += len(segments)
        if len(self._shapes) == MOST_SHAPES:
            self._stop(f"this picture has more than {MOST_SHAPES} shapes", "a picture is read at a glance")
        if self._segments > MOST_SEGMENTS:
            self._stop(f"this picture has more than {MOST_SEGMENTS} lines and curves", "draw it with fewer points")


def _fault(name: str, value: str) -> str:
    """Say what an attribute must be, if it is not."""
    match name:
        case "xmlns":
            return "" if value == _XMLNS else f"`{_XMLNS}`"
        case "viewBox":
            return "" if value == _VIEW else f"`{_VIEW}`"
        case "fill":
            return "" if value in _INKS else "none, black, currentColor or white"
        case "stroke":
            return "" if value in _INKS and value != "white" else "none, black or currentColor"
        case "stroke-linecap" | "stroke-linejoin":
            return "" if value == "round" else "round"
        case "stroke-width":
            return "" if _is_number(value) and 0 < float(value) <= GRID else f"a number above 0, at most {GRID}"
        case "d":
            return ""  # the parser of path data names its faults
        case "points":
            return "" if _points(value) else "pairs of numbers, two pairs at least"
        case _ if name in _ABOVE_ZERO:
            return "" if _is_number(value) and float(value) > 0 else "a number above 0"
        case _:
            return "" if _is_number(value) else "a number"


def _is_number(value: str) -> bool:
    return _NUMBER.match(value) is not None


def _points(value: str) -> tuple[Point, ...]:
    """Parse the points of a polyline; empty if they are not what they should be."""
    numbers = value.replace(",", " ").split()
    if len(numbers) < 4 or len(numbers) % 2 or not all(map(_is_number, numbers)):
        return ()
    found = [float(number) for number in numbers]
    return tuple(zip(found[::2], found[1::2], strict=True))


def _outline(tag: str, attributes: dict[str, str]) -> tuple[Segment, ...]:
    """Draw the outline of a checked element. Raises PathError if path data breaks its notation."""
    if tag == "path":
        return parse_path(attributes["d"])
    if tag in ("polyline", "polygon"):
        return polyline(_points(attributes["points"]), is_closed=tag == "polygon")
    numbers = [float(attributes[name]) for name in _GEOMETRY[tag]]
    match tag:
        case "circle":
            cx, cy, r = numbers
            return ellipse(cx, cy, r, r)
        case "ellipse":
            cx, cy, rx, ry = numbers
            return ellipse(cx, cy, rx, ry)
        case "line":
            x1, y1, x2, y2 = numbers
            return polyline(((x1, y1), (x2, y2)), is_closed=False)
        case _:
            x, y, width, height = numbers
            across, down = attributes.get("rx"), attributes.get("ry")
            return rectangle(x, y, width, height, float(across or down or 0), float(down or across or 0))


def _shape_fault(
    segments: tuple[Segment, ...], fill: str, stroke: str, looks: Mapping[str, str]
) -> tuple[str, str] | None:
    """Say what is wrong with a shape as a whole, with a hint."""
    if not (fill or stroke):
        return "this shape is not seen: it has neither fill nor stroke", ""
    if stroke and not {"stroke-linecap", "stroke-linejoin"} <= looks.keys():
        return "a line needs round ends and corners", 'write stroke-linecap="round" stroke-linejoin="round" on <svg>'
    low, high = -MARGIN, GRID + MARGIN
    if not all(low <= x <= high and low <= y <= high for segment in segments for x, y in points_of(segment)):
        return "this shape leaves the grid", f"coordinates go from 0 to {GRID}"
    return None
