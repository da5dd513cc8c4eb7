"""What a command leaves behind: nothing where it was refused, and nobody else's pages replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import Shop

DAY = ("--today", "2026-11-23")
GOOD = "code,form,reason,interval,last_dose\nK-1,tablet,alcohol,3 days,2026-11-20\n"
BAD = "code,form,reason,interval,last_dose\nK-1,pills,alcohol,3 days,2026-11-20\n"


def _run(shop: Shop, text: str, *more: str, day: str = "2026-11-23") -> tuple[int, str]:
    shop.patient(text, "list.csv")
    result = shop.run("batch", "list.csv", *more, "--today", day)
    return result.exit_code, result.output


def _left(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


# A refused run


@pytest.mark.parametrize("way", [("--separate", "new/run"), ("--merged", "new/run/job.pdf")])
def test_a_list_of_which_nothing_is_printed_leaves_no_folder(shop: Shop, way: tuple[str, ...]) -> None:
    assert _run(shop, BAD, *way)[0] == 1
    assert not (shop.root / "new").exists()

    assert _run(shop, GOOD, *way)[0] == 0  # and the folder is free for the list that is right


def test_a_refused_resume_leaves_no_folder(shop: Shop) -> None:
    code, told = _run(shop, GOOD, "--separate", "run", "--resume")

    assert code == 1 and "no run to go on with" in told
    assert not (shop.root / "run").exists()


def test_a_folder_with_other_files_keeps_them_and_nothing_else(shop: Shop) -> None:
    (shop.root / "run").mkdir()
    (shop.root / "run" / "letter.txt").write_text("x", "utf-8")

    assert _run(shop, GOOD, "--separate", "run")[0] == 1
    assert _left(shop.root / "run") == {"letter.txt"}


def test_a_refused_list_leaves_a_finished_run_as_it_was(shop: Shop) -> None:
    assert _run(shop, GOOD, "--separate", "run")[0] == 0
    before = _left(shop.root / "run")

    assert _run(shop, GOOD.replace("K-1", "K-2"), "--separate", "run")[0] == 1
    assert _left(shop.root / "run") == before
    assert shop.run("verify", "run").exit_code == 0


# Another list's job


def test_the_job_of_another_list_is_not_replaced(shop: Shop) -> None:
    assert _run(shop, GOOD, "--merged", "job.pdf")[0] == 0
    before = (shop.root / "job.pdf").read_bytes()
    code, told = _run(shop, GOOD.replace("K-1", "K-2"), "--merged", "job.pdf")

    assert code == 1
    assert "this file is the job of another list, or of this list before it was changed" in told
    assert "name another file after --merged, or remove this one" in told
    assert (shop.root / "job.pdf").read_bytes() == before
    assert shop.run("verify", "job.pdf").exit_code == 0


def test_the_same_list_may_be_printed_again(shop: Shop) -> None:
    assert _run(shop, GOOD, "--merged", "job.pdf")[0] == 0
    assert _run(shop, GOOD, "--merged", "job.pdf")[0] == 0
    assert _run(shop, GOOD, "--merged", "job.pdf", day="2026-11-24")[0] == 0


def test_a_job_that_was_removed_is_in_nobodys_way(shop: Shop) -> None:
    assert _run(shop, GOOD, "--merged", "job.pdf")[0] == 0
    (shop.root / "job.pdf").unlink()

    assert _run(shop, GOOD.replace("K-1", "K-2"), "--merged", "job.pdf")[0] == 0


def test_the_record_of_a_job_holds_the_digest_of_its_list_alone(shop: Shop) -> None:
    _run(shop, GOOD, "--merged", "job.pdf")
    record = json.loads((shop.root / ".press" / "job.pdf.json").read_text("ascii"))

    assert len(record["list"]) == 64 and "list.csv" not in str(record)


# Two people without a code


def _make(shop: Shop, *more: str) -> int:
    return shop.run("make", "overdose-warning", *more, *DAY).exit_code


def test_two_people_without_a_code_do_not_share_a_file(shop: Shop) -> None:
    assert _make(shop, "--set", "name=Ann") == 0
    ann = (shop.root / "out" / "DRAFT-personal-overdose-warning-en.pdf").read_bytes()
    assert _make(shop, "--set", "name=Bo") == 0
    assert _make(shop, "--set", "name=Ann") == 0  # the same page is the same file

    assert shop.out() == {"DRAFT-personal-overdose-warning-en.pdf", "DRAFT-personal-2-overdose-warning-en.pdf"}
    assert (shop.root / "out" / "DRAFT-personal-overdose-warning-en.pdf").read_bytes() == ann
    assert _make(shop, "--set", "name=Cy") == 0
    assert "DRAFT-personal-3-overdose-warning-en.pdf" in shop.out()


def test_a_file_that_was_named_is_replaced(shop: Shop) -> None:
    assert _make(shop, "--set", "name=Ann", "-o", "page.pdf") == 0
    assert _make(shop, "--set", "name=Bo", "-o", "page.pdf") == 0
    assert not (shop.root / "out").exists()


def test_a_person_with_a_code_has_one_file(shop: Shop) -> None:
    assert _make(shop, "--set", "code=K-1", "--set", "name=Ann") == 0
    assert _make(shop, "--set", "code=K-1", "--set", "name=Anna") == 0
    assert len(shop.out()) == 1
