"""What a clinician ticks before signing: each change since the last signature, or each page where all of it is new."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from hashlib import sha256

from press.content.approvals import Approval, check_translation, fingerprint_of, months_after
from press.content.handout import Handout
from press.content.teach_back import SIGNED_AS
from press.document.nodes import plain
from press.errors import Place, Problem, Problems, refuse
from press.records import dataclass
from press.reports.signing_packet import SigningPacket, check_signature, find_open, make_packet, sign_words
from press.reports.teach_back import list_questions
from press.runs.handout import Site
from press.runs.sign_variants import list_unseen, list_variants
from press.runs.signed_pages import are_as_signed
from press.runs.signing import (
    STRUCTURE,
    TEMPLATES,
    SignatureRequest,
    WordsToSign,
    compare_words,
    words_to_sign,
)

# Kinds of points, with STRUCTURE and TEMPLATES.
TEXT, PAGE, UNSEEN, QUESTIONS, WHOLE = "text", "page", "unseen", "questions", "whole"


@dataclass(frozen=True)
class SigningPoint:
    """One thing to read and tick. `id` names it in a form.

    A text has its sentences with the marks of `WordsDiff`; a page is the one of that number in the packet; `UNSEEN`
    are the words that stand on none of the pages; `QUESTIONS` are what staff ask, each followed by what the page says
    in answer, marked `=`; `WHOLE` is that the whole page was read with its changes.
    """

    id: str
    kind: str
    name: str = ""
    sentences: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SigningSheet:
    """All that a clinician reads before signing; `digest` is of what is signed, `latest` the last day it may hold.

    `before` is who signed last, as what and on what day. `still_open` wants a reason, `warnings` do not.
    """

    topic: str
    language: str
    version: str
    title: str
    before: tuple[str, str, date] | None
    points: tuple[SigningPoint, ...]
    still_open: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    left_out: tuple[str, ...]
    packet: SigningPacket
    latest: date
    digest: str


def make_sheet(site: Site, topic: str, language: str, today: date) -> SigningSheet:
    """Check a handout in every combination, and show what would be signed. Raises HandoutError with its errors."""
    words = _checked(site, topic, language, today)
    handout, approval = words.handout, site.status(words.handout, today).approval
    return SigningSheet(
        topic=topic,
        language=language,
        version=handout.structure.version,
        title=plain(handout.texts[handout.structure.title.text].children),
        before=(approval.by, approval.role, approval.on) if approval else None,
        points=list_points(site, words, approval),
        still_open=find_open(site, handout),
        warnings=words.problems,
        left_out=words.left_out,
        packet=make_packet(site, words, today),
        latest=months_after(today, handout.structure.review_months),
        digest=_digest(words, approval),
    )


def _checked(site: Site, topic: str, language: str, today: date) -> WordsToSign:
    """Check what would be signed, before somebody reads it in vain. Raises HandoutError."""
    words, problems = words_to_sign(site, topic, language, today), Problems()
    problems.extend(words.errors)
    if words.handout.is_translation:
        check_translation(words.handout, problems)
    problems.raise_if_errors()
    return words


def _digest(words: WordsToSign, approval: Approval | None) -> str:
    """Hash what is signed, and what it was compared with."""
    assert words.built is not None, "words without an error have pages"
    parts = fingerprint_of(words.handout), words.built.pages, words.built.templates, approval.seal if approval else ""
    return sha256("\n".join(parts).encode()).hexdigest()


def list_points(site: Site, words: WordsToSign, approval: Approval | None) -> tuple[SigningPoint, ...]:
    """List what must be ticked: the changes and the page as a whole, or every page if nothing was signed or changed."""
    handout = words.handout
    if approval and (changes := _changes(site, handout, approval)):
        return (*changes, SigningPoint(WHOLE, WHOLE))
    variants = list_variants(site, handout)
    pages = [SigningPoint(f"page-{number}", PAGE, str(number)) for number in range(1, len(variants) + 1)]
    unseen = tuple(("+", text.words) for text in list_unseen(handout, variants))
    return (*pages, *([SigningPoint(UNSEEN, UNSEEN, sentences=unseen)] if unseen else []), *_questions(handout))


def _changes(site: Site, handout: Handout, approval: Approval) -> list[SigningPoint]:
    """List what is not as it was signed; questions are read together, where one of them changed."""
    diffs = compare_words(handout, approval, are_as_signed(handout, site.clinic, site.templates, approval))
    asked = [diff for diff in diffs if diff.name.startswith(SIGNED_AS)]
    kinds = {STRUCTURE: STRUCTURE, TEMPLATES: TEMPLATES}
    changes = [
        SigningPoint(f"change-{number}", kinds.get(diff.name, TEXT), diff.name, diff.sentences)
        for number, diff in enumerate((diff for diff in diffs if diff not in asked), 1)
    ]
    gone = tuple(sentence for diff in asked if diff.name.count("/") == 1 for sentence in diff.sentences)
    return [*changes, *(_questions(handout, tuple(line for line in gone if line[0] == "-")) if asked else [])]


def _questions(handout: Handout, gone: tuple[tuple[str, str], ...] = ()) -> list[SigningPoint]:
    """Show the questions for staff with what the page says in answer, after those that are `gone`."""
    asked = list_questions(handout)
    lines = [line for ask, key in asked for line in (("+", ask), *(("=", text) for text in key))]
    return [SigningPoint(QUESTIONS, QUESTIONS, sentences=(*gone, *lines))] if gone or lines else []


def sign_points(site: Site, request: SignatureRequest, today: date, digest: str, ticked: Collection[str]) -> Approval:
    """Sign words of which every point was ticked, if they are what the sheet with this `digest` showed.

    Raises HandoutError: for points without a tick, for what changed since, and as `check_signature` does.
    """
    words = _checked(site, request.topic, request.language, today)
    approval = site.status(words.handout, today).approval
    if _digest(words, approval) != digest:
        message = "the words, or how their pages are built, changed while they were read"
        raise refuse(Place("words"), message, "nothing was signed: read them again")
    points = list_points(site, words, approval)
    left = [point for point in points if point.id not in ticked]
    if left:
        message = f"{len(left)} of {len(points)} points are not ticked"
        raise refuse(Place("ticked"), message, "tick each one that you have read; who has not read it cannot sign it")
    check_signature(site, request, today, words)
    return sign_words(Site(site.root), request, today, words).approval
