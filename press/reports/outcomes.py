"""What became of the pages of each version of a handout in each language, in whichever print; pure."""

from __future__ import annotations

from collections.abc import Iterable

from press.delivery.ledger import Mark
from press.records import dataclass
from press.reports.data import Count

_MARKED = (Mark.GIVEN, Mark.NOT_COLLECTED, Mark.VOID)


@dataclass(frozen=True)
class Outcome:
    """How many pages were printed, and how many of them have each mark; `Mark.PRINTED` is for those without one."""

    handout: str
    version: str
    language: str
    printed: int
    marks: tuple[tuple[Mark, int], ...]


def outcomes(counts: Iterable[Count]) -> tuple[Outcome, ...]:
    """Join the counts of one version of a handout in one language, in the order in which each comes first."""
    alike: dict[tuple[str, str, str], list[Count]] = {}
    for count in counts:
        alike.setdefault((count.handout, count.version, count.language), []).append(count)
    return tuple(_outcome(*key, group) for key, group in alike.items())


def _outcome(handout: str, version: str, language: str, counts: list[Count]) -> Outcome:
    printed = sum(count.handouts for count in counts)
    marked = [(mark, sum(getattr(count, mark.value) for count in counts)) for mark in _MARKED]
    unmarked = printed - sum(amount for _, amount in marked)
    return Outcome(handout, version, language, printed, (*marked, (Mark.PRINTED, unmarked)))
