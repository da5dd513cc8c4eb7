"""The converters of single fields: what is said to who typed something else."""

from __future__ import annotations

import pytest

from press.content.fields import INTERVALS
from tests.support import Shop

DAY = ("--today", "2026-11-23")


def hint(shop: Shop, typed: str) -> str:
    """What is said of an interval that cannot be read."""
    result = shop.run("make", "benefits", "--set", f"interval={typed}", "--set", "last_dose=2026-11-20", *DAY)
    assert result.exit_code == 1
    return next(line for line in result.stderr.splitlines() if "→" in line).partition(";")[0].strip(" →")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("28 days", "4 weeks"),
        ("Every 28 Days", "4 weeks"),
        ("q4w", "4 weeks"),
        ("4 wks", "4 weeks"),
        ("once a month", "month"),
        ("monthly", "month"),
        ("once daily", "daily"),
        ("every other day", "2 days"),
        ("every 72 hours", "3 days"),
    ],
)
def test_the_same_interval_in_other_words_is_named(shop: Shop, typed: str, meant: str) -> None:
    assert hint(shop, typed) == f"write `{meant}`"


@pytest.mark.parametrize(
    "typed", ["5 weeks", "30 days", "21 days", "week", "3", "twice a week", "2", "4", "weeks", "4 months", "day 28"]
)
def test_another_dose_is_never_suggested(shop: Shop, typed: str) -> None:
    found = hint(shop, typed)

    assert found == "ask the prescriber which of these is meant"
    assert not any(f"`{interval}`" in found for interval in INTERVALS)
