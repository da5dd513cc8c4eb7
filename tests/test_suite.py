"""The tests themselves: none judges a clock or a neighbor, and any process collects them in the same order."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.rigs.waiting import HANGS
from tests.support import ROOT, copied, for_each, has_our_looks

TESTS = ROOT / "tests"
MODULES = sorted([*TESTS.glob("*.py"), *TESTS.glob("*/*.py")])
STOPS = {"waiting.py", "browser.py"}  # read a clock to end what hangs
CLOCK = re.compile(r"(monotonic|perf_counter|process_time|thread_time|time|clock_gettime)(_ns)?|times|default_timer")
MEMORY = {"getrusage", "ru_maxrss", "psutil"}


def judged(source: str) -> set[str]:
    """The names by which a module reads a clock, the memory of the whole process, or a deadline."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module="time"):
                found |= {each.name for each in node.names if CLOCK.fullmatch(each.name)}
            case ast.Import():
                found |= {each.name for each in node.names if each.name in {"timeit", "resource", "psutil"}}
            case ast.Attribute(value=ast.Name(id="time" | "os" | "clocks" | "timeit"), attr=name) if CLOCK.fullmatch(
                name
            ):
                found.add(name)
            case ast.Attribute(attr=name) if name in MEMORY or (
                CLOCK.fullmatch(name) and name not in ("time", "times")
            ):
                found.add(name)
            case ast.keyword(arg="deadline", value=value) if not (
                isinstance(value, ast.Constant) and value.value is None
            ):
                found.add("deadline")
    return found


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import time\nassert time.monotonic() - began < 5", "monotonic"),
        ("import time as t\nbegan = t.process_time()", "process_time"),
        ("from time import perf_counter_ns as now", "perf_counter_ns"),
        ("import time\nended = time.time() + 5", "time"),
        ("import resource", "resource"),
        ("settings(deadline=2000)", "deadline"),
    ],
)
def test_a_judgement_of_a_clock_is_found(source: str, name: str) -> None:
    assert judged(source) == {name}


def test_no_test_judges_a_clock_or_the_memory_of_the_process() -> None:
    found = {path.name: judged(path.read_text("utf-8")) for path in MODULES}

    assert len(found) > 80
    assert {name for name, names in found.items() if names} == STOPS


def test_examples_have_no_deadline() -> None:
    assert settings().deadline is None


# Where a test stands

PACKAGES = sorted(path.parent.name for path in (ROOT / "press").glob("*/__init__.py"))


def named_for(test: Path) -> set[str]:
    """The modules and inner packages that the name of a test file begins with."""
    inside = (ROOT / "press" / test.parent.name).rglob("*")
    names = {path.stem for path in inside if path.suffix == ".py" or (path / "__init__.py").is_file()}
    return {name for name in names if test.stem.startswith(f"test_{name}")}


@pytest.mark.parametrize("package", PACKAGES)
def test_tests_of_a_package_are_named_for_its_modules(package: str) -> None:
    """`tests/product/` has what concerns a page as a whole, `tests/rigs/` the instruments."""
    tests = sorted((TESTS / package).glob("test_*.py"))

    assert len(PACKAGES) == 10 and len(tests) > 1
    assert not [path.name for path in tests if not named_for(path)]


def test_no_file_of_tests_is_too_long_to_find_anything_in() -> None:
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in MODULES}

    assert {name for name, length in lengths.items() if length > 600} <= {"test_needs.py", "test_treatment.py"}


def collected(seed: int) -> subprocess.Popen[str]:
    """Names of tests as another process collects them."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "0",
        "-m",
        "",
        "-p",
        "no:cacheprovider",
        "--collect-only",
        "--quiet",
    ]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return subprocess.Popen(
        command, cwd=ROOT, env=clean | {"PYTHONHASHSEED": str(seed)}, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.sweep
def test_tests_are_collected_in_the_same_order_whatever_the_hash_seed() -> None:
    runs = [collected(seed) for seed in (1, 2)]
    one, two = ([line for line in run.communicate(timeout=HANGS)[0].splitlines() if "::" in line] for run in runs)

    assert len(one) > 8_000
    assert one == two


def test_a_case_that_fails_is_told_with_its_values() -> None:
    def is_small(number: int) -> None:
        assert 10 // number > 4

    with pytest.raises(AssertionError, match=r"1 of 3 cases failed\s+is_small\(3,\)"):
        for_each([(1,), (2,), (3,)])(is_small)("all")
    with pytest.raises(ZeroDivisionError) as caught:
        for_each([(1,), (0,)])(is_small)("all")
    assert caught.value.__notes__ == ["is_small(0,)"]
    with pytest.raises(AssertionError, match="there are cases"):
        for_each([])(is_small)


def test_a_copy_with_one_other_byte_has_looks_of_its_own(tmp_path: Path) -> None:
    """Also where size and time of the file stay as they were."""
    templates = copied(tmp_path) / "templates"
    assert has_our_looks(templates) and has_our_looks(ROOT / "templates")
    path = templates / "styles" / "standard.yaml"
    before, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:-1] + b" ")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not has_our_looks(templates)
    path.write_bytes(data)
    assert has_our_looks(templates)
    (templates / "fonts" / "NotoSans-Bold.ttf").unlink()
    assert not has_our_looks(templates)
