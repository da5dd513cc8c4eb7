"""Decides where finished pages go, and what is wrong with a command as a whole.

It imports nothing that reads files: a cached page is delivered without that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from press.records import dataclass

STANDARD_OUTPUT = "-"
_DOCUMENT = r"\.(?:docx?|odt|rtf|png|jpe?g|tiff?|svg|e?ps|xps|md|htm|xhtml|xlsx?|csv|zip)\Z"


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


def whole_path(path: Path) -> Path:
    """A path as people write it whole: from the root, without `..`, and else with links as they are."""
    parent = path.absolute().parent
    return Path(os.path.realpath(parent) if ".." in parent.parts else parent, path.name)


def target_from(output: str | None, usual: Path, format_name: str, count: int, endings: Mapping[str, str]) -> Target:
    """Where `count` handouts go: to `usual` unless something else was named. Raises UsageError.

    `endings` has the ending of files, with its point, for the name of each format.
    """
    if output is None:
        return Target(usual)
    if output == STANDARD_OUTPUT:
        if count > 1 and format_name != "text":
            message = f"standard output can take one handout as {format_name}; name a handout, or a folder after -o"
            raise UsageError(message)
        return Target(Path.cwd(), is_stream=True)
    path = whole_path(Path(output))
    ending = path.suffix.lower()
    if path.is_dir():
        return Target(path)
    if ending not in endings.values():
        if re.match(_DOCUMENT, ending):
            raise UsageError(f"no page can be written as {ending}: a file ends in {', '.join(endings.values())}")
        return Target(path)
    if ending != endings[format_name]:
        raise UsageError(f"the name after -o ends in {ending}, but the format is {format_name}; change one of them")
    if count > 1:
        raise UsageError("one file was named for several handouts; name one handout, or a folder after -o")
    return Target(path.parent, path.name)
