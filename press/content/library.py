"""The shelf of handouts: structure and words of one folder, joined, with every id accounted for.

A text that a block names and a language lacks, and a text that nobody names, are Problems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from press.content.card_privacy import CARD_VALUES
from press.content.changes import replaced_units
from press.content.clinic import Clinic
from press.content.fields import EDITIONS, FORMS
from press.content.handout import (
    CONTAINERS,
    SOURCE_LANGUAGE,
    Block,
    Handout,
    Helplines,
    Structure,
    TextRef,
    When,
    Words,
    all_blocks,
    block_refs,
    english_texts,
)
from press.content.localize import has_calendar
from press.content.picture_places import check_picture_words, check_pictures
from press.content.placeholders import CONDITIONS, PLACEHOLDERS, blank_of
from press.content.required import FIRST_PAGE, HARD, REQUIRED
from press.content.schema import Record, read_whole
from press.content.shipped import Record as ShippedRecord
from press.content.shipped import read_record
from press.content.teach_back import check_teach_back
from press.content.yaml.reader import read, read_file
from press.delivery.installed import templates_of
from press.document.markup import parse_text
from press.document.nodes import Content, Placeholder, inlines
from press.errors import Place, Problems, did_you_mean, refuse
from press.records import dataclass, replace

R = TypeVar("R", bound=Record)

PHRASES = "phrases"
DRAFT_NOTICE = "draft-banner"
EMERGENCY = "emergency"  # the number of helplines.yaml that saves a life
BLANK_SIDE = "blank-side"
EVENT_TITLE = "calendar-appointment"  # in the calendar of a telephone
HOTLINE = "hotline"  # the link with which a page begins on a screen
DRAFT_MARK = "draft-card"  # on each panel of a card, which has no room for the notice
_NEEDED = frozenset(
    [blank_of(name) for name in PLACEHOLDERS if name not in CONDITIONS]
    + [f"edition-{name}" for name in EDITIONS]
    + [f"label-{name}" for name in FORMS]
    + [DRAFT_NOTICE, DRAFT_MARK, BLANK_SIDE, HOTLINE, EVENT_TITLE, "clinic-blank"]
)


def read_clinic(path: Path, shown: str, unsaved: bytes | None = None) -> Clinic:
    """Read the clinic's config.yaml, or what is to be saved as it. Raises HandoutError with all its problems."""
    clinic = read_whole(Clinic, read_file(path, shown) if unsaved is None else read(unsaved, shown))
    problems = Problems()
    missing = {"injection", "tablet"} - set(clinic.products)
    if missing:
        problems.add(clinic.place_of("products"), f"`products` lacks {', '.join(sorted(missing))}")
    if clinic.ledger_server and not clinic.site:
        problems.add(clinic.place_of("ledger_"), "`site` is missing", "a word for your clinic, as in `site: north`")
    _check_left_out(clinic, problems)
    problems.raise_if_errors()
    return clinic


def _check_left_out(clinic: Clinic, problems: Problems) -> None:
    """Refuse to leave out a hard fact; that a page lacks another is shown wherever it is signed."""
    known = {fact for requires in REQUIRED.values() for require in requires for fact in require.facts}
    for fact in clinic.left_out:
        if fact in HARD:
            hint = "no page that needs it may be printed without it"
            problems.add(clinic.place_of("left_out"), f"`left_out`: {fact} is a hard fact and cannot be left out", hint)
        elif fact not in known:
            message = f"`left_out`: no handout must carry a fact {fact}"
            problems.add(clinic.place_of("left_out"), message, did_you_mean(fact, known - HARD))


@dataclass(frozen=True)
class Library:
    """The `handouts/` folder. Files are read once and kept. `left_out` are the facts that the clinic does without.

    `unsaved` stand for files on disk, by their shown names: they are to be checked before they are saved.
    """

    root: Path
    left_out: Mapping[str, str] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Every folder that holds a handout.yaml, in alphabetical order."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/handout.yaml")))

    def languages(self, topic: str) -> tuple[str, ...]:
        """List the languages in which a handout has words."""
        files = (path.stem for path in (self.root / topic).glob("*.yaml"))
        return tuple(sorted(stem for stem in files if stem not in ("handout", "review")))

    def incomplete(self) -> Problems:
        """Find folders that look like a handout and lack its structure or its words."""
        problems = Problems()
        for folder in sorted(path for path in self.root.glob("[!.]*") if path.is_dir() and path.name != PHRASES):
            if folder.name not in self.topics:
                problems.add(Place(self.shown(folder.name)), "there is no handout.yaml in this folder")
            elif not self.languages(folder.name):
                problems.add(Place(self.shown(folder.name)), "there are no words in this folder", "such as en.yaml")
        return problems

    def shown(self, *parts: str) -> str:
        """Name a file as problems show it."""
        return "/".join((self.root.name, *parts))

    @cached_property
    def helplines(self) -> Helplines:
        """The numbers that are not the clinic's own."""
        found = self._read(Helplines, "helplines.yaml")
        taken = found.numbers.keys() & PLACEHOLDERS.keys()
        if taken:
            raise refuse(found.place_of("numbers"), f"`{min(taken)}` is the name of another placeholder")
        return found

    @cached_property
    def record(self) -> ShippedRecord:
        """The record of the words that came with the program. Raises HandoutError."""
        return read_record(self.root.parent)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every placeholder that a text may use."""
        return frozenset(PLACEHOLDERS) - CONDITIONS | frozenset(self.helplines.numbers)

    @cached_property
    def pictures(self) -> frozenset[str]:
        """The names of the pictures, which stand beside the templates."""
        from press.content.pictures import Pictures

        return Pictures(templates_of(self.root.parent) / "pictures").names

    def _read(self, cls: type[R], *parts: str) -> R:
        shown = self.shown(*parts)
        data = self.unsaved.get(shown)
        return read_whole(cls, read_file(self.root.joinpath(*parts), shown) if data is None else read(data, shown))

    @cached_property
    def _structure(self) -> dict[str, Structure]:
        return {}

    def structure(self, topic: str) -> Structure:
        """Read the structure of one handout, once. Raises HandoutError."""
        if topic not in self._structure:
            self._structure[topic] = self._read_structure(topic)
        return self._structure[topic]

    def _read_structure(self, topic: str) -> Structure:
        if topic not in self.topics:
            raise refuse(Place(self.shown(topic[:60])), "there is no such handout", did_you_mean(topic, self.topics))
        structure = self._read(Structure, topic, "handout.yaml")
        problems = Problems()
        if structure.topic != topic:
            problems.add(structure.place_of("topic"), f"`topic` is `{structure.topic}`, but the folder is `{topic}`")
        _check_structure(structure, self.known | CONDITIONS, problems)
        check_pictures(structure, self.pictures, problems)
        problems.raise_if_errors()
        return self._with_duties(structure)

    def _with_duties(self, structure: Structure) -> Structure:
        """Add to the structure what a shipped handout must carry in any case, less what the clinic leaves out."""
        wanted = (
            replace(
                require, facts=tuple(fact for fact in require.facts if fact not in self.left_out), place=structure.place
            )
            for require in REQUIRED.get(structure.topic, ())
        )
        first = dict.fromkeys((*FIRST_PAGE.get(structure.topic, ()), *structure.first_page))
        return replace(structure, requires=(*wanted, *structure.requires), first_page=tuple(first))

    def words(self, folder: str, language: str) -> Words:
        """Read the words of one language. Raises HandoutError if it is not there."""
        languages = self.languages(folder)
        if language not in languages:
            raise refuse(
                Place(self.shown(folder)),
                f"there are no words in the language `{language[:12]}`",
                "languages here: " + ", ".join(languages),
            )
        return self._read(Words, folder, f"{language}.yaml")

    def load(self, topic: str, language: str) -> Handout:
        """Join structure, words and phrases. Raises HandoutError with every problem of them."""
        problems = Problems()
        structure = words = phrases = None
        texts = running = MappingProxyType[str, Content]({})
        with problems.gathering():
            structure = self.structure(topic)
        with problems.gathering():
            words = self.words(topic, language)
            texts = self._parse(words, topic, language, problems)
            if structure and language != SOURCE_LANGUAGE and (english := english_texts(structure)):
                texts = self._with_english(texts, english, topic, problems)
        with problems.gathering():
            phrases = self.words(PHRASES, language)
            running = self._parse(phrases, PHRASES, language, problems)
            _check_phrases(phrases, self.shown(PHRASES, f"{language}.yaml"), problems)
            _check_hotline(running.get(HOTLINE), problems)
        if structure and words:
            _match_ids(structure, words, texts, self.shown(topic, f"{language}.yaml"), problems)
            _check_title(texts.get(structure.title.text), problems)
            _check_cards(structure, texts, problems)
            check_teach_back(words.teach_back, texts, words.place_of("teach_back"), problems)
        if structure and phrases:
            check_picture_words(structure, running, self.shown(PHRASES, f"{language}.yaml"), problems)
        problems.raise_if_errors()
        if not (structure and words and phrases):
            raise RuntimeError("a handout without a problem lacks a file")
        return Handout(
            structure=structure,
            language=language,
            review=words.review,
            texts=texts,
            phrases=running,
            helplines=self.helplines,
            taught=frozenset(phrases.taught),
            lexicon=phrases.lexicon,
            words_file=self.shown(topic, f"{language}.yaml"),
            follows=words.follows,
            draft_notices=self._in_both(DRAFT_NOTICE, running, language),
            draft_marks=self._in_both(DRAFT_MARK, running, language),
            left_out=_concerning(topic, self.left_out),
            switches=self.switches,
            teach_back=words.teach_back,
            replaced=replaced_units(self.root.parent, structure, language, self.record),
        )

    def _with_english(
        self, texts: Mapping[str, Content], english: frozenset[str], topic: str, problems: Problems
    ) -> MappingProxyType[str, Content]:
        """Complete the texts of a translation by the English of those that are not translated."""
        for name in sorted(english & texts.keys()):
            hint = f"take it out: these words come from {SOURCE_LANGUAGE}.yaml"
            problems.add(texts[name].place, f"text `{name}` stays English in every language", hint)
        source = self._parse(self.words(topic, SOURCE_LANGUAGE), topic, SOURCE_LANGUAGE, problems)
        return MappingProxyType({**texts, **{name: source[name] for name in sorted(english) if name in source}})

    def _in_both(self, name: str, phrases: Mapping[str, Content], language: str) -> tuple[Content, ...]:
        """Give the words of a DRAFT mark in the page's own language, and in English."""
        own = phrases[name]
        if language == SOURCE_LANGUAGE:
            return (own,)
        problems = Problems()
        words = self.words(PHRASES, SOURCE_LANGUAGE)
        source = self._parse(words, PHRASES, SOURCE_LANGUAGE, problems)
        _check_phrases(words, self.shown(PHRASES, f"{SOURCE_LANGUAGE}.yaml"), problems)
        problems.raise_if_errors()
        return own, source[name]

    def _parse(self, words: Words, folder: str, language: str, problems: Problems) -> MappingProxyType[str, Content]:
        if words.language != language:
            problems.add(
                words.place_of("language"), f"`language` is `{words.language}`, but the file is `{language}.yaml`"
            )
        texts = {}
        for name, (text, place) in words.texts.items():
            children, faults = parse_text(text, self.known)
            for fault in faults:
                problems.add(place, f"text `{name}`: {fault.message}", fault.hint)
            if not text.strip():
                problems.add(place, f"text `{name}` is empty")
            texts[name] = Content(f"{folder}/{name}", children, place)
        return MappingProxyType(texts)


def _concerning(topic: str, left_out: Mapping[str, str]) -> Mapping[str, str]:
    """Pick the facts left out that this handout would have to carry."""
    facts = {fact for require in REQUIRED.get(topic, ()) for fact in require.facts}
    return MappingProxyType({fact: reason for fact, reason in left_out.items() if fact in facts})


def _check_phrases(phrases: Words, file: str, problems: Problems) -> None:
    """Check that each line to write on has a name, each form and edition too, and that dates have words."""
    for name in sorted(_NEEDED - phrases.texts.keys()):
        problems.add(Place(file), f"text `{name}` is missing", did_you_mean(name, phrases.texts.keys() - _NEEDED))
    if not has_calendar(phrases.language):
        problems.add(phrases.place_of("language"), "no calendar words are known for this language")


def _check_hotline(words: Content | None, problems: Problems) -> None:
    """Check the first link of a page on a screen: it dials the emergency number, and says nothing of a person."""
    if words is None:
        return
    named = [node.name for node in inlines(words.children) if isinstance(node, Placeholder)]
    if named != [EMERGENCY]:
        message = f"text `{HOTLINE}` must hold {{{EMERGENCY}}} once, and no other placeholder"
        problems.add(words.place, message, "it is the link with which every page begins on a screen")


def _check_title(title: Content | None, problems: Problems) -> None:
    """Check the title: it is the name of the finished file in every viewer, so it holds no value."""
    if title is None:
        return
    for node in inlines(title.children):
        if isinstance(node, Placeholder):
            problems.add(
                title.place, "the title must not hold a placeholder", "it is shown in windows and print queues"
            )


def _check_cards(structure: Structure, texts: Mapping[str, Content], problems: Problems) -> None:
    """Check that a card to cut out has no place for a person's or a clinic's name, typed or not."""
    cards = [block for block in all_blocks(structure.blocks) if block.kind == "cut-out"]
    for ref in (ref for block in all_blocks(tuple(cards)) for ref in block_refs(block) if ref.text in texts):
        for node in inlines(texts[ref.text].children):
            if isinstance(node, Placeholder) and node.name in PLACEHOLDERS.keys() - CARD_VALUES:
                hint = "such as {by_hand}, a line to write on"
                problems.add(
                    texts[ref.text].place, f"`{{{node.name}}}` must not stand on a card that other people see", hint
                )


def text_refs(structure: Structure) -> Iterator[TextRef]:
    """Iterate over every text that a handout names, in reading order."""
    yield structure.title
    yield from structure.audience
    for block in all_blocks(structure.blocks):
        yield from block_refs(block)


def _match_ids(structure: Structure, words: Words, texts: Mapping[str, Content], file: str, problems: Problems) -> None:
    wanted = {ref.text for ref in text_refs(structure)}
    for ref in text_refs(structure):
        if ref.text not in texts:
            problems.add(ref.place, f"text `{ref.text}` is not in {file}", did_you_mean(ref.text, words.texts))
    for name, (_, place) in words.texts.items():
        if name not in wanted:
            near = did_you_mean(name, wanted - words.texts.keys())
            hint = "name it under `texts` of a block there, or delete it here"
            problems.add(
                place, f"text `{name}` is used by no block of handout.yaml", f"{near}; or {hint}" if near else hint
            )


def _check_structure(structure: Structure, known: frozenset[str], problems: Problems) -> None:
    seen: dict[str, Place] = {}
    for block in all_blocks(structure.blocks):
        if block.id in seen:
            problems.add(block.place_of("id"), f"the block id `{block.id}` is taken", f"first used at {seen[block.id]}")
        seen[block.id] = block.place_of("id")
        _check_block(block, known, problems)
    for ref in (structure.title, *(ref for block in all_blocks(structure.blocks) for ref in block.columns)):
        if ref.needs or ref.lacks or ref.when != When():
            problems.add(ref.place, f"text `{ref.text}` stands here for everybody", "remove its conditions")
    for fact in sorted(HARD.intersection(structure.spill)):
        problems.add(structure.place_of("spill"), f"`spill`: {fact} is a hard fact and must keep to the first sides")
    for form in structure.labels:
        if form not in structure.label_basis:
            problems.add(structure.place_of("label_basis"), f"`label_basis` lacks the month of the {form} label")


def _check_block(block: Block, known: frozenset[str], problems: Problems) -> None:
    if block.blocks and block.kind not in CONTAINERS:
        problems.add(block.place_of("blocks"), f"a `{block.kind}` block holds texts, not blocks")
    if not (block.blocks or block.texts or block.rows):
        problems.add(block.place, f"the block `{block.id}` has nothing to say", "give it `texts`")
    _check_rows(block, problems)
    for row in block.rows:
        if block.columns and len(row.cells) != len(block.columns):
            problems.add(row.place, f"found {len(row.cells)} cells, expected {len(block.columns)} as in `columns`")
    holders: tuple[Block | TextRef, ...] = (block, *block_refs(block))
    for holder in holders:
        for name in holder.needs + holder.lacks:
            if name not in known:
                problems.add(holder.place, f"unknown placeholder `{name}`", did_you_mean(name, known))


def _check_rows(block: Block, problems: Problems) -> None:
    """Check that a line of a calendar has a date, the word that marks it for everybody, and a sentence."""
    dates: set[tuple[str, When]] = set()
    for row in block.rows:
        if (block.kind == "calendar") != bool(row.date):
            problems.add(row.place, "a row of a calendar needs a `date`, and no other row may have one")
        elif row.date and (len(row.cells) < 2 or row.cells[0] != TextRef(text=row.cells[0].text)):
            problems.add(
                row.place, "a line of a calendar is the word that marks the day, for everybody, and a sentence"
            )
        elif row.date and (row.date, row.when) in dates:
            problems.add(row.place, f"the date `{row.date}` is taken by another line")
        dates.add((row.date, row.when))
