"""Read the texts of a handout to edit them, and save one that passes every check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from press.content.changes import hard_texts
from press.content.fields import TEXT_LIMIT
from press.content.handout import SOURCE_LANGUAGE, Block, Structure, Words, all_blocks, block_refs
from press.content.library import text_refs
from press.content.yaml.editor import NewValue
from press.content.yaml.editor import Path as Keys
from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.records import dataclass
from press.runs.edit_file import FileEdit, changed_meanwhile, errors_of, save_edit
from press.runs.handout import Site, one_topic
from press.runs.sign_variants import text_conditions
from press.runs.sweep import check_everything
from press.runs.text_level import one_line

_FIGURES = re.compile(r"[0-9]+(?:[.][0-9]+)?")
_REVIEW = (("review", "reviewer"), ("review", "reviewed_on"))


@dataclass(frozen=True)
class EditableText:
    """One text of a handout: `facts` are those that its block carries, `hard` those that no page may lose.

    `conditions` say for whom it prints, as the manual writes them; `problems` are those found at it.
    """

    name: str
    words: str
    conditions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    hard: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class EditableWords:
    """The words of a handout in a language, in the order of the page; `problems` stand at none of the texts."""

    topic: str
    language: str
    version: str
    follows: str
    review: tuple[str, str, str]
    texts: tuple[EditableText, ...]
    problems: tuple[Problem, ...]
    other_languages: tuple[str, ...]


@dataclass(frozen=True)
class TextEdit:
    """New words of one text, and the words that it had when it was shown."""

    topic: str
    language: str
    name: str
    words: str
    shown: str


@dataclass(frozen=True)
class EditedText:
    """What became of an edit: the words now and before, and warnings about the page.

    `elsewhere` are problems of other languages, which do not say the same any more; `still_wrong` those that this page
    had before and has still. `unreviewed` tells that the reviewer's name was taken out, who has not read these words.
    """

    words: str
    before: str
    is_saved: bool = True
    warnings: tuple[Problem, ...] = ()
    elsewhere: tuple[Problem, ...] = ()
    still_wrong: tuple[Problem, ...] = ()
    unreviewed: bool = False


def words_file(topic: str, language: str) -> str:
    """Name the file of the words of a handout, below the clinic's folder."""
    return f"handouts/{topic}/{language}.yaml"


def read_texts(site: Site, topic: str, language: str) -> EditableWords:
    """Read the texts of a handout, also of one that is not whole yet.

    Raises HandoutError for a handout or a language that is not there, and for a file that cannot be read.
    """
    found = words_of(site, topic, language)
    structure: Structure | None = None
    problems = Problems()
    with problems.gathering():
        structure = site.library.structure(topic)
    if structure:
        with problems.gathering():
            site.handout(topic, language)
    lines = {place.line: name for name, (_, place) in found.texts.items()}
    file = words_file(topic, language)
    at = {problem: lines.get(problem.place.line, "") for problem in problems if problem.place.file == file}
    return EditableWords(
        topic=topic,
        language=language,
        version=structure.version if structure else "",
        follows=found.follows,
        review=_review(found),
        texts=tuple(_in_order(found, structure, at)),
        problems=tuple(problem for problem in problems if not at.get(problem)),
        other_languages=tuple(name for name in site.library.languages(topic) if name != language),
    )


def words_of(site: Site, topic: str, language: str) -> Words:
    """Read the words; a topic and a language lead to a file only if the library lists them."""
    return site.library.words(one_topic(site, topic), language)


def _review(found: Words) -> tuple[str, str, str]:
    day = found.review.reviewed_on
    return found.review.translator, found.review.reviewer, day.isoformat() if day else ""


def _in_order(found: Words, structure: Structure | None, at: Mapping[Problem, str]) -> Iterable[EditableText]:
    """Put the texts in the order of the page; those that no block names come last."""
    names = dict.fromkeys(ref.text for ref in text_refs(structure)) if structure else {}
    hard = hard_texts(structure) if structure else {}
    conditions = text_conditions(structure) if structure else {}
    facts = dict[str, tuple[str, ...]]()
    for block in all_blocks(structure.blocks) if structure else ():
        for name in _names(block):
            facts[name] = (*facts.get(name, ()), *block.facts)
    for name in (*names, *(name for name in found.texts if name not in names)):
        if name in found.texts:
            yield EditableText(
                name=name,
                words=found.texts[name][0],
                conditions=conditions.get(name, ()),
                facts=tuple(sorted(set(facts.get(name, ())) | set(hard.get(name, ())))),
                hard=hard.get(name, ()),
                problems=tuple(problem for problem, where in at.items() if where == name),
            )


def _names(block: Block) -> Iterable[str]:
    return (ref.text for ref in block_refs(block))


# Saving


def save_text(site: Site, edit: TextEdit, today: date) -> EditedText:
    """Save the new words of one text, if the handout passes every check with them.

    Raises HandoutError with what is wrong: at the text itself, or with a page that was right before; with the code
    `CHANGED` if somebody else changed this text.
    """
    found = words_of(site, edit.topic, edit.language)
    file, new = words_file(edit.topic, edit.language), one_line(edit.words)
    _refuse_text(edit, new, found, file)
    keys: Keys = ("texts", edit.name)
    values: dict[Keys, NewValue] = {keys: new}
    is_reviewed = bool(found.review.reviewer)
    if is_reviewed and new != one_line(edit.shown):
        values |= dict.fromkeys(_REVIEW, "")
    verdict = [_Verdict()]

    def check(changed: Site) -> None:
        verdict.append(_judge(changed, site, edit, today))

    now = found.texts[edit.name][0]
    shown = now if one_line(now) == one_line(edit.shown) else edit.shown  # a form sends line breaks of its own
    is_saved = save_edit(site, FileEdit(file, values, {keys: shown}), check)
    told = verdict[-1]
    unreviewed = is_saved and is_reviewed
    return EditedText(new, edit.shown, is_saved, told.warnings, told.elsewhere, told.still_wrong, unreviewed)


def _refuse_text(edit: TextEdit, new: str, found: Words, file: str) -> None:
    if edit.name not in found.texts:
        raise refuse(Place(file), "this text is not in the file any more", "open the page again")
    if not new:
        hint = "a text that the page does not need is taken out of handout.yaml, by whoever looks after the files"
        raise refuse(Place(file), "there are no words here", hint)
    if len(new) > TEXT_LIMIT:
        raise refuse(
            Place(file), f"found {len(new)} characters, expected at most {TEXT_LIMIT}", "write less, or two texts"
        )


@dataclass(frozen=True)
class _Verdict:
    """What a check told of words that may be saved."""

    warnings: tuple[Problem, ...] = ()
    elsewhere: tuple[Problem, ...] = ()
    still_wrong: tuple[Problem, ...] = ()


def _judge(changed: Site, before: Site, edit: TextEdit, today: date) -> _Verdict:
    """Check the handout with the new words, and judge what was found.

    Raises HandoutError with the reasons not to save: whatever stands at this text, and what is new on a page that
    could be composed before.
    """

    def check_with(site: Site) -> Iterable[Problem]:
        return check_everything(site, (edit.topic,), today, edit.language)[1]

    found = errors_of(changed, check_with)
    errors = [problem for problem in found if problem.is_error]
    at_text = [problem for problem in errors if _stands_at(problem, changed, edit)]
    rest = [problem for problem in errors if problem not in at_text]
    known = {_kind(problem) for problem in errors_of(before, check_with)} if rest else set()
    others = {words_file(edit.topic, name) for name in before.library.languages(edit.topic) if name != edit.language}
    elsewhere = [one for one in rest if one.place.file in others]
    here = [one for one in rest if one not in elsewhere]
    fresh = [one for one in here if _kind(one) not in known] if _is_whole(before, edit) else []
    if at_text or fresh:
        raise HandoutError(dict.fromkeys([*at_text, *fresh]))
    news = tuple(one for one in elsewhere if _kind(one) not in known)
    return _Verdict(tuple(one for one in found if not one.is_error), news, tuple(here))


def _kind(problem: Problem) -> tuple[str, str]:
    """Say what a problem is without its figures: a page that is too hard, and less so than before, is no news."""
    return problem.place.file, _FIGURES.sub("0", problem.message)


def _stands_at(problem: Problem, site: Site, edit: TextEdit) -> bool:
    place = site.library.words(edit.topic, edit.language).texts[edit.name][1]
    return (problem.place.file, problem.place.line) == (place.file, place.line)


def _is_whole(site: Site, edit: TextEdit) -> bool:
    """Whether structure, words and phrases could be joined to a handout, so that the check saw all of it."""
    try:
        site.handout(edit.topic, edit.language)
    except HandoutError:
        return False
    return True


# Who translated and reviewed the words, and which version they are


@dataclass(frozen=True)
class DetailsEdit:
    """Which English a translation follows, who translated it, and who reviewed it on what day (YYYY-MM-DD), as typed.

    `shown` has the same four as they were when they were shown.
    """

    topic: str
    language: str
    typed: tuple[str, str, str, str]
    shown: tuple[str, str, str, str]


DETAILS: tuple[Keys, ...] = (("follows",), ("review", "translator"), *_REVIEW)


def save_details(site: Site, edit: DetailsEdit) -> bool:
    """Save who translated and reviewed the words, and the English that they follow; tells whether anything changed.

    Raises HandoutError for what the file cannot hold, and with the code `CHANGED` as `save_text`.
    """
    found = words_of(site, edit.topic, edit.language)
    now = (found.follows, *_review(found))
    shown = now if now == edit.shown else edit.shown
    file = words_file(edit.topic, edit.language)

    def check(changed: Site) -> None:
        changed.library.words(edit.topic, edit.language)

    typed = (one_line(text) for text in edit.typed)
    values = dict[Keys, NewValue](zip(DETAILS, typed, strict=True))
    return save_edit(site, FileEdit(file, values, dict[Keys, NewValue](zip(DETAILS, shown, strict=True))), check)


def next_version(version: str) -> str:
    """Count a version up, by its last number."""
    head, _, last = version.rpartition(".")
    return f"{head}.{int(last) + 1}"


def count_up(site: Site, topic: str, shown: str) -> str:
    """Count up the version of a handout, so that its other languages are drafts until they follow; gives the new one.

    Raises HandoutError, with the code `CHANGED` if it is not the version that was shown any more.
    """
    one_topic(site, topic)
    new, structure = next_version(site.library.structure(topic).version), f"handouts/{topic}/handout.yaml"

    def check(changed: Site) -> None:
        changed.library.structure(topic)

    if shown != site.library.structure(topic).version:
        raise HandoutError([changed_meanwhile(structure, "version")])
    if SOURCE_LANGUAGE in site.library.languages(topic):  # first: until the version follows, it changes nothing
        save_edit(site, FileEdit(words_file(topic, SOURCE_LANGUAGE), {("follows",): new}, {}), check)
    save_edit(site, FileEdit(structure, {("version",): new}, {("version",): shown}), check)
    return new
