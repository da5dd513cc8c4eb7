"""The packet that a clinician reads before signing: what changed, what is open, and every different page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING

from press.compose.sandbox import Fields
from press.content.approvals import code_of
from press.content.handout import Handout
from press.content.localize import language_in_words
from press.document.nodes import Numbering
from press.errors import Place, Problem, Problems
from press.records import dataclass
from press.reports.page import LANGUAGE, compose_report, read_words, report_part
from press.reports.review import FILE, report
from press.reports.teach_back import mark_strips, strip_of
from press.runs.handout import Site, forme_of, lay_out_one
from press.runs.hardening import harden_reportlab, watching
from press.runs.sign_variants import Variant, list_unseen, list_variants
from press.runs.signed_pages import are_as_signed
from press.runs.signing import SignatureRequest, SignedWords, WordsToSign, approve_words, diff_approval, signature_of

if TYPE_CHECKING:
    from press.writers.pdf.file.page_tree import Part
    from press.writers.pdf.reuse.forme import Copy

_RUN = "packet"  # in the footers: `packet-3` is the third side


@dataclass(frozen=True)
class SigningPacket:
    """A file for the clinician; `changes` are the sentences that differ from those that were signed, in lines.

    `since` says what they are compared with. `kinds` counts the kinds of readers, `pages` their different pages;
    `spans` names the sides of each of these, as its footers do, and `places` are their first sides in the file, from 1.
    """

    name: str
    data: bytes
    since: str
    changes: tuple[str, ...]
    kinds: int
    pages: int
    spans: tuple[str, ...]
    places: tuple[int, ...]


def find_open(site: Site, handout: Handout) -> tuple[Problem, ...]:
    """Find what stands against a signature that says no reason: no source is named, nobody reviewed the page.

    Raises HandoutError if the record of the review is broken.
    """
    structure, language = handout.structure, handout.language
    topic, problems = structure.topic, Problems()
    hint = "or sign all the same, and say why with --why"
    if not structure.sources:
        problems.add(structure.place_of("sources"), "no source is named", f"name the label or guideline; {hint}")
    (found,) = (scores for scores in report(site, (topic,)) if scores.language == language)
    if found.answered < len(found.results):
        open_items = f"{len(found.results) - found.answered} of {len(found.results)} questions have no answer"
        place = Place(site.library.shown(topic, FILE))
        problems.add(place, f"the review in {language} is open: {open_items}", f"have the page reviewed; {hint}")
    return tuple(problems)


def check_signature(site: Site, request: SignatureRequest, today: date, words: WordsToSign) -> None:
    """Refuse a signature before anybody is asked: for its day, its signer, or what is open and has no reason.

    Raises HandoutError with all of it.
    """
    problems = Problems()
    if not request.why:
        problems.extend(find_open(site, words.handout))
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
    handout, texts = words.handout, read_words(site)
    variants = list_variants(site, handout)
    since, changes = _compare(site, words, texts, today)
    with watching([site.root], []):
        copies = _lay_out(site, variants)
        context = {
            "since": since,
            "changes": tuple(_grouped(changes)),
            **_about(site, words, texts),
            **_pages(handout, variants, tuple(copies), texts),
            "strip": strip_of(handout),
        }
        page = compose_report(site, texts, "packet", _title(handout, texts), today, context)
        cover = report_part(site, mark_strips(page, (handout,)))
        data = _bind(cover, copies, handout.language)
    name = f"to-sign-{handout.structure.topic}-{handout.language}.pdf"
    kinds = sum(len(variant.readers) for variant in variants)
    return SigningPacket(name, data, since, changes, kinds, len(variants), tuple(copies), _places(cover, copies))


def _lay_out(site: Site, variants: tuple[Variant, ...]) -> dict[str, Copy]:
    """Lay out every variant, each named by its sides in the packet."""
    copies: dict[str, Copy] = {}
    last = 0
    for variant in variants:
        copy = _numbered(site, variant, last + 1)
        copies[_span(last + 1, last + copy.pages)] = copy
        last += copy.pages
    return copies


def _bind(cover: Part, copies: Mapping[str, Copy], language: str) -> bytes:
    """Write the file: the cover, then each variant as a part that is named by its sides."""
    from press.writers.pdf.file.job import JobFile
    from press.writers.pdf.file.page_tree import Part

    buffer = BytesIO()
    file = JobFile(buffer.write, cover.name, cover.language)
    file.add(cover)
    for name, copy in copies.items():
        file.add(Part(name, language, (copy,)))
    file.end()
    return buffer.getvalue()


def _places(cover: Part, copies: Mapping[str, Copy]) -> tuple[int, ...]:
    """Count the sides of the file up to the first one of each variant, which is counted too."""
    before = sum(copy.pages for copy in cover.handouts if copy)
    return tuple(before + 1 + done for done in accumulate((copy.pages for copy in copies.values()), initial=0))[:-1]


def _numbered(site: Site, variant: Variant, first: int) -> Copy:
    """One page with the numbers of its sides; a longer number may push words to another side."""
    pages = forme_of(site, variant.made, _RUN).pages
    copy = lay_out_one(site, variant.made, _RUN, Numbering(1, pages, first, 1))
    return copy if copy.pages == pages else lay_out_one(site, variant.made, _RUN, Numbering(1, copy.pages, first, 1))


def _span(first: int, last: int) -> str:
    return f"{_RUN}-{first}" + (f" to {last}" if last > first else "")


def _compare(site: Site, words: WordsToSign, texts: Mapping[str, str], today: date) -> tuple[str, tuple[str, ...]]:
    """What the words are compared with, and what changed, in lines."""
    approval = site.status(words.handout, today).approval
    if approval is None:
        return texts["never-signed"], ()
    lines = diff_approval(words.handout, approval, are_as_signed(words.handout, site.clinic, site.templates, approval))
    signer = f"{approval.by}, {approval.role}, {approval.on.isoformat()}"
    return f"{texts['compared-with' if lines else 'unchanged']} {signer}.", tuple(lines)


# What the first pages say beside the words themselves


def _title(handout: Handout, texts: Mapping[str, str]) -> str:
    language = language_in_words(handout.language, LANGUAGE)
    return (
        f"{texts['packet']} {handout.structure.topic}, {language}, "
        f"{texts['version'].lower()} {handout.structure.version}"
    )


def _about(site: Site, words: WordsToSign, texts: Mapping[str, str]) -> dict[str, object]:
    """The code of the words, and all that the clinician signs with them or in spite of."""
    handout = words.handout
    parts = {
        "still-open": tuple(f"{problem.place.file}: {problem.message}" for problem in find_open(site, handout)),
        "settings": tuple(f"{name}: {setting}" for name, setting in handout.switches.items()),
        "left-out": words.left_out,
        "sources": handout.structure.sources,
    }
    return {
        "words": f"{texts['words-code']} {code_of(handout)}",
        "parts": tuple(Fields(title=texts[name], lines=lines) for name, lines in parts.items()),
    }


def _pages(
    handout: Handout, variants: tuple[Variant, ...], sheets: tuple[str, ...], texts: Mapping[str, str]
) -> dict[str, object]:
    """Which sides are for which readers, and the words that stand on none of them."""
    return {
        "pages": tuple(
            Fields(sheets=name, readers=tuple(_reader(texts, *reader) for reader in variant.readers))
            for variant, name in zip(variants, sheets, strict=True)
        ),
        "unseen": tuple(
            Fields(name=text.name, words=text.words, conditions=text.conditions)
            for text in list_unseen(handout, variants)
        ),
    }


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
