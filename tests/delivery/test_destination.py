"""Where finished pages go, as people read it. Where they go at all is tested with the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.delivery.destination import whole_path


@pytest.mark.parametrize(
    ("typed", "whole"),
    [("job.pdf", "here/job.pdf"), ("../out/job.pdf", "out/job.pdf"), ("link/job.pdf", "here/link/job.pdf")],
)
def test_a_path_is_whole_and_links_are_as_they_are(
    typed: str, whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path.resolve()
    (root / "here").mkdir()
    (root / "here" / "link").symlink_to(root)
    monkeypatch.chdir(root / "here")
    assert whole_path(Path(typed)) == root / whole


def test_what_is_above_a_link_is_above_the_folder_that_it_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path.resolve()
    (root / "far" / "inner").mkdir(parents=True)
    (root / "link").symlink_to(root / "far" / "inner")
    monkeypatch.chdir(root)
    assert whole_path(Path("link/../job.pdf")) == root / "far" / "job.pdf"
