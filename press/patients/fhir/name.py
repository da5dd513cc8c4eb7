"""A person's name and language, as an official record has them."""

from __future__ import annotations

from collections.abc import Sequence

from press.errors import Sentence
from press.patients.fhir import messages as faults
from press.patients.fhir.elements import node_of, nodes, text_of
from press.patients.fhir.json_stream import Json, Node
from press.patients.vocabulary import meaning_of


def name_of(patient: Node) -> str | Sentence:
    """The official name, else the usual one, else the one of no use that stands alone; or why there is none."""
    names = nodes(patient, "name")
    for use in ("official", "usual", ""):
        found = {joined(one, with_title=False) for one in names if _is_current(one, use)} - {""}
        if found:
            return found.pop() if len(found) == 1 else faults.SEVERAL_NAMES
    return ""


def joined(name: Node, *, with_title: bool) -> str:
    """A HumanName as one text, as the record writes it or joined from its parts."""
    keys = ("prefix", "given", "family", "suffix") if with_title else ("given", "family", "suffix")
    return text_of(name, "text") or " ".join(part for key in keys for part in _texts(name.get(key)))


def staff_name(practitioner: Node) -> str:
    """The name of a prescriber, with title."""
    names = nodes(practitioner, "name")
    best = sorted(names, key=lambda one: ("official", "usual", "").index(_use(one)))
    return joined(best[0], with_title=True) if best else ""


def language_of(patient: Node) -> str:
    """The preferred language, or the only one that is said; as a tag without a country, or as config.yaml writes it."""
    said = nodes(patient, "communication")
    preferred = [one for one in said if one.get("preferred") is True]
    chosen = preferred or [one for one in said if one.get("preferred") is not False]
    tags = {_tag(node_of(one, "language")) for one in chosen} - {""}
    return tags.pop() if len(tags) == 1 else ""


def _tag(concept: Node) -> str:
    codes = [text_of(one, "code") for one in nodes(concept, "coding")]
    tag = next((code.partition("-")[0].lower() for code in codes if code), "")
    return meaning_of("language", tag or text_of(concept, "text")) or tag or text_of(concept, "text")


def _is_current(name: Node, use: str) -> bool:
    return text_of(name, "use") == use and not text_of(node_of(name, "period"), "end")


def _use(name: Node) -> str:
    use = text_of(name, "use")
    return use if use in ("official", "usual") else ""


def _texts(found: Json) -> Sequence[str]:
    every = found if isinstance(found, list) else [found]
    return [one.strip() for one in every if isinstance(one, str) and one.strip()]
