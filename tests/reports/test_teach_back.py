"""Questions for teach-back: three, in each language, and answered by the handout's own words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from press.delivery.ledger import LedgerRow
from press.document.nodes import Document, Inline, blocks, plain, sides, strings
from press.errors import HandoutError
from press.reports.cover import compose_cover
from press.runs.handout import Site
from press.runs.print_job import PlacedPerson
from tests.helpers import press
from tests.rigs.read_back import Reading
from tests.support import TODAY, Shop, folded

ASKED = ("before-first-dose", "benefits", "how-to-use-naloxone", "overdose-warning", "side-effects")


@pytest.mark.parametrize("topic", ASKED)
def test_each_handout_has_three_in_both_languages_with_the_same_key(topic: str) -> None:
    english, spanish = (press().handout(topic, language).teach_back for language in ("en", "es"))

    assert len(english) == len(spanish) == 3
    assert [one.key for one in english] == [one.key for one in spanish] and all(one.key for one in english)
    assert not {one.ask for one in english} & {one.ask for one in spanish}
    assert all(one.ask.endswith("?") for one in (*english, *spanish)) and all(one.ask[0] == "¿" for one in spanish)


def test_the_strip_has_the_questions_what_the_page_says_and_room_for_the_outcome(shop: Shop) -> None:
    made = shop.run(
        "report", "teach-back", "overdose-warning", "-l", "es", "--format", "text", "-o", "-", "--today", "2026-11-23"
    )
    text = folded(made.stdout)
    handout = press().handout("overdose-warning", "es")

    assert made.exit_code == 0 and f"overdose-warning {handout.structure.version}" in text
    for one in handout.teach_back:
        assert one.ask in text
    assert "Llame al 911." in text and "{" not in text
    assert text.count("Said it back: yes") == 3 == text.count("not yet [not yet") and "Code: [Code" in text


def test_it_is_printed_as_a_pdf_by_default_and_what_is_spanish_is_spanish_for_a_voice(shop: Shop) -> None:
    made = shop.run("report", "teach-back", "benefits", "-l", "es", "--today", "2026-11-23")
    assert made.exit_code == 0 and made.stdout.strip().endswith("teach-back-benefits-es.pdf")
    reading = Reading(Path(made.stdout.strip()).read_bytes())
    marked = [" ".join(reading.spoken(e).split()) for e in reading.elements() if str(e.get("/Lang", "")) == "es"]
    asked = [one.ask for one in press().handout("benefits", "es").teach_back]

    assert marked[0::2] == asked and len(marked) == 6 and all(marked[1::2])
    page = shop.run("report", "teach-back", "benefits", "-l", "es", "--format", "html", "-o", "-").stdout
    assert page.count('lang="es"') == 6 and all(f'<span lang="es" dir="ltr">{ask}' in page for ask in asked)
    english = shop.run("report", "teach-back", "benefits", "-l", "en", "--format", "html", "-o", "-").stdout
    assert english.count("lang=") == 1, "of the page itself"


ROW = LedgerRow(
    at="2026-11-23T09:00:00", code="P-1", handout="benefits", version="1", fingerprint="0" * 7, language="es",
    edition="standard", state="final", run="AAAAAA", sheets=1,
)  # fmt: skip


def test_the_cover_asks_once_for_each_page_and_language_and_marks_the_language() -> None:
    rows = (ROW, replace(ROW, language="en"), replace(ROW, handout="wallet-card"))
    person = PlacedPerson("P-1", ("benefits", "wallet-card"), rows, 1, 3)
    page = compose_cover(press(), TODAY, [person, replace(person, code="P-2", first=4, last=6)], "AAAAAA")
    marks = {side.language: plain(side.children) for run in runs_of(page) for side in sides(run)}
    words = [plain(run) for run in runs_of(page)]

    assert marks.keys() == {"es"}
    for language in ("en", "es"):
        for one in press().handout("benefits", language).teach_back:
            assert words.count(one.ask) == 1
    assert words.count("[Said it back: yes or not yet]") == 2
    assert [word for word in words if word.startswith("benefits 1.")] and not any("wallet-card 1." in w for w in words)


def test_a_job_without_such_pages_has_no_column_for_it() -> None:
    person = PlacedPerson("P-1", ("wallet-card",), (replace(ROW, handout="wallet-card"),), 1, 1)
    words = " ".join(map(plain, runs_of(compose_cover(press(), TODAY, [person], "AAAAAA"))))

    assert "Naloxone given" in words and "Said it back" not in words and "explain" not in words


def runs_of(page: Document) -> list[tuple[Inline, ...]]:
    return [run for block in blocks(page.everything) for run in strings(block)]


@pytest.mark.parametrize(
    ("asked", "code", "expected"),
    [
        (("fridge-page",), 1, "no questions for teach-back"),
        (("overdose-warnin",), 1, "did you mean"),
        (("overdose-warning", "-l", "vi"), 1, "no questions"),
        (("overdose-warning", "--json"), 2, "no data"),
    ],
)
def test_what_has_no_questions_is_refused(shop: Shop, asked: tuple[str, ...], code: int, expected: str) -> None:
    found = shop.run("report", "teach-back", *asked)
    assert found.exit_code == code and expected in found.output + found.stderr


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("key: [short-stop]", "key: [short-stopp]", "`key`: there is no text `short-stopp`"),
        ("key: [short-stop]", "key: []", "`key` names no text"),
        ('  - ask: "What do you do before you stop?"\n    key: [short-stop]\n', "", "found 2 questions, expected 3"),
        ('ask: "What do you do before you stop?"', 'question: "x"', "unknown key `question`"),
    ],
)
def test_a_question_without_an_answer_in_the_handout_is_refused(shop: Shop, old: str, new: str, expected: str) -> None:
    shop.edit("handouts/benefits/en.yaml", old, new)
    with pytest.raises(HandoutError) as raised:
        Site(shop.root).handout("benefits", "en")
    assert any(expected in problem.message for problem in raised.value.problems)
