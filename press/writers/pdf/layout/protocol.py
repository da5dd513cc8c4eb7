"""Define what lists, tables, months and bars need of the flow around them."""

from __future__ import annotations

from typing import Protocol

from press.document.nodes import Inline, Side
from press.writers.pdf.layout.columns import Frames
from press.writers.pdf.layout.words import Setting
from press.writers.pdf.model import Element, Fragment, Line, TextItem
from press.writers.stylesheet import TextStyle


class Setter(Protocol):
    """Sets words as elements and fragments, and numbers the elements in reading order."""

    def key(self) -> int:
        """Take the next element key."""

    def setting(self, style: TextStyle) -> Setting:
        """Make the setting of a style."""

    def item(self, key: int, line: Line, style: TextStyle, x: float, room: float) -> TextItem:
        """Place a line at the left of its fragment."""

    def text(
        self, children: tuple[Inline, ...], style: TextStyle, role: str, x: float, width: float
    ) -> tuple[Element, list[Fragment]]:
        """Lay out a run as one element."""

    def two(
        self, found: tuple[Side, ...], style: TextStyle, role: str, places: Frames
    ) -> tuple[Element, list[Fragment]]:
        """Lay out one element with a part for each language."""
