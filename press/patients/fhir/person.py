"""What an export says of one person, as the options of a list; what is in doubt is a fault, never a choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from press.errors import Sentence
from press.patients.fhir import messages as faults
from press.patients.fhir.collect import Collector
from press.patients.fhir.medicine import Medicine
from press.patients.fhir.order import UNKNOWN
from press.patients.fhir.records import MedicineRecord, Person, Source

KEYS = ("code", "name", "language", "form", "reason", "last_dose", "interval", "appointment", "prescriber")
_ACTIVE = frozenset({"active", "completed"})
_NO_ORDERS = frozenset({"entered-in-error", "draft"})
_ENDED = frozenset({"stopped", "cancelled"})


def read_person(person: Person, export: Collector) -> tuple[tuple[str, ...], Mapping[str, Sentence]]:
    """The cells of a person under KEYS, and what is wrong with them by option ("": with the person)."""
    if "" in person.faults:  # nothing is printed, whatever else is wrong
        return (person.code, *("" for _ in KEYS[1:])), MappingProxyType({"": person.faults[""]})
    wrong = dict(person.faults)
    own = [one for one in person.medicines if one.is_real]
    if any(one.medicine is Medicine.NEVER for one in own):
        wrong["form"] = faults.NEVER
    last = None if "form" in wrong else _last_dose(person, wrong)
    form = last.medicine.value if last else _form(own)
    orders = [one for one in person.medicines if _is_order(one, form)]
    named = export.order_at(last, orders) if last else None
    current = [named] if named else [one for one in orders if one.status in _ACTIVE]
    if last and _is_ended(orders):
        wrong.setdefault("last_dose", faults.STOPPED)
    cells = {
        "code": person.code,
        "name": person.name,
        "language": person.language,
        "form": form,
        "reason": _reason(person, own, export),
        "last_dose": last.when.day.isoformat() if last and last.when.day else "",
        "interval": _interval(current, form, export, wrong) if last else "",
        "appointment": _appointment(person, export.settings.day, wrong),
        "prescriber": _prescriber(current, export),
    }
    if "form" not in wrong:
        missing = (("reason", faults.NO_REASON), *((("interval", faults.NO_INTERVAL),) if last else ()))
        wrong.update((key, sentence) for key, sentence in missing if not cells[key] and key not in wrong)
    return tuple(cells[key] for key in KEYS), MappingProxyType(wrong)


def _is_order(record: MedicineRecord, form: str) -> bool:
    return record.source is Source.ORDER and record.medicine.value == form and record.status not in _NO_ORDERS


def _last_dose(person: Person, wrong: dict[str, Sentence]) -> MedicineRecord | None:
    """The last dose that was given; None, with a fault, if there is none or a later record leaves it in doubt."""
    last = person.last_day
    doses = [one for one in person.medicines if one.is_dose and one.when.day == last]
    later = [one for one in person.medicines if one.may_be_dose and _is_later(one, last)]
    if later or not doses:
        latest = max(
            later or person.medicines,
            key=lambda one: (one.is_administration, not one.is_error, one.when.day or date.max),
        )
        wrong["last_dose"] = faults.later(latest.words) if doses else faults.no_dose(latest.words)
        return None
    if len({one.medicine for one in doses}) > 1:
        wrong["last_dose"] = faults.TWO_FORMS
        return None
    return doses[0]


def _is_later(record: MedicineRecord, last: date | None) -> bool:
    return last is None or record.when.day is None or record.when.day > last


def _form(records: list[MedicineRecord]) -> str:
    """The form that all records agree on, of a person without a dose."""
    found = {one.medicine.value for one in records if one.medicine.is_ours}
    return found.pop() if len(found) == 1 else ""


def _is_ended(orders: list[MedicineRecord]) -> bool:
    """Whether an order was stopped and none is active."""
    states = {one.status for one in orders}
    return not states.isdisjoint(_ENDED) and states.isdisjoint(_ACTIVE)


def _reason(person: Person, records: list[MedicineRecord], export: Collector) -> str:
    """Why the person is treated: what doses, orders and visits say, else the list of problems, else config.yaml."""
    said = [reason for one in records if one.medicine.is_ours for reason in one.reasons]
    found = export.reasons_of([*said, *person.reasons]) or person.problems
    if len(found) > 1:
        return "both"
    return next(iter(found), export.settings.rules.reason)


def _interval(orders: list[MedicineRecord], form: str, export: Collector, wrong: dict[str, Sentence]) -> str:
    found = {interval for one in orders for interval in one.intervals}
    if len(found) > 1 or UNKNOWN in found:
        wrong["interval"] = faults.OTHER_INTERVAL if found == {UNKNOWN} else faults.SEVERAL_ORDERS
        return ""
    return next(iter(found), export.settings.rules.intervals.get(form, ""))


def _appointment(person: Person, day: date, wrong: dict[str, Sentence]) -> str:
    """The next booked appointment after the day of the pages."""
    if any(one.fault for one in person.appointments):
        wrong["appointment"] = faults.APPOINTMENT
        return ""
    coming = [one for one in person.appointments if one.day and one.day > day]
    if not coming:
        return ""
    first = min(coming, key=lambda one: (one.day or date.max, one.moment is None, one.moment or 0))
    return first.moment.strftime("%Y-%m-%d %H:%M") if first.moment else str(first.day)


def _prescriber(orders: list[MedicineRecord], export: Collector) -> str:
    """Who ordered the medicine, if that is one person."""
    names = {export.prescriber(one.requester) for one in orders} - {""}
    return names.pop() if len(names) == 1 else ""
