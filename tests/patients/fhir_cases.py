"""Made-up records (FHIR) for the tests: a person who is plainly none, with a shot of 2026-11-02."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from press.content.fhir_rules import RXNORM, FhirRules
from press.patients.fhir.settings import FhirSettings
from press.patients.patient_list import PatientList, Reading, parse_list

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2026, 11, 23)
KEY = bytes(range(32))
Node = dict[str, Any]


def settings(**rules: Any) -> FhirSettings:
    usual = {"reason": "opioid", "intervals": {"injection": "4 weeks", "tablet": "daily"}}
    return FhirSettings(FhirRules(**{**usual, **rules}), NEW_YORK, DAY, lambda: KEY)


def concept(code: str, system: str = RXNORM, text: str = "") -> Node:
    coding = {"system": system, "code": code}
    return {"coding": [coding], **({"text": text} if text else {})}


def patient(name: str = "1", /, **more: Any) -> Node:
    found = {
        "resourceType": "Patient",
        "id": name,
        "identifier": [{"system": "urn:oid:2.16.840.1.113883.19.5", "value": f"MADE-UP-{name}"}],
        "name": [{"use": "official", "family": "Example", "given": ["Test"]}, {"use": "nickname", "text": "Tee"}],
        "communication": [{"language": concept("es-MX", "urn:ietf:bcp:47"), "preferred": True}],
    }
    return {key: value for key, value in {**found, **more}.items() if value is not None}


def shot(name: str = "1", /, when: str = "2026-11-02", **more: Any) -> Node:
    found = {
        "resourceType": "MedicationAdministration",
        "id": f"shot-{when[:10]}-{name}",
        "status": "completed",
        "medicationCodeableConcept": concept("637213"),
        "subject": {"reference": f"Patient/{name}"},
        "effectiveDateTime": when,
        "request": {"reference": f"MedicationRequest/order-{name}"},
    }
    return {key: value for key, value in {**found, **more}.items() if value is not None}


def order(name: str = "1", /, **more: Any) -> Node:
    found = {
        "resourceType": "MedicationRequest",
        "id": f"order-{name}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": concept("637213"),
        "subject": {"reference": f"Patient/{name}"},
        "authoredOn": "2026-09-01",
        "requester": {"reference": "Practitioner/p1"},
        "reasonCode": [concept("F11.20", "http://hl7.org/fhir/sid/icd-10-cm")],
        "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 4, "periodUnit": "wk"}}}],
    }
    return {key: value for key, value in {**found, **more}.items() if value is not None}


def visit(start: str, name: str = "1", /, **more: Any) -> Node:
    return {
        "resourceType": "Appointment",
        "id": f"visit-{start[:10]}",
        "status": "booked",
        "start": start,
        "end": start,
        "participant": [{"actor": {"reference": f"Patient/{name}"}, "status": "accepted"}],
        **more,
    }


PRESCRIBER = {
    "resourceType": "Practitioner",
    "id": "p1",
    "name": [{"use": "official", "prefix": ["Dr."], "given": ["Sample"], "family": "Prescriber"}],
}


def bundle(*resources: Node, **more: Any) -> bytes:
    entries = [
        {"fullUrl": f"https://records.invalid/{one['resourceType']}/{one.get('id', '')}", "resource": one}
        for one in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", **more, "entry": entries}).encode()


def lines(*resources: Node) -> bytes:
    return "\n".join(map(json.dumps, resources)).encode()


def people(data: bytes, **rules: Any) -> PatientList:
    return parse_list(data, "export.json", reading=Reading(fhir=lambda: settings(**rules)))
