"""The folder for Windows: what is in it, that it names what is there, and that it is built the same way twice."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import ROOT
from tools import open_desk
from tools.windows import FOLDER, OPENER, BuildError, build

PATHS = b"python313.zip\r\n.\r\n\r\n# Uncomment to run site.main() automatically\r\n#import site\r\n"


def archive(files: Mapping[str, bytes], seconds: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, data in files.items():
            target.writestr(zipfile.ZipInfo(name, (2025, 2, 4, 15, 23, seconds)), data)
    return made.getvalue()


PYTHON = {f"cp313/{name}": name.encode() for name in ("python.exe", "pythonw.exe", "python313.zip")}
PYTHON["cp313/python313._pth"] = PATHS
WHEELS = {
    "one-1.0-py3-none-any.whl": {
        "one/__init__.py": b"1", "one-1.0.dist-info/METADATA": b"Name: one", "one-1.0.data/purelib/one/more.py": b"2",
        "one-1.0.data/scripts/one.py": b"never run",
    },
    "two-1.0-cp313-cp313-win_amd64.whl": {"two.pyd": b"3", "two/py.typed": b""},
}  # fmt: skip


def wheels(seconds: int = 0) -> dict[str, bytes]:
    return {name: archive(files, seconds) for name, files in WHEELS.items()}


def files_of(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        names = opened.namelist()
        assert names == sorted(names) and all(name.startswith(f"{FOLDER}/") for name in names)
        return {name.removeprefix(f"{FOLDER}/"): opened.read(name) for name in names}


@pytest.fixture(scope="module")
def made() -> bytes:
    return build(archive(PYTHON), wheels())


def test_the_folder_holds_python_the_libraries_and_all_of_the_press(made: bytes) -> None:
    files = files_of(made)
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "press").rglob("*.py")}
    packages = {name.removeprefix("python/Lib/site-packages/") for name in files if "/site-packages/" in name}

    assert len(modules) > 100 and modules < set(files)
    assert {"config.yaml", "handouts/benefits/es.yaml", "templates/fonts/SHA256SUMS", "generate.py", "LICENSE"} < set(
        files
    )
    assert packages == {"one/__init__.py", "one-1.0.dist-info/METADATA", "one/more.py", "two.pyd", "two/py.typed"}
    assert not [name for name in files if "__pycache__" in name or name.endswith((".pyc", ".sqlite", ".csv"))]


def test_python_finds_the_libraries_and_the_press(made: bytes) -> None:
    lines = files_of(made)["python/python313._pth"].decode().splitlines()

    assert lines == ["python313.zip", ".", "Lib\\site-packages", ".."]


def test_what_is_double_clicked_names_what_is_there(made: bytes) -> None:
    files = files_of(made)
    text = files[OPENER].decode("ascii")
    named = [name.replace("\\", "/") for name in re.findall(r'"%~dp0([^"]+)"', text)]

    assert named == ["python/pythonw.exe", "python/open_desk.py"]
    assert set(named) < set(files)
    assert text.count("\n") == text.count("\r\n") == 3
    assert files["python/open_desk.py"] == Path(open_desk.__file__).read_bytes()


def test_the_same_parts_give_the_same_bytes(made: bytes) -> None:
    turned = {name: WHEELS[name] for name in reversed(WHEELS)}
    again = build(archive(PYTHON, 2), {name: archive(files, 4) for name, files in turned.items()})

    assert hashlib.sha256(again).digest() == hashlib.sha256(made).digest()


@pytest.mark.parametrize(
    ("python", "libraries", "said"),
    [
        ({"python.exe": b""}, {}, "no embeddable Python"),
        ({"python313._pth": PATHS, "python.exe": b""}, {}, "lacks python/pythonw.exe"),
        (PYTHON, {"evil.whl": {"../../press/treatment.py": b""}}, "outside its folder"),
        (PYTHON, {"evil.whl": {"evil-1.data/purelib/../../x.py": b""}}, "outside its folder"),
        (PYTHON, {"evil.whl": {"/x.py": b""}}, "outside its folder"),
        (PYTHON, {"a.whl": {"x.py": b"1"}, "b.whl": {"x.py": b"2"}}, "of the same name: python/Lib/site-packages/x.py"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_are_refused(
    python: dict[str, bytes], libraries: dict[str, dict[str, bytes]], said: str
) -> None:
    with pytest.raises(BuildError, match=re.escape(said)):
        build(archive(python), {name: archive(files) for name, files in libraries.items()})


def test_a_python_that_is_not_the_published_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python.zip").write_bytes(archive(PYTHON))
    (tmp_path / "one.whl").write_bytes(wheels()["one-1.0-py3-none-any.whl"])
    words = (
        "--python",
        tmp_path / "python.zip",
        "--sha256",
        "0" * 64,
        "--wheels",
        tmp_path,
        "--output",
        tmp_path / "x.zip",
    )
    done = subprocess.run([sys.executable, "-m", "tools.windows", *words], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1 and "python.zip is not the file with this SHA-256" in done.stderr
    assert not (tmp_path / "x.zip").exists()


def test_the_lock_has_no_line_that_another_system_would_leave_out() -> None:
    """pip asks markers of the computer that it runs on, and so would fetch other libraries than Windows needs."""
    lines = (ROOT / "requirements" / "server.lock").read_text("utf-8").splitlines()

    assert len(lines) > 20
    assert not [line for line in lines if re.search("sys_platform|platform_system|os_name", line)]


def test_without_a_window_what_is_said_is_shown_in_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """pythonw has no standard output; a desk that cannot start must not fail in silence."""
    from press.cli import main

    shown: list[str] = []

    def refuses() -> None:
        sys.stdout.write("config.yaml, line 3: error\n")
        sys.exit(1)

    monkeypatch.setattr(open_desk, "show", shown.append)
    monkeypatch.setattr(main, "run", refuses)
    monkeypatch.setattr(sys, "argv", ["open_desk.py"])
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    assert open_desk.main() == 1
    assert sys.argv[1:] == ["desk"]
    assert shown == ["config.yaml, line 3: error\n"]
