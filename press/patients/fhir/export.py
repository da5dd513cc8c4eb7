"""Read an export of records (FHIR) as the table of a list: a row for each Patient that has a record of naltrexone."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NoReturn

from press.errors import Place, Problem, Rows, Sentence, Severity, refuse
from press.patients.fhir import messages as faults
from press.patients.fhir.collect import Collector
from press.patients.fhir.files import ExportFiles
from press.patients.fhir.json_stream import BrokenJson, LongJson, read_resources
from press.patients.fhir.person import KEYS, read_person
from press.patients.fhir.settings import FhirSettings
from press.patients.headings import Header
from press.patients.table import Row, Table
from press.records import dataclass

_MOST_KINDS = 8  # of other resources that are named


@dataclass(frozen=True)
class Export:
    """An export as a table, and the digest of all that was read for it."""

    table: Table
    sha256: str


def read_export(source: Path | bytes, file: str, settings: FhirSettings) -> Export:
    """Read an export once, entry by entry; `file` is the name that problems show. Raises HandoutError."""
    files = ExportFiles(BytesIO(source) if isinstance(source, bytes) else source, file)
    _check_rules(settings)
    found = Collector(settings)
    try:
        for stream in files:
            for one in read_resources(stream):
                found.add(one)
    except BrokenJson:
        _refuse(file, faults.BROKEN)
    except LongJson:
        _refuse(file, faults.TOO_LARGE)
    _check_whole(found, file)
    found.resolve()
    rows = [_row(found, index) for index, person in enumerate(found.people) if person.is_listed]
    if not rows:
        _refuse(file, faults.NOBODY)
    header = Header(0, tuple(enumerate(KEYS)), KEYS, ())
    return Export(Table(file, header, tuple(_notes(found, file)), lambda: iter(rows)), files.sha256)


def digest_of_export(path: Path, file: str) -> str:
    """Digest an export as `read_export` does, without reading what it says. Raises HandoutError."""
    files = ExportFiles(path, file)
    for stream in files:
        while stream.read(1 << 20):
            pass
    return files.sha256


def _row(found: Collector, index: int) -> Row:
    cells, wrong = read_person(found.people[index], found)
    return Row(index + 1, index + 1, cells, cell_faults=wrong)


def _refuse(file: str, sentence: Sentence) -> NoReturn:
    raise refuse(Place(file), *sentence, private=True)


def _check_rules(settings: FhirSettings) -> None:
    """Refuse a code that config.yaml gives two meanings. Raises HandoutError."""
    rules = settings.rules
    every = [*rules.injection, *rules.tablet, *rules.never]
    if len(every) != len(set(every)):
        raise refuse(rules.place, *faults.CODE_TWICE)


def _check_whole(found: Collector, file: str) -> None:
    """Refuse what is no export, or only a part of one: a later dose may be missing. Raises HandoutError."""
    if not found.resources:
        _refuse(file, faults.NO_FHIR)
    if found.is_history:
        _refuse(file, faults.DELETED)
    if found.next_pages - found.pages:
        _refuse(file, faults.PAGE)


def _notes(found: Collector, file: str) -> Iterator[Problem]:
    """What staff should know of the export as a whole."""
    if found.tells_of_errors:
        yield Problem(Place(file), *faults.TOLD_OF_ERRORS, severity=Severity.WARNING, private=True)
    without = Rows()
    for person in found.people:
        if not person.is_listed:
            without = without.and_row(person.number)
    if without.count:
        message = f"no record of naltrexone, so not on the list: {without.named}"
        yield Problem(Place(file), message, severity=Severity.WARNING, private=True)
    if found.strays:
        message = f"records of medicines of people who are not in this export: {found.strays:,}"
        yield Problem(Place(file), message, severity=Severity.WARNING, private=True)
    if found.others:
        kinds = [f"{name} {count:,}" for name, count in found.others.most_common(_MOST_KINDS) if name.isalpha()]
        more = len(found.others) - len(kinds)
        message = "not read: " + ", ".join(kinds + ([f"{more} more kinds"] if more else []))
        yield Problem(Place(file), message, severity=Severity.WARNING, private=True)
