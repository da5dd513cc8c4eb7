"""The date rules: the agreed vectors by name, the promises as properties, and what is absent."""

from __future__ import annotations

import ast
import dataclasses
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press import treatment
from press.errors import Severity
from press.treatment import (
    AHEAD,
    BadDate,
    ClosedDays,
    DateFault,
    DatePolicy,
    Interval,
    Mode,
    Regimen,
    Schedule,
    faults,
    parse_date,
    schedule,
)

OPEN = ClosedDays()
WEEKEND = ClosedDays(weekdays=frozenset({5, 6}))
WITH_WATCH = DatePolicy(watch=True, upcoming=3)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SOURCE = ast.parse(Path(treatment.__file__).read_text(encoding="utf-8"))
TABLETS = (Interval.DAILY, Interval.TWO_DAYS, Interval.THREE_DAYS)


def day(text: str) -> date:
    """Read "2026-12-21" or "Mon 2026-12-21"; a weekday that is not so fails the test."""
    name, _, digits = text.rpartition(" ")
    found = date.fromisoformat(digits)
    assert name in ("", DAY_NAMES[found.weekday()])
    return found


def days(*texts: str) -> tuple[date, ...]:
    """Several days at once."""
    return tuple(day(text) for text in texts)


def shot(last_dose: str | None, interval: Interval = Interval.FOUR_WEEKS, **more) -> Regimen:
    """An injection course."""
    return Regimen("injection", last_dose and day(last_dose), interval, **more)


def tablet(last_dose: str | None, interval: Interval, **more) -> Regimen:
    """A tablet course."""
    return Regimen("tablet", last_dose and day(last_dose), interval, **more)


def on_the_day(course: Regimen, policy: DatePolicy = WITH_WATCH, closed: ClosedDays = OPEN) -> Schedule:
    """The schedule as printed on the day of the last dose."""
    assert course.last_dose is not None
    return schedule(course, course.last_dose, policy, closed)


def codes(course: Regimen, today: str, closed: ClosedDays = OPEN) -> list[str]:
    """The codes of what is wrong."""
    return [fault.code for fault in faults(course, day(today), closed)]


# The agreed vectors

DUE_VECTORS = {
    "ordinary Monday": ("Mon 2026-11-23", "Mon 2026-12-21"),
    "given on a Friday, due on New Year's Day": ("Fri 2026-12-04", "Fri 2027-01-01"),
    "given on Thanksgiving": ("Thu 2026-11-26", "Thu 2026-12-24"),
    "due on the leap day": ("2028-02-01", "Tue 2028-02-29"),
    "due over the leap day": ("2028-02-02", "Wed 2028-03-01"),
    "February without a leap day": ("2027-02-01", "Mon 2027-03-01"),
    "clocks go back in 2026": ("2026-10-04", "Sun 2026-11-01"),
    "clocks go forward in 2027": ("2027-02-14", "Sun 2027-03-14"),
    "clocks go back in 2027": ("2027-10-10", "Sun 2027-11-07"),
    "the hours of one day too many": ("Mon 2026-10-05", "Mon 2026-11-02"),
}


@pytest.mark.parametrize(("given_on", "due"), DUE_VECTORS.values(), ids=DUE_VECTORS.keys())
def test_an_injection_is_due_four_weeks_later_on_the_same_weekday(given_on, due):
    made = on_the_day(shot(given_on))

    assert (made.mode, made.due, made.danger_from) == (Mode.NORMAL, day(due), day(due))
    assert made.due.weekday() == day(given_on).weekday()


@pytest.mark.parametrize(
    ("given_on", "watch"),
    [("Mon 2026-11-23", "Mon 2026-12-14"), ("Thu 2026-11-26", "Thu 2026-12-17")],
)
def test_extra_care_starts_on_day_21(given_on, watch):
    assert on_the_day(shot(given_on)).watch_from == day(watch)


def test_planned_days_are_not_moved_by_holidays():
    """The second is Martin Luther King Day, the third Presidents' Day."""
    holidays = ClosedDays(dates=frozenset(days("2027-01-18", "2027-02-15")))

    made = on_the_day(shot("2026-11-23"), closed=holidays)

    assert made.planned == days("Mon 2026-12-21", "Mon 2027-01-18", "Mon 2027-02-15")


def test_new_years_day_is_answered_with_the_day_before():
    made = on_the_day(shot("2026-12-04"), closed=ClosedDays(dates=frozenset({day("2027-01-01")})))

    assert made.offered == day("Thu 2026-12-31")
    assert made.due == made.danger_from == day("Fri 2027-01-01")


@pytest.mark.parametrize(
    ("given_on", "friday"),
    [
        ("2026-10-04", "Fri 2026-10-30"),
        ("2027-02-14", "Fri 2027-03-12"),
        ("2027-10-10", "Fri 2027-11-05"),
    ],
)
def test_clock_change_sundays_are_answered_with_the_friday(given_on, friday):
    assert on_the_day(shot(given_on), closed=WEEKEND).offered == day(friday)


def test_counting_hours_would_be_a_day_short():
    """672 hours from midnight in New York end at 23:00 on November 1; 28 days end on the 2nd."""
    summer, winter = timezone(timedelta(hours=-4)), timezone(timedelta(hours=-5))
    by_hours = datetime(2026, 10, 5, tzinfo=summer) + timedelta(hours=28 * 24)

    assert by_hours.astimezone(winter).replace(tzinfo=None) == datetime(2026, 11, 1, 23)
    assert on_the_day(shot("2026-10-05")).due == day("Mon 2026-11-02")


def test_months_count_from_the_anchor():
    """Chained from the clamped February day, the second would be March 28."""
    made = on_the_day(shot("2027-01-31", Interval.MONTH))

    assert made.planned[:2] == days("2027-02-28", "2027-03-31")


def test_a_monthly_appointment_does_not_move_the_danger_date():
    course = shot("2026-12-31", Interval.MONTH, appointment=day("2027-01-31"))

    made = on_the_day(course)

    assert (made.due, made.appointment) == days("2027-01-31", "2027-01-31")
    assert made.danger_from == day("2027-01-28")


# Modes


def test_the_due_day_itself_is_not_overdue():
    course = shot("2026-11-23")

    assert schedule(course, day("2026-12-20"), WITH_WATCH, OPEN).mode is Mode.NORMAL
    assert schedule(course, day("2026-12-21"), WITH_WATCH, OPEN).mode is Mode.DUE_TODAY
    assert schedule(course, day("2026-12-22"), WITH_WATCH, OPEN).mode is Mode.OVERDUE


def test_an_overdue_page_has_no_schedule():
    course = shot("2026-11-23", appointment=day("2026-12-23"))

    made = schedule(course, day("2026-12-22"), WITH_WATCH, WEEKEND)

    assert made == Schedule(Mode.OVERDUE, day("2026-12-21"), day("2026-12-21"), appointment=day("2026-12-23"))


@pytest.mark.parametrize(
    ("today", "mode"),
    [
        ("2027-01-27", Mode.NORMAL),
        ("2027-01-28", Mode.PAST_DANGER),
        ("2027-01-30", Mode.PAST_DANGER),
        ("2027-01-31", Mode.DUE_TODAY),
        ("2027-02-01", Mode.OVERDUE),
    ],
)
def test_a_monthly_course_is_in_danger_before_it_is_overdue(today, mode):
    made = schedule(shot("2026-12-31", Interval.MONTH), day(today), WITH_WATCH, OPEN)

    assert made.mode is mode
    assert made.danger_from == day("2027-01-28")


def test_on_the_due_day_no_further_dose_is_planned():
    made = schedule(shot("2026-11-23"), day("2026-12-21"), WITH_WATCH, OPEN)

    assert made.planned == (day("2026-12-21"),)


# Late by the real day, and never by a guess


@pytest.mark.parametrize(
    ("interval", "today", "mode"),
    [
        (Interval.DAILY, "2026-11-24", Mode.NONE),
        (Interval.DAILY, "2026-11-25", Mode.OVERDUE),
        (Interval.TWO_DAYS, "2026-11-25", Mode.DUE_TODAY),
        (Interval.TWO_DAYS, "2026-11-26", Mode.OVERDUE),
        (Interval.THREE_DAYS, "2026-11-26", Mode.DUE_TODAY),
        (Interval.THREE_DAYS, "2026-12-13", Mode.OVERDUE),
    ],
)
def test_tablets_are_late_on_the_day_after_they_were_due(interval, today, mode):
    assert schedule(tablet("2026-11-23", interval), day(today), WITH_WATCH, OPEN).mode is mode


@pytest.mark.parametrize("today", ["2026-11-26", "2026-12-13", "2027-01-20"])
def test_nobody_is_late_by_an_interval_that_nobody_gave(today):
    course = tablet("2026-11-23", Interval.DAILY, interval_given=False)

    assert schedule(course, day(today), WITH_WATCH, OPEN) == Schedule(Mode.NONE)


def test_late_tablets_are_told_to_staff():
    assert codes(tablet("2026-11-23", Interval.DAILY), "2026-11-25") == ["late-tablet"]
    assert codes(tablet("2026-11-23", Interval.DAILY), "2026-11-24") == []


@pytest.mark.parametrize(
    "course",
    [
        shot("2026-08-01", late_confirmed=True),
        tablet("2026-08-01", Interval.DAILY, late_confirmed=True),
        tablet("2026-08-01", Interval.DAILY, interval_given=False, late_confirmed=True),
        shot(None, late_confirmed=True),
    ],
    ids=["shot", "tablets", "tablets without an interval", "day unknown"],
)
def test_who_is_confirmed_to_be_late_gets_the_late_page(course):
    assert codes(course, "2026-11-23") == []
    assert schedule(course, day("2026-11-23"), WITH_WATCH, OPEN).mode is Mode.OVERDUE


@pytest.mark.parametrize("today", ["2026-11-23", "2026-12-20", "2026-12-21"])
def test_late_is_not_confirmed_against_the_dates(today):
    assert codes(shot("2026-11-23", late_confirmed=True), today) == ["not-late"]


def test_who_stopped_is_not_late():
    assert codes(shot("2026-08-01", stopped=True, late_confirmed=True), "2026-11-23") == ["late-and-stopped"]


@pytest.mark.parametrize("today", ["2026-11-23", "2026-12-22", "2030-01-01"])
def test_a_stopped_course_keeps_nothing_but_an_appointment(today):
    course = shot("2026-11-23", appointment=day("2030-02-01"), stopped=True)

    made = schedule(course, day(today), WITH_WATCH, OPEN)

    assert made == Schedule(Mode.STOPPED, appointment=day("2030-02-01"))


def test_stopping_daily_tablets_is_stopping_too():
    assert on_the_day(tablet("2026-11-23", Interval.DAILY, stopped=True)).mode is Mode.STOPPED


@pytest.mark.parametrize(
    "course",
    [
        shot(None, appointment=day("2026-12-01")),
        shot("2026-11-24", appointment=day("2026-12-01")),
        shot("2026-11-20", Interval.TWO_DAYS, appointment=day("2026-12-01")),
        tablet("2026-11-20", Interval.FOUR_WEEKS, appointment=day("2026-12-01")),
        tablet("2026-11-22", Interval.DAILY, appointment=day("2026-12-01")),
    ],
    ids=["no dose", "dose still to come", "tablet interval", "shot interval", "daily tablets"],
)
def test_nothing_is_counted_from_what_cannot_be_counted(course):
    made = schedule(course, day("2026-11-23"), WITH_WATCH, OPEN)

    assert made == Schedule(Mode.NONE, appointment=day("2026-12-01"))


@pytest.mark.parametrize(("interval", "due"), [(Interval.TWO_DAYS, "2026-11-25"), (Interval.THREE_DAYS, "2026-11-26")])
def test_supervised_tablets_have_one_date_for_due_and_danger(interval, due):
    """Nor is an earlier tablet offered when the clinic is closed, or a further one planned."""
    everything = ClosedDays(dates=frozenset({day(due)}))

    made = on_the_day(tablet("2026-11-23", interval), closed=everything)

    assert made == Schedule(Mode.NORMAL, day(due), day(due), planned=(day(due),))


def test_a_late_supervised_tablet_is_overdue():
    course = tablet("2026-11-23", Interval.TWO_DAYS)

    assert schedule(course, day("2026-11-26"), WITH_WATCH, OPEN).mode is Mode.OVERDUE


# Policy and closed days


def test_by_default_one_date_and_no_watch():
    made = on_the_day(shot("2026-11-23"), policy=DatePolicy())

    assert (made.planned, made.watch_from) == ((day("2026-12-21"),), None)


@pytest.mark.parametrize("count", [0, 7, -1])
def test_a_policy_plans_one_to_six_dates(count):
    with pytest.raises(ValueError, match="1 to 6"):
        DatePolicy(upcoming=count)


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_week_has_no_other_days(weekday):
    with pytest.raises(ValueError, match="Sunday = 6"):
        ClosedDays(weekdays=frozenset({weekday}))


def test_the_day_before_is_another_day():
    """An open day is not its own answer."""
    monday, friday = days("Mon 2026-12-21", "Fri 2026-12-18")

    assert WEEKEND.last_open_before(monday, not_before=friday) == friday
    assert WEEKEND.last_open_before(monday, not_before=monday) is None


def test_an_open_due_day_needs_no_offer():
    assert on_the_day(shot("2026-11-23"), closed=WEEKEND).offered is None


def test_no_offer_before_day_21():
    """A closed week before the due day leaves day 21 itself, or nothing."""
    last_week = {day("2026-12-21") - timedelta(days=back) for back in range(7)}
    with_day_21 = ClosedDays(dates=frozenset(last_week))
    without = ClosedDays(dates=frozenset(last_week | {day("2026-12-14")}))

    assert on_the_day(shot("2026-11-23"), closed=with_day_21).offered == day("2026-12-14")
    assert on_the_day(shot("2026-11-23"), closed=without).offered is None


def test_no_offer_in_the_past():
    """Due on a Sunday: on Friday that Friday is offered, on Saturday nothing is left."""
    course = shot("2026-10-04")

    on_friday = schedule(course, day("Fri 2026-10-30"), WITH_WATCH, WEEKEND)
    on_saturday = schedule(course, day("Sat 2026-10-31"), WITH_WATCH, WEEKEND)

    assert (on_friday.offered, on_saturday.offered) == (day("2026-10-30"), None)


def test_a_clinic_that_never_opens_is_offered_nothing():
    never = ClosedDays(weekdays=frozenset(range(7)))

    assert on_the_day(shot("2026-11-23"), closed=never).offered is None


@pytest.mark.parametrize(
    "make",
    [
        lambda clock: Regimen("injection", clock, Interval.FOUR_WEEKS),
        lambda clock: Regimen("injection", None, Interval.FOUR_WEEKS, appointment=clock),
        lambda clock: ClosedDays(dates=frozenset({clock})),
    ],
    ids=["last dose", "appointment", "closed day"],
)
def test_a_time_of_day_is_refused(make):
    with pytest.raises(TypeError, match="time of day"):
        make(datetime(2026, 10, 5, tzinfo=UTC))


# Faults


def test_a_course_without_faults():
    course = shot("2026-11-23", appointment=day("2026-12-21"))

    assert codes(course, "2026-11-23", WEEKEND) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-22", ["future-dose"]),
        ("2026-12-21", []),
        ("2026-12-22", ["late-dose"]),
        ("2027-01-22", ["late-dose"]),
        ("2027-01-23", ["stale-dose"]),
    ],
    ids=["tomorrow", "28 days", "29 days", "60 days", "61 days"],
)
@pytest.mark.parametrize(
    "course",
    [shot("2026-11-23"), tablet("2026-11-23", Interval.DAILY, interval_given=False)],
    ids=["shot", "tablet"],
)
def test_the_age_of_the_last_dose(course, today, expected):
    assert codes(course, today) == expected


@pytest.mark.parametrize(
    ("today", "expected"), [("2026-11-22", ["future-dose"]), ("2026-12-22", []), ("2031-01-01", [])]
)
def test_a_stopped_course_may_be_old_but_not_in_the_future(today, expected):
    assert codes(shot("2026-11-23", stopped=True), today) == expected


@pytest.mark.parametrize("interval", list(Interval))
def test_each_interval_fits_one_form(interval):
    wrong = ["wrong-interval"]
    is_tablet = interval in TABLETS

    assert codes(shot(None, interval), "2026-11-23") == (wrong if is_tablet else [])
    assert codes(tablet(None, interval), "2026-11-23") == ([] if is_tablet else wrong)


@pytest.mark.parametrize(
    ("appointment", "expected"),
    [
        ("2026-11-30", []),
        ("2026-11-29", ["past-appointment"]),
        ("2026-11-22", ["past-appointment", "appointment-before-dose"]),
        ("Mon 2026-12-21", []),
        ("Tue 2026-12-22", ["appointment-after-due"]),
        ("Sat 2026-12-19", ["closed-appointment"]),
    ],
)
def test_the_appointment(appointment, expected):
    closed = ClosedDays(weekdays=frozenset({5}))

    assert codes(shot("2026-11-23", appointment=day(appointment)), "2026-11-30", closed) == expected


def test_a_visit_on_the_day_of_the_dose_is_none_too_early():
    assert codes(shot("2026-11-23", appointment=day("2026-11-23")), "2026-11-23") == []


def test_a_first_appointment_needs_no_last_dose():
    assert codes(shot(None, appointment=day("2026-12-22")), "2026-11-30") == []


def test_the_monthly_due_day_is_a_fitting_appointment_after_day_28():
    course = shot("2026-12-31", Interval.MONTH, appointment=day("2027-01-31"))

    assert codes(course, "2026-12-31") == []


def test_a_late_shot_is_not_blamed_for_its_late_appointment():
    assert codes(shot("2026-11-23", appointment=day("2026-12-23")), "2026-12-22") == ["late-dose"]


@pytest.mark.parametrize(
    "course",
    [
        shot("2026-11-23", appointment=day("2027-03-01"), stopped=True),
        tablet("2026-11-23", Interval.TWO_DAYS, appointment=day("2027-03-01")),
    ],
    ids=["stopped", "tablet"],
)
def test_visits_other_than_the_next_shot_may_be_later(course):
    assert codes(course, "2026-11-24") == []


def test_all_faults_are_told_at_once():
    course = shot("2026-12-05", Interval.DAILY, appointment=day("Sat 2026-11-21"))

    assert codes(course, "2026-11-23", WEEKEND) == [
        "future-dose",
        "wrong-interval",
        "past-appointment",
        "appointment-before-dose",
        "closed-appointment",
    ]


def all_faults() -> list[DateFault]:
    """Every fault that the module can tell."""
    return [value for value in vars(treatment).values() if isinstance(value, DateFault)]


def test_every_fault_is_well_formed():
    """Its severity is one that a problem can have, its field one that staff fill in."""
    found = all_faults()

    assert len(found) == len({fault.code for fault in found}) == 11
    for fault in found:
        assert Severity(fault.severity)
        assert fault.field in {field.name for field in dataclasses.fields(Regimen)}
        assert not re.search(r"\d", fault.sentence)


def test_only_lateness_is_a_warning():
    warnings = {fault.code for fault in all_faults() if fault.severity == "warning"}

    assert warnings == {"late-dose", "late-tablet", "appointment-after-due"}


# Reading a date


@pytest.mark.parametrize("text", ["2026-11-23", "2028-02-29", "1900-01-01", "2100-12-31"])
def test_a_date_is_read(text):
    assert parse_date(text) == date.fromisoformat(text)


BAD_DATES = {
    BadDate.AMBIGUOUS: ["03/04/2026", "3/4/2026", "03.04.2026", "03-04-2026"],
    BadDate.SHORT_YEAR: ["03/04/26", "3/4/26", "26-03-04", "4.3.26"],
    BadDate.NO_SUCH_DAY: ["2026-02-30", "2027-02-29", "2100-02-29", "2026-13-01", "2026-00-10"],
    BadDate.YEAR_OUT_OF_RANGE: ["1899-12-31", "2101-01-01", "0000-01-01", "0026-03-04"],
    BadDate.OTHER: [
        "",
        "tomorrow",
        "20260304",
        "2026-W10-3",
        "2026-3-4",
        "2026/03/04",
        " 2026-03-04",
        "2026-03-04\n",
        "2026-03-04T00:00",
        "-2026-03-04",
        "+2026-03-04",
        "2026\u201103\u201104",
        "٢٠٢٦-٠٣-٠٤",
        "２０２６-０３-０４",
        "03/04-2026",
        "46349",
    ],
}


@pytest.mark.parametrize(("text", "reason"), [(text, reason) for reason, texts in BAD_DATES.items() for text in texts])
def test_what_is_not_a_date_is_told_apart(text, reason):
    assert parse_date(text) is reason


def test_every_reason_has_its_examples():
    assert set(BAD_DATES) == set(BadDate)


@given(st.text())
def test_any_text_is_a_date_or_a_fixed_sentence(text):
    found = parse_date(text)

    assert found in set(BadDate) or found.isoformat() == text


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_of_two_centuries_survives_writing_and_reading(when):
    assert parse_date(when.isoformat()) == when


# Properties

DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
POLICIES = st.builds(DatePolicy, st.booleans(), st.integers(1, 6))
FORMS = st.sampled_from(["injection", "tablet"])


@st.composite
def situations(draw: st.DrawFn) -> tuple[Regimen, date, DatePolicy, ClosedDays]:
    """Any course, fitting or not, on any day near its last dose, with closed days around it."""
    last = draw(DATES)
    nearby = st.integers(-40, 100).map(lambda n: last + timedelta(days=n))
    course = Regimen(
        draw(FORMS),
        draw(st.sampled_from([last, last, last, None])),
        draw(st.sampled_from(Interval)),
        draw(st.none() | nearby),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
    )
    closed = ClosedDays(draw(st.frozensets(st.integers(0, 6))), draw(st.frozensets(nearby, max_size=20)))
    return course, draw(nearby), draw(POLICIES), closed


@st.composite
def running_shots(draw: st.DrawFn) -> tuple[Regimen, date, DatePolicy, ClosedDays]:
    """An injection course that is not yet due, which is where there is most to get wrong."""
    course, _, policy, closed = draw(situations())
    last = draw(DATES)
    interval = draw(st.sampled_from([Interval.FOUR_WEEKS, Interval.MONTH]))
    near_due = st.integers(20, 32).map(lambda n: last + timedelta(days=n))
    closed = ClosedDays(closed.weekdays, draw(st.frozensets(near_due, max_size=13)))
    course = Regimen("injection", last, interval, course.appointment)
    return course, last + timedelta(days=draw(st.integers(0, 28))), policy, closed


ANY = situations() | running_shots()


@given(ANY)
def test_danger_is_never_later_than_day_28_nor_than_the_due_day(situation):
    made = schedule(*situation)

    if made.danger_from is not None:
        assert made.danger_from <= situation[0].last_dose + timedelta(days=28)
        assert made.danger_from <= made.due


@given(running_shots())
def test_danger_of_an_injection_is_exactly_day_28(situation):
    """No month is shorter than 28 days, so neither interval brings the day forward."""
    assert schedule(*situation).danger_from == situation[0].last_dose + timedelta(days=28)


@given(ANY)
def test_closed_days_change_nothing_but_the_offer(situation):
    course, today, policy, closed = situation
    made = schedule(course, today, policy, closed)

    assert dataclasses.replace(made, offered=None) == schedule(course, today, policy, OPEN)


@given(ANY)
def test_an_appointment_moves_no_date(situation):
    course, today, policy, closed = situation
    without = dataclasses.replace(course, appointment=None)
    made = schedule(course, today, policy, closed)

    assert made.appointment == course.appointment
    assert dataclasses.replace(made, appointment=None, visit_is_late=False) == schedule(without, today, policy, closed)


@given(ANY)
def test_an_offer_is_open_earlier_not_before_day_21_and_not_past(situation):
    course, today, _, closed = situation
    made = schedule(*situation)

    if made.offered is not None:
        assert not closed.is_closed(made.offered)
        assert closed.is_closed(made.due)
        assert course.last_dose + timedelta(days=21) <= made.offered < made.due
        assert made.offered >= today


@given(running_shots())
def test_an_offer_is_the_last_open_day_and_only_missing_if_there_is_none(situation):
    course, today, _, closed = situation
    made = schedule(*situation)
    earliest = max(course.last_dose + timedelta(days=21), today)
    span = [earliest + timedelta(days=n) for n in range((made.due - earliest).days)]
    usable = [each for each in span if not closed.is_closed(each)]

    wanted = max(usable, default=None) if closed.is_closed(made.due) else None
    assert made.offered == wanted


@given(ANY)
def test_only_a_page_with_a_dose_to_come_has_dates_to_print(situation):
    made = schedule(*situation)

    if made.mode in AHEAD:
        assert made.planned[0] == made.due >= situation[1]
    else:
        assert (made.planned, made.watch_from, made.offered) == ((), None, None)
    if made.mode in (Mode.NONE, Mode.STOPPED):
        assert (made.due, made.danger_from) == (None, None)


@given(ANY)
def test_the_mode_says_where_today_stands(situation):
    """A day of danger that has come is never one to come, and no dose is late before its day has passed."""
    made, today = schedule(*situation), situation[1]

    if made.mode is Mode.NORMAL:
        assert today < made.danger_from <= made.due
    elif made.mode is Mode.PAST_DANGER:
        assert made.danger_from <= today < made.due
    elif made.mode is Mode.DUE_TODAY:
        assert made.danger_from <= today == made.due
    elif made.mode is Mode.OVERDUE and made.due:
        assert made.due < today


@given(running_shots())
def test_as_many_dates_are_planned_as_asked_for_in_order(situation):
    planned = schedule(*situation).planned

    is_today = planned[0] == situation[1]
    assert len(planned) == (1 if is_today else situation[2].upcoming)
    assert list(planned) == sorted(set(planned))


@given(DATES, st.integers(1, 6))
def test_months_are_counted_from_the_anchor_and_clamped(last, upcoming):
    """Each due day is the anchor's day of its own month, or that month's last."""
    course = Regimen("injection", last, Interval.MONTH)
    planned = on_the_day(course, DatePolicy(upcoming=upcoming)).planned

    for n, due in enumerate(planned, start=1):
        months = (due.year - last.year) * 12 + due.month - last.month
        is_last_of_month = (due + timedelta(days=1)).day == 1
        assert months == n
        assert due.day == last.day or (due.day < last.day and is_last_of_month)


@given(DATES, st.integers(1, 6))
def test_weeks_keep_the_weekday(last, upcoming):
    course = Regimen("injection", last, Interval.FOUR_WEEKS)
    planned = on_the_day(course, DatePolicy(upcoming=upcoming)).planned

    assert [(due - last).days for due in planned] == [28 * n for n in range(1, upcoming + 1)]


@given(ANY)
def test_faults_never_hold_a_value(situation):
    course, today, _, closed = situation

    for fault in faults(course, today, closed):
        assert fault in all_faults()
        assert not re.search(r"\d", "".join(dataclasses.astuple(fault)))


@given(ANY)
def test_a_course_with_a_faulty_dose_or_interval_prints_no_date(situation):
    course, today, policy, closed = situation
    errors = [fault for fault in faults(course, today, closed) if fault.severity == "error"]

    if any(fault.field in ("last_dose", "interval") for fault in errors):
        assert schedule(course, today, policy, closed).planned == ()


# What must not be there


def test_the_public_names_are_these_and_no_others():
    """Nothing that computes a safe day, a restart or a dose can slip in unseen."""
    public = {
        name
        for name, value in vars(treatment).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == treatment.__name__
    }

    assert public == {
        "BadDate",
        "ClosedDays",
        "Regimen",
        "DatePolicy",
        "DateFault",
        "Interval",
        "Mode",
        "Schedule",
        "faults",
        "parse_date",
        "schedule",
    }


def test_a_schedule_has_these_fields_and_no_others():
    fields = [field.name for field in dataclasses.fields(Schedule)]

    assert fields == [
        "mode",
        "due",
        "danger_from",
        "watch_from",
        "planned",
        "offered",
        "appointment",
        "visit_is_late",
    ]


def test_types_offer_no_other_behaviour():
    """Methods are where a forbidden sum would hide next."""
    types = (ClosedDays, Regimen, DatePolicy, DateFault, Schedule)
    methods = {
        name
        for kind in types
        for name, value in vars(kind).items()
        if not name.startswith("_") and (callable(value) or isinstance(value, property))
    }

    assert methods == {"is_closed", "last_open_before"}


def test_the_module_imports_no_more_than_this():
    nodes = list(ast.walk(SOURCE))
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}

    assert "calendar" in imported
    assert imported <= {
        "__future__",
        "calendar",
        "functools",
        "collections.abc",
        "datetime",
        "enum",
        "press.records",  # lazy dataclasses, which import nothing of the press
        "re",
        "typing",
    }


def test_the_module_reads_no_clock_and_no_file():
    nodes = list(ast.walk(SOURCE))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}

    assert "fromisoformat" in attributes and "timedelta" in names
    assert not attributes & {"today", "now", "utcnow", "fromtimestamp"}
    assert not names & {"datetime", "open", "print", "eval", "exec", "__import__"}
