"""Name the finished files of readers: by handout, language and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from press.delivery.filenames import PERSONAL as NOBODY
from press.writers.formats import FORMATS

if TYPE_CHECKING:
    from press.runs.handout import Made


def file_name(made: Made, form: str) -> str:
    """Name the finished file: never by a person's name, nor a person's reason for treatment."""
    options = made.options
    parts = [made.topic, options.language] + [made.beside] * bool(made.beside)
    if made.master.tailored.personal or options.code:
        parts.insert(0, options.code or NOBODY)
    else:
        parts += [options.form, options.reason]
    if options.edition != "standard":
        parts.append(options.edition)
    if options.paper != "letter":
        parts.append(options.paper)
    draft = "" if made.status.is_final else "DRAFT-"
    return draft + "-".join(parts) + FORMATS[form].ending
