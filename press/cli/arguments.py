"""Read what was typed on the command line as options, days and rows.

Problems of a patient's option do not show its value, as for a patient's file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from press.content.characters import clean
from press.content.clinic import Clinic
from press.content.raw import Mapping as Tree
from press.content.raw import Scalar, Value
from press.content.sign_off import Wish
from press.content.yaml.reader import read_file
from press.delivery.destination import UsageError
from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.patients.options import Options, read_options
from press.treatment import BadDate, parse_date


def options_from(
    patient: Path | None, settings: Sequence[str], choices: Mapping[str, str | None], problems: Problems
) -> Options:
    """Read the options of the file, then of --set, then of the named switches; the later wins."""
    entries: dict[str, tuple[Scalar, Value]] = {}
    if patient is not None:
        with problems.gathering():
            entries |= {key.text: (key, value) for key, value in read_file(patient, patient.name, private=True).entries}
    for number, setting in enumerate(settings, 1):
        key, found, value = setting.partition("=")
        if not found:
            raise UsageError("--set needs KEY=VALUE, for example --set last_dose=2026-11-23")
        with problems.gathering():
            entries[key] = _entry(key, value, Place(f"--set {number}"))
    for key, typed in choices.items():
        if typed is not None:
            with problems.gathering():
                entries[key] = _entry(key, typed, Place(f"--{key}"))
    return read_options(Tree(tuple(entries.values()), Place(patient.name if patient else "options")), problems)


def _entry(key: str, value: str, place: Place) -> tuple[Scalar, Scalar]:
    return Scalar(key, place), Scalar(cleaned(value, place), place)


def cleaned(value: str, place: Place) -> str:
    """Normalize a text to NFC. Raises HandoutError for characters that a text may not hold."""
    text, faults = clean(value)
    if faults:
        raise HandoutError([Problem(place, str(fault), private=True) for fault in faults])
    return text


def day_from(text: str | None, option: str) -> date | None:
    """Read a date that was typed after an option, or None. Raises HandoutError."""
    if text is None:
        return None
    found = parse_date(text)
    if isinstance(found, BadDate):
        raise refuse(Place(option), "expected a date as YYYY-MM-DD", found.value)
    return found


def rows_from(text: str, numbers: Sequence[int]) -> list[int]:
    """Choose those of the `numbers` of a list's rows that `3-7,12` names.

    Raises UsageError, also where one of them holds nobody.
    """
    spans = []
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not re.fullmatch("[0-9]{1,7}", first) or (dash and not re.fullmatch("[0-9]{1,7}", last)):
            raise UsageError("--rows takes numbers and spans, such as 3-7,12")
        spans.append(range(int(first), int(last or first) + 1))
    if not all(any(number in span for number in numbers) for span in spans):
        there = f"this list has its people in rows {min(numbers)} to {max(numbers)}"
        raise UsageError(f"--rows names a row in which nobody stands; {there}")
    return [number for number in numbers if any(number in span for span in spans)]


def printer_from(typed: str, clinic: Clinic) -> tuple[str, Place]:
    """Choose the printer that was typed after --print, or else the clinic's, with the place that names it."""
    name = typed or clinic.printer
    return name, Place("--print") if typed or not name else clinic.place_of("printer")


def wish_from(typed: str | None) -> Wish:
    """Read what --final or --as-draft asks for; without them a page is as it may be."""
    return Wish(typed) if typed else Wish.AS_IT_MAY_BE
