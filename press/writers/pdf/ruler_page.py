"""Draw the test page of a printer: a ruler, the edge that must not be cut, and a back for both sides.

No handout and for no patient, so it has neither tags nor a proof; its letters are those of every PDF viewer.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from press.records import dataclass

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

SIZES = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}  # points
INCH, CENTIMETER = 72.0, 72 / 2.54
RULERS = ((6, INCH, 8, "in"), (15, CENTIMETER, 10, "cm"))  # units, their length, parts of one, their name
_EDGE, _LEFT = 36.0, 72.0  # points from the edge of the paper: half an inch, which every printer reaches; and an inch


@dataclass(frozen=True)
class RulerWords:
    """What the page says: its title, lines about size, edge and sides, and the line on its back."""

    title: str
    lines: tuple[str, ...]
    back: str


def draw_ruler_page(words: RulerWords, paper: str) -> bytes:
    """Draw the two sides for a paper of `SIZES`, as one PDF that asks for actual size and both sides."""
    from reportlab.pdfgen.canvas import Canvas

    width, height = SIZES[paper]
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1, pageCompression=1)
    canvas.setTitle(words.title)
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", "DuplexFlipLongEdge")
    _frame(canvas, width, height)
    _lines(canvas, (words.title, *words.lines), height - 110)
    for number, ruler in enumerate(RULERS):
        _ruler(canvas, height - 330 - 90 * number, *ruler)
    canvas.showPage()
    _frame(canvas, width, height)
    _lines(canvas, (words.back,), height - 110)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _frame(canvas: Canvas, width: float, height: float) -> None:
    canvas.setLineWidth(1)
    canvas.rect(_EDGE, _EDGE, width - 2 * _EDGE, height - 2 * _EDGE)


def _lines(canvas: Canvas, lines: tuple[str, ...], top: float) -> None:
    """Write a title and lines below it, each as long as it is: they are short."""
    for number, line in enumerate(lines):
        canvas.setFont("Helvetica-Bold" if number == 0 else "Helvetica", 20 if number == 0 else 12)
        canvas.drawString(_LEFT, top - 30 * number, line)


def _ruler(canvas: Canvas, y: float, count: int, unit: float, parts: int, name: str) -> None:
    canvas.setLineWidth(0.75)
    canvas.line(_LEFT, y, _LEFT + count * unit, y)
    canvas.setFont("Helvetica", 10)
    for tick in range(count * parts + 1):
        x = _LEFT + tick * unit / parts
        is_whole = tick % parts == 0
        canvas.line(x, y, x, y + (24 if is_whole else 16 if tick * 2 % parts == 0 else 9))
        if is_whole:
            canvas.drawCentredString(x, y + 29, str(tick // parts))
    canvas.drawString(_LEFT, y - 16, name)
