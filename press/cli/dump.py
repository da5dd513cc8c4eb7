"""A document as readable text for people and goldens: its tree, tags and layout."""

from __future__ import annotations

from collections.abc import Iterator

from press.document.nodes import (
    Block,
    Cell,
    Content,
    Document,
    Figure,
    Heading,
    Inline,
    List,
    Paragraph,
    PictureMark,
    Section,
    Side,
    Strong,
    Table,
    Value,
    WriteIn,
    plain,
)
from press.writers.pdf.model import (
    BoxItem,
    CutItem,
    Element,
    IconItem,
    Item,
    Layout,
    LogoItem,
    PictureItem,
    RuleItem,
    Run,
    TextItem,
)


def tree(document: Document) -> str:
    """The document tree, one node a line, indented by depth."""
    lines = [f"document language={document.language} role={document.role or '-'} sides={document.sides}"]
    for name in ("banner", "letterhead", "body", "footer"):
        lines.append(f"  {name}")
        for block in getattr(document, name):
            lines += ("    " + line for line in _block(block))
    return "\n".join(lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"h{block.level} {_run(block.children)}"
        case Paragraph():
            yield f"p{_role(block.role)} {_run(block.children)}"
        case List():
            yield ("ol" if block.ordered else "ul") + _role(block.role)
            yield from (f"  li {_run(item.children)}" for item in block.items)
        case Table():
            yield "table" + _role(block.role)
            for row in block.head + block.rows:
                yield "  tr " + " | ".join(_cell(cell) for cell in row.cells)
        case Figure():
            yield f"figure {block.label}"
            yield from (f"  bar {bar.label} {bar.amount}" for bar in block.bars)
        case Section():
            yield f"section{_role(block.role)} #{block.id}"
            for child in block.children:
                yield from ("  " + line for line in _block(child))


def _cell(cell: Cell) -> str:
    return (f"[{cell.scope}] " if cell.is_header else "") + _run(cell.children)


def _role(role: str) -> str:
    return f".{role}" if role else ""


def _run(children: tuple[Inline, ...]) -> str:
    return "".join(_inline(node) for node in children)


def _inline(node: Inline) -> str:
    match node:
        case Strong():
            return f"**{_run(node.children)}**{_role(node.role)}"
        case Side():
            return f"[{node.language}] {_run(node.children)} "
        case Content():
            return f"<{node.id}: {_run(node.children)}>"
        case Value():
            return f"{{{node.field}={node.text}}}"
        case WriteIn():
            return f"[____ {node.label}]"
        case PictureMark():
            return f"[picture {node.name}{f': {plain(node.words)}' if node.words else ''}] "
        case _:
            return plain((node,))


def tags(layout: Layout) -> str:
    """The structure tree of a laid-out document with the words that each element marks."""
    words: dict[int, list[str]] = {}
    for page in layout.pages:
        for item in page.items:
            if isinstance(item, TextItem) and item.element:
                shown = "".join(part.text if isinstance(part, Run) else part.spoken for part in item.line.parts)
                words.setdefault(item.element, []).append(f"p{page.number}: {shown}")
    return "\n".join(_element(layout.root, words, 0)) + "\n"


def _element(element: Element, words: dict[int, list[str]], depth: int) -> Iterator[str]:
    more = f" scope={element.scope}" if element.scope else ""
    more += f" numbering={element.numbering}" if element.numbering else ""
    more += f" alt={element.alt!r}" if element.alt else ""
    more += f" language={element.language}" if element.language else ""
    yield "  " * depth + element.role + more
    for line in words.get(element.key, ()) if element.key else ():
        yield "  " * (depth + 1) + repr(line)
    for child in element.children:
        yield from _element(child, words, depth + 1)


def layout(record: Layout) -> str:
    """List where everything is, page by page, in whole points from the top left corner."""
    lines = [f"paper {record.width:g} x {record.height:g}"]
    for page in record.pages:
        lines.append(f"page {page.number}")
        lines += ("  " + _item(item) for item in (*page.items, *page.footer))
    return "\n".join(lines) + "\n"


def _item(item: Item) -> str:
    spot = f"{round(item.x)},{round(item.y)}"
    match item:
        case TextItem():
            bold = "b" if any(run.bold for run in item.line.runs) else "-"
            return f"text {spot} {item.size:g}{bold} w{round(item.line.width)} {item.line.text!r}"
        case RuleItem():
            return f"rule {spot} w{round(item.width)}"
        case LogoItem():
            return f"logo {spot} w{round(item.width)} h{round(item.height)}"
        case BoxItem():
            return f"box {spot} w{round(item.width)} h{round(item.height)} border {item.border:g} tint {item.tint:g}"
        case CutItem():
            side = "outside" if item.outer else "inside"
            return f"cut {spot} w{item.width:.2f} h{item.height:.2f} fold {item.fold:.2f} {side}"
        case IconItem():
            return f"icon {spot} {item.kind} {item.size:g}"
        case PictureItem():
            return f"picture {spot} {item.picture.name} {item.size:g}"
