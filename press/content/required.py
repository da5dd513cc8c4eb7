"""What each shipped handout must carry, outside the files that staff edit: facts by form, reason and treatment mode.

The ids are those of docs/clinical-basis.md. A hard fact is one without which no page may be printed
(clinical basis, sections 1, 2 and 9); any other may be left out by a clinic, by its id and with a
reason in config.yaml. A handout of a clinic's own says what it must carry in its own `requires`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from press.content.handout import Require, When

OVERDOSE_WARNING = "overdose-warning"  # the page that nobody goes without

_AHEAD = ("normal", "past-danger", "due-today")
_IN_TREATMENT = ("none", *_AHEAD, "overdue")
_DRINKING = ("alcohol", "both")
_OPIOID = ("opioid", "both")


def _ids(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _all(facts: str) -> Require:
    return Require(facts=_ids(facts))


def _if(facts: str, form: str = "", reason: tuple[str, ...] = (), mode: tuple[str, ...] = ()) -> Require:
    return Require(facts=_ids(facts), when=When(form=(form,) if form else (), reason=reason, mode=mode))


REQUIRED: Mapping[str, tuple[Require, ...]] = MappingProxyType(
    {
        OVERDOSE_WARNING: (
            _all("O1 O2 O3 O4 O5 O6 O7 O8 O9 O10 O11 O12 O13 O14 O15 O16 O17 O19 O20"),
            _all("S11 S26 S27 S28"),
            _if("L1", mode=("overdue",)),
        ),
        "benefits": (
            _all("O1 O19 B1 B2 B3 B4 B5 B6 B8 P-11"),
            _all("S1 S2 S3 S5 S7 S8 S9 S11 S22 S23 S24 S29 S30 S31 S32"),
            _if("B7", mode=_IN_TREATMENT),
            _if("L1", mode=("overdue",)),
            _if("S4 S25", reason=_OPIOID),
            _if("S6 A1 A2 A3", reason=_DRINKING),
            _if("S10", form="injection", reason=_OPIOID),
        ),
        "side-effects": (
            _all("O1 SE-01 SE-02 SE-05 SE-07 SE-08 SE-09 SE-10 SE-11"),
            _all("P-01 P-03 P-04 P-05 P-06 P-07 P-08 P-11"),
            _all("S12 S13 S14 S15 S16 S17 S18 S19 S20 S21"),
            _if("L1", mode=("overdue",)),
            _if("SE-03 SE-04", form="injection"),
            _if("P-02 P-09", form="injection", mode=_IN_TREATMENT),
            _if("SE-12 P-12", form="tablet"),
            _if("SE-06 P-10", form="tablet", mode=_IN_TREATMENT),
            _if("A3", reason=_DRINKING),
            _if("A4", form="tablet", reason=_DRINKING, mode=_IN_TREATMENT),
        ),
        "wallet-card": (
            _all("O1 P-04 P-05 C1 C2 C3 C4 C5 C6 C7 C8"),
            _if("S26", mode=("stopped",)),
        ),
        "fridge-page": (_all("O1 O5 O6 O10"),),
        "before-first-dose": (
            _all("O1 O6 SE-09 P-01 P-03 P-04 P-05 P-06 P-07 P-08 P-11 S12 S13 S21"),
            _if("P-02", form="injection"),
            _if("A3", reason=_DRINKING),
            _if("A4", form="tablet", reason=_DRINKING),
        ),
        "how-to-use-naloxone": (_all("O1 O6 O7 O9 O10 O11 O12 O16 O17"),),
    }
)

FIRST_PAGE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        OVERDOSE_WARNING: ("O1",),
        "benefits": ("O1", "B4"),
        "side-effects": ("O1", "SE-01", "SE-02"),
        "wallet-card": ("O1",),
        "fridge-page": ("O1", "O5"),
        "before-first-dose": ("O1",),
        "how-to-use-naloxone": ("O1",),
    }
)

HARD = frozenset(
    _ids(
        "O1 O2 O3 O4 O5 O6 O7 O8 O9 O10 O11 O12 O13 O16 O17 O19 O20 L1 A1 A2 A3 A4"
        " SE-01 SE-02 SE-03 SE-04 SE-05 SE-06 SE-07 SE-08 SE-09 SE-11"
        " P-01 P-02 P-03 P-04 P-05 P-06 P-07 P-09 P-10 P-11"
        " B1 B2 B3 B4 B5 B6 B7 B8 C1 C2 C3 C4 C5 C6 C7 C8"
    )
)

BY_SWITCH: Mapping[str, str] = MappingProxyType({"A4": "tablets_while_drinking"})
"""Facts that a switch of config.yaml takes back: the condition under which they are not required."""
