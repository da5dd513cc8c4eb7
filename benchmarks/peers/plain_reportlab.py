"""Plain ReportLab: Platypus as its manual teaches it, one document for each person, not tagged.

What can be kept is kept: faces, styles, escaped texts and table styles are made once. Flowables
are made anew for each document, since ReportLab gives none back as they were.
"""

from __future__ import annotations

from bisect import bisect
from html import escape
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table

from benchmarks.peers import plain

_ALL = ((0, 0), (-1, -1))
_BARE = [("LEFTPADDING", *_ALL, 0), ("RIGHTPADDING", *_ALL, 0), ("TOPPADDING", *_ALL, 0), ("BOTTOMPADDING", *_ALL, 0)]
_TOP = [*_BARE, ("VALIGN", *_ALL, "TOP")]
_LINED = [*_TOP, ("LINEBELOW", *_ALL, 0.75, "black"), ("TOPPADDING", *_ALL, 2), ("BOTTOMPADDING", *_ALL, 3)]


def open_page(page: dict[str, Any]) -> Writer:
    """A writer of this page."""
    return Writer(page)


class _Counted(Canvas):
    """Knows how many pages a person has: the usual recipe, pages are kept until the last is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for state in self._kept:
            self.__dict__.update(state)
            self._frame(self)
            Canvas.showPage(self)
        super().save()


class Writer:
    """Everything that is the same for every person."""

    def __init__(self, page: dict[str, Any]) -> None:
        self._page = page
        pdfmetrics.registerFont(TTFont("Face", page["fonts"]["regular"]))
        pdfmetrics.registerFont(TTFont("Face-Bold", page["fonts"]["bold"]))
        pdfmetrics.registerFontFamily("Face", normal="Face", bold="Face-Bold", italic="Face", boldItalic="Face-Bold")
        self._styles = {name: _style(name, style) for name, style in page["styles"].items()}
        self._markup: dict[int, str] = {}
        self._values: dict[str, str] = {}

    def one(self, values: dict[str, str], path: str) -> None:
        """One person's file."""
        document = self._document(path)
        self._values = values
        document.build(self._story(), canvasmaker=self._counted(self._sides_of_one))

    def merged(self, people: list[dict[str, str]], path: str) -> None:
        """One file of many people, each from page 1 on."""
        document = self._document(path)
        story: list[Flowable] = []
        for self._values in people:
            story += [_Begin(), *self._story(), PageBreak()]
        document.build(story, canvasmaker=self._counted(_sides_of_many))

    def _document(self, path: str) -> BaseDocTemplate:
        page, margins = self._page, self._page["margins"]
        width, height = page["paper"]
        foot = margins["bottom"] + 34
        wide, high = width - margins["left"] - margins["right"], height - margins["top"] - 14 - foot
        frame = Frame(margins["left"], foot, wide, high, 0, 0, 0, 0)
        document = BaseDocTemplate(path, pagesize=(width, height), title=page["title"], lang=page["language"])
        document.addPageTemplates(PageTemplate(frames=[frame]))
        return document

    # The same on every page: banner and footer

    def _counted(self, sides: Any) -> type[_Counted]:
        def frame(canvas: _Counted) -> None:
            self._frame(canvas, *sides(canvas))

        return type("Counted", (_Counted,), {"_frame": staticmethod(frame)})

    @staticmethod
    def _sides_of_one(canvas: _Counted) -> tuple[int, int]:
        return canvas._pageNumber, len(canvas._kept)

    def _frame(self, canvas: Canvas, number: int, count: int) -> None:
        width, height = self._page["paper"]
        margins = self._page["margins"]
        left, wide = margins["left"], width - margins["left"] - margins["right"]
        style = self._page["styles"]["p.draft"]
        top = height - margins["top"] + 18
        canvas.setFillGray(0.9)
        canvas.rect(left, top - style["line"] - 4, wide, style["line"] + 4, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.setFont("Face-Bold", style["size"])
        canvas.drawString(left + 2, top - style["size"] - 1, plain(self._page["banner"][0]["blocks"][0]["runs"]))
        style = self._page["styles"]["footer"]
        canvas.setFont("Face", style["size"])
        y = margins["bottom"] + style["line"] + 4
        canvas.line(left, y + style["size"] + 3, left + wide, y + style["size"] + 3)
        for block in self._page["footer"]:
            words = plain(block["runs"]).replace("{pages}", str(count)).replace("{page}", str(number))
            canvas.drawString(left, y, words)
            y -= style["line"] + 1

    # One person's words

    def _story(self) -> list[Flowable]:
        return self._blocks(self._page["letterhead"]) + self._blocks(self._page["body"])

    def _blocks(self, blocks: list[dict[str, Any]]) -> list[Flowable]:
        return [flowable for block in blocks for flowable in self._block(block)]

    def _block(self, block: dict[str, Any]) -> list[Flowable]:
        match block["kind"]:
            case "text":
                return [self._text(block["runs"], block["style"])]
            case "list":
                return self._list(block)
            case "table":
                rows = [[self._text(cell["runs"], cell["style"]) for cell in row] for row in block["rows"]]
                return [Table(rows, [90, None], style=_LINED), Spacer(0, 4)]
        if block["role"] == "pair" and self._page["pair"]:
            share = f"{self._page['pair']:.0%}"
            cells = [self._blocks(inner["blocks"]) for inner in block["blocks"]]
            return [Table([cells], [share, None], style=[*_TOP, ("RIGHTPADDING", (0, 0), (0, 0), 12)])]
        inside = self._blocks(block["blocks"])
        box = self._page["boxes"].get(block["role"])
        return self._boxed(inside, box) if box else inside

    def _boxed(self, inside: list[Flowable], box: dict[str, float]) -> list[Flowable]:
        padding = box["padding"]
        sides = [(f"{side}PADDING", *_ALL, padding) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
        look = [("BOX", *_ALL, box["border"], "black"), *sides]
        return [Spacer(0, box["before"]), Table([[inside]], ["100%"], style=look), Spacer(0, box["after"])]

    def _list(self, block: dict[str, Any]) -> list[Flowable]:
        signs = [f"{n}." if block["ordered"] else "•" for n in range(1, len(block["items"]) + 1)]
        items = [self._text(runs, "li", sign) for runs, sign in zip(block["items"], signs, strict=False)]
        columns = block["columns"]
        if columns == 1:
            return items
        items += [""] * (-len(items) % columns)
        rows = [items[n : n + columns] for n in range(0, len(items), columns)]
        return [Table(rows, [f"{100 / columns:g}%"] * columns, style=_TOP)]

    def _text(self, runs: list[tuple[str, bool]], style: str, sign: str | None = None) -> Paragraph:
        markup = self._markup.get(id(runs))
        if markup is None:
            markup = self._markup[id(runs)] = "".join(f"<b>{escape(t)}</b>" if b else escape(t) for t, b in runs)
        if "{" in markup:
            markup = markup.format_map({name: escape(value) for name, value in self._values.items()})
        return Paragraph(markup, self._styles[style], sign)


class _Begin(Flowable):
    """Nothing that is seen: a new person begins on this page."""

    def __init__(self) -> None:
        super().__init__()
        self.width = self.height = 0

    def draw(self) -> None:
        self.canv._begins = (*getattr(self.canv, "_begins", ()), self.canv._pageNumber)


def _sides_of_many(canvas: _Counted) -> tuple[int, int]:
    begins = canvas._kept[-1]["_begins"]
    at = bisect(begins, canvas._pageNumber)
    last = begins[at] if at < len(begins) else len(canvas._kept) + 1
    return canvas._pageNumber - begins[at - 1] + 1, last - begins[at - 1]


def _style(name: str, style: dict[str, Any]) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName="Face-Bold" if style["bold"] else "Face",
        fontSize=style["size"],
        leading=style["line"],
        spaceBefore=style["before"],
        spaceAfter=style["after"],
        leftIndent=style["indent"],
        bulletFontName="Face",
        bulletFontSize=style["size"],
        keepWithNext=name.startswith("h") or name == "p.lead",
    )
