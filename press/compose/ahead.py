"""Templates of the release as Jinja compiles them, made ahead: to compile them was a tenth of the first page's time.

They are files of the program, as much trusted as its modules, and Python caches their byte code as it does for those.
A file is named by the digest of its template's text and of Jinja's version: an edited template finds none, and is
compiled. `pytest --update-goldens tests/compose/test_ahead.py` writes them.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

import jinja2
from jinja2 import Environment, FileSystemLoader, Template

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

FOLDER = Path(__file__).parent / "data"


class AheadLoader(FileSystemLoader):
    """Loads a template from its file; compiles it only if that was not done ahead."""

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:  # noqa: A002 - Jinja's own name
        """Get a template. Raises TemplateNotFound, TemplateSyntaxError, OSError or UnicodeDecodeError."""
        source, file, is_current = self.get_source(environment, name)
        code = _code(name, source, file) or environment.compile(source, name, file)
        return environment.template_class.from_code(environment, code, globals or {}, is_current)


def ahead_file(name: str, source: str) -> Path:
    """Name the file of a template with this text."""
    digest = sha256(f"{jinja2.__version__}\n{name}\n{source}".encode()).hexdigest()
    return FOLDER / f"{name}-{digest[:32]}.txt"


def _code(name: str, source: str, file: str) -> CodeType | None:
    """Read what a template was compiled to, under its own file name, which Jinja's messages show."""
    path = ahead_file(name, source)
    if not path.is_file():
        return None
    code = SourceFileLoader(path.stem, str(path)).get_code(path.stem)
    return code.replace(co_filename=file) if code else None
