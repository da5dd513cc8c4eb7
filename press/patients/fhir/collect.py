"""Collect from the resources of an export what the list of people needs; all else is only counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from press.errors import Sentence
from press.patients.fhir import messages as faults
from press.patients.fhir.code import code_of
from press.patients.fhir.elements import (
    Coded,
    When,
    coded,
    codes_of,
    node_of,
    nodes,
    read_dose_time,
    read_when,
    reference_of,
    text_of,
)
from press.patients.fhir.json_stream import Found, Node
from press.patients.fhir.medicine import Medicine, is_named, read_medicine
from press.patients.fhir.name import language_of, name_of, staff_name
from press.patients.fhir.order import intervals_of
from press.patients.fhir.records import Index, MedicineRecord, Person, Source
from press.patients.fhir.settings import FhirSettings
from press.records import replace

_GONE = ("inactive", "resolved", "remission")
_NO_CONDITION = ("refuted", "entered-in-error")
_NO_ENCOUNTER = ("cancelled", "entered-in-error")


class Collector:
    """The records of one export, added one by one, in any order."""

    def __init__(self, settings: FhirSettings) -> None:
        self.settings = settings
        self.people: list[Person] = []
        self.others: Counter[str] = Counter()
        self.strays = 0  # records of medicines of people who are not in the export
        self.pages: set[str] = set()  # of a search: the address of each page, and of the next ones
        self.next_pages: set[str] = set()
        self.is_history = self.tells_of_errors = False
        self.resources = 0
        self._patients: Index[Person] = Index()
        self._medicines: Index[Medicine] = Index()
        self._orders: Index[str] = Index()
        self._staff: Index[str] = Index()
        self._roles: Index[str] = Index()
        self._conditions: Index[frozenset[str]] = Index()
        self._medicine_records: defaultdict[str, list[tuple[MedicineRecord, Coded]]] = defaultdict(list)
        self._reasons: defaultdict[str, list[Coded]] = defaultdict(list)
        self._problems: defaultdict[str, set[str]] = defaultdict(set)
        self._appointments: defaultdict[str, list[When]] = defaultdict(list)
        self._readers: dict[str, Callable[[Node, str], None]] = {
            "Patient": self._patient,
            "Medication": self._medication,
            "MedicationAdministration": self._administration,
            "MedicationRequest": self._order,
            "MedicationStatement": partial(self._hint, Source.STATEMENT),
            "MedicationDispense": partial(self._hint, Source.DISPENSE),
            "Immunization": self._vaccination,
            "Encounter": self._encounter,
            "Condition": self._condition,
            "Appointment": self._appointment,
            "Practitioner": self._practitioner,
            "PractitionerRole": self._role,
            "Bundle": self._bundle,
            "OperationOutcome": self._outcome,
        }

    def add(self, found: Found) -> None:
        """Keep of a resource what is needed; a kind that nobody asks for is counted."""
        if found.is_deletion:
            self.is_history = True
            return
        kind = text_of(found.resource, "resourceType")
        self.resources += bool(kind)
        if reader := self._readers.get(kind):
            reader(found.resource, found.url)
        else:
            self.others[kind or "?"] += 1

    def resolve(self) -> None:
        """Give each record to its person, once all are there; a person whose id is another's gets none."""
        for address, records in self._medicine_records.items():
            if (found := self._patients.get(address)) is None:
                self.strays += len(records)
                continue
            found.medicines += [resolved for record, of in records if (resolved := self._resolved(record, of))]
        for address, reasons in self._reasons.items():
            if found := self._patients.get(address):
                found.reasons += reasons
        for address, problems in self._problems.items():
            if found := self._patients.get(address):
                found.problems |= problems
        for address, days in self._appointments.items():
            if found := self._patients.get(address):
                found.appointments += days
        self._refuse_equal_ids()

    def _refuse_equal_ids(self) -> None:
        seen = Counter(person.address for person in self.people if person.address)
        for person in self.people:
            if seen[person.address] > 1:
                person.faults[""] = faults.SAME_ID

    def reasons_of(self, reasons: list[Coded]) -> set[str]:
        """The reasons (opioid, alcohol) that concepts, or the conditions that are referred to, stand for."""
        found: set[str] = set()
        for one in reasons:
            found.update(self.settings.rules.reasons_of(codes_of(one.concept)))
            found |= self._conditions.get(one.reference) or frozenset()
        return found

    def prescriber(self, address: str) -> str:
        """The name of a practitioner, named directly or by a role."""
        return self._staff.get(address) or self._staff.get(self._roles.get(address) or "") or ""

    def order_at(self, record: MedicineRecord, orders: list[MedicineRecord]) -> MedicineRecord | None:
        """The order that an administration names, among a person's orders."""
        named = self._orders.get(record.request)
        return next((one for one in orders if named and one.address == named), None)

    def _resolved(self, record: MedicineRecord, medicine: Coded) -> MedicineRecord | None:
        """A record with its medicine; None if that is another medicine."""
        if not medicine.reference:
            return record
        found = self._medicines.get(medicine.reference)
        if found is None and medicine.display:
            found = Medicine.NAMED if is_named(medicine.display) else Medicine.OTHER
        fault = faults.UNRESOLVED if found is None else _medicine_fault(found)
        known = found or Medicine.UNRESOLVED
        return None if known is Medicine.OTHER else replace(record, medicine=known, fault=record.fault or fault)

    def _patient(self, node: Node, url: str) -> None:
        person = Person(len(self.people) + 1, text_of(node, "id") or url, "", "", language_of(node))
        person.faults.update(_person_faults(node))
        for key, value in (("code", code_of(node, self.settings.rules, self.settings.key)), ("name", name_of(node))):
            if isinstance(value, Sentence):
                person.faults[key] = value
            else:
                setattr(person, key, value)
        self.people.append(person)
        self._patients.add(url, node, person)

    def _medication(self, node: Node, url: str) -> None:
        self._medicines.add(url, node, read_medicine(node_of(node, "code"), self.settings.rules))

    def _administration(self, node: Node, url: str) -> None:
        when = read_dose_time(node, "effective", self.settings.zone)
        for key in ("occurence", "occurrence"):  # R5 spells it with one r
            if when.fault == faults.NO_DATE:
                when = read_dose_time(node, key, self.settings.zone)
        self._medicine(Source.ADMINISTRATION, node, when, request=reference_of(node, "request"))

    def _order(self, node: Node, url: str) -> None:
        if node.get("doNotPerform") is True:
            return
        when = read_when(text_of(node, "authoredOn"), self.settings.zone)
        requester, intervals = reference_of(node, "requester"), intervals_of(node)
        short = f"MedicationRequest/{text_of(node, 'id')}"
        self._medicine(
            Source.ORDER, node, when, address=url or short, requester=requester, intervals=intervals
        )  # fmt: skip

    def _hint(self, source: Source, node: Node, url: str) -> None:
        self._medicine(source, node, When())

    def _vaccination(self, node: Node, url: str) -> None:
        when = read_dose_time(node, "occurrence", self.settings.zone)
        subject, status = reference_of(node, "patient"), text_of(node, "status")
        medicine = read_medicine(node_of(node, "vaccineCode"), self.settings.rules)
        if medicine is not Medicine.OTHER:
            record = MedicineRecord(Source.VACCINATION, status, medicine, when)
            self._medicine_records[subject].append((record, Coded({})))

    def _medicine(
        self,
        source: Source,
        node: Node,
        when: When,
        *,
        address: str = "",
        request: str = "",
        requester: str = "",
        intervals: frozenset[str] = frozenset(),
    ) -> None:
        """Keep a record of naltrexone, or of a medicine that is not yet known."""
        of = next(coded(node, "medicationCodeableConcept", "medicationReference", "medication"), Coded({}))
        if of.reference.startswith("#"):
            of = _contained(node, of.reference[1:])
        medicine = Medicine.UNRESOLVED if of.reference else read_medicine(of.concept, self.settings.rules)
        if medicine is Medicine.OTHER:
            return
        fault = faults.A_MODIFIER if node.get("modifierExtension") else _medicine_fault(medicine)
        record = MedicineRecord(
            source, text_of(node, "status"), medicine, when, address, request, requester, intervals,
            tuple(coded(node, "reasonCode", "reasonReference", "reason")), "" if of.reference else fault,
        )  # fmt: skip
        if of.reference and node.get("modifierExtension"):
            record = replace(record, fault=faults.A_MODIFIER)
        if address:
            self._orders.add(address, node, address)
        self._medicine_records[reference_of(node, "subject")].append((record, of))

    def _encounter(self, node: Node, url: str) -> None:
        if text_of(node, "status") in _NO_ENCOUNTER:
            return
        reasons = [*coded(node, "reasonCode", "reasonReference", ""), *map(Coded, nodes(node, "type"))]
        for reason in nodes(node, "reason"):
            reasons += coded(reason, "", "", "value")
        for diagnosis in nodes(node, "diagnosis"):
            reasons += coded(diagnosis, "", "condition", "condition")
        kept = [one for one in reasons if one.reference or self.reasons_of([one])]
        if kept:
            self._reasons[reference_of(node, "subject")] += kept

    def _condition(self, node: Node, url: str) -> None:
        states = {code for key in ("clinicalStatus", "verificationStatus") for _, code in codes_of(node_of(node, key))}
        reasons = frozenset(self.settings.rules.reasons_of(codes_of(node_of(node, "code"))))
        if not reasons or not states.isdisjoint((*_GONE, *_NO_CONDITION)):
            return
        self._conditions.add(url, node, reasons)
        self._problems[reference_of(node, "subject")] |= reasons

    def _appointment(self, node: Node, url: str) -> None:
        if text_of(node, "status") != "booked" or not self._is_ours(node):
            return
        when = read_when(text_of(node, "start"), self.settings.zone)
        actors = {
            reference_of(one, "actor") for one in nodes(node, "participant") if text_of(one, "status") != "declined"
        } | {reference_of(node, "subject")}
        for actor in actors - {""}:
            self._appointments[actor].append(when)

    def _is_ours(self, appointment: Node) -> bool:
        """Whether an appointment is of a kind that config.yaml names, if it names any."""
        wanted = self.settings.rules.appointments
        codes = {
            code
            for key in ("serviceType", "appointmentType", "reasonCode", "reason", "specialty")  # `reason` is of R5
            for one in nodes(appointment, key)
            for _, code in codes_of(one) | codes_of(node_of(one, "concept"))
        }
        return not wanted or not codes.isdisjoint(wanted)

    def _practitioner(self, node: Node, url: str) -> None:
        if name := staff_name(node):
            self._staff.add(url, node, name)

    def _role(self, node: Node, url: str) -> None:
        self._roles.add(url, node, reference_of(node, "practitioner"))

    def _bundle(self, node: Node, url: str) -> None:
        self.is_history = self.is_history or text_of(node, "type") == "history"
        for link in nodes(node, "link"):
            relation, address = text_of(link, "relation"), text_of(link, "url")
            if relation == "self":
                self.pages.add(address)
            if relation == "next":
                self.next_pages.add(address)

    def _outcome(self, node: Node, url: str) -> None:
        if any(text_of(one, "severity") in ("error", "fatal") for one in nodes(node, "issue")):
            self.tells_of_errors = True


def _medicine_fault(medicine: Medicine) -> str:
    return {Medicine.NAMED: faults.UNKNOWN_CODE, Medicine.BOTH: faults.BOTH_FORMS}.get(medicine, "")


def _contained(node: Node, name: str) -> Coded:
    """The concept of a medicine that a record holds within itself."""
    inside = next((one for one in nodes(node, "contained") if text_of(one, "id") == name), {})
    return Coded(node_of(inside, "code"))


def _person_faults(node: Node) -> Iterator[tuple[str, Sentence]]:
    """Why nothing may be printed from a record of a person."""
    if node.get("deceasedBoolean") is True or text_of(node, "deceasedDateTime"):
        yield "", faults.DIED
    elif node.get("active") is False or any(text_of(one, "type") == "replaced-by" for one in nodes(node, "link")):
        yield "", faults.INACTIVE
    elif node.get("modifierExtension"):
        yield "", faults.MODIFIED
