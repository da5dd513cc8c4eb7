"""Inputs that the fuzzer of `make fuzz` found, and others that are worth keeping: what must hold for each of them holds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from press.content.raw import Mapping
from press.errors import Place
from press.patients.xlsx_guard import is_workbook
from tests.support import ROOT
from tools import fuzz_targets
from tools.fuzz import stretch_text, stretch_workbook
from tools.fuzz_targets import TARGETS, Finding

SEEDS = ROOT / "tests" / "data" / "fuzz"
FILES = sorted(path for path in SEEDS.glob("*/*") if path.parent.name in TARGETS)


def test_there_are_small_seeds_for_each_reader_and_no_others() -> None:
    assert {path.name for path in SEEDS.iterdir()} == TARGETS.keys()
    for reader in TARGETS:
        assert sum(path.parent.name == reader for path in FILES) >= 5, reader
    assert sum(path.stat().st_size for path in FILES) < 60_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_seed_gives_what_can_be_used_or_problems_with_a_place(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


# A target that nothing can break would find nothing


def test_a_page_with_words_of_the_template_would_be_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("press.compose.template.check_provenance", lambda document, tailored: ())

    with pytest.raises(Finding, match="other words"):
        TARGETS["template"]((SEEDS / "template" / "words-of-its-own.j2").read_bytes())


def test_two_trees_of_one_file_would_be_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_targets, "quick_tree", lambda text, file: Mapping((), Place(file, 9)))

    with pytest.raises(Finding, match="different trees"):
        TARGETS["yaml"](b"name: a\n")


def test_a_value_in_a_problem_would_be_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_targets, "CANARY", "expected")

    with pytest.raises(Finding, match="quotes a patient's value"):
        TARGETS["csv"](b"code,form\r\nK-1,Zerbinetta\r\n")


def test_a_problem_without_a_row_would_be_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_targets, "_WHOLE_LIST", frozenset())

    with pytest.raises(Finding, match="without a row"):
        TARGETS["xlsx"](b"PK\x03\x04")


def test_an_input_is_stretched_to_the_size_that_is_asked_for() -> None:
    choose = random.Random(1)
    sizes = {len(stretch_text(b"code,name\nK-1,Zerbinetta\n", choose, 1_000)) for _ in range(99)}

    assert max(sizes) == 1_000 and min(sizes) < 1_000


def test_a_workbook_is_still_one_after_a_part_is_stretched() -> None:
    data = (SEEDS / "xlsx" / "dates-of-every-kind.xlsx").read_bytes()
    choose = random.Random(1)

    for _ in range(9):
        assert is_workbook(stretch_workbook(data, choose))
