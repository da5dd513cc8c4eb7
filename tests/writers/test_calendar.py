"""Calendar files, read back by another program: the time that was meant, and nothing that says more than a title."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component

from press.document.event import Event, bare_event
from press.writers.calendar import write_calendar

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/New_York"))
VISIT = Event("Appointment", date(2026, 11, 30), time(14, 30))


def written(*events: Event, zone: str = "America/New_York") -> Component:
    return Calendar.from_ical(write_calendar(events, zone, [f"id{n}" for n, _ in enumerate(events)], NOW))


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Phoenix", "Europe/Lisbon", "Asia/Kathmandu", "Australia/Lord_Howe"]
)
@pytest.mark.parametrize(
    "day", [date(2026, 11, 30), date(2026, 7, 1), date(2026, 3, 29), date(2026, 11, 1), date(2027, 3, 14)]
)
def test_a_time_is_the_clinics_with_the_rules_of_its_zone(zone: str, day: date) -> None:
    data = write_calendar([Event("Appointment", day, time(14, 30))], zone, ["id"], NOW)
    other = data.replace(
        zone.encode(), f"Some/{zone[-4:]}{day}".encode()
    )  # a zone that nobody knows: its rules are read
    meant = datetime.combine(day, time(14, 30), ZoneInfo(zone))

    for text in (data, other):
        [event] = Calendar.from_ical(text).walk("VEVENT")
        found = event.decoded("dtstart")
        assert found.replace(tzinfo=None) == meant.replace(tzinfo=None)
        assert found.utcoffset() == meant.utcoffset(), text.decode()


def test_a_day_without_a_time_is_a_whole_day() -> None:
    calendar = written(Event("Appointment", date(2026, 11, 30)))
    [event] = calendar.walk("VEVENT")

    assert event.decoded("dtstart") == date(2026, 11, 30) and not calendar.walk("VTIMEZONE")
    assert event.walk("VALARM")[0].decoded("trigger") == timedelta(hours=-15)


def test_an_event_says_a_title_and_a_time_and_nothing_else() -> None:
    calendar = written(VISIT, Event("Reminder", date(2026, 12, 1)))
    first, second = calendar.walk("VEVENT")

    assert set(first) == {"SUMMARY", "DTSTART", "UID", "DTSTAMP", "CLASS"} == set(second)
    assert (first["summary"], second["summary"], first["class"]) == ("Appointment", "Reminder", "PRIVATE")
    assert first.decoded("dtstamp") == NOW.astimezone(UTC)
    assert first.walk("VALARM")[0].decoded("trigger") == timedelta(days=-1)
    assert len(write_calendar([VISIT], "America/New_York", ["id"], NOW).splitlines(keepends=True)[0]) == len(
        "BEGIN:VCALENDAR\r\n"
    )


def test_a_title_cannot_break_out_of_its_line() -> None:
    [event] = written(Event("a;b,c\\d\r\nDESCRIPTION:x", date(2026, 11, 30))).walk("VEVENT")

    assert str(event["summary"]) == "a;b,c\\d DESCRIPTION:x" and "description" not in event


def test_the_event_of_a_code_is_bare() -> None:
    whole = Event("Cita", date(2026, 11, 30))
    assert bare_event(VISIT).split("\r\n") == [
        "BEGIN:VEVENT", "SUMMARY:Appointment", "DTSTART:20261130T143000", "END:VEVENT",
    ]  # fmt: skip
    assert "DTSTART;VALUE=DATE:20261130" in bare_event(whole)
