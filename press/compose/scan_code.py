"""Choose the code to scan that a page shows: the appointment for a telephone's calendar, if the clinic wants it."""

from __future__ import annotations

from press.content.clinic import Clinic
from press.content.code_pictures import name_code
from press.content.handout import Handout
from press.content.library import EVENT_TITLE
from press.document.event import Event, bare_event
from press.document.nodes import plain
from press.patients.options import Options


def appointment_code(handout: Handout, options: Options, clinic: Clinic) -> str:
    """The picture of the appointment to scan, or "": nobody chose it, or the page has no place or no day for it."""
    visit = options.appointment
    if not (clinic.appointment_qr and visit and handout.has_code and "appointment" in clinic.dates.print):
        return ""
    title = plain(handout.phrases[EVENT_TITLE].children)
    return name_code(bare_event(Event(title, visit.day, visit.time)))
