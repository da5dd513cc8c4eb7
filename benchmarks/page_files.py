"""Neutral pages as files for the peers, with the faces that they name beside them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any


def write_page(page: dict[str, Any], path: Path) -> Path:
    """The page as a file for the peers, with its two faces and no others in a folder beside it."""
    path.write_text(json.dumps({**page, "fonts": write_fonts(page, path)}, ensure_ascii=False), "utf-8")
    return path


def write_fonts(page: dict[str, Any], path: Path) -> dict[str, str]:
    """Copy the faces of a page into a folder beside its file; their names there."""
    folder = path.with_name("fonts")
    folder.mkdir(exist_ok=True)
    return {name: str(shutil.copy(file, folder)) for name, file in page["fonts"].items()}
