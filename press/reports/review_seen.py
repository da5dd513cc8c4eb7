"""What the program itself can answer of PEMAT-P and the CDC Index, from the tree of a page.

Clinical basis 4.1, 4.2. Where a rule cannot be sure it says nothing: the item waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from press.compose.check import page_sentences
from press.content.readability import sentences
from press.content.terms import faults
from press.document.nodes import Content, Document, List, blocks, plain, strings
from press.errors import Place
from press.reports.review_items import CCI, PEMAT, Answer
from press.reports.review_layout import (
    Seen,
    chunks,
    cues,
    either,
    headings,
    lists,
    pictures_missing,
    pictures_na,
    tables,
    tables_na,
    tool,
    top,
    top_box,
)

_Told = list[tuple[str, Place]]  # sentences with their places

_LEAST_STEPS = 2
_PASSIVE_SHARE = 0.2  # one sentence in five (4.1: active in 80%)

# fmt: off
_ACTS = {  # a sentence that begins so asks for something
    "en": r"(?:ask|buy|call|carry|drink|eat|get|give|go|help|keep|lay|learn|read|rub|shout|show|skip|stay|take|talk"
    r"|tell|use|wait|write)\b(?! of)",
    "es": r"(?:aprenda|coma|compre|dé|dígan[oe]s|diga|escriba|espere|grite|guarde|hable|lea|lleve|ll[aá]me(?:nos)?"
    r"|muestre|obtenga|pida|preg[uú]nte(?:nos)?|quédese|tenga|tome|use|vaya)\b",
}
_YOU = {"en": r"\byour?\b", "es": r"\busted(?:es)?\b"}
_SUMS = {
    "en": r"\b(?:multipl(?:y|ied)|divided? (?:by|the|your|it)|subtract\w*|add up|calculate\w*)\b",
    "es": r"\b(?:multipli\w+|divid(?:a|ir)|rest(?:e|ar)|sum(?:e|ar)|calcul(?:e|ar))\b",
}
# fmt: on
_SIGNS = r"\d\s*[×÷*+=]\s*\d|\d\s*%\s+(?:of|de)\b"


def look(document: Document) -> dict[tuple[str, int], Seen]:
    """Every item that the program can answer for one page."""
    found = {key: rule(document) for key, rule in _RULES.items()}
    return {key: seen for key, seen in found.items() if seen is not None}


def look_at_all(documents: tuple[Document, ...]) -> dict[tuple[str, int], Seen]:
    """The same for all pages of a handout: one no is a no, and every page must have an answer."""
    pages = [look(document) for document in documents]
    everywhere = set(pages[0]).intersection(*pages[1:])
    refused = {key: page[key] for page in pages for key in page if page[key].answer is Answer.NO}
    applies = {key: page[key] for page in pages for key in everywhere if page[key].answer is Answer.YES}
    return {key: pages[0][key] for key in everywhere} | applies | refused


def _primary(document: Document) -> str:
    return document.language.casefold().partition("-")[0]


def _everyday(document: Document) -> Seen | None:
    """A word from the list of hard words is a no. That there is none proves nothing."""
    told = page_sentences(document)
    page = " ".join(text for text, _ in told)
    for text, place in told:
        for fault in faults(text, document.language, page):
            if fault.kind == "jargon":
                return Seen(Answer.NO, f"found “{fault.found}”", place)
    return None


# Active voice


def _passives(told: _Told, language: str) -> list[Place]:
    return [place for text, place in told if any(fault.kind == "passive" for fault in faults(text, language))]


def _active(document: Document) -> Seen | None:
    told = page_sentences(document)
    if _primary(document) not in _ACTS or not told:
        return None
    passive = _passives(told, document.language)
    shown = f"{len(passive)} of {len(told)} sentences look passive"
    return either(len(passive) <= _PASSIVE_SHARE * len(told), shown, shown, next(iter(passive), None))


def _active_message(document: Document) -> Seen | None:
    """The Index asks this of the main message and the call to action only, but of both whole."""
    box, acts = top_box(document), _acts(document)
    if box is None or acts is None:
        return None
    texts = (node for block in blocks(box.children) for run in strings(block) for node in run)
    message = [(s, node.place) for node in texts if isinstance(node, Content) for s in sentences(plain(node.children))]
    passive = _passives(message + acts, document.language)
    return either(not passive, "no sentence looks passive", "a sentence looks passive", next(iter(passive), None))


# Numbers


def _no_sums(document: Document) -> Seen | None:
    known = _SUMS.get(_primary(document))
    pattern = re.compile("|".join(filter(None, (_SIGNS, known))), re.IGNORECASE)
    for text, place in page_sentences(document):
        if match := pattern.search(text):
            return Seen(Answer.NO, f"found “{match.group()}”", place)
    return Seen(Answer.YES, "no words or signs of a sum") if known else None


def _sums_na(document: Document) -> Seen | None:
    found = _no_sums(document)
    return Seen(Answer.NA, found.why) if found and found.answer is Answer.YES else None


def _numbers_na(document: Document) -> Seen | None:
    runs = (run for block in blocks(document.body) for run in strings(block))
    return None if any(re.search(r"\d", plain(run)) for run in runs) else Seen(Answer.NA, "no numbers")


# Actions


def _acts(document: Document) -> _Told | None:
    """The sentences that ask for something, or None in a language whose verbs are not known."""
    language = _primary(document)
    if language not in _ACTS:
        return None
    return [(text, place) for text, place in page_sentences(document) if _asks(text, language)]


def _asks(text: str, language: str) -> bool:
    return bool(re.match(rf"\W*{_ACTS[language]}", text, re.IGNORECASE))


def _action(document: Document) -> Seen | None:
    acts = _acts(document)
    return None if acts is None else either(bool(acts), f"{len(acts)} sentences ask for something", "no action")


def _directly(document: Document) -> Seen | None:
    """In English `you` is there or not; Spanish may address the reader by the verb alone."""
    language = _primary(document)
    if language not in _YOU:
        return None
    page = " ".join(text for text, _ in page_sentences(document))
    if re.search(_YOU[language], page, re.IGNORECASE):
        return Seen(Answer.YES, "the page speaks to the reader")
    return Seen(Answer.NO, "the page never says `you`") if language == "en" else None


def _steps(document: Document) -> Seen | None:
    """Numbered steps, or a list with several items that ask for something."""
    language = _primary(document)
    for block in blocks(document.body):
        if isinstance(block, List) and len(block.items) >= _LEAST_STEPS:
            if block.ordered:
                return Seen(Answer.YES, "numbered steps")
            if language in _ACTS and _asking(block, language) >= _LEAST_STEPS:
                return Seen(Answer.YES, "a list of actions")
    return Seen(Answer.NO, "no steps and no list of actions") if language in _ACTS else None


def _asking(block: List, language: str) -> int:
    items = (sentences(plain(item.children)) for item in block.items)
    return sum(any(_asks(text, language) for text in item) for item in items)


_Rule = Callable[[Document], Seen | None]
_RULES: Mapping[tuple[str, int], _Rule] = MappingProxyType(
    {
        (PEMAT, 3): _everyday,
        (PEMAT, 5): _active,
        (PEMAT, 6): _numbers_na,
        (PEMAT, 7): _no_sums,
        (PEMAT, 8): chunks,
        (PEMAT, 9): headings,
        (PEMAT, 11): top,
        (PEMAT, 12): cues,
        (PEMAT, 16): pictures_na,
        (PEMAT, 17): pictures_na,
        (PEMAT, 18): pictures_na,
        (PEMAT, 19): tables,
        (PEMAT, 20): _action,
        (PEMAT, 21): _directly,
        (PEMAT, 22): _steps,
        (PEMAT, 23): tool,
        (PEMAT, 24): _sums_na,
        (PEMAT, 25): tables_na,
        (CCI, 2): top,
        (CCI, 3): top,
        (CCI, 4): pictures_missing,
        (CCI, 5): _action,
        (CCI, 6): _active_message,
        (CCI, 7): _everyday,
        (CCI, 8): lists,
        (CCI, 9): headings,
        (CCI, 12): _action,
        (CCI, 15): _numbers_na,
        (CCI, 16): _numbers_na,
        (CCI, 17): _no_sums,
    }
)
