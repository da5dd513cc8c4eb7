"""Names in any script: the right glyphs in the right places, found by viewers, or refused by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from unicodedata import category, normalize

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from press.document.nodes import Content, Paragraph, Strong, Text, Value
from press.errors import HandoutError, Problem
from press.patients.options import Options
from press.writers.pdf.fonts import faces as fonts
from press.writers.pdf.fonts import families as chain
from press.writers.pdf.model import TextItem
from press.writers.result import Printed
from tests.helpers import ROOT, WARNING, Case, print_case
from tests.rigs import verapdf_rig
from tests.rigs.read_back import Reading
from tests.rigs.waiting import HANGS
from tests.writers.scripts import BASE, EXTRA, FONTS, NAMES, RIGHT_TO_LEFT, drawn, expected, print_blocks, print_name

POINTED = ("مُحَمَّد", "שָׁלוֹם")  # viewers do not agree on marks of words from right to left
MIRRORED = str.maketrans("()", ")(")
JOINERS = dict.fromkeys(map(ord, chain.JOINERS))  # nobody types them into a search
MARKS_OF_DIRECTION = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200e\u200f"))
TAKES_ALL = tuple(pytest.param(name, id=f"{script}-{number}") for number, (script, name) in enumerate(NAMES))


def squeezed(text: str) -> str:
    """One ordinary space for any white space, in the form that the press prints."""
    return " ".join(normalize("NFC", text).split())


def by_pdfium(printed: Printed) -> str:
    """What pdfium finds on all pages."""
    pages = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(printed.data)]
    return squeezed("".join(pages).replace("\r\n", ""))


def value_lines(printed: Printed, field: str = "name") -> list[TextItem]:
    """The lines that hold a value."""
    items = [i for page in printed.layout.pages for i in page.items if isinstance(i, TextItem)]
    return [item for item in items if any(run.field == field for run in item.line.runs)]


def refused(name: str) -> Problem:
    """The problem of a name that must be refused, on a page of its own."""
    with pytest.raises(HandoutError) as caught:
        print_name(name)
    (problem,) = caught.value.problems
    return problem


# Glyphs


@pytest.mark.parametrize("name", TAKES_ALL)
def test_name_is_drawn_with_the_glyphs_of_its_face(name: str) -> None:
    """In the places that HarfBuzz gives them, no glyph more or less, and none of them the empty box."""
    printed = print_name(name)
    (item,) = value_lines(printed)
    baseline = printed.layout.height - item.y
    on_line = [g for g in drawn(Reading(printed.data)) if abs(g.y - baseline) < 14 and g.glyph]
    families = {glyph.face for glyph in on_line}
    assert len(families) == 1, "a name is set in one face"
    (face,) = families
    wanted = expected(face, name)

    inked = {glyph for glyph, _, _ in wanted if has_ink(face, glyph)}
    assert len(inked) > 1
    found = sorted((g.glyph, round((g.x - item.x) / item.size * 1000), round((g.y - baseline) / item.size * 1000))
                   for g in on_line if g.glyph in inked)  # fmt: skip
    meant = sorted(glyph for glyph in wanted if glyph[0] in inked)
    assert [glyph for glyph, _, _ in found] == [glyph for glyph, _, _ in meant]
    for seen, right in zip(found, meant, strict=True):
        assert abs(seen[1] - right[1]) < 3 and abs(seen[2] - right[2]) < 3, (seen, right)


def has_ink(face: str, glyph: int) -> bool:
    """Whether a glyph draws anything: a space and a joiner do not."""
    from tests.writers.scripts import path_of

    return bool(fonts.load_face(path_of(face)).sfnt.outline(glyph))


def test_arabic_letters_are_joined_and_stand_from_right_to_left() -> None:
    """The same letter has another glyph at the beginning, in the middle and at the end of a word."""
    face = fonts.load_face(FONTS / "NotoSansArabic-Regular.ttf").sfnt
    printed = print_name("ممم")
    (item,) = value_lines(printed)
    found = [g.glyph for g in drawn(Reading(printed.data)) if g.face.startswith("NotoSansArabic")]

    assert len(set(found)) == 3
    assert face.characters[ord("م")] not in found
    assert found == [glyph for glyph, _, _ in expected("NotoSansArabic-Regular", "ممم")]
    assert item.line.text == "ممم"


def test_each_sign_of_one_meaning_has_the_look_of_its_language() -> None:
    """直 is written differently in China, Japan and Korea."""
    found = {}
    for around in ("直", "直さくら", "직直"):
        faces = {run.family for item in value_lines(print_name(around)) for run in item.line.runs}
        (found[around],) = faces
    assert found == {"直": "NotoSansSC", "直さくら": "NotoSansJP", "직直": "NotoSansKR"}

    assert chain.order("直", "ja")[3].name == chain.order("直さ", "en")[3].name == "NotoSansJP"
    assert chain.order("直", "ko-KR")[3].name == "NotoSansKR"
    assert chain.order("さ", "zh-Hans")[3].name == "NotoSansSC"


def test_letters_beyond_the_first_plane_are_drawn() -> None:
    (item,) = value_lines(print_name("𠮷"))

    assert item.line.text == "𠮷"


# Words


@pytest.mark.parametrize("name", TAKES_ALL)
def test_name_is_found_by_a_search(name: str) -> None:
    if name in POINTED:
        pytest.skip("see the test of pointed words")
    around = Paragraph(
        (Text("This page was printed for the use of "), Value("name", normalize("NFC", name)), Text(" only."))
    )
    short = Paragraph((Text("For: "), Value("prescriber", normalize("NFC", name))))
    for block in (around, short):
        text = by_pdfium(print_blocks(block))

        assert squeezed(name).translate(JOINERS) in text.translate(JOINERS)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not here")
@pytest.mark.parametrize("name", TAKES_ALL)
def test_name_is_found_by_poppler_too(name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(
        print_blocks(Paragraph((Text("Here is "), Value("name", normalize("NFC", name)), Text(" today.")))).data
    )
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True, timeout=HANGS
    )

    assert squeezed(name).translate(JOINERS) in squeezed(done.stdout.decode().translate(MARKS_OF_DIRECTION | JOINERS))


@pytest.mark.parametrize("script", RIGHT_TO_LEFT)
def test_words_from_right_to_left_are_said_as_they_are_read(script: str) -> None:
    """A screen reader takes the text of the element, not the order of drawing (ISO 32000-1, 14.9.4)."""
    for name in BASE[script]:
        name = normalize("NFC", name)
        reading = Reading(print_blocks(Paragraph((Text("For "), Value("name", name), Text(" today.")))).data)
        said = [str(e.ActualText) for e in reading.elements() if e.S == "/Span"]

        assert said == [name]


def test_every_field_takes_names_of_any_script() -> None:
    names = {"name": "محمد عبد الله", "prescriber": "Nguyễn Thị Ánh"}
    case = print_case("", "side-effects", Options(**names))
    text = by_pdfium(case.printed)

    assert all(name in text for name in names.values())


def test_title_of_any_script_is_in_the_properties() -> None:
    title = "Передозировка 𠮷 Nguyễn"
    reading = Reading(print_blocks(Paragraph((Text("a"),)), title=title).data)
    with reading.pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == str(reading.pdf.docinfo.Title) == title


# Direction


@pytest.mark.parametrize(
    ("name", "sight"),
    [("Anna محمد 12", "Anna 12 دمحم"), ("محمد 12 Anna", "Anna 12 دمحم"), ("שרה (Lea) 7", "7 (Lea) הרש")],
)
def test_digits_and_latin_in_a_name_stand_in_their_order(name: str, sight: str) -> None:
    (item,) = value_lines(print_name(name))
    seen = sorted(((run.x, run) for run in item.line.runs), key=lambda pair: pair[0])
    words = "".join("".join(reversed(run.text)).translate(MIRRORED) if run.level % 2 else run.text for _, run in seen)

    assert words.split() == sight.split()


def test_name_never_moves_the_number_that_follows_it() -> None:
    """Without isolation the dose would be drawn to the left of the name."""
    block = Paragraph(
        (Text("For "), Value("name", "محمد"), Text(" 50 mg a day, "), Value("prescriber", "שרה"), Text(" 7"))
    )
    (item,) = value_lines(print_blocks(block))
    places = {run.text.strip(): run.x for run in item.line.runs}

    assert places["محمد"] < places["50 mg a day,"] < places["שרה"] < places["7"]


def test_long_name_from_right_to_left_goes_on_in_the_next_line() -> None:
    name = " ".join(["محمد", "عبد", "الله", "الأحمد", "المنصور"] * 5)
    printed = print_name(name)
    lines = value_lines(printed)
    assert len(lines) > 1

    assert squeezed("".join(item.line.text for item in lines)) == name
    for item in lines:
        run = item.line.runs[0]
        assert run.level == 1
        assert "".join(sign.text for sign in reversed(run.signs)) == run.text.rstrip(" ")
    assert all(word in by_pdfium(printed) for word in name.split())


def test_word_wider_than_a_line_is_cut_between_whole_signs() -> None:
    for name in ("श्रीकृष्ण" * 20, "محمد" * 40, "Nguyễn" * 30, "王小明" * 30, "ẹ́kọ́" * 40):
        lines = value_lines(print_name(name))

        assert len(lines) > 1
        assert "".join(item.line.text for item in lines) == normalize("NFC", name)
        assert all(category(item.line.text[0])[0] != "M" for item in lines)


# Faces


def test_word_stays_in_one_face_where_one_has_all_of_it() -> None:
    wanted = {"Muñoz": {""}, "Nguyễn Thị Anna": {"NotoSans"}, "Anna王": {"NotoSansSC"}, "Жanna": {"NotoSans"}}
    found = {name: {run.family for i in value_lines(print_name(name)) for run in i.line.runs} for name in wanted}

    assert found == wanted


def test_word_of_two_scripts_without_a_common_face_is_set_in_two() -> None:
    printed = print_name("Ирשרה")
    families = [run.family for item in value_lines(printed) for run in item.line.runs]

    assert families == ["NotoSans", "NotoSansHebrew"]
    assert "שרה" in by_pdfium(printed)


def test_only_the_names_word_changes_on_a_page_of_other_words() -> None:
    case = print_case("", WARNING, Options(name="Владимир"))
    others = {run.family for _, item in case.lines() for run in item.line.runs if run.field != "name"}

    assert others == {""}
    assert case.printed.pages == 1


# Refused


@pytest.mark.parametrize("name", ["สมชาย", "ខ្មែរ", "မြန်မာ", "தமிழ்", "ㄅㄆㄇ", "Mᠠ", "ⴰⵎⵖⵔ", "ᄀ가", "王ㄅ"])
def test_script_that_nobody_proved_is_refused(name: str) -> None:
    """Also where a face happens to have the letters: bopomofo is in the Chinese one."""
    problem = refused(name)

    assert problem.private
    assert problem.message.startswith("`name`: no type face")
    assert "Latin letters" in problem.hint


@pytest.mark.parametrize("name", ["Ana 😀", "Ana ❤\ufe0f", "🎉", "Lee ☺", "👋🏽"])
def test_pictures_are_refused_politely(name: str) -> None:
    assert "please leave the picture sign out" in refused(name).hint


@pytest.mark.parametrize("name", ["aَ", "א́", "क王ि", "1\u0313", "\u0301a", "ि"])
def test_mark_on_a_letter_of_another_script_is_refused(name: str) -> None:
    assert "mark" in refused(name).message


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation without the heavy faces."""
    caches = (chain._extra_folder, fonts._pair)
    monkeypatch.setitem(sys.modules, "rendercv_fonts", None)
    for cache in caches:
        cache.cache_clear()
    yield
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("name", [name for names in EXTRA.values() for name in names])
def test_without_the_extra_the_command_is_told(name: str) -> None:
    problem = refused(name)

    assert "make scripts" in problem.hint
    assert "pip install -r requirements/scripts.lock" in problem.hint
    assert (ROOT / "requirements" / "scripts.lock").is_file()
    assert not [part for part in name[1:].replace(" ", "") if part in problem.message]


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("name", [name for names in BASE.values() for name in names])
def test_without_the_extra_all_other_names_print(name: str) -> None:
    assert print_name(name).pages == 1


@pytest.mark.parametrize("language", ["ar", "he", "fa", "ur-PK", "az-Arab"])
def test_page_from_right_to_left_is_refused(language: str) -> None:
    with pytest.raises(HandoutError) as caught:
        print_blocks(Paragraph((Text("a"),)), language=language)

    assert [p.message for p in caught.value.problems] == [
        "pages that are read from right to left cannot be printed yet"
    ]


# Any text

SYLLABLES = sorted({cluster for _, name in NAMES for cluster in chain.clusters(normalize("NFC", name))})
FOREIGN = [*"AZaz09 -'.(),:/[]%", " ", "12", "٣", "\u0301", "\u0303", "\u0323", "\u064e", "ิ", "ㄅ", "😀"]
rightly = st.lists(st.sampled_from([*SYLLABLES, *FOREIGN[:18], " ", " "]), min_size=1, max_size=20).map("".join)
wrongly = st.lists(st.sampled_from([*SYLLABLES, *FOREIGN]), min_size=1, max_size=20).map("".join)
texts = (rightly | wrongly).map(lambda text: normalize("NFC", text))
quickly = settings(max_examples=150, deadline=None)


@quickly
@given(texts)
def test_any_text_is_printed_whole_or_refused(text: str) -> None:
    """The writer's own proof compares every sign with its letters; a screen reader hears them all."""
    block = Paragraph((Text("For "), Value("name", text), Text(" and "), Strong((Value("prescriber", text),))))
    try:
        reading = Reading(print_blocks(block).data)
    except HandoutError as error:
        assert all("no type face" in problem.message for problem in error.problems)
        return
    paragraph = next(e for e in reading.elements() if e.S == "/P")
    said = "".join(heard(reading, paragraph))

    assert squeezed(said) == squeezed(f"For {text} and {text}")
    assert all(glyph.glyph for glyph in drawn(reading))


def heard(reading: Reading, element: object) -> Iterator[str]:
    """The words of an element in its order, each part by its text or by the codes that are drawn."""
    for kid in element.K:
        if isinstance(kid, int):
            yield reading.pages[reading.number(element.Pg) - 1].words[kid]
        else:
            yield str(kid.ActualText)


# The look


def test_high_and_deep_letters_get_room() -> None:
    """One name of a high script in the middle of a paragraph: no ink of its line meets that of another."""
    words = Text("gypsy jug quay, Ångström Ñandú Ágata " * 3)
    for _, name in NAMES:
        printed = print_blocks(Paragraph((words, Value("name", normalize("NFC", name)), words)))
        for item in value_lines(printed):
            low, high = faces().reach(item.line.runs, item.size)
            near = [i for page in printed.layout.pages for i in page.items if isinstance(i, TextItem) and i is not item]
            above = max((i.y for i in near if i.y < item.y), default=0.0)
            below = min((i.y for i in near if i.y > item.y), default=1000.0)

            assert item.y - high > above + 0.2 * item.size
            assert item.y - low < below - 0.6 * item.size


def faces() -> fonts.Faces:
    """The faces of an English page."""
    load = [fonts.load_face(FONTS / f"AtkinsonHyperlegibleNext-{name}.ttf") for name in ("Regular", "Bold")]
    return fonts.Faces(*load, FONTS, "en")


HIGHEST = {"vi": "Ỗ Ẫ Ễ ỵ ợ Ặ ỳ g ", "ru": "Й Ё р щ ц ѓ ", "el": "Ά Ϋ ρ ξ ΐ ", "hi": "र्कि कू र्ट्रै "}


@pytest.mark.parametrize("language", HIGHEST)
def test_whole_pages_have_white_between_their_lines(language: str) -> None:
    """Seen in the picture: between any two lines there is a row of pixels without ink."""
    words = (Content("w", (Text(HIGHEST[language] * 25),)),)
    printed = print_blocks(Paragraph(words), Paragraph((Strong(words),)), language=language)
    lines = [i for i in printed.layout.pages[0].items if isinstance(i, TextItem) and i.line.runs[0].content]
    runs = [run for item in lines for run in item.line.runs]
    assert len(lines) > 4
    picture = pdfium.PdfDocument(printed.data)[0].render(scale=4, grayscale=True)
    flat = bytes(picture.buffer)
    rows = [min(flat[y * picture.stride : y * picture.stride + picture.width]) for y in range(picture.height)]
    white = 0
    for one, next_ in pairwise(lines):
        white += 255 in rows[int(one.y * 4) : int(next_.y * 4)]

    assert white == len(lines) - 1
    assert {run.family for run in runs} == {""}
    reading = Reading(printed.data)
    assert {str(font.BaseFont)[8:] for font in reading.fonts.values()} == {"NotoSans-Regular", "NotoSans-Bold"}


def test_picture_of_a_name_is_not_that_of_empty_boxes() -> None:
    for script, names in (BASE | EXTRA).items():
        ink = {name: picture_of(name) for name in names}

        assert len(set(ink.values())) == len(names), script
        assert all(min(rows) < 128 for rows in ink.values())


def picture_of(name: str) -> bytes:
    """The pixels of the line that holds a name."""
    printed = print_name(name)
    (item,) = value_lines(printed)
    picture = pdfium.PdfDocument(printed.data)[0].render(scale=2, grayscale=True)
    flat = bytes(picture.buffer)
    rows = range(int((item.y - item.size) * 2), int((item.y + item.size * 0.4) * 2))
    return b"".join(flat[y * picture.stride : y * picture.stride + picture.width] for y in rows)


# The file


@pytest.mark.usefixtures("rig")
def test_pages_with_names_comply_with_pdf_ua_1_and_pdf_a_2a(tmp_path: Path) -> None:
    blocks = [
        Paragraph((Text("For "), Value("name", normalize("NFC", name)), Strong((Value("name", name),))))
        for _, name in NAMES
    ]
    (tmp_path / "all.pdf").write_bytes(print_blocks(*blocks).data)
    for number, (_, name) in enumerate(NAMES[::4]):
        (tmp_path / f"{number}.pdf").write_bytes(full(name).printed.data)
    verdicts = verapdf_rig.validate(sorted(tmp_path.iterdir()), ("ua1", "2a"))

    assert len(verdicts) > 10
    assert not (failed := [verdict for verdict in verdicts if not verdict.compliant]), "\n".join(map(str, failed))


def full(name: str) -> Case:
    """A handout for somebody made up."""
    return print_case("", WARNING, Options(name=normalize("NFC", name)))


def test_a_code_is_the_number_of_its_glyph() -> None:
    """Whatever the words are, so that what was drawn once is right in every document."""
    face = fonts.load_face(FONTS / "NotoSans-Regular.ttf").sfnt
    for name in ("Владимир", "Вера"):
        reading = Reading(print_name(name).data)
        shown = [s for page in reading.pages for s in page.shown if s.text == name]
        assert [s.codes for s in shown] == [tuple(face.characters[ord(letter)] for letter in name)]


def test_same_name_gives_the_same_bytes() -> None:
    for _, name in NAMES:
        assert print_name(name).data == print_name(name).data


def test_every_family_in_the_tree_has_its_licence() -> None:
    families = {path.name.rpartition("-")[0] for path in FONTS.glob("*.ttf")}
    assert len(families) >= 4

    for family in families:
        licence = (FONTS / f"OFL-{family}.txt").read_text("ascii")
        assert licence.startswith("Copyright ")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
        assert {path.name for path in FONTS.glob(f"{family}-*.ttf")} == {f"{family}-Regular.ttf", f"{family}-Bold.ttf"}


_PRINT = """
import sys
from press.runs.hardening import harden_reportlab
harden_reportlab()
from press.patients.options import Options
from tests.helpers import print_case
print_case("", "overdose-warning", Options(name={name!r}))
print("uharfbuzz" in sys.modules)
"""


@pytest.mark.parametrize(("name", "needed"), [("Ana Muñoz", "False"), ("Владимир", "False"), ("محمد", "True")])
def test_harfbuzz_is_imported_only_for_those_who_need_it(name: str, needed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PRINT.format(name=name)], cwd=ROOT, capture_output=True, text=True, timeout=HANGS
    )

    assert done.stdout.strip() == needed, done.stderr
