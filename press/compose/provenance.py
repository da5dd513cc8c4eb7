"""Prove that every word of a composed page comes from content, whole, once and in order.

A template decides how words look and never what they are: a sentence typed into it, a block that it
drops or shows twice, a missing DRAFT banner are refused, at the template's line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from press.compose.shown_dates import Mark, Month
from press.compose.tailor import Tailored
from press.content.approvals import code_of
from press.content.handout import Block, TextRef, all_blocks, block_refs
from press.document.nodes import Block as Node
from press.document.nodes import (
    Break,
    Content,
    Document,
    Figure,
    Inline,
    PageCount,
    PageNumber,
    SheetNumber,
    Side,
    Strong,
    Text,
    Value,
    WriteIn,
    blocks,
    placed_strings,
    plain,
)
from press.document.slots import Slot, varies
from press.errors import Place, Problem
from press.lru import LRU, once_each
from press.records import dataclass, replace

N = TypeVar("N", bound=Inline)
_SEPARATORS = "·:()"  # what a template may put between words without being asked where it comes from
_HINT = "every word of a page comes from the files of its handout"
_MOST = 4096
MOST_QUOTED = 80  # characters of a template in a message

# A piece of a page: a text of the files, a value by its field, a word that the program counts itself, a page number.
Piece = Content | Value | PageNumber | PageCount | WriteIn | SheetNumber | str


@dataclass(frozen=True)
class _Run:
    """Where a piece stands: the place in the template, and which run of words of the part it is in."""

    place: Place
    number: int


@dataclass(frozen=True)
class _Part:
    """One part of a page: what it has to hold, and what it holds, each piece with its run."""

    name: str
    expected: tuple[Piece, ...]
    found: tuple[tuple[Piece, _Run], ...]


def check_provenance(document: Document, tailored: Tailored) -> Iterator[Problem]:
    """Each piece of the page is one that was chosen for this reader, and each that was chosen is there.

    The parts are compared by themselves: DRAFT banner, letterhead, body, footer.
    """
    for name, wanted, nodes in (
        ("DRAFT banner", tailored.draft, document.banner),
        ("letterhead", _letterhead(tailored), document.letterhead),
        ("body", _body(tailored), document.body),
        ("footer", _footer(tailored), document.footer),
    ):
        expected = tuple(wanted)
        if expected != tuple([piece for block in nodes for piece in _pieces_in(block)]):
            yield from _differences(_Part(name, expected, tuple(_pieces(nodes))), tailored)


def _differences(part: _Part, tailored: Tailored) -> Iterator[Problem]:
    """What is too much, what is missing, and, if it is neither, the first piece that is out of order."""
    left = Counter(part.expected)
    extra: list[tuple[Piece, _Run]] = []
    for piece, run in part.found:
        left[piece] -= 1
        if left[piece] < 0:
            extra.append((piece, run))
    missing = list(left.elements())
    yield from dict.fromkeys(_too_much(extra, part))
    refs = _places(tailored) if missing else {}
    for piece in missing:
        lost = refs.get(piece.id) if isinstance(piece, Content) and part.name == "body" else None
        yield lost or _missing(piece, part)
    if not extra and not missing:
        pairs = zip(part.found, part.expected, strict=True)
        for run in [run for (found, run), wanted in pairs if found != wanted][:1]:
            yield Problem(run.place, f"the texts of the {part.name} are not in the order of the handout")


def _too_much(extra: list[tuple[Piece, _Run]], part: _Part) -> Iterator[Problem]:
    """A problem for each piece that must not be there; the template's own words of one run are one."""
    for run, pieces in groupby(extra, key=itemgetter(1)):
        found = [piece for piece, _ in pieces]
        if own := " ".join(piece for piece in found if isinstance(piece, str)):
            message = f"the template puts words of its own into the {part.name}: “{_clipped(own)}”"
            yield Problem(run.place, message, _HINT)
        for piece in found:
            if not isinstance(piece, str):
                yield Problem(run.place, f"the template shows {_name(piece, part)}", _HINT)


def _clipped(words: str) -> str:
    return words if len(words) <= MOST_QUOTED else words[: MOST_QUOTED - 1] + "…"


def _name(piece: Piece, part: _Part) -> str:
    """What is too much. The words of a value are never repeated: they may be a person's."""
    match piece:
        case Content() if piece in part.expected:
            return f"the text `{piece.id}` twice"
        case Content():
            return f"the text `{piece.id}`, which is not for the {part.name} of this page"
        case Value():
            return f"`{piece.field}`, which is not for the {part.name} of this page"
        case WriteIn():
            return f"a line to write on in the {part.name}"
        case str() | PageNumber() | PageCount() | SheetNumber():
            return f"a page number in the {part.name}"


def _missing(piece: Piece, part: _Part) -> Problem:
    match piece:
        case Content():
            name = f"the text `{piece.id}`"
        case Value():
            name = f"`{piece.field}`"
        case PageNumber() | PageCount() | SheetNumber() | WriteIn():
            name = "a page number"
        case str():
            name = f"“{piece}”"
    place = Place("templates/base.xhtml.j2" if part.name != "body" else "templates/handout.xhtml.j2")
    return Problem(place, f"{name} is not in the {part.name}", "a template lost it")


def _places(tailored: Tailored) -> dict[str, Problem]:
    """For each chosen text what to say if it is lost: where the handout asks for it, and which facts go with it."""
    found: dict[str, Problem] = {}
    for ref in (tailored.handout.structure.title, *tailored.audience):
        found[tailored.filled[ref.text].id] = _lost(None, ref, tailored)
    for block in all_blocks(tailored.blocks):
        for ref in block_refs(block):
            found[tailored.filled[ref.text].id] = _lost(block, ref, tailored)
    return found


def _lost(block: Block | None, ref: TextRef, tailored: Tailored) -> Problem:
    """A template has no place for this text in a block of this kind."""
    facts = sorted(tailored.facts & set(block.facts)) if block else []
    what = f"the required fact {', '.join(facts)} is not whole: " if facts else ""
    hint = f"a `{block.kind}` block may not show it there" if block else "a template lost it"
    return Problem(ref.place, f"{what}text `{ref.text}` is not on the page", hint)


# What a page holds


def _pieces(nodes: Iterable[Node]) -> Iterator[tuple[Piece, _Run]]:
    runs = (found for block in blocks(tuple(nodes)) for found in _runs(block))
    for number, (run, place) in enumerate(runs):
        where = _Run(place, number)
        yield from ((piece, where) for piece in _flat(run))


@once_each
def _pieces_in(block: Node) -> Iterator[Piece]:
    yield from (_one(piece) for piece, _ in _pieces((block,)))


def _runs(block: Node) -> Iterator[tuple[tuple[Inline, ...], Place]]:
    """Each run of words of a block; what a drawing shows is said by words of a template, too."""
    if isinstance(block, Figure):
        yield (Text(block.label),), block.place
    yield from placed_strings(block)


@once_each
def _flat(run: tuple[Inline, ...]) -> Iterator[Piece]:
    """A run as pieces: a text of the files is one, whatever it holds."""
    for node in run:
        match node:
            case Content() | Value() | PageNumber() | PageCount() | SheetNumber() | WriteIn():
                yield _without_numbers(node)
            case Strong() | Side():
                yield from _flat(node.children)
            case Text():
                yield from _words(node.text)
            case Break():
                pass  # no word
            case _:
                yield plain((node,))


def _without_numbers(node: N) -> N | Value:
    """A node with the slots in it as the values that they are: their numbers count the page, not the words."""
    match node:
        case Slot():
            return Value(node.field, node.text)
        case Content() | Strong() if varies(node.children):
            return replace(node, children=tuple(map(_without_numbers, node.children)))
        case _:
            return node


def _words(text: str) -> Iterator[str]:
    yield from filter(None, (word.strip(_SEPARATORS) for word in text.split()))


# What a page has to hold


def _letterhead(tailored: Tailored) -> Iterator[Piece]:
    yield tailored.phrases["clinic-name" if "clinic_name" in tailored.asked else "clinic-blank"]
    if not tailored.is_letterhead_short:
        yield from (Value("address", line) for line in tailored.address)
        if "prescriber" in tailored.asked:
            yield tailored.phrases["prescriber"]
    yield tailored.phrases["clinic-phone"]


def _body(tailored: Tailored) -> Iterator[Piece]:
    for ref in (tailored.handout.structure.title, *tailored.audience):
        yield tailored.filled[ref.text]
    if "name" in tailored.asked:
        yield tailored.phrases["for-person"]
    for pieces in tailored.of_blocks(_expected, _whole):
        yield from pieces


def _whole(block: Block, tailored: Tailored) -> tuple[Piece, ...]:
    return tuple(map(_one, _block(block, tailored)))


def _one(piece: Piece) -> Piece:
    """Give one object for equal pieces: pages are then compared without looking into them."""
    return _same.get(piece, lambda: piece)


_expected: LRU[tuple[Piece, ...]] = LRU(_MOST)  # of blocks
_same: LRU[Piece] = LRU(_MOST)


def _block(block: Block, tailored: Tailored) -> Iterator[Piece]:
    """A block in reading order; on each panel of a draft's card stands the DRAFT mark."""
    yield from (tailored.shown(ref, block) for ref in block_refs(block))
    for inner in block.blocks:
        if block.kind == "cut-out" and tailored.draft:
            yield from tailored.handout.draft_marks
        yield from _block(inner, tailored)
    if block.kind == "calendar":
        for month in tailored.months:
            yield from _month(month)


def _month(month: Month) -> Iterator[Piece]:
    yield from _words(month.name)
    for head in month.weekdays:
        yield from _words(head.name)
        yield from _marks(head.marks)
    for day in (day for week in month.weeks for day in week if day):
        yield str(day.number)
        yield from _marks(day.marks)


def _marks(marks: tuple[Mark, ...]) -> Iterator[Piece]:
    for mark in marks:
        yield mark.label
        if mark.time:
            yield Value("appointment", mark.time)


def _footer(tailored: Tailored) -> Iterator[Piece]:
    phrases, structure, options = tailored.phrases, tailored.handout.structure, tailored.options
    yield from (structure.topic, structure.version, code_of(tailored.handout))
    yield from (phrases["language"], phrases[f"edition-{options.edition}"])
    for form in structure.labels:
        if form == options.form or len(structure.labels) == 1:
            yield from (phrases[f"label-{form}"], slashed(structure.label_basis[form]))
    if tailored.draft:
        yield phrases["unreviewed"]
    yield from (phrases["page-of"], PageNumber(), phrases["of"], PageCount())
    if not tailored.draft:
        yield phrases["reviewed"]
    yield from (phrases["typed" if tailored.personal else "printed"], phrases["advice"])


def slashed(month: str) -> str:
    """A label's month as footers show it: 12/2025 for 2025-12."""
    return f"{month[5:]}/{month[:4]}"
