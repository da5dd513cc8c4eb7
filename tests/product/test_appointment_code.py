"""The code of an appointment on paper: read by two programs, after a bad copy too, and each person's own.

Pages are drawn at 150 dots for each inch, in gray, by PDFium.
"""

from __future__ import annotations

from datetime import date, time
from io import BytesIO
from random import Random

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from press.compose.tailor import resolve_values
from press.content.clinic import Dates
from press.content.fields import Appointment
from press.document.nodes import PictureMark, blocks, inlines, strings
from press.runs.handout import Made, Site, print_one
from tests.conftest import left_out
from tests.support import TODAY, clinic_with, made

VISIT = Appointment(date(2026, 12, 1), time(14, 30))
SHOT = {
    "form": "injection",
    "reason": "opioid",
    "last_dose": date(2026, 11, 9),
    "interval": "4 weeks",
    "appointment": VISIT,
}
EVENT = "BEGIN:VEVENT\r\nSUMMARY:Appointment\r\nDTSTART:20261201T143000\r\nEND:VEVENT"


def chosen(**more: object) -> Site:
    """A clinic that chose the code."""
    return clinic_with(appointment_qr=True, **more)


def marks(page: Made) -> list[PictureMark]:
    runs = (run for block in blocks(page.document.everything) for run in strings(block))
    found = [node for run in runs for node in inlines(run) if isinstance(node, PictureMark)]
    return [mark for mark in found if mark.name.startswith("code-")]


def picture(data: bytes, page: int) -> Image.Image:
    return pdfium.PdfDocument(data)[page].render(scale=150 / 72, grayscale=True).to_pil()


def bad_copy(image: Image.Image) -> Image.Image:
    """A page that was copied askew, with little toner, dirt on the glass and a soft lens."""
    random, copy = Random(7), image.rotate(1.5, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    copy = ImageEnhance.Contrast(copy.filter(ImageFilter.GaussianBlur(0.7))).enhance(0.5)
    dots = copy.load()
    for _ in range(copy.width * copy.height // 300):
        dots[random.randrange(copy.width), random.randrange(copy.height)] = random.choice((60, 220))
    return copy


def read_by_both(image: Image.Image) -> list[str]:
    """What each of two decoders finds."""
    import zxingcpp

    try:
        from pyzbar import pyzbar
    except ImportError:
        left_out("pyzbar finds no libzbar here: install libzbar0")
    first = [found.text for found in zxingcpp.read_barcodes(image)]
    return first + [found.data.decode() for found in pyzbar.decode(image)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, EVENT),
        ({"language": "es"}, EVENT.replace("Appointment", "Cita")),
        ({"edition": "large-print", "paper": "a4"}, EVENT),
        ({"appointment": Appointment(date(2026, 12, 1))}, EVENT.replace("DTSTART:20261201T143000", "DTSTART;VALUE=DATE:20261201")),
        ({"last_dose": date(2026, 10, 20), "late_confirmed": True}, EVENT),
    ],
)  # fmt: skip
def test_two_decoders_read_the_bare_event_and_read_it_on_a_bad_copy(more: dict[str, object], expected: str) -> None:
    used = chosen()
    page = made("benefits", used, **{**SHOT, **more})
    data = print_one(used, page, "pdf").data
    images = [picture(data, number) for number in range(len(pdfium.PdfDocument(data)))]
    found = [read_by_both(image) for image in images]

    assert [text for texts in found for text in texts] == [expected, expected]
    [sheet] = [image for image, texts in zip(images, found, strict=True) if texts]
    assert read_by_both(bad_copy(sheet)) == [expected, expected]


def test_it_is_a_figure_with_words_in_a_square_of_25_millimeters_and_its_quiet_zone() -> None:
    used = chosen()
    page = made("benefits", used, **SHOT)
    [mark] = marks(page)
    with pikepdf.open(BytesIO(print_one(used, page, "pdf").data)) as pdf:
        figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        alts = [str(one.get("/Alt", "")) for one in figures]
    html = print_one(used, page, "html").data.decode()

    assert [alt for alt in alts if alt.startswith("Code to scan")] == [
        "Code to scan with a phone: it puts this appointment in the calendar"
    ]
    assert html.count('class="picture code"') == 1 and "Code to scan with a phone" in html
    drawn = used.sheet("standard", "letter").pictures.get(mark.name)
    modules = 37
    assert drawn.side == pytest.approx(25 / 25.4 * 72 * (modules + 8) / modules)


@pytest.mark.parametrize(
    ("clinic", "more"),
    [
        (clinic_with(), {}),
        (chosen(dates=Dates(print=("due", "danger"))), {}),
        (chosen(), {"appointment": None}),
        (chosen(), {"appointment": Appointment(date(2026, 12, 21))}),  # the page asks for an earlier day
    ],
)
def test_there_is_none_that_nobody_chose_or_that_the_page_does_not_name(clinic: Site, more: dict[str, object]) -> None:
    assert marks(made("benefits", clinic, **{**SHOT, **more})) == []


def test_each_person_has_the_own_appointment_and_no_name(tmp_path: object) -> None:
    used = chosen()
    other = Appointment(date(2026, 12, 2), time(9, 0))
    pages = [made("benefits", used, **{**SHOT, "appointment": visit}) for visit in (VISIT, other, VISIT)]
    texts = [bytes.fromhex(marks(page)[0].name.removeprefix("code-")).decode() for page in pages]

    assert texts == [EVENT, EVENT.replace("20261201T143000", "20261202T090000"), EVENT]
    assert pages[0].master.page is pages[2].master.page is not pages[1].master.page
    named = made("benefits", used, **{**SHOT, "name": "Jo Example", "code": "P-104"})
    assert marks(named)[0].name == marks(pages[0])[0].name
    wanted = resolve_values(used.handout("benefits", "en"), named.options, used.clinic, TODAY)
    assert bytes.fromhex(wanted.code.removeprefix("code-")).decode() == EVENT
