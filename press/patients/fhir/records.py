"""What of an export is kept: short records of the people in it, found again by the addresses of FHIR."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from press.errors import Sentence
from press.patients.fhir.elements import Coded, When, text_of
from press.patients.fhir.json_stream import Node
from press.patients.fhir.medicine import Medicine
from press.patients.fhir.messages import SAME_ID
from press.records import dataclass

T = TypeVar("T")


class Index(Generic[T]):
    """Resources by their addresses. Two with one address, as from two servers, are found by neither."""

    def __init__(self) -> None:
        self._found: dict[str, T | None] = {}
        self._urls: dict[str, str] = {}

    def add(self, url: str, resource: Node, value: T) -> None:
        """Enter a resource under its full address and its `Type/id`."""
        name = text_of(resource, "id")
        short = f"{text_of(resource, 'resourceType')}/{name}" if name else ""
        if url.startswith("http"):
            self._urls[short] = url
        for address in {url, short} - {""}:
            self._found[address] = None if address in self._found else value

    def get(self, address: str) -> T | None:
        """The resource at an address, relative or full, or None; one of another server is not taken for it."""
        if address in self._found or "://" not in address:
            return self._found.get(address)
        short = "/".join(address.split("/")[-2:])
        return self._found.get(short) if self._urls.get(short, address) == address else None


class Source(StrEnum):
    """What kind of record says something of a medicine, in words for a message."""

    ADMINISTRATION = "an administration with the status "
    ORDER = "an order (MedicationRequest)"
    STATEMENT = "a statement (MedicationStatement)"
    DISPENSE = "a dispensed medicine (MedicationDispense)"
    VACCINATION = "a vaccination (Immunization)"


_STATUSES = frozenset({"in-progress", "not-done", "on-hold", "entered-in-error", "stopped", "unknown", "completed"})
_NEVER_HAPPENED = frozenset({"entered-in-error", "not-done"})
_PLANS = frozenset({"cancelled", "draft"})


@dataclass(frozen=True, slots=True)
class MedicineRecord:
    """One record of a medicine; `fault` says why a completed administration cannot be counted."""

    source: Source
    status: str
    medicine: Medicine
    when: When
    address: str = ""  # of the order
    request: str = ""
    requester: str = ""
    intervals: frozenset[str] = frozenset()
    reasons: tuple[Coded, ...] = ()
    fault: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the record itself says that nothing happened."""
        return self.status in _NEVER_HAPPENED

    @property
    def is_real(self) -> bool:
        """Whether anything was given or is ordered, today or before."""
        return not self.is_error and self.status not in _PLANS

    @property
    def is_dose(self) -> bool:
        """Whether a dose was given, on a day that is known."""
        is_given = self.source is Source.ADMINISTRATION and self.status == "completed"
        return is_given and self.medicine.is_ours and not self.doubt

    @property
    def doubt(self) -> str:
        """Why nobody can count an administration."""
        if self.fault:
            return self.fault
        return self.when.fault if self.status == "completed" else ""

    @property
    def may_be_dose(self) -> bool:
        """Whether something was perhaps given: no order, and nothing that says that nothing happened."""
        return self.is_administration and not (self.is_error or self.is_dose)

    @property
    def is_administration(self) -> bool:
        """Whether the record is about giving a medicine, and not about ordering or taking it."""
        return self.source in (Source.ADMINISTRATION, Source.VACCINATION)

    @property
    def words(self) -> str:
        """The record in words for a message."""
        if self.source is not Source.ADMINISTRATION:
            return str(self.source)
        status = self.status if self.status in _STATUSES else "unknown"
        return self.doubt or f"{self.source}{status}"


@dataclass(slots=True)
class Person:
    """One Patient of an export, in the order of the export; `faults` by option, "" for the person as a whole."""

    number: int
    address: str
    code: str
    name: str
    language: str
    faults: dict[str, Sentence] = field(default_factory=dict)
    medicines: list[MedicineRecord] = field(default_factory=list)
    reasons: list[Coded] = field(default_factory=list)
    problems: set[str] = field(default_factory=set)  # reasons of the list of problems
    appointments: list[When] = field(default_factory=list)

    @property
    def is_listed(self) -> bool:
        """Whether the person has a record of naltrexone, or nobody can say whose the records are."""
        return bool(self.medicines) or self.faults.get("") == SAME_ID

    @property
    def last_day(self) -> date | None:
        """The day of the last dose that was given."""
        return max((one.when.day for one in self.medicines if one.is_dose and one.when.day), default=None)
