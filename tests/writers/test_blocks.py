"""The layout of a block is cached for its words, its frame, its stylesheet and its faces, and for one place on a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from press.document.nodes import (
    Block,
    Heading,
    List,
    ListItem,
    Numbering,
    PageCount,
    PageNumber,
    Paragraph,
    PictureMark,
    Section,
    SheetNumber,
    Strong,
    Text,
)
from press.document.slots import Slot
from press.writers.pdf.fonts.faces import Faces, load_face
from press.writers.pdf.layout.blocks import Flow
from press.writers.pdf.layout.lines import measure_lines, natural_width
from press.writers.pdf.model import Element, TextItem
from press.writers.pdf.reuse.call import Call, Notes
from press.writers.read_stylesheet import read_stylesheet
from press.writers.stylesheet import Stylesheet
from press.writers.variants import in_size, with_gutter
from tests.helpers import ROOT

SHEET, LARGE = (
    read_stylesheet(ROOT / "templates/styles" / name, name) for name in ("standard.yaml", "large-print.yaml")
)
FONTS = ROOT / "templates" / "fonts"
FACES = Faces(*(load_face(FONTS / f"AtkinsonHyperlegibleNext-{name}.ttf") for name in ("Regular", "Bold")))
OTHER = Faces(*(load_face(FONTS / f"NotoSans-{name}.ttf") for name in ("Regular", "Bold")))
WORDS = Paragraph(
    (Text("Call 911 if you cannot wake the person, and stay until help comes. "), Strong((Text("Now."),)))
)
BOX = Section((Heading(2, (Text("Overdose"),)), WORDS), "warning")


def laid(block: Block, sheet: Stylesheet = SHEET, faces: Faces = FACES, x: float = 90, width: float = 300) -> object:
    """The lines of a block as they stand, whatever the keys of their elements are."""
    _, fragments = Flow(sheet, faces).block(block, x, width)
    return [replace(item, element=1) for part in fragments for item in part.items if isinstance(item, TextItem)]


def keys(element: Element) -> list[int]:
    return [element.key, *(key for child in element.children for key in keys(child))]


def test_each_part_of_the_key_counts() -> None:
    usual = laid(BOX)

    assert usual == laid(BOX)
    assert usual != laid(BOX, sheet=LARGE)
    assert usual != laid(BOX, faces=OTHER)
    assert usual != laid(BOX, x=91)
    assert usual != laid(BOX, width=200)
    assert usual != laid(replace(BOX, role="call"))
    assert usual == laid(BOX)


def test_a_block_is_laid_out_once_and_keeps_its_keys() -> None:
    first, _ = Flow(SHEET, FACES).block(BOX, 90, 300)
    second, _ = Flow(SHEET, FACES).block(BOX, 90, 300)

    assert second is first
    assert len(set(keys(first))) == len(keys(first)) == 3


def test_twice_on_one_page_it_has_other_keys() -> None:
    flow = Flow(SHEET, FACES)
    found = [*flow.blocks((BOX, WORDS, BOX, WORDS), 90, 300)[0]]
    taken = [key for element in found for key in keys(element)]

    assert len(set(taken)) == len(taken)


def test_inside_a_cached_block_nothing_else_takes_its_keys() -> None:
    """A paragraph in a box, and the same one in the same frame beside it."""
    inside = replace(BOX, role="plain", children=(WORDS,))
    Flow(SHEET, FACES).block(inside, 90, 300)
    flow = Flow(SHEET, FACES)
    taken = [key for element in flow.blocks((inside, WORDS), 90, 300)[0] for key in keys(element)]

    assert len(set(taken)) == len(taken)


def test_words_are_laid_out_once_for_pictures_of_all_sizes() -> None:
    small, usual = in_size(SHEET, 14, replace(SHEET.picture, size=28)), in_size(SHEET, 14, SHEET.picture)
    shown = Paragraph((PictureMark("shot"), *WORDS.children))

    assert Flow(small, FACES).block(BOX, 90, 300)[0] is Flow(usual, FACES).block(BOX, 90, 300)[0]
    assert laid(shown, small) != laid(shown, usual)
    assert laid(BOX, with_gutter(small, 20)) == laid(BOX, small)


def test_a_footer_is_cached_for_one_side_of_one_run() -> None:
    words = Paragraph((Text("page "), PageNumber(), Text(" of "), PageCount(), Text(", sheet "), SheetNumber()))

    def shown(side: int, sides: int, numbering: Numbering = Numbering()) -> str:
        (fragment,) = Flow(SHEET, FACES, numbering).footer(words, 90, 300, side, sides)
        (line,) = fragment.items
        return line.line.text

    for _ in range(2):
        assert shown(1, 3) == "page 1 of 3, sheet 1"
        assert shown(2, 3) == "page 2 of 3, sheet 1"
        assert shown(1, 4) == "page 1 of 4, sheet 1"
        assert shown(1, 3, Numbering(first=5, pages=9, sheet=7)) == "page 5 of 9, sheet 7"


def test_words_of_one_reader_are_cached_for_these_words_and_noted_each_time() -> None:
    for_jo, for_bo = (Paragraph((Text("For: "), Slot("name", name, 0))) for name in ("Jo E.", "Bo P."))
    noted: list[tuple[object, ...]] = []
    for block in (for_jo, for_bo, for_jo):
        flow = Flow(SHEET, FACES, note=lambda *asked: noted.append(asked))
        element, fragments = flow.block(block, 90, 300)
        assert keys(element)
        words = "".join(i.line.text for part in fragments for i in part.items if isinstance(i, TextItem))
        assert words == "For: " + block.children[1].text

    assert len(noted) == 3
    assert noted[0] == noted[2] != noted[1]
    assert [line.text for line in noted[1][4]] == ["For: Bo P."]
    assert Flow(SHEET, FACES).block(for_jo, 90, 300)[0] is not Flow(SHEET, FACES).block(for_bo, 90, 300)[0]


def test_a_call_is_that_of_one_measuring() -> None:
    """Two blocks with the same words in other frames are two calls: their lines may differ."""
    style, run = SHEET.style("p"), (Text("For: "), Slot("name", "Jo E.", 0))
    setting = Flow(SHEET, FACES).setting(style)
    others = (
        (natural_width, run, setting, 300.0),
        (measure_lines, (*run, Text(".")), setting, 300.0),
        (measure_lines, run, replace(setting, size=11.0), 300.0),
        (measure_lines, run, setting, 200.0),
    )

    def call(*asked: Any) -> Call:
        notes = Notes()
        notes(*asked, ())
        (found,) = notes.calls
        return found

    usual = call(measure_lines, run, setting, 300.0)
    assert usual is call(measure_lines, (run[0], replace(run[1], text="Bo P.")), replace(setting, note=print), 300.0)
    assert len({usual, *(call(*asked) for asked in others)}) == 5


def test_an_empty_list_below_a_head_has_no_fragment_to_hold() -> None:
    head, empty, filled = BOX.children[0], List((), False), List((ListItem((Text("Call 911."),)),), False)
    elements, fragments = Flow(SHEET, FACES).blocks((head, empty, filled), 90, 300)

    assert [element.role for element in elements] == ["H2", "L", "L"]
    assert [fragment.listed for fragment in fragments] == [True, False]
