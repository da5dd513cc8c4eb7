"""`lists learn` and what a recipe does for the commands; `--dates`, `--recipe` and `--day`."""

from __future__ import annotations

import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from press.delivery.files import Files
from press.errors import HandoutError
from press.patients.learn import Answers
from press.runs.learning import learn_list
from tests.patients.test_learn import EXPORTS, YES
from tests.rigs.faults import Faulty
from tests.support import Shop

SAID = (
    "--column",
    "A=code",
    "--column",
    "E=language",
    "--column",
    "f=form",
    "--column",
    "G=reason",
    "--column",
    "I=interval",
)
DAY = ("--today", "2026-11-23")
US = "code,form,reason,interval,last_dose\nK-1,injection,opioid,4 weeks,11/2/2026\nK-2,injection,opioid,4 weeks,11/20/2026\n"


@pytest.fixture(autouse=True)
def at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Monday."""
    for module in ("batch", "common"):
        monkeypatch.setattr(f"press.cli.{module}.now_of", lambda site: datetime(2026, 11, 23, 17, 2, tzinfo=UTC))


@pytest.fixture
def export(shop: Shop) -> Shop:
    """A clinic with the export of its appointment book."""
    shutil.copy(EXPORTS / "export.csv", shop.root / "export.csv")
    return shop


def recipes(shop: Shop) -> list[str]:
    return sorted(path.name for path in (shop.root / "recipes").glob("*"))


def test_questions_end_with_the_switches_that_answer_them_and_write_nothing(export: Shop) -> None:
    result = export.run("lists", "learn", "export.csv")

    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("nothing was written; if all of that is so, add: --column ")
    assert "--dates mdy" in result.stderr.splitlines()[-1] and "Zerbinetta" not in result.output
    assert not (export.root / "recipes").exists()


def test_the_answers_make_a_recipe_that_staff_may_read(export: Shop) -> None:
    result = export.run("lists", "learn", "export.csv", *SAID, "--dates", "mdy")
    path = export.root / "recipes" / "export.yaml"

    assert result.exit_code == 0 and result.stdout == f"{path}\n"
    assert "read: code (Client ID), name (Patient Name), language (Lang)" in result.stderr
    assert "not read: DOB, Phone, Notes" in result.stderr
    assert "Zerbinetta" not in result.output and recipes(export) == ["export.yaml"]
    assert stat.S_IMODE(path.stat().st_mode) & 0o400


def test_a_recipe_that_is_there_is_not_written_over(export: Shop) -> None:
    assert export.run("lists", "learn", "export.csv", *SAID, "--dates", "mdy").exit_code == 0
    again = export.run("lists", "learn", "export.csv", *SAID, "--dates", "mdy")
    other = export.run("lists", "learn", "export.csv", *SAID, "--dates", "mdy", "--name", "book")

    assert again.exit_code == 1 and "recipes/export.yaml: error: this recipe is there already" in again.stderr
    assert other.exit_code == 0 and recipes(export) == ["book.yaml", "export.yaml"]


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        (("--name", "../x"), 1, "the name of a recipe is an id of small letters"),
        (("--column", "E"), 2, "--column takes KEY=VALUE"),
        (("--column", "E=name", "--column", "E=code"), 2, "each key once"),
        (("--column", "C=last_dose", *SAID, "--dates", "mdy"), 1, "same meaning"),
        (("--default", "form=pill"), 1, "expected one of injection, tablet"),
        (("--dates", "us"), 2, "mdy"),
        (("--encoding", "windows-1252"), 2, "did you mean `cp1252`?"),
    ],
)
def test_wrong_answers_are_refused_and_write_nothing(export: Shop, args: tuple[str, ...], code: int, why: str) -> None:
    result = export.run("lists", "learn", "export.csv", *args)

    assert result.exit_code == code and why in result.stderr
    assert not (export.root / "recipes").exists()


def test_a_date_of_birth_is_never_learned_as_a_dose(export: Shop) -> None:
    result = export.run(
        "lists", "learn", "export.csv", *SAID, "--column", "H=-", "--column", "C=started", "--dates", "mdy"
    )

    assert result.exit_code == 1 and "a date of birth is none of these dates" in result.stderr
    assert not (export.root / "recipes").exists()


@pytest.mark.parametrize("number", range(1, 7))
def test_a_disk_that_refuses_leaves_no_half_recipe(export: Shop, number: int) -> None:
    files: Files = Faulty(number)
    try:
        learn_list(export.root, export.root / "export.csv", YES, files=files)
    except HandoutError:
        pass
    assert [name for name in recipes(export) if name != "export.yaml"] == []


def test_the_list_is_named_when_it_is_not_there(shop: Shop) -> None:
    with pytest.raises(HandoutError) as caught:
        learn_list(shop.root, Path("nowhere.csv"), Answers())

    assert caught.value.problems[0].place.file == "nowhere.csv"


# Every command reads by it


@pytest.mark.parametrize(
    "command", [("batch", "list.csv", "--dry-run"), ("report", "due", "list.csv", "--format", "text", "-o", "-")]
)
def test_dates_are_confirmed_once_by_a_switch(shop: Shop, command: tuple[str, ...]) -> None:
    (shop.root / "list.csv").write_text(US, "utf-8")
    asked, said = shop.run(*command, *DAY), shop.run(*command, "--dates", "mdy", *DAY)

    assert asked.exit_code == 1 and said.exit_code == 0
    assert "list.csv, row 1, column E: error: `last_dose`: this column reads as month/day/year; 1 of 2" in asked.stderr
    assert "11/2" not in asked.output


def test_a_recipe_can_be_named(shop: Shop) -> None:
    (shop.root / "recipes").mkdir()
    (shop.root / "recipes" / "us.yaml").write_text("headings: {code: code}\ndates: {last_dose: mdy}\n", "utf-8")
    (shop.root / "list.csv").write_text(US, "utf-8")

    assert shop.run("batch", "list.csv", "--dry-run", "--recipe", "us", *DAY).exit_code == 0
    unknown = shop.run("batch", "list.csv", "--dry-run", "--recipe", "uk", *DAY)
    assert unknown.exit_code == 1 and "--recipe: error: there is no such recipe" in unknown.stderr


def test_a_run_under_another_recipe_is_another_run(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(US.replace("11/2/", "11/9/").replace("11/20/", "11/10/"), "utf-8")
    first = shop.run("batch", "list.csv", "overdose-warning", "--separate", "run", "--dates", "mdy", *DAY)
    other = shop.run("batch", "list.csv", "overdose-warning", "--separate", "run", "--dates", "dmy", "--resume", *DAY)

    assert first.exit_code == 0
    assert other.exit_code == 1 and "another list, another day or other words" in other.stderr


# Nothing is guessed


def test_what_a_row_does_not_say_is_a_fault_of_that_row(shop: Shop) -> None:
    rows = ("R-1,,opioid,2026-11-20,4 weeks", "R-2,injection,,2026-11-20,4 weeks", "R-3,injection,opioid,2026-11-20,",
            "R-4,tablet,alcohol,,", "R-5,injection,opioid,2026-11-20,4 weeks")  # fmt: skip
    (shop.root / "list.csv").write_text("\n".join(("code,form,reason,last_dose,interval", *rows)) + "\n", "utf-8")
    result = shop.run("batch", "list.csv", "--dry-run", *DAY)

    assert "needs you: 3 (row 4: undated overdose warning only; rows 2-3: nothing printed)" in result.stdout
    assert "row 2, column form: error: `form`: nothing is said here, and in a list it is not guessed" in result.stderr
    assert "row 4, column interval: error: `interval`: nothing is said here" in result.stderr
    assert "--default" in result.stderr


# The day


def test_a_list_for_tomorrow_is_not_in_the_future(shop: Shop) -> None:
    row = "R-1,injection,opioid,2026-11-24,4 weeks\n"
    (shop.root / "list.csv").write_text("code,form,reason,last_dose,interval\n" + row, "utf-8")
    today = shop.run("batch", "list.csv", "--dry-run")
    tomorrow = shop.run("batch", "list.csv", "--dry-run", "--day", "tomorrow")
    named = shop.run("batch", "list.csv", "--dry-run", "--day", "2026-11-24")

    assert today.exit_code == 1 and "lies in the future" in today.stderr
    assert (tomorrow.exit_code, named.exit_code) == (0, 0)


@pytest.mark.parametrize("day", ["2026-11-22", "2026-12-08", "2027-11-24"])
def test_a_day_that_is_no_day_of_a_list_to_come_is_refused(shop: Shop, day: str) -> None:
    (shop.root / "list.csv").write_text(US, "utf-8")
    result = shop.run("batch", "list.csv", "--dry-run", "--dates", "mdy", "--day", day)

    assert result.exit_code == 2 and "from today to two weeks ahead" in result.stderr


def test_the_pages_have_the_day_on_which_they_are_handed_out(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(US, "utf-8")
    made = ("batch", "list.csv", "overdose-warning", "--dates", "mdy", "--merged", "job.pdf")
    assert shop.run(*made, "--day", "tomorrow").exit_code == 0
    from tests.runs.test_print_job import sides

    whole = sides((shop.root / "job.pdf").read_bytes())
    assert "November 24, 2026" in whole[0]
    assert shop.run(*made, "--sheet", "1").exit_code == 0, "the day of the job is remembered"
    assert sides((shop.root / "job-sheet-1.pdf").read_bytes()) == whole[:2]


def test_a_second_recipe_for_the_same_headings_is_made_only_under_a_name(export: Shop) -> None:
    assert export.run("lists", "learn", "export.csv", *SAID, "--dates", "mdy").exit_code == 0
    (export.root / "export.csv").rename(export.root / "december.csv")
    twin = export.run("lists", "learn", "december.csv", *SAID, "--dates", "mdy")
    assert twin.exit_code == 1 and "recipes/export.yaml: error: this recipe reads such lists already" in twin.stderr
    assert recipes(export) == ["export.yaml"]
    assert export.run("lists", "learn", "december.csv", *SAID, "--dates", "mdy", "--name", "two").exit_code == 0
