"""Find what could not be seen on a bad printer: inks that are too pale, danger without its marks.

The rules are those of the clinical basis, 4.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from press.errors import Place, Problem
from press.writers.contrast import SHAPES, TONER_LOSS, WORDS, least_contrast
from press.writers.stylesheet import BLACK, BoxStyle, Stylesheet

DANGER = ("warning", "notice", "emergency")  # the boxes that say what can kill
SIGNED = ("warning", "notice")  # those that need a sign too
DANGER_BORDER = 1.5  # points, the thinnest border of a box of danger
DANGER_BAR = 18.0  # points, the smallest words on a black bar: they are read from two meters


def legibility_faults(stylesheet: Stylesheet) -> Iterator[Problem]:
    """Find words, borders and signs that are too pale in gray or with little toner, and danger without its marks.

    Any words may be in any box, so each ink is judged on the darkest ground of the stylesheet.
    """
    darkest = max((box.tint for box in stylesheet.boxes.values()), default=0.0)
    for style in stylesheet.text.values():
        yield from _find_pale("the words", style.ink, darkest, WORDS, style.place_of("ink"))
    for name, box in stylesheet.boxes.items():
        if box.border or box.icon != "none":
            yield from _find_pale(f"the border or sign of `{name}`", box.ink, box.tint, SHAPES, box.place_of("ink"))
        if 0 < box.bar < DANGER_BAR and box.ground == BLACK:
            message = f"the words on the black bar of `{name}` must be at least {DANGER_BAR:g} points"
            yield Problem(box.place_of("bar"), message, "they are read from two meters")
    for name in DANGER:
        yield from _find_unmarked(name, stylesheet.box(name), stylesheet.place_of("boxes"))


def _find_pale(what: str, ink: float, ground: float, least: float, place: Place) -> Iterator[Problem]:
    found = least_contrast(ink, ground)
    if found < least:
        yield Problem(
            place,
            f"{what} would be too pale: a contrast of {found:.1f} to 1 once {TONER_LOSS:g} percent of the toner "
            f"is lost, expected at least {least:g} to 1",
            "raise `ink`; 100 is black",
        )


def _find_unmarked(name: str, box: BoxStyle, absent: Place) -> Iterator[Problem]:
    """Find a box of danger without a visible border, and a warning without a sign."""
    place = box.place if box.place.file else absent
    if box.border < DANGER_BORDER:
        where = box.places.get("border", place)
        yield Problem(where, f"the box `{name}` warns of danger: its border must be at least {DANGER_BORDER:g} points")
    if name in SIGNED and box.icon == "none":
        where = box.places.get("icon", place)
        yield Problem(where, f"the box `{name}` warns of danger: it must have a sign", "write `icon: warning`")
