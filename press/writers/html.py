"""Print a document tree as one self-contained, accessible HTML file, with no script.

The file loads nothing, and its policy lets it load nothing. A role of the tree is a class,
so a new role needs a style and no code. Page numbers are left out: a web page has no pages.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape

from press.content.localize import direction
from press.document.nodes import (
    Block,
    Break,
    Content,
    Document,
    Figure,
    Heading,
    Inline,
    List,
    PageCount,
    PageNumber,
    Paragraph,
    PictureMark,
    Placeholder,
    Row,
    Section,
    SheetNumber,
    Side,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
    blocks,
    inlines,
    plain,
    sides,
    split_picture,
    strings,
)
from press.writers.css import css
from press.writers.phone import is_telephone, telephone_link
from press.writers.result import Printed
from press.writers.stylesheet import Stylesheet
from press.writers.svg import write_svg
from press.writers.unpaged import drop_page_numbers

_PAGE = """<!DOCTYPE html>
<html {tongue}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; {images}style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<header>
{hotline}{header}
</header>
<main>
{main}
</main>
<footer>
{footer}
</footer>
</body>
</html>
"""

_SIGNS = {
    "warning": '<path d="M50 8 95 90H5z" fill="none" stroke="currentColor" stroke-width="9" stroke-linejoin="round"/>'
    '<path d="M50 38v20M50 74v.1" stroke="currentColor" stroke-width="10" stroke-linecap="round"/>',
    "phone": '<path d="M30 5h40l25 25v40L70 95H30L5 70V30zM43 22h14v34H43zM43 67h14v14H43z" '
    'fill="currentColor" fill-rule="evenodd"/>',
}


def write_html(document: Document, stylesheet: Stylesheet) -> Printed:
    """Write UTF-8 HTML. Every word of the tree is escaped once, here. Raises HandoutError."""
    page = _PAGE.format(
        tongue=_tongue(document.language),
        title=escape(document.title),
        style=css(stylesheet, " ".join(_running(document))),
        hotline=_hotline(document.hotline),
        images="img-src data:; " if document.logo else "",
        header=_header(document, stylesheet),
        main=_blocks(document.body, stylesheet, "main"),
        footer=_blocks(drop_page_numbers(document.footer), stylesheet, "footer"),
    )
    return Printed(page.encode("utf-8"), "html")


def _hotline(words: Content | None) -> str:
    """Write the first link of the page: all of its words dial the emergency number."""
    if words is None:
        return ""
    links = (telephone_link(node) for node in inlines((words,)) if isinstance(node, Value))
    said = escape(plain(words.children))
    link = next(filter(None, links), "")
    return f'<p class="hotline">{f"""<a href="{link}">{said}</a>""" if link else said}</p>\n'


def _header(document: Document, stylesheet: Stylesheet) -> str:
    """Write the banner, the logo and the lines of the letterhead."""
    blocks = _blocks(document.banner + document.letterhead, stylesheet, "header")
    logo = document.logo
    if logo is None:
        return blocks
    address = "data:image/png;base64," + b64encode(logo.png()).decode("ascii")
    size = f'width="{logo.width}" height="{logo.height}"'
    frame = f'viewBox="0 0 {logo.width} {logo.height}" preserveAspectRatio="xMinYMid" focusable="false"'
    words = f'role="img" aria-label="{escape(logo.alt)}" lang="{escape(logo.language)}"'
    return f'<svg class="logo" {size} {frame} {words}><image href="{address}" {size}/></svg>\n{blocks}'


def _running(document: Document) -> Iterator[str]:
    """Find the words of the banner: every sheet of paper must say that it is a draft."""
    for block in blocks(document.banner):
        yield from (plain(run) for run in strings(block))


def _tongue(language: str) -> str:
    """Write the language and direction attributes of an element."""
    return f'lang="{escape(language)}" dir="{direction(language)}"'


def _blocks(roots: tuple[Block, ...], stylesheet: Stylesheet, at: str) -> str:
    """Write blocks as lines; `at` is their position in the tree, from which ids are made."""
    return "\n".join(
        line for number, block in enumerate(roots, 1) for line in _block(block, stylesheet, f"{at}-{number}")
    )


def _block(block: Block, stylesheet: Stylesheet, at: str) -> Iterator[str]:
    match block:
        case Heading():
            yield f'<h{block.level} id="{at}">{_pictured(block.children, stylesheet)}</h{block.level}>'
        case Paragraph():
            yield f"<p{_class(block.role)}>{_pictured(block.children, stylesheet)}</p>"
        case List():
            name = "ol" if block.ordered else "ul"
            yield f"<{name}{_class(block.role)}>"
            yield from (f"<li>{_pictured(item.children, stylesheet)}</li>" for item in block.items)
            yield f"</{name}>"
        case Table():
            yield from _table(block)
        case Figure():
            yield from _figure(block)
        case Section():
            yield from _section(block, stylesheet, at)


def _section(block: Section, stylesheet: Stylesheet, at: str) -> Iterator[str]:
    """Write a section: a box with a heading is a landmark of that name, any other is a `div`."""
    is_box = block.role in stylesheet.boxes
    headings = [number for number, child in enumerate(block.children, 1) if isinstance(child, Heading)]
    name = "section" if is_box and headings else "div"
    label = f' aria-labelledby="{at}-{headings[0]}"' if name == "section" else ""
    yield f"<{name}{_class('box ' * is_box + block.role)}{label}>"
    yield from _sign(stylesheet.box(block.role).icon)
    yield _blocks(block.children, stylesheet, at)
    yield f"</{name}>"


def _sign(icon: str) -> Iterator[str]:
    """Draw the sign beside a warning, hidden from screen readers: the words say the same."""
    if icon in _SIGNS:
        yield f'<svg class="sign" viewBox="0 0 100 100" aria-hidden="true" focusable="false">{_SIGNS[icon]}</svg>'


def _class(role: str) -> str:
    return f' class="{role}"' if role else ""


def _table(block: Table) -> Iterator[str]:
    yield f"<table{_class(block.role)}>"
    if block.caption:
        yield f"<caption>{_words(block.caption)}</caption>"
    if block.head:
        yield "<thead>" + "".join(_row(row) for row in block.head) + "</thead>"
    yield "<tbody>"
    yield from (_row(row) for row in block.rows)
    yield "</tbody>"
    yield "</table>"


def _figure(block: Figure) -> Iterator[str]:
    """Write bars with their labels as text, so that these grow with the reader's font; to a screen reader one image."""
    most = max((bar.amount for bar in block.bars), default=0) or 1
    yield f'<figure class="bars" role="img" aria-label="{escape(block.label)}">'
    for bar in block.bars:
        drawn = f'<rect width="{100 * bar.amount / most:.4g}" height="10"/>'
        svg = f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" focusable="false">{drawn}</svg>'
        yield f"<div><span>{escape(bar.label)}</span> {svg} <span>{bar.amount}</span></div>"
    yield "</figure>"


def _row(row: Row) -> str:
    cells = (
        f'<th scope="{cell.scope}">{_words(cell.children)}</th>'
        if cell.is_header
        else f"<td>{_words(cell.children)}</td>"
        for cell in row.cells
    )
    return "<tr>" + "".join(cells) + "</tr>"


def _pictured(children: tuple[Inline, ...], stylesheet: Stylesheet) -> str:
    """Write a run behind the picture that it begins with, if any."""
    picture, words = split_picture(children)
    if picture is None:
        return _words(words)
    return write_svg(stylesheet.pictures.get(picture.name), plain(picture.words).strip()) + _words(words)


def _words(children: tuple[Inline, ...]) -> str:
    words = "".join(_inline(node) for node in children).strip()
    return f'<span class="sides">{words}</span>' if len(sides(children)) > 1 else words


def _inline(node: Inline) -> str:
    match node:
        case Text():
            return escape(node.text)
        case Value():
            return _value(node)
        case Strong():
            role = f' class="mark {node.role}"' if node.role else ""
            return f"<strong{role}>" + "".join(_inline(child) for child in node.children) + "</strong>"
        case Content():
            return "".join(_inline(child) for child in node.children)
        case Side():
            return f"<span {_tongue(node.language)}>{_words(node.children)}</span>"
        case WriteIn():
            return f'<span class="write-in" role="img" aria-label="{escape(node.label)}"></span>'
        case Break():
            return "<br>"
        case PageNumber() | PageCount() | SheetNumber():
            raise ValueError("page numbers belong in the footer")
        case PictureMark():
            raise ValueError("a picture stands before words, never among them")
        case Placeholder():
            raise ValueError(f"placeholder {node.name} reached the writer")


def _value(node: Value) -> str:
    """Isolate the direction of a value (`bdi`); make a telephone number a link."""
    if not is_telephone(node):
        return f"<bdi>{escape(node.text)}</bdi>"
    number = f'<bdi dir="ltr">{escape(node.text)}</bdi>'
    link = telephone_link(node)
    return f'<a href="{link}">{number}</a>' if link else number
