"""Words that clinics use for the options of a list, where each has one meaning; `lists learn` knows them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from press.content.fields import INTERVALS, same_interval

_FLAG = {"yes": ("y", "true", "1", "sí", "si"), "no": ("n", "false", "0")}
_MEANINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "language": {
        "en": ("english", "eng", "inglés", "ingles"),
        "es": ("spanish", "español", "espanol", "esp", "spa", "sp", "castellano"),
        "vi": ("vietnamese", "tiếng việt", "vie", "viet"),
        "ru": ("russian", "русский", "rus", "ruso"),
    },
    "form": {
        "injection": (
            "injections", "injectable", "inj", "shot", "shots", "vivitrol", "vivitrol injection", "xr-ntx",
            "xr-naltrexone", "naltrexone er", "naltrexone xr", "extended-release naltrexone", "inyección", "inyeccion",
        ),
        "tablet": (
            "tablets", "tab", "tabs", "pill", "pills", "oral", "po", "oral naltrexone", "naltrexone oral", "revia",
            "tableta", "tabletas", "pastilla", "pastillas",
        ),
    },
    "reason": {
        "opioid": ("oud", "opioids", "opioid use disorder", "opioides"),
        "alcohol": ("aud", "alcohol use disorder"),
        "both": ("oud/aud", "aud/oud", "oud & aud", "aud & oud", "oud and aud", "aud and oud", "oud, aud", "ambos"),
    },
    "interval": {
        "4 weeks": ("cada 4 semanas", "4 semanas", "cuatro semanas", "cada 28 días", "cada 28 dias", "28 días"),
        "month": ("mensual", "cada mes"),
        "daily": ("diario", "diaria", "cada día", "cada dia", "qd"),
        "2 days": ("qod", "cada 2 días", "cada 2 dias"),
        "3 days": ("cada 3 días", "cada 3 dias"),
    },
    "edition": {"large-print": ("large print", "large"), "standard": ("normal", "regular")},
    "late_confirmed": _FLAG,
    "stopped": _FLAG,
    "naloxone_given": _FLAG,
}  # fmt: skip
VOCABULARY: Mapping[str, Mapping[str, str]] = {
    option: {word: value for value, words in meanings.items() for word in words}
    for option, meanings in _MEANINGS.items()
}


def fold_word(text: str) -> str:
    """A word without what makes no difference: case and white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def meaning_of(option: str, word: str) -> str:
    """The value of an option that a word means beyond doubt, or nothing."""
    found = VOCABULARY.get(option, {}).get(fold_word(word), "")
    if option == "interval" and not found:
        return word if word in INTERVALS else same_interval(word)
    return found
