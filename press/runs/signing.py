"""Sign-off of words: the state of every handout, a new approval, and a diff against the last one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from press.content.approvals import (
    FILE,
    Approval,
    PagesDigest,
    Status,
    added,
    approved_words,
    fingerprint_of,
    read_approvals,
    render,
    sign,
)
from press.content.changes import overdue_problems
from press.content.handout import Handout
from press.content.readability import sentences
from press.delivery.atomic import deliver
from press.delivery.files import SHARED_FILE
from press.delivery.lock import exclusive
from press.errors import HandoutError, Place, Problem, Problems, Severity, refuse
from press.records import dataclass, replace
from press.runs.handout import Site, one_topic
from press.runs.signed_pages import digest_pages
from press.runs.sweep import check_everything


@dataclass(frozen=True)
class ShelfRow:
    """One line of `list`; `left_out` are the facts that the clinic does without, with its reasons."""

    topic: str
    version: str
    language: str
    state: str
    left_out: tuple[str, ...]


def shelf(site: Site, today: date, problems: Problems) -> Iterator[ShelfRow]:
    """List each handout in each language with its state; what cannot be read goes to `problems`."""
    for topic in site.library.topics:
        for language in site.library.languages(topic):
            with problems.gathering():
                handout, state = state_of(site, topic, language, today)
                waiting = site.changes(topic, language)
                problems.extend(overdue_problems(waiting, Severity.WARNING, handout.structure, language))
                yield ShelfRow(topic, handout.structure.version, language, _told(state), left_out_lines(handout))


def left_out_lines(handout: Handout) -> tuple[str, ...]:
    """List what the clinic leaves out of this page, for whoever lists or signs it."""
    return tuple(f"leaves out {fact}: {reason}" for fact, reason in sorted(handout.left_out.items()))


def _told(state: Status) -> str:
    approval = state.approval
    if approval is None:
        return state.state.value
    why = f", although something was open: {approval.why}" if approval.why else ""
    return f"{state.state.value}: {approval.by}, {approval.role}, until {approval.until.isoformat()}{why}"


def state_of(site: Site, topic: str, language: str, today: date) -> tuple[Handout, Status]:
    """Read a handout and judge its approval. Raises HandoutError."""
    handout = site.handout(one_topic(site, topic), language)
    return handout, site.status(handout, today)


@dataclass(frozen=True)
class SignatureRequest:
    """Who signs which words: `on` is the day of the signature, `until` the last day on which it holds.

    Without `until` it holds as long as the handout allows. `why` says why it is given although something is
    still open, such as a review; it is recorded.
    """

    topic: str
    language: str
    by: str
    role: str
    on: date
    until: date | None = None
    why: str = ""


@dataclass(frozen=True)
class WordsToSign:
    """What a signature would cover: the words, how their pages are built, and the facts that the clinic leaves out.

    `problems` are those of the page in every combination; an error forbids to sign it, and nothing is built.
    """

    handout: Handout
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]
    built: PagesDigest | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What forbids to sign them."""
        return tuple(problem for problem in self.problems if problem.is_error)


def words_to_sign(site: Site, topic: str, language: str, today: date) -> WordsToSign:
    """Check a handout in every combination, for whoever is about to sign it. Raises HandoutError if it is not there."""
    handout = site.handout(one_topic(site, topic), language)
    _, found = check_everything(site, (topic,), today, language)
    words = WordsToSign(handout, left_out_lines(handout), tuple(found))
    return words if words.errors else replace(words, built=_built(site, handout))


def _built(site: Site, handout: Handout) -> PagesDigest:
    return digest_pages(handout, site.clinic, site.templates)


@dataclass(frozen=True)
class SignedWords:
    """A new approval, and the words that it covers."""

    approval: Approval
    words: WordsToSign


def approve_words(site: Site, request: SignatureRequest, today: date, shown: WordsToSign | None = None) -> SignedWords:
    """Write an approval of the words as they are now into approvals.yaml.

    The page must first pass every check. Where a person was `shown` words that did, only those are signed: with a
    site that is read anew, words and pages that changed since are refused. Two people at once wait for each other.
    Raises HandoutError.
    """
    words = shown or words_to_sign(site, request.topic, request.language, today)
    if shown and not _is_unchanged(site, shown):
        message = "the words, or how their pages are built, changed while they were read"
        raise refuse(Place(request.topic), message, "nothing was signed: show them again")
    approval = signature_of(words, request, today)
    with exclusive(site.root, FILE):
        known = read_approvals(site.root, site.library.topics, today)
        deliver(render(added(known, approval)), site.root, FILE, mode=SHARED_FILE)
    return SignedWords(approval, words)


def signature_of(words: WordsToSign, request: SignatureRequest, today: date) -> Approval:
    """Make the approval that a request asks for, which is written nowhere yet.

    Raises HandoutError for words that did not pass every check, and for a signature that must not be given.
    """
    if words.errors or words.built is None:
        raise HandoutError(words.errors)
    return sign(words.handout, words.built, request.by, request.role, request.on, request.until, today, request.why)


def _is_unchanged(site: Site, shown: WordsToSign) -> bool:
    structure, language = shown.handout.structure, shown.handout.language
    handout = site.handout(structure.topic, language)
    return fingerprint_of(handout) == fingerprint_of(shown.handout) and _built(site, handout) == shown.built


def diff_texts(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """List each text that differs, as (id, approved words, words now); "" where there is none."""
    names = [name for name in {**old, **new} if old.get(name, "") != new.get(name, "")]
    return [(name, old.get(name, ""), new.get(name, "")) for name in sorted(names)]


STRUCTURE, TEMPLATES = "handout.yaml", "templates"  # names of diffs that are no text's


@dataclass(frozen=True)
class WordsDiff:
    """One text that is not as it was signed: its sentences, each with `-` if it went, `+` if it came, else a space.

    That of `STRUCTURE` has the keys that changed; that of `TEMPLATES`, that pages are built otherwise, has nothing.
    """

    name: str
    sentences: tuple[tuple[str, str], ...] = ()


def compare_words(handout: Handout, approval: Approval, are_pages_alike: bool) -> tuple[WordsDiff, ...]:
    """List what changed since an approval; `are_pages_alike` tells whether the pages are still built as they were."""
    found = [
        WordsDiff(name, tuple(("+", key) for key in _diff_keys(before, after)))
        if name == STRUCTURE
        else WordsDiff(name, tuple(_diff_sentences(before, after)))
        for name, before, after in diff_texts(approval.words, approved_words(handout))
    ]
    return tuple(found) if found or are_pages_alike else (WordsDiff(TEMPLATES),)


def diff_approval(handout: Handout, approval: Approval | None, are_pages_alike: bool) -> list[str]:
    """Show what changed since an approval, sentence by sentence, one line each.

    Raises HandoutError if there is no approval to compare with.
    """
    if approval is None:
        raise refuse(
            Place(handout.structure.topic), "these words were never approved, so there is nothing to compare them with"
        )
    lines: list[str] = []
    for diff in compare_words(handout, approval, are_pages_alike):
        lines.append(f"{diff.name}:")
        if diff.name == STRUCTURE:
            lines.append("  changed: " + ", ".join(key for _, key in diff.sentences))
        elif diff.name == TEMPLATES:
            lines.append("  the pages are built otherwise than when they were signed: look at each page")
        lines += [f"  {mark} {text}" for mark, text in diff.sentences if mark != " " and diff.name != STRUCTURE]
    return lines


def _diff_keys(before: str, after: str) -> list[str]:
    """List the keys of handout.yaml that are not as they were signed."""
    old, new = json.loads(before or "{}"), json.loads(after or "{}")
    return sorted(name for name in {**old, **new} if old.get(name) != new.get(name))


def _diff_sentences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """List the sentences of both in their order, each with its mark."""
    from difflib import ndiff

    compared = ndiff(sentences(before), sentences(after))
    return ((line[0], line[2:]) for line in compared if line[:2] in ("- ", "+ ", "  "))
