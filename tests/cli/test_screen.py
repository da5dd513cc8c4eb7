"""Problems on the screen: what must be acted on stands last, where the eye rests."""

from __future__ import annotations

import json
from pathlib import Path

from press.cli.screen import as_json, show
from press.errors import Place, Problem, Severity
from tests.support import TODAY, Shop

PROBLEMS = [
    Problem(Place("b.yaml", 2), "second error"),
    Problem(Place("c.yaml", 1), "late warning", severity=Severity.WARNING),
    Problem(Place("a.yaml", 9), "first error"),
    Problem(Place("a.yaml", 1), "early warning", severity=Severity.WARNING),
]
LAST = ["early warning", "late warning", "first error", "second error"]


def test_errors_stand_below_warnings_each_by_place(tmp_path: Path) -> None:
    lines = show(PROBLEMS, tmp_path, colour=False).splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == LAST
    assert [problem["message"] for problem in json.loads(as_json(PROBLEMS))] == LAST


def test_an_order_that_was_chosen_is_kept(tmp_path: Path) -> None:
    lines = show(PROBLEMS, tmp_path, colour=False, in_order=True).splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == [problem.message for problem in PROBLEMS]


def test_a_refused_page_is_told_below_the_files_that_were_made(shop: Shop) -> None:
    shop.edit("handouts/benefits/en.yaml", "texts:\n", "texts:\n  left-over: One more.\n")
    result = shop.run("make", "benefits", "wallet-card", "--today", TODAY.isoformat())

    assert result.exit_code == 1 and len(shop.out()) == 1
    assert result.output.index("DRAFT-wallet-card") < result.output.index("is used by no block")
