"""Parse path data, the notation of outlines in SVG 1.1 (section 8.3), into segments of a picture.

Relative commands, quadratic curves and arcs become absolute cubic curves here, so that no writer knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import atan2, ceil, cos, hypot, pi, radians, sin, sqrt, tan

from press.document.pictures import Point, Segment
from press.records import dataclass

_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_GAP = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")
_COMMAND = re.compile(r"[A-Za-z]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
_FLAG = re.compile(r"[01]")
_FLAGS = (3, 4)  # of the arguments of an arc: they may be written without a gap behind them
_MOST = 1000  # beyond this no number is meant, and products of such numbers could overflow
_LEAST = 0.001  # shorter lengths are not seen, and would be divided by


class PathError(ValueError):
    """Path data that breaks the notation; the message is a sentence for the person who drew it."""


def parse_path(data: str) -> tuple[Segment, ...]:
    """Parse path data into absolute lines and cubic curves.

    Whether they lie on the grid is for the caller to see. Raises PathError.
    """
    return _Pen(data).draw()


class _Pen:
    """The state of one path: what is read, where the pen is, and which curve came last."""

    def __init__(self, data: str) -> None:
        self._data = data
        self._read = 0
        self._at: Point = (0, 0)
        self._start: Point = (0, 0)
        self._handle: tuple[str, Point] = ("", (0, 0))  # kind and last control point of the last curve
        self._segments: list[Segment] = []

    def draw(self) -> tuple[Segment, ...]:
        """Read all commands. The first must be a move, as must the one behind a closed outline."""
        self._skip(_GAP)
        while self._read < len(self._data):
            command = self._take(_COMMAND, "a command letter")
            if command.upper() not in _ARGUMENTS:
                raise PathError(f"unknown command `{command}` in path data")
            if command.upper() != "M" and (not self._segments or self._segments[-1][0] == "Z"):
                raise PathError("an outline in path data must begin with `M`")
            self._run(command)
        if not any(segment[0] in "LC" for segment in self._segments):
            raise PathError("path data that draws nothing")
        return tuple(self._segments)

    def _run(self, command: str) -> None:
        """Run one command with all of its sets of arguments; further points of a move are lines."""
        self._skip(_GAP)
        self._step(command, self._arguments(command))
        while command not in "Zz" and self._read < len(self._data) and not _COMMAND.match(self._data, self._read):
            command = {"M": "L", "m": "l"}.get(command, command)
            self._step(command, self._arguments(command))

    def _arguments(self, command: str) -> list[float]:
        kind = command.upper()
        found = []
        for index in range(_ARGUMENTS[kind]):
            found.append(self._flag() if kind == "A" and index in _FLAGS else self._number())
            self._skip(_GAP)
        return found

    def _flag(self) -> float:
        return float(self._take(_FLAG, "a flag, 0 or 1,"))

    def _number(self) -> float:
        number = float(self._take(_NUMBER, "a number"))
        if abs(number) > _MOST:
            raise PathError(f"a number beyond {_MOST} in path data")
        return number

    def _take(self, pattern: re.Pattern[str], what: str) -> str:
        match = pattern.match(self._data, self._read)
        if match is None:
            raise PathError(f"path data lacks {what} at character {self._read + 1}")
        self._read = match.end()
        return match.group()

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._data, self._read)
        self._read = match.end() if match else self._read

    def _step(self, command: str, numbers: list[float]) -> None:
        kind = command.upper()
        x, y = self._at if command != kind else (0.0, 0.0)
        match kind:
            case "Z":
                self._segments.append(("Z",))
                self._at = self._start
            case "M" | "L":
                self._go((x + numbers[0], y + numbers[1]), is_drawn=kind == "L")
            case "H":
                self._go((x + numbers[0], self._at[1]), is_drawn=True)
            case "V":
                self._go((self._at[0], y + numbers[0]), is_drawn=True)
            case "A":
                self._arc(numbers, (x + numbers[5], y + numbers[6]))
            case _:
                points = [(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
                self._bend(kind, points)
                return
        self._handle = ("", self._at)

    def _go(self, point: Point, *, is_drawn: bool) -> None:
        self._at = point
        if is_drawn:
            self._segments.append(("L", *point))
        else:
            self._segments.append(("M", *point))
            self._start = point

    def _bend(self, kind: str, points: list[Point]) -> None:
        """Draw a cubic (C, S) or quadratic (Q, T) curve; S and T mirror the handle of the curve before."""
        family = "C" if kind in "CS" else "Q"
        if kind in "ST":
            points = [self._mirrored(family), *points]
        if family == "Q":
            control, end = points
            self._curve(_toward(self._at, control), _toward(end, control), end)
        else:
            control = points[1]
            self._curve(*points)
        self._handle = (family, control)

    def _mirrored(self, family: str) -> Point:
        last, (x, y) = self._handle
        return (2 * self._at[0] - x, 2 * self._at[1] - y) if last == family else self._at

    def _curve(self, first: Point, second: Point, end: Point) -> None:
        self._segments.append(("C", *first, *second, *end))
        self._at = end

    def _arc(self, numbers: list[float], end: Point) -> None:
        rx, ry, tilt, is_large, is_clockwise = numbers[:5]
        if min(rx, ry) < _LEAST:
            raise PathError("an arc needs radii above 0")
        if hypot(end[0] - self._at[0], end[1] - self._at[1]) < _LEAST:
            return
        tilted = _Ellipse(rx, ry, radians(tilt))
        for curve in tilted.arc(self._at, end, is_large=bool(is_large), is_clockwise=bool(is_clockwise)):
            self._curve(*curve)


def _toward(point: Point, control: Point) -> Point:
    """Raise the handle of a quadratic curve to that of a cubic one: two thirds of the way to its control point."""
    return point[0] + (control[0] - point[0]) * 2 / 3, point[1] + (control[1] - point[1]) * 2 / 3


@dataclass(frozen=True, slots=True)
class _Ellipse:
    """Radii, and the tilt of the first one in radians, clockwise as y grows downwards."""

    rx: float
    ry: float
    tilt: float

    def arc(
        self, start: Point, end: Point, *, is_large: bool, is_clockwise: bool
    ) -> Iterator[tuple[Point, Point, Point]]:
        """Approximate an arc by cubic curves of at most a quarter each (SVG 1.1, F.6.5)."""
        (x1, y1), (x2, y2) = self._unit(start), self._unit(end)
        half = hypot(x2 - x1, y2 - y1) / 2
        grown = max(half, 1)  # radii that do not reach are made longer (F.6.6)
        away = sqrt(max(grown**2 - half**2, 0)) / half / 2 * (1 if is_large != is_clockwise else -1)
        x, y = (x1 + x2) / 2 + away * (y1 - y2), (y1 + y2) / 2 + away * (x2 - x1)
        first = atan2(y1 - y, x1 - x)
        turn = (atan2(y2 - y, x2 - x) - first) % (2 * pi)
        turn = turn if is_clockwise else turn - 2 * pi
        yield from self._quarters((x, y), grown, first, turn)

    def _quarters(
        self, center: Point, radius: float, first: float, turn: float
    ) -> Iterator[tuple[Point, Point, Point]]:
        pieces = max(ceil(abs(turn) / (pi / 2) - _LEAST), 1)
        step = turn / pieces
        reach = radius * 4 / 3 * tan(step / 4)
        for piece in range(pieces):
            a, b = first + piece * step, first + (piece + 1) * step
            xa, ya = center[0] + radius * cos(a), center[1] + radius * sin(a)
            xb, yb = center[0] + radius * cos(b), center[1] + radius * sin(b)
            yield (
                self._grid((xa - reach * sin(a), ya + reach * cos(a))),
                self._grid((xb + reach * sin(b), yb - reach * cos(b))),
                self._grid((xb, yb)),
            )

    def _unit(self, point: Point) -> Point:
        """Turn and scale a point of the grid so that the ellipse becomes a circle of radius 1."""
        x, y = point
        c, s = cos(self.tilt), sin(self.tilt)
        return (c * x + s * y) / self.rx, (c * y - s * x) / self.ry

    def _grid(self, point: Point) -> Point:
        x, y = point[0] * self.rx, point[1] * self.ry
        c, s = cos(self.tilt), sin(self.tilt)
        return c * x - s * y, s * x + c * y
