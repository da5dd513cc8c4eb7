"""What a writer gives: the bytes, and for paper the record of where everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from press.errors import Problem


@dataclass(frozen=True)
class Printed:
    """One printed handout. `layout` is the PDF writer's record, None for other formats.

    `warnings` are for staff: what they should know before they hand the page out.
    """

    data: bytes
    format: str
    layout: Any = None
    warnings: tuple[Problem, ...] = ()

    @property
    def pages(self) -> int:
        """How many sides of paper it fills; 0 where there is no paper."""
        return len(self.layout.pages) if self.layout else 0
