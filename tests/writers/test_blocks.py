"""The layout of a block is cached for its words, its frame, its stylesheet and its faces, and for one place on a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from press.document.nodes import (
    Block,
    Content,
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
from press.document.pictures import Picture
from press.document.slots import Slot
from press.writers.pdf.fonts.faces import Faces, load_face
from press.writers.pdf.layout.blocks import Flow
from press.writers.pdf.layout.calls import Reader, find_call
from press.writers.pdf.layout.element_keys import Numbers
from press.writers.pdf.layout.lines import measure_lines, natural_width
from press.writers.pdf.model import ARTIFACT, Element, Fragment, OpenLine, PictureItem, TextItem
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
DOT = Picture("dot", ())
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


def shown(fragments: list[Fragment], reader: Reader) -> list[str]:
    """What stands on the lines of one reader."""
    lines = [item.line for part in fragments for item in part.items if isinstance(item, TextItem)]
    own = [line.call.outcome(reader).lines[line.number] if isinstance(line, OpenLine) else line for line in lines]
    return [line.text for line in own]


def test_a_footer_is_cached_for_one_side_of_one_run() -> None:
    words = Paragraph((Text("page "), PageNumber(), Text(" of "), PageCount(), Text(", sheet "), SheetNumber()))

    def footer(side: int, sides: int, numbering: Numbering = Numbering()) -> str:
        reader = Reader((), numbering)
        (line,) = shown(Flow(SHEET, FACES, reader).footer(words, 90, 300, side, sides), reader)
        return line

    for _ in range(2):
        assert footer(1, 3) == "page 1 of 3, sheet 1"
        assert footer(2, 3) == "page 2 of 3, sheet 1"
        assert footer(1, 4) == "page 1 of 4, sheet 1"
        assert footer(1, 3, Numbering(first=5, pages=9, sheet=7)) == "page 5 of 9, sheet 7"


def test_readers_whose_words_fill_as_many_lines_share_the_layout_of_a_block() -> None:
    block = Paragraph((Text("For: "), Slot("name", "…", 0)))
    jo, bo, long = (Reader((name,)) for name in ("Jo E.", "Bo P.", "Maximiliana Placeholder of Anytown " * 3))
    made = {}
    for reader in (jo, bo, long, jo):
        flow = Flow(SHEET, FACES, reader)
        element, fragments = flow.block(block, 90, 300)
        assert " ".join(shown(fragments, reader)).split() == ["For:", *reader.texts[0].split()]
        assert "".join(item.line.text for part in fragments for item in part.items if isinstance(item, TextItem)) == ""
        assert len(flow.asked) == 1
        made.setdefault(reader, []).append(element)

    assert made[jo][0] is made[jo][1] is made[bo][0] is not made[long][0]
    assert len(Flow(SHEET, FACES, long).block(block, 90, 300)[1]) > 1


def test_a_call_is_that_of_one_measuring() -> None:
    """Two blocks with the same words in other frames are two calls: their lines may differ."""
    style, run = SHEET.style("p"), (Text("For: "), Slot("name", "…", 0))
    setting = replace(Flow(SHEET, FACES).setting(style), ask=None)
    others = (
        (natural_width, run, setting, 300.0),
        (measure_lines, (*run, Text(".")), setting, 300.0),
        (measure_lines, run, replace(setting, size=11.0), 300.0),
        (measure_lines, run, setting, 200.0),
    )
    usual = find_call(measure_lines, run, setting, 300.0)
    assert usual is find_call(measure_lines, (*run,), replace(setting), 300.0)
    assert len({usual, *(find_call(*asked) for asked in others)}) == 5


def test_layout_learns_of_a_reader_what_the_mark_says_and_nothing_else() -> None:
    """Two readers with one mark get the same open lines, letter by letter: there are none."""
    call = find_call(
        measure_lines, (Content("x", (Slot("name", "…", 0),)),), Flow(SHEET, FACES).setting(SHEET.style("p")), 300.0
    )
    one, other = (call.outcome(Reader((name,))) for name in ("Jo E.", "Wilhelmina P."))
    assert one.lines != other.lines and one.mark == other.mark
    (line,) = call.for_layout(one.mark)
    assert isinstance(line, OpenLine) and line.text == "" and line.width == 0
    assert [run.content for run in line.runs] == ["x"]
    assert call.outcome(Reader(("Wilhelmina Placeholder " * 3,))).mark != one.mark


def test_an_empty_list_below_a_head_has_no_fragment_to_hold() -> None:
    head, empty, filled = BOX.children[0], List((), False), List((ListItem((Text("Call 911."),)),), False)
    elements, fragments = Flow(SHEET, FACES).blocks((head, empty, filled), 90, 300)

    assert [element.role for element in elements] == ["H2", "L", "L"]
    assert [fragment.listed for fragment in fragments] == [True, False]


def test_elements_are_numbered_in_reading_order_and_no_two_may_share_a_key() -> None:
    """What a cached block keeps is unique, no more: a screen reader follows the numbers."""
    row = Element(7, "L", (Element(9, "LI"), Element(8, "LI")))
    numbers = Numbers(Element(0, "Document", (row, Element(5, "P"))))

    assert numbers.root == Element(
        0, "Document", (Element(1, "L", (Element(2, "LI"), Element(3, "LI"))), Element(4, "P"))
    )
    placed = numbers.place(PictureItem(8, 1.0, 2.0, 3.0, DOT), 10.0, 20.0)
    assert placed == PictureItem(3, 1.0, 32.0, 3.0, DOT)
    assert numbers.place(PictureItem(ARTIFACT, 1.0, 2.0, 3.0, DOT), 10.0) == PictureItem(ARTIFACT, 1.0, 12.0, 3.0, DOT)
    with pytest.raises(RuntimeError, match="belongs to no structure element"):
        numbers.place(PictureItem(6, 1.0, 2.0, 3.0, DOT), 0.0)
    with pytest.raises(RuntimeError, match="the same key"):
        Numbers(Element(0, "Document", (row, Element(8, "P"))))
