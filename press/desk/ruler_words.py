"""The words of a printer's test page, in the staff's language."""

from __future__ import annotations

from press.desk.staff_words import words
from press.writers.pdf.ruler_page import RulerWords


def ruler_words(language: str) -> RulerWords:
    """Say what the test page says, in a language of the desk."""
    w = words(language)
    lines = w("clinic.ruler_size"), w("clinic.ruler_edge"), w("clinic.ruler_sides"), w("clinic.ruler_else")
    return RulerWords(w("clinic.ruler_title"), lines, w("clinic.ruler_back"))
