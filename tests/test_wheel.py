"""The wheel: what is in it, and that its command prints the very pages that a clone prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import left_out
from tests.support import ROOT, TODAY
from tools.wheel import INSIDE, shipped_files

DAY = TODAY.isoformat()
PIP = (sys.executable, "-I", "-m", "pip", "--disable-pip-version-check")


def run(*command: str | Path, folder: Path) -> str:
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip builds it, of a copy of the project and without the network."""
    import setuptools

    if int(setuptools.__version__.partition(".")[0]) < 77:
        left_out("setuptools 77 or newer is needed to build a wheel: `make test` installs it")
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("press", "handouts", "templates", "tools"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "config.yaml", "generate.py"):
        shutil.copy(ROOT / name, source)
    stale = source / "build" / "lib" / INSIDE / "handouts" / "of-an-older-build"
    stale.mkdir(parents=True)
    (stale / "en.yaml").touch()
    run(*PIP, "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, ".", folder=source)
    (found,) = folder.glob("*.whl")
    return found


def test_the_shipped_files_are_those_of_the_project() -> None:
    found = set(shipped_files(ROOT))

    assert {"config.yaml", "handouts/helplines.yaml", "handouts/benefits/es.yaml"} < found
    assert {"templates/base.xhtml.j2", "templates/fonts/SHA256SUMS", "templates/fonts/OFL-NotoSans.txt"} < found
    assert {f"handouts/{path.parent.name}/{path.name}" for path in (ROOT / "handouts").glob("*/*.yaml")} < found
    assert not [name for name in found if name.endswith(".md")]


@pytest.mark.sweep
def test_the_wheel_holds_the_program_with_its_words_and_licenses_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    meta = {name for name in names if ".dist-info/" in name}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "press").rglob("*.py")}
    kept = (path for kind in ("txt", "json") for path in (ROOT / "press").rglob(f"data/*.{kind}"))
    data = {path.relative_to(ROOT).as_posix() for path in kept}

    assert len(modules) > 100 and len(data) == 43
    assert f"{INSIDE}/templates/desk/base.html" in names, "the desk's screens are the program's own"
    assert names - meta == modules | data | {f"{INSIDE}/{name}" for name in shipped_files(ROOT)}
    assert sum("/licenses/" in name for name in meta) >= 6


@pytest.mark.sweep
def test_the_installed_command_prints_the_pages_of_a_clone(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, with the libraries of this one."""
    home, clinic = tmp_path / "environment", tmp_path / "clinic"
    venv.create(home, with_pip=False)
    scheme = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    command = Path(sysconfig.get_path("scripts", "venv", scheme), "handout-press")
    python = command.with_name("python")
    shutil.copytree(sysconfig.get_path("purelib"), packages, copy_function=_linked, dirs_exist_ok=True)
    run(*PIP, "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel, folder=tmp_path)

    run(command, "init", "clinic", folder=tmp_path)
    run(command, "make", "--today", DAY, folder=clinic)
    run(sys.executable, ROOT / "generate.py", "make", "--today", DAY, "-o", tmp_path / "pages", folder=tmp_path)

    pages = {path.name: path.read_bytes() for path in (tmp_path / "pages").iterdir()}
    assert len(pages) > 2
    assert {path.name: path.read_bytes() for path in (clinic / "out").iterdir()} == pages
    assert {path.name for path in clinic.iterdir()} - {".press-cache"} == {"config.yaml", "handouts", "out"}
    assert "overdose-warning" in run(command, "list", "--today", DAY, folder=clinic)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
