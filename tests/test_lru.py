"""The LRU cache: a value is made once, within bounds, and the least recently used goes first."""

from __future__ import annotations

import pytest

from press.lru import LRU, OfObjects


@pytest.mark.parametrize("value", [(), "", 0, None, {}, "a value"])
def test_a_value_is_made_once_even_an_empty_one(value: object) -> None:
    cache: LRU[object] = LRU(2)
    made: list[object] = []

    def make() -> object:
        made.append(value)
        return value

    assert [cache.get("key", make) for _ in range(3)] == [value] * 3
    assert made == [value]


def test_the_least_recently_used_goes_first() -> None:
    cache: LRU[str] = LRU(2)
    made: list[str] = []

    def ask(key: str) -> None:
        cache.get(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)

    assert made == ["a", "b", "c", "b"]


def test_what_follows_from_an_object_is_made_once_for_it_and_not_for_its_equals() -> None:
    made: list[list[int]] = []
    cache: OfObjects[list[int], int] = OfObjects(8, lambda it: made.append(it) or len(made))
    one, equal = [1], [1]

    assert [cache.get(each) for each in (one, equal, one, equal)] == [1, 2, 1, 2]
    assert made[0] is one and made[1] is equal


def test_of_objects_the_least_recently_used_goes_first_and_none_is_taken_for_one_that_is_gone() -> None:
    cache: OfObjects[list[int], list[int]] = OfObjects(2, list)
    first, second, third = [1], [2], [3]
    kept = cache.get(first)
    cache.get(second)
    assert cache.get(first) is kept
    cache.get(third)

    assert cache.get(first) is kept
    again = cache.get(second)
    assert again == [2]
    for number in range(1000):  # each lives only in the cache, so that the next ones may take its place in memory
        assert cache.get([number]) == [number]
