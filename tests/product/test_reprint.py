"""Printing again: one sheet of a job, one person by code, from a list or from the list of the last run."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from tests.rigs import verapdf_rig
from tests.runs.test_batch import LIST, given
from tests.runs.test_print_job import sides
from tests.support import Shop, folded

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


def file_of(told: str) -> Path:
    """The file that the run names."""
    (line,) = (line for line in told.splitlines() if line.endswith(".pdf") and " again" not in line)
    return Path(line.removeprefix("file: "))


# One sheet


@pytest.mark.parametrize("sheet", [1, 2, 4, 6])
def test_one_sheet_comes_again_and_no_other(shop: Shop, sheet: int) -> None:
    whole = job(shop)
    code, told, _ = batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", str(sheet), *DAY)

    assert code == 0 and f"sheet {sheet} again" in told
    assert file_of(told).name == f"today-sheet-{sheet}.pdf"
    assert sides(file_of(told).read_bytes()) == whole[2 * sheet - 2 : 2 * sheet]
    assert len(given(shop)) == 6, "what is printed again is not given twice"


@pytest.mark.usefixtures("rig")
def test_a_sheet_in_the_middle_of_a_handout_complies_with_the_standards(shop: Shop) -> None:
    job(shop, "--simplex")
    middle = [batch(shop, *ONE, "--simplex", "--merged", "jobs/today.pdf", "--sheet", str(n), *DAY) for n in (2, 3)]

    verdicts = verapdf_rig.validate([file_of(told) for _, told, _ in middle], ("ua1", "2a"))
    assert len(verdicts) == 4 and not [str(verdict) for verdict in verdicts if not verdict.compliant]


@pytest.mark.parametrize(
    "more", [("--from-sheet", "2"), ("--code", "P-1"), ("--report", "report.txt")], ids=lambda more: more[0]
)
def test_one_sheet_goes_with_no_other_choice(shop: Shop, more: tuple[str, ...]) -> None:
    assert batch(shop, "--merged", "jobs/today.pdf", "--sheet", "2", *more, *DAY)[0] == 2


def test_a_sheet_that_is_not_there_is_refused(shop: Shop) -> None:
    job(shop)
    code, _, errors = batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", "7", *DAY)

    assert code == 1 and "has 6 sheets" in errors


def test_the_next_day_a_sheet_still_has_the_day_of_its_job(shop: Shop) -> None:
    whole = job(shop)
    code, told, _ = batch(shop, *ONE, "--merged", "jobs/today.pdf", "--sheet", "3")

    assert code == 0, "without a day typed it is that of the job, not the real one"
    assert sides(file_of(told).read_bytes()) == whole[4:6]


# By code


def test_one_person_by_code_in_a_file_of_its_own(shop: Shop) -> None:
    whole = job(shop)
    code, told, _ = batch(shop, *ONE, "--code", "p-2", *DAY)
    file = file_of(told)

    assert code == 0 and told.startswith("printed for 1 person, 2 handouts\nsheets: 2\n")
    assert file == shop.root / "out" / "reprint.pdf"
    assert len(sides(file.read_bytes())) == 4
    assert [row[0] for row in given(shop)][-2:] == ["P-2", "P-2"]
    assert sides((shop.root / "jobs" / "today.pdf").read_bytes()) == whole


def test_people_come_in_the_order_of_the_list_and_beside_what_is_there(shop: Shop) -> None:
    job(shop)
    first, second = (batch(shop, *ONE, "--code", codes, *DAY)[1] for codes in ("P-1", "P-3, P-1"))

    assert file_of(first).name == "reprint.pdf"
    assert re.fullmatch(r"reprint-[A-Z2-9]{6}\.pdf", file_of(second).name)
    assert len(sides(file_of(second).read_bytes())) == 8
    assert "Ana" in sides(file_of(second).read_bytes())[0]


def test_some_people_of_a_list_never_replace_its_whole_job(shop: Shop) -> None:
    whole = job(shop)
    for some in (("--code", "P-2"), ("--rows", "3")):
        code, told, _ = batch(shop, *ONE, "--merged", "jobs/today.pdf", *some, *DAY)
        assert code == 0 and re.fullmatch(r"today-[A-Z2-9]{6}\.pdf", file_of(told).name)

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


# From the list of the last run


def remembered(shop: Shop) -> dict[str, str]:
    return json.loads((shop.root / ".press-cache" / "last-list.json").read_text("utf-8"))["data"]


def test_the_desk_finds_a_person_in_the_list_of_the_last_run(shop: Shop) -> None:
    job(shop)
    result = shop.run("make", "overdose-warning", "--code", "P-2", *DAY)
    text = shop.run("make", "overdose-warning", "--code", "p-2", "--format", "text", "-o", "-", "--no-ledger", *DAY)

    assert result.exit_code == 0 and file_of(result.stdout).name == "DRAFT-P-2-overdose-warning-en.pdf"
    [row] = [line for line in LIST.splitlines() if line.startswith("P-2")]
    assert row.split(",")[1] in folded(text.stdout)
    assert [code for code, _ in given(shop)][-1] == "P-2"


def test_of_the_list_only_path_and_digest_are_remembered(shop: Shop) -> None:
    job(shop)
    file = shop.root / ".press-cache" / "last-list.json"

    assert set(remembered(shop)) == {"path", "sha256"} and remembered(shop)["path"] == str(shop.root / "list.csv")
    assert "Ana" not in file.read_text("utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_list_that_was_only_checked_is_not_the_last_run(shop: Shop) -> None:
    assert batch(shop, "--dry-run", *DAY)[0] == 0
    result = shop.run("make", "--code", "P-2", *DAY)

    assert result.exit_code == 1 and "no list was printed here yet" in result.stderr


def _moved(shop: Shop) -> None:
    (shop.root / "list.csv").rename(shop.root / "other.csv")


def _changed(shop: Shop) -> None:
    shop.edit("list.csv", "Ana", "Eva")


def _forged(shop: Shop) -> None:
    (shop.root / ".press-cache" / "last-list.json").write_text("[]", "utf-8")


@pytest.mark.parametrize(
    ("change", "why"), [(_moved, "moved or removed"), (_changed, "was changed since"), (_forged, "no list was printed")]
)
def test_a_list_that_is_not_as_it_was_is_refused(shop: Shop, change: object, why: str) -> None:
    job(shop)
    before = shop.out()
    change(shop)
    result = shop.run("make", "--code", "P-2", *DAY)

    assert result.exit_code == 1 and why in result.stderr
    assert "`batch LIST --code CODE`" in result.stderr
    assert shop.out() == before and len(given(shop)) == 6


def test_a_code_that_nobody_or_two_people_have_is_refused(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(LIST.replace("P-3,", "P-1,"), "utf-8")
    assert batch(shop, *ONE, "--merged", "jobs/today.pdf", *DAY)[0] == 1
    nobody, two = (shop.run("make", "--code", code, *DAY) for code in ("P-9", "P-1"))

    assert nobody.exit_code == two.exit_code == 1
    assert "nobody on the list of the last run has this code" in nobody.stderr
    assert "more than one row" in two.stderr


def test_what_is_wrong_in_the_row_is_told_with_its_place(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(LIST.replace("P-3,", "P-3,").replace("2026-11-20", "3/4/26"), "utf-8")
    batch(shop, *ONE, "--merged", "jobs/today.pdf", *DAY)
    codes = [line.split(",")[0] for line in LIST.replace("2026-11-20", "3/4/26").splitlines() if "3/4/26" in line]
    assert codes
    result = shop.run("make", "--code", codes[0], *DAY)

    assert result.exit_code == 1 and "column last_dose: error" in result.stderr


def test_what_is_typed_replaces_what_is_wrong_in_the_row(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(LIST.replace("2026-11-20", "46346"), "utf-8")
    batch(shop, *ONE, "--merged", "jobs/today.pdf", *DAY)
    wrong = shop.run("make", "overdose-warning", "--code", "P-3", *DAY)
    right = shop.run("make", "overdose-warning", "--code", "P-3", "--set", "last_dose=2026-11-20", *DAY)

    assert wrong.exit_code == 1 and "number of a day" in wrong.stderr
    assert right.exit_code == 0


def test_nothing_is_guessed_about_who_comes_from_a_list(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(LIST.replace("P-3,Cy Despina,injection", "P-3,Cy Despina,"), "utf-8")
    batch(shop, *ONE, "--merged", "jobs/today.pdf", *DAY)
    unsaid = shop.run("make", "overdose-warning", "--code", "P-3", *DAY)
    said = shop.run("make", "overdose-warning", "--code", "P-3", "--form", "injection", *DAY)

    assert unsaid.exit_code == 1 and "`form`: nothing is said here" in unsaid.stderr
    assert said.exit_code == 0


def test_a_person_comes_from_one_place(shop: Shop) -> None:
    assert shop.run("make", "--code", "P-1", "--patient", "p.yaml", *DAY).exit_code == 2


# A code alone


def test_a_code_alone_is_not_entered_into_the_ledger(shop: Shop) -> None:
    for more in ((), ("-l", "es"), ("--edition", "large-print")):
        result = shop.run("make", "overdose-warning", "--set", "code=P-1", *more, *DAY)
        assert result.exit_code == 1 and "nothing else of this person was typed" in result.stderr
        assert "`make --code CODE`" in result.stderr
    assert not (shop.root / "ledger.sqlite").exists() and not shop.out()


@pytest.mark.parametrize("more", [("--no-ledger",), ("--form", "tablet"), ("--set", "last_dose=2026-11-20")])
def test_a_code_with_more_or_without_the_ledger_prints(shop: Shop, more: tuple[str, ...]) -> None:
    assert shop.run("make", "overdose-warning", "--set", "code=P-1", *more, *DAY).exit_code == 0
