"""Pictures on the page: left of their words, an artifact beside a step, else a tagged drawing with its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from press.content.pictures import Pictures
from press.document.nodes import (
    Block,
    Content,
    Document,
    Heading,
    List,
    ListItem,
    Paragraph,
    PictureMark,
    Section,
    Text,
    WriteIn,
)
from press.document.pictures import Picture, Shape, ellipse
from press.document.slots import Slot
from press.errors import HandoutError
from press.writers.contrast import WORDS, least_contrast
from press.writers.html import write_html
from press.writers.pdf.fonts.faces import Faces, load_face
from press.writers.pdf.model import ARTIFACT, BoxItem, IconItem, Item, Layout, Page, PictureItem, TextItem
from press.writers.pdf.paths import picture_operators
from press.writers.pdf.proof.proof import prove
from press.writers.pdf.writer import write_pdf
from press.writers.stylesheet import PictureStyle, Stylesheet
from press.writers.text import write_text
from tests.helpers import bare_document, press
from tests.rigs import verapdf_rig
from tests.rigs.read_back import Reading
from tests.support import Shop

DOT = Picture("dot", (Shape(ellipse(24, 24, 16, 16), "black", 0.0), Shape(ellipse(24, 24, 8, 8), "white", 2.0)))
STEPS = ("Shout.", "Call and stay on the line until somebody comes to help you. " * 4)
SPOKEN = "a black ring"


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch) -> Stylesheet:
    """The standard stylesheet with one picture in its folder."""
    monkeypatch.setattr(Pictures, "names", frozenset({"dot"}))
    return replace(press().sheet("standard", "letter"), pictures=Pictures(Path("none"), {"dot": DOT}))


def step(words: str) -> ListItem:
    return ListItem((Content("step", (PictureMark("dot"), Text(words))),))


def page(**more: object) -> Document:
    """A page with both kinds of pictures."""
    told = Paragraph((Content("told", (PictureMark("dot", (Text(SPOKEN),)), Text("Look here."))),))
    return bare_document(List(tuple(map(step, STEPS)), ordered=True), told, **more)


def items(layout: Layout, kind: type) -> list[Item]:
    return [item for page in layout.pages for item in page.items if isinstance(item, kind)]


def test_a_picture_stands_left_of_its_words_in_a_column_of_its_own(sheet: Stylesheet) -> None:
    layout = write_pdf(page(), sheet).layout
    pictures, lines = items(layout, PictureItem), items(layout, TextItem)
    beside = {item.x for item in lines if (item.element and "Shout" in item.line.text) or "somebody" in item.line.text}

    assert [item.picture.name for item in pictures] == ["dot"] * 3 and {item.size for item in pictures} == {36}
    assert len(beside) == 1 and pictures[0].x + 36 < beside.pop() < pictures[0].x + 50
    assert any(item.line.text == "1. " and item.x < pictures[0].x for item in lines), "the number stays"


def test_a_picture_beside_a_step_is_an_artifact_and_any_other_a_figure_with_its_words(sheet: Stylesheet) -> None:
    printed = write_pdf(page(), sheet)
    reading = Reading(printed.data)
    (figure,) = (element for element in reading.elements() if element.S == "/Figure")
    (drawn,) = (item for item in items(printed.layout, PictureItem) if item.element != ARTIFACT)
    left, bottom, right, top = map(float, figure.A.BBox)

    assert str(figure.Alt) == SPOKEN and figure.P.S == "/P"
    assert (left, 792 - top) == pytest.approx((drawn.x, drawn.y), abs=0.1)
    assert (right - left, top - bottom) == pytest.approx((36, 36), abs=0.1)


def test_curves_are_drawn_in_black_and_inside_marked_content(sheet: Stylesheet) -> None:
    with pikepdf.open(BytesIO(write_pdf(page(), sheet).data)) as file:
        operators = [str(one.operator) for one in pikepdf.parse_content_stream(file.pages[0])]
        depths, depth = [], 0
        for name in operators:
            depth += {"BMC": 1, "BDC": 1, "EMC": -1}.get(name, 0)
            depths += [depth] if name == "c" else []

    assert set(depths) == {1} and len(depths) == 3 * 8
    assert "rg" not in operators and "RG" not in operators and operators.count("q") == operators.count("Q")


def test_white_is_never_left_as_the_ink_of_what_follows() -> None:
    drawn = picture_operators(DOT, 10, 100, 48)

    assert drawn.startswith("q 1.0000 0 0 -1.0000 10 100 cm") and drawn.endswith("Q")
    assert re.findall(r"1 g B|\b0 g", drawn) == ["1 g B", "0 g"]


@pytest.mark.usefixtures("rig")
def test_a_page_with_pictures_and_a_bar_complies_with_pdf_ua_1_and_pdf_a_2a(sheet: Stylesheet, tmp_path: Path) -> None:
    whole = page()
    boxed = replace(whole, body=(*whole.body, emergency()))
    (tmp_path / "pictures.pdf").write_bytes(write_pdf(boxed, barred(sheet)).data)

    verdicts = verapdf_rig.validate([tmp_path / "pictures.pdf"], ("ua1", "2a"))

    assert len(verdicts) == 2 and all(verdict.compliant for verdict in verdicts), "\n".join(map(str, verdicts))


def test_web_page_and_text_have_the_words_where_the_text_does_not_say_them(sheet: Stylesheet) -> None:
    web = write_html(page(), sheet).data.decode()
    text = write_text(page()).data.decode()

    assert web.count('<svg class="picture" viewBox="0 0 48 48" aria-hidden="true"') == 2
    assert web.count(f'role="img" focusable="false"><title>{SPOKEN}</title>') == 1
    assert f"{SPOKEN} Look here." in text and "1. Shout." in text


# To fit


def test_pictures_shrink_to_the_least_size_before_the_words_do(sheet: Stylesheet) -> None:
    seen: list[tuple[float, float]] = []
    for count in range(8, 40):
        steps = [List((step("Words."),), ordered=True)] * count
        try:
            layout = write_pdf(bare_document(*steps, sides=1), sheet).layout
        except HandoutError:  # no size holds so many
            break
        words = next(item.size for item in items(layout, TextItem) if item.line.text == "Words.")
        seen.append((words, items(layout, PictureItem)[0].size))

    sizes = list(dict.fromkeys(seen))
    assert sizes[:3] == [(14, 36), (14, 32), (14, 28)] and min(size for _, size in sizes) == 28
    assert [words for words, _ in sizes] == sorted((words for words, _ in sizes), reverse=True)


def test_no_stylesheet_has_smaller_pictures(sheet: Stylesheet) -> None:
    assert PictureStyle().least == 28 <= sheet.picture.least


# Proof


def proved(layout: Layout, document: Document, sheet: Stylesheet) -> None:
    fonts = sheet.folder / "fonts"
    prove(document, layout, Faces(*(load_face(fonts / n) for n in (sheet.faces.regular, sheet.faces.bold)), fonts))


def changed(layout: Layout, change: Callable[[Item], list[Item]]) -> Layout:
    first, *rest = layout.pages
    found = tuple(new for item in first.items for new in change(item))
    return replace(layout, pages=(Page(first.number, found, first.footer), *rest))


def test_a_picture_that_is_lost_moved_out_or_on_words_is_refused(sheet: Stylesheet) -> None:
    document = page()
    layout = write_pdf(document, sheet).layout
    proved(layout, document, sheet)

    def faulty(**how: float) -> Layout:
        return changed(layout, lambda i: [replace(i, **how)] if isinstance(i, PictureItem) else [i])

    for wrong, said in (
        (changed(layout, lambda i: [] if isinstance(i, PictureItem) else [i]), "pictures on the page"),
        (faulty(element=ARTIFACT), "pictures on the page"),
        (faulty(x=590.0), "leaves the margins"),
        (faulty(y=760.0), "leaves the page"),
        (faulty(x=150.0), "stand on a sign"),
    ):
        with pytest.raises(RuntimeError, match=said):
            proved(wrong, document, sheet)


def test_the_words_of_a_picture_can_never_be_another_readers(sheet: Stylesheet) -> None:
    mark = PictureMark("dot", (Slot("name", "Pat", 0),))

    with pytest.raises(RuntimeError, match="one reader"):
        write_pdf(bare_document(Paragraph((mark, Text("Words.")))), sheet)


# The bar of a box


def emergency(*more: Block) -> Section:
    return Section((Heading(2, (Text("Overdose? Call 911"),)), *more, Paragraph((Text("Words."),))), "emergency", "box")


def barred(sheet: Stylesheet) -> Stylesheet:
    box = replace(sheet.box("emergency"), bar=20.0, icon="none")
    return replace(sheet, boxes={**sheet.boxes, "emergency": box})


def test_the_heading_of_a_box_is_white_on_a_black_bar_across_it(sheet: Stylesheet) -> None:
    layout = write_pdf(bare_document(emergency()), barred(sheet)).layout
    (words,) = (item for item in items(layout, TextItem) if item.line.text == "Overdose? Call 911")
    (bar,) = (item for item in items(layout, BoxItem) if item.tint == 100)
    (frame,) = (item for item in items(layout, BoxItem) if item.border)
    order = list(layout.pages[0].items)

    assert (words.size, words.ink) == (20, 0) and order.index(bar) < order.index(words)
    assert (bar.x, bar.y, bar.width) == (frame.x, frame.y, frame.width)
    assert bar.y < words.y - 14 and words.y + 4 < bar.y + bar.height
    assert least_contrast(0, 100) > WORDS, "white on black is seen with a quarter of the toner lost"


def test_a_line_to_write_on_is_never_black_on_black(sheet: Stylesheet) -> None:
    box = Section((Heading(2, (Text("Call "), WriteIn("phone"))), Paragraph((Text("Words."),))), "emergency", "box")
    layout = write_pdf(bare_document(box), barred(sheet)).layout

    assert not [item for item in items(layout, BoxItem) if item.tint == 100]
    assert all(item.ink == 100 for item in items(layout, TextItem))


URGENCY = ("emergency", "call", "note")  # 911 now, call today, usual


@pytest.mark.parametrize("edition", ["standard", "large-print"])
def test_three_urgencies_are_three_bars_in_gray(edition: str) -> None:
    """By the ground of the bar, by the frame where no gray is printed, and by the words, which are always there."""
    sheet = press().sheet(edition, "letter")
    found = []
    for role in URGENCY:
        box = Section((Heading(2, (Text("Call us"),)), Paragraph((Text("Words."),))), role, "box")
        layout = write_pdf(bare_document(box), sheet).layout
        (words,) = (item for item in items(layout, TextItem) if item.line.text == "Call us")
        bar = next(item for item in items(layout, BoxItem) if item.y <= words.y <= item.y + item.height < words.y + 20)
        frame = max(items(layout, BoxItem), key=lambda item: item.height)
        assert least_contrast(words.ink, bar.tint) >= WORDS
        found.append((bar.tint, frame.border))

    assert [tint for tint, _ in found] == [100, 10, 0]
    borders = [border for _, border in found]
    assert borders == sorted(borders, reverse=True) and borders[1] >= 2 * borders[2]


def test_a_line_to_write_on_may_stand_on_a_light_bar() -> None:
    box = Section((Heading(2, (Text("Call "), WriteIn("phone"))), Paragraph((Text("Words."),))), "call", "box")
    layout = write_pdf(bare_document(box), press().sheet("standard", "letter")).layout

    assert [item.tint for item in items(layout, BoxItem) if item.tint] == [10]


@pytest.mark.parametrize(("bar", "said"), [("bar: 12", "at least 18 points"), ("bar: 20, ground: 50", "0 to 10")])
def test_a_black_bar_is_large_and_no_bar_is_in_between(bar: str, said: str, shop: Shop) -> None:
    shop.edit("templates/styles/standard.yaml", "icon: none, bar: 20", f"icon: none, {bar}")
    result = shop.run("make", "benefits")

    assert result.exit_code == 1 and said in result.stderr and "templates/styles/standard.yaml" in result.stderr


# Boxes to check

CHECKS = List(tuple(ListItem((Text(words),)) for words in ("I have naloxone", "I told my family")), role="check")


def test_a_list_to_check_has_an_empty_box_before_each_item() -> None:
    layout = write_pdf(bare_document(CHECKS), press().sheet("standard", "letter")).layout
    boxes = [item for item in items(layout, IconItem) if item.kind == "square"]

    assert len(boxes) == 2 and boxes[0].size >= 9 and boxes[0].y < boxes[1].y
    assert not any("•" in item.line.text for item in items(layout, TextItem))


def test_boxes_to_check_are_in_text_and_web_page() -> None:
    sheet = press().sheet("standard", "letter")

    assert "[ ] I have naloxone\n\n[ ] I told my family" in write_text(bare_document(CHECKS)).data.decode()
    assert '<ul class="check">' in write_html(bare_document(CHECKS), sheet).data.decode()


def test_the_web_page_has_the_bar_too(sheet: Stylesheet) -> None:
    web = write_html(bare_document(emergency()), barred(sheet)).data.decode()

    assert ".emergency > h2:not(:has(.write-in, .picture)) { font-size: 1.67rem; color: Canvas;" in web
