"""The test page of a printer: a ruler that shows whether it prints in actual size, on both sides."""

from __future__ import annotations

from pathlib import Path

from press.delivery.atomic import deliver
from press.errors import Place
from press.runs.handout import Site
from press.runs.paper import PrinterRequest, SentFiles, send_files
from press.writers.pdf.ruler_page import RulerWords, draw_ruler_page

NAME = "test-page.pdf"


def make_ruler_page(site: Site, words: RulerWords) -> bytes:
    """Make the test page for the clinic's paper. Raises HandoutError for a broken config.yaml."""
    return draw_ruler_page(words, site.clinic.defaults.paper)


def save_ruler_page(site: Site, words: RulerWords) -> Path:
    """Save the test page among the finished pages. Raises HandoutError."""
    return deliver(make_ruler_page(site, words), site.root / site.clinic.output, NAME)


def print_ruler_page(site: Site, words: RulerWords) -> SentFiles:
    """Print the test page on the clinic's printer. Raises HandoutError where it cannot be saved."""
    request = PrinterRequest(site.clinic.printer, Place("printer"), site.clinic.defaults.paper, two_sided=True)
    return send_files([save_ruler_page(site, words)], request)
