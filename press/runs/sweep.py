"""Check every handout for every profile: composed and laid out, nothing printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from press.compose.check import FOR_READER
from press.compose.sandbox import template_faults
from press.compose.tailor import with_defaults
from press.content.approvals import State
from press.content.changes import Change, find_changes, overdue_problems, waiting_warning
from press.content.fields import EDITIONS, PAPERS
from press.content.handout import SOURCE_LANGUAGE
from press.content.library import PHRASES
from press.content.shipped import is_managed, shipped_names
from press.content.slips import find_slips
from press.content.translation import differences
from press.errors import Place, Problem, Problems, Severity, refuse
from press.patients.options import Options
from press.records import replace
from press.runs.handout import BESIDE, Made, Site, check_language, lay_out_one, make
from press.runs.variants import draft_and_final, make_readers
from press.writers.pdf.fonts.faces import broken_fallbacks

_MOST_READERS = 3  # that are named for one problem
_SET_IN = re.compile(r"(.*this page is set in )([0-9]+(?:\.[0-9]+)?) points")  # how the layout tells a smaller size
CheckTopic = Callable[[str], tuple[int, list[Problem]]]


def combinations(site: Site, today: date) -> Iterator[tuple[str, Options]]:
    """List each handout with each language, form, reason, treatment mode and edition."""
    for topic in site.library.topics:
        for language in site.library.languages(topic):
            yield from ((topic, options) for options in make_readers(site.clinic, language, today))


def check_everything(
    site: Site, asked: tuple[str, ...], today: date, language: str = "", check_one: CheckTopic | None = None
) -> tuple[int, list[Problem]]:
    """Compose, check and lay out every combination: how many there were, and all problems.

    Each one as a draft on each paper, and as a signed page, whose footer differs. A check that checked
    nothing is itself a problem. With a `language` only the pages in it are laid out. `check_one` may
    replace `check_topic` with a cached answer.
    """
    problems = check_files(site, asked)
    with problems.gathering():
        site.approvals(today)
    total = 0
    for topic in site.library.topics:
        if not asked or topic in asked:
            count, found = check_one(topic) if check_one else check_topic(site, topic, today, language)
            total += count
            problems.extend(found)
    if not total and not problems.errors:
        raise refuse(Place("handouts"), "there is no handout to check")
    return total, list(dict.fromkeys(problems))


def check_topic(site: Site, topic: str, today: date, language: str = "") -> tuple[int, list[Problem]]:
    """Check the pages of one handout: how many combinations there were, and their problems."""
    problems, count = Problems(), 0
    with problems.gathering():
        for name, options in combinations(site, today):
            if name == topic and language in ("", options.language):
                count += 1
                _check_one(site, topic, options, today, problems)
    return count, join_readers(problems)


def join_readers(problems: Iterable[Problem]) -> list[Problem]:
    """Tell once what is wrong for several kinds of readers, with the kinds, or the sizes of their pages."""
    readers: dict[tuple[Place, str], list[str]] = {}
    first: dict[tuple[Place, str], Problem] = {}
    for problem in _join_sizes(dict.fromkeys(problems)):
        is_of_reader = problem.hint.startswith(FOR_READER)
        key = problem.place, problem.message if is_of_reader else f"{problem.message}\n{problem.hint}"
        first.setdefault(key, problem)
        if is_of_reader:
            readers.setdefault(key, []).append(problem.hint.removeprefix(FOR_READER))
    return [
        replace(problem, hint=_for_whom(readers[key])) if key in readers else problem for key, problem in first.items()
    ]


def _join_sizes(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Name the sizes in which the pages of several kinds of readers are set in one problem."""
    found = [(problem, _SET_IN.fullmatch(problem.message)) for problem in problems]
    sizes: dict[tuple[Place, str], set[str]] = {}
    for problem, match in found:
        if match:
            sizes.setdefault((problem.place, match[1]), set()).add(match[2])
    for problem, match in found:
        if not match:
            yield problem
        elif several := sizes.pop((problem.place, match[1]), None):
            names = " or ".join(sorted(several, key=float))
            yield replace(problem, message=f"{match[1]}{names} points")


def _for_whom(readers: list[str]) -> str:
    shown = "; ".join(readers[:_MOST_READERS])
    more = len(readers) - _MOST_READERS
    others = f"; and {more} more kinds of readers" if more > 0 else ""
    return f"{FOR_READER}{shown}{others}: name it under `facts` of the block that says it"


def _check_one(site: Site, topic: str, options: Options, today: date, problems: Problems) -> None:
    for sign in draft_and_final(today):
        with problems.gathering():
            made = make(site, topic, options, today, sign=sign)
            problems.extend(made.warnings)
            for paper in PAPERS if sign.state is State.DRAFT else (options.paper,):
                with problems.gathering():
                    problems.extend(_on_paper(site, made, paper))


def _on_paper(site: Site, made: Made, paper: str) -> tuple[Problem, ...]:
    """Lay a page out for one paper; its warnings."""
    return lay_out_one(site, replace(made, options=replace(made.options, paper=paper))).plan.warnings


def check_files(site: Site, asked: tuple[str, ...]) -> Problems:
    """Check each file by itself: config, templates, stylesheets, every language."""
    problems = Problems()
    with problems.gathering():
        list(site.sets)  # raises for one that cannot be
        usual = with_defaults(Options(), site.clinic)
        for topic in asked or site.library.topics:
            check_language(site, topic, usual)
    problems.extend(template_faults(site.templates))
    for name in (*EDITIONS, *BESIDE.values()):
        with problems.gathering():
            site.sheet(name, PAPERS[0])
    problems.extend(broken_fallbacks(site.templates / "fonts"))
    problems.extend(site.library.incomplete())
    problems.extend(_waiting(site, asked))
    for topic in asked or site.library.topics:
        for language in site.library.languages(topic):
            with problems.gathering():
                problems.extend(_compared(site, topic, language))
    for language in site.library.languages(PHRASES):
        with problems.gathering():
            problems.extend(_slips(site, asked or site.library.topics, language))
    return problems


def _slips(site: Site, topics: Iterable[str], language: str) -> Iterator[Problem]:
    """Find slips of the keyboard in the words of a language. Raises HandoutError if a file cannot be read."""
    library = site.library
    phrases = library.words(PHRASES, language)
    for folder in (PHRASES, *(topic for topic in topics if language in library.languages(topic))):
        yield from find_slips(library.words(folder, language), phrases, library.helplines.numbers)


def _waiting(site: Site, asked: tuple[str, ...]) -> Problems:
    """Find what of a release is not in these handouts, nor in what all of them share."""
    problems, changes = Problems(), list[Change]()
    others = set(site.library.topics).difference(asked) if asked else set()
    for name in shipped_names() if is_managed(site.root) else ():
        if name.partition("/")[0] not in others:
            with problems.gathering():
                changes += find_changes(site.root, (name,), site.library.record)
    problems.extend([*overdue_problems(changes, Severity.ERROR), *waiting_warning(changes)])
    return problems


def _compared(site: Site, topic: str, language: str) -> Iterator[Problem]:
    """Compare a translation with the English. Raises HandoutError if one cannot be read."""
    handout = site.handout(topic, language)
    if handout.is_translation and SOURCE_LANGUAGE in site.library.languages(topic):
        yield from differences(site.handout(topic, SOURCE_LANGUAGE), handout)
