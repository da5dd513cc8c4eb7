"""Codes and file names: what is let through, what is refused, and what the refusal says."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.delivery.filenames import LONGEST_CODE, check_code, check_file_name, is_device_name

GOOD = ["1", "P-0042", "a.b", "x" * LONGEST_CODE, "CONRAD", "COM", "COM10", "nul-1", "Z_9"]
PATHS = ["../x", "/x", "a/b", "C:evil", "\\x", "\\\\host\\share", "a:b", "~", "..", "."]
HIDDEN = ["a\0", "a\n", "\u202eabc", "a\u200b", "\ud800", "a\x1b[31m", "é", "e\u0301", "１", " a"]
SHAPES = ["", "-a", "_a", ".a", "a.", "a..", "x" * (LONGEST_CODE + 1)]
DEVICES = ["CON", "con", "NUL.tar.gz", "com1.txt", "Lpt9", "aux.", "prn.pdf", "PRN"]


@pytest.mark.parametrize("code", GOOD)
def test_an_ordinary_code_is_let_through(code: str) -> None:
    assert check_code(code) is None


@pytest.mark.parametrize("code", PATHS + HIDDEN + SHAPES + DEVICES)
def test_a_code_that_is_no_safe_file_name_is_refused(code: str) -> None:
    assert check_code(code)


@pytest.mark.parametrize("name", ["COM¹", "com³.pdf", "CONIN$", "conout$.x", "com1 .txt", "LPT².a"])
def test_the_devices_that_few_know_of_are_devices(name: str) -> None:
    assert is_device_name(name)


@pytest.mark.parametrize("code", ["Łucja", "Anna Nowak", "secret\x1b[31m", ".secret", "secret."])
def test_the_sentence_does_not_hold_the_code(code: str) -> None:
    sentence = check_code(code)

    assert sentence and code not in sentence and sentence.isascii() and sentence.isprintable()


def test_the_sentence_names_the_character_and_where_it_stands() -> None:
    assert "the character U+202E at position 3;" in (check_code("ab\u202ec") or "")
    assert "a space at position 2;" in (check_code("a b") or "")


def test_a_file_name_may_be_longer_than_a_code_and_not_longer_than_its_own_limit() -> None:
    assert check_file_name("x" * 121) is None
    assert check_file_name("x" * 122)


@given(st.text(max_size=70) | st.text("aZ09._-$ :/\\\n", max_size=70))
def test_what_is_let_through_is_one_plain_file_on_every_system(text: str) -> None:
    if check_code(text) is not None:
        return

    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text)
    assert (Path("out") / text).parent == Path("out")
    assert PureWindowsPath("out", text).parent == PureWindowsPath("out")
    assert not text.endswith(".")
