"""Lines are spelled once, and drawn anew wherever they are drawn in another way."""

from __future__ import annotations

import pytest

from press.lru import LRU
from press.records import replace
from press.runs.handout import forme_of, lay_out_one
from press.writers.pdf import draw as draw_module
from press.writers.pdf.draw import Gap, draw_gap, draw_page
from press.writers.pdf.file.single import write_single
from press.writers.pdf.fonts.font_set import Fonts
from press.writers.pdf.model import Line, OpenLine, Page, Run, TextItem
from press.writers.pdf.reading_order import NO_LINKS
from tests.support import TODAY, made, press

FACES = forme_of(press(), made()).faces
FONTS = Fonts.usual(FACES, frozenset())
LINE = Line((Run(0.0, "Call ", False), Run(25.0, "555-0100", False, "telephone"), Run(80.0, " now.", True)), (), 110.0)
ITEM = TextItem(1, 72.0, 100.0, 12.0, LINE, 400.0)
LINKS = {"telephone": ("tel:5550100", "555-0100")}


def drawn(item: TextItem, links: dict[str, tuple[str, str]] | None = None) -> list[object]:
    return draw_page(Page(1, (item,), ()), 792.0, lambda look: FONTS.of(FACES, look), links=links or NO_LINKS)[0]


@pytest.mark.parametrize(
    "change",
    [{"x": 80.0}, {"y": 90.0}, {"size": 14.0}, {"ink": 50.0}, {"element": 0}, {"line": replace(LINE, width=1.0)}],
)
def test_a_line_is_drawn_as_it_stands(change: dict[str, float]) -> None:
    other = replace(ITEM, **change)
    is_same = drawn(ITEM) == drawn(other)

    assert is_same == ("line" in change)
    assert drawn(ITEM) == drawn(ITEM) and drawn(other) == drawn(other)


def test_a_line_with_a_link_is_not_the_line_without_it() -> None:
    for _ in range(2):
        plain, linked = drawn(ITEM), drawn(ITEM, LINKS)
        assert b"/Link" in linked[0] and b"/Link" not in plain[0]
        assert drawn(ITEM, {**LINKS, "other": LINKS["telephone"]}) == linked


def test_a_line_leads_where_its_page_says() -> None:
    others = {"telephone": ("tel:5550199", "555-0199")}
    for links in (LINKS, others, LINKS):
        page = Page(1, (ITEM,), ())
        _, content = draw_page(page, 792.0, lambda look: FONTS.of(FACES, look), links=links)
        assert [link.uri for link in content.links.values()] == [links["telephone"][0]]


@pytest.mark.parametrize("change", [{"x": 80.0}, {"y": 90.0}, {"size": 14.0}, {"ink": 50.0}])
def test_a_line_of_a_reader_is_drawn_where_its_gap_is(change: dict[str, float]) -> None:
    def filled(item: TextItem) -> bytes:
        gap = Gap(item, OpenLine((), (), 0.0, None, 0, (0.0, 0.0), ()), (None, 0), (1, 1), in_footer=False)
        return draw_gap(gap, LINE, 792.0, lambda look: FONTS.of(FACES, look))

    other = replace(ITEM, **change)
    assert filled(ITEM) == filled(ITEM) != filled(other) == filled(other)


def test_no_name_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is the same for many is, and one that has a patient's day, for the next with that day."""
    for name in ("_lines", "_own_lines"):
        monkeypatch.setattr(draw_module, name, LRU(getattr(draw_module, name)._most))
    for number in range(9):
        write_single(lay_out_one(press(), made(name=f"Ana Zerbinetta the {number}th", last_dose=TODAY)))

    shared, own = (
        [line.text for line, _, _ in kept._values.values()] for kept in (draw_module._lines, draw_module._own_lines)
    )
    assert len(shared) > 30 and 0 < len(own) < 9 and not [text for text in shared + own if "Zerbinetta" in text]
