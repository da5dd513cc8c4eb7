"""In which direction each letter of a text is read: the Unicode bidirectional algorithm (Annex 9).

The press prints pages that are read from left to right; names on them may be read from right to
left. No control characters come here (`characters.py` refuses them), so what stands here is the
part without them: rules P2, W1 to W7, N0 to N2, I1, I2 and L2. Pure functions.
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
    """Whether any letter may be read from right to left; without one, every level is 0."""
    return bool(_RIGHT_TO_LEFT.search(text))


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is read from right to left (rules P2, P3)."""
    return next((_STRONG[kind] == "R" for kind in map(bidirectional, text) if kind in _STRONG), False)


def resolve(text: str, base: int) -> list[int]:
    """The level of each character of a text that stands at level `base`: odd from right to left."""
    kinds = _weak([bidirectional(character) or "L" for character in text], base)
    kinds = _neutral(_paired(text, kinds, base), base)
    return [_level(kind, base) for kind in kinds]


def visual_order(levels: Sequence[int]) -> list[int]:
    """The places of the pieces of one line from left to right (rule L2)."""
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
    """The direction that is taken to stand before and after the text."""
    return "R" if base % 2 else "L"


def _weak(kinds: list[str], base: int) -> list[str]:
    """Marks, digits and the signs between them (rules W1 to W7)."""
    strong = before = _edge(base)
    for place, kind in enumerate(kinds):
        if kind in ("NSM", "BN"):  # the joiners are the only BN left: like a mark, no place of their own
            kind = before
        if kind == "EN" and strong == "AL":
            kind = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        kinds[place] = before = kind
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    _separators(kinds)
    _terminators(kinds)
    strong = _edge(base)
    for place, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"
    return kinds


def _separators(kinds: list[str]) -> None:
    """One sign between two numbers belongs to them (rule W4)."""
    for place in range(1, len(kinds) - 1):
        before, kind, after = kinds[place - 1 : place + 2]
        if before == after and ((kind in ("ES", "CS") and after == "EN") or (kind == "CS" and after == "AN")):
            kinds[place] = after


def _terminators(kinds: list[str]) -> None:
    """Signs beside a number belong to it; the signs that are left are neutral (rules W5, W6)."""
    for step in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        for place in step:
            if kinds[place] == "ET" and kinds[place - (1 if step.step > 0 else -1)] == "EN":
                kinds[place] = "EN"
    kinds[:] = ["ON" if kind in ("ES", "CS", "ET") else kind for kind in kinds]


def _paired(text: str, kinds: list[str], base: int) -> list[str]:
    """Both brackets of a pair take one direction (rule N0)."""
    for start, end in _brackets(text, kinds):
        inside = {_direction(kind) for kind in kinds[start + 1 : end]} - {""}
        if _edge(base) in inside:
            chosen = _edge(base)
        elif inside:
            before = next((d for d in map(_direction, reversed(kinds[:start])) if d), _edge(base))
            chosen = before if before in inside else _edge(base)
        else:
            continue
        for place in (start, end):
            kinds[place] = chosen
            for mark in range(place + 1, len(text)):
                if bidirectional(text[mark]) != "NSM":
                    break
                kinds[mark] = chosen
    return kinds


def _brackets(text: str, kinds: list[str]) -> list[tuple[int, int]]:
    """The pairs of brackets in the order of their beginnings (definition BD16)."""
    found, open_ = [], []
    for place, character in enumerate(text):
        if kinds[place] != "ON":
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


def _direction(kind: str) -> str:
    """The direction that a kind gives to neutral neighbours; numbers count as right to left."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _neutral(kinds: list[str], base: int) -> list[str]:
    """Spaces and signs between two equal directions take it, others that of the text (rules N1, N2)."""
    place = 0
    while place < len(kinds):
        end = place
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > place:
            before = _direction(kinds[place - 1]) if place else _edge(base)
            after = _direction(kinds[end]) if end < len(kinds) else _edge(base)
            kinds[place:end] = [before if before == after else _edge(base)] * (end - place)
        place = end + 1
    return kinds


def _level(kind: str, base: int) -> int:
    """The level of a resolved kind (rules I1, I2)."""
    if base % 2:
        return base if kind == "R" else base + 1
    return base + {"L": 0, "R": 1}.get(kind, 2)
