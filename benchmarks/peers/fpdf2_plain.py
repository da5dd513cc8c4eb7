"""fpdf2 as its manual teaches it: a subclass with header and footer, one document for each person.

Not tagged. Faces are read anew for each document, since a document of fpdf2 keeps its own.
"""

from __future__ import annotations

from typing import Any

from fpdf import FPDF
from fpdf.enums import WrapMode

from benchmarks.peers import plain

_BULLET = "•"


def open_page(page: dict[str, Any]) -> Writer:
    """A writer of this page."""
    return Writer(page)


class Writer:
    """Nothing of a document can be kept but the page itself."""

    def __init__(self, page: dict[str, Any]) -> None:
        self._page = page

    def one(self, values: dict[str, str], path: str) -> None:
        """One person's file."""
        document = _Document(self._page, values)
        document.typeset()
        document.output(path)


class _Document(FPDF):
    def __init__(self, page: dict[str, Any], values: dict[str, str]) -> None:
        super().__init__(unit="pt", format=page["paper"])
        self._source, self._values = page, values
        margins = page["margins"]
        self.set_title(page["title"])
        self.set_lang(page["language"])
        self.add_font("Face", "", page["fonts"]["regular"])
        self.add_font("Face", "B", page["fonts"]["bold"])
        self.set_margins(margins["left"], margins["top"] + 14, margins["right"])
        self.set_auto_page_break(True, margins["bottom"] + 34)
        self.c_margin = 0

    def typeset(self) -> None:
        """All of one person's words."""
        self.add_page()
        self._blocks(self._source["letterhead"])
        self._blocks(self._source["body"])

    # The same on every page

    def header(self) -> None:
        margins, style = self._source["margins"], self._source["styles"]["p.draft"]
        wide = self.w - margins["left"] - margins["right"]
        top = margins["top"] - 18
        self.set_fill_color(230)
        self.rect(margins["left"], top, wide, style["line"] + 4, style="F")
        self.set_font("Face", "B", style["size"])
        self.text(margins["left"] + 2, top + style["size"] + 1, plain(self._source["banner"][0]["blocks"][0]["runs"]))
        self.set_y(margins["top"] + 14)

    def footer(self) -> None:
        margins, style = self._source["margins"], self._source["styles"]["footer"]
        y = self.h - margins["bottom"] - 2 * style["line"]
        self.line(margins["left"], y, self.w - margins["right"], y)
        self.set_font("Face", "", style["size"])
        for block in self._source["footer"]:
            self.set_xy(margins["left"], y + 3)
            words = plain(block["runs"]).replace("{pages}", "{nb}").replace("{page}", str(self.page_no()))
            self.cell(0, style["line"] + 1, words)
            y += style["line"] + 1

    # One person's words

    def _blocks(self, blocks: list[dict[str, Any]]) -> None:
        for block in blocks:
            self._block(block)

    def _block(self, block: dict[str, Any]) -> None:
        match block["kind"]:
            case "text":
                self._text(block["runs"], block["style"])
            case "list":
                self._list(block)
            case "table":
                self._table(block)
            case _ if block["role"] == "pair" and self._source["pair"]:
                self._pair(block)
            case _ if block["role"] in self._source["boxes"]:
                self._boxed(block)
            case _:
                self._blocks(block["blocks"])

    def _text(self, runs: list[tuple[str, bool]], name: str, sign: str = "") -> None:
        style = self._source["styles"][name]
        if name.startswith("h") or name == "p.lead":
            self._need(3 * style["line"])  # a heading stays with what follows
        self.ln(style["before"])
        left, size, line = self.l_margin, style["size"], style["line"]
        if sign:
            self.set_font("Face", "", size)
            self.cell(style["indent"], line, sign)
            self.set_left_margin(left + style["indent"])
        for words, bold in runs:
            self.set_font("Face", "B" if bold or style["bold"] else "", size)
            told = words.format_map(self._values)
            if self.get_string_width(told.split(" ")[0]) > self.w - self.r_margin - self.x:
                self.ln(line)  # `write` would break the first word of a run that begins near the end of a line
            self.write(line, told, wrapmode=WrapMode.WORD)
        self.set_left_margin(left)
        self.ln(line)
        self.set_y(self.get_y() + style["after"])

    def _need(self, height: float) -> None:
        """Begin a new page if there is not so much room."""
        if self.will_page_break(height):
            self.add_page()

    def _list(self, block: dict[str, Any]) -> None:
        signs = [f"{n}." if block["ordered"] else _BULLET for n in range(1, len(block["items"]) + 1)]
        columns = 1 if block["ordered"] else block["columns"]  # half a line would break a word of a step in two
        left, right = self.l_margin, self.r_margin
        wide = (self.w - left - right) / columns
        for number, (runs, sign) in enumerate(zip(block["items"], signs, strict=False)):
            column = number % columns
            if column == 0:
                self._need(2 * self._source["styles"]["li"]["line"])
            y = self.get_y()
            self.set_margins(left + column * wide, self.t_margin, self.w - left - (column + 1) * wide)
            self.set_x(self.l_margin)
            self._text(runs, "li", sign)
            if column < columns - 1:
                self.set_y(y)
        self.set_margins(left, self.t_margin, right)
        self.set_x(left)

    def _boxed(self, block: dict[str, Any]) -> None:
        box = self._source["boxes"][block["role"]]
        left, right, padding = self.l_margin, self.r_margin, box["padding"]
        top = self.get_y() + box["before"]
        self.set_margins(left + padding, self.t_margin, right + padding)
        self.set_y(top + padding)
        self._blocks(block["blocks"])
        self.set_margins(left, self.t_margin, right)
        bottom = self.get_y() + padding / 2
        self.set_line_width(box["border"])
        self.rect(left, top, self.w - left - right, bottom - top)
        self.set_line_width(0.75)
        self.set_y(bottom + box["after"])

    def _pair(self, block: dict[str, Any]) -> None:
        left, right, top = self.l_margin, self.r_margin, self.get_y()
        middle = left + self._source["pair"] * (self.w - left - right)
        bottoms = []
        for panel, (start, end) in zip(block["blocks"], ((left, middle - 12), (middle, self.w - right)), strict=False):
            self.set_margins(start, self.t_margin, self.w - end)
            self.set_y(top)
            self._blocks(panel["blocks"])
            bottoms.append(self.get_y())
        self.set_margins(left, self.t_margin, right)
        self.set_y(max(bottoms))

    def _table(self, block: dict[str, Any]) -> None:
        for row in block["rows"]:
            left, top = self.l_margin, self.get_y() + 3
            self.set_y(top)
            self._text(row[0]["runs"], row[0]["style"])
            self.set_left_margin(left + 90)
            self.set_y(top)
            self._text(row[1]["runs"], row[1]["style"])
            self.set_left_margin(left)
            self.set_y(self.get_y() + 3)
            self.line(left, self.get_y(), self.w - self.r_margin, self.get_y())
        self.set_y(self.get_y() + 3)
