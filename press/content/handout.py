"""A handout's structure and words. Frozen records; an unknown key is refused.

Field comments are the manual's wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from press.content import fields
from press.content.code_pictures import APPOINTMENT_CODE
from press.content.raw import Scalar, Sequence, Value
from press.content.schema import (
    Context,
    Kind,
    Record,
    choice,
    key,
    list_of,
    map_of,
    read_record,
    record_of,
)
from press.content.teach_back import TeachBack
from press.document.nodes import MARKS, Content
from press.errors import Place
from press.records import dataclass

KINDS = (
    "heading", "paragraph", "warning", "notice", "emergency", "call", "note", "list", "steps", "table",
    "contacts", "dates", "calendar", "write-in", "pair", "panel", "cut-out",
)  # fmt: skip
CONTAINERS = ("pair", "panel", "warning", "notice", "emergency", "call", "note", "dates", "calendar", "cut-out")
CARD_PANELS = 4  # of a cut-out: front and back outside, then left and right inside

SOURCE_LANGUAGE = "en"  # the language that translations follow


# A handout's structure: handouts/TOPIC/handout.yaml


@dataclass(frozen=True, kw_only=True)
class When(Record):
    """For whom a block or text is. A field left out means everybody."""

    form: tuple[str, ...] = key(fields.forms, ())
    reason: tuple[str, ...] = key(fields.reasons, ())
    mode: tuple[str, ...] = key(fields.modes, ())

    def holds(self, form: str, reason: str, mode: str) -> bool:
        """Whether the block is for this form, reason and treatment mode."""
        asked = ((self.form, form), (self.reason, reason), (self.mode, mode))
        return all(not wanted or given in wanted for wanted, given in asked)


@dataclass(frozen=True, kw_only=True)
class TextRef(Record):
    """A text by its id, the picture before it, and for whom it is."""

    text: str = key(fields.identifier)
    picture: str = key(fields.identifier, "")
    when: When = key(record_of(When), When())
    needs: tuple[str, ...] = key(list_of(fields.placeholder), ())
    lacks: tuple[str, ...] = key(list_of(fields.placeholder), ())


def _text_ref(node: Value, name: str, context: Context) -> TextRef:
    if isinstance(node, Scalar):
        found = fields.identifier.read(node, name, context)
        return TextRef(text=found, place=node.place, places=MappingProxyType({"text": node.place}))
    return read_record(TextRef, node, context)


_ref: Kind[TextRef] = Kind(_text_ref, {"anyOf": [fields.identifier.schema, {"$ref": "#/$defs/TextRef"}]})


@dataclass(frozen=True, kw_only=True)
class TableRow(Record):
    """One row of a table: a text for each cell, the first one heading the row.

    With `date`, a line of a calendar: the word that marks such days, then its sentences.
    """

    cells: tuple[TextRef, ...] = key(list_of(_ref))
    date: str = key(choice(*MARKS), "")
    when: When = key(record_of(When), When())


_ROW_SCHEMA = {"anyOf": [{"type": "array", "items": _ref.schema}, {"$ref": "#/$defs/TableRow"}]}


def _row(node: Value, name: str, context: Context) -> TableRow:
    if isinstance(node, Sequence):
        cells = list_of(_ref).read(node, name, context)
        return TableRow(cells=cells, place=node.place)
    return read_record(TableRow, node, context)


def _blocks(node: Value, name: str, context: Context) -> tuple[Block, ...]:
    return list_of(record_of(Block)).read(node, name, context)


@dataclass(frozen=True, kw_only=True)
class Block(Record):
    """One block of a handout: its kind, its texts, the facts that it carries, for whom it is."""

    id: str = key(fields.identifier)
    kind: str = key(choice(*KINDS))
    texts: tuple[TextRef, ...] = key(list_of(_ref), ())
    intro: TextRef | None = key(_ref, None)
    picture: str = key(fields.identifier, "")
    columns: tuple[TextRef, ...] = key(list_of(_ref), ())
    rows: tuple[TableRow, ...] = key(list_of(Kind(_row, _ROW_SCHEMA)), ())
    blocks: tuple[Block, ...] = key(Kind(_blocks, {"type": "array", "items": {"$ref": "#/$defs/Block"}}), ())
    facts: tuple[str, ...] = key(fields.facts, ())
    short: bool = key(fields.flag, False)
    check: bool = key(fields.flag, False)
    in_english: bool = key(fields.flag, False)
    when: When = key(record_of(When), When())
    needs: tuple[str, ...] = key(list_of(fields.placeholder), ())
    lacks: tuple[str, ...] = key(list_of(fields.placeholder), ())


@dataclass(frozen=True, kw_only=True)
class Require(Record):
    """Facts that a page must carry, and for whom."""

    facts: tuple[str, ...] = key(fields.facts)
    when: When = key(record_of(When), When())


@dataclass(frozen=True, kw_only=True)
class Structure(Record):
    """handout.yaml: order, conditions, facts and sources; the same for every language."""

    topic: str = key(fields.identifier)
    version: str = key(fields.version)
    sides: int = key(fields.whole(1, 20))
    dense: bool = key(fields.flag, False)
    opt_in: bool = key(fields.flag, False)
    modes: tuple[str, ...] = key(fields.modes, ())
    old_label: str = key(choice("refuse", "warn"), "refuse")
    review_months: int = key(fields.whole(1, 60))
    labels: tuple[str, ...] = key(fields.forms)
    label_basis: AbstractMapping[str, str] = key(map_of(fields.month, fields.form))
    sources: tuple[str, ...] = key(list_of(fields.text))
    title: TextRef = key(_ref)
    audience: tuple[TextRef, ...] = key(list_of(_ref), ())
    requires: tuple[Require, ...] = key(list_of(record_of(Require)), ())
    first_page: tuple[str, ...] = key(fields.facts, ())
    spill: tuple[str, ...] = key(fields.facts, ())
    blocks: tuple[Block, ...] = key(list_of(record_of(Block)))


@dataclass(frozen=True, kw_only=True)
class Review(Record):
    """Who translated and checked the words, and when. Blank until a real person did."""

    translator: str = key(fields.line, "")
    reviewer: str = key(fields.line, "")
    reviewed_on: date | None = key(fields.date_, None)


@dataclass(frozen=True, kw_only=True)
class Lexicon(Record):
    """Words of a language that `check` needs to compare it with the English. In phrases/ only."""

    names: AbstractMapping[str, tuple[str, ...]] = key(
        map_of(list_of(fields.line), fields.identifier), MappingProxyType({})
    )
    numbers: tuple[str, ...] = key(list_of(fields.line), ())
    same: tuple[str, ...] = key(list_of(fields.line), ())


@dataclass(frozen=True, kw_only=True)
class Words(Record):
    """LANG.yaml: the words by text id, and the version of the English that they follow."""

    language: str = key(fields.language)
    follows: str = key(fields.version)
    review: Review = key(record_of(Review), Review())
    taught: tuple[str, ...] = key(list_of(fields.line), ())
    lexicon: Lexicon = key(record_of(Lexicon), Lexicon())
    teach_back: tuple[TeachBack, ...] = key(list_of(record_of(TeachBack)), ())
    texts: AbstractMapping[str, tuple[str, Place]] = key(
        map_of(
            Kind(lambda node, name, context: (fields.words.read(node, name, context), node.place), {"type": "string"}),
            fields.identifier,
        )
    )


@dataclass(frozen=True, kw_only=True)
class Helplines(Record):
    """helplines.yaml: every number that is not the clinic's own, once, with its check date."""

    checked: date = key(fields.date_)
    numbers: AbstractMapping[str, str] = key(map_of(fields.phone, fields.placeholder))


@dataclass(frozen=True, eq=False)
class Handout:
    """Structure and words of one handout in one language, with phrases: whole and checked.

    `left_out` are the facts that the clinic need not have on this page, with its reasons, and `switches`
    the settings of config.yaml that decide which texts are printed; `replaced` are the shipped words of hard
    facts that the clinic's own stand for.
    Each one that was read is its own, so that what follows from its words can be kept by it.
    """

    structure: Structure
    language: str
    review: Review
    texts: AbstractMapping[str, Content]
    phrases: AbstractMapping[str, Content]
    helplines: Helplines
    taught: frozenset[str] = frozenset()
    lexicon: Lexicon = Lexicon()
    words_file: str = ""
    follows: str = ""
    draft_notices: tuple[Content, ...] = ()
    draft_marks: tuple[Content, ...] = ()
    left_out: AbstractMapping[str, str] = field(default_factory=dict)
    switches: AbstractMapping[str, str] = field(default_factory=dict)
    replaced: AbstractMapping[str, str] = field(default_factory=dict)
    teach_back: tuple[TeachBack, ...] = ()

    @cached_property
    def has_card(self) -> bool:
        """Whether there is a card to cut out."""
        return any(block.kind == "cut-out" for block in all_blocks(self.structure.blocks))

    @cached_property
    def has_calendar(self) -> bool:
        """Whether a month of days may stand on the page."""
        return any(block.kind == "calendar" for block in all_blocks(self.structure.blocks))

    @cached_property
    def has_code(self) -> bool:
        """Whether a code to scan may stand on the page."""
        refs = (ref for block in all_blocks(self.structure.blocks) for ref in block.texts)
        return any(ref.picture == APPOINTMENT_CODE for ref in refs)

    @property
    def is_translation(self) -> bool:
        """Whether these words follow the words of another language."""
        return self.language != SOURCE_LANGUAGE


def all_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Iterate over every block, nested ones after the block that holds them."""
    for block in blocks:
        yield block
        yield from all_blocks(block.blocks)


def block_refs(block: Block) -> Iterator[TextRef]:
    """List the texts that a block itself names, in reading order."""
    if block.intro:
        yield block.intro
    yield from block.texts
    yield from block.columns
    for row in block.rows:
        yield from row.cells


def english_texts(structure: Structure) -> frozenset[str]:
    """List the texts that stay English in every language: those of blocks that say so, for staff who read the page."""
    marked = (block for block in all_blocks(structure.blocks) if block.in_english)
    return frozenset(ref.text for block in marked for inner in all_blocks((block,)) for ref in block_refs(inner))
