"""The clinic's form, the first day, the test page, and the help."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from werkzeug.test import TestResponse

from press.delivery.printer import Sent
from press.desk.app import NAVIGATION
from press.desk.clinic import FIRST_KEYS, KEYS, needs_set_up
from press.desk.ruler_words import ruler_words
from press.errors import Place, refuse
from press.runs.handout import Site
from press.writers.pdf.ruler_page import CENTIMETER, INCH, SIZES, draw_ruler_page
from tests.desk.support import DeskClient, said
from tests.support import copied, edit

PATH = 2  # the kind of a line, in pdfium


@pytest.fixture
def desk(tmp_path: Path) -> DeskClient:
    return DeskClient(copied(tmp_path))


def _fields(page: TestResponse, keys: tuple[str, ...], **changed: object) -> dict[str, object]:
    """What a browser sends for a form, with some fields typed anew."""
    found: dict[str, object] = {}
    for number, key in enumerate(keys, 1):
        name = f"f{number}"
        if area := re.search(rf'<textarea id="{name}"[^>]*>([^<]*)</textarea>', page.text):
            found[name] = html.unescape(area[1])
        elif chosen := re.search(rf'<select id="{name}".*?<option value="([^"]*)" selected', page.text, re.DOTALL):
            found[name] = chosen[1]
        elif ticked := re.findall(rf'name="{name}" value="([^"]*)" checked', page.text):
            found[name] = ticked
        elif typed := re.search(rf'name="{name}"[^>]* value="([^"]*)"', page.text):
            found[name] = html.unescape(typed[1])
        found |= {name: changed[key]} if key in changed else {}
    return found


def test_the_form_sent_as_it_is_changes_nothing(desk: DeskClient) -> None:
    before = (desk.desk.root / "config.yaml").read_bytes()
    page = desk.follow(desk.post("/clinic", _fields(desk.get("/clinic"), KEYS)))
    assert "Nothing was changed." in said(page)
    assert (desk.desk.root / "config.yaml").read_bytes() == before


def test_what_is_typed_is_saved_and_spoken(desk: DeskClient) -> None:
    page = desk.get("/clinic")
    typed = _fields(
        page, KEYS, name="Harbor Clinic", address="1 Way\r\n New York \r\n\r\n", holidays="2026-12-25\n2027-01-01",
        weekdays=["Sunday"], paper="a4", staff_language="es",
    )  # fmt: skip
    done = desk.follow(desk.post("/clinic", typed))
    clinic = Site(desk.desk.root).clinic
    assert (clinic.name, clinic.address, clinic.closed.weekdays) == (
        "Harbor Clinic",
        ("1 Way", "New York"),
        ("Sunday",),
    )
    assert len(clinic.closed.dates) == 2 and clinic.defaults.paper == "a4"
    assert "Se guardó." in said(done) and '<html lang="es">' in done.text


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(desk: DeskClient) -> None:
    answer = desk.post(
        "/clinic", _fields(desk.get("/clinic"), KEYS, phone="call <us>", holidays="12/25/2026", name="Kept")
    )
    assert answer.status_code == 422
    for key in ("phone", "holidays"):
        assert f'href="#f{KEYS.index(key) + 1}"' in answer.text
    assert (
        'value="call &lt;us&gt;"' in answer.text
        and 'value="Kept"' in answer.text
        and ">12/25/2026</textarea>" in answer.text
    )
    assert Site(desk.desk.root).clinic.name == ""


def test_a_change_of_somebody_else_is_told(desk: DeskClient) -> None:
    page = desk.get("/clinic")
    edit(desk.desk.root / "config.yaml", 'phone: ""', 'phone: "(212) 736-5001"')
    answer = desk.post("/clinic", _fields(page, KEYS, phone="(212) 736-5000"))
    assert answer.status_code == 422 and "somebody else changed this" in said(answer)
    for shown in ("", "[]", "{", json.dumps({"phone": 5})):  # and no hidden field makes it lost
        typed = _fields(page, KEYS, phone="(212) 736-5000", shown=shown)
        assert desk.post("/clinic", typed).status_code == 422
    assert Site(desk.desk.root).clinic.phone == "(212) 736-5001"


def test_three_fields_set_up_a_clinic(desk: DeskClient) -> None:
    assert needs_set_up(Site(desk.desk.root))
    typed = {"name": "Harbor Clinic", "phone": "(212) 736-5000", "after_hours_phone": "(212) 736-5001"}
    page = desk.get("/clinic/start")
    assert page.text.count('type="text"') == 3
    assert desk.post("/clinic/start", _fields(page, FIRST_KEYS, **(typed | {"phone": "soon"}))).status_code == 422
    answer = desk.post("/clinic/start", _fields(page, FIRST_KEYS, **typed))
    assert answer.location.endswith("#test") and "Print the test page" in said(desk.follow(answer))
    assert not needs_set_up(Site(desk.desk.root))


def test_a_broken_config_is_shown_in_the_form(desk: DeskClient) -> None:
    edit(desk.desk.root / "config.yaml", 'phone: ""', 'phone: "call us"')
    page = desk.get("/clinic")
    assert page.status_code == 200 and 'value="call us"' in page.text and "a phone number" in said(page)
    assert desk.post("/clinic", _fields(page, KEYS, phone="")).status_code == 303


def test_the_test_page_measures_what_it_says() -> None:
    for paper, size in SIZES.items():
        for language in ("en", "es"):
            document = PdfDocument(draw_ruler_page(ruler_words(language), paper))
            front = document[0]
            assert len(document) == 2 and [round(length, 2) for length in front.get_size()] == list(size)
            texts = front.get_textpage()
            ends = [texts.get_rect(number)[2] for number in range(texts.count_rects())]
            assert ends and max(ends) < size[0] - 36  # no line leaves the frame
            marks = [mark.get_bounds() for mark in front.get_objects() if mark.type == PATH]
            for count, unit in ((6, INCH), (15, CENTIMETER)):
                for number in range(count + 1):
                    x = 72 + number * unit
                    assert any(left < x < right and right - left < 3 for left, _, right, _ in marks), (number, unit)
            assert ruler_words(language).back[:10] in document[1].get_textpage().get_text_range()


def test_the_test_page_is_printed_and_opened(desk: DeskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[Path, str, str, bool]] = []

    def print_file(path: Path, printer: str, paper: str, *, two_sided: bool, place: Place) -> Sent:
        if printer == "gone":
            raise refuse(place, "this computer has no printer of that name")
        sent.append((path, printer, paper, two_sided))
        return Sent("Front_desk")

    monkeypatch.setattr("press.runs.paper.print_file", print_file)
    assert "Sent to Front_desk." in said(desk.follow(desk.post("/clinic/test-page")))
    ((path, printer, paper, two_sided),) = sent
    assert path.read_bytes().startswith(b"%PDF") and (printer, paper, two_sided) == ("", "letter", True)
    assert desk.get("/clinic/test-page.pdf").data == path.read_bytes()

    edit(desk.desk.root / "config.yaml", 'printer: ""', "printer: gone")
    assert "no printer of that name" in said(desk.follow(desk.post("/clinic/test-page")))


def test_help_says_what_each_screen_is_for(desk: DeskClient) -> None:
    page = said(desk.get("/help"))
    there = [name for name in NAVIGATION if f"{name}.show" in desk.app.view_functions]
    assert len(there) > 3 and all(desk.desk.words()("help." + name) in page for name in there if name != "help")
    assert desk.desk.words()("help.clinic") in said(desk.get("/clinic"))


def test_the_printers_of_this_computer_are_offered_and_another_may_be_typed(
    desk: DeskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'list="printers"' in desk.get("/clinic").text and 'hx-get="/clinic/printers"' in desk.get("/clinic").text
    for known, expected in (
        (("Front_desk", "Upstairs"), "Front_desk, Upstairs"), ((), "This computer names no printers."),
    ):  # fmt: skip
        monkeypatch.setattr("press.desk.clinic.list_printers", lambda names=known: names)
        part, page = desk.get("/clinic/printers", **{"HX-Request": "true"}), desk.get("/clinic/printers")
        assert expected in said(part) and "<html" not in part.text and "<h" in page.text and expected in said(page)
        assert re.findall(r'<option value="([^"]*)">', part.text) == list(known)
    typed = _fields(desk.get("/clinic"), KEYS, printer="Another_one")
    assert "Saved" in said(desk.follow(desk.post("/clinic", typed))) and desk.desk.site.clinic.printer == "Another_one"
