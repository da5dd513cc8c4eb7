"""A clinic's list: one person a row, each with options or with the problems that refuse this person.

Nobody is held in memory: each pass reads the rows anew from the bytes that were read once.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from press.content.read_bytes import read_once
from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.patients import messages as faults
from press.patients.cells import DATED, NAMES
from press.patients.date_order import DateColumn
from press.patients.fast_rows import PlainRows
from press.patients.fhir.files import holds_export, is_export
from press.patients.headings import letter
from press.patients.options import Options, read_options
from press.patients.read_list import MOST_BYTES, read_table
from press.patients.recipe import PLAIN
from press.patients.recipes import NO_RECIPES, Recipes, choose_recipe
from press.patients.table import Record, Row, Table, fold_code
from press.records import dataclass, replace

if TYPE_CHECKING:
    from press.patients.fhir.settings import FhirSettings

_KINDS = ("language", "edition", "form", "reason")  # options that decide most of a page, the first most of all
_MOST_NAMED = 5  # other rows with the same code; more are not kept


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `options` is None where a problem refuses this person.

    `partial` is all that could be read, to find what else is wrong; printed without dates only, and where
    nothing but dates is wrong. None where the cells may not stand in their own columns.
    """

    row: int
    place: Place
    options: Options | None
    partial: Options | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class PatientList:
    """A list that can be read; iterate it as often as needed.

    `notes` are warnings about the file: columns that are not read, letters, sheets, hidden rows. `how` is all
    besides the file that decides what is read: recipe, order of dates, encoding; nothing for a plain list.
    """

    file: str
    sha256: str
    notes: tuple[Problem, ...]
    numbers: Sequence[int]
    blank_rows: int
    how: str
    _table: Table
    _twins: Mapping[str, Mapping[int, int]]

    @property
    def is_of_records(self) -> bool:
        """Whether it was read from electronic records, where nobody knows the codes by heart."""
        return not self._table.header.row

    @property
    def people(self) -> int:
        """How many rows hold somebody; `numbers` are the numbers of these rows."""
        return len(self.numbers)

    @property
    def columns(self) -> tuple[tuple[int, str], ...]:
        """Each column that is read, as its index from 0 and the option it holds."""
        return self._table.header.columns

    @property
    def ignored(self) -> tuple[str, ...]:
        """The columns that are not read, in words for the screen."""
        return self._table.header.ignored

    def __iter__(self) -> Iterator[Entry]:
        return map(self.entry, self.rows())

    def rows(self) -> Iterator[Row]:
        """The rows that hold somebody, not yet read: for whoever wants some of the people only."""
        return (row for row in self._table.rows() if not row.is_blank)

    def kind_of(self, row: Row) -> tuple[str, ...]:
        """What decides most of a row's pages, as it stands in its cells: whose is the same shares most of the work."""
        return tuple([row.cells[index] if index < len(row.cells) else "" for index in self._kinds])

    @cached_property
    def _kinds(self) -> tuple[int, ...]:
        indices = {key: index for index, key in self.columns}
        return tuple(indices[key] for key in _KINDS if key in indices)

    def rows_of(self, codes: Sequence[str]) -> list[list[Row]]:
        """The rows with each of these codes, in one pass; capitals make no difference, and "" is nobody's code."""
        found: dict[str, list[Row]] = {fold_code(code): [] for code in codes}
        for row in self.rows():
            code = self._table.code_of(row)
            if code and code in found:
                found[code].append(row)
        return [found[fold_code(code)] for code in codes]

    def records(self, code: str) -> list[Record]:
        """The rows with a code as options without a meaning yet, for who adds to them."""
        [rows] = self.rows_of([code])
        return [self._table.record(row) for row in rows]

    def entry(self, row: Row) -> Entry:
        """One of the rows, read. The short way serves a row of which nothing is to be told, with the same result."""
        options = self._plain.options(row)
        if options is None or not options.code or (self._twins and self._table.code_of(row) in self._twins):
            return self._told(row)
        return Entry(row.number, options.place, options, options, ())

    @cached_property
    def _plain(self) -> PlainRows:
        return PlainRows(self._table)

    def _told(self, row: Row) -> Entry:
        record = self._table.record(row)
        problems = Problems()
        problems.extend(record.problems)
        options = read_options(record.mapping, problems)
        if problems.errors and self._table.is_delimited and is_moved(self._table, row, problems.errors):
            record, problems = replace(record, is_sound=False), Problems()
            problems.add(record.place, *faults.COMMA_TOO_MANY, private=True)
        if record.is_sound:
            self._check_code(row, record, problems)
        partial = options if record.is_sound else None
        return Entry(row.number, record.place, None if problems.errors else options, partial, tuple(problems))

    def _check_code(self, row: Row, record: Record, problems: Problems) -> None:
        """Each person has a code, and nobody else on the list has the same."""
        code = self._table.code_of(row)
        if not code and "code" not in row.cell_faults:
            hint = "each person on a list needs one: it names the files and stands in the records"
            problems.add(record.place, "this person has no code", hint, private=True)
        others = {number: cells for number, cells in self._twins.get(code, {}).items() if number != row.number}
        if others:
            equal = sorted(number for number, cells in others.items() if cells == hash(row.cells))
            problems.add(record.place, *_twin_words(equal, sorted(others)), private=True)


def is_moved(table: Table, row: Row, errors: int) -> bool:
    """Whether a comma in a name without quotes moved the cells: put together again, fewer than `errors` are wrong."""
    for index, key in table.header.columns:
        left, right, *rest = (*row.cells[index:], "", "")
        if key in NAMES and left.strip() and any(map(str.isalpha, right)):
            again = row._replace(cells=(*row.cells[:index], f"{left},{right}", *rest))
            if not table.fault_of(again) and count_errors(table, again) < errors:
                return True
    return False


def count_errors(table: Table, row: Row) -> int:
    """How many cells of a row are wrong."""
    record, found = table.record(row), Problems()
    found.extend(record.problems)
    read_options(record.mapping, found)
    return found.errors


def _twin_words(equal: list[int], others: list[int]) -> tuple[str, str]:
    if equal:
        return f"{_rows(equal)} the same as this row, cell for cell", "remove one of them"
    return (
        f"`code`: {_rows(others, 'has', 'have')} the same code",
        "a code is one person's; capitals make no difference",
    )


def _rows(numbers: list[int], one: str = "is", more: str = "are") -> str:
    shown = ", ".join(map(str, numbers[:_MOST_NAMED])) + (" and more" if len(numbers) > _MOST_NAMED else "")
    return f"row {shown} {one}" if len(numbers) == 1 else f"rows {shown} {more}"


@dataclass(frozen=True)
class Reading:
    """How staff say that a list is to be read.

    `order` is that of all its dates (a key of `ORDERS`), `recipe` the name of one of the `recipes`; without a name
    the one whose headings stand in the list is taken. `fhir` says how records are read, and is asked only for them.
    """

    order: str = ""
    recipe: str = ""
    recipes: Recipes = NO_RECIPES
    fhir: Callable[[], FhirSettings] | None = None


def read_list(path: Path, shown: str, encoding: str = "", reading: Reading = Reading()) -> PatientList:
    """Read a list once, and find its columns and double codes; its people are read later.

    `shown` is the name of the file as problems show it, `encoding` how a CSV that does not say so
    itself is written. Raises HandoutError if nobody can be read.
    """
    if is_export(path):
        return _read_records(path, shown, encoding, reading)
    data = read_once(path, shown, MOST_BYTES, private=True)
    return parse_list(data, shown, encoding, reading)


def parse_list(data: bytes, shown: str, encoding: str = "", reading: Reading = Reading()) -> PatientList:
    """The same for bytes that were read already."""
    if holds_export(BytesIO(data)):
        return _read_records(data, shown, encoding, reading)
    chosen = choose_recipe(reading.recipes, reading.recipe, data, shown)
    recipe = chosen.recipe.in_order(reading.order)
    try:
        table = read_table(data, shown, encoding, recipe)
    except HandoutError as error:
        raise HandoutError([*error.problems, *chosen.near]) from None
    how = "" if recipe == PLAIN and not encoding else repr((recipe, encoding))
    return _people_of(table, hashlib.sha256(data).hexdigest(), (*chosen.notes, *table.notes), how)


def _read_records(source: Path | bytes, shown: str, encoding: str, reading: Reading) -> PatientList:
    """People from records of an electronic system (FHIR), which say themselves how they are written."""
    from press.patients.fhir.export import read_export

    if encoding or reading.order or reading.recipe:
        raise refuse(Place(shown), *faults.NO_SWITCHES_FOR_RECORDS, private=True)
    if reading.fhir is None:
        raise refuse(Place(shown), *faults.NO_RECORDS, private=True)
    settings = reading.fhir()
    export = read_export(source, shown, settings)
    how = repr((settings.rules, settings.zone.key, settings.day))
    return _people_of(export.table, export.sha256, export.table.notes, how)


def _people_of(table: Table, sha256: str, notes: tuple[Problem, ...], how: str) -> PatientList:
    dates = date_columns(table)
    numbers, blank, codes = _count(table, dates)
    if not numbers:
        raise refuse(Place(table.file), *faults.NO_PEOPLE, private=True)
    refuse_open_dates(table, dates)
    return PatientList(table.file, sha256, notes, numbers, blank, how, table, _twins(table, codes))


def date_columns(table: Table) -> list[DateColumn]:
    """The columns of dates, to be read row by row."""
    orders = table.rules.orders
    return [DateColumn(index, key, orders.get(key, "")) for index, key in table.header.columns if key in DATED]


def date_problems(table: Table, columns: Iterable[DateColumn]) -> Iterator[Problem]:
    """What is wrong with whole columns of dates."""
    top = table.header.row
    for column in columns:
        place = Place(table.file, top, column.index + 1, top, letter(column.index))
        yield from (Problem(place, *fault, private=True) for fault in column.faults())


def refuse_open_dates(table: Table, columns: Iterable[DateColumn]) -> None:
    """Raise HandoutError for columns of dates of which nobody said the order, or that are in no one order."""
    if found := list(date_problems(table, columns)):
        raise HandoutError(found)


def _count(table: Table, dates: Sequence[DateColumn]) -> tuple[Sequence[int], int, frozenset[str]]:
    """The numbers of the rows that hold somebody, how many are blank, and the codes that stand there twice."""
    seen: set[str] = set()
    twice: set[str] = set()
    numbers, blank = array("L"), 0
    for row in table.rows():
        if row.is_blank:
            blank += 1
            continue
        numbers.append(row.number)
        for column in dates:
            column.add(row.cells, row.number)
        code = table.code_of(row)
        (twice if code in seen else seen).add(code)
    return numbers, blank, frozenset(twice - {""})


def _twins(table: Table, codes: frozenset[str]) -> Mapping[str, Mapping[int, int]]:
    """For each of these codes its first rows, each with a short form of its cells."""
    found: dict[str, dict[int, int]] = {code: {} for code in codes}
    for row in table.rows() if codes else ():
        code = table.code_of(row)
        if code in found and len(found[code]) <= _MOST_NAMED + 1:
            found[code][row.number] = hash(row.cells)
    return MappingProxyType(found)
