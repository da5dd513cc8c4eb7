"""Fill a template with a tailored handout and read the result into the document tree.

The XHTML between a template and the parser never leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from press.compose.fact_ids import ids_with, ids_with_only
from press.compose.language_marks import mark_draft, mark_english
from press.compose.limits import Limits, any_length
from press.compose.provenance import check_provenance, slashed
from press.compose.sandbox import Fields, render
from press.compose.shown_dates import Day, Mark, Month
from press.compose.tailor import Tailored
from press.content.approvals import code_of
from press.content.handout import Block, TableRow
from press.content.library import HOTLINE
from press.document.nodes import MOST_ITEMS, Content, Document, Section, Value, plain
from press.document.nodes import Block as Node
from press.document.xhtml import parse_again, parse_xhtml
from press.errors import Problems
from press.lru import LRU, OfObjects


def compose(tailored: Tailored, folder: Path) -> Document:
    """Fill the template of handouts, and prove that no word on the page is the template's own.

    Raises HandoutError with the template's file and line.
    """
    document = fill(tailored, folder, "handout.xhtml.j2")
    problems = Problems()
    problems.extend(check_provenance(document, tailored))
    problems.raise_if_errors()
    return document


def fill(tailored: Tailored, folder: Path, template: str) -> Document:
    """Fill `template` of `folder`: a page whose words are not proved yet. Raises HandoutError like `compose`."""
    head, body, footer, role = parse_again(render(folder, template, _context(tailored), Limits()))
    structure = tailored.handout.structure
    is_standard = tailored.options.edition == "standard"
    title = tailored.filled[structure.title.text]
    return Document(
        title=plain(title.children),
        language=tailored.handout.language,
        banner=tuple(mark_draft(block, tailored.draft) for block in head if _is_draft_mark(block)),
        letterhead=tuple(block for block in head if not _is_draft_mark(block)),
        body=mark_english(body, tailored.handout),
        footer=footer,
        role=role,
        sides=structure.sides if is_standard else 0,
        first_page=tuple(ids_with(tailored, set(structure.first_page) & tailored.facts)),
        spill=tuple(ids_with_only(tailored, frozenset(structure.spill))) if is_standard else (),
        hotline=tailored.phrases[HOTLINE],
        place=structure.place_of("sides"),
    )


def compose_page(fields: Mapping[str, Any], folder: Path, template: str, title: str, language: str) -> Document:
    """Fill `template` of `folder` with plain fields, for a page that is no handout and of any length.

    Raises HandoutError with the template's file and line.
    """
    head, body, footer, role = parse_xhtml(render(folder, template, fields, any_length()))
    return Document(title=title, language=language, letterhead=head, body=body, footer=footer, role=role)


def _is_draft_mark(block: Node) -> TypeGuard[Section]:
    return isinstance(block, Section) and block.role == "draft"


# What a template sees


def _context(tailored: Tailored) -> dict[str, Any]:
    structure, options = tailored.handout.structure, tailored.options
    return {
        "title": tailored.filled[structure.title.text],
        "audience": tuple(tailored.filled[ref.text] for ref in tailored.audience),
        "blocks": tuple(tailored.of_blocks(_fields, _block)),
        "phrase": _phrases.get(tailored.phrases),
        "topic": structure.topic,
        "version": structure.version,
        "language": tailored.handout.language,
        "edition": tailored.phrases[f"edition-{options.edition}"],
        "dense": "one-side" if structure.dense and options.edition == "standard" else "",
        "short_letterhead": "yes" if tailored.is_letterhead_short else "",
        "labels": tuple(
            Fields(name=tailored.phrases[f"label-{form}"], month=slashed(structure.label_basis[form]))
            for form in structure.labels
            if form == options.form or len(structure.labels) == 1
        ),
        "has_name": "yes" if "name" in tailored.asked else "",
        "has_clinic": "yes" if "clinic_name" in tailored.asked else "",
        "has_prescriber": "yes" if "prescriber" in tailored.asked else "",
        "address": tuple(Value("address", part) for part in tailored.address),
        "personal": "yes" if tailored.personal else "",
        "draft": tailored.draft,
        "print": code_of(tailored.handout),
    }


def _block(block: Block, tailored: Tailored) -> Fields:
    return Fields(
        id=block.id,
        kind=block.kind,
        intro=tailored.shown(block.intro, block) if block.intro else "",
        texts=tuple(tailored.shown(ref, block) for ref in block.texts),
        columns=tuple(tailored.filled[ref.text] for ref in block.columns),
        rows=tuple(_row(row, tailored) for row in block.rows),
        lists=tuple(_dates(rows, tailored) for rows in _sevens(block.rows)) if block.kind == "calendar" else (),
        months=tuple(_month(month) for month in tailored.months) if block.kind == "calendar" else (),
        blocks=tuple(_block(inner, tailored) for inner in block.blocks),
        look="check" if block.check else "short" if block.short else "",
        marks=tailored.handout.draft_marks if tailored.draft else (),
    )


_fields: LRU[Fields] = LRU(1024)
_phrases: OfObjects[Mapping[str, Content], Fields] = OfObjects(
    256, lambda phrases: Fields(**{name.replace("-", "_"): text for name, text in phrases.items()})
)


def _row(row: TableRow, tailored: Tailored) -> tuple[Content, ...]:
    return tuple(tailored.filled[ref.text] for ref in row.cells)


# A calendar


def _sevens(rows: tuple[TableRow, ...]) -> Iterator[tuple[TableRow, ...]]:
    """Divide the lines of a calendar into lists of at most `MOST_ITEMS`."""
    for start in range(0, len(rows), MOST_ITEMS):
        yield rows[start : start + MOST_ITEMS]


def _dates(rows: tuple[TableRow, ...], tailored: Tailored) -> tuple[Fields, ...]:
    lines = ((row.date, *_row(row, tailored)) for row in rows)
    return tuple(Fields(kind=kind, label=label, texts=tuple(texts)) for kind, label, *texts in lines)


def _month(month: Month) -> Fields:
    heads = tuple(Fields(name=head.name, marks=tuple(map(_mark, head.marks))) for head in month.weekdays)
    return Fields(name=month.name, weekdays=heads, weeks=tuple(tuple(map(_day, week)) for week in month.weeks))


def _day(day: Day | None) -> Fields:
    """Build a cell; outside the month it has neither a number nor a mark."""
    if day is None:
        return Fields(number="", marks=())
    return Fields(number=day.number, marks=tuple(map(_mark, day.marks)))


def _mark(mark: Mark) -> Fields:
    return Fields(kind=mark.kind, label=mark.label, time=Value("appointment", mark.time) if mark.time else "")
