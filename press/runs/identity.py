"""Patient identity: every value on a page is compared with the options of the person it is for.

The values are computed again from the options as they were read, not taken from what was
composed: a page that some cache or shared object mixed up does not prove itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from press.compose.tailor import PatientValues
from press.content.clinic import Clinic
from press.content.handout import Handout
from press.content.localize import time_in_words


class WrongPatientError(RuntimeError):
    """A page shows a value of another patient: a fault of the program, nothing that a clerk can correct."""


def prove_owner(shown: Iterable[tuple[str, str]], wanted: PatientValues, handout: Handout, clinic: Clinic) -> None:
    """Raise WrongPatientError unless every value on paper is one that `wanted` has for its field.

    `shown` are the values of a page: each field, and its text without spaces, as a value may be
    broken over lines. `wanted` is resolved again from the person's own options.
    """
    for field, text in shown:
        if text not in _allowed(field, wanted, handout, clinic):
            raise WrongPatientError(f"the value of `{field}` on a page is not this person's")


def _allowed(field: str, wanted: PatientValues, handout: Handout, clinic: Clinic) -> Iterable[str]:
    """List every text that a value may have on this person's page."""
    if field.startswith("helplines/"):
        return (_bare(handout.helplines.numbers.get(field.removeprefix("helplines/"), "")),)
    if field == "address":
        return map(_bare, clinic.address)
    whole = _bare(wanted.values.get(field, ""))
    if field == "appointment" and wanted.options.appointment and wanted.options.appointment.time:
        return whole, _bare(time_in_words(wanted.options.appointment.time, handout.language))  # in a day of a month
    return (whole,)


def _bare(text: str) -> str:
    return "".join(text.split())
