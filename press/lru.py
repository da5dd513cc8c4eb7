"""Remembers what took work to make, as much of it as was said and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Absent:
    """What is found where nothing is kept: no value that can be made."""


_ABSENT = _Absent()


class Kept(Generic[T]):
    """Things by what they were made of, at most so many; the one that was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[object, T] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The one with this key, made if it is not there."""
        found = self._found.pop(key, _ABSENT)
        if isinstance(found, _Absent):
            found = make()
        self._found[key] = found
        if len(self._found) > self._most:
            del self._found[next(iter(self._found))]
        return found
