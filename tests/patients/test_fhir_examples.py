"""Records that others wrote: every example of the specification (R4), and our own, judged by HAPI's validator."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from press.errors import HandoutError
from tests.patients.fhir_cases import PRESCRIBER, Node, bundle, concept, order, patient, people, shot, visit
from tests.rigs import fhir_rig

PATIENT = "Patient/pat1"  # of most of these examples


def outcome(data: bytes) -> Counter[str]:
    """What becomes of an export: how many people are taken, or why not."""
    try:
        found = list(people(data))
    except HandoutError as error:
        return Counter(problem.message for problem in error.problems)
    return Counter(entry.problems[0].message if entry.problems else "taken" for entry in found)


def given(node: Node) -> Node:
    """An example as if its medicine were the injection."""
    changed: dict[str, Any] = {**node, "subject": {"reference": "Patient/1"}}
    changed["contained"] = [
        {**one, "code": concept("637213")} if one["resourceType"] == "Medication" else one
        for one in node.get("contained", [])
    ]
    if "medicationCodeableConcept" in node or node["medicationReference"]["reference"][0] != "#":
        changed.pop("medicationReference", None)
        changed["medicationCodeableConcept"] = concept("637213")
    return changed


@pytest.mark.sweep
def test_every_example_is_read_or_refused_with_a_reason(records_rig: None) -> None:
    found: Counter[str] = Counter()
    with fhir_rig.examples() as packed:
        names = [name for name in packed.namelist() if name.startswith("json/") and name.endswith(".json")]
        for name in names:
            found += outcome(packed.read(name))

    assert len(names) > 4_000 and sum(found.values()) >= len(names)
    assert found["nobody in this export has a record of naltrexone that config.yaml knows"] > 4_000
    assert found["taken"] == 0, "none of them is about naltrexone"


@pytest.mark.sweep
def test_their_administrations_as_if_they_were_of_naltrexone(records_rig: None) -> None:
    found: Counter[str] = Counter()
    with fhir_rig.examples() as packed:
        for name in packed.namelist():
            node = json.loads(packed.read(name)) if name.startswith("json/spec/medicationadministration") else {}
            if node.get("resourceType") == "MedicationAdministration":
                found += outcome(bundle(patient(), order(), given(node)))

    no_dose = "`last_dose`: no dose was given that this export knows of; the latest record of naltrexone is an administration "
    assert found == {
        "taken": found["taken"],
        no_dose + "with the status in-progress": 1,
        no_dose + "with the status entered-in-error": 1,
        no_dose + "with the status on-hold": 1,
        no_dose + "that went on for several days": found[no_dose + "that went on for several days"],
    }
    assert found["taken"] >= 5 and sum(found.values()) == 14


def as_r5(node: Node) -> Node:
    """A record of ours in the shape of R5."""
    found = {key: value for key, value in node.items() if key not in R4_KEYS}
    if "medicationCodeableConcept" in node:
        found["medication"] = {"concept": node["medicationCodeableConcept"]}
    if "effectiveDateTime" in node:
        found["occurenceDateTime"] = node["effectiveDateTime"]  # with one r, as the specification has it
    if "reasonCode" in node:
        found["reason"] = [{"concept": one} for one in node["reasonCode"]]
    return found


R4_KEYS = ("medicationCodeableConcept", "effectiveDateTime", "reasonCode")
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "completed",
    "class": [concept("AMB", "http://terminology.hl7.org/CodeSystem/v3-ActCode")],
    "subject": {"reference": "Patient/1"},
    "reason": [{"value": [{"concept": concept("F11.20", "http://hl7.org/fhir/sid/icd-10-cm")}]}],
    "diagnosis": [{"condition": [{"reference": {"reference": "Condition/c1"}}]}],
}
ALCOHOL = {
    "resourceType": "Condition",
    "id": "c1",
    "clinicalStatus": concept("active", "http://terminology.hl7.org/CodeSystem/condition-clinical"),
    "code": concept("F10.20", "http://hl7.org/fhir/sid/icd-10-cm"),
    "subject": {"reference": "Patient/1"},
}
R5 = [
    *map(as_r5, (patient(), order(reasonCode=None), shot(), PRESCRIBER)),
    as_r5(visit("2026-11-30T19:30:00Z", reasonCode=[concept("SHOT", "urn:oid:2.16.840.1.113883.19.5")])),
]


def test_r5_is_read_like_r4() -> None:
    """The prescriber, the appointment of a kind, and the reason of an encounter and of its diagnosis stand elsewhere."""
    rules = {"appointments": ("SHOT",), "reason": ""}
    [entry] = people(bundle(*R5, ENCOUNTER, ALCOHOL), **rules)

    assert entry.options and not entry.problems
    found = entry.options
    assert (str(found.last_dose), found.form, found.reason) == ("2026-11-02", "injection", "both")
    assert found.prescriber == "Dr. Sample Prescriber" and found.appointment
    assert str(found.appointment.day) == "2026-11-30"


@pytest.mark.sweep
def test_our_own_exports_of_r5_are_valid(records_rig: None, tmp_path: Path) -> None:
    whole = bundle(*R5, ENCOUNTER, ALCOHOL)
    cases = {"r5": whole, "wrong": whole.replace(b'"completed"', b'"given"'), "r4": bundle(patient(), order(), shot())}
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)

    found = fhir_rig.validate([tmp_path / name for name in cases], "R5")

    assert found[tmp_path / "r5"] == []
    assert found[tmp_path / "wrong"] and found[tmp_path / "r4"], "the validator judges nothing, or not as R5"


@pytest.mark.sweep
def test_our_own_exports_are_valid(records_rig: None, tmp_path: Path) -> None:
    whole = bundle(patient(), order(), shot(), PRESCRIBER, visit("2026-11-30T19:30:00Z"))
    (tmp_path / "r4.json").write_bytes(whole)
    (tmp_path / "wrong.json").write_bytes(whole.replace(b'"completed"', b'"given"'))

    found = fhir_rig.validate([tmp_path / "r4.json", tmp_path / "wrong.json"])

    assert found[tmp_path / "r4.json"] == []
    assert found[tmp_path / "wrong.json"], "the validator judges nothing"
