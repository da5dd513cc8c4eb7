"""Reads a YAML file into texts with places (`press.content.raw`), by the events of YAML 1.1.

Every scalar stays the text that was typed. What YAML can do beyond lists, keys and texts is
refused, and all problems of a file are reported at once.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from itertools import islice
from pathlib import Path

from press.content.characters import find_faults
from press.content.raw import Mapping
from press.content.read_bytes import read_once
from press.content.yaml import messages as faults
from press.content.yaml.ahead import known_tree
from press.content.yaml.messages import Report
from press.errors import Place, Sentence

MOST_BYTES = 1_000_000

# A key at the beginning of a line; the character behind its colon may be a forbidden one.
_KEY = r"""( *(?:- +)*)["']?(\w[\w .-]*)["']? *:(?=[\s\x00-\x1f\x7f-\x9f\u200b-\u206f\ufeff]|$)"""

_INDENT = " *(?:- )?"
_MOST_ABOVE = 200  # lines in which the key of a text is looked for

# In place of a character that is already reported, in the text that goes to the scanner.
_STAND_IN = "▯"


def read_file(path: Path, file: str, *, private: bool = False, keys: Collection[str] = ()) -> Mapping:
    """Read a file; `file` is the name that problems show. Raises HandoutError."""
    return read(read_once(path, file, MOST_BYTES, private=private), file, private=private, keys=keys)


def read(data: bytes, file: str, *, private: bool = False, keys: Collection[str] = ()) -> Mapping:
    """Turn the bytes of a file into the shape that every reader gives.

    With `private` no message holds any part of the file but these `keys`: it is about a patient.
    """
    if not private and (found := known_tree(data, file)):
        return found
    report = Report(file, private, keys)
    text = _decode(data, report)
    report.raise_if_stopped()
    text = _screen(text, report)
    report.raise_if_stopped()
    root = None if len(report) else quick_tree(text, file)
    if root is None:
        root = full_tree(text, report)
    report.raise_if_any()
    if root is None:
        raise RuntimeError("a file without a problem has no tree")
    return root


def quick_tree(text: str, file: str) -> Mapping | None:
    """Build the tree by libyaml, or give None: then there is a problem, or something that only `full_tree` judges."""
    from press.content.yaml.builder import Builder  # with the library, which takes longer to import than files to read
    from press.content.yaml.libyaml import Unsure, scan_events

    report = Report(file, private=True)
    try:
        root = Builder(text, report).build(scan_events(text))
    except Unsure:
        return None
    return None if len(report) else root


def full_tree(text: str, report: Report) -> Mapping | None:
    """Build the tree by the parser in Python, or give None and all problems in the report."""
    from press.content.yaml.builder import Builder
    from press.content.yaml.scanner import Events

    return Builder(text, report).build(Events(text, report))


def _decode(data: bytes, report: Report) -> str:
    r"""Give the text with line ends as `\n`, or "" and a problem."""
    if len(data) > MOST_BYTES:
        report.stop(Place(report.file), faults.TOO_LONG)
        return ""
    if _is_utf_16(data):
        report.stop(Place(report.file), faults.UTF_16)
        return ""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _with_plain_line_ends(data[: error.start].decode("utf-8"))
        report.stop(_place_at(before, len(before), report), faults.NOT_UTF_8)
        return ""
    return _with_plain_line_ends(text)


def _is_utf_16(data: bytes) -> bool:
    """Whether there is a mark for it, or every second byte is zero at the beginning."""
    head = data[:64]
    zeros = sorted((head[::2].count(0), head[1::2].count(0)))
    unmarked = zeros[0] == 0 and zeros[1] > 1 and zeros[1] * 4 > len(head)
    return unmarked or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place_at(text: str, index: int, report: Report) -> Place:
    line = text.count("\n", 0, index) + 1
    return Place(report.file, line, index - text.rfind("\n", 0, index))


def _screen(text: str, report: Report) -> str:
    """Report the forbidden characters of the file, and put a stand-in for each.

    Rows of marks wait for the text they belong to, which must be normalized first.
    """
    signs, lines = list(text), text.split("\n")
    number, key, start = 0, "", 0
    single = (fault for fault in find_faults(text, newlines=True) if fault.length == 1)
    for fault in islice(single, faults.MOST_PROBLEMS + 1):
        place = _place_at(text, fault.position - 1, report)
        if place.line != number:
            number, (key, start) = place.line, _key_above(lines, place.line)
        field = report.field(key) if place.column > start else ""
        report.add(place, Sentence(f"{field}{fault.what} is not allowed", faults.CHARACTER_HINT))
        signs[fault.position - 1] = _STAND_IN
    return "".join(signs)


def _key_above(lines: list[str], number: int) -> tuple[str, int]:
    """Find the key that holds a line of a broken file, by its indentation, and where its text begins."""
    if key := re.match(_KEY, lines[number - 1]):
        return key[2], key.end()
    indent = re.match(_INDENT, lines[number - 1])
    level = indent.end() if indent else 0
    for line in lines[max(0, number - 1 - _MOST_ABOVE) : number - 1][::-1]:
        if (key := re.match(_KEY, line)) and key.end(1) < level:
            return key[2], 0
    return "", 0
