"""Mark printed pages as given, not collected or void. Nothing is changed: a wrong mark is answered by another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from press.content.read_bytes import read_once
from press.delivery.all_desks import AnyLedger, Asked, LedgerPlace, ask_all_desks
from press.delivery.destination import UsageError
from press.delivery.ledger import LedgerRow, Mark, Why, open_ledger
from press.errors import Place, Problem, Problems, Severity, refuse
from press.patients.fhir.export import digest_of_export
from press.patients.fhir.files import is_export
from press.records import dataclass
from press.runs.totals import count

DESK = "desk"  # in place of a run: the pages that a person was last printed at the desk
_DESK_DAY = len("desk 2026-11-23")  # what of a run at the desk is shown
_RECENT = timedelta(days=7)
_MOST_RUNS = 5  # that a message names
_MOST_BYTES = 50_000_000  # of a list: nothing was printed from a larger one


@dataclass(frozen=True)
class GivenRequest:
    """The pages of a run, or of a list as it was printed, and who took them. Raises UsageError.

    With `codes` only these people are meant, else everybody whose pages nobody has marked. Of them
    `not_collected` were not given their pages, and the others were. `now` is the moment in the clinic's time zone.
    """

    ledger: LedgerPlace
    now: datetime
    run: str = ""
    list_digest: str = ""
    codes: tuple[str, ...] = ()
    not_collected: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.codes and not _folded(self.not_collected) <= _folded(self.codes):
            raise UsageError("--not-collected names somebody who is not among --code")
        if self.run == DESK and not self.named:
            raise UsageError(f"{DESK} needs --code: pages from the desk belong to no list")

    @property
    def named(self) -> tuple[str, ...]:
        """Every code that was typed."""
        return self.codes + self.not_collected


@dataclass(frozen=True)
class VoidRequest:
    """One person's pages of a run that are not to be in anybody's hands, and why."""

    ledger: LedgerPlace
    now: datetime
    code: str
    run: str
    why: Why


@dataclass(frozen=True)
class RunState:
    """A run of the last week: its day, for how many people it printed, and of how many nobody marked a page."""

    run: str
    day: date
    people: int
    unmarked: int

    def __str__(self) -> str:
        return f"{self.run} of {self.day} ({count(self.people, 'person', 'people')})"


@dataclass(frozen=True)
class Marked:
    """How many people's pages were marked as what; `before` were so already.

    `open_runs` are the runs of the last week with pages that nobody has marked, the latest first.
    """

    runs: tuple[str, ...]
    marked: tuple[tuple[Mark, int], ...]
    before: int
    open_runs: tuple[RunState, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def summary(self) -> str:
        """What was done, and what is left to do, in a line each."""
        done = [f"{mark.replace('_', ' ')}: {count(people, 'person', 'people')}" for mark, people in self.marked]
        done += [f"marked before: {count(self.before, 'person', 'people')}"] if self.before else []
        names = dict.fromkeys(run[:_DESK_DAY] if run.startswith(DESK) else f"run {run}" for run in self.runs)
        lines = [f"{' and '.join(names)}: {', '.join(done)}"]
        lines += [
            f"not marked yet: {one.unmarked} of run {one.run}, printed on {one.day}"
            for one in self.open_runs[:_MOST_RUNS]
        ]
        return "\n".join(lines)


@dataclass(frozen=True)
class PrintedPacket:
    """What one person's pages of one run are, and what is known of them; `marks` differ where the pages do.

    `at` is the moment of the first page in the clinic's time.
    """

    run: str
    code: str
    at: datetime
    handouts: tuple[str, ...]
    sheets: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class MarkRequest:
    """People's pages, each as a run and a code, and what became of them; `why` goes with void. Raises UsageError."""

    ledger: LedgerPlace
    now: datetime
    packets: tuple[tuple[str, str], ...]
    mark: Mark
    why: Why | None = None

    def __post_init__(self) -> None:
        if self.mark is Mark.PRINTED or (self.why is None) is (self.mark is Mark.VOID):
            raise UsageError("pages are given, not collected, or void for a reason")


def list_packets(place: LedgerPlace, first: date, last: date) -> tuple[PrintedPacket, ...]:
    """List what was printed for whom at this site from one day to another, both included, the latest first.

    Raises HandoutError if there is no ledger, or it cannot be read.
    """
    found: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in ask_all_desks(place, lambda ledger: tuple(ledger.printed(first, last)), is_own=True).answer:
        found.setdefault((row.run, row.code.casefold()), []).append(row)
    packets = (_packet(rows) for rows in reversed(found.values()))
    return tuple(sorted(packets, key=lambda packet: packet.at, reverse=True))


def _packet(rows: Sequence[LedgerRow]) -> PrintedPacket:
    return PrintedPacket(
        run=rows[0].run,
        code=rows[0].code,
        at=datetime.fromisoformat(rows[0].at),
        handouts=tuple(dict.fromkeys(row.handout for row in rows)),
        sheets=sum(row.sheets for row in rows),
        marks=tuple(mark for mark in Mark if mark in {row.mark for row in rows}),
    )


def mark_packets(request: MarkRequest) -> Marked:
    """Mark the pages of several people, of one run or of several: all of them, or none.

    Raises HandoutError: some of the pages are not in the ledger any more, or it cannot be written.
    """

    def enter(ledger: AnyLedger) -> _Changes:
        with ledger.holding():
            meant = _pages_of_packets(ledger, request.packets)
            return _change(ledger, request.now, meant, lambda row: request.mark, request.why)

    return _marked(request.ledger, request.now, ask_all_desks(request.ledger, enter, is_own=True))


@dataclass(frozen=True)
class _Changes:
    """The pages that were meant, and those that got another mark."""

    meant: Sequence[LedgerRow]
    changed: Sequence[tuple[LedgerRow, Mark]]


def _change(
    ledger: AnyLedger,
    now: datetime,
    meant: Sequence[LedgerRow],
    wanted: Callable[[LedgerRow], Mark | None],
    why: Why | None = None,
) -> _Changes:
    """Mark pages as wanted, but for those that are marked so already."""
    changed = [(row, mark) for row in meant if (mark := wanted(row)) and mark is not row.mark]
    for row, mark in changed:
        ledger.mark(row, mark, _moment(now), why)
    return _Changes(meant, changed)


def _pages_of_packets(ledger: AnyLedger, packets: Iterable[tuple[str, str]]) -> list[LedgerRow]:
    """Find the pages of some people. Raises HandoutError if somebody has none; no code is shown."""
    wanted = {(run, code.casefold()) for run, code in packets}
    rows = [row for run in sorted({run for run, _ in wanted}) for row in ledger.of_run(run)]
    found = [row for row in rows if (row.run, row.code.casefold()) in wanted]
    if wanted != {(row.run, row.code.casefold()) for row in found}:
        message = "some of these pages are not in the ledger any more, and nothing was marked"
        raise refuse(Place("ledger"), message, "look at the pages of these days again")
    return found


def digest_of_list(path: Path) -> str:
    """Digest a list, to find what was printed from it. Raises HandoutError if it cannot be read."""
    if is_export(path):
        return digest_of_export(path, path.name)
    return sha256(read_once(path, path.name, _MOST_BYTES, private=True)).hexdigest()


def recent_runs(path: Path, today: date) -> tuple[RunState, ...]:
    """List the runs of lists of the last week, the latest first; none without a ledger. Raises HandoutError."""
    if not path.exists():
        return ()
    with open_ledger(path) as ledger:
        return tuple(_recent_runs(ledger, today))


def mark_given(request: GivenRequest) -> Marked:
    """Mark pages as given or not collected.

    Raises HandoutError: there are no such pages, a code is on none of them, or the ledger cannot be written.
    """
    lost, chosen = _folded(request.not_collected), _folded(request.codes)

    def wanted(row: LedgerRow) -> Mark | None:
        code = row.code.casefold()
        if code in lost:
            return Mark.NOT_COLLECTED
        is_meant = code in chosen if chosen else row.mark is Mark.PRINTED
        return Mark.GIVEN if is_meant else None

    def enter(ledger: AnyLedger) -> _Changes:
        with ledger.holding():
            rows = _pages(ledger, request)
            _check_codes(rows, request.named)
            meant = [row for row in rows if not chosen or row.code.casefold() in chosen]
            return _change(ledger, request.now, meant, wanted)

    return _marked(request.ledger, request.now, ask_all_desks(request.ledger, enter, is_own=True))


@dataclass(frozen=True)
class SaidBackRequest:
    """One person's handout of a run, or of the desk, and whether the person said it back (teach-back)."""

    ledger: LedgerPlace
    now: datetime
    run: str
    code: str
    handout: str
    is_said: bool


def mark_said_back(request: SaidBackRequest) -> Asked[int]:
    """Enter whether a person said a handout back, and give how many pages that is of.

    Raises HandoutError: there is no such page, or the ledger cannot be written.
    """

    def enter(ledger: AnyLedger) -> int:
        with ledger.holding():
            pages = _pages_of_person(ledger, request)
            own = [row for row in pages if row.handout == request.handout]
            if not own:
                known = ", ".join(sorted({row.handout for row in pages}))
                message = "this person has no page of this handout there"
                raise refuse(Place("HANDOUT"), message, f"there are: {known}")
            for row in own:
                ledger.say_back(row, _moment(request.now), is_said=request.is_said)
            return len(own)

    return ask_all_desks(request.ledger, enter, is_own=True)


def mark_void(request: VoidRequest) -> Marked:
    """Mark one person's pages of a run as void.

    Raises HandoutError: there are none, or the ledger cannot be written.
    """

    def enter(ledger: AnyLedger) -> _Changes:
        with ledger.holding():
            own = _pages_of_person(ledger, request)
            return _change(ledger, request.now, own, lambda row: Mark.VOID, request.why)

    return _marked(request.ledger, request.now, ask_all_desks(request.ledger, enter, is_own=True))


def _pages_of_person(ledger: AnyLedger, request: VoidRequest | SaidBackRequest) -> list[LedgerRow]:
    """Find one person's pages of a run, or of the desk. Raises HandoutError if there are none."""
    rows = _pages(ledger, GivenRequest(request.ledger, request.now, request.run, codes=(request.code,)))
    _check_codes(rows, (request.code,))
    return [row for row in rows if row.code.casefold() == request.code.casefold()]


def _warn_of_paper_outside(rows: Iterable[LedgerRow]) -> tuple[Problem, ...]:
    """A page that somebody holds all the same would be missing from every recall."""
    if not any(row.mark is Mark.GIVEN for row in rows):
        return ()
    message = "these pages were marked as given, and no recall counts them from now on"
    hint = "does somebody still have the paper? take the void back: given RUN --code CODE"
    return (Problem(Place("void"), message, hint, Severity.WARNING),)


def _marked(place: LedgerPlace, now: datetime, asked: Asked[_Changes]) -> Marked:
    done = asked.answer
    people: dict[Mark, set[str]] = {}
    for row, mark in done.changed:
        people.setdefault(mark, set()).add(row.code.casefold())
    before = {row.code.casefold() for row in done.meant} - set().union(*people.values())
    where = LedgerPlace(place.file) if asked.is_only_here else place  # a server that does not answer is asked once
    runs = ask_all_desks(where, lambda ledger: _recent_runs(ledger, now.date()), is_own=True).answer
    void = (row for row, mark in done.changed if mark is Mark.VOID)
    return Marked(
        runs=tuple(dict.fromkeys(row.run for row in done.meant)),
        marked=tuple((mark, len(people[mark])) for mark in Mark if mark in people),
        before=len(before),
        open_runs=tuple(run for run in runs if run.unmarked),
        warnings=(*_warn_of_paper_outside(void), *asked.warnings),
    )


def _pages(ledger: AnyLedger, request: GivenRequest) -> list[LedgerRow]:
    """Find the pages that a request means. Raises HandoutError if there are none."""
    if request.run == DESK:
        return list(dict.fromkeys(row for code in request.named for row in _last_of_desk(ledger, code)))
    if request.list_digest:
        rows = _last_day(list(ledger.of_list(request.list_digest)))
        message, ask = (
            "nothing was printed from this list as it is now",
            "was it changed since? name the run in its place",
        )
    else:
        is_desk = request.run.startswith(f"{DESK} ")  # one print at the desk, as the ledger names it
        rows = list(ledger.of_run(request.run if is_desk else request.run.upper()))
        message, ask = "the ledger has no pages of this run", "it stands at the foot of each page"
    if rows:
        return rows
    runs = ", ".join(map(str, _recent_runs(ledger, request.now.date())[:_MOST_RUNS]))
    last = f"the last ones: {runs}" if runs else "in the last week there was none"
    raise refuse(Place("LIST|RUN"), message, f"{ask}; {last}")


def _last_day(rows: list[LedgerRow]) -> list[LedgerRow]:
    """The rows of the latest day: a list without dates may have been printed before."""
    last = max((row.at[:10] for row in rows), default="")
    return [row for row in rows if row.at[:10] == last]


def _last_of_desk(ledger: AnyLedger, code: str) -> list[LedgerRow]:
    rows = [row for row in ledger.of_code(code) if row.run.startswith(DESK)]
    return [row for row in rows if row.run == rows[-1].run]


def _check_codes(rows: Iterable[LedgerRow], codes: Sequence[str]) -> None:
    """Refuse a code that none of the pages is for; it is named by its place, not shown."""
    known, problems = {row.code.casefold() for row in rows}, Problems()
    for number, code in enumerate(codes, 1):
        if code.casefold() not in known:
            message = f"none of these pages is for code {number} of {len(codes)}" if len(codes) > 1 else ""
            hint = "the tick list and the foot of each page have the code and the run: `given RUN`; nothing was marked"
            problems.add(Place("CODE"), message or "none of these pages is for this code", hint, private=True)
    problems.raise_if_errors()


def _recent_runs(ledger: AnyLedger, today: date) -> list[RunState]:
    """List the runs of lists of the last week, the latest first."""
    runs: dict[str, list[LedgerRow]] = {}
    for row in ledger.printed(today - _RECENT, today + timedelta(days=1)):
        if not row.run.startswith(DESK):
            runs.setdefault(row.run, []).append(row)
    return [
        RunState(
            run=run,
            day=date.fromisoformat(rows[0].at[:10]),
            people=len({row.code.casefold() for row in rows}),
            unmarked=len({row.code.casefold() for row in rows if row.mark is Mark.PRINTED}),
        )
        for run, rows in reversed(runs.items())
    ]


def _folded(codes: Iterable[str]) -> set[str]:
    return {code.casefold() for code in codes}


def _moment(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
