"""The order of words from right to left, compared with another implementation of Unicode Annex 9."""

from __future__ import annotations

from unicodedata import bidirectional, combining

from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from press.writers.pdf.fonts.bidi import has_right_to_left, is_right_to_left, resolve, visual_order

SIGNS = "ab אבג محمد 12 ١٢ ().,-+/%$ [x] {:;٪ Ж王ि"


def displayed(text: str, base: int) -> str:
    """The characters from left to right; the spaces at the end have the direction of the text (rule L1)."""
    levels = resolve(text, base)
    for place in range(len(text) - 1, -1, -1):
        if bidirectional(text[place]) != "WS":
            break
        levels[place] = base
    return "".join(text[i] for i in visual_order(levels))


@settings(max_examples=1000, deadline=None)
@given(st.text(st.sampled_from(SIGNS), max_size=16), st.sampled_from((0, 1)))
def test_order_is_that_of_the_standard(text: str, base: int) -> None:
    assert displayed(text, base) == get_display(text, base_dir="LR"[base])


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(SIGNS + "\u0301\u05b8\u064e"), max_size=12), st.sampled_from((0, 1)))
def test_marks_go_with_their_letters(text: str, base: int) -> None:
    """The other implementation leaves the order of a letter and its marks to the writer (rule L3)."""
    ours, theirs = (
        "".join(c for c in shown if not combining(c))
        for shown in (displayed(text, base), get_display(text, base_dir="LR"[base]))
    )
    levels = resolve(text, base)

    assert ours == theirs
    assert all(
        levels[i] == levels[i - 1] for i in range(1, len(text)) if combining(text[i]) and not text[i - 1].isspace()
    )


def test_known_orders() -> None:
    assert displayed("Anna דוד 12", 0) == "Anna 12 " + "דוד"[::-1]
    assert displayed("דוד 12", 1) == "12 " + "דוד"[::-1]
    assert visual_order([0, 0]) == [0, 1]
    assert visual_order([2, 2]) == [0, 1]
    assert visual_order([0, 1, 1, 0]) == [0, 2, 1, 3]
    assert visual_order([]) == []


def test_direction_of_a_name_is_that_of_its_first_letter() -> None:
    assert is_right_to_left("12 דוד Anna")
    assert not is_right_to_left("12 Anna דוד")
    assert not is_right_to_left("12")
    assert has_right_to_left("Anna د")
    assert not has_right_to_left("Владимир 王小明 अनीता")
