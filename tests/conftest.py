"""Options and fixtures of the tests that print PDF files."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from press.cli import common
from press.content import slips, translation
from press.content.raw import Mapping
from press.content.yaml import reader
from press.delivery import fingerprints, installed
from press.lru import look_for_cycles_seldom
from press.runs.handout import Site
from press.runs.new_folder import make_folder
from press.writers import text
from press.writers.stylesheet import Stylesheet
from tests.helpers import Case, print_all
from tests.rigs import fhir_rig, postgres_rig, verapdf_rig, web_rig
from tests.rigs.browser import Browser
from tests.rigs.postgres_rig import DATABASE, PASSWORD, Postgres
from tests.rigs.work import refuse_hours
from tests.support import ROOT, Release, Shop, copied, has_our_looks, press

# How long an example takes is the machine's affair.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

look_for_cycles_seldom()  # as the commands do: else it took a tenth of the tests' time


def pytest_configure(config: pytest.Config) -> None:
    """Let tests fork in a process of pytest-xdist: its second thread only waits for messages, which a fork never reads."""
    if hasattr(config, "workerinput"):
        config.addinivalue_line("filterwarnings", "ignore:.*multi-threaded, use of fork:DeprecationWarning")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Goldens are rewritten only when somebody asks for it."""
    parser.addoption("--update-goldens", action="store_true", help="rewrite tests/golden from what is printed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that need the sheaf: each process gets one stretch of tests, so only one prints it."""
    items.sort(key=lambda item: "sheaf" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """Leave the tests themselves out where Python looks for cycles: they stay to the end."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Let `fsync` only look whether the file is open: no test pulls the plug, and which calls are made is seen above it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: os.fstat(handle) and None)
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_trees() -> Iterator[None]:
    """Read the words of the project once for all its copies: a file with another letter is read."""
    own = reader.quick_tree
    once = lru_cache(maxsize=512)(own)

    def quick_tree(words: str, file: str) -> Mapping | None:
        return (once if file.startswith(("handouts/", "templates/")) else own)(words, file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "quick_tree", quick_tree)
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_looks() -> Iterator[None]:
    """Lay a block out once for all copies of the project, as long as their looks are those of the original."""
    own = Site.sheet

    def sheet(site: Site, edition: str, paper: str) -> Stylesheet:
        return own(press() if has_our_looks(site.templates) else site, edition, paper)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Site, "sheet", sheet)
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_digests() -> Iterator[None]:
    """List and hash the program and the original words once, for no test writes there."""
    own, inside = fingerprints._digest, fingerprints._inside
    ours = {str(ROOT / name) for name in ("press", "handouts", "templates")}
    below = tuple(f"{folder}{os.sep}" for folder in ours)
    digest_once = cache(lambda path, size: own(path, os.stat(path)))
    list_once = cache(lambda folder, name: tuple(inside(folder, name)))

    def digest(path: str, found: os.stat_result) -> str:
        return digest_once(path, found.st_size) if path.startswith(below) else own(path, found)

    def listed(folder: str, name: str, level: int = 0) -> Iterator[tuple[str, str]]:
        return iter(list_once(folder, name)) if folder in ours and level == 0 else inside(folder, name, level)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprints, "_digest", digest)
        patch.setattr(fingerprints, "_inside", listed)
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_words() -> Iterator[None]:
    """Compare and wrap the same words once: these functions see only what they are given."""
    near, find = slips.get_close_matches, translation._find
    near_once = lru_cache(1 << 16)(lambda word, known, n, cutoff: tuple(near(word, known, n, cutoff)))
    find_once = lru_cache(1 << 16)(lambda known, text: tuple(find(dict(known), text)))

    def get_close_matches(word: str, known: Mapping, n: int, cutoff: float) -> list[str]:
        return list(near_once(word, tuple(known), n, cutoff))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slips, "get_close_matches", get_close_matches)
        patch.setattr(translation, "_find", lambda known, text: list(find_once(tuple(known.items()), text)))
        patch.setattr(text, "wrap", lru_cache(1 << 16)(text.wrap))
        yield


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A copy of the project with the command line running on it."""
    root = copied(tmp_path)
    monkeypatch.setattr(common, "ROOT", root)
    monkeypatch.chdir(root)
    return Shop(root)


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic's folder as `init` makes it, to be copied."""
    return make_folder(tmp_path_factory.mktemp("new") / "clinic")


@pytest.fixture
def release(new_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A program that ships a copy of our words, and a clinic's folder made from it, with the command line on it."""
    shipped, clinic = tmp_path / "program", tmp_path / "clinic"
    shutil.copytree(new_folder, clinic)
    shutil.copytree(ROOT / "handouts", shipped / "handouts")
    shutil.copy(ROOT / "config.yaml", shipped)
    (shipped / "templates").symlink_to(ROOT / "templates")
    monkeypatch.setattr(installed, "SHIPPED", shipped)
    monkeypatch.setattr(common, "ROOT", clinic)
    return Release(shipped, clinic)


@pytest.fixture(scope="session")
def sheaf() -> dict[str, Case]:
    """Every handout, printed once for all tests."""
    return print_all()


@pytest.fixture(scope="session")
def rig() -> Iterator[None]:
    """Skip the test when the veraPDF rig is not built; in CI, fail it. Its JVM ends with the last test."""
    if verapdf_rig.find() is None:
        left_out(verapdf_rig.NOT_BUILT)
    yield
    verapdf_rig.stop()


@pytest.fixture(scope="session")
def records_rig() -> None:
    """Skip the test when the rig for records (FHIR) is not built; in CI, fail it."""
    if fhir_rig.find() is None:
        left_out(fhir_rig.NOT_BUILT)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that listens on a free port, for all tests of one process; in CI it must be there."""
    programs = postgres_rig.find_programs()
    if programs is None:
        left_out("no PostgreSQL is installed (Debian: postgresql)")
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:  # its user may not look below others
        os.chmod(folder, 0o755)
        with postgres_rig.running(programs, Path(folder) / "server") as server:
            yield server


@pytest.fixture
def server(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    """An empty database, and the password in the environment."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    postgres.new_database(DATABASE)
    return postgres


@pytest.fixture
def no_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a mountain of marks would be sorted, which nobody could wait for."""
    refuse_hours(monkeypatch)


def left_out(reason: str) -> None:
    """Skip the test; in CI, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def web() -> None:
    """Skip the test where web pages cannot be judged; in CI, fail it."""
    if reason := web_rig.missing():
        left_out(reason)


@pytest.fixture(scope="session")
def chromium(web: None) -> Iterator[Browser]:
    """One headless browser for all tests."""
    with Browser() as found:
        yield found


@pytest.fixture(scope="session")
def sheaf_files(sheaf: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sheaf as files."""
    folder = tmp_path_factory.mktemp("sheaf")
    paths = {name: folder / (name.replace("/", "-") + ".pdf") for name in sheaf}
    for name, path in paths.items():
        path.write_bytes(sheaf[name].printed.data)
    return paths
