"""The runs of a list, found again by its digest: after a restart the same file goes on."""

from __future__ import annotations

import hashlib

import pytest

from press.delivery.run_folder import find_begun
from press.runs.earlier_runs import find_runs
from press.runs.totals import rows_as_spans, rows_in_spans
from tests.runs.test_batch import LIST
from tests.runs.test_merged_run import DAY, ONE, batch, on_a_list  # noqa: F401 - a fixture
from tests.support import Shop

DIGEST = hashlib.sha256(LIST.encode()).hexdigest()


def test_a_job_and_a_folder_are_found_by_the_list_and_by_no_other(shop: Shop) -> None:
    assert batch(shop, *ONE, "--merged", "out/a.pdf", *DAY)[0] == 0
    assert batch(shop, *ONE, "--separate", "out/b", "--rows", "2,4", *DAY)[0] == 0
    found = {run.path.name: run for run in find_runs(shop.root / "out", DIGEST)}

    assert set(found) == {"a.pdf", "b"} and not find_runs(shop.root / "out", "0" * 64)
    job, folder = found["a.pdf"], found["b"]
    assert (job.is_job, job.rows, job.day, job.sheets, len(job.people)) == (True, "2-4", "2026-11-23", 6, 3)
    assert (folder.is_job, folder.rows, folder.files, folder.is_finished) == (False, "2,4", 2, True)
    (folder.path / ".press" / "manifest.json").unlink()
    assert not {run.path.name: run for run in find_runs(shop.root / "out", DIGEST)}["b"].is_finished


def test_a_record_that_was_changed_is_no_run(shop: Shop) -> None:
    assert batch(shop, *ONE, "--merged", "out/a.pdf", *DAY)[0] == 0
    record = shop.root / "out" / ".press" / "a.pdf.json"
    record.write_text(record.read_text("utf-8").replace('"last":2', '"last":9'), "utf-8")

    assert not find_runs(shop.root / "out", DIGEST) and find_begun(shop.root / "out") is None


@pytest.mark.parametrize(
    ("numbers", "spans"), [((), ""), ((2,), "2"), ((2, 3, 4, 9), "2-4,9"), ((9, 2, 3), "2-3,9"), ((2, 4), "2,4")]
)
def test_rows_are_named_and_found_again(numbers: tuple[int, ...], spans: str) -> None:
    assert rows_as_spans(numbers) == spans
    assert list(rows_in_spans(spans)) == sorted(numbers)
