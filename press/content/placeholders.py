"""What may stand in braces in a text, or be asked for by a condition, and which line to write on stands in for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "clinic_name": "the clinic's name",
        "clinic_phone": "the clinic's phone number",
        "after_hours_phone": "the phone number when the clinic is closed",
        "injection_brand": "the brand name of the shot",
        "tablet_brand": "the brand name of the tablets",
        "name": "the patient's name or initials, if staff typed them",
        "naloxone_given": "only for needs and lacks: staff gave the patient naloxone",
        "closed_today": "only for needs and lacks: the clinic is closed on the day the page is for",
        "late_visit": "only for needs and lacks: the appointment lies after the due day",
        "watch_now": "only for needs and lacks: the day of extra care has come, if the clinic prints it",
        "tablets_while_drinking": "only for needs and lacks: the clinic starts tablets with people who still drink",
        "prescriber": "who prescribed the medicine",
        "started": "the day treatment began",
        "last_dose": "the day the last dose was given",
        "card_last_dose": "on a wallet card: the day the last dose was given, if the clinic prints it there",
        "by_hand": "always a line to write on, whatever staff typed",
        "due": "the day the next dose is due",
        "danger_from": "the day from which the danger is higher: 28 days after the last shot at the latest",
        "watch_from": "the day from which to take extra care, if the clinic prints it",
        "higher_from": "for a visit after the due day: the day from which the danger is higher",
        "planned": "the due dates after the next one, if the clinic prints them",
        "offered": "an open day before the due day, when the clinic is closed on the due day",
        "appointment": "the appointment that staff typed",
        "closed_weekdays": "the days of the week on which the clinic is closed",
        "closed_dates": "the other days on which it is closed, in the months of the page's calendar",
        "today": "the day the page is printed",
        "checked": "the day the helpline numbers were last checked",
        "approved_by": "who signed the words off",
        "approved_role": "the profession of who signed the words off",
        "approved_on": "the month in which the words were signed off",
        "approved_until": "the month in which the words must be looked at again",
    }
)
CONDITIONS = frozenset(
    {"naloxone_given", "closed_today", "late_visit", "watch_now", "tablets_while_drinking"}
)  # what a condition may ask for and no text may show


def blank_of(placeholder: str) -> str:
    """Name the phrase of the line to write on where a value is missing; all closed days share one."""
    if placeholder.startswith("closed_"):
        return "blank-planned"
    return "blank-danger-from" if placeholder == "higher_from" else "blank-" + placeholder.replace("_", "-")
