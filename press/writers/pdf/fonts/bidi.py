"""Resolve the bidi level of each character: the Unicode bidirectional algorithm (Annex 9). Pure.

Pages are read from left to right; names on them may be read from right to left. Control characters
are refused before (`characters.py`), so this is the algorithm without them: rules P2, W1 to W7, N0
to N2, I1, I2 and L2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import bidirectional

# Blocks of the scripts that are written from right to left, by their places in Unicode.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_STRONG = {"L": "L", "R": "R", "AL": "R"}
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})


def has_right_to_left(text: str) -> bool:
    """Tell whether any character has a right-to-left class; without one, every level is 0."""
    return bool(_RIGHT_TO_LEFT.search(text))


def is_right_to_left(text: str) -> bool:
    """Tell whether the first strong character is right-to-left (rules P2, P3)."""
    return next((_STRONG[bidi_class] == "R" for bidi_class in map(bidirectional, text) if bidi_class in _STRONG), False)


def resolve(text: str, base: int) -> list[int]:
    """Resolve the level of each character of a text at level `base`; odd is right-to-left."""
    classes = _resolve_weak([bidirectional(character) or "L" for character in text], base)
    classes = _resolve_neutral(_resolve_pairs(text, classes, base), base)
    return [_level(bidi_class, base) for bidi_class in classes]


def visual_order(levels: Sequence[int]) -> list[int]:
    """Reorder the pieces of a line: their indices from left to right (rule L2)."""
    order = list(range(len(levels)))
    odd = [level for level in levels if level % 2]
    for level in range(max(levels, default=0), min(odd, default=1) - 1, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end + 1
    return order


def _edge(base: int) -> str:
    """Give the direction assumed before and after the text (sos, eos)."""
    return "R" if base % 2 else "L"


def _resolve_weak(classes: list[str], base: int) -> list[str]:
    """Resolve weak classes: diacritics, digits and the signs between them (rules W1 to W7)."""
    strong = before = _edge(base)
    for place, bidi_class in enumerate(classes):
        if bidi_class in ("NSM", "BN"):  # the joiners are the only BN left: like a mark, no place of their own
            bidi_class = before
        if bidi_class == "EN" and strong == "AL":
            bidi_class = "AN"
        if bidi_class in ("L", "R", "AL"):
            strong = bidi_class
        classes[place] = before = bidi_class
    classes = ["R" if bidi_class == "AL" else bidi_class for bidi_class in classes]
    _separators(classes)
    _terminators(classes)
    strong = _edge(base)
    for place, bidi_class in enumerate(classes):
        if bidi_class in ("L", "R"):
            strong = bidi_class
        elif bidi_class == "EN" and strong == "L":
            classes[place] = "L"
    return classes


def _separators(classes: list[str]) -> None:
    """Resolve separators: one sign between two numbers belongs to them (rule W4)."""
    for place in range(1, len(classes) - 1):
        before, bidi_class, after = classes[place - 1 : place + 2]
        if before == after and (
            (bidi_class in ("ES", "CS") and after == "EN") or (bidi_class == "CS" and after == "AN")
        ):
            classes[place] = after


def _terminators(classes: list[str]) -> None:
    """Resolve terminators: signs beside a number belong to it, all others are neutral (rules W5, W6)."""
    for step in (range(1, len(classes)), range(len(classes) - 2, -1, -1)):
        for place in step:
            if classes[place] == "ET" and classes[place - (1 if step.step > 0 else -1)] == "EN":
                classes[place] = "EN"
    classes[:] = ["ON" if bidi_class in ("ES", "CS", "ET") else bidi_class for bidi_class in classes]


def _resolve_pairs(text: str, classes: list[str], base: int) -> list[str]:
    """Resolve paired brackets: both take one direction (rule N0)."""
    for start, end in _brackets(text, classes):
        inside = {_direction(bidi_class) for bidi_class in classes[start + 1 : end]} - {""}
        if _edge(base) in inside:
            chosen = _edge(base)
        elif inside:
            before = next((d for d in map(_direction, reversed(classes[:start])) if d), _edge(base))
            chosen = before if before in inside else _edge(base)
        else:
            continue
        for place in (start, end):
            classes[place] = chosen
            for mark in range(place + 1, len(text)):
                if bidirectional(text[mark]) != "NSM":
                    break
                classes[mark] = chosen
    return classes


def _brackets(text: str, classes: list[str]) -> list[tuple[int, int]]:
    """Find the bracket pairs in the order of their opening brackets (definition BD16)."""
    found, open_ = [], []
    for place, character in enumerate(text):
        if classes[place] != "ON":
            continue
        if character in _PAIRS:
            open_.append((character, place))
        elif character in _PAIRS.values():
            for depth in range(len(open_) - 1, -1, -1):
                if _PAIRS[open_[depth][0]] == character:
                    found.append((open_[depth][1], place))
                    del open_[depth:]
                    break
    return sorted(found)


def _direction(bidi_class: str) -> str:
    """Give the direction that a class has for neutral neighbors; numbers count as right-to-left."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(bidi_class, "")


def _resolve_neutral(classes: list[str], base: int) -> list[str]:
    """Resolve neutrals: between two equal directions they take it, else that of the text (rules N1, N2)."""
    place = 0
    while place < len(classes):
        end = place
        while end < len(classes) and classes[end] in _NEUTRAL:
            end += 1
        if end > place:
            before = _direction(classes[place - 1]) if place else _edge(base)
            after = _direction(classes[end]) if end < len(classes) else _edge(base)
            classes[place:end] = [before if before == after else _edge(base)] * (end - place)
        place = end + 1
    return classes


def _level(bidi_class: str, base: int) -> int:
    """Give the level of a resolved class (rules I1, I2)."""
    if base % 2:
        return base if bidi_class == "R" else base + 1
    return base + {"L": 0, "R": 1}.get(bidi_class, 2)
