"""Register the formats that a document is written in. A new format is one row of `FORMATS`.

A writer is imported when it is first called: commands read this register, and load no more than they need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from press.records import dataclass

if TYPE_CHECKING:
    from press.document.nodes import Document
    from press.writers.result import Printed
    from press.writers.stylesheet import Stylesheet


def _write_pdf(document: Document, stylesheet: Stylesheet) -> Printed:
    from press.writers.pdf.writer import write_pdf

    return write_pdf(document, stylesheet)


def _write_html(document: Document, stylesheet: Stylesheet) -> Printed:
    from press.writers.html import write_html

    return write_html(document, stylesheet)


def _write_text(document: Document, stylesheet: Stylesheet) -> Printed:
    from press.writers.text import write_text as as_text  # a test takes `write_text` for writing a file

    return as_text(document, stylesheet)


@dataclass(frozen=True)
class Format:
    """One format: the ending of its files, with its point, and its writer, which may raise HandoutError."""

    ending: str
    write: Callable[[Document, Stylesheet], Printed]


FORMATS: Mapping[str, Format] = {
    "pdf": Format(".pdf", _write_pdf),
    "html": Format(".html", _write_html),
    "text": Format(".txt", _write_text),
}
ENDINGS: Mapping[str, str] = {name: each.ending for name, each in FORMATS.items()}
