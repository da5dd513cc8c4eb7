"""A recipe from the bytes of a list: the same door as `lists learn`, for who has no path."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.errors import HandoutError
from press.patients.learn import Answers, Questions
from press.runs.learning import LearnedList, learn_data
from press.runs.opened_list import OpenedList, open_list
from tests.patients.test_learn import EXPORT, YES


def learn(root: Path, answers: Answers, name: str = "clinic", replaced: str = "") -> LearnedList:
    found = learn_data(root, EXPORT, "the list", answers, name, replaced)
    assert isinstance(found, LearnedList)
    return found


def test_a_list_is_read_by_what_was_learned_of_it(tmp_path: Path) -> None:
    assert isinstance(learn_data(tmp_path, EXPORT, "the list", Answers(), "clinic"), Questions)
    assert not (tmp_path / "recipes").exists()
    learn(tmp_path, YES)
    opened = open_list(tmp_path, EXPORT, "the list")

    assert isinstance(opened, OpenedList) and opened.recipe == "clinic"
    assert {one.letter: one.option for one in opened.columns}["E"] == "language"
    assert opened.people.people == len(EXPORT.splitlines()) - 1


def test_a_recipe_is_replaced_only_if_that_was_said_and_keeps_its_words(tmp_path: Path) -> None:
    path = learn(tmp_path, YES).path
    path.write_text(
        path.read_text("utf-8").replace("  form:\n", '  form:\n    "the monthly one": injection\n'), "utf-8"
    )
    assert "the monthly one" in path.read_text("utf-8")
    for name in ("clinic", "other"):
        with pytest.raises(HandoutError):
            learn_data(tmp_path, EXPORT, "the list", YES, name)
    before = path.read_text("utf-8")
    learn(tmp_path, YES, replaced="clinic")

    assert path.read_text("utf-8") == before
    with pytest.raises(HandoutError):
        learn_data(tmp_path, EXPORT, "the list", YES, "clinic", "no-such")


@pytest.mark.parametrize("name", ["", "../x", "A B", "con/x"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(HandoutError):
        learn_data(tmp_path, EXPORT, "the list", YES, name)
    assert not list(tmp_path.rglob("*.yaml"))
