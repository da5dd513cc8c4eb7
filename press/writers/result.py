"""What a writer gives: the bytes, and for paper the record of where everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from press.errors import Problem


class LaidOut(Protocol):
    """What the PDF writer gives to be printed."""

    @property
    def layout(self) -> object:
        """The record of where everything stands."""

    @property
    def pages(self) -> int:
        """How many sides of paper it fills."""


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
        """The record of where everything stands; None where there is no paper."""
        return self.copy.layout if self.copy else None

    @property
    def pages(self) -> int:
        """How many sides of paper it fills; 0 where there is no paper."""
        return self.copy.pages if self.copy else 0
