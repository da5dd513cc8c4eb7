"""The shelf of handouts: bones and words of one folder, joined, with every id accounted for.

A text that a block names and a language lacks, and a text that nobody names, are Problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from press.document import Content
from press.errors import HandoutError, Place, Problems, did_you_mean, refuse
from press.markup import parse_text
from press.model import (
    CONTAINERS,
    PLACEHOLDERS,
    Block,
    Bones,
    Clinic,
    Handout,
    Helplines,
    Options,
    TextRef,
    Words,
)
from press.readers.yaml import read_file
from press.schema import Context, Record, Reject, read_record
from press.source import Mapping

PHRASES = "phrases"


def read_options(node: Mapping) -> Options:
    """A patient's options. Raises HandoutError; its problems never show a value."""
    return _record(Options, node, private=True)


def read_clinic(path: Path, shown: str) -> Clinic:
    """The clinic's config.yaml. Raises HandoutError with all its problems."""
    clinic = _record(Clinic, read_file(path, shown))
    missing = {"injection", "tablet"} - set(clinic.products)
    if missing:
        raise refuse(clinic.place_of("products"), f"`products` lacks {', '.join(sorted(missing))}")
    return clinic


def _record(cls, node: Mapping, *, private: bool = False):
    problems = Problems()
    context = Context(problems, private)
    try:
        found = read_record(cls, node, context)
    except Reject as error:
        context.reject("file", node, error)
    problems.raise_if_errors()
    return found


@dataclass(frozen=True)
class Library:
    """The `handouts/` folder. Files are read once and kept."""

    root: Path

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Every folder that holds a handout.yaml, in alphabetical order."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/handout.yaml")))

    def languages(self, topic: str) -> tuple[str, ...]:
        """The languages in which a handout has words."""
        files = (path.stem for path in (self.root / topic).glob("*.yaml"))
        return tuple(sorted(stem for stem in files if stem not in ("handout", "review")))

    def shown(self, *parts: str) -> str:
        """The name of a file as problems show it."""
        return "/".join((self.root.name, *parts))

    @cached_property
    def helplines(self) -> Helplines:
        """The numbers that are not the clinic's own."""
        return self._read(Helplines, "helplines.yaml")

    @cached_property
    def known(self) -> frozenset[str]:
        """Every placeholder that a text may use."""
        return frozenset(PLACEHOLDERS) | frozenset(self.helplines.numbers)

    def _read(self, cls: type[Record], *parts: str):
        return _record(cls, read_file(self.root.joinpath(*parts), self.shown(*parts)))

    def bones(self, topic: str) -> Bones:
        """The bones of one handout. Raises HandoutError."""
        if topic not in self.topics:
            raise refuse(Place(self.shown(topic[:60])), "there is no such handout", did_you_mean(topic, self.topics))
        bones = self._read(Bones, topic, "handout.yaml")
        problems = Problems()
        if bones.topic != topic:
            problems.add(bones.place_of("topic"), f"`topic` is `{bones.topic}`, but the folder is `{topic}`")
        _check_bones(bones, self.known, problems)
        problems.raise_if_errors()
        return bones

    def words(self, folder: str, language: str) -> Words:
        """The words of one language. Raises HandoutError if it is not there."""
        languages = self.languages(folder)
        if language not in languages:
            raise refuse(
                Place(self.shown(folder)),
                f"there are no words in the language `{language[:12]}`",
                "languages here: " + ", ".join(languages),
            )
        return self._read(Words, folder, f"{language}.yaml")

    def load(self, topic: str, language: str) -> Handout:
        """Join bones, words and phrases. Raises HandoutError with every problem of them."""
        bones, words, phrases, problems = self._gather(topic, language)
        texts = self._parse(words, topic, language, problems)
        running = self._parse(phrases, PHRASES, language, problems)
        _match_ids(bones, words, self.shown(topic, f"{language}.yaml"), problems)
        problems.raise_if_errors()
        return Handout(
            bones, language, words.review, texts, running, self.helplines,
            frozenset(phrases.taught), self.shown(topic, f"{language}.yaml"),
        )

    def _gather(self, topic: str, language: str) -> tuple[Bones, Words, Words, Problems]:
        problems = Problems()
        found = []
        for read, *parts in ((self.bones, topic), (self.words, topic, language), (self.words, PHRASES, language)):
            try:
                found.append(read(*parts))
            except HandoutError as error:
                problems.extend(error.problems)
        problems.raise_if_errors()
        return found[0], found[1], found[2], problems

    def _parse(self, words: Words, folder: str, language: str, problems: Problems) -> MappingProxyType[str, Content]:
        if words.language != language:
            problems.add(words.place_of("language"), f"`language` is `{words.language}`, but the file is `{language}.yaml`")
        texts = {}
        for name, (text, place) in words.texts.items():
            children, faults = parse_text(text, self.known)
            for fault in faults:
                problems.add(place, f"text `{name}`: {fault.message}", fault.hint)
            if not text.strip():
                problems.add(place, f"text `{name}` is empty")
            texts[name] = Content(f"{folder}/{name}", children, place)
        return MappingProxyType(texts)


def all_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block, nested ones after the block that holds them."""
    for block in blocks:
        yield block
        yield from all_blocks(block.blocks)


def block_refs(block: Block) -> Iterator[TextRef]:
    """The texts that a block itself names, in reading order."""
    if block.intro:
        yield block.intro
    yield from block.texts
    yield from block.columns
    for row in block.rows:
        yield from row.cells


def text_refs(bones: Bones) -> Iterator[TextRef]:
    """Every text that a handout names, in reading order."""
    yield bones.title
    yield from bones.audience
    for block in all_blocks(bones.blocks):
        yield from block_refs(block)


def _match_ids(bones: Bones, words: Words, file: str, problems: Problems) -> None:
    wanted = {ref.text for ref in text_refs(bones)}
    for ref in text_refs(bones):
        if ref.text not in words.texts:
            problems.add(ref.place, f"text `{ref.text}` is not in {file}", did_you_mean(ref.text, words.texts))
    for name, (_, place) in words.texts.items():
        if name not in wanted:
            problems.add(place, f"text `{name}` is used by no block of handout.yaml", did_you_mean(name, wanted))


def _check_bones(bones: Bones, known: frozenset[str], problems: Problems) -> None:
    seen: dict[str, Place] = {}
    for block in all_blocks(bones.blocks):
        if block.id in seen:
            problems.add(block.place_of("id"), f"the block id `{block.id}` is taken", f"first used at {seen[block.id]}")
        seen[block.id] = block.place_of("id")
        _check_block(block, known, problems)
    for form in bones.labels:
        if form not in bones.label_basis:
            problems.add(bones.place_of("label_basis"), f"`label_basis` lacks the month of the {form} label")


def _check_block(block: Block, known: frozenset[str], problems: Problems) -> None:
    if block.blocks and block.kind not in CONTAINERS:
        problems.add(block.place_of("blocks"), f"a `{block.kind}` block holds texts, not blocks")
    if not (block.blocks or block.texts or block.rows):
        problems.add(block.place, f"the block `{block.id}` has nothing to say", "give it `texts`")
    for row in block.rows:
        if block.columns and len(row.cells) != len(block.columns):
            problems.add(row.place, f"found {len(row.cells)} cells, expected {len(block.columns)} as in `columns`")
    for holder in (block, *block_refs(block)):
        for name in holder.needs + holder.lacks:
            if name not in known:
                problems.add(holder.place, f"unknown placeholder `{name}`", did_you_mean(name, known))
