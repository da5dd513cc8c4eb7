"""Dates as people type them: each way gives its day, two meanings give both, and nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content.localize import date_in_words, distance_in_words, short_date_in_words
from press.patients.typed_date import TypedDateProblem, read_typed_date
from press.treatment import BadDate, parse_date

TODAY = date(2026, 11, 30)
NOV_23 = date(2026, 11, 23)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-23", "2026/11/23", "2026.11.23", "20261123", "11 23 2026", "11/23/2026", "11-23-2026", "11.23.2026", "11232026",
        "23/11/2026", "23.11.2026", "23112026", " 11/23/2026 ", "11/23/2026.", "2026-11-23\u00a0",
        "Nov 23 2026", "Nov. 23, 2026", "nov 23,2026", "NOVEMBER 23RD, 2026", "23 Nov 2026", "23-Nov-2026", "2026 Nov 23",
        "the 23rd of November, 2026", "Monday, November 23, 2026", "Mon, Nov 23, 2026", "Mon 11/23/2026", "Monday 11232026",
        "23 nov 2026", "23 de noviembre de 2026", "noviembre 23 de 2026", "lunes, 23 de noviembre de 2026", "lun, 23 nov 2026",
        "el 23 de noviembre del 2026",
    ],
)  # fmt: skip
def test_each_way_of_writing_a_day_is_that_day(typed: str) -> None:
    assert read_typed_date(typed, TODAY) == NOV_23


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", TODAY), ("Hoy", TODAY), ("yesterday", date(2026, 11, 29)), ("ayer", date(2026, 11, 29)),
        ("tomorrow", date(2026, 12, 1)), ("mañana", date(2026, 12, 1)), ("man\u0303ana", date(2026, 12, 1)),
        ("05/05/2026", date(2026, 5, 5)), ("05052026", date(2026, 5, 5)), ("mar, 3 mar 2026", date(2026, 3, 3)),
        ("mar 3 2026", date(2026, 3, 3)), ("1º de mayo de 2026", date(2026, 5, 1)), ("sept 1 2026", date(2026, 9, 1)),
        ("miércoles 6 de mayo de 2026", date(2026, 5, 6)), ("Feb 29 2028", date(2028, 2, 29)),
        ("Wed 05/06/2026", date(2026, 5, 6)), ("viernes 05/06/2026", date(2026, 6, 5)),
    ],
)  # fmt: skip
def test_words_may_name_the_day(typed: str, day: date) -> None:
    assert read_typed_date(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["05/06/2026", "5/6/2026", "06.05.2026", "05-06-2026", "05062026", "06052026"])
def test_a_text_with_two_meanings_gives_both_and_is_never_guessed(typed: str) -> None:
    assert read_typed_date(typed, TODAY) == (date(2026, 5, 6), date(2026, 6, 5))


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("11/23/26", "short_year"), ("23 nov 26", "short_year"), ("Nov 23, 26", "short_year"), ("112326", "short_year"),
        ("26-11-23", "short_year"), ("23-Nov-26", "short_year"), ("5/6/26", "short_year"),
        ("11/23", "no_year"), ("Nov 23", "no_year"), ("23 de noviembre", "no_year"), ("Monday, Nov 23", "no_year"),
        ("2/30/2026", "no_such_day"), ("2026-02-30", "no_such_day"), ("13/13/2026", "no_such_day"),
        ("Feb 29 2026", "no_such_day"), ("31 de abril de 2026", "no_such_day"), ("00000000", "year_out_of_range"),
        ("13322026", "no_such_day"), ("20263213", "no_such_day"), ("0/5/2026", "no_such_day"), ("Nov 0 2026", "no_such_day"),
        ("11/23/2206", "year_out_of_range"), ("11231026", "year_out_of_range"), ("Nov 23 1026", "year_out_of_range"),
        ("11/23/202", "year_out_of_range"), ("Tuesday 11/23/2026", "other_weekday"), ("Monday 05/06/2026", "other_weekday"),
        ("", "not_a_date"), ("  ", "not_a_date"), ("soon", "not_a_date"), ("Monday", "not_a_date"), ("Nov", "not_a_date"),
        ("Nov 2026", "not_a_date"), ("2026", "not_a_date"), ("1123202", "not_a_date"), ("111/2/2026", "not_a_date"),
        ("11/23-2026", "not_a_date"), ("11/23/2026x", "not_a_date"), ("11/23/2026 11/24/2026", "not_a_date"),
        ("Nov 23 2026 2027", "not_a_date"), ("Nov Dec 23 2026", "not_a_date"), ("ju 23 2026", "not_a_date"),
        ("2026-11-23 14:30", "not_a_date"), ("１１/23/2026", "not_a_date"), ("11/2³/2026", "not_a_date"),
        ("٢٠٢٦-١١-٢٣", "not_a_date"), ("-11/23/2026", "not_a_date"), ("Nov 23 2026" + " " * 60, "not_a_date"),
    ],
)  # fmt: skip
def test_what_is_no_whole_day_says_why(typed: str, problem: str) -> None:
    assert read_typed_date(typed, TODAY) is TypedDateProblem(problem)


@given(days, st.sampled_from(["en", "es"]))
def test_any_day_comes_back_from_its_words_and_its_short_words(day: date, language: str) -> None:
    assert read_typed_date(date_in_words(day, language), TODAY) == day
    assert read_typed_date(short_date_in_words(day, language), TODAY) == day


@given(
    days,
    st.sampled_from(["{0.month}/{0.day}/{0.year}", "{0.day:02}.{0.month:02}.{0.year}", "{0:%m%d%Y}", "{0:%d%m%Y}"]),
)
def test_any_day_in_figures_is_among_at_most_two_meanings(day: date, shape: str) -> None:
    found = read_typed_date(shape.format(day), TODAY)

    assert not isinstance(found, TypedDateProblem)
    meant = found if isinstance(found, tuple) else (found,)
    assert day in meant
    swapped = day.day <= 12 and day.day != day.month
    assert len(set(meant)) == (2 if swapped else 1)
    assert list(meant) == sorted(meant)


@given(days, st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0.year}/{0.month}/{0.day}"]))
def test_a_day_with_the_year_first_has_one_meaning(day: date, shape: str) -> None:
    assert read_typed_date(shape.format(day), TODAY) == day


@given(st.text(max_size=40) | st.text("0123456789/.- ,NovDicde", max_size=20))
def test_any_text_gives_days_of_our_time_or_a_reason(text: str) -> None:
    found = read_typed_date(text, TODAY)

    for day in found if isinstance(found, tuple) else (found,):
        assert isinstance(day, TypedDateProblem) or not isinstance(parse_date(day.isoformat()), BadDate)


@given(st.text("0123456789-", min_size=8, max_size=10))
def test_what_the_shared_converter_takes_means_the_same_here(text: str) -> None:
    shared = parse_date(text)

    assert isinstance(shared, BadDate) or read_typed_date(text, TODAY) == shared


@pytest.mark.parametrize(
    ("away", "english", "spanish"),
    [(-7, "7 days ago", "hace 7 días"), (-1, "1 day ago", "hace 1 día"), (0, "", ""), (3, "in 3 days", "dentro de 3 días"),
     (400, "in 400 days", "dentro de 400 días")],
)  # fmt: skip
def test_the_distance_is_said_in_days(away: int, english: str, spanish: str) -> None:
    assert distance_in_words(away, "en") == english
    assert distance_in_words(away, "es") == spanish
