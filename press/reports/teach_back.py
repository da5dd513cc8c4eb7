"""The strip for staff to see whether a handout was understood: its questions, and what it says in answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from press.compose.language_marks import mark_language
from press.compose.sandbox import Fields
from press.content.approvals import code_of
from press.content.handout import Handout
from press.content.localize import language_in_words
from press.content.teach_back import TeachBack
from press.delivery.destination import Target
from press.document.nodes import Content, Document, Inline, Placeholder, Strong, Text, plain
from press.errors import Place, did_you_mean, refuse
from press.records import replace
from press.reports.page import LANGUAGE, compose_report, deliver_page, read_words
from press.runs.handout import Site

KIND = "teach-back"
_BLANK = "…"  # for what a person's own page has


def deliver_teach_back(
    site: Site, topic: str, language: str, today: date, form: str, target: Target, paper: str = ""
) -> Path | bytes:
    """Print the questions of a handout with their key, and put them where it was asked for.

    Gives the path, or the bytes for standard output. Raises HandoutError: there is no such handout, or it has none.
    """
    if topic not in site.library.topics:
        raise refuse(Place("handout"), "there is no such handout", did_you_mean(topic, site.library.topics))
    handout = site.handout(topic, language)
    if not handout.teach_back:
        hint = "`teach_back` in its words has three, each with the texts that answer it"
        raise refuse(Place(handout.words_file), "this handout has no questions for teach-back", hint)
    return deliver_page(site, lambda: _compose(site, handout, today), f"{KIND}-{topic}-{language}", form, target, paper)


def _compose(site: Site, handout: Handout, today: date) -> Document:
    texts = read_words(site)
    page = compose_report(site, texts, KIND, texts[KIND], today, {"strip": strip_of(handout)})
    return mark_strips(page, (handout,))


def strip_of(handout: Handout) -> Fields:
    """Gather what a page for staff shows of a handout: its name, its questions, and what it says in answer."""
    return Fields(
        handout=handout.structure.topic,
        version=handout.structure.version,
        fingerprint=code_of(handout),
        language=language_in_words(handout.language, LANGUAGE),
        questions=tuple(Fields(ask=_as_text(one.ask, one.place), key=_key(handout, one)) for one in handout.teach_back),
    )


def list_questions(handout: Handout) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """List each question with the words of its key."""
    return tuple((one.ask, tuple(plain((text,)) for text in _key(handout, one))) for one in handout.teach_back)


def mark_strips(page: Document, handouts: tuple[Handout, ...]) -> Document:
    """Mark the questions and answers of these handouts on a page for staff as being in their languages."""
    body = page.body
    for handout in handouts:
        if handout.language != page.language:
            texts = (text for one in handout.teach_back for text in (_as_text(one.ask, one.place), *_key(handout, one)))
            places = frozenset(text.place for text in texts)
            body = tuple(mark_language(block, places, handout.language) for block in body)
    return replace(page, body=body)


def _key(handout: Handout, one: TeachBack) -> tuple[Content, ...]:
    texts = (handout.texts[name] for name in one.key)
    return tuple(_as_text(_words(handout, text.children), text.place) for text in texts)


def _as_text(words: str, place: Place) -> Content:
    return Content(KIND, (Text(words),), place)


def _words(handout: Handout, children: tuple[Inline, ...]) -> str:
    """A text in plain words: with the numbers that are the same for everybody, and a gap for all else."""
    said = []
    for node in children:
        match node:
            case Placeholder():
                said.append(handout.helplines.numbers.get(node.name, _BLANK))
            case Strong():
                said.append(_words(handout, node.children))
            case _:
                said.append(plain((node,)))
    return "".join(said)
