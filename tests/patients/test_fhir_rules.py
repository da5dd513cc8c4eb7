"""Records at the edges of each rule: which order is named, which record is the latest, which day a moment is."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from press.patients.fhir.elements import read_dose_day, read_dose_time, read_when
from press.patients.fhir.export import read_export
from press.patients.fhir.messages import NO_DATE, PARTIAL, SEVERAL_DAYS
from press.patients.fhir.order import UNKNOWN, intervals_of
from press.patients.fhir.person import KEYS
from press.patients.fhir.records import Index
from tests.patients.fhir_cases import Node, bundle, concept, lines, order, patient, people, settings, shot, visit
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
    issues = [{"severity": one, "code": "processing"} for one in ("warning", severity)]
    outcome = {"resourceType": "OperationOutcome", "issue": issues}
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


def test_no_day_is_said_with_its_reason_and_a_period_is_counted_from_its_start() -> None:
    zone = ZoneInfo("America/New_York")
    nine, ten = "2026-11-02T09:00:00-05:00", "2026-11-02T10:00:00-05:00"

    assert read_when("", zone).fault == NO_DATE
    assert read_dose_time({"effectivePeriod": {"start": "2026-11", "end": ten}}, "effective", zone).fault == PARTIAL
    moment = read_dose_time({"effectivePeriod": {"start": nine, "end": ten}}, "effective", zone).moment
    assert moment and moment.isoformat() == nine
    for period, fault in (({"start": nine}, SEVERAL_DAYS), ({"end": nine}, SEVERAL_DAYS), ({}, NO_DATE)):
        assert read_dose_time({"effectivePeriod": period}, "effective", zone).fault == fault


def test_a_person_of_whom_nothing_is_printed_has_cells_like_everybody() -> None:
    table = read_export(
        bundle(patient(deceasedBoolean=True), patient("2"), shot(), shot("2")), "x.json", settings()
    ).table
    assert {len(row.cells) for row in table.rows()} == {len(KEYS)}
    dispense = {"resourceType": "MedicationDispense", "id": "d", "status": "completed", "subject": {"reference": "Patient/1"},
                "medicationCodeableConcept": concept("637213")}  # fmt: skip
    assert "a dispensed medicine" in told(patient(), order(status="entered-in-error"), dispense)


def test_only_what_came_after_the_last_dose_puts_it_in_doubt() -> None:
    for day in ("2026-10-01", "2026-11-02"):
        other = shot(when=day, id="other", status="in-progress")
        assert str(options(patient(), order(), shot(), other).last_dose) == "2026-11-02"
    assert "in-progress" in told(patient(), order(), shot(), shot(when="2026-11-03", id="other", status="in-progress"))


def test_of_two_records_of_one_dose_the_first_names_the_order() -> None:
    monthly = order(id="new", dosageInstruction=MONTHLY)
    again = shot(id="again", request={"reference": "MedicationRequest/new"})

    assert options(patient(), order(), monthly, shot(), again).interval == "4 weeks"
    assert options(patient(), order(), monthly, again, shot()).interval == "month"


def test_the_next_appointment_is_the_first_one_with_its_time_where_one_is_said() -> None:
    def at(*starts: str) -> str:
        visits = [visit(start, id=f"v{number}") for number, start in enumerate(starts)]
        found = options(patient(), order(), shot(), *visits).appointment
        assert found
        return f"{found.day} {found.time}"

    assert at("2026-12-21", "2026-11-30", "2026-12-28") == "2026-11-30 None"
    assert (
        at("2026-11-30", "2026-11-30T16:00:00Z", "2026-11-30T15:00:00Z", "2026-11-30T17:00:00Z")
        == "2026-11-30 10:00:00"
    )


# What is referred to


def test_an_address_finds_the_resource_of_its_own_server_alone() -> None:
    index = Index[int]()
    for number, server in enumerate(("a", "b"), 1):
        index.add(f"https://{server}.invalid/Medication/m", {"resourceType": "Medication", "id": "m"}, number)
    index.add("", {"resourceType": "Medication", "id": "n"}, 3)

    found = [
        "https://a.invalid/Medication/m",
        "https://b.invalid/Medication/m",
        "Medication/n",
        "https://c.invalid/Medication/n",
    ]
    assert [index.get(address) for address in found] == [1, 2, 3, 3]
    none = ["Medication/m", "https://c.invalid/Medication/m", "fhir/Medication/n", "n", ""]
    assert [index.get(address) for address in none] == [None] * 5


@pytest.mark.parametrize(
    ("display", "expected"),
    [("Naltrexone 380 mg", "a code that config.yaml does not know"), ("", "not in this export")],
)
def test_a_medicine_that_is_not_in_the_export_is_in_doubt_by_its_name(display: str, expected: str) -> None:
    away = {"reference": "Medication/9", **({"display": display} if display else {})}
    later = shot(when="2026-11-09", medicationCodeableConcept=None, medicationReference=away)
    assert expected in told(patient(), order(), shot(), later)


def test_a_medicine_that_is_called_otherwise_is_another_and_what_is_there_is_read_by_its_code() -> None:
    aspirin = {"reference": "Medication/9", "display": "Aspirin 100 mg"}
    later = shot(when="2026-11-09", medicationCodeableConcept=None, medicationReference=aspirin)
    medication = {"resourceType": "Medication", "id": "9", "code": concept("637213")}

    assert str(options(patient(), order(), shot(), later).last_dose) == "2026-11-02"
    assert str(options(patient(), order(), shot(), later, medication).last_dose) == "2026-11-09"
    changed = {**later, "modifierExtension": [{"url": "urn:not-really"}]}
    assert "a modifier" in told(patient(), order(), shot(), changed, medication)


def test_the_reason_is_the_condition_that_the_order_names() -> None:
    icd, subject = "http://hl7.org/fhir/sid/icd-10-cm", {"reference": "Patient/1"}
    both = [
        {"resourceType": "Condition", "id": code, "code": concept(f"{code}.20", icd), "subject": subject}
        for code in ("F10", "F11")
    ]
    named = order(reasonCode=None, reasonReference=[{"reference": "Condition/F11"}])

    assert options(patient(), shot(), named, *both, reason="").reason == "opioid"
    assert options(patient(), shot(), order(reasonCode=None), *both, reason="").reason == "both"
    met = {"resourceType": "Encounter", "id": "e", "status": "finished", "subject": subject}
    met["diagnosis"] = [{"condition": {"reference": "Condition/F10"}}]
    assert options(patient(), shot(), order(reasonCode=None), met, *both, reason="").reason == "alcohol"


def test_two_people_at_one_address_without_an_id_get_no_records() -> None:
    people_ = [{**patient(name), "id": None} for name in ("1", "2")]
    entries = [{"fullUrl": "urn:uuid:1", "resource": one} for one in people_]
    entries += [
        {"resource": shot(subject={"reference": "urn:uuid:1"})},
        {"resource": patient("3")},
        {"resource": shot("3")},
    ]
    found = list(people(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()))

    assert [bool(entry.options) for entry in found] == [False, False, True]
    assert all("the same id" in entry.problems[0].message for entry in found[:2])


# How often


def interval(period: object, unit: str, **more: object) -> str:
    """What one timing orders."""
    repeat = {"period": period, "periodUnit": unit, **more}
    [found] = intervals_of({"dosageInstruction": [{"timing": {"repeat": repeat}}]})
    return found


def test_an_interval_is_one_of_ours_or_unknown() -> None:
    known = {
        "daily": [(1, "d"), (24, "h"), (1.0, "d")],
        "2 days": [(2, "d"), (48, "h")],
        "3 days": [(3, "d"), (72, "h")],
        "4 weeks": [(28, "d"), (4, "wk")],
        "month": [(1, "mo")],
    }
    others = [
        (period, unit) for unit in ("h", "d", "wk", "mo", "a") for period in (*range(80), 1.5, "x", "1", None, [1])
    ]
    ours = [pair for pairs in known.values() for pair in pairs]

    for name, pairs in known.items():
        assert [interval(*pair) for pair in pairs] == [name] * len(pairs)
    assert len(others) > 400 and {interval(*pair) for pair in others if pair not in ours} == {UNKNOWN}


def test_what_an_order_says_beside_the_interval_may_change_it() -> None:
    whole = {"frequency": 1, "boundsPeriod": {}, "timeOfDay": ["09:00:00"], "duration": 10, "durationUnit": "min"}

    assert interval(4, "wk", **whole) == interval(4, "wk", frequency=1) == "4 weeks"
    for more in (
        {"frequency": 2},
        {"frequencyMax": 2},
        {"count": 3},
        {"dayOfWeek": ["mon"]},
        {**whole, "when": ["HS"]},
    ):
        assert interval(4, "wk", **more) == UNKNOWN


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ({"text": "daily"}, "daily"),
        ({"text": "monthly", "coding": [{"code": "Q1MO"}]}, "month"),
        ({"text": "daily", "coding": [{"code": "monthly"}]}, UNKNOWN),
        ({"text": "three times a day"}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_an_interval_may_be_said_in_words(code: Node, expected: str) -> None:
    assert intervals_of({"dosageInstruction": [{"timing": {"code": code, "event": ["2026-11-02"]}}]}) == {expected}
    assert intervals_of({"dosageInstruction": [{"text": "as told"}, {"timing": {}}]}) == frozenset()


# The identifier of a code


def test_the_usual_identifier_is_the_records_and_two_record_numbers_are_not_certain() -> None:
    kind = concept("MR", "http://terminology.hl7.org/CodeSystem/v2-0203")
    usual, other = (
        {"system": "urn:a", "value": "1", "use": "usual"},
        {"system": "urn:b", "value": "2", "use": "secondary"},
    )
    alone = options(patient(identifier=[usual]), shot(), order()).code

    assert options(patient(identifier=[other, usual]), shot(), order()).code == alone
    assert options(patient(identifier=[other, {**usual, "use": "official"}]), shot(), order()).code == alone
    numbers = [{**usual, "type": kind}, {**other, "type": kind}]
    assert "several identifiers" in told(patient(identifier=numbers), shot(), order())
    assert options(patient(identifier=[numbers[0], numbers[0]]), shot(), order()).code == alone
