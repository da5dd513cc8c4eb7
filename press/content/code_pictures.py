"""Draw a code to scan (QR, ISO/IEC 18004) as a picture, of a size that a worn copy is still read at.

Error correction M; the code itself is 25 mm wide, with its quiet zone of four modules around it in white.
"""

from __future__ import annotations

from press.document.pictures import GRID, Picture, Segment, Shape, rectangle

APPOINTMENT_CODE = "appointment-code"  # in handout.yaml, in place of a picture of templates/pictures
_PREFIX = "code-"
_SIDE = 25 * 72 / 25.4  # points
_QUIET = 4  # modules (ISO/IEC 18004, 5.3.8)


def name_code(text: str) -> str:
    """Name the picture of a text, which holds all of it."""
    return _PREFIX + text.encode().hex()


def is_code(name: str) -> bool:
    """Whether a picture is a code, and no file."""
    return name.startswith(_PREFIX)


def draw_code(name: str) -> Picture:
    """Draw the code that a name is of: a run of dark modules in a row is one rectangle."""
    import segno

    text = bytes.fromhex(name.removeprefix(_PREFIX)).decode()
    rows = [list(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix]
    unit = GRID / (len(rows) + 2 * _QUIET)
    dark: list[Segment] = []
    for down, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                x, y = (_QUIET + start) * unit, (_QUIET + down) * unit
                dark += rectangle(x, y, (end - start) * unit, unit)
            start = max(end, start + 1)
    ground = Shape(rectangle(0, 0, GRID, GRID), "white", 0)
    side = _SIDE * (len(rows) + 2 * _QUIET) / len(rows)
    return Picture(name, (ground, Shape(tuple(dark), "black", 0)), side)
