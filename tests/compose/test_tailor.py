"""Which blocks and dates a reader gets: chosen by declared conditions, never computed further."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from press.compose.fact_ids import ids_with, ids_with_only
from press.compose.tailor import Tailored, check_dates, resolve_values, with_defaults
from press.content.approvals import State, Status, sign
from press.content.clinic import DATES, Closed, Dates
from press.content.fields import FORMS, Appointment
from press.content.handout import Block, TextRef, When, all_blocks, block_refs
from press.content.localize import date_in_words
from press.document.markup import to_markup
from press.document.nodes import PictureMark, Strong, Text, Value, WriteIn, blocks, inlines, strings
from press.document.slots import OPEN
from press.errors import Place, Problem, Severity
from press.lru import LRU
from press.patients.options import Options
from press.runs.file_names import file_name
from press.runs.handout import Made, Site, complete, make
from tests.support import (
    FORM_MODES,
    TODAY,
    TOPICS,
    clinic_with,
    folded,
    made,
    mode_options,
    pages_as_built,
    press,
    tailored,
    text_of,
    told,
)

OPEN_ALWAYS = clinic_with(closed=Closed())
MONTHS = "January February March April May June July August September October November December".split()
A_DATE = re.compile(rf"\w+day, ({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})")


def printing(*names: str, upcoming: int = 1, closed: Closed = Closed()) -> Site:
    return clinic_with(dates=Dates(print=names, upcoming=upcoming), closed=closed)


def dates_on(page: Made) -> set[date]:
    """Every date on the page, without the one of the printing."""
    found = A_DATE.findall(text_of(page).rpartition("·")[0])
    return {datetime.strptime(" ".join(parts), "%B %d %Y").date() for parts in found}


def warning(last_dose: str, *, clinic: Site = OPEN_ALWAYS, today: str = "", **given: object) -> Made:
    dose = date.fromisoformat(last_dose)
    day = date.fromisoformat(today) if today else dose + timedelta(days=1)
    return made(clinic=clinic, today=day, last_dose=dose, **given)


def blanks(page: Made) -> list[str]:
    nodes = (n for block in blocks(page.document.everything) for run in strings(block) for n in inlines(run))
    return [node.label for node in nodes if isinstance(node, WriteIn)]


# Dates (clinical basis 3.2 to 3.4)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2026-11-23", "2026-12-21"), ("2026-12-04", "2027-01-01"), ("2026-11-26", "2026-12-24"), ("2028-02-01", "2028-02-29"),
        ("2028-02-02", "2028-03-01"), ("2027-02-01", "2027-03-01"), ("2026-10-04", "2026-11-01"), ("2026-10-05", "2026-11-02"),
    ],
)  # fmt: skip
def test_four_weeks_are_28_calendar_days(last: str, due: str) -> None:
    page = warning(last, interval="4 weeks")

    assert dates_on(page) == {date.fromisoformat(due)}
    assert f"due {date_in_words(date.fromisoformat(due), 'en')}" in text_of(page)


@pytest.mark.parametrize(
    ("last", "due", "danger"), [("2026-12-31", "2027-01-31", "2027-01-28"), ("2027-03-15", "2027-04-15", "2027-04-12")]
)
def test_a_month_never_moves_the_day_of_more_danger(last: str, due: str, danger: str) -> None:
    assert dates_on(warning(last, interval="month")) == {date.fromisoformat(due), date.fromisoformat(danger)}


@pytest.mark.parametrize("names", [("due",), ("due", "appointment"), ("due", "watch", "offered", "planned")])
def test_a_due_day_of_a_month_is_never_printed_without_the_earlier_danger(names: tuple[str, ...]) -> None:
    page = warning("2026-12-31", interval="month", clinic=printing(*names))

    assert date(2027, 1, 28) in dates_on(page)
    assert "From that day it may be gone" not in text_of(page)


def test_a_short_month_has_one_day_for_both() -> None:
    assert dates_on(warning("2027-01-31", interval="month")) == {date(2027, 2, 28)}


@pytest.mark.parametrize("interval", ["2 days", "3 days"])
def test_supervised_tablets_count_days(interval: str) -> None:
    page = warning("2026-11-23", form="tablet", interval=interval)

    assert dates_on(page) == {date(2026, 11, 23) + timedelta(days=int(interval[0]))}


def test_daily_tablets_have_no_date_of_danger() -> None:
    page = warning("2026-11-22", form="tablet", interval="daily")

    assert dates_on(page) == set() and page.tailored.mode == "none"
    assert "Missing even 1 or 2 days of tablets" in text_of(page)


ALL = {
    "due": {date(2026, 12, 24)}, "danger": {date(2026, 12, 22)}, "watch": {date(2026, 12, 15)}, "offered": {date(2026, 12, 23)},
    "appointment": {date(2026, 12, 18)}, "planned": set(), "card": set(),
}  # fmt: skip


@pytest.mark.parametrize("name", DATES)
def test_only_the_dates_that_the_clinic_chose_are_printed(name: str) -> None:
    given = {"interval": "month", "appointment": Appointment(date(2026, 12, 18))}
    closed = Closed(dates=(date(2026, 12, 24),))
    page = warning("2026-11-24", today="2026-11-25", clinic=printing(name, closed=closed), **given)

    assert dates_on(page) == ALL[name] | (ALL["danger"] if name in ("due", "offered") else set())


def test_a_clinic_may_print_no_date_at_all() -> None:
    page = warning("2026-11-23", interval="month", appointment=Appointment(date(2026, 12, 1)), clinic=printing())

    assert dates_on(page) == set()


@pytest.mark.parametrize(("topic", "form"), list(product(TOPICS, FORMS)))
@pytest.mark.parametrize("mode", ["overdue", "stopped"])
def test_late_and_stopped_courses_have_no_day_to_come(topic: str, form: str, mode: str) -> None:
    clinic = printing(*DATES, upcoming=6, closed=press().clinic.closed)
    page = made(topic, clinic, form=form, **mode_options(form, mode))

    assert not {day for day in dates_on(page) if day > TODAY}


def test_later_due_days_count_from_the_last_dose() -> None:
    page = made(
        "benefits",
        printing("planned", upcoming=3),
        today=date(2027, 2, 1),
        last_dose=date(2027, 1, 31),
        interval="month",
    )

    assert dates_on(page) >= {date(2027, 3, 31), date(2027, 4, 30)}


@pytest.mark.parametrize(
    ("closed", "offered"), [((), None), ((date(2026, 12, 21),), date(2026, 12, 20)), ((date(2026, 12, 20),), None)]
)
def test_an_earlier_day_is_offered_only_if_the_due_day_is_closed(
    closed: tuple[date, ...], offered: date | None
) -> None:
    page = warning("2026-11-23", interval="4 weeks", clinic=printing(*DATES, closed=Closed(dates=closed)))

    assert ("We are closed on the due day" in text_of(page)) == bool(offered)
    assert not offered or offered in dates_on(page)


def test_new_years_day_offers_the_day_before() -> None:
    clinic = printing("due", "offered", closed=Closed(weekdays=("Saturday", "Sunday"), dates=(date(2027, 1, 1),)))

    assert dates_on(warning("2026-12-04", interval="4 weeks", clinic=clinic)) == {date(2027, 1, 1), date(2026, 12, 31)}


def test_an_appointment_on_a_closed_day_is_refused() -> None:
    with told() as problems:
        complete(press(), Options(appointment=Appointment(date(2026, 11, 28))), TODAY)

    assert problems[0].message == "`appointment`: the appointment is on a day when the clinic is closed"


REFUSED = {
    "future-dose": {"last_dose": date(2026, 11, 24)}, "stale-dose": {"last_dose": date(2026, 9, 23)},
    "past-appointment": {"appointment": Appointment(date(2026, 11, 20))}, "late-start": {"started": date(2026, 11, 24)},
    "start-after-dose": {"started": date(2026, 11, 20), "last_dose": date(2026, 11, 19)},
    "wrong-interval": {"last_dose": date(2026, 11, 19), "interval": "daily"},
}  # fmt: skip


@pytest.mark.parametrize("given", REFUSED.values(), ids=list(REFUSED))
def test_a_date_that_cannot_be_is_refused_without_being_shown(given: dict[str, object]) -> None:
    with told() as problems:
        complete(press(), Options(**given), TODAY)

    assert all(p.private and not re.search(r"\d{4}", p.message) for p in problems)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"started": date(2026, 11, 24)}, "`started`: the day treatment began lies in the future"),
        (
            {"started": date(2026, 11, 20), "last_dose": date(2026, 11, 19)},
            "`started`: lies after the last dose; one of the two is wrong",
        ),
    ],
)
def test_a_start_that_cannot_be_is_told_at_its_field(given: dict[str, date], message: str) -> None:
    (problem,) = checked(OPEN_ALWAYS, **given)

    assert (problem.message, problem.place) == (message, Place("patient.yaml", 1))
    assert problem.is_error and problem.private


@pytest.mark.parametrize(
    "given",
    [
        {"started": TODAY},
        {"started": date(2026, 11, 19), "last_dose": date(2026, 11, 19)},
        {"started": date(2026, 11, 18), "last_dose": date(2026, 11, 19)},
    ],
)
def test_a_start_may_be_today_and_the_day_of_the_first_dose(given: dict[str, date]) -> None:
    assert checked(OPEN_ALWAYS, **given) == ()


def checked(clinic: Site, today: date = TODAY, form: str = "injection", **given: object) -> tuple[Problem, ...]:
    """What is wrong with a patient's dates, each typed on a line of its own."""
    places = {name: Place("patient.yaml", line) for line, name in enumerate(given, 1)}
    return (*check_dates(Options(form=form, places=places, **given), clinic.clinic, today),)


DUE = date(2026, 12, 21)  # a Monday, four weeks after TODAY


@pytest.mark.parametrize(
    ("closed", "offer"),
    [
        (Closed(dates=(DUE,)), "the page offers an earlier open day"),
        (Closed(weekdays=("Monday",)), "the page offers an earlier open day"),
        (Closed(dates=tuple(date(2026, 12, day) for day in range(14, 22))), "no earlier open day was found"),
    ],
)
def test_a_due_day_on_which_the_clinic_is_closed_is_a_warning(closed: Closed, offer: str) -> None:
    (problem,) = checked(printing(*DATES, closed=closed), last_dose=TODAY, interval="4 weeks")

    assert problem.message == f"the clinic is closed on the day that the next dose is due; {offer}"
    assert problem.hint == "confirm the order and the coverage before you hand the page out"
    assert problem.place == Place("patient.yaml", 1) and problem.private
    assert problem.severity is Severity.WARNING and not problem.is_error


def test_a_due_day_of_today_on_which_the_clinic_is_closed_is_a_warning_too() -> None:
    found = checked(printing(closed=Closed(dates=(DUE,))), DUE, last_dose=TODAY, interval="4 weeks")

    assert [p.message for p in found] == [
        "the clinic is closed on the day that the next dose is due; no earlier open day was found"
    ]


@pytest.mark.parametrize(
    ("closed", "given"),
    [
        (Closed(dates=(date(2026, 12, 20), date(2026, 12, 22))), {"last_dose": TODAY, "interval": "4 weeks"}),
        (Closed(dates=(DUE,)), {}),
        (Closed(dates=(DUE,)), {"last_dose": TODAY, "interval": "4 weeks", "stopped": True}),
    ],
    ids=["open that day", "no dose", "stopped"],
)
def test_no_warning_of_a_closed_day_without_a_dose_on_it(closed: Closed, given: dict[str, object]) -> None:
    assert checked(printing(closed=closed), **given) == ()


def test_no_warning_of_a_closed_day_that_has_passed() -> None:
    """Who is late is called today; that the clinic was closed on the due day helps nobody."""
    found = checked(printing(closed=Closed(dates=(DUE,))), date(2026, 12, 23), last_dose=TODAY, interval="4 weeks")

    assert [problem.code for problem in found] == ["late-dose"]


def test_a_dose_of_59_days_ago_is_a_warning() -> None:
    found = check_dates(replace(Options(form="injection"), last_dose=date(2026, 9, 25)), press().clinic, TODAY)

    assert found.errors == 0 and len(found) == 1


# Values and lines to write on


@pytest.mark.parametrize(("form", "mode"), FORM_MODES)
def test_what_was_not_given_is_a_line_to_write_on(form: str, mode: str) -> None:
    page = made(form=form, **{**mode_options(form, mode), "appointment": None})

    assert {"name of the clinic", "clinic phone", "phone when the clinic is closed"} <= set(blanks(page))
    assert ("date and time" in blanks(page)) == (
        mode in ("normal", "past-danger") or (form, mode) == ("tablet", "none")
    )


def test_nothing_is_a_line_to_write_on_once_it_is_given() -> None:
    clinic = clinic_with(name="Clinic", phone="(212) 736-5000", after_hours_phone="911")
    page = made(clinic=clinic, **mode_options("injection", "normal"))

    assert blanks(page) == []
    assert folded("Your appointment: Tuesday, December 1, 2026") in text_of(page)


def test_a_time_is_printed_as_it_was_typed() -> None:
    visit = Appointment(date(2026, 12, 1), datetime.strptime("14:30", "%H:%M").time())

    assert "Tuesday, December 1, 2026, 2:30 PM" in text_of(
        made(**{**mode_options("injection", "normal"), "appointment": visit})
    )


def test_the_name_of_a_line_to_write_on_keeps_its_strong_words() -> None:
    handout = press().handout("overdose-warning", "en")
    label = replace(handout.phrases["blank-clinic-phone"], children=(Strong((Text("our"),)), Text(" phone")))
    found = tailored(replace(handout, phrases={**handout.phrases, "blank-clinic-phone": label}))

    assert WriteIn("our phone") in list(inlines(found.phrases["clinic-phone"].children))


def test_a_helpline_says_what_it_is_and_never_breaks_inside() -> None:
    found = tailored(press().handout("overdose-warning", "en")).filled["number-helpline"]

    assert Value("helplines/helpline", "1-800-662-HELP\N{NO-BREAK SPACE}(4357)") in list(inlines(found.children))


# Conditions


def test_a_leading_line_obeys_its_conditions() -> None:
    handout = press().handout("overdose-warning", "en")
    signs = next(block for block in all_blocks(handout.structure.blocks) if block.id == "signs")
    intro = TextRef(text=signs.intro.text, when=When(form=("tablet",)))
    handout = replace(handout, structure=replace(handout.structure, blocks=(replace(signs, intro=intro),)))

    assert [tailored(handout, form=form).blocks[0].intro for form in FORMS] == [None, intro]


def test_a_box_with_nothing_left_in_it_is_left_out() -> None:
    ids = [block.id for block in all_blocks(tailored(press().handout("overdose-warning", "en")).blocks)]

    assert "my-dates" not in ids and "write-dates" in ids


def test_the_same_input_gives_the_same_page() -> None:
    first, second = (made(**mode_options("injection", "normal")).document for _ in range(2))

    assert first == second


def test_a_page_with_nothing_typed_for_one_patient_is_for_everybody() -> None:
    options, _ = complete(press(), Options(form="tablet", edition="large-print"), TODAY)
    page = make(press(), "benefits", options, TODAY)

    assert not page.tailored.personal and "naloxone_given" not in page.tailored.valued
    assert "personal" not in file_name(page, "pdf")


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Ana Example"}, {"stopped": True}, {"last_dose": TODAY}, {"appointment": Appointment(TODAY)},
        {"last_dose": date(2026, 9, 1), "late_confirmed": True},
    ],
)  # fmt: skip
def test_every_field_of_one_patient_makes_a_page_personal(typed: dict[str, object]) -> None:
    assert tailored(press().handout("benefits", "en"), **typed).personal


@pytest.mark.parametrize("typed", [{"prescriber": "Dr. Made Up"}, {"naloxone_given": True}, {"started": TODAY}])
def test_a_page_with_anything_typed_for_one_patient_is_personal(typed: dict[str, object]) -> None:
    """It must neither take a generic page's file name nor replace that page."""
    options, _ = complete(press(), Options(**typed), TODAY)
    page = make(press(), "benefits", options, TODAY)

    assert file_name(page, "pdf") == "DRAFT-personal-benefits-en.pdf"


# Who signed


@pytest.mark.parametrize("state", State)
def test_a_page_names_who_signed_only_while_the_signature_holds(state: State) -> None:
    handout = press().handout("overdose-warning", "en")
    built = pages_as_built(press())
    signed = sign(handout, built, "Pat Example", "pharmacist", TODAY, date(2027, 2, 1), TODAY)
    options = with_defaults(Options(), press().clinic)
    values = resolve_values(handout, options, press().clinic, TODAY, Status(state, signed)).values
    said = {
        "approved_by": "Pat Example",
        "approved_role": "pharmacist",
        "approved_on": "November 2026",
        "approved_until": "February 2027",
    }

    assert {name: text for name, text in values.items() if name.startswith("approved")} == (
        said if state.is_final else {}
    )


# Masters


def profiles(topic: str, *given: dict[str, object]) -> list[tuple[object, ...]]:
    """What decides the page of each reader but the texts of its slots."""
    handout = press().handout(topic, "en")
    clinic = printing("due", "danger", "appointment").clinic
    people = [with_defaults(Options(**{"interval": "4 weeks", **one}), clinic) for one in given]
    return [resolve_values(handout, options, clinic, TODAY).profile(handout) for options in people]


def test_readers_with_other_days_share_a_page_unless_it_has_a_calendar() -> None:
    """A month marks a day in its own cell, so those pages are laid out for their days."""
    one, other = {"last_dose": date(2026, 11, 20), "name": "Ana"}, {"last_dose": date(2026, 11, 19), "name": "Bo"}
    assert [press().handout(topic, "en").has_calendar for topic in ("benefits", "fridge-page")] == [False, True]

    alike, apart = profiles("benefits", one, other), profiles("fridge-page", one, other)
    assert alike[0] == alike[1] and apart[0] != apart[1]
    assert profiles("fridge-page", one, {**one, "name": "Bo"})[0] == apart[0]


@pytest.mark.parametrize(
    "change", [{"form": "tablet", "interval": "3 days"}, {"reason": "alcohol"}, {"edition": "large-print"}, {"stopped": True},
    {"naloxone_given": True}, {"appointment": Appointment(date(2026, 12, 1))}, {"name": ""}],
)  # fmt: skip
def test_readers_of_other_pages_have_other_profiles(change: dict[str, object]) -> None:
    given = {"last_dose": date(2026, 11, 20), "name": "Ana"}
    one, other = profiles("benefits", given, {**given, **change})

    assert one != other


def test_a_master_holds_nothing_of_a_person() -> None:
    visit = Appointment(date(2026, 12, 1))
    options = Options(name="Ana Zerbinetta", last_dose=TODAY, appointment=visit, places={"name": Place("a.yaml", 3)})
    clinic = printing(*DATES).clinic
    for topic, kept in (("benefits", None), ("fridge-page", visit)):
        handout = press().handout(topic, "en")
        master = resolve_values(handout, with_defaults(options, clinic), clinic, TODAY).opened(handout)

        assert {master.values[name] for name in ("name", "last_dose", "due", "appointment")} == {OPEN}
        assert master.options.appointment == kept
        assert (master.options.name, master.options.last_dose) == ("", None)
        assert dict(master.options.places) == {"name": Place("options")}
        assert master.values["today"] == date_in_words(TODAY, "en")


@pytest.mark.parametrize(
    ("kind", "is_intro", "has_words"),
    [
        ("list", False, False),
        ("steps", False, False),
        ("list", True, True),
        ("steps", True, True),
        ("paragraph", False, True),
        ("emergency", True, True),
    ],
)
def test_a_picture_beside_an_item_needs_no_words_of_its_own(kind: str, is_intro: bool, has_words: bool) -> None:
    words = tailored(press().handout("overdose-warning", "en"))
    ref = TextRef(text="title", picture="phone-911")
    block = Block(id="x", kind=kind, texts=(ref,), intro=ref if is_intro else None)

    picture, *text = words.shown(ref, block).children
    assert isinstance(picture, PictureMark) and picture.name == "phone-911"
    assert picture.words == (words.phrases["picture-phone-911"].children if has_words else ())
    assert tuple(text) == words.filled["title"].children


def test_texts_are_found_by_the_facts_of_their_blocks() -> None:
    words = tailored(press().handout("overdose-warning", "en"))

    assert list(ids_with(words, {"O5"})) == ["overdose-warning/no-safe-day"]
    assert list(ids_with_only(words, {"O14", "O15"})) == ["overdose-warning/other-drugs", "overdose-warning/law"]
    assert set(ids_with_only(words, {"O5", "O14", "O15"})) == {
        "overdose-warning/no-safe-day", "overdose-warning/other-drugs", "overdose-warning/law",
    }  # fmt: skip
    assert list(ids_with_only(words, {"O14"})) == list(ids_with_only(words, set())) == []


@pytest.mark.parametrize(
    ("topic", "edition", "is_short"),
    [
        ("overdose-warning", "standard", True), ("benefits", "standard", False), ("wallet-card", "large-print", True),
        ("overdose-warning", "large-print", False), ("wallet-card", "standard", False),
    ],
)  # fmt: skip
def test_a_page_without_room_has_the_name_and_telephone_of_the_clinic_alone(
    topic: str, edition: str, is_short: bool
) -> None:
    assert made(topic, edition=edition).tailored.is_letterhead_short is is_short


def test_only_a_page_with_a_calendar_has_months() -> None:
    with_days = {"last_dose": TODAY, "interval": "4 weeks"}

    assert made("fridge-page", **with_days).tailored.months
    assert made("benefits", **with_days).tailored.months == ()


def test_a_page_is_made_of_each_part_of_its_key() -> None:
    page = made("overdose-warning", name="Ana Zerbinetta", last_dose=TODAY).tailored
    other = made("side-effects", edition="large-print", form="tablet").tailored
    options = {name: replace(page.options, **{name: getattr(other.options, name)}) for name in ("form", "edition")}
    text = replace(page.filled["title"])  # equal, and filled at another time
    changed = [
        *(replace(page, options=each) for each in options.values()),
        *(replace(page, **{name: getattr(other, name)}) for name in ("handout", "phrases")),
        replace(page, blocks=page.blocks[1:]),
        replace(page, audience=(*page.audience, TextRef(text="title"))),
        replace(page, filled={**page.filled, "title": text}),
        replace(page, valued=page.valued - {"name"}),
        replace(page, facts=page.facts - {"L1"} if "L1" in page.facts else page.facts | {"L1"}),
        replace(page, months=((),)),
        replace(page, draft=()),
        replace(page, address=("1 Elm Street",)),
        replace(page, personal=not page.personal),
        replace(page, code="code-1"),
    ]
    keys = {page.page_key, *(each.page_key for each in changed)}

    assert len(keys) == len(changed) + 1
    assert replace(page, mode="none", valued=page.valued | {"due"}).page_key == page.page_key


def test_a_text_is_filled_once_for_its_values() -> None:
    given = ({"naloxone_given": True}, {"naloxone_given": False}, {"name": "Ana Zerbinetta"})
    one, same, other = (made("overdose-warning", last_dose=TODAY, **each).master.tailored for each in given)

    assert one is not same and all(one.filled[name] is text for name, text in same.filled.items())
    assert one.phrases["for-person"] is same.phrases["for-person"] != other.phrases["for-person"]
    assert one.phrases["advice"] is other.phrases["advice"]


def test_what_is_made_of_a_block_is_made_once_for_its_words() -> None:
    given = {"name": "Ana Zerbinetta", "last_dose": TODAY, "interval": "4 weeks"}
    page = made("fridge-page", **given).tailored
    kept: LRU[object] = LRU(99)

    def of(words: Tailored) -> list[object]:
        return words.of_blocks(kept, lambda block, words: object())

    first, calendar = of(page), [block.kind for block in page.blocks].index("calendar")
    assert of(made("fridge-page", **given).tailored) == first and len(set(map(id, first))) == len(page.blocks)
    for other in (replace(page, handout=replace(page.handout)), replace(page, draft=()), replace(page, code="code-1")):
        assert not {*map(id, of(other))} & {*map(id, first)}
    filled = {name: replace(text) for name, text in page.filled.items()}  # equal, and filled at another time
    differs = [new is not old for new, old in zip(of(replace(page, filled=filled)), first, strict=True)]
    assert any(differs) and differs == [
        any("{" in to_markup(page.handout.texts[ref.text].children) for inner in all_blocks((block,))
            for ref in block_refs(inner)) for block in page.blocks
    ]  # fmt: skip
    months = of(replace(page, months=page.months[:1]))
    assert [new is not old for new, old in zip(months, first, strict=True)] == [
        n == calendar for n in range(len(first))
    ]
    boxed = replace(page, blocks=(Block(id="box", kind="note", blocks=(page.blocks[calendar],)),))
    assert of(boxed) == of(replace(boxed)) != of(replace(boxed, months=page.months[:1]))
