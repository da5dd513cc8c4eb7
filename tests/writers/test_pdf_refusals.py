"""What must never be printed: tofu, a page too long, a name outside the page, other bytes for the same input."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from io import BytesIO
from typing import Any
from unicodedata import combining

import pikepdf
import pypdfium2 as pdfium
import pytest

from press.document.nodes import Block, Content, List, ListItem, Paragraph, Section, Strong, Text, Value
from press.errors import HandoutError, Place, Problem
from press.patients.options import Options
from press.runs.file_names import file_name
from press.writers.pdf.writer import write_pdf
from tests.helpers import ROOT, WARNING, Case, bare_document, press, print_case
from tests.rigs.waiting import HANGS

CANARY = "Zyxwvuta Quokkabird"
HERE = Place("handouts/made-up/en.yaml", 12, 3)


def refused(*body: Block, **more: Any) -> tuple[Problem, ...]:
    """The problems of a document made by hand, which must be refused."""
    with pytest.raises(HandoutError) as caught:
        write_pdf(bare_document(*body, **more), press().sheet("standard", "letter"))
    return caught.value.problems


def for_name(name: str, topic: str = WARNING, **more: Any) -> Case:
    """A handout for somebody made up."""
    return print_case("", topic, Options(name=name, **more))


# Characters that no face has


def test_name_in_a_script_that_no_face_has_is_refused_without_showing_it() -> None:
    with pytest.raises(HandoutError) as caught:
        for_name("Marisol ສົມສີ")
    (problem,) = caught.value.problems

    assert problem.private
    assert problem.message == "`name`: no type face has the character U+0EAA LAO LETTER SO SUNG, and 1 more"
    assert not [part for part in ("Marisol", *"ສົມສີ") if part in f"{problem.place}{problem.message}{problem.hint}"]


@pytest.mark.parametrize("character", ["→", "☐", "ก", "ㄅ", "😀", "\u2028", "\uffff"])
def test_character_in_content_is_refused_with_its_place(character: str) -> None:
    """The last one stands in the face's table, but leads to the empty box."""
    (problem,) = refused(Paragraph((Content("made-up/arrow", (Text(f"here {character}"),), HERE),)))

    assert f"U+{ord(character):04X}" in problem.message
    assert problem.place == HERE
    assert not problem.private


def test_mark_that_would_stand_beside_its_letter_is_refused() -> None:
    """The face has the sign, and says for no letter where to put it; ñ is one character and is drawn."""
    with pytest.raises(HandoutError) as caught:
        for_name("a1\u0313")

    assert "the mark U+0313 COMBINING COMMA ABOVE in its place" in caught.value.problems[0].message
    assert for_name("ña").printed.data


def test_each_place_of_a_missing_character_is_named() -> None:
    there = Place("handouts/made-up/en.yaml", 40)
    items = (ListItem((Content("a", (Text("→"),), HERE),)), ListItem((Content("b", (Strong((Text("→"),)),), there),)))
    problems = refused(List(items), Paragraph((Value("name", "ก"),)))

    assert {problem.place for problem in problems if not problem.private} == {HERE, there}
    assert len(problems) == 3


def test_every_known_character_is_drawn() -> None:
    """No false alarms either: all that the regular face has, the bold one has too."""
    from press.writers.pdf.fonts.faces import load_face

    regular = load_face(ROOT / "templates" / "fonts" / "AtkinsonHyperlegibleNext-Regular.ttf")
    known = " ".join(c for c in map(chr, regular.sfnt.characters) if not combining(c))
    document = bare_document(Paragraph((Text(known), Strong((Text(known),)))))

    assert write_pdf(document, press().sheet("standard", "letter")).pages == 1


# Too long


def test_page_too_long_says_by_how_many_lines() -> None:
    lines = List(tuple(ListItem((Text(f"Item {n}"),)) for n in range(70)))
    (problem,) = refused(lines, sides=1, place=HERE)
    longer = List(lines.items + tuple(ListItem((Text(f"Item {n}"),)) for n in range(10)))
    (worse,) = refused(longer, sides=1, place=HERE)

    assert problem.place == HERE
    assert 8 <= lines_over(worse) - lines_over(problem) <= 13
    assert "1 side of paper" in problem.message


def lines_over(problem: Problem) -> int:
    """The number in the message."""
    return int(problem.message.split(" line")[0].split()[-1])


def test_name_without_spaces_is_printed_whole_or_refused() -> None:
    name = "Abcdefghi" * 33 + "Xyz"
    try:
        printed = for_name(name).printed
    except HandoutError as error:
        assert "too long" in error.problems[0].message
        printed = for_name(name, edition="large-print").printed
    pages = pdfium.PdfDocument(printed.data)
    text = "".join(page.get_textpage().get_text_range() for page in pages)

    assert len(name) == 300
    assert name in text.replace("\r\n", "")


# The same input gives the same bytes

_PRINT = (
    "import hashlib; from press.runs.hardening import harden_reportlab; harden_reportlab(); "
    "from tests.helpers import general, patients, print_case; "
    "cases = [*general().items()][:12:4] + [*patients().items()]; "
    "print([hashlib.sha256(print_case(n, *given).printed.data).hexdigest() for n, given in cases])"
)


def printed_in(**environment: str) -> str:
    """The fingerprints of some pages, printed by a process of its own."""
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONHASHSEED", "TZ", "LC_ALL")}
    command = [sys.executable, "-c", _PRINT]
    done = subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=True, timeout=HANGS
    )
    return done.stdout


def test_same_input_gives_the_same_bytes_in_every_process() -> None:
    found = {
        printed_in(PYTHONHASHSEED="0", TZ="UTC"),
        printed_in(PYTHONHASHSEED="1", TZ="Pacific/Kiritimati", LC_ALL="C"),
        printed_in(PYTHONHASHSEED="4242", TZ="America/Los_Angeles", LC_ALL="C.UTF-8"),
    }

    assert len(found) == 1
    assert found.pop().count("'") == 2 * 8


def test_same_input_twice_gives_the_same_bytes() -> None:
    first, second = (for_name("Ana Muñoz").printed.data for _ in range(2))

    assert first == second


# Names stay on the page


def spellings(name: str) -> list[bytes]:
    """A name as it might leak: plain, in capitals, as hexadecimal digits, in other encodings."""
    forms = []
    for text in (name, name.upper(), name.lower(), *name.split()):
        wide = text.encode("utf-16-be")
        forms += [text.encode(), wide, text.encode("utf-16-le"), text.encode().hex().encode(), wide.hex().encode()]
        forms += [wide.hex().upper().encode(), base64.b64encode(text.encode())[:-3]]
    return forms


def outside_the_page(data: bytes) -> bytes:
    """The whole file, then every object of it unpacked, but for what is drawn on pages."""
    with pikepdf.open(BytesIO(data)) as pdf:
        drawn = {page.Contents.objgen for page in pdf.pages}
        found = [data]
        for thing in (one for one in pdf.objects if one.objgen not in drawn):
            found.append(thing.unparse())
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes())
        found.append(pdf.trailer.unparse())
    return b"\n".join(found)


@pytest.mark.parametrize("topic", press().library.topics)
def test_name_is_nowhere_but_on_the_page(topic: str) -> None:
    case = for_name(CANARY, topic, prescriber=CANARY, last_dose=None)
    outside = outside_the_page(case.printed.data)

    assert "".join(CANARY.split()) in "".join("".join(item.line.text for _, item in case.lines()).split())
    assert not [form for form in spellings(CANARY) if form in outside]
    assert not [word for word in CANARY.lower().split() if word in file_name(case.made, "pdf").lower()]


def test_search_for_names_finds_one() -> None:
    """The search above must be able to fail: here the name stands in the title."""
    data = write_pdf(bare_document(), press().sheet("standard", "letter")).data
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.docinfo["/Title"] = CANARY
        out = BytesIO()
        pdf.save(out)

    assert [form for form in spellings(CANARY) if form in outside_the_page(out.getvalue())]


def test_a_panel_taller_than_the_paper_is_a_problem_and_no_traceback() -> None:
    tall = Paragraph((Content("t", (Text("word " * 1500),)),))
    panels = Section((Section((tall,), "panel"), Section((tall,), "panel")), "pair")

    problems = refused(panels, role="one-side")
    assert "taller than the page" in problems[0].message
