"""Properties of line breaking: nothing is lost, nothing leaves the frame, words stay apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from press.document.nodes import (
    Break,
    Content,
    Inline,
    PageCount,
    PageNumber,
    SheetNumber,
    Strong,
    Text,
    Value,
    WriteIn,
    inlines,
    plain,
)
from press.document.slots import OPEN, Slot
from press.lru import LRU
from press.records import replace
from press.writers.pdf.fonts.faces import Faces, load_face
from press.writers.pdf.layout import lines
from press.writers.pdf.layout.calls import Call, Reader
from press.writers.pdf.layout.lines import break_lines, longest_word, measure_lines
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
    whole = lines._cached.__wrapped__  # which keeps nothing but the words
    together = [whole(measure_lines, run, setting, 300.0) for setting in (*looks, *looks)]
    apart = []
    for setting in looks:
        monkeypatch.setattr(lines, "_divided", LRU(8))
        apart.append(whole(measure_lines, run, setting, 300.0))
    assert together == [*apart, *apart] and len(set(apart)) == len(looks)


# Words of one reader: divided once for all, and set whole

BASE = Faces(FACES.regular, FACES.bold, FONTS)
NAME, DUE = Slot("name", OPEN, 1), Slot("due", OPEN, 0)
COUNTERS = (PageNumber(), Text(" of "), PageCount(), Text(", "), SheetNumber())
SHAPES: dict[str, tuple[Inline, ...]] = {
    "alone": (NAME,),
    "first": (NAME, Text(" is yours  and nobody else's.")),
    "last, in bold": (Content("for", (Text("This page is for: "), Strong((NAME,)))),),
    "on a new line": (Text("For you (all). "), Break(), Content("for", (Text("For: "), Strong((NAME, Text("!")))))),
    "after a new line": (Text("For:"), Break(), NAME, Break(), Text("and all")),
    "within a word": (Text("one two x-"), NAME, Text("/y three four five six seven eight nine ten")),
    "two in one word": (Text("a "), NAME, DUE, Text(" b "), DUE, Text(" "), NAME),
    "beside a line to write on": (WriteIn("day"), Text(" or "), NAME, WriteIn("hour"), Text(" or never"), WriteIn("x")),
    "beside numbers": (Text("v1 "), Content("p", (Text("Page "), *COUNTERS, Text(" · L3-"), SheetNumber())), Text(" "), NAME),
    "beside a value": (Value("clinic", "The Clinic"), Text(" for "), NAME, Value("clinic", " The Clinic")),
    "after a word that is cut": (Text("word " + "w" * 70 + " "), NAME),
    "after a word of many letters": (Text("Ane\u0301 "), NAME, Text(" and all")),
    "after words from right to left": (Value("other", "שרה כהן 5"), Text(" (a) "), NAME, Text(" 7")),
}  # fmt: skip
NAMES = (
    "Ana", "Ana Zerbinetta", "Anne-Marie O'Hara", "", " ", " Ana", "Ana ", "Ana   Z. ", "W" * 70, "Łucja Źdźbło", "…",
    "Ane\u0301", "محمد علي", "שרה כהן", "Ana שרה 5", "(ﬁ)", "Ana\u00a0Z.",
)  # fmt: skip


def filled(run: tuple[Inline, ...], texts: tuple[str, ...]) -> tuple[Inline, ...]:
    """The same words as those of a run that is the same for everybody; on page 3 of 12, sheet 2."""
    numbers = {PageNumber: "3", PageCount: "12", SheetNumber: "2"}
    made: list[Inline] = []
    for node in run:
        if isinstance(node, Slot):
            node = Value(node.field, texts[node.number])
        elif type(node) in numbers:
            node = Content("", (Text(numbers[type(node)]),))
        elif isinstance(node, Strong | Content):
            node = replace(node, children=filled(node.children, texts))
        made.append(node)
    return tuple(made)


def measured(measure: Callable[..., object], run: tuple[Inline, ...], texts: tuple[str, ...], width: float) -> object:
    """What a run with open slots gives for one reader, by a call that nobody used before."""
    setting = Setting(BASE, 10.0, False, min(60.0, width), side=3, sides=12)
    outcome = Call(measure, run, setting, width).outcome(Reader(texts))
    return outcome.lines or outcome.mark


@pytest.mark.parametrize("width", [52.0, 120.0, 300.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_readers_lines_are_those_of_the_same_words_for_everybody(shape: str, width: float) -> None:
    """One call for all names, and each by itself: what one reader is called changes nothing for the next."""
    run, setting = SHAPES[shape], Setting(BASE, 10.0, False, 60.0, side=3, sides=12)
    call = Call(measure_lines, run, replace(setting, write_in=min(60.0, width)), width)
    for name in (*NAMES, *reversed(NAMES)):
        texts = ("12 May", name)
        lines = call.outcome(Reader(texts)).lines
        assert lines == break_lines(filled(run, texts), setting, width)
        assert lines == (measured(measure_lines, run, texts, width) if lines else ())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_readers_longest_word_is_that_of_the_same_words_for_everybody(shape: str) -> None:
    run, setting = SHAPES[shape], Setting(BASE, 10.0, False, 60.0, side=3, sides=12)
    for name in NAMES:
        texts, found = ("12 May", name), []
        asked = replace(setting, ask=lambda *of, to=texts, into=found: into.append(Call(*of).outcome(Reader(to)).mark))
        longest_word(run, asked)
        assert found == [longest_word(filled(run, texts), setting)]


def test_the_longest_word_has_no_space_and_a_line_to_write_on_can_be_short() -> None:
    run = (Text("of "), Strong((Text("many "),)), Text("words the longest"), WriteIn("date"), Text("is it"))
    setting = Setting(FACES, 10.0, False, 60.0)
    assert longest_word(run, setting) == FACES.regular.width("longest", 10.0) + FACES.regular.width("is", 10.0)
    assert longest_word((), setting) == 0


@quickly
@given(runs, spaced, runs, styles, widths)
@example((Text("For "),), "Ana", (Text(" only"),), Setting(FACES, 11.0, False, 60.0), 60.0)
@example((Text("one  two "), Strong((Text("x"),))), "Ana", (), Setting(FACES, 11.0, False, 60.0), 300.0)
def test_lines_with_a_slot_are_those_of_the_same_words_without(
    before: tuple[Inline, ...], text: str, after: tuple[Inline, ...], setting: Setting, width: float
) -> None:
    setting = replace(setting, write_in=min(setting.write_in, width))
    call = Call(measure_lines, (*before, Slot("name", OPEN, 0), *after), setting, width)
    for said in ("Ana", text):
        whole = (*before, Value("name", said), *after)
        assert call.outcome(Reader((said,))).lines == break_lines(whole, setting, width)


def test_what_is_before_a_slot_is_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = (Text("This is what everybody is told, "), Strong((Text("at length: "),)), NAME, Text(" is told more"))
    call = Call(measure_lines, run, Setting(FACES, 10.0, False, 60.0), 80.0)
    one, other = (call.outcome(Reader(("", name))).lines for name in ("Ana", "Bo"))
    assert [a is b for a, b in zip(one, other, strict=True)] == [True, True, False, False]

    monkeypatch.setattr(lines, "_divide", None)
    assert call.outcome(Reader(("", "Cleo"))).lines
    with pytest.raises(TypeError):
        assert call.outcome(Reader(("", "Ane\u0301"))).lines


def test_words_of_a_reader_are_measured_for_a_reader_alone() -> None:
    with pytest.raises(RuntimeError, match="need a reader"):
        break_lines((Text("For "), NAME), Setting(FACES, 10.0, False, 60.0), 80.0)
