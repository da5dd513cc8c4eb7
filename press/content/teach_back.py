"""Questions by which staff see whether somebody understood a handout; the key is what the handout itself says.

Staff ask, and the person says it back in own words: no test of the person, but of the explanation (AHRQ, teach-back).
"""

from __future__ import annotations

from collections.abc import Mapping

from press.content import fields
from press.content.schema import Record, key, list_of
from press.document.nodes import Content
from press.errors import Place, Problems, did_you_mean
from press.records import dataclass

QUESTIONS = 3  # of a handout, or none
SIGNED_AS = "teach-back/"  # how the names of signed questions begin


@dataclass(frozen=True, kw_only=True)
class TeachBack(Record):
    """One question, and the ids of the handout's texts that answer it."""

    ask: str = key(fields.line)
    key: tuple[str, ...] = key(list_of(fields.identifier))


def check_teach_back(
    asked: tuple[TeachBack, ...], texts: Mapping[str, Content], place: Place, problems: Problems
) -> None:
    """Refuse another number of questions, and an answer that the handout does not give."""
    if asked and len(asked) != QUESTIONS:
        problems.add(place, f"`teach_back`: found {len(asked)} questions, expected {QUESTIONS}")
    for one in asked:
        if not one.key:
            problems.add(one.place, "`key` names no text", "name the texts of this file that answer the question")
        for name in one.key:
            if name not in texts:
                problems.add(one.place_of("key"), f"`key`: there is no text `{name}`", did_you_mean(name, texts))


def signed_questions(asked: tuple[TeachBack, ...]) -> dict[str, str]:
    """List what a signature covers of them, by name: each question, and the ids of the texts that answer it."""
    found: dict[str, str] = {}
    for number, one in enumerate(asked, 1):
        found |= {f"{SIGNED_AS}{number}": one.ask, f"{SIGNED_AS}{number}/key": ", ".join(one.key)}
    return found
