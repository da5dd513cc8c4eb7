"""An export of records (FHIR) as a list: what is taken, and what is refused by name with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from press.content.fhir_rules import RXNORM
from press.errors import HandoutError
from press.patients.options import Options
from press.patients.patient_list import Entry
from tests.patients.fhir_cases import (
    KEY,
    PRESCRIBER,
    Node,
    bundle,
    concept,
    lines,
    order,
    patient,
    people,
    shot,
    visit,
)

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def only(*resources: Node, **rules: Any) -> Entry:
    [entry] = people(bundle(*resources), **rules)
    return entry


def options(*resources: Node, **rules: Any) -> Options:
    found = only(*resources, **rules)
    assert found.options, [problem.message for problem in found.problems]
    return found.options


def told(*resources: Node, **rules: Any) -> str:
    """Everything that refuses a person."""
    found = only(*resources, **rules)
    assert found.options is None, "nothing was refused"
    return "; ".join(problem.message for problem in found.problems)


def refusal(data: bytes) -> str:
    with pytest.raises(HandoutError) as raised:
        people(data)
    return "; ".join(problem.message for problem in raised.value.problems)


def test_a_record_becomes_a_row_with_all_that_a_page_needs() -> None:
    found = options(patient(), order(), shot(), PRESCRIBER, visit("2026-11-30T19:30:00Z"))

    assert (found.name, found.language, found.form, found.reason) == ("Test Example", "es", "injection", "opioid")
    assert (str(found.last_dose), found.interval, found.prescriber) == (
        "2026-11-02", "4 weeks", "Dr. Sample Prescriber",
    )  # fmt: skip
    assert (
        found.appointment and str(found.appointment.day) == "2026-11-30" and str(found.appointment.time) == "14:30:00"
    )


def test_the_order_of_the_records_and_their_packing_make_no_difference() -> None:
    records = [patient(), order(), shot(), PRESCRIBER]
    expected = options(*records)

    [entry] = people(lines(*reversed(records)))

    assert entry.options == expected


def test_a_code_is_a_hash_that_the_key_decides_and_the_identifier_is_nowhere() -> None:
    found = people(bundle(patient(), shot()))
    [entry] = found
    assert entry.options
    code = entry.options.code

    assert code == options(patient(id="other"), shot("other"), order()).code  # the same identifier
    assert code != options(patient("2"), shot("2")).code
    assert len(code) == 11 and any(sign.isdigit() for sign in code)
    assert "MADE-UP" not in repr((entry, found.notes, found.how)) and KEY.hex() not in repr((entry, found.how))


def test_two_hundred_codes_are_codes_for_people_and_all_different() -> None:
    from press.patients.fhir.code import hash_identifier
    from press.patients.person_rules import _likeness

    codes = {hash_identifier("urn:x", str(number), KEY) for number in range(2000)}

    assert len(codes) == 2000 and not any(map(_likeness, codes))


def test_the_clinics_own_codes_are_taken_from_the_system_that_config_names() -> None:
    own = [{"system": "urn:clinic:codes", "value": "K-0417"}, {"system": "urn:x", "value": "other"}]

    assert options(patient(identifier=own), shot(), code_system="urn:clinic:codes").code == "K-0417"
    assert "`code`: this person has no identifier" in told(patient(), shot(), code_system="urn:clinic:codes")


def test_the_record_number_is_the_identifier_and_what_is_not_certain_is_refused() -> None:
    kind = concept("MR", "http://terminology.hl7.org/CodeSystem/v2-0203")
    number, other = {"system": "urn:a", "value": "1", "type": kind}, {"system": "urn:b", "value": "2"}
    old = {"system": "urn:a", "value": "0", "type": kind, "use": "old"}
    several = patient(identifier=[other, {"system": "urn:c", "value": "3"}])

    code = options(patient(identifier=[other, number, old]), shot()).code
    assert code == options(patient(identifier=[number]), shot()).code
    assert "several identifiers" in told(several, shot())
    assert options(several, shot(), record_system="urn:b").code == options(patient(identifier=[other]), shot()).code
    assert "no identifier" in told(patient(identifier=None), shot())


def test_several_people_with_one_identifier_are_refused() -> None:
    same = patient()["identifier"]
    first, second = people(bundle(patient(), patient("2", identifier=same), shot(), shot("2", when="2026-11-03")))

    assert first.options is None and "row 2 has the same code" in first.problems[0].message
    assert second.options is None and "row 1 has the same code" in second.problems[0].message


def test_two_people_with_one_id_get_no_records() -> None:
    entries = list(people(lines(patient(), patient(identifier=[{"value": "9"}]), shot(), patient("2"), shot("2"))))

    assert [bool(entry.options) for entry in entries] == [False, False, True]  # nobody knows whose the shot is
    assert "the same id" in entries[0].problems[0].message


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"status": "entered-in-error"}, "an administration with the status entered-in-error"),
        ({"status": "not-done"}, "an administration with the status not-done"),
        ({"status": "on-hold"}, "an administration with the status on-hold"),
        ({"status": "in-progress"}, "an administration with the status in-progress"),
        ({"status": "stopped"}, "an administration with the status stopped"),
        ({"status": None}, "an administration with the status unknown"),
        ({"effectiveDateTime": "2026-11"}, "an administration whose date lacks its day"),
        ({"effectiveDateTime": "2026"}, "an administration whose date lacks its day"),
        ({"effectiveDateTime": "2026-02-30"}, "an administration whose date is none"),
        ({"effectiveDateTime": "2026-11-02T10:00:00"}, "an administration with a time and no time zone"),
        ({"effectiveDateTime": "2026-11-02T00:00:00Z"}, "an administration at midnight of universal time"),
        ({"effectiveDateTime": None}, "an administration without a date"),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-01", "end": "2026-11-03"}},
            "an administration that went on for several days",
        ),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-01"}}, "several days"),
        ({"medicationCodeableConcept": concept("7243", text="Naltrexone")}, "a code that config.yaml does not know"),
        ({"medicationCodeableConcept": {"text": "VIVITROL 380 mg"}}, "a code that config.yaml does not know"),
        ({"medicationCodeableConcept": concept("637213", "urn:another", "naltrexone")}, "does not know"),
        ({"medicationCodeableConcept": None, "medicationReference": {"reference": "Medication/9"}}, "not in this export"),
        ({"modifierExtension": [{"url": "urn:not-really"}]}, "a modifier"),
    ],
)  # fmt: skip
def test_what_is_no_certain_dose_is_refused_with_the_reason(more: Node, expected: str) -> None:
    alone = told(patient(), shot(**more))
    assert expected in alone and "no dose was given that this export knows of" in alone

    after = [patient(), order(), shot(when="2026-10-05"), shot(**{"effectiveDateTime": "2026-11-02", **more})]
    if more.get("status") in ("entered-in-error", "not-done"):  # nothing was given, so the one before is the last
        assert str(options(*after).last_dose) == "2026-10-05"
    else:
        assert expected in told(*after) and "after the last dose" in told(*after)


def test_an_order_a_dispense_or_a_vaccination_is_no_dose() -> None:
    medicine, subject = concept("637213"), {"reference": "Patient/1"}
    dispense = {"resourceType": "MedicationDispense", "id": "d", "status": "completed", "whenHandedOver": "2026-11-02",
                "medicationCodeableConcept": medicine, "subject": subject}  # fmt: skip
    said = {**dispense, "resourceType": "MedicationStatement", "id": "s"}
    vaccination = {"resourceType": "Immunization", "id": "i", "status": "completed", "vaccineCode": medicine,
                   "patient": subject, "occurrenceDateTime": "2026-11-20"}  # fmt: skip

    assert "an order (MedicationRequest)" in told(patient(), order())
    assert "a dispensed medicine (MedicationDispense)" in told(patient(), dispense)
    assert "a statement (MedicationStatement)" in told(patient(), said)
    assert "a vaccination (Immunization)" in told(patient(), vaccination)
    assert options(patient(), shot(), order(), dispense, said).last_dose
    assert "a vaccination (Immunization)" in told(patient(), shot(), vaccination)


def test_bupropion_with_naltrexone_refuses_the_person_and_nothing_is_printed() -> None:
    contrave = order(id="c", medicationCodeableConcept=concept("1551468"))
    entry = only(patient(), shot(), contrave)

    assert entry.options is None
    assert [problem.place.heading for problem in entry.problems] == ["form"]
    assert options(patient(), shot(), {**contrave, "status": "entered-in-error"}).last_dose


def test_a_prescribed_code_is_data_of_config() -> None:
    other = shot(medicationCodeableConcept=concept("99"))

    assert options(patient(), other, injection=("637213", "99")).form == "injection"
    with pytest.raises(HandoutError):
        people(bundle(patient(), other))  # nobody has naltrexone
    with pytest.raises(HandoutError, match="1 problem"):
        people(bundle(patient(), shot()), tablet=("637213",))


def test_the_last_of_several_doses_counts_and_one_to_come_is_left_to_the_date_rules() -> None:
    doses = [shot(when="2026-10-05"), shot(when="2026-11-02"), shot(when="2026-09-07")]

    assert str(options(patient(), order(), *doses).last_dose) == "2026-11-02"
    assert str(options(patient(), order(), *doses, shot(when="2027-01-04")).last_dose) == "2027-01-04"


def test_tablets_after_a_shot_are_tablets_and_both_on_one_day_are_refused() -> None:
    tablet = concept("1483744")
    later, same = (
        shot(when=day, id=f"t{day}", medicationCodeableConcept=tablet) for day in ("2026-11-20", "2026-11-02")
    )

    assert options(patient(), shot(), later).form == "tablet"
    assert "an injection and a tablet were given on the same last day" in told(patient(), shot(), same)


def test_days_are_those_of_the_clinic() -> None:
    def day(when: str) -> str:
        return str(options(patient(), shot(when=when)).last_dose)

    assert day("2026-11-03T01:30:00Z") == "2026-11-02"
    assert day("2026-11-02T23:59:59.999-08:00") == "2026-11-03"
    assert day("2026-11-01T01:30:00-04:00") == day("2026-11-01T01:30:00-05:00") == "2026-11-01"  # the clock goes back
    assert day("2026-11-02T05:00:00Z") == "2026-11-02"


def test_medicines_may_be_contained_or_referred_to_and_r5_has_its_own_shape() -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": concept("637213")}
    bare = shot(medicationCodeableConcept=None)
    r5 = {**bare, "effectiveDateTime": None, "occurenceDateTime": "2026-11-02"}
    shapes = [
        {**bare, "medicationReference": {"reference": "Medication/m"}},
        {**bare, "medicationReference": {"reference": "https://records.invalid/Medication/m/_history/3"}},
        {**bare, "medicationReference": {"reference": "#in"}, "contained": [{**medication, "id": "in"}]},
        {**r5, "medication": {"concept": concept("637213")}},
        {**r5, "medication": {"reference": {"reference": "Medication/m"}}},
    ]
    for shape in shapes:
        assert str(options(patient(), medication, order(), shape).last_dose) == "2026-11-02"


def test_a_reference_to_another_server_is_not_taken_for_this_one() -> None:
    elsewhere = shot(subject={"reference": "https://another.invalid/Patient/1"})
    found = people(bundle(patient(), order(), elsewhere))

    assert "no dose was given" in "".join(problem.message for entry in found for problem in entry.problems)
    assert any("people who are not in this export: 1" in note.message for note in found.notes)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"deceasedBoolean": True}, "has died"),
        ({"deceasedDateTime": "2026-10-01"}, "has died"),
        ({"active": False}, "no more in use"),
        ({"link": [{"type": "replaced-by", "other": {"reference": "Patient/2"}}]}, "no more in use"),
        ({"modifierExtension": [{"url": "urn:x"}]}, "modifier"),
        ({"name": [{"use": "official", "text": "A Test"}, {"use": "official", "text": "B Test"}]}, "official name"),
    ],
)
def test_a_record_that_is_not_to_be_printed_from_is_refused(more: Node, expected: str) -> None:
    assert expected in told(patient(**more), shot(), order())


def test_names_and_languages() -> None:
    def name(*names: Node) -> str:
        return options(patient(name=list(names)), shot()).name

    official = {"use": "official", "given": ["Test", "Q."], "family": "Example", "suffix": ["Jr."]}
    assert name({"use": "old", "text": "Old Test"}, official) == "Test Q. Example Jr."
    assert name({"use": "usual", "text": "Usual Test"}, {"use": "nickname", "text": "T"}) == "Usual Test"
    assert name({"text": "Plain Test"}) == "Plain Test"
    assert name({"use": "maiden", "text": "Maiden Test"}) == ""

    def language(*said: Node) -> str:
        return options(patient(communication=list(said)), shot()).language

    spanish, english = {"language": {"text": "Spanish"}}, {"language": concept("en-US", "urn:ietf:bcp:47")}
    assert language(spanish) == "es"
    assert language({**spanish, "preferred": True}, english) == "es"
    assert language(spanish, english) == "" == language({**english, "preferred": False})


def test_reasons_come_from_codes_that_are_data() -> None:
    def condition(code: str, **more: Any) -> Node:
        return {
            "resourceType": "Condition",
            "id": code,
            "code": concept(code, ICD),
            "subject": {"reference": "Patient/1"},
            **more,
        }

    bare = order(reasonCode=None)
    met = {"resourceType": "Encounter", "id": "e", "status": "finished", "subject": {"reference": "Patient/1"}}
    alcohol = {**met, "reasonCode": [concept("F10.20", ICD)]}
    referred = {**met, "diagnosis": [{"condition": {"reference": "Condition/F11.20"}}]}
    r5 = {**met, "reason": [{"value": [{"concept": concept("F10.20", ICD)}]}]}
    snomed = {**met, "type": [concept("75544000", "http://snomed.info/sct")]}

    def reason(*records: Node, **rules: Any) -> str:
        return options(patient(), shot(), *records, **{"reason": "", **rules}).reason

    assert reason(bare, alcohol) == "alcohol" == reason(bare, r5)
    assert reason(order(), alcohol) == "both"
    assert reason(bare, referred, condition("F11.20")) == "opioid"
    assert reason(bare, condition("F10.20")) == "alcohol"
    assert reason(bare, snomed, opioid=("http://snomed.info/sct|75544000",)) == "opioid"
    assert reason(bare, reason="alcohol") == "alcohol"
    none = [
        [],
        [{**alcohol, "status": "entered-in-error"}],
        [condition("F11.20", clinicalStatus=concept("resolved", "urn:x"))],
    ]
    for records in (*none, [condition("F110")]):  # which begins like F11, and is no part of it
        assert "`reason`: no code" in told(patient(), shot(), bare, *records, reason="")


def test_a_record_that_does_not_say_the_interval_is_refused() -> None:
    assert "`interval`: no order" in told(patient(), shot(), order(dosageInstruction=None), intervals={})


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        ({"period": 4, "periodUnit": "wk"}, "4 weeks"),
        ({"frequency": 1, "period": 28.0, "periodUnit": "d"}, "4 weeks"),
        ({"period": 1, "periodUnit": "mo"}, "month"),
    ],
)
def test_the_interval_is_that_of_the_order(repeat: Node, expected: str) -> None:
    assert options(patient(), shot(), order(dosageInstruction=[{"timing": {"repeat": repeat}}])).interval == expected


def test_an_interval_that_is_none_of_ours_or_not_certain_is_refused() -> None:
    def ordered(period: int, **more: Any) -> Node:
        return order(dosageInstruction=[{"timing": {"repeat": {"period": period, "periodUnit": "wk", **more}}}])

    assert "an interval that is none of the press's" in told(patient(), shot(), ordered(3))
    assert "an interval that is none of the press's" in told(patient(), shot(), ordered(4, frequency=2))
    assert "an interval that is none of the press's" in told(patient(), shot(), ordered(4, periodMax=5))
    bare = shot(request=None)
    other = order(id="o2", dosageInstruction=[{"timing": {"repeat": {"period": 1, "periodUnit": "mo"}}}])
    assert "different intervals" in told(patient(), bare, ordered(4), other)
    assert options(patient(), bare, order(dosageInstruction=None), intervals={"injection": "month"}).interval == "month"


def test_an_order_that_was_stopped_needs_a_clerk() -> None:
    assert "was stopped" in told(patient(), shot(), order(status="stopped"))
    assert "was stopped" in told(patient(), shot(), order(status="cancelled"))
    assert options(patient(), shot(), order(status="stopped"), order(id="new")).last_dose


def test_the_next_appointment_is_the_first_booked_one_after_the_day_of_the_pages() -> None:
    def day(*visits: Node, **rules: Any) -> str:
        found = options(patient(), shot(), *visits, **rules).appointment
        return f"{found.day} {found.time}" if found else ""

    booked = [visit("2026-12-21T15:00:00Z"), visit("2026-11-23T20:00:00Z"), visit("2026-11-30T15:00:00-05:00")]
    assert day(*booked) == "2026-11-30 15:00:00"
    assert day(visit("2026-11-30T15:00:00Z", status="cancelled")) == ""
    declined = [{"actor": {"reference": "Patient/1"}, "status": "declined"}]
    assert day(visit("2026-11-30T15:00:00Z", participant=declined)) == ""
    shots = visit("2026-12-21T15:00:00Z", id="v2", serviceType=[concept("SHOT", "urn:x")])
    assert day(visit("2026-11-30T15:00:00Z"), shots, appointments=("SHOT",)) == "2026-12-21 10:00:00"
    assert "`appointment`" in told(patient(), shot(), visit("2026-11"))


def test_people_without_naltrexone_are_not_on_the_list_and_counted() -> None:
    found = people(bundle(patient(), patient("2"), shot(), {"resourceType": "Observation", "id": "o"}))

    assert list(found.numbers) == [1]
    assert [note.message for note in found.notes] == [
        "no record of naltrexone, so not on the list: row 2", "not read: Observation 1",
    ]  # fmt: skip


def test_what_is_no_whole_export_is_refused() -> None:
    next_page = {"link": [{"relation": "next", "url": "urn:page:2"}]}
    assert "one page of several" in refusal(bundle(patient(), shot(), **next_page))
    both = bundle(patient(), **next_page) + bundle(shot(), link=[{"relation": "self", "url": "urn:page:2"}])
    assert people(both).people == 1
    assert "a history" in refusal(bundle(patient(), shot(), type="history"))
    deleted = b'{"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE", "url": "Patient/1"}}]}'
    assert "a history" in refusal(deleted)
    assert "as XML" in refusal(b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>')
    for data in (b'{"rows": []}', b"{}", b"[]"):
        assert "no record (FHIR)" in refusal(data) or "damaged" in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        bundle(patient(), shot())[:-10],
        bundle(patient(), shot()) + b"x",
        bundle(patient(), shot()).replace(b'"status"', b'"status": "completed", "status"'),
        bundle(patient(), shot()).replace(b"Example", b"\xff"),
        b'{"resourceType": "Bundle", "entry": [' + b"[" * 200_000,
        b'{"resourceType" "Patient"}',
    ],
)
def test_damaged_json_is_refused_without_its_words(data: bytes) -> None:
    assert refusal(data) == "this export (FHIR) cannot be read: it is damaged or cut off"


def test_wrong_shapes_are_absent_and_never_a_crash() -> None:
    for wrong in (None, 1, "x", [], {}, [[]], [None], {"reference": 1}, True, {"coding": "x"}):
        for key in ("identifier", "name", "communication", "link"):
            people(bundle(patient(**{key: wrong}), shot(), order()))
        for key in ("subject", "status", "medicationCodeableConcept", "effectiveDateTime", "request", "reasonCode"):
            people(bundle(patient(), order(), shot(), shot(id="other", **{key: wrong})))
        for key in ("dosageInstruction", "requester", "authoredOn"):
            people(bundle(patient(), shot(), order(**{key: wrong})))
        people(bundle(patient(), shot(), visit("2026-12-01", start=wrong, participant=wrong)))
    assert RXNORM in str(shot())
