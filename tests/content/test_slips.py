"""Slips of the keyboard are told by `check` with the place of the text, and in no text of the project."""

from __future__ import annotations

import dataclasses
import json

import pytest

from press.content.library import PHRASES
from press.content.slips import find_slips
from press.errors import Place, Problem
from press.runs.handout import Site
from press.runs.sweep import check_files, join_readers
from tests.support import TOPICS, Shop, check_few, press

TEXT = "Do not test the block."
FILE = "handouts/overdose-warning/en.yaml"


@pytest.mark.parametrize("folder", [*TOPICS, PHRASES])
def test_the_project_has_no_slips(folder: str) -> None:
    library = press().library
    seen = 0
    for language in library.languages(folder):
        words = library.words(folder, language)
        seen += len(words.texts)
        assert list(find_slips(words, library.words(PHRASES, language), library.helplines.numbers)) == []
    assert seen > 20


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('family: "', 'family: "“', "a quote is opened and not closed"),
        ("Shout.", "Shout*.", "found a single `*`"),
        ("Shout.", "Shout to (212) 736-5000.", "a telephone number is typed into the text"),
        ("Shout.", "Shout to 212-736-5000.", "a telephone number is typed into the text"),
        ("Shout.", "Shout to naloxon.", "“naloxon”, which is nearly a name of a drug"),
        ("Shout.", "Shout to naltraxone.", "“naltraxone”, which is nearly a name of a drug"),
        ("Shout.", "Shout to Narcam.", "“Narcam”, which is nearly a name of a drug"),
        ("Shout.", "Shout to an opiod.", "“opiod”, which is nearly a term of these pages"),
        ("Shout.", "Shout, an overdsoe.", "“overdsoe”, which is nearly a term of these pages"),
        ("Shout.", "Shout to 911.", "the number 911 is typed into the text"),
        ("Shout.", "***Shout.**", "found a single `*`"),
        ("Shout.", 'Shout."', "a quote stands alone"),
    ],
)
def test_a_slip_is_told_with_its_line(shop: Shop, old: str, new: str, said: str) -> None:
    shop.edit(FILE, old, new.replace('."', '.\\"'))
    line = 1 + (shop.root / FILE).read_text("utf-8").split(new.replace('."', '.\\"'))[0].count("\n")

    mine = [problem for problem in check_files(Site(shop.root), ("overdose-warning",)) if said in problem.message]
    assert [(problem.place.file, problem.place.line, problem.is_error) for problem in mine] == [(FILE, line, False)]
    assert mine[0].hint


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Shout.", None),
        ("Don't shout at your friends' dog.", None),
        ("'Shout', they say 'shout'", None),
        ("**Shout** at {clinic_phone} by 2026-1123", None),
        ("Take 5,000 or 380 mg on 2026-11-23, at 10:30.", None),
        ("Opioids, overdosed, medicines, Narcans, naloxones.", None),
        ("Shout.'", "a quote stands alone"),
        ("“Shout.", "a quote is opened and not closed"),
        ("‘Shout.’", "curly quotes stand round the whole text"),
        ("“Shout.” They say “shout.”", None),
        ("Call 2127365000", "a telephone number is typed"),
        ("Call 212.736.5000", "a telephone number is typed"),
        ("Call 736-5000", "a telephone number is typed"),
        ("Call 1-800-662-HELP", "a telephone number is typed"),
        ("Call +44 20 7946 0958", "a telephone number is typed"),
        ("Call 1-800-222-1222", "the number 1-800-222-1222 is typed"),
    ],
)
def test_what_was_typed_is_a_slip_or_none(typed: str, said: str | None) -> None:
    place = Place("handouts/x/en.yaml", 3)
    phrases = press().library.words(PHRASES, "en")
    words = dataclasses.replace(phrases, texts={"x": (typed, place)})
    found = list(find_slips(words, phrases, press().library.helplines.numbers))

    assert [problem.place for problem in found] == [place] * bool(said)
    assert said is None or said in found[0].message


def test_a_word_that_is_right_can_be_named(shop: Shop) -> None:
    shop.edit(FILE, "Shout.", "Shout, or try meditation.")
    (warning,) = [problem for problem in check_files(Site(shop.root), ("overdose-warning",)) if not problem.is_error]
    assert "“meditation”" in warning.message and "add it to `same`" in warning.hint

    shop.edit("handouts/phrases/en.yaml", "lexicon:", "lexicon:\n  same: [meditation]")
    assert list(check_files(Site(shop.root), ("overdose-warning",))) == []


def test_slips_are_told_beside_errors_of_the_same_file(shop: Shop) -> None:
    shop.edit(FILE, "Shout.", "Shout*.")
    shop.edit(FILE, "texts:\n", "texts:\n  left-over: One more.\n")
    found = [problem.message for problem in check_files(Site(shop.root), ("overdose-warning",))]

    assert any("is used by no block" in message for message in found)
    assert any("found a single `*`" in message for message in found)


def test_curly_quotes_round_a_whole_text_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command, as every slip."""
    check_few(monkeypatch)
    lines = (shop.root / FILE).read_text("utf-8").splitlines()
    number, line = next((n, line) for n, line in enumerate(lines, 1) if line.strip().startswith("step-stay:"))
    shop.edit(FILE, line, line.replace('"', "“", 1).replace('"', "”", 1))

    found = json.loads(shop.run("check", "overdose-warning", "--json").stdout)
    mine = [problem for problem in found if "curly quotes stand round the whole text" in problem["message"]]
    assert [(problem["file"], problem["line"], problem["severity"]) for problem in mine] == [(FILE, number, "warning")]


def test_a_text_of_no_block_says_what_to_do(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    check_few(monkeypatch)
    shop.edit(FILE, "texts:\n", "texts:\n  left-over: One more.\n")

    told = shop.run("check", "overdose-warning").stderr
    assert "name it under `texts` of a block there, or delete it here" in told


def test_the_sizes_of_many_pages_are_told_once() -> None:
    place, other = Place("handouts/x/handout.yaml", 3), Place("handouts/y/handout.yaml", 3)
    words = "the words (en) are too long for 12 points: this page is set in "
    found = join_readers(
        Problem(where, f"{words}{size} points", "shorter words make larger letters")
        for where, size in ((place, 11.5), (other, 11), (place, 11), (place, 11.5))
    )

    assert [(problem.place, problem.message) for problem in found] == [
        (place, f"{words}11 or 11.5 points"),
        (other, f"{words}11 points"),
    ]


def test_a_size_that_is_told_in_other_words_stays_as_it_is() -> None:
    problem = Problem(Place("handouts/x/handout.yaml", 3), "this page is set in small letters", "shorter words")

    assert join_readers([problem]) == [problem]


def test_what_is_wrong_for_many_readers_is_told_once() -> None:
    place = Place("handouts/x/handout.yaml", 3)
    many = [Problem(place, "the required fact O5 is on no block of this page", f"for reader {n}") for n in range(24)]
    other = Problem(place, "something else", "for once")

    found = join_readers([*many, other, *many])

    assert [problem.hint for problem in found] == [
        "for reader 0; reader 1; reader 2; and 21 more kinds of readers: name it under `facts` of the block that says it",
        "for once: name it under `facts` of the block that says it",
    ]
