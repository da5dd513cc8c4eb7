"""What stays together on a page: a sentence, a head with its list, a sign with its words, a reader's name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from press.content.fields import EDITIONS
from press.document.nodes import Block, Heading, List, ListItem, PageNumber, Paragraph, Section, Side, Text
from press.document.slots import OPEN, Slot
from press.patients.options import Options
from press.records import replace
from press.runs.handout import complete, lay_out_one, make, make_beside
from press.writers.pdf.layout.paginate import HOLDS, Rooms, overfill, paginate
from press.writers.pdf.model import ARTIFACT, BoxItem, Fragment, IconItem, Layout, TextItem
from press.writers.pdf.reuse.forme import Forme
from press.writers.pdf.writer import lay_out_document
from tests.helpers import TODAY, bare_document, press, share_filled
from tests.support import TOPICS, USUAL

STANDARD = press().sheet("standard", "letter")
BESIDE = press().sheet("standard-beside", "letter")
NAME = "Bartholomew Longfellow-Example"


def texts(layout: Layout) -> Iterator[tuple[int, TextItem]]:
    """Every line that is read, with its page."""
    for page in layout.pages:
        yield from ((page.number, i) for i in page.items if isinstance(i, TextItem) and i.element != ARTIFACT)


def pages_of(layout: Layout, begins: str) -> set[int]:
    """The pages on which lines with these words stand."""
    return {number for number, item in texts(layout) if item.line.text.startswith(begins)}


def beside(topic: str, language: str, **given: object) -> Layout:
    options, _ = complete(press(), Options(language=language, **given), TODAY)
    layout: Layout = lay_out_one(press(), make_beside(press(), topic, options, "en", TODAY)).layout
    return layout


# Sentences


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_text_of_a_handout_is_broken_over_two_sides(edition: str) -> None:
    found = 0
    for topic, form, language in product(TOPICS, ("injection", "tablet"), ("en", "es")):
        given = Options(form=form, language=language, edition=edition)
        full, _ = complete(press(), given, TODAY)
        layout = lay_out_one(press(), make(press(), topic, full, TODAY)).layout
        pages: dict[int, set[int]] = {}
        for number, item in texts(layout):
            pages.setdefault(item.element, set()).add(number)
        assert not [element for element, on in pages.items() if len(on) > 1], (topic, language)
        found += len(layout.pages) > 1
    assert found > 10


def test_a_text_that_no_side_can_hold_is_divided_with_two_lines_at_each_end() -> None:
    long = Paragraph((Text("Words that take their room. " * 300),))
    layout = lay_out_document(bare_document(Paragraph((Text("First."),)), long), STANDARD).layout
    lines = [sum(item.line.text.startswith("First") is False for _, item in group) for group in by_page(layout)]

    assert len(lines) > 2 and min(lines) >= 2


def by_page(layout: Layout) -> list[list[tuple[int, TextItem]]]:
    return [[line for line in texts(layout) if line[0] == page.number] for page in layout.pages]


# Heads and their lists


def listed(*lists: int) -> tuple[Block, ...]:
    """A head with lists of so many items of one line."""
    items = [List(tuple(ListItem((Text(f"Item {n}."),)) for n in range(count))) for count in lists]
    return Heading(2, (Text("A head"),)), *items


def spaced(lines: int) -> tuple[Paragraph, ...]:
    return tuple(Paragraph((Text(f"Line {n}."),)) for n in range(lines))


@pytest.mark.parametrize("lists", [(6,), (3, 3)], ids=["one list", "two lists"])
def test_a_head_and_its_lists_move_together(lists: tuple[int, ...]) -> None:
    moved = 0
    for count in range(18, 34):
        layout = lay_out_document(bare_document(*spaced(count), *listed(*lists)), STANDARD).layout
        on = pages_of(layout, "A head") | pages_of(layout, "Item")
        assert len(on) == 1, count
        moved += on == {2}
    assert 4 < moved < 16


def test_a_list_leaves_its_head_rather_than_leave_a_side_half_empty() -> None:
    head, rest = Fragment(50, keep=True, listed=True), [Fragment(50, listed=True) for _ in range(7)]
    many = [Fragment(150), head, *rest, Fragment(300)]

    assert [len(page) for page in paginate(many, Rooms(500))] == [8, 2]


def test_what_is_too_tall_for_pages_needs_more_wherever_they_begin() -> None:
    """What pages can hold is never called too tall for them, and most of what they cannot hold is."""
    draw, sure, doubtful = Random(16), 0, 0
    for _ in range(300):
        many = [
            Fragment(draw.uniform(5, 60), before=draw.uniform(0, 9), after=draw.uniform(0, 9), keep=draw.random() < 0.3)
            for _ in range(draw.randint(5, 60))
        ]
        rooms, holds = Rooms(500, (450.0, 480.0)[: draw.randint(0, 2)]), HOLDS[draw.randint(0, 4) :]
        needed = len([page for page in paginate(many, rooms, holds=holds) if page])
        assert not overfill(many, rooms, needed)
        sure += overfill(many, rooms, needed - 1)
        doubtful += not overfill(many, rooms, needed - 1)
    assert sure > 2 * doubtful > 0


# Names


@pytest.mark.parametrize(("topic", "edition", "language"), list(product(USUAL, EDITIONS, ("en", "es"))))
def test_for_whom_a_page_is_stands_on_one_line(topic: str, edition: str, language: str) -> None:
    options, _ = complete(press(), Options(language=language, edition=edition, name=NAME), TODAY)
    layout = lay_out_one(press(), make(press(), topic, options, TODAY)).layout
    named = [item.line.text for _, item in texts(layout) if "Longfellow" in item.line.text]

    assert [line.strip() for line in named] == [f"{'For' if language == 'en' else 'Para'}: {NAME}"]


# Two languages


@pytest.mark.parametrize(("topic", "form"), list(product(USUAL, ("injection", "tablet"))))
def test_the_last_side_in_two_languages_has_more_than_a_few_lines(topic: str, form: str) -> None:
    layout = beside(topic, "es", form=form)

    assert len(layout.pages) > 2 and share_filled(layout.pages[-1], layout) > 0.3


def two(words: str) -> tuple[Side, Side]:
    return Side("es", (Text(words),)), Side("en", (Text(words),))


@pytest.mark.parametrize("role", ["warning", "notice"])
@pytest.mark.parametrize("words", ["Short.", "Words that take their room. " * 12])
def test_each_language_has_the_sign_of_a_box_left_of_its_words(role: str, words: str) -> None:
    """And no sign stands on the rule between them."""
    page = lay_out_document(bare_document(Section((Paragraph(two(words)),), role)), BESIDE).layout.pages[0]
    signs = sorted(item.x for item in page.items if isinstance(item, IconItem))
    (rule,) = (item.x for item in page.items if isinstance(item, BoxItem) and item.width < 1)
    lefts = sorted({item.x for item in page.items if isinstance(item, TextItem) and words[:5] in item.line.text})
    size = next(item.size for item in page.items if isinstance(item, IconItem))

    assert len(signs) == len(lefts) == 2
    assert signs[0] + size < lefts[0] < rule < signs[1] and signs[1] + size < lefts[1]
    assert lefts[1] - lefts[0] == pytest.approx(signs[1] - signs[0])
    tops = [item.y for item in page.items if isinstance(item, IconItem)]
    assert tops[0] == tops[1]


def test_a_footer_may_name_the_reader_whoever_came_before() -> None:
    """A clinic's own template may do that; a long name makes the footer taller."""
    words = (Text("For "), Slot("name", OPEN, 0), Text(", page "), PageNumber())
    skeleton = replace(bare_document(Paragraph((Text("Rest today."),))), footer=(Paragraph(words),))
    names = ("Ana", f"{NAME} " * 4, "Bo")
    alone = {name: Forme(skeleton, STANDARD).copy((name,)).layout for name in names}
    for order in (names, names[::-1]):
        forme = Forme(skeleton, STANDARD)
        assert {name: forme.copy((name,)).layout for name in order} == alone
    for name, layout in alone.items():
        lines = [item.line.text for item in layout.pages[0].footer if isinstance(item, TextItem)]
        assert " ".join("".join(lines).split()) == " ".join(f"For {name}, page 1".split())
        assert len(lines) == (2 if len(name) > 90 else 1)
