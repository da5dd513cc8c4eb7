"""Goldens: the tree, words, tags and layout of every handout, as text that people can read.

They are rewritten only by `pytest --update-goldens`. A page that differs leaves what was
printed beside its golden as `*.actual`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import unified_diff
from functools import cache
from pathlib import Path

import pytest

from press.cli import dump
from press.writers.text import write_text
from tests.helpers import GOLDEN, Case, fridge_pages, general, mask_fingerprints, patients, print_case

CASES = general() | patients() | fridge_pages()
VIEWS = ("document", "text", "tags", "layout")


def view(case: Case, name: str) -> str:
    """One view of a printed handout."""
    match name:
        case "document":
            return mask_fingerprints(dump.tree(case.document))
        case "text":
            return mask_fingerprints(write_text(case.document).data.decode("utf-8"))
        case "tags":
            return dump.tags(case.layout)
        case _:
            return mask_fingerprints(dump.layout(case.layout))


def compare(golden: Path, actual: str) -> str:
    """The difference from the golden, empty if there is none; the actual text stays on disk."""
    beside = golden.with_suffix(golden.suffix + ".actual")
    meant = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if golden.exists() and meant == actual:
        beside.unlink(missing_ok=True)
        return ""
    beside.write_text(actual, encoding="utf-8")
    lines = unified_diff(meant.splitlines(), actual.splitlines(), golden.name, beside.name, lineterm="")
    return "\n".join(lines) or f"{golden.name} is missing, or differs at the ends of its lines"


def update(golden: Path, actual: str) -> None:
    """Rewrite the golden."""
    golden.parent.mkdir(parents=True, exist_ok=True)
    golden.write_text(actual, encoding="utf-8", newline="\n")
    golden.with_suffix(golden.suffix + ".actual").unlink(missing_ok=True)


@pytest.mark.parametrize("name", CASES)
def test_page_is_its_golden(name: str, sheaf: dict[str, Case], request: pytest.FixtureRequest) -> None:
    views = {GOLDEN / name / f"{one}.txt": view(sheaf[name], one) for one in VIEWS}
    if request.config.getoption("--update-goldens"):
        for golden, actual in views.items():
            update(golden, actual)
        return
    differences = [found for golden, actual in views.items() if (found := compare(golden, actual))]

    assert not differences, "\n".join(["if this is meant: pytest --update-goldens", *differences])


SPANISH = {f"es/{name}": (topic, replace(options, language="es")) for name, (topic, options) in general().items()}


@pytest.mark.parametrize("name", SPANISH)
def test_spanish_words_are_their_golden(name: str, request: pytest.FixtureRequest) -> None:
    """The words only: tags and layout are made as they are for English."""
    golden, actual = GOLDEN / name / "text.txt", view(print_case(name, *SPANISH[name]), "text")
    if request.config.getoption("--update-goldens"):
        update(golden, actual)
        return

    assert not compare(golden, actual)


def folders() -> Iterator[str]:
    """Every folder below tests/golden that holds a file."""
    for path in GOLDEN.rglob("*"):
        if path.is_file():
            yield path.parent.relative_to(GOLDEN).as_posix()


def test_there_are_goldens() -> None:
    """A guard that guards nothing would pass too."""
    whole = [name for name in CASES if all((GOLDEN / name / f"{one}.txt").is_file() for one in VIEWS)]

    assert len(whole) > 20
    assert len(patients()) == len(fridge_pages()) == 5
    assert len(SPANISH) == len(general()) >= 30


def test_no_golden_is_orphaned() -> None:
    """A golden folder without a case would never be compared."""
    assert set(folders()) == {*CASES, *SPANISH, "bilingual"}


@cache
def words(name: str) -> str:
    """The golden words of a case on one line."""
    return " ".join((GOLDEN / name / "text.txt").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("name", "there", "absent"),
    [
        ("injection-normal", "due Monday, December 21, 2026", "closed on the due day"),
        ("month-closed", "on Friday, December 11, 2026", "Your shot is late"),
        ("overdue", "Your shot is late", "next shot is due"),
        ("stopped", "You stopped naltrexone", "next shot is due"),
        ("tablets-alcohol", "due Thursday, November 26, 2026", "shot"),
    ],
)
def test_patient_page_is_the_one_that_it_is_kept_for(name: str, there: str, absent: str) -> None:
    """Whoever updates the goldens cannot lose what each patient is there to show."""
    assert there in words(f"patients/{name}")
    assert absent not in words(f"patients/{name}")


def test_difference_is_shown_and_the_actual_text_is_kept(tmp_path: Path) -> None:
    golden = tmp_path / "text.txt"
    golden.write_text("one\ntwo\n", encoding="utf-8")

    assert "-two\n+three" in compare(golden, "one\nthree\n")
    assert (tmp_path / "text.txt.actual").read_text(encoding="utf-8") == "one\nthree\n"


def test_equal_text_clears_the_old_actual(tmp_path: Path) -> None:
    golden = tmp_path / "text.txt"
    golden.write_text("one\n", encoding="utf-8")
    (tmp_path / "text.txt.actual").touch()

    assert compare(golden, "one\n") == ""
    assert not (tmp_path / "text.txt.actual").exists()


def test_missing_golden_is_a_difference(tmp_path: Path) -> None:
    assert compare(tmp_path / "text.txt", "")
