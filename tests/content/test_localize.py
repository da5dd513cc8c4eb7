"""What was noted ahead of a language is what Babel says of it, day by day.

`pytest --update-goldens tests/content/test_localize.py` notes it anew, after a change of Babel.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from babel import Locale
from babel.dates import match_skeleton

from press.content import localize
from press.content.localize import (
    NOTED,
    date_in_words,
    first_weekday,
    has_calendar,
    month_in_words,
    short_date_in_words,
    time_in_words,
    weekdays_in_words,
)
from tests.support import ROOT

LANGUAGES = ("en", "es")  # in which every handout is there
DAYS = [date(2027, 12, 1) + timedelta(days=number) for number in range(430)]  # with a leap day
CLOCKS = [time(hour, minute) for hour in range(24) for minute in (0, 5, 59)]
WIDTHS = {"EEEE": "wide", "EEE": "abbreviated", "E": "abbreviated", "MMMM": "wide", "MMM": "abbreviated"}


def babels(language: str) -> dict[str, Any]:
    """What Babel says of a language."""
    locale = Locale.parse(f"{language}_US")
    names = {
        field: in_order((locale.days if "E" in field else locale.months)["format"][WIDTHS[field]]) for field in WIDTHS
    }
    return {
        "date": locale.date_formats["full"].format,
        "time": locale.time_formats["short"].format,
        "month": of_skeleton(locale, "yMMMM"),
        "short_date": of_skeleton(locale, "yMMMEd"),
        "names": names | {"a": [locale.day_periods["format"]["wide"][half] for half in ("am", "pm")]},
        "weekdays": in_order(locale.days["stand-alone"]["wide"]),
        "weekdays_short": in_order(locale.days["stand-alone"]["abbreviated"]),
        "first_weekday": locale.first_week_day,
    }


def in_order(names: Any) -> list[str]:
    return [names[number] for number in sorted(names)]


def of_skeleton(locale: Locale, skeleton: str) -> Any:
    return locale.datetime_skeletons[match_skeleton(skeleton, locale.datetime_skeletons)].format


def written(language: str) -> Iterator[object]:
    """All that is written of many days in a language."""
    kinds: tuple[Callable[[date, str], str], ...] = (date_in_words, month_in_words, short_date_in_words)
    yield from (write.__wrapped__(day, language) for write in kinds for day in DAYS)  # type: ignore[attr-defined]  # not from its cache
    yield from (time_in_words.__wrapped__(clock, language) for clock in CLOCKS)
    yield from (weekdays_in_words(range(7), language, short=short) for short in (False, True))
    yield first_weekday.__wrapped__(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_is_written_as_babel_writes_it(
    language: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.config.getoption("update_goldens"):
        noted = {each: babels(each) for each in LANGUAGES}
        NOTED.write_text(json.dumps(noted, ensure_ascii=False) + "\n", "utf-8")
        localize._noted.cache_clear()
    ours = list(written(language))
    monkeypatch.setattr(localize, "_noted", dict)

    assert ours == list(written(language)) and len(ours) > 1300


def test_of_another_language_babel_is_asked() -> None:
    assert set(localize._noted()) == set(LANGUAGES)
    assert date_in_words(date(2026, 12, 21), "vi") == "Thứ Hai, 21 tháng 12, 2026"
    assert has_calendar("vi") and not has_calendar("xx")


def test_the_languages_of_every_handout_need_no_babel() -> None:
    code = (
        "import sys; from datetime import date, time; from press.content.localize import *\n"
        "print(date_in_words(date(2026, 12, 21), 'es'), time_in_words(time(14, 5), 'en'), 'babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)

    assert done.stdout == "lunes, 21 de diciembre de 2026 2:05\N{NO-BREAK SPACE}PM False\n"
