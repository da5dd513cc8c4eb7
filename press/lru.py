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


class ById(Generic[T]):
    """Hash a value by identity: the key of a cache for a record that cannot be hashed, or only slowly.

    It holds the value, so that no other one gets its identity meanwhile.
    """

    __slots__ = ("it",)

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ById) and other.it is self.it
