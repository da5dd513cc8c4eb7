"""Prove a layout: every string of the tree is whole and inside the frame.

Extracted text proves nothing (clipped text extracts well), so this reads the layout.
A failure here is a fault of this program, not of the words: it raises RuntimeError.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from press.document.nodes import (
    Block,
    Content,
    Document,
    Inline,
    PageCount,
    PageNumber,
    Paragraph,
    PictureMark,
    SheetNumber,
    Side,
    Strong,
    WriteIn,
    blocks,
    inlines,
    nodes,
    plain,
    split_sides,
    strings,
)
from press.document.slots import Slot
from press.errors import Place, refuse
from press.lru import OfObjects, once_each
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.model import (
    ARTIFACT,
    BoxItem,
    CutItem,
    Element,
    IconItem,
    Item,
    Layout,
    Line,
    LogoItem,
    Page,
    PictureItem,
    RuleItem,
    SignItem,
    TextItem,
)
from press.writers.pdf.proof.cards import prove_cards

_SLACK = 0.05  # points
_LETTERS = 0.5  # of the size: what small letters take above their base line
_MOST = 4096  # lines that were proved
_NUMBERS = PageNumber, PageCount, SheetNumber
_Words = list[tuple[TextItem, str]]  # lines on a page with their words
_Texts = tuple[str, ...] | None  # of slots by their numbers; None where they are filled
_proved: OfObjects[Line, dict[tuple[float, Faces], tuple[str, float]]] = OfObjects(_MOST, lambda _: {})


def prove(document: Document, layout: Layout, faces: Faces, texts: _Texts = None) -> None:
    """Raise if a string is lost, cut, moved or out of its frame, or a fact is on the wrong page.

    The slots of the document are filled, or have these `texts`.
    """
    if not layout.pages:
        raise RuntimeError("the handout has no pages")
    drawn: dict[int, list[str]] = defaultdict(list)  # words by element
    for page in layout.pages:
        words, below = (_read(items, layout, faces) for items in (page.items, page.footer))
        for one, other in rivals(page, faces):
            prove_apart(one, other)
        for element, text in _downwards(words):
            drawn[element].append(text)
        _footer(document, texts, (page.number, len(layout.pages)), below)
    _whole(document, texts, layout, drawn)
    _pictures(document, layout)
    _logo(document, layout)
    prove_cards(layout)
    _first_page(document, layout)


def _read(items: Iterable[Item], layout: Layout, faces: Faces) -> _Words:
    """Prove each item of a page by itself; give its lines with their words."""
    found = []
    for item in items:
        if isinstance(item, TextItem):
            text, reach = _prove_once(item.line, item.size, faces)
            prove_inside(item, reach, layout)
            found.append((item, text))
        elif not isinstance(item, CutItem):
            _decoration_inside(item, layout)
    return found


def _prove_once(line: Line, size: float, faces: Faces) -> tuple[str, float]:
    """Prove a line by itself, and give its words and its reach: once, for most lines are on many pages."""
    known = _proved.get(line)
    found = known.get((size, faces))
    if found is None:
        prove_line(line, faces)
        found = known[size, faces] = line.text, reach(line, size, faces)
    return found


def reach(line: Line, size: float, faces: Faces) -> float:
    """Measure how far a line reaches to the right, in points. Raises RuntimeError if its parts stand on each other."""
    parts = [(run.x, faces.width(run, size)) for run in line.runs] + [(each.x, each.width) for each in line.blanks]
    end = 0.0
    for x, wide in sorted(parts):
        if x < end - _SLACK:
            raise RuntimeError("words of a line stand on each other")
        end = x + wide
    return end


def prove_inside(item: TextItem, reach: float, layout: Layout) -> None:
    """Raise if a line that goes `reach` points to the right leaves its frame or the page."""
    if reach > item.room + _SLACK:
        raise RuntimeError("a line is wider than its frame")
    if item.x < layout.left - _SLACK or item.x + reach > layout.right + _SLACK:
        raise RuntimeError("a line leaves the margins")
    if item.y - item.size < layout.top - item.size or item.y > layout.bottom + _SLACK:
        raise RuntimeError("a line leaves the page")


def prove_line(line: Line, faces: Faces) -> None:
    """Raise unless what is drawn for a run are its letters, all of them, in its face, and no empty box."""
    for run in line.runs:
        if not run.signs and not run.family and faces.is_plain(run.text):
            continue  # both of the page's faces have each letter
        known = faces.of(run.bold, run.family).sfnt
        signs = run.signs[::-1] if run.level % 2 else run.signs
        if run.signs and "".join(sign.text for sign in signs) != run.text:
            raise RuntimeError("the signs of a run are not its letters")
        if any(not 0 < glyph < known.count for sign in run.signs for glyph, _, _ in sign.parts):
            raise RuntimeError("an empty box stands for a letter")
        if not run.signs and not known.characters.keys() >= set(map(ord, run.text)):
            raise RuntimeError("a face lacks a letter")


def _decoration_inside(item: BoxItem | IconItem | PictureItem | RuleItem, layout: Layout) -> None:
    tall = 0.0 if isinstance(item, RuleItem) else item.height
    if item.x < layout.left - _SLACK or item.x + item.width > layout.right + _SLACK:
        raise RuntimeError("a frame, rule or sign leaves the margins")
    if item.y < layout.top - _SLACK or item.y + tall > layout.bottom + _SLACK:
        raise RuntimeError("a frame, rule or sign leaves the page")


def rivals(page: Page, faces: Faces) -> Iterator[tuple[TextItem, TextItem | SignItem]]:
    """Pair each line with the lines and signs at its height on the page; high and deep scripts reach further."""
    items = (item for item in (*page.items, *page.footer) if isinstance(item, TextItem))
    lines = [(line, *_span(line, faces)) for line in sorted(items, key=lambda item: item.y)]
    for sign in [item for item in page.items if isinstance(item, SignItem)]:
        above, below = sign.y, sign.y + sign.height
        yield from ((line, sign) for line, top, _ in lines if above < line.y and top < below)
    highest = max([line.y - top for line, top, _ in lines], default=0.0)
    for number, (line, _, bottom) in enumerate(lines, 1):
        for other, top, _ in lines[number:]:
            if top < bottom - _SLACK:
                yield line, other
            if other.y - highest >= bottom - _SLACK:
                break


def prove_apart(one: TextItem, other: TextItem | SignItem) -> None:
    """Raise if words overlap other words, a sign, a picture or the logo."""
    wide = other.line.width if isinstance(other, TextItem) else other.width
    if min(one.x + one.line.width, other.x + wide) - max(one.x, other.x) > _SLACK:
        raise RuntimeError("words stand on other words" if isinstance(other, TextItem) else "words stand on a sign")


def _span(line: TextItem, faces: Faces) -> tuple[float, float]:
    """Measure the vertical extent of a line: of small letters in the page's own face, of all in others."""
    low, high = faces.reach_of(line.line, line.size)
    return line.y - max(high, line.size * _LETTERS), line.y - low


def _downwards(words: _Words) -> Iterator[tuple[int, str]]:
    """Prove that the lines of one text are under each other, in order; give their elements and words."""
    last: dict[int, float] = {}
    for item, text in words:
        if item.element != ARTIFACT:
            if item.y <= last.get(item.element, 0.0):
                raise RuntimeError("the lines of a text are out of order")
            last[item.element] = item.y
            yield item.element, text


def _whole(document: Document, texts: _Texts, layout: Layout, drawn: dict[int, list[str]]) -> None:
    """Compare the words of the tree with the words of the layout, in reading order."""
    parts = [part for root in document.banner + document.letterhead + document.body for part in _meant(root)]
    meant = [part if isinstance(part, str) else _collapse(_numbered(part, (), texts)) for part in parts]
    labels = frozenset(_labels(layout.root))
    seen = [_collapse("".join(texts)) for element, texts in sorted(drawn.items()) if element not in labels]
    if [text for text in meant if text] != [text for text in seen if text]:
        raise RuntimeError("the words on the page are not the words of the document")


def _pictures(document: Document, layout: Layout) -> None:
    """Compare the pictures of the tree with those of the layout, in reading order, each tagged where it has words."""
    marks = [mark for root in document.everything for mark in _marks(root)]
    items = [item for page in layout.pages for item in page.items if isinstance(item, PictureItem)]
    drawn = [(item.picture.name, item.element == ARTIFACT) for item in items]
    if drawn != [(mark.name, mark.is_decorative) for mark in marks]:
        raise RuntimeError("the pictures on the page are not those of the document")


def _logo(document: Document, layout: Layout) -> None:
    """Prove that the clinic's logo is on page 1, once, in proportion and tagged with its words."""
    items = [item for page in layout.pages[:1] for item in page.items if isinstance(item, LogoItem)]
    if [item.logo for item in items] != ([document.logo] if document.logo else []):
        raise RuntimeError("the logo on the page is not that of the document")
    for item in items:
        if abs(item.width * item.logo.height - item.height * item.logo.width) > item.logo.width or not item.element:
            raise RuntimeError("the logo is out of proportion or not tagged")


def prove_words(
    run: tuple[Inline, ...], texts: tuple[str, ...], numbers: tuple[int, int, int], lines: tuple[Line, ...]
) -> None:
    """Raise unless lines show the words of a run whose slots have these texts.

    Page number, page count and sheet number are compared too, where the run has them.
    """
    meant, shown = _numbered(run, numbers, texts), "".join([line.text for line in lines])
    if meant != shown and _collapse(meant) != _collapse(shown):
        raise RuntimeError("the words on the page are not the words of the document")


def _footer(document: Document, texts: _Texts, page: tuple[int, int], below: _Words) -> None:
    """Compare the words of the footer, and the numbers in it, with those of this page of so many."""
    runs = [block.children for block in document.footer if isinstance(block, Paragraph)]
    if len(runs) != len(document.footer):
        raise RuntimeError("a footer holds paragraphs and nothing else")
    numbers = document.numbering.of(*page)
    meant = [_collapse(_numbered(run, numbers, texts)) for run in runs]
    if "".join(meant) != _collapse("".join([text for _, text in below])):
        raise RuntimeError("the words of the footer are not the words of the document")


def _labels(root: Element) -> Iterator[int]:
    """List the elements of bullets and numbers, which are no words of the document."""
    left = [root]
    while left:
        element = left.pop()
        left += element.children
        if element.role == "Lbl":
            yield element.key


def _collapse(text: str) -> str:
    """Collapse white space to one space: words that run together are a fault."""
    return " ".join(text.split())


@once_each
def _meant(root: Block) -> Iterator[str | tuple[Inline, ...]]:
    """List the texts in a block, each run in each of its languages; those with slots as they are."""
    for run in (run for block in blocks((root,)) for run in strings(block)):
        if any(isinstance(node, _NUMBERS) for node in inlines(run)):
            raise RuntimeError("page numbers belong in the footer")
        for part in split_sides(run):
            yield part if any(isinstance(node, Slot) for node in _said(part)) else _collapse(_numbered(part, ()))


@once_each
def _marks(root: Block) -> Iterator[PictureMark]:
    """List the pictures in a block."""
    return (node for node in nodes((root,)) if isinstance(node, PictureMark))


def _numbered(run: tuple[Inline, ...], numbers: tuple[int, ...], texts: _Texts = None) -> str:
    """Give the words of a run with the numbers of its page, and its slots with other `texts`, if any."""
    words = ""
    for node in _said(run):
        match node:
            case str():
                words += node
            case Slot():
                words += node.text if texts is None else texts[node.number]
            case _:
                words += str(numbers[_NUMBERS.index(type(node))])
    return words


@once_each
def _said(run: tuple[Inline, ...]) -> Iterator[str | Inline]:
    """List what is said in a run: words, slots and numbers."""
    for node in run:
        match node:
            case Strong() | Content() | Side():
                yield from _said(node.children)
            case Slot() | PageNumber() | PageCount() | SheetNumber():
                yield node
            case WriteIn() | PictureMark():
                pass
            case _:
                yield plain((node,))


def _first_page(document: Document, layout: Layout) -> None:
    """Prove that the texts of page 1 stand nowhere else."""
    wanted = frozenset(document.first_page)
    items = (item for page in layout.pages[1:] for item in page.items if wanted and isinstance(item, TextItem))
    for name in [run.content for item in items for run in item.line.runs if run.content in wanted]:
        place = document.place if document.place.file else Place("page")
        raise refuse(place, f"text `{name}` must stand on page 1", "shorten what stands before it")
