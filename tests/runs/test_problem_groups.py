"""Problems of a list by kind: all rows are named or counted, in flat memory, with little work."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.errors import MOST_RANGES, Place, Problem, Rows
from press.runs.needs import Gets, Need, NeedGroups
from press.runs.problem_groups import MOST_KINDS, ProblemGroups
from tests.rigs.work import calls_within, held_by_us, traced
from tests.support import Shop

DAY = ("--today", "2026-11-23", "--workers", "1")
BAD = Problem(Place("list.csv", 2, 3, 2, "form"), "`form`: expected one of injection, tablet", private=True)


def _in_row(number: int, message: str = BAD.message) -> Problem:
    return replace(BAD, place=replace(BAD.place, line=number, row=number), message=message)


def _rows(numbers: list[int]) -> Rows:
    found = Rows()
    for number in numbers:
        found = found.and_row(number)
    return found


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([7], "row 7"),
        ([3, 4], "rows 3-4"),
        ([3, 4, 5, 6, 7, 12, 19], "rows 3-7, 12 and 19"),
        ([3, 3, 12], "rows 3 and 12"),
        (list(range(2, 1_000_002)), "rows 2-1000001"),
    ],
)
def test_rows_are_named_as_ranges(numbers: list[int], words: str) -> None:
    assert _rows(numbers).named == words


@given(st.sets(st.integers(1, 300)))
def test_every_row_is_named_or_counted(numbers: set[int]) -> None:
    found = _rows(sorted(numbers))
    named = [number for first, last in found.ranges for number in range(first, last + 1)]

    assert found.count == len(numbers)
    assert len(found.ranges) <= MOST_RANGES
    assert named == sorted(numbers)[: len(named)]
    assert len(named) == len(numbers) or len(found.ranges) == MOST_RANGES


def test_a_row_with_the_same_problem_twice_is_counted_once() -> None:
    once, twice = list(range(2, 202, 2)), [number for number in range(2, 202, 2) for _ in range(2)]
    found = _rows(twice)

    assert found == _rows(once) and found.count == 100
    assert found.named.endswith(f" and {100 - MOST_RANGES} more")


def test_equal_problems_are_one_with_all_rows() -> None:
    groups = ProblemGroups()
    for number in (3, 4, 9):
        groups.add(_in_row(number), number)
    [told] = groups.problems()

    assert told.where == "list.csv, rows 3-4 and 9, column form"


def test_another_column_message_or_group_is_another_problem() -> None:
    groups = ProblemGroups()
    groups.add(_in_row(3), 3)
    groups.add(_in_row(3, "`form`: something else"), 3)
    groups.add(replace(_in_row(4), place=Place("list.csv", 4, 5, 4, "reason")), 4)
    groups.add(_in_row(5), 5, "nothing")

    assert len(list(groups.problems())) == 3
    assert len(list(groups.problems("nothing"))) == 1


def test_beyond_a_hundred_kinds_rows_are_counted_by_kind() -> None:
    groups = ProblemGroups()
    for number in range(2, 5_002):
        groups.add(_in_row(number, f"`code`: row {number + 1} has the same code"), number)
    told = list(groups.problems())

    assert len(told) == MOST_KINDS + 1
    assert told[-1].message == "and 4,900 more rows with this problem: `code`: row … has the same code"
    assert str(told[-1].place) == "list.csv"


def test_kinds_without_end_are_counted_together() -> None:
    groups = ProblemGroups()
    for number in range(2, 5_002):
        groups.add(_in_row(number, "x" * number), number)
    told = list(groups.problems())

    assert len(told) == 2 * MOST_KINDS + 1
    assert told[-1].message == "and 4,800 more rows with this problem: other problems"


@pytest.mark.parametrize("kinds", [1, 10_000])
def test_memory_does_not_grow_with_the_rows(kinds: int) -> None:
    with traced():
        groups = NeedGroups()
        for number in range(2, 20_002):
            problem = _in_row(number, f"`code`: row {number % kinds} has the same code")
            groups.add(Need(number, f"K-{number}", problem.place, Gets.NOTHING, (problem,)))
        size = held_by_us()
    [group] = groups.sorted()

    assert group.rows.count == groups.count(Gets.NOTHING) == 20_000
    assert size < 300_000


def test_a_row_more_takes_few_calls() -> None:
    problems = [_in_row(number) for number in range(2, 10_002)]
    groups = NeedGroups()

    def work() -> None:
        for problem in problems:
            groups.add(Need(problem.place.row, "K-1", problem.place, Gets.NOTHING, (problem,)))

    calls_within(40 * len(problems), work)


# From outside

BODIES = {
    "a form that is none": ["K-{n},alcohol,3 days,shot,2026-11-20"],
    "a comma too many": ["K-{n},alcohol,3 days,tablet,2026-11-20,x"],
    "codes of two": ["K-{m},alcohol,3 days,tablet,2026-11-20"],
    "a bad date": ["K-{n},alcohol,3 days,tablet,2026-02-30"],
    "no code": [",alcohol,3 days,tablet,2026-11-20"],
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("way", [("--dry-run",), ("--strict", "--separate", "run")])
def test_a_list_of_bad_rows_is_told_in_few_lines(shop: Shop, kind: str, way: tuple[str, ...]) -> None:
    lines = [BODIES[kind][0].format(n=n, m=n // 2) for n in range(400)]
    shop.patient("code,reason,interval,form,last_dose\n" + "\n".join(lines) + "\n", "list.csv")
    result = shop.run("batch", "list.csv", *way, *DAY)

    assert result.exit_code == 1
    assert "needs you: 400 (rows 2-401: " in result.stdout
    assert len(result.stderr) < 12_000
    told = json.loads(shop.run("batch", "list.csv", *way, "--json", *DAY).stdout.partition("\n]")[0] + "\n]")
    assert len(told) <= MOST_KINDS + 4
