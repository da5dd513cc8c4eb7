"""The place of the emergency box on a page of many sides: seen and read in one order, and never before page 1's texts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from press.document.nodes import Block, Content, Document, Heading, List, ListItem, Paragraph, Section, Text
from press.writers.pdf.layout.orders import orders
from press.writers.pdf.writer import lay_out_document
from press.writers.stylesheet import Stylesheet
from tests.helpers import bare_document, press

LARGE = press().sheet("large-print", "letter")


def text(name: str, words: str) -> Paragraph:
    return Paragraph((Content(f"t/{name}", (Text(words),)),))


def box(items: int) -> Section:
    """An emergency box with so many lines."""
    lines = tuple(ListItem((Content(f"t/step-{n}", (Text(f"Step {n}."),)),)) for n in range(items))
    return Section((Heading(2, (Text("Overdose? Call 911"),)), List(lines)), role="emergency")


def page(*blocks: Block, first: tuple[str, ...] = ("t/main",)) -> Document:
    return replace(bare_document(text("main", "The main message."), *blocks), first_page=first)


FILLERS = tuple(text(f"why-{n}", "Words that take their room. " * 30) for n in range(5))
BEHIND = text("behind", "This belongs to the box.")


def order_of(document: Document) -> list[str]:
    """What the blocks are, one letter each."""
    names = {document.body[0]: "T", document.body[1]: "m", BEHIND: "p", box(3): "B"}
    return [names.get(block, "x") for block in document.body]


def test_the_box_goes_to_each_place_behind_the_texts_of_page_1_the_nearest_first() -> None:
    document = page(*FILLERS[:2], box(3), BEHIND, Section(FILLERS[2:3]))
    found = ["".join(order_of(one)) for one in orders(document, LARGE)]

    assert found == ["TmxBpxx", "TmxxxBp", "TmBpxxx"]


@pytest.mark.parametrize(
    ("document", "sheet"),
    [
        (page(*FILLERS, box(3)), press().sheet("standard", "letter")),
        (page(*FILLERS), LARGE),
        (page(box(3), *FILLERS, first=("t/main", "t/step-1")), LARGE),
    ],
    ids=["a stylesheet that does not ask", "no box", "a box that must be on page 1"],
)
def test_there_is_no_other_order(document: Document, sheet: Stylesheet) -> None:
    assert not list(orders(document, sheet))


def laid_out(document: Document) -> tuple[list[set[str]], list[str], tuple[str, ...]]:
    """The texts of each side, all of them as they are read, and the warnings."""
    copy = lay_out_document(document, LARGE)
    pages = [[i for i in p.items if hasattr(i, "line")] for p in copy.layout.pages]
    sides = [{run.content for item in items for run in item.line.runs if run.content} for items in pages]
    read = sorted((item for items in pages for item in items), key=lambda item: item.element)
    texts = list(dict.fromkeys(run.content for item in read for run in item.line.runs if run.content))
    return sides, texts, tuple(problem.message for problem in copy.plan.warnings)


def test_a_late_box_comes_before_other_blocks_with_all_its_lines() -> None:
    sides, read, warnings = laid_out(page(*FILLERS, box(8), BEHIND))
    steps = [f"t/step-{n}" for n in range(8)]

    assert set(steps) <= sides[0] or set(steps) <= sides[1]
    assert read.index("t/behind") == read.index("t/step-7") + 1 and read[0] == "t/main"
    assert [name for name in read if "why" in name] == [f"t/why-{n}" for n in range(5)]
    assert not warnings


def test_a_box_that_is_in_time_stays() -> None:
    _, read, _ = laid_out(page(FILLERS[0], box(3), *FILLERS[1:]))

    assert read[:3] == ["t/main", "t/why-0", "t/step-0"]


def test_staff_are_told_of_a_box_that_no_side_can_hold() -> None:
    _, _, warnings = laid_out(page(box(40)))

    assert warnings == ("the emergency box is too long for one side: it goes on overleaf",)


def test_staff_are_told_of_a_box_behind_what_must_be_on_page_1() -> None:
    """Blocks that the box may not pass fill the first sides."""
    sheet = replace(LARGE, emergency_by=1)
    long = text("main", "Words that take their room. " * 36)
    document = replace(bare_document(long, box(8)), first_page=("t/main",))

    assert [p.message for p in lay_out_document(document, sheet).plan.warnings] == [
        "the emergency box comes after side 1"
    ]
