"""The screens of the words: what is saved, what is refused and where it is said, and who must read it again."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from press.runs.handout import Site
from tests.desk.support import DeskClient, said
from tests.support import check_few, copied, edit

HERE = "/words/wallet-card/en"
NAME = "step-spare"
SHOWN = "Give a second card to someone you trust, if you wish."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskClient:
    check_few(monkeypatch)
    return DeskClient(copied(tmp_path))


def _save(desk: DeskClient, words: str, shown: str = SHOWN, name: str = NAME, **headers: str) -> TestResponse:
    return desk.post(f"{HERE}/text", {"f1": name, "f2": words, "f3": shown}, **headers)


def _words(desk: DeskClient, name: str = NAME) -> str:
    return Site(desk.desk.root).library.words("wallet-card", "en").texts[name][0]


def test_all_handouts_are_listed_with_who_must_sign(desk: DeskClient) -> None:
    page = desk.get("/words")
    topics = desk.desk.site.library.topics
    links = re.findall(r'href="(/words/[^"]+|/sign/[^"]+)"', page.text)

    assert len(topics) > 5 and all(f"/words/{topic}/en" in links and f"/sign/{topic}/en" in links for topic in topics)
    assert "Not signed yet" in said(page) and "44 of 44 questions have no answer" in said(page)


def test_a_broken_handout_is_listed_with_its_reason_and_can_be_opened(desk: DeskClient) -> None:
    edit(desk.desk.root / "handouts/wallet-card/en.yaml", '"Fold"', '"**Fold"')
    assert "never closed" in said(desk.get("/words"))
    page = desk.get(HERE)
    assert page.status_code == 200
    assert "This page cannot be printed" in said(page) and said(page).count("never closed") == 2  # at its text, too


def test_each_text_stands_beside_pictures_of_the_page(desk: DeskClient) -> None:
    page = desk.get(HERE)
    texts = desk.desk.site.library.words("wallet-card", "en").texts

    assert len(texts) > 30 and all(f'id="words-{name}"' in page.text for name in texts)
    assert html.escape(SHOWN) in page.text and "Must stay" in said(page)
    pictures = re.findall(r'<img src="(/words/side/[^"]+)"', page.text)
    assert len(pictures) == 2
    for picture in pictures:
        assert desk.get(picture).data.startswith(b"\x89PNG")
    assert desk.get(pictures[0].replace("/1.png", "/3.png")).status_code == 404
    tablets = desk.get(f"{HERE}/pages?form=tablet&reason=alcohol")
    assert tablets.status_code == 200 and tablets.text.count("<img") == 2
    assert desk.get(f"{HERE}?form=cream").status_code == 404


def test_a_sentence_is_saved_and_its_old_words_can_be_put_back(desk: DeskClient) -> None:
    page = desk.follow(_save(desk, "Give one to a friend."))
    assert _words(desk) == "Give one to a friend."
    assert "Saved." in said(page) and f"Before: {SHOWN}" in said(page)

    fragment = _save(desk, SHOWN, "Give one to a friend.", **HTMX)
    assert fragment.status_code == 200 and fragment.headers["HX-Trigger"] == "saved"
    assert "<html" not in fragment.text and f'id="text-{NAME}"' in fragment.text
    assert _words(desk) == SHOWN


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_refused_stands_at_its_text_with_what_was_typed(desk: DeskClient, headers: dict[str, str]) -> None:
    typed = 'Give **one <b>"now"</b> & {nobody}'
    answer = _save(desk, typed, **headers)

    assert answer.status_code == 422 and _words(desk) == SHOWN
    assert "`**` that is never closed" in said(answer) and "unknown placeholder {nobody}" in said(answer)
    assert html.escape(typed, quote=False) in answer.text.replace("&#34;", '"')
    assert f'aria-describedby="error-{NAME} level-{NAME}"' in answer.text
    assert (f'href="#words-{NAME}"' in answer.text) == (not headers)  # the summary of the whole page


def test_two_tabs_with_one_sentence_are_told_and_lose_nothing(desk: DeskClient) -> None:
    _save(desk, "Give one to your sister.")
    answer = _save(desk, "Give one to a friend.")
    assert answer.status_code == 422
    assert "somebody else changed this" in said(answer)
    assert "It now says: Give one to your sister." in said(answer)
    assert ">Give one to a friend.</textarea>" in answer.text

    shown = re.search(rf'value="{NAME}"><input type="hidden" name="f3" value="([^"]+)"', answer.text)
    assert shown and shown[1] == "Give one to your sister."  # so that saving again is a choice
    _save(desk, "Give one to a friend.", shown[1])
    assert _words(desk) == "Give one to a friend."


def test_the_level_is_judged_while_typing(desk: DeskClient) -> None:
    answer = desk.post(f"{HERE}/level", {"f1": NAME, "f2": "A considerable " + "very good " * 10 + "card."})
    assert answer.status_code == 200
    assert '<mark class="hard">' in answer.text and "Long words: considerable" in said(answer)
    assert "23 words: at most 20" in said(answer)
    assert desk.post(f"{HERE}/level", {"f1": NAME, "f2": "Give it."}).text.count("hard") == 0
    assert _words(desk) == SHOWN


@pytest.mark.parametrize(
    "path",
    ["/words/nothing/en", "/words/phrases/en", "/words/wallet-card/fr", "/words/wallet-card/handout", "/words/../en", "/words/%2e%2e/en"],
)  # fmt: skip
def test_what_the_library_does_not_list_is_no_address(desk: DeskClient, path: str) -> None:
    assert desk.get(path).status_code == 404
    for end in ("text", "level", "details", "version"):
        assert desk.post(f"{path}/{end}", {"f1": NAME, "f2": "x", "f3": SHOWN}).status_code == 404
    assert desk.get(path.replace("/words", "/sign")).status_code == 404


def test_a_text_that_is_gone_and_a_text_that_is_too_long_are_refused(desk: DeskClient) -> None:
    assert _save(desk, "x", name="gone").status_code == 422
    assert "expected at most 2000" in said(_save(desk, "word " * 2000))
    assert _save(desk, "x" * 70_000).status_code == 413


def test_the_version_is_counted_up_and_a_translation_follows(desk: DeskClient) -> None:
    assert "Count up to 1.1.1" in said(desk.get(HERE))
    assert desk.post(f"{HERE}/version", {"f1": "1.1.0"}).status_code == 303
    assert desk.post(f"{HERE}/version", {"f1": "1.1.0"}).status_code == 422  # a double click counts once
    assert "must follow" in said(desk.get("/words"))

    there = "/words/wallet-card/es"
    shown = "1.1.0\n\n\n"
    wrong = desk.post(f"{there}/details", {"f1": "1.1.1", "f4": "yesterday", "f5": shown})
    assert wrong.status_code == 422 and 'href="#f4"' in wrong.text and 'value="1.1.1"' in wrong.text
    typed = {"f1": "1.1.1", "f2": "Ana Example", "f3": "Pat Example", "f4": "2026-11-20", "f5": shown}
    assert "Saved." in said(desk.follow(desk.post(f"{there}/details", typed)))
    words = Site(desk.desk.root).library.words("wallet-card", "es")
    assert (words.follows, words.review.reviewer) == ("1.1.1", "Pat Example")
