"""Puts into the wheel what stands beside the program in a clone: the words to begin with, templates and type faces.

`pyproject.toml` names the class. It runs where a wheel is built, with nothing but setuptools.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

from setuptools.command.build_py import build_py

INSIDE = "press/shipped"  # where `press/delivery/installed.py` looks for it
_SHIPPED = ("config.yaml", "handouts/*.yaml", "handouts/*/*.yaml", "templates/**/*")
_OWN = "tools/wheel.py"  # a source archive builds a wheel, too


def shipped_files(root: Path = Path()) -> Iterator[str]:
    """List the files that every clinic begins with, relative to the project, in a fixed order."""
    for pattern in _SHIPPED:
        found = (path for path in root.glob(pattern) if path.is_file() and path.suffix != ".md")
        yield from sorted(path.relative_to(root).as_posix() for path in found if not path.name.startswith("."))


class BuildPy(build_py):
    """`build_py`, and then a copy of these files; an editable install uses them where they are."""

    def run(self) -> None:
        """Build the package, then copy the shipped files into it."""
        super().run()
        rmtree(Path(self.build_lib, INSIDE), ignore_errors=True)  # of an older build, with files that are gone
        for name in () if self.editable_mode else shipped_files():
            target = self._target(name)
            self.mkpath(str(target.parent))
            self.copy_file(name, str(target), preserve_mode=False)

    def _target(self, name: str) -> Path:
        return Path(self.build_lib, INSIDE, name)

    def get_source_files(self) -> list[str]:
        """List all sources, for an archive of them."""
        return [*super().get_source_files(), *shipped_files(), _OWN]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """List what the wheel is made of."""
        ours = () if self.editable_mode else shipped_files()
        return [*super().get_outputs(include_bytecode), *(str(self._target(name)) for name in ours)]
