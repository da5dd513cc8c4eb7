"""Bookmarks, read back from the file: where they lead, in pages and in the structure tree, and what they never say."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest

from press.document.nodes import Block, Heading, Paragraph, Text, Value
from press.patients.options import Options
from press.runs.handout import Site, lay_out_one
from press.writers.pdf.file.job import JobFile
from press.writers.pdf.file.page_tree import Part
from press.writers.pdf.file.single import write_bound
from press.writers.pdf.reuse.forme import Copy
from press.writers.pdf.writer import write_pdf
from tests.helpers import bare_document, press, print_case
from tests.rigs.read_back import Reading
from tests.support import made

WORDS = "Some words of no importance that go on for a while until the page is full. "


def filler(words: int = 60) -> Paragraph:
    return Paragraph((Text(WORDS * words),))


def printed(*body: Block) -> bytes:
    return write_pdf(bare_document(*body), press().sheet("standard", "letter")).data


class Bookmark:
    """A bookmark with where it leads."""

    def __init__(self, item: pikepdf.OutlineItem, reading: Reading, level: int) -> None:
        self.title, self.level = item.title, level
        self.is_open = not item.is_closed
        self.page = reading.number(item.obj.Dest[0])
        self.view = str(item.obj.Dest[1])
        self.top = float(item.obj.Dest[3]) if self.view == "/XYZ" else None
        self.element = item.obj.SE


def bookmarks(reading: Reading) -> list[Bookmark]:
    def walk(items: list[pikepdf.OutlineItem], level: int) -> Iterator[Bookmark]:
        for item in items:
            yield Bookmark(item, reading, level)
            yield from walk(item.children, level + 1)

    with reading.pdf.open_outline() as outline:
        return list(walk(outline.root, 0))


def test_file_of_three_sides_has_no_bookmarks() -> None:
    data = printed(Heading(2, (Text("One"),)), filler())

    assert len(pikepdf.open(BytesIO(data)).pages) <= 3
    assert "/Outlines" not in pikepdf.open(BytesIO(data)).Root


def test_file_of_more_sides_has_its_headings() -> None:
    body = [block for name in ("One", "Two", "Three") for block in (Heading(2, (Text(name),)), filler())]
    inner = Heading(3, (Text("Ăă Ȃ – (two)"),))
    reading = Reading(printed(*body[:3], inner, *body[3:]))
    found = bookmarks(reading)

    assert len(reading.pages) > 3
    assert [(each.title, each.level) for each in found] == [
        ("A made-up page", 0), ("One", 1), ("Two", 1), ("Ăă Ȃ – (two)", 2), ("Three", 1),
    ]  # fmt: skip
    assert [found[number].is_open for number in (0, 2)] == [True, False], "the second level is seen, the third is not"
    assert str(reading.pdf.Root.PageMode) == "/UseOutlines"


def test_bookmark_leads_to_its_heading_on_the_page_and_in_the_tree() -> None:
    """A reader by sight comes to the line, a screen reader to the element."""
    case = print_case("", "side-effects", Options(edition="large-print", form="injection", reason="both"))
    reading = Reading(case.printed.data)
    headings = [element for element in reading.elements() if str(element.S) in ("/H1", "/H2")]
    found = bookmarks(reading)

    assert len(found) == len(headings) > 4
    for each, heading in zip(found, headings, strict=True):
        assert each.element.objgen == heading.objgen
        assert each.title == " ".join(reading.spoken(heading).split())
        assert each.page == reading.marks(heading)[0][0]
        assert each.level == int(str(heading.S)[2]) - 1
        assert 0 < each.top < float(reading.pdf.pages[each.page - 1].MediaBox[3])


def test_heading_with_a_readers_words_has_no_bookmark() -> None:
    own = Heading(2, (Text("For "), Value("name", "Bo Papagena")))
    reading = Reading(printed(own, filler(), Heading(2, (Text("For all"),)), filler(), filler()))

    assert len(reading.pages) > 3
    assert [each.title for each in bookmarks(reading)] == ["A made-up page", "For all"]


def copies() -> list[Copy]:
    site = Site(press().root)
    return [lay_out_one(site, made(topic, site, name="Bo Papagena")) for topic in ("side-effects", "benefits")]


def test_file_of_several_handouts_has_each_with_its_headings() -> None:
    pair = copies()
    parts = [Part(copy.forme.skeleton.title, "en", (copy,)) for copy in pair]
    reading = Reading(write_bound(parts, "Handouts", "en"))
    found = bookmarks(reading)
    tops = [each for each in found if each.level == 0]

    assert [each.title for each in tops] == [part.name for part in parts]
    assert [str(each.element.S) for each in tops] == ["/Part", "/Part"]
    assert [each.page for each in tops] == [1, 1 + pair[0].pages]
    assert not any(each.is_open for each in tops)
    assert {str(each.element.S) for each in found if each.level} == {"/H2"}
    assert "Papagena" not in " ".join(each.title for each in found)


@pytest.mark.parametrize("cover", [False, True], ids=["without", "with a cover"])
def test_job_leads_to_each_persons_part(cover: bool) -> None:
    written: list[bytes] = []
    job = JobFile(written.append, "Handouts", "en")
    for code, copy in zip(("P-1", "P-2"), copies(), strict=True):
        job.add(Part(code, "en", (copy,)))
    if cover:
        job.add_first(Part("Cover", "en", (copies()[1],)))
    job.end()
    reading = Reading(b"".join(written))
    parts = [element for element in reading.elements() if element.S == "/Part"]
    found = bookmarks(reading)

    assert [each.title for each in found] == ["Cover"] * cover + ["P-1", "P-2"]
    assert [each.element.objgen for each in found] == [part.objgen for part in parts]
    for each in found:
        first = next(element for element in reading.elements(each.element) if reading.marks(element))
        assert each.page == reading.marks(first)[0][0]
