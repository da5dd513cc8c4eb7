"""Where finished pages go, as it was typed, and what is wrong with a command as a whole.

It imports nothing that reads files: a page that is kept ready is handed over without that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ENDINGS = {"pdf": ".pdf", "html": ".html", "text": ".txt"}
STANDARD_OUTPUT = "-"


class UsageError(Exception):
    """The command was put together wrongly; the sentence holds nothing of what was typed."""


@dataclass(frozen=True)
class Target:
    """Where the pages go: a folder, one file in it, or standard output."""

    folder: Path
    name: str = ""
    is_stream: bool = False

    @property
    def writable(self) -> Path:
        """The uppermost folder that has to be made, or else the folder itself."""
        top = self.folder
        while not top.exists() and not top.parent.exists():
            top = top.parent
        return top


def target_from(output: str | None, usual: Path, form: str, count: int) -> Target:
    """Where `count` handouts go: to `usual` unless something else was named. Raises UsageError."""
    if output is None:
        return Target(usual)
    if output == STANDARD_OUTPUT:
        if count > 1 and form != "text":
            raise UsageError(f"standard output can take one handout as {form}; name a handout, or a folder after -o")
        return Target(Path.cwd(), is_stream=True)
    path = Path(output).absolute()
    ending = path.suffix.lower()
    if ending not in ENDINGS.values() or path.is_dir():
        return Target(path)
    if ending != ENDINGS[form]:
        raise UsageError(f"the name after -o ends in {ending}, but the format is {form}; change one of them")
    if count > 1:
        raise UsageError("one file was named for several handouts; name one handout, or a folder after -o")
    return Target(path.parent, path.name)
