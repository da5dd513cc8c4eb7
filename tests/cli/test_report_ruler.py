"""`report test-page`: a page with a ruler, saved and printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.delivery.printer import Sent
from press.errors import Place, refuse
from tests.support import Shop


def test_the_test_page_is_saved(shop: Shop) -> None:
    done = shop.run("report", "test-page")
    assert done.exit_code == 0 and done.stdout.strip().endswith("out/test-page.pdf")
    assert (shop.root / "out" / "test-page.pdf").read_bytes().startswith(b"%PDF")


def test_the_test_page_goes_to_the_printer_of_the_clinic(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def print_file(path: Path, printer: str, paper: str, *, two_sided: bool, place: Place) -> Sent:
        if printer != "Front_desk":
            raise refuse(place, "this computer has no printer of that name")
        return Sent(printer)

    monkeypatch.setattr("press.runs.paper.print_file", print_file)
    refused = shop.run("report", "test-page", "--print")
    assert refused.exit_code == 1 and "no printer of that name" in refused.stderr
    shop.edit("config.yaml", 'printer: ""', "printer: Front_desk")
    done = shop.run("report", "test-page", "--print")
    assert done.exit_code == 0 and "sent to Front_desk: test-page.pdf" in done.stdout
