"""Compares a translation with its English, text by text: the same ids, values, numbers, dates and drugs.

Clinical basis 4.6 and 6.1. Pure, and the same for every language: what a language writes in a
way of its own stands in the `lexicon` of its phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

from press.content.handout import SOURCE_LANGUAGE, Handout, Lexicon, english_texts
from press.content.localize import calendar_words
from press.document.nodes import Content, Placeholder, Strong, Text, inlines
from press.errors import Place, Problem, Severity, did_you_mean
from press.records import dataclass

UNITS = ("mg", "mcg", "g", "ml")
_SHORTEST = 3  # letters: a shorter word is a word of many languages
_NEAR = 8  # characters between a month and the number beside it: "21 de diciembre de 2026"
_PHONE = re.compile(r"(?:\b1[-. \u2011])?(?:\(\d{3}\)\s?|\b\d{3}[-. \u2011])[A-Z\d]{3}[-. \u2011][A-Z\d]{4}\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"(?<!\b0)[.,](?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+\Z")


def differences(source: Handout, other: Handout) -> Iterator[Problem]:
    """Find where a translation and the English do not say the same, by file and line of the translation."""
    yield from _ids(source.phrases, other.phrases)
    yield from _ids(source.texts, other.texts)
    english = frozenset(word.casefold() for text in _all_texts(source) for word in _words(text))
    for here, there in ((other.texts, source.texts), (other.phrases, source.phrases)):
        for name in (name for name in here if name in there and name not in english_texts(other.structure)):
            mine = _Side(here[name], other.lexicon, source.lexicon, other.language)
            yours = _Side(there[name], source.lexicon, source.lexicon, source.language)
            for message, hint, severity in _slips(mine, yours, english):
                yield Problem(here[name].place, f"text `{name}`: {message}", hint, severity)


def _slips(here: _Side, there: _Side, english: frozenset[str]) -> Iterator[_Finding]:
    yield from _values(here, there)
    yield from _drugs(here, there)
    yield from _leftovers(here, there, english)


def _ids(source: Mapping[str, Content], other: Mapping[str, Content]) -> Iterator[Problem]:
    file = next((text.place.file for text in other.values()), "")
    for name in sorted(source.keys() - other.keys()):
        yield Problem(
            Place(file),
            f"text `{name}` is missing: the English has it",
            did_you_mean(name, other.keys() - source.keys()),
        )
    for name in sorted(other.keys() - source.keys()):
        yield Problem(other[name].place, f"text `{name}` is not in the English", did_you_mean(name, source))


def _all_texts(handout: Handout) -> Iterator[str]:
    for texts in (handout.texts, handout.phrases):
        yield from (_plain(text) for text in texts.values())


def _plain(text: Content) -> str:
    """Give the words of a text with every digit as 0 to 9, and a sign in place of each value."""
    nodes = (
        node.text if isinstance(node, Text) else "…"
        for node in inlines(text.children)
        if isinstance(node, Text | Placeholder)
    )
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in "".join(nodes))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


@dataclass(frozen=True)
class _Side:
    """One text in one language, and what can be read from it without understanding it."""

    content: Content
    lexicon: Lexicon
    source: Lexicon
    language: str

    @cached_property
    def text(self) -> str:
        """The plain words."""
        return _plain(self.content)

    @cached_property
    def placeholders(self) -> Counter[str]:
        """Every value that the text shows."""
        return Counter("{" + n.name + "}" for n in inlines(self.content.children) if isinstance(n, Placeholder))

    @cached_property
    def strong(self) -> int:
        """How many parts of it are strong."""
        return sum(isinstance(node, Strong) for node in inlines(self.content.children))

    @cached_property
    def phones(self) -> Counter[str]:
        """Telephone numbers, however they are divided."""
        return Counter(re.sub(r"\W", "", found) for found in _PHONE.findall(self.text))

    @cached_property
    def _calendar(self) -> list[_Found]:
        found = _find(calendar_words(self.language), self.text)
        return [one for one in found if one.meaning.startswith("weekday") or self._beside_a_number(one)]

    def _beside_a_number(self, one: _Found) -> bool:
        """Whether a month is meant: "May" and "March" are verbs too."""
        around = self.text[max(0, one.start - _NEAR) : one.start] + self.text[one.end : one.end + _NEAR]
        return any(map(str.isdigit, around))

    @cached_property
    def dates(self) -> Counter[str]:
        """Months and weekdays in words."""
        return Counter(one.meaning for one in self._calendar)

    @cached_property
    def _undated(self) -> str:
        """The text without months, weekdays and telephone numbers: some write a month as a number."""
        text = self.text
        for one in reversed(self._calendar):
            text = text[: one.start] + "…" + text[one.end :]
        return _PHONE.sub("…", text)

    @cached_property
    def doses(self) -> Counter[str]:
        """Amounts with their unit."""
        units = {form: unit for unit in UNITS for form in self.forms(unit)}
        found = re.finditer(rf"({_NUMBER.pattern})\s?({'|'.join(map(re.escape, units))})(?!\w)", self._undated)
        return Counter(f"{_number(match[1])} {units[match[2]]}" for match in found)

    @cached_property
    def numbers(self) -> Counter[str]:
        """Every number in digits."""
        return Counter(_number(found) for found in _NUMBER.findall(self._undated))

    def counts(self, number: str) -> bool:
        """Whether the text has this number as a word."""
        known = self.lexicon.numbers
        names = known[int(number) - 1].split() if number.isdecimal() and 0 < int(number) <= len(known) else ()
        return bool(set(names) & set(_words(self.text.casefold())))

    def forms(self, name: str) -> tuple[str, ...]:
        """List how this language writes a drug, a brand or a unit."""
        return self.lexicon.names.get(name) or self.source.names.get(name) or (name,)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every drug and brand in the order of the text, by its English name."""
        known = {form.casefold(): name for name in self.source.names for form in self.forms(name)}
        return tuple(one.meaning for one in _find(known, self.text))


def _number(digits: str) -> str:
    """Strip a number of its language's separators: 1,000 and 1.000, 0.5 and 0,5."""
    return _THOUSANDS.sub("", digits).replace(",", ".")


@dataclass(frozen=True, slots=True)
class _Found:
    """A known name in a text, and what it stands for."""

    start: int
    end: int
    meaning: str


def _find(known: Mapping[str, str], text: str) -> list[_Found]:
    """Find every known name in a text, the longest first; capitals count where the names have any."""
    if not known:
        return []
    folded = all(name == name.casefold() for name in known)
    names = "|".join(_whole(name) for name in sorted(known, key=len, reverse=True))
    found = re.finditer(names, text, re.IGNORECASE if folded else 0)
    meant = ((match, known.get(match.group().casefold() if folded else match.group())) for match in found)
    return [_Found(*match.span(), meaning) for match, meaning in meant if meaning]


def _whole(name: str) -> str:
    """Compile the pattern of a whole word; a script without capitals may not part its words."""
    before = r"(?<!\w)" if _parted(name[0]) else r"(?<!\d)" if name[0].isdigit() else ""
    return before + re.escape(name) + (r"(?!\w)" if _parted(name[-1]) or name[-1].isdigit() else "")


def _parted(letter: str) -> bool:
    return letter.lower() != letter.upper()


_Finding = tuple[str, str, Severity]


def _values(here: _Side, there: _Side) -> Iterator[_Finding]:
    """Compare placeholders, telephone numbers, dates, doses and numbers: each as often as in English."""
    for what in ("placeholders", "phones", "dates", "doses"):
        found, wanted = getattr(here, what), getattr(there, what)
        if found != wanted:
            yield _expected(what, found, wanted), "", Severity.ERROR
    lost = [number for number in (there.numbers - here.numbers).elements() if not here.counts(number)]
    more = [number for number in (here.numbers - there.numbers).elements() if not there.counts(number)]
    if (lost or more) and here.doses == there.doses:
        yield _expected("numbers", here.numbers, there.numbers), "", Severity.ERROR
    if here.strong != there.strong:
        hint = "** belongs around the same words as in English"
        yield f"strong parts: found {here.strong}, expected {there.strong} as in English", hint, Severity.WARNING


def _expected(what: str, found: Counter[str], wanted: Counter[str]) -> str:
    return f"{what}: found {_listed(found)}, expected {_listed(wanted)} as in English"


def _listed(found: Counter[str]) -> str:
    return ", ".join(sorted(found.elements())) or "none"


def _drugs(here: _Side, there: _Side) -> Iterator[_Finding]:
    """Compare drugs and brands, each as often as in English: neither a pronoun nor a name that sounds alike will do."""
    found, wanted = (Counter(side.names) for side in (here, there))
    if found != wanted:
        yield _expected("names", found, wanted), "naloxone and naltrexone are easily swapped", Severity.ERROR
    elif here.names != there.names:
        order = f"names: found {', '.join(here.names)}, in English {', '.join(there.names)}"
        yield order, "is each of them the right one?", Severity.WARNING


def _leftovers(here: _Side, there: _Side, english: frozenset[str]) -> Iterator[_Finding]:
    """Find words that are still English: spelled as a word of the English page, or Latin in another script."""
    fine = {word.casefold() for name in here.source.names for form in here.forms(name) for word in _words(form)}
    fine |= {word.casefold() for word in (*here.lexicon.same, *UNITS)}
    left = [word for word in _words(here.text) if word.casefold() not in fine and not _is_initials(word)]
    foreign = any(not _LATIN.match(word) for word in _words(here.text))
    kept = [
        word
        for word in left
        if (len(word) >= _SHORTEST and word.casefold() in english) or (foreign and _LATIN.match(word))
    ]
    if left and here.text == there.text:
        kept = left
    if kept:
        hint = (
            f"a word that is right in both languages goes under `same` in the lexicon of phrases/{here.language}.yaml"
        )
        yield f"left in {SOURCE_LANGUAGE}: {', '.join(dict.fromkeys(kept))}", hint, Severity.ERROR


def _is_initials(word: str) -> bool:
    return len(word) > 1 and word.isupper()
