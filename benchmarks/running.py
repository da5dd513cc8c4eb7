"""One measured command, and what is made of many measurements: medians, quartiles, ratios."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_MEASURE = Path(__file__).with_name("measure.py")


@dataclass(frozen=True)
class Run:
    """One command: seconds as a whole process, peak memory in bytes, and what it printed."""

    seconds: float
    peak: int
    output: str


def set_aside(path: Path, folder: Path) -> None:
    """Put what a round left out of the way, to be removed when all is measured.

    Who writes soon after many files were removed waits for the disk's lists of them: removing them
    between the rounds would slow down whoever comes next, and most of all whoever is fast.
    """
    if path.exists():
        aside = folder / "aside"
        aside.mkdir(exist_ok=True)
        path.rename(aside / str(len(os.listdir(aside))))


class Failed(Exception):
    """A command of the benchmark did not do its work."""


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a command in a folder, after everything written before it has reached the disk.

    Raises Failed if it ends with anything but success. Python may keep byte code, as it does for everybody who
    installs a program: a program that is compiled at each start would be measured beside libraries that are not.
    """
    os.sync()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as place:
        result = Path(place, "result.json")
        whole = [sys.executable, "-I", "-S", str(_MEASURE), str(result), str(folder), *command]
        ended = subprocess.run(whole, capture_output=True, text=True, encoding="utf-8", check=False, env=environment)
        if ended.returncode:
            raise Failed(f"{' '.join(command[1:3])}: {(ended.stderr or ended.stdout).strip()[-600:]}")
        noted = json.loads(result.read_text("utf-8"))
    return Run(noted["seconds"], noted["peak"], ended.stdout)


@dataclass(frozen=True)
class Spread:
    """The middle of some measurements, and the quarter of them on each side."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Median and quartiles; of a single value the value itself."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(statistics.median(values), low, high)


def ratio(above: Sequence[float], below: Sequence[float]) -> Spread:
    """One against the other, round by round, so that a slow minute of the machine weighs on both."""
    return Spread.of([a / b for a, b in zip(above, below, strict=True)])
