"""The size of the words: the designer's first, a smaller one of his only where a page needs it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from press.document.nodes import Document, Paragraph, Text
from press.document.slots import OPEN
from press.errors import HandoutError
from press.runs.handout import forme_of
from press.writers.pdf.layout.calls import Reader
from press.writers.pdf.layout.fit import Sizes, fit
from press.writers.pdf.layout.pages import Overflow, lay_out
from press.writers.pdf.layout.pictures import picture_sizes
from press.writers.pdf.model import TextItem
from press.writers.pdf.writer import write_pdf
from press.writers.result import Printed
from press.writers.stylesheet import SMALLEST, Stylesheet
from press.writers.variants import dense, in_size
from tests.helpers import bare_document, general, press, print_all
from tests.support import made

SHEET = press().sheet("standard", "letter")


def filled(paragraphs: int) -> Document:
    """A page for one side with so many paragraphs of one line."""
    return bare_document(*(Paragraph((Text(f"Line number {n} of this page"),)) for n in range(paragraphs)), sides=1)


def body_sizes(printed: Printed) -> set[float]:
    found = {item.size for page in printed.layout.pages for item in page.items if isinstance(item, TextItem)}
    assert found, "there must be words to look at"
    return found - {max(found)}  # the title


def printed_in(sheet: Stylesheet) -> list[tuple[int, Printed]]:
    """One page for each number of lines, until none of the sizes holds it."""
    found = []
    for count in range(20, 60):
        try:
            found.append((count, write_pdf(filled(count), sheet)))
        except HandoutError:
            return found
    raise AssertionError("sixty paragraphs on one side")


def test_sizes_in_any_order_are_tried_the_largest_first() -> None:
    usual = SHEET.style("p").size
    sheet = replace(SHEET, smaller=(10.0, 11.5, usual + 2, 10.0, usual))
    faces = forme_of(press(), made()).faces
    assert [each.style("p").size for each, *_ in Sizes(filled(1), sheet, faces).all] == [usual, 11.5, 10.0]


def test_a_least_size_of_pictures_above_their_own_is_not_tried() -> None:
    style = replace(SHEET.picture, size=30.0, least=40.0)
    assert picture_sizes(style) == (style,)
    assert write_pdf(filled(1), replace(SHEET, picture=style)).data


def test_the_sizes_come_in_the_order_of_the_stylesheet_and_staff_are_told() -> None:
    usual = SHEET.style("p").size
    sizes = [usual, *SHEET.smaller]
    seen = []
    for _, printed in printed_in(SHEET):
        (size,) = body_sizes(printed)
        seen += [size] if size not in seen else []
        told = [problem.message for problem in printed.warnings]
        assert told == (
            []
            if size == usual
            else [f"the words (en) are too long for {usual:g} points: this page is set in {size:g} points"]
        )
        assert not any(problem.is_error for problem in printed.warnings)
        assert printed.pages == 1
    assert seen == sizes and len(sizes) > 1


def test_what_holds_in_no_size_is_refused_by_its_lines() -> None:
    most = printed_in(SHEET)[-1][0]
    for more in (1, 3):
        with pytest.raises(HandoutError) as caught:
            write_pdf(filled(most + more), SHEET)
        (problem,) = caught.value.problems
        assert "too long: it may fill 1 side of paper" in problem.message and problem.is_error


@pytest.mark.parametrize("sheet", [SHEET, dense(SHEET)], ids=["standard", "one side"])
def test_all_keeps_its_proportion_and_nothing_is_under_ten_points(sheet: Stylesheet) -> None:
    assert sheet.smaller, "there must be a size to look at"
    for size in sheet.smaller:
        small = in_size(sheet, size, sheet.picture)
        factor = size / sheet.style("p").size
        assert small.style("p").size == size and sheet.smaller == small.smaller
        for name, style in sheet.text.items():
            kept = min(style.size, size)  # what is smaller than the words gets no smaller than they
            assert small.text[name].size == max(SMALLEST, kept, round(style.size * factor, 2)), name
            assert small.text[name].pitch == style.pitch and small.text[name].bold == style.bold
        assert small.margins == sheet.margins
        assert all(small.boxes[role].border == box.border for role, box in sheet.boxes.items())


def test_large_print_has_no_smaller_size() -> None:
    large = press().sheet("large-print", "letter")
    assert not large.smaller and not dense(large).smaller


# Points, at the least: the overdose warning keeps all to one side of one sheet, the fridge page as many months as its dates need.
FLOORS = {
    "overdose-warning": 11, "side-effects": 12, "benefits": 13, "fridge-page": 11, "wallet-card": 14,
    "before-first-dose": 13, "how-to-use-naloxone": 11.5,
}  # fmt: skip


def test_no_english_page_is_set_under_its_floor() -> None:
    cases = print_all()
    assert len(cases) > len(general())
    for name, case in cases.items():
        topic = case.made.topic
        said = " ".join(problem.message for problem in case.printed.warnings)
        sizes = [float(size) for size in re.findall(r"set in ([0-9.]+) points", said)]
        assert all(size >= FLOORS[topic] for size in sizes), name
        assert "one more" not in said, name


def test_a_few_words_never_have_a_side_of_their_own() -> None:
    """Two sides are allowed: what needs a little more than one is set smaller on one."""
    found = {count: write_pdf(replace(filled(count), sides=2), SHEET) for count in range(20, 45)}
    usual = SHEET.style("p").size
    turned = [(count, printed) for count, printed in found.items() if body_sizes(printed) != {usual}]
    assert turned and all(printed.pages == 1 and printed.warnings for _, printed in turned)
    two = [count for count, printed in found.items() if printed.pages == 2]
    assert two and min(two) > max(count for count, _ in turned)
    assert all(body_sizes(found[count]) == {usual} and not found[count].warnings for count in two)


def test_a_size_that_is_tried_for_nobody_would_hold_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page is too long for with its slots open is left out; to try it all the same changes nothing."""
    cases = list(print_all().values())[::4]
    formes = [(case.made, forme_of(press(), case.made)) for case in cases]
    pages = [(forme._sizes, Reader(made.texts)) for made, forme in formes]
    usual = [fit(*page).layout for page in pages]
    left_out = sum(len(sizes.all) > len(sizes.worth_trying(reader, divides=False)) for sizes, reader in pages)
    assert left_out > 5
    monkeypatch.setattr(Sizes, "worth_trying", lambda sizes, reader, divides: sizes.all)
    assert [fit(*page).layout for page in pages] == usual


def test_what_is_surely_too_long_in_one_size_is_so_in_each_larger_one() -> None:
    """So a size is left out that was never tried; and what is sure is true: pages are filled, and are too many."""
    seen = 0
    for case in list(print_all().values())[::4]:
        sizes, texts = forme_of(press(), case.made)._sizes, case.made.texts
        tried = [
            lay_out(sizes.skeleton, least, sizes.faces, Reader((OPEN,) * len(texts)), divides=divides)
            for divides, (*_, least) in product((False, True), sizes.all)
        ]
        sure = [found for found in tried if isinstance(found, Overflow) and found.is_sure]
        assert all(found._too_many or found._too_tall for found in sure)
        flags = [found in sure for found in tried]
        half = len(flags) // 2
        assert flags[:half] == sorted(flags[:half], reverse=True) == flags[half:]
        seen += bool(sure)
    assert seen > 5
