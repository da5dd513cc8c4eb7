"""The days that staff choose for a list or a report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from press.content.localize import date_in_words

if TYPE_CHECKING:
    from press.desk.desk import Desk

AHEAD: Final = 14  # days that a list may be ahead of, today not counted


def days_ahead(desk: Desk) -> list[tuple[str, str]]:
    """List the days that a list may be for, with their words."""
    today = desk.now().date()
    days = [today + timedelta(days=ahead) for ahead in range(AHEAD + 1)]
    return [(day.isoformat(), date_in_words(day, desk.language)) for day in days]


def chosen_day(desk: Desk, text: str) -> date:
    """The day that was chosen of these; today if it is none of them."""
    return date.fromisoformat(text) if text in dict(days_ahead(desk)) else desk.now().date()
