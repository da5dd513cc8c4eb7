"""What a reader sees: words, spaces, sizes, sides and places, taken from the file by pdfium.

Extraction proves nothing alone (clipped or white text extracts well), so ink is looked at too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import combinations as pairs

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from press.content.fields import PAPERS
from press.content.handout import all_blocks
from press.document.nodes import Block, Document, Heading, Inline, Section, WriteIn, blocks, inlines, plain, strings
from press.patients.options import Options
from press.runs.handout import Site
from press.runs.sweep import combinations
from press.writers.pdf.model import BoxItem, Element, IconItem, RuleItem, TextItem
from press.writers.stylesheet import Stylesheet
from press.writers.variants import dense
from tests.helpers import ROOT, TODAY, WARNING, Case, pages_of, press
from tests.support import READERS

BASE_POINTS = 10  # 21 CFR 208.20, the floor for a Medication Guide
UNPRINTABLE = 18  # points along the edge that many printers cannot reach
SLACK = 0.5  # points by which a letter may lean out of its own width


class Seen:
    """One file as pdfium sees it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.file = pdfium.PdfDocument(case.printed.data)
        self.pages = [page.get_textpage() for page in self.file]

    @cached_property
    def texts(self) -> list[str]:
        """The text of each page with its line ends taken out: only written spaces part words."""
        return [squeezed(page.get_text_range().replace("\r\n", "")) for page in self.pages]

    @cached_property
    def body(self) -> str:
        """The text of all pages without their banners and footers."""
        found = ""
        head = "".join(words(self.case.document.banner))
        for number, text in enumerate(self.texts, 1):
            foot = "".join(footers(self.case.document, number, len(self.texts)))
            assert text.startswith(head)
            assert text.endswith(foot)
            found += text.removeprefix(head).removesuffix(foot)
        return found

    def rectangles(self, page: int) -> list[tuple[float, ...]]:
        """The boxes of all text on a page: left, bottom, right, top."""
        text = self.pages[page]
        return [text.get_rect(index) for index in range(text.count_rects())]

    def letters(self, page: int) -> list[tuple[float, ...]]:
        """The box of each letter on a page: left, bottom, right, top. Spaces may hang out."""
        text = self.pages[page]
        words = text.get_text_range()
        return [text.get_charbox(n) for n, letter in enumerate(words) if not letter.isspace()]

    def sizes(self, page: int) -> list[float]:
        """The size of each letter that is really drawn."""
        text = self.pages[page].raw
        count = raw.FPDFText_CountChars(text)
        drawn = (n for n in range(count) if not raw.FPDFText_IsGenerated(text, n))
        return [round(raw.FPDFText_GetFontSize(text, n), 2) for n in drawn]


@pytest.fixture(scope="module")
def seen(sheaf: dict[str, Case]) -> dict[str, Seen]:
    """Every file of the sheaf, opened."""
    return {name: Seen(case) for name, case in sheaf.items()}


def squeezed(text: str) -> str:
    """One ordinary space for any white space."""
    return " ".join(text.split())


def parts(run: tuple[Inline, ...]) -> Iterator[str]:
    """The words of a run, parted where there is a line to write on."""
    labels = [re.escape(f"[{node.label}]") for node in inlines(run) if isinstance(node, WriteIn)]
    found = re.split("|".join(labels), plain(run)) if labels else [plain(run)]
    yield from filter(None, map(squeezed, found))


def words(roots: tuple[Block, ...]) -> list[str]:
    """Every string of some blocks."""
    return [part for block in blocks(roots) for run in strings(block) for part in parts(run)]


def footers(document: Document, page: int, pages: int) -> Iterator[str]:
    """The paragraphs of the footer as they stand on one page."""
    for block in document.footer:
        for run in strings(block):
            yield squeezed(plain(run)).replace("#", str(page), 1).replace("#", str(pages), 1)


def sheet_of(case: Case) -> Stylesheet:
    """The stylesheet that the page was really set in."""
    sheet = press().sheet(case.options.edition, case.options.paper)
    return dense(sheet) if case.document.role == "one-side" else sheet


# Words


def test_every_string_is_there_with_its_words_apart(seen: dict[str, Seen]) -> None:
    for name, one in seen.items():
        wanted = words(one.case.document.letterhead + one.case.document.body)

        assert len(wanted) > 10
        assert not [part for part in wanted if part not in one.body], name


def test_pages_are_counted_right(seen: dict[str, Seen]) -> None:
    for one in seen.values():
        count = len(one.file)

        assert count == one.case.printed.pages
        assert all(f"Page {n} of {count}" in text for n, text in enumerate(one.texts, 1))


# Places and sizes


def test_text_lies_inside_the_frame(seen: dict[str, Seen]) -> None:
    for one in seen.values():
        frame = one.case.layout
        for page in range(len(one.pages)):
            for left, bottom, right, top in one.letters(page):
                assert frame.left - SLACK <= left < right <= frame.right + SLACK
                assert frame.height - frame.bottom - SLACK <= bottom < top <= frame.height - frame.top + SLACK


def test_words_keep_to_their_own_margins(sheaf: dict[str, Case]) -> None:
    """The frame of the record takes in months, which may run wider than the words."""
    months = 0
    for case in sheaf.values():
        sheet, wide = sheet_of(case), month_keys(case.layout.root)
        margins = sheet.margins
        months += bool(wide)
        for _, item in case.lines():
            left, right = margins.left, margins.right
            if item.element in wide:
                left, right = min(margins.wide, left), min(margins.wide, right)
            assert item.x >= left - 0.05
            assert item.x + item.line.width <= sheet.size[0] - right + 0.05
    assert months > 10


def test_banner_letterhead_words_and_footer_share_their_edges(sheaf: dict[str, Case]) -> None:
    """The tint of the banner, the rule below the letterhead, frames of boxes and the rule of the footer."""
    banners = 0
    for case in sheaf.values():
        margins, width = sheet_of(case).margins, sheet_of(case).size[0]
        edges = margins.left, width - margins.right
        for page in case.layout.pages:
            first = page.items[0]
            if case.document.banner:
                banners += 1
                assert isinstance(first, BoxItem) and (first.x, first.x + first.width) == pytest.approx(edges)
            (foot,) = (item for item in page.footer if isinstance(item, RuleItem))
            assert (foot.x, foot.x + foot.width) == pytest.approx(edges)
            texts = [item for item in page.footer if isinstance(item, TextItem)]
            assert texts and all(item.x == edges[0] and item.x + item.line.width <= edges[1] + 0.05 for item in texts)
    assert banners > 50


def month_keys(element: Element, inside: bool = False) -> set[int]:
    """The elements of the months of a calendar: of tables with a column for each day of the week."""
    heads = [row for part in element.children if part.role == "THead" for row in part.children]
    inside = inside or any(len(row.children) == 7 for row in heads)
    return {element.key for _ in (1,) if inside}.union(*(month_keys(child, inside) for child in element.children))


def test_no_words_stand_on_others(seen: dict[str, Seen]) -> None:
    for one in seen.values():
        for page in range(len(one.pages)):
            for a, b in pairs(one.rectangles(page), 2):
                wide, tall = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
                assert wide < 0.5 or tall < 0.5


def test_no_words_stand_on_a_sign(sheaf: dict[str, Case]) -> None:
    signs = 0
    for case in sheaf.values():
        for page in case.layout.pages:
            for sign in (item for item in page.items if isinstance(item, IconItem)):
                signs += 1
                beside = [item for item in page.items if isinstance(item, TextItem)]
                assert not [i for i in beside if sign.y < i.y < sign.y + sign.size and meets(i, sign)]
    assert signs >= len(sheaf)


def meets(item: TextItem, sign: IconItem) -> bool:
    """Whether words have letters above or below a part of a sign."""
    return item.x < sign.x + sign.size and item.x + item.line.width > sign.x


def test_no_letter_is_too_small(seen: dict[str, Seen]) -> None:
    for one in seen.values():
        sheet = sheet_of(one.case)
        sizes = Counter(size for page in range(len(one.pages)) for size in one.sizes(page))
        body = min(item.size for _, item in one.case.lines())

        assert min(sizes) >= BASE_POINTS
        sizes_of_p = {sheet.style("p").size} | (set(sheet.smaller) if one.case.printed.warnings else set())
        assert one.case.layout.has_cards or sizes.most_common(1)[0][0] in sizes_of_p
        assert body >= (18 if one.case.options.edition == "large-print" else min(12, *sizes_of_p))


def test_each_line_is_ink_and_the_edge_is_white(seen: dict[str, Seen]) -> None:
    """Neither white nor covered: a line's box has dark and light in it."""
    for one in seen.values():
        for page, record in zip(one.file, one.case.layout.pages, strict=True):
            rows = rendered(page)
            edge = rows[:UNPRINTABLE] + rows[-UNPRINTABLE:] + [r[:UNPRINTABLE] + r[-UNPRINTABLE:] for r in rows]
            assert min(map(min, edge)) == 255
            for item in (*record.items, *record.footer):
                if isinstance(item, TextItem) and item.line.text.strip():
                    ink = ink_of(rows, item)
                    assert min(ink) < 128 < 200 < max(ink), item.line.text


def rendered(page: pdfium.PdfPage) -> list[bytes]:
    """The rows of a page in grey, one pixel for a point."""
    picture = page.render(scale=1, grayscale=True)
    flat = bytes(picture.buffer)
    return [flat[y * picture.stride : y * picture.stride + picture.width] for y in range(picture.height)]


def ink_of(rows: list[bytes], item: TextItem) -> bytes:
    """The pixels of the small letters of a line."""
    first = item.line.runs[0]
    left, right = int(item.x + first.x), int(item.x + item.line.width) + 1
    return b"".join(row[left:right] for row in rows[int(item.y - item.size * 0.7) : int(item.y) + 1])


# Sides

LANGUAGES = len(press().library.languages(WARNING))


@pytest.mark.sweep
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("clinic", ["made-up", "as it is"])
def test_warning_fills_one_side_for_every_reader(clinic: str, paper: str) -> None:
    """As a draft and as final, with a clinic that has phone numbers and with this one's config.yaml."""
    used = press() if clinic == "made-up" else Site(ROOT)
    wanted = [(options, signed) for topic, options in standard(paper) if topic == WARNING for signed in (False, True)]
    found = [pages_of(WARNING, options, clinic=used, signed=signed) for options, signed in wanted]

    assert len(found) == len(READERS) * 2 * len(press().library.languages(WARNING))
    short = [pages for (options, _), pages in zip(wanted, found, strict=True) if options.language in ("en", "es")]
    assert len(short) == len(READERS) * 2 * 2 and set(short) == {1}
    assert set(found) <= {1, 2}  # of the others what may spill, and nothing else, stands on a second side


@pytest.mark.sweep
@pytest.mark.parametrize("paper", PAPERS)
def test_other_handouts_fill_at_most_two_sides(paper: str) -> None:
    wanted = [(topic, options) for topic, options in standard(paper) if topic != WARNING]
    found = [pages_of(*given, signed=signed) for given in wanted for signed in (False, True)]

    assert len(found) >= 2 * len(READERS) * 2 * 2  # two handouts and more, in two languages, draft and final
    assert max(found) <= 2


def standard(paper: str) -> Iterator[tuple[str, Options]]:
    """Every combination in the standard edition."""
    for topic, options in combinations(press(), TODAY):
        if options.edition == "standard":
            yield topic, replace(options, paper=paper)


# What comes first


def topic_of(case: Case) -> str:
    """Which handout it is."""
    return case.made.tailored.handout.structure.topic


def danger(case: Case) -> set[str]:
    """The ids of the texts that carry O1."""
    tailored = case.made.tailored
    carriers = [block for block in all_blocks(tailored.blocks) if "O1" in block.facts]
    return {tailored.filled[ref.text].id for block in carriers for ref in block.texts}


def test_warning_says_the_main_thing_above_everything_else(sheaf: dict[str, Case]) -> None:
    """In the first third; only the letterhead, the title and for whom it is may stand higher."""
    cases = [case for name, case in sheaf.items() if "large" not in name and topic_of(case) == WARNING]
    assert len(cases) == 6 + 5 + 6 + 11
    for case in cases:
        ids = danger(case)
        lines = [item for page, item in case.lines() if page == 1]
        main = [item for item in lines if {run.content for run in item.line.runs} & ids]
        below = [item for item in lines if item.y > max(m.y for m in main)]
        opening = case.document.letterhead + case.document.body[:2]
        above = len(words(opening))

        assert max(item.y for item in main) <= case.layout.height / 3
        assert len({item.element for item in lines} - {item.element for item in below + main}) <= above


def test_other_handouts_begin_with_the_notice(sheaf: dict[str, Case]) -> None:
    cases = [case for case in sheaf.values() if topic_of(case) in ("benefits", "side-effects")]
    assert len(cases) == 12 * 3
    for case in cases:
        title, _audience, notice, *_ = case.document.body

        assert isinstance(title, Heading)
        assert isinstance(notice, Section)
        assert notice.role == "notice"
        assert {page for page, i in case.lines() if {r.content for r in i.line.runs} & danger(case)} == {1}
