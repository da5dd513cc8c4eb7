"""Properties of line breaking: nothing is lost, nothing leaves the frame, words stay apart."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from press.document.nodes import Break, Content, Inline, Strong, Text, Value, WriteIn, inlines, plain
from press.document.slots import Slot, from_slot
from press.lru import LRU
from press.records import replace
from press.writers.pdf.fonts.faces import Faces, load_face
from press.writers.pdf.layout import lines
from press.writers.pdf.layout.lines import begin, break_lines, measure_lines
from press.writers.pdf.layout.words import Setting
from press.writers.pdf.model import Blank, Line, Run
from tests.helpers import ROOT

FONTS = ROOT / "templates" / "fonts"
FACES = Faces(*(load_face(FONTS / f"AtkinsonHyperlegibleNext-{name}.ttf") for name in ("Regular", "Bold")))
OTHER = Faces(*(load_face(FONTS / f"NotoSans-{name}.ttf") for name in ("Regular", "Bold")))
KNOWN = sorted(map(chr, FACES.regular.sfnt.characters))
MARKS = [c for c in KNOWN if unicodedata.combining(c)]
LETTERS = [c for c in KNOWN if c not in MARKS and c != " "]

quickly = settings(max_examples=60, deadline=None)
clusters = st.builds("{}{}".format, st.sampled_from(LETTERS), st.text(st.sampled_from(MARKS), max_size=2)).filter(
    lambda cluster: FACES.parts(cluster, "")[0][1] is not None
)
words = st.lists(clusters, min_size=1, max_size=60).map("".join)
texts = st.lists(words, min_size=1, max_size=30).map(" ".join)
spaced = st.builds("{}{}{}".format, st.sampled_from(("", " ", "  ")), texts, st.sampled_from(("", " ", "  ")))
leaves = st.one_of(
    spaced.map(Text), spaced.map(lambda text: Value("name", text)), st.just(Break()), st.just(WriteIn("date"))
)
runs = st.recursive(
    st.lists(leaves, min_size=1, max_size=5).map(tuple),
    lambda inner: inner.map(lambda run: (Text("a "), Strong(run))) | inner.map(lambda run: (Content("id", run),)),
    max_leaves=3,
)
widths = st.floats(60, 500)
styles = st.builds(Setting, st.just(FACES), st.sampled_from((10.0, 14.0, 28.0)), st.booleans(), st.floats(60, 190))


def spoken(run: tuple[Inline, ...]) -> str:
    """The words that are meant, one space between them; lines to write on left out."""
    labels = [f"[{node.label}]" for node in inlines(run) if isinstance(node, WriteIn)]
    text = plain(run)
    for label in labels:
        text = text.replace(label, "", 1)
    return " ".join(text.split())


def drawn(lines: tuple[Line, ...]) -> str:
    """The words that are drawn, with nothing put between the lines."""
    return " ".join("".join(line.text for line in lines).split())


def end(part: Run | Blank, setting: Setting) -> float:
    """Where a part of a line ends."""
    if isinstance(part, Blank):
        return part.x + part.width
    return part.x + sum(sign.advance for sign in FACES.signs(part)) * setting.size / 1000


@quickly
@given(spaced, styles, widths)
def test_every_letter_comes_out_once_and_in_order(text: str, setting: Setting, width: float) -> None:
    lines = break_lines((Text(text),), setting, width)

    assert "".join(drawn(lines).split()) == "".join(text.split())


@quickly
@given(runs, styles, widths)
def test_words_stay_apart_and_whole(run: tuple[Inline, ...], setting: Setting, width: float) -> None:
    """Also over the ends of lines, and also a word that had to be cut: a search finds it."""
    assert drawn(break_lines(run, setting, width)) == spoken(run)


@quickly
@given(runs, styles, widths)
def test_no_line_is_wider_than_its_frame(run: tuple[Inline, ...], setting: Setting, width: float) -> None:
    for line in break_lines(run, setting, width):
        inked = [run.x + FACES.width(run, setting.size) for run in line.runs]
        reach = max([*inked, *(end(blank, setting) for blank in line.blanks)])

        assert reach <= width + 0.02
        assert line.width <= width + 0.02


@quickly
@given(runs, styles, widths)
def test_parts_of_a_line_touch_and_never_overlap(run: tuple[Inline, ...], setting: Setting, width: float) -> None:
    for line in break_lines(run, setting, width):
        assert line.parts[0].x == 0
        assert all(abs(end(a, setting) - b.x) < 0.01 for a, b in pairwise(line.parts))


@quickly
@given(texts, styles, widths)
def test_no_line_begins_with_a_combining_mark(text: str, setting: Setting, width: float) -> None:
    """A mark without its letter would be drawn on the margin."""
    for line in break_lines((Text(text),), setting, width):
        assert not unicodedata.combining(line.text[0])


@quickly
@given(runs, styles, widths)
def test_every_line_to_write_on_is_there(run: tuple[Inline, ...], setting: Setting, width: float) -> None:
    blanks = [blank for line in break_lines(run, setting, width) for blank in line.blanks]

    assert len(blanks) == sum(isinstance(node, WriteIn) for node in inlines(run))


@quickly
@given(texts, styles)
def test_text_that_fits_stays_on_one_line(text: str, setting: Setting) -> None:
    (line,) = break_lines((Text(text),), setting, 100_000)
    room = line.width

    assert len(break_lines((Text(text),), setting, room + 0.1)) == 1


def test_line_to_write_on_is_no_longer_than_the_frame() -> None:
    (line,) = break_lines((WriteIn("date"),), Setting(FACES, 14.0, False, 190.0), 100.0)

    assert line.blanks[0].width == 100.0


def test_lines_are_filled_before_a_new_one_begins() -> None:
    setting = Setting(FACES, 14.0, False, 150.0)
    room = FACES.regular.width("one two", 14.0)

    assert [line.text for line in break_lines((Text("one two three"),), setting, room)] == ["one two ", "three"]


@given(st.floats(60, 190), st.integers(1, 40))
def test_words_after_a_line_to_write_on_are_not_drawn_over_it(write_in: float, letters: int) -> None:
    """Whether words touch the blank before them must not hang on the last bit of a sum."""
    setting = Setting(FACES, 14.0, False, write_in)
    (line,) = break_lines((Text("n" * letters), WriteIn("date"), Text(".")), setting, 1000.0)

    assert [run.text for run in line.runs] == ["n" * letters, "."]


def test_the_words_of_a_text_are_divided_once_for_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    run = (Text("Ana "), Strong((Text("Ω and more"),)), WriteIn("date"))
    usual = Setting(FACES, 10.0, False, 60.0)
    looks = (usual, replace(usual, bold=True), replace(usual, write_in=90.0), replace(usual, faces=OTHER))
    together = [measure_lines(run, setting, 300.0) for setting in (*looks, *looks)]
    apart = []
    for setting in looks:
        monkeypatch.setattr(lines, "_divided", LRU(8))
        apart.append(measure_lines(run, setting, 300.0))
    assert together == [*apart, *apart] and len(set(apart)) == len(looks)


@quickly
@given(runs, spaced, runs, styles, widths)
@example((Text("For "),), "Ana", (Text(" only"),), Setting(FACES, 11.0, False, 60.0), 60.0)
@example((Text("one  two "), Strong((Text("x"),))), "Ana", (), Setting(FACES, 11.0, False, 60.0), 300.0)
def test_lines_are_the_same_whether_their_beginning_was_set_before_or_not(
    before: tuple[Inline, ...], text: str, after: tuple[Inline, ...], setting: Setting, width: float
) -> None:
    run = (*before, Slot("name", text, 0), *after)
    start = begin(run, setting, width)
    if start.text and FACES.is_plain(text):
        assert measure_lines(from_slot(run), setting, width, start) == measure_lines(run, setting, width)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ((Text("for all of you "),), "for all of you "),
        ((Text("a "), Strong((Text("b c "),))), "a b c "),
        ((Text("you: ("),), ""),
        ((), ""),
    ],
)
def test_what_is_before_a_slot_is_set_once(before: tuple[Inline, ...], text: str) -> None:
    setting, run = Setting(FACES, 10.0, False, 60.0), (*before, Slot("name", "Ana Zerbinetta", 0))
    for width in (60.0, 300.0):
        start = begin(run, setting, width)
        assert start.text == text
        assert measure_lines(from_slot(run) if text else run, setting, width, start) == measure_lines(
            run, setting, width
        )
