"""What the codes in a clinic's electronic records (FHIR) mean, as config.yaml says; a pharmacist can change it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from types import MappingProxyType

from press.content import fields
from press.content.schema import Record, Reject, choice, key, list_of, map_of, scalar
from press.records import dataclass

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_ICD_10 = ("http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10")
_LONGEST = 200


def _code(text: str) -> str:
    if not text or len(text) > _LONGEST or any(sign.isspace() for sign in text):
        raise Reject("a code without spaces, or a system and a code as SYSTEM|CODE")
    return text


_codes = list_of(scalar(_code))


@dataclass(frozen=True, kw_only=True)
class FhirRules(Record):
    """Codes of medicines (RxNorm) and of reasons, and which identifier a person's code is made from.

    A reason is an ICD-10 code with all that it begins, as F11 begins F11.20, or SYSTEM|CODE of any other system.
    """

    injection: tuple[str, ...] = key(_codes, ("637213",))
    tablet: tuple[str, ...] = key(_codes, ("1483744",))
    never: tuple[str, ...] = key(_codes, ("1551468",))
    opioid: tuple[str, ...] = key(_codes, ("F11",))
    alcohol: tuple[str, ...] = key(_codes, ("F10",))
    reason: str = key(choice(*fields.REASONS), "")
    intervals: AbstractMapping[str, str] = key(map_of(fields.interval, fields.form), MappingProxyType({}))
    appointments: tuple[str, ...] = key(_codes, ())
    record_system: str = key(scalar(_code), "")
    code_system: str = key(scalar(_code), "")

    def meanings_of(self, codes: frozenset[tuple[str, str]]) -> Iterator[str]:
        """What RxNorm codes among (system, code) pairs mean: injection, tablet, never."""
        names = {code for system, code in codes if system == RXNORM}
        for meaning, known in (("injection", self.injection), ("tablet", self.tablet), ("never", self.never)):
            if not names.isdisjoint(known):
                yield meaning

    def reasons_of(self, codes: frozenset[tuple[str, str]]) -> Iterator[str]:
        """Which reasons (opioid, alcohol) stand among (system, code) pairs."""
        for reason, known in (("opioid", self.opioid), ("alcohol", self.alcohol)):
            if any(_is_one(pair, rule) for pair in codes for rule in known):
                yield reason


def _is_one(pair: tuple[str, str], rule: str) -> bool:
    system, code = pair
    if "|" in rule:
        return f"{system}|{code}" == rule
    return system in _ICD_10 and (code == rule or code.startswith(rule.rstrip(".") + "."))
