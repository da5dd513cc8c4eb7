"""Print a report as a page: its data in words, filled into a template, and given to the usual writers.

The running words are in templates/report-words/, beside the template: they are for staff, so
nobody signs them off, and a translation of the handouts need not bring them along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from press.compose.sandbox import Fields
from press.compose.template import compose_page
from press.content import fields
from press.content.localize import language_in_words, short_date_in_words
from press.content.schema import Record, key, map_of, read_whole
from press.content.yaml.reader import read_file
from press.delivery.atomic import deliver
from press.delivery.destination import Target
from press.delivery.ledger import Mark
from press.document.nodes import Document, Value
from press.records import dataclass
from press.reports.data import (
    KINDS,
    BatchReport,
    Count,
    DayCount,
    Due,
    DueReport,
    GivenReport,
    NeedRow,
    RefusedRow,
    Report,
    summed,
)
from press.reports.filed import ContentsReport
from press.reports.month_grid import MonthDay, month_grids
from press.reports.outcomes import Outcome, outcomes
from press.reports.recall import Held, RecallReport
from press.runs.handout import Site
from press.runs.hardening import assert_hardened, harden_reportlab, watching
from press.writers.formats import FORMATS

if TYPE_CHECKING:
    from press.writers.pdf.file.page_tree import Part

LANGUAGE = "en"  # of all reports: staff read it; another one needs only a file of words
CARD = "card"  # the kind of page that stands at the front desk
_SHEET = "report"  # the stylesheet
_TEMPLATE = "report.xhtml.j2"
_MOST_BARS = 12  # what one look takes in; the table has every row


@dataclass(frozen=True, kw_only=True)
class ReportWords(Record):
    """templates/report-words/LANG.yaml: the running words of reports."""

    language: str = key(fields.language)
    texts: Mapping[str, str] = key(map_of(fields.words, fields.identifier))


def read_words(site: Site) -> Mapping[str, str]:
    """Read the running words by their id. Raises HandoutError."""
    shown = f"templates/report-words/{LANGUAGE}.yaml"
    path = site.templates / "report-words" / f"{LANGUAGE}.yaml"
    return read_whole(ReportWords, read_file(path, shown)).texts


def deliver_report(site: Site, report: Report, form: str, target: Target, paper: str = "") -> Path | bytes:
    """Print a report and put it where it was asked for, readable for this user alone.

    Gives the path, or the bytes for standard output. Raises HandoutError.
    """
    name = f"report-{KINDS[type(report)]}-{report.day}"
    return deliver_page(site, lambda: report_document(site, report), name, form, target, paper)


def report_as_pdf(site: Site, report: Report) -> bytes:
    """Print a report on the clinic's paper, for a caller that keeps it in memory. Raises HandoutError."""
    target = Target(site.root, is_stream=True)
    made = deliver_page(site, lambda: report_document(site, report), "", "pdf", target, "")
    assert isinstance(made, bytes), "a stream gets bytes"
    return made


def deliver_card(site: Site, today: date, form: str, target: Target, paper: str = "") -> Path | bytes:
    """Print the card for the front desk, which tells of no patient: the jobs of a day and their commands.

    Gives the path, or the bytes for standard output. Raises HandoutError.
    """

    def compose() -> Document:
        texts = read_words(site)
        return compose_report(site, texts, CARD, texts[CARD], today, {})

    return deliver_page(site, compose, "front-desk-card", form, target, paper)


def deliver_page(
    site: Site, compose: Callable[[], Document], name: str, form: str, target: Target, paper: str
) -> Path | bytes:
    """Write a page for staff on the clinic's paper by default, and put it where it was asked for."""
    harden_reportlab()
    with watching([site.root], [target.writable]):
        assert_hardened()
        printed = FORMATS[form].write(compose(), site.sheet(_SHEET, paper or site.clinic.defaults.paper))
        file = target.name or f"{name}{FORMATS[form].ending}"
        return printed.data if target.is_stream else deliver(printed.data, target.folder, file)


def report_document(site: Site, report: Report) -> Document:
    """Compose a report as a document tree. Raises HandoutError with the place in the template or the words."""
    texts = read_words(site)
    words = _Words(texts)
    return compose_report(site, texts, KINDS[type(report)], words.title(report), report.day, words.context(report))


def compose_report(
    site: Site, texts: Mapping[str, str], kind: str, title: str, day: date, context: Mapping[str, object]
) -> Document:
    """Compose the page of one kind for staff, from its part of the template and `texts`. Raises HandoutError."""
    filled = {
        "kind": kind,
        "title": title,
        "clinic": Value("clinic_name", site.clinic.name) if site.clinic.name else "",
        "day": _day(day),
        "word": Fields(**{name.replace("-", "_"): text for name, text in texts.items()}),
        **context,
    }
    return compose_page(filled, site.templates, _TEMPLATE, title, LANGUAGE)


def report_part(site: Site, document: Document, sides: int = 1) -> Part:
    """Lay out a page for staff as a part of a PDF file, on whole sheets of paper with `sides` printed on each.

    Raises HandoutError if it cannot be printed.
    """
    from press.writers.pdf.file.page_tree import Part
    from press.writers.pdf.writer import lay_out_document

    copy = lay_out_document(document, site.sheet(_SHEET, site.clinic.defaults.paper))
    return Part(document.title, document.language, (copy, *[None] * (-copy.pages % sides)))


def _day(day: date | None) -> str:
    """A day that keeps to one line: "Mon, Dec 21, 2026"."""
    return short_date_in_words(day, LANGUAGE).replace(" ", "\N{NO-BREAK SPACE}") if day else ""


def _code(code: str) -> Value:
    return Value("code", code)


class _Words:
    """The running words, and the data of each kind of report among them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def title(self, report: Report) -> str:
        """What the page is: also the name of its window, so no patient's value is in it."""
        title = self._texts[KINDS[type(report)]]
        if isinstance(report, RecallReport):
            title += f" {report.handout} {self._texts['before']} {report.before}"
        return title

    def context(self, report: Report) -> Mapping[str, object]:
        """What the template's part for this kind of report needs."""
        match report:
            case DueReport():
                return self._due(report)
            case GivenReport():
                return self._given(report)
            case RecallReport():
                return self._recall(report)
            case BatchReport():
                return self._batch(report)
            case ContentsReport():
                return self._contents(report)

    def _sums(self, **amounts: int) -> tuple[Fields, ...]:
        """Rows of a name and a number, by the id of the name."""
        return tuple(
            Fields(name=self._texts[name.replace("_", "-")], amount=amount) for name, amount in amounts.items()
        )

    # Who is due

    def _due(self, report: DueReport) -> Mapping[str, object]:
        return {
            "first": _day(report.first),
            "last": _day(report.last),
            "sums_": self._sums(
                on_the_list=report.people,
                overdue=len(report.overdue),
                is_due=len(report.due),
                undated=len(report.undated),
                refused_short=len(report.refused),
                sooner=len(report.sooner),
                later=len(report.later),
                daily=len(report.daily),
                stopped=len(report.stopped),
            ),
            "by_row": "yes" if report.by_row else "",
            "overdue": tuple(map(self._person, report.overdue)),
            "due": tuple(map(self._person, report.due)),
            "undated": tuple(Fields(code=_code(one.code), row=one.row) for one in report.undated),
            "refusals": tuple(map(_refused, report.refused)),
            "months": tuple(_months(report.days)),
        }

    def _person(self, person: Due) -> Fields:
        return Fields(
            code=_code(person.code),
            row=person.row,
            due=_day(person.due),
            late=person.late,
            form=self._texts[f"form-{person.form}"],
            appointment=_day(person.appointment),
            danger=_day(person.danger_from) if person.danger_from < person.due else "",
            closed="yes" if person.closed and not person.late else "",
            offered=_day(person.offered),
            notes=tuple(note[:1].upper() + note[1:] for note in person.notes),
        )

    # What was printed, and what became of it

    def _given(self, report: GivenReport) -> Mapping[str, object]:
        sums = self._sums(
            people=report.people,
            sheets=report.sheets,
            printed=report.handouts,
            is_given=report.given,
            not_collected=report.not_collected,
            void=report.void,
            unmarked=report.unmarked,
            **({"said_back": report.said_back, "not_yet": report.not_yet} if report.said_back + report.not_yet else {}),
        )
        days = {"first": _day(report.first), "last": _day(report.last)}
        desks = {"sites": ", ".join(report.sites), "only_here": "yes" if report.only_here else ""}
        return {**days, **desks, "sums_": sums, **self._outcomes(report)}

    def _outcomes(self, report: GivenReport) -> Mapping[str, object]:
        return {"outcomes": tuple(map(_outcome, outcomes(report.counts))), **self._counts(report)}

    def _batch(self, report: BatchReport) -> Mapping[str, object]:
        sums = self._sums(
            people=report.people,
            handouts=report.handouts,
            sheets=report.sheets,
            needs_short=len(report.needs),
            refused_short=len(report.refused),
        )
        return {"needs": tuple(map(_need, report.needs)), "sums_": sums, **self._counts(report)}

    def _counts(self, report: GivenReport | BatchReport) -> Mapping[str, object]:
        return {
            "counts": tuple(map(self._count, report.counts)),
            "drawings": (self._bars("handout", report.counts), self._bars("language", report.counts)),
        }

    def _count(self, count: Count) -> Fields:
        return Fields(
            handout=count.handout,
            version=count.version,
            language=language_in_words(count.language, LANGUAGE),
            edition=count.edition,
            state=self._texts[f"state-{count.state}"],
            handouts=count.handouts,
            sheets=count.sheets,
        )

    def _bars(self, name: str, counts: tuple[Count, ...]) -> Fields:
        """The most frequent ones as bars, the rest as one."""
        sums = summed(counts, name)
        shown = [(_named(name, value), amount) for value, amount in sums[:_MOST_BARS]]
        if rest := sum(amount for _, amount in sums[_MOST_BARS:]):
            shown.append((self._texts["others"], rest))
        bars = tuple(Fields(name=label, amount=amount) for label, amount in shown)
        return Fields(title=self._texts[f"by-{name}"], label=self._texts[f"bars-{name}"], bars=bars)

    # The contents of a drawer set

    def _contents(self, report: ContentsReport) -> Mapping[str, object]:
        return {
            "run": report.run,
            "sums_": self._sums(pages_in_all=len(report.pages), sheets=report.sheets),
            "pages": tuple(
                Fields(
                    sheets=sheet_numbers(page.first, page.last),
                    language=language_in_words(page.language, LANGUAGE),
                    form=self._texts[f"form-{page.form}"],
                    reason=self._texts[f"reason-{page.reason}"],
                    handout=f"{page.handout} {page.version}",
                    state=self._texts[f"state-{page.state}"],
                )
                for page in report.pages
            ),
        }

    # Who holds an older version

    def _recall(self, report: RecallReport) -> Mapping[str, object]:
        return {
            "only_here": "yes" if report.only_here else "",
            "sums_": self._sums(held=len(report.held), replaced=len(report.replaced)),
            "held": tuple(map(self._held, report.held)),
            "replaced": tuple(map(self._held, report.replaced)),
        }

    def _held(self, held: Held) -> Fields:
        return Fields(
            code=_code(held.code),
            site=held.site,
            row=held.row or "",
            given=_day(held.given),
            version=held.version,
            language=language_in_words(held.language, LANGUAGE),
            state=self._texts[f"state-{held.state}"],
            mark=self._texts[f"mark-{held.mark}"],
            newer=held.newer or held.newer_printed,
            since=_day(held.since or held.newer_printed_on),
        )


def sheet_numbers(first: int, last: int) -> str:
    """Write the numbers of the sheets from `first` to `last`."""
    return f"{first} – {last}" if last > first else str(first)


def _named(name: str, value: str) -> str:
    return language_in_words(value, LANGUAGE) if name == "language" else value


def _outcome(outcome: Outcome) -> Fields:
    marks = {"unmarked" if mark is Mark.PRINTED else mark.value: amount for mark, amount in outcome.marks}
    return Fields(
        handout=outcome.handout,
        version=outcome.version,
        language=language_in_words(outcome.language, LANGUAGE),
        printed=outcome.printed,
        **marks,
    )


def _refused(row: RefusedRow) -> Fields:
    return Fields(**_describe(row))


def _need(row: NeedRow) -> Fields:
    return Fields(**_describe(row), printed=row.printed, missing=", ".join(row.missing))


def _describe(row: RefusedRow | NeedRow) -> dict[str, object]:
    reasons = tuple(reason.replace("`", "") for reason in row.reasons)
    return {"row": row.row, "code": _code(row.code) if row.code else "", "reasons": reasons}


def _months(days: tuple[DayCount, ...]) -> Iterator[Fields]:
    """Each week that holds one of the days, by months."""
    for month in month_grids(days, LANGUAGE):
        cells = tuple(tuple(map(_cell, week)) for week in month.weeks)
        yield Fields(name=month.name, weekdays=month.weekdays, weeks=cells)


def _cell(day: MonthDay) -> Fields:
    return Fields(number=day.number or "", due=day.due or "", closed="yes" if day.is_closed else "")
