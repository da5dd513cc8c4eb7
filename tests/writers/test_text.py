"""The text twin: at most 80 columns, the words of the tree in their order, and good to hear."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.document.nodes import (
    Block,
    Break,
    Cell,
    Heading,
    Inline,
    List,
    ListItem,
    PageNumber,
    Paragraph,
    Placeholder,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
)
from press.writers.text import write_text
from press.writers.wrap import COLUMNS, width, wrap
from tests.helpers import Case, bare_document
from tests.writers.twins import folded, heard

_BETWEEN = re.compile(r"(?:\s|- |\d+\. |[:;])*")  # marks of items, and what joins the cells of a row
_RULE = re.compile(r"[^\w\s]{3}|_{2}")  # a row of signs: a voice says each one


def text_of(*body: Block) -> str:
    return write_text(bare_document(*body)).data.decode("utf-8")


def body_of(*body: Block) -> str:
    """The text without the title and the footer."""
    return text_of(*body).removeprefix("A made-up page\n").removesuffix("made by hand\n").strip("\n")


def line(*children: Inline) -> Paragraph:
    return Paragraph(children)


def cell(words: str, scope: str = "") -> Cell:
    return Cell((Text(words),) if words else (), scope)


# Every handout


def test_every_line_of_every_handout_fits_and_the_words_are_those_of_the_tree(sheaf: dict[str, Case]) -> None:
    """Word for word and in order, with nothing left over."""
    assert len(sheaf) > 50
    for name, case in sheaf.items():
        text = write_text(case.document).data.decode("utf-8")
        assert max(width(line) for line in text.splitlines()) <= COLUMNS, name
        assert left_over(text.replace("[ ] ", ""), heard(case.document)) == "", name


def left_over(text: str, runs: list[str]) -> str:
    """What stands in a text after all runs; fails where one does not follow the one before."""
    rest = folded(text)
    for run in runs:
        rest = rest.removeprefix(" ")  # a run may begin with a number of its own, as on a card
        rest = rest[_BETWEEN.match(rest).end() :] if not rest.startswith(run) else rest
        assert rest.startswith(run), f"after the words before it, found {rest[:60]!r} and not {run[:60]!r}"
        rest = rest[len(run) :]
    return rest


def test_a_lost_or_a_moved_word_is_found() -> None:
    """The guard above would see it."""
    for runs in (["One.", "Three."], ["Two.", "One."]):
        with pytest.raises(AssertionError, match="found"):
            left_over("One.\n\nTwo.\n", runs)
    assert left_over("One.\n\nTwo.\n", ["One."]) == " Two."


def test_nothing_is_there_for_the_eye_only(sheaf: dict[str, Case]) -> None:
    """No underline, no rule, no dotted line: espeak-ng says "equals, equals, equals"."""
    assert _RULE.search("===") and _RULE.search("---") and _RULE.search("__")
    for name, case in sheaf.items():
        assert not _RULE.search(write_text(case.document).data.decode("utf-8")), name


def test_no_page_is_counted(sheaf: dict[str, Case]) -> None:
    for name, case in sheaf.items():
        last = write_text(case.document).data.decode("utf-8").rpartition("·")[2]
        assert "Page" not in last and "#" not in last, name


# What a voice needs


def test_each_thing_to_say_stands_apart() -> None:
    """A blank line is a pause; two announce a heading."""
    body = (
        Heading(2, (Text("Signs"),)),
        line(Text("Look for")),
        List((ListItem((Text("one"),)), ListItem((Text("two"),)))),
    )

    assert text_of(*body) == "A made-up page\n\n\nSigns\n\nLook for\n\n- one\n\n- two\n\n\nmade by hand\n"


def test_steps_are_numbered_and_hang() -> None:
    steps = List((ListItem((Text("word " * 30),)), ListItem((Text("two"),))), ordered=True)
    first, second = body_of(steps).split("\n\n")

    assert first.startswith("1. word") and first.splitlines()[1].startswith("   word")
    assert second == "2. two"


def test_a_table_is_told_row_by_row_with_the_names_of_its_columns() -> None:
    table = Table(
        head=(Row((cell("Day", "col"), cell("Dose", "col"), cell("Where", "col"))),),
        rows=(
            Row((cell("Monday", "row"), cell("one tablet"), cell("at home"))),
            Row((cell("What now?", "row"), cell("Wait."), cell("here"))),
            Row((cell("Tuesday", "row"), cell(""), cell(""))),
        ),
        caption=(Text("My days"),),
    )

    assert body_of(table).split("\n\n") == [
        "My days", "Monday: Dose: one tablet; Where: at home", "What now? Dose: Wait. Where: here", "Tuesday",
    ]  # fmt: skip


def test_a_table_without_heads_is_told_too() -> None:
    assert body_of(Table(head=(), rows=(Row((cell("Crisis line", "row"), cell("988"))),))) == "Crisis line: 988"


def test_a_line_to_write_on_is_named() -> None:
    assert body_of(line(Text("Call us: "), Strong((WriteIn("clinic phone"),)))) == "Call us: [clinic phone]"


def test_a_section_is_its_blocks() -> None:
    assert body_of(Section((line(Text("one")), Section((line(Text("two")),), "panel")), "pair")) == "one\n\ntwo"


def test_a_break_is_a_new_line() -> None:
    assert body_of(line(Text("one"), Break(), Text("two"))) == "one\ntwo"


@pytest.mark.parametrize("node", [PageNumber(), Placeholder("due")])
def test_what_has_no_place_in_a_body_never_gets_out(node: Inline) -> None:
    with pytest.raises(ValueError):
        text_of(line(Strong((node,))))


def test_a_value_keeps_its_direction_among_words_from_right_to_left() -> None:
    number = Value("clinic_phone", "(212)\N{NO-BREAK SPACE}555-0142")

    assert body_of(line(Text("התקשרו: "), Strong((number,)))) == "התקשרו: \u2068(212)\u00a0555-0142\u2069"
    assert body_of(line(Text("Call: "), Strong((number,)))) == "Call: (212)\u00a0555-0142"
    assert body_of(line(Value("name", "דנה"), Text(", 3"))) == "\u2068דנה\u2069, 3"


# Eighty columns

ODD = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300)


@given(ODD, st.sampled_from(["", "- ", "12. "]))
def test_any_words_fit_and_none_are_lost(words: str, mark: str) -> None:
    lines = wrap(words, mark).split("\n")

    assert all(width(line) <= COLUMNS for line in lines)
    assert "".join("".join(lines).split()) == "".join((mark + words).split())


@given(ODD)
def test_a_typed_value_fits_in_any_place(words: str) -> None:
    value = (Value("name", words),)
    table = Table(head=(Row((Cell(value, "col"), Cell(value, "col"))),), rows=(Row((Cell(value, "row"), Cell(value))),))
    text = text_of(Heading(2, value), line(Text("For: "), *value), List((ListItem(value),), ordered=True), table)

    assert max(map(width, text.split("\n"))) <= COLUMNS


def test_a_word_longer_than_a_line_is_cut_and_whole() -> None:
    lines = wrap("before " + "x" * 300 + " after").splitlines()

    assert [len(line) for line in lines] == [6, 80, 80, 80, 66]
    assert lines[-1].endswith("x after")


def test_a_chinese_character_takes_two_columns_and_ends_a_line() -> None:
    lines = wrap("纳曲酮" * 20 + "。" + "纳").splitlines()

    assert [width(line) for line in lines] == [80, 44]


def test_closing_punctuation_never_begins_a_line() -> None:
    lines = wrap("字" * 40 + "。后").splitlines()

    assert [len(line) for line in lines] == [39, 3] and lines[1] == "字。后"


def test_an_accent_takes_no_column_and_stays_with_its_letter() -> None:
    lines = wrap("e\N{COMBINING ACUTE ACCENT}" * 100).splitlines()

    assert [width(line) for line in lines] == [80, 20]
    assert all(line.startswith("e") and line.endswith("\N{COMBINING ACUTE ACCENT}") for line in lines)


def test_a_no_break_space_holds_a_number_together() -> None:
    number = "(212)\N{NO-BREAK SPACE}555-0142"

    assert wrap("word " * 15 + number).splitlines()[1] == number
