"""The letterhead: empty, short, and with a logo and four lines of address, on every page that has one."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from press.content.clinic import LogoFile
from press.content.fields import EDITIONS, FORMS, PAPERS, REASONS
from press.content.logo import read_logo
from press.document.logo import Logo
from press.document.nodes import Paragraph, Text
from press.document.slots import OPEN, Slot
from press.patients.options import Options
from press.runs.handout import Made, Site, blank_side, complete, lay_out_one, make, make_beside, print_one
from press.writers.pdf.file.job import JobFile
from press.writers.pdf.file.page_tree import Part
from press.writers.pdf.model import Layout, LogoItem, RuleItem, TextItem
from press.writers.pdf.proof.proof import prove
from press.writers.pdf.reuse.forme import Forme
from press.writers.text import write_text
from press.writers.variants import dense
from tests.helpers import bare_document
from tests.rigs import verapdf_rig, web_rig
from tests.rigs.browser import Browser
from tests.rigs.read_back import Reading
from tests.support import ROOT, TODAY, TOPICS, clinic_with, copied, edit, told

ALT = "A made-up bridge over a river"
FOUR_LINES = ("Example House, Second Floor, Suite 204", "1200 Example Boulevard North", "Anytown", "ZZ 00000")
LANGUAGES = ("en", "es")


def drawn(width: int = 600, height: int = 240) -> Image.Image:
    image = Image.new("L", (width, height), 255)
    image.paste(0, (width // 4, height // 4, 3 * width // 4, 3 * height // 4))
    return image


def logo(folder: Path, width: int = 600, height: int = 240) -> Logo:
    drawn(width, height).save(folder / "logo.png")
    return read_logo(folder / "logo.png", "templates/logo.png", ALT, "en")


def full(mark: Logo | None) -> Site:
    """A clinic with a long name, four lines of address and perhaps a logo."""
    found = clinic_with(
        name="Made-up Clinic of the Whole Example Valley",
        address=FOUR_LINES,
        phone="(212) 555-0142",
        after_hours_phone="(212) 555-0143",
    )
    vars(found)["logo"] = mark
    return found


def made(site: Site, topic: str, **given: object) -> Made:
    options, _ = complete(site, Options(**given), TODAY)
    return make(site, topic, options, TODAY)


def items(layout: Layout) -> list[LogoItem]:
    return [item for page in layout.pages for item in page.items if isinstance(item, LogoItem)]


# A full letterhead


SHAPES = {"wide": (600, 240), "tall": (200, 300), "a line": (900, 100)}
PLACES = list(product(TOPICS, EDITIONS, SHAPES.values()))


def check_full(topic: str, edition: str, size: tuple[int, int], folder: Path, **given: object) -> None:
    """The longest letterhead, with a person's name and prescriber: the logo is in proportion and in the frame."""
    mark = logo(folder, *size)
    site, people = full(mark), {"name": "Bartholomew Longfellow-Example", "prescriber": "Dr. M. Example"}
    page = made(site, topic, edition=edition, **people, **given)
    layout = lay_out_one(site, page).layout
    sheet = site.sheet(edition, page.options.paper)
    margins = (dense(sheet) if page.document.role == "one-side" else sheet).margins
    (item,) = items(layout)
    assert item.width / item.height == pytest.approx(mark.width / mark.height, rel=0.01)
    assert item.height >= 8 and margins.left - 0.01 <= item.x
    assert item.x + item.width <= layout.width - margins.right + 0.01


@pytest.mark.parametrize(("topic", "edition", "size"), PLACES)
def test_logo_and_four_lines_fit_every_page(topic: str, edition: str, size: tuple[int, int], tmp_path: Path) -> None:
    check_full(topic, edition, size, tmp_path, language="es")


@pytest.mark.sweep
@pytest.mark.parametrize(("topic", "edition", "size"), PLACES)
@pytest.mark.parametrize(("form", "paper", "language"), list(product(FORMS, PAPERS, LANGUAGES)))
def test_logo_and_four_lines_fit_every_page_of_every_reader(
    topic: str, edition: str, size: tuple[int, int], form: str, paper: str, language: str, tmp_path: Path
) -> None:
    for reason in REASONS:
        check_full(topic, edition, size, tmp_path, language=language, form=form, paper=paper, reason=reason)


@pytest.mark.parametrize("edition", EDITIONS)
def test_two_languages_have_one_logo(edition: str, tmp_path: Path) -> None:
    site = full(logo(tmp_path))
    options, _ = complete(site, Options(language="es", edition=edition), TODAY)

    assert len(items(lay_out_one(site, make_beside(site, "benefits", options, "en", TODAY)).layout)) == 1


def test_a_blank_side_has_no_logo(tmp_path: Path) -> None:
    site = full(logo(tmp_path))

    assert not items(blank_side(site, made(site, "benefits")).layout)


def test_the_pdf_holds_the_pixels_once_and_nothing_else_of_the_file(tmp_path: Path) -> None:
    image = drawn()
    file = BytesIO()
    image.save(file, "PNG", dpi=(72, 72))
    (tmp_path / "logo.png").write_bytes(file.getvalue())
    mark = read_logo(tmp_path / "logo.png", "templates/logo.png", ALT, "en")
    data = print_one(full(mark), made(full(mark), "side-effects"), "pdf").data
    with pikepdf.open(BytesIO(data)) as pdf:
        found = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]
        (picture,) = found
        assert set(picture.keys()) == {
            "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/DecodeParms",
            "/Length",
        }  # fmt: skip
        assert pikepdf.PdfImage(picture).as_pil_image().tobytes() == image.tobytes()


def test_the_logo_is_read_first_and_by_its_words(tmp_path: Path) -> None:
    site = full(logo(tmp_path))
    reading = Reading(print_one(site, made(site, "side-effects", language="es"), "pdf").data)
    figures = [element for element in reading.elements() if element.S == "/Figure"]
    roles = [str(element.S) for element in reading.elements()]

    assert (str(figures[0].Alt), str(figures[0].Lang)) == (ALT, "en"), "the pictures of the page come after it"
    left, bottom, right, top = (float(edge) for edge in figures[0].A.BBox)
    assert 0 < left < right < 612 and 700 < bottom < top < 792
    assert roles.index("/Figure") < roles.index("/H1")


def test_the_logo_is_seen_where_its_words_say(tmp_path: Path) -> None:
    """Rendered by another library: dark in its middle, and white around."""
    site = full(logo(tmp_path))
    page = made(site, "side-effects")
    (item,) = items(lay_out_one(site, page).layout)
    image = pypdfium2.PdfDocument(print_one(site, page, "pdf").data)[0].render(scale=2).to_pil().convert("L")

    def at(across: float, down: float) -> int:
        place = int(2 * (item.x + across * item.width)), int(2 * (item.y + down * item.height))
        found: int = image.getpixel(place)
        return found

    assert at(0.5, 0.5) < 20 and min(at(0.1, 0.1), at(0.9, 0.9)) > 235


def test_a_file_for_everybody_has_the_logo_once(tmp_path: Path) -> None:
    site, out = full(logo(tmp_path)), BytesIO()
    job = JobFile(out.write, "A job", "en")
    for number in range(3):
        copy = lay_out_one(site, made(site, "side-effects", name=f"Maximiliana Made-up {number}"))
        job.add(Part(f"P-{number}", "en", (copy,)))
    job.end()
    with pikepdf.open(out) as pdf:
        images = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]
        shown = [page for page in pdf.pages if b"/Logo Do" in b"".join(part.read_bytes() for part in page.Contents)]
    assert len(images) == 1 and len(shown) == 3


def test_html_has_it_in_the_page_and_text_leaves_it_out(tmp_path: Path) -> None:
    mark = logo(tmp_path)
    site = full(mark)
    page = made(site, "benefits")
    html = print_one(site, page, "html").data.decode("utf-8")
    (encoded,) = (part.split('"')[0] for part in html.split("data:image/png;base64,")[1:])

    assert b64decode(encoded) == mark.png() and encoded == b64encode(mark.png()).decode()
    assert f'aria-label="{ALT}"' in html and "img-src data:;" in html
    assert ALT not in write_text(page.document).data.decode("utf-8")
    bare = print_one(full(None), made(full(None), "benefits"), "html").data.decode("utf-8")
    assert "<image" not in bare and "img-src" not in bare


_EDGES = ("x", "y", "width", "height")


def test_validators_have_nothing_against_a_web_page_with_a_logo(web: None, chromium: Browser, tmp_path: Path) -> None:
    """On a telephone, where it is seen and does not stick out."""
    site, path = full(logo(tmp_path)), tmp_path / "page.html"
    path.write_bytes(print_one(site, made(site, "side-effects"), "html").data)
    chromium.screen(320)
    chromium.open(path)

    assert web_rig.inspect(chromium) == ()
    assert chromium.run("document.documentElement.scrollWidth") <= 320
    x, y, wide, tall = (chromium.run(f"document.querySelector('.logo').getBoundingClientRect().{n}") for n in _EDGES)
    seen = Image.open(BytesIO(chromium.picture())).convert("L")
    assert wide / tall == pytest.approx(600 / 240, rel=0.05) and tall <= 90
    assert seen.getpixel((int(x + wide / 2), int(y + tall / 2))) < 20
    assert list(web_rig.validate([path]).values()) == [()]


def test_a_lost_or_squeezed_logo_is_never_printed(tmp_path: Path) -> None:
    site = full(logo(tmp_path))
    page = made(site, "benefits")
    copy = lay_out_one(site, page)
    prove(page.document, copy.layout, copy.forme.faces)
    first, *rest = copy.layout.pages
    (item,) = items(copy.layout)
    others = tuple(each for each in first.items if each is not item)
    untagged, squeezed = replace(item, element=0), replace(item, width=item.width / 2)
    for spoiled in ((), (item, item), (untagged,), (squeezed,)):
        pages = (replace(first, items=(*others, *spoiled)), *rest)
        with pytest.raises(RuntimeError, match="logo"):
            prove(page.document, replace(copy.layout, pages=pages), copy.forme.faces)


def test_words_on_the_logo_are_never_printed(tmp_path: Path) -> None:
    site = full(logo(tmp_path))
    page = made(site, "benefits")
    copy = lay_out_one(site, page)
    (item,) = items(copy.layout)
    first, *rest = copy.layout.pages
    words = next(each for each in first.items if isinstance(each, TextItem) and "Call us" in each.line.text)
    for x, y in ((item.x, item.y + 5), (item.x + item.width - 2, item.y + item.height)):
        moved = tuple(replace(each, x=x, y=y) if each is words else each for each in first.items)
        layout = replace(copy.layout, pages=(replace(first, items=moved), *rest))
        with pytest.raises(RuntimeError, match="words stand on a sign"):
            prove(page.document, layout, copy.forme.faces)


@pytest.mark.usefixtures("rig")
def test_pages_with_a_logo_comply_with_pdf_ua_1_and_pdf_a_2a(tmp_path: Path) -> None:
    site, out = full(logo(tmp_path)), tmp_path / "out"
    out.mkdir()
    pages = [("side-effects", "standard"), ("overdose-warning", "standard"), ("overdose-warning", "large-print")]
    for topic, edition in (*pages, ("wallet-card", "large-print")):
        page = made(site, topic, edition=edition)
        (out / f"{topic}-{edition}.pdf").write_bytes(print_one(site, page, "pdf").data)
    options, _ = complete(site, Options(language="es"), TODAY)
    both = make_beside(site, "overdose-warning", options, "en", TODAY)
    (out / "both.pdf").write_bytes(print_one(site, both, "pdf").data)
    verdicts = verapdf_rig.validate(sorted(out.iterdir()), ("ua1", "2a"))

    assert len(verdicts) == 2 * 5
    assert all(verdict.compliant for verdict in verdicts), "\n".join(map(str, verdicts))


# From config.yaml


def test_config_names_the_logo_and_its_words(tmp_path: Path) -> None:
    root = copied(tmp_path)
    drawn().save(root / "templates" / "logo.png")
    edit(root / "config.yaml", "address: []", f"address: []\nlogo: {{file: logo.png, alt: {ALT}}}")
    site = Site(root)

    assert site.logo is not None and (site.logo.alt, site.logo.width) == (ALT, 600)
    assert len(items(lay_out_one(site, made(site, "benefits")).layout)) == 1


def test_a_logo_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    site = Site(ROOT)
    vars(site)["clinic"] = replace(site.clinic, logo=LogoFile(file="not-there.png", alt=ALT))
    with told() as problems:
        made(site, "benefits")

    assert [(p.place.file, p.message) for p in problems] == [("templates/not-there.png", "there is no such file")]


# An empty one


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Clinic:"), ("es", "Clínica:"), ("vi", "Phòng khám:"), ("ru", "Клиника:")]
)
@pytest.mark.parametrize("edition", EDITIONS)
def test_an_empty_line_for_the_clinic_says_what_it_is_for(language: str, label: str, edition: str) -> None:
    site = clinic_with(name="", address=(), phone="", after_hours_phone="")
    layout = lay_out_one(site, made(site, "overdose-warning", language=language, edition=edition)).layout
    lines = [item.line for item in layout.pages[0].items if isinstance(item, TextItem)]
    (line,) = (line for line in lines if line.text.startswith(label))

    assert len(line.blanks) == 1 and line.blanks[0].width > 60


@pytest.mark.parametrize("length", [20, 90, 130])
def test_two_lines_of_a_reader_find_room_beside_any_name_of_a_clinic(length: int) -> None:
    """A template of the clinic's own may have two; a name that is wider than the page leaves them none beside it."""
    runs = Text("Made-up " * (length // 8)), Slot("name", OPEN, 0), Slot("prescriber", OPEN, 1)
    skeleton = bare_document(Paragraph((Text("Rest."),)), letterhead=tuple(Paragraph((run,), "clinic") for run in runs))
    copy = Forme(skeleton, full(None).sheet("standard", "letter")).copy(("Ann Example", "Dr. Bob"))
    assert {"Ann Example", "Dr. Bob"} <= {i.line.text for i in copy.layout.pages[0].items if isinstance(i, TextItem)}


def test_a_named_clinic_has_no_label() -> None:
    layout = lay_out_one(full(None), made(full(None), "side-effects")).layout
    lines = [item.line.text for item in layout.pages[0].items if isinstance(item, TextItem)]

    assert any(line.startswith("Made-up Clinic") for line in lines) and not any("Clinic:" in line for line in lines)
    assert any(isinstance(item, RuleItem) for item in layout.pages[0].items)
