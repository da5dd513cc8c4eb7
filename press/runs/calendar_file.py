"""A person's appointment as a file for the calendar of a telephone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime

from press.compose.shown_dates import shown_dates
from press.content.library import EVENT_TITLE, PHRASES
from press.delivery.filenames import PERSONAL
from press.document.event import Event
from press.errors import Place, refuse
from press.patients.course import course_of
from press.patients.options import Options
from press.runs.desk_delivery import FinishedPage
from press.runs.desk_run import PreparedRequest
from press.runs.handout import Site
from press.writers.calendar import write_calendar

ENDING = ".ics"


def make_calendar(prepared: PreparedRequest, now: datetime) -> FinishedPage:
    """Make the calendar file of one reader: what config.yaml names of appointment and due day, never the day of danger.

    Its ids are random and say nothing of the person. Raises HandoutError if there is no such day.
    """
    request, options = prepared.request, prepared.options
    events = list(_events(request.site, options, request.today))
    if not events:
        hint = "type `appointment`; or let `calendar` in config.yaml name the due day as well"
        raise refuse(Place("--format"), "this person has no day for a calendar", hint, private=True)
    ids = [secrets.token_hex(16) for _ in events]
    data = write_calendar(events, request.site.clinic.time_zone, ids, now)
    name = options.code or f"{PERSONAL}-{secrets.token_hex(4)}"  # never the name of another person's file
    return FinishedPage(f"{name}-calendar-{options.language}{ENDING}", data)


def _events(site: Site, options: Options, today: date) -> Iterator[Event]:
    clinic, visit = site.clinic, options.appointment
    if visit and "appointment" in clinic.calendar:
        yield Event(_title(site, EVENT_TITLE, options), visit.day, visit.time)
    shown = shown_dates(course_of(options, clinic, today), clinic)
    for day in shown.days.get("due", ())[:1]:
        if "due" in clinic.calendar and not (visit and visit.day == day):
            yield Event(_title(site, "calendar-due", options), day)


def _title(site: Site, name: str, options: Options) -> str:
    """The title of an event, from the running words of the person's language. Raises HandoutError if they lack it."""
    texts = site.library.words(PHRASES, options.language).texts
    if name not in texts:
        place = Place(f"handouts/{PHRASES}/{options.language}.yaml")
        raise refuse(place, f"text `{name}` is missing", "it is the title in the calendar of a telephone")
    return texts[name][0]
