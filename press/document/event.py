"""Define an event for a calendar, and write what it says (RFC 5545): a title and a day, and nothing else.

A telephone shows the title on its lock screen, so it says nothing of a treatment, a place or a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from press.records import dataclass

LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Event:
    """What goes into a calendar: a title and a day, with a time of day where one is known."""

    title: str
    day: date
    time: time | None = None


def event_lines(event: Event, zone: str = "") -> Iterator[str]:
    """The title and the day; a time is that of a zone, or of where the reader is."""
    yield f"SUMMARY:{escape_text(event.title)}"
    if event.time is None:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    else:
        yield f"DTSTART{f';TZID={zone}' if zone else ''}:{datetime.combine(event.day, event.time):%Y%m%dT%H%M%S}"


def bare_event(event: Event) -> str:
    """The event alone, as a camera reads it from a code: no id and no rules of a zone."""
    return LINE_END.join(["BEGIN:VEVENT", *event_lines(event), "END:VEVENT"])


def escape_text(text: str) -> str:
    """Escape a text for iCalendar (RFC 5545, 3.3.11), on one line."""
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())
