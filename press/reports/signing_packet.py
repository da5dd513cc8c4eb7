"""The packet that a clinician reads before signing: what changed, what is open, and every different page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from press.compose.template import Fields
from press.content.approvals import code_of
from press.content.handout import Structure
from press.content.localize import language_in_words
from press.document.nodes import Document, Numbering
from press.errors import Place, Problem, Problems
from press.reports.page import LANGUAGE, compose_report, read_words, report_part
from press.reports.review import FILE, report
from press.runs.handout import Site, forme_of, lay_out_one
from press.runs.hardening import harden_reportlab, watching
from press.runs.sign_variants import Variant, list_unseen, list_variants
from press.runs.signed_pages import are_as_signed
from press.runs.signing import SignatureRequest, SignedWords, WordsToSign, approve_words, diff_approval, signature_of

if TYPE_CHECKING:
    from press.writers.pdf.reuse.forme import Copy

_RUN = "packet"  # in the footers: `packet-3` is the third side


@dataclass(frozen=True)
class SigningPacket:
    """A file for the clinician; `changes` are the sentences that differ from those that were signed, in lines.

    `since` says what they are compared with. `kinds` counts the kinds of readers, `pages` their different pages.
    """

    name: str
    data: bytes
    since: str
    changes: tuple[str, ...]
    kinds: int
    pages: int


def find_open(site: Site, words: WordsToSign) -> tuple[Problem, ...]:
    """Find what stands against a signature that says no reason: no source is named, nobody reviewed the page.

    Raises HandoutError if the record of the review is broken.
    """
    handout = words.handout
    return tuple(_open_points(site, handout.structure, handout.language))


def _open_points(site: Site, structure: Structure, language: str) -> Iterator[Problem]:
    topic = structure.topic
    hint = "or sign all the same, and say why with --why"
    if not structure.sources:
        yield Problem(structure.place_of("sources"), "no source is named", f"name the label or guideline; {hint}")
    (found,) = (scores for scores in report(site, (topic,)) if scores.language == language)
    if found.answered < len(found.results):
        open_items = f"{len(found.results) - found.answered} of {len(found.results)} questions have no answer"
        place = Place(site.library.shown(topic, FILE))
        yield Problem(place, f"the review in {language} is open: {open_items}", f"have the page reviewed; {hint}")


def check_signature(site: Site, request: SignatureRequest, today: date, words: WordsToSign) -> None:
    """Refuse a signature before anybody is asked: for its day, its signer, or what is open and has no reason.

    Raises HandoutError with all of it.
    """
    problems = Problems()
    if not request.why:
        problems.extend(find_open(site, words))
    with problems.gathering():
        signature_of(words, request, today)
    problems.raise_if_errors()


def sign_words(site: Site, request: SignatureRequest, today: date, shown: WordsToSign) -> SignedWords:
    """Sign words that were shown; with a `site` that is read anew, what changed meanwhile is refused.

    Raises HandoutError.
    """
    check_signature(site, request, today, shown)
    return approve_words(site, request, today, shown)


def make_packet(site: Site, words: WordsToSign, today: date) -> SigningPacket:
    """Print the packet of words that passed their checks. Raises HandoutError."""
    harden_reportlab()
    handout = words.handout
    variants = list_variants(site, handout)
    since, changes = _changes(site, words, today)
    with watching([site.root], []):
        data = _print(site, words, variants, since, changes, today)
    name = f"to-sign-{handout.structure.topic}-{handout.language}.pdf"
    kinds = sum(len(variant.readers) for variant in variants)
    return SigningPacket(name, data, since, changes, kinds, len(variants))


def _print(
    site: Site, words: WordsToSign, variants: tuple[Variant, ...], since: str, changes: tuple[str, ...], today: date
) -> bytes:
    """Print the cover and every variant, each of them as a part of the file that is named by its sides."""
    from press.writers.pdf.file.job import JobFile
    from press.writers.pdf.file.page_tree import Part

    copies: dict[str, Copy] = {}
    last = 0
    for variant in variants:
        copy = _numbered(site, variant, last + 1)
        copies[_span(last + 1, last + copy.pages)] = copy
        last += copy.pages
    cover = _cover(site, words, _Cover(since, changes, variants, tuple(copies)), today)
    buffer = BytesIO()
    file = JobFile(buffer.write, cover.title, cover.language)
    file.add(report_part(site, cover))
    for name, copy in copies.items():
        file.add(Part(name, words.handout.language, (copy,)))
    file.end()
    return buffer.getvalue()


def _numbered(site: Site, variant: Variant, first: int) -> Copy:
    """One page with the numbers of its sides; a longer number may push words to another side."""
    pages = forme_of(site, variant.made, _RUN).pages
    copy = lay_out_one(site, variant.made, _RUN, Numbering(1, pages, first, 1))
    return copy if copy.pages == pages else lay_out_one(site, variant.made, _RUN, Numbering(1, copy.pages, first, 1))


def _span(first: int, last: int) -> str:
    return f"{_RUN}-{first}" + (f" to {last}" if last > first else "")


def _changes(site: Site, words: WordsToSign, today: date) -> tuple[str, tuple[str, ...]]:
    """What the words are compared with, and what changed, in lines."""
    texts, approval = read_words(site), site.status(words.handout, today).approval
    if approval is None:
        return texts["never-signed"], ()
    lines = diff_approval(words.handout, approval, are_as_signed(words.handout, site.clinic, site.templates, approval))
    signer = f"{approval.by}, {approval.role}, {approval.on.isoformat()}"
    return f"{texts['compared-with' if lines else 'unchanged']} {signer}.", tuple(lines)


@dataclass(frozen=True)
class _Cover:
    """What the first pages of a packet say beside the words themselves."""

    since: str
    changes: tuple[str, ...]
    variants: tuple[Variant, ...]
    sheets: tuple[str, ...]


def _cover(site: Site, words: WordsToSign, cover: _Cover, today: date) -> Document:
    handout, texts = words.handout, read_words(site)
    structure = handout.structure
    switches = tuple(f"{name}: {setting}" for name, setting in handout.switches.items())
    left_open = tuple(f"{problem.place.file}: {problem.message}" for problem in find_open(site, words))
    parts = {
        "still-open": left_open, "settings": switches, "left-out": words.left_out, "sources": structure.sources
    }  # fmt: skip
    context = {
        "words": f"{texts['words-code']} {code_of(handout)}",
        "since": cover.since,
        "changes": tuple(_grouped(cover.changes)),
        "parts": tuple(Fields(title=texts[name], lines=lines) for name, lines in parts.items()),
        "pages": tuple(
            Fields(sheets=sheets, readers=tuple(_reader(texts, *reader) for reader in variant.readers))
            for variant, sheets in zip(cover.variants, cover.sheets, strict=True)
        ),
        "unseen": tuple(
            Fields(name=text.name, words=text.words, conditions=text.conditions)
            for text in list_unseen(handout, cover.variants)
        ),
    }
    language = language_in_words(handout.language, LANGUAGE)
    title = f"{texts['packet']} {structure.topic}, {language}, {texts['version'].lower()} {structure.version}"
    return compose_report(site, "packet", title, today, context)


def _reader(texts: Mapping[str, str], form: str, reason: str, mode: str) -> str:
    return f"{texts[f'form-{form}']}, {texts[f'reason-{reason}']}: {texts[f'mode-{mode}']}"


def _grouped(lines: tuple[str, ...]) -> Iterator[Fields]:
    """The lines of a diff by their text: its id, then its sentences."""
    name, sentences = "", list[str]()
    for line in (*lines, ""):
        if line.startswith(" "):
            sentences.append(line.strip())
            continue
        if name:
            yield Fields(name=name, lines=tuple(sentences))
        name, sentences = line.removesuffix(":"), []
