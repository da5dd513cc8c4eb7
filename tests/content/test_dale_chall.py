"""The Dale-Chall score: published examples, words counted by hand, and the rules of the list."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from press.content import dale_chall
from press.content.dale_chall import compute_score, find_unfamiliar, is_familiar, rate_page

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("counts", "score"),
    [
        # The examples of the package dale-chall-formula: 20 percent and 15 words a sentence, 3.158 + 0.744
        # + 3.6365; 40 percent and 30 words, 6.316 + 1.488 + 3.6365; none and 15 words.
        ((30, 2, 6), 7.5385),
        ((30, 1, 12), 11.4405),
        ((30, 2, 0), 0.744),
        # 5 percent is not more than 5: 0.7895 + 0.496. One word more: 6 percent, 0.9474 + 0.496 + 3.6365.
        ((100, 10, 5), 1.2855),
        ((100, 10, 6), 5.0799),
    ],
)
def test_the_formula_on_counts(counts: tuple[int, int, int], score: float) -> None:
    assert compute_score(*counts) == pytest.approx(score)


def test_a_published_sentence() -> None:
    """Jawaharlal Nehru, 14 August 1947, published as 8.34 (strainindex.wordpress.com, 10 March 2008).

    29 words; the six are 20.69 percent: 3.2669 + 1.4384 + 3.6365.
    """
    sentence = (
        "Long years ago we made a tryst with destiny, and now the time comes when we shall redeem our pledge,"
        " not wholly or in full measure, but very substantially."
    )

    assert find_unfamiliar(sentence) == ("tryst", "destiny", "redeem", "pledge", "wholly", "substantially")
    assert rate_page([sentence], "en") == pytest.approx(8.34, abs=0.005)


def test_a_place_is_a_name() -> None:
    """The next sentence of the same speech; of its 18 words only one is hard for who knows India as a place."""
    sentence = "At the stroke of the midnight hour, when the world sleeps, India will awake to life and freedom."

    assert find_unfamiliar(sentence) == ("stroke",)
    # 5.5556 percent: 0.8772 + 0.8928 + 3.6365
    assert rate_page([sentence], "en") == pytest.approx(5.4065, abs=0.0001)


def test_a_plain_sentence_has_no_constant() -> None:
    assert rate_page(["The cat sat on the mat."], "en") == pytest.approx(0.2976)  # 6 words x 0.0496


def test_a_page_counted_by_hand() -> None:
    # Call us. (2)  Naltrexone blocks opioids. (3, of them 2 hard)  Do not stop. (3)  911. (none)
    page = ["Call us.", "Naltrexone blocks opioids.", "Do not stop.", "911."]

    # 8 words, 3 sentences, 25 percent: 3.9475 + 0.132267 + 3.6365
    assert rate_page(page, "en-US") == pytest.approx(7.716267, abs=1e-6)


@pytest.mark.parametrize(("page", "language"), [([], "en"), (["911"], "en"), (["Call us."], "es"), (["Mot."], "vi")])
def test_there_is_no_score_without_words_or_in_another_language(page: list[str], language: str) -> None:
    assert rate_page(page, language) is None


FAMILIAR = (
    "shot SHOT boy's nurses' you’ll Mr pills boxes goes studies takes helped used stopped worried using"
    " stopping helping given known safer safest longer longest bigger easier happiest safely"
    " bow-wow well-known heart\u2011break"
)
UNFAMILIAR = (
    "naltrexone naloxone opioids Naltrexone's opioid-free dose overdosing thinners blockers simply easily"
    " sharpen sleepless wheezing medication FDA ER"
)


@pytest.mark.parametrize("word", FAMILIAR.split())
def test_a_regular_form_of_a_listed_word_is_familiar(word: str) -> None:
    assert is_familiar(word)


@pytest.mark.parametrize("word", UNFAMILIAR.split())
def test_other_words_are_not(word: str) -> None:
    assert not is_familiar(word)


@pytest.mark.parametrize(
    ("sentence", "unfamiliar"),
    [
        ("Ask Yolanda, Priya’s aunt in Tucson.", ()),
        ("Keep Narcan with you.", ("Narcan",)),
        ("Keep Naloxone with you.", ("Naloxone",)),
        ("Narcotics dull pain.", ("Narcotics",)),
        ("Tell the FDA.", ("FDA",)),
        ("Show the “Overdose warning” page.", ("Overdose",)),
        ("Way 2: Overdosing when the block is gone", ("Overdosing",)),
    ],
)
def test_names_are_familiar_and_other_capitals_are_not(sentence: str, unfamiliar: tuple[str, ...]) -> None:
    assert find_unfamiliar(sentence, {"narcan", "naloxone"}) == unfamiliar


def test_the_list_is_sorted_and_holds_each_word_once() -> None:
    found = dale_chall.LIST.read_text("ascii").splitlines()

    assert len(found) == 2940
    assert found == sorted(set(found))
    assert all(word == word.strip().lower() for word in found)


def test_the_list_is_not_read_before_a_word_is_asked_for() -> None:
    code = (
        "from press.content import dale_chall; from press.reports import reading as reading_report\n"
        "before = dale_chall._read_list.cache_info().currsize\n"
        "dale_chall.is_familiar('shot')\n"
        "print(before, dale_chall._read_list.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.stdout.split() == ["0", "1"], done.stderr
