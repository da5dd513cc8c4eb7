"""The dates of a page in months: each day in its own cell, in the week of the reader's country."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.compose.shown_dates import MOST_MONTHS, Month, Shown, date_values, months_of, shown_dates
from press.content.clinic import DATES, Closed, Dates
from press.content.fields import Appointment
from press.content.handout import all_blocks
from press.content.localize import first_weekday, weekdays_in_words
from press.document.nodes import MARKS, Content, Text
from press.patients.course import course_of
from press.patients.options import Options
from tests.support import TODAY, clinic_with, tailored

LABELS = {kind: Content(f"a/{kind}", (Text(kind),)) for kind in MARKS}
ALL_MONTHS = [date(year, month, 1) for year in range(2026, 2033) for month in range(1, 13)]


def month(first: date, language: str = "en", **days: tuple[date, ...]) -> Month:
    (found,) = months_of(Shown(days, (first,), frozenset()), LABELS, None, language)
    return found


def shown(options: Options, *names: str, closed: Closed = Closed(), today: date = TODAY, upcoming: int = 1) -> Shown:
    clinic = clinic_with(dates=Dates(print=names, upcoming=upcoming), closed=closed).clinic
    return shown_dates(course_of(options, clinic, today), clinic)


# The grid


@pytest.mark.parametrize("first", ALL_MONTHS, ids=str)
def test_every_day_of_a_month_stands_once_under_its_weekday(first: date) -> None:
    """Leap years, and months that begin on the first day of the week, among them."""
    found = month(first)
    cells = [(column, day.number) for week in found.weeks for column, day in enumerate(week) if day]

    assert [number for _, number in cells] == list(range(1, monthrange(first.year, first.month)[1] + 1))
    assert all((first.replace(day=number).weekday() + 1) % 7 == column for column, number in cells)
    assert all(len(week) == 7 and any(week) for week in found.weeks)
    assert [head.name for head in found.weekdays] == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]


def test_the_months_hold_every_shape() -> None:
    """Four, five and six weeks; without them the test above would prove less."""
    shapes = {len(month(first).weeks) for first in ALL_MONTHS}

    assert shapes == {4, 5, 6} and monthrange(2028, 2)[1] == monthrange(2032, 2)[1] == 29


@pytest.mark.parametrize(
    ("language", "first", "name"),
    [
        ("en", 6, "November 2026"),
        ("es", 6, "noviembre de 2026"),
        ("es-MX", 6, "noviembre de 2026"),
        ("fr", 6, "novembre 2026"),
        ("fr-FR", 0, "novembre 2026"),
    ],
)
def test_the_week_begins_as_in_the_country_and_its_names_are_of_the_language(
    language: str, first: int, name: str
) -> None:
    found = month(date(2026, 11, 1), language)

    assert found.name == name and first_weekday(language) == first
    assert found.weekdays[0].name == weekdays_in_words([first], language, short=True)[0]
    assert next(day.number for day in found.weeks[0] if day) == 1


@given(st.dates(date(2026, 1, 1), date(2032, 12, 31)), st.sets(st.sampled_from(MARKS), min_size=1))
def test_a_mark_stands_on_its_day_and_nowhere_else(day: date, kinds: set[str]) -> None:
    found = month(day.replace(day=1), **{kind: (day,) for kind in MARKS if kind in kinds})
    marked = {
        cell.number: [mark.kind for mark in cell.marks] for week in found.weeks for cell in week if cell and cell.marks
    }

    assert marked == {day.day: [kind for kind in MARKS if kind in kinds]}


def test_a_day_of_another_month_is_not_marked() -> None:
    found = month(date(2026, 11, 1), due=(date(2026, 12, 1), date(2025, 11, 1)))

    assert not [cell for week in found.weeks for cell in week if cell and cell.marks]


def test_what_the_list_has_no_word_for_is_not_marked() -> None:
    (found,) = months_of(Shown({"due": (TODAY,)}, (TODAY.replace(day=1),), frozenset({0})), {}, None, "en")

    assert not [cell for week in found.weeks for cell in week if cell and cell.marks]
    assert not [head for head in found.weekdays if head.marks]


# Which months


INJECTION = Options(form="injection", last_dose=TODAY, interval="4 weeks")


@pytest.mark.parametrize(
    ("options", "today", "months"),
    [
        (INJECTION, TODAY, [11, 12]),
        (Options(form="injection", last_dose=date(2026, 12, 1)), date(2026, 12, 1), [12]),
        (Options(form="injection", last_dose=date(2026, 10, 31)), TODAY, [10, 11]),
        (Options(form="injection", last_dose=date(2026, 10, 31), interval="month", appointment=Appointment(date(2026, 12, 1))), TODAY, [10, 11, 12]),
        (Options(form="injection"), TODAY, [11, 12]),
        (Options(form="injection"), date(2026, 12, 31), [12, 1]),
        (Options(form="tablet", last_dose=date(2026, 9, 30), appointment=Appointment(date(2026, 11, 30))), TODAY, [11, 12]),
        (Options(form="tablet", last_dose=TODAY, interval="3 days"), TODAY, [11, 12]),
        (Options(form="tablet", appointment=Appointment(date(2027, 6, 1))), TODAY, [11, 12, 1]),
        (Options(form="injection", last_dose=TODAY, stopped=True), TODAY, [11, 12]),
    ],
)  # fmt: skip
def test_months_run_from_the_dose_to_the_last_day_shown(options: Options, today: date, months: list[int]) -> None:
    assert [first.month for first in shown(options, *DATES, today=today).months] == months


@given(st.integers(0, 400), st.integers(0, 31), st.sampled_from(["4 weeks", "month"]), st.integers(1, 6))
def test_there_are_three_months_at_most_without_a_gap(ahead: int, age: int, interval: str, upcoming: int) -> None:
    visit = Appointment(TODAY + timedelta(days=ahead))
    options = Options(form="injection", last_dose=TODAY - timedelta(days=age), interval=interval, appointment=visit)
    found = shown(options, *DATES, upcoming=upcoming).months
    numbers = [first.year * 12 + first.month for first in found]

    assert 1 <= len(found) <= MOST_MONTHS and {first.day for first in found} == {1}
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert TODAY.replace(day=1) in found


# Which days


def test_a_day_that_the_clinic_does_not_print_is_not_shown() -> None:
    visit = Options(form="injection", last_dose=TODAY, interval="month", appointment=Appointment(date(2026, 12, 1)))

    assert set(shown(visit).days) == {"given"}
    assert set(shown(visit, "appointment").days) == {"given", "appointment"}
    assert set(shown(visit, "due").days) == {"given", "danger", "due"}


@pytest.mark.parametrize("name", ["due", "planned", "offered"])
def test_no_day_for_a_dose_is_shown_without_the_earlier_danger(name: str) -> None:
    options = Options(form="injection", last_dose=date(2026, 12, 31), interval="month")
    closed = Closed(dates=(date(2027, 1, 31),))
    found = shown(options, name, closed=closed, today=date(2026, 12, 31), upcoming=2).days

    assert found["danger"] == (date(2027, 1, 28),)
    assert max(found[name]) > date(2027, 1, 28)


def test_closed_weekdays_are_said_once_and_other_closed_days_by_their_dates() -> None:
    closed = Closed(weekdays=("Sunday", "Saturday"), dates=(date(2026, 11, 26), date(2026, 11, 28), date(2027, 1, 1)))
    found = shown(INJECTION, *DATES, closed=closed)
    said = date_values(INJECTION.dates, found, "en")

    assert found.days["closed"] == (date(2026, 11, 26),)
    assert said["closed_weekdays"] == "Saturday, Sunday"
    assert said["closed_dates"] == "Thursday, November 26, 2026"


MONDAY_OFF = Closed(weekdays=("Monday",))


@pytest.mark.parametrize(("language", "columns"), [("en", [0, 6]), ("fr-FR", [5, 6])])
def test_the_head_of_a_closed_weekday_is_marked_and_no_other(language: str, columns: list[int]) -> None:
    closed = shown(INJECTION, closed=Closed(weekdays=("Saturday", "Sunday")))
    for found in months_of(closed, LABELS, None, language):
        marked = {place: head.marks for place, head in enumerate(found.weekdays) if head.marks}

        assert list(marked) == columns
        assert {(mark.kind, mark.label) for marks in marked.values() for mark in marks} == {
            ("closed", LABELS["closed"])
        }
        assert all(not [m for m in cell.marks if m.kind == "closed"] for week in found.weeks for cell in week if cell)


def test_without_a_word_for_it_a_closed_weekday_is_not_marked() -> None:
    (first, *_) = months_of(shown(INJECTION, closed=MONDAY_OFF), {"given": LABELS["given"]}, None, "en")

    assert not [head for head in first.weekdays if head.marks]


@pytest.mark.parametrize(
    ("closed", "has"),
    [(Closed(), False), (MONDAY_OFF, True), (Closed(dates=(date(2026, 11, 27),)), True), (Closed(dates=(date(2027, 6, 1),)), False)],
)  # fmt: skip
def test_a_clinic_is_closed_by_its_weekdays_or_by_days_in_these_months(closed: Closed, has: bool) -> None:
    assert shown(INJECTION, *DATES, closed=closed).has("closed") == has


def test_closed_weekdays_are_no_day_of_any_other_kind() -> None:
    found = shown(INJECTION, closed=MONDAY_OFF)

    assert found.has("given") and not found.has("due") and not found.has("appointment")


@pytest.mark.parametrize(("closed", "rows"), [(Closed(), 0), (MONDAY_OFF, 1), (Closed(dates=(date(2026, 11, 27),)), 1)])
def test_a_calendar_has_its_line_of_closed_days_where_there_are_any(closed: Closed, rows: int) -> None:
    site = clinic_with(dates=Dates(print=DATES), closed=closed)
    page = tailored(site.handout("fridge-page", "en"), clinic=site.clinic, form="injection", last_dose=TODAY)

    assert len([row for block in all_blocks(page.blocks) for row in block.rows if row.date == "closed"]) == rows


def test_there_are_no_words_for_closed_weekdays_without_any() -> None:
    assert date_values(INJECTION.dates, shown(INJECTION), "en")["closed_weekdays"] == ""


# Conditions of texts


WATCHED = Options(form="injection", last_dose=date(2026, 11, 2), interval="4 weeks")  # day 21 is TODAY


@pytest.mark.parametrize(
    ("names", "today", "options", "is_now"),
    [
        (DATES, TODAY, WATCHED, True),
        (DATES, date(2026, 11, 24), WATCHED, True),
        (DATES, date(2026, 11, 22), WATCHED, False),
        (("due",), TODAY, WATCHED, False),
        (DATES, TODAY, Options(form="injection"), False),
        (DATES, date(2026, 11, 30), WATCHED, False),
        (DATES, date(2026, 12, 1), WATCHED, False),
    ],
)
def test_the_last_week_is_said_from_day_21_to_the_day_before_the_dose(
    names: tuple[str, ...], today: date, options: Options, is_now: bool
) -> None:
    found = shown(options, *names, today=today)

    assert (
        ("watch_now" in found.conditions)
        == is_now
        == (date_values(options.dates, found, "en").get("watch_now") == "yes")
    )
    assert found.has("watch") == (names is DATES and today < TODAY)


def test_a_day_on_which_the_clinic_is_closed_is_said() -> None:
    assert "closed_today" in shown(WATCHED, closed=MONDAY_OFF).conditions
    assert "closed_today" in shown(WATCHED, closed=Closed(dates=(TODAY,))).conditions
    assert shown(WATCHED, closed=MONDAY_OFF, today=date(2026, 11, 24)).conditions == frozenset()


@pytest.mark.parametrize(
    ("names", "visit", "higher_from"),
    [
        (("due",), date(2026, 12, 1), date(2026, 11, 30)),
        (("danger",), date(2026, 12, 1), date(2026, 11, 30)),
        (("appointment",), date(2026, 12, 1), None),
        (DATES, date(2026, 11, 30), None),
    ],
)
def test_a_late_visit_names_the_day_of_danger_if_the_clinic_prints_such_days(
    names: tuple[str, ...], visit: date, higher_from: date | None
) -> None:
    found = shown(replace(WATCHED, appointment=Appointment(visit)), *names)

    assert ("late_visit" in found.conditions) == (visit > date(2026, 11, 30))
    assert found.higher_from == higher_from
    assert ("higher_from" in date_values(WATCHED.dates, found, "en")) == bool(higher_from)


def test_a_late_visit_on_the_due_day_itself_names_no_day() -> None:
    """The danger is higher now: a page of today says so in words."""
    late = replace(WATCHED, appointment=Appointment(date(2026, 12, 2)))

    assert shown(late, *DATES, today=date(2026, 11, 30)).higher_from is None


# More of which days


def test_later_doses_are_shown_only_where_the_clinic_wants_more_than_one() -> None:
    assert "planned" not in shown(INJECTION, *DATES).days
    assert shown(INJECTION, *DATES, upcoming=3).days["planned"] == (date(2027, 1, 18), date(2027, 2, 15))


def test_a_dose_on_the_day_of_danger_itself_needs_no_other_day() -> None:
    """Only an earlier day of danger goes with it: the same day is no warning."""
    options = Options(form="injection", last_dose=date(2026, 12, 31), interval="month")
    shut = Closed(dates=tuple(date(2027, 1, day) for day in (29, 30, 31)))
    found = shown(options, "offered", closed=shut, today=date(2026, 12, 31)).days

    assert found["offered"] == (date(2027, 1, 28),) and "danger" not in found


def test_a_dose_that_staff_say_is_late_is_not_shown() -> None:
    late = Options(form="injection", last_dose=date(2026, 9, 1), late_confirmed=True)

    assert (
        "given" not in shown(late, *DATES).days and "given" in shown(replace(late, late_confirmed=False), *DATES).days
    )


def test_the_day_treatment_began_is_written_in_words() -> None:
    assert date_values(Options(form="injection", started=TODAY).dates, shown(INJECTION), "en")["started"] == (
        "Monday, November 23, 2026"
    )
    assert "started" not in date_values(INJECTION.dates, shown(INJECTION), "en")


def test_the_hour_of_an_appointment_can_be_broken_in_a_narrow_cell() -> None:
    options = Options(form="injection", appointment=Appointment(date(2026, 11, 30), time(14, 30)))
    (first, *_) = months_of(shown(options, "appointment"), LABELS, options.appointment, "en")
    (mark,) = next(cell.marks for week in first.weeks for cell in week if cell and cell.number == 30)

    assert mark.time == "2:30 PM"
