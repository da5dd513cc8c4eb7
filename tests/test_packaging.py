"""What a fresh machine relies on: lock files, versions, the oldest Python, and the two scripts."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
from fnmatch import fnmatch
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import press

ROOT = Path(__file__).resolve().parent.parent
LOCKS = tuple(
    ROOT / "requirements" / f"{name}.lock" for name in ("run", "scripts", "test", "bench", "lint", "fuzz", "server")
)
# One requirement: a name, a version, perhaps a condition, then only hashes.
ENTRY = re.compile(
    r"(?P<name>[a-z0-9]([a-z0-9._-]*[a-z0-9])?)==(?P<version>[0-9][0-9a-z.]*)"
    r"( ; [a-z_]+ (==|!=|<|<=|>|>=) '[A-Za-z0-9._]+'( or [a-z_]+ == '[A-Za-z0-9_]+')*)?( --hash=sha256:[0-9a-f]{64})+"
)
OPTIONS = {"--only-binary :all:"}  # only wheels: no package runs code of its own to be installed


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The table `project` of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def entries(lock: Path) -> list[re.Match[str]]:
    """Every requirement of a lock file; anything else in it fails."""
    joined = lock.read_text(encoding="ascii").replace(" \\\n    ", " ")
    lines = [line for line in joined.splitlines() if line and line not in OPTIONS]
    found = [ENTRY.fullmatch(line) for line in lines]
    assert None not in found, [line for line, match in zip(lines, found, strict=True) if match is None]
    return [match for match in found if match]


def names(requirements: list[str]) -> set[str]:
    """The package names of requirements as pyproject.toml writes them."""
    return {re.split(r"[<>=!~; \[]", text, maxsplit=1)[0].lower() for text in requirements}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_pins_with_hashes_and_nothing_else(lock: Path) -> None:
    """So it can name no server, no folder and no comment."""
    assert len(entries(lock)) > 5


def test_the_tests_use_the_very_versions_that_clinics_use() -> None:
    run, scripts, test, *_ = ({match.group() for match in entries(lock)} for lock in LOCKS)
    assert run < scripts < test


def test_the_server_is_tried_in_the_very_versions_that_clinics_use() -> None:
    run, _, test, *_, server = ({(match["name"], match["version"]) for match in entries(lock)} for lock in LOCKS)

    assert run < server < test and {"sqlalchemy", "psycopg"} <= {name for name, _ in server - run}


def test_the_press_is_measured_in_the_very_versions_that_clinics_use() -> None:
    run, _, test, bench, *_ = ({(match["name"], match["version"]) for match in entries(lock)} for lock in LOCKS)
    both = {name for name, _ in test} & {name for name, _ in bench}

    assert run < bench
    assert {"pikepdf", "pypdfium2"} <= both
    assert {pin for pin in test if pin[0] in both} == {pin for pin in bench if pin[0] in both}


def test_every_dependency_is_locked(project: dict[str, Any]) -> None:
    run, scripts, test, bench, lint, fuzz, server = ({match["name"] for match in entries(lock)} for lock in LOCKS)
    assert names(project["dependencies"]) <= run
    assert names(project["optional-dependencies"]["scripts"]) <= scripts
    assert names(project["optional-dependencies"]["test"]) <= test
    assert names(project["optional-dependencies"]["bench"]) <= bench
    assert names(project["optional-dependencies"]["lint"]) <= lint
    assert names(project["optional-dependencies"]["fuzz"]) <= fuzz
    assert names(project["optional-dependencies"]["server"]) <= server - run


def test_a_clinic_installs_none_of_what_the_press_is_measured_against() -> None:
    run, _, test, bench, *_ = ({match["name"] for match in entries(lock)} for lock in LOCKS)
    assert {"typst", "weasyprint", "fpdf2"} <= bench - test - run


def test_types_are_those_of_the_very_versions_that_clinics_use() -> None:
    run, _, test, _, lint, *_ = ({(match["name"], match["version"]) for match in entries(lock)} for lock in LOCKS)
    both = {name for name, _ in test} & {name for name, _ in lint}

    assert run < lint
    assert {pin for pin in test if pin[0] in both} == {pin for pin in lint if pin[0] in both}
    assert {"ruff", "mypy"} <= {name for name, _ in lint - test}


def test_readers_are_fuzzed_in_the_very_versions_that_clinics_use() -> None:
    run, _, test, _, _, fuzz, _ = ({(match["name"], match["version"]) for match in entries(lock)} for lock in LOCKS)

    assert run < fuzz
    assert {name for name, _ in fuzz - test} == {"atheris"}


def test_one_version_everywhere(project: dict[str, Any]) -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[?([0-9]+\.[0-9]+\.[0-9]+)\]?", changes, re.MULTILINE)

    assert newest and newest[1] == project["version"] == press.__version__


def test_every_license_file_is_there_and_named(project: dict[str, Any]) -> None:
    """Who copies the press finds the terms of what others made: type faces and a list of words."""
    patterns = [pattern for pattern in project["license-files"] if pattern != "LICENSE"]
    found = {pattern: [path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)] for pattern in patterns}
    assert all(found.values()) and "press/content/data/LICENSE-textstat.txt" in chain.from_iterable(found.values())
    for page in ("LICENSE", "README.md"):
        told = re.findall(r"[\w./*-]+\.txt", (ROOT / page).read_text(encoding="utf-8"))
        unnamed = [
            name for name in chain.from_iterable(found.values()) if not any(fnmatch(name, word) for word in told)
        ]
        assert unnamed == [], page


def python_files() -> list[Path]:
    """Every file of the project in Python."""
    folders = (ROOT / name for name in ("press", "benchmarks", "docs", "tests"))
    return [*ROOT.glob("*.py"), *(path for folder in folders for path in sorted(folder.rglob("*.py")))]


def test_the_oldest_python_understands_every_file(project: dict[str, Any]) -> None:
    found = re.fullmatch(r">=3\.([0-9]+)", project["requires-python"])
    assert found
    oldest = (3, int(found[1]))
    files = python_files()

    assert oldest <= sys.version_info[:2]
    assert len(files) > 50
    for file in files:
        ast.parse(file.read_text(encoding="utf-8"), str(file), feature_version=oldest)


SCRIPTS = [".ci/run", *(path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("tests/rigs/**/build*.sh")))]


def test_the_scripts_are_executable() -> None:
    if os.name == "nt":
        pytest.skip("Windows has no such mark")
    assert len(SCRIPTS) == 5
    assert all(os.access(ROOT / name, os.X_OK) for name in SCRIPTS)


def test_the_scripts_are_sound_shell() -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    for name in SCRIPTS:
        subprocess.run([bash, "-n", str(ROOT / name)], check=True)


def test_the_makefile_has_the_promised_commands() -> None:
    rules = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"handouts", "scripts", "test", "lint", "clean"} <= rules


def test_the_rules_are_asked_for_by_one_command_everywhere() -> None:
    rule = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    hook = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert rule and [line.split("-m ")[1] for line in rule[1].splitlines()] == [
        "ruff check",
        "ruff format --check",
        "mypy",
    ]
    assert re.search(r"^ +entry: make (--silent )?lint$", hook, re.MULTILINE)
    assert gate.index("make --silent lint") < gate.index("tests/rigs/verapdf/build.sh")


PASSED_OVER = re.compile(r"#\s*(ruff: )?(noqa|type: ignore)\b")
WITH_REASON = re.compile(
    r"# (type: ignore\[[a-z-]+\]  # )?((ruff: )?noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - )?(?!noqa|ruff|type: ignore)\S.+"
)


def passed_over(text: str) -> list[str]:
    """The comments of a file that say of a rule that it does not hold there."""
    tokens = tokenize.generate_tokens(StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT and PASSED_OVER.match(token.string)]


@pytest.mark.parametrize(
    ("comment", "is_right"),
    [
        ("# noqa: B023 - called at once", True),
        ("# ruff: noqa: E501, ISC004 - a table", True),
        ("# type: ignore[attr-defined]  # its stubs leave it out", True),
        ("# type: ignore[attr-defined]  # noqa: S606 - only there on Windows", True),
        ("# noqa", False),
        ("# noqa: B023", False),
        ("# noqa - because", False),
        ("# type: ignore", False),
        ("# type: ignore[attr-defined]", False),
        ("# type: ignore[attr-defined]  # noqa: S606", False),
    ],
)
def test_a_reason_is_told_from_none(comment: str, is_right: bool) -> None:
    assert passed_over(f"x = 1  {comment}\n") == [comment]
    assert bool(WITH_REASON.fullmatch(comment)) == is_right


def test_no_rule_is_passed_over_without_a_reason() -> None:
    found = [(path.name, one) for path in python_files() for one in passed_over(path.read_text(encoding="utf-8"))]

    assert len(found) > 10
    assert [(name, one) for name, one in found if not WITH_REASON.fullmatch(one)] == []


def test_every_exception_from_the_rules_has_its_reason() -> None:
    rules = (
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("\nignore = [\n")[2].partition("[tool.mypy]")[0]
    )
    exceptions = re.findall(r"^ +\"[A-Z]+[0-9]*\",.*$", rules, re.MULTILINE)

    assert len(exceptions) > 20
    assert [line for line in exceptions if not re.search(r", +# \w", line)] == []


def test_a_fresh_folder_needs_nothing_that_is_not_kept() -> None:
    """Files that git leaves out must not be named as if they came with the project."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {".venv/", "/out/", "/build/", "tests/rigs/verapdf/target/"} <= set(ignored)
