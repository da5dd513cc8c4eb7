"""List what a signature covers, for the person who reads it: each different page, and the words on none of them."""

from __future__ import annotations

from collections.abc import Iterator

from press.content.fields import EDITIONS
from press.content.handout import Block, Handout, Structure, TableRow, TextRef, When, block_refs
from press.document.markup import to_markup
from press.document.nodes import contents
from press.document.outline import outline
from press.records import dataclass
from press.runs.handout import Made, Site, make
from press.runs.signed_pages import DAY
from press.runs.variants import draft_and_final, make_readers


@dataclass(frozen=True)
class Variant:
    """One page, and the kinds of readers who get it: form, reason and treatment mode of each."""

    made: Made
    readers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ConditionalText:
    """Words that are signed and stand on no page that is shown, with the conditions under which they print."""

    name: str
    words: str
    conditions: tuple[str, ...]


def list_variants(site: Site, handout: Handout) -> tuple[Variant, ...]:
    """Compose a page for each form, reason and mode, in ordinary print; equal pages count once. Raises HandoutError."""
    topic, state = handout.structure.topic, draft_and_final(DAY)[0]
    first: dict[str, Made] = {}
    readers: dict[str, list[tuple[str, str, str]]] = {}
    for options in make_readers(site.clinic, handout.language, DAY):
        if options.edition == EDITIONS[0]:
            made = make(site, topic, options, DAY, sign=state)
            page = outline(made.document)
            first.setdefault(page, made)
            readers.setdefault(page, []).append((options.form, options.reason, made.tailored.mode))
    return tuple(Variant(made, tuple(readers[page])) for page, made in first.items())


def list_unseen(handout: Handout, variants: tuple[Variant, ...]) -> tuple[ConditionalText, ...]:
    """List the texts that are on none of these pages: they print on certain days, or for few readers."""
    seen = {text.id for variant in variants for text in contents(variant.made.document)}
    conditions = text_conditions(handout.structure)
    return tuple(
        ConditionalText(name, to_markup(text.children).replace("**", ""), conditions.get(name, ()))
        for name, text in handout.texts.items()
        if text.id not in seen
    )


def text_conditions(structure: Structure) -> dict[str, tuple[str, ...]]:
    """List the conditions under which each text prints, as the manual writes them; the first place of a text counts."""
    conditions: dict[str, tuple[str, ...]] = {}
    audience = ((ref.text, _conditions(ref)) for ref in structure.audience)
    for name, found in (*audience, *_texts(structure.blocks, ())):
        conditions.setdefault(name, found)
    return conditions


def _texts(blocks: tuple[Block, ...], around: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each text of these blocks with its conditions and those of the blocks around it."""
    for block in blocks:
        here = (*around, *_conditions(block))
        rows = {id(cell): row for row in block.rows for cell in row.cells}
        for ref in block_refs(block):
            row = _conditions(rows[id(ref)]) if id(ref) in rows else ()
            yield ref.text, tuple(dict.fromkeys((*here, *row, *_conditions(ref))))
        yield from _texts(block.blocks, here)


def _conditions(holder: Block | TableRow | TextRef) -> tuple[str, ...]:
    """The conditions of a block, a row or a text, as the manual writes them."""
    when: When = holder.when
    found = [f"{key}: {', '.join(getattr(when, key))}" for key in ("form", "reason", "mode") if getattr(when, key)]
    if not isinstance(holder, TableRow):
        found += [f"needs {name}" for name in holder.needs] + [f"lacks {name}" for name in holder.lacks]
    return tuple(found)
