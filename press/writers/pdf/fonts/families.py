"""List the families of faces, and the scripts that each may draw.

The list is closed: a script is in it once its names have been proved glyph by glyph
(tests/writers/test_shaping.py). A face may hold letters of other scripts; they are still refused.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from press.records import dataclass

# The first words of the Unicode names of letters and marks. The first family and Noto Sans
# may draw any letter that they have; their marks are listed here.
_BASE_MARKS = frozenset({"COMBINING", "DEVANAGARI"})
_HAN = frozenset({"CJK", "IDEOGRAPHIC", "FULLWIDTH"})
_KANA = frozenset({"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH"})

_SHAPED = frozenset({"ARABIC", "DEVANAGARI"})
_KANA_LETTER, _HANGUL_LETTER = "[\u3040-\u30ff]", "[\uac00-\ud7a3]"  # compiled when a name asks
JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Family:
    """A regular and a bold face. `words` begin the names of the letters that it may draw."""

    name: str
    words: frozenset[str]
    is_extra: bool = False

    def files(self, fonts: Path) -> tuple[Path, Path] | None:
        """Find the two files, if they are installed: beside the stylesheets or in the extra package."""
        folder = _extra_folder() if self.is_extra else fonts
        return (folder / f"{self.name}-Regular.ttf", folder / f"{self.name}-Bold.ttf") if folder else None

    def may_draw(self, character: str) -> bool:
        """Tell whether a letter is of a script of this family."""
        category, word = unicodedata.category(character), first_word(character)
        if self.words is _BASE_MARKS and category[0] in "LNPS":
            return True
        return word in self.words or category == "Zs"

    def may_join(self, character: str) -> bool:
        """Tell whether a character may be drawn beside this family's own: digits, punctuation, Latin."""
        category = unicodedata.category(character)[0]
        return self.may_draw(character) or category in "PN" or (category == "L" and first_word(character) == "LATIN")

    def may_draw_all(self, text: str) -> bool:
        """Tell whether a text has letters of this family, and besides only what may be drawn beside them."""
        letters = [character for character in text if character not in JOINERS]
        return (
            any(map(self.may_draw, text.replace(" ", "")))
            and all(map(self.may_join, letters))
            and not has_strange_mark(text)
        )


BASE = Family("NotoSans", _BASE_MARKS)
_NEAR = (
    BASE,
    Family("NotoSansHebrew", frozenset({"HEBREW"})),
    Family("NotoSansArabic", frozenset({"ARABIC", "ARABIC-INDIC", "EXTENDED"})),
)
_CHINESE = Family("NotoSansSC", _HAN, is_extra=True)
_JAPANESE = Family("NotoSansJP", _HAN | _KANA, is_extra=True)
_KOREAN = Family("NotoSansKR", _HAN | {"HANGUL"}, is_extra=True)
_FAR = {"zh": _CHINESE, "ja": _JAPANESE, "ko": _KOREAN}
FAMILIES = (*_NEAR, *_FAR.values())
_BY_NAME = {family.name: family for family in FAMILIES}


def family(name: str) -> Family:
    """Look up a family by its name."""
    return _BY_NAME[name]


def order(around: str, language: str) -> tuple[Family, ...]:
    """Order the families of the fallback chain.

    One sign looks different in Chinese, Japanese and Korean. The page's language decides; on other
    pages kana or hangul in `around`, the whole name; else it is taken for Chinese.
    """
    first = _FAR.get(language.partition("-")[0])
    if first is None and re.search(_KANA_LETTER, around):
        first = _JAPANESE
    if first is None and re.search(_HANGUL_LETTER, around):
        first = _KOREAN
    far = sorted(_FAR.values(), key=lambda family: family is not first)
    return (*_NEAR, *far)


@cache
def first_word(character: str) -> str:
    """Give the first word of a character's name, which names its script; jamo are no whole letters."""
    name = unicodedata.name(character, "")
    return (
        "JAMO" if name.startswith(("HANGUL CHOSEONG", "HANGUL JUNGSEONG", "HANGUL JONGSEONG")) else name.split(" ")[0]
    )


def needs_shaping(text: str) -> bool:
    """Tell whether letters join, reorder or have diacritics, so that one glyph each would be wrong."""
    return any(unicodedata.category(c)[0] == "M" or c in JOINERS or first_word(c) in _SHAPED for c in text)


def clusters(text: str) -> list[str]:
    """Divide a text into clusters that are never broken: letters with their diacritics and what is joined to them."""
    found: list[str] = []
    for character in text:
        if found and (_hangs_on(character) or found[-1][-1] in JOINERS or _is_linker(found[-1][-1])):
            found[-1] += character
        else:
            found.append(character)
    return found


def has_strange_mark(text: str) -> bool:
    """Tell whether a diacritic is on a letter of another script, on a space or on nothing."""
    return any(_is_strange(cluster) for cluster in clusters(text))


def _is_strange(cluster: str) -> bool:
    own = ("COMBINING", first_word(cluster[0]))
    marks = [character for character in cluster if unicodedata.category(character)[0] == "M"]
    return bool(marks) and (cluster[0] in (marks[0], " ") or any(first_word(mark) not in own for mark in marks))


def _hangs_on(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or character in JOINERS


def _is_linker(character: str) -> bool:
    """Tell whether a character is the virama, which joins two consonants of an Indic script."""
    return unicodedata.combining(character) == 9


def missing_extra(text: str) -> bool:
    """Tell whether a character could be drawn by extra faces that are not installed."""
    return _extra_folder() is None and any(f.may_draw(text) for f in FAMILIES if f.is_extra)


def is_picture(character: str) -> bool:
    """Tell whether a character is an emoji, another pictograph, or a modifier of one."""
    far = ord(character) >= 0x1F000 and unicodedata.category(character) in ("So", "Sk", "Cn")
    return (
        far
        or character in "\ufe0e\ufe0f\u20e3"
        or "\u2600" <= character <= "\u27bf"
        or "\u2b05" <= character <= "\u2b55"
    )


@cache
def _extra_folder() -> Path | None:
    """Find the folder of the heavy faces in their package, without importing it."""
    found = find_spec("rendercv_fonts")
    places = found.submodule_search_locations if found else None
    folder = Path(places[0]) / "Noto Sans" if places else None
    return folder if folder and folder.is_dir() else None
