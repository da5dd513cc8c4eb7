"""Make the handouts of many people: each set as complete as it can be, one failure stops no other.

A person's pages are made, proved to be that person's, and only then delivered, together with
their rows of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from press import __version__
from press.compose.tailor import resolve_values
from press.content.approvals import Wish, code_of
from press.content.handout import SOURCE_LANGUAGE
from press.content.required import OVERDOSE_WARNING
from press.delivery.ledger import LedgerRow
from press.errors import HandoutError, Place, Problem, Problems, Severity
from press.patients.options import Options
from press.patients.person_rules import check_code, check_given
from press.records import dataclass, replace
from press.runs.file_names import file_name
from press.runs.handout import Made, Site, check_reader, complete, lay_out_one, make, topics
from press.runs.identity import prove_owner
from press.runs.needs import STRICT_CODES, Gets, Need, drop_dates, has_only_date_errors

if TYPE_CHECKING:  # `make` enters a page into the ledger through here, and reads no list
    from press.patients.patient_list import Entry, PatientList
    from press.patients.table import Row
    from press.writers.pdf.reuse.forme import Copy
    from press.writers.result import Printed

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
_CODE = 6  # letters of a run's short code
_ENGLISH = "english-warning"  # the code of a problem that is none where nothing is printed
_CONTENT = ("handouts", "templates", "config.yaml", "approvals.yaml")


@dataclass(frozen=True)
class Order:
    """What is asked for, the same for everybody on the list."""

    today: date
    wish: Wish = Wish.AS_IT_MAY_BE
    handouts: tuple[str, ...] = ()
    paper: str = ""  # of a print job: a printer takes one at a time
    bound: bool = False  # everybody's in one file: pages are laid out with their numbers in it, later
    one_file: bool = False  # each person's handouts in one file
    strict: bool = False  # some warnings count as errors

    def is_numbered(self, pages: int) -> bool:
        """Whether so many handouts of a person are laid out later, with the numbers of their pages in one file."""
        return self.bound or (self.one_file and pages > 1)


@dataclass(frozen=True)
class PersonPage:
    """One finished handout of one person, not yet delivered."""

    name: str
    made: Made
    printed: Copy | Printed | None = (
        None  # the page, or the copy that it will be printed from; None if not yet laid out
    )


@dataclass(frozen=True)
class Packet:
    """All handouts of one person, in the order in which they are given.

    `options` are those that the pages are made from: without dates where a date is wrong. `need` says why
    somebody needs a clerk all the same.
    """

    row: int
    options: Options
    pages: tuple[PersonPage, ...]
    warnings: tuple[Problem, ...]
    need: Need | None = None

    def options_of(self, topic: str) -> Options:
        """The options that one page is to be made from: the overdose warning may be in English."""
        in_english = topic == OVERDOSE_WARNING and self.need is not None and self.need.in_english
        return replace(self.options, language=SOURCE_LANGUAGE) if in_english else self.options


@dataclass(frozen=True)
class Refused:
    """A person for whom nothing is printed, and every reason."""

    row: int
    code: str
    problems: tuple[Problem, ...]
    place: Place = Place("")

    @property
    def need(self) -> Need:
        """The entry in the list of people who need a clerk."""
        return Need(self.row, self.code, self.place, Gets.NOTHING, self.problems)


def packets(site: Site, people: Iterable[Entry], order: Order) -> Iterator[Packet | Refused]:
    """Make each person's handouts, in the order of the list."""
    for entry in people:
        try:
            packet = lay_out(site, _compose(site, entry, order), order)
        except HandoutError as error:
            yield Refused(entry.row, _known_code(site, entry), error.problems, entry.place)
        else:
            yield _judge_strictly(packet) if order.strict else packet


def _known_code(site: Site, entry: Entry) -> str:
    """The code of somebody who is refused; none where nothing of the row counts, or the code itself may be a name."""
    if entry.options is None or any(check_code(entry.options, site.clinic)):
        return ""
    return entry.options.code


def _compose(site: Site, entry: Entry, order: Order) -> Packet:
    """Compose and check a person's handouts. Raises HandoutError for whoever gets nothing."""
    packet, chosen = _begin(site, entry, order)
    if OVERDOSE_WARNING in chosen and _lacks_warning(site, packet.options.language):
        packet = _choose_english(site, packet)
    pages: list[PersonPage] = []
    warnings = list(packet.warnings)
    lost: dict[str, tuple[Problem, ...]] = {}
    for topic in chosen:
        try:
            made = make(site, topic, packet.options_of(topic), order.today, order.wish)
            check_reader(made)
        except HandoutError as error:
            lost[topic] = error.problems
        else:
            warnings += made.warnings
            pages.append(PersonPage(file_name(made, "pdf"), made, None))
    packet = replace(packet, pages=tuple(pages), warnings=tuple(warnings))
    return leave_out(packet, lost) if lost else packet


def _begin(site: Site, entry: Entry, order: Order) -> tuple[Packet, tuple[str, ...]]:
    """Begin a person's packet, without pages yet, and choose the topics that belong into it.

    Raises HandoutError if anything but a date or an interval is wrong.
    """
    problems = Problems()
    problems.extend(entry.problems)
    if entry.partial:
        problems.extend(check_code(entry.partial, site.clinic))
        problems.extend(check_given(entry.partial))
    if entry.partial is None or (problems.errors and not has_only_date_errors(problems, entry.partial)):
        raise HandoutError(problems)
    asked = replace(entry.partial, paper=order.paper) if order.paper else entry.partial
    options = asked
    with problems.gathering():
        options, warnings = complete(site, asked, order.today, entry.problems)
        problems.extend(warnings)
    try:
        chosen = topics(site, order.handouts) if order.handouts else topics(site, asked.handouts, asked)
    except HandoutError as error:
        raise HandoutError((*problems, *error.problems)) from None
    if problems.errors:
        return _begin_undated(site, asked, problems, order), (OVERDOSE_WARNING,)
    return Packet(entry.row, options, (), tuple(problems)), chosen


def _begin_undated(site: Site, asked: Options, problems: Problems, order: Order) -> Packet:
    """Begin the packet of somebody whose dates are wrong; a site without the overdose warning refuses the person."""
    if OVERDOSE_WARNING not in site.library.topics:
        raise HandoutError(problems)
    options, _ = complete(site, drop_dates(asked, problems), order.today)
    place = options.place
    return Packet(place.row, options, (), (), Need(place.row, options.code, place, Gets.UNDATED, tuple(problems)))


def _lacks_warning(site: Site, language: str) -> bool:
    """Whether the overdose warning has no words in a language; a folder is searched only for a new one."""
    return not site.is_loaded(OVERDOSE_WARNING, language) and language not in site.library.languages(OVERDOSE_WARNING)


def _choose_english(site: Site, packet: Packet) -> Packet:
    """Choose the overdose warning in English: a page for a helper is better than none."""
    is_typed = "language" in packet.options.places
    place = packet.options.place_of("language") if is_typed else site.clinic.defaults.place_of("language")
    message = (
        "`language`: the overdose warning is not there in this language: the English page takes its place;"
        " use an interpreter"
    )
    problem = Problem(place, message, private=is_typed, code=_ENGLISH)
    return _add_need(packet, (problem,), in_english=True)


def leave_out(packet: Packet, lost: Mapping[str, Sequence[Problem]]) -> Packet:
    """Leave out the pages of these topics, each with what is wrong with it.

    Raises HandoutError with all problems if the overdose warning is one of them, or no page remains.
    """
    pages = tuple(page for page in packet.pages if page.made.topic not in lost)
    problems = tuple(problem for found in lost.values() for problem in found)
    if OVERDOSE_WARNING in lost or not pages:
        before = packet.need.problems if packet.need else ()
        raise HandoutError((*packet.warnings, *(problem for problem in before if problem.code != _ENGLISH), *problems))
    return _add_need(replace(packet, pages=pages), problems, missing=tuple(lost))


def _add_need(
    packet: Packet, problems: tuple[Problem, ...], missing: tuple[str, ...] = (), *, in_english: bool = False
) -> Packet:
    """Add problems for which a clerk is needed to those before."""
    options = packet.options
    need = packet.need or Need(packet.row, options.code, options.place, Gets.PART, ())
    need = replace(
        need,
        problems=(*need.problems, *problems),
        missing=(*need.missing, *missing),
        in_english=need.in_english or in_english,
    )
    return replace(packet, need=need)


def _judge_strictly(packet: Packet) -> Packet:
    """Treat warnings of a strict kind as problems for which a clerk is needed."""
    found = tuple(
        replace(problem, severity=Severity.ERROR) for problem in packet.warnings if problem.code in STRICT_CODES
    )
    if not found:
        return packet
    warnings = tuple(problem for problem in packet.warnings if problem.code not in STRICT_CODES)
    need = packet.need or Need(packet.row, packet.options.code, packet.options.place, Gets.ALL, ())
    return replace(packet, warnings=warnings, need=replace(need, problems=(*need.problems, *found)))


def lay_out(site: Site, packet: Packet, order: Order) -> Packet:
    """Lay out each page by itself, unless it gets a number within a file later; a page that cannot be is left out."""
    if order.is_numbered(len(packet.pages)):
        return packet
    pages: list[PersonPage] = []
    lost: dict[str, tuple[Problem, ...]] = {}
    for page in packet.pages:
        try:
            copy = lay_out_one(site, page.made)
        except HandoutError as error:
            lost[page.made.topic] = error.problems
        else:
            prove_own(site, page.made, copy, packet.options_of(page.made.topic), order.today)
            pages.append(replace(page, printed=copy))
    packet = replace(packet, pages=tuple(pages))
    return leave_out(packet, lost) if lost else packet


def prove_own(site: Site, made: Made, copy: Copy, options: Options, today: date) -> None:
    """Raise WrongPatientError unless a page shows only what is resolved again from the person's own options."""
    handout = site.handout(made.topic, options.language)
    prove_owner(copy.values(), resolve_values(handout, options, site.clinic, today, made.status), handout, site.clinic)


# Rows of the ledger


def rows(packet: Packet, run: str, at: datetime, sides: int = 2) -> tuple[LedgerRow, ...]:
    """Make the ledger's rows of one person's handouts, `sides` printed on one sheet."""
    return tuple(ledger_row(page, run, at, sides) for page in packet.pages)


def sheets(pages: int, sides: int) -> int:
    """Count the sheets of paper that so many pages need, `sides` printed on each."""
    return -(-pages // sides)


def ledger_row(page: PersonPage, run: str, at: datetime, sides: int = 2) -> LedgerRow:
    """Make the row of the ledger for one page that was laid out, `sides` printed on one sheet."""
    handout, options = page.made.handout, page.made.options
    assert page.printed is not None, "what is given was laid out"
    return LedgerRow(
        at=at.isoformat(timespec="seconds"),
        code=options.code,
        handout=handout.structure.topic,
        version=handout.structure.version,
        fingerprint=code_of(handout),
        language=options.language,
        edition=options.edition,
        state="final" if page.made.status.is_final else "draft",
        run=run,
        sheets=sheets(page.printed.pages, sides),
    )


# What a run is


def plan_of(site: Site, people: PatientList, order: Order, *more: str) -> str:
    """Digest everything that the pages of a run depend on, as SHA-256: list, day, words, looks, clinic."""
    return digest_plan(
        site, (people.sha256, people.how, order.today.isoformat(), order.wish.value, *order.handouts, *more)
    )


def digest_plan(site: Site, parts: Iterable[str]) -> str:
    """Digest the version of the program, `parts` and every file that pages are made from, as SHA-256."""
    digest = sha256()
    for part in (__version__, *parts):
        digest.update(part.encode() + b"\0")
    for name, path in _files_of(site):
        digest.update(name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files_of(site: Site) -> Iterator[tuple[str, Path]]:
    for name in _CONTENT:
        top = site.templates if name == "templates" else site.root / name
        files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file())
        yield from ((str(Path(name, path.relative_to(top))), path) for path in files)


def run_code(plan: str) -> str:
    """Name a run on paper by six letters of its digest."""
    number = int(plan[:16], 16)
    return "".join(_LETTERS[(number >> 5 * place) % 32] for place in range(_CODE))


def chosen_rows(people: PatientList, numbers: Sequence[int]) -> Iterator[Row]:
    """Choose the rows with these numbers; their cells are read later."""
    if len(numbers) == people.people:
        return people.rows()
    wanted = frozenset(numbers)
    return (row for row in people.rows() if row.number in wanted)
