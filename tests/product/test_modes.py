"""Each mode of treatment on every page: who is late, due today, past the day of danger, or stopped reads so, and no more.

Clinical basis 3.2, 3.4 and 9: the cases as printed words, and the promises as properties.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from press.content.clinic import Closed, Dates
from press.content.fields import EDITIONS, FORMS, REASONS, Appointment
from press.errors import HandoutError
from press.patients.options import Options
from press.runs.handout import Made, Site, complete, lay_out_one, make
from press.treatment import AHEAD, Mode, schedule
from press.writers.pdf.model import TextItem
from tests.support import TODAY, TOPICS, clinic_with, made, mode_options, text_of

PAGES = ("benefits", "overdose-warning", "side-effects")  # what everybody gets
DATED = (*PAGES, "fridge-page")
PHONE, AFTER = "(212) 736-5000", "(212) 736-5001"
A_DATE = re.compile(r"([A-Z][a-z]+) (\d{1,2}), (\d{4})")
# What only somebody may read who has a dose to come, and is in time.
AS_IF_ON_TIME = re.compile(
    r"next (?:shot|tablets|dose)s? (?:is|are) due|due today|next shot,|next tablets,|take it the same day|while you (?:get the shot|take tablets)"
    r"|when your next dose is due|use naltrexone|first shot\.|no shot today|get the naltrexone shot|take naltrexone tablets",
    re.IGNORECASE,
)
NOW = re.compile(r"You are in more danger now|If you use opioids, your danger is higher now")


def words(topic: str, clinic: Site, today: date = TODAY, **options: object) -> str:
    """The page as text, without its footer."""
    return body(made(topic, clinic, today, **options), clinic)


def body(page: Made, clinic: Site) -> str:
    return text_of(page, clinic).rpartition(f"{page.topic} 1.")[0]


def dates_in(text: str) -> list[date]:
    return [datetime.strptime(" ".join(parts), "%B %d %Y").date() for parts in A_DATE.findall(text)]


@cache
def clinic(shut: tuple[str, ...] = (), after: str = AFTER, **more: object) -> Site:
    return clinic_with(phone=PHONE, after_hours_phone=after, closed=Closed(weekdays=shut), **more)


# Late


@pytest.mark.parametrize("topic", PAGES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reason", REASONS)
def test_who_is_late_reads_what_to_do(topic: str, form: str, reason: str) -> None:
    text = words(topic, clinic(), form=form, reason=reason, **mode_options(form, "overdue"))

    danger = (
        "If you use opioids, your danger is higher now."
        if reason == "alcohol"
        else "The block may be gone. You are in more danger now."
    )
    who = "Your shot is late." if form == "injection" else "Your tablet is late."
    assert (
        f"{who} {danger} Call us today: {PHONE}. When we are closed: {AFTER}. Tell us if you used any opioid." in text
    )
    assert "Do not wait for your appointment. Keep naloxone with you." in text


def test_on_a_closed_day_the_after_hours_number_stands_first() -> None:
    text = words("overdose-warning", clinic(("Monday",)), **mode_options("injection", "overdue"))

    assert f"We are closed today. Call {AFTER} now. When we open, call {PHONE}." in text
    assert "Call us today" not in text


@pytest.mark.parametrize(
    ("shut", "said"),
    [
        ((), "When we are closed, call the helpline: 1-800-662-HELP"),
        (("Monday",), "Call the helpline now: 1-800-662-HELP"),
    ],
)
def test_a_clinic_without_an_after_hours_number_names_the_helpline(shut: tuple[str, ...], said: str) -> None:
    assert said in words("overdose-warning", clinic(shut, after=""), **mode_options("injection", "overdue"))


@pytest.mark.parametrize("topic", DATED)
@pytest.mark.parametrize("form", FORMS)
def test_late_and_confirmed_is_late_without_a_date(topic: str, form: str) -> None:
    """A dose of sixty-one days ago is refused as a slip; confirmed, it gives the page of who needs it most."""
    old = TODAY - timedelta(days=61)
    with pytest.raises(HandoutError) as caught:
        words(topic, clinic(), form=form, last_dose=old, interval="daily" if form == "tablet" else "")
    text = words(topic, clinic(), form=form, last_dose=old, late_confirmed=True)

    assert "late_confirmed: yes" in caught.value.problems[0].message
    assert "is late." in text and dates_in(text) == []


@pytest.mark.parametrize(("days", "late"), [(1, False), (2, True), (3, True), (20, True)])
def test_daily_tablets_are_late_from_the_second_day(days: int, late: bool) -> None:
    options = {"form": "tablet", "last_dose": TODAY - timedelta(days=days)}

    assert ("Your tablet is late." in words("overdose-warning", clinic(), interval="daily", **options)) == late
    assert "Your tablet is late." not in words("overdose-warning", clinic(), **options)


@pytest.mark.parametrize("reason", REASONS)
def test_no_late_page_says_to_take_a_tablet_the_same_day(reason: str) -> None:
    on_time = words("side-effects", clinic(), form="tablet", reason=reason)
    late = words("side-effects", clinic(), form="tablet", reason=reason, **mode_options("tablet", "overdue"))

    assert "Missed a tablet? Take it the same day. Used any opioid since? Take none. Call us first." in on_time
    assert ("Missed more than one day? Call us first." in on_time) == (reason != "alcohol")
    assert "same day" not in late and "Call us before you take a tablet. Used any opioid since? Take none." in late


@pytest.mark.parametrize("topic", PAGES)
@pytest.mark.parametrize(("form", "reason"), [(form, reason) for form in FORMS for reason in REASONS])
def test_the_late_block_stands_on_the_first_side(topic: str, form: str, reason: str) -> None:
    press = clinic(("Monday",))
    page = made(topic, press, form=form, reason=reason, **mode_options(form, "overdue"))
    first = lay_out_one(press, page).layout.pages[0]
    shown = {run.content for item in first.items if isinstance(item, TextItem) for run in item.line.runs}

    assert f"{topic}/late-tell" in shown and f"{topic}/closed-today" in shown


# Stopped


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "before-first-dose"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reason", REASONS)
def test_who_stopped_reads_of_no_dose_to_come(topic: str, form: str, reason: str) -> None:
    text = words(topic, clinic(), form=form, reason=reason, stopped=True, last_dose=date(2026, 11, 2))

    assert not AS_IF_ON_TIME.search(text)
    assert "stopped naltrexone" in text
    assert topic == "wallet-card" or "extra danger" in text


# Due today, and past the day of danger


@pytest.mark.parametrize("topic", DATED)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reason", REASONS)
def test_due_today(topic: str, form: str, reason: str) -> None:
    text = words(topic, clinic(), form=form, reason=reason, **mode_options(form, "due-today"))

    assert ("Your shot is due today." if form == "injection" else "Your tablets are due today.") in text
    assert NOW.search(text) and ("You are in more danger now" in text) == (reason != "alcohol")
    assert "Do not wait until then" not in text


@pytest.mark.parametrize("topic", DATED)
@pytest.mark.parametrize("reason", REASONS)
def test_past_the_day_of_danger_and_not_late(topic: str, reason: str) -> None:
    """A month after December 31 is 31 days; on the 28th the danger is there."""
    for today in (date(2027, 1, 28), date(2027, 1, 30)):
        text = words(topic, clinic(), today, reason=reason, last_dose=date(2026, 12, 31), interval="month")

        assert "The block may be gone already." in text and NOW.search(text)
        assert "January 31, 2027" in text and "January 28, 2027" not in text


# A late visit


@pytest.mark.parametrize("topic", ["benefits", "overdose-warning", "fridge-page"])
def test_an_appointment_after_the_due_day_is_told(topic: str) -> None:
    visit = Appointment(date(2026, 12, 22))
    text = words(topic, clinic(), last_dose=TODAY, appointment=visit)

    said = "Your appointment, Tuesday, December 22, 2026, is after your due day. Your danger is higher from Monday, December 21, 2026."
    assert f"{said} Ask us for an earlier day." in text


def test_a_late_visit_names_day_28_where_a_month_is_longer() -> None:
    text = words(
        "benefits",
        clinic(),
        last_dose=date(2026, 12, 31),
        today=date(2027, 1, 4),
        interval="month",
        appointment=Appointment(date(2027, 2, 2)),
    )

    assert "Your danger is higher from Thursday, January 28, 2027. Ask us for an earlier day." in text


def test_a_clinic_that_prints_no_dates_tells_a_late_visit_without_one() -> None:
    press = clinic(dates=Dates(print=("appointment",)))
    text = words("overdose-warning", press, last_dose=TODAY, appointment=Appointment(date(2026, 12, 22)))

    assert "is after your due day. Ask us for an earlier day." in text
    assert set(dates_in(text)) == {date(2026, 12, 22)}


# Every page of every mode


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_late_page_is_whole_on_a_closed_day(topic: str, form: str, reason: str, edition: str) -> None:
    """`check` goes through the modes on one day; the late page alone is another one when the clinic is closed."""
    press = clinic(("Monday",))
    page = made(topic, press, form=form, reason=reason, edition=edition, **mode_options(form, "overdue"))

    assert lay_out_one(press, page).pages >= 1


# Properties

_LAST = st.dates(date(2026, 1, 1), date(2028, 12, 31))
_CLINICS = [
    (shut, printed)
    for shut in ((), ("Saturday", "Sunday"), ("Monday", "Tuesday", "Wednesday", "Thursday"))
    for printed in (("due", "danger", "appointment", "offered"), ("due", "watch", "planned"), ("appointment",))
]


@st.composite
def readers(draw: st.DrawFn) -> tuple[str, Site, Options, date]:
    """Anybody, with dates round what their interval asks for, at a clinic that is closed on some days."""
    shut, printed = draw(st.sampled_from(_CLINICS))
    form = draw(st.sampled_from(FORMS))
    intervals = ["", "4 weeks", "month"] if form == "injection" else ["", "daily", "2 days", "3 days"]
    last = draw(_LAST)
    around = st.integers(0, 75) | st.sampled_from([0, 1, 2, 3, 4, 21, 22, 27, 28, 29, 30, 31, 32])
    today = last + timedelta(days=draw(around))
    visit = draw(st.none() | st.integers(0, 50).map(lambda days: Appointment(today + timedelta(days=days))))
    options = Options(
        form=form,
        reason=draw(st.sampled_from(REASONS)),
        last_dose=last,
        interval=draw(st.sampled_from(intervals)),
        appointment=visit,
        stopped=draw(st.sampled_from([False, False, False, True])),
        late_confirmed=draw(st.sampled_from([False, False, True])),
    )
    press = clinic(shut, dates=Dates(print=printed, upcoming=3 if "planned" in printed else 1))
    return draw(st.sampled_from(DATED)), press, options, today


def printed_page(topic: str, press: Site, options: Options, today: date) -> tuple[str, Mode]:
    """The words of a page that is not refused, and its mode."""
    try:
        full, _ = complete(press, options, today)
    except HandoutError:
        assume(False)
    page = make(press, topic, full, today)
    plan = schedule(full.dates.regimen(), today, press.clinic.dates.policy, press.clinic.closed.days)
    return body(page, press), plan.mode


@given(readers())
@settings(max_examples=200)
def test_no_page_speaks_as_if_in_time_nor_hides_the_day_of_danger(reader: tuple[str, Site, Options, date]) -> None:
    text, mode = printed_page(*reader)

    assert_late_or_stopped_is_told(text, mode, *reader[2:])
    assert_danger_lies_ahead(text, mode, *reader[1:])


def assert_late_or_stopped_is_told(text: str, mode: Mode, options: Options, today: date) -> None:
    assert ("is late." in text) == (mode is Mode.OVERDUE)
    if mode is Mode.STOPPED:
        assert not AS_IF_ON_TIME.search(text)
    if mode in (Mode.OVERDUE, Mode.STOPPED):
        assert not re.search(r"due today|next (?:shot|tablets) (?:is|are) due|same day", text)
        visit = options.appointment.day if options.appointment else None
        assert [day for day in dates_in(text) if day > today and day != visit] == []


def assert_danger_lies_ahead(text: str, mode: Mode, press: Site, options: Options, today: date) -> None:
    """A page with a dose to come names a day of danger to come, or says that the danger is there."""
    past = [day for day in dates_in(text) if day < today]
    told = re.findall(
        r"(?:was|were|got your shot|took your tablets) on [A-Z][a-z]+, ([A-Z][a-z]+) (\d{1,2}), (\d{4})", text
    )

    assert sorted(past) == sorted(day for day in dates_in(" ".join(f"{m} {d}, {y}" for m, d, y in told)) if day < today)
    if mode in (Mode.PAST_DANGER, Mode.DUE_TODAY):
        assert NOW.search(text)
    due = schedule(options.dates.regimen(), today, press.clinic.dates.policy, press.clinic.closed.days).due
    visit = options.appointment.day if options.appointment else None
    is_only_a_visit = press.clinic.dates.print == ("appointment",) and visit == due
    if mode in AHEAD and due in dates_in(text) and not is_only_a_visit:
        assert re.search("danger is higher|more danger now", text)
