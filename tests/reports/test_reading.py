"""The reading report: figures that can be worked out by hand, and the hardest sentences."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from press.document.nodes import Content, Document, Paragraph, Text
from press.errors import Place
from press.patients.options import Options
from press.reports import reading
from press.reports.reading import HardSentence, ReadingRow, as_data, as_text, handouts, report
from tests.helpers import TODAY, bare_document, press

FILE = "handouts/made-up/en.yaml"


def _page(*texts: str, language: str = "en") -> Document:
    """A page whose only sentences are these, each on a line of its own."""
    body = (Paragraph((Content(f"made-up/{n}", (Text(text),), Place(FILE, n)),)) for n, text in enumerate(texts, 1))
    return replace(bare_document(*body), language=language)


def _row(document: Document, taught: frozenset[str] = frozenset(), form: str = "tablet") -> ReadingRow:
    return reading._row("made-up", Options(form=form, reason="both"), document, taught, taught)


@pytest.fixture(scope="module")
def rows() -> list[ReadingRow]:
    """The report on the real handouts."""
    return report(press(), press().library.topics, TODAY)


def test_figures_of_an_english_page() -> None:
    # Tell us now. (3 words, 3 syllables)  Naloxone is not naltrexone. (4 words, 3+1+1+3 = 8)
    # Medicine can help opioid-free families. (5 words, 3+1+1+4+3 = 12): 12 words, 3 sentences, 23.
    page = _page("Tell us now. Naloxone is not naltrexone.", "Medicine can help opioid-free families.")

    found = _row(page, frozenset({"naloxone", "naltrexone", "opioid"})).measure

    assert (found.words, found.sentences, found.mean, found.longest) == (12, 3, 4.0, 5)
    # 0.39 x 12/3 + 11.8 x 23/12 - 15.59 = 1.56 + 22.616667 - 15.59
    assert found.fkgl == pytest.approx(8.586667, abs=1e-6)
    # 5 long words: 1.0430 x sqrt(5 x 30/3) + 3.1291; 2 are not taught: 1.0430 x sqrt(20) + 3.1291
    assert found.smog == pytest.approx(10.504224, abs=1e-6)
    assert found.smog_exempt == pytest.approx(7.793538, abs=1e-6)
    assert found.inflesz is None


def test_figures_of_a_spanish_page() -> None:
    # Lla-me al nue-ve ya. (4 words, 6)  Ten-ga na-lo-xo-na. (2 words, 6)
    found = _row(_page("Llame al nueve ya.", "Tenga naloxona.", language="es"))

    # 206.835 - 62.3 x 12/6 - 6/2 = 79.235
    assert found.measure.inflesz == pytest.approx(79.235)
    assert found.measure.fkgl is found.measure.smog is None
    assert "79.2" in as_text([found])


def test_the_dale_chall_score_stands_beside_the_others() -> None:
    # Call us. (2)  Keep Naloxone here. (3, of them 1 hard): 5 words, 2 sentences, 20 percent.
    found = _row(_page("Call us. Keep Naloxone here."), frozenset({"naloxone"}))

    # 0.1579 x 20 + 0.0496 x 5/2 + 3.6365 = 3.158 + 0.124 + 3.6365
    assert found.dale_chall == pytest.approx(6.9185)
    head, line = (one.split() for one in as_text([found]).splitlines()[1:3])
    assert dict(zip(head, line, strict=True))["Dale-Chall"] == "6.9"


def test_another_language_has_a_dash_for_dale_chall() -> None:
    found = _row(_page("Llame al nueve ya.", language="es"))

    assert found.dale_chall is None
    head, line = (one.split() for one in as_text([found]).splitlines()[1:3])
    assert dict(zip(head, line, strict=True))["Dale-Chall"] == "-"


def test_dale_chall_has_no_gate() -> None:
    # One word a sentence, short and on no list: 15.79 + 0.0496 + 3.6365.
    found = _row(_page("Wheeze. Urge. Rash."))

    assert found.dale_chall == pytest.approx(19.4761)
    assert found.missed == ()


def test_no_brand_is_taken_for_a_name() -> None:
    handout = press().handout("fridge-page", "en")

    assert {"narcan", "vivitrol", "naltrexone", "medication"} <= reading._drugs(handout)


def test_a_language_without_formulas_still_has_its_sentences() -> None:
    found = _row(_page("Mot hai ba.", language="vi"))

    assert found.hardest == (HardSentence("Mot hai ba.", 3, 0, Place(FILE, 1)),)
    assert " - " in as_text([found])


def test_the_hardest_sentences_are_told_with_file_and_line() -> None:
    # Weights, words and long words: 4 + 2, 3 + 0, 5 + 2 (medicine, family)
    page = _page("Naloxone is not naltrexone.", "Call us now.", "Medicine helps you and family.")

    found = _row(page).hardest

    assert [(one.words, one.long_words, one.place.line) for one in found] == [(5, 2, 3), (4, 2, 1), (3, 0, 2)]


def test_a_long_word_weighs_as_much_as_two() -> None:
    found = _row(_page("Call us now, my dear.", "Naloxone is not naltrexone.")).hardest

    assert [one.weight for one in found] == [6, 5]


def test_there_are_at_most_five_and_each_wording_once() -> None:
    page = _page(*["Call us now."] * 3, *[f"Call{' me' * n}." for n in range(7)])

    found = _row(page).hardest

    assert [one.words for one in found] == [7, 6, 5, 4, 3]
    assert len({one.text for one in found}) == 5


def test_variants_of_a_page_share_their_hardest_sentences() -> None:
    pages = [_page("Call us now.", "One of two."), _page("One and one is two now.", "Call us now.")]
    found = [_row(page, form=form) for page, form in zip(pages, ("tablet", "injection"), strict=True)]

    ((_, _, group, hardest),) = handouts(found)

    assert len(group) == 2
    assert [one.text for one in hardest] == ["One and one is two now.", "Call us now.", "One of two."]


def test_a_page_that_is_too_hard_is_still_shown() -> None:
    """Its figures are the reason to look: the check alone would only refuse it."""
    found = _row(_page(" ".join(["Contraindicated medication administration"] * 7)))

    assert found.missed == ("fkgl", "smog", "smog_exempt", "mean", "longest")
    shown = as_text([found])
    assert "21!" in shown
    assert "! misses its gate" in shown


def test_a_page_that_passes_has_no_mark() -> None:
    assert "!" not in as_text([_row(_page("Call us now."))])


def test_every_handout_has_each_form_and_reason(rows: list[ReadingRow]) -> None:
    by_handout = {(topic, language): group for topic, language, group, _ in handouts(rows)}

    assert {topic for topic, _ in by_handout} == set(press().library.topics)
    assert len(by_handout) >= 3
    for group in by_handout.values():
        assert len({(row.form, row.reason) for row in group}) == len(group) == 6


def test_the_hardest_sentences_stand_where_they_are_said_to(rows: list[ReadingRow]) -> None:
    for _, _, _, hardest in handouts(rows):
        assert len(hardest) == 5
        for one in hardest:
            line = (press().root / one.place.file).read_text("utf-8").splitlines()[one.place.line - 1]
            assert one.text.split()[0] in line.replace("**", "").replace('\\"', '"')


def test_only_the_asked_handouts_are_reported() -> None:
    assert {row.topic for row in report(press(), ("benefits",), TODAY)} == {"benefits"}
    assert report(press(), (), TODAY) == []
    assert as_text([]) == ""


def test_the_data_can_be_written_as_json(rows: list[ReadingRow]) -> None:
    found = json.loads(json.dumps(as_data(rows)))

    assert [one["handout"] for one in found] == [topic for topic, _, _, _ in handouts(rows)]
    page = found[0]["pages"][0]
    assert page["fkgl"] == rows[0].measure.fkgl
    assert list(page)[2:6] == ["words", "sentences", "syllables", "polysyllables"], "in the order of their meaning"
    assert page["dale_chall"] == rows[0].dale_chall
    assert all((page["dale_chall"] is None) == (one["language"] != "en") for one in found for page in one["pages"])
    assert page["missed"] == list(rows[0].missed)
    assert found[0]["hardest"][0]["file"].startswith("handouts/")


def test_no_line_of_the_report_ends_in_a_space(rows: list[ReadingRow]) -> None:
    assert all(line == line.rstrip() for line in as_text(rows).splitlines())
