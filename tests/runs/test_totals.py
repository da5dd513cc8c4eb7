"""What a clerk reads at the end of a list: five lines if all is well, and last what must be acted on."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from press.content.approvals import State, Status
from press.errors import Place, Problem, Severity
from press.patients.options import Options
from press.runs.handout import Site, complete, make
from press.runs.totals import ListOutcome, ListResult
from tests.runs.test_batch import DAY
from tests.runs.test_needs import GOOD, batch, row, write
from tests.support import TODAY, Shop


def test_whom_staff_must_see_to_stands_below_the_warnings(shop: Shop) -> None:
    write(shop, row("P-2", last_dose="3/4/26"), row("P-3", appointment="2026-12-23"))
    code, line, errors = batch(shop, "--dry-run")

    severities = re.findall("^list.csv, row [^:]+: (warning|error):", errors, re.MULTILINE)
    assert code == 1 and severities == ["warning", "error", "error"]
    assert line.splitlines()[-1] == "next: correct these rows, in this order, and run the same command again"


def test_warnings_that_only_an_editor_can_act_on_are_told_by_check_alone(shop: Shop) -> None:
    shop.edit("handouts/side-effects/en.yaml", 'drive: "Do not drive', 'drive: "It is known. Do not drive')
    write(shop, GOOD)
    code, _, errors = batch(shop, "--dry-run", "side-effects")
    made = shop.run("make", "side-effects", "-o", "made", *DAY)
    site, draft = Site(shop.root), Status(State.DRAFT)
    options = complete(site, Options(), TODAY)[0]
    (warning,) = make(site, "side-effects", options, TODAY, sign=draft).warnings  # as `check` makes it

    assert (code, errors) == (0, "") and (made.exit_code, made.stderr) == (0, "")
    assert "found “is known”" in warning.message and not warning.is_error


def test_a_clean_list_is_told_in_five_lines(shop: Shop) -> None:
    write(shop, GOOD, row(handouts="overdose-warning"))
    code, told, errors = batch(shop, "overdose-warning", "--merged", "job.pdf", "--simplex")

    assert (code, errors) == (0, "") and told.splitlines() == [
        "printed for 2 people, 2 handouts",
        "sheets: 2",
        "needs you: nobody",
        f"file: {shop.root / 'job.pdf'}",
        "next: print in actual size, on one side, and delete the file; when the pages are handed out: given list.csv",
    ]


def test_the_next_step_names_the_rows_of_those_who_need_a_clerk(shop: Shop) -> None:
    write(shop, row("P-2", last_dose="3/4/26"), GOOD, row("P-4", form="pills"), row("P-5", form="pills"))
    code, told, _ = batch(shop, "overdose-warning", "--merged", "job.pdf")

    with closing(sqlite3.connect(shop.root / "ledger.sqlite")) as ledger:
        ((run,),) = ledger.execute("SELECT DISTINCT run FROM printed").fetchall()
    assert code == 1 and told.splitlines()[-1] == (
        "next: see to these people, in this order; correct their rows, and print those alone: --rows 2,4-5, "
        f"to another file; when the other pages are handed out: given {run}"
    )


def test_rows_that_are_only_counted_are_not_named(shop: Shop) -> None:
    write(shop, *(row(f"P-{n}", form="pills" if n % 2 else "injection") for n in range(1, 60)))
    told = batch(shop, "overdose-warning", "--separate", "run")[1]
    assert "print those alone: --rows, to another folder; when the other pages are " in told.splitlines()[-1]


@pytest.mark.parametrize("outcome", ListOutcome)
def test_problems_of_nobody_stand_above_and_sorted(outcome: ListOutcome) -> None:
    late, early = (Problem(Place("b.yaml", line), "x", severity=Severity.WARNING) for line in (2, 1))
    result = ListResult(outcome, 1, 1, 1, (late, early), ())

    assert result.sorted_problems() == [early, late] and not result.is_faulty
    assert result.summary[0].startswith("nothing was printed") == (outcome is ListOutcome.CHECKED)
