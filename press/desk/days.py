"""The days that staff choose for a list or a report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from press.content.localize import date_in_words

if TYPE_CHECKING:
    from press.desk.desk import Desk

AHEAD: Final = 14  # days that a list may be ahead of, today not counted


def days_ahead(desk: Desk) -> Iterator[tuple[str, str]]:
    """List the days that a list may be for, with their words."""
    today = desk.now().date()
    for ahead in range(AHEAD + 1):
        day = today + timedelta(days=ahead)
        yield day.isoformat(), date_in_words(day, desk.language)


def chosen_day(desk: Desk, text: str) -> date:
    """The day that was chosen of these; today if it is none of them."""
    return date.fromisoformat(text) if text in dict(days_ahead(desk)) else desk.now().date()
