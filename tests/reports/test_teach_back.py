"""Questions for teach-back: three, in each language, and answered by the handout's own words."""

from __future__ import annotations

import pytest

from press.errors import HandoutError
from press.runs.handout import Site
from tests.helpers import press
from tests.support import Shop, folded

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


def test_it_is_printed_as_a_pdf_by_default(shop: Shop) -> None:
    made = shop.run("report", "teach-back", "benefits", "--today", "2026-11-23")

    assert made.exit_code == 0 and made.stdout.strip().endswith("teach-back-benefits-en.pdf")


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
