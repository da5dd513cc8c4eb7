"""Computes the Dale-Chall score of an English page, by how many of its words are on no list of familiar ones.

Dale and Chall, "A formula for predicting readability", Educational Research Bulletin 27 (1948); many
programs call it New Dale-Chall. It is shown beside FKGL and SMOG and gates nothing: those two see only
lengths, so that a page of short items looks easier to them than it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from press.content.readability import words

LIST = Path(__file__).resolve().parent / "data" / "dale_chall.txt"
_MOST_KNOWN = 5  # percent of unfamiliar words up to which the constant is left out
_HYPHEN = re.compile(r"[-\u2011]")
_POSSESSIVE = re.compile(r"'s?$")
# A word with a capital inside a sentence; what follows a quote or a colon only begins something.
_NAME = re.compile(r"(?:(?<=[^\W\d_] )|(?<=, ))[A-Z][^\W\d_A-Z]+")
_INFLECTIONS = tuple((re.compile(ending), stem) for ending, stem in (
    (r"s$", ""),  # pills, takes
    (r"([sxzo]|[cs]h)es$", r"\1"),  # boxes, goes
    (r"(?<=[^aeiou])(?:ies|ied|ier|iest)$", "y"),  # worries, worried, easier
    (r"(?<=e)(?:d|r|st)$|(?<=[ew])n$", ""),  # used, safer, safest, given, known
    (r"(?:ed|ing|er|est)$", ""),  # helped, helping, longer, longest
    (r"([b-df-hj-np-tv-z])\1(?:ed|ing|er|est)$", r"\1"),  # stopped, bigger
    (r"ing$", "e"),  # using
    (r"ly$", ""),  # safely, but neither simply nor easily
))  # fmt: skip


def rate_page(sentences: Iterable[str], language: str, drugs: Collection[str] = ()) -> float | None:
    """Score a page, given as its sentences; None without words, and for all but English.

    Rounded as the other scores are. `drugs` are words in small letters that are never names.
    """
    page = [sentence for sentence in sentences if words(sentence)]
    if not page or language.casefold().partition("-")[0] != "en":
        return None
    total = sum(len(words(sentence)) for sentence in page)
    hard = sum(len(find_unfamiliar(sentence, drugs)) for sentence in page)
    return round(compute_score(total, len(page), hard), 6)


def compute_score(total: int, sentences: int, hard: int) -> float:
    """Compute the formula of 1948 from counts: all words, sentences, and unfamiliar words, each occurrence."""
    percent = 100 * hard / total
    score = 0.1579 * percent + 0.0496 * total / sentences
    return score + 3.6365 if percent > _MOST_KNOWN else score


def find_unfamiliar(sentence: str, drugs: Collection[str] = ()) -> tuple[str, ...]:
    """Find the words of a sentence that not every fourth grader knows, without names of people and places.

    A drug is no such name: nobody knows Narcan because it is written like Ana.
    """
    names = {name for name in _NAME.findall(sentence) if name.casefold() not in drugs}
    return tuple(word for word in words(sentence) if not (_own(word) in names or is_familiar(word)))


def _own(word: str) -> str:
    """Strip the possessive ending of a word."""
    return _POSSESSIVE.sub("", word.replace("’", "'"))


@lru_cache(maxsize=4096)
def is_familiar(word: str) -> bool:
    """Whether a word, or each part of a compound, is on the list or a regular form of a word there.

    By the rules of 1948, pages 38 to 49: possessives, regular plurals, the forms of verbs in -s, -ing,
    -ed and -n, comparatives, superlatives, and adverbs in -ly. Irregular forms must be listed themselves;
    so must nouns in -er, but no spelling tells `user` from `safer`, so these count as familiar too.
    """
    return all(_is_listed(part) for part in _HYPHEN.split(word)) or word.casefold() in _read_list()


def _is_listed(part: str) -> bool:
    plain = part.casefold().replace("’", "'")
    return not _read_list().isdisjoint({plain, *_stems(_own(plain))})


def _stems(word: str) -> Iterator[str]:
    """List a word and what it would be a form of, by each rule alone: a form of a form is not familiar."""
    yield word
    yield from (ending.sub(stem, word) for ending, stem in _INFLECTIONS)


@lru_cache(maxsize=1)
def _read_list() -> frozenset[str]:
    """Read the familiar words when the first one is asked for, as most commands need none."""
    return frozenset(line.rstrip(".") for line in LIST.read_text("ascii").splitlines())
