"""One person by code, from the list of the last run; and a code of which nothing else is known."""

from __future__ import annotations

import json
import os
import stat

import pytest

from tests.runs.test_batch import LIST, given
from tests.runs.test_merged_run import DAY, ONE, batch, file_in, job, on_a_list  # noqa: F401 - a fixture
from tests.support import Shop, folded


def remembered(shop: Shop) -> dict[str, str]:
    return json.loads((shop.root / ".press-cache" / "last-list.json").read_text("utf-8"))["data"]


def printed(shop: Shop, cell: str, other: str) -> int:
    """Print the list with another cell as a job; the exit code."""
    shop.edit("list.csv", cell, other)
    return batch(shop, *ONE, "--merged", "jobs/today.pdf", *DAY)[0]


def test_the_desk_finds_a_person_in_the_list_of_the_last_run(shop: Shop) -> None:
    job(shop)
    result = shop.run("make", "overdose-warning", "--code", "P-2", *DAY)
    text = shop.run("make", "overdose-warning", "--code", "p-2", "--format", "text", "-o", "-", "--no-ledger", *DAY)

    assert result.exit_code == 0 and file_in(result.stdout).name == "DRAFT-P-2-overdose-warning-en.pdf"
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


def test_a_list_that_was_read_with_switches_needs_them_again(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(
        LIST.replace("2026-11-20", "11/20/2026").replace("2026-11-23", "11/23/2026"), "utf-8"
    )
    assert batch(shop, *ONE, "--merged", "jobs/today.pdf", "--dates", "mdy", *DAY)[0] == 0
    result = shop.run("make", "overdose-warning", "--code", "P-3", *DAY)

    assert result.exit_code == 1 and "cannot be read without the switches" in result.stderr
    assert batch(shop, *ONE, "--code", "P-3", "--dates", "mdy", *DAY)[0] == 0


def test_a_code_that_nobody_or_two_people_have_is_refused(shop: Shop) -> None:
    assert printed(shop, "P-3,", "P-1,") == 1
    nobody, two = (shop.run("make", "--code", code, *DAY) for code in ("P-9", "P-1"))

    assert nobody.exit_code == two.exit_code == 1
    assert "nobody on the list of the last run has this code" in nobody.stderr
    assert "more than one row" in two.stderr


def test_what_is_wrong_in_the_row_is_told_with_its_place(shop: Shop) -> None:
    printed(shop, "2026-11-20", "3/4/26")
    result = shop.run("make", "--code", "P-3", *DAY)

    assert result.exit_code == 1 and "column last_dose: error" in result.stderr


def test_what_is_typed_replaces_what_is_wrong_in_the_row(shop: Shop) -> None:
    printed(shop, "2026-11-20", "46346")
    wrong = shop.run("make", "overdose-warning", "--code", "P-3", *DAY)
    right = shop.run("make", "overdose-warning", "--code", "P-3", "--set", "last_dose=2026-11-20", *DAY)

    assert wrong.exit_code == 1 and "number of a day" in wrong.stderr
    assert right.exit_code == 0


def test_nothing_is_guessed_about_who_comes_from_a_list(shop: Shop) -> None:
    printed(shop, "P-3,Cy Despina,injection", "P-3,Cy Despina,")
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
