"""Parse the closed XHTML vocabulary of templates, as strict XML, into the tree.

An unknown element, attribute or class, a child in the wrong parent or an unclosed tag is
a Problem with the template's file and line, which templates stamp on every start tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers.expat import errors

from press.document.markup import read_place
from press.document.nodes import (
    MARKS,
    NOWHERE,
    Bar,
    Block,
    Break,
    Cell,
    Content,
    Figure,
    Heading,
    Inline,
    List,
    ListItem,
    PageCount,
    PageNumber,
    Paragraph,
    PictureMark,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
)
from press.document.slots import FIXED, PERSONAL, Slot
from press.errors import HandoutError, Place, Problems, did_you_mean, refuse
from press.lru import LRU

BLOCKS = frozenset({"section", "h1", "h2", "h3", "p", "ul", "ol", "table", "figure"})
INLINES = frozenset({"strong", "span", "br", "content", "value"})
CHILDREN: dict[str, frozenset[str]] = {
    "article": BLOCKS | {"header", "aside"},
    "header": BLOCKS,
    "aside": BLOCKS,
    "section": BLOCKS,
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "table": frozenset({"caption", "thead", "tbody"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tr": frozenset({"th", "td"}),
    "figure": frozenset({"bar"}),
    "bar": frozenset(),
    "br": frozenset(),
    **dict.fromkeys(("h1", "h2", "h3", "p", "li", "caption", "th", "td", "strong", "picture"), INLINES),
    "content": INLINES | {"picture"},
    "span": frozenset(),
    "value": frozenset(),
}
MIXED = frozenset({"h1", "h2", "h3", "p", "li", "caption", "th", "td", "bar", "strong", "content", "value", "picture"})
ATTRIBUTES = frozenset({"class", "id", "scope", "at", "label", "field", "amount", "name"})
CLASSES: dict[str, frozenset[str]] = {
    "article": frozenset({"one-side"}),
    "section": frozenset(
        {"warning", "notice", "emergency", "call", "note", "dates", "pair", "panel", "draft", "cut-out"}
    ),
    "p": frozenset({"lead", "main", "audience", "draft", "clinic", "write-in", "fold"}),
    "ul": frozenset({"short", "check"}),
    "ol": frozenset({"short"}),
    "table": frozenset({"contacts", "month", "rows"}),
    "strong": frozenset(MARKS),
    "span": frozenset({"page-number", "page-count", "write-in"}),
}
_AMOUNT = re.compile(r"[0-9]{1,7}\Z", re.ASCII)
_SPACE = " \t\r\n"  # of XML
_TAGS = re.compile(rf"<(/?)(?:article|header|aside|{'|'.join(sorted(BLOCKS))})\b[^>]*?(/?)>")
_STAMP = re.compile(r' at="(templates/[^"]*)"')
# Only the program writes these, around the words of content files and typed values, and for pictures.
PRIVATE = frozenset({"content", "value", "picture"})
_KNOWN = CHILDREN.keys() - PRIVATE - {"article"}  # what a template may write
_NO_SLOT = -1
_SLOT = "slot"  # no attribute of the vocabulary: it is set once a tree is checked
DEEPEST = 12  # levels of nested elements
_MOST = 1024  # parsed elements that are kept


class Article(NamedTuple):
    """An article: letterhead, body, footer, and its class."""

    letterhead: tuple[Block, ...]
    body: tuple[Block, ...]
    footer: tuple[Block, ...]
    role: str


_parsed: LRU[dict[int, tuple[Article, int]]] = LRU(_MOST)


def parse_xhtml(text: str) -> Article:
    """Parse one `article`; number its slots.

    Raises HandoutError with every place where the vocabulary is broken.
    """
    return _parse(text, 0)[0]


def parse_again(text: str) -> Article:
    """Parse one `article` like `parse_xhtml`, but only once what was on other pages, too.

    Its elements are those of all pages that have them, the same objects.
    """
    if not (parts := _cut(text)):
        return parse_xhtml(text)
    found, slots = list[Article](), 0
    try:
        for part in (f"{parts[0]}</article>", *(f"<article>{part.strip(_SPACE)}</article>" for part in parts[1:])):
            one, count = _parse_once(part, slots)
            found, slots = [*found, one], slots + count
    except HandoutError:
        return parse_xhtml(text)  # which says what is wrong, and where on the page
    letterhead, body, footer = (tuple(chain(*of_parts)) for of_parts in list(zip(*found, strict=True))[:3])
    return Article(letterhead, body, footer, found[0].role)


def _parse_once(text: str, first: int) -> tuple[Article, int]:
    """Parse an article once for each number of its first slot; without slots it is the same wherever it stands."""
    known = _parsed.get(text, dict)
    found = known.get(_NO_SLOT) or known.get(first)
    if not found:
        found = _parse(text, first)
        known[first if found[1] else _NO_SLOT] = found
    return found


def _parse(text: str, first: int) -> tuple[Article, int]:
    """Parse an article whose slots are numbered from `first` on; give it and how many slots it has."""
    root = _xml(text)
    problems = Problems()
    _check(root, problems)
    problems.raise_if_errors()
    count = _number_slots(root, first)
    header = tuple(b for part in root.findall("header") for b in _blocks(part))
    footer = tuple(b for part in root.findall("aside") for b in _blocks(part))
    body = tuple(_blocks(root, skip=("header", "aside")))
    return Article(header, body, footer, root.get("class", "")), count


def _cut(text: str) -> list[str]:
    """Cut an article into its start tag and its elements; give nothing where that is not plain.

    Whether it was cut in the right places shows: parts that are well-formed, each by itself, are so together.
    """
    parts, place, depth = list[str](), 0, -1
    for tag in _TAGS.finditer(text):
        depth += 0 if tag[2] else -1 if tag[1] else 1
        if depth == 0:
            parts.append(text[place : tag.end()])
            place = tag.end()
    return parts if text[place:].strip(_SPACE) == "</article>" else []


def _xml(text: str) -> Element:
    if _declares(text):
        raise refuse(_last_stamp(text), "a template must not declare entities")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - our own templates, without declarations
    except ElementTree.ParseError as error:
        raise _broken(text, error) from None
    if root.tag != "article":
        raise refuse(_place(root), f"found <{root.tag}> where <article> was expected")
    return root


def _declares(text: str) -> bool:
    """Tell whether a text may declare entities, which would be expanded."""
    return "<!DOCTYPE" in text or "<!ENTITY" in text


def _broken(text: str, error: ElementTree.ParseError) -> HandoutError:
    line, column = error.position
    start = sum(len(part) + 1 for part in text.split("\n")[: line - 1])
    place = _last_stamp(text[: start + column])
    if error.code == errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY]:
        return refuse(place, "found an entity that is not XML's own", "write the character itself")
    return refuse(
        place,
        "the template does not make well-formed XHTML near this tag",
        "look for a tag that is not closed, or closed in the wrong order",
    )


def _last_stamp(text: str) -> Place:
    stamps = _STAMP.findall(text)
    return read_place(stamps[-1]) if stamps else Place("templates")


def _place(element: Element) -> Place:
    stamp = element.get("at")
    return read_place(stamp) if stamp else NOWHERE


def _check(root: Element, problems: Problems) -> None:
    """Note all breaks of the vocabulary below `root`; an element without a place has that of its parent."""
    pending = [(root, _place(root), 1)]
    while pending:
        element, place, depth = pending.pop()
        _check_attributes(element, place, problems)
        if element.tag not in MIXED and _has_own_words(element):
            problems.add(place, f"found words directly inside <{element.tag}>", _words_hint(element))
        if depth > DEEPEST and len(element):
            problems.add(place, f"found elements more than {DEEPEST} levels deep in each other")
            continue
        for child in element:
            where = _place(child) if child.get("at") else place
            if _is_allowed(child, element, where, problems):
                pending.append((child, where, depth + 1))


def _is_allowed(child: Element, parent: Element, place: Place, problems: Problems) -> bool:
    """Check that an element is allowed in its parent; note it if not."""
    is_ours = child.tag in PRIVATE and not child.get("at", "").startswith("templates/")
    if child.tag not in _KNOWN and not is_ours:
        problems.add(place, f"unknown element <{child.tag}>", did_you_mean(child.tag, _KNOWN))
    elif child.tag not in CHILDREN[parent.tag]:
        what = "a text" if is_ours else f"<{child.tag}>"
        problems.add(place, f"{what} must not stand inside <{parent.tag}>", _words_hint(parent) if is_ours else "")
    else:
        return True
    return False


def _words_hint(parent: Element) -> str:
    """Hint where words belong that lie directly in an element of blocks."""
    return "" if parent.tag in MIXED | {"br", "span"} else "words belong in a <p>, an <li> or a cell"


def _has_own_words(element: Element) -> bool:
    pieces = [element.text] + [child.tail for child in element]
    return any(piece and piece.strip() for piece in pieces)


def _check_attributes(element: Element, place: Place, problems: Problems) -> None:
    for name in element.attrib:
        if name not in ATTRIBUTES:
            problems.add(place, f"unknown attribute `{name}` on <{element.tag}>", did_you_mean(name, ATTRIBUTES))
    name = element.get("class", "")
    known = CLASSES.get(element.tag, frozenset())
    if name and name not in known:
        problems.add(place, f"unknown class `{name}` on <{element.tag}>", did_you_mean(name, known))
    if element.get("scope", "col") not in ("col", "row"):
        problems.add(place, "a header cell heads a `col` or a `row`")
    if element.tag == "span" and not name:
        problems.add(place, "a <span> needs a class", did_you_mean("", known))
    if element.tag == "figure" and not element.get("label"):
        problems.add(place, "a <figure> needs a label that says what it shows")
    if element.tag == "bar" and not _AMOUNT.match(element.get("amount", "")):
        problems.add(place, "a <bar> needs an amount, a whole number")


def _number_slots(root: Element, first: int) -> int:
    """Number the values of one reader from `first` on, in document order; give how many there are."""
    parts = (part for part in root.iter() if part.get("class") in FIXED)
    fixed = {value for part in parts for value in part.iter("value")}
    values = [value for value in root.iter("value") if value.get("field") in PERSONAL and value not in fixed]
    for number, value in enumerate(values, first):
        value.set(_SLOT, str(number))
    return len(values)


def _blocks(parent: Element, skip: tuple[str, ...] = ()) -> Iterator[Block]:
    for element in parent:
        if element.tag not in skip:
            yield _block(element)


def _block(element: Element) -> Block:
    place, role = _place(element), element.get("class", "")
    match element.tag:
        case "h1" | "h2" | "h3":
            return Heading(int(element.tag[1]), _inlines(element), place)
        case "p":
            return Paragraph(_inlines(element), role, place)
        case "ul" | "ol":
            items = tuple(ListItem(_inlines(item), _place(item)) for item in element)
            return List(items, element.tag == "ol", role, place)
        case "table":
            return _table(element, role, place)
        case "figure":
            bars = (Bar("".join(bar.itertext()).strip(), int(bar.get("amount", ""))) for bar in element)
            return Figure(tuple(bars), element.get("label", ""), place)
        case "section":
            return Section(tuple(_blocks(element)), role, element.get("id", ""), place)
        case _:
            raise AssertionError(f"block <{element.tag}> passed the vocabulary check")


def _table(element: Element, role: str, place: Place) -> Table:
    caption = element.find("caption")
    return Table(
        head=tuple(_row(row) for row in element.iterfind("thead/tr")),
        rows=tuple(_row(row) for row in element.iterfind("tbody/tr")),
        caption=() if caption is None else _inlines(caption),
        role=role,
        place=place,
    )


def _row(element: Element) -> Row:
    return Row(tuple(_cell(cell) for cell in element))


def _cell(element: Element) -> Cell:
    scope = element.get("scope", "col") if element.tag == "th" else ""
    return Cell(_inlines(element), scope, _place(element))


def _inlines(element: Element) -> tuple[Inline, ...]:
    """Parse the inline children, white space collapsed to one space and trimmed at both ends."""
    nodes = list(_raw(element))
    if nodes and isinstance(nodes[0], Text):
        nodes[0] = Text(nodes[0].text.lstrip(" "))
    if nodes and isinstance(nodes[-1], Text):
        nodes[-1] = Text(nodes[-1].text.rstrip(" "))
    return tuple([node for node in nodes if not isinstance(node, Text) or node.text])


def _raw(element: Element) -> Iterator[Inline]:
    yield from _text(element.text)
    for child in element:
        yield _inline(child)
        yield from _text(child.tail)


def _text(text: str | None) -> Iterator[Text]:
    if text:
        yield Text(re.sub(r"[ \t\r\n]+", " ", text))


def _inline(element: Element) -> Inline:
    match element.tag:
        case "strong":
            return Strong(tuple(_raw(element)), element.get("class", ""))
        case "content":
            return Content(element.get("id", ""), tuple(_raw(element)), _place(element))
        case "value":
            return _value(element)
        case "picture":
            return PictureMark(element.get("name", ""), tuple(_raw(element)))
        case "br":
            return Break()
        case "span":
            return _span(element)
        case _:
            raise AssertionError(f"inline <{element.tag}> passed the vocabulary check")


def _value(element: Element) -> Value:
    field, text, number = element.get("field", ""), element.text or "", element.get(_SLOT)
    return Value(field, text) if number is None else Slot(field, text, int(number))


def _span(element: Element) -> Inline:
    match element.get("class"):
        case "page-number":
            return PageNumber()
        case "page-count":
            return PageCount()
        case "write-in":
            return WriteIn(element.get("label", ""))
        case _:
            raise AssertionError("a <span> without a class passed the vocabulary check")
