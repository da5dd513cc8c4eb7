"""Inks of the stylesheets: how plainly they stand out, and the refusal of every one that would not."""

from __future__ import annotations

from dataclasses import fields, replace

import pikepdf
import pytest

from press.content.fields import EDITIONS
from press.writers.contrast import SHAPES, WORDS, contrast, least_contrast, luminance, wear
from press.writers.legibility import DANGER, DANGER_BORDER, SIGNED, legibility_faults
from press.writers.stylesheet import BoxStyle, GivenStyle, Stylesheet
from press.writers.variants import dense
from tests.helpers import Case
from tests.rigs.read_back import Reading
from tests.support import Shop, press

STANDARD = "templates/styles/standard.yaml"
LARGE = "templates/styles/large-print.yaml"
SHEETS = [each for name in EDITIONS for sheet in [press().sheet(name, "letter")] for each in (sheet, dense(sheet))]


def of_byte(byte: int) -> float:
    """The percent of black of a grey of 8 bits, as WCAG's own examples are given."""
    return 100 * (1 - byte / 255)


# The formulas


@pytest.mark.parametrize(
    ("byte", "ratio"), [(0x00, 21.0), (0xFF, 1.0), (0x59, 7.00), (0x76, 4.54), (0x77, 4.48), (0x94, 3.03), (0x95, 2.99)]
)
def test_contrast_on_white_is_that_of_wcag(byte: int, ratio: float) -> None:
    """Greys at the limits of 7, 4.5 and 3 to 1, as published checkers give them."""
    assert contrast(of_byte(byte), 0) == pytest.approx(ratio, abs=0.01)


def test_contrast_has_no_sides_and_never_leaves_its_range() -> None:
    inks = [0, 0.01, 3, 10, 50, 96, 99.9, 100]
    for ink in inks:
        for ground in inks:
            assert contrast(ink, ground) == contrast(ground, ink)
            assert 1 <= contrast(ink, ground) <= 21
    assert luminance(0) == 1 and luminance(100) == 0


def test_lost_toner_is_a_quarter_of_every_ink() -> None:
    assert [wear(ink) for ink in (0, 8, 100)] == [0, 6, 75]
    assert wear(100, loss=100) == 0


def test_worst_case_is_never_better_than_one_of_its_cases() -> None:
    for ink in range(101):
        for ground in range(11):
            faded = contrast(wear(ink), wear(ground)), contrast(wear(ink), ground)
            assert least_contrast(ink, ground) == min(contrast(ink, ground), *faded)


# The stylesheets that are shipped


def test_every_ink_of_the_shipped_stylesheets_is_plain() -> None:
    texts = [(style, box) for sheet in SHEETS for style in sheet.text.values() for box in (0.0, *tints(sheet))]
    boxes = [box for sheet in SHEETS for box in sheet.boxes.values() if box.border or box.icon != "none"]
    assert len(texts) > 100 and len(boxes) > 15

    assert min(least_contrast(style.ink, ground) for style, ground in texts) >= WORDS
    assert min(least_contrast(box.ink, ground) for box in boxes for ground in (0.0, box.tint)) >= SHAPES
    assert not [fault for sheet in SHEETS for fault in legibility_faults(sheet)]


def tints(sheet: Stylesheet) -> list[float]:
    return [box.tint for box in sheet.boxes.values()]


def test_danger_is_a_border_and_a_sign_in_every_edition() -> None:
    boxes = [sheet.boxes[name] for sheet in SHEETS for name in DANGER]

    assert len(boxes) == 3 * 2 * len(EDITIONS)
    assert min(box.border for box in boxes) >= DANGER_BORDER
    assert {sheet.boxes[name].icon for sheet in SHEETS for name in SIGNED} == {"warning"}


# Refusals: what is said of a stylesheet that was spoiled, with its line

WARNING = "  warning: {border: 3, padding: 7, icon: warning, before: 3, after: 6}"
FAULTS = {
    "grey words": (STANDARD, "  p: {size: 14,", "  p: {size: 14, ink: 80,", "the words would be too pale: a contrast of 4.6"),
    "white words": (STANDARD, "  td: {after: 0}", "  td: {after: 0, ink: 0}", "the words would be too pale"),
    "grey words of one kind": (LARGE, "  p.lead: {", "  p.lead: {ink: 60, ", "the words would be too pale"),
    "grey words on the dense page": (STANDARD, "    li: {after: 0,", "    li: {ink: 70, after: 0,", "the words would be too pale"),
    "pale border": (STANDARD, "border: 3, padding: 7, icon: none", "border: 3, ink: 50, padding: 7, icon: none", "the border or sign of `emergency`"),
    "pale sign": (LARGE, "border: 3, padding: 12, icon: warning", "border: 3, ink: 40, padding: 12, icon: warning", "the border or sign of `notice`"),
    "no border": (STANDARD, WARNING, WARNING.replace("border: 3, ", ""), "the box `warning` warns of danger: its border"),
    "thin border": (STANDARD, WARNING, WARNING.replace("border: 3", "border: 1.4"), "the box `warning` warns of danger: its border"),
    "no sign": (STANDARD, WARNING, WARNING.replace("icon: warning", "icon: none"), "the box `warning` warns of danger: it must have a sign"),
    "no box": (STANDARD, WARNING + "\n", "", "the box `warning` warns of danger: its border"),
    "thin border on the dense page": (STANDARD, "    emergency: {border: 3,", "    emergency: {border: 1,", "the box `emergency` warns of danger: its border"),
    "dark ground": (STANDARD, "tint: 6, before: 3", "tint: 60, before: 3", "`tint`: found `60`, expected a number from 0 to 10"),
    "a colour": (STANDARD, "  th: {bold: yes", "  th: {color: red, bold: yes", "unknown key `color`"),
    "a colour for an ink": (STANDARD, "  th: {bold: yes", "  th: {ink: red, bold: yes", "`ink`: found `red`, expected a number from 0 to 100"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stylesheet_that_cannot_be_seen_is_refused(fault: str, shop: Shop) -> None:
    file, old, new, told = FAULTS[fault]
    line = (shop.root / file).read_text("utf-8").split(old)[0].count("\n") + 1
    shop.edit(file, old, new)
    edition = "standard" if file == STANDARD else "large-print"
    done = shop.run("make", "benefits", "--edition", edition)
    place = f"{file}:{line}:" if new else f"{file}:"

    assert done.exit_code == 1
    assert told in done.output
    assert place in done.output
    assert not shop.out()


@pytest.mark.sweep
def test_check_computes_the_contrast_of_every_stylesheet(shop: Shop) -> None:
    """Large print is asked for by nobody here: `check` reads it all the same."""
    assert shop.run("check", "wallet-card").exit_code == 0
    shop.edit(LARGE, "  p.lead: {", "  p.lead: {ink: 60, ")
    done = shop.run("check", "wallet-card")

    assert done.exit_code == 1
    assert done.output.count("the words would be too pale") == 1


def test_a_grey_that_all_styles_inherit_is_told_once(shop: Shop) -> None:
    shop.edit(STANDARD, "  p: {size: 14,", "  p: {size: 14, ink: 60,")

    assert shop.run("make", "benefits").output.count("would be too pale") == 1


def test_a_danger_box_that_the_sheet_leaves_out_is_a_fault() -> None:
    sheet = SHEETS[0]
    bare = replace(sheet, boxes={name: box for name, box in sheet.boxes.items() if name != "emergency"})

    assert any("`emergency`" in fault.message for fault in legibility_faults(bare))


# The ink that is said is the ink that is printed


def test_ink_of_a_style_reaches_the_page(shop: Shop) -> None:
    """95 percent for words, 90 for the border and the sign: dark enough, and seen in the file."""
    plain = operators(Reading(print_warning(shop)))
    shop.edit(STANDARD, "    p.main: {size: 15,", "    p.main: {ink: 95, size: 15,")
    shop.edit(STANDARD, "    warning: {border: 3,", "    warning: {ink: 90, border: 3,")
    inked = operators(Reading(print_warning(shop)))

    assert ("g", 0.05) not in plain and ("G", 0.1) not in plain
    assert {("g", 0.05), ("G", 0.1), ("g", 0.1)} <= inked


def print_warning(shop: Shop) -> bytes:
    assert shop.run("make", "overdose-warning").exit_code == 0
    (file,) = (shop.root / "out").glob("*.pdf")
    return file.read_bytes()


def test_no_page_says_a_colour(sheaf: dict[str, Case]) -> None:
    """Grey can be said and nothing else, so turning a page to grey loses nothing."""
    readings = [Reading(case.printed.data) for case in sheaf.values()]
    found = {name for reading in readings for name, _ in operators(reading)}
    resources = {str(key) for reading in readings for page in reading.pdf.pages for key in page.Resources}

    assert {"g", "G"} & found
    assert not found & {"rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "sh", "gs", "Do"}
    assert resources == {"/Font"}


def test_no_style_has_a_word_for_colour() -> None:
    """Every number of a style is a length, a share or an ink in percent of black."""
    names = {field.name for cls in (GivenStyle, BoxStyle) for field in fields(cls) if "kind" in field.metadata}

    assert "ink" in names
    assert not [name for name in names if "colo" in name]


def operators(reading: Reading) -> set[tuple[str, float]]:
    """Every operator of all pages; those that set a grey with it."""
    found = set()
    for page in reading.pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            found.add((name, round(float(operands[0]), 4) if name in ("g", "G") else 0.0))
    return found
