"""The units of a file of words or structure: what a release changes and a clinic keeps, one by one.

A unit is a text, a telephone number, a block, or another key of the file. Its lines are known, so that
one is replaced while every other line of the file, with its comments, stays as the clinic wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from press.content.raw import Mapping as RawMapping
from press.content.raw import Scalar, Sequence, Value
from press.content.yaml.reader import read
from press.errors import Place, refuse
from press.records import dataclass, replace

Plain = str | list["Plain"] | dict[str, "Plain"]  # a value without its places, as JSON has it

_EXPANDED = ("texts", "numbers", "blocks")  # keys whose children are units of their own
KEY = ":"  # before the name of a unit that is another key of the file
ORDER = KEY + "blocks"  # the ids of the blocks in their order, which is a unit, too


@dataclass(frozen=True)
class Unit:
    """One unit: its name in the file, what it says, and its lines: `first` to `last`, from 1.

    `above` is the first line of the comments before it. `parent` is the key that holds it, if one does.
    """

    name: str
    value: Plain
    first: int
    last: int
    above: int
    parent: str = ""


@dataclass(frozen=True)
class UnitFile:
    """A file in units, in its own order. `lines` have no line ends; the file has `newline` behind each."""

    file: str
    lines: tuple[str, ...]
    newline: str
    units: Mapping[str, Unit]

    def values(self) -> dict[str, Plain]:
        """What each unit says, by its name."""
        return {name: unit.value for name, unit in self.units.items()}

    def place(self, name: str) -> Place:
        """Where a unit stands; the file as a whole if it is not there."""
        return Place(self.file, self.units[name].first) if name in self.units else Place(self.file)


def plain(value: Value) -> Plain:
    """Give a value without its places."""
    match value:
        case Scalar():
            return value.text
        case Sequence():
            return [plain(item) for item in value]
        case RawMapping():
            return {name.text: plain(inner) for name, inner in value.entries}


def read_units(data: bytes, file: str) -> UnitFile:
    """Read a file in units; `file` is the name that problems show.

    Raises HandoutError for what is no YAML, and for texts or blocks that do not begin on lines of their own.
    """
    root = read(data, file)
    text = data.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"))
    found = list(_starts(root, file))
    starts = [line for line, *_ in found]
    if len(set(starts)) < len(starts):
        double = next(line for line in starts if starts.count(line) > 1)
        raise refuse(Place(file, double), "several entries stand on this line", "give each entry a line of its own")
    units, end = {}, 0
    for (first, name, parent, value), after in zip(found, [*starts[1:], len(lines) + 1], strict=True):
        last = _last_line(lines, first, after)
        if value is not None:
            units[name] = Unit(name, plain(value), first, last, end + 1, parent)
        end = last
    if order := [unit.name for unit in units.values() if unit.parent == "blocks"]:
        line = units[order[0]].first
        units[ORDER] = Unit(ORDER, list(order), line, line, line, parent=ORDER)
    return UnitFile(file, lines, newline, MappingProxyType(units))


def _last_line(lines: tuple[str, ...], first: int, after: int) -> int:
    """Find where an entry ends: before the comments and blank lines above the next one."""
    last = after - 1
    while last > first and lines[last - 1].strip()[:1] in ("", "#"):
        last -= 1
    return last


def _starts(root: RawMapping, file: str) -> Iterator[tuple[int, str, str, Value | None]]:
    """List line, name, parent and value of each entry; a key whose children are units has no value of its own."""
    for key, value in root.entries:
        children = list(_children(key.text, value, file))
        yield key.place.line, f"{KEY}{key.text}", "", None if children else value
        yield from children


def _children(key: str, value: Value, file: str) -> Iterator[tuple[int, str, str, Value | None]]:
    if key not in _EXPANDED:
        return
    if isinstance(value, RawMapping):
        yield from ((name.place.line, name.text, key, inner) for name, inner in value.entries)
    elif isinstance(value, Sequence):
        for item in value:
            name = item.get("id") if isinstance(item, RawMapping) else None
            if not isinstance(name, Scalar):
                raise refuse(Place(file, item.place.line), "this block has no id", "begin it with `- id:` and a name")
            yield item.place.line, name.text, key, item


def as_bytes(file: UnitFile) -> bytes:
    """Write a file as it is saved, in UTF-8."""
    return file.newline.join([*file.lines, ""]).encode("utf-8")


def merge(yours: UnitFile, new: UnitFile, taken: frozenset[str]) -> UnitFile:
    """Take these units over from `new`: replaced, added, or removed where it has them no longer.

    Every other line stays. Raises HandoutError if the file would then not say exactly that.
    """
    merged = _parsed(yours, _merged_lines(yours, new, taken - {ORDER}))
    if ORDER in taken:
        merged = _parsed(yours, _reordered_lines(merged, new))
    wanted = {name: value for name, value in yours.values().items() if name not in taken}
    wanted |= {name: value for name, value in new.values().items() if name in taken}
    found = merged.values()
    if {**found, ORDER: ""} != {**wanted, ORDER: ""}:
        raise refuse(Place(yours.file), "the new words cannot be written into this file as it stands", _BY_LINES)
    return merged


_BY_LINES = "write each entry of this file on lines of its own, and run `update` again"


def _parsed(yours: UnitFile, lines: list[str]) -> UnitFile:
    return read_units(as_bytes(replace(yours, lines=tuple(lines))), yours.file)


def _merged_lines(yours: UnitFile, new: UnitFile, taken: frozenset[str]) -> list[str]:
    gone: set[int] = set()
    added: dict[int, list[str]] = {}
    for name in [*new.units, *(name for name in yours.units if name not in new.units)]:
        if name not in taken:
            continue
        mine, theirs = yours.units.get(name), new.units.get(name)
        if mine:
            gone |= set(range(mine.first, mine.last + 1))
        if theirs:
            spot = mine.first - 1 if mine else _spot(yours, new, theirs)
            lines = _moved(yours, new, theirs, theirs.first if mine else theirs.above)
            added.setdefault(spot, []).extend(lines)
    merged = [*added.get(0, [])]
    for number, line in enumerate(yours.lines, 1):
        merged += [] if number in gone else [line]
        merged += added.get(number, [])
    return merged


def _spot(yours: UnitFile, new: UnitFile, unit: Unit) -> int:
    """Find the line behind which a new unit goes: that of the last one before it that both files have."""
    siblings = [one for one in yours.units.values() if one.parent == unit.parent]
    if not siblings:
        raise refuse(Place(yours.file), f"there is no place for `{unit.name}` in this file", _BY_LINES)
    spot = (siblings[0].above if unit.parent else siblings[0].first) - 1  # what heads a file stays at its head
    for name, other in new.units.items():
        if name == unit.name:
            break
        if other.parent == unit.parent and name in yours.units:
            spot = yours.units[name].last
    return spot


def _reordered_lines(file: UnitFile, new: UnitFile) -> list[str]:
    """Put the blocks, each with the comments above it, into the order that `new` has; others stay behind their own."""
    blocks = [unit for unit in file.units.values() if unit.parent == "blocks"]
    known = list(new.units)
    rank, ranks = -1, dict[str, int]()
    for unit in blocks:
        rank = ranks[unit.name] = known.index(unit.name) if unit.name in known else rank
    lines = list(file.lines)
    inner = [
        line for unit in sorted(blocks, key=lambda unit: ranks[unit.name]) for line in lines[unit.above - 1 : unit.last]
    ]
    return [*lines[: blocks[0].above - 1], *inner, *lines[blocks[-1].last :]]


def _moved(yours: UnitFile, new: UnitFile, unit: Unit, first: int) -> list[str]:
    """Give the lines of a unit, from `first` on, as far from the left as its neighbors are in the other file."""
    shift = _indent(yours, unit.parent) - _indent(new, unit.parent)
    found = new.lines[first - 1 : unit.last]
    return [" " * shift + line if shift > 0 and line.strip() else line[max(0, -shift) :] for line in found]


def _indent(file: UnitFile, parent: str) -> int:
    line = next((file.lines[one.first - 1] for one in file.units.values() if one.parent == parent), "")
    return len(line) - len(line.lstrip(" "))
