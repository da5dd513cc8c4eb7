"""Tags, metadata and faces of the finished PDF, read back from its bytes (ISO 14289-1, ISO 19005-2)."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from press.cli import dump
from press.document.nodes import (
    Block,
    Cell,
    List,
    ListItem,
    Paragraph,
    Row,
    Table,
    Text,
    WriteIn,
    blocks,
    plain,
    strings,
)
from press.patients.options import Options
from press.writers.pdf.fonts.faces import load_face
from press.writers.pdf.writer import write_pdf
from tests.helpers import ROOT, Case, bare_document, general, patients, press, print_case
from tests.rigs import verapdf_rig
from tests.rigs.read_back import Outlines, Reading, widths

SAMPLES = ("side-effects-injection-both", "patients/injection-normal", "benefits-tablet-alcohol large")
WORDS = "Some words of no importance that go on for a while until the page is full. "


@pytest.fixture(scope="module")
def readings(sheaf: dict[str, Case]) -> dict[str, Reading]:
    """Every file of the sheaf, opened."""
    return {name: Reading(case.printed.data) for name, case in sheaf.items()}


def by_hand(*body: Block) -> Reading:
    """A document made in the test, printed and opened."""
    return Reading(write_pdf(bare_document(*body), press().sheet("standard", "letter")).data)


def test_sheaf_is_whole(sheaf: dict[str, Case]) -> None:
    """All the tests below pass over an empty sheaf."""
    assert len(general()) == 6 * len(press().library.topics) > 24
    assert len(patients()) == 5
    assert len(sheaf) == len(general()) * 3 + 5 * 2 + 5 * 2 + 11


@pytest.mark.usefixtures("rig")
@pytest.mark.parametrize(
    "part", [pytest.param("-both|final$", id="of each kind"), pytest.param("", id="all", marks=pytest.mark.sweep)]
)
def test_every_page_complies_with_pdf_ua_1_and_pdf_a_2a(
    part: str, sheaf_files: dict[str, Path], tmp_path: Path
) -> None:
    """Handouts, and what none has today: a continued table, a split paragraph, blanks everywhere."""
    for name, body in {"table": long_table(), "paragraph": long_paragraph(), "blanks": blanks()}.items():
        data = write_pdf(bare_document(body), press().sheet("standard", "letter")).data
        (tmp_path / f"by-hand-{name}.pdf").write_bytes(data)
    chosen = [path for name, path in sheaf_files.items() if re.search(part, name)]
    verdicts = verapdf_rig.validate([*chosen, *sorted(tmp_path.iterdir())], ("ua1", "2a"))

    assert len(verdicts) == 2 * (len(chosen) + 3) > 80
    assert not (failed := [verdict for verdict in verdicts if not verdict.compliant]), "\n".join(map(str, failed))


# The file


def test_file_says_its_title_and_language(sheaf: dict[str, Case], readings: dict[str, Reading]) -> None:
    for name, reading in readings.items():
        root = reading.pdf.Root
        with reading.pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == str(reading.pdf.docinfo.Title) == sheaf[name].document.title
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        assert root.MarkInfo.Marked
        assert root.StructTreeRoot.Type == "/StructTreeRoot"
        assert all(page.Tabs == "/S" for page in reading.pdf.pages)


def test_different_pages_have_different_file_ids(sheaf: dict[str, Case], readings: dict[str, Reading]) -> None:
    """Viewers keep what they know of a file by its id (ISO 32000-1, 14.4)."""
    ids = {bytes(reading.pdf.trailer.ID[0]) for reading in readings.values()}

    assert len(ids) == len({case.printed.data for case in sheaf.values()}) > 40


def test_what_several_pages_draw_is_in_the_file_once(readings: dict[str, Reading]) -> None:
    shared = 0
    for reading in readings.values():
        parts = [part for page in reading.pdf.pages for part in page.Contents]
        same = {part.objgen: part.read_raw_bytes() for part in parts if "/Filter" in part}
        assert len(set(same.values())) == len(same)
        shared += len(parts) - len({part.objgen for part in parts})
    assert shared > 10


def test_faces_are_embedded_and_no_other_is_named(readings: dict[str, Reading]) -> None:
    for reading in readings.values():
        assert sorted(str(font.BaseFont).rpartition("-")[2] for font in reading.fonts.values()) == ["Bold", "Regular"]
        for font in reading.fonts.values():
            below = font.DescendantFonts[0]
            assert below.FontDescriptor.FontFile2.read_bytes()
            assert str(font.BaseFont)[7] == "+"
            assert "AtkinsonHyperlegibleNext" in str(font.BaseFont)
    for reading in readings.values():
        assert not [o for o in reading.pdf.objects if b"Helvetica" in o.unparse()]


def test_each_code_draws_the_glyph_of_its_character(readings: dict[str, Reading]) -> None:
    """No tofu: extraction cannot tell, so the outlines themselves are compared with the face."""
    drawn = 0
    for reading in readings.values():
        for name, font in reading.fonts.items():
            face = load_face(ROOT / "templates" / "fonts" / f"{str(font.BaseFont)[8:]}.ttf")
            whole = Outlines(face.sfnt.data)
            descendant = font.DescendantFonts[0]
            subset, wide = Outlines(descendant.FontDescriptor.FontFile2.read_bytes()), widths(descendant)
            for code in {c for page in reading.pages for s in page.shown if s.font == name for c in s.codes}:
                character = ord(reading.unicode[name][code])
                glyph = face.sfnt.characters[character]
                assert code and glyph
                assert subset[code] == whole[glyph]
                assert wide[code] == face.sfnt.advance(glyph)
                drawn += 1
    assert drawn > 1000


# The marks


def test_all_that_is_drawn_is_marked(readings: dict[str, Reading]) -> None:
    for reading in readings.values():
        for page in reading.pages:
            assert page.shown
            assert all(shown.marks for shown in page.shown)
            assert not [s for s in page.shown if "/Artifact" in s.marks and s.mcid is not None]
            assert not [s for s in page.shown if "/Artifact" not in s.marks and s.mcid is None]


def test_only_footers_and_repeated_banners_are_not_read(sheaf: dict[str, Case], readings: dict[str, Reading]) -> None:
    for name, case in sheaf.items():
        if case.layout.has_cards:
            continue  # their second copies are not read either: tests/product/test_wallet_card.py
        banner = "".join(plain(run) for block in blocks(case.document.banner) for run in strings(block))
        for page, marked in zip(case.layout.pages, readings[name].pages, strict=True):
            silent = "".join(s.text for s in marked.shown if "/Artifact" in s.marks)
            footer = "".join(item.line.text for item in page.footer if hasattr(item, "line"))
            assert silent == (banner if page.number > 1 else "") + plain_spaces(footer)


def test_parent_tree_leads_from_each_mark_to_its_element(readings: dict[str, Reading]) -> None:
    for name in SAMPLES:
        reading = readings[name]
        numbers = reading.pdf.Root.StructTreeRoot.ParentTree.Nums
        parents = {int(key): found for key, found in zip(list(numbers)[::2], list(numbers)[1::2], strict=True)}
        for element in reading.elements():
            for page, mcid in reading.marks(element):
                key = int(reading.pdf.pages[page - 1].StructParents)
                assert parents[key][mcid].objgen == element.objgen
        sequences = [found for found in parents.values() if isinstance(found, pikepdf.Array)]
        assert sum(map(len, sequences)) == sum(len(page.words) for page in reading.pages)


# The tree


def plain_spaces(text: str) -> str:
    """The face has one glyph for both spaces, and its code is read as the ordinary one."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def dumped(case: Case) -> list[tuple[int, str]]:
    """The tags of the layout record, the lines of one page joined."""
    found: list[tuple[int, str]] = []
    for line in dump.tags(case.layout).splitlines():
        depth, text = (len(line) - len(line.lstrip())) // 2, line.strip()
        if not text.startswith(("'", '"')):
            found.append((depth, text.replace("scope=row", "scope=Row").replace("scope=col", "scope=Column")))
            continue
        text = plain_spaces(ast.literal_eval(text))
        page, _, words = text.partition(": ")
        if found[-1][0] == depth and found[-1][1].startswith(f"{page}: "):
            found[-1] = (depth, found[-1][1] + words)
        else:
            found.append((depth, text))
    return found


def test_tree_in_the_file_is_the_tree_of_the_layout(sheaf: dict[str, Case], readings: dict[str, Reading]) -> None:
    for name, case in sheaf.items():
        assert list(readings[name].tags()) == dumped(case)


def test_headings_are_in_order(readings: dict[str, Reading]) -> None:
    for reading in readings.values():
        levels = [int(str(e.S)[2:]) for e in reading.elements() if str(e.S)[:2] == "/H"]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_lists_have_items_with_label_and_body(readings: dict[str, Reading]) -> None:
    lists = [e for reading in readings.values() for e in reading.elements() if e.S == "/L"]
    for element in lists:
        assert {str(child.S) for child in element.K} == {"/LI"}
        assert element.A.ListNumbering in ("/Disc", "/Decimal", "/None")
        parts = ["/LBody"] if element.A.ListNumbering == "/None" else ["/Lbl", "/LBody"]
        assert all([str(part.S) for part in item.K] == parts for item in element.K)
    assert len(lists) > 100
    assert len([element for element in lists if element.A.ListNumbering == "/None"]) > 10


def test_header_cells_say_what_they_head(readings: dict[str, Reading]) -> None:
    cells = [e for reading in readings.values() for e in reading.elements() if e.S == "/TH"]
    assert len(cells) > 20
    assert {str(cell.A.Scope) for cell in cells} <= {"/Row", "/Column"}


# Pages made by hand


def long_paragraph() -> Paragraph:
    """Words for more than one page."""
    return Paragraph((Text(WORDS * 60),))


def long_table(rows: int = 60) -> Table:
    """A table for more than one page; its head is to be printed again."""
    head = Row((Cell((Text("Day"),), "col"), Cell((Text("What to do"), WriteIn("initials")), "col")))
    body = (Row((Cell((Text(f"Day {n}"),), "row"), Cell((Text(f"Task {n}"),)))) for n in range(rows))
    return Table((head,), tuple(body))


def blanks() -> List:
    """Lines to write on, at the beginning, between words and at the end."""
    words = ((WriteIn("first"), Text(" then "), WriteIn("second")), (Text("Call "), WriteIn("third"), Text(" now")))
    return List(tuple(ListItem(run) for run in words))


def test_paragraph_on_two_pages_is_one_element() -> None:
    reading = by_hand(long_paragraph())
    (paragraph,) = (element for element in reading.elements() if element.S == "/P")

    assert [page for page, _ in reading.marks(paragraph)] == [1, 2]
    assert reading.spoken(paragraph) == (WORDS * 60).rstrip()


def test_header_row_is_printed_again_and_not_read_again() -> None:
    reading = by_hand(long_table())
    again = [s for s in reading.pages[1].shown if s.text == "What to do"]

    assert len(reading.pages) > 1
    (bold,) = (name for name, font in reading.fonts.items() if str(font.BaseFont).endswith("-Bold"))
    assert [(shown.marks, shown.font) for shown in again] == [(("/Artifact",), bold)]
    assert sum(element.S == "/TH" and element.A.Scope == "/Column" for element in reading.elements()) == 2
    assert sum(element.S == "/TR" for element in reading.elements()) == 61


def test_line_to_write_on_in_a_repeated_header_is_drawn_again() -> None:
    """Below each row is a rule, above the footer one more; the last one is the blank."""
    page = by_hand(long_table()).pages[1]
    rules = sum(shown.operator == "S" for shown in page.shown)
    rows = sum(shown.text.startswith("Task") for shown in page.shown)

    assert rules == (rows + 1) + 1 + 1


def test_line_to_write_on_is_heard_where_it_stands() -> None:
    reading = by_hand(blanks())
    spoken = [reading.spoken(element) for element in reading.elements() if element.S == "/LBody"]

    assert spoken == ["(first) then (second)", "Call (third) now"]


def test_label_of_a_line_to_write_on_is_in_the_tree() -> None:
    """As the ActualText of an element: most screen readers go by the tree, and a line has no letters."""
    reading = by_hand(blanks())
    spans = [element for element in reading.elements() if element.S == "/Span"]
    drawn = [
        [s.operator for s in page.shown if s.mcid == mcid]
        for e in spans
        for page in reading.pages
        for _, mcid in reading.marks(e)
    ]

    assert [str(element.ActualText) for element in spans] == ["(first)", "(second)", "(third)"]
    assert all(element.P.S == "/LBody" for element in spans)
    assert drawn == [["S", "Tj"]] * 3


@pytest.mark.parametrize(("language", "label"), [("en", "(date)"), ("es", "(fecha)")])
def test_label_of_a_line_to_write_on_is_in_the_language_of_the_page(language: str, label: str) -> None:
    data = print_case("", "overdose-warning", Options(language=language)).printed.data

    assert label in [str(element.ActualText) for element in Reading(data).elements() if element.S == "/Span"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_label_of_a_line_to_write_on_is_found_by_poppler(tmp_path: Path) -> None:
    """Its viewers go by the content alone, where an ActualText needs a letter that it replaces."""
    path = tmp_path / "blanks.pdf"
    path.write_bytes(write_pdf(bare_document(blanks()), press().sheet("standard", "letter")).data)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, timeout=60)

    assert [done.stdout.decode().count(label) for label in ("(first)", "(second)", "(third)")] == [1, 1, 1]


def test_each_stream_of_a_page_ends_in_white_space(sheaf: dict[str, Case]) -> None:
    """A program that puts the streams of a page together with nothing between them must read the same page."""
    with pikepdf.open(BytesIO(sheaf["overdose-warning-injection-opioid"].printed.data)) as pdf:
        streams = [stream.read_bytes() for page in pdf.pages for stream in page.Contents]
    assert len(streams) > 2 and all(stream.endswith(b"\n") for stream in streams)
