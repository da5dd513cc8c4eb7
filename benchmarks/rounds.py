"""Interleaved rounds: everybody once, then everybody again, each with as many people as fit its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.contestants import Contestant, Measure
from benchmarks.running import Failed

Measured = dict[str, list[Measure]]
Tell = Callable[[str], None]

_FEWEST = 2
_STEP = 10  # times as many people as in the trial before, at most


def interleaved(
    contestants: Sequence[Contestant], rounds: int, box: float, tell: Tell, people: int | None = None
) -> Measured:
    """`rounds` measures of each contestant, of about `box` seconds each, or of so many `people`.

    The order turns by one from round to round, so that nobody always follows the same one. A box
    of nothing means two people. Raises Failed.
    """
    counts: dict[str, int] = {}
    for one in contestants:
        counts[one.key] = people or (counts[one.like] if one.like else _people(one, box, tell))
    found: Measured = {one.key: [] for one in contestants}
    for number in range(rounds):
        at = number % len(contestants)
        for one in (*contestants[at:], *contestants[:at]):
            measure = one.run(counts[one.key])
            found[one.key].append(measure)
            tell(
                f"round {number + 1} of {rounds}: {one.label}: {measure.each * 1000:.2f} ms a document of {measure.documents}"
            )
    return found


def _people(one: Contestant, box: float, tell: Tell) -> int:
    """How many people make a round of about `box` seconds, starting not counted.

    What one more document takes is the difference of two trials, each with more people than the
    one before, until the last of them was nearly as many.
    """
    count = _FEWEST
    before = one.run(count) if box else None
    while before:
        now = one.run(min(one.most, count * _STEP))
        more = max((now.seconds - before.seconds) / (now.documents - before.documents), 1e-5)
        wanted = max(_FEWEST, min(one.most, round(box / more)))
        before, count = now, min(wanted, now.documents)
        if wanted <= now.documents * 2:
            count, before = wanted, None
    tell(f"{one.label}: {count} people a round")
    return count


def grown(run: Callable[[int], Measure], sizes: Sequence[int], budget: float, tell: Tell) -> list[Measure | float]:
    """One measure for each number of people; where it would take more than `budget` seconds, the seconds that it would."""
    found: list[Measure | float] = []
    each = 0.0
    for size in sizes:
        if each * size > budget:
            found.append(each * size)
            continue
        measure = run(size)
        each = measure.each
        found.append(measure)
        tell(f"{size} people: {each * 1000:.2f} ms a document, {measure.peak / 1e6:.0f} MB")
    if not any(isinstance(one, Measure) for one in found):
        raise Failed("no size of the list fits the time")
    return found
