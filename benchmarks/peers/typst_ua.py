"""Typst through typst-py, tagged as PDF/UA-1.

One compiler is kept for all people, so that faces, source and what Typst memoises stay; a person's
values are given as `sys.inputs`, which is Typst's own way for documents made from data.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import typst

_STANDARD = "ua-1"


def open_page(page: dict[str, Any]) -> Writer:
    """A writer of this page."""
    return Writer(page)


def open_pages(pages: list[dict[str, Any]]) -> ManyWriter:
    """A writer of all these pages."""
    return ManyWriter(pages)


class ManyWriter:
    """One compiler for pages of many kinds: its source includes the one that is asked for."""

    def __init__(self, pages: list[dict[str, Any]]) -> None:
        fonts = Path(pages[0]["fonts"]["regular"]).parent
        folder = fonts.with_name("kinds")
        folder.mkdir()
        for number, page in enumerate(pages):
            (folder / f"{number}.typ").write_text(_Source(page).text(), "utf-8")
        (folder / "one.typ").write_text('#include sys.inputs.kind + ".typ"\n', "utf-8")
        self._compiler = _compiler(folder / "one.typ", fonts)

    def one(self, number: int, values: dict[str, str], path: str) -> None:
        """One person's file of page `number`."""
        given = {"kind": str(number), "people": json.dumps([values])}
        self._compiler.compile(output=path, format="pdf", sys_inputs=given, pdf_standards=_STANDARD)


def _compiler(source: Path, fonts: Path) -> typst.Compiler:
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    return typst.Compiler(source, root=source.parent, font_paths=found)


class Writer:
    """A compiler with the source of the page."""

    def __init__(self, page: dict[str, Any]) -> None:
        folder = Path(page["fonts"]["regular"]).parent
        source = folder.with_name(f"{page['title']}.typ")  # a compiler that is kept reads its source from a file
        source.write_text(_Source(page).text(), "utf-8")
        self._compiler = _compiler(source, folder)

    def one(self, values: dict[str, str], path: str) -> None:
        """One person's file."""
        self.merged([values], path)

    def merged(self, people: list[dict[str, str]], path: str) -> None:
        """One file of many people, each from page 1 on."""
        self._compiler.compile(
            output=path, format="pdf", sys_inputs={"people": json.dumps(people)}, pdf_standards=_STANDARD
        )


class _Source:
    """The page in Typst's language. Every text is a string literal, so nothing in it is markup."""

    def __init__(self, page: dict[str, Any]) -> None:
        self._page = page

    def text(self) -> str:
        page = self._page
        body = self._blocks(page["letterhead"]) + self._blocks(page["body"])
        return "\n".join(
            (
                f"#set document(title: {_string(page['title'])})",
                f'#set text(font: {_string(_FAMILY)}, lang: {_string(page["language"])}, region: "US", fallback: false, top-edge: 0.8em, bottom-edge: -0.2em)',
                self._page_setup(),
                "#set list(marker: [•], body-indent: 10pt)",
                *(f"#show heading.where(level: {n}): it => it.body" for n in (1, 2, 3)),
                "#let person(p, number) = [",
                "#counter(page).update(1)",
                *body,
                '#metadata(none) #label("end-" + str(number))',
                "]",
                "#for (n, p) in json(bytes(sys.inputs.people)).enumerate() { if n > 0 { pagebreak() }; current.update(n); person(p, n) }",
            )
        )

    def _page_setup(self) -> str:
        page, margins = self._page, self._page["margins"]
        width, height = page["paper"]
        foot = page["styles"]["footer"]
        draft = page["styles"]["p.draft"]
        lines = "".join(f"#{self._runs(block['runs'], foot)}\\\n" for block in page["footer"])
        banner = self._runs(page["banner"][0]["blocks"][0]["runs"], draft)
        return f"""#let current = state("person", 0)
#let pages() = context counter(page).at(label("end-" + str(current.get()))).first()
#set page(width: {width}pt, height: {height}pt,
  margin: (top: {margins["top"] + 14}pt, right: {margins["right"]}pt, left: {margins["left"]}pt, bottom: {margins["bottom"] + 34}pt),
  header-ascent: 6pt, footer-descent: 8pt,
  header: block(fill: luma(90%), inset: 2pt, width: 100%, {banner}),
  footer: block(stroke: (top: 0.75pt), inset: (top: 3pt), width: 100%)[
    #set par(leading: {foot["line"] - foot["size"]}pt)
    {lines}])"""

    def _blocks(self, blocks: list[dict[str, Any]]) -> list[str]:
        return [line for block in blocks for line in self._block(block)]

    def _block(self, block: dict[str, Any]) -> list[str]:
        match block["kind"]:
            case "text":
                return [self._text(block)]
            case "list":
                return [self._list(block)]
            case "table":
                rows = ", ".join("[#" + self._styled(cell) + "]" for row in block["rows"] for cell in row)
                return [
                    f"#table(columns: ({max(90.0, 6.5 * self._page['styles']['th']['size'])}pt, 1fr), stroke: (x, y) => (bottom: 0.75pt), inset: (x: 0pt, y: 3pt), {rows})"
                ]
        if block["role"] == "pair" and self._page["pair"]:
            cells = ", ".join("[" + "\n".join(self._blocks(inner["blocks"])) + "]" for inner in block["blocks"])
            share = self._page["pair"] * 100
            return [f"#block(spacing: 2pt, grid(columns: ({share:g}%, 1fr), column-gutter: 12pt, {cells}))"]
        inside = self._blocks(block["blocks"])
        box = self._page["boxes"].get(block["role"])
        return [_boxed(inside, box)] if box else inside

    def _text(self, block: dict[str, Any]) -> str:
        style = self._page["styles"][block["style"]]
        words = self._styled(block)
        inner = f"heading(level: {block['level']}, {words})" if block["level"] else f"par({words})"
        sticky = "true" if block["level"] or block["style"] == "p.lead" else "false"
        return (
            f"#block(above: {style['before'] + 2}pt, below: {style['after'] + 2}pt, sticky: {sticky}, "
            f"{{ set par(leading: {_leading(style)}pt); {inner} }})"
        )

    def _list(self, block: dict[str, Any]) -> str:
        style = self._page["styles"]["li"]
        name, columns = "enum" if block["ordered"] else "list", block["columns"]
        items = [f"[#{self._runs(runs, style)}]" for runs in block["items"]]
        if block["ordered"]:  # each column is a list of its own, and would count from 1
            items = [f"enum.item({number}, {item})" for number, item in enumerate(items, 1)]
        parts = [items[n::columns] for n in range(columns)]
        lists = ", ".join(f"{name}({', '.join(part)})" for part in parts)
        setup = f"set par(leading: {_leading(style)}pt); set {name}(spacing: {_leading(style) + style['after'] + 1}pt)"
        inner = f"grid(columns: (1fr,) * {columns}, {lists})" if columns > 1 else lists
        return f"#block(above: 4pt, below: 5pt, {{ {setup}; {inner} }})"

    def _styled(self, block: dict[str, Any]) -> str:
        return self._runs(block["runs"], self._page["styles"][block["style"]])

    def _runs(self, runs: list[tuple[str, bool]], style: dict[str, Any]) -> str:
        words = " + ".join(filter(None, (_run(words, bold) for words, bold in runs)))
        weight = '"bold"' if style["bold"] else '"regular"'
        return f"text(size: {style['size']}pt, weight: {weight}, {words})"


_FAMILY = "Atkinson Hyperlegible Next"
_PLACE = re.compile(r"\{([a-z0-9]+)\}")


def _leading(style: dict[str, Any]) -> float:
    return style["line"] - style["size"]


def _boxed(inside: list[str], box: dict[str, float]) -> str:
    above, below = box["before"] + 1, box["after"] + 1
    return (
        f"#block(stroke: {box['border']}pt, inset: {box['padding']}pt, width: 100%, above: {above}pt, below: {below}pt)["
        + "\n".join(inside)
        + "]"
    )


def _run(words: str, bold: bool) -> str:
    """Words with places as Typst content."""
    parts = []
    for number, part in enumerate(_PLACE.split(words)):
        if number % 2:
            parts.append({"page": "context counter(page).display()", "pages": "pages()"}.get(part, f"p.{part}"))
        elif part:
            parts.append(_string(part))
    joined = " + ".join(f"[#{part}]" for part in parts)
    return f"strong({joined})" if bold else joined


def _string(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
