"""The review record of a handout: what people answered, and nothing else.

handouts/TOPIC/review.yaml, clinical basis 4.1, 4.2 and 5. What nobody answered stays unanswered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from press.content import fields
from press.content.raw import Scalar, Value
from press.content.schema import Context, Kind, Record, Reject, key, map_of, read_whole, record_of, scalar
from press.content.yaml.reader import read_file
from press.errors import Problems, Severity, did_you_mean
from press.records import dataclass
from press.reports.review_items import CCI, ITEMS, PEMAT, TITLES, WORDS, Answer, ReviewItem, items_of
from press.reports.review_scores import Result, Scores
from press.runs.handout import Site

FILE = "review.yaml"
_ON_ITEM_1 = (2, 3, 4)  # CDC Index: without one main message these are a no


def _answer(scale: str) -> Kind[Answer | None]:
    def read(node: Value, name: str, context: Context) -> Answer | None:
        text = node.text if isinstance(node, Scalar) else None
        allowed = [word for word in WORDS[scale] if word != "na" or items_of(scale)[int(name)].may_be_na]
        if text and text not in allowed:
            raise Reject("nothing yet, or one of " + ", ".join(allowed), did_you_mean(text, allowed))
        if text is None:
            raise Reject("one word", f"write it on the same line, as in `{name}: {allowed[0]}`")
        return WORDS[scale].get(text)

    return Kind(read, {"enum": ["", *WORDS[scale]]})


def _number(scale: str) -> Kind[str]:
    known = [str(number) for number in items_of(scale)]

    def convert(text: str) -> str:
        if text not in known:
            raise Reject(f"the number of an item of the {TITLES[scale]}", "known: " + ", ".join(known))
        return text

    return scalar(convert, {"enum": known})


def _answers(scale: str) -> Kind[Mapping[str, Answer | None]]:
    return map_of(_answer(scale), _number(scale))


@dataclass(frozen=True, kw_only=True)
class LanguageReview(Record):
    """The answers for one language: who gave them, when, and for which version of the handout."""

    version: str = key(fields.version, "")
    reviewer: str = key(fields.name, "")
    reviewed_on: date | None = key(fields.date_, None)
    pemat: Mapping[str, Answer | None] = key(_answers(PEMAT))
    cci: Mapping[str, Answer | None] = key(_answers(CCI))

    def given(self, item: ReviewItem) -> Answer | None:
        """Get the answer to one item, unless it is blank."""
        return (self.pemat if item.scale == PEMAT else self.cci).get(str(item.number))


@dataclass(frozen=True, kw_only=True)
class ReviewRecord(Record):
    """review.yaml. Each language is reviewed by itself."""

    handout: str = key(fields.identifier)
    languages: Mapping[str, LanguageReview] = key(map_of(record_of(LanguageReview), fields.language))


def read_review(path: Path, shown: str) -> ReviewRecord:
    """Read the record of one handout. Raises HandoutError with every problem of the file.

    A file that was cut off is refused: with an answer lost, a score could only be too high.
    """
    review = read_whole(ReviewRecord, read_file(path, shown))
    problems = Problems()
    if review.handout != path.parent.name:
        message = f"`handout` is `{review.handout}`, but the folder is `{path.parent.name}`"
        problems.add(review.place_of("handout"), message)
    if not review.languages:
        hint = "has the end of the file been lost?"
        problems.add(review.place_of("languages"), "`languages` names no language", hint)
    for sheet in review.languages.values():
        _check_sheet(sheet, problems)
    problems.raise_if_errors()
    return review


def _check_sheet(sheet: LanguageReview, problems: Problems) -> None:
    for scale, given in ((PEMAT, sheet.pemat), (CCI, sheet.cci)):
        missing = [str(number) for number in items_of(scale) if str(number) not in given]
        if missing:
            message = f"`{scale}` lacks items {', '.join(missing)}"
            problems.add(sheet.place_of(scale), message, "leave the answer blank where there is none")
    if any(sheet.given(item) for item in ITEMS):
        for name in ("version", "reviewer", "reviewed_on"):
            if not getattr(sheet, name):
                problems.add(sheet.place_of(name), f"there are answers, but no `{name}`", "say who answered, and when")


# Scoring


def report(site: Site, topics: Collection[str]) -> list[Scores]:
    """Score each handout in each language. Raises HandoutError if a file is broken."""
    return [found for topic in site.library.topics if topic in topics for found in _of_topic(site, topic)]


def _of_topic(site: Site, topic: str) -> Iterator[Scores]:
    path = site.library.root / topic / FILE
    review = ReviewRecord(handout=topic, languages={})
    if path.exists():
        review = read_review(path, site.library.shown(topic, FILE))
    version = site.library.structure(topic).version
    yield from (score(review, language, version) for language in site.library.languages(topic))


def score(review: ReviewRecord, language: str, version: str = "") -> Scores:
    """Score the answers for one language; nothing else counts.

    With `version`, the handout's own, answers about another version do not count.
    """
    sheet, problems = review.languages.get(language), Problems()
    if sheet and sheet.version and version not in ("", sheet.version):
        message = f"the answers are about version {sheet.version}, the handout is {version}: they do not count"
        problems.add(sheet.place_of("version"), message, "review it again", severity=Severity.WARNING)
        sheet = None
    results = _settled(tuple(Result(item, sheet.given(item) if sheet else None) for item in ITEMS))
    signed = (sheet.reviewer, sheet.reviewed_on) if sheet else ("", None)
    return Scores(review.handout, language, *signed, results, tuple(problems))


def _settled(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """Apply the CDC Index's own rule: without a main message its place, look and picture cannot count."""
    if not any(r.item.key == (CCI, 1) and r.answer is Answer.NO for r in results):
        return results
    hit = {(CCI, number) for number in _ON_ITEM_1}
    why = "there is no one main message (item 1)"
    return tuple(Result(r.item, Answer.NO, why) if r.item.key in hit else r for r in results)
