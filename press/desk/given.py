"""What was printed and given: bars and a table of counts, and people's pages to mark as given or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from press.content.localize import language_in_words, short_date_in_words, time_in_words
from press.delivery.all_desks import LedgerPlace
from press.delivery.ledger import Mark, Why
from press.desk.desk import Desk, get_desk
from press.desk.forms import Form, filled_form, read_form
from press.desk.report_files import csv_answer, pdf_answer, ticked_numbers
from press.errors import HandoutError, Place, Problem
from press.records import dataclass
from press.reports.data import GivenReport, summed
from press.reports.outcomes import outcomes
from press.reports.questions import GivenQuestion, Span, answer_given
from press.runs.marking import Marked, MarkRequest, PrintedPacket, list_packets, mark_packets
from press.runs.shared_ledger import ledger_place

if TYPE_CHECKING:
    from collections.abc import Callable

screen = Blueprint("given", __name__)
_DAYS: Final = "days"  # of the address: which days are shown
_MARK: Final = ("why",)
_MARKS: Final = (Mark.GIVEN, Mark.NOT_COLLECTED, Mark.VOID)
_MOST: Final = 1000  # people's pages in one table, the latest


@dataclass(frozen=True)
class ShownPackets:
    """The pages of a table that was shown, to find which of them were ticked."""

    packets: tuple[PrintedPacket, ...]


def _last_month(today: date) -> Span:
    last = today.replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last)


_SPANS: Final[dict[str, Callable[[date], Span]]] = {
    "week": lambda today: Span(today - timedelta(days=6), today),
    "weeks": lambda today: Span(today - timedelta(days=27), today),
    "month": lambda today: Span(today.replace(day=1), today),
    "last_month": _last_month,
    "year": lambda today: Span(today - timedelta(days=364), today),
}


def _chosen() -> str:
    typed = request.args.get(_DAYS, "")
    return typed if typed in _SPANS else "weeks"


def _report(desk: Desk) -> GivenReport | None:
    """The report of the chosen days; None where nothing was printed yet. Raises HandoutError."""
    if not ledger_place(desk.site).is_begun:
        return None
    today = desk.now().date()
    return answer_given(desk.site, GivenQuestion(today, _SPANS[_chosen()](today))).report


@screen.get("/given")
def show() -> str:
    """Show the counts of the chosen days, and whose pages they were."""
    return _page(filled_form(_MARK, why=Why.MISPRINT.value))


def _page(form: Form) -> str:
    desk = get_desk()
    report = _report(desk)
    packets: tuple[PrintedPacket, ...] = ()
    if report:
        place = ledger_place(desk.site)
        here = LedgerPlace(place.file)  # of a server that did not answer nobody waits for twice
        if not report.only_here:
            packets = list_packets(place, report.first, report.last)
        elif here.is_begun:
            packets = list_packets(here, report.first, report.last)
    shown = ShownPackets(packets[:_MOST])
    return render_template(
        "given.html",
        form=form,
        report=report,
        chosen=_chosen(),
        spans=list(_SPANS),
        outcomes=outcomes(report.counts) if report else (),
        language_name=lambda name: language_in_words(name, desk.language),
        drawings=_drawings(report, desk.language) if report else [],
        packets=shown.packets,
        more=len(packets) - len(shown.packets),
        ticked=ticked_numbers(),
        list=desk.memory.keep(shown, "given", most=20),
        done=desk.memory.get(request.args.get("done", ""), Marked),
        reasons=[why.value for why in Why],
        day=lambda day: short_date_in_words(day, desk.language),
        clock=lambda moment: time_in_words(moment.time(), desk.language),
    )


def _drawings(report: GivenReport, language: str) -> list[tuple[str, list[tuple[str, int]]]]:
    """The bars: how many pages by handout, and by language."""
    languages = [(language_in_words(name, language), amount) for name, amount in summed(report.counts, "language")]
    return [("handout", list(summed(report.counts, "handout"))), ("language", languages)]


@screen.get("/given/given.csv")
def table() -> Response:
    """Give the counts as a table for a spreadsheet."""
    return csv_answer(_report_or_refuse(get_desk()))


@screen.get("/given/given.pdf")
def page() -> Response:
    """Give the report as a page."""
    desk = get_desk()
    return pdf_answer(desk, _report_or_refuse(desk))


def _report_or_refuse(desk: Desk) -> GivenReport:
    """Raises HandoutError where nothing was printed yet."""
    if report := _report(desk):
        return report
    raise HandoutError([Problem(Place("given"), desk.words()("given.nothing"))])


@screen.post("/given")
def mark() -> Response | tuple[str, int]:
    """Mark the pages of those who are ticked."""
    desk, form, w = get_desk(), read_form(_MARK), get_desk().words()
    shown = desk.memory.get(request.form.get("list", ""), ShownPackets)
    if shown is None:
        return _page(form.refused([Problem(Place(""), w("given.gone"))])), 422
    ticked = [shown.packets[number] for number in ticked_numbers() if number < len(shown.packets)]
    if not ticked:
        return _page(form.refused([Problem(Place(""), w("given.nobody_ticked"))])), 422
    marked, why = request.form.get("mark", ""), form.value("why")
    if marked not in _MARKS or why not in list(Why):
        raise BadRequest
    wanted = MarkRequest(
        ledger=ledger_place(desk.site),
        now=desk.now(),
        packets=tuple((packet.run, packet.code) for packet in ticked),
        mark=Mark(marked),
        why=Why(why) if marked == Mark.VOID else None,
    )
    try:
        done = mark_packets(wanted)
    except HandoutError as error:
        return _page(form.refused(error.problems)), 422
    return redirect(url_for("given.show", days=_chosen(), done=desk.memory.keep(done)), 303)
