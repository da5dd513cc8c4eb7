"""What a clinic asks of one person's options as a whole."""

from __future__ import annotations

import pytest

from press.patients.options import Options
from press.patients.person_rules import check_code
from tests.support import Shop, clinic_with, press

GOOD = [
    "K-0417", "007", "R-108", "A1", "2026-0417", "041280", "NTX0042", "MRN-123456", "CLIENT-12", "patient_7", "12345678",
    "3f2aabcd-00ab-4dea-beef-0123456789ab", "K-13-45-99", "1234567890", "K.1.2",
]  # fmt: skip
MAY_BE_A_NAME = ["Zerbinetta", "smith.ann", "Ann-Bo", "JS", "Zerbinetta7", "smit1985", "ann-LEWIS-3", "K-abcd-1"]
MAY_BE_A_NUMBER_OR_DATE = [
    ("123-45-6789", "Social Security"), ("123456789", "Social Security"), ("K123.45.6789", "Social Security"),
    ("1980-04-12", "date"), ("19800412", "date"), ("JS19800412", "date"), ("04-12-1980", "date"), ("4.12.80", "date"),
    ("04121980", "date"), ("12041980", "date"), ("JS-12_4_80", "date"),
]  # fmt: skip
LIST = "code,form,reason,last_dose,interval\n{},injection,opioid,2026-11-20,4 weeks\nK-2,injection,opioid,,\n"
DAY = ("--today", "2026-11-23")


@pytest.mark.parametrize("code", ["", *GOOD])
def test_numbers_with_a_prefix_are_codes(code: str) -> None:
    assert not list(check_code(Options(code=code), press().clinic))


@pytest.mark.parametrize(
    ("code", "why"), [*((code, "may be a name") for code in MAY_BE_A_NAME), *MAY_BE_A_NUMBER_OR_DATE]
)
def test_a_code_that_may_say_who_it_is_is_refused_with_the_way_out(code: str, why: str) -> None:
    [found] = check_code(Options(code=code), press().clinic)

    assert found.is_error and found.private
    assert why in found.message
    assert "`codes: any` in config.yaml" in found.hint
    assert code not in found.message + found.hint


def test_who_numbers_otherwise_says_so_in_the_config() -> None:
    clinic = clinic_with(codes="any").clinic

    assert not [problem for code in MAY_BE_A_NAME for problem in check_code(Options(code=code), clinic)]


def test_nothing_is_printed_for_such_a_code_and_it_is_shown_nowhere(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(LIST.format("Zerbinetta7"), "utf-8")
    at_desk = shop.run("make", "overdose-warning", "--set", "code=Zerbinetta7", *DAY)
    in_list = shop.run("batch", "list.csv", "--dry-run", *DAY)
    report = shop.run("report", "due", "list.csv", "--json", *DAY)

    assert at_desk.exit_code == in_list.exit_code == report.exit_code == 1
    assert "needs you: 1 (row 2: nothing printed)" in in_list.stdout
    assert "column code: error: `code`: it has four letters or more in a row" in in_list.stderr
    assert "Zerbinetta" not in at_desk.output + in_list.output + report.output
    assert not shop.out()
    shop.edit("config.yaml", "codes: numbered", "codes: any")
    assert shop.run("batch", "list.csv", "--dry-run", *DAY).exit_code == 0
