"""Which characters may stand in a text, and how the others are named."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content.characters import MOST_FAULTS, Fault, clean, find_faults
from tests.rigs.work import calls_within

REFUSED = [
    ("\0", "U+0000 NULL"),
    ("\x07", "U+0007 CONTROL CHARACTER"),
    ("\x1b", "U+001B ESCAPE"),
    ("\x7f", "U+007F DELETE"),
    ("\x85", "U+0085 NEXT LINE"),
    ("\t", "U+0009 TAB"),
    ("\n", "U+000A LINE BREAK"),
    ("\r", "U+000D CARRIAGE RETURN"),
    ("\ud83d", "U+D83D HALF OF A CHARACTER PAIR"),
    ("\ue000", "U+E000 PRIVATE USE CHARACTER"),
    ("\U0010fffd", "U+10FFFD PRIVATE USE CHARACTER"),
    ("\u0378", "U+0378 UNASSIGNED CHARACTER"),
    ("\uffff", "U+FFFF UNASSIGNED CHARACTER"),
    ("\ufffc", "U+FFFC OBJECT REPLACEMENT CHARACTER"),
    ("\ufffd", "U+FFFD REPLACEMENT CHARACTER"),
    ("\u202a", "U+202A LEFT-TO-RIGHT EMBEDDING"),
    ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
    ("\u2069", "U+2069 POP DIRECTIONAL ISOLATE"),
    ("\u200e", "U+200E LEFT-TO-RIGHT MARK"),
    ("\u200f", "U+200F RIGHT-TO-LEFT MARK"),
    ("\u061c", "U+061C ARABIC LETTER MARK"),
    ("\u200b", "U+200B ZERO WIDTH SPACE"),
    ("\u2060", "U+2060 WORD JOINER"),
    ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ("\u00ad", "U+00AD SOFT HYPHEN"),
    ("\u2028", "U+2028 LINE SEPARATOR"),
    ("\u2029", "U+2029 PARAGRAPH SEPARATOR"),
    ("\u034f", "U+034F COMBINING GRAPHEME JOINER"),
    ("\u3164", "U+3164 HANGUL FILLER"),
    ("\U000e0001", "U+E0001 LANGUAGE TAG"),
    ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
    ("\u200d", "U+200D ZERO WIDTH JOINER"),
    ("\u200c", "U+200C ZERO WIDTH NON-JOINER"),
]

WELCOME = [
    "",
    "O'Brien-Núñez & <née> {x} **y**",
    "5\u00a0mg",
    "Łódź Żółć İstanbul Nguyễn",
    "王小明 김철수 さくら",
    "δοκιμή проверка",
    "می\u200cخواهم",
    "क\u094d\u200dष",
    "က\u103cေ\u102cင\u103a\u1037",
    "မ\u103bှေ\u102cာ\u1037",
    "\u0600123",
    "שָׁלוֹם",
    "½ ° µ “quoted” – … ☐ ✓ →",
    "𠮷田",
]


@pytest.mark.parametrize(("character", "name"), REFUSED, ids=[n for _, n in REFUSED])
def test_a_forbidden_character_is_named_with_its_position(character: str, name: str) -> None:
    _, faults = clean(f"Annax{character}y")

    assert [str(fault) for fault in faults] == [f"character {name} at position 6"]


@pytest.mark.parametrize("text", WELCOME)
def test_ordinary_writing_of_many_scripts_passes(text: str) -> None:
    assert clean(text) == (unicodedata.normalize("NFC", text), ())


def test_text_is_given_in_composed_form() -> None:
    assert clean("Jose\u0301") == ("José", ())


def test_newlines_and_tabs_pass_only_where_they_are_expected() -> None:
    text = "one\n\ttwo"

    assert clean(text, newlines=True) == (text, ())
    assert [fault.position for fault in clean(text)[1]] == [4, 5]


@pytest.mark.parametrize("other", "\r\x0b\x0c\x85\u2028\x00")
def test_no_other_control_passes_with_newlines(other: str) -> None:
    assert len(clean(f"a{other}b", newlines=True)[1]) == 1


@pytest.mark.parametrize("joiner", "\u200c\u200d")
@pytest.mark.parametrize("frame", ["{}م", "م{}", "م{} م", "م{}क", "a{}b", "א{}ב", "م{}{}م", "👩{}⚕", "م{}1"])
def test_a_joiner_stands_only_between_letters_of_one_script_that_joins(joiner: str, frame: str) -> None:
    faults = clean(frame.replace("{}", joiner))[1]

    assert len(faults) == frame.count("{}")


@pytest.mark.parametrize(("marks", "count"), [(4, 0), (5, 1), (6, 1), (400, 1)])
def test_a_row_of_more_than_four_marks_is_one_fault(marks: int, count: int) -> None:
    _, faults = clean("xx" + "\u0323" * marks)

    assert len(faults) == count
    if count:
        what = f"{marks} combining marks in a row (at most 4)"
        assert faults == (Fault(what, 3, marks),)


def test_each_row_of_marks_is_told() -> None:
    assert [fault.position for fault in clean("x" + "\u0323" * 5 + "y" + "\u0323" * 6)[1]] == [2, 8]


def test_all_faults_of_a_text_are_told_up_to_a_limit() -> None:
    assert [fault.position for fault in clean("\u200ba\u202e")[1]] == [1, 3]
    assert len(clean("\x01" * 100_000)[1]) == MOST_FAULTS


@pytest.mark.parametrize("pair", ["\u0301\u0323", "\U0001d165\U0001d16e", "\u0344\u0323"])
def test_a_mountain_of_marks_is_refused_at_once(pair: str, no_hours: None) -> None:
    """Normalising it would take hours: the marks are sorted one by one."""
    assert calls_within(300_000, lambda: clean("a" + pair * 10_000))[1]
    _, faults = clean("a" + pair * 100_000)

    assert faults


@given(st.text())
def test_any_text_is_cleaned_once_and_for_all(text: str) -> None:
    cleaned, faults = clean(text)

    assert cleaned == unicodedata.normalize("NFC", text)
    assert clean(cleaned) == (cleaned, faults)


@given(st.text(st.characters(categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp"]), min_size=1))
def test_every_forbidden_character_is_found(text: str) -> None:
    found = [fault.position for fault in find_faults(text)]

    assert found == list(range(1, len(text) + 1))


@given(st.text())
def test_a_fault_never_holds_the_text_around_it(text: str) -> None:
    for fault in clean("Canary" + text + "Canary")[1]:
        assert "Canary" not in str(fault)
        assert str(fault).isprintable()
