"""The program where the computer is not as usual: each thing is told in words, and none is a fault of the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

FULL = Path("/dev/full")
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs a shell and /dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")


def make(
    folder: Path, *more: str, env: dict[str, str] | None = None, shell: str = "{}"
) -> subprocess.CompletedProcess[str]:
    """Print one handout in a process of its own, in `folder`; `shell` is what stands around the command."""
    words = [sys.executable, str(ROOT / "generate.py"), "make", "benefits", *(more or ("-o", "made.pdf"))]
    line = shell.replace("{}", " ".join(f"'{word}'" for word in words))
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=folder,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@posix_only
@pytest.mark.parametrize("zone", ["a-file", "Nowhere/City", pytest.param(":", marks=pytest.mark.sweep)])
def test_the_computers_own_time_zone_has_no_say(tmp_path: Path, zone: str) -> None:
    (tmp_path / "a-file").write_text("no time zone at all")
    result = make(tmp_path, env={"TZ": zone})

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "made.pdf").read_bytes().startswith(b"%PDF-")


@posix_only
@pytest.mark.sweep
@pytest.mark.parametrize(
    "env",
    [{"HOME": "/nonexistent"}, {"HOME": "relative"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}],
)
def test_an_odd_home_or_locale_changes_nothing(tmp_path: Path, env: dict[str, str]) -> None:
    result = make(tmp_path, env=env)

    assert result.returncode == 0, result.stderr


@posix_only
@pytest.mark.sweep
@pytest.mark.parametrize("shell", ["{} >&-", "{} 2>&-", "{} <&-", "{} 2>/dev/full"])
def test_a_closed_stream_changes_nothing(tmp_path: Path, shell: str) -> None:
    assert make(tmp_path, shell=shell).returncode == 0
    assert (tmp_path / "made.pdf").exists()


@needs_full
@pytest.mark.parametrize("more", [("-o", "-"), ("--json", "-o", "made.pdf")])
def test_an_output_that_takes_no_more_is_told(tmp_path: Path, more: tuple[str, ...]) -> None:
    result = make(tmp_path, *more, shell="{} >/dev/full")

    assert result.returncode == 1
    assert "\noutput: error: what was to be shown or piped could not be written" in f"\n{result.stderr}"
    assert "Traceback" not in result.stderr and "Exception" not in result.stderr


@posix_only
def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    result = make(tmp_path / "gone", shell="rmdir ../gone; {}")

    assert result.returncode == 1
    assert result.stderr.startswith("this folder: error: the folder in which you are is gone")


@posix_only
@pytest.mark.sweep
def test_too_little_memory_is_told(tmp_path: Path) -> None:
    """From plenty down to almost nothing: each step prints, or says in words that there is no memory."""
    seen: set[int] = set()
    for kilobytes in (160_000, 80_000, *range(70_000, 20_000, -2_000)):
        result = make(tmp_path, shell=f"ulimit -v {kilobytes}; {{}}")
        seen.add(result.returncode)
        if result.returncode == 1 and "no memory left" in result.stderr:
            return
    pytest.fail(f"the program never ran out of memory: {seen}")
