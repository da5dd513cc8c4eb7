"""Links of the PDF, read back from the file: what they dial, where they are, and how a screen reader comes to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from press.document.nodes import Block, Inline, Paragraph, Text, Value
from press.patients.options import Options
from press.runs.handout import Site, lay_out_one
from press.writers.pdf.file.job import JobFile
from press.writers.pdf.file.page_tree import Part
from press.writers.pdf.file.single import write_bound
from press.writers.pdf.writer import write_pdf
from tests.helpers import bare_document, press, print_case
from tests.rigs import verapdf_rig
from tests.rigs.read_back import Reading, is_object
from tests.support import made

PHONE = Value("clinic_phone", "(212) 555-0142")
POISON = Value("helplines/poison", "1-800-222-1222")


@dataclass
class Found:
    """A link of a file: its element, its words, and its annotations with their pages."""

    element: pikepdf.Dictionary
    words: str
    annotations: list[tuple[int, pikepdf.Dictionary]]

    @property
    def uris(self) -> set[str]:
        """Where it leads."""
        return {str(annotation.A.URI) for _, annotation in self.annotations}


def links(reading: Reading) -> list[Found]:
    return [
        Found(
            element, reading.spoken(element).strip(), [(reading.number(k.Pg), k.Obj) for k in element.K if is_object(k)]
        )
        for element in reading.elements()
        if element.S == "/Link"
    ]


def by_hand(*words: Inline) -> Reading:
    return printed(Paragraph(words))


def printed(*body: Block) -> Reading:
    return Reading(write_pdf(bare_document(*body), press().sheet("standard", "letter")).data)


def test_telephone_number_is_a_link_with_all_that_pdf_ua_asks_for() -> None:
    """ISO 14289-1, 7.18.1 and 7.18.5; ISO 19005-2, 6.3.2."""
    reading = by_hand(Text("Call "), PHONE, Text(" today."))
    (link,) = links(reading)
    ((page, annotation),) = link.annotations

    assert link.words == PHONE.text
    assert str(link.element.P.S) == "/P"
    assert reading.spoken(link.element.P) == "Call (212) 555-0142 today."
    assert (str(annotation.Subtype), str(annotation.A.S)) == ("/Link", "/URI")
    assert (str(annotation.A.URI), str(annotation.Contents)) == ("tel:2125550142", PHONE.text)
    assert list(annotation.Border) == [0, 0, 0]
    assert int(annotation.F) == 4
    assert reading.pdf.pages[page - 1].Tabs == "/S"
    assert [one.objgen for one in reading.pdf.pages[page - 1].Annots] == [annotation.objgen]


def parents(reading: Reading) -> dict[int, pikepdf.Object]:
    numbers = list(reading.pdf.Root.StructTreeRoot.ParentTree.Nums)
    return {int(key): found for key, found in zip(numbers[::2], numbers[1::2], strict=True)}


def check_parents(reading: Reading) -> int:
    """Each annotation leads to its element by the parent tree, under a number of its own; how many there are."""
    by_key = parents(reading)
    keys = []
    for link in links(reading):
        for page, annotation in link.annotations:
            keys.append(int(annotation.StructParent))
            assert by_key[keys[-1]].objgen == link.element.objgen
            assert annotation.objgen in [one.objgen for one in reading.pdf.pages[page - 1].Annots]
    pages = [int(page.StructParents) for page in reading.pdf.pages]
    assert sorted(keys + pages) == sorted(by_key) == list(range(len(by_key)))
    assert int(reading.pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(by_key)
    assert sum(len(page.get("/Annots", [])) for page in reading.pdf.pages) == len(keys)
    return len(keys)


def test_parent_tree_leads_from_each_annotation_to_its_link() -> None:
    case = print_case("", "side-effects", Options(form="injection", reason="both", edition="large-print"))

    assert check_parents(Reading(case.printed.data)) > 1


def test_frame_of_a_link_is_round_its_words() -> None:
    words = (Text("Call "), PHONE, Text(" or, for poison, "), POISON, Text("."))
    data = write_pdf(bare_document(Paragraph(words)), press().sheet("standard", "letter")).data
    reading = Reading(data)
    found = links(reading)
    text = pdfium.PdfDocument(data)[0].get_textpage()

    assert [link.words for link in found] == [PHONE.text, POISON.text]
    for link in found:
        left, bottom, right, top = map(float, link.annotations[0][1].Rect)
        assert text.get_text_bounded(left - 0.5, bottom, right + 0.5, top).strip() == link.words
        assert 10 < top - bottom < 25


def test_number_that_a_line_divides_is_one_link_in_two_frames() -> None:
    for words in range(8, 16):
        reading = by_hand(Text("word " * words), PHONE)
        (link,) = links(reading)
        assert (link.words, link.uris) == (PHONE.text, {"tel:2125550142"})
        if len(link.annotations) == 2:
            (_, first), (_, second) = link.annotations
            assert float(first.Rect[1]) > float(second.Rect[3]) - 5
            break
    else:
        pytest.fail("no line divided the number")


@pytest.mark.parametrize("text", ["555-0142 ext. 7", "call the desk", "555-0142 or 555-0143"])
def test_number_that_is_in_doubt_is_no_link(text: str) -> None:
    assert not links(by_hand(Text("Call "), Value("clinic_phone", text)))


def test_values_of_readers_are_no_links() -> None:
    """A name may look like a number, and the place of all words behind it is another for each reader."""
    name = Value("name", "212 555 0142")

    assert not links(by_hand(name, Text(": call "), PHONE))
    assert [link.words for link in links(printed(Paragraph((name,)), Paragraph((PHONE,))))] == [PHONE.text]


def test_field_with_two_numbers_is_no_link() -> None:
    assert not links(by_hand(PHONE, Text(" or "), Value("clinic_phone", "(212) 555-0199")))


def test_number_in_the_footer_or_on_a_second_card_is_no_link() -> None:
    """They are decoration: no element could hold the link."""
    reading = Reading(print_case("", "wallet-card", Options(form="injection", reason="opioid")).printed.data)

    assert check_parents(reading) == len([each for link in links(reading) for each in link.annotations]) > 0


@pytest.mark.usefixtures("rig")
def test_files_with_links_bookmarks_and_lines_to_write_on_comply(tmp_path: Path) -> None:
    """A bound file for one person, and a job, which is for paper: it has bookmarks and no links."""
    site, written = Site(press().root), []
    pages = [lay_out_one(site, made(topic, site, name="Bo Papagena")) for topic in ("overdose-warning", "side-effects")]
    bound = write_bound([Part(page.forme.skeleton.title, "en", (page,)) for page in pages], "Handouts", "en")
    job = JobFile(written.append, "Handouts", "en")
    for code in ("P-1", "P-2"):
        job.add(Part(code, "en", tuple(pages)))
    job.end()
    files = {"bound": bound, "job": b"".join(written)}
    for name, data in files.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    verdicts = verapdf_rig.validate(sorted(tmp_path.iterdir()), ("ua1", "2a"))

    assert len(verdicts) == 4
    assert not [str(verdict) for verdict in verdicts if not verdict.compliant]
    assert {name: check_parents(Reading(data)) > 4 for name, data in files.items()} == {"bound": True, "job": False}
    reading = Reading(bound)
    told = " ".join(str(one.Contents) + str(one.A.URI) for link in links(reading) for _, one in link.annotations)
    assert "Papagena" not in told
