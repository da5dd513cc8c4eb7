"""LRU caches: what took work to make, as much of it as was said and no more."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

_YOUNG = 500_000  # allocations before the garbage collector looks for cycles
_EACH = 4096  # nodes of pages, and texts
K = TypeVar("K")
T = TypeVar("T")


def look_for_cycles_seldom() -> None:
    """Let this process look for cycles seldom: there are hardly any.

    At Python's usual 700 allocations it scans all that is cached again and again, for a sixth of its time.
    """
    gc.set_threshold(_YOUNG)


class _Absent:
    """The type of what is found where nothing is cached: no value that can be made."""


_ABSENT = _Absent()


class LRU(Generic[T]):
    """Caches values by key, at most so many; the least recently used goes first.

    What is used before it is half full counts as used then: to move a key to the end hashes it twice more.
    """

    __slots__ = ("_most", "_values")

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[object, T] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """Get the value of this key, made if it is absent; an empty value is one, too."""
        values = self._values
        found = values.get(key, _ABSENT)
        if isinstance(found, _Absent):
            found = values[key] = make()
            if len(values) > self._most:
                del values[next(iter(values))]
        elif 2 * len(values) > self._most:
            values[key] = values.pop(key)
        return found


class OfObjects(Generic[K, T]):
    """Caches what follows from frozen objects alone, by their identity; what goes first is as in `LRU`.

    It holds the objects, so that no other one gets the identity of one of them meanwhile.
    """

    def __init__(self, most: int, make: Callable[[K], T]) -> None:
        self._most = most
        self._make = make
        self._values: dict[int, tuple[K, T]] = {}

    def get(self, it: K) -> T:
        """Get what follows from this object, made if it is absent."""
        key = object.__hash__(it)  # that of its identity, as for any object; `id` would be an audit event each time
        values = self._values
        found = values.get(key)
        if found is None:
            found = values[key] = it, self._make(it)
            if len(values) > self._most:
                del values[next(iter(values))]
        elif 2 * len(values) > self._most:
            values[key] = values.pop(key)
        return found[1]


def once_each(find: Callable[[K], Iterable[T]]) -> Callable[[K], tuple[T, ...]]:
    """Decorate a function that finds something in frozen objects: it looks once at each of those used last."""
    return OfObjects[K, tuple[T, ...]](_EACH, lambda it: tuple(find(it))).get


class ById(Generic[T]):
    """Hash a value by identity: the key of a cache for a record that cannot be hashed, or only slowly.

    It holds the value, so that no other one gets its identity meanwhile.
    """

    __slots__ = ("it",)

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return object.__hash__(
            self.it
        )  # not `id`: each call of it is an audit event, which the tripwire is asked about

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ById) and other.it is self.it
