"""How often a medicine was ordered, from the timing of a request."""

from __future__ import annotations

from collections.abc import Iterator

from press.patients.fhir.elements import node_of, nodes, text_of
from press.patients.fhir.json_stream import Json, Node
from press.patients.vocabulary import meaning_of

UNKNOWN = "?"  # an interval that is none of ours
_PERIODS = {
    (1, "d"): "daily", (24, "h"): "daily", (2, "d"): "2 days", (48, "h"): "2 days", (3, "d"): "3 days",
    (72, "h"): "3 days", (28, "d"): "4 weeks", (4, "wk"): "4 weeks", (1, "mo"): "month",
}  # fmt: skip
_PLAIN = frozenset({"period", "periodUnit", "frequency", "boundsPeriod", "timeOfDay", "duration", "durationUnit"})


def intervals_of(request: Node) -> frozenset[str]:
    """The intervals that a request orders, in the words of an option, or UNKNOWN; empty if it says none."""
    return frozenset(
        _interval(timing)
        for dosage in nodes(request, "dosageInstruction")
        for timing in nodes(dosage, "timing")
        if timing
    )


def _interval(timing: Node) -> str:
    repeat = node_of(timing, "repeat")
    if "period" in repeat:
        is_plain = repeat.keys() <= _PLAIN and repeat.get("frequency", 1) == 1
        return _PERIODS.get((_whole(repeat["period"]), text_of(repeat, "periodUnit")), UNKNOWN) if is_plain else UNKNOWN
    meant = {meaning_of("interval", word) for word in _words(node_of(timing, "code"))} - {""}
    return meant.pop() if len(meant) == 1 else UNKNOWN


def _words(code: Node) -> Iterator[str]:
    yield from filter(None, (text_of(code, "text"), *(text_of(one, "code") for one in nodes(code, "coding"))))


def _whole(number: Json) -> int:
    return int(number) if isinstance(number, (int, float)) and number == int(number) else 0
