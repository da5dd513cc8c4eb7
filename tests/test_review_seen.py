"""What the program sees of the review items: each flips when the page loses what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from press.document.nodes import (
    Block,
    Cell,
    Content,
    Document,
    Heading,
    Item,
    List,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from press.errors import Place
from press.reports.review_items import CCI, ITEMS, PEMAT, Answer
from press.reports.review_seen import look, look_at_all
from tests.helpers import bare_document
from tests.review_pages import general_page


@pytest.fixture(scope="module")
def real() -> Document:
    """The benefits page, which lacks only a picture of all that a program can see."""
    return general_page("benefits")


def _content(text: str, line: int = 1) -> Content:
    return Content(f"made-up/{line}", (Text(text),), Place("handouts/made-up/en.yaml", line))


def _paragraph(text: str, line: int = 1) -> Paragraph:
    return Paragraph((_content(text, line),))


def _list(*texts: str, ordered: bool = False) -> List:
    return List(tuple(Item((_content(text),)) for text in texts), ordered)


def _without(document: Document, unwanted: Callable[[Block], bool]) -> Document:
    """The document without some blocks, wherever they stand."""

    def kept(found: tuple[Block, ...]) -> tuple[Block, ...]:
        left = (block for block in found if not unwanted(block))
        return tuple(replace(b, children=kept(b.children)) if isinstance(b, Section) else b for b in left)

    return replace(document, body=kept(document.body))


def _add(document: Document, *more: Block) -> Document:
    return replace(document, body=document.body + more)


def _answers(document: Document) -> dict[tuple[str, int], Answer]:
    return {key: seen.answer for key, seen in look(document).items()}


def test_the_real_page_has_all_that_a_program_can_ask_for(real: Document) -> None:
    found = _answers(real)

    assert [key for key, answer in found.items() if answer is Answer.NO] == [(CCI, 4)]
    assert len(found) >= 20


LOSSES: dict[str, tuple[Callable[[Block], bool], set[tuple[str, int]]]] = {
    "the box": (
        lambda b: isinstance(b, Section) and b.role == "notice",
        {(PEMAT, 11), (PEMAT, 12), (CCI, 2), (CCI, 3)},
    ),
    "headings": (lambda b: isinstance(b, Heading) and b.level > 1, {(PEMAT, 9), (CCI, 9)}),
    "lists": (lambda b: isinstance(b, List), {(PEMAT, 22), (CCI, 8)}),
    "lines to write on": (lambda b: isinstance(b, Paragraph) and b.role == "write-in", {(PEMAT, 23)}),
}


@pytest.mark.parametrize("lost", sorted(LOSSES))
def test_an_item_flips_when_the_page_loses_what_it_asks_for(real: Document, lost: str) -> None:
    unwanted, items = LOSSES[lost]
    before = _answers(real)

    after = _answers(_without(real, unwanted))

    assert all(before[key] is Answer.YES for key in items)
    assert {key for key, answer in after.items() if answer is Answer.NO} - {(CCI, 4)} == items


def test_a_heading_before_the_box_takes_its_place_at_the_top(real: Document) -> None:
    title, *rest = real.body
    late = replace(real, body=(title, Heading(2, (_content("What it is"),)), *rest))

    assert _answers(late)[PEMAT, 11] is Answer.NO
    assert _answers(late)[PEMAT, 12] is Answer.YES


def test_an_emergency_box_is_no_summary() -> None:
    assert _answers(bare_document(Section((_paragraph("Call 911."),), "emergency")))[PEMAT, 11] is Answer.NO


def test_a_box_without_strong_words_is_no_cue() -> None:
    box = Section((_paragraph("Call us now."),), "notice")
    strong = Section((Paragraph((Content("made-up/2", (Strong((Text("Call"),)), Text(" now."))),)),), "notice")

    assert _answers(bare_document(box))[PEMAT, 12] is Answer.NO
    assert _answers(bare_document(strong))[PEMAT, 12] is Answer.YES


def test_an_empty_heading_is_not_informative(real: Document) -> None:
    found = look(_add(real, Heading(2, (_content("More", 7),))))[PEMAT, 9]

    assert found.answer is Answer.NO
    assert found.place == Place("handouts/made-up/en.yaml", 7)


@pytest.mark.parametrize(("count", "answer"), [(7, Answer.YES), (8, Answer.NO)])
def test_a_list_has_seven_items_at_most(count: int, answer: Answer) -> None:
    found = _answers(bare_document(_list(*["a word"] * count)))

    assert found[PEMAT, 8] is found[CCI, 8] is answer


@pytest.mark.parametrize(("count", "answer"), [(325, Answer.YES), (326, Answer.NO)])
def test_a_paragraph_has_five_lines_at_most(count: int, answer: Answer) -> None:
    found = look(bare_document(_paragraph("a" * count, 3)))[PEMAT, 8]

    assert found.answer is answer
    assert found.place == (Place("handouts/made-up/en.yaml", 3) if answer is Answer.NO else None)


def test_lines_are_shorter_in_a_pair_on_a_dense_page() -> None:
    pair = Section((Section((_paragraph("a" * 201),), "panel"),), "pair")

    assert _answers(bare_document(pair))[PEMAT, 8] is Answer.YES
    assert _answers(bare_document(pair, role="one-side"))[PEMAT, 8] is Answer.NO


@pytest.mark.parametrize(
    "text", ["Multiply by 2.", "Divide the tablets.", "That is 50 x 2 = 100.", "Take 10 % of it.", "Subtract a day."]
)
def test_a_sum_is_found(text: str) -> None:
    found = _answers(bare_document(_paragraph(text)))

    assert found[PEMAT, 7] is found[CCI, 17] is Answer.NO
    assert (PEMAT, 24) not in found


@pytest.mark.parametrize("text", ["Wait 7 to 14 days.", "Call 1-800-662-4357.", "Some people divide their day."])
def test_numbers_alone_are_no_sum(text: str) -> None:
    found = _answers(bare_document(_paragraph(text)))

    assert found[PEMAT, 7] is found[CCI, 17] is Answer.YES
    assert found[PEMAT, 24] is Answer.NA


def test_numbers_wait_for_a_person_unless_there_are_none() -> None:
    assert (PEMAT, 6) not in _answers(bare_document(_paragraph("Wait 2 days.")))
    assert _answers(bare_document(_paragraph("Wait two days.")))[PEMAT, 6] is Answer.NA


@pytest.mark.parametrize(("passive", "answer"), [(2, Answer.YES), (3, Answer.NO)])
def test_one_sentence_in_five_may_be_passive(passive: int, answer: Answer) -> None:
    texts = ["It was given."] * passive + ["Call us."] * (10 - passive)

    found = _answers(bare_document(*(_paragraph(text) for text in texts)))

    assert found[PEMAT, 5] is answer


def test_the_main_message_may_not_be_passive_at_all(real: Document) -> None:
    box = Section((_paragraph("The shot is given by us.", 5),), "warning")
    title, *rest = real.body
    found = look(replace(real, body=(title, box, *rest)))

    assert found[CCI, 6].answer is Answer.NO
    assert found[CCI, 6].place == Place("handouts/made-up/en.yaml", 5)
    assert found[PEMAT, 5].answer is Answer.YES


def test_hard_words_are_a_no_and_their_absence_proves_nothing(real: Document) -> None:
    assert (PEMAT, 3) not in look(real)
    assert look(_add(real, _paragraph("An antagonist.")))[PEMAT, 3].answer is Answer.NO


def test_actions_and_the_reader() -> None:
    found = _answers(bare_document(_paragraph("People call the clinic.")))
    assert {found[key] for key in ((PEMAT, 20), (PEMAT, 21), (CCI, 5), (CCI, 12))} == {Answer.NO}

    found = _answers(bare_document(_paragraph("Call us if you feel sick.")))
    assert {found[key] for key in ((PEMAT, 20), (PEMAT, 21), (CCI, 5), (CCI, 12))} == {Answer.YES}


@pytest.mark.parametrize(
    ("block", "answer"),
    [
        (_list("Shout.", "Rub the chest."), Answer.YES),
        (_list("blue lips", "small pupils"), Answer.NO),
        (_list("blue lips", "small pupils", ordered=True), Answer.YES),
        (_list("Shout."), Answer.NO),
    ],
)
def test_steps(block: List, answer: Answer) -> None:
    assert _answers(bare_document(block))[PEMAT, 22] is answer


def test_tables() -> None:
    def table(*words: str, scope: str = "col") -> Document:
        head = tuple(Cell((_content(word),), scope) for word in words)
        return bare_document(Table((Row(head),), ()))

    assert _answers(bare_document())[PEMAT, 19] is _answers(bare_document())[PEMAT, 25] is Answer.NA
    assert _answers(table("Day", "Dose"))[PEMAT, 19] is Answer.YES
    assert (PEMAT, 25) not in _answers(table("Day", "Dose"))
    assert _answers(table("A", "B", "C", "D"))[PEMAT, 19] is Answer.NO
    assert _answers(table("the day of your next dose"))[PEMAT, 19] is Answer.NO
    assert _answers(table("Day", "Dose", scope=""))[PEMAT, 19] is Answer.NO


def test_a_language_without_word_lists_is_left_to_a_person() -> None:
    found = _answers(replace(bare_document(_paragraph("Mot hai ba.")), language="vi"))

    assert not {(PEMAT, 5), (PEMAT, 7), (PEMAT, 20), (PEMAT, 21), (PEMAT, 22), (CCI, 5), (CCI, 6)} & set(found)
    always = {item.key for item in ITEMS if item.seen}
    assert always and always <= set(found)


def test_spanish_actions_are_known() -> None:
    page = replace(bare_document(_list("Llame al 911.", "Dé naloxona.", "Pregúntenos.")), language="es")

    found = _answers(page)

    assert found[PEMAT, 20] is found[PEMAT, 22] is Answer.YES
    assert (PEMAT, 21) not in found


def test_one_page_that_fails_fails_the_handout(real: Document) -> None:
    poor = _without(real, lambda block: isinstance(block, List))

    found = look_at_all((real, poor, real))

    assert found[CCI, 8].answer is Answer.NO
    assert look_at_all((real,))[CCI, 8].answer is Answer.YES


def test_a_table_on_one_page_makes_the_item_apply(real: Document) -> None:
    with_table = _add(real, Table((), (Row((Cell((_content("Day"),), "row"), Cell((_content("1"),)))),)))

    found = look_at_all((real, with_table))

    assert found[PEMAT, 19].answer is Answer.YES
    assert (PEMAT, 25) not in found
