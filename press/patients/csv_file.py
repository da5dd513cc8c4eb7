"""Reads CSV as spreadsheets really write it (RFC 4180, more or less) into rows with places.

A quote that is missing would swallow people: such a row is refused, and reading goes on in the
very next line of the file. The delimiter is the one under which the headings are known words.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from press.errors import HandoutError, Place, Problem, Problems, Rows, Sentence, Severity, refuse
from press.patients import messages as faults
from press.patients.encoding import LOST, EncodedText, find_text
from press.patients.headings import OURS, HeadingRules, key_or_letter
from press.patients.recipe import PLAIN, Recipe
from press.patients.table import MOST_ABOVE, Row, Table, find_header

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES = 30  # of one row: longer notes are rare, and a lost quote goes on to the end
MOST_CHARACTERS = 100_000  # of one row
MOST_FAULTS = 1_000
MOST_COLUMNS = 20  # with lost letters that are named

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*\Z', re.IGNORECASE)
_FAULTS = {"unexpected end": faults.OPEN_QUOTE, "expected after": faults.STRAY_QUOTE}
_RUNS = (re.compile(r"[0-9]+"), re.compile(r"[^\W\d_]+"))


def read_delimited(data: bytes, file: str, encoding: str = "", recipe: Recipe = PLAIN) -> Table:
    """The table in the bytes of a file, whose letters and headings may be written as somebody says.

    Raises HandoutError where its top makes no sense, or a byte of it is no letter.
    """
    text = find_text(data, file, encoding)
    if not text.is_sound:
        raise HandoutError(_lost_letters(text.lenient, file))
    rows, top = _choose_delimiter(text, file, recipe.rules)
    problems = Problems()
    header = find_header(top, file, problems, recipe.rules)
    if text.is_named and not data.isascii():
        problems.add(Place(file), *faults.read_as(text.name), severity=Severity.WARNING, private=True)
    return Table(
        file,
        header,
        tuple(problems),
        partial(rows, code=header.code, width=header.width),
        recipe.cells,
        is_delimited=True,
    )


def top_of_csv(data: bytes, file: str, encoding: str = "") -> list[Row]:
    """The rows at the top of a file, read leniently, to look for headings. Raises HandoutError."""
    return _choose_delimiter(find_text(data, file, encoding).lenient, file, OURS)[1]


def _choose_delimiter(
    text: EncodedText, file: str, rules: HeadingRules
) -> tuple[Callable[..., Iterator[Row]], list[Row]]:
    """What reads the rows, by the sign that is named or makes the likeliest headings, and the rows at the top."""
    with text.opened() as stream:
        named = _SEPARATOR_LINE.match(stream.readline(20))
    skipped = 1 if named else 0  # spreadsheets neither show this line nor count it
    delimiters = (named[1],) if named else DELIMITERS
    rows = {sign: partial(_rows, text, file, sign, skipped) for sign in delimiters}
    tops = {sign: list(islice(read(), MOST_ABOVE)) for sign, read in rows.items()}
    best = max(delimiters, key=lambda sign: max((_likeness(row, rules) for row in tops[sign]), default=(0, 0)))
    return rows[best], tops[best]


def _lost_letters(text: EncodedText, file: str) -> list[Problem]:
    """A problem for each column with bytes that are no letters, naming all its rows; never empty."""
    rows, top = _choose_delimiter(text, file, OURS)
    headings = next((row.cells for row in top if not row.is_blank), ())
    first: dict[int, Place] = {}
    every: dict[int, Rows] = {}
    for row in rows():
        for index in _lost_columns(row):
            heading = key_or_letter(headings[index] if 0 <= index < len(headings) else "", index)
            first.setdefault(index, Place(file, row.line, index + 1, row.number, heading))
            every[index] = every.get(index, Rows()).and_row(row.number)
    sentence = faults.lost_letters(text.name)
    found = [Problem(first[index], *sentence, private=True, rows=every[index]) for index in islice(first, MOST_COLUMNS)]
    if len(first) > MOST_COLUMNS:
        found.append(Problem(Place(file), f"{len(first) - MOST_COLUMNS:,} more columns hold such bytes", private=True))
    return found or [Problem(Place(file), *sentence, private=True)]


def _lost_columns(row: Row) -> Iterator[int]:
    """The indices of the cells that hold such bytes; -1 for a row that could not be parsed."""
    lost = [index for index, cell in enumerate(row.cells) if LOST in cell]
    return iter([-1] if row.fault and lost else lost)


def _likeness(row: Row, rules: HeadingRules) -> tuple[int, int]:
    return rules.count_known(row.cells), len(row.cells)


class _TooLong(Exception):
    """One row takes more lines or characters than a row can have."""


class _Lines:
    """The lines of a file for the parser; those that a broken row took are given back."""

    def __init__(self, stream: Iterator[str], number: int) -> None:
        self._stream, self._again = stream, deque[str]()
        self.taken: list[str] = []
        self.number = number

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._stream)
        self.taken.append(line)
        if len(self.taken) > MOST_LINES or sum(map(len, self.taken)) > MOST_CHARACTERS:
            raise _TooLong
        return line

    def plain(self) -> str | None:
        """The next line, if it is a row of its own beyond doubt.

        There is no quote in it, nor what the parser is strict about.
        """
        line = self._again.popleft() if self._again else next(self._stream, None)
        if line is None:
            return None
        if '"' in line or "\0" in line or len(line) > MOST_CHARACTERS:
            self._again.appendleft(line)
            return None
        self.taken.append(line)
        return line

    def begin(self) -> None:
        """The next row begins with the line that comes."""
        self.number += len(self.taken)
        self.taken = []

    def give_back(self) -> None:
        """All but the first line of the row are read anew."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _rows(text: EncodedText, file: str, delimiter: str, skipped: int, code: int = -1, width: int = 0) -> Iterator[Row]:
    """Every row of the file, blank ones too. Raises HandoutError when too many cannot be read.

    `code` is the index of the column with the codes, `width` the number of headings, once they are known.
    """
    with text.opened() as stream:
        lines = _Lines(islice(stream, skipped, None), skipped + 1)
        parser, number, broken = csv.reader(lines, delimiter=delimiter, strict=True), 0, 0
        while True:
            lines.begin()
            cells, fault = _parse(parser, lines, delimiter, code)
            if cells is None and not lines.taken:
                return
            number += 1
            if fault:
                cells = lines.taken[0].split(delimiter) if text.is_lenient and lines.taken else None
                lines.give_back()
                parser, broken = csv.reader(lines, delimiter=delimiter, strict=True), broken + 1
            if broken > MOST_FAULTS:
                raise refuse(Place(file), *faults.TOO_MANY_FAULTS, private=True)
            row = Row(number, lines.number, tuple(cells or ()), fault)
            is_cut = len(row.cells) < width and not lines.taken[-1].endswith(("\n", "\r"))
            yield row._replace(fault=faults.CUT_OFF) if is_cut and not fault and not row.is_blank else row


def _parse(
    parser: Iterator[list[str]], lines: _Lines, delimiter: str, code: int
) -> tuple[list[str] | None, Sentence | None]:
    """The cells of the next row, or why it cannot be read. The parser's words quote it, and are dropped."""
    line = lines.plain()
    if line is not None:
        text = line.rstrip("\r\n")
        return text.split(delimiter) if text else [], None
    try:
        cells = next(parser)
    except StopIteration:
        return None, None
    except _TooLong:
        return None, faults.TOO_LONG_ROW
    except csv.Error as error:
        known = (fault for words, fault in _FAULTS.items() if words in str(error))
        return None, next(known, faults.UNREADABLE_ROW)
    return cells, _quote_fault(cells, lines.taken, delimiter, code)


def _quote_fault(cells: Sequence[str], lines: Sequence[str], delimiter: str, code: int) -> Sentence | None:
    """What is wrong with the quotes of a row that the parser took."""
    if sum(line.count('"') for line in lines) % 2:
        return faults.STRAY_QUOTE
    if any(cell[0].isspace() and cell.lstrip().startswith('"') for cell in cells if cell):
        return faults.SPACE_BEFORE_QUOTE
    if len(lines) > 1 and 0 <= code < len(cells) and _swallows(cells, delimiter, code):
        return faults.SWALLOWED
    return None


def _swallows(cells: Sequence[str], delimiter: str, code: int) -> bool:
    """Whether a line inside a text looks like another row: it has a code like the one of this row."""
    wanted = _shape(cells[code].partition("\n")[0])
    least = 1 if "9" in wanted else 2  # without a digit any word is like a code
    inner = [line for cell in cells for line in cell.splitlines()[1:] if line.count(delimiter) >= least]
    return any(wanted == _shape(part) for line in inner for part in line.split(delimiter))


def _shape(text: str) -> str:
    """K-0417 and K-1 have one shape."""
    digits, letters = _RUNS
    return letters.sub("A", digits.sub("9", text.strip().strip('"')))
