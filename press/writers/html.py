"""Print a document tree as one self-contained, accessible HTML file, with no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from types import MappingProxyType

from press.document import (
    Block,
    Break,
    Content,
    Document,
    Heading,
    Inline,
    List,
    PageCount,
    PageNumber,
    Paragraph,
    Placeholder,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
)
from press.style import Stylesheet
from press.writers.printed import Printed

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<header>
{banner}
{letterhead}
</header>
<main>
{body}
</main>
<footer>
{footer}
</footer>
</body>
</html>
"""

_STYLE = """body {{ font: {size}pt/1.4 "Atkinson Hyperlegible Next", Verdana, sans-serif; color: #000;
  background: #fff; max-width: 42em; margin: 1em auto; padding: 0 1em; }}
h1 {{ font-size: 1.8em; }} h2 {{ font-size: 1.25em; }} h1, h2 {{ line-height: 1.2; }}
section.box {{ border: 3px solid #000; padding: .5em 1em; margin: 1em 0; }}
.lead {{ font-weight: bold; margin-bottom: .2em; }} ul, ol {{ margin-top: .2em; }}
table {{ border-collapse: collapse; width: 100%; margin: 1em 0; }}
th, td {{ text-align: left; vertical-align: top; border-bottom: 1px solid #000; padding: .3em .6em .3em 0; }}
.month {{ table-layout: fixed; break-inside: avoid; }} .month caption {{ font-size: 1.25em; font-weight: bold; text-align: left; }}
.month th, .month td {{ border: 1px solid #000; padding: .2em .3em; overflow-wrap: anywhere; }}
.month td {{ height: 3em; }} .month .mark {{ font-size: .85em; }}
{signs}
.write-in {{ display: inline-block; min-width: 12em; border-bottom: 1px solid #000; }}
p.write-in {{ display: block; border-bottom: 1px solid #000; padding-bottom: 2.5em; }}
header, footer {{ font-size: .85em; }}
@media print {{ @page {{ margin: 0.75in; }} body {{ margin: 0; max-width: none; }}
  section, tr, li {{ break-inside: avoid; }} h2 {{ break-after: avoid; }} }}"""

_SIGNS = MappingProxyType(
    {
        "given": "●", "watch": "▽", "danger": "⚠\ufe0e", "offered": "□", "due": "◆", "appointment": "○", "planned": "◇",
        "closed": "✕",
    }
)  # fmt: skip
_PLAIN = frozenset({"pair", "panel"})


def write_html(document: Document, sheet: Stylesheet) -> Printed:
    """UTF-8 HTML. Every word of the tree is escaped once, here."""
    page = _PAGE.format(
        language=escape(document.language, quote=True),
        title=escape(document.title),
        style=_STYLE.format(size=f"{sheet.style('p').size:g}", signs=_signs()),
        banner=_joined(document.banner),
        letterhead=_joined(document.letterhead),
        body=_joined(document.body),
        footer=_joined(document.footer),
    )
    return Printed(page.encode("utf-8"), "html")


def _signs() -> str:
    """The sign before each word that marks a day; a voice passes over it where the browser can."""
    rules = (f'.mark.{role}::before {{ content: "{sign} "; content: "{sign} " / ""; }}' for role, sign in _SIGNS.items())
    return "\n".join(rules)


def _joined(blocks: tuple[Block, ...]) -> str:
    return "\n".join(line for block in blocks for line in _block(block))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"<h{block.level}>{_words(block.children)}</h{block.level}>"
        case Paragraph():
            role = f' class="{block.role}"' if block.role else ""
            yield f"<p{role}>{_words(block.children)}</p>"
        case List():
            name = "ol" if block.ordered else "ul"
            yield f"<{name}>"
            yield from (f"<li>{_words(item.children)}</li>" for item in block.items)
            yield f"</{name}>"
        case Table():
            yield from _table(block)
        case Section():
            yield "<section>" if block.role in _PLAIN else f'<section class="box {block.role}">'
            yield _joined(block.children)
            yield "</section>"


def _table(block: Table) -> Iterator[str]:
    yield f'<table class="{block.role}">' if block.role else "<table>"
    if block.caption:
        yield f"<caption>{_words(block.caption)}</caption>"
    if block.head:
        yield "<thead>" + "".join(_row(row) for row in block.head) + "</thead>"
    yield "<tbody>"
    yield from (_row(row) for row in block.rows)
    yield "</tbody></table>"


def _row(row: Row) -> str:
    cells = (
        f'<th scope="{cell.scope}">{_words(cell.children)}</th>'
        if cell.is_header
        else f"<td>{_words(cell.children)}</td>"
        for cell in row.cells
    )
    return "<tr>" + "".join(cells) + "</tr>"


def _words(children: tuple[Inline, ...]) -> str:
    return "".join(_inline(node) for node in children).strip()


def _inline(node: Inline) -> str:
    match node:
        case Text() | Value():
            return escape(node.text)
        case Strong():
            role = f' class="mark {node.role}"' if node.role else ""
            return f"<strong{role}>" + "".join(_inline(child) for child in node.children) + "</strong>"
        case Content():
            return "".join(_inline(child) for child in node.children)
        case WriteIn():
            return f'<span class="write-in" role="img" aria-label="{escape(node.label, quote=True)}"></span>'
        case Break():
            return "<br>"
        case PageNumber() | PageCount():
            return "1"
        case Placeholder():
            raise ValueError(f"placeholder {node.name} reached the writer")
