"""`make --format ics`: the appointment of one person for a telephone. Made-up people only."""

from __future__ import annotations

from pathlib import Path

from icalendar import Calendar, Component

from tests.support import Shop

DAY = ("--today", "2026-11-23")
SHOT = ("--set", "code=P-104", "--set", "last_dose=2026-11-02", "--set", "interval=4 weeks", *DAY)
VISIT = ("--set", "appointment=2026-11-27 14:30", "--set", "name=Jo Example")


def events(path: str) -> list[Component]:
    return Calendar.from_ical(Path(path.strip()).read_bytes()).walk("VEVENT")


def test_the_appointment_has_a_random_id_and_says_nothing_of_the_person(shop: Shop) -> None:
    made = [shop.run("make", "--format", "ics", *SHOT, *VISIT) for _ in range(2)]
    [event], data = events(made[0].stdout), Path(made[0].stdout.strip()).read_text("utf-8")

    assert made[0].exit_code == 0 and Path(made[0].stdout.strip()).name == "P-104-calendar-en.ics"
    assert (
        str(event["summary"]) == "Appointment" and event.decoded("dtstart").isoformat() == "2026-11-27T14:30:00-05:00"
    )
    assert "P-104" not in data and "Example" not in data and "altrex" not in data
    assert not (shop.root / "ledger.sqlite").exists(), "it is no page"
    spanish = shop.run("make", "--format", "ics", *SHOT, *VISIT, "-l", "es")
    assert str(events(spanish.stdout)[0]["summary"]) == "Cita" and events(spanish.stdout)[0]["uid"] != event["uid"]


def test_the_due_day_is_there_only_if_config_says_so_and_never_the_day_of_danger(shop: Shop) -> None:
    monthly = (*SHOT[:2], "--set", "last_dose=2026-11-05", "--set", "interval=month", *DAY)  # danger from December 3
    nothing = shop.run("make", "--format", "ics", *monthly)
    assert nothing.exit_code == 1 and "no day for a calendar" in nothing.stderr
    shop.edit("config.yaml", "calendar: [appointment]", "calendar: [appointment, due]")

    [due] = events(shop.run("make", "--format", "ics", *monthly).stdout)
    assert due.decoded("dtstart").isoformat() == "2026-12-05" and str(due["summary"]) == "Reminder"
    both = events(shop.run("make", "--format", "ics", *monthly, *VISIT).stdout)
    assert [str(event["summary"]) for event in both] == ["Appointment", "Reminder"]


def test_a_person_without_a_code_replaces_nobodys_file(shop: Shop) -> None:
    paths = {shop.run("make", "--format", "ics", "--set", "appointment=2026-11-27", *DAY).stdout for _ in range(2)}
    assert len(paths) == 2 == len(list((shop.root / "out").glob("personal-*.ics")))


def test_it_is_no_format_of_a_handout(shop: Shop) -> None:
    for more in (("benefits",), ("--beside", "es"), ("--watch",)):
        found = shop.run("make", "--format", "ics", *SHOT, *VISIT, *more)
        assert found.exit_code == 2 and "no page" in found.stderr
    assert shop.run("make", "--format", "ics", *SHOT, *VISIT, "-o", "x.pdf").exit_code == 2
