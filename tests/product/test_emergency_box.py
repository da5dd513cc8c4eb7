"""The emergency box of the overdose warning: what a rescuer sees first, on one side, for every reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from press.content.approvals import State, Status
from press.content.fields import FORMS, REASONS
from press.patients.options import Options
from press.runs.handout import complete, lay_out_one, make
from press.runs.variants import make_readers
from press.writers.pdf.model import BoxItem, Layout, PictureItem, TextItem
from press.writers.stylesheet import PAPERS
from tests.helpers import TODAY, WARNING, approved, press

STEPS = ["knuckles", "phone-911", "spray", "breaths", "second-spray", "on-side"]


def readers(language: str, form: str, reason: str) -> Iterator[Options]:
    """A reader in each treatment mode, on each paper, with and without a name and a prescriber."""
    found = [r for r in make_readers(press().clinic, language, TODAY) if (r.form, r.reason) == (form, reason)]
    standard = [reader for reader in found if reader.edition == "standard"]
    for reader, paper in product(standard, PAPERS):
        yield replace(reader, paper=paper)
        yield replace(reader, paper=paper, name="Bartholomew Longfellow-Example", prescriber="Dr. M. Example")


def laid_out(options: Options, status: Status) -> Layout:
    """The layout of one reader's page."""
    full, _ = complete(press(), options, TODAY)
    layout: Layout = lay_out_one(press(), make(press(), WARNING, full, TODAY, sign=status)).layout
    return layout


@pytest.mark.parametrize("is_signed", [False, True], ids=["draft", "final"])
@pytest.mark.parametrize(("form", "reason"), list(product(FORMS, REASONS)))
def test_english_keeps_to_one_side_with_readable_words_and_pictures(form: str, reason: str, is_signed: bool) -> None:
    status = approved(WARNING) if is_signed else Status(State.DRAFT)
    layouts = [laid_out(options, status) for options in readers("en", form, reason)]

    assert len(layouts) >= 20
    for layout in layouts:
        (page,) = layout.pages
        words = [item for item in page.items if isinstance(item, TextItem)]
        pictures = [item for item in page.items if isinstance(item, PictureItem)]
        assert min(item.size for item in words) >= 11
        assert [item.picture.name for item in pictures] == STEPS and min(item.size for item in pictures) >= 28


@pytest.mark.parametrize("language", ["es", "ru", "vi"])
@pytest.mark.parametrize(("form", "reason"), list(product(FORMS, REASONS)))
def test_other_languages_have_one_more_side_at_most(language: str, form: str, reason: str) -> None:
    """Two facts that matter least may stand there; lay-out refuses any other."""
    layouts = [laid_out(options, Status(State.DRAFT)) for options in readers(language, form, reason)]

    assert len(layouts) >= 20 and max(len(layout.pages) for layout in layouts) <= 2


@pytest.mark.parametrize("language", ["en", "es", "ru", "vi"])
def test_the_bar_is_the_largest_thing_after_the_title_and_says_whom_to_call(language: str) -> None:
    (page, *_) = laid_out(Options(language=language), Status(State.DRAFT)).pages
    (bar,) = (item for item in page.items if isinstance(item, BoxItem) and item.tint == 100)
    on_bar = [item for item in page.items if isinstance(item, TextItem) and item.ink == 0]

    assert len(on_bar) == 1 and on_bar[0].size >= 18 and on_bar[0].line.text.endswith("911")
    assert bar.width > 480 and bar.y < on_bar[0].y < bar.y + bar.height
    assert sorted({item.size for item in page.items if isinstance(item, TextItem)})[-2] == on_bar[0].size


def test_o1_is_read_before_the_box() -> None:
    (page,) = laid_out(Options(), Status(State.DRAFT)).pages
    main = next(item.y for item in page.items if isinstance(item, TextItem) and "overdose if you" in item.line.text)

    assert main < next(item.y for item in page.items if isinstance(item, BoxItem) and item.tint == 100)
