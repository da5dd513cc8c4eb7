"""Proof that all typeset the same: the words of a finished file against the words of the neutral page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2

_SIGNS = re.compile(r"[_•‣–\uFFFE\u0002]+")  # lines to write on and bullets: drawn or typed, as each maker likes
_HYPHEN = re.compile(r"(?<=\w)-\s*")
_SHEET = re.compile(r" ·\s+[0-9A-Z]{6}-[0-9]+$", re.MULTILINE)  # of a print job: its code and the number of the sheet


def sides(path: Path, wanted: slice = slice(None)) -> list[str]:
    """The text of the pages of a file, or of some of them."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [_text(document[number]) for number in range(len(document))[wanted]]
    finally:
        document.close()


def count_sides(path: Path) -> int:
    """How many pages a file has."""
    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def _text(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage()
    try:
        return text.get_text_range()
    finally:
        text.close()
        page.close()


def differences(page: dict[str, Any], values: dict[str, str], found: list[str]) -> list[str]:
    """What is missing from one person's pages, or too much: nothing, if the words are the same.

    Words are compared as a whole and not in their order, since each maker breaks pages elsewhere.
    """
    wanted = Counter(word for text in _texts(page, values, len(found)) for word in words(text))
    there = Counter(word for text in found for word in words(text))
    missing = [f"missing: {word}" for word in (wanted - there)]
    return sorted(missing + [f"too much: {word}" for word in (there - wanted)])


def words(text: str) -> list[str]:
    """The words of a text, without bullets, lines to write on, and what names a sheet of a print job.

    The parts of a word with a hyphen count each by itself: some makers end a line there.
    """
    return _HYPHEN.sub("- ", _SIGNS.sub(" ", _SHEET.sub("", text.replace("\r", "")))).split()


def _texts(page: dict[str, Any], values: dict[str, str], count: int) -> Iterator[str]:
    for text in texts_of(page["letterhead"] + page["body"]):
        yield text.format_map(values)
    for number in range(1, count + 1):
        for text in texts_of(page["banner"] + page["footer"]):
            yield text.format_map({"page": number, "pages": count})


def texts_of(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """The texts of blocks, in reading order."""
    for block in blocks:
        match block["kind"]:
            case "text":
                yield _plain(block["runs"])
            case "list":
                for number, runs in enumerate(block["items"], 1):
                    yield (f"{number}. " if block["ordered"] else "") + _plain(runs)
            case "table":
                yield from (_plain(cell["runs"]) for row in block["rows"] for cell in row)
            case "section":
                yield from texts_of(block["blocks"])


def _plain(runs: list[tuple[str, bool]]) -> str:
    return "".join(words for words, _ in runs)
