"""Who holds an older version of a handout: bars by version, a table of codes to call, and the newer one printed."""

from __future__ import annotations

from collections import Counter
from typing import Final

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from press.content.fields import is_version
from press.content.localize import language_in_words, short_date_in_words
from press.desk.desk import Desk, get_desk
from press.desk.forms import Form, filled_form, read_form
from press.desk.gate import large
from press.desk.lists import open_for
from press.desk.report_files import csv_answer, pdf_answer, ticked_numbers
from press.errors import HandoutError, Place, Problem
from press.reports.questions import RecallQuestion, ReportAnswer, answer_recall, find_codes
from press.reports.recall import RecallReport, version_parts
from press.runs.shared_ledger import ledger_place

screen = Blueprint("recall", __name__)
_ASK: Final = ("handout", "before", "list")


@screen.get("/recall")
def show() -> str | tuple[str, int]:
    """Ask for a handout and a version, or show who holds an older one."""
    desk, form = get_desk(), read_form(_ASK, request.args)
    if not any(form.value(key) for key in _ASK):
        return _page(desk, filled_form(_ASK))
    try:
        answer = _answer(desk, form)
    except HandoutError as error:
        return _page(desk, form.refused(error.problems)), 422
    return _page(desk, form, answer)


def _answer(desk: Desk, form: Form) -> ReportAnswer[RecallReport]:
    """Answer the question of the form. Raises HandoutError for what is no question, or where nothing was printed."""
    handout, before, w = form.value("handout"), form.value("before"), desk.words()
    problems = []
    if handout not in desk.site.library.topics:
        problems.append(Problem(Place("handout"), w("recall.choose_handout")))
    if before and not is_version(before):
        problems.append(Problem(Place("before"), w("recall.no_version")))
    if problems:
        raise HandoutError(problems)
    if not ledger_place(desk.site).is_begun:
        raise HandoutError([Problem(Place(""), w("given.nothing"))])
    version = before or desk.site.library.structure(handout).version
    return answer_recall(desk.site, RecallQuestion(desk.now().date(), handout, version))


@screen.post("/recall")
@large
def choose() -> Response | tuple[str, int]:
    """Open a list with those ticked who are ticked here and stand on it, to print the newer version for them."""
    desk, form, w = get_desk(), read_form(_ASK), get_desk().words()
    answer = _answer(desk, form)
    held, file, newest = answer.report.held, request.files.get(form.name("list")), desk.lists.newest
    data = (file.read() if file else b"") or (newest.data if newest else b"")
    ours = ("", desk.site.clinic.site)  # a code of another site is somebody else on a list of this one
    ticked = (held[number] for number in ticked_numbers() if number < len(held))
    codes = tuple(one.code for one in ticked if one.site in ours)
    problems = []
    if not codes:
        problems.append(Problem(Place(""), w("due.nobody_ticked")))
    if not data:
        problems.append(Problem(Place("list"), w("due.choose_file")))
    if problems:
        return _page(desk, form.refused(problems), answer), 422
    try:
        rows = desk.maker.ask(find_codes, data, codes)
    except HandoutError as error:
        return _page(desk, form.refused(error.problems), answer), 422
    if not rows.found or rows.missing:
        return _page(
            desk, form.refused([Problem(Place("list"), w("recall.not_on_list", count=rows.missing))]), answer
        ), 422
    return open_for(desk, data, desk.now().date(), rows.all - rows.found)


def _page(desk: Desk, form: Form, answer: ReportAnswer[RecallReport] | None = None) -> str:
    library = desk.site.library
    report = answer.report if answer else None
    return render_template(
        "recall.html",
        form=form,
        handouts=[("", "…"), *((topic, f"{topic} {library.structure(topic).version}") for topic in library.topics)],
        report=report,
        warnings=answer.other_warnings if answer else (),
        site=desk.site.clinic.site,
        bars=_bars(report) if report else [],
        opened=desk.lists.newest,
        ticked=ticked_numbers(),
        day=lambda day: short_date_in_words(day, desk.language),
        language_name=lambda name: language_in_words(name, desk.language),
    )


def _bars(report: RecallReport) -> list[tuple[str, int]]:
    """How many people hold each older version, the newest first."""
    found = Counter(held.version for held in report.held)
    return sorted(found.items(), key=lambda pair: version_parts(pair[0]), reverse=True)


@screen.get("/recall/recall.csv")
def table() -> Response:
    """Give the report as a table for a spreadsheet."""
    desk = get_desk()
    return csv_answer(_answer(desk, read_form(_ASK, request.args)).report)


@screen.get("/recall/recall.pdf")
def page() -> Response:
    """Give the report as a page."""
    desk = get_desk()
    return pdf_answer(desk, _answer(desk, read_form(_ASK, request.args)).report)
