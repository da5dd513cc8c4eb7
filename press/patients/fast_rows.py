"""Rows of which nothing is to be told, read the short way: most rows of most lists.

Each cell is read by the same functions as ever, only without its place, and dates and choices that
come again are remembered. Wherever one of these functions has anything to say, the row is read
anew the long way, which knows the places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from press.content.schema import Context, Reject, fields_of
from press.errors import Place, Problems
from press.patients.cells import NO_RULES, CellRules, read_cell
from press.patients.options import Options
from press.patients.table import Row, Table

_MOST_KEPT = 2048  # different texts of one column
_OWN = frozenset({"code", "name"})  # hardly two people have the same, so that keeping them saves nothing
_NOWHERE = Place("")
_TOLD = object()  # stands for a cell of which something is to be told
_FIELDS = fields_of(Options)


def _value(key: str, rules: CellRules, raw: str) -> object:
    """What a cell means; None for an empty one, `_TOLD` if anything is to be told of it."""
    problems = Problems()
    node = read_cell(raw, key, _NOWHERE, problems, rules)
    if node is None or len(problems):
        return _TOLD if len(problems) else None
    try:
        value = _FIELDS[key].metadata["kind"].read(node, key, Context(problems, private=True))
    except Reject:
        return _TOLD
    return _TOLD if len(problems) else value


def _reader(key: str, rules: CellRules) -> Callable[[str], object]:
    read = partial(_value, key, rules)
    return read if key in _OWN else lru_cache(_MOST_KEPT)(read)


class PlainRows:
    """The short way for the rows of one list."""

    def __init__(self, table: Table) -> None:
        self._table = table
        columns = table.header.columns
        self._columns = tuple((index, _FIELDS[key].name, _reader(key, table.rules)) for index, key in columns)
        self._headings = {_FIELDS[key].name: (index, key) for index, key in columns}
        self._defaults = {_FIELDS[key].name: _value(key, NO_RULES, text) for key, text in table.rules.defaults.items()}
        self._headings |= {name: (-1, name) for name in self._defaults if name not in self._headings}

    def options(self, row: Row) -> Options | None:
        """The options of a row, or None if anything at all is to be told of it."""
        cells = row.cells
        if row.cell_faults or len(cells) < self._table.header.width or self._table.fault_of(row):
            return None
        values: dict[str, Any] = dict(self._defaults)
        for index, name, read in self._columns:
            value = read(cells[index])
            if value is _TOLD:
                return None
            if value is not None:
                values[name] = value
        place = Place(self._table.file, row.line, 0, row.number)
        return Options(**values, place=place, places=_Places(place, self._headings, frozenset(values)))


class _Places(Mapping[str, Place]):
    """Where each given field of a row stands, made when somebody asks: it is for problems only."""

    __slots__ = ("_given", "_headings", "_place")

    def __init__(self, place: Place, headings: Mapping[str, tuple[int, str]], given: frozenset[str]) -> None:
        self._place, self._headings, self._given = place, headings, given

    def __getitem__(self, name: str) -> Place:
        if name not in self._given:
            raise KeyError(name)
        index, key = self._headings[name]
        return Place(self._place.file, self._place.line, index + 1, self._place.row, key)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._headings if name in self._given)

    def __len__(self) -> int:
        return len(self._given)
