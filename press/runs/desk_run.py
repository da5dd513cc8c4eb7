"""Make the handouts of one reader at the desk; delivering them is a step of its own.

A request is prepared (its options completed, its handouts chosen), then every page is made before
any is delivered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from press.content.approvals import Wish
from press.content.required import OVERDOSE_WARNING
from press.delivery.destination import Target, UsageError
from press.errors import HandoutError, Problem, Problems
from press.patients.options import Options
from press.patients.person_rules import check_alone, check_code, check_given
from press.records import dataclass
from press.runs.desk_delivery import FinishedPage
from press.runs.file_names import file_name
from press.runs.handout import (
    Made,
    Site,
    check_reader,
    complete,
    make,
    make_beside,
    one_topic,
    print_one,
    topics,
)
from press.runs.hardening import assert_hardened, harden_reportlab, watching


@dataclass(frozen=True)
class DeskRequest:
    """What staff ask for one reader on the day `today`.

    `options` are as typed: the clinic's defaults fill in the rest. Without `handouts` the options
    say which, or else it is all that are not `opt_in`; for nobody in particular it is all of them.
    `beside` is the language of a helper's side, "" for a page in one language. With `use_ledger` the pages of a
    person with a code are entered into the ledger when they are delivered. Of whoever comes `from_list` nothing is
    guessed.
    """

    site: Site
    today: date
    options: Options
    handouts: tuple[str, ...] = ()
    beside: str = ""
    format: str = "pdf"
    wish: Wish = Wish.AS_IT_MAY_BE
    use_ledger: bool = False
    from_list: bool = False


@dataclass(frozen=True)
class PreparedRequest:
    """A request that can be made: its complete options, the topics of its handouts, warnings for staff."""

    request: DeskRequest
    options: Options
    topics: tuple[str, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class MadePages:
    """The pages that could be made, and the problems of all: one that is refused stops no other."""

    pages: tuple[FinishedPage, ...]
    problems: tuple[Problem, ...]


def prepare(request: DeskRequest, known: Iterable[Problem] = ()) -> PreparedRequest:
    """Complete the options and choose the handouts; `known` are problems of reading the options.

    Raises HandoutError with everything that is wrong, and UsageError for a page beside itself.
    """
    site, problems = request.site, Problems()
    problems.extend(known)
    options = request.options
    problems.extend(check_code(options, site.clinic))
    problems.extend(check_alone(options) if request.use_ledger else ())
    problems.extend(check_given(options) if request.from_list else ())
    with problems.gathering():
        options, warnings = complete(site, request.options, request.today, tuple(problems))
        problems.extend(warnings)
    chosen: tuple[str, ...] = ()
    with problems.gathering():
        chosen = _topics(request)
    if problems.errors:
        from press.runs.needs import advise_undated

        is_helped = OVERDOSE_WARNING in site.library.topics
        raise HandoutError(advise_undated(problems, request.options) if is_helped else problems)
    if request.beside and request.beside == options.language:
        raise UsageError("--beside needs another language than the page's own")
    return PreparedRequest(request, options, chosen, tuple(problems))


def _topics(request: DeskRequest) -> tuple[str, ...]:
    if request.handouts:
        return topics(request.site, request.handouts)
    return topics(request.site, request.options.handouts, request.options)


def make_pages(prepared: PreparedRequest, target: Target) -> MadePages:
    """Make every handout before any is delivered.

    Settings that could change ReportLab are refused; no network, program or strange file.
    """
    harden_reportlab()
    request, problems = prepared.request, Problems()
    problems.extend(prepared.warnings)
    pages: list[FinishedPage] = []
    with watching([request.site.root], [target.writable]):
        for topic in prepared.topics:
            with problems.gathering():
                pages.append(_page(prepared, topic, problems))
    return MadePages(tuple(pages), tuple(problems))


def _page(prepared: PreparedRequest, topic: str, problems: Problems) -> FinishedPage:
    """Make one page; its warnings go to `problems` even if it cannot be printed."""
    request = prepared.request
    made = _composed(prepared, topic)
    problems.extend(made.warnings)
    assert_hardened()
    printed = print_one(request.site, made, request.format)
    return FinishedPage(file_name(made, request.format), printed.data, made, printed)


def _composed(prepared: PreparedRequest, topic: str) -> Made:
    request, options = prepared.request, prepared.options
    if request.beside:
        made = make_beside(request.site, topic, options, request.beside, request.today, request.wish)
    else:
        made = make(request.site, topic, options, request.today, request.wish)
    check_reader(made)
    return made


def preview(request: DeskRequest) -> Made:
    """Compose and check the first handout of a request, which is not printed. Raises HandoutError."""
    harden_reportlab()
    options, _ = complete(request.site, request.options, request.today)
    made = make(request.site, one_topic(request.site, request.handouts[0]), options, request.today, request.wish)
    check_reader(made)
    return made
