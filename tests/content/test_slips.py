"""Slips of the keyboard are told by `check` with the place of the text, and in no text of the project."""

from __future__ import annotations

import json

import pytest

from press.content.slips import find_slips
from press.errors import Place, Problem
from press.runs.sweep import join_readers
from tests.support import TOPICS, Shop, check_few, press

TEXT = "Do not test the block."
FILE = "handouts/overdose-warning/en.yaml"


@pytest.mark.parametrize("topic", TOPICS)
def test_the_project_has_no_slips(topic: str) -> None:
    for language in press().library.languages(topic):
        assert list(find_slips(press().handout(topic, language))) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('family: "', 'family: "“', "a quote is opened and not closed"),
        ("Shout.", "Shout*.", "found a single `*`"),
        ("Shout.", "Shout to (212) 736-5000.", "a telephone number is typed into the text"),
        ("Shout.", "Shout to 212-736-5000.", "a telephone number is typed into the text"),
        ("Shout.", "Shout to naloxon.", "“naloxon”, which is nearly a name of a drug"),
        ("Shout.", "Shout to naltraxone.", "“naltraxone”, which is nearly a name of a drug"),
        ("Shout.", 'Shout."', "a quote stands alone"),
    ],
)
def test_a_slip_is_told_with_its_line(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    check_few(monkeypatch)
    shop.edit(FILE, old, new.replace('."', '.\\"'))
    line = 1 + (shop.root / FILE).read_text("utf-8").split(new.replace('."', '.\\"'))[0].count("\n")

    found = json.loads(shop.run("check", "overdose-warning", "--json").stdout)
    mine = [problem for problem in found if said in problem["message"]]
    assert [(problem["file"], problem["line"], problem["severity"]) for problem in mine] == [(FILE, line, "warning")]
    assert mine[0]["hint"]


def test_curly_quotes_round_a_whole_text_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    check_few(monkeypatch)
    text = (shop.root / FILE).read_text("utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("step-stay:"))
    shop.edit(FILE, line, line.replace('"', "“", 1).replace('"', "”", 1))

    assert "curly quotes stand round the whole text" in shop.run("check", "overdose-warning").stderr


def test_a_text_of_no_block_says_what_to_do(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    check_few(monkeypatch)
    shop.edit(FILE, "texts:\n", "texts:\n  left-over: One more.\n")

    told = shop.run("check", "overdose-warning").stderr
    assert "name it under `texts` of a block there, or delete it here" in told


def test_what_is_wrong_for_many_readers_is_told_once() -> None:
    place = Place("handouts/x/handout.yaml", 3)
    many = [Problem(place, "the required fact O5 is on no block of this page", f"for reader {n}") for n in range(24)]
    other = Problem(place, "something else", "for once")

    found = join_readers([*many, other, *many])

    assert [problem.hint for problem in found] == [
        "for reader 0; reader 1; reader 2; and 21 more kinds of readers",
        "for once",
    ]
