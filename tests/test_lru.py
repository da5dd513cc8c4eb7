"""The LRU cache: a value is made once, within bounds, and the least recently used goes first."""

from __future__ import annotations

import pytest

from press.lru import LRU


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
