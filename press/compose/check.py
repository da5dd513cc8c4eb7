"""Rules on a finished tree: facts present, structure, terms, and how hard it is to read.

Each rule gives problems; nothing is raised here. A page with an error is not printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeGuard, TypeVar

from press.compose.shown_dates import fields_of_mark
from press.compose.tailor import Tailored
from press.content.card_privacy import CARD_VALUES, telling_words
from press.content.handout import CARD_PANELS, all_blocks, block_refs
from press.content.readability import Count, Measure, count, long_sentences, measure, page_faults, sentences
from press.content.terms import faults as word_faults
from press.content.terms import swap_faults
from press.document.nodes import (
    MOST_ITEMS,
    Block,
    Break,
    Content,
    Document,
    Figure,
    Heading,
    Inline,
    List,
    Paragraph,
    PictureMark,
    Placeholder,
    Section,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
    blocks,
    contents,
    contents_within,
    inlines,
    plain,
    strings,
)
from press.errors import Place, Problem
from press.lru import OfObjects, once_each

T = TypeVar("T")
FOR_READER = "for "  # how a hint begins that names the kind of reader
NALOXONE_FACTS = frozenset({"O6", "O7", "O10", "O11", "O12", "L1", "C8"})
_MOST = 4096  # texts whose words are kept
_LANGUAGES = 16  # and with words that are taught
_DOSES = frozenset({"offered", "due", "planned"})  # marks of days on which a dose may be given
_NALOXONE = re.compile(
    r"\bnalo(?:x|ks)\w*|\bnarcan\w*|\bналокс\w*|\bнаркан\w*", re.IGNORECASE
)  # Latin and Cyrillic script


def check_choice(document: Document, tailored: Tailored) -> Iterator[Problem]:
    """What follows from what was chosen for a reader."""
    yield from check_facts(tailored)
    yield from check_calendar(tailored)
    yield from check_naloxone(document, tailored)


def check_page(document: Document, taught: frozenset[str]) -> Iterator[Problem]:
    """What follows from the page alone, whomever it is for."""
    yield from check_structure(document)
    yield from check_words(document)
    yield from check_cards(document)
    yield from check_reading(document, taught)


def _of(roots: tuple[Block, ...], find: Callable[[Block], tuple[T, ...]]) -> list[T]:
    """List what is found in each block; most are on the pages of many readers, and looked at once."""
    return [found for root in roots for found in find(root)]


_within: Callable[[Block], tuple[Block, ...]] = once_each(lambda root: blocks((root,)))


# Facts


def check_facts(tailored: Tailored) -> Iterator[Problem]:
    """Each required fact is carried by a block; `provenance` proves that the blocks are whole on the page."""
    carried = {fact for block in all_blocks(tailored.blocks) for fact in block.facts}
    place = tailored.handout.structure.place_of("requires")
    for fact in sorted(tailored.facts - carried):
        yield Problem(place, f"the required fact {fact} is on no block of this page", _who(tailored))


def _who(tailored: Tailored) -> str:
    """For whom a page was made; nothing about a patient, whose options have places."""
    options = tailored.options
    return "" if options.places else f"{FOR_READER}{options.form}, {options.reason}, {tailored.mode}"


def check_calendar(tailored: Tailored) -> Iterator[Problem]:
    """Each day that is marked stands in words in the list, and no dose without its day of danger."""
    rows = [row for block in all_blocks(tailored.blocks) for row in block.rows if row.date]
    for row in rows:
        refs = [tailored.filled[ref.text] for ref in row.cells[1:]]
        said = {node.field for text in refs for node in inlines(text.children) if isinstance(node, Value)}
        for name in sorted(set(fields_of_mark(row.date)) & tailored.valued - said):
            yield Problem(
                row.place, "the calendar marks a day that its line does not name", f"write {{{name}}} into it"
            )
    kinds = {row.date for row in rows}
    if kinds & _DOSES and "danger_from" in tailored.valued and "danger" not in kinds:
        place = next(row.place for row in rows if row.date in _DOSES)
        yield Problem(
            place, "the calendar marks a dose, and not the day of more danger", "add a row with `date: danger`"
        )


# Structure


def check_structure(document: Document) -> Iterator[Problem]:
    """Headings in order, one title, short lists, whole tables, nothing left unfilled."""
    if not document.title.strip() or not document.language:
        yield Problem(document.place, "a handout needs a title and a language")
    yield from _headings(document)
    yield from _of(document.everything, _shapes)


def _headings(document: Document) -> Iterator[Problem]:
    level = 0
    titles = 0
    for heading in (block for block in _of(document.body, _within) if isinstance(block, Heading)):
        titles += heading.level == 1
        if heading.level > level + 1:
            yield Problem(heading.place, f"a heading of level {heading.level} follows one of level {level}")
        level = heading.level
    if titles != 1:
        yield Problem(document.place, f"found {titles} titles, expected one")


@once_each
def _shapes(root: Block) -> Iterator[Problem]:
    """What follows from the shape of one block and all in it."""
    for block in _within(root):
        yield from _shape(block)
        for run in strings(block):
            yield from _leftovers(run, block.place)


def _says_something(section: Section) -> bool:
    """Tell whether a section holds a text below its heading; an empty one is refused at its own place."""
    return any(run for block in _within(section) if not isinstance(block, Heading) for run in strings(block))


def _shape(block: Block) -> Iterator[Problem]:
    match block:
        case List() if len(block.items) > MOST_ITEMS:
            place = _first_place(block)
            yield Problem(
                place, f"found a list of {len(block.items)} items, expected at most {MOST_ITEMS}", "divide the list"
            )
        case List() if not block.items:
            yield Problem(block.place, "found a list with no items")
        case Section() if not _says_something(block):
            yield Problem(
                block.place, "found a section that says nothing below its heading", "fill it, or leave it out"
            )
        case Table():
            widths = {len(row.cells) for row in block.head + block.rows}
            if len(widths) != 1:
                yield Problem(block.place, "the rows of the table are not equally long")
            elif not any(cell.is_header for row in block.head + block.rows for cell in row.cells):
                yield Problem(block.place, "the table has no header cells")
        case Heading() | Paragraph() | List() | Section() | Figure():
            pass  # nothing to ask of their shape


def _first_place(block: List) -> Place:
    found = (node.place for item in block.items for node in item.children if isinstance(node, Content))
    return next(found, block.place)


def _leftovers(run: tuple[Inline, ...], place: Place) -> Iterator[Problem]:
    if run and not plain(run).strip():
        yield Problem(place, "found an empty text")
    for node in inlines(run):
        if isinstance(node, Placeholder):
            yield Problem(place, f"the placeholder {{{node.name}}} was not filled")


# Words


def check_words(document: Document) -> Iterator[Problem]:
    """Words that must never be printed, and naloxone or naltrexone in the other's place."""
    suspects = _of(document.everything, _suspects(document.language))
    page = " ".join(_words_of(text) for text in contents(document)) if suspects else ""
    for text, language in suspects:
        words = _words_of(text)
        for fault in (*word_faults(words, language, page), *swap_faults(words, language)):
            message = f"found “{fault.found}”: {fault.sentence}"
            yield Problem(text.place, message, fault.hint, severity=fault.severity)


@lru_cache(maxsize=_LANGUAGES)
def _suspects(language: str) -> Callable[[Block], tuple[tuple[Content, str], ...]]:
    """Find the texts with faults in a block of a page in this language; the rest of the page may excuse some."""

    @once_each
    def find(root: Block) -> Iterator[tuple[Content, str]]:
        for text, own in contents_within(root, language):
            if word_faults(_words_of(text), own) or swap_faults(_words_of(text), own):
                yield text, own

    return find


_NALOXONE_BRAND = "(Narcan)"


def check_naloxone(document: Document, tailored: Tailored) -> Iterator[Problem]:
    """Naloxone is named only in blocks that carry a fact about it: elsewhere it is a slip.

    The two names are one letter block apart, and most sentences are true of one drug only. The title of a page
    that must carry such a fact may name it with its brand, which would betray a slip.
    """
    named = _of(document.everything, _naming)
    if not named:
        return
    carriers = (block for block in all_blocks(tailored.blocks) if NALOXONE_FACTS & set(block.facts))
    allowed = {tailored.filled[ref.text].id for block in carriers for ref in block_refs(block)}
    title = tailored.filled.get(tailored.handout.structure.title.text)
    if title and NALOXONE_FACTS & tailored.facts and _NALOXONE_BRAND in _own_words(title.children):
        allowed.add(title.id)
    for text, name in named:
        if text.id not in allowed:
            hint = "is naltrexone meant? if not, the block needs a fact: " + ", ".join(sorted(NALOXONE_FACTS))
            yield Problem(text.place, f"found “{name}” in a text that has no fact about it", hint)


@once_each
def _naming(root: Block) -> Iterator[tuple[Content, str]]:
    """Find the texts of a block that name naloxone, each with the name."""
    for text, _ in contents_within(root):
        if found := _NALOXONE.search(_words_of(text)):
            yield text, found.group()


def _words_of(text: Content) -> str:
    """The own words of a text, put together once."""
    return _words.get(text)


def _own_words(children: tuple[Inline, ...]) -> str:
    """The content's own words: a patient's or a clinic's value is not ours to judge."""
    return "".join(_own(node) for node in children)


_words: OfObjects[Content, str] = OfObjects(_MOST, lambda text: _own_words(text.children))


def _own(node: Inline) -> str:
    match node:
        case Text():
            return node.text
        case Strong() | Content():
            return _own_words(node.children)
        case PictureMark():
            return _own_words(node.words) + ". " if node.words else ""
        case Break():
            return " "
        case Value() | WriteIn():
            return "…"
        case _:
            return ""


# Cards


def check_cards(document: Document) -> Iterator[Problem]:
    """A card to cut out stands by itself, is whole, and tells a stranger nothing of its bearer."""
    top = [block for block in document.body if _is_card(block)]
    for card in filter(_is_card, _of(document.everything, _within)):
        if card not in top:
            yield Problem(card.place, "a card to cut out must not stand in another block")
        panels = sum(isinstance(child, Section) for child in card.children)
        if panels != CARD_PANELS:
            hint = "front, back, and left and right inside"
            yield Problem(card.place, f"found a card of {panels} panels, expected {CARD_PANELS}", hint)
        for block in blocks((card,)):
            for run in strings(block):
                yield from _telling(run, block.place)


def _is_card(block: Block) -> TypeGuard[Section]:
    return isinstance(block, Section) and block.role == "cut-out"


def _telling(run: tuple[Inline, ...], place: Place) -> Iterator[Problem]:
    """What a card must not hold; a value's words are not repeated, a text's are."""
    for node in run:
        where = node.place if isinstance(node, Content) else place
        for word in telling_words(_own_words((node,))):
            yield Problem(where, f"found “{word}” on a card that other people see", "name no illness and no treatment")
        for value in inlines((node,)):
            if isinstance(value, Value) and (value.field not in CARD_VALUES or [*telling_words(value.text)]):
                hint = "a card holds no name, and nothing that tells of an illness"
                yield Problem(where, f"`{value.field}` must not stand on a card that other people see", hint)


# Reading level


def check_reading(document: Document, taught: frozenset[str]) -> Iterator[Problem]:
    """The gates for the whole page, and each sentence that is too long, by file and line."""
    read = _of(document.body, _readings(document.language, taught))
    for fault in page_faults((found for found, _ in read), document.language):
        yield Problem(document.place, f"the page is too hard: {fault.message}", "see check --reading")
    yield from (problem for _, long in read for problem in long)


@lru_cache(maxsize=_LANGUAGES)
def _readings(language: str, taught: frozenset[str]) -> Callable[[Block], tuple[tuple[Count, list[Problem]], ...]]:
    """Count the words of a block of a page in this language, and tell its sentences that are too long."""

    @once_each
    def read(root: Block) -> Iterator[tuple[Count, list[Problem]]]:
        found = _sentences_of(root)
        every = [sentence for sentence, _ in found]
        long = [(fault, *found[fault.sentence or 0]) for fault in long_sentences(every, language)]
        said = "the sentence is too long: “{}”"
        problems = [Problem(place, said.format(_clipped(words)), fault.message) for fault, words, place in long]
        yield count(every, language, taught), problems

    return read


def read_measure(document: Document, taught: frozenset[str]) -> Measure:
    """The reading figures of one page."""
    return measure([sentence for sentence, _ in page_sentences(document)], document.language, taught)


def page_sentences(document: Document) -> list[tuple[str, Place]]:
    """Every sentence of the body with its place; an item of a list is a sentence, a DRAFT mark none."""
    return _of(document.body, _sentences_of)


@once_each
def _sentences_of(root: Block) -> Iterator[tuple[str, Place]]:
    for block in _within(root):
        marked = isinstance(block, Paragraph) and block.role == "draft"
        for run in () if marked else strings(block):
            for node in run:
                if isinstance(node, Content):
                    yield from ((s, node.place) for s in sentences(_words_of(node)))


def _clipped(sentence: str) -> str:
    return sentence if len(sentence) <= 90 else sentence[:87] + "…"
