"""The strip for staff to see whether a handout was understood: its questions, and what it says in answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from press.compose.template import Fields
from press.content.approvals import code_of
from press.content.handout import Handout
from press.content.localize import language_in_words
from press.delivery.destination import Target
from press.document.nodes import Document, Inline, Placeholder, Strong, plain
from press.errors import Place, did_you_mean, refuse
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
    context = {
        "handout": handout.structure.topic,
        "version": handout.structure.version,
        "fingerprint": code_of(handout),
        "language": language_in_words(handout.language, LANGUAGE),
        "questions": tuple(
            Fields(ask=one.ask, key=tuple(_words(handout, handout.texts[name].children) for name in one.key))
            for one in handout.teach_back
        ),
    }
    return compose_report(site, texts, KIND, texts[KIND], today, context)


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
