"""Write docs/clinical-basis.md: each claim, its verdict, where it stands, and its source.

    python docs/make_clinical_basis.py      (or `make docs`)

The claims stand in docs/claims.yaml; where they stand is read from the blocks of handouts/. The scores of the
pages stand in docs/scores.yaml.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from press.records import dataclass

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from press.content import fields
from press.content.handout import Block, When
from press.content.library import Library
from press.content.schema import Record, choice, key, list_of, map_of, read_whole, record_of, scalar
from press.content.yaml.reader import read_file
from press.reports.review_items import CCI, PEMAT, TITLES, Answer, ReviewItem, items_of
from press.reports.review_scores import Result, Score

PAGE = ROOT / "docs" / "clinical-basis.md"
VERDICTS = ("keep", "widen", "qualify", "correct", "delete", "must-say", "should-say", "opt-in")
PARTS = (
    ("S", "The starting text", "The project began with the text of a web page: unsigned, undated, without sources."),
    ("O", "Overdose", "What the overdose warning must say, on one side of one sheet."),
    ("L", "Late doses", "What every page says to whoever is late."),
    ("A", "Alcohol", "What people hear who take it for alcohol use disorder."),
    ("SE", "Side effects", "Which of them need 911, a call today, or only to be known."),
    ("P", "Before you start, and while you take it", "What patients tell the clinic, and what they keep to."),
    ("B", "Benefits", "What the benefits page cannot be handed out without."),
    ("C", "Wallet card", "What a card must tell those who treat its bearer, for patients who ask for one."),
    ("", "Other handouts", "What the handouts of this clinic's own must say."),
)


@dataclass(frozen=True, kw_only=True)
class Claim(Record):
    """One row: what is claimed or must be said, and what was decided about it."""

    id: str = key(fields.fact)
    claim: str = key(fields.line)
    verdict: str = key(choice(*VERDICTS))
    hard: bool = key(fields.flag, False)
    note: str = key(fields.line, "")
    source: str = key(fields.line)


@dataclass(frozen=True, kw_only=True)
class Basis(Record):
    """docs/claims.yaml."""

    claims: tuple[Claim, ...] = key(list_of(record_of(Claim)))
    sources: Mapping[str, str] = key(map_of(fields.line, scalar(str)))
    open: tuple[str, ...] = key(list_of(fields.line))


@dataclass(frozen=True, kw_only=True)
class ScoredPage(Record):
    """A page that was scored, in the version that was read."""

    handout: str = key(fields.identifier)
    version: str = key(fields.version)


@dataclass(frozen=True, kw_only=True)
class ScoredItem(Record):
    """One item of a scale, with the answer for each page in the order of the pages."""

    scale: str = key(choice(*TITLES))
    item: str = key(fields.line)
    answers: tuple[str, ...] = key(list_of(choice("yes", "no", "na")))
    note: str = key(fields.line, "")

    @property
    def of_scale(self) -> ReviewItem:
        """The item, as a review names it. Raises KeyError for one that the scale lacks."""
        return items_of(self.scale)[int(self.item)]


@dataclass(frozen=True, kw_only=True)
class Scores(Record):
    """docs/scores.yaml."""

    scored: date = key(fields.date_)
    pages: tuple[ScoredPage, ...] = key(list_of(record_of(ScoredPage)))
    items: tuple[ScoredItem, ...] = key(list_of(record_of(ScoredItem)))

    def of_page(self, number: int, scale: str, domain: str) -> Score:
        """Score one page on one part of a scale."""
        mine = [one for one in self.items if (one.of_scale.scale, one.of_scale.domain) == (scale, domain)]
        return Score(domain, tuple(Result(one.of_scale, Answer(one.answers[number])) for one in mine))


def read_scores(root: Path = ROOT) -> Scores:
    """The scores. Raises HandoutError with all problems of the file."""
    return read_whole(Scores, read_file(root / "docs" / "scores.yaml", "docs/scores.yaml"))


def scores_part(scores: Scores) -> list[str]:
    """The scores as a part of the page: what each page has of each part of a scale, then every item."""
    names = [page.handout for page in scores.pages]
    lines = ["## Scores: engineers' own, no review", "", _SCORES.format(day=scores.scored), ""]
    lines += ["| | " + " | ".join(f"{page.handout} {page.version}" for page in scores.pages) + " |"]
    lines += ["|---|" + "---|" * len(names)]
    for title, scale, domain in _DOMAINS:
        found = [scores.of_page(number, scale, domain) for number in range(len(names))]
        shown = (f"{score.percent:.0f} ({score.earned} of {score.applicable})" for score in found)
        lines.append(f"| **{title}** | " + " | ".join(shown) + " |")
    lines += ["", "| item | " + " | ".join(names) + " | why |", "|---|" + "---|" * (len(names) + 1)]
    for one in scores.items:
        lines.append(f"| {one.of_scale.name}: {one.of_scale.text} | " + " | ".join(one.answers) + f" | {one.note} |")
    return [*lines, ""]


def read_basis(root: Path = ROOT) -> Basis:
    """The claims. Raises HandoutError with all problems of the file."""
    return read_whole(Basis, read_file(root / "docs" / "claims.yaml", "docs/claims.yaml"))


def places(root: Path = ROOT) -> Mapping[str, list[str]]:
    """Each fact that a block carries, with the handout, the block and whom the block is for."""
    found: dict[str, list[str]] = defaultdict(list)
    library = Library(root / "handouts")
    for topic in library.topics:
        for block, whens in _walk(library.structure(topic).blocks, ()):
            for fact in block.facts:
                found[fact].append(f"{topic}: `{block.id}`{_whom(whens)}")
    return found


def _walk(blocks: Iterable[Block], outer: tuple[When, ...]) -> Iterator[tuple[Block, tuple[When, ...]]]:
    """Every block with its own conditions and those of the blocks that hold it."""
    for block in blocks:
        whens = (*outer, block.when)
        yield block, whens
        yield from _walk(block.blocks, whens)


def _whom(whens: tuple[When, ...]) -> str:
    """For whom a block is, as ` (injection; opioid or both)`, or nothing if for everybody."""
    asked = (" or ".join(wanted) for when in whens for wanted in (when.form, when.reason, when.mode) if wanted)
    shown = "; ".join(asked)
    return f" ({shown})" if shown else ""


def page(basis: Basis, where: Mapping[str, list[str]], scores: Scores) -> str:
    """The whole page as Markdown."""
    lines = [_HEAD]
    for prefix, title, sentence in PARTS:
        mine = [claim for claim in basis.claims if _part(claim) == prefix]
        if mine:
            lines += [
                f"## {title}",
                "",
                sentence,
                "",
                "| id | claim | verdict | where it stands | source |",
                "|---|---|---|---|---|",
            ]
            lines += [*(_row(claim, where) for claim in mine), ""]
    lines += scores_part(scores)
    lines += ["## Sources", "", "| code | source |", "|---|---|"]
    lines += [f"| {code} | {source} |" for code, source in basis.sources.items()]
    lines += ["", "## To be verified before release", "", _OPEN, ""]
    lines += [f"- [ ] {item}" for item in basis.open]
    return "\n".join(lines) + "\n"


def _part(claim: Claim) -> str:
    """Under which prefix of `PARTS` a claim is listed; a handout of your own comes last."""
    prefix = claim.id.rstrip("0123456789").rstrip("-")
    return prefix if prefix in [known for known, _, _ in PARTS] else ""


def _row(claim: Claim, where: Mapping[str, list[str]]) -> str:
    verdict = f"**{claim.verdict}**" + (", hard" if claim.hard else "") + (f": {claim.note}" if claim.note else "")
    stands = "<br>".join(where.get(claim.id, ())) or "nowhere"
    return f"| {claim.id} | {claim.claim} | {verdict} | {stands} | {claim.source} |"


_HEAD = """# Clinical basis

<!-- Made by docs/make_clinical_basis.py. Do not edit: change docs/claims.yaml or handouts/, then run `make docs`. -->

Each claim that the handouts answer to, what was decided about it, where it stands, and on what it
rests. It was written by engineers in November 2026. **Nobody with a license has signed it off**:
your pharmacist, prescriber or nurse checks the pages against the label that is current that day.

The ids are the fact ids of `handout.yaml`. Which facts a shipped handout must carry, and for whom, stands in
the program (`press/content/required.py`), where no edit of a handout reaches it; a handout of your own lists them
under `requires`. The press prints no page without them. A clinic may leave out a fact that is not hard, by
its id and with a reason under `left_out` in `config.yaml`.

*Hard*: no page that needs it may be printed without it. *Where it stands*: the handout and the
block's id, and in round brackets for whom the block is. Square brackets hold the code of a source,
listed below; a star means that it was seen only in a partial or second-hand copy. **(R)** is not
looked up yet, **(D)** is a decision of this project and no fact from a source.
"""

_DOMAINS = (
    ("PEMAT-P, understandability", PEMAT, "understandability"),
    ("PEMAT-P, actionability", PEMAT, "actionability"),
    ("CDC Index", CCI, ""),
)
_SCORES = """Those who built the pages scored them on {day}: English, shot, opioid use disorder, no dates.
**No patient and nobody with a license has.** The target is 90 each.
A reviewer's own answers belong in `handouts/*/review.yaml`."""

_OPEN = "None of these has been done. Tick one off only with the name of who did it, and the day."


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(read_basis(), places(), read_scores()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
