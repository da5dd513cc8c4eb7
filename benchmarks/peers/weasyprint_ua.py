"""WeasyPrint from HTML and CSS, tagged as PDF/UA-1.

Stylesheet and faces are read once and kept for all people; the HTML is a template whose places are
filled with escaped values.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.peers import plain

_VARIANT = "pdf/ua-1"


def open_page(page: dict[str, Any]) -> Writer:
    """A writer of this page."""
    return Writer(page)


class Writer:
    """A template with its stylesheet."""

    def __init__(self, page: dict[str, Any]) -> None:
        self._fonts = FontConfiguration()
        self._css = CSS(string=_css(page), font_config=self._fonts)
        body = _blocks(page, page["letterhead"]) + _blocks(page, page["body"])
        self._html = (
            f'<html lang="{escape(page["language"])}"><head><title>{escape(page["title"])}</title></head>'
            f"<body>{body}</body></html>"
        )

    def one(self, values: dict[str, str], path: str) -> None:
        """One person's file."""
        html = self._html.format_map({name: escape(value) for name, value in values.items()})
        HTML(string=html).write_pdf(path, stylesheets=[self._css], font_config=self._fonts, pdf_variant=_VARIANT)


def _blocks(page: dict[str, Any], blocks: list[dict[str, Any]]) -> str:
    return "".join(_block(page, block) for block in blocks)


def _block(page: dict[str, Any], block: dict[str, Any]) -> str:
    match block["kind"]:
        case "text":
            tag = f"h{block['level']}" if block["level"] else "p"
            return f'<{tag} class="{_class(block["style"])}">{_runs(block["runs"])}</{tag}>'
        case "list":
            tag = "ol" if block["ordered"] else "ul"
            items = "".join(f"<li>{_runs(runs)}</li>" for runs in block["items"])
            return f'<{tag} class="columns-{block["columns"]}">{items}</{tag}>'
        case "table":
            rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in block["rows"])
            return f"<table>{rows}</table>"
    return f'<section class="{block["role"]}">{_blocks(page, block["blocks"])}</section>'


def _cell(cell: dict[str, Any]) -> str:
    scope = ' scope="row"' if cell["style"] == "th" else ""
    return f"<{cell['style']}{scope}>{_runs(cell['runs'])}</{cell['style']}>"


def _runs(runs: list[tuple[str, bool]]) -> str:
    return "".join(f"<b>{escape(words)}</b>" if bold else escape(words) for words, bold in runs)


def _class(style: str) -> str:
    return style.replace(".", "-")


# Looks


def _css(page: dict[str, Any]) -> str:
    return "\n".join((*_faces(page), *_sides(page), *_texts(page), *_boxes(page), _FIXED))


_FIXED = """
body { margin: 0; font-family: Face; hyphens: none }
h1, h2, h3, p.p-lead { break-after: avoid }
ul, ol { margin: 0; padding: 0 }
li, td, th { text-align: left; vertical-align: top }
.columns-2 li { float: left; width: 44% }
.columns-2::after { content: ""; display: block; clear: both }
table { border-collapse: collapse; width: 100% }
tr { border-bottom: 0.75pt solid }
th { width: 90pt; padding: 1pt 0 }
td { padding: 1pt 0 }
"""


def _faces(page: dict[str, Any]) -> list[str]:
    weights = {"regular": 400, "bold": 700}
    return [
        f"@font-face {{ font-family: Face; font-weight: {weights[name]}; src: url({Path(file).resolve().as_uri()}) }}"
        for name, file in page["fonts"].items()
    ]


def _sides(page: dict[str, Any]) -> list[str]:
    margins, (width, height) = page["margins"], page["paper"]
    draft, foot = page["styles"]["p.draft"], page["styles"]["footer"]
    banner = _string(plain(page["banner"][0]["blocks"][0]["runs"]))
    lines = ' "\\A " '.join(_string(plain(block["runs"])) for block in page["footer"])
    wide = width - margins["left"] - margins["right"]
    common = f"font-family: Face; width: {wide}pt"
    return [
        (
            f"@page {{ size: {width}pt {height}pt; margin: {margins['top'] + 14}pt {margins['right']}pt"
            f" {margins['bottom'] + 34}pt {margins['left']}pt;"
        ),
        (
            f"@top-left {{ content: {banner}; {common}; font-size: {draft['size']}pt; font-weight: 700;"
            f" background: #e6e6e6; padding-left: 2pt; height: {draft['line'] + 4}pt; vertical-align: middle }}"
        ),
        (
            f"@bottom-left {{ content: {lines}; {common}; font-size: {foot['size']}pt; line-height: {foot['line'] + 1}pt;"
            " white-space: pre; border-top: 0.75pt solid; padding-top: 3pt; vertical-align: top; height: 30pt } }"
        ),
    ]


def _string(words: str) -> str:
    quoted = words.replace('"', '\\"')
    return f'"{quoted}"'.replace("{pages}", '" counter(pages) "').replace("{page}", '" counter(page) "')


def _texts(page: dict[str, Any]) -> list[str]:
    rules = []
    for name, style in page["styles"].items():
        element, _, role = name.partition(".")
        if role and element != "p":  # tables of months, which no page here has
            continue
        selector = f".{_class(name)}" if element in ("p", "h1", "h2", "h3") else element
        weight = 700 if style["bold"] else 400
        indent = f"margin-left: {style['indent']}pt;" if style["indent"] else ""
        rules.append(
            f"{selector} {{ font-size: {style['size']}pt; line-height: {style['line']}pt; font-weight: {weight};"
            f" margin: {style['before']}pt 0 {style['after']}pt 0; {indent} }}"
        )
    return rules


def _boxes(page: dict[str, Any]) -> list[str]:
    rules = [
        f".{name} {{ border: {box['border']}pt solid; padding: {box['padding']}pt;"
        f" margin: {box['before']}pt 0 {box['after']}pt 0; break-inside: avoid }}"
        for name, box in page["boxes"].items()
    ]
    if page["pair"]:
        share = page["pair"] * 100
        rules += [
            ".pair { display: flex }",
            f".pair > section:first-child {{ width: {share - 2}%; margin-right: 2% }}",
            f".pair > section:last-child {{ width: {100 - share}% }}",
        ]
    return rules
