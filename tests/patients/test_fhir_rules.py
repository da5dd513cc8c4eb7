"""Records at the edges of each rule: which order is named, which record is the latest, which day a moment is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from press.patients.fhir.elements import read_dose_day
from press.patients.fhir.export import read_export
from press.patients.fhir.person import KEYS
from tests.patients.fhir_cases import Node, bundle, concept, lines, order, patient, people, settings, shot
from tests.patients.test_fhir import PRESCRIBER, options, told

MONTHLY = [{"timing": {"repeat": {"period": 1, "periodUnit": "mo"}}}]
CONTRAVE, NAMED = concept("1551468"), concept("7243", text="naltrexone")


@pytest.mark.parametrize("pack", [bundle, lines])
@pytest.mark.parametrize("at", ["", "https://records.invalid/"])
def test_the_order_that_the_dose_names_is_the_one_that_counts(pack: object, at: str) -> None:
    """Whether the records have full addresses, or name each other by them."""
    other = order(id="new", dosageInstruction=MONTHLY, requester=None)
    given = shot(request={"reference": f"{at}MedicationRequest/order-1"})
    [entry] = people(pack(patient(), other, order(), given, PRESCRIBER))  # type: ignore[operator]  # one of two functions

    assert entry.options and (entry.options.interval, entry.options.prescriber) == ("4 weeks", "Dr. Sample Prescriber")


def test_an_order_that_nobody_can_tell_from_another_is_not_the_named_one() -> None:
    twice = [order(), order(dosageInstruction=MONTHLY)]  # one id, as from two servers
    [entry] = people(lines(patient(), *twice, shot()))

    assert entry.options is None and "different intervals" in entry.problems[0].message
    elsewhere = shot(request={"reference": "https://another.invalid/MedicationRequest/order-1"})
    assert "different intervals" in told(patient(), order(), order(id="new", dosageInstruction=MONTHLY), elsewhere)


def test_records_without_an_address_are_found_by_a_full_one() -> None:
    full = shot(subject={"reference": "https://records.invalid/fhir/Patient/1"})
    [entry] = people(lines(patient(), order(), full))

    assert entry.options and str(entry.options.last_dose) == "2026-11-02"


def test_an_order_not_to_give_a_medicine_is_no_order() -> None:
    forbidden = order(id="no", medicationCodeableConcept=CONTRAVE, doNotPerform=True)
    assert options(patient(), shot(), order(), forbidden).last_dose


def test_a_prescriber_may_be_named_by_a_role() -> None:
    role = {"resourceType": "PractitionerRole", "id": "r1", "practitioner": {"reference": "Practitioner/p1"}}
    by_role = order(requester={"reference": "PractitionerRole/r1"})

    assert options(patient(), shot(), by_role, role, PRESCRIBER).prescriber == "Dr. Sample Prescriber"


@pytest.mark.parametrize(("severity", "is_told"), [("error", True), ("fatal", True), ("information", False)])
def test_a_system_that_says_that_something_went_wrong_is_heard(severity: str, is_told: bool) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "processing"}]}
    found = people(bundle(patient(), shot(), order(), outcome))

    assert any("something went wrong" in note.message for note in found.notes) is is_told


def test_an_injection_and_tablets_in_one_administration_are_refused() -> None:
    codes = [*concept("637213")["coding"], *concept("1483744")["coding"]]
    assert "an injection and of tablets at once" in told(
        patient(), order(), shot(medicationCodeableConcept={"coding": codes})
    )


def test_the_form_of_who_had_no_dose_is_that_of_the_orders_whose_code_is_known() -> None:
    [entry] = people(bundle(patient(), order(), order(id="n", medicationCodeableConcept=NAMED)))

    assert entry.options is None and entry.partial and entry.partial.form == "injection"


def test_what_is_told_of_who_had_no_dose_is_the_latest_that_may_have_been_one() -> None:
    def at(day: str, status: str, **more: object) -> Node:
        return shot(when=day, id=f"{status}-{day}", status=status, **more)

    older, newer = at("2026-10-01", "in-progress"), at("2026-11-20", "on-hold")
    assert "on-hold" in told(patient(), order(), older, newer)
    assert "in-progress" in told(patient(), order(), older, at("2026-11-20", "entered-in-error"))
    assert "without a date" in told(patient(), order(), newer, shot(id="undated", effectiveDateTime=None))


def test_midnight_of_universal_time_is_a_day_where_it_is_that_day() -> None:
    east, west = (
        read_dose_day("2026-11-02T00:00:00Z", ZoneInfo(name)) for name in ("Europe/Berlin", "America/New_York")
    )

    assert str(east.day) == "2026-11-02" and not east.fault
    assert west.day is None and west.fault


def test_a_dose_that_began_and_ended_on_one_day_was_given_on_it() -> None:
    period = {"start": "2026-11-02T09:00:00-05:00", "end": "2026-11-02T09:10:00-05:00"}
    assert (
        str(options(patient(), order(), shot(effectiveDateTime=None, effectivePeriod=period)).last_dose) == "2026-11-02"
    )


def test_a_person_of_whom_nothing_is_printed_has_cells_like_everybody() -> None:
    table = read_export(
        bundle(patient(deceasedBoolean=True), patient("2"), shot(), shot("2")), "x.json", settings()
    ).table
    assert {len(row.cells) for row in table.rows()} == {len(KEYS)}
