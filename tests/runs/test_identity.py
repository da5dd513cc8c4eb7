"""Nobody gets another's page: each value on it is one of the person's own, or the clinic's, or a helpline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from press.compose.tailor import PatientValues, resolve_values
from press.content.clinic import Clinic
from press.content.fields import Appointment
from press.content.handout import Handout
from press.patients.options import Options
from press.runs.handout import complete
from press.runs.identity import WrongPatientError, prove_owner
from tests.helpers import TODAY, press

OWN = Options(
    name="Ana Zerbinetta",
    form="injection",
    last_dose=date(2026, 11, 20),
    interval="4 weeks",
    appointment=Appointment(date(2026, 12, 1), time(9, 30)),
)


def person(options: Options = OWN) -> tuple[PatientValues, Handout, Clinic]:
    """What the page of one person may say, resolved from the options alone."""
    full, _ = complete(press(), options, TODAY)
    handout = press().handout("overdose-warning", "en")
    return resolve_values(handout, full, press().clinic, TODAY), handout, press().clinic


def refused(field: str, text: str, options: Options = OWN) -> str:
    with pytest.raises(WrongPatientError) as caught:
        prove_owner([(field, text)], *person(options))
    return str(caught.value)


RIGHT = [
    ("name", "AnaZerbinetta"),
    ("due", "Friday,December18,2026"),
    ("appointment", "Tuesday,December1,2026,9:30AM"),
    ("appointment", "9:30AM"),
    ("address", "1ExampleStreet"),
    ("address", "Anytown"),
    ("clinic_name", "Made-upClinic"),
    ("clinic_phone", "(212)555-0142"),
    ("after_hours_phone", "(212)555-0143"),
    ("helplines/helpline", "1-800-662-HELP(4357)"),
]
WRONG = [
    ("name", "BoPapagena"),
    ("name", "Ana"),
    ("name", "Anytown"),
    ("due", "Saturday,December19,2026"),
    ("due", "Tuesday,December1,2026,9:30AM"),
    ("appointment", "9:31AM"),
    ("appointment", "Tuesday,December1,2026,9:31AM"),
    ("address", "2ExampleStreet"),
    ("address", "1ExampleStreetAnytown"),
    ("address", ""),
    ("clinic_phone", "(212)555-0143"),
    ("helplines/helpline", "1-800-662-HELP(4358)"),
    ("helplines/helpline", "911"),
    ("helplines/nobody", "911"),
    ("prescriber", "Dr.MadeUp"),
]


@pytest.mark.parametrize(("field", "text"), RIGHT)
def test_a_value_of_the_person_or_the_clinic_passes(field: str, text: str) -> None:
    prove_owner([(field, text)], *person())


@pytest.mark.parametrize(("field", "text"), WRONG)
def test_any_other_value_is_refused_by_its_field_alone(field: str, text: str) -> None:
    message = refused(field, text)

    assert message == f"the value of `{field}` on a page is not this person's"
    assert not text or text not in message


def test_one_wrong_value_among_right_ones_is_found() -> None:
    for place in range(len(RIGHT) + 1):
        shown = [*RIGHT[:place], WRONG[0], *RIGHT[place:]]
        with pytest.raises(WrongPatientError, match="name"):
            prove_owner(shown, *person())


def test_the_letterhead_of_another_clinic_is_refused() -> None:
    """The address is the one value with several texts: any line of it, and no other."""
    wanted, handout, clinic = person()
    moved = replace(clinic, address=("7 Other Street",))
    prove_owner([("address", "7OtherStreet")], wanted, handout, moved)

    for line in ("1ExampleStreet", "Anytown"):
        with pytest.raises(WrongPatientError):
            prove_owner([("address", line)], wanted, handout, moved)
    with pytest.raises(WrongPatientError):
        prove_owner([("address", "Anytown")], wanted, handout, replace(clinic, address=()))


def test_an_hour_stands_alone_for_an_appointment_only() -> None:
    refused("due", "9:30AM")
    refused("appointment", "9:30AM", replace(OWN, appointment=Appointment(date(2026, 12, 1))))
    refused("appointment", "9:30AM", replace(OWN, appointment=None))


def test_an_appointment_without_an_hour_is_its_day() -> None:
    day_only = replace(OWN, appointment=Appointment(date(2026, 12, 1)))

    prove_owner([("appointment", "Tuesday,December1,2026")], *person(day_only))
    refused("appointment", "Tuesday,December1,2026")


def test_a_value_that_was_not_given_may_only_be_empty() -> None:
    prove_owner([("prescriber", "")], *person())
