"""Who signed which words: the list of all handouts with their state, and a new signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from press.content.approval import FILE, Approval, Status, added, read_approvals, render, sign, status
from press.content.handout import Handout
from press.delivery.atomic import deliver
from press.delivery.files import SHARED_FILE
from press.delivery.lock import exclusive
from press.errors import HandoutError, Problems
from press.runs.handout import Press, topics
from press.runs.sweep import check_everything


@dataclass(frozen=True)
class ShelfRow:
    """One line of `list`; `left_out` are the facts that the clinic does without, with its reasons."""

    topic: str
    version: str
    language: str
    state: str
    left_out: tuple[str, ...]


def shelf(press: Press, today: date, problems: Problems) -> Iterator[ShelfRow]:
    """Each handout in each language with its state; what cannot be read goes to `problems`."""
    for topic in press.library.topics:
        for language in press.library.languages(topic):
            with problems.gathering():
                handout, state = state_of(press, topic, language, today)
                yield ShelfRow(topic, handout.bones.version, language, _told(state), left_out_lines(handout))


def left_out_lines(handout: Handout) -> tuple[str, ...]:
    """What the clinic leaves out of this page, for whoever lists or signs it."""
    return tuple(f"leaves out {fact}: {reason}" for fact, reason in sorted(handout.left_out.items()))


def _told(state: Status) -> str:
    approval = state.approval
    if approval is None:
        return state.state.value
    return f"{state.state.value}: {approval.by}, {approval.role}, until {approval.until.isoformat()}"


def state_of(press: Press, topic: str, language: str, today: date) -> tuple[Handout, Status]:
    """A handout and its state of approval. Raises HandoutError."""
    handout = press.handout(topics(press, (topic,))[0], language)
    return handout, status(handout, press.approvals(today), today)


def approve_words(
    press: Press, topic: str, language: str, by: str, role: str, on: date, until: date | None, today: date
) -> Approval:
    """Write an approval of the words as they stand into approvals.yaml.

    The page must first pass every check. Two people at once wait for each other.
    """
    handout = press.handout(topics(press, (topic,))[0], language)
    _, found = check_everything(press, (topic,), today, language)
    errors = [problem for problem in found if problem.is_error]
    if errors:
        raise HandoutError(errors)
    approval = sign(handout, by, role, on, until, today)
    with exclusive(press.root, FILE):
        known = read_approvals(press.root, press.library.topics, today)
        deliver(render(added(known, approval)), press.root, FILE, mode=SHARED_FILE)
    return approval
