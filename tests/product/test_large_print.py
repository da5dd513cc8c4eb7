"""The large-print edition: laid out at 18 points and more, never zoomed, with every fact in its place.

The numbers are those of the clinical basis, 4.5 (American Council of the Blind, 2022).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from itertools import pairwise, product

import pikepdf
import pytest

from press.content.fields import PAPERS
from press.document.nodes import Break, Cell, Content, Inline, Row, Section, Strong, Table, Text, WriteIn, plain
from press.patients.options import Options
from press.writers.pdf.layout.paginate import Rooms, paginate
from press.writers.pdf.layout.reflow import reflow
from press.writers.pdf.model import ARTIFACT, BoxItem, Element, Fragment, IconItem, Layout, Page, PictureItem, TextItem
from press.writers.pdf.writer import write_pdf
from tests.helpers import WARNING, Case, bare_document, general, patients, press, print_case, share_filled
from tests.rigs.read_back import Reading
from tests.support import READERS, USUAL, mode_options

INCH = 72.0
BODY, HEADING, SUBHEADING = 18.0, 22.0, 20.0
STAFF, MARK = 12.0, 16.0  # the footer and the DRAFT mark, which staff read
LARGE = press().sheet("large-print", "letter")
STANDARD = press().sheet("standard", "letter")
BARS = {LARGE.box(name).bar for name in ("emergency", "call", "note")}  # sizes of the words on the bar of a box


@pytest.fixture(scope="module")
def large() -> dict[str, Case]:
    """Every handout in large print on both papers, as a draft and signed."""
    wanted = [(name, given) for name, given in (general() | patients()).items() if given[0] in USUAL]
    found = {}
    for (name, (topic, options)), paper, signed in product(wanted, PAPERS, (False, True)):
        given = replace(options, edition="large-print", paper=paper)
        found[f"{name} {paper} {signed}"] = print_case(name, topic, given, signed=signed)
    return found


def words_of(page: Page) -> list[TextItem]:
    """The lines of a page without its footer and its DRAFT mark."""
    lines = [item for item in page.items if isinstance(item, TextItem) and item.element != ARTIFACT]
    banner = "phrases/draft-banner"
    return [item for item in lines if all(run.content != banner for run in item.line.runs)]


def elements(root: Element) -> Iterator[Element]:
    yield root
    for child in root.children:
        yield from elements(child)


def sizes(layout: Layout, *roles: str) -> set[float]:
    """The sizes of all lines of the elements with these roles."""
    keys = {element.key for element in elements(layout.root) if element.role in roles}
    return {
        item.size for page in layout.pages for item in page.items if isinstance(item, TextItem) and item.element in keys
    }


# Type and white


def test_there_are_pages_to_look_at(large: dict[str, Case]) -> None:
    assert len(large) == (18 + 5) * 2 * 2
    assert all(case.printed.pages > 2 for case in large.values())


def test_type_is_18_points_and_headings_are_larger(large: dict[str, Case]) -> None:
    for case in large.values():
        assert sizes(case.layout, "LBody", "Lbl") == {BODY}
        words = {item.size for page in case.layout.pages for item in words_of(page)}
        assert min(words) == BODY and sizes(case.layout, "P") <= {BODY, SUBHEADING, HEADING, MARK}
        assert {HEADING} <= sizes(case.layout, "H2") <= {HEADING, *BARS}
        assert min(sizes(case.layout, "H1")) > HEADING
        footers = {item.size for page in case.layout.pages for item in page.footer if isinstance(item, TextItem)}
        assert footers == {STAFF}


def test_nothing_is_zoomed(large: dict[str, Case]) -> None:
    """Only the signs are drawn to scale: all words stand at the size that their face is set in."""
    for case in large.values():
        reading = Reading(case.printed.data)
        for page, record in zip(reading.pdf.pages, case.layout.pages, strict=True):
            named = [str(operator) for _, operator in pikepdf.parse_content_stream(page)]
            assert named.count("cm") == sum(isinstance(item, IconItem | PictureItem) for item in record.items)
            assert not {"Tm", "Tz", "UserUnit"} & {*named, *page.keys()}
            assert "/UserUnit" not in page
            assert [float(edge) for edge in page.MediaBox] == [
                0,
                0,
                *map(float, press().sheet("large-print", case.options.paper).size),
            ]


def test_an_inch_of_white_is_all_round_the_words(large: dict[str, Case]) -> None:
    for case in large.values():
        for page in case.layout.pages:
            for item in words_of(page):
                assert item.x >= INCH - 0.05
                assert item.x + item.line.width <= case.layout.width - INCH + 0.05
                assert item.y - item.size * 0.8 >= INCH - 0.05
                assert item.y <= case.layout.height - INCH


def test_lines_are_apart_and_flush_left(large: dict[str, Case]) -> None:
    looked = 0
    for case in large.values():
        for page in case.layout.pages:
            for one, other in pairwise(words_of(page)):
                if one.element == other.element:
                    looked += 1
                    assert one.x == other.x
                    assert 1.15 <= (other.y - one.y) / one.size <= 1.5
    assert looked > 1000


def test_a_blank_line_parts_the_blocks() -> None:
    """As high as a line of type, below every paragraph, list and box."""
    for name in ("p", "p.main"):
        assert LARGE.text[name].after >= BODY
    for name in ("warning", "notice", "emergency", "call", "dates"):
        assert LARGE.boxes[name].after >= BODY


def test_body_is_not_bold() -> None:
    assert not [name for name in ("p", "li", "td", "p.clinic", "p.audience") if LARGE.style(*name.split(".")).bold]


def test_there_is_one_column(large: dict[str, Case]) -> None:
    """No two texts stand side by side, but for a list's sign and the letterhead."""
    for case in large.values():
        labels = {element.key for element in elements(case.layout.root) if element.role == "Lbl"}
        for page in case.layout.pages:
            lines = [
                item for item in words_of(page) if item.element not in labels and item.y > 130 * (page.number == 1)
            ]
            assert len({round(item.y) for item in lines}) == len(lines)


# Facts and their order


@pytest.mark.parametrize(
    ("topic", "form", "reason", "mode"), [(topic, *reader) for topic, reader in product(USUAL, READERS)]
)
def test_facts_and_their_order_are_those_of_the_standard_edition(topic: str, form: str, reason: str, mode: str) -> None:
    options = Options(form=form, reason=reason, **mode_options(form, mode))
    standard, large = (
        read_ids(print_case("", topic, replace(options, edition=edition)), topic)
        for edition in ("standard", "large-print")
    )

    assert len(standard) > 20
    assert [name for name in large if name not in BOX] == [name for name in standard if name not in BOX]
    assert [name for name in large if name in BOX] == [name for name in standard if name in BOX]
    assert large[0] == standard[0] and (topic != WARNING or large.index(f"{WARNING}/main") < large.index(BOX[0]))


# The emergency box with what belongs to it: it may give its place to other blocks, to be whole on side 2.
BOX = [f"{WARNING}/{name}" for name in (
    "emergency-name", "signs-lead", "sign-wake", "sign-breath", "sign-sounds", "sign-color", "sign-pupils",
    "step-shout", "step-call", "step-naloxone", "step-breathe", "step-again", "step-side",
    "step-stay", "call-always", "own-signs", "wears-off",
)]  # fmt: skip


def read_ids(case: Case, topic: str) -> list[str]:
    """The ids of a handout's texts in the order of reading, as they stand on the pages."""
    lines = sorted(case.lines(), key=lambda line: (line[1].element, line[0], line[1].y))
    found = [run.content for _, item in lines for run in item.line.runs if run.content.startswith(f"{topic}/")]
    return [name for name, before in zip(found, ["", *found], strict=False) if name != before]


def test_the_main_message_is_first_and_whole_on_page_1(large: dict[str, Case]) -> None:
    cases = [case for case in large.values() if case.made.tailored.handout.structure.topic == WARNING]
    assert len(cases) == (6 + 5) * 2 * 2
    for case in cases:
        first, *rest = case.layout.pages
        message = main_message(case)
        lines = [item for item in words_of(first) if says(item, message)]
        (box,) = [
            item for item in first.items if isinstance(item, BoxItem) and item.y < lines[0].y < item.y + item.height
        ]
        (sign,) = [item for item in first.items if isinstance(item, IconItem) and item.kind == "warning"]
        said = " ".join("".join(item.line.text for item in lines).split())
        above = {run.content for item in words_of(first) if item.y < lines[0].y for run in item.line.runs}

        assert said == " ".join(plain(message).split())
        assert {item.size for item in lines} == {HEADING} and box.border >= 1.5
        assert all(box.y < item.y - item.size and item.y < box.y + box.height for item in lines)
        assert box.y < sign.y < sign.y + sign.size < box.y + box.height
        assert not [name for name in above if name.startswith(f"{WARNING}/") and name.split("/")[1] not in OPENING]
        assert not any(says(item, message) for page in rest for item in words_of(page))


OPENING = ("title", "for-injection", "for-injection-brand", "for-tablet", "for-stopped")


def main_message(case: Case) -> tuple[Inline, ...]:
    box = next(block for block in case.document.body if isinstance(block, Section) and block.role == "warning")
    return box.children[0].children


def says(item: TextItem, message: tuple[Inline, ...]) -> bool:
    ids = {node.id for node in message if isinstance(node, Content)}
    return any(run.content in ids for run in item.line.runs)


def test_large_print_is_never_made_smaller() -> None:
    """It fills as many sides as it takes."""
    assert LARGE.smaller == LARGE.dense.smaller == ()
    assert STANDARD.dense.smaller


# Pages


def test_no_head_is_left_at_the_foot_of_a_page(large: dict[str, Case]) -> None:
    heads = 0
    for case in large.values():
        roles = {element.key: element.role for element in elements(case.layout.root)}
        for page in case.layout.pages:
            *others, last = sorted(words_of(page), key=lambda item: item.y)
            heads += sum(is_head(item, roles) for item in others)
            assert not is_head(last, roles)
    assert heads > 500


def is_head(item: TextItem, roles: dict[int, str]) -> bool:
    return roles[item.element].startswith("H") or item.size == SUBHEADING


def test_no_last_page_is_nearly_empty(large: dict[str, Case]) -> None:
    for name, case in large.items():
        tops = [item.y for item in words_of(case.layout.pages[-1])]
        assert (max(tops) - INCH) / (case.layout.height - 2.5 * INCH) > 0.25, name


def test_no_side_before_the_last_is_half_empty(large: dict[str, Case]) -> None:
    for name, case in large.items():
        assert min(share_filled(page, case.layout) for page in case.layout.pages[:-1]) >= 0.5, name


def test_a_frame_that_goes_on_overleaf_is_closed_round_its_words(large: dict[str, Case]) -> None:
    """Words never stand on the frame: above and below them is its white, on every page."""
    divided = 0
    for case in large.values():
        boxes = [(page, item) for page in case.layout.pages[:1] for item in page.items if isinstance(item, BoxItem)]
        pages = [
            [item for item in page.items if isinstance(item, BoxItem) and item.border > 1] for page in case.layout.pages
        ]
        divided += any(one and other and one[-1].border == other[0].border for one, other in pairwise(pages))
        assert boxes
        for page, frames in zip(case.layout.pages, pages, strict=True):
            bars = [bar for bar in page.items if isinstance(bar, BoxItem) and is_bar(bar, page)]
            for box in (frame for frame in frames if frame not in bars):
                floor = max((bar.y + bar.height for bar in bars if bar.y == box.y), default=box.y)
                below_bar = [item for item in words_of(page) if item.y > floor]
                inside = [item for item in below_bar if box.y <= item.y <= box.y + box.height]
                assert inside
                assert min(item.y - item.size * 0.8 for item in inside) - box.y >= box.border + 6
                assert box.y + box.height - max(item.y + item.size * 0.2 for item in inside) >= box.border + 6
    assert divided > 10


def is_bar(bar: BoxItem, page: Page) -> bool:
    """Whether a box is the bar with which a taller one begins."""
    taller = (box for box in page.items if isinstance(box, BoxItem) and box.height > bar.height)
    return any((box.x, box.y, box.width) == (bar.x, bar.y, bar.width) for box in taller)


def fragments(*heights: float) -> list[Fragment]:
    return [Fragment(height) for height in heights]


def test_pages_give_the_last_one_what_they_can() -> None:
    many = fragments(*[50.0] * 21)

    assert [len(page) for page in paginate(many, Rooms(500))] == [10, 10, 1]
    assert [len(page) for page in paginate(many, Rooms(500), 0.3)] == [10, 8, 3]
    assert [len(page) for page in paginate(many, Rooms(500), 0.8)] == [7, 6, 8]


def test_a_page_that_gave_too_much_is_given_from_the_page_before_it() -> None:
    """The end of page 2 goes to page 3, and then the end of page 1 to page 2."""
    blocks = fragments(240, 200, 230, 220, 60)

    assert [len(page) for page in paginate(blocks, Rooms(500))] == [2, 2, 1]
    assert [len(page) for page in paginate(blocks, Rooms(500), 0.3)] == [1, 2, 2]


def test_what_must_stand_on_page_1_stays_there() -> None:
    many = fragments(*[50.0] * 21)

    assert next(len(page) for page in paginate(many, Rooms(500), 0.3, opening=10)) == 10
    assert [fragment for page in paginate(many, Rooms(500), 0.3, opening=10) for fragment in page] == many


def test_a_last_page_that_nothing_can_fill_stays_as_it_is() -> None:
    two = fragments(400, 400, 20)

    assert [len(page) for page in paginate(two, Rooms(410), 0.9)] == [len(page) for page in paginate(two, Rooms(410))]


# Tables

HEAD = Row(tuple(Cell((Text(word),), "col") for word in ("Day", "Dose", "Call us?")))
ROWS = tuple(
    Row((Cell((Text(day),), "row"), Cell((Content(f"t/{n}", (Text(dose),)),)), Cell((Text("yes"),))))
    for n, (day, dose) in enumerate((("Monday", "2 tablets"), ("Friday", "3 tablets")))
)
TABLE = Table((HEAD,), ROWS, caption=(Text("How many to take"),))


def test_a_table_is_a_list_in_large_print_and_a_table_in_the_standard_edition() -> None:
    roles = {}
    for name, sheet in (("standard", STANDARD), ("large", LARGE)):
        layout = write_pdf(bare_document(TABLE), sheet).layout
        roles[name] = [element.role for element in elements(layout.root)]

    assert "Table" in roles["standard"] and "L" not in roles["standard"]
    assert not {"Table", "TR", "TH", "TD"} & set(roles["large"])
    assert (roles["large"].count("L"), roles["large"].count("LI")) == (1, 2)


def test_each_item_says_the_heads_of_its_columns() -> None:
    (section,) = reflow(bare_document(TABLE), LARGE).body[1:]
    caption, items = section.children

    assert (plain(caption.children), caption.role) == ("How many to take", "lead")
    assert [plain(item.children) for item in items.items] == [
        "Day: Monday\nDose: 2 tablets\nCall us? yes",
        "Day: Friday\nDose: 3 tablets\nCall us? yes",
    ]
    head, *_ = items.items[0].children
    assert head == Strong((Text("Day"), Text(": "), Text("Monday")))


def test_contacts_begin_with_their_names_in_bold() -> None:
    """A table without heads of columns: the name on a line, what it is for below."""
    rows = (Row((Cell((Text("Clinic"),), "row"), Cell((Text("Call "), WriteIn("clinic phone"))))),)
    (found,) = reflow(bare_document(Table((), rows, role="contacts")), LARGE).body[1:]

    assert found.items[0].children == (Strong((Text("Clinic"),)), Break(), Text("Call "), WriteIn("clinic phone"))


def test_the_number_of_words_that_a_column_holds_decides() -> None:
    wide = replace(LARGE, column_words=2)
    never = replace(LARGE, column_words=0)

    assert reflow(bare_document(TABLE), wide).body[1] == TABLE
    assert reflow(bare_document(TABLE), never).body[1] == TABLE
    assert reflow(bare_document(TABLE), replace(LARGE, column_words=3)).body[1] != TABLE


def test_a_table_in_a_box_is_a_list_too() -> None:
    (box,) = reflow(bare_document(Section((Table((), ROWS),), "call")), LARGE).body[1:]

    assert type(box.children[0]).__name__ == "List"


@pytest.mark.parametrize("lost", ["cell", "head"])
def test_a_word_that_is_lost_on_the_way_is_refused(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reflowing = import_module("press.writers.pdf.layout.reflow")
    whole = reflowing._label

    def broken(cell: Cell, heads: list[Cell]) -> object:
        if lost == "head":
            return whole(cell, [])
        return whole(cell, heads) if plain(cell.children) != "3 tablets" else ()

    monkeypatch.setattr(reflowing, "_label", broken)
    with pytest.raises(RuntimeError, match="lost"):
        write_pdf(bare_document(TABLE), LARGE)


def test_the_overdose_page_has_its_numbers_as_a_list(large: dict[str, Case]) -> None:
    for case in large.values():
        found = reflow(case.document, LARGE)
        assert not [block for block in found.body if isinstance(block, Table)]
    assert any(isinstance(block, Table) for case in large.values() for block in case.document.body)
