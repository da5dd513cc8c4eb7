"""A person's code from an identifier: a keyed hash, so that nobody without the clinic's key gets from one to the other.

45 CFR 164.514(c): a code must not be made from what is known of a person in a way that others can follow.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from hashlib import sha256

from press.content.fhir_rules import FhirRules
from press.errors import Sentence
from press.patients.fhir import messages as faults
from press.patients.fhir.elements import codes_of, node_of, nodes, text_of
from press.patients.fhir.json_stream import Node

_SIGNS = "0123456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, so no words; no L, which looks like 1
_LENGTH = 9  # 44 bits: among 50,000 people two share a code once in 16,000 exports, and are refused then
_KINDS = "http://terminology.hl7.org/CodeSystem/v2-0203"


def code_of(patient: Node, rules: FhirRules, key: Callable[[], bytes]) -> str | Sentence:
    """A person's code: the clinic's own, or a hash of the record's identifier; or why there is none."""
    if rules.code_system:
        own = {text_of(one, "value") for one in _valid(patient) if text_of(one, "system") == rules.code_system}
        return own.pop() if len(own) == 1 else faults.SEVERAL_IDENTIFIERS if own else faults.NO_IDENTIFIER
    found = _identifier(patient, rules)
    return found if isinstance(found, Sentence) else hash_identifier(*found, key())


def hash_identifier(system: str, value: str, key: bytes) -> str:
    """The code that a key makes of an identifier; it has a digit, as codes of people have."""
    for attempt in range(100):
        digest = hmac.new(key, f"{attempt}|{system}|{value}".encode(), sha256).digest()
        number, signs = int.from_bytes(digest, "big"), ""
        for _ in range(_LENGTH):
            number, index = divmod(number, len(_SIGNS))
            signs += _SIGNS[index]
        if any(sign.isdigit() for sign in signs):
            break
    return "-".join((signs[:3], signs[3:6], signs[6:]))


def _identifier(patient: Node, rules: FhirRules) -> tuple[str, str] | Sentence:
    """The identifier of the record as (system, value): the one that config.yaml names, or the record number."""
    every = list(_valid(patient))
    if rules.record_system:
        every = [one for one in every if text_of(one, "system") == rules.record_system]
    numbers = [one for one in every if (_KINDS, "MR") in codes_of(node_of(one, "type"))]
    for chosen in (numbers, [one for one in every if text_of(one, "use") in ("usual", "official")], every):
        pairs = {(text_of(one, "system"), text_of(one, "value")) for one in chosen}
        if len(pairs) == 1:
            return pairs.pop()
        if chosen is numbers and pairs:
            break
    return faults.SEVERAL_IDENTIFIERS if every else faults.NO_IDENTIFIER


def _valid(patient: Node) -> Iterator[Node]:
    """The identifiers that are in use and have a value."""
    for one in nodes(patient, "identifier"):
        if text_of(one, "value") and text_of(one, "use") != "old":
            yield one
