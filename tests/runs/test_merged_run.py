"""Printing again from a list: one sheet of its job, or one person by code."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.rigs import verapdf_rig
from tests.runs.test_batch import LIST, given
from tests.runs.test_print_job import sides
from tests.support import Shop

DAY = ("--today", "2026-11-23")
ONE = ("overdose-warning", "side-effects")


@pytest.fixture(autouse=True)
def on_a_list(shop: Shop) -> None:
    """Three made-up people on a list."""
    (shop.root / "list.csv").write_text(LIST, "utf-8")


def batch(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("batch", "list.csv", *args)
    return result.exit_code, result.stdout, result.stderr


def job(shop: Shop, *args: str) -> tuple[str, ...]:
    """Print the whole list as a job; its sides."""
    assert batch(shop, *ONE, "--merged", "jobs/today.pdf", *args, *DAY)[0] == 0
    return sides((shop.root / "jobs" / "today.pdf").read_bytes())


def file_in(told: str) -> Path:
    """The file that a command names."""
    return Path(re.findall(r"\S+\.pdf\b", told)[-1])


# One sheet


@pytest.mark.parametrize("sheet", [1, 2, 4, 6])
def test_one_sheet_comes_again_and_no_other(shop: Shop, sheet: int) -> None:
    whole = job(shop)
    code, told, _ = batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", str(sheet), *DAY)

    assert code == 0 and f"sheet {sheet} again" in told
    assert file_in(told).name == f"today-sheet-{sheet}.pdf"
    assert sides(file_in(told).read_bytes()) == whole[2 * sheet - 2 : 2 * sheet]
    assert len(given(shop)) == 6, "what is printed again is not given twice"


@pytest.mark.usefixtures("rig")
def test_a_sheet_in_the_middle_of_a_handout_complies_with_the_standards(shop: Shop) -> None:
    job(shop, "--simplex")
    middle = [batch(shop, *ONE, "--simplex", "--merged", "jobs/today.pdf", "--sheet", str(n), *DAY) for n in (2, 3)]

    verdicts = verapdf_rig.validate([file_in(told) for _, told, _ in middle], ("ua1", "2a"))
    assert len(verdicts) == 4 and not [str(verdict) for verdict in verdicts if not verdict.compliant]


@pytest.mark.parametrize(
    "more", [("--from-sheet", "2"), ("--code", "P-1"), ("--report", "report.txt")], ids=lambda more: more[0]
)
def test_one_sheet_goes_with_no_other_choice(shop: Shop, more: tuple[str, ...]) -> None:
    assert batch(shop, "--merged", "jobs/today.pdf", "--sheet", "2", *more, *DAY)[0] == 2


def test_one_sheet_says_nothing_of_people_on_other_sheets(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(
        LIST.replace("P-1,Ana Zerbinetta,injection", "P-1,Ana Zerbinetta,pills"), "utf-8"
    )
    assert batch(shop, *ONE, "--merged", "jobs/today.pdf", *DAY)[0] == 1
    code, told, errors = batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", "3", *DAY)

    assert code == 0 and "sheet 3 again" in told and "row 2" not in errors


def test_a_sheet_that_is_not_there_is_refused(shop: Shop) -> None:
    job(shop)
    code, _, errors = batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", "7", *DAY)

    assert code == 1 and "has 6 sheets" in errors


def test_a_sheet_of_a_job_for_tomorrow_has_its_day_and_one_of_yesterday_is_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = job(shop)  # of November 23
    found = []
    for day in (22, 23, 24):
        now = datetime(2026, 11, day, 8, 0, tzinfo=UTC)
        for module in ("batch", "common"):
            monkeypatch.setattr(f"press.cli.{module}.now_of", lambda site, now=now: now)
        found.append(batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", "3"))

    assert [code for code, *_ in found] == [0, 0, 1]
    assert sides(file_in(found[0][1]).read_bytes()) == whole[4:6]
    assert "print one person with --code" in found[2][2], "who is late by now would not read it"


# By code


def test_one_person_by_code_in_a_file_of_its_own(shop: Shop) -> None:
    whole = job(shop)
    code, told, _ = batch(shop, *ONE, "--code", "p-2", *DAY)
    file = file_in(told)

    assert code == 0 and "printed for 1 person, 2 handouts" in told
    assert file == shop.root / "out" / "reprint.pdf"
    assert len(sides(file.read_bytes())) == 4
    assert [row[0] for row in given(shop)][-2:] == ["P-2", "P-2"]
    assert sides((shop.root / "jobs" / "today.pdf").read_bytes()) == whole


def test_people_come_in_the_order_of_the_list_and_beside_what_is_there(shop: Shop) -> None:
    job(shop)
    first, second = (batch(shop, *ONE, "--code", codes, *DAY)[1] for codes in ("P-1", "P-3, P-1"))

    assert file_in(first).name == "reprint.pdf"
    assert re.fullmatch(r"reprint-[A-Z2-9]{6}\.pdf", file_in(second).name)
    assert len(sides(file_in(second).read_bytes())) == 8
    assert "Ana" in sides(file_in(second).read_bytes())[0]


def test_everybody_of_another_list_by_code_is_printed_beside_what_is_there(shop: Shop) -> None:
    first = file_in(batch(shop, *ONE, "--code", "P-1", *DAY)[1])
    kept = first.read_bytes()
    header, one, *_ = LIST.splitlines(keepends=True)
    (shop.root / "list.csv").write_text(header + one.replace("P-1", "P-8"), "utf-8")
    code, told, _ = batch(shop, *ONE, "--code", "P-8", *DAY)

    assert code == 0 and re.fullmatch(r"reprint-[A-Z2-9]{6}\.pdf", file_in(told).name)
    assert first.name == "reprint.pdf" and first.read_bytes() == kept


def test_some_people_of_a_list_never_replace_its_whole_job(shop: Shop) -> None:
    whole = job(shop)
    for some in (("--code", "P-2"), ("--rows", "3")):
        code, told, _ = batch(shop, *ONE, "--merged", "jobs/today.pdf", *some, *DAY)
        assert code == 0 and re.fullmatch(r"today-[A-Z2-9]{6}\.pdf", file_in(told).name)

    assert sides((shop.root / "jobs" / "today.pdf").read_bytes()) == whole
    assert batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", "2", *DAY)[0] == 0


@pytest.mark.parametrize(
    ("codes", "which"),
    [("P-9", "this code\n"), ("P-1,Zerbinetta", "it is number 2 after --code"), ("P-1,", "number 2")],
)
def test_a_code_that_is_not_on_the_list_is_refused_and_not_repeated(shop: Shop, codes: str, which: str) -> None:
    code, _, errors = batch(shop, "--code", codes, *DAY)

    assert code == 2 and "nobody on this list has this code" in errors and which in errors
    assert "P-9" not in errors and "Zerbinetta" not in errors


def test_codes_and_rows_are_two_ways_to_choose(shop: Shop) -> None:
    assert batch(shop, "--code", "P-1", "--rows", "2", *DAY)[0] == 2
