"""The review record of a handout: answers of a person, joined with what the program sees.

handouts/TOPIC/review.yaml, clinical basis 4.1, 4.2 and 5. What nobody answered stays unanswered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from press.content import fields
from press.content.raw import Scalar, Value
from press.content.schema import Context, Kind, Record, Reject, key, map_of, read_whole, record_of, scalar
from press.content.yaml.reader import read_file
from press.document.nodes import Document
from press.errors import Place, Problem, Problems, Severity, did_you_mean
from press.reports.reading import pages
from press.reports.review_items import CCI, ITEMS, PEMAT, TITLES, WORDS, Answer, Item, items_of
from press.reports.review_layout import Seen
from press.reports.review_scores import Result, Scores
from press.reports.review_seen import look_at_all
from press.runs.handout import Press

FILE = "review.yaml"
_LEANS = (Answer.NO, Answer.NA, Answer.YES)  # of two answers the one that is further left counts
_ON_ITEM_1 = (2, 3, 4)  # CDC Index: without one main message these are a no


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of a person and where it stands; None while it is blank."""

    answer: Answer | None
    place: Place


def _answer(scale: str) -> Kind[Given]:
    def read(node: Value, name: str, context: Context) -> Given:
        text = node.text if isinstance(node, Scalar) else None
        allowed = [word for word in WORDS[scale] if word != "na" or items_of(scale)[int(name)].may_be_na]
        if text and text not in allowed:
            raise Reject("nothing yet, or one of " + ", ".join(allowed), did_you_mean(text, allowed))
        if text is None:
            raise Reject("one word", f"write it on the same line, as in `{name}: {allowed[0]}`")
        return Given(WORDS[scale].get(text), node.place)

    return Kind(read, {"enum": ["", *WORDS[scale]]})


def _number(scale: str) -> Kind[str]:
    known = [str(number) for number in items_of(scale)]

    def convert(text: str) -> str:
        if text not in known:
            raise Reject(f"the number of an item of the {TITLES[scale]}", "known: " + ", ".join(known))
        return text

    return scalar(convert, {"enum": known})


def _answers(scale: str) -> Kind[Mapping[str, Given]]:
    return map_of(_answer(scale), _number(scale))


@dataclass(frozen=True, kw_only=True)
class Sheet(Record):
    """The answers for one language: who gave them, when, and for which version of the handout."""

    version: str = key(fields.version, "")
    reviewer: str = key(fields.name, "")
    reviewed_on: date | None = key(fields.date_, None)
    pemat: Mapping[str, Given] = key(_answers(PEMAT))
    cci: Mapping[str, Given] = key(_answers(CCI))

    def given(self, item: Item) -> Given | None:
        """The answer to one item, unless it is blank."""
        found = (self.pemat if item.scale == PEMAT else self.cci).get(str(item.number))
        return found if found and found.answer else None


@dataclass(frozen=True, kw_only=True)
class Review(Record):
    """review.yaml. Each language is reviewed by itself."""

    handout: str = key(fields.identifier)
    languages: Mapping[str, Sheet] = key(map_of(record_of(Sheet), fields.language))


def read_review(path: Path, shown: str) -> Review:
    """The record of one handout. Raises HandoutError with every problem of the file.

    A file that was cut off is refused: with an answer lost, a score could only be too high.
    """
    review = read_whole(Review, read_file(path, shown))
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


def _check_sheet(sheet: Sheet, problems: Problems) -> None:
    for scale, given in ((PEMAT, sheet.pemat), (CCI, sheet.cci)):
        missing = [str(n) for n, item in items_of(scale).items() if not item.seen and str(n) not in given]
        if missing:
            message = f"`{scale}` lacks items {', '.join(missing)}"
            problems.add(sheet.place_of(scale), message, "leave the answer blank where there is none")
    if any(sheet.given(item) for item in ITEMS):
        for name in ("version", "reviewer", "reviewed_on"):
            if not getattr(sheet, name):
                problems.add(sheet.place_of(name), f"there are answers, but no `{name}`", "say who answered, and when")


# Scoring


def report(press: Press, topics: Collection[str], today: date) -> list[Scores]:
    """The scores of each handout in each language. Raises HandoutError if a file is broken."""
    found: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for topic, options, document, _ in pages(press, topics, today):
        found[topic, options.language].append(document)
    return [_score_of(press, topic, documents) for (topic, _), documents in found.items()]


def _score_of(press: Press, topic: str, documents: list[Document]) -> Scores:
    path = press.library.root / topic / FILE
    review = Review(handout=topic, languages={})
    if path.exists():
        review = read_review(path, press.library.shown(topic, FILE))
    return score(review, documents, press.library.bones(topic).version)


def score(review: Review, documents: Sequence[Document], version: str = "") -> Scores:
    """Join the answers for the language of `documents` with what the program sees on all of them.

    With `version`, the handout's own, answers about another version do not count.
    """
    languages = {document.language for document in documents}
    if len(languages) != 1:
        raise ValueError("a score is for at least one page, all in one language")
    language = languages.pop()
    sheet, problems = review.languages.get(language), Problems()
    if sheet and sheet.version and version not in ("", sheet.version):
        message = f"the answers are about version {sheet.version}, the handout is {version}: they do not count"
        problems.add(sheet.place_of("version"), message, "review it again", severity=Severity.WARNING)
        sheet = None
    results = _settled(tuple(_results(sheet, look_at_all(tuple(documents)), problems)))
    signed = (sheet.reviewer, sheet.reviewed_on) if sheet else ("", None)
    return Scores(review.handout, language, *signed, results, tuple(problems))


def _results(sheet: Sheet | None, seen: Mapping[tuple[str, int], Seen], problems: Problems) -> Iterator[Result]:
    for item in ITEMS:
        given, own = sheet.given(item) if sheet else None, seen.get(item.key)
        if given and own and given.answer is not own.answer:
            problems.extend([_contradiction(item, given, own)])
        yield _result(item, given, own)


def _result(item: Item, given: Given | None, own: Seen | None) -> Result:
    """The answer that counts: the less favourable one where a person and the program differ."""
    if own and (given is None or _LEANS.index(own.answer) <= _LEANS.index(given.answer)):
        return Result(item, own.answer, "program", own.why, own.place)
    return Result(item, given.answer, "person") if given else Result(item)


def _contradiction(item: Item, given: Given, own: Seen) -> Problem:
    names: dict[Answer | None, str] = {answer: word for word, answer in WORDS[item.scale].items()}
    message = f"{item.name}: the answer is `{names[given.answer]}`, the program says `{names[own.answer]}`: {own.why}"
    hint = f"see {own.place}" if own.place else "the less favourable of the two counts"
    return Problem(given.place, message, hint, Severity.WARNING)


def _settled(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The CDC Index's own rule: no main message, so its place, look and picture cannot count."""
    if not any(r.item.key == (CCI, 1) and r.answer is Answer.NO for r in results):
        return results
    hit = {(CCI, number) for number in _ON_ITEM_1}
    why = "there is no one main message (item 1)"
    return tuple(Result(r.item, Answer.NO, "program", why) if r.item.key in hit else r for r in results)
