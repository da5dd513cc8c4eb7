"""Learn how a program writes its lists: a recipe is made of one list, and of what staff answer.

Whatever has one meaning is taken, and everything else is asked, all at once. Nothing of a person
gets into a recipe: headings, the order of dates, and words that stand in `vocabulary`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import field
from itertools import islice

from press.content.raw import Scalar
from press.content.schema import Context, Reject, fields_of
from press.errors import HandoutError, Place, Problem, Problems, Rows, Severity, did_you_mean, refuse
from press.patients import messages as faults
from press.patients.cells import LISTS, read_cell
from press.patients.headings import CODES, KNOWN, HeadingRules, control_faults, fold, letter, near, shown_name
from press.patients.options import KEYS, Options
from press.patients.patient_list import count_errors, date_columns, date_problems, is_moved
from press.patients.read_list import read_table, read_tops
from press.patients.recipe import DEFAULTS, WORDED, Recipe
from press.patients.table import Row, Table
from press.patients.vocabulary import fold_word, meaning_of
from press.records import dataclass

NOTHING = "-"  # what staff answer for a column that is not to be read
_FIELDS = fields_of(Options)
_MOST_CONTROLS = 20  # headings with control characters that are named
_STEM = re.compile("[^a-z]+")


@dataclass(frozen=True)
class Answers:
    """What staff say of a list: `columns` from letter to option or `NOTHING`, the `order` of its dates, `defaults`.

    `words` are those that a recipe before it knew, by option.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of a list that staff may be asked about: its letter, and its heading unless that looks like data.

    `option` is what the heading means, or may mean where it is not `is_sure`; "" for nothing of ours.
    """

    letter: str
    heading: str
    option: str
    is_sure: bool


@dataclass(frozen=True)
class Learned:
    """The text of a recipe, the columns that it reads and leaves out in words, and what staff should look at."""

    text: str
    read: tuple[str, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Questions:
    """What must be answered before there is a recipe, and the likely answers as switches; staff decide on them."""

    problems: tuple[Problem, ...]
    switches: tuple[str, ...]


def name_for(stem: str) -> str:
    """A name for the recipe of a file: its letters, since figures are mostly a day."""
    return _STEM.sub("-", stem.lower()).strip("-")[:40] or "list"


def learn(data: bytes, file: str, answers: Answers) -> Learned | Questions:
    """Make a recipe of the bytes of a list, or ask all that is open. Raises HandoutError for what is no list."""
    problems = Problems()
    _check_answers(answers, problems)
    heads = _Headings(_header(data, file, answers.encoding), file, answers, problems)
    recipe = Recipe(headings=heads.taken, not_read=heads.not_read, encoding=answers.encoding)
    if "code" not in heads.taken.values():  # without codes no row can be read
        return _asked(problems, heads.switches)
    likely: list[str] = []
    with problems.gathering():
        cells = _Cells(read_table(data, file, answers.encoding, recipe.in_order(answers.order)), answers.words)
        cells.read()
        problems.extend(cells.table.notes)
        problems.extend(date_problems(cells.table, cells.dates))
        problems.extend(_default_questions(cells, answers))
        problems.extend(cells.unknown_words())
        likely = _likely_order(cells)
    if problems.errors:
        return _asked(problems, [*heads.switches, *likely])
    text = _written(heads, cells, answers)
    return Learned(text, tuple(heads.shown_read), tuple(heads.shown_left_out), tuple(problems))


def _asked(problems: Problems, switches: list[str]) -> Questions:
    return Questions(tuple(problems), tuple(switches))


def _check_answers(answers: Answers, problems: Problems) -> None:
    for column, option in answers.columns.items():
        if option not in (*KEYS, NOTHING):
            hint = did_you_mean(option, KEYS) or "known: " + ", ".join(KEYS)
            problems.add(Place(f"--column {column}"), "there is no such option", hint)
    for option, value in answers.defaults.items():
        place = Place("--default")
        if option not in DEFAULTS:
            problems.add(place, "there is no such default", "known: " + ", ".join(DEFAULTS))
            continue
        try:
            _FIELDS[option].metadata["kind"].read(Scalar(value, place), option, Context(problems))
        except Reject as error:
            Context(problems).reject(option, Scalar(value, place), error)
    problems.raise_if_errors()


def _header(data: bytes, file: str, encoding: str, fallback: str = "", known: Container[str] = frozenset()) -> Row:
    """The row of headings: the first that is not blank, and holds at least two that mean something, or are `known`."""
    tops = read_tops(data, file, encoding, fallback)
    firsts = [row for top in tops for row in islice((row for row in top if not row.is_blank), 1)]
    if not firsts:
        raise refuse(Place(file), *faults.EMPTY, private=True)
    for first in firsts:
        if sum(bool(fold(cell) in known or KNOWN.get(fold(cell)) or near(fold(cell))) for cell in first.cells) > 1:
            if controls := list(islice(control_faults(first.cells, _place_of(first, file)), _MOST_CONTROLS)):
                raise HandoutError(controls)
            return first
    hint = "a recipe is made of headings; delete what stands above them"
    raise refuse(_place_of(firsts[0], file), faults.NO_HEADINGS, hint, private=True)


def columns_of(data: bytes, file: str, recipe: Recipe) -> tuple[Column, ...]:
    """Name the columns of a list that have a heading, and what each may hold; `recipe` is what is known of it.

    Raises HandoutError for what is no list, or has no headings in its first row.
    """
    row, rules = _header(data, file, "", recipe.encoding, recipe.headings), recipe.rules
    found = ((index, cell, fold(cell)) for index, cell in enumerate(row.cells))
    return tuple(
        Column(letter(index), shown_name(cell), *_meaning(heading, rules)) for index, cell, heading in found if heading
    )


def _meaning(heading: str, rules: HeadingRules) -> tuple[str, bool]:
    known = rules.known.get(heading, "")
    return known or ("" if heading in rules.left_out else near(heading) or ""), bool(known) or not near(heading)


def _place_of(row: Row, file: str) -> Place:
    return Place(file, row.line, 0, row.number)


class _Headings:
    """The headings of a list: what is known of them, what staff said, and what must be asked."""

    def __init__(self, row: Row, file: str, answers: Answers, problems: Problems) -> None:
        self._row, self._file, self._problems = row, file, problems
        self._folded = tuple(fold(cell) for cell in row.cells)
        self._said = dict(answers.columns)
        self._given = {KNOWN[heading] for heading in self._folded if heading in KNOWN} | set(self._said.values())
        self.taken: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self._left_out: dict[str, str] = {}
        self.shown_read: list[str] = []
        self.shown_left_out: list[str] = []
        self.switches: list[str] = []
        for index, heading in enumerate(self._folded):
            if heading:
                self._take(index, heading)
        if self._said:
            problems.add(
                Place(f"--column {next(iter(self._said))}"), "the list has no heading in this column", private=True
            )
        if "code" not in self.taken.values():
            self._ask_code()

    @property
    def not_read(self) -> tuple[str, ...]:
        """The folded headings of the columns that are not read."""
        return tuple(self._left_out)

    @property
    def left_out(self) -> list[str]:
        """The headings of these columns as they stand in the list."""
        return [label for label in self._left_out.values() if label]

    def _take(self, index: int, heading: str) -> None:
        name = letter(index)
        said = self._said.pop(name, "")
        meant = said or KNOWN.get(heading, "")
        label = shown_name(self._row.cells[index])
        if not meant and (guess := near(heading)) and guess not in self._given:
            self._ask(index, label, guess)
            meant = guess  # to look at its cells in the same round; nothing is written while this is open
        if not meant or meant == NOTHING:
            self._left_out[heading] = label
            self.shown_left_out.append(label or f"column {name}")
            return
        if self._folded.count(heading) > 1:  # a recipe knows columns by their headings alone
            message = f"`{meant}`: another column has the same heading"
            self._problems.add(self._place(index), message, "rename one of the two in the list", private=True)
        if heading in self.taken or meant in self.taken.values():
            self._problems.add(
                self._place(index), f"`{meant}`: {faults.TWICE.message}", self._switch(name, NOTHING), private=True
            )
            return
        if not label:
            self._problems.add(self._place(index), "this heading looks like a person's data", "rename it", private=True)
        self.taken[heading], self.labels[heading] = meant, label
        self.shown_read.append(f"{meant} ({label})" if fold(label) != fold(meant) else meant)

    def _ask(self, index: int, label: str, guess: str) -> None:
        name = letter(index)
        shown = f"the heading {label}" if label else "this heading"
        hint = f"{self._switch(name, guess)}, or {self._switch(name, NOTHING)} if it is something else"
        self._problems.add(self._place(index), f"is {shown} the `{guess}` of a person?", hint, private=True)
        self.switches.append(f"--column {name}={guess}")

    def _ask_code(self) -> None:
        """Ask for the column of the codes; one that may be it is read meanwhile, to ask all at once."""
        maybe = [index for index, heading in enumerate(self._folded) if heading in CODES]
        name = letter(maybe[0]) if maybe else "LETTER"
        hint = f"{self._switch(name, 'code')}, if that may stand in names of files and in the print queue"
        place = _place_of(self._row, self._file)
        self._problems.add(place, "which column holds your own code for each person, never a name?", hint, private=True)
        self.switches.append(f"--column {name}=code")
        free = (heading for heading in self._left_out if self._folded.count(heading) == 1)
        for heading in [*(self._folded[index] for index in maybe), *free][:1]:
            self.taken[heading] = "code"
            self._left_out.pop(heading, None)

    def _switch(self, name: str, option: str) -> str:
        return f"`--column {name}={option}`"

    def _place(self, index: int) -> Place:
        return Place(self._file, self._row.line, index + 1, self._row.number, letter(index))


class _Cells:
    """The cells of a list, read once: the orders of its dates, the words of its options, and what is empty."""

    def __init__(self, table: Table, words: Mapping[str, Mapping[str, str]]) -> None:
        self.table = table
        self.dates = date_columns(table)
        self.keys = {key for _, key in table.header.columns}
        self.words = {key: dict(meanings) for key, meanings in words.items() if key in self.keys}
        self.empty: dict[str, Rows] = {}
        self._unknown: dict[str, Rows] = {}
        self._moved = Rows()

    def read(self) -> None:
        """Read every row. Raises HandoutError."""
        columns = self.table.header.columns
        for row in self.table.rows():
            if row.is_blank or self.table.fault_of(row):
                continue
            for column in self.dates:
                column.add(row.cells, row.number)
            cells = (("".join(row.cells[index : index + 1]), key) for index, key in columns if key in WORDED)
            unknown = [key for cell, key in cells if not self._is_known(cell, key, row.number)]
            if unknown and self.table.is_delimited and is_moved(self.table, row, count_errors(self.table, row)):
                self._moved, unknown = self._moved.and_row(row.number), []
            for key in unknown:
                self._unknown[key] = self._unknown.get(key, Rows()).and_row(row.number)

    def _is_known(self, cell: str, key: str, row: int) -> bool:
        """Whether the word in a cell has a meaning; one that is not the option's own is kept with it."""
        found = Problems()
        value = read_cell(cell, key, Place(""), found)
        if value is None:
            self.empty[key] = self.empty.get(key, Rows()).and_row(row)
            return True
        try:
            _FIELDS[key].metadata["kind"].read(value, key, Context(found, private=True))
        except Reject:
            if meant := self.words.get(key, {}).get(fold_word(cell)) or meaning_of(key, cell):
                self.words.setdefault(key, {})[fold_word(cell)] = meant
            return bool(meant)
        return not (key in LISTS and found.errors)

    def unknown_words(self) -> Iterator[Problem]:
        """The cells whose words nobody knows: they may be a slip, or a word for the recipe."""
        if self._moved.count:
            first = self._moved.ranges[0][0]
            place = Place(self.table.file, first, 0, first)
            yield Problem(place, *faults.COMMA_TOO_MANY, Severity.WARNING, private=True, rows=self._moved)
        for key, rows in self._unknown.items():
            message = f"`{key}`: a word here has no meaning that is known"
            hint = f"correct it; or say under `words: {key}:` in the recipe what it means"
            if key == "interval":
                hint = "ask the prescriber which interval is meant, and correct it"
            place = Place(self.table.file, rows.ranges[0][0], 0, rows.ranges[0][0], key)
            yield Problem(place, message, hint, Severity.WARNING, private=True, rows=rows)


def _likely_order(cells: _Cells) -> list[str]:
    """The switch for the one order in which all open columns are, if there is one."""
    fitting = {column.fitting for column in cells.dates if column.is_open}
    only = fitting.pop() if len(fitting) == 1 else ()
    return [f"--dates {only[0]}"] if len(only) == 1 else []


def _default_questions(cells: _Cells, answers: Answers) -> Iterator[Problem]:
    """Ask what no column says and no list guesses; of a cell that is empty its row is told."""
    needed = ("form", "reason", *(("interval",) if "last_dose" in cells.keys else ()))
    for option in (name for name in needed if name not in answers.defaults):
        place = Place(cells.table.file, cells.table.header.row, 0, cells.table.header.row)
        values = "|".join(_FIELDS[option].metadata["kind"].schema["enum"])
        switch = f'`--default "{option}={values}"`' if " " in values else f"`--default {option}={values}`"
        if option not in cells.keys:
            message = f"no column says the `{option}`, and it is not guessed"
            yield Problem(place, message, f"is it the same for everybody on such lists? {switch}", private=True)
        elif option in cells.empty and option != "interval":
            rows, message = cells.empty[option], f"`{option}`: nothing is said here"
            yield Problem(place, message, f"fill it in, or {switch}", Severity.WARNING, private=True, rows=rows)


def _written(heads: _Headings, cells: _Cells, answers: Answers) -> str:
    """The recipe as YAML; every text in quotes, so that none can mean anything else."""
    lines = ["# How these lists are read. Headings, formats and words alone: nothing of a person belongs here."]
    lines += [
        "headings:",
        *(f"  {json.dumps(heads.labels[heading], ensure_ascii=False)}: {key}" for heading, key in heads.taken.items()),
    ]
    if heads.left_out:
        lines.append(f"not_read: [{', '.join(json.dumps(label, ensure_ascii=False) for label in heads.left_out)}]")
    if answers.encoding:
        lines.append(f"encoding: {answers.encoding}")
    dated = [column for column in cells.dates if column.shaped and answers.order]
    if dated:
        lines += ["dates:", *(f"  {column.key}: {answers.order}" for column in dated)]
    if answers.defaults:
        lines += ["defaults:", *(f"  {key}: {value}" for key, value in answers.defaults.items())]
    if cells.words:
        lines.append("words:")
    for key, words in cells.words.items():
        lines += [
            f"  {key}:",
            *(f"    {json.dumps(word, ensure_ascii=False)}: {meant}" for word, meant in words.items()),
        ]
    return "\n".join(lines) + "\n"
