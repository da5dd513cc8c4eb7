"""What lies in a drawer set, as data. Pure."""

from __future__ import annotations

from datetime import date

from press.records import dataclass


@dataclass(frozen=True)
class FiledPage:
    """One page of a drawer set, on the sheets from `first` to `last`."""

    first: int
    last: int
    language: str
    form: str
    reason: str
    handout: str
    version: str
    state: str


@dataclass(frozen=True)
class ContentsReport:
    """The contents of a drawer set: pages without dates that were printed ahead on `day`."""

    day: date
    run: str
    sheets: int
    pages: tuple[FiledPage, ...]
