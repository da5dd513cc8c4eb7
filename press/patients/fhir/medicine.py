"""What a medicine in a record is: an injection or tablets of naltrexone, never one of ours, or in doubt."""

from __future__ import annotations

from enum import Enum

from press.content.fhir_rules import FhirRules
from press.patients.fhir.elements import codes_of, words_of
from press.patients.fhir.json_stream import Node

_NAMES = ("naltrex", "vivitrol", "revia", "contrave")


class Medicine(Enum):
    """What a medicine is, by its RxNorm codes; `NAMED` is called naltrexone under no code that config.yaml knows."""

    INJECTION = "injection"
    TABLET = "tablet"
    NEVER = "never"
    BOTH = "both"
    NAMED = "named"
    OTHER = "other"
    UNRESOLVED = "unresolved"

    @property
    def is_ours(self) -> bool:
        """Whether it is what the pages are about."""
        return self in (Medicine.INJECTION, Medicine.TABLET)


def is_named(words: str) -> bool:
    """Whether words in small letters name naltrexone."""
    return any(name in words for name in _NAMES)


def read_medicine(concept: Node, rules: FhirRules) -> Medicine:
    """Read a medicine's concept."""
    meanings = set(rules.meanings_of(codes_of(concept)))
    if "never" in meanings:
        return Medicine.NEVER
    if len(meanings) == 1:
        return Medicine(meanings.pop())
    if meanings:
        return Medicine.BOTH
    return Medicine.NAMED if is_named(words_of(concept)) else Medicine.OTHER
