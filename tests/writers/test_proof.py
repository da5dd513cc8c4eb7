"""The proof of a layout, rule by rule, on pages made by hand: each fault is refused with its own sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from press.document.logo import Logo
from press.document.nodes import (
    Block,
    Break,
    Content,
    Document,
    Heading,
    Inline,
    List,
    ListItem,
    Numbering,
    PageCount,
    PageNumber,
    Paragraph,
    PictureMark,
    SheetNumber,
    Side,
    Strong,
    Text,
    Value,
    WriteIn,
)
from press.document.pictures import Picture
from press.document.slots import OPEN, Slot
from press.errors import HandoutError, Place
from press.writers.pdf.model import (
    ARTIFACT,
    Blank,
    BoxItem,
    CutItem,
    Element,
    IconItem,
    Item,
    Layout,
    Line,
    LogoItem,
    Page,
    PictureItem,
    RuleItem,
    Run,
    TextItem,
)
from press.writers.pdf.proof.proof import prove, prove_apart, prove_inside, prove_words, reach, rivals
from tests.writers.test_lines import FACES

LEFT, RIGHT, TOP, BOTTOM = 60.0, 540.0, 50.0, 740.0
FOOTER = Paragraph((Text("Page "), PageNumber(), Text(" of "), PageCount(), Text(", sheet "), SheetNumber()))


def line(text: str, x: float = 0.0, **more: object) -> Line:
    run = Run(x, text, bold=False, **more)
    return Line((run,), (), x + FACES.width(run, 10))


def words(element: int, text: str, x: float = LEFT, y: float = 100.0, **more: object) -> TextItem:
    """One line of a text, in letters of 10 points."""
    return TextItem(element, x, y, 10.0, line(text, **more), RIGHT - x)


def page(*items: Item, number: int = 1, count: int = 1, footer: str = "") -> Page:
    said = footer or f"Page {number} of {count}, sheet {(number + 1) // 2}"
    return Page(number, items, (words(ARTIFACT, said, y=730),))


def layout(*pages: Page, labels: tuple[int, ...] = ()) -> Layout:
    root = Element(1000, "Document", tuple(Element(key, "L", (Element(key, "Lbl"),)) for key in labels))
    return Layout(600.0, 800.0, LEFT, RIGHT, TOP, BOTTOM, pages, root)


def document(*body: Block, **more: object) -> Document:
    given = {"title": "a", "language": "en", "letterhead": (), "footer": (FOOTER,), **more}
    return Document(body=body or (Paragraph((Text("Rest today."),)),), **given)


def refused(match: str, of: Document, *pages: Page, **more: object) -> None:
    with pytest.raises(RuntimeError, match=match):
        prove(of, layout(*pages, **more), FACES)


GOOD = words(1, "Rest today.")


# The page as a whole


def test_a_good_page_passes() -> None:
    box = BoxItem(LEFT, 60, RIGHT - LEFT, 60, 1.5, 0)
    prove(document(), layout(page(box, RuleItem(LEFT, 120, RIGHT - LEFT, 1), GOOD)), FACES)


def test_no_pages_are_refused() -> None:
    refused("the handout has no pages", document())


def test_decoration_is_not_read() -> None:
    """A head that is printed again, and the number of an item in a list."""
    item = document(List((ListItem((Text("Rest today."),)),), ordered=True))
    again = words(ARTIFACT, "Rest today.", y=200)

    prove(item, layout(page(words(2, "1."), words(1, "Rest today.", x=90), again), labels=(2,)), FACES)
    refused("words on the page", item, page(words(2, "1."), words(1, "Rest today.", x=90)))


@pytest.mark.parametrize(
    "items",
    [
        (),
        (words(1, "Rest"),),
        (words(1, "Rest tomorrow."),),
        (words(1, "Resttoday."),),
        (GOOD, words(2, "Rest today.", y=150)),
        (GOOD, words(1, "Rest today.", y=150)),
        (GOOD, words(3, "Opioids are safe.", y=150)),
    ],
    ids=["none", "cut off", "another", "run together", "twice", "twice in one text", "one more"],
)
def test_words_that_are_not_those_of_the_document_are_refused(items: tuple[TextItem, ...]) -> None:
    refused("the words on the page are not the words of the document", document(), page(*items))


def test_a_picture_of_the_document_is_on_the_page_and_no_other_one() -> None:
    shown = document(Paragraph((PictureMark("call"), Text("Rest today."))))
    drawn = PictureItem(ARTIFACT, LEFT, 300.0, 30.0, Picture("call", ()))

    prove(shown, layout(page(GOOD, drawn)), FACES)
    refused("the pictures on the page", shown, page(GOOD))
    refused("the pictures on the page", document(), page(GOOD, drawn))


def test_texts_in_another_order_are_refused() -> None:
    two = document(Paragraph((Text("One."),)), Paragraph((Text("Two."),)))
    prove(two, layout(page(words(1, "One."), words(2, "Two.", y=120))), FACES)

    refused("words on the page", two, page(words(2, "One."), words(1, "Two.", y=120)))


def test_the_banner_and_the_letterhead_are_read_before_the_body() -> None:
    whole = document(banner=(Paragraph((Text("DRAFT"),)),), letterhead=(Paragraph((Text("Clinic"),)),))
    items = (words(1, "DRAFT", y=70), words(2, "Clinic", y=85), words(3, "Rest today."))
    prove(whole, layout(page(*items)), FACES)

    for lost in items:
        refused("words on the page", whole, page(*(item for item in items if item is not lost)))


def test_a_text_may_run_over_lines_and_pages() -> None:
    parts = words(1, "Rest ", y=700), words(1, "today.", y=90)
    prove(document(), layout(page(parts[0], count=2), page(parts[1], number=2, count=2)), FACES)

    refused("lines of a text are out of order", document(), page(replace(parts[0], y=90.0), replace(parts[1], y=80.0)))
    refused("lines of a text are out of order", document(), page(replace(parts[0], y=90.0), replace(parts[1], x=300.0)))


def test_each_side_of_a_run_is_a_text() -> None:
    both = document(Paragraph((Side("en", (Text("Rest."),)), Side("es", (Strong((Text("Descanse."),)),)))))
    prove(both, layout(page(words(1, "Rest."), words(2, "Descanse.", x=300))), FACES)

    refused("words on the page", both, page(words(1, "Rest.")))


def test_a_line_to_write_on_is_no_word() -> None:
    run = (Content("a", (Text("Call "), Strong((WriteIn("phone"),)), Text(" today."))),)
    prove(document(Paragraph(run)), layout(page(words(1, "Call  today."))), FACES)

    refused("words on the page", document(Paragraph(run)), page(words(1, "Call [phone] today.")))


@pytest.mark.parametrize("node", [PageNumber(), PageCount(), SheetNumber(), Strong((PageNumber(),))])
@pytest.mark.parametrize("part", ["banner", "letterhead", "body"])
def test_a_page_number_outside_the_footer_is_refused(node: Inline, part: str) -> None:
    """It is not known there what it would say."""
    of = document()
    of = replace(of, **{part: (Heading(2, (Text("Page "), node)),)})

    refused("page numbers belong in the footer", of, page(words(1, "Page 1"), words(2, "Rest today.", y=150)))


# Footers


@pytest.mark.parametrize(
    "said",
    ["Page 2 of 1, sheet 1", "Page 1 of 2, sheet 1", "Page 1 of 1, sheet 2", "Page 1 of 1, sheet", "Page of , sheet 1"],
)
def test_a_wrong_page_number_count_or_sheet_is_refused(said: str) -> None:
    refused("the words of the footer are not the words of the document", document(), page(GOOD, footer=said))


def test_pages_count_from_the_first_to_the_last() -> None:
    pages = [page(words(1, text), number=n, count=3) for n, text in enumerate(("Rest", " to", "day."), 1)]
    prove(document(), layout(*pages), FACES)

    refused("footer", document(), pages[0], replace(pages[1], footer=pages[0].footer), pages[2])
    refused("footer", document(), pages[0], replace(pages[1], footer=()), pages[2])


def test_a_print_job_has_numbers_of_its_own() -> None:
    job = document(numbering=Numbering(first=7, pages=40, sheet=9))
    prove(job, layout(page(GOOD, footer="Page 7 of 40, sheet 9")), FACES)

    refused("footer", job, page(GOOD))


def test_a_footer_is_read_through_its_texts() -> None:
    run = (Content("a", (Text("Page "), Strong((PageNumber(),)), WriteIn("x"), Side("en", (Text(" end"),)))),)
    of = document(footer=(Paragraph(run), Paragraph((Text("v1"), Break(), Value("checked", "May")))))
    prove(of, layout(page(GOOD, footer="Page 1 endv1 May")), FACES)

    refused("footer", of, page(GOOD, footer="Page endv1 May"))
    refused("footer", of, page(GOOD, footer="Page 1 endv1"))


def test_a_footer_holds_paragraphs_alone() -> None:
    of = document(footer=(FOOTER, List((ListItem((Text("Rest"),)),))))

    refused("a footer holds paragraphs and nothing else", of, page(GOOD))


def test_slots_are_read_with_the_texts_of_a_reader() -> None:
    """A page with open slots, in its words and in its footer, whose lines are those of one reader."""
    foot = Paragraph((Text("For "), Slot("name", "…", 1), Text(", page "), PageNumber()))
    of = document(Paragraph((Content("a", (Text("Due "), Strong((Slot("due", "…", 0),)))),)), footer=(foot,))
    shown = layout(page(words(1, "Due May 3"), footer="For Ana, page 1"))
    prove(of, shown, FACES, ("May 3", "Ana"))

    for texts, part in {("May 4", "Ana"): "page", ("May 3", "Eva"): "footer", ("Ana", "May 3"): "footer"}.items():
        with pytest.raises(RuntimeError, match=f"the words o. the {part} are not"):
            prove(of, shown, FACES, texts)
    with pytest.raises(RuntimeError, match="are not the words of the document"):
        prove(of, shown, FACES)


# Lines in their frames


FRAME = layout()
WIDE = RIGHT - LEFT


@pytest.mark.parametrize("second", [0.0, 20.0, 39.9])
def test_words_of_a_line_that_stand_on_each_other_are_refused(second: float) -> None:
    """A name over the words before it is the most that placing a reader's own words could get wrong."""
    wide = FACES.width(Run(0, "For ", bold=False), 10) - 0.1
    runs = (Run(0, "For ", bold=False), Run(min(second, wide), "Ann", bold=True, field="name"))
    with pytest.raises(RuntimeError, match="words of a line stand on each other"):
        reach(Line(runs, (), 40.0), 10, FACES)
    with pytest.raises(RuntimeError, match="words of a line stand on each other"):
        reach(Line(runs[:1], (Blank(wide, 30.0, "name"),), 40.0), 10, FACES)
    with pytest.raises(RuntimeError, match="words of a line stand on each other"):
        reach(Line((replace(runs[0], x=-0.1),), (), 40.0), 10, FACES)  # or on what stands before the line
    beside = replace(runs[1], x=wide + 0.1)
    assert reach(Line((runs[0], beside), (), 0.0), 10, FACES) == beside.x + FACES.width(beside, 10)


@pytest.mark.parametrize(
    ("change", "reached", "match"),
    [
        ({"room": 100.0}, 100.1, "wider than its frame"),
        ({"x": LEFT - 0.1}, 10.0, "leaves the margins"),
        ({"x": RIGHT - 10.0, "room": 50.0}, 10.1, "leaves the margins"),
        ({"y": TOP - 0.1}, 10.0, "leaves the page"),
        ({"y": BOTTOM + 0.1}, 10.0, "leaves the page"),
    ],
)
def test_a_line_outside_is_refused(change: dict[str, float], reached: float, match: str) -> None:
    with pytest.raises(RuntimeError, match=match):
        prove_inside(replace(GOOD, **change), reached, FRAME)


@pytest.mark.parametrize(
    ("change", "reached"),
    [({"room": 100.0}, 100.0), ({}, WIDE), ({"x": RIGHT - 10.0, "room": 10.0}, 10.0), ({"y": TOP}, 10.0), ({"y": BOTTOM}, 10.0)],
)  # fmt: skip
def test_a_line_that_just_fits_passes(change: dict[str, float], reached: float) -> None:
    prove_inside(replace(GOOD, **change), reached, FRAME)


SLACK = 0.05  # points; what adding up many widths may be off by


@pytest.mark.parametrize(
    ("change", "reached"),
    [
        ({"room": 100.0}, 100.0 + SLACK),
        ({"x": LEFT - SLACK}, 10.0),
        ({"x": RIGHT + SLACK - 10.0}, 10.0),
        ({"y": BOTTOM + SLACK}, 10.0),
    ],
)
def test_a_line_may_be_off_by_the_slack_and_no_more(change: dict[str, float], reached: float) -> None:
    prove_inside(replace(GOOD, **change), reached, FRAME)

    beyond = {name: value + (0.01 if value > 300 else -0.01) for name, value in change.items()}
    with pytest.raises(RuntimeError):
        prove_inside(replace(GOOD, **beyond), reached, FRAME)


@pytest.mark.parametrize(
    "item",
    [
        RuleItem(LEFT - SLACK, 60, 10, 1),
        RuleItem(RIGHT + SLACK - 10, 60, 10, 1),
        RuleItem(LEFT, TOP - SLACK, 10, 1),
        RuleItem(LEFT, BOTTOM + SLACK, 10, 1),
    ],
)
def test_decoration_may_be_off_by_the_slack(item: Item) -> None:
    prove(document(), layout(page(item, GOOD)), FACES)


def test_lines_on_a_page_and_in_its_footer_are_proved_inside() -> None:
    refused("leaves the margins", document(), page(replace(GOOD, x=LEFT - 20)))
    refused("wider than its frame", document(), page(replace(GOOD, room=5.0)))
    foot = page(GOOD)
    refused("leaves the page", document(), replace(foot, footer=(replace(foot.footer[0], y=799.0),)))


def test_a_line_reaches_to_its_last_word_or_blank() -> None:
    two = Line((*line("Rest").runs, *line("today", x=100).runs), (), 0)
    blank = replace(two, blanks=(Blank(200.0, 90.0, "date"),))

    assert reach(two, 10, FACES) == 100 + FACES.width(two.runs[1], 10)
    assert reach(blank, 10, FACES) == 290.0
    assert reach(replace(blank, runs=()), 10, FACES) == 290.0
    assert reach(two, 20, FACES) == 100 + 2 * FACES.width(two.runs[1], 10)


def test_from_right_to_left_any_word_may_reach_furthest() -> None:
    backwards = Line((*line("Rest", x=100, level=1).runs, *line("today", x=0).runs), (), 0)

    assert reach(backwards, 10, FACES) == 100 + FACES.width(backwards.runs[0], 10)


@pytest.mark.parametrize(
    ("item", "match"),
    [
        (BoxItem(LEFT - 1, 60, 10, 10, 1, 0), "leaves the margins"),
        (BoxItem(LEFT, 60, WIDE + 1, 10, 1, 0), "leaves the margins"),
        (BoxItem(LEFT, TOP - 1, 10, 10, 1, 0), "leaves the page"),
        (BoxItem(LEFT, BOTTOM - 9, 10, 10, 1, 0), "leaves the page"),
        (RuleItem(LEFT, BOTTOM + 1, 10, 1), "leaves the page"),
        (RuleItem(LEFT, 60, WIDE + 1, 1), "leaves the margins"),
        (IconItem("stop", RIGHT - 9, 60, 10), "leaves the margins"),
        (IconItem("stop", LEFT, BOTTOM - 9, 10), "leaves the page"),
    ],
)
def test_decoration_outside_is_refused(item: Item, match: str) -> None:
    refused(f"a frame, rule or sign {match}", document(), page(item, GOOD))
    refused(match, document(), replace(page(GOOD), footer=(item,)))


@pytest.mark.parametrize(
    "item",
    [BoxItem(LEFT, TOP, WIDE, BOTTOM - TOP, 1, 0), RuleItem(LEFT, BOTTOM, WIDE, 1), IconItem("stop", RIGHT - 10, BOTTOM - 10, 10)],
)  # fmt: skip
def test_decoration_at_the_edge_passes(item: Item) -> None:
    prove(document(), layout(page(item, GOOD)), FACES)


def test_the_edge_of_a_card_has_rules_of_its_own() -> None:
    refused("the marks of a card leave the paper", document(), page(CutItem(10, 300, 200, 100, outer=True), GOOD))


# Words beside words


def test_words_on_words_are_refused() -> None:
    two = document(Paragraph((Text("Rest today."),)), Paragraph((Text("Call us."),)))
    prove(two, layout(page(GOOD, words(2, "Call us.", x=300))), FACES)
    prove(two, layout(page(GOOD, words(2, "Call us.", y=112))), FACES)

    refused("words stand on other words", two, page(GOOD, words(2, "Call us.", x=70)))
    refused("words stand on other words", two, page(GOOD, words(2, "Call us.", x=70, y=104)))
    refused("words stand on other words", two, page(words(2, "Call us.", x=70), replace(GOOD, y=102.0)))


def test_words_on_the_footer_are_refused() -> None:
    refused("words stand on other words", document(), page(replace(GOOD, y=731.0)))


def test_words_on_a_sign_are_refused() -> None:
    sign = IconItem("stop", LEFT, 90, 20)
    prove(document(), layout(page(sign, words(1, "Rest today.", x=LEFT + 30))), FACES)

    refused("words stand on a sign", document(), page(sign, words(1, "Rest today.", x=LEFT + 10)))


def pairs(*items: Item) -> list[tuple[TextItem, TextItem | IconItem]]:
    return list(rivals(page(*items, footer=" "), FACES))


def test_only_what_is_as_high_on_the_page_is_compared() -> None:
    low, high, near = words(2, "Call", y=300), words(3, "Call", y=100), words(4, "Call", y=103)

    assert pairs(GOOD, low) == []
    assert pairs(GOOD, high) == [(GOOD, high)]
    assert pairs(near, GOOD) == [(GOOD, near)]
    for touching in (105.5, 105.0, 105.0 - SLACK):
        assert pairs(GOOD, words(2, "Call", y=touching)) == []
    assert len(pairs(GOOD, words(2, "Call", y=104.9))) == 1


@pytest.mark.parametrize(("top", "count"), [(70, 0), (74, 0), (75, 0), (76, 1), (90, 1), (99, 1), (100, 0), (120, 0)])
def test_a_sign_is_compared_with_the_lines_at_its_height(top: float, count: int) -> None:
    """Its height is 20 points; small letters of 10 points reach 5 above their base line, at 100."""
    assert len(pairs(IconItem("stop", LEFT, top, 20), GOOD)) == count


def test_tall_letters_are_compared_with_lines_far_above() -> None:
    """A large line below a small one still meets it, whatever small ones are between them."""
    tall, between = replace(words(2, "Call", y=155), size=59.0 * 2), words(3, "Call", y=112)

    assert pairs(GOOD, tall) == [(GOOD, tall)]
    assert pairs(GOOD, between, tall) == [(GOOD, tall), (between, tall)]
    assert pairs(GOOD, replace(tall, y=220.0)) == []


def test_words_may_touch_and_not_overlap() -> None:
    width = GOOD.line.width
    prove_apart(GOOD, words(2, "Call", x=LEFT + width))
    prove_apart(GOOD, IconItem("stop", LEFT - 20, 90, 20))

    sliver = TextItem(1, 0.0, 100.0, 10.0, Line((), (), SLACK), WIDE)
    prove_apart(sliver, words(2, "Call", x=0.0))

    with pytest.raises(RuntimeError, match="other words"):
        prove_apart(GOOD, words(2, "Call", x=LEFT + width - 0.1))
    with pytest.raises(RuntimeError, match="other words"):
        prove_apart(words(2, "Call", x=LEFT + width - 0.1), GOOD)
    with pytest.raises(RuntimeError, match="sign"):
        prove_apart(GOOD, IconItem("stop", LEFT - 19.9, 90, 20))


LOGO = Logo(60, 20, b"", "the clinic", "en")
MARK = LogoItem(LEFT, 60.0, 30.0, 10.0, 0.0, 0.0, element=2, logo=LOGO)


def test_the_logo_is_on_page_1_once_and_as_it_is() -> None:
    of = document(logo=LOGO)
    near = replace(MARK, width=33.0)  # it is off by a pixel of the logo at most
    prove(of, layout(page(MARK, GOOD)), FACES)
    prove(of, layout(page(near, GOOD)), FACES)

    for items in ((GOOD,), (MARK, replace(MARK, x=300.0), GOOD), (replace(MARK, logo=replace(LOGO, alt="x")), GOOD)):
        refused("the logo on the page is not that of the document", of, page(*items))
    refused("the logo on the page is not that of the document", document(), page(MARK, GOOD))
    for fault in ({"width": 33.1}, {"width": 10.0}, {"element": ARTIFACT}):
        refused("the logo is out of proportion or not tagged", of, page(replace(MARK, **fault), GOOD))


# Letters


def test_letters_on_a_page_are_proved() -> None:
    missing = replace(GOOD, line=Line((Run(0, "Rest \u0e01", bold=False),), (), 30))

    refused("a face lacks a letter", document(), page(missing))


# Page 1


def test_a_text_of_page_1_may_not_run_on() -> None:
    """What must be seen first is refused with a hint for those who write the words."""
    of = document(first_page=("a",), place=Place("handouts/made-up/en.yaml"))
    parts = words(1, "Rest ", content="a"), words(1, "today.", content="a")
    prove(of, layout(page(*(replace(p, y=90.0 + 20 * n) for n, p in enumerate(parts)))), FACES)

    with pytest.raises(HandoutError) as caught:
        prove(of, layout(page(parts[0], count=2), page(parts[1], number=2, count=2)), FACES)
    (problem,) = caught.value.problems
    assert problem.message == "text `a` must stand on page 1" and problem.place == of.place
    assert problem.hint == "shorten what stands before it"


def test_a_text_that_is_not_on_the_page_at_all_is_no_fault_of_its_place() -> None:
    prove(document(first_page=("b",)), layout(page(GOOD)), FACES)


# Words of one reader


NUMBERS = (3, 8, 2)
TEXTS = ("Bo Example", "Ana Example")
RUN = (
    Content("a", (Text("For "), Strong((Slot("name", OPEN, 1),)), WriteIn("date"), Break(), Text("page "))),
    PageNumber(),
)


@pytest.mark.parametrize(
    "texts", [("For Ana Example page 3",), ("For Ana ", "Example", " page 3"), ("  For Ana Example\npage  3 ",)]
)
def test_lines_with_all_words_of_a_run_pass(texts: tuple[str, ...]) -> None:
    prove_words(RUN, TEXTS, NUMBERS, tuple(Line((Run(0, text, bold=False),), (), 0) for text in texts))


@pytest.mark.parametrize(
    "texts",
    [
        (), ("For Ana Example page",), ("For Ana Example page 8",), ("For Ana page 3",), ("For AnaExample page 3",),
        ("For Ana Example", "page 3"), ("For Eva Example page 3",), ("For Ana Example page 3", " page 3"),
        ("Example For Ana page 3",), ("For Ana Example [date] page 3",),
    ],
)  # fmt: skip
def test_a_word_that_is_lost_changed_moved_or_twice_is_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(RuntimeError, match="the words on the page are not the words of the document"):
        prove_words(RUN, TEXTS, NUMBERS, tuple(Line((Run(0, text, bold=False),), (), 0) for text in texts))


@pytest.mark.parametrize(("node", "said"), [(PageNumber(), "3"), (PageCount(), "8"), (SheetNumber(), "2")])
def test_each_number_of_a_page_is_compared(node: Inline, said: str) -> None:
    run = (Side("en", (Text("no. "), node)),)
    prove_words(run, (), NUMBERS, (line(f"no. {said}"),))

    for other in {"3", "8", "2", "1"} - {said}:
        with pytest.raises(RuntimeError):
            prove_words(run, (), NUMBERS, (line(f"no. {other}"),))


@pytest.mark.parametrize("texts", [(), ("Ana Example",), ("Ana Example", "Bo Example"), (OPEN, OPEN), ("", "")])
def test_words_of_another_reader_or_of_nobody_are_refused(texts: tuple[str, ...]) -> None:
    """What stands in the slot itself, which was the first reader's once, is nobody's."""
    run = (Text("For "), Slot("name", "Ana Example", 1))
    for shown, words in ((RUN, "For Ana Example page 3"), (run, "For Ana Example")):
        with pytest.raises((RuntimeError, IndexError)):
            prove_words(shown, texts, NUMBERS, (line(words),))
