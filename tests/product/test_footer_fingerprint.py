"""The fingerprint in the footer of each page is that of its words, which an approval signs; the goldens hide it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from press.content.approvals import approved_words, code_of, fingerprint, fingerprint_of
from press.patients.options import Options
from press.runs.handout import complete, lay_out_one, make, make_beside
from press.writers.pdf.model import Layout, TextItem
from tests.helpers import FINGERPRINT, mask_fingerprints
from tests.support import TODAY, TOPICS, USUAL, press

PAGES = [(topic, language) for topic in TOPICS for language in press().library.languages(topic)]


def footers(layout: Layout) -> list[list[str]]:
    """The fingerprints in the footer of each page."""
    lines = [" ".join(item.line.text for item in page.footer if isinstance(item, TextItem)) for page in layout.pages]
    found = [FINGERPRINT.findall(line) for line in lines]
    assert found and all(found), "each page shows a fingerprint"
    return found


def signed(topic: str, language: str) -> str:
    """The first figures of what an approval of these words holds, without what staff ask, which is on no page."""
    words = approved_words(press().handout(topic, language))
    return fingerprint({name: text for name, text in words.items() if not name.startswith("teach-back/")})[:7]


def test_every_handout_and_language_is_there() -> None:
    assert len(PAGES) >= 12
    assert len({signed(*page) for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize(("topic", "language"), PAGES)
def test_each_footer_shows_what_an_approval_signs(topic: str, language: str) -> None:
    options, _ = complete(press(), Options(form="injection", reason="both", language=language), TODAY)
    layout = lay_out_one(press(), make(press(), topic, options, TODAY)).layout

    assert all(found == [signed(topic, language)] for found in footers(layout))


@pytest.mark.parametrize(("topic", "language"), [page for page in PAGES if page[0] in USUAL and page[1] != "en"])
def test_a_page_in_two_languages_shows_both(topic: str, language: str) -> None:
    options, _ = complete(press(), Options(form="injection", reason="both", language=language), TODAY)
    layout = lay_out_one(press(), make_beside(press(), topic, options, "en", TODAY)).layout

    assert all(found == [signed(topic, language), signed(topic, "en")] for found in footers(layout))


def test_what_staff_ask_is_signed_and_changes_no_page() -> None:
    handout = press().handout("benefits", "es")
    first, *others = handout.teach_back
    for asked in ((replace(first, ask="¿Qué dice la hoja?"), *others), (replace(first, key=("title",)), *others), ()):
        other = replace(handout, teach_back=asked)
        assert code_of(other) == code_of(handout) and fingerprint_of(other) != fingerprint_of(handout)
    card = press().handout("wallet-card", "es")
    assert not card.teach_back and code_of(card) == fingerprint_of(card)[:7]  # signatures of before hold


def test_only_the_fingerprint_and_the_width_of_its_line_are_hidden() -> None:
    shown = "text 54,746 10- w396 'benefits 1.1.0 (60cfe5b) · 1'\ntext 54,759 10- w411 'Printed (today)'"

    assert mask_fingerprints(shown) == (
        "text 54,746 10- w# 'benefits 1.1.0 (#######) · 1'\ntext 54,759 10- w411 'Printed (today)'"
    )


@pytest.mark.parametrize("text", ["", "benefits 1.1.0", "benefits 1.1.0 (60cfe5)", "benefits 1.1.0 (60CFE5B)"])
def test_a_golden_without_a_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(AssertionError, match="fingerprint"):
        mask_fingerprints(text)
