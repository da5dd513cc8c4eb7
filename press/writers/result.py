"""Define the result of a writer: the bytes, and for paper the layout."""

from __future__ import annotations

from typing import Protocol

from press.errors import Problem
from press.records import dataclass


class LaidOut(Protocol):
    """What the PDF writer laid out."""

    @property
    def layout(self) -> object:
        """The layout: the position of everything."""

    @property
    def pages(self) -> int:
        """The number of sides of paper."""


@dataclass(frozen=True)
class Printed:
    """One printed handout. `copy` is what the PDF writer laid out, None for other formats.

    `warnings` are for whoever edits the words, who runs `check`: they are set smaller, or need one side more.
    """

    data: bytes
    format: str
    copy: LaidOut | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def layout(self) -> object:
        """The layout; None for a format without pages."""
        return self.copy.layout if self.copy else None

    @property
    def pages(self) -> int:
        """The number of sides of paper; 0 for a format without pages."""
        return self.copy.pages if self.copy else 0
