"""Two languages side by side: what stands where, read back from the finished files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from press.cli import common
from press.content.fields import EDITIONS, FORMS, PAPERS, REASONS
from press.content.handout import all_blocks
from press.document.bilingual import join
from press.document.nodes import Bar, Document, Figure, Section, blocks, contents, plain, sides, strings
from press.document.slots import slots_of
from press.patients.options import Options
from press.runs.handout import Made, Site, complete, lay_out_one, make, make_beside, print_one
from press.runs.signing import SignatureRequest, approve_words
from press.writers.pdf.layout.orders import orders
from tests.helpers import mask_fingerprints
from tests.product.pseudo import LANGUAGE, write_pseudo
from tests.rigs import verapdf_rig
from tests.rigs.read_back import Reading, is_element
from tests.support import FORM_MODES, ROOT, TODAY, TOPICS, USUAL, Shop, copied, edit, folded, mode_options, swept, told
from tests.support import press as shipped

NAMED = re.compile(r"overdose-warning 1\.\d+\.\d+ \(")  # how a footer names the page
GOLDEN = ROOT / "tests" / "golden" / "bilingual" / "overdose-warning-ru-en.txt"
NAME = "Maximiliana Made-up"
DAY = ("--today", "2026-11-23")


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A copy of the project with a made-up language that is longer than the English."""
    root = copied(tmp_path_factory.mktemp("beside"))
    write_pseudo(root)
    return Site(root)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    root = copied(tmp_path)
    write_pseudo(root)
    monkeypatch.setattr(common, "ROOT", root)
    monkeypatch.chdir(root)
    return Shop(root)


def two(press: Site, topic: str = "overdose-warning", **given: object) -> Made:
    """One handout in the made-up language with English at its side."""
    options, _ = complete(press, Options(language=LANGUAGE, **given), TODAY)
    return make_beside(press, topic, options, "en", TODAY)


def one(press: Site, language: str, topic: str = "overdose-warning") -> Document:
    options, _ = complete(press, Options(language=language), TODAY)
    return make(press, topic, options, TODAY).document


def pdf(press: Site, made: Made) -> bytes:
    return print_one(press, made, "pdf").data


def meant(document: Document) -> list[tuple[str, str]]:
    """The words of each run that stands in two languages, in reading order."""
    runs = (run for block in blocks(document.letterhead + document.body) for run in strings(block))
    pairs = [tuple(re.sub(r"\[[^]]*\]", "", plain(side.children)) for side in sides(run)) for run in runs if sides(run)]
    return [(folded(left), folded(right)) for left, right in pairs]


def places(data: bytes) -> dict[tuple[int, int], tuple[float, float]]:
    """Where the first letter of each mark stands: page and MCID to x and y, in points."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    with pikepdf.open(BytesIO(data)) as file:
        for number, page in enumerate(file.pages, 1):
            mark = None
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "BDC":
                    mark = operands[1].get("/MCID")
                elif str(operator) == "Td" and mark is not None:
                    found.setdefault((number, int(mark)), (float(operands[0]), float(operands[1])))
    return found


def pairs(reading: Reading) -> Iterator[tuple[pikepdf.Dictionary, pikepdf.Dictionary]]:
    """The parts of each element that stands in two languages."""
    for element in reading.elements():
        parts = [kid for kid in element.K if is_element(kid) and kid.S == "/Span" and "/ActualText" not in kid]
        if parts:
            left, right = parts
            yield left, right


# Alignment


@pytest.mark.parametrize(("topic", "paper"), list(product(USUAL, PAPERS)))
def test_each_text_begins_on_the_line_of_its_counterpart(press: Site, topic: str, paper: str) -> None:
    made = two(press, topic, paper=paper)
    data = pdf(press, made)
    reading, where = Reading(data), places(data)
    wide = float(reading.pdf.pages[0].MediaBox[2])
    rows = list(pairs(reading))

    assert len(rows) == len(meant(made.document)) > 30
    for left, right in rows:
        ones, others = reading.marks(left), reading.marks(right)
        if not (ones and others and ones[0] in where and others[0] in where):
            continue  # a line to write on and nothing else
        assert {page for page, _ in (*ones, *others)} == {ones[0][0]}, "a row is on two pages"
        (x, y), (other_x, other_y) = where[ones[0]], where[others[0]]
        assert y == pytest.approx(other_y, abs=0.5)
        assert x < wide / 2 < other_x


def test_words_of_each_row_are_the_same_text_in_both_languages(press: Site) -> None:
    made = two(press)
    reading = Reading(pdf(press, made))
    labels = re.compile(r"\([^()]*\)")
    spoken = [tuple(folded(labels.sub("", reading.spoken(side))) for side in row) for row in pairs(reading)]
    sheet = press.sheet("standard-beside", "letter")
    ordered = [made.document, *orders(made.document, sheet)]  # the emergency box changes places with other blocks
    trees = [[tuple(folded(labels.sub("", side)) for side in row) for row in meant(tree)] for tree in ordered]

    assert len(spoken) > 30 and spoken in trees


def test_both_sides_hold_the_same_texts_in_the_same_order(press: Site) -> None:
    for topic in USUAL:
        left, right = one(press, LANGUAGE, topic), one(press, "en", topic)
        found = two(press, topic).document
        runs = [sides(run) for block in blocks(found.body) for run in strings(block) if run]
        for number, alone in enumerate((left, right)):
            kept = [node.id for run in runs for node in run[number].children if hasattr(node, "id")]
            body = [text.id for text in contents(replace(alone, banner=(), letterhead=(), footer=()))]
            assert kept == body
            assert len(body) > 30


def test_steps_have_the_same_number_on_both_sides(press: Site) -> None:
    page = pypdfium2.PdfDocument(pdf(press, two(press)))
    text = "\n".join(page[n].get_textpage().get_text_bounded() for n in range(len(page)))

    for number in range(1, 7):
        assert len(re.findall(rf"^{number}\. |\s{number}\. ", text)) >= 1
    assert len(re.findall(r"\b6\. ", text)) == 2


# Languages


def test_language_of_each_side_is_in_the_tags(press: Site) -> None:
    reading = Reading(pdf(press, two(press)))

    assert str(reading.pdf.Root.Lang) == LANGUAGE
    rows = list(pairs(reading))
    assert len(rows) > 30
    assert {(str(left.Lang), str(right.Lang)) for left, right in rows} == {(LANGUAGE, "en")}


def test_html_names_the_language_of_each_side(press: Site) -> None:
    made = two(press)
    page = print_one(press, made, "html").data.decode("utf-8")

    assert f'<html lang="{LANGUAGE}" dir="ltr">' in page
    assert page.count('<span class="sides"><span lang="ia" dir="ltr">') == len(meant(made.document))
    assert page.count('</span><span lang="en" dir="ltr">') == len(meant(made.document))


def test_title_is_the_patients(press: Site) -> None:
    assert two(press).document.title == one(press, LANGUAGE).title != one(press, "en").title


def test_footer_and_draft_notice_stand_in_both_languages(press: Site) -> None:
    document = two(press).document
    notices = [plain(run) for block in blocks(document.banner) for run in strings(block)]
    footer = [plain(run) for block in document.footer for run in strings(block)]

    assert len(notices) == 2
    assert "DRAFT. Not signed off. Do not give to patients." in notices
    assert [line for line in footer if "English" in line and NAMED.match(line)]
    assert [line for line in footer if "Éñğlíšh" in line and NAMED.match(line)]


# The whole page


@pytest.mark.parametrize(
    ("topic", "form", "edition"),
    swept(
        product(USUAL, FORMS, EDITIONS),
        [("overdose-warning", "injection", EDITIONS[0]), ("side-effects", "tablet", EDITIONS[1])],
    ),
)
def test_every_reader_gets_a_whole_page(press: Site, topic: str, form: str, edition: str) -> None:
    """The writer proves each page; what must stand on page 1 stands there in both languages."""
    modes = [mode for known, mode in FORM_MODES if known == form]
    for reason, mode, paper in product(REASONS, modes, PAPERS):
        if paper != PAPERS[0] and (reason != "both" or edition != EDITIONS[0]):
            continue
        made = two(press, topic, form=form, reason=reason, edition=edition, paper=paper, **mode_options(form, mode))
        layout = lay_out_one(press, made).layout
        assert made.document.first_page
        first = [
            (run.content, item.line.text)
            for item in layout.pages[0].items
            if hasattr(item, "line")
            for run in item.line.runs
        ]
        for text in made.document.first_page:
            assert len([words for name, words in first if name == text]) >= 2


@pytest.mark.usefixtures("rig")
def test_page_complies_with_pdf_ua_1_and_pdf_a_2a(press: Site, tmp_path: Path) -> None:
    for topic, edition in product(USUAL, EDITIONS):
        made = two(press, topic, edition=edition, name=NAME, **mode_options("injection", "normal"))
        (tmp_path / f"{topic}-{edition}.pdf").write_bytes(pdf(press, made))
    verdicts = verapdf_rig.validate(sorted(tmp_path.iterdir()), ("ua1", "2a"))

    assert len(verdicts) == 2 * len(USUAL) * len(EDITIONS)
    assert not (failed := [verdict for verdict in verdicts if not verdict.compliant]), "\n".join(map(str, failed))


def test_a_name_stands_once_on_each_side_and_the_clinics_once(press: Site) -> None:
    site = Site(press.root)
    vars(site)["clinic"] = replace(press.clinic, name="Made-up Clinic")
    made = two(site, name=NAME, prescriber="Dr. Example")
    text = folded(print_one(site, made, "text").data.decode("utf-8"))

    assert text.count(NAME) == 2 and text.count("Made-up Clinic") == 1
    assert text.count("Dr. Example") in (0, 2)
    heads = [block for block in made.document.letterhead if not sides(block.children)]
    assert len(heads) == 1


def test_each_side_has_slots_of_its_own(press: Site) -> None:
    """The slots of the helper are numbered after those of the patient; a name is the same text in both languages."""
    made = two(press, name="Ann Zerb", **mode_options("injection", "normal"))
    found = [(slot.field, slot.text) for slot in slots_of(made.document)]
    names = [text for field, text in found if field == "name"]

    assert len(found) == len({slot.number for slot in slots_of(made.master.page.document)}) <= len(made.texts)
    assert names == ["Ann Zerb"] * 2
    assert len({text for field, text in found if field == "due"}) == 2


def test_dates_are_in_the_words_of_each_language(press: Site) -> None:
    text = folded(print_one(press, two(press, **mode_options("injection", "normal")), "text").data.decode("utf-8"))

    assert "Saturday, December 19, 2026" in text
    assert "decembre" in text


def test_page_as_readable_text(request: pytest.FixtureRequest) -> None:
    """Russian with English at its side, as the project has it."""
    shelf = Site(ROOT)
    vars(shelf)["clinic"] = replace(shelf.clinic, name="Made-up Clinic", phone="(212) 555-0142")
    options, _ = complete(shelf, Options(language="ru", **mode_options("injection", "normal")), TODAY)
    page = print_one(shelf, make_beside(shelf, "overdose-warning", options, "en", TODAY), "text").data.decode("utf-8")
    actual = mask_fingerprints(page)
    if request.config.getoption("--update-goldens"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(actual, encoding="utf-8", newline="\n")

    assert actual == GOLDEN.read_text(encoding="utf-8")


# Refusals


@cache
def _emptied(document: Document, name: str) -> Document:
    """The document without one section, at any depth."""

    def kept(found: tuple) -> tuple:
        return tuple(
            replace(b, children=kept(b.children)) if isinstance(b, Section) else b
            for b in found
            if getattr(b, "id", "") != name
        )

    return replace(document, body=kept(document.body))


def test_a_text_without_counterpart_is_refused_by_its_id(press: Site) -> None:
    left, right = one(press, LANGUAGE), one(press, "en")
    assert join(left, right).language == LANGUAGE

    with told() as lacks:
        join(left, _emptied(right, "emergency"))
    with told() as more:
        join(_emptied(left, "emergency"), right)

    assert "text `overdose-warning/emergency-name` has no counterpart in `en`" in lacks[0].message
    assert f"in `{LANGUAGE}`" in more[0].message


def test_pages_that_are_built_differently_are_refused(press: Site) -> None:
    left, right = one(press, LANGUAGE), one(press, "en")
    extra = Section((), role="panel")

    with told() as problems:
        join(left, replace(right, body=(*right.body, extra)))

    assert "not built alike" in problems[0].message


def test_a_drawing_is_refused_and_never_left_out(press: Site) -> None:
    """Its words stand in the drawing, where there is no room for a second language."""
    drawing = Figure((Bar("2026", 3),), "How many")
    left, right = (replace(page, body=(*page.body, drawing)) for page in (one(press, LANGUAGE), one(press, "en")))

    with told() as problems:
        join(left, right)

    assert "cannot stand in two languages side by side" in problems[0].message


def test_a_text_that_a_language_lacks_refuses_the_page(shop: Shop) -> None:
    path = shop.root / "handouts/overdose-warning/en.yaml"
    edit(path, next(line for line in path.read_text("utf-8").splitlines(True) if "step-side:" in line), "")
    result = shop.run("make", "overdose-warning", "-l", LANGUAGE, "--beside", "en", *DAY)

    assert result.exit_code == 1
    assert "text `step-side` is not in handouts/overdose-warning/en.yaml" in result.stderr
    assert not shop.out()


# The command line


@pytest.mark.parametrize(("form", "ending"), [("pdf", "pdf"), ("html", "html"), ("text", "txt")])
def test_file_names_both_languages(shop: Shop, form: str, ending: str) -> None:
    result = shop.run("make", "overdose-warning", "-l", LANGUAGE, "--beside", "en", "--format", form, *DAY)

    assert result.exit_code == 0
    assert shop.out() == {f"DRAFT-overdose-warning-{LANGUAGE}-en-injection-opioid.{ending}"}


def test_file_of_a_person_has_the_code(shop: Shop) -> None:
    patient = shop.patient(f"code: A-17\nname: {NAME}\nlanguage: {LANGUAGE}\nlast_dose: 2026-11-20\n")
    result = shop.run("make", "overdose-warning", "--patient", patient, "--beside", "en", *DAY)

    assert result.exit_code == 0
    assert shop.out() == {f"DRAFT-A-17-overdose-warning-{LANGUAGE}-en.pdf"}


def test_same_language_twice_is_wrong_use(shop: Shop) -> None:
    result = shop.run("make", "-l", "en", "--beside", "en", *DAY)

    assert result.exit_code == 2
    assert "--beside needs another language" in result.stderr
    assert not shop.out()


def test_unknown_language_is_a_problem_and_not_repeated(shop: Shop) -> None:
    result = shop.run("make", "overdose-warning", "--beside", "xx", *DAY, "--json")
    found = json.loads(result.stdout)

    assert result.exit_code == 1
    assert "is not there in this language" in json.dumps(found)
    assert "xx" not in json.dumps(found)
    assert not shop.out()


def test_handouts_that_are_not_in_a_language_are_told_and_the_others_printed(shop: Shop) -> None:
    result = shop.run("make", "-l", "ru", "--format", "text", *DAY)

    assert result.exit_code == 1
    assert shop.out() == {"DRAFT-overdose-warning-ru-injection-opioid.txt"}
    assert result.stderr.count("is not there in this language") == len(USUAL) - 1


# Sign-off


@pytest.mark.sweep
def test_page_is_final_only_if_both_languages_are(shop: Shop) -> None:
    """A draft of one makes a draft of both, and --final refuses it."""
    for language in ("ru", "vi"):  # `approve` checks every language of the handout
        (shop.root / f"handouts/overdose-warning/{language}.yaml").unlink()
    (shop.root / f"handouts/overdose-warning/{LANGUAGE}.yaml").unlink()  # too long for one side
    path = shop.root / "handouts/overdose-warning/es.yaml"
    for name, given in (("translator", "Pat Example"), ("reviewer", "Kim Example"), ("reviewed_on", "2026-11-01")):
        edit(path, f'  {name}: ""', f"  {name}: {given}")
    edit(shop.root / "config.yaml", 'after_hours_phone: ""', "after_hours_phone: (212) 736-5001")
    edit(shop.root / "config.yaml", '\nphone: ""', "\nphone: (212) 736-5000")
    asked = ("make", "overdose-warning", "-l", "es", "--beside", "en", *DAY)
    approve_words(Site(shop.root), SignatureRequest("overdose-warning", "en", "Pat Example", "nurse", TODAY), TODAY)

    assert shop.run(*asked, "--final").exit_code == 1
    assert not shop.out()
    assert shop.run(*asked).exit_code == 0
    assert shop.out() == {"DRAFT-overdose-warning-es-en-injection-opioid.pdf"}

    approve_words(Site(shop.root), SignatureRequest("overdose-warning", "es", "Pat Example", "nurse", TODAY), TODAY)
    assert shop.run(*asked, "--final").exit_code == 0
    assert "overdose-warning-es-en-injection-opioid.pdf" in shop.out()


GRIDS = [
    topic
    for topic in TOPICS
    if any(block.kind in ("cut-out", "calendar") for block in all_blocks(shipped().library.structure(topic).blocks))
]


def test_there_are_pages_with_a_grid() -> None:
    assert {"fridge-page", "wallet-card"} < set(GRIDS) < set(TOPICS)


@pytest.mark.parametrize("topic", GRIDS)
def test_a_grid_of_fixed_size_is_refused(topic: str, tmp_path: Path) -> None:
    """A card and a month have no room for a second language."""
    shop = Shop(copied(tmp_path))
    write_pseudo(shop.root)
    options, _ = complete(Site(shop.root), Options(language=LANGUAGE), TODAY)
    with told() as problems:
        make_beside(Site(shop.root), topic, options, "en", TODAY)
    assert "cannot stand in two languages side by side" in problems[0].message
