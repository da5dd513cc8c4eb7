"""The YAML reader under attack: bombs, patient data in broken files, any bytes at all."""

from __future__ import annotations

import sys
import traceback
import tracemalloc
import unicodedata
from functools import partial

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from press.content.characters import clean
from press.content.raw import Mapping, Scalar, Sequence, Value
from press.content.yaml import builder as yaml_tree  # noqa: F401 - imported once by the reader, which is not a bomb's work
from press.content.yaml.reader import read
from press.errors import HandoutError, Place
from tests.content.yaml_cases import ALL, BOMBS, SOON, Spot, bombs, plain, told
from tests.rigs.work import calls_within, traced
from tests.support import swept

# Limits


@pytest.mark.parametrize(("levels", "fits"), [(12, True), (13, False)])
def test_twelve_levels_are_enough(levels: int, fits: bool) -> None:
    for source in (
        "{a: " * levels + "1" + "}" * levels,
        "a: " + "[" * (levels - 1) + "]" * (levels - 1),
        "\n".join(" " * n + "a:" for n in range(levels)),
        "a:\n  " + "- " * (levels - 1) + "x",
    ):
        if fits:
            assert plain(read(source.encode(), "f"))
        else:
            assert "12 levels" in told(source)[0].message


@pytest.mark.parametrize(("keys", "fits"), [(9_999, True), (10_000, False)])
def test_twenty_thousand_texts_and_keys_are_enough(keys: int, fits: bool) -> None:
    source = "".join(f"k{n}:\n" for n in range(keys)).encode()

    if fits:
        assert len(read(source, "f").entries) == keys
    else:
        assert "20,000" in told(source)[0].message


def test_a_full_megabyte_is_read() -> None:
    data = b"a: " + b"x" * 999_997

    assert len(read(data, "f").get("a").text) == 999_997


READ = [name for name in BOMBS if name not in SOON]


@pytest.mark.parametrize("name", SOON)
def test_a_bomb_is_refused_soon(name: str) -> None:
    assert calls_within(SOON[name], partial(told, BOMBS[name].encode()))


@pytest.mark.parametrize("name", READ)
def test_a_bomb_that_is_read_takes_work_in_proportion(name: str, no_hours: None) -> None:
    """At a tenth of its length, where work in its square would be some thousand times what there may be."""
    data = bombs(10)[name].encode()

    assert calls_within(50 * len(data), partial(told, data))


@pytest.mark.parametrize("name", swept(BOMBS, [*SOON, "anchors", "escapes", "marks"]))
def test_no_bomb_takes_200_times_its_length_in_memory(name: str, no_hours: None) -> None:
    data = (bombs(10) if name in READ else BOMBS)[name].encode()
    with traced():
        told(data)
        _, most = tracemalloc.get_traced_memory()

    assert most < 200 * len(data) + 1_000_000


@pytest.mark.sweep
@pytest.mark.parametrize("name", READ)
def test_a_bomb_is_refused_in_its_full_length(name: str, no_hours: None) -> None:
    assert told(BOMBS[name].encode())


def test_there_are_bombs_of_both_kinds() -> None:
    assert len(SOON) > 15 and len(READ) > 10 and SOON.keys() < BOMBS.keys()


# Patient data

CANARY = "Zyxwvut"


@pytest.mark.parametrize(("source", "expected"), ALL)
def test_a_private_problem_stands_in_the_same_place(source: str, expected: list[Spot]) -> None:
    problems = told(source, private=True)

    assert [(p.place.line, p.place.column) for p in problems] == [spot[:2] for spot in expected]
    assert all(problem.private for problem in problems)


@pytest.mark.parametrize(
    "source",
    [
        f"{CANARY}: 1\n{CANARY}: 2\n{CANARY.upper()}: 3",
        f"a: &{CANARY} *{CANARY}",
        f"a: *{CANARY}",
        f"a: !{CANARY} x",
        f"%{CANARY} {CANARY}\n---\na: b",
        f"a: {CANARY} # {CANARY}",
        f"{CANARY}\u00a0{CANARY}: x",
        f'"{CANARY}\\t": \u202e{CANARY}',
        f"{CANARY}: {CANARY}: {CANARY}",
        f"{CANARY}:{CANARY}",
        f"{CANARY}",
        f"a: '{CANARY}",
        f"a: '{CANARY}' {CANARY}",
        f'a: "\\q{CANARY}"',
        f"a: [{CANARY}\n{CANARY}: {CANARY}",
        f"a: {{{CANARY}}}",
        f"{{{CANARY}: 1}}: {CANARY}",
        f"a: b\n  {CANARY}: c",
        f"a: b\n\t{CANARY}",
        f"- {CANARY}\n{CANARY}: x",
        f"a: {CANARY}\n---\n{CANARY}",
        f"a: {CANARY}\udcff",
    ],
)
def test_a_private_message_holds_nothing_of_the_file(source: str) -> None:
    data = source.encode("utf-8", "surrogateescape")
    with pytest.raises(HandoutError) as caught:
        read(data, "f.yaml", private=True)
    shown = "".join(traceback.format_exception(caught.value))
    shown += "".join(f"{p.place} {p.message} {p.hint}" for p in caught.value.problems)

    assert CANARY.casefold() not in shown.casefold()
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_a_key_is_quoted_and_cut() -> None:
    (problem,) = told(f"{'k' * 60}: 1\n{'k' * 60}: 2")

    assert f"`{'k' * 39}…`" in problem.message


def test_a_quoted_key_is_safe_to_print() -> None:
    problems = told('"a\\e[31m": 1\n"a\\e[31m": 2')

    assert len(problems) == 3
    assert all(problem.message.isprintable() for problem in problems)


# Any input

SIGNS = st.sampled_from("\n\n\n    aab::-?,[]{}#&*!|>'\"%@`\\\t.~<0\u00a0\u200d\u0301é\x00\x85\ufeff\r")
SOUP = st.text(SIGNS, max_size=60)
LINES = st.lists(
    st.sampled_from(
        ["a: b", "  c: d", "- e", "  - f", "g:", "h: |", "    i", "'j: k", 'l: "', "m: [", "]",
         "n: &x y", "o: *x", "p: !t", "---", "...", "%Q", "? r", ": s", "# t", "a: {u: v", "}",
         "\tw", "w: x # y", "<<: z", "a:b", "", "? [a]", "  ? b", "- - - c", "! ! d"]
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


def check_any(data: bytes) -> None:
    """A tree of clean text, or problems that have their place within the file."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    try:
        tree = read(data, "f")
    except HandoutError as error:
        for problem in error.problems:
            assert 0 <= problem.place.line <= len(lines)
            assert problem.place.line == 0 or problem.place.column >= 1
            assert problem.message.isprintable() and problem.hint.isprintable()
    else:
        assert isinstance(tree, Mapping)
        check_clean(tree)


def check_clean(value: Value) -> None:
    match value:
        case Scalar():
            assert clean(value.text, newlines=True) == (value.text, ())
        case Sequence():
            for item in value:
                check_clean(item)
        case Mapping():
            for key, item in value.entries:
                assert clean(key.text) == (key.text, ())
                check_clean(item)


@given(st.binary())
@example(b"\xff\xfe")
@example(b"\0")
def test_any_bytes_give_a_tree_or_problems(data: bytes) -> None:
    check_any(data)


@settings(max_examples=1500)
@given(SOUP)
def test_any_soup_of_signs_gives_a_tree_or_problems(text: str) -> None:
    check_any(text.encode())


@settings(max_examples=1500)
@given(LINES)
def test_any_order_of_lines_gives_a_tree_or_problems(text: str) -> None:
    check_any(text.encode())


@given(SOUP)
def test_private_or_not_the_places_are_the_same(text: str) -> None:
    outcome = []
    for private in (False, True):
        try:
            outcome.append(plain(read(text.encode(), "f", private=private)))
        except HandoutError as error:
            outcome.append(sorted({problem.place for problem in error.problems}))

    assert outcome[0] == outcome[1]


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_survives_exactly_or_is_refused_in_its_place(text: str) -> None:
    data = yaml.safe_dump({"key": text}, default_style='"').encode()
    composed, faults = clean(text, newlines=True)
    if faults:
        assert {problem.place for problem in told(data)} == {Place("f.yaml", 1, 8)}
    else:
        assert read(data, "f").get("key").text == composed


@settings(max_examples=300)
@given(st.dictionaries(st.text("abcé -", min_size=1), st.lists(st.text("ab: #-'\"\n{[é")), max_size=5))
def test_a_tree_survives_exactly(tree: dict[str, list[str]]) -> None:
    data = yaml.safe_dump(tree, default_style='"', allow_unicode=True).encode()
    if any(not key.strip() for key in tree):
        assert "no key" in told(data)[0].message
    else:
        assert plain(read(data, "f")) == tree


@pytest.mark.parametrize("step", [pytest.param(13, id="some"), pytest.param(1, id="all", marks=pytest.mark.sweep)])
def test_every_allowed_character_survives(step: int) -> None:
    """One text with each of them, as it is and not escaped."""
    everything = (chr(code) for code in range(0, sys.maxunicode + 1, step))
    allowed = [c for c in everything if not clean(c)[1] and unicodedata.is_normalized("NFC", c)]
    text = "_" + "_".join(allowed)
    data = f"key: |-\n  {text}\n"

    assert len(allowed) > 100_000 // step
    assert len(data.encode()) < 1_000_000
    assert plain(read(data.encode(), "f")) == {"key": text}
