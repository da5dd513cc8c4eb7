"""The scores of a review record: PEMAT-P per domain and the CDC Index, with what is still open.

A domain with an unanswered item has no score yet: blanks never count as agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from press.errors import Problem
from press.records import dataclass
from press.reports.review_items import CCI, PEMAT, TARGET, TITLES, Answer, ReviewItem

_DOMAINS = ((PEMAT, "understandability"), (PEMAT, "actionability"), (CCI, ""))
_GROUPS = (("not met", Answer.NO), ("met", Answer.YES), ("does not apply", Answer.NA), ("open", None))


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of one item that counts, None while open; `why`, if another answer settles it."""

    item: ReviewItem
    answer: Answer | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One domain: the sum of its answers. Not applicable items are left out of the score."""

    name: str
    results: tuple[Result, ...]

    def _count(self, *answers: Answer) -> int:
        return sum(result.answer in answers for result in self.results)

    @property
    def earned(self) -> int:
        """How many items are agreed."""
        return self._count(Answer.YES)

    @property
    def applicable(self) -> int:
        """How many items are agreed or not, the ones that do not apply left out."""
        return self._count(Answer.YES, Answer.NO)

    @property
    def answered(self) -> int:
        """How many items have an answer at all."""
        return self._count(*Answer)

    @property
    def percent(self) -> float | None:
        """The score, once every item is answered; None before that, or if nothing applies."""
        if self.answered < len(self.results) or not self.applicable:
            return None
        return 100 * self.earned / self.applicable

    @property
    def passes(self) -> bool:
        """Whether there is a score and it reaches the target of 4.1 and 4.2."""
        return self.percent is not None and self.percent >= TARGET


@dataclass(frozen=True, slots=True)
class Scores:
    """A handout in one language: every item, answered or open, and by whom."""

    handout: str
    language: str
    reviewer: str
    reviewed_on: date | None
    results: tuple[Result, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def scores(self) -> tuple[Score, ...]:
        """Understandability, actionability and the CDC Index."""
        return tuple(
            Score(
                f"{TITLES[scale]} {domain}".strip(),
                tuple(r for r in self.results if (r.item.scale, r.item.domain) == (scale, domain)),
            )
            for scale, domain in _DOMAINS
        )

    @property
    def answered(self) -> int:
        """How many items have an answer, of `len(results)`."""
        return sum(score.answered for score in self.scores)

    def where(self, answer: Answer | None) -> tuple[Result, ...]:
        """Choose the items with this answer; None for the open ones."""
        return tuple(result for result in self.results if result.answer is answer)


def as_text(found: Iterable[Scores]) -> str:
    """Show the scores for people, with every item under its answer, or as open."""
    return "\n\n".join("\n".join(_lines(scores)) for scores in found)


def _lines(scores: Scores) -> Iterator[str]:
    signed = "no person has reviewed it"
    if scores.reviewer:
        signed = f"reviewed by {scores.reviewer} on {scores.reviewed_on}"
    counted = f"{scores.answered} of {len(scores.results)} items answered"
    yield f"{scores.handout} ({scores.language}): {signed}, {counted}"
    if not scores.answered:
        yield "  open: every item"
        return
    yield from (f"  {_score_line(score)}" for score in scores.scores)
    for title, answer in _GROUPS:
        if found := scores.where(answer):
            yield f"  {title}:"
            yield from (f"    {_item_line(result)}" for result in found)


def _score_line(score: Score) -> str:
    counts = f"{score.earned} of {score.applicable} that apply"
    if score.percent is not None:
        verdict = "" if score.passes else f", below the target of {TARGET:g}"
        return f"{score.name}: {score.percent:.0f} ({counts}{verdict})"
    if score.answered == len(score.results):
        return f"{score.name}: no score, nothing applies"
    return f"{score.name}: no score yet, {score.answered} of {len(score.results)} items answered ({counts})"


def _item_line(result: Result) -> str:
    why = f" - {result.why}" if result.why else ""
    return f"{result.item.name}: {result.item.text}{why}"


def as_data(found: Iterable[Scores]) -> list[dict[str, object]]:
    """Give the scores as plain data, ready for JSON."""
    return [
        {
            "handout": scores.handout,
            "language": scores.language,
            "reviewer": scores.reviewer,
            "reviewed_on": scores.reviewed_on.isoformat() if scores.reviewed_on else None,
            "scores": [_score(score) for score in scores.scores],
            "items": [_item(result) for result in scores.results],
        }
        for scores in found
    ]


def _score(score: Score) -> dict[str, object]:
    return {
        "name": score.name,
        "percent": score.percent,
        "passes": score.passes,
        "earned": score.earned,
        "applicable": score.applicable,
        "answered": score.answered,
        "items": len(score.results),
    }


def _item(result: Result) -> dict[str, object]:
    return {
        "scale": result.item.scale,
        "number": result.item.number,
        "text": result.item.text,
        "answer": result.answer.value if result.answer else None,
        "why": result.why,
    }
