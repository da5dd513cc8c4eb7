"""Each difference between a page and what was chosen for its reader, told with its own words and place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from press.compose.provenance import check_provenance, slashed
from press.compose.tailor import Tailored, tailor, with_defaults
from press.compose.template import compose
from press.content.approvals import State, Status, sign
from press.content.fields import Appointment
from press.document.nodes import (
    Block,
    Break,
    Content,
    Document,
    Figure,
    Heading,
    Inline,
    PageCount,
    PageNumber,
    Paragraph,
    SheetNumber,
    Side,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
    blocks,
)
from press.document.slots import Slot
from press.errors import Place, Problem
from press.patients.options import Options
from tests.helpers import press
from tests.support import TODAY, TOPICS, pages_as_built

PARTS = {"banner": "DRAFT banner", "letterhead": "letterhead", "body": "body", "footer": "footer"}
DATED = {
    "last_dose": date(2026, 11, 21),
    "interval": "4 weeks",
    "appointment": Appointment(date(2026, 12, 1), time(9, 30)),
}
HERE = Place("templates/blocks.xhtml.j2", 7)
HINT = "every word of a page comes from the files of its handout"
TOPIC = "overdose-warning"


def chosen(topic: str = TOPIC, *, signed: bool = False, language: str = "en", **given: object) -> Tailored:
    handout = press().handout(topic, language)
    status = Status(State.DRAFT)
    if signed:
        status = Status(
            State.APPROVED, sign(handout, pages_as_built(press()), "Pat Sample", "nurse", TODAY, None, TODAY)
        )
    return tailor(handout, with_defaults(Options(**given), press().clinic), press().clinic, TODAY, status)


WORDS = chosen(name="Zerbinetta", prescriber="Dr. Made Up", **DATED)
PAGE = compose(WORDS, press().templates)


def faults(page: Document, words: Tailored = WORDS) -> list[tuple[str, Place, str]]:
    return [(problem.message, problem.place, problem.hint) for problem in check_provenance(page, words)]


def added(part: str, *run: Inline, page: Document = PAGE) -> Document:
    """The page with one paragraph more at the end of a part."""
    return replace(page, **{part: (*getattr(page, part), Paragraph(run, place=HERE))})


def lost(page: Document, part: str, gone: Inline) -> Document:
    """The page without one piece, wherever it stands in a part."""

    def kept(run: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(
            replace(node, children=kept(node.children)) if isinstance(node, Strong) else node
            for node in run
            if node != gone
        )

    def without(block: Block) -> Block:
        if isinstance(block, Heading | Paragraph):
            return replace(block, children=kept(block.children))
        return replace(block, children=tuple(map(without, block.children))) if hasattr(block, "children") else block

    found = replace(page, **{part: tuple(map(without, getattr(page, part)))})
    assert found != page, "it was not there"
    return found


# Right pages


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("edition", ["standard", "large-print"])
@pytest.mark.parametrize("signed", [False, True], ids=["draft", "final"])
@pytest.mark.parametrize("form", ["injection", "tablet"])
def test_a_page_of_the_shipped_templates_is_right(topic: str, edition: str, signed: bool, form: str) -> None:
    for given in ({}, {"name": "Zerbinetta", "prescriber": "Dr. Made Up", "appointment": DATED["appointment"]}):
        words = chosen(topic, signed=signed, edition=edition, form=form, **given)

        assert faults(compose(words, press().templates), words) == []


def test_marks_between_words_are_free() -> None:
    page = added("body", Text(" · "), Text("(:)"), Break(), Strong((Text("·"),)), Side("en", (Text(":"),)))

    assert faults(page) == []


def test_the_numbers_of_slots_are_no_words() -> None:
    """They say where a value is filled in, and are others in each template."""

    def renumbered(run: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(
            replace(node, number=node.number + 70) if isinstance(node, Slot)
            else replace(node, children=renumbered(node.children)) if isinstance(node, Content | Strong) else node
            for node in run
        )  # fmt: skip

    first, who, *rest = PAGE.body
    other = replace(PAGE, body=(first, replace(who, children=renumbered(who.children)), *rest))

    assert other != PAGE and faults(other) == []


# Too much


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("run", "said"),
    [
        ((Text("never :"), Strong((Text("safe"),))), "the template puts words of its own into the {part}: “never safe”"),
        ((Text("·✓·"),), "the template puts words of its own into the {part}: “✓”"),
        ((Value("name", "Bo"),), "the template shows `name`, which is not for the {part} of this page"),
        ((Value("due", "Monday"),), "the template shows `due`, which is not for the {part} of this page"),
        ((WriteIn("date"),), "the template shows a line to write on in the {part}"),
        ((SheetNumber(),), "the template shows a page number in the {part}"),
        ((Content("x", (Text("a"),)),), "the template shows the text `x`, which is not for the {part} of this page"),
    ],
)  # fmt: skip
def test_what_was_not_chosen_is_told_where_the_template_has_it(part: str, run: tuple[Inline, ...], said: str) -> None:
    assert faults(added(part, *run)) == [(said.format(part=PARTS[part]), HERE, HINT)]


def test_a_second_page_number_is_told() -> None:
    for number in (PageNumber(), PageCount()):
        assert faults(added("footer", number)) == [("the template shows a page number in the footer", HERE, HINT)]


def test_a_text_that_is_there_twice_is_told_as_that() -> None:
    title = PAGE.body[0].children[0]

    assert faults(added("body", title)) == [(f"the template shows the text `{title.id}` twice", HERE, HINT)]
    assert faults(added("footer", title))[0][0] == (
        f"the template shows the text `{title.id}`, which is not for the footer of this page"
    )


def test_words_of_one_run_are_one_fault_and_pieces_each_their_own() -> None:
    found = faults(added("body", Text("one "), WriteIn("a"), Text(" two"), Value("name", "Bo")))

    assert [message.split(" ", 2)[2] for message, _, _ in found] == [
        "puts words of its own into the body: “one two”", "shows a line to write on in the body",
        "shows `name`, which is not for the body of this page",
    ]  # fmt: skip


def test_words_of_two_runs_are_two_faults_and_equal_ones_are_told_once() -> None:
    page = added("body", Text("two"), page=added("body", Text("one")))

    assert [message[-5:] for message, _, _ in faults(page)] == ["“one”", "“two”"]
    assert len(faults(added("body", Text("one"), page=added("body", Text("one"))))) == 1


@pytest.mark.parametrize("length", [80, 81])
def test_words_of_a_template_are_quoted_up_to_a_limit(length: int) -> None:
    ((message, _, _),) = faults(added("body", Text("x" * length)))

    assert message.endswith("“" + ("x" * length if length == 80 else "x" * 79 + "…") + "”")


def test_words_of_a_drawing_and_of_a_caption_are_words() -> None:
    drawing = Figure((), "Safe", place=HERE)
    table = Table((), (), (Text("Safe"),), place=HERE)
    for block in (drawing, table):
        assert [message for message, _, _ in faults(replace(PAGE, body=(*PAGE.body, block)))] == [
            "the template puts words of its own into the body: “Safe”"
        ]


# Missing


def pieces(part: str) -> list[Inline]:
    return [node for block in blocks(getattr(PAGE, part)) if isinstance(block, Paragraph) for node in block.children]


BASE, BODY = Place("templates/base.xhtml.j2"), Place("templates/handout.xhtml.j2")


@pytest.mark.parametrize("part", ["banner", "letterhead", "footer"])
def test_each_text_around_the_page_is_missed(part: str) -> None:
    texts = [node for node in pieces(part) if isinstance(node, Content)]
    assert texts
    for text in texts:
        assert faults(lost(PAGE, part, text)) == [
            (f"the text `{text.id}` is not in the {PARTS[part]}", BASE, "a template lost it")
        ]


@pytest.mark.parametrize("number", [PageNumber(), PageCount()])
def test_a_lost_page_number_is_missed(number: Inline) -> None:
    assert faults(lost(PAGE, "footer", number)) == [("a page number is not in the footer", BASE, "a template lost it")]


def test_a_lost_line_of_the_address_is_missed() -> None:
    words = chosen("benefits")
    page = compose(words, press().templates)
    gone = lost(page, "letterhead", Value("address", "Anytown"))

    assert faults(gone, words) == [("`address` is not in the letterhead", BASE, "a template lost it")]


def test_a_footer_without_a_word_of_the_version_is_told() -> None:
    page = replace(PAGE, footer=())
    missing = [message for message, _, _ in faults(page)]
    structure = WORDS.handout.structure

    assert f"“{TOPIC}” is not in the footer" in missing and f"“{structure.version}” is not in the footer" in missing
    assert f"“{slashed(structure.label_basis['injection'])}” is not in the footer" in missing
    assert missing.count("a page number is not in the footer") == 2


def test_a_lost_title_is_told_where_the_handout_names_it() -> None:
    title = WORDS.handout.structure.title
    ((message, place, hint),) = faults(replace(PAGE, body=PAGE.body[1:]))

    assert message == f"text `{title.text}` is not on the page"
    assert (place, hint) == (title.place, "a template lost it")


def test_the_name_of_the_reader_is_missed_in_the_template() -> None:
    name = WORDS.phrases["for-person"]
    shown = next(node for node in pieces("body") if isinstance(node, Content) and node.id == name.id)

    assert faults(lost(PAGE, "body", shown)) == [
        (f"the text `{name.id}` is not in the body", BODY, "a template lost it")
    ]


def test_a_lost_block_is_told_with_its_facts() -> None:
    for block in PAGE.body[2:]:
        found = [*check_provenance(replace(PAGE, body=tuple(b for b in PAGE.body if b is not block)), WORDS)]

        assert found and all(problem.message.endswith("is not on the page") for problem in found)
        assert all(problem.place.file == f"handouts/{TOPIC}/handout.yaml" for problem in found)
        assert all(problem.hint.endswith("block may not show it there") for problem in found)
    assert with_facts([*check_provenance(replace(PAGE, body=PAGE.body[:2]), WORDS)]) >= {"O1", "O2"}


def with_facts(problems: list[Problem]) -> set[str]:
    said = (p.message.partition("the required fact ")[2].partition(" is not whole: text `")[0] for p in problems)
    return {fact for facts in said for fact in facts.split(", ") if fact}


# Out of order


def test_the_first_piece_out_of_order_is_told_and_no_other() -> None:
    first, second, *rest = PAGE.footer
    moved = replace(PAGE, footer=(replace(second, place=HERE), first, *rest)) if rest or second else PAGE
    ((message, place, hint),) = faults(moved)

    assert message == "the texts of the footer are not in the order of the handout"
    assert (place, hint) == (HERE, "")


# What a page has to hold


def test_a_dense_page_has_a_short_letterhead_in_standard_print() -> None:
    """One side has no room for the address; large print has, but for the sheet of a card."""
    dense = [topic for topic in TOPICS if press().library.structure(topic).dense]
    assert dense
    for topic in dense:
        for edition in ("standard", "large-print"):
            words = chosen(topic, edition=edition, prescriber="Dr. Made Up")
            is_there = edition == "large-print" and not words.handout.has_card
            page = compose(words, press().templates)
            fields = {node.field for block in page.letterhead for node in block.children if isinstance(node, Value)}

            assert ("address" in fields) == is_there and faults(page, words) == []
            assert any(
                "`address`" in m for m, _, _ in faults(added("letterhead", Value("address", "x"), page=page), words)
            )


def test_a_personal_page_is_typed_and_another_is_printed() -> None:
    for words in (WORDS, chosen()):
        page = compose(words, press().templates)
        other = replace(words, personal=not words.personal)
        name, wrong = ("typed", "printed") if words.personal else ("printed", "typed")

        assert faults(page, words) == []
        assert sorted(message for message, _, _ in faults(page, other)) == sorted([
            f"the text `{words.phrases[wrong].id}` is not in the footer",
            f"the template shows the text `{words.phrases[name].id}`, which is not for the footer of this page",
        ])  # fmt: skip


def test_a_draft_says_so_on_each_panel_of_its_card() -> None:
    draft, final = chosen("wallet-card"), chosen("wallet-card", signed=True)
    marks = draft.handout.draft_marks
    for words, count in ((draft, 4), (final, 0)):
        page = compose(words, press().templates)
        shown = [node for b in blocks(page.body) if isinstance(b, Paragraph) for node in b.children if node in marks]

        assert len(shown) == count * len(marks) and faults(page, words) == []
    assert len(faults(compose(final, press().templates), replace(final, draft=draft.draft))) > 4


def test_a_calendar_has_every_day_mark_and_hour() -> None:
    words = chosen("fridge-page", **DATED)
    page = compose(words, press().templates)
    assert faults(page, words) == []

    one, *others = words.months
    for months in ((), (one,), (*words.months, one), (*others, one)):
        assert faults(page, replace(words, months=months))
    unmarked = replace(one, weekdays=tuple(replace(head, marks=(), name="Xyz") for head in one.weekdays))
    assert any("“Xyz”" in message for message, _, _ in faults(page, replace(words, months=(unmarked, *others))))


def test_the_hour_of_an_appointment_is_a_piece_of_its_own() -> None:
    words, without = (
        chosen("fridge-page", **{**DATED, "appointment": Appointment(date(2026, 12, 1), hour)})
        for hour in (time(9, 30), None)
    )
    found = [
        message for message, _, _ in faults(compose(words, press().templates), replace(words, months=without.months))
    ]

    assert found == ["the template shows `appointment`, which is not for the body of this page"]


def test_a_month_of_a_label_is_shown_with_a_slash() -> None:
    assert slashed("2025-12") == "12/2025"
