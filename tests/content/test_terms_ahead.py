"""The texts that were noted as being without a fault are without one, and nothing else is taken for one of them.

`pytest --update-goldens tests/content/test_terms_ahead.py` notes them anew, after a change of words or of rules.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from press.content import terms
from press.content.terms import CLEAN_TEXTS, digest_of, faults, swap_faults
from press.document import xhtml
from press.document.nodes import Content, Inline, Placeholder, Strong
from press.lru import LRU
from press.patients.options import Options
from press.runs.handout import Site, complete, make
from tests.support import ROOT, TODAY


def shipped_texts() -> Iterator[tuple[str, str]]:
    """All that the shipped handouts say, as it is judged on a page: a value is three dots."""
    site = Site(ROOT)
    for topic in site.library.topics:
        for language in site.library.languages(topic):
            handout = site.handout(topic, language)
            for text in (*handout.texts.values(), *handout.phrases.values(), *handout.draft_marks):
                yield words_of(text), language


def words_of(node: Inline) -> str:
    if isinstance(node, Placeholder):
        return "…"
    if isinstance(node, Content | Strong):
        return "".join(map(words_of, node.children))
    return str(getattr(node, "text", ""))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The digests of clean texts, none to begin with."""
    digests: set[str] = set()
    monkeypatch.setattr(terms, "_clean_texts", lambda: digests)
    forget()
    yield digests
    forget()


def forget() -> None:
    """Let nothing that was found before be found by memory."""
    terms._found.cache_clear()
    swap_faults.cache_clear()


def test_exactly_the_texts_without_a_fault_are_noted(request: pytest.FixtureRequest, known: set[str]) -> None:
    texts = set(shipped_texts())
    found = {digest_of(*text) for text in texts if not faults(*text) and not swap_faults(*text)}
    acronyms = {digest_of(*text) for text in texts if terms._found(*text)}
    if request.config.getoption("update_goldens"):
        CLEAN_TEXTS.write_text("\n".join(sorted(found - acronyms)) + "\n", "ascii")

    assert len(texts) > 1000 and 0 < len(acronyms) < 20
    assert CLEAN_TEXTS.read_text("ascii").split() == sorted(found - acronyms)


def test_only_the_very_text_in_the_very_language_is_taken_as_clean(known: set[str]) -> None:
    bad, other = "Naloxone cures you; it is safe until Monday.", "Naloxone cures you; it is safe until Friday."
    known.add(digest_of(bad, "en"))

    assert not faults(bad, "en") and not swap_faults(bad, "en")
    assert {fault.kind for fault in faults(other, "en")} == {"promise", "danger", "style"}
    assert faults(bad, "es")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_of_the_release_asks_for_no_rule(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason why its texts are noted."""
    forget()
    monkeypatch.setattr(xhtml, "_parsed", LRU(4096))  # what was found in the same block before is not looked for again
    monkeypatch.setattr(terms, "_rules", lambda language: pytest.fail("a rule was asked for"))
    site = Site(ROOT)
    made = make(site, "overdose-warning", complete(site, Options(language=language), TODAY)[0], TODAY)

    assert made.document.language == language and terms._found.cache_info().misses > 20
