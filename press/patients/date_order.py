"""The order of day, month and year in a column of dates: staff say it, and it is never guessed.

Each cell is tried in every order. A column of which one cell can only be another order is refused as a
whole, since nobody knows then how the others are meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import date

from press.errors import Rows, Sentence
from press.records import dataclass

ORDERS = {"mdy": "month/day/year", "dmy": "day/month/year", "ymd": "year/month/day"}
_SHAPE = re.compile(r"([0-9]{1,4})([/.-])([0-9]{1,2})\2([0-9]{1,4})(?=\Z|[ T])")
_SIGNS = frozenset("/.-")  # behind one figure, or two
_SLASHES = frozenset("/.")  # behind a year; YYYY-MM-DD needs no order
_CENTURY = 2000  # of a year of two figures: courses of today
_FEW = 2  # cells that make a question of the column; one alone is a slip in its row


def to_iso(text: str, order: str) -> str:
    """The same text with its date as YYYY-MM-DD; unchanged where it is no date in this order."""
    match = _SHAPE.match(text)
    day = _day(match, order) if match else None
    return day.isoformat() + text[match.end() :] if match and day else text


def _day(match: re.Match[str], order: str) -> date | None:
    parts = dict(zip(order, (match[1], match[3], match[4]), strict=True))
    if len(parts["y"]) not in (2, 4) or max(len(parts["m"]), len(parts["d"])) > 2:
        return None
    year = int(parts["y"]) + (_CENTURY if len(parts["y"]) == 2 else 0)
    try:
        return date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def possible_orders(text: str) -> tuple[str, ...]:
    """Every order in which a text is a date; none for YYYY-MM-DD, which needs no order."""
    match = _SHAPE.match(text)
    if not match or (len(match[1]) == 4 and match[2] == "-"):
        return ()
    return tuple(order for order in ORDERS if _day(match, order))


@dataclass
class DateColumn:
    """One column of dates, read cell by cell; `order` is what staff said of it, if they did."""

    index: int
    key: str
    order: str = ""
    filled: int = 0
    shaped: int = 0
    alone: Counter[str] = field(default_factory=Counter)  # by order: cells that can be nothing else
    against: dict[str, Rows] = field(default_factory=dict)  # by order: rows that are dates, but not in it

    def add(self, cells: Sequence[str], row: int) -> None:
        """Look at the cell of one row; most are YYYY-MM-DD and need no more than a look at their signs."""
        cell = cells[self.index] if self.index < len(cells) else ""
        if not cell:
            return
        self.filled += 1
        if cell[:1] == " ":
            cell = cell.strip()
        if cell[1:2] in _SIGNS or cell[2:3] in _SIGNS or cell[4:5] in _SLASHES:
            self._add_shaped(possible_orders(cell), row)

    def _add_shaped(self, possible: tuple[str, ...], row: int) -> None:
        if not possible:
            return  # told with its row, like any other text that is no date
        self.shaped += 1
        if len(possible) == 1:
            self.alone[possible[0]] += 1
        for order in ORDERS:
            if order not in possible:
                self.against[order] = self.against.get(order, Rows()).and_row(row)

    @property
    def fitting(self) -> tuple[str, ...]:
        """The orders that no cell speaks against."""
        return tuple(order for order in ORDERS if order not in self.against)

    @property
    def is_open(self) -> bool:
        """Whether staff must say the order: most cells need one, and it was not said."""
        return not self.order and self.shaped >= _FEW and 2 * self.shaped > self.filled

    def faults(self) -> Iterator[Sentence]:
        """What is wrong with the column as a whole, with the way out; no value is shown."""
        if self.order in self.against:
            yield _clash(self.key, self.order, self.against[self.order], self.fitting)
        elif self.is_open:
            yield self._question()

    def _question(self) -> Sentence:
        fits = self.fitting
        if not fits:
            best = min(ORDERS, key=lambda order: self.against[order].count)
            return _clash(self.key, best, self.against[best], ())
        names = " or ".join(ORDERS[order] for order in fits)
        switches = " or ".join(f"`--dates {order}`" for order in fits)
        if len(fits) > 1:
            message = f"`{self.key}`: this column can be {names}; its {self.shaped} dates do not say which"
            return Sentence(message, f"ask whoever made the list, then say it: {switches}")
        count = f"{self.alone[fits[0]]} of {self.shaped} dates can be nothing else"
        return Sentence(
            f"`{self.key}`: this column reads as {names}; {count}",
            f"if that is right, say {switches}; `lists learn` with it saves it for the next list",
        )


def _clash(key: str, order: str, rows: Rows, fitting: tuple[str, ...]) -> Sentence:
    fits = "".join(f"; `--dates {other}` would fit all of them" for other in fitting)
    return Sentence(
        f"`{key}`: this column is not {ORDERS[order]} throughout: {rows.named} can only be in another order",
        f"nobody knows how the others are meant: ask whoever made the list, and correct it{fits}",
    )
