"""Check where a handout puts pictures: each is there, has words in the language, and stands where pages have room.

A picture stands left of a text of its own lines. Cells, days of a calendar and cards have no such room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from press.content.code_pictures import APPOINTMENT_CODE
from press.content.handout import Block, Structure, TextRef, all_blocks, block_refs
from press.document.nodes import Content, Placeholder, inlines
from press.errors import Place, Problems, did_you_mean

_NO_ROOM = ("table", "contacts", "calendar", "write-in", "cut-out", "pair")


def phrase_of(picture: str) -> str:
    """Name the phrase that says what a picture shows."""
    return f"picture-{picture}"


def check_pictures(structure: Structure, names: frozenset[str], problems: Problems) -> None:
    """Refuse a picture that is not there, or for which a page has no place; `names` are those that are there."""
    for place, name in _named(structure):
        if name not in names and name != APPOINTMENT_CODE:
            problems.add(place, f"there is no picture `{name}` in templates/pictures", did_you_mean(name, names))
    cards = {id(inner) for block in all_blocks(structure.blocks) if block.kind == "cut-out"
             for inner in all_blocks((block,))}  # fmt: skip
    for block in all_blocks(structure.blocks):
        has_room = block.kind not in _NO_ROOM and id(block) not in cards
        for holder in _without_room(block, has_room):
            problems.add(_place(holder), f"a picture cannot stand here, in a `{block.kind}` block", _HINT)
        if block.picture and has_room and not (block.intro or block.texts):
            problems.add(
                _place(block), f"the block `{block.id}` has no text that its picture could stand beside", _HINT
            )
    for ref in (structure.title, *structure.audience):
        if ref.picture:
            problems.add(_place(ref), "a picture cannot stand here, at the head of a page", _HINT)


_HINT = "put it on a step, an item of a list, a paragraph, or the first text of a box"


def _without_room(block: Block, has_room: bool) -> Iterator[Block | TextRef]:
    """List what has a picture in a block where there is no room for it."""
    if block.picture and not has_room:
        yield block
    with_room = (block.intro, *block.texts) if has_room else ()
    for ref in block_refs(block):
        if ref.picture and not any(ref is other for other in with_room):
            yield ref


def check_picture_words(structure: Structure, phrases: Mapping[str, Content], file: str, problems: Problems) -> None:
    """Refuse a picture without words in this language, or with a value of one clinic or one reader in them."""
    for place, name in _named(structure):
        words = phrases.get(phrase_of(name))
        if words is None:
            problems.add(place, f"text `{phrase_of(name)}` is not in {file}", "it says what the picture shows")
        elif any(isinstance(node, Placeholder) for node in inlines(words.children)):
            problems.add(words.place, f"text `{phrase_of(name)}` must not hold a placeholder")


def pictures_of(structure: Structure) -> frozenset[str]:
    """Name the pictures of a handout that are files: a code to scan is drawn for each appointment."""
    return frozenset(name for _, name in _named(structure)) - {APPOINTMENT_CODE}


def _named(structure: Structure) -> Iterator[tuple[Place, str]]:
    """List each picture that a handout names, with its place."""
    refs = (ref for block in all_blocks(structure.blocks) for ref in block_refs(block))
    holders: tuple[Block | TextRef, ...] = (*all_blocks(structure.blocks), *refs, structure.title, *structure.audience)
    yield from ((_place(holder), holder.picture) for holder in holders if holder.picture)


def _place(holder: Block | TextRef) -> Place:
    return holder.place_of("picture")
