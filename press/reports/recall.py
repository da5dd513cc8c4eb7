"""Who holds an older version of a handout: every page that was printed counts, unless it is void or not collected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from press.delivery.ledger import LedgerRow, Mark
from press.patients.patient_list import PatientList
from press.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Held:
    """The latest older version that was printed for a person, on the day `given`; `mark` is printed or given.

    Where `newer` is set, the person was given that version too, printed on the day `since`, in the same
    language and signed off. One that was printed and that nobody marked as given is `newer_printed`,
    of the day `newer_printed_on`: nobody knows whether the person has it. `row` is that of the code in a list, or 0.
    `site` says whose code it is, where the desks of several share the ledger.
    """

    code: str
    given: date
    version: str
    language: str
    state: str
    newer: str = ""
    since: date | None = None
    mark: str = Mark.PRINTED.value
    newer_printed: str = ""
    newer_printed_on: date | None = None
    row: int = 0
    site: str = ""


@dataclass(frozen=True, slots=True)
class RecallReport:
    """For whom a version before `before` was printed: those not known to hold anything newer, and those who do.

    It is `only_here` where the server of all desks could not be asked.
    """

    day: date
    handout: str
    before: str
    held: tuple[Held, ...]
    replaced: tuple[Held, ...]
    only_here: bool = False


def recall_report(rows: Iterable[LedgerRow], handout: str, before: str, day: date) -> RecallReport:
    """List each person once, with the latest older version; for whom it was printed last comes first.

    A draft counts as older paper, but never as newer: nobody has signed it off. A page in another
    language does not replace one either, nor one that nobody marked as given. A person for whom such a
    one was printed stands behind those without.
    """
    people: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in rows:
        if row.mark.is_out:
            people.setdefault((row.site, row.code.casefold()), []).append(row)
    found = [held for printed in people.values() if (held := _held(printed, version_parts(before)))]
    found.sort(key=lambda held: (bool(held.newer_printed), -held.given.toordinal(), held.site, held.code))
    return RecallReport(
        day, handout, before, tuple(h for h in found if not h.newer), tuple(h for h in found if h.newer)
    )


def with_rows(report: RecallReport, people: PatientList, site: str = "") -> RecallReport:
    """Name the row of each code in a list of this `site`, where one row alone has it."""
    codes = [held.code for held in (*report.held, *report.replaced) if held.site in ("", site)]
    rows = {code: found[0].number for code, found in zip(codes, people.rows_of(codes), strict=True) if len(found) == 1}

    def placed(held: Held) -> Held:
        return replace(held, row=rows.get(held.code, 0) if held.site in ("", site) else 0)

    return replace(report, held=tuple(map(placed, report.held)), replaced=tuple(map(placed, report.replaced)))


def _held(printed: list[LedgerRow], before: tuple[int, ...]) -> Held | None:
    """Find the latest older page that nothing newer replaced, or may have replaced; else the latest of all."""
    printed = sorted(printed, key=_moment)
    pages = [_page(row, printed, before) for row in printed if version_parts(row.version) < before]
    return min(reversed(pages), key=lambda page: (bool(page.newer), bool(page.newer_printed)), default=None)


def _page(row: LedgerRow, printed: list[LedgerRow], before: tuple[int, ...]) -> Held:
    """Pair one older page with what replaced it: the latest newer one, in its language, printed after it."""
    newer = [
        other
        for other in printed
        if version_parts(other.version) >= before
        and other.language == row.language
        and other.state == "final"
        and _moment(other) >= _moment(row)
    ]
    held = Held(row.code, _moment(row).date(), row.version, row.language, row.state, mark=row.mark.value, site=row.site)
    if given := [other for other in newer if other.mark is Mark.GIVEN]:
        return replace(held, newer=given[-1].version, since=_moment(given[-1]).date())
    if newer:
        return replace(held, newer_printed=newer[-1].version, newer_printed_on=_moment(newer[-1]).date())
    return held


def _moment(row: LedgerRow) -> datetime:
    """Read the moment of a row: as texts, the hour that summer time repeats would sort in the wrong order."""
    return datetime.fromisoformat(row.at)


def version_parts(version: str) -> tuple[int, ...]:
    """Split a version into numbers to compare by: 1.10.0 is newer than 1.9.0."""
    return tuple(int(part) for part in version.split("."))
