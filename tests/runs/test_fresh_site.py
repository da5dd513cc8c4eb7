"""A clinic's site that is read again once a file of it was saved."""

from __future__ import annotations

from pathlib import Path

from press.runs.fresh_site import FreshSite
from tests.support import copied, edit


def test_a_site_is_read_again_only_when_a_file_of_it_was_saved(tmp_path: Path) -> None:
    sites = FreshSite(copied(tmp_path))
    first = sites.get()
    assert sites.get() is first
    edit(tmp_path / "config.yaml", 'name: ""', 'name: "A clinic"')
    second = sites.get()
    assert second is not first and second.clinic.name == "A clinic"
    (tmp_path / "approvals.yaml").write_text("[]", "utf-8")
    assert sites.get() is not second
