"""What a clinic says of its records, and on which day they are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from press.content.fhir_rules import FhirRules
from press.records import dataclass


@dataclass(frozen=True)
class FhirSettings:
    """How records are read. `day` is that of the pages: the next appointment comes after it.

    `key` gives the clinic's secret for the codes, and is asked for only if a code is made from an identifier.
    """

    rules: FhirRules
    zone: ZoneInfo
    day: date
    key: Callable[[], bytes]
