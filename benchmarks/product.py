"""The product through its command line only, in a copy of the project that nothing else touches."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from benchmarks.people import TODAY, write_list, write_mixed
from benchmarks.running import Run, run, set_aside
from benchmarks.words import COLD, REFERENCE

_PARTS = ("press", "handouts", "templates", "schemas")
_FILES = ("generate.py", "config.yaml", "approvals.yaml")
_DAY = ("--today", str(TODAY))


class Product:
    """A copy of the project as it is shipped, with its own ledger and its own `out/`."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in _PARTS:
            shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in filter(lambda name: (root / name).exists(), _FILES):
            shutil.copy(root / name, folder)

    def run(self, *arguments: str) -> Run:
        """`generate.py` with these arguments. Raises Failed."""
        return run([sys.executable, "generate.py", *arguments], self.folder)

    @cached_property
    def knows_workers(self) -> bool:
        """Whether `batch` can be told how many processes may work."""
        return "--workers" in self.run("batch", "--help").output

    def separate(self, count: int, workers: int | None = None) -> tuple[Run, Path]:
        """From a list on the disk to a file for each person and the ledger; the folder of the files."""
        out = self.folder / "out" / "people"
        return self.run(*self._batch(count, workers), "--separate", str(out)), out

    def mixed(self, count: int, workers: int | None = None) -> tuple[Run, Path]:
        """The same from a list as varied as a clinic's, with all the handouts that each person is given."""
        out = self.folder / "out" / "people"
        return self.run(*self._batch(count, workers, write_mixed, ()), "--separate", str(out)), out

    def merged(self, count: int, workers: int | None = None) -> tuple[Run, Path]:
        """One print job of everybody on a list; its file."""
        out = self.folder / "out" / "job.pdf"
        return self.run(*self._batch(count, workers), "--merged", str(out)), out

    def make(self) -> Run:
        """One page for nobody in particular."""
        return self.run("make", COLD, *_DAY)

    @property
    def page(self) -> Path:
        """The file that `make` left."""
        return next((self.folder / "out").glob("*.pdf"))

    def profiled(self, count: int, result: Path) -> Run:
        """`separate` under cProfile, whose figures go into `result`."""
        workers = 1 if self.knows_workers else None
        batch = self._batch(count, workers)
        return run(
            [sys.executable, "-m", "cProfile", "-o", str(result), "generate.py", *batch, "--separate", "out/people"],
            self.folder,
        )

    def _batch(
        self,
        count: int,
        workers: int | None,
        write: Callable[[Path, int], None] = write_list,
        handouts: tuple[str, ...] = (REFERENCE,),
    ) -> list[str]:
        self.clear()
        people = self.folder / "list.csv"
        write(people, count)
        wanted = ["--workers", str(workers)] if workers else []
        return ["batch", str(people), *handouts, *_DAY, *wanted]

    def clear(self) -> None:
        """Take away what earlier runs left: pages and ledger."""
        set_aside(self.folder / "out", self.folder.parent)
        for file in self.folder.glob("*.sqlite*"):
            file.unlink()
