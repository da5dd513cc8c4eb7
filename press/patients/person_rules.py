"""What a clinic asks of one person's options as a whole: a code that tells nobody who it is; in lists, nothing guessed.

A code stands in the names of files, in the print queue and in the ledger (45 CFR 164.514(c): not made from a
name, a date of birth or a number that others know).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from press.content.clinic import Clinic
from press.errors import Place, Problem, Sentence
from press.patients.options import Options
from press.records import replace

_SAY_IT = "fill it in; if it is the same for all such lists, `lists learn` with --default remembers it"
_WAY_OUT = "number people, as in K-0417; or, if your codes are like this, write `codes: any` in config.yaml"
_LOOKS = frozenset({"code", "language", "edition", "paper", "handouts"})  # options that say nothing of a person
_ALONE = Sentence(
    "`code`: nothing else of this person was typed, so the pages have no dates, and are not entered as given",
    "`make --code CODE` takes the rest from the list of the last run, `batch LIST --code CODE` from a list; "
    "--no-ledger prints these pages as they are",
)
_ID_WORDS = frozenset({"case", "chart", "client", "clinic", "code", "patient", "person", "site", "test"})
_WORD = "[A-Za-z]{4,}"  # our choice: fewer letters are mostly a prefix
_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z"
_SSN = r"(?<![0-9])[0-9]{3}(?P<sign>[-._]?)[0-9]{2}(?P=sign)[0-9]{4}(?![0-9])"
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_SHORT = "(?:0?[1-9]|[12][0-9]|3[01])"
# With signs between its parts a year may have two figures; six figures alone are a plain number more often.
_DATE = (
    rf"(?<![0-9])(?:{_YEAR}(?P<a>[-._]?){_MONTH}(?P=a){_DAY}|{_MONTH}{_DAY}{_YEAR}|{_DAY}{_MONTH}{_YEAR}"
    rf"|{_SHORT}(?P<b>[-._]){_SHORT}(?P=b)(?:{_YEAR}|[0-9]{{2}}))(?![0-9])"
)


def check_code(options: Options, clinic: Clinic) -> Iterator[Problem]:
    """Refuse a code that may be a name, a Social Security number or a date; its value is not shown."""
    likeness = "" if clinic.codes == "any" else _likeness(options.code)
    if likeness:
        message = f"`code`: {likeness}; expected the clinic's own code for this person, never a name"
        yield Problem(options.place_of("code"), message, _WAY_OUT, private=True)


def check_given(options: Options, needed: tuple[str, ...] = ("form", "reason")) -> Iterator[Problem]:
    """Refuse somebody on a list for what nobody said of this person: the clinic's defaults are no answer.

    An interval is needed where a dose is counted from.
    """
    counted = ("interval",) if options.last_dose and not options.stopped else ()
    for name in (*needed, *counted):
        if name not in options.places:
            message = f"`{name}`: nothing is said here, and in a list it is not guessed"
            yield Problem(place_in_row(options, name), message, _SAY_IT, private=True)


def place_in_row(options: Options, name: str) -> Place:
    """The place of an option that was typed, or the one where it is missing."""
    return options.places.get(name) or replace(options.place, heading=name)


def check_alone(options: Options) -> Iterator[Problem]:
    """Refuse a code without anything about its person: the ledger would say that dates were given."""
    if options.code and _LOOKS.issuperset(options.places):
        yield Problem(options.place_of("code"), _ALONE.message, _ALONE.hint, private=True)


def _likeness(code: str) -> str:
    """What a code may be in truth, or nothing."""
    if not code or re.match(_UUID, code):
        return ""
    if not any(sign.isdigit() for sign in code):
        return "it has no digit, so it may be a name"
    if re.search(_SSN, code):
        return "it has the shape of a Social Security number"
    if re.search(_DATE, code):
        return "it has the shape of a date, such as a date of birth"
    if any(word.lower() not in _ID_WORDS for word in re.findall(_WORD, code)):
        return "it has four letters or more in a row, so it may be a name"
    return ""
