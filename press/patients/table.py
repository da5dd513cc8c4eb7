"""The shape that every kind of list has: rows of texts below headings, read again for each pass.

Rows come one by one, so that a list of 100,000 people takes no more memory than its file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from collections.abc import Mapping as SourceMapping
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from press.content.raw import Mapping, Scalar, Value
from press.delivery.filenames import LONGEST_CODE
from press.errors import HandoutError, Place, Problem, Problems, Sentence, refuse
from press.patients import messages as faults
from press.patients.cells import NO_RULES, CellRules, read_cell
from press.patients.headings import (
    OURS,
    Header,
    HeadingRules,
    control_faults,
    is_heading,
    missing_header,
    read_header,
)
from press.records import dataclass, replace

MOST_ABOVE = 20  # rows in which the headings are looked for, to say where they stand


_NO_FAULTS: SourceMapping[str, Sentence] = MappingProxyType({})


class Row(NamedTuple):
    """One row of cells. `number` is the spreadsheet's, `line` the file's; both count from 1.

    `cell_faults` are what is wrong by option, where more is known than its cell can say ("": with the whole person).
    """

    number: int
    line: int
    cells: tuple[str, ...]
    fault: Sentence | None = None
    cell_faults: SourceMapping[str, Sentence] = _NO_FAULTS

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the row; a lone Ctrl-Z is how DOS ended a file."""
        return not self.fault and not "".join(self.cells).strip("\x1a \t\n\r\f\v\u00a0\ufeff")


@dataclass(frozen=True, slots=True)
class Record:
    """One row as options without a meaning yet; with a problem it lacks what is wrong.

    A row that is not sound has no cells that could be trusted to stand in their own columns.
    """

    place: Place
    mapping: Mapping
    problems: tuple[Problem, ...]
    is_sound: bool = True


@dataclass(frozen=True)
class Table:
    """A list: its headings, what staff should know about the file, and how its rows are read."""

    file: str
    header: Header
    notes: tuple[Problem, ...]
    body: Callable[[], Iterator[Row]]
    rules: CellRules = NO_RULES
    is_delimited: bool = False

    def rows(self) -> Iterator[Row]:
        """Every row below the headings, blank ones too. Raises HandoutError."""
        top = self.header.row
        return (row for row in self.body() if row.number > top)

    def record(self, row: Row) -> Record:
        """A row with its cells under their keys; what is wrong with it is told without a value."""
        place = Place(self.file, row.line, 0, row.number)
        problems = Problems()
        wrong = self.fault_of(row)
        if wrong:
            return Record(place, Mapping((), place), (Problem(place, *wrong, private=True),), is_sound=False)
        entries: list[tuple[Scalar, Value]] = []
        if "" in row.cell_faults:
            problems.add(place, *row.cell_faults[""], private=True)
        for index, key in self.header.columns:
            where = Place(self.file, row.line, index + 1, row.number, key)
            raw = row.cells[index] if index < len(row.cells) else ""
            if key in row.cell_faults:
                problems.add(where, *row.cell_faults[key], private=True)
                entries.append((Scalar(key, where), Scalar("", where)))
                continue
            if value := read_cell(raw, key, where, problems, self.rules):
                entries.append((Scalar(key, where), value))
        entries += self._defaults(place, {key.text for key, _ in entries})
        return Record(place, Mapping(tuple(entries), place), tuple(problems))

    def _defaults(self, place: Place, given: Container[str]) -> Iterator[tuple[Scalar, Value]]:
        """What the recipe says where the row says nothing."""
        for key, text in self.rules.defaults.items():
            if key not in given:
                column = next((index + 1 for index, name in self.header.columns if name == key), 0)
                where = replace(place, column=column, heading=key)
                yield Scalar(key, where), Scalar(text, where)

    def code_of(self, row: Row) -> str:
        """A person's code as codes are compared."""
        code = self.header.code
        if code >= len(row.cells) or self.fault_of(row):
            return ""
        return fold_code(row.cells[code])

    def fault_of(self, row: Row) -> Sentence | None:
        """Why the cells of a row cannot be trusted to stand in their own columns, or None."""
        cells, header = row.cells, self.header
        if row.fault:
            return row.fault
        if len(cells) > len(header.headings) and any(map(str.strip, cells[len(header.headings) :])):
            return faults.COMMA_TOO_MANY if self.is_delimited else faults.NO_HEADING
        if any(cells[gap].strip() for gap in header.gaps if gap < len(cells)):
            return faults.NO_HEADING
        if header.code < len(cells) and is_heading(cells[header.code], header.headings[header.code]):
            return faults.HEADINGS_AGAIN
        return None


def fold_code(code: str) -> str:
    """Fold a code for comparison: two that look alike are one file on some system."""
    return unicodedata.normalize("NFKC", code[: LONGEST_CODE * 2]).casefold().strip()


def find_header(rows: Iterable[Row], file: str, problems: Problems, rules: HeadingRules = OURS) -> Header:
    """The headings: the first row that is not blank. Raises HandoutError with what is wrong."""
    present = (row for row in rows if not row.is_blank)
    first = next(present, None)
    if first is None:
        raise refuse(Place(file), *faults.EMPTY, private=True)
    place = Place(file, first.line, 0, first.number)
    if first.fault:
        raise HandoutError([Problem(place, *first.fault, private=True)])
    if controls := list(islice(control_faults(first.cells, place), MOST_ABOVE)):
        raise HandoutError(controls)
    if not rules.is_header(first.cells):
        below = next((row.number for row in islice(present, MOST_ABOVE - 1) if rules.is_header(row.cells)), None)
        raise refuse(place, *missing_header(first.cells, place, below), private=True)
    header = read_header(first.cells, place, problems, rules)
    problems.raise_if_errors()
    return header
