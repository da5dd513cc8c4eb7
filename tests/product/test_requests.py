"""The layer that commands and a desk in a browser share: requests go in, results come out, with no command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from press.content.approvals import Wish
from press.delivery.destination import Target, UsageError
from press.delivery.ledger import open_ledger
from press.errors import HandoutError
from press.patients.options import Options
from press.patients.patient_list import parse_list
from press.reports.cover import cover_for
from press.reports.questions import (
    DueQuestion,
    GivenQuestion,
    RecallQuestion,
    answer_due,
    answer_given,
    answer_recall,
    span_ahead,
    span_back,
)
from press.runs.desk_delivery import DeliveryRequest, LedgerEntry, deliver_pages
from press.runs.desk_run import DeskRequest, make_pages, prepare, preview
from press.runs.handout import Site
from press.runs.list_request import ListRequest, MergedFile, SeparateFiles
from press.runs.list_run import run_list
from press.runs.signing import SignatureRequest, approve_words, words_to_sign
from press.runs.totals import ListOutcome
from tests.support import TODAY, check_few, copied

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 17, 2, tzinfo=UTC)
LIST = b"Code,Form,Reason,Handouts\nP-1,injection,opioid,overdose-warning\nP-2,tablet,alcohol,overdose-warning\n"
LATE = b"Code,Form,Reason,Interval,Last dose,Handouts\nP-1,injection,opioid,4 weeks,2026-11-24,overdose-warning\n"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A clinic's folder of its own."""
    return Site(copied(tmp_path))


def desk(site: Site, **given: object) -> DeskRequest:
    return DeskRequest(site, TODAY, Options(**given), ("overdose-warning",))


def listed(site: Site, output: SeparateFiles | MergedFile | None, data: bytes = LIST, **more: object) -> ListRequest:
    people = parse_list(data, "list.csv")
    return ListRequest(site, people, people.numbers, NOW, TODAY, Wish.AS_IT_MAY_BE, output, workers=1, **more)


def rows(site: Site) -> list[str]:
    with open_ledger(site.root / site.clinic.ledger) as ledger:
        return [row.code for row in ledger.printed(TODAY, TODAY)]


# One reader


def test_a_page_is_made_in_memory_and_entered_as_it_is_delivered(site: Site) -> None:
    target, entry = Target(site.root / "out"), LedgerEntry(site.root / site.clinic.ledger, NOW)
    made = make_pages(prepare(desk(site, code="P-1")), target)
    assert not target.folder.exists() and [page.data[:5] for page in made.pages] == [b"%PDF-"]

    done = deliver_pages(DeliveryRequest(made.pages, site.root, target, lambda data: None, entry))

    assert [path.read_bytes() for path in done.paths] == [made.pages[0].data] and not done.problems
    assert rows(site) == ["P-1"]


def test_a_stream_that_fails_enters_nothing(site: Site) -> None:
    target, entry = Target(site.root, is_stream=True), LedgerEntry(site.root / site.clinic.ledger, NOW)
    made = make_pages(prepare(desk(site, code="P-1")), target)

    def fail(data: bytes) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        deliver_pages(DeliveryRequest(made.pages, site.root, target, fail, entry))

    assert rows(site) == []


def test_whatever_is_wrong_is_raised_at_once_with_advice_for_the_warning(site: Site) -> None:
    with pytest.raises(HandoutError) as caught:
        prepare(desk(site, form="injection", last_dose=date(2026, 11, 24), started=date(2026, 11, 25)))

    assert len(caught.value.problems) == 3 and all(problem.private for problem in caught.value.problems)


def test_a_page_beside_itself_is_wrong_use(site: Site) -> None:
    with pytest.raises(UsageError):
        prepare(DeskRequest(site, TODAY, Options(), ("overdose-warning",), beside="en"))


def test_a_preview_is_composed_and_not_printed(site: Site) -> None:
    before = sorted(site.root.rglob("*"))

    assert preview(desk(site)).topic == "overdose-warning" and sorted(site.root.rglob("*")) == before


# A list


def test_a_list_is_made_with_progress_and_the_result_says_what_became_of_it(site: Site) -> None:
    seen: list[tuple[int, str]] = []

    def show(items: Iterable[T], count: int, verb: str) -> Iterator[T]:
        seen.append((count, verb))
        yield from items

    result = run_list(listed(site, SeparateFiles(site.root / "run"), show=show, keep_given=True))

    assert (result.outcome, result.printed, result.needs) == (ListOutcome.PRINTED, 2, ())
    assert [row.code for row in result.given] == rows(site) == ["P-1", "P-2"] and seen == [(2, "printed")]


def test_a_merged_job_has_its_cover_and_one_file(site: Site) -> None:
    job = MergedFile(site.root / "job.pdf", cover_for(site, TODAY, 2))
    result = run_list(listed(site, job))

    assert result.file == job.path and job.path.read_bytes().startswith(b"%PDF-")
    assert result.given == (), "the rows are held for a report only"


@pytest.mark.parametrize("strict", [False, True])
def test_who_needs_a_clerk_stops_a_strict_run_only(site: Site, strict: bool) -> None:
    result = run_list(listed(site, SeparateFiles(site.root / "run"), LATE, strict=strict))

    assert len(result.needs) == 1 and (result.outcome is ListOutcome.CHECKED) == strict
    assert (site.root / "run").exists() != strict


def test_without_files_a_list_is_checked(site: Site) -> None:
    before = sorted(site.root.rglob("*"))
    result = run_list(listed(site, None))

    assert result.summary == (
        "nothing was printed; it would be for 2 people, 2 handouts, 2 sheets",
        "needs you: nobody",
    )
    assert sorted(site.root.rglob("*")) == before


def test_a_run_that_is_stopped_says_who_was_delivered(site: Site) -> None:
    def stop_after_one(items: Iterable[T], count: int, verb: str) -> Iterator[T]:
        for one in items:
            yield one
            raise KeyboardInterrupt

    result = run_list(listed(site, SeparateFiles(site.root / "run"), show=stop_after_one))

    assert result.is_stopped and result.printed == 1 and rows(site) == ["P-1"]


# Questions and signatures


def test_reports_are_data_with_their_warnings(site: Site) -> None:
    run_list(listed(site, SeparateFiles(site.root / "run")))
    due = answer_due(site, DueQuestion(parse_list(LIST, "list.csv"), TODAY, span_ahead(TODAY, None, None)))
    given = answer_given(site, GivenQuestion(TODAY, span_back(TODAY, None, None)))
    recall = answer_recall(site, RecallQuestion(TODAY, "overdose-warning", "99.0.0"))

    assert (due.report.people, given.report.people, len(recall.report.held)) == (2, 2, 2)
    assert len(recall.warnings) == 1 and "everybody" in recall.warnings[0].message


def test_a_report_without_a_ledger_makes_none(site: Site) -> None:
    with pytest.raises(HandoutError):
        answer_given(site, GivenQuestion(TODAY, span_back(TODAY, None, None)))

    assert not (site.root / site.clinic.ledger).exists()


@pytest.mark.parametrize("last", [date(2026, 11, 22), date(2027, 11, 30)])
def test_a_span_has_a_day_and_a_year_at_most(last: date) -> None:
    with pytest.raises(UsageError):
        span_ahead(TODAY, None, last)


def test_what_would_be_signed_is_what_is_signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    check_few(monkeypatch)
    monkeypatch.setattr("press.runs.signing.check_everything", lambda *_: (1, []))
    words = words_to_sign(site, "benefits", "en", TODAY)
    signed = approve_words(site, SignatureRequest("benefits", "en", "Pat Sample", "pharmacist", TODAY), TODAY)

    assert signed.words == words and signed.approval.by == "Pat Sample"
    assert (site.root / "approvals.yaml").exists()
