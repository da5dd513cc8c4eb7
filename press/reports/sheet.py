"""What a sheet of paper is, by the number at its foot, such as KP2F6C-37: its page, and whether that is current."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

from press.content.approvals import code_of
from press.delivery.all_desks import ask_all_desks
from press.delivery.ledger import LedgerRow, Mark
from press.errors import HandoutError, Place, Problem
from press.records import dataclass
from press.reports.recall import version_parts
from press.runs.handout import Site
from press.runs.shared_ledger import ledger_place

_NUMBER = re.compile(r"\s*([A-Z0-9]{6})\s*-\s*([0-9]{1,6})\s*", re.IGNORECASE)
_PLACE = Place("the sheet")
NOT_A_NUMBER, UNKNOWN_RUN, NO_SUCH_SHEET = "not-a-number", "unknown-run", "no-such-sheet"  # codes of problems
_NO_ROW = "a drawer set, another computer, --no-ledger, or purged; the foot names handout and version"


@dataclass(frozen=True, slots=True)
class SheetFound:
    """The page that a sheet belongs to, and its `state`: current, recalled, reworded, void or gone.

    `now` is the version that the handout has today, "" where it is gone. It is `only_here` where the server of all
    desks could not be asked, so that another desk may have made the page void.
    """

    number: str
    code: str
    handout: str
    version: str
    language: str
    printed: str
    state: str
    now: str
    only_here: bool = False

    @property
    def run(self) -> str:
        """The run of the sheet, as its number names it."""
        return self.number.partition("-")[0]

    @property
    def sheet(self) -> int:
        """The number of the sheet in its run."""
        return int(self.number.partition("-")[2])

    @property
    def words(self) -> tuple[str, ...]:
        """The answer for staff, in a line each, and what to do."""
        page = f"{self.number}: {self.handout} {self.version}, {self.language}, for {self.code}, printed {self.printed}"
        more = ("this is what this computer alone knows: the server could not be asked",) if self.only_here else ()
        return page, f"{_ANSWERS[self.state].format(now=self.now)}{self._next}", *more

    @property
    def _next(self) -> str:
        if self.state == "current":
            again = f"batch LIST --merged the file of run {self.run} --from-sheet {self.sheet}"
            return f"; to print it and all after it again: {again}"
        return "" if self.state == "gone" else f"; to print the present one: make {self.handout} --code {self.code}"


_ANSWERS = {
    "current": "current",
    "recalled": "recalled, version {now} is out",
    "reworded": "of version {now}, but its words were changed since",
    "void": "void: it is to be thrown away",
    "gone": "there is no such handout any more",
}


def find_sheet(site: Site, typed: str) -> SheetFound:
    """Find the page of a sheet in the ledger, where the pages of a job stand in the order of its sheets.

    Raises HandoutError: that is no number of a sheet, or the ledger has no such sheet.
    """
    match = _NUMBER.fullmatch(typed)
    if not match:
        raise _refused(NOT_A_NUMBER, "expected the number at the foot of a page, such as KP2F6C-37")
    run, number = match[1].upper(), int(match[2])
    asked = ask_all_desks(ledger_place(site), lambda ledger: tuple(ledger.of_run(run)), is_own=True)
    rows = _once(asked.answer)
    if not rows:
        missing = _refused(UNKNOWN_RUN, "no page of this run is in the ledger", _NO_ROW)
        raise HandoutError([*missing.problems, *asked.warnings])
    ends = accumulate(row.sheets for row in rows)
    row = next((row for row, end in zip(rows, ends, strict=True) if number <= end), None)
    if row is None or not number:
        last = sum(row.sheets for row in rows)
        raise _refused(NO_SUCH_SHEET, f"this run has the sheets 1 to {last}", "look at the number again")
    state, now = _state(site, row)
    page = (row.code, row.handout, row.version, row.language, row.at[:10])
    return SheetFound(f"{run}-{number}", *page, state, now, asked.is_only_here)


def _refused(code: str, message: str, hint: str = "") -> HandoutError:
    return HandoutError([Problem(_PLACE, message, hint, private=True, code=code)])


def _once(rows: Iterable[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Each page of a run once: two desks that print the same list make the same run."""
    found: dict[tuple[str, str, str, str], LedgerRow] = {}
    for row in rows:
        found.setdefault((row.code, row.handout, row.language, row.edition), row)
    return tuple(found.values())


def _state(site: Site, row: LedgerRow) -> tuple[str, str]:
    """Whether a page is what would be printed today, and the version of that."""
    try:
        handout = site.handout(row.handout, row.language)
    except HandoutError:
        return "void" if row.mark is Mark.VOID else "gone", ""
    now = handout.structure.version
    if row.mark is Mark.VOID:
        return "void", now
    if version_parts(row.version) < version_parts(now):
        return "recalled", now
    return ("current" if row.fingerprint == code_of(handout) else "reworded"), now
