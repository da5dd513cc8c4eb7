"""Records of an electronic system (FHIR) through the command line: printed, marked, recalled, and no identifier anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from press.delivery.clinic_key import KEY_FILE
from tests.patients.fhir_cases import PRESCRIBER, bundle, order, patient, shot, visit
from tests.support import Shop, folded

DAY = ("--today", "2026-11-23")


@pytest.fixture
def export(shop: Shop) -> Path:
    """One who can be printed, in English, and one with an order alone."""
    path = shop.root / "export.json"
    path.write_bytes(
        bundle(
            patient("zq71", communication=None), order("zq71"), shot("zq71"), PRESCRIBER,
            visit("2026-11-30T19:30:00Z", "zq71"), patient("zq72"), order("zq72"),
        )
    )  # fmt: skip
    return path


def test_an_export_is_printed_marked_and_recalled_by_row_and_no_identifier_is_written(shop: Shop, export: Path) -> None:
    made = shop.run(
        "batch", "export.json", "overdose-warning", "--separate", "out/run", "--out", "fhir", "out/told", *DAY
    )
    assert made.exit_code == 1 and "needs you: 1 (row 2: undated overdose warning only)" in made.stdout
    assert "row 2, column last_dose: error: `last_dose`: no dose was given" in made.stderr
    assert "given: 2 people" in shop.run("given", "export.json").stdout

    due = json.loads(shop.run("report", "due", "export.json", "--json", *DAY).stdout)
    [person] = due["due"]
    code = person["code"]
    assert due["by_row"] and person["row"] == 1 and any(code in path.name for path in (shop.root / "out/run").iterdir())
    text = folded(shop.run("report", "due", "export.json", "--format", "text", "-o", "-", *DAY).stdout)
    assert f"{code}, Row 1: Due: Mon, Nov 30, 2026" in text
    asked = ("report", "recall", "overdose-warning", "--before", "90.0.0", "--list", "export.json", *DAY)
    held = json.loads(shop.run(*asked, "--json").stdout)["held"]
    assert {person["code"]: person["row"] for person in held}[code] == 1
    assert f"{code}, Row 1: Printed" in folded(shop.run(*asked, "--format", "text", "-o", "-").stdout)

    told = [
        json.loads(path.read_bytes())["subject"]["identifier"]["value"] for path in (shop.root / "out/told").iterdir()
    ]
    assert len(told) == 2 and code in told
    again = shop.run("make", "overdose-warning", "--code", code, "--set", "language=es", *DAY)
    assert again.exit_code == 0, again.stderr
    assert "Prescriber" not in made.output + text
    written = [path for path in shop.root.rglob("*") if path.is_file() and path not in (export, shop.root / KEY_FILE)]
    assert len(written) > 10
    for path in written:
        assert "zq7" not in path.name and b"MADE-UP-zq7" not in path.read_bytes()
    assert "zq7" not in made.output + due["report"] + text


def test_out_needs_a_run_and_a_folder_of_its_own(shop: Shop, export: Path) -> None:
    for more in (("--dry-run",), ("--separate", "out/told")):
        found = shop.run("batch", "export.json", "--out", "fhir", "out/told", *more, *DAY)
        assert found.exit_code == 2 and not (shop.root / "out/told").exists()


def test_switches_of_tables_and_a_key_that_others_read_are_refused(shop: Shop, export: Path) -> None:
    for switch in (("--recipe", "x"), ("--dates", "mdy")):
        found = shop.run("batch", "export.json", "--dry-run", *switch, *DAY)
        assert found.exit_code == 1 and "leave --encoding, --dates and --recipe out" in found.stderr
    (shop.root / KEY_FILE).write_text("no key")
    (shop.root / KEY_FILE).chmod(0o600)
    found = shop.run("batch", "export.json", "--dry-run", *DAY)
    assert found.exit_code == 1 and "restore it from a backup" in found.stderr


def test_a_code_with_two_meanings_in_config_is_refused_at_its_place(shop: Shop, export: Path) -> None:
    shop.edit("config.yaml", "tablet: [1483744]", "tablet: [1483744, 637213]")
    found = shop.run("batch", "export.json", "--dry-run", *DAY)

    assert found.exit_code == 1 and "config.yaml:" in found.stderr and "under two of" in found.stderr
