"""One cell of a list as a text with its place, and what spreadsheets do to values.

The converters of `fields` give a text its meaning, as for every door. Here stands only what they
cannot know: that `45234` was a date, and `#N/A` a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from press.content import fields
from press.content.characters import clean
from press.content.raw import Scalar, Sequence, Value
from press.content.schema import fields_of
from press.content.yaml.messages import CHARACTER_HINT
from press.errors import Place, Problems, Sentence, Severity
from press.patients import messages as faults
from press.patients.date_order import to_iso
from press.patients.options import Options
from press.patients.vocabulary import fold_word, meaning_of
from press.records import dataclass

_KINDS = {name: spec.metadata["kind"] for name, spec in fields_of(Options).items()}
DATES = frozenset(name for name, kind in _KINDS.items() if kind is fields.date_)
MOMENTS = frozenset(name for name, kind in _KINDS.items() if kind is fields.appointment)
DATED = DATES | MOMENTS
NAMES = frozenset(name for name, kind in _KINDS.items() if kind is fields.name)
LISTS = frozenset(name for name, kind in _KINDS.items() if "anyOf" in kind.schema)

# Spreadsheets begin a cell with a capital by themselves, and write `yes` as TRUE.
_CHOICES: dict[str, dict[str, str]] = {
    name: {word.casefold(): word for word in kind.schema["enum"]}
    for name, kind in _KINDS.items()
    if "enum" in kind.schema
}
_TRUTH = {"true": "yes", "false": "no"}

_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BUSY!|GETTING_DATA)\Z|Err:[0-9]{3}\Z"
)
_HASHES = re.compile(r"#{3,}\Z")
_SHORTENED = re.compile(r"-?[0-9]([.,][0-9]+)?E\+[0-9]{1,3}\Z", re.IGNORECASE)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic"
# What a spreadsheet shows where a code was typed: 1-Mar, Mar-26, and a date cell as it is read.
_DATE_FOR_CODE = re.compile(
    rf"[0-9]{{1,2}}-(?i:{_MONTH})(-[0-9]{{2,4}})?\Z|(?i:{_MONTH})-[0-9]{{2}}\Z"
    r"|[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}\Z|[0-9]{1,2}/[0-9]{1,2}(/[0-9]{2,4})?\Z"
)
_LIKE_DATE_OR_NUMBER = re.compile(
    rf"(?:{_MONTH})-?[0-9]{{1,4}}\Z|[0-9]{{1,2}}-?(?:{_MONTH})\Z|[0-9]+E[0-9]{{1,3}}\Z", re.IGNORECASE
)
_DAY_NUMBER = re.compile(r"[0-9]{5}([.,][0-9]+)?\Z")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2})(:00(\.0+)?)?\Z")
_HALF_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) +(0?[1-9]|1[0-2]):([0-5][0-9])(?::00)? ?([aApP])\.?[mM]\.?\Z")
_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}")
_PARTS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class CellRules:
    """What a recipe says of cells, by option: what words mean, the order of dates, what an empty cell means.

    With `knows_words` the words of the vocabulary are read as well.
    """

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    knows_words: bool = False

    def applied(self, text: str, key: str) -> str:
        """The value as the press writes it, where a recipe says what it means."""
        if key in self.orders:
            return to_iso(text, self.orders[key])
        if not self.knows_words:
            return text
        return self.words.get(key, {}).get(fold_word(text)) or meaning_of(key, text) or text


NO_RULES = CellRules()


def plain_value(text: str, key: str) -> str:
    """The value of an option of fixed words that a text is by itself, or nothing."""
    folded = fold_word(text)
    return _CHOICES.get(key, {}).get(_TRUTH.get(folded, folded), "")


def undo(text: str, key: str) -> str:
    """The value as a person would type it, where a spreadsheet changed its looks and nothing else.

    A cell that is formatted with a time of day shows midnight when only a day was typed.
    """
    if key in _CHOICES:
        folded = text.casefold()
        known = _CHOICES[key]
        return known.get(_TRUTH.get(folded, folded), text)
    if key not in DATED:
        return text
    if match := _MOMENT.match(text):
        return match[1] if match[2] == "00:00" else f"{match[1]} {match[2]}"
    if match := _HALF_DAY.match(text):
        clock = f"{int(match[2]) % 12 + 12 * (match[4] in 'pP'):02}:{match[3]}"
        return match[1] if clock == "00:00" else f"{match[1]} {clock}"
    return text


def slip(text: str, key: str) -> Sentence | None:
    """What a spreadsheet did to the value of a field, or None."""
    if _ERROR.match(text):
        return faults.ERROR_CELL
    if _HASHES.match(text):
        return faults.NARROW
    if _SHORTENED.match(text):
        return faults.SHORTENED
    if key == "code" and _DATE_FOR_CODE.match(text) and not text.isupper():  # no spreadsheet writes 1-MAR
        return faults.DATE_FOR_CODE
    if key in DATED and _DAY_NUMBER.match(text):
        return faults.DAY_NUMBER
    if key in DATES and _CLOCK.match(text):
        return faults.CLOCK
    return None


def _doubt(text: str, key: str) -> Sentence | None:
    """What a spreadsheet may have done to the value of a field, or may do when it saves the list again."""
    if key in NAMES and "?" in text:
        return faults.LOST_LETTER
    return faults.LIKE_DATE_OR_NUMBER if key == "code" and _LIKE_DATE_OR_NUMBER.match(text) else None


def read_cell(raw: str, key: str, place: Place, problems: Problems, rules: CellRules = NO_RULES) -> Value | None:
    """The text of a cell in NFC, without spaces around it; a list of texts where the field is one.

    `rules` are those of a recipe. None for an empty cell; an empty text for one with a problem, whose place is known.
    """
    text, found = clean(raw.replace("\r\n", "\n").replace("\r", "\n").strip(), newlines=True)
    if not text:
        return None
    text = undo(rules.applied(text, key), key)
    wrong = slip(text, key)
    if wrong:
        problems.add(place, f"`{key}`: {wrong.message}", wrong.hint, private=True)
    for fault in found:
        problems.add(place, f"`{key}`: {fault} is not allowed", CHARACTER_HINT, private=True)
    if wrong or found:
        return Scalar("", place)
    if doubt := _doubt(text, key):
        problems.add(place, f"`{key}`: {doubt.message}", doubt.hint, severity=Severity.WARNING, private=True)
    if key in LISTS:
        parts = (rules.applied(part, key) for part in _PARTS.split(text) if part)
        return Sequence(tuple(Scalar(part, place) for part in parts), place)
    return Scalar(text, place)
