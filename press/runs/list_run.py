"""Make the handouts of everybody on a list, or check that they could be made."""

from __future__ import annotations

from press.runs.hardening import harden_reportlab
from press.runs.last_list import remember_list
from press.runs.list_request import ListRequest, MergedFile, SeparateFiles
from press.runs.totals import ListOutcome, ListResult, Totals


def run_list(request: ListRequest) -> ListResult:
    """Check everybody where that was asked for, then make the files; after Ctrl-C, say what was delivered before.

    Raises HandoutError for what concerns nobody on the list: a folder that is in use, another job.
    """
    harden_reportlab()  # before anything imports ReportLab, so both ways of making files are imported later
    if request.output is None or request.strict:
        checked = _check(request)
        if request.output is None or checked.needs:
            return checked
    return _make(request, request.output)


def _check(request: ListRequest) -> ListResult:
    from press.runs.separate_run import check_everybody

    totals = Totals(request.people.notes, keep_needs=request.keep_given)
    check_everybody(request, totals)
    return totals.result(ListOutcome.CHECKED)


def _make(request: ListRequest, output: SeparateFiles | MergedFile) -> ListResult:
    totals = Totals(request.people.notes, keep_needs=request.keep_given, keep_given=request.keep_given)
    try:
        _make_files(request, output, totals)
    except KeyboardInterrupt:
        return totals.result(ListOutcome.STOPPED)
    if request.list_path and totals.printed:
        remember_list(request.site.root, request.list_path, request.people.sha256)
    return totals.result(ListOutcome.PRINTED)


def _make_files(request: ListRequest, output: SeparateFiles | MergedFile, totals: Totals) -> None:
    match output:
        case MergedFile():
            from press.runs.merged_run import make_merged

            make_merged(request, output, totals)
        case SeparateFiles():
            from press.runs.separate_run import make_separate

            make_separate(request, output, totals)
