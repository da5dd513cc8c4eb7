"""Compares a clinic's words with those of the program: what a release changed, beside the clinic's own edits.

Three sides for each unit: what the program shipped when the clinic took it over, what the clinic's file says,
and what the program ships now. Only what the program changed since is a change; an edit of the clinic is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import sha256
from pathlib import Path

from press.content.handout import SOURCE_LANGUAGE, Block, Structure, all_blocks, block_refs, english_texts
from press.content.read_bytes import read_once
from press.content.required import HARD
from press.content.schema import read_whole
from press.content.shipped import (
    SHELF,
    FileRecord,
    Record,
    digest_of,
    read_record,
    read_shipped,
    shipped_names,
)
from press.content.units import KEY, ORDER, Plain, UnitFile, read_units
from press.content.yaml.reader import MOST_BYTES, read_file
from press.delivery import installed
from press.errors import Place, Problem, Severity
from press.records import dataclass

STRUCTURE = "handout.yaml"
REVIEW_KEY = KEY + "review"
_HELPLINES = "helplines.yaml"
_NUMBER = ("O16",)  # the hard fact of every number to call
_MOST_NAMED = 5  # in one sentence
_Sides = tuple[Plain | None, Plain | None, Plain | None]


@dataclass(frozen=True)
class Change:
    """One unit that the program ships otherwise than before; None where a side does not have it.

    `base` is what was shipped before, None too where the record does not know it. `facts` are the hard facts
    that the shipped unit carries. Without a `unit` the change is a whole new file.
    """

    file: str
    unit: str = ""
    base: Plain | None = None
    yours: Plain | None = None
    new: Plain | None = None
    facts: tuple[str, ...] = ()
    place: Place = Place("")

    @property
    def id(self) -> str:
        """The name by which staff accept it: benefits/en/title, benefits/handout:version, benefits/es."""
        stem = self.file.removesuffix(".yaml")
        return stem + (self.unit if self.unit.startswith(KEY) else f"/{self.unit}" if self.unit else "")

    @property
    def is_edited(self) -> bool:
        """Whether the clinic has words of its own there, so that somebody must choose."""
        return self.yours != self.base

    @property
    def is_hard(self) -> bool:
        """Whether no page may be printed as final before this is decided."""
        return bool(self.facts)

    def differing(self, side: Plain | None) -> list[str]:
        """List the sentences of one side that not all sides have; of a block, the lines."""
        known = () if self.base is None else (self.base,)
        texts = [_sentences(one) for one in (*known, self.yours, self.new)]
        return [one for one in _sentences(side) if not all(one in text for text in texts)]


def _sentences(value: Plain | None) -> Sequence[str]:
    from press.content.readability import sentences  # which few commands need

    if value is None:
        return ()
    return sentences(value) if isinstance(value, str) else as_text(value).split("\n")


def find_changes(root: Path, names: Iterable[str] | None = None, record: Record | None = None) -> tuple[Change, ...]:
    """List what the program ships otherwise than the record of a clinic's folder says, in all its files or in some.

    The record is read where it is not at hand. Raises HandoutError.
    """
    record = record or read_record(root)
    shipped = (name for name in shipped_names() if names is None or name in names)
    return tuple(change for name in shipped for change in _of_file(root, name, record))


def files_of_page(topic: str, language: str) -> tuple[str, ...]:
    """List the files with hard texts that a page in a language is made of."""
    words = dict.fromkeys((language, SOURCE_LANGUAGE))
    return (f"{topic}/{STRUCTURE}", *(f"{topic}/{one}.yaml" for one in words), _HELPLINES)


def bytes_of(root: Path, name: str) -> bytes | None:
    """Read a file of the clinic's handouts; None if it is not there. Raises HandoutError."""
    path = root / SHELF / name
    return read_once(path, f"{SHELF}/{name}", MOST_BYTES) if path.exists() else None


def read_yours(root: Path, name: str) -> UnitFile | None:
    """Read a file of the clinic's handouts in units; None if it is not there. Raises HandoutError."""
    data = bytes_of(root, name)
    return None if data is None else read_units(data, f"{SHELF}/{name}")


def _of_file(root: Path, name: str, record: Record) -> Iterator[Change]:
    known = record.files.get(name)
    if known and known.digest and known.digest == digest_of(name):
        return
    yours = read_yours(root, name)
    if yours is None:
        if known is None:  # else the clinic took it away
            yield Change(name, place=Place(f"{SHELF}/{name}"))
        return
    yield from _compare(name, known or FileRecord(), yours, read_shipped(name))


def _compare(name: str, known: FileRecord, yours: UnitFile, new: UnitFile) -> Iterator[Change]:
    base, mine, theirs = known.units, yours.values(), new.values()
    hard = _hard_units(name)
    for unit in (*theirs, *(unit for unit in base if unit not in theirs)):
        sides: _Sides = (base.get(unit), mine.get(unit), theirs.get(unit))
        if unit == ORDER:
            sides = _orders(*sides)
        is_decided = sides[2] in sides[:2] if unit in theirs else sides[1] is None
        if unit != REVIEW_KEY and not is_decided:
            yield Change(name, unit, *sides, hard.get(unit, ()), yours.place(unit))


def _orders(base: Plain | None, yours: Plain | None, new: Plain | None) -> _Sides:
    """Compare the order of the blocks by those that all sides have: others are changes of their own."""
    lists = [side for side in (base, yours, new) if isinstance(side, list)]
    base, yours, new = (
        [one for one in side if all(one in other for other in lists)] if isinstance(side, list) else None
        for side in (base, yours, new)
    )
    return (base, yours, new) if yours is not None else (new, new, new)


# Hard facts


def hard_texts(structure: Structure) -> dict[str, tuple[str, ...]]:
    """List the hard facts that each text of a handout carries, by its id."""
    found: dict[str, set[str]] = {}
    for block in structure.blocks:
        _note_texts(block, frozenset(), found)
    return _sorted(found)


def _note_texts(block: Block, outer: frozenset[str], found: dict[str, set[str]]) -> None:
    facts = outer | HARD.intersection(block.facts)
    for ref in block_refs(block):
        found.setdefault(ref.text, set()).update(facts)
    for inner in block.blocks:
        _note_texts(inner, facts, found)


def _hard_blocks(structure: Structure) -> dict[str, tuple[str, ...]]:
    facts = {block.id: {one for each in all_blocks((block,)) for one in each.facts} for block in structure.blocks}
    return _sorted({name: found & HARD for name, found in facts.items()})


def _sorted(found: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(facts)) for name, facts in found.items() if facts}


def _hard_units(name: str) -> dict[str, tuple[str, ...]]:
    """List the units of a shipped file that carry hard facts."""
    if name == _HELPLINES:
        return _hard_numbers(read_shipped(name).units)
    topic, _, file = name.partition("/")
    if not (installed.SHIPPED / SHELF / topic / STRUCTURE).exists():
        return {}
    path = f"{SHELF}/{topic}/{STRUCTURE}"
    structure = read_whole(Structure, read_file(installed.SHIPPED / path, path))
    return _hard_blocks(structure) if file == STRUCTURE else hard_texts(structure)


def _hard_numbers(units: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {unit: _NUMBER for unit in units if not unit.startswith(KEY)}


def _hard_of_page(structure: Structure, language: str, record: Record) -> dict[str, AbstractSet[str]]:
    """List the hard units of each file that a page in a language is made of."""
    topic, texts = structure.topic, hard_texts(structure).keys()
    numbers = record.files.get(_HELPLINES, FileRecord()).units
    found: dict[str, AbstractSet[str]] = {
        f"{topic}/{STRUCTURE}": _hard_blocks(structure).keys(),
        f"{topic}/{SOURCE_LANGUAGE}.yaml": texts & english_texts(structure),
        _HELPLINES: _hard_numbers(numbers).keys(),
    }
    return found | {f"{topic}/{language}.yaml": texts}


def replaced_units(root: Path, structure: Structure, language: str, record: Record | None = None) -> dict[str, str]:
    """List the hard units of a page that say what the clinic wants, with the shipped words that they stand for.

    A signature covers them: to keep one's own against newer ones needs a new signature. The record is read where
    it is not at hand. Raises HandoutError.
    """
    record, found = record or read_record(root), dict[str, str]()
    for name, units in _hard_of_page(structure, language, record).items():
        known, data = record.files.get(name), bytes_of(root, name)
        if known is None or data is None or sha256(data).hexdigest() == known.digest:
            continue
        says = read_units(data, f"{SHELF}/{name}").values()
        for unit in units & known.units.keys():
            if says.get(unit) != known.units[unit]:
                found[f"{name.removesuffix('.yaml')}/{unit}"] = as_text(known.units[unit])
    return found


def as_text(value: Plain) -> str:
    """Write what a unit says as one text: words as they are, a block as a line for each thing that it says."""
    return value if isinstance(value, str) else "\n".join(_lines(value, ""))


def _lines(value: Plain, name: str) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{name}: {value}" if name else value
        return
    inner = value.items() if isinstance(value, dict) else ((str(n), one) for n, one in enumerate(value, 1))
    for key, one in inner:
        yield from _lines(one, f"{name} {key}" if name else key)


# What waits, as problems


def overdue_problems(
    changes: Iterable[Change], severity: Severity, structure: Structure | None = None, language: str = ""
) -> Iterator[Problem]:
    """Tell of hard units that the program ships in newer words, one problem for each file.

    With a `structure`, of those alone that its page in this language is made of.
    """
    by_file: dict[str, list[Change]] = {}
    for change in changes:
        if change.is_hard and (structure is None or _is_on_page(change, structure, language)):
            by_file.setdefault(change.file, []).append(change)
    for found in by_file.values():
        names = ", ".join(f"`{change.unit}`" for change in found[:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        is_are = "safety text of this release is" if len(found) == 1 else "safety texts of this release are"
        message = f"{len(found)} {is_are} newer than yours: {names}{more}"
        hint = "`update` shows both, and takes over what you accept"
        if structure and severity is Severity.ERROR:
            hint += "; until then --as-draft prints the page as a draft"
        place = min((change.place for change in found if change.place.line), default=found[0].place)
        yield Problem(place, message, hint, severity)


def _is_on_page(change: Change, structure: Structure, language: str) -> bool:
    if change.file == f"{structure.topic}/{SOURCE_LANGUAGE}.yaml" and language != SOURCE_LANGUAGE:
        return change.unit in english_texts(structure)
    return change.file in files_of_page(structure.topic, language)


def waiting_warning(changes: Iterable[Change]) -> Iterator[Problem]:
    """Tell how many changes of the release wait that are not hard."""
    count = sum(not change.is_hard for change in changes)
    if count:
        are = "change of this release is" if count == 1 else "changes of this release are"
        message = f"{count} {are} not in your handouts yet"
        yield Problem(Place(SHELF), message, "`update` shows them beside your own words", Severity.WARNING)
