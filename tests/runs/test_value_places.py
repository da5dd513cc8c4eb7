"""A value that cannot be drawn is refused where it was typed, through every door."""

from __future__ import annotations

import json

import pytest

from tests.support import Shop

DAY = ("--today", "2026-11-23", "--no-ledger")
RUNES = "\u16a0\u16a2\u16a6"
# One string for each kind of sign that no face draws: scripts that nobody proved, pictures, marks without a place.
UNDRAWN = ["\u16a0", "\U00013000", "\u0f40", "\u10d0", "\u13a0", "\u2820", "\U0001f600", "\u2603", "\u0e01"]


def _places(output: str) -> set[str]:
    return {line.partition(": error: ")[0] for line in output.splitlines() if "no type face" in line}


@pytest.mark.parametrize("sign", UNDRAWN)
def test_every_door_names_the_place_and_the_field(shop: Shop, sign: str) -> None:
    file = shop.patient(f"code: K-1\nname: Jo {sign}\n")
    shop.patient(f"code,form,reason,name\nK-1,tablet,alcohol,Jo {sign}\n", "list.csv")
    by_file = shop.run("make", "overdose-warning", "--patient", file, *DAY)
    by_switch = shop.run("make", "overdose-warning", "--set", "code=K-1", "--set", f"name=Jo {sign}", *DAY)
    by_list = shop.run("batch", "list.csv", "--merged", "job.pdf", *DAY)

    assert [one.exit_code for one in (by_file, by_switch, by_list)] == [1, 1, 1]
    assert _places(by_file.output) == {"patient.yaml:2:7"}
    assert _places(by_switch.output) == {"--set 2"}
    assert _places(by_list.output) == {"list.csv, row 2, column name"}
    assert not any(sign in one.output for one in (by_file, by_switch, by_list))


def test_each_row_of_a_list_is_named_for_each_of_its_fields(shop: Shop) -> None:
    rows = f"K-1,tablet,alcohol,{RUNES},Bo\nK-2,tablet,alcohol,Bo,Bo\nK-3,tablet,alcohol,{RUNES},{RUNES}\n"
    shop.patient("code,form,reason,name,prescriber\n" + rows, "list.csv")
    told = json.loads(shop.run("batch", "list.csv", "--dry-run", "--json", *DAY).stdout)
    found = {one["heading"]: one["rows"] for one in told if "no type face" in one["message"]}

    assert found == {"name": [[2, 2], [4, 4]], "prescriber": [[4, 4]]}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('name: ""', f"name: Clinic {RUNES}", "config.yaml:5:7"),
        ("address: []", f"address: [Street {RUNES}]", "config.yaml:6:10"),
    ],
)
def test_a_value_of_the_clinic_is_named_in_its_file(shop: Shop, old: str, new: str, place: str) -> None:
    shop.edit("config.yaml", old, new)

    assert _places(shop.run("make", "side-effects", *DAY).output) == {place}
