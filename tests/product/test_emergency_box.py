"""The emergency box of the overdose warning: what a rescuer sees first, on one side, for every reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from press.content.approvals import State, Status
from press.content.fields import FORMS, REASONS
from press.patients.options import Options
from press.runs.handout import Site, complete, lay_out_one, make
from press.runs.variants import make_readers
from press.writers.pdf.model import BoxItem, Layout, PictureItem, TextItem
from press.writers.stylesheet import PAPERS
from tests.helpers import TODAY, WARNING, approved, press, share_filled
from tests.support import clinic_with, swept

STATES = (Status(State.DRAFT), approved(WARNING))
LANGUAGES = ("en", "es", "vi", "ru")
STEPS = ["knuckles", "phone-911", "spray", "breaths", "second-spray", "on-side"]


def readers(language: str, form: str, reason: str, edition: str = "standard") -> Iterator[Options]:
    """A reader in each treatment mode, on each paper, with and without a name and a prescriber."""
    found = [r for r in make_readers(press().clinic, language, TODAY) if (r.form, r.reason) == (form, reason)]
    of_edition = [reader for reader in found if reader.edition == edition]
    for reader, paper in product(of_edition, PAPERS):
        yield replace(reader, paper=paper)
        yield replace(reader, paper=paper, name="Bartholomew Longfellow-Example", prescriber="Dr. M. Example")


def laid_out(options: Options, status: Status, clinic: Site | None = None) -> Layout:
    """The layout of one reader's page."""
    used = clinic or press()
    full, _ = complete(used, options, TODAY)
    copy = lay_out_one(used, make(used, WARNING, full, TODAY, sign=status))
    assert not [problem for problem in copy.plan.warnings if "emergency box" in problem.message]
    layout: Layout = copy.layout
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


@pytest.mark.parametrize(
    ("form", "reason", "language"),
    swept(product(FORMS, REASONS, LANGUAGES[1:]), [("injection", "opioid", "es"), ("tablet", "alcohol", "ru")]),
)
def test_other_languages_have_one_more_side_at_most(language: str, form: str, reason: str) -> None:
    """Two facts that matter least may stand there; lay-out refuses any other."""
    layouts = [laid_out(options, Status(State.DRAFT)) for options in readers(language, form, reason)]

    assert len(layouts) >= 20 and max(len(layout.pages) for layout in layouts) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_is_the_largest_thing_after_the_title_and_says_whom_to_call(language: str) -> None:
    (page, *_) = laid_out(Options(language=language), Status(State.DRAFT)).pages
    (bar,) = (item for item in page.items if isinstance(item, BoxItem) and item.tint == 100)
    on_bar = [item for item in page.items if isinstance(item, TextItem) and item.ink == 0]

    assert len(on_bar) == 1 and on_bar[0].size >= 18 and on_bar[0].line.text.endswith("911")
    assert bar.width > 480 and bar.y < on_bar[0].y < bar.y + bar.height
    assert sorted({item.size for item in page.items if isinstance(item, TextItem)})[-2] == on_bar[0].size


IN_BOX = {f"{WARNING}/{name}" for name in ("emergency-name", "signs-lead", "step-shout", "step-call", "call-always")}
LETTERHEAD = {
    "made-up": {},
    "empty": {"name": "", "address": (), "phone": "", "after_hours_phone": ""},
    "four lines": {
        "name": "Made-up Clinic of the Whole Example Valley",
        "address": ("Example House, Second Floor, Suite 204", "1200 Example Boulevard North", "Anytown", "ZZ 00000"),
    },
}


def check_large(options: Options, status: Status, clinic: Site) -> None:
    """The box is whole on side 1 or 2, behind the main message; no side is half empty before the last."""
    layout = laid_out(options, status, clinic)
    texts = [(page, item) for page in layout.pages for item in page.items if isinstance(item, TextItem)]
    on = {page.number for page, item in texts for run in item.line.runs if run.content in IN_BOX}
    main = min(item.element for _, item in texts if any(run.content.endswith("/main") for run in item.line.runs))
    box = min(item.element for _, item in texts if any(run.content in IN_BOX for run in item.line.runs))
    pictures = {
        (page.number, item.size) for page in layout.pages for item in page.items if isinstance(item, PictureItem)
    }

    assert len(on) == 1 and on <= {1, 2}
    assert {number for number, _ in pictures} == on and min(size for _, size in pictures) >= 28
    assert main < box
    assert min(share_filled(page, layout) for page in layout.pages[:-1]) >= 0.5


@pytest.mark.parametrize(("language", "form"), list(product(LANGUAGES, FORMS)))
def test_large_print_has_the_whole_box_by_side_2(language: str, form: str) -> None:
    """In every mode, on the shorter paper, below the longest letterhead, with the longest footer."""
    found = [o for o in readers(language, form, "alcohol", "large-print") if o.paper == "letter" and not o.name]
    assert len(found) >= 5
    for options in found:
        check_large(options, STATES[1], clinic_with(**LETTERHEAD["four lines"]))


@pytest.mark.sweep
@pytest.mark.parametrize("letterhead", LETTERHEAD)
@pytest.mark.parametrize(("language", "form", "reason"), list(product(LANGUAGES, FORMS, REASONS)))
def test_every_reader_of_large_print_has_the_whole_box_by_side_2(
    language: str, form: str, reason: str, letterhead: str
) -> None:
    found = list(product(readers(language, form, reason, "large-print"), STATES))
    assert len(found) >= 40
    for options, status in found:
        check_large(options, status, clinic_with(**LETTERHEAD[letterhead]))


def test_o1_is_read_before_the_box() -> None:
    (page,) = laid_out(Options(), Status(State.DRAFT)).pages
    main = next(item.y for item in page.items if isinstance(item, TextItem) and "overdose if you" in item.line.text)

    assert main < next(item.y for item in page.items if isinstance(item, BoxItem) and item.tint == 100)
