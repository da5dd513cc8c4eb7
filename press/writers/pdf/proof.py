"""What was meant is what is seen: every string of the tree lies whole inside the frame.

Extracted text proves nothing (clipped text extracts well), so this reads the layout record.
A failure here is a fault of this program, not of the words: it raises RuntimeError.
"""

from __future__ import annotations

from press.document import Document, Inline, PageCount, PageNumber, blocks, inlines, plain, strings
from press.errors import Place, refuse
from press.writers.pdf.fonts import Faces
from press.writers.pdf.layout import Layout, TextItem

_SLACK = 0.05  # points


def prove(document: Document, layout: Layout, faces: Faces) -> None:
    """Raise if a string is lost, cut, moved or out of its frame, or a fact is on the wrong page."""
    if not layout.pages:
        raise RuntimeError("the handout has no pages")
    for page in layout.pages:
        for item in (*page.items, *page.footer):
            if isinstance(item, TextItem):
                _inside(item, layout, faces)
    _whole(document, layout)
    _first_page(document, layout)


def _inside(item: TextItem, layout: Layout, faces: Faces) -> None:
    end = sum(faces.of(run.bold).width(run.text.rstrip(" "), item.size) for run in item.line.runs[-1:])
    start = item.line.runs[-1].x if item.line.runs else 0.0
    reach = max([start + end, *(blank.x + blank.width for blank in item.line.blanks)])
    if reach > item.room + _SLACK:
        raise RuntimeError("a line is wider than its frame")
    if item.x < layout.left - _SLACK or item.x + reach > layout.right + _SLACK:
        raise RuntimeError("a line leaves the margins")
    if item.y - item.size < layout.top - item.size or item.y > layout.bottom + _SLACK:
        raise RuntimeError("a line leaves the page")


def _whole(document: Document, layout: Layout) -> None:
    """Compare the words of the tree with the words of the record, in reading order."""
    meant = [_folded(run) for run in _runs(document)]
    drawn: dict[int, list[str]] = {}
    for page in layout.pages:
        for item in page.items:
            if isinstance(item, TextItem) and item.element:
                drawn.setdefault(item.element, []).append(item.line.text)
    lines = ["".join("".join(parts).split()) for _, parts in sorted(drawn.items())]
    seen = [text for text in lines if text]
    if [text for text in meant if text] != [text for text in seen if not _is_label(text, meant)]:
        raise RuntimeError("the words on the page are not the words of the document")


def _is_label(text: str, meant: list[str]) -> bool:
    return text not in meant and (text == "•" or text.rstrip(".").isdigit())


def _runs(document: Document):
    for block in blocks(document.banner + document.letterhead + document.body):
        yield from strings(block)


def _folded(run: tuple[Inline, ...]) -> str:
    if any(isinstance(node, PageNumber | PageCount) for node in inlines(run)):
        raise RuntimeError("page numbers belong in the footer")
    return "".join(_without_blanks(run).split())


def _without_blanks(run: tuple[Inline, ...]) -> str:
    from press.document import Content, Strong, WriteIn

    words = ""
    for node in run:
        if isinstance(node, Strong | Content):
            words += _without_blanks(node.children)
        elif not isinstance(node, WriteIn):
            words += plain((node,))
    return words


def _first_page(document: Document, layout: Layout) -> None:
    """The texts that must stand on page 1 stand there and nowhere else."""
    on_page: dict[str, set[int]] = {}
    for page in layout.pages:
        for item in page.items:
            if isinstance(item, TextItem):
                for run in item.line.runs:
                    on_page.setdefault(run.content, set()).add(page.number)
    for name in document.first_page:
        if on_page.get(name, set()) - {1}:
            place = document.place if document.place.file else Place("page")
            raise refuse(place, f"text `{name}` must stand on page 1", "shorten what stands before it")
