"""What a file says before anybody gives it a meaning: texts, lists and mappings with places.

Readers of every format (YAML, CSV, a form) give this one shape, so that one converter
per kind of field serves them all. A scalar is always the text as it was typed: `no`,
`012`, `12:30` and `1_000` stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from press.errors import Place
from press.records import dataclass


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text and where it begins. Text is NFC, without control characters."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list and where it begins."""

    items: tuple[Value, ...]
    place: Place

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values in file order. Keys are unique after case folding."""

    entries: tuple[tuple[Scalar, Value], ...]
    place: Place

    def get(self, key: str) -> Value | None:
        """Get the value under `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Value = Scalar | Sequence | Mapping
