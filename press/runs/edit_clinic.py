"""Read and save what config.yaml says about the clinic, as a form has it: the same checks, comments kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from press.content.yaml.editor import NewValue
from press.content.yaml.editor import Path as Keys
from press.errors import HandoutError, Problem, Problems
from press.records import dataclass
from press.runs.edit_file import FileEdit, errors_of, read_bytes, read_values, save_edit
from press.runs.handout import Site, lay_out_one, make
from press.runs.sweep import check_files
from press.runs.variants import draft_and_final, make_readers

FILE = "config.yaml"
FIELDS: dict[str, Keys] = {
    "name": ("name",),
    "address": ("address",),
    "phone": ("phone",),
    "after_hours_phone": ("after_hours_phone",),
    "time_zone": ("time_zone",),
    "weekdays": ("closed", "weekdays"),
    "holidays": ("closed", "dates"),
    "print": ("dates", "print"),
    "upcoming": ("dates", "upcoming"),
    "language": ("defaults", "language"),
    "edition": ("defaults", "edition"),
    "paper": ("defaults", "paper"),
    "form": ("defaults", "form"),
    "reason": ("defaults", "reason"),
    "tablets_while_drinking": ("tablets_while_drinking",),
    "codes": ("codes",),
    "printer": ("printer",),
    "staff_language": ("staff_language",),
}
"""The fields of the form, and the keys of config.yaml that they stand for."""

LISTS = frozenset({"address", "weekdays", "holidays", "print"})
SIGNED = frozenset({"print", "upcoming", "tablets_while_drinking"})  # a signature covers them: changed, it is void
_KEY = re.compile(r"`(\w+)`")


@dataclass(frozen=True)
class ClinicForm:
    """What config.yaml says now, by field, and what is wrong with the file."""

    values: Mapping[str, NewValue]
    problems: tuple[Problem, ...] = ()


def read_form(site: Site) -> ClinicForm:
    """Read the fields, also of a file that is not right yet. Raises HandoutError if it cannot be read at all."""
    found = read_values(read_bytes(site.root, FILE), FILE, FIELDS.values())
    problems, usual = Problems(), dict[str, NewValue]()
    with problems.gathering():
        usual = {name: _usual(site, keys) for name, keys in FIELDS.items()}
    empty = {name: () if name in LISTS else "" for name in FIELDS}
    values = {name: found.get(keys, usual.get(name, empty[name])) for name, keys in FIELDS.items()}
    return ClinicForm({name: _as_field(name, value) for name, value in values.items()}, tuple(problems))


def _usual(site: Site, keys: Keys) -> NewValue:
    """What holds for a key, written or not."""
    value: object = site.clinic
    for key in keys:
        value = getattr(value, key)
    if isinstance(value, tuple):
        return tuple(str(item) for item in value)  # a day is written as YYYY-MM-DD
    return str(value)


def _as_field(name: str, value: NewValue) -> NewValue:
    """Give a list where the form has one, also of a single value without brackets."""
    if name in LISTS and isinstance(value, str):
        return (value,) if value else ()
    return value


def save_form(site: Site, typed: Mapping[str, NewValue], shown: Mapping[str, NewValue], today: date) -> bool:
    """Save the fields that differ from what was shown; tells whether any does.

    A page of each handout must still hold with them. Raises HandoutError with what is wrong, and with the code
    `CHANGED` for a field that somebody else changed meanwhile.
    """
    changed = {name: _cleaned(value) for name, value in typed.items()}
    changed = {name: value for name, value in changed.items() if value != _cleaned(shown[name])}
    is_now = read_form(site).values
    before = read_values(read_bytes(site.root, FILE), FILE, FIELDS.values())
    values = {FIELDS[name]: value for name, value in changed.items()}
    known = {  # an absent key was shown as its default, and is nothing in the file
        FIELDS[name]: before.get(FIELDS[name], "") if _cleaned(is_now[name]) == _cleaned(shown[name]) else shown[name]
        for name in changed
    }

    def check(new: Site) -> None:
        _check(new, site, today)

    return save_edit(site, FileEdit(FILE, values, known), check)


def _cleaned(value: NewValue) -> NewValue:
    """Drop the white space around what was typed, and lines without anything."""
    if isinstance(value, str):
        return value.strip()
    return tuple(line.strip() for line in value if line.strip())


def _check(new: Site, old: Site, today: date) -> None:
    """Refuse what config.yaml must not say, and pages that would not hold with it. Raises HandoutError."""
    new.clinic  # noqa: B018 - read for its problems, before anything that needs it
    errors = [problem for problem in errors_of(new, lambda site: _of_pages(site, today)) if problem.is_error]
    if errors:
        known = {(one.place.file, one.message) for one in errors_of(old, lambda site: _of_pages(site, today))}
        if fresh := [one for one in errors if one.place.file == FILE or (one.place.file, one.message) not in known]:
            raise HandoutError(fresh)


def _of_pages(site: Site, today: date) -> Iterable[Problem]:
    """What is wrong with the files, and with one page of each handout, whose letterhead must leave it room."""
    yield from check_files(site, ())
    problems, language = Problems(), site.clinic.defaults.language
    sign = draft_and_final(today)[0]
    for topic in (topic for topic in site.library.topics if language in site.library.languages(topic)):
        with problems.gathering():
            made = make(site, topic, next(make_readers(site.clinic, language, today)), today, sign=sign)
            lay_out_one(site, made)
    yield from problems


def field_of(problem: Problem) -> str:
    """Name the field at which a problem stands; nothing if it stands at none."""
    found = _KEY.search(problem.message)
    name = found[1] if found else ""
    same = {"dates": "holidays"}.get(name, name)
    return same if same in FIELDS and problem.place.file == FILE else ""
