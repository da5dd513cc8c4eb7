"""Measures how hard a page is to read: sentences, syllables, and the three formulas with their gates.

Clinical basis 4.3 and 4.4: FKGL and SMOG for English, INFLESZ for Spanish, no others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from press.records import dataclass

# The limits of clinical basis 4.3, for a whole page; `longest` is for each sentence.
# All are the most that is allowed, only INFLESZ is the least: it grows with ease.
GATES: dict[str, tuple[str, float]] = {
    "fkgl": ("reading grade (Flesch-Kincaid)", 6.0),
    "smog": ("reading grade (SMOG)", 9.0),
    "smog_exempt": ("reading grade (SMOG without the taught terms)", 6.5),
    "inflesz": ("ease of reading (INFLESZ)", 65.0),
    "mean": ("mean number of words in a sentence", 12),
    "longest": ("number of words in this sentence", 20),
}
POLYSYLLABLE = 3  # SMOG counts the words of three or more syllables


@dataclass(frozen=True, slots=True)
class Measure:
    """What was counted on a page. A count or score that the language does not have is None.

    `smog_exempt` leaves the taught terms out of the polysyllables, as 4.3 does.
    `mean` and `longest` are words in a sentence; a sentence without words does not count.
    """

    words: int
    sentences: int
    syllables: int | None
    polysyllables: int | None
    fkgl: float | None
    smog: float | None
    smog_exempt: float | None
    inflesz: float | None
    mean: float
    longest: int


@dataclass(frozen=True, slots=True)
class GateFault:
    """One gate that is missed; `sentence` is an index, or None for the whole page."""

    gate: str
    found: float
    limit: float
    sentence: int | None = None

    @property
    def message(self) -> str:
        """The fault in words, for a `Problem`."""
        bound = "at least" if self.gate == "inflesz" else "at most"
        return f"{GATES[self.gate][0]} is {self.found:.4g}, expected {bound} {self.limit:g}"


_STOP = re.compile(r"""(?<![.!?…])[.!?…]++["'”’»)\]*]*+(?=\s|$)|\n[^\S\n]*+\n\s*""")
_TRIM = re.compile(r"\S(?s:.*\S)?")
_OPENERS = " \t\n\u00a0\"'“‘«(¿¡*["
_NEVER_LAST = frozenset("dr dra mr mrs ms sr sra srta st e.g i.e vs u.s ee.uu".split())
_SELDOM_LAST = frozenset("a.m p.m m etc".split())  # `m` as in the Spanish "8 a. m."
_BEFORE_NUMBER = frozenset("no núm tel ext approx aprox p pág".split())
_LETTERED = frozenset("vitamin hepatitis vitamina type tipo".split())  # no names
_NEAR = 60  # characters on either side that decide whether a full stop ends a sentence


@lru_cache(maxsize=4096)
def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Find where each sentence begins and ends, so that a finding keeps its place in `text`."""
    edges, start = [], 0
    for stop in _STOP.finditer(text):
        before = text[max(start, stop.start() - _NEAR) : stop.start()]
        if _is_last(before, stop.group(), text[stop.end() : stop.end() + _NEAR]):
            edges.append((start, stop.end()))
            start = stop.end()
    edges.append((start, len(text)))
    trimmed = (_TRIM.search(text, *edge) for edge in edges)
    return tuple(found.span() for found in trimmed if found)


def sentences(text: str) -> tuple[str, ...]:
    """Split one paragraph into sentences. A list item is its own text: call once for each (4.3)."""
    return tuple(text[start:end] for start, end in spans(text))


def _is_last(before: str, mark: str, after: str) -> bool:
    """Whether a mark ends the sentence, and not an abbreviation or the number of a step."""
    follower = after.lstrip(_OPENERS)[:1]
    if not mark.strip() or not follower:
        return True
    if follower.islower() or before.strip(_OPENERS).isdigit():
        return False
    return mark[0] != "." or mark[:2] == ".." or not _is_abbreviation(before.split(), follower)


def _is_abbreviation(before: Sequence[str], follower: str) -> bool:
    last = before[-1].lstrip(_OPENERS) if before else ""
    key = last.casefold()
    if key in _NEVER_LAST or (key in _BEFORE_NUMBER and follower.isdigit()):
        return True
    if key in _SELDOM_LAST:
        return not follower.isupper()
    # "Ana J. Lopez" goes on; "you and I. Then" and "Hepatitis C. Tell us" do not.
    initial = len(before) > 1 and len(last) == 1 and last.isupper() and last != "I"
    return initial and before[-2][:1].isupper() and before[-2].casefold() not in _LETTERED


_NOT_READ = re.compile(
    r"""(?:https?://|www\.)\S+ | \b[\w.+-]++@\S+ | \(s\) | \u00ad
    | (?:\b1[-. ])? (?:\(\d{3}\)\s? | \b\d{3}[-.\u2011 ]) [A-Z\d]{3}[-.\u2011 ][A-Z\d]{4}\b""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+(?:['’.\u2011-][^\W_]+)*")
_HYPHEN = re.compile(r"[-\u2011]")


@lru_cache(maxsize=4096)
def words(sentence: str) -> tuple[str, ...]:
    """List the words that count: no numerals, no telephone numbers, no addresses (4.3)."""
    text = _NOT_READ.sub("", unicodedata.normalize("NFC", sentence))
    found = (_without_numerals(token) for token in _WORD.findall(text))
    return tuple(word for word in found if word)


def _without_numerals(token: str) -> str:
    return "-".join(part for part in _HYPHEN.split(token) if not re.search(r"\d", part))


_FIXED = {
    1: "ache clothes eye eyed friend",
    2: "acne argue being client create evening every fluid haven't headache household hundred"
    " lion maybe naked people poem react ruin safety science someplace something sometimes"
    " stomachs tiredness toothache wednesday dr mr mrs business",
    3: "anyone created element everyone everything everyday heroin mg museum reaction recipe"
    " stomachache suicide theater",
    4: "cooperate coordinate diabetes diagnosis ml overreact suicidal",
}
_FIXED_COUNTS = {word: count for count, line in _FIXED.items() for word in line.split()}
_SPELLED = frozenset("ER ID OUD AUD SUD IM EMS USA DEA EHR FDA TTY".split())
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = tuple(map(re.compile, (
    r"(?<=[^aeiouy])e$(?<![^aeiouy]le)",  # dose, but table
    r"(?<=[^aeiouyscxzg])es$(?<![^aeiouy]les)(?<![sc]hes)",  # makes, but doses, muscles, rashes
    r"(?<=[^aeiouytd])ed$(?<![^aeiouyl]led)",  # used, but needed, handled
    r"(?<=[^aeiouy])e(?=ly$|ful|less|ness|ment)",  # hopeless
    r"(?<=[gq])ue[sd]?$",  # fatigue
)))  # fmt: skip
_EXTRA = tuple(map(re.compile, (
    r"(?<![tcs])ia(?!ge)|(?<![tscgxln])io(?!u)|(?<![tcgsx])iou",  # trial, period, serious
    r"(?<![tcs])ie(?=nt|nc|t)",  # anxiety, but patient
    r"iu|(?<![gp])eo(?!ne|u)|(?<![gq])ua|(?<![gq])ue(?=n|l$)",  # medium, video, usual, fluent
    r"^[^aeiouy]*[aeiouy].*(?:ea(?=s?$)|ie(?=r$|st$))",  # area, easier, but tea, pier
    r"[aeiouy](?=ing)|[aeiou]y(?=[aeou])|sms?$",  # going, beyond, alcoholism
)))  # fmt: skip


def _english(word: str) -> int:
    """Count syllables by the habits of English spelling; an initialism is read letter by letter."""
    if "." in word:
        return sum(map(str.isalpha, word))
    if word in _SPELLED or (len(word) > 1 and re.fullmatch("[B-DF-HJ-NP-TV-XZ]+", word)):
        return len(word) + 2 * word.count("W")
    plain = _without_accents(word).casefold().replace("’", "'")
    stem, _, ending = plain.partition("'")
    if plain in _FIXED_COUNTS or not ending or stem == "o":
        return _counted(plain)
    if ending == "t":  # is-n't, but don't
        return _counted(stem[:-1]) + (stem[-2:-1] not in "aeiou")
    return _counted(stem) + (ending == "s" and stem.endswith(("se", "ce", "ge", "s", "x")))


def _counted(word: str) -> int:
    fixed = _FIXED_COUNTS.get(word) or _FIXED_COUNTS.get(word.removesuffix("s"))
    count = len(_VOWELS.findall(word)) + sum(len(rule.findall(word)) for rule in _EXTRA)
    return fixed or max(1, count - sum(bool(rule.search(word)) for rule in _SILENT))


def _without_accents(word: str) -> str:
    parts = unicodedata.normalize("NFD", word.replace("é", "ei"))  # café: this e is not mute
    return "".join(part for part in parts if not unicodedata.combining(part))


_SPANISH_FIXED = {
    "mg": 4, "ml": 4, "dr": 2, "dra": 3, "sr": 2, "sra": 3,
    # letters that are read by a name of two syllables: efe, hache, equis; all others have one
    **dict.fromkeys("fhjlmnñrsvxz", 2), "w": 4,
}  # fmt: skip
_MUTE = re.compile(r"(?<=[qg])u(?=[eiéí])|h")
_RUNS = re.compile(r"[aeiouáéíóúü]+(?:y(?![aeiouáéíóúü]))?|y(?![aeiouáéíóúü])")
_STRONG = frozenset("aeoáéó")


def _spanish(word: str) -> int:
    """Count syllables by the academy's rule (RAE, Ortografía 2010): weak vowels join, strong part.

    A mute h does not part vowels; a written accent on a weak vowel parts it from a strong one.
    An initialism is read letter by letter.
    """
    if word in _SPELLED or (len(word) > 1 and re.fullmatch("[B-DF-HJ-NP-TV-XZÑ]+", word)):
        return sum(_SPANISH_FIXED.get(letter, 1) for letter in word.casefold())
    if len(word) > 1 and word.casefold() in _SPANISH_FIXED:
        return _SPANISH_FIXED[word.casefold()]
    plain = _MUTE.sub("", word.casefold())
    return max(1, sum(map(_nuclei, _RUNS.findall(plain))))


def _nuclei(run: str) -> int:
    count, strong = 1, run[0] in _STRONG
    for left, right in pairwise(run):
        if _parts(left, right) or (strong and right in _STRONG):
            count, strong = count + 1, False
        strong = strong or right in _STRONG
    return count


def _parts(left: str, right: str) -> bool:
    mixed = (left in _STRONG) != (right in _STRONG)
    return (mixed and (left in "íú" or right in "íú")) or left == right


_COUNTERS: dict[str, Callable[[str], int]] = {"en": _english, "es": _spanish}


@lru_cache(maxsize=8192)
def syllables(word: str, language: str = "en") -> int:
    """Count the syllables of one word, at least 1; only for the languages that have a formula here."""
    counter = _COUNTERS[_primary(language)]
    return sum(counter(part) for part in _HYPHEN.split(word) if part) or 1


def has_formula(language: str) -> bool:
    """Whether a language has a formula here, so that its syllables can be counted."""
    return _primary(language) in _COUNTERS


def _primary(language: str) -> str:
    return language.casefold().partition("-")[0]


def fkgl(words: int, sentences: int, syllables: int) -> float:
    """Compute the Flesch-Kincaid grade level (Kincaid and others 1975; clinical basis 4.3)."""
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def smog(polysyllables: int, sentences: int) -> float:
    """Compute the SMOG grade (McLaughlin 1969; clinical basis 4.3); it is unsteady below 30 sentences."""
    return 1.0430 * sqrt(polysyllables * 30 / sentences) + 3.1291


def inflesz(words: int, sentences: int, syllables: int) -> float:
    """Compute the Flesch-Szigriszt ease on the INFLESZ scale (Barrio-Cantalejo and others 2008; 4.3)."""
    return 206.835 - 62.3 * syllables / words - words / sentences


class Count(NamedTuple):
    """What was counted in sentences; without a formula only words. `hard` are polysyllables that are not taught."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0
    polysyllables: int = 0
    hard: int = 0
    longest: int = 0


def count(sentences: Iterable[str], language: str, exempt: Collection[str] = ()) -> Count:
    """Count in sentences; `exempt` are the taught terms in the singular."""
    page = [found for found in map(words, sentences) if found]
    every = [word for sentence in page for word in sentence]
    longest = max(map(len, page), default=0)
    if not has_formula(language):
        return Count(len(every), len(page), longest=longest)
    beats = [syllables(word, language) for word in every]
    long = [word for word, number in zip(every, beats, strict=True) if number >= POLYSYLLABLE]
    taught = taught_forms(frozenset(exempt))
    hard = sum(not is_taught(word, language, taught) for word in long)
    return Count(len(every), len(page), sum(beats), len(long), hard, longest)


def _rate(found: Count, language: str) -> Measure:
    total, lines = found.words, found.sentences
    mean = total / max(1, lines)
    if not lines or not has_formula(language):
        return Measure(total, lines, None, None, None, None, None, None, mean, found.longest)
    counts = total, lines, found.syllables, found.polysyllables
    return Measure(*counts, *_scores(language, *counts, found.hard), mean, found.longest)


def measure(sentences: Iterable[str], language: str, exempt: Collection[str] = ()) -> Measure:
    """Rate a page, given as its sentences; `exempt` are the taught terms in the singular."""
    return _rate(count(sentences, language, exempt), language)


def _scores(
    language: str, total: int, lines: int, beats: int, long: int, hard: int
) -> tuple[float | None, float | None, float | None, float | None]:
    """Compute FKGL, SMOG, SMOG without taught terms, INFLESZ; rounded so that 6.0 is not 6.0000001."""
    if _primary(language) == "es":
        return None, None, None, round(inflesz(total, lines, beats), 6)
    return round(fkgl(total, lines, beats), 6), round(smog(long, lines), 6), round(smog(hard, lines), 6), None


@lru_cache(maxsize=64)
def taught_forms(terms: frozenset[str]) -> frozenset[str]:
    """List the forms in which taught terms stand in a text: naloxone, naloxone's."""
    return frozenset(term.casefold() + ending for term in terms for ending in ("", "s", "'s", "’s"))


def is_taught(word: str, language: str, taught: frozenset[str]) -> bool:
    """Whether a word is long only by a taught term: opioids, naloxone's, opioid-free."""
    rest = [part for part in _HYPHEN.split(word) if part.casefold() not in taught]
    return not rest or syllables("-".join(rest), language) < POLYSYLLABLE


def gate_faults(sentences: Iterable[str], language: str, exempt: Collection[str] = ()) -> tuple[GateFault, ...]:
    """Find the gates of 4.3 that a page misses, then each sentence that is too long.

    A language without a formula has no gate: people review it (4.3).
    """
    page = tuple(sentences)
    return *page_faults([count(page, language, exempt)], language), *long_sentences(page, language)


def page_faults(parts: Iterable[Count], language: str) -> Iterator[GateFault]:
    """Find the gates of 4.3 that a page misses, whose parts were counted."""
    *sums, longest = zip(Count(), *parts, strict=True)
    found = _rate(Count(*map(sum, sums))._replace(longest=max(longest)), language)
    for gate in ("fkgl", "smog", "smog_exempt", "inflesz", "mean") if has_formula(language) else ():
        score, limit = getattr(found, gate), GATES[gate][1]
        if score is not None and (score < limit if gate == "inflesz" else score > limit):
            yield GateFault(gate, score, limit)


def long_sentences(page: Sequence[str], language: str) -> Iterator[GateFault]:
    """Find each sentence that is too long."""
    limit = GATES["longest"][1]
    for index, length in enumerate(len(words(sentence)) for sentence in page):
        if length > limit and has_formula(language):
            yield GateFault("longest", length, limit, index)
