"""Where the program is installed, and where what came with it lies: words to begin with, templates, type faces.

A wheel holds them inside the package; a clone has them beside it, as the folders that it is edited in.
"""

from __future__ import annotations

from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent
_IN_WHEEL = PROGRAM / "shipped"
IS_WHEEL = _IN_WHEEL.is_dir()
SHIPPED = _IN_WHEEL if IS_WHEEL else PROGRAM.parent
SCREENS = "templates/desk"  # of the program alone: a clinic has no copy of its own, and no page depends on them


def templates_of(root: Path) -> Path:
    """Give the folder of the templates: the clinic's own, or else those that came with the program."""
    own = root / "templates"
    return own if own.is_dir() else SHIPPED / "templates"
