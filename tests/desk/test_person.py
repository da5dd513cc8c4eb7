"""One person: what is typed, what is shown, what is printed and recorded, and what is refused."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from press.delivery.ledger import Mark, open_existing
from press.desk import person
from press.desk.forms import Form
from press.desk.maker import MakerGone
from press.desk.person_form import KEYS
from press.errors import Place, Problem, refuse
from press.runs.paper import PrintedFile, SentFiles
from tests.desk.support import DeskClient, said
from tests.support import copied, edit

FORM = Form(KEYS)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> DeskClient:
    return DeskClient(copied(tmp_path_factory.mktemp("clinic")))


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, ...]]:
    """A printer that takes everything; gives the files of each time."""
    taken: list[tuple[Path, ...]] = []

    def send(paths: tuple[Path, ...], order: object) -> SentFiles:
        taken.append(tuple(paths))
        return SentFiles(tuple(PrintedFile(path, "Front_desk") for path in paths), ())

    monkeypatch.setattr(person, "send_files", send)
    return taken


_count = iter(range(10_000))


def fields(desk: DeskClient, **typed: str | list[str]) -> dict[str, object]:
    """A form as a browser sends it: the defaults, a new key, and what the case types."""
    usual = {"handouts": ["overdose-warning"], "form": "injection", "reason": "opioid", "language": "en"}
    values = {FORM.name(key): value for key, value in {**usual, **typed}.items() if key not in ("do", "once")}
    return {"once": typed.get("once", f"key {next(_count)}"), "do": typed.get("do", "print"), **values}


def rows(desk: DeskClient) -> list[tuple[str, str, Mark]]:
    with open_existing(desk.desk.root / "ledger.sqlite") as ledger:
        today = desk.desk.now().date()
        return [(row.code, row.handout, row.mark) for row in ledger.printed(today, today)]


def errors(text: str) -> dict[str, str]:
    """What the summary says, by the field that it leads to; each must be there, and be described by its words."""
    summary = re.search(r'<div class="summary".*?</div>', text, re.DOTALL)
    assert summary, "a refusal begins with its summary"
    found = re.findall(r"<li>(?:<a href=\"#(\w+)\">)?(.*?)</li>", summary[0], re.DOTALL)
    for name in (name for name, _ in found if name):
        assert f'id="{name}"' in text and f'id="{name}-error"' in text
    return {name: re.sub("<[^>]+>", "", words) for name, words in found}


def test_an_empty_form_has_the_clinics_defaults_and_names_that_say_nothing(desk: DeskClient) -> None:
    text = desk.get("/person").text

    names = set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', text))
    assert names - {"t", "once"} == {FORM.name(key) for key in KEYS}
    assert re.search(r'value="injection" checked', text) and re.search(r'value="overdose-warning" checked', text)
    assert not re.search(r'value="wallet-card" checked', text), "it prints only when somebody asks for it"
    assert text.count('autocomplete="off"') > 5


def test_the_pages_are_shown_with_their_sheets_and_the_day_is_said_back(desk: DeskClient) -> None:
    typed = fields(desk, last_dose="11162026", handouts=["overdose-warning", "side-effects"], do="look")
    answer = desk.post("/person", typed)

    words = said(answer)
    assert answer.status_code == 200
    assert "Monday, November 16, 2026, 7 days ago" in words
    assert "2 sheets of paper, both sides" in words
    assert "sheet 2 of 2, front" in words and "sheet 2 of 2, back" in words
    text = desk.get(re.search(r"/text/[\w-]+", answer.text)[0])
    assert "Monday, December 14, 2026" in said(text), "the due day, in the words for who sees no image"


def test_the_image_is_the_printed_files_page_pixel_for_pixel(desk: DeskClient, printer: list[tuple[Path, ...]]) -> None:
    typed = fields(desk, last_dose="2026-11-16", name="Ana Example", handouts=["side-effects"])
    shown = desk.post("/person/preview", typed)
    images = re.findall(r'src="(/page/[^"]+)"', shown.text)
    desk.follow(desk.post("/person", typed))
    ((path,),) = printer

    document = pypdfium2.PdfDocument(path)
    assert len(images) == len(document) == 2
    for number, address in enumerate(images):
        one = Image.open(BytesIO(desk.get(address).data)).convert("L")
        two = document[number].render(scale=96 / 72, grayscale=True).to_pil()
        assert one.size == two.size and ImageChops.difference(one, two).getbbox() is None
    document.close()
    assert desk.get(images[0].replace("/0.png", "/2.png")).status_code == 404


def test_print_prints_once_for_a_double_click_and_says_where(desk: DeskClient, printer: list[tuple[Path, ...]]) -> None:
    typed = fields(desk, last_dose="2026-11-16", code="K-0417", handouts=["overdose-warning", "side-effects"])
    first, second = desk.post("/person", typed), desk.post("/person", typed)

    assert first.location == second.location
    assert "Printed 2 sheets on Front_desk" in said(desk.follow(first))
    assert len(printer) == 1 and rows(desk).count(("K-0417", "side-effects", Mark.PRINTED)) == 1
    pdf = desk.get(re.search(r"/file/[\w-]+\.pdf", desk.follow(first).text)[0])
    assert pdf.data == printer[0][0].read_bytes() and "K-0417" not in pdf.headers["Content-Disposition"]


def test_a_form_that_is_sent_again_for_somebody_else_is_another_one(
    desk: DeskClient, printer: list[tuple[Path, ...]]
) -> None:
    """The Back button offers the last form with its old key."""
    typed = fields(desk, last_dose="2026-11-16", name="Ana Example")
    first, second = desk.post("/person", typed), desk.post("/person", typed | {FORM.name("name"): "Ben Example"})
    unkeyed = [desk.post("/person", typed | {"once": ""}).location for _ in range(2)]

    assert len({first.location, second.location, *unkeyed}) == 4 and len(printer) == 4


def test_again_next_and_void(desk: DeskClient, printer: list[tuple[Path, ...]]) -> None:
    done = desk.post("/person", fields(desk, last_dose="2026-11-16", code="K-0500"))
    name = done.location.rpartition("/")[2]
    once = {"once": f"again {name}"}
    desk.clock.seconds += 1
    copy = desk.post(f"/person/again/{name}", once)
    assert desk.post(f"/person/again/{name}", once).location == copy.location != done.location
    assert len(printer) == 2 and printer[0][0].name == printer[1][0].name

    assert desk.post(f"/person/void/{name}", {"why": "nothing"}).status_code == 303
    assert "These pages are void" not in said(desk.get(done.location)), "a reason is needed"
    voided = desk.follow(desk.post(f"/person/void/{name}", {"why": "misprint"}))
    assert [mark for code, _, mark in rows(desk) if code == "K-0500"] == [Mark.VOID, Mark.PRINTED], "not the copy"
    assert "These pages are void" in said(voided) and "Make them void" not in said(voided)
    assert ("K-0500", "overdose-warning", Mark.VOID) in rows(desk)

    blank = desk.follow(desk.post(f"/person/next/{name}"))
    assert "K-0500" not in blank.text and desk.get(done.location).status_code == 404


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"last_dose": "05/06/2026"}, {"last_dose": "This can be two days"}),
        ({"last_dose": "11/16/26"}, {"last_dose": "four figures"}),
        ({"last_dose": "soon", "code": "Ana"}, {"last_dose": "not a date", "code": "may be a name"}),
        ({"appointment": "2026-12-18", "appointment_time": "2 PM"}, {"appointment": "YYYY-MM-DD"}),
        ({"name": "\u202eAna"}, {"name": "is not allowed"}),
        ({"handouts": []}, {"handouts": "tick at least one"}),
        ({"handouts": ["../../config"]}, {"handouts": "expected"}),
        ({"beside": "en"}, {"beside": "language of the page itself"}),
        ({"language": "xx"}, {"language": "not there in this language"}),
        ({"interval": "5 weeks", "last_dose": "2026-11-16"}, {"interval": "4 weeks"}),
        ({"last_dose": "2027-01-01"}, {"last_dose": "future"}),
        ({"form": "\x00"}, {"form": ""}),
    ],
)
def test_what_is_wrong_is_told_at_its_field_with_all_that_was_typed_and_nothing_is_printed(
    desk: DeskClient, printer: list[tuple[Path, ...]], typed: dict[str, str], expected: dict[str, str]
) -> None:
    answer = desk.post("/person", fields(desk, **{"prescriber": "Dr. Example", **typed}))

    found = errors(answer.text)
    assert answer.status_code == 422 and not printer
    for key, words in expected.items():
        assert words in found[FORM.name(key)], found
    assert 'value="Dr. Example"' in answer.text
    live = desk.post("/person/preview", fields(desk, **typed))
    assert live.status_code == 422 and "cannot be printed like this" in said(live)


def test_hints_name_what_stands_on_the_screen_and_no_command(desk: DeskClient) -> None:
    late = errors(desk.post("/person", fields(desk, last_dose="2026-06-05")).text)[FORM.name("last_dose")]
    named = errors(desk.post("/person", fields(desk, code="Ana")).text)[FORM.name("code")]

    assert "tick “The dose is late, and I checked it”" in late and "with the dates left empty" in late
    assert named.endswith("number people, as in K-0417")
    assert "`" not in late + named and "--" not in late + named


def test_a_day_is_chosen_by_its_button_and_nothing_else_changes(desk: DeskClient) -> None:
    typed = fields(desk, last_dose="05/06/2026", name="Ana Example") | {"set": f"{FORM.name('last_dose')}=2026-06-05"}
    text = desk.post("/person", typed).text

    assert 'value="2026-06-05"' in text and 'value="Ana Example"' in text
    assert "Friday, June 5, 2026" in text and 'class="summary"' not in text


def test_a_maker_that_died_keeps_the_typing_and_the_form_prints_when_sent_again(
    desk: DeskClient, printer: list[tuple[Path, ...]]
) -> None:
    typed = fields(desk, last_dose="2026-11-16", name="Ana Example")
    desk.maker.fail_with = MakerGone()
    answer = desk.post("/person", typed)

    assert answer.status_code == 503 and "Nothing was printed" in said(answer) and 'value="Ana Example"' in answer.text
    assert not printer
    assert desk.post("/person", typed).status_code == 303 and len(printer) == 1


def test_a_newer_key_leaves_an_older_preview_without_an_answer(desk: DeskClient) -> None:
    desk.maker.supersede()

    assert desk.post("/person/preview", fields(desk)).status_code == 204


def test_a_printer_that_takes_a_part_is_told_with_the_files_to_print_by_hand(
    desk: DeskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem(Place("printer"), "the printer Front_desk is offline")
    monkeypatch.setattr(
        person, "send_files", lambda paths, order: SentFiles((PrintedFile(paths[0], "Front_desk"),), (problem,))
    )
    words = said(
        desk.follow(
            desk.post("/person", fields(desk, handouts=["overdose-warning", "side-effects"], name="Ana Example"))
        )
    )

    assert "not on paper yet" in words and "1 sheet is printed on Front_desk; the rest is not" in words
    assert "offline" in words and "actual size (100%)" in words


def test_a_full_disk_is_told_and_nothing_goes_to_the_printer(
    desk: DeskClient, printer: list[tuple[Path, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **more: object) -> Path:
        raise refuse(Place("out"), "the disk is full", "make room on the disk")

    monkeypatch.setattr("press.runs.desk_delivery.deliver", full)
    answer = desk.post("/person", fields(desk, name="Ana Example"))

    assert answer.status_code == 422 and "the disk is full" in said(answer) and not printer


def test_a_nurse_who_saved_words_meanwhile_is_seen_at_once(tmp_path: Path) -> None:
    desk = DeskClient(copied(tmp_path))
    typed = fields(desk, do="look")
    assert "Overdose warning" in said(desk.post("/person", typed))
    edit(
        tmp_path / "handouts" / "overdose-warning" / "en.yaml", 'title: "Overdose warning"', 'title: "Overdose danger"'
    )

    assert "Overdose danger" in said(desk.post("/person", typed))


def test_the_screens_speak_spanish(desk: DeskClient) -> None:
    desk.post("/language", {"language": "es"})
    words = said(desk.post("/person", fields(desk, last_dose="16 nov 2026", do="look")))
    desk.post("/language", {"language": "en"})

    assert "lunes, 16 de noviembre de 2026, hace 7 días" in words and "por ambos lados" in words
