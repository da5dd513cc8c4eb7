"""What was printed, for the clinic's own system: valid, for this user alone, and without a name. Made-up people only."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from press.delivery.ledger import LedgerRow
from press.reports.document_references import deliver_references
from tests.delivery.test_ledger import posix_only
from tests.reports.test_data import row
from tests.rigs import fhir_rig

ROWS = (
    row("P-2", "1.2.0"),
    row("P_1", "1.2.0", language="es"),
    row("P-2", "1.3.0", handout="side-effects", state="draft"),
)


def written(folder: Path, *rows: LedgerRow, **more: str) -> dict[str, dict[str, object]]:
    return {path.name: json.loads(path.read_bytes()) for path in deliver_references(rows, folder, **more)}


def test_each_person_has_one_with_every_handout_and_no_page(tmp_path: Path) -> None:
    found = written(tmp_path / "new", *ROWS)
    run = ROWS[0].run

    assert set(found) == {f"{run}-P-2.json", f"{run}-P_1.json"} == {path.name for path in (tmp_path / "new").iterdir()}
    both, one = found[f"{run}-P-2.json"], found[f"{run}-P_1.json"]
    assert both["subject"] == {"type": "Patient", "identifier": {"value": "P-2"}}
    assert (both["docStatus"], one["docStatus"]) == ("preliminary", "final")
    assert len(both["content"]) == 2 and one["content"][0]["attachment"]["language"] == "es"
    assert not {"data", "url"} & {key for part in both["content"] for key in part["attachment"]}


@posix_only
def test_they_are_for_this_user_alone(tmp_path: Path) -> None:
    [path] = deliver_references(ROWS[:1], tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_clinics_own_codes_are_named_with_their_system(tmp_path: Path) -> None:
    [found] = written(tmp_path, ROWS[0], code_system="urn:clinic").values()
    assert found["subject"] == {"type": "Patient", "identifier": {"value": "P-2", "system": "urn:clinic"}}


@pytest.mark.sweep
@pytest.mark.parametrize("release", ["R4", "R5"])
def test_they_are_valid(records_rig: None, tmp_path: Path, release: str) -> None:
    paths = deliver_references(ROWS, tmp_path, "urn:oid:2.16.840.1.113883.19.5")
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(paths[0].read_bytes().replace(b'"current"', b'"given"'))

    found = fhir_rig.validate([*paths, wrong], release)

    assert [found[path] for path in paths] == [[], []] and found[wrong]
