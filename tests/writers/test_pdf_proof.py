"""Faults planted in a finished layout: the proof must refuse every one, and no good page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest

from press.document.nodes import Paragraph, Text, Value, WriteIn
from press.errors import HandoutError
from press.writers.pdf.fonts.faces import Faces, load_face
from press.writers.pdf.layout.fit import Fitted
from press.writers.pdf.model import BoxItem, IconItem, Item, Layout, Line, RuleItem, Run, Sign, TextItem
from press.writers.pdf.proof.proof import prove, prove_line
from press.writers.pdf.reuse import forme
from press.writers.pdf.writer import write_pdf
from press.writers.variants import dense
from tests.helpers import ROOT, Case, bare_document, press
from tests.writers.test_proof import line

NAMES = ("overdose-warning-injection-opioid", "side-effects-tablet-both", "patients/injection-normal large")
SHEET = dense(press().sheet("standard", "letter"))
IN_ANY = Faces(
    *(load_face(SHEET.folder / "fonts" / name) for name in (SHEET.faces.regular, SHEET.faces.bold)),
    SHEET.folder / "fonts",
)
FACES = Faces(*(load_face(SHEET.folder / "fonts" / name) for name in (SHEET.faces.regular, SHEET.faces.bold)))


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, sheaf: dict[str, Case]) -> Case:
    """A page that is as it should be."""
    return sheaf[request.param]


def changed(layout: Layout, change: Callable[[list[Item]], list[Item]], *, footer: bool = False) -> Layout:
    """The layout with the items of its first page changed."""
    first, *rest = layout.pages
    part = "footer" if footer else "items"
    return replace(layout, pages=(replace(first, **{part: tuple(change(list(getattr(first, part))))}), *rest))


def spoil(items: list[Item], kind: type, change: Callable[[Item], Item], which: int = -1) -> list[Item]:
    """The items with one of a kind changed, the last by default."""
    places = [index for index, item in enumerate(items) if isinstance(item, kind)]
    items[places[which]] = change(items[places[which]])
    return items


def in_text(change: Callable[[str], str], which: int = -1) -> Callable[[list[Item]], list[Item]]:
    """Change the words of one line."""

    def first_run(item: TextItem) -> TextItem:
        first, *rest = item.line.runs
        return replace(item, line=replace(item.line, runs=(replace(first, text=change(first.text)), *rest)))

    return lambda items: spoil(items, TextItem, first_run, which)


def moved(kind: type, dx: float = 0, dy: float = 0, which: int = -1) -> Callable[[list[Item]], list[Item]]:
    """Move one item."""
    return lambda items: spoil(items, kind, lambda item: replace(item, x=item.x + dx, y=item.y + dy), which)


def without(kind: type, which: int = -1) -> Callable[[list[Item]], list[Item]]:
    """Leave one item out."""

    def drop(items: list[Item]) -> list[Item]:
        items.remove([item for item in items if isinstance(item, kind)][which])
        return items

    return drop


def long_lines(items: list[Item]) -> list[int]:
    """Where two lines of one text follow each other."""
    return [
        n for n, (a, b) in enumerate(pairwise(items))
        if isinstance(a, TextItem) and isinstance(b, TextItem) and a.element == b.element
    ]  # fmt: skip


def two_lines_swapped(items: list[Item]) -> list[Item]:
    """The second line of a text above the first: every word is there, in the wrong place."""
    n = long_lines(items)[0]
    items[n], items[n + 1] = replace(items[n], y=items[n + 1].y), replace(items[n + 1], y=items[n].y)
    return items


def two_words_swapped(items: list[Item]) -> list[Item]:
    """The first words of two lines change places."""
    n = long_lines(items)[0]
    a, b = items[n].line.runs[0], items[n + 1].line.runs[0]
    items[n] = replace(items[n], line=replace(items[n].line, runs=(replace(a, text=b.text), *items[n].line.runs[1:])))
    items[n + 1] = replace(items[n + 1], line=replace(items[n + 1].line, runs=(a, *items[n + 1].line.runs[1:])))
    return items


def one_line_twice(items: list[Item]) -> list[Item]:
    """A line is drawn a second time, further down."""
    last = [item for item in items if isinstance(item, TextItem)][-1]
    return [*items, replace(last, y=last.y + 2 * last.size)]


def larger_than_its_frame(items: list[Item]) -> list[Item]:
    """Letters three times as large: the line no longer fits."""
    widest = max((i for i in items if isinstance(i, TextItem)), key=lambda i: i.line.width / i.room)
    items[items.index(widest)] = replace(widest, size=widest.size * 3)
    return items


def on_top_of_the_next(items: list[Item]) -> list[Item]:
    """The last line stands where the line before it stands."""
    *_, other, last = (item for item in items if isinstance(item, TextItem))
    items[items.index(last)] = replace(last, x=other.x, y=other.y + 1)
    return items


def on_the_sign(items: list[Item]) -> list[Item]:
    """The sign is moved over the words beside it."""
    sign = next(item for item in items if isinstance(item, IconItem))
    near = [item for item in items if isinstance(item, TextItem) and 0 < item.y - sign.y < sign.size]
    return [replace(item, x=sign.x) if item in near else item for item in items]


FAULTS = {
    "above the page": moved(TextItem, dy=-2000, which=0),
    "below the page": moved(TextItem, dy=2000),
    "left of the margin": moved(TextItem, dx=-60, which=0),
    "right of the margin": moved(TextItem, dx=600),
    "a line is dropped": without(TextItem),
    "the first line is dropped": without(TextItem, 0),
    "a line is drawn twice": one_line_twice,
    "two words are swapped": two_words_swapped,
    "two lines are swapped": two_lines_swapped,
    "a letter is lost": in_text(lambda text: text[1:]),
    "a letter is changed": in_text(lambda text: text[:-1] + "x"),
    "a space is lost": in_text(lambda text: text.replace(" ", "", 1)),
    "letters are too large": larger_than_its_frame,
    "words stand on words": on_top_of_the_next,
    "words stand on the sign": on_the_sign,
    "a frame leaves the page": moved(BoxItem, dy=900),
    "a frame leaves the margin": moved(BoxItem, dx=-60),
    "a sign leaves the page": moved(IconItem, dy=900),
}
IN_ARABIC = {
    "an empty box stands for a letter": lambda run: replace(
        run, signs=(replace(run.signs[0], parts=((0, 0, 0),)), *run.signs[1:])
    ),
    "a glyph is of no face": lambda run: replace(
        run, signs=(replace(run.signs[0], parts=((9999, 0, 0),)), *run.signs[1:])
    ),
    "a joined letter is lost": lambda run: replace(run, signs=run.signs[1:]),
    "letters are the wrong way round": lambda run: replace(run, signs=run.signs[::-1]),
    "letters of another face": lambda run: replace(run, signs=(), family="NotoSansHebrew"),
}
FOOTER_FAULTS = {
    "a line is dropped": without(TextItem),
    "a line leaves the page": moved(TextItem, dy=100),
    "a letter is lost": in_text(lambda text: text[1:], 0),
    "a rule leaves the margin": moved(RuleItem, dx=100),
}


def test_good_pages_pass(sheaf: dict[str, Case]) -> None:
    for case in sheaf.values():
        prove(case.as_set, case.layout, FACES)


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_refused(fault: str, case: Case) -> None:
    spoiled = changed(case.layout, FAULTS[fault])
    assert spoiled != case.layout

    with pytest.raises(RuntimeError):
        prove(case.as_set, spoiled, FACES)


@pytest.mark.parametrize("fault", IN_ARABIC)
def test_planted_fault_in_a_name_is_refused(fault: str) -> None:
    document = bare_document(Paragraph((Text("For "), Value("name", "\u0645\u062d\u0645\u062f"))))
    layout = write_pdf(document, press().sheet("standard", "letter")).layout
    prove(document, layout, IN_ANY)

    def spoilt(item: TextItem) -> TextItem:
        plain, name = item.line.runs
        assert name.signs
        return replace(item, line=replace(item.line, runs=(plain, IN_ARABIC[fault](name))))

    with pytest.raises(RuntimeError):
        prove(document, changed(layout, lambda items: spoil(items, TextItem, spoilt)), IN_ANY)


def test_high_letters_that_meet_the_line_above_are_refused() -> None:
    block = Paragraph((Text("many words " * 9), Value("name", "Ẫ\u0301"), Text(" and some more")))
    document = bare_document(block)
    layout = write_pdf(document, press().sheet("standard", "letter")).layout
    prove(document, layout, IN_ANY)

    def nearer(items: list[Item]) -> list[Item]:
        (high,) = (i for i in items if isinstance(i, TextItem) and any(run.family for run in i.line.runs))
        return [replace(item, y=item.y - 7) if item is high else item for item in items]

    with pytest.raises(RuntimeError, match="on other words"):
        prove(document, changed(layout, nearer), IN_ANY)


@pytest.mark.parametrize("fault", FOOTER_FAULTS)
def test_planted_fault_in_the_footer_is_refused(fault: str, case: Case) -> None:
    spoiled = changed(case.layout, FOOTER_FAULTS[fault], footer=True)
    assert spoiled != case.layout

    with pytest.raises(RuntimeError):
        prove(case.as_set, spoiled, FACES)


def test_wrong_page_number_is_refused(sheaf: dict[str, Case]) -> None:
    case = sheaf["side-effects-tablet-both"]
    one, two = case.layout.pages
    exchanged = (replace(one, footer=two.footer), replace(two, footer=one.footer))

    with pytest.raises(RuntimeError, match="footer"):
        prove(case.as_set, replace(case.layout, pages=exchanged), FACES)


def test_lost_page_is_refused(case: Case) -> None:
    with pytest.raises(RuntimeError):
        prove(case.as_set, replace(case.layout, pages=case.layout.pages[:-1]), FACES)


def test_page_of_another_person_is_refused(sheaf: dict[str, Case]) -> None:
    one, other = sheaf["patients/injection-normal"], sheaf["patients/month-closed"]
    with pytest.raises(RuntimeError):
        prove(one.as_set, other.layout, FACES)


def test_text_that_must_stand_on_page_1_is_refused_elsewhere(sheaf: dict[str, Case]) -> None:
    """That is a fault of the words, so it is told to those who write them."""
    case = sheaf["side-effects-injection-both"]
    later = next(r.content for page, item in case.lines() if page == 2 for r in item.line.runs if r.content)

    with pytest.raises(HandoutError, match="1 problem"):
        prove(replace(case.as_set, first_page=(later,)), case.layout, FACES)


def test_words_of_no_letters_are_no_fault() -> None:
    """A line to write on alone, and a number that looks like that of a list."""
    document = bare_document(Paragraph((WriteIn("date"),)), Paragraph((Text("1."),)))

    assert write_pdf(document, press().sheet("standard", "letter")).pages == 1


def test_writer_proves_what_it_prints(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof above is worth nothing unless it is asked."""
    spoiled = changed(case.layout, without(TextItem))
    monkeypatch.setattr(forme, "fit", lambda *_: Fitted(case.as_set, spoiled, (), []))

    with pytest.raises(RuntimeError):
        write_pdf(case.document, press().sheet(case.options.edition, case.options.paper))


# Letters


def signed(*texts: str, glyph: int = 5, level: int = 0, text: str = "abc") -> Line:
    signs = tuple(Sign(each, ((glyph, 0, 0),), 500) for each in texts)
    return Line((Run(0, text, bold=False, signs=signs, level=level),), (), 0)


def test_what_is_drawn_are_the_letters_of_the_words() -> None:
    prove_line(line("Rest"), FACES)
    prove_line(Line((), (), 0.0), FACES)
    prove_line(signed("a", "bc"), FACES)
    prove_line(signed("c", "b", "a", level=1), FACES)
    prove_line(signed("a", "bc", level=2), FACES)


@pytest.mark.parametrize("signs", [("a", "b"), ("b", "a", "c"), ("a", "bc", "d")])
def test_signs_that_are_not_the_letters_are_refused(signs: tuple[str, ...]) -> None:
    with pytest.raises(RuntimeError, match="the signs of a run are not its letters"):
        prove_line(signed(*signs), FACES)


@pytest.mark.parametrize("glyph", [0, -1, FACES.regular.sfnt.count])
def test_a_glyph_that_is_an_empty_box_is_refused(glyph: int) -> None:
    with pytest.raises(RuntimeError, match="an empty box stands for a letter"):
        prove_line(signed("a", "bc", glyph=glyph), FACES)


def test_the_first_and_the_last_glyph_of_a_face_pass() -> None:
    for glyph in (1, FACES.regular.sfnt.count - 1):
        prove_line(signed("abc", glyph=glyph), FACES)


def test_a_letter_that_the_face_lacks_is_refused() -> None:
    with pytest.raises(RuntimeError, match="a face lacks a letter"):
        prove_line(Line((Run(0, "Rest \u0e01", bold=False),), (), 0), FACES)


def test_a_letter_is_looked_for_in_the_face_that_draws_it() -> None:
    """Each of the page's own faces has it, and so has no other face to be asked."""
    faces = Faces(FACES.regular, FACES.bold, ROOT / "templates" / "fonts")
    prove_line(Line((Run(0, "Rest ½", bold=False),), (), 0), faces)

    with pytest.raises(RuntimeError, match="a face lacks a letter"):
        prove_line(Line((Run(0, "Rest ½", bold=False, family="NotoSansHebrew"),), (), 0), faces)


def test_a_letter_that_another_face_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the page's own face has it does not help a run that is drawn with the other."""
    bare = replace(FACES.regular, sfnt=SimpleNamespace(characters={ord(letter): 5 for letter in "Rest"}, count=9))
    monkeypatch.setattr(Faces, "of", lambda self, bold, family="": bare if family else self.regular)
    whole, lacking = (Line((Run(0, text, bold=False, family="other"),), (), 0) for text in ("Rest", "Rest today"))
    prove_line(line("Rest today"), FACES)
    prove_line(whole, FACES)

    with pytest.raises(RuntimeError, match="a face lacks a letter"):
        prove_line(lacking, FACES)
