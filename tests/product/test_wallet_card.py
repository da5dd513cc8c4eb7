"""The wallet card: its size and marks, both sides behind each other, its words, and what it never tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from itertools import pairwise, product
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from press.compose.check import check_cards
from press.compose.tailor import required_facts
from press.content.card_privacy import telling_words
from press.content.fields import EDITIONS, FORMS, PAPERS, REASONS
from press.content.handout import all_blocks
from press.document.nodes import Document, Paragraph, Section, Text, Value
from press.errors import HandoutError, Problem
from press.patients.options import Options
from press.runs.handout import Site, print_one
from press.writers.pdf.model import CUT_MARKS, CutItem, Item, Layout, RuleItem, TextItem
from press.writers.pdf.proof.cards import cards_of, prove_cards
from press.writers.pdf.writer import write_pdf
from tests import support
from tests.helpers import Case, bare_document, press, print_case
from tests.rigs import verapdf_rig
from tests.rigs.read_back import Reading
from tests.support import Shop, squeezed

TOPIC = "wallet-card"
MM = 72 / 25.4  # points
SHEETS = list(product(EDITIONS, PAPERS))
PANELS = (("right", 1), ("left", 1), ("left", 2), ("right", 2))  # front, back, and inside: half of the card, page
CARD = ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8")
PRIVATE = {"name": "Quokka Bird", "code": "K-0417", "prescriber": "Doctor Wombat"}


@cache
def card(edition: str = "standard", paper: str = "letter", *, signed: bool = False, **given: object) -> Case:
    """The card of a made-up clinic for somebody made up."""
    return print_case("", TOPIC, Options(edition=edition, paper=paper, **given), signed=signed)


def card_of(clinic: Site, **given: object) -> Case:
    """The card of another clinic."""
    return print_case("", TOPIC, Options(**given), clinic=clinic)


@pytest.fixture(scope="module", params=SHEETS, ids="-".join)
def sheet(request: pytest.FixtureRequest) -> Case:
    """The card in one edition on one paper."""
    return card(*request.param)


def panel_words(case: Case, copy: int = 0) -> list[str]:
    """What a reader of the file finds within the edges of each panel of a card."""
    found = []
    with pdfium.PdfDocument(case.printed.data) as pdf:
        for side, number in PANELS:
            cut = cards_of(case.layout.pages[number - 1])[copy]
            left, right = (cut.x, cut.fold) if side == "left" else (cut.fold, cut.x + cut.width)
            top = case.layout.height - cut.y
            text = pdf[number - 1].get_textpage()
            found.append(support.folded(text.get_text_bounded(left, top - cut.height, right, top)))
    return found


def words_of(case: Case) -> str:
    return " ".join(panel_words(case))


# Size, marks, register


def test_a_folded_card_is_as_large_as_a_bank_card(sheet: Case) -> None:
    large = sheet.options.edition == "large-print"
    found = [cut for page in sheet.layout.pages for cut in cards_of(page)]

    assert len(sheet.layout.pages) == 2 and len(found) == (2 if large else 4)
    for cut in found:
        assert cut.width / 2 / MM == pytest.approx(85.6, abs=0.05)
        assert cut.height / MM == pytest.approx(108 if large else 54, abs=0.05)
        assert cut.fold == pytest.approx(sheet.layout.width / 2)


def straight(case: Case, number: int) -> set[tuple[float, float, float, float]]:
    """The straight lines that a page draws outside of signs, as they stand in the file, from left and below."""
    found, start, deep = set(), None, 0
    with pikepdf.open(BytesIO(case.printed.data)) as pdf:
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[number - 1]):
            name = str(operator)
            deep = 1 if name == "cm" else 0 if name == "Q" else deep
            if name == "m":
                start = tuple(map(float, operands))
            if name == "l" and not deep:
                found.add((*start, *map(float, operands)))
    return found


def frames(case: Case, number: int) -> list[tuple[float, ...]]:
    """The frames that a page strokes."""
    with pikepdf.open(BytesIO(case.printed.data)) as pdf:
        read = [
            (str(o), [float(n) for n in v] if str(o) == "re" else [])
            for v, o in pikepdf.parse_content_stream(pdf.pages[number - 1])
        ]
    return [tuple(numbers) for (name, numbers), (then, _) in pairwise(read) if name == "re" and then == "S"]


def marks(case: Case, number: int) -> list[tuple[float, ...]]:
    """The lines of a page that begin and end at the distances of marks from the edge of a card."""
    near, far = CUT_MARKS
    length = far - near
    lines = straight(case, number)
    return sorted(line for line in lines if abs(abs(line[0] - line[2]) + abs(line[1] - line[3]) - length) < 0.02)


def test_the_marks_of_both_sides_lie_on_each_other(sheet: Case) -> None:
    width, copies = sheet.layout.width, len(cards_of(sheet.layout.pages[0]))
    front, back = marks(sheet, 1), marks(sheet, 2)
    seen_through = [(width - x1, y1, width - x2, y2) for x1, y1, x2, y2 in back]

    assert len(front) == len(back) == 10 * copies
    for mark in seen_through:
        assert any(max(abs(a - b) for a, b in zip(mark, other, strict=True)) < 0.5 for other in front)


def test_only_the_outside_has_lines_that_would_stay_on_the_card(sheet: Case) -> None:
    """Printers are off by a millimeter or two, so a second edge would be seen inside the card."""
    cuts = cards_of(sheet.layout.pages[0])
    edges = [frame for frame in frames(sheet, 1) if abs(frame[2] - cuts[0].width) < 0.02]
    folds = [line for line in straight(sheet, 1) if abs(abs(line[1] - line[3]) - cuts[0].height) < 0.02]

    assert len(edges) == len(folds) == len(cuts)
    for cut, (x, y, width, height) in zip(cuts, sorted(edges, key=lambda edge: -edge[1]), strict=True):
        assert (x, sheet.layout.height - y - height, width, height) == pytest.approx(
            (cut.x, cut.y, cut.width, cut.height), abs=0.02
        )
    assert all(line[0] == line[2] == pytest.approx(sheet.layout.width / 2, abs=0.02) for line in folds)
    assert not [frame for frame in frames(sheet, 2) if abs(frame[2] - cuts[0].width) < 0.02]
    assert not [line for line in straight(sheet, 2) if abs(abs(line[1] - line[3]) - cuts[0].height) < 0.02]


def test_the_marks_can_be_reached_by_every_printer(sheet: Case) -> None:
    points = [n for number in (1, 2) for x1, _, x2, _ in marks(sheet, number) for n in (x1, x2)]

    assert min(points) >= 18 and max(points) <= sheet.layout.width - 18


def test_the_file_asks_for_both_sides_and_no_other_file_does() -> None:
    mine, other = Reading(card().printed.data).pdf, Reading(print_case("", "benefits", Options()).printed.data).pdf

    assert mine.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"
    assert mine.Root.ViewerPreferences.PrintScaling == other.Root.ViewerPreferences.PrintScaling == "/None"
    assert "/Duplex" not in other.Root.ViewerPreferences


def test_no_type_is_smaller_than_ten_points(sheet: Case) -> None:
    sizes = [item.size for page in sheet.layout.pages for item in page.items if isinstance(item, TextItem)]

    assert len(sizes) > 30 and min(sizes) >= 10


# Words


def test_the_panels_say_what_they_must(sheet: Case) -> None:
    front, back, left, right = panel_words(sheet)

    assert re.search("Medical alert.*I take naltrexone. It blocks opioids. Use other pain relief.", front)
    assert "Opioids may not work. Large doses are dangerous." in back
    assert "Call my clinic: (212) 555-0142" in back and "When closed: (212) 555-0143" in back
    assert "Naltrexone shot. It works for about 4 weeks." in left and "Last shot:" in left
    assert "Name:" in right and "Phone:" in right and "My own name, if I want:" in right


def test_both_copies_say_the_same() -> None:
    assert panel_words(card(), 0) == panel_words(card(), 1) != ["", "", "", ""]


@pytest.mark.parametrize(("form", "reason", "mode"), support.READERS)
def test_every_card_carries_its_facts(form: str, reason: str, mode: str) -> None:
    facts = required_facts(press().handout(TOPIC, "en"), form, reason, mode)

    assert facts == {"O1", "P-04", "P-05", *CARD} | ({"S26"} if mode == "stopped" else set())


def test_the_facts_of_the_card_stand_on_the_card() -> None:
    (cut_out,) = (block for block in press().handout(TOPIC, "en").structure.blocks if block.kind == "cut-out")

    assert {*CARD, "P-04"} <= {fact for block in all_blocks((cut_out,)) for fact in block.facts}


def test_a_card_of_someone_who_stopped_says_so() -> None:
    front, back, *_ = panel_words(card(stopped=True))

    assert "I stopped naltrexone. It may still block opioids." in front and "I take" not in front
    assert "I am not used to opioids now." in back


def test_tablets_have_no_word_of_shots_nor_of_weeks() -> None:
    left = panel_words(card(form="tablet"))[2]

    assert "Naltrexone tablets" in left and "Last tablet:" in left and "week" not in left and "shot" not in left


def test_without_a_phone_there_is_a_line_to_write_on() -> None:
    used = support.clinic_with(phone="", after_hours_phone="")
    case = card_of(used)
    blanks = {
        blank.label
        for page in case.layout.pages
        for item in page.items
        if isinstance(item, TextItem)
        for blank in item.line.blanks
    }

    assert {"clinic phone", "date", "write here"} <= blanks
    assert "When closed" not in words_of(case)


def test_lines_to_write_on_reach_the_edge_of_their_panel(sheet: Case) -> None:
    """At least two centimeters, and high enough for a hand."""
    found = 0
    for page in sheet.layout.pages:
        for cut in cards_of(page)[:1]:
            inside = [
                i for i in page.items if isinstance(i, TextItem) and i.element and cut.y < i.y < cut.y + cut.height
            ]
            for item in (item for item in inside if item.line.blanks):
                blank = item.line.blanks[-1]
                assert blank.width > 20 * MM and blank.x + blank.width == pytest.approx(item.room)
                above = max(
                    (other.y for other in inside if other.y < item.y and abs(other.x - item.x) < 5), default=0.0
                )
                assert item.y - above >= 6 * MM
                found += 1
    assert found == 4


# The day of the last dose


def test_the_last_dose_is_written_by_hand_unless_the_clinic_prints_it() -> None:
    given = {"last_dose": date(2026, 11, 20)}
    dates = press().clinic.dates
    printing = support.clinic_with(dates=replace(dates, print=(*dates.print, "card")))

    assert "2026" not in words_of(card(**given))
    assert "Last shot: Friday, November 20, 2026" in words_of(card_of(printing, **given))
    assert "2026" not in words_of(card_of(printing, form="tablet", interval="daily", **given))


# Privacy


DISORDERS = r"disorder|alcohol|addict|opioid use|treatment program|recovery|detox|craving|sober|rehab"


@pytest.mark.parametrize(("form", "reason", "mode"), support.READERS)
def test_a_card_never_tells_who_its_bearer_is_or_what_it_is_for(form: str, reason: str, mode: str) -> None:
    case = card(form=form, reason=reason, **PRIVATE, **support.mode_options(form, mode))
    words = words_of(case)

    assert "naltrexone" in words
    assert not [value for value in (*PRIVATE.values(), "Made-up Clinic", "Example Street") if value in words]
    assert not re.search(DISORDERS, words, re.IGNORECASE)


def test_cards_differ_by_form_and_state_and_never_by_reason() -> None:
    """A stranger who knows the press cannot tell one reason from another either."""
    for form in FORMS:
        assert len({words_of(card(form=form, reason=reason)) for reason in REASONS}) == 1


WORDS = "handouts/wallet-card/en.yaml"
STRUCTURE = "handouts/wallet-card/handout.yaml"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused on a card is refused for any reader."""
    support.check_few(monkeypatch)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", ["name", "clinic_name", "prescriber", "started", "appointment"])
def test_a_value_that_tells_of_a_person_or_a_clinic_is_refused_typed_or_not(name: str, shop: Shop) -> None:
    shop.edit(WORDS, "Name: {by_hand}", f"Name: {{{name}}}")
    result = shop.run("check", TOPIC)

    assert result.exit_code == 1
    assert f"`{{{name}}}` must not stand on a card" in result.output and f"{WORDS}:" in result.output


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "words", ["I have an alcohol problem.", "My treatment program:", "for opioid use disorder", "My recovery"]
)
def test_words_that_tell_of_an_illness_are_refused(words: str, shop: Shop) -> None:
    shop.edit(WORDS, 'Medical alert"\n  i-take', f'{words}"\n  i-take')
    result = shop.run("check", TOPIC)

    assert result.exit_code == 1 and "on a card that other people see" in result.output


@pytest.mark.parametrize(
    "said", [Value("name", "Quokka Bird"), Value("clinic_phone", "1-800-ALCOHOL"), Text("My recovery")]
)
def test_a_template_cannot_bring_it_onto_a_card_either(said: Value | Text) -> None:
    """What counts is the card as it will be printed, whoever put the words there."""
    body = support.made(TOPIC).document.body
    front, *others = (child for child in body[-1].children if isinstance(child, Section))
    spoiled = replace(front, children=(*front.children, Paragraph((said,))))
    document = replace(support.made(TOPIC).document, body=(*body[:-1], replace(body[-1], children=(spoiled, *others))))

    assert not list(check_cards(support.made(TOPIC).document))
    (problem,) = check_cards(document)
    assert "on a card that other people see" in problem.message and problem.is_error
    assert "Quokka" not in f"{problem.message}{problem.hint}" and "ALCOHOL" not in problem.message


def test_telling_words_are_found_and_others_are_not() -> None:
    assert list(telling_words("My alcoholism and my craving")) == ["alcoholism", "craving"]
    assert list(telling_words("trastorno por consumo de opioides")) == ["trastorno", "consumo"]
    assert not list(telling_words("I take naltrexone. Opioid pain medicine may not work."))


def test_it_is_printed_only_for_those_who_ask(shop: Shop) -> None:
    patient = shop.patient("code: K-2\nform: injection\n")

    assert shop.run("make", "--patient", patient).exit_code == 0
    assert shop.out() and not [name for name in shop.out() if TOPIC in name]
    assert shop.run("make", TOPIC, "--patient", patient).exit_code == 0
    assert f"DRAFT-K-2-{TOPIC}-en.pdf" in shop.out()


# Drafts


def test_every_panel_of_a_draft_says_so_and_none_of_a_signed_card(sheet: Case) -> None:
    """Whoever is shown a card that was cut out has not seen the sheet."""
    assert [words.startswith("DRAFT. Do not use.") for words in panel_words(sheet)] == [True] * 4
    assert "DRAFT" not in words_of(card(signed=True))


# What does not fit


def refused(used: Site, **given: object) -> tuple[Problem, ...]:
    with pytest.raises(HandoutError) as caught:
        card_of(used, **given)
    return caught.value.problems


def test_a_phone_that_no_line_of_the_card_can_hold_is_refused_by_its_field_and_length() -> None:
    (problem,) = refused(support.clinic_with(phone="1 (212) 736-5000 EXT 100200300400500 OR 1 (212) 736-5001"))

    assert (problem.place.file, problem.place.line) == ("config.yaml", 7)
    assert problem.message == "`clinic_phone` has 56 characters: is longer than a line of the card"


def test_a_phone_that_makes_a_panel_too_full_is_refused_by_its_field_and_length(shop: Shop) -> None:
    """The words have room with a phone of usual length, so it is not they that are blamed."""
    shop.edit(WORDS, "Large doses are dangerous.", "Large doses are dangerous. Please call first.")
    shop.edit("config.yaml", 'after_hours_phone: ""', "after_hours_phone: (212) 736-5000")
    shop.edit("config.yaml", 'phone: ""', "phone: (212) 736-5001")
    assert shop.run("make", TOPIC, "--set", "stopped=yes").exit_code == 0
    shop.edit(
        "config.yaml", "after_hours_phone: (212) 736-5000", "after_hours_phone: (212) 736-5000 EXT 100200300 400 500"
    )
    result = shop.run("make", TOPIC, "--set", "stopped=yes")

    assert result.exit_code == 1
    assert (
        "config.yaml:8:20: error: `after_hours_phone` has 36 characters: the words on a panel of the card are 1 line too long"
        in result.output
    )


def test_words_that_are_too_many_are_refused_with_their_line(shop: Shop) -> None:
    shop.edit(
        WORDS,
        'before any surgery."\n\n  call-for-me',
        "before any surgery." + " Show it at work." * 6 + '"\n\n  call-for-me',
    )
    result = shop.run("make", TOPIC)

    assert result.exit_code == 1 and re.search(
        rf"{WORDS}:\d+:\d+: error: the words on a panel of the card are \d lines? too long", result.output
    )
    assert shop.out() == set()


def test_cards_that_no_page_can_hold_are_refused(shop: Shop) -> None:
    shop.edit("templates/styles/standard.yaml", "height: 153.07", "height: 330")
    result = shop.run("make", TOPIC)

    assert result.exit_code == 1 and "the cards to cut out are taller than the page" in result.output


@pytest.mark.usefixtures("few")
def test_a_card_of_three_panels_is_refused(shop: Shop) -> None:
    text = (shop.root / STRUCTURE).read_text("utf-8")
    start = text.index("      - id: inside-right")
    (shop.root / STRUCTURE).write_text(text[:start], "utf-8")
    words = (shop.root / WORDS).read_text("utf-8")
    (shop.root / WORDS).write_text(words[: words.index("  call-for-me")], "utf-8")

    assert "found a card of 3 panels, expected 4" in shop.run("check", TOPIC).output


def test_a_card_in_another_block_is_refused() -> None:
    page = support.made(TOPIC)
    inner = next(block for block in page.document.body if isinstance(block, Section) and block.role == "cut-out")
    document = replace(page.document, body=(*page.document.body[:-1], Section((inner,), "panel")))

    assert [problem.message for problem in check_cards(document)] == [
        "a card to cut out must not stand in another block"
    ]


# Long pages


def long_sheet(lines: int) -> Document:
    """A page with many words before its card."""
    panels = tuple(Section((Paragraph((Text(f"panel {n}"),)),), "panel") for n in range(4))
    words = (Paragraph((Text(f"Line {n} of many."),)) for n in range(lines))
    return bare_document(*words, Section(panels, "cut-out"))


@pytest.mark.parametrize(("lines", "pages"), [(0, 2), (8, 2), (25, 2), (60, 3)])
def test_words_flow_round_the_cards_which_keep_to_the_first_sheet(lines: int, pages: int) -> None:
    layout = write_pdf(long_sheet(lines), press().sheet("standard", "letter")).layout

    assert [len(cards_of(page)) for page in layout.pages] == [2, 2, 0, 0][:pages]
    one, two = ([(cut.x, cut.y) for cut in cards_of(page)] for page in layout.pages[:2])
    assert one == two


# The proof


def changed(layout: Layout, page: int, change: Callable[[Item], Item]) -> Layout:
    pages = list(layout.pages)
    pages[page] = replace(pages[page], items=tuple(map(change, pages[page].items)))
    return replace(layout, pages=tuple(pages))


def in_last(layout: Layout, change: Callable[[TextItem], TextItem]) -> Callable[[Item], Item]:
    cut = cards_of(layout.pages[0])[-1]
    return lambda item: change(item) if isinstance(item, TextItem) and cut.y < item.y < cut.y + cut.height else item


def other_words(item: TextItem) -> TextItem:
    runs = tuple(replace(run, text=run.text.replace("not", "now")) for run in item.line.runs)
    return replace(item, line=replace(item.line, runs=runs))


FAULTS: dict[str, Callable[[Layout], Layout]] = {
    "copies differ": lambda layout: changed(layout, 0, in_last(layout, other_words)),
    "a copy is read again": lambda layout: changed(layout, 0, in_last(layout, lambda item: replace(item, element=1))),
    "words lie on the fold": lambda layout: changed(
        layout, 0, in_last(layout, lambda item: replace(item, x=item.x + 60))
    ),
    "lie behind": lambda layout: changed(
        layout, 1, lambda item: replace(item, x=item.x + 1) if isinstance(item, CutItem) else item
    ),
    "on the front of its sheet": lambda layout: replace(layout, pages=layout.pages[::-1]),
    "leave the paper": lambda layout: changed(
        layout, 0, lambda item: replace(item, x=item.x - 60) if isinstance(item, CutItem) else item
    ),
    "leaves the page": lambda layout: changed(
        layout, 0, lambda item: replace(item, y=item.y + 600) if isinstance(item, CutItem) else item
    ),
    "is cut or folded": lambda layout: changed(
        layout,
        0,
        lambda item: replace(item, y=cards_of(layout.pages[0])[0].y + 1) if isinstance(item, RuleItem) else item,
    ),
}
SAID = {
    "copies differ": "copies of a card differ",
    "a copy is read again": "read aloud again",
    "words lie on the fold": "cut or folded",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused(fault: str) -> None:
    layout = card().layout
    spoiled = FAULTS[fault](layout)
    prove_cards(layout)
    assert spoiled != layout

    with pytest.raises(RuntimeError, match=SAID.get(fault, fault)):
        prove_cards(spoiled)


# For helpers and staff


@pytest.mark.parametrize("edition", ["standard", "large-print"])
def test_the_staff_side_is_english_and_both_sides_say_what_to_do(edition: str) -> None:
    """Whatever the language of the bearer: a hospital of this country reads it."""
    made = support.made(TOPIC, press(), language="es", edition=edition)
    reading = Reading(print_one(press(), made, "pdf").data)
    english = [" ".join(reading.spoken(e).split()) for e in reading.elements() if str(e.get("/Lang", "")) == "en"]
    spoken = [" ".join(reading.spoken(element).split()) for element in reading.elements() if element.S == "/P"]

    staff = " ".join(english)
    assert "For medical staff" in staff and "I take naltrexone, an opioid blocker." in staff
    assert "If I do not wake up: call 911, give naloxone." in staff
    assert any(words == "Si no despierto: llame al 911, dé naloxona." for words in spoken)


# Tags, other formats, validation


def test_a_card_is_read_aloud_once(sheet: Case) -> None:
    """In the order of its panels; the words of every other copy are decoration."""
    reading = Reading(sheet.printed.data)
    spoken = [" ".join(reading.spoken(element).split()) for element in reading.elements() if element.S == "/P"]
    order = [
        n
        for first in ("Fold", "I take naltrexone.", "I take naltrexone, an", "Naltrexone shot", "Phone:")
        for n, words in enumerate(spoken)
        if words.startswith(first)
    ]

    assert len(order) == 5 and order == sorted(order)
    assert spoken.count("I take naltrexone.") == 1


def test_what_is_not_read_are_the_footer_and_the_second_copy() -> None:
    case = card()
    drawn = Reading(case.printed.data).pages
    for page, shown in zip(case.layout.pages, drawn, strict=True):
        first, second = cards_of(page)
        silent = "".join(s.text for s in shown.shown if "/Artifact" in s.marks)
        footer = "".join(i.line.text for i in page.footer if isinstance(i, TextItem))
        read = "".join(
            i.line.text for i in page.items if isinstance(i, TextItem) and first.y < i.y < first.y + first.height
        )
        before = {1: "Fold", 2: "DRAFT. Not signed off. Do not give to patients.FoldFold"}[page.number]

        assert len(read) > 100 and second.y > first.y
        assert squeezed(silent) == squeezed(before + read + footer)


def test_html_and_text_hold_the_words_of_the_card_once() -> None:
    page = support.made(TOPIC)
    for form in ("html", "text"):
        text = support.folded(print_one(press(), page, form).data.decode("utf-8"))
        assert text.count("I take naltrexone.") == text.count("I take naltrexone, an opioid blocker.") == 1
        assert (
            text.count("Use other pain relief.") == text.count("If I do not wake up:") == 2
        )  # for the helper, and for staff


def test_every_sheet_complies_with_pdf_ua_and_pdf_a(rig: None, tmp_path: Path) -> None:
    paths = []
    for edition, paper in SHEETS:
        for signed in (False, True):
            paths.append(tmp_path / f"{edition}-{paper}-{signed}.pdf")
            paths[-1].write_bytes(card(edition, paper, signed=signed, last_dose=date(2026, 11, 20)).printed.data)
    verdicts = verapdf_rig.validate(paths, ("ua1", "2a"))

    assert len(verdicts) == 16
    assert not [str(verdict) for verdict in verdicts if not verdict.compliant]


@pytest.mark.parametrize(("language", "edition"), list(product(press().library.languages(TOPIC), EDITIONS)))
def test_every_language_has_room_with_both_phones_and_with_lines_to_write_them_on(language: str, edition: str) -> None:
    """`check` knows one clinic only; the fullest card is that of somebody who stopped."""
    for phone, closed in product(["", "(212) 736-5000"], repeat=2):
        used = support.clinic_with(phone=phone, after_hours_phone=closed)
        assert card_of(used, language=language, edition=edition, stopped=True).printed.pages >= 2
