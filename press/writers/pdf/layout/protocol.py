"""What the parts of a page (lists, tables, months, bars) need of the flow around them."""

from __future__ import annotations

from typing import Protocol

from press.document.nodes import Inline, Side
from press.writers.pdf.layout.columns import Frames
from press.writers.pdf.layout.words import Setting
from press.writers.pdf.model import Element, Fragment, Line, TextItem
from press.writers.stylesheet import TextStyle


class Setter(Protocol):
    """Sets words as elements and fragments, and counts the elements in the order of reading."""

    def key(self) -> int:
        """The next element's key."""

    def setting(self, style: TextStyle) -> Setting:
        """How a style sets its words."""

    def item(self, key: int, line: Line, style: TextStyle, x: float, room: float) -> TextItem:
        """A line at the left of its fragment."""

    def text(
        self, children: tuple[Inline, ...], style: TextStyle, role: str, x: float, width: float
    ) -> tuple[Element, list[Fragment]]:
        """A run of words as one element."""

    def two(
        self, found: tuple[Side, ...], style: TextStyle, role: str, places: Frames
    ) -> tuple[Element, list[Fragment]]:
        """One element with a part for each language."""
