"""What a run found, as one record, and as JSON for whoever wants to reckon on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.contestants import Measure
from benchmarks.rounds import Measured
from benchmarks.running import Run, Spread, ratio

SIZES = (100, 1_000, 10_000, 100_000)
VARIED = (30, 100, 1_000)  # people of varied lists
DESK_PEOPLE = 100


@dataclass(frozen=True)
class Results:
    """Measures of each part by the key of the contestant. A part that was not run is empty."""

    machine: dict[str, str]
    labels: dict[str, str]
    tagged: dict[str, bool | None]
    warm: Measured = field(default_factory=dict)
    merged: Measured = field(default_factory=dict)
    cold: dict[str, list[Run]] = field(default_factory=dict)
    sizes: tuple[int, ...] = SIZES
    growth: Sequence[Measure | float] = ()
    growth_two: Sequence[Measure | float] = ()  # with two workers
    varied: dict[int, Measured] = field(default_factory=dict)  # lists as varied as a clinic's, by people
    desk: Measured = field(default_factory=dict)  # a person never seen before each time, in an open process

    def each(self, part: str, key: str) -> list[float]:
        """Seconds for each document, round by round."""
        return [one.each for one in getattr(self, part)[key]]

    def ratio(self, part: str, above: str, below: str) -> Spread | None:
        """How much longer one took for a document than another, round by round; None if one is not there."""
        found = getattr(self, part)
        if above not in found or below not in found:
            return None
        return ratio(self.each(part, above), self.each(part, below))

    def varied_ratio(self, people: int, above: str, below: str) -> Spread | None:
        """The same on a varied list of so many people."""
        found = self.varied.get(people, {})
        if above not in found or below not in found:
            return None
        return ratio([one.each for one in found[above]], [one.each for one in found[below]])

    def desk_ratio(self, above: str, below: str) -> Spread | None:
        """The same of the median handout at the desk."""
        if above not in self.desk or below not in self.desk:
            return None
        return ratio(*([median(one.times) for one in self.desk[key]] for key in (above, below)))

    def cold_ratio(self, above: str, below: str) -> Spread | None:
        """The same of two commands, for as many rounds as both have."""
        if not self.cold.get(above) or not self.cold.get(below):
            return None
        pairs = zip(self.cold[above], self.cold[below], strict=False)
        return Spread.of([a.seconds / b.seconds for a, b in pairs])

    def seconds(self, key: str) -> Spread:
        """The time of a command."""
        return Spread.of([one.seconds for one in self.cold[key]])

    def save(self, path: Path) -> None:
        """Write everything that was measured."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", "utf-8")
