"""Read what was typed on the command line as options, days and rows.

Problems of a patient's option do not show its value, as for a patient's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from press.content.approvals import Wish
from press.content.clinic import Clinic
from press.content.raw import Mapping as Tree
from press.content.raw import Scalar, Value
from press.content.typed_text import cleaned
from press.content.yaml.reader import read_file
from press.delivery.destination import UsageError
from press.errors import Place, Problems, refuse
from press.patients.options import KEYS, Options, read_options
from press.treatment import BadDate, parse_date

_AHEAD = timedelta(days=14)  # our choice: a list of later days is a slip more often than not

if TYPE_CHECKING:  # most commands read no list
    from press.patients.patient_list import PatientList
    from press.patients.table import Record
    from press.runs.handout import Site


def options_from(
    patient: Path | None,
    settings: Sequence[str],
    choices: Mapping[str, str | None],
    problems: Problems,
    row: Record | None = None,
) -> Options:
    """Read the options of the row or the file, then of --set, then of the named switches; the later wins."""
    switches = [(key, typed, Place(f"--{key}")) for key, typed in choices.items() if typed is not None]
    said = [*_settings(settings, problems), *switches]
    entries: dict[str, tuple[Scalar, Value]] = {}
    if row is not None:
        later = {key for key, _, _ in said}
        problems.extend(problem for problem in row.problems if problem.place.heading not in later)
        entries |= {key.text: (key, value) for key, value in row.mapping.entries}
    if patient is not None:
        with problems.gathering():
            read = read_file(patient, patient.name, private=True, keys=KEYS)
            entries |= {key.text: (key, value) for key, value in read.entries}
    for key, typed, place in said:
        with problems.gathering():
            entries[key] = Scalar(key, place), Scalar(cleaned(typed, place, _field(key)), place)
    place = row.place if row else Place(patient.name if patient else "options")
    return read_options(Tree(tuple(entries.values()), place), problems)


def _settings(settings: Sequence[str], problems: Problems) -> Iterator[tuple[str, str, Place]]:
    """Take each KEY=VALUE apart; a key that comes twice would hide one of two dates, and is refused."""
    numbers: dict[str, int] = {}
    for number, setting in enumerate(settings, 1):
        key, found, value = setting.partition("=")
        if not found:
            raise UsageError("--set needs KEY=VALUE, for example --set last_dose=2026-11-23")
        place = Place(f"--set {number}")
        if key in numbers:
            message = f"{_field(key)}given twice; first in --set {numbers[key]}"
            problems.add(place, message, "leave one of the two out", private=True)
        numbers.setdefault(key, number)
        yield key, value, place


def _field(key: str) -> str:
    """How a message about an option begins; an unknown key may be anything, and is not shown."""
    return f"`{key}`: " if key in KEYS else ""


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


def numbers_of_codes(text: str, people: PatientList) -> list[int]:
    """The numbers of the rows with the codes that `R-108,R-109` names, in the order of the list.

    Raises UsageError, also where nobody has one of them; it is not repeated.
    """
    codes = [code.strip() for code in text.split(",")]
    found = people.rows_of(codes)
    missing = next((place for place, rows in enumerate(found, 1) if not rows), 0)
    if missing:
        which = f"; it is number {missing} after --code" if len(codes) > 1 else ""
        raise UsageError(f"nobody on this list has this code{which}")
    return sorted({row.number for rows in found for row in rows})


def printer_from(typed: str, clinic: Clinic) -> tuple[str, Place]:
    """Choose the printer that was typed after --print, or else the clinic's, with the place that names it."""
    name = typed or clinic.printer
    return name, Place("--print") if typed or not name else clinic.place_of("printer")


def wish_from(typed: str | None) -> Wish:
    """Read what --final or --as-draft asks for; without them a page is as it may be."""
    return Wish(typed) if typed else Wish.AS_IT_MAY_BE


def people_from(
    site: Site, day: date, path: Path, encoding: str | None, order: str | None = None, recipe: str | None = None
) -> PatientList:
    """Read a list as --encoding, --dates and --recipe say, or a recipe of the site; records as they are on a day.

    Raises UsageError for an unknown name, and HandoutError.
    """
    from press.patients.patient_list import Reading, read_list
    from press.patients.recipes import read_recipes
    from press.runs.record_settings import record_settings

    reading = Reading(order or "", recipe or "", read_recipes(site.root), lambda: record_settings(site, day))
    return read_list(path, path.name, encoding_from(encoding), reading)


def encoding_from(typed: str | None) -> str:
    """Read the name that was typed after --encoding. Raises UsageError for an unknown one."""
    from press.patients.encoding import ENCODINGS, near_encoding

    name = (typed or "").lower()
    if typed is not None and name not in ENCODINGS:
        raise UsageError(f"--encoding does not know this name; {near_encoding(name)}")
    return name


def coming_day(text: str, today: date) -> date:
    """Read the day of a list: `tomorrow`, or a date of the next two weeks. Raises HandoutError, and UsageError."""
    day = today + timedelta(days=1) if text == "tomorrow" else day_from(text, "--day")
    if day is None or not today <= day <= today + _AHEAD:
        raise UsageError("--day takes `tomorrow`, or a day from today to two weeks ahead")
    return day
