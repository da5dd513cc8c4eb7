"""A recipe: how the lists of one program are read. Headings, formats and words of a clinic, and nobody's data.

A recipe cannot say what is not so: that tablets are injections, that 2 days are 4 weeks, or that a
date of birth is the day of a dose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from press.content.raw import Mapping as Tree
from press.content.raw import Scalar, Value
from press.content.schema import Context, Kind, Record, Reject, choice, fields_of, key, list_of, read_whole, scalar
from press.content.yaml.reader import read, read_file
from press.errors import refuse
from press.patients.cells import DATED, CellRules, plain_value
from press.patients.date_order import ORDERS
from press.patients.encoding import ENCODINGS
from press.patients.headings import KNOWN, OURS, HeadingRules, fold
from press.patients.options import KEYS, Options
from press.patients.vocabulary import fold_word, meaning_of
from press.records import dataclass, replace

T = TypeVar("T")
DEFAULTS = ("form", "reason", "interval", "language", "edition", "paper", "handouts")
WORDED = (*DEFAULTS, "late_confirmed", "stopped", "naloxone_given")
_MAY_BE_LEFT_OUT = frozenset({"name", "prescriber", "edition", "paper", "handouts"})
_FIELDS = fields_of(Options)

_NUMBERS = {"4 weeks": {"4", "28"}, "month": {"1"}, "daily": {"1", "24"}, "2 days": {"2", "48"}, "3 days": {"3", "72"}}
_SPELLED = {
    "one": "1",
    "un": "1",
    "una": "1",
    "two": "2",
    "dos": "2",
    "three": "3",
    "tres": "3",
    "four": "4",
    "cuatro": "4",
}
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_WEEKS = re.compile(r"w|wks?|.*week.*|.*seman.*")
_MONTHS = re.compile(r"mo|mos|.*month.*|mes.*|.*mens.*|.*quarter.*|.*trim.*|.*year.*|yr|.*annual.*")
_DAYS = re.compile(r"d|day.*|d[ií]a.*|daily")


def _each(read_entry: Callable[[Scalar, Value, Context], tuple[str, T]]) -> Kind[Mapping[str, T]]:
    """Declare a mapping whose entries are read one by one, each refused at its own place."""

    def read(node: Value, name: str, context: Context) -> Mapping[str, T]:
        if not isinstance(node, Tree):
            raise Reject("a list of `key: value` lines")
        found: dict[str, T] = {}
        for label, value in node.entries:
            try:
                entry, meant = read_entry(label, value, context)
                if entry in found:
                    raise Reject("each key once; capitals and spaces make no difference")
                found[entry] = meant
            except Reject as error:
                context.reject(label.text, value, error)
        return MappingProxyType(found)

    return Kind(read, {"type": "object"})


def _read_heading(label: Scalar, value: Value, context: Context) -> tuple[str, str]:
    meant = choice(*KEYS).read(value, label.text, context)
    heading = fold(label.text)
    known = KNOWN.get(heading)
    if not heading:
        raise Reject("a heading with letters or figures")
    if known and known != meant and {known, meant} & DATED:
        raise Reject(f"`{known}`, which this heading says by itself")
    if meant in DATED and any(word in heading for word in ("birth", "dob", "nacimiento")):
        raise Reject("another option: a date of birth is none of these dates")
    return heading, meant


def _not_read(text: str) -> str:
    known = KNOWN.get(fold(text))
    if known and known not in _MAY_BE_LEFT_OUT:
        raise Reject("a column that can be left out", f"this one is `{known}`, which changes the pages")
    return fold(text)


def _read_default(label: Scalar, value: Value, context: Context) -> tuple[str, str]:
    option = choice(*DEFAULTS).read(label, label.text, context)
    return option, _read_text(option, value, context)


def _read_words(label: Scalar, value: Value, context: Context) -> tuple[str, Mapping[str, str]]:
    option = choice(*WORDED).read(label, label.text, context)

    def read_word(word: Scalar, meant: Value, context: Context) -> tuple[str, str]:
        text = _read_text(option, meant, context)
        _refuse_lie(option, word.text, text)
        return fold_word(word.text), text

    return option, _each(read_word).read(value, option, context)


def _read_text(option: str, value: Value, context: Context) -> str:
    """The text of an option's value; a list of handouts would be one elsewhere, and is refused as well."""
    if not isinstance(value, Scalar):
        raise Reject("one value", "write it on the same line; several handouts are named in each row, or after LIST")
    _FIELDS[option].metadata["kind"].read(value, option, context)
    return value.text


def _refuse_lie(option: str, word: str, meant: str) -> None:
    """Raise Reject for a word that means something else by itself."""
    known = plain_value(word, option) or meaning_of(option, word)
    if known and known != meant:
        raise Reject(f"`{known}`, which this word says by itself")
    if option == "interval" and not known and not _may_mean(word, meant):
        raise Reject("another word", "its number or unit is not that of this interval; ask the prescriber")


def _may_mean(word: str, interval: str) -> bool:
    """Whether no number and no unit in a word speaks against an interval."""
    tokens = [_SPELLED.get(token, token) for token in _TOKEN.findall(fold_word(word))]
    numbers = {token for token in tokens if token.isdigit()}
    if not numbers <= _NUMBERS[interval]:
        return False
    weeks, months, days = (any(map(unit.fullmatch, tokens)) for unit in (_WEEKS, _MONTHS, _DAYS))
    if interval == "4 weeks":
        return not months and weeks == ("4" in numbers) and not (days and "28" not in numbers)
    return not weeks and not (months if interval != "month" else days)


@dataclass(frozen=True, kw_only=True)
class Recipe(Record):
    """How a list is read; a plain list needs none."""

    headings: Mapping[str, str] = key(_each(_read_heading))
    not_read: tuple[str, ...] = key(list_of(scalar(_not_read)), ())
    encoding: str = key(choice(*ENCODINGS), "")
    dates: Mapping[str, str] = key(
        _each(lambda label, value, context: (
            choice(*sorted(DATED)).read(label, label.text, context), choice(*ORDERS).read(value, label.text, context),
        )),
        MappingProxyType({}),
    )  # fmt: skip
    defaults: Mapping[str, str] = key(_each(_read_default), MappingProxyType({}))
    words: Mapping[str, Mapping[str, str]] = key(_each(_read_words), MappingProxyType({}))

    @cached_property
    def cells(self) -> CellRules:
        """What of it changes how a cell is read."""
        return CellRules(self.words, self.dates, self.defaults, knows_words=bool(self.headings))

    @cached_property
    def rules(self) -> HeadingRules:
        """What of it changes how headings are read."""
        if not self.headings:
            return OURS
        left_out = frozenset(self.not_read)
        known = {**KNOWN, **self.headings}
        return HeadingRules({heading: known[heading] for heading in known.keys() - left_out}, left_out)

    def in_order(self, order: str) -> Recipe:
        """The same recipe with every column of dates in this order; "" for what the recipe says."""
        return replace(self, dates=dict.fromkeys(DATED, order)) if order else self


PLAIN = Recipe(headings=MappingProxyType({}))


def read_recipe(path: Path, shown: str) -> Recipe:
    """Read the file of a recipe. Raises HandoutError with all that is wrong in it, by line."""
    return _checked(read_file(path, shown))


def parse_recipe(text: str, shown: str) -> Recipe:
    """The same for a text that is not written yet."""
    return _checked(read(text.encode(), shown))


def _checked(tree: Tree) -> Recipe:
    recipe = read_whole(Recipe, tree)
    place, options = recipe.place_of("headings"), list(recipe.headings.values())
    if not options:
        raise refuse(place, "`headings`: there is none, so the recipe would fit every list")
    both = next((heading for heading in recipe.not_read if heading in recipe.headings), "")
    if both:
        raise refuse(recipe.place_of("not_read"), "`not_read`: one of these headings stands under `headings` as well")
    twice = next((option for option in options if options.count(option) > 1), "")
    if twice:
        raise refuse(place, f"`headings`: two headings are `{twice}`", "make a recipe for each kind of list")
    return recipe
