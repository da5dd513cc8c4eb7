"""A language made from the English by rule: accented, 40 percent longer, and nobody's.

It stands under the code of Interlingua, which has a calendar and no words here, and so proves
that another language costs no code: files alone make it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import yaml

from press.content.handout import english_texts
from press.content.library import Library

LANGUAGE = "ia"
LONGER = 0.4  # than the English, as a share of its length
_OWED = 0.455  # of each word: the last one of a text pays nothing back
_LETTERS = str.maketrans("aceginorsuyzACEGINORSUYZ", "âçéğíñöřšüÿžÂÇÉĞÍÑÖŘŠÜŸŽ")
_PADDING = ("åt", "vëd", "lïmø", "ťorěn", "båłtič")
_DRUGS = "naltrexone|naloxone|nalmefene|buprenorphine|methadone|fentanyl|heroin|narcan|vivitrol|revia"
_KEPT = re.compile(rf"(\{{[a-z_]+\}}|\*\*|\d[\d-]*|\s+|\b(?:{_DRUGS})\b)", re.IGNORECASE)


def pseudo(text: str) -> str:
    """The text with accents and padding words; placeholders, strong marks, numbers and drugs as they were."""
    owed, parts = 0.0, []
    for part in _KEPT.split(text):
        if not part or _KEPT.fullmatch(part):
            parts.append(part)
            owed += _OWED * len(part)
            continue
        owed += _OWED * len(part)
        fitting = [word for word in _PADDING if len(word) + 1 <= owed]
        if fitting and part[0].isalpha():
            parts.append(fitting[-1] + " ")
            owed -= len(fitting[-1]) + 1
        parts.append(part.translate(_LETTERS))
    return "".join(parts)


def _english(folder: Path) -> frozenset[str]:
    """The texts of a handout that no translation has."""
    library = Library(folder.parent)
    return english_texts(library.structure(folder.name)) if folder.name in library.topics else frozenset()


def write_pseudo(root: Path) -> list[Path]:
    """Add the language to every folder of words below `root`; the files that were made."""
    made = []
    for source in sorted(root.glob("handouts/*/en.yaml")):
        target = source.with_name(f"{LANGUAGE}.yaml")
        target.write_text(_translated(source.read_text("utf-8"), _english(source.parent)), "utf-8")
        made.append(target)
    return made


@cache
def _translated(source: str, english: frozenset[str]) -> str:
    """A file of words in the language, without the texts that stay English."""
    words = yaml.safe_load(source)
    lines = [f"language: {LANGUAGE}", f"follows: {words['follows']}"]
    if "taught" in words:
        lines.append(f"taught: {json.dumps(words['taught'])}")
    lines.append("texts:")
    texts = {name: text for name, text in words["texts"].items() if name not in english}
    lines += [f"  {name}: {json.dumps(pseudo(text), ensure_ascii=False)}" for name, text in texts.items()]
    return "\n".join(lines) + "\n"
