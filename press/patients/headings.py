"""Which column of a list is which option of a patient, by its heading.

A heading is taken by an exact list, after folding. What is only near a known one is refused, since
a column that is dropped may hold the one date that matters. All else is named and ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from press.content.characters import describe
from press.errors import Place, Problem, Problems, Severity
from press.patients import messages as faults
from press.patients.options import KEYS
from press.records import dataclass

# What staff write above these columns. "Injection date" is not here: it may be the day to come.
ALIASES = {
    "code": ("patient code", "client code"),
    "name": ("patient", "patient name", "client name", "full name"),
    "language": ("patient language", "preferred language"),
    "started": ("start date", "date started", "treatment started", "started on"),
    "last_dose": (
        "last dose date", "date of last dose", "last dose given", "last injection", "last injection date",
        "date of last injection", "last shot", "date of last shot",
    ),
    "interval": ("dose interval", "dosing interval"),
    "appointment": (
        "next appointment", "appointment date", "appt", "next appt", "appt date", "next appt date",
        "next appointment date",
    ),
    "stopped": ("treatment stopped",),
    "prescriber": ("prescribed by",),
}  # fmt: skip

# What may be meant by one of ours: refused unless the list has that column, too.
UNSURE = {
    "last_dose": (
        "injection date", "date of injection", "injection", "shot", "shot date", "dose date", "dose", "date", "given",
        "date given", "given on", "last given",
    ),
    "stopped": (
        "stop", "stop date", "date stopped", "stopped on", "end date", "ended", "treatment ended", "discontinued",
        "status",
    ),
    "form": ("medication", "medicine", "drug", "product", "formulation", "route", "med", "type", "dosage form"),
    "reason": ("diagnosis", "indication", "dx", "condition", "treatment for", "treated for"),
    "interval": (
        "schedule", "every", "how often", "freq", "dosing schedule",
    ),
    "language": (
        "lang", "preferred lang", "idioma", "lengua",
    ),
    "appointment": (
        "visit date", "visit", "appointment time", "appt time", "appt date/time",
    ),
    "naloxone_given": ("narcan", "narcan given"),
}  # fmt: skip

# Wherever these stand in a heading, it is about one of ours: "Interval (days)", "Last dose in mg".
_TELLING = {
    "lastdose": "last_dose", "lastinj": "last_dose", "lastshot": "last_dose", "lastvivitrol": "last_dose",
    "interval": "interval", "frequency": "interval", "stopped": "stopped", "naloxone": "naloxone_given",
    "language": "language", "preflang": "language", "nextapp": "appointment", "nextvisit": "appointment",
    "medicat": "form", "diagnos": "reason",
}  # fmt: skip

# An identifier that may do as a code; staff decide, for a code stands in the names of files.
_MAYBE_CODES = (
    "id", "patient id", "client id", "chart", "chart no", "chart number", "chart id", "mrn", "record number",
    "record no", "number", "no", "patient number", "patient no", "client number", "client no", "case", "case number",
    "case no", "account", "account number", "account no", "file number",
)  # fmt: skip

_NEAR = 0.85  # of difflib's ratio: one letter wrong, or two swapped, in a word of seven
_SIGNS = re.compile(r"[\s_.\-]+")
_HINT = re.compile(r"\(yyyy-mm-dd(?: hh:mm)?\)$")
_SHOWABLE = re.compile(r"[^\W\d_](?:[^\W_]|[ .,:/()'&+_#?*%-]){0,39}\Z")


def fold(heading: str) -> str:
    """A heading without what makes no difference: case, spaces, `_`, `-`, dots, a colon at the end."""
    text = unicodedata.normalize("NFKC", heading[:200]).casefold().strip().removesuffix(":").strip()
    return _SIGNS.sub("", _HINT.sub("", text))


def is_heading(cell: str, heading: str) -> bool:
    """Whether a cell says what a folded heading says. Folding adds no letter to ASCII, so that most cells need none."""
    return (not cell.isascii() or heading[0] in cell.lower()) and fold(cell) == heading


KNOWN = {fold(name): key for key in KEYS for name in (key, *ALIASES.get(key, ()))}
_UNSURE = {fold(name): key for key, names in UNSURE.items() for name in names}
CODES = frozenset(map(fold, _MAYBE_CODES)) | frozenset(fold(name.removesuffix("no") + "#") for name in _MAYBE_CODES)


def letter(index: int) -> str:
    """How a spreadsheet calls the column with this index, counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def key_or_letter(heading: str, index: int) -> str:
    """The name of a column for a message: the option that its heading means, or its letter; none for index -1."""
    return (KNOWN.get(fold(heading)) or letter(index)) if index >= 0 else ""


@dataclass(frozen=True)
class HeadingRules:
    """What the headings of a list mean, folded: `known` as options, `left_out` as nothing of ours."""

    known: Mapping[str, str] = field(default_factory=lambda: KNOWN)
    left_out: Container[str] = ()

    def count_known(self, cells: Sequence[str]) -> int:
        """How many of these texts are known headings."""
        return sum(fold(cell) in self.known for cell in cells)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row holds headings: a person's row does not say `code` or two of the words."""
        known = {self.known.get(fold(cell)) for cell in cells} - {None}
        return "code" in known or len(known) > 1


OURS = HeadingRules()


@dataclass(frozen=True)
class Header:
    """The columns of a list: `columns` are those that are read, as (index, key)."""

    row: int
    columns: tuple[tuple[int, str], ...]
    headings: tuple[str, ...]
    ignored: tuple[str, ...]

    @cached_property
    def gaps(self) -> tuple[int, ...]:
        """The indices of the columns before the last heading that have none."""
        return tuple(index for index, heading in enumerate(self.headings) if not heading)

    @cached_property
    def width(self) -> int:
        """How many columns there are up to the last heading."""
        return max(index for index, heading in enumerate(self.headings, 1) if heading)

    @cached_property
    def code(self) -> int:
        """The index of the column with the codes."""
        return next(index for index, key in self.columns if key == "code")


def control_faults(cells: Sequence[str], place: Place) -> Iterator[Problem]:
    """A problem for each heading that holds a control character, which nobody sees; lines may be broken."""
    for index, cell in enumerate(cells):
        control = next((sign for sign in cell if sign not in "\t\r\n" and unicodedata.category(sign) == "Cc"), "")
        if control:
            where = Place(place.file, place.line, index + 1, place.row, letter(index))
            message = f"the heading of this column holds the character {describe(control)}, which is not allowed"
            yield Problem(where, message, "delete the heading, and type it again", private=True)


def read_header(cells: Sequence[str], place: Place, problems: Problems, rules: HeadingRules = OURS) -> Header:
    """Say which column is which. The problems are errors for the whole list, or one warning."""
    headings = tuple(fold(cell) for cell in cells)
    columns: dict[str, int] = {}
    ignored: list[tuple[int, Place]] = []
    for index, heading in enumerate(headings):
        where = Place(place.file, place.line, index + 1, place.row, letter(index))
        key = rules.known.get(heading)
        if key in columns:
            problems.add(where, f"`{key}`: {faults.TWICE.message}", faults.TWICE.hint, private=True)
        elif key:
            columns[key] = index
        elif heading and heading not in rules.left_out:
            ignored.append((index, where))
    told = {index for index, where in ignored if _told_near(headings[index], where, columns.keys(), problems)}
    _check_code(headings, columns, place, problems)
    if problems.errors:
        problems.add(place, *faults.LEARN, severity=Severity.WARNING, private=True)
    shown = tuple(_shown(cells[index], index) for index, _ in ignored if index not in told)
    if shown:
        problems.add(place, "not read: " + ", ".join(shown), severity=Severity.WARNING, private=True)
    return Header(place.row, tuple((index, key) for key, index in columns.items()), headings, shown)


def _told_near(heading: str, where: Place, given: Container[str], problems: Problems) -> bool:
    """Tell of a heading that may be misspelt, as its column could change a page; whether it is one."""
    key = near(heading)
    if not key or key in given:
        return False
    problems.add(
        where, f"the heading of this column is not known; did you mean `{key}`?",
        f"call the column {key}, or remove it if it is something else",
        private=True,
    )  # fmt: skip
    return True


def near(heading: str) -> str | None:
    """The key that a folded heading may have meant, or None."""
    if heading in _UNSURE:
        return _UNSURE[heading]
    if heading in CODES:
        return None
    telling = next((key for word, key in _TELLING.items() if word in heading), None)
    if telling:
        return telling
    from difflib import get_close_matches  # few lists have a heading that is near another one

    found = get_close_matches(heading, KNOWN, n=1, cutoff=_NEAR) if len(heading) <= 40 else ()
    return KNOWN[found[0]] if found else None


def _check_code(headings: Sequence[str], columns: dict[str, int], place: Place, problems: Problems) -> None:
    """Without codes nobody can be printed, so one problem stands for one on each row."""
    if "code" in columns:
        return
    maybe = [letter(index) for index, heading in enumerate(headings) if heading in CODES]
    hint = "your own code for each person, never a name; it stands in the names of the files"
    if maybe:
        hint += f". If column {maybe[0]} may stand there, call it code"
    problems.add(place, "there is no column `code`", hint, private=True)


def _shown(heading: str, index: int) -> str:
    name = shown_name(heading)
    return f"column {letter(index)} ({name})" if name else f"column {letter(index)}"


def shown_name(text: str) -> str:
    """A heading or the name of a sheet for a message; nothing if it looks like somebody's data."""
    name = " ".join(text.split())
    harmless = _SHOWABLE.match(name) and sum(sign.isdigit() for sign in name) < 3 and name.isprintable()
    return name if harmless else ""


def missing_header(first: Sequence[str], place: Place, below: int | None) -> tuple[str, str]:
    """The message and hint for a list whose first row holds no headings; `below` is where they stand."""
    if below:
        return f"the headings must stand in the first row; they stand in row {below}", faults.ABOVE_HEADINGS
    likely = [(letter(index), near(fold(cell))) for index, cell in enumerate(first[:100])]
    meant = [f"column {name} as {key}" for name, key in likely if key]
    if meant:
        return faults.NO_HEADINGS, f"did you mean {', '.join(meant)}? {faults.LEARN.hint}"
    return faults.NO_HEADINGS, "known: " + ", ".join(KEYS)
