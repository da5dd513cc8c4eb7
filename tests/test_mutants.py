"""Small faults in the code that safety hangs on are caught by its own tests, and the rig plants real ones."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support import ROOT
from tools.mutants import (
    EACH,
    EQUIVALENT,
    SAMPLE,
    SEED,
    TESTS,
    Change,
    Mutant,
    equivalents,
    is_killed,
    mutants,
    mutate,
    sample,
    survivors,
)

FEW = 21  # one of each module at least
NAMED = equivalents(EQUIVALENT.read_text("utf-8"))
every = cache(mutants)


def changes(source: str) -> list[str]:
    return [mutant.what.change for mutant in mutate("a.py", dedent(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a < b -> a <= b", "a < b -> a >= b"]),
        ("0 <= a <= b", ["0 <= a <= b -> 0 < a <= b", "0 <= a <= b -> 0 > a <= b", "0 <= a <= b -> 0 <= a < b", "0 <= a <= b -> 0 <= a > b", "0 -> 1", "0 -> -1"]),
        ("a is None", ["a is None -> a is not None"]),
        ("a not in b", ["a not in b -> a in b"]),
        ("a and b(c)", ["a and b(c) -> a or b(c)", "a -> not a", "b(c) -> not b(c)"]),
        ("not a", ["not a -> a"]),
        ("a + b", ["a + b -> a - b"]),
        ("a + 'words'", []),
        ("f'{1 + 2} words'", []),
        ("def f():\n    return a | b", ["return a | b -> return None", "a | b -> a & b"]),
        ("X = A | B", []),
        ("x: int | None = 1", ["1 -> 2", "1 -> 0"]),
        ("timedelta(days=28)", ["timedelta(days=28) -> pass", "28 -> 29", "28 -> 27"]),
        ("x = date(y, 2 * m)", ["date(y, 2 * m) -> date(2 * m, y)", "2 -> 3", "2 -> 1"]),
        ("x = min(a)", ["min(a) -> max(a)"]),
        ("x = isinstance(a, b)", []),
        ("x = True", ["True -> False"]),
        ("raise E", ["raise E -> pass"]),
        ("n += k", ["n += k -> pass"]),
        ("if a:\n    b = c", ["a -> not a"]),
        ("x = [y for y in z if y.a]", ["y.a -> not y.a"]),
        ("def f() -> bool:\n    return a(b)", ["return a(b) -> return True", "return a(b) -> return False"]),
        ("def f() -> str:\n    return a", ["return a -> return ''"]),
        ("def f():\n    yield a", ["yield a -> pass"]),
        ("def f():\n    '''Words and 1 number.'''", []),
        ("def __repr__(self):\n    return 1 + 2", []),
        ("@cache(maxsize=3)\ndef f(a: Literal[1]) -> Literal[2]:\n    pass", []),
        ("if TYPE_CHECKING:\n    x = 1", []),
    ],
)  # fmt: skip
def test_a_mutant_is_one_small_change_of_what_the_program_does(source: str, expected: list[str]) -> None:
    """Never of words, types, or how a thing looks to who debugs it."""
    assert changes(source) == expected


def test_a_mutant_knows_where_it_is() -> None:
    source = "class A:\n    def f(self):\n        é = 'ß' if self.a < 2 else ''\n        return None\n"
    mutant = next(mutate("a.py", source))

    assert mutant.what == Change("a.py", "A.f", "é = 'ß' if self.a < 2 else ''", "self.a < 2 -> self.a <= 2")
    assert mutant.line == 3 and mutant.source == source.replace("self.a < 2", "(self.a <= 2)")


def test_every_mutant_can_be_read_by_python_and_differs_from_the_program() -> None:
    for mutant in sample(every(), 100, 5, SEED):
        compile(mutant.source, mutant.what.module, "exec")
        assert mutant.source != (ROOT / mutant.what.module).read_text("utf-8")

    assert len(every()) > 1_000 and {mutant.what.module for mutant in every()} == set(TESTS)


def test_each_module_has_its_share_of_a_sample_and_the_seed_decides_it() -> None:
    chosen = sample(every(), SAMPLE, EACH, SEED)
    counts, all_ = (Counter(mutant.what.module for mutant in found) for found in (chosen, every()))

    assert len(chosen) == SAMPLE == len({(mutant.line, mutant.source) for mutant in chosen})
    assert all(counts[module] >= min(EACH, all_[module]) for module in TESTS)
    assert sample(every(), SAMPLE, EACH, SEED) == chosen != sample(every(), SAMPLE, EACH, SEED + 1)


def test_what_is_named_equivalent_is_a_mutant_with_a_reason() -> None:
    """A name that fits no mutant any more is taken out."""
    known = {mutant.what for mutant in every()}

    assert NAMED and not [change for change in NAMED if change not in known]
    assert all(len(reason.split()) > 3 for reason in NAMED.values())


def test_tests_of_a_module_are_there() -> None:
    assert all((ROOT / test).is_file() for tests in TESTS.values() for test in tests)


def tree(folder: Path, test: str) -> Path:
    """A program of one module with one test."""
    for path, text in {"press/runs/identity.py": "LIMIT = 1\n", "tests/runs/test_identity.py": test}.items():
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("limit", "killed"), [("LIMIT = 2\n", True), ("LIMIT = 1  # the same\n", False), ("LIMIT =", True)]
)
def test_a_mutant_is_killed_if_a_test_fails(limit: str, killed: bool, tmp_path: Path) -> None:
    program = tree(tmp_path, "from press.runs.identity import LIMIT\n\ndef test_limit():\n    assert LIMIT == 1\n")
    mutant = Mutant(Change("press/runs/identity.py", "", "", ""), 1, limit)

    assert is_killed(mutant, program) == killed
    assert (program / mutant.what.module).read_text("utf-8") == "LIMIT = 1\n"


def test_no_tests_kill_nothing(tmp_path: Path) -> None:
    mutant = Mutant(Change("press/runs/identity.py", "", "", ""), 1, "LIMIT = 2\n")

    with pytest.raises(RuntimeError, match="no tests were found"):
        is_killed(mutant, tree(tmp_path, "LIMIT = 3\n"))


@pytest.mark.sweep
def test_a_few_mutants_are_killed_or_named() -> None:
    """`make mutants` tries more of them. The tests pass without any, or `survivors` refuses to begin."""
    chosen = sample(every(), FEW, 1, SEED)
    assert len(chosen) == FEW and {mutant.what.module for mutant in chosen} == set(TESTS)
    tried = list(survivors([mutant for mutant in chosen if mutant.what not in NAMED]))

    assert len(tried) + sum(mutant.what in NAMED for mutant in chosen) == FEW
    assert not [mutant.what for mutant, survived in tried if survived]
