"""The kinds of field that a clinic, a handout or a patient has: one converter each.

A converter takes the text as it was typed and gives a value or a `Reject`, whose sentence
holds nothing of what was typed.
"""

from __future__ import annotations

import re
from datetime import date, time

from press.content.schema import Kind, Reject, choice, list_of, scalar
from press.delivery.filenames import check_code
from press.records import dataclass
from press.treatment import BadDate, Interval, Mode, parse_date

NAME_LIMIT = 400  # characters; longer is a field that swallowed its neighbours
LINE_LIMIT = 300
TEXT_LIMIT = 2000
FORMS = ("injection", "tablet")
REASONS = ("opioid", "alcohol", "both")
EDITIONS = ("standard", "large-print")
PAPERS = ("letter", "a4")
MODES = tuple(mode.value for mode in Mode)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
INTERVALS = tuple(interval.value for interval in Interval)

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
_FACT = re.compile(r"[A-Z]{1,4}-?[0-9]{1,3}\Z")
_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\Z", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z")
_FAKE_PHONE = re.compile(r"555\D{0,2}01[0-9]{2}\Z")
_PHONE = re.compile(r"[0-9A-Z()+.,/ \-]{3,60}\Z")


@dataclass(frozen=True, slots=True)
class Appointment:
    """A day, and a time of day if staff typed one. Never computed."""

    day: date
    time: time | None = None


def _matching(pattern: re.Pattern[str], expected: str, hint: str = "") -> Kind[str]:
    def convert(text: str) -> str:
        if not pattern.match(text):
            raise Reject(expected, hint)
        return text

    return scalar(convert, {"pattern": "^" + pattern.pattern.replace(r"\Z", "$")})


def is_version(text: str) -> bool:
    """Whether a text is a version such as 1.10.0."""
    return bool(_VERSION.match(text))


def _one_line(text: str, limit: int, what: str) -> str:
    if "\n" in text or "\t" in text:
        raise Reject(f"{what} on one line")
    if len(text) > limit:
        raise Reject(f"at most {limit} characters", f"this one has {len(text)}")
    return text


def _line(limit: int, what: str) -> Kind[str]:
    return scalar(lambda text: _one_line(text, limit, what), {"maxLength": limit})


def _date(text: str) -> date:
    found = parse_date(text)
    if isinstance(found, BadDate):
        raise Reject("a date as YYYY-MM-DD", found.value)
    return found


def _appointment(text: str) -> Appointment:
    day, _, clock = text.partition(" ")
    if clock and not _TIME.match(clock):
        raise Reject("a date, or a date and a time as YYYY-MM-DD HH:MM", "write the time from 00:00 to 23:59")
    return Appointment(_date(day), time.fromisoformat(clock) if clock else None)


def _name(text: str) -> str:
    found = _one_line(text, NAME_LIMIT, "a name")
    if not any(character.isalpha() for character in found):
        raise Reject("a name with at least one letter")
    return found


def _code(text: str) -> str:
    fault = check_code(text)
    if fault:
        raise Reject("the clinic's own code for this person, never a name", fault)
    return text


def _phone(text: str) -> str:
    if _FAKE_PHONE.search(text):
        raise Reject("a real phone number", "555-01xx numbers are made up; leave it empty for a line to write on")
    if not _PHONE.match(text) or sum(c.isdigit() for c in text) < 3:
        raise Reject("a phone number, such as (212) 736-5000")
    return text


def _whole(low: int, high: int) -> Kind[int]:
    def convert(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or not low <= int(text) <= high:
            raise Reject(f"a whole number from {low} to {high}")
        return int(text)

    return scalar(convert, {"pattern": "^[0-9]{1,6}$", "minimum": low, "maximum": high})


def _flag(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Reject("yes or no")
    return text == "yes"


def _interval(text: str) -> str:
    """Take an interval as the prescriber's order has it; the nearest word may be another dose and is never named."""
    if text in INTERVALS:
        return text
    same = same_interval(text)
    hint = f"write `{same}`" if same else "ask the prescriber which of these is meant"
    raise Reject("one of " + ", ".join(INTERVALS), hint)


def same_interval(text: str) -> str:
    """The interval that a text means exactly in other words, as 28 days are 4 weeks; nothing if there is a doubt."""
    said = _EVERY.sub("", " ".join(text.lower().replace("-", " ").split()))
    return _SAME_INTERVAL.get(said, "")


def _reason(text: str) -> str:
    found = _one_line(text, LINE_LIMIT, "a reason")
    if not any(character.isalpha() for character in found):
        raise Reject("the reason, in words")
    return found


def _alt(text: str) -> str:
    found = _one_line(text, LINE_LIMIT, "words")
    if not any(character.isalpha() for character in found):
        raise Reject("what the picture shows, in words")
    return found


_EVERY = re.compile(r"^(?:once )?(?:every |each |per |a |q ?)|^once (?=monthly|daily)")
# Words that mean exactly one of the intervals, after "every".
_SAME_INTERVAL = {
    **dict.fromkeys(
        ("4 weeks", "4weeks", "4 wks", "4w", "four weeks", "4 week", "28 days", "28d", "28 day"), "4 weeks"
    ),
    **dict.fromkeys(("month", "monthly", "1 month", "one month"), "month"),
    **dict.fromkeys(("day", "daily", "1 day", "one day"), "daily"),
    **dict.fromkeys(("2 days", "2days", "2 day", "two days", "second day", "other day", "48 hours"), "2 days"),
    **dict.fromkeys(("3 days", "3days", "3 day", "three days", "third day", "72 hours"), "3 days"),
}

line = _line(LINE_LIMIT, "text")
reason_given = scalar(_reason, {"maxLength": LINE_LIMIT})
alt = scalar(_alt, {"maxLength": LINE_LIMIT})
text = _line(TEXT_LIMIT, "text")
words = scalar(str, {"maxLength": TEXT_LIMIT})
name = scalar(_name)
code = scalar(_code, {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"})
date_ = scalar(_date, {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
appointment = scalar(_appointment, {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$"})
phone = scalar(_phone)
flag = scalar(_flag, {"enum": ["yes", "no"]})
version = _matching(_VERSION, "a version such as 1.0.0")
month = _matching(_MONTH, "a month as YYYY-MM")
identifier = _matching(_ID, "an id of small letters, digits and hyphens, such as way-1")
placeholder = _matching(_KEY, "a name of small letters, digits and _, such as last_dose")
fact = _matching(_FACT, "a fact id such as O1 or SE-03")
language = _matching(_LANGUAGE, "a language code such as en or es")
form = choice(*FORMS)
reason = choice(*REASONS)
edition = choice(*EDITIONS)
paper = choice(*PAPERS)
mode = choice(*MODES)
interval = scalar(_interval, {"enum": list(INTERVALS)})
weekday = choice(*WEEKDAYS)
forms = list_of(form)
reasons = list_of(reason)
modes = list_of(mode)
facts = list_of(fact)
whole = _whole
