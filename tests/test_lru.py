"""What is kept by what it was made of: made once, within bounds, the longest unasked gone first."""

from __future__ import annotations

import pytest

from press.lru import Kept


@pytest.mark.parametrize("value", [(), "", 0, None, {}, "a value"])
def test_a_value_is_made_once_even_an_empty_one(value: object) -> None:
    kept: Kept[object] = Kept(2)
    made: list[object] = []

    def make() -> object:
        made.append(value)
        return value

    assert [kept.get("key", make) for _ in range(3)] == [value] * 3
    assert made == [value]


def test_the_one_that_was_not_asked_for_longest_goes_first() -> None:
    kept: Kept[str] = Kept(2)
    made: list[str] = []

    def ask(key: str) -> None:
        kept.get(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)

    assert made == ["a", "b", "c", "b"]
