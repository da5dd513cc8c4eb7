"""A text is edited in place: checked with its page before it is saved, and nobody's words are lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from press.errors import HandoutError
from press.runs import edit_file
from press.runs.edit_file import CHANGED
from press.runs.edit_words import DetailsEdit, TextEdit, count_up, read_texts, save_details, save_text
from press.runs.handout import Site
from press.runs.text_level import read_level
from tests.support import check_few, copied, edit, told

DAY = date(2026, 11, 30)
TOPIC = "wallet-card"
NAME = "step-spare"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    check_few(monkeypatch)
    return copied(tmp_path)


def _words(root: Path, name: str, language: str = "en", topic: str = TOPIC) -> str:
    return Site(root).library.words(topic, language).texts[name][0]


def _edit(root: Path, words: str, name: str = NAME, language: str = "en", topic: str = TOPIC) -> TextEdit:
    return TextEdit(topic, language, name, words, _words(root, name, language, topic))


@contextmanager
def _told_of_change() -> Iterator[None]:
    with told() as problems:
        yield
    assert [problem.code for problem in problems] == [CHANGED]


def _path(root: Path, language: str = "en") -> Path:
    return root / "handouts" / TOPIC / f"{language}.yaml"


def test_one_line_changes_and_every_other_byte_stays(root: Path) -> None:
    before = _path(root).read_bytes()
    done = save_text(Site(root), _edit(root, ' Give one to "somebody":\r\n\tyou   trust. '), DAY)
    assert (done.is_saved, done.words) == (True, 'Give one to "somebody": you trust.')
    old, new = before.splitlines(), _path(root).read_bytes().splitlines()
    assert [b for a, b in zip(old, new, strict=True) if a != b] == [
        b'  step-spare: "Give one to \\"somebody\\": you trust."'
    ]
    assert _words(root, NAME) == done.words
    save_text(Site(root), _edit(root, done.before), DAY)  # the old words are put back
    assert _path(root).read_bytes() == before


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_mark_of_an_editor_stay(root: Path, mark: bytes) -> None:
    before = mark + _path(root).read_bytes().replace(b"\n", b"\r\n")
    _path(root).write_bytes(before)
    save_text(Site(root), _edit(root, "Give a card to a friend."), DAY)
    after = _path(root).read_bytes()
    assert after == before.replace(
        b"Give a second card to someone you trust, if you wish.", b"Give a card to a friend."
    )


@pytest.mark.parametrize(
    ("words", "told_at"),
    [
        ("", "there are no words here"),
        (" \t\r\n ", "there are no words here"),
        ("Give **one.", "`**` that is never closed"),
        ("Give {nobody}.", "unknown placeholder {nobody}"),
        ("Give {one", "a lone `{`"),
        ("a\x07b", "CONTROL CHARACTER"),
        ("a\u202eb", "is not allowed"),
        ("Give it. " * 8000, "expected at most 2000"),
        ("Tell an addict.", "found “addict”"),
        ("Give it to " + "a very good " * 9 + "friend.", "the sentence is too long"),
    ],
)
def test_what_the_page_refuses_is_not_saved(root: Path, words: str, told_at: str) -> None:
    before = _path(root).read_bytes()
    with told() as problems:
        save_text(Site(root), _edit(root, words), DAY)
    assert any(told_at in problem.message for problem in problems), problems
    assert _path(root).read_bytes() == before
    assert not list(root.rglob("*.part"))


@pytest.mark.parametrize(
    "words", ['key: "v" # no', "- [x] {{', &a *b !c", "<b>Give</b> it", "%TAG ! | >", "yes", "’“¿ñ"]
)
def test_the_notation_of_the_file_means_nothing_in_words(root: Path, words: str) -> None:
    words = words.replace("{{", "(")
    save_text(Site(root), _edit(root, words), DAY)
    assert _words(root, NAME) == words


def test_a_new_fault_of_the_whole_page_is_a_reason_not_to_save(root: Path) -> None:
    hard = "Considerable generosity is necessary everywhere. " * 30
    with told() as problems:
        save_text(Site(root), _edit(root, hard), DAY)
    assert {problem.message.partition(":")[0] for problem in problems} == {"the page is too hard"}
    assert _words(root, NAME) != hard


def test_a_page_that_was_too_hard_may_become_easier_step_by_step(root: Path) -> None:
    edit(_path(root), "Cut along the solid lines.", "Considerable generosity is necessary everywhere. " * 30)
    edit(_path(root), "Give a second card", "Generosity: give a considerable second card")
    done = save_text(Site(root), _edit(root, "Give a card to a friend."), DAY)
    assert done.is_saved
    assert {problem.message.partition(":")[0] for problem in done.still_wrong} == {"the page is too hard"}


def test_faults_of_other_texts_do_not_forbid_an_edit_and_are_shown_there(root: Path) -> None:
    edit(_path(root), '"Wallet card"', '""')
    edit(_path(root), '"Fold"', '"**Fold"')
    texts = {text.name: text for text in read_texts(Site(root), TOPIC, "en").texts}
    assert "is empty" in texts["title"].problems[0].message
    assert "never closed" in texts["fold-here"].problems[0].message
    assert save_text(Site(root), _edit(root, "Give one to a friend."), DAY).is_saved
    assert save_text(Site(root), _edit(root, "Wallet card", "title"), DAY).is_saved
    assert not read_texts(Site(root), TOPIC, "en").texts[0].problems


def test_two_people_with_one_sentence_lose_nothing(root: Path) -> None:
    mine, theirs = _edit(root, "Give one to a friend."), _edit(root, "Give one to your sister.")
    save_text(Site(root), theirs, DAY)
    with _told_of_change():
        save_text(Site(root), mine, DAY)
    assert _words(root, NAME) == theirs.words


def test_two_people_with_two_sentences_both_save(root: Path) -> None:
    mine, theirs = _edit(root, "Give one to a friend."), _edit(root, "Cut along the lines.", "step-cut")
    save_text(Site(root), theirs, DAY)
    save_text(Site(root), mine, DAY)
    assert (_words(root, NAME), _words(root, "step-cut")) == (mine.words, theirs.words)


def test_a_file_that_an_editor_saves_during_the_check_is_not_overwritten(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def set_values(*args: object) -> bytes:
        changed = real(*args)  # type: ignore[arg-type]  # handed on as they came
        edit(_path(root), '"Fold"', '"Fold it"')
        return changed

    real = edit_file.set_values
    monkeypatch.setattr(edit_file, "set_values", set_values)
    with told() as problems:
        save_text(Site(root), _edit(root, "Give one to a friend."), DAY)
    assert "saved this file while yours was being checked" in problems[0].message
    assert (_words(root, "fold-here"), _words(root, NAME)[:4]) == ("Fold it", "Give")


def test_a_protected_file_and_a_link_are_left_alone(root: Path) -> None:
    _path(root).chmod(0o444)
    with told() as problems:
        save_text(Site(root), _edit(root, "Give one to a friend."), DAY)
    assert problems[0].message == "this file is protected: it may only be read"
    _path(root).chmod(0o644)
    os.replace(_path(root), root / "elsewhere.yaml")
    _path(root).symlink_to(root / "elsewhere.yaml")
    with told() as problems:
        save_text(Site(root), _edit(root, "Give one to a friend."), DAY)
    assert "a link" in problems[0].message


@pytest.mark.parametrize("topic", ["../secret", "phrases", "..", "", "wallet-card/../wallet-card"])
def test_only_a_listed_handout_and_language_lead_to_a_file(root: Path, topic: str) -> None:
    with pytest.raises(HandoutError):
        read_texts(Site(root), topic, "en")
    with pytest.raises(HandoutError):
        save_text(Site(root), TextEdit(topic, "en", NAME, "x", "y"), DAY)
    for language in ("../en", "handout", "review", "fr", ""):
        with pytest.raises(HandoutError):
            read_texts(Site(root), TOPIC, language)


def test_english_that_leaves_a_translation_behind_is_saved_and_told(root: Path) -> None:
    done = save_text(Site(root), _edit(root, "Give a second card to 3 people."), DAY)
    assert done.is_saved
    assert [problem.place.file for problem in done.elsewhere] == [f"handouts/{TOPIC}/es.yaml"]
    with told() as problems:  # and the translation may not drift from the English
        save_text(Site(root), _edit(root, "Dé la tarjeta a 4 personas.", language="es"), DAY)
    assert "4" in problems[0].message


def test_a_reviewer_who_has_not_read_the_new_words_is_taken_out(root: Path) -> None:
    names = ("1.1.0", "Ana Example", "Pat Example", "2026-11-01")
    assert save_details(Site(root), DetailsEdit(TOPIC, "es", names, ("1.1.0", "", "", "")))
    assert read_texts(Site(root), TOPIC, "es").review == names[1:]
    done = save_text(Site(root), _edit(root, "Dé la otra tarjeta a una amiga.", language="es"), DAY)
    assert done.unreviewed
    assert read_texts(Site(root), TOPIC, "es").review == ("Ana Example", "", "")


def test_who_reviewed_is_checked_and_never_overwritten_unseen(root: Path) -> None:
    for typed in (("1.1.0", "", "", "30.11.2026"), ("soon", "", "", ""), ("1.1.0", "", "x" * 400, "")):
        with pytest.raises(HandoutError):
            save_details(Site(root), DetailsEdit(TOPIC, "es", typed, ("1.1.0", "", "", "")))
    with _told_of_change():
        save_details(Site(root), DetailsEdit(TOPIC, "es", ("1.1.0", "A", "B", ""), ("1.1.0", "C", "", "")))
    assert not save_details(Site(root), DetailsEdit(TOPIC, "es", ("1.1.0", "", "", ""), ("1.1.0", "", "", "")))


def test_a_version_is_counted_up_once(root: Path) -> None:
    assert count_up(Site(root), TOPIC, "1.1.0") == "1.1.1"
    with _told_of_change():
        count_up(Site(root), TOPIC, "1.1.0")
    site = Site(root)
    assert site.library.structure(TOPIC).version == "1.1.1"
    assert [site.library.words(TOPIC, name).follows for name in ("en", "es")] == ["1.1.1", "1.1.0"]
    assert count_up(Site(root), TOPIC, "1.1.1") == "1.1.2"


def test_facts_that_may_not_be_lost_are_named_in_the_order_of_the_page(root: Path) -> None:
    texts = read_texts(Site(root), TOPIC, "en").texts
    assert texts[0].name == "title"
    danger = next(text for text in texts if text.name == "danger")
    assert (danger.conditions, danger.hard) == (("reason: opioid, both",), ("O1",))
    assert len(texts) == len({text.name for text in texts}) > 30


def test_the_level_of_a_text_names_the_hard_sentence_and_its_hard_words(root: Path) -> None:
    found = read_level(
        Site(root), TOPIC, "en", "Call us at {clinic_phone} now.\nContemporary naltrexone " + "is so good " * 8 + "."
    )
    assert [(one.is_long, one.hard_words) for one in found.sentences] == [(False, ()), (True, ("Contemporary",))]
    assert found.score is not None and found.score < found.limit == 6.0
    spanish = read_level(Site(root), TOPIC, "es", "Llame ya.")
    assert spanish.score is not None and spanish.score > spanish.limit == 65.0
    bad = read_level(Site(root), TOPIC, "en", "{nobody} is an **addict")
    assert {problem.message.split(" ")[0] for problem in bad.problems} == {"unknown", "found"}
    assert read_level(Site(root), TOPIC, "en", "").sentences == ()
