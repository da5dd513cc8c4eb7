"""Write appointments as an iCalendar file (RFC 5545) for the calendar of a telephone.

A telephone copies all of it to other computers, so an id says nothing of the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from press.document.event import LINE_END, Event, escape_text, event_lines

_DAY = timedelta(days=1)
_FAR = 400  # days before an event in which its zone has changed its clock, if it ever does


def write_calendar(events: Sequence[Event], zone: str, ids: Sequence[str], now: datetime) -> bytes:
    """Write events with an id each, made at `now`; a time is that of the clinic, with the rules of its zone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Handouts//EN", "CALSCALE:GREGORIAN"]
    if timed := [event for event in events if event.time]:
        lines += _zone(zone, min(event.day for event in timed), max(event.day for event in timed))
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for event, name in zip(events, ids, strict=True):
        lines += ["BEGIN:VEVENT", f"UID:{name}", f"DTSTAMP:{stamp}", *event_lines(event, zone), "CLASS:PRIVATE"]
        lines += [*_reminder(event), "END:VEVENT"]
    return LINE_END.join([*lines, "END:VCALENDAR", ""]).encode()


def _reminder(event: Event) -> list[str]:
    """One day before; of a whole day at nine in the morning of the day before."""
    trigger = "-P1D" if event.time else "-PT15H"
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escape_text(event.title)}",
        f"TRIGGER:{trigger}",
        "END:VALARM",
    ]


def _zone(name: str, first: date, last: date) -> Iterator[str]:
    """The rules of a zone, as the changes of its clock from before the first day on up to the last."""
    zone = ZoneInfo(name)
    start = datetime.combine(first, time()) - timedelta(days=_FAR)
    days = (start + n * _DAY for n in range((last - first).days + _FAR + 2))
    changes = [_change(zone, day) for day in days if _offset(zone, day) != _offset(zone, day + _DAY)]
    yield from ("BEGIN:VTIMEZONE", f"TZID:{name}")
    before = _offset(zone, start)
    for at in changes or [start]:
        after = _offset(zone, at + timedelta(hours=3))
        kind = "DAYLIGHT" if (at + timedelta(hours=3)).replace(tzinfo=zone).dst() else "STANDARD"
        yield from (f"BEGIN:{kind}", f"DTSTART:{at:%Y%m%dT%H%M%S}")
        yield from (f"TZOFFSETFROM:{_signed(before)}", f"TZOFFSETTO:{_signed(after)}", f"END:{kind}")
        before = after
    yield "END:VTIMEZONE"


def _offset(zone: ZoneInfo, local: datetime) -> timedelta:
    return local.replace(tzinfo=zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, day: datetime) -> datetime:
    """The local time, by the clock before, at which the clock changes in the day from this moment on."""
    old, start = _offset(zone, day), day.replace(tzinfo=zone).astimezone(UTC)
    minutes = range(24 * 60 * 2)
    found = next(n for n in minutes if (start + timedelta(minutes=n)).astimezone(zone).utcoffset() != old)
    return (start + timedelta(minutes=found)).replace(tzinfo=None) + old


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
