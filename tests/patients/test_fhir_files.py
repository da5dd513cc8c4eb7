"""Exports of records as files, folders and zips: read once, by what they hold, within limits."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from press.errors import HandoutError
from press.patients.fhir import files as module
from press.patients.fhir import json_stream
from press.patients.fhir.export import digest_of_export
from press.patients.fhir.files import is_export
from press.patients.patient_list import PatientList, Reading, parse_list, read_list
from tests.patients.fhir_cases import PRESCRIBER, bundle, lines, order, patient, settings, shot

READING = Reading(fhir=settings)
BULK = {
    "MedicationAdministration.ndjson": lines(shot(), shot("2", when="2026-11-03")),
    "MedicationRequest.1.ndjson": lines(order(), order("2")),
    "Patient.ndjson": lines(patient(), patient("2")),
    "Practitioner.ndjson": lines(PRESCRIBER),
}


def read(path: Path) -> PatientList:
    return read_list(path, path.name, reading=READING)


def refusal(path: Path, reading: Reading = READING) -> str:
    with pytest.raises(HandoutError) as raised:
        read_list(path, path.name, reading=reading)
    return "; ".join(problem.message for problem in raised.value.problems)


def zipped(members: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return whole.getvalue()


def test_a_bulk_export_is_the_same_as_a_folder_a_zip_and_one_bundle(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "part").mkdir(parents=True)
    for number, (name, data) in enumerate(BULK.items()):
        (folder / ("part" if number else "") / name).write_bytes(data)
    packed = tmp_path / "export.zip"
    packed.write_bytes(zipped({f"run/{name}": data for name, data in BULK.items()} | {"__MACOSX/x.json": b"no"}))
    single = tmp_path / "export.json"
    single.write_bytes(
        bundle(patient(), patient("2"), order(), order("2"), PRESCRIBER, shot(), shot("2", when="2026-11-03"))
    )

    found = [[entry.options for entry in read(path)] for path in (folder, packed, single)]

    assert found[0] == found[1] == found[2] and len(found[0]) == 2 and all(found[0])
    assert [entry.options for entry in parse_list(packed.read_bytes(), "x.zip", reading=READING)] == found[0]
    for path in (folder, packed, single):
        assert is_export(path) and digest_of_export(path, path.name) == read(path).sha256
    assert read(single).sha256 == hashlib.sha256(single.read_bytes()).hexdigest()


def test_a_file_more_or_renamed_makes_another_digest(tmp_path: Path) -> None:
    (tmp_path / "Patient.ndjson").write_bytes(BULK["Patient.ndjson"])
    digests = [digest_of_export(tmp_path, "x")]
    (tmp_path / "More.ndjson").write_bytes(b"")
    digests.append(digest_of_export(tmp_path, "x"))
    (tmp_path / "More.ndjson").rename(tmp_path / "Other.ndjson")
    digests.append(digest_of_export(tmp_path, "x"))

    assert len(set(digests)) == 3


def test_other_folders_and_zips_are_no_exports(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.pdf").write_bytes(b"%PDF")
    (tmp_path / "book.xlsx").write_bytes(zipped({"[Content_Types].xml": b"<x/>", "a.json": b"{}"}))
    (tmp_path / "list.csv").write_bytes(b"code,form\n")
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "x.json").symlink_to(tmp_path / "list.csv")

    assert not any(map(is_export, [*tmp_path.iterdir(), tmp_path / "missing"]))
    assert refusal(tmp_path / "pages") == "this is not a file"


def test_a_list_that_changes_nothing_is_read_only_where_the_clinic_reads_records(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(bundle(patient(), shot()))

    assert refusal(path, Reading()) == "this command reads no records (FHIR)"
    assert "leave" in str(refusal(path, Reading(order="mdy", fhir=settings))) or "named" in refusal(
        path, Reading(recipe="x", fhir=settings)
    )
    with pytest.raises(HandoutError):
        read_list(path, path.name, "latin-1", READING)


def test_a_damaged_or_locked_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    whole = zipped(BULK)
    at = whole.index(BULK["Patient.ndjson"])
    path.write_bytes(whole[: at + 10] + b"~~~~" + whole[at + 14 :])  # its checksum is another one

    assert "damaged" in refusal(path)


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(bundle(patient(), shot()))
    packed = tmp_path / "export.zip"
    packed.write_bytes(zipped({"Patient.ndjson": b" " * 5000}))
    monkeypatch.setattr(module, "MOST_BYTES", 500)
    assert "too large" in refusal(path) and "too large" in refusal(packed)
    monkeypatch.undo()
    monkeypatch.setattr(json_stream, "LONGEST", 100)
    monkeypatch.setattr(json_stream, "_CHUNK", 50)
    assert "too large" in refusal(path)


def test_a_window_of_any_size_gives_the_same_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (
        bundle(patient(), order(), shot(), total=12345, timestamp="2026-11-23T10:00:00Z") + b"\n" + lines(patient("2"))
    )
    expected = list(json_stream.read_resources(io.BytesIO(data)))

    for size in (1, 2, 3, 7, 64, 1000):
        monkeypatch.setattr(json_stream, "_CHUNK", size)
        assert list(json_stream.read_resources(io.BytesIO(data))) == expected
    assert len(expected) == 5 and expected[3].resource["total"] == 12345


def test_memory_does_not_grow_with_what_is_not_read(tmp_path: Path) -> None:
    path, note = tmp_path / "export.ndjson", {"resourceType": "Observation", "id": "o", "note": "x" * 2000}
    with path.open("wb") as file:
        file.write(lines(patient(), order(), shot()) + b"\n")
        for _ in range(8_000):
            file.write(json.dumps(note).encode() + b"\n")
    tracemalloc.start()
    try:
        assert read(path).people == 1
        assert tracemalloc.get_traced_memory()[1] < 12_000_000 < path.stat().st_size
    finally:
        tracemalloc.stop()
