"""The order of day, month and year: what every cell of a column says of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.errors import HandoutError, Problem
from press.patients.date_order import ORDERS, possible_orders, to_iso
from press.patients.options import Options
from tests.patients.list_cases import DATE, number, parsed, sheet_row, workbook

FORMATS = {
    "mdy": "{0.month}/{0.day}/{0.year}",
    "dmy": "{0.day}.{0.month}.{0.year}",
    "ymd": "{0.year}/{0.month}/{0.day}",
}
US = ("11/2/2026", "11/13/2026", "11/20/2026", "10/30/2026")


def listed(*days: str) -> str:
    return "code,last_dose\n" + "".join(f"K-{place},{day}\n" for place, day in enumerate(days, 1))


def refused(*days: str, order: str = "") -> Problem:
    """The one thing that is wrong with the column of these days; none of them is shown."""
    with pytest.raises(HandoutError) as caught:
        parsed(listed(*days), order=order)
    [problem] = caught.value.problems
    assert not any(day in problem.message + problem.hint for day in days)
    return problem


def days_of(text: str | bytes, order: str = "") -> list[date | None]:
    return [entry.options.last_dose if entry.options else None for entry in parsed(text, order=order)]


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(ORDERS)))
def test_any_day_comes_back_from_the_order_that_it_was_written_in(day: date, order: str) -> None:
    typed = FORMATS[order].format(day)

    assert to_iso(typed, order) == day.isoformat()
    assert order in possible_orders(typed)


@pytest.mark.parametrize(
    ("typed", "orders"),
    [
        ("11/20/2026", ("mdy",)), ("20/11/2026", ("dmy",)), ("11/2/2026", ("mdy", "dmy")), ("2026/11/2", ("ymd",)),
        ("11/2/26", ("mdy", "dmy", "ymd")), ("11/20/26", ("mdy",)), ("31/12/26", ("dmy", "ymd")), ("2/30/2026", ()),
        ("2026-11-02", ()), ("11/2-2026", ()), ("111/2/2026", ()), ("11/2/202", ()), ("11/2/20266", ()), ("", ()), ("x", ()),
        ("11/2/2026 2:30 PM", ("mdy", "dmy")), ("11/2/2026x", ()),
    ],
)  # fmt: skip
def test_every_order_that_is_possible_is_found(typed: str, orders: tuple[str, ...]) -> None:
    assert possible_orders(typed) == orders


@pytest.mark.parametrize("typed", ["2026-11-02", "x", "", "13/13/2026", "2/30/2026"])
def test_what_is_no_date_in_the_order_stays_as_it_was(typed: str) -> None:
    assert to_iso(typed, "mdy") == typed


def test_us_dates_are_a_question_of_the_column_with_its_answer() -> None:
    wrong = refused(*US)

    assert str(wrong.place) == "list.csv, row 1, column B"
    assert wrong.message == "`last_dose`: this column reads as month/day/year; 3 of 4 dates can be nothing else"
    assert "`--dates mdy`" in wrong.hint and "`lists learn`" in wrong.hint


def test_once_it_is_said_the_days_are_read() -> None:
    wanted = [date(2026, 11, 2), date(2026, 11, 13), date(2026, 11, 20), date(2026, 10, 30)]

    assert days_of(listed(*US), "mdy") == wanted
    assert days_of(listed(*US, "2026-11-05"), "mdy")[-1] == date(2026, 11, 5), "YYYY-MM-DD needs no order"


def test_days_that_can_be_both_are_never_guessed() -> None:
    wrong = refused("11/2/2026", "3/4/2026", "5/6/2026")

    assert "can be month/day/year or day/month/year" in wrong.message
    assert "`--dates mdy` or `--dates dmy`" in wrong.hint and "ask whoever made the list" in wrong.hint


@pytest.mark.parametrize("order", ["", "mdy"])
def test_one_day_of_another_order_refuses_the_column(order: str) -> None:
    wrong = refused(*US, "20/11/2026", order=order)

    assert "is not month/day/year throughout: row 6 can only be in another order" in wrong.message
    assert "nobody knows how the others are meant" in wrong.hint


def test_the_wrong_order_is_refused_although_most_days_would_do() -> None:
    wrong = refused(*US, order="dmy")

    assert "rows 3-5 can only be in another order" in wrong.message
    assert wrong.hint.endswith("; `--dates mdy` would fit all of them")


def test_a_day_that_is_in_no_calendar_concerns_its_row_alone() -> None:
    assert days_of(listed(*US, "2/30/2026"), "mdy")[-1] is None
    assert days_of(listed(*US, "2/30/2026"), "mdy")[0] == date(2026, 11, 2)


def test_one_slip_among_good_days_is_no_question() -> None:
    assert days_of(listed("2026-11-02", "3/4/2026", "2026-11-04")) == [date(2026, 11, 2), None, date(2026, 11, 4)]


def test_columns_are_told_at_once_each_for_itself() -> None:
    text = "code,last_dose,appointment\nK-1,11/20/2026,30/11/2026\nK-2,11/21/2026,1/12/2026\n"
    with pytest.raises(HandoutError) as caught:
        parsed(text)

    assert [(p.place.heading, p.hint[:35]) for p in caught.value.problems] == [
        ("B", "if that is right, say `--dates mdy`"), ("C", "if that is right, say `--dates dmy`"),
    ]  # fmt: skip


def test_an_appointment_keeps_its_time() -> None:
    text = "code,appointment\nK-1,11/30/2026 2:30 PM\nK-2,12/1/2026 12:15 a.m.\nK-3,12/2/2026 12:00 PM\nK-4,12/3/2026 09:05\n"
    found = [entry.options.appointment for entry in parsed(text, order="mdy")]

    assert [str(one.time)[:5] for one in found] == ["14:30", "00:15", "12:00", "09:05"]
    assert found[0].day == date(2026, 11, 30)


def test_dates_of_a_workbook_need_no_order_but_its_texts_do() -> None:
    cells = [number(46_328, DATE), "11/20/2026", "11/21/2026"]
    data = workbook(
        *(sheet_row(f"K-{place}", cell) for place, cell in enumerate(cells)),
        sheet_row("", ""),
        header=("code", "last_dose"),
    )
    with pytest.raises(HandoutError, match="1 problem"):
        parsed(data)

    assert days_of(data, "mdy")[1:] == [date(2026, 11, 20), date(2026, 11, 21)]
    assert days_of(data, "mdy")[0] == date(2026, 11, 2)


def test_the_short_way_reads_what_the_long_way_reads() -> None:
    [entry] = list(parsed(listed("11/20/2026"), order="mdy"))

    assert entry.options == Options(code="K-1", last_dose=date(2026, 11, 20)) and entry.problems == ()
