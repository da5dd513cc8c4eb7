"""Elements of FHIR resources as plain values; what has another shape than it should have is absent.

R4 and R5 differ in where a medicine or a reason stands: R5 has one CodeableReference for a concept or a reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from press.patients.fhir import messages as faults
from press.patients.fhir.json_stream import Json, Node
from press.records import dataclass

_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2})?\Z", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})?\Z", re.ASCII
)
_HISTORY = re.compile(r"/_history/[^/]*\Z")


def nodes(node: Node, key: str) -> list[dict[str, Json]]:
    """The objects that stand under a key; one alone counts as a list of one."""
    found = node.get(key)
    every = found if isinstance(found, list) else [found]
    return [one for one in every if isinstance(one, dict)]


def node_of(node: Node, key: str) -> Node:
    """The object that stands under a key, or an empty one."""
    return next(iter(nodes(node, key)), {})


def text_of(node: Node, key: str) -> str:
    """The text that stands under a key, or nothing."""
    found = node.get(key)
    return found.strip() if isinstance(found, str) else ""


def codes_of(concept: Node) -> frozenset[tuple[str, str]]:
    """The (system, code) pairs of a CodeableConcept."""
    return frozenset((text_of(one, "system"), text_of(one, "code")) for one in nodes(concept, "coding"))


def words_of(concept: Node) -> str:
    """All that a CodeableConcept says to people, in small letters."""
    said = [text_of(concept, "text"), *(text_of(one, "display") for one in nodes(concept, "coding"))]
    return " ".join(said).lower()


def reference_of(node: Node, key: str) -> str:
    """The address that a Reference under a key names, without its version."""
    return _HISTORY.sub("", text_of(node_of(node, key), "reference"))


@dataclass(frozen=True, slots=True)
class Coded:
    """A medicine or a reason: a concept, or the address of a resource that has one."""

    concept: Node
    reference: str = ""
    display: str = ""


def coded(node: Node, concept_key: str, reference_key: str, both_key: str) -> Iterator[Coded]:
    """Every medicine or reason of a resource, under the keys of R4 and R5."""
    yield from (Coded(one) for one in nodes(node, concept_key))
    yield from (_referred(one) for one in nodes(node, reference_key))
    for one in nodes(node, both_key):
        yield from (Coded(concept) for concept in nodes(one, "concept"))
        yield from (_referred(reference) for reference in nodes(one, "reference"))


def _referred(reference: Node) -> Coded:
    address = _HISTORY.sub("", text_of(reference, "reference"))
    return Coded({}, address, text_of(reference, "display").lower())


@dataclass(frozen=True, slots=True)
class When:
    """A day in the clinic's time zone, with the moment where one is said; or why there is none."""

    day: date | None = None
    moment: datetime | None = None
    fault: str = ""


def read_when(text: str, zone: ZoneInfo) -> When:
    """Read a date, dateTime or instant of FHIR; a year or a month alone is no day."""
    if not text:
        return When(fault=faults.NO_DATE)
    if _PARTIAL.match(text):
        return When(fault=faults.PARTIAL)
    match = _MOMENT.match(text)
    try:
        if _DAY.match(text):
            return When(date.fromisoformat(text))
        if match and match[3]:
            local = datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00")).astimezone(zone)
            return When(local.date(), local)
    except (ValueError, OverflowError):
        return When(fault=faults.BAD_DATE)
    return When(fault=faults.NO_ZONE if match else faults.BAD_DATE)


def read_dose_day(text: str, zone: ZoneInfo) -> When:
    """The day of a dose. Midnight of universal time is mostly a mere day, and the day before west of Greenwich."""
    found = read_when(text, zone)
    if found.moment and found.day and text.partition("T")[0] != found.day.isoformat():
        clock, zero = text.partition("T")[2], ("Z", "+00:00", "-00:00")
        if clock.startswith("00:00:00") and clock.endswith(zero):
            return When(fault=faults.MIDNIGHT)
    return found


def read_dose_time(node: Node, key: str, zone: ZoneInfo) -> When:
    """When a dose was given, from the choice `key`[x]: a dateTime, or a period within one day."""
    if typed := text_of(node, f"{key}DateTime"):
        return read_dose_day(typed, zone)
    period = node_of(node, f"{key}Period")
    ends = [read_dose_day(text, zone) for end in ("start", "end") if (text := text_of(period, end))]
    for one in ends:
        if one.fault:
            return one
    if len({one.day for one in ends}) > 1:
        return When(fault=faults.SEVERAL_DAYS)
    return ends[0] if len(ends) == 2 else When(fault=faults.SEVERAL_DAYS if ends else faults.NO_DATE)
