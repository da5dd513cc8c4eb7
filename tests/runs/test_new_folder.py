"""A clinic's own folder: what is in it, from where, and that it is there whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from press.content.shipped import read_record, record_all, shipped_bytes
from press.delivery.files import Files
from press.errors import HandoutError
from press.runs import backup
from press.runs.handout import Site
from press.runs.new_folder import make_folder
from tests.support import ROOT, copied, edit, told


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_holds_what_a_clinic_may_change_and_no_template(new_folder: Path) -> None:
    shelf = {path.relative_to(ROOT).as_posix() for path in (ROOT / "handouts").rglob("*.yaml")}

    assert len(shelf) > 20
    assert names(new_folder) == {"config.yaml", "handouts/shipped.json", *shelf}
    assert read_record(new_folder) == record_all()


def test_its_files_name_no_schema_that_is_not_there(new_folder: Path) -> None:
    assert b"yaml-language-server" in (ROOT / "config.yaml").read_bytes()
    assert b"yaml-language-server" not in b"".join(path.read_bytes() for path in new_folder.rglob("*.yaml"))
    assert (new_folder / "config.yaml").read_bytes() == shipped_bytes("config.yaml")


def test_its_pages_have_the_templates_of_the_program_until_it_has_its_own(new_folder: Path, tmp_path: Path) -> None:
    assert Site(new_folder).templates == ROOT / "templates"
    assert Site(new_folder).library.pictures == Site(ROOT).library.pictures
    assert Site(copied(tmp_path)).templates == tmp_path / "templates"


def test_the_words_of_another_folder_are_brought_along_without_its_record(tmp_path: Path) -> None:
    old = copied(tmp_path)
    (old / "generate.py").touch()
    (old / "approvals.yaml").write_text("approvals: []\n", "utf-8")
    (old / "recipes").mkdir()
    (old / "recipes" / "ours.yaml").write_text("a: b\n", "utf-8")
    (old / "ledger.sqlite").touch()
    edit(old / "handouts" / "benefits" / "en.yaml", "  title:", "  # ours\n  title:")
    folder = make_folder(tmp_path / "new", old)

    here = {name for name in names(old) if name.startswith("handouts/")}
    assert names(folder) == {"config.yaml", "approvals.yaml", "recipes/ours.yaml", "handouts/shipped.json", *here}
    assert "# ours" in (folder / "handouts" / "benefits" / "en.yaml").read_text("utf-8")
    assert read_record(folder).files == {}


def test_templates_of_a_clinics_own_come_along_and_so_does_its_record(new_folder: Path, tmp_path: Path) -> None:
    first = make_folder(tmp_path / "first", new_folder)
    (first / "templates").mkdir()
    (first / "templates" / "base.xhtml.j2").touch()
    second = make_folder(tmp_path / "second", first)

    assert "templates/base.xhtml.j2" in names(second)
    assert read_record(second) == read_record(new_folder)


def test_hidden_folders_stay_and_a_link_to_a_handout_comes_along(tmp_path: Path) -> None:
    """As in a backup: editors and systems for versions keep copies in hidden folders."""
    old = copied(tmp_path / "old")
    (old / "handouts" / ".old").mkdir()
    (old / "handouts" / ".old" / "en.yaml").touch()
    (old / "handouts" / "benefits").rename(tmp_path / "elsewhere")
    (old / "handouts" / "benefits").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    found = names(make_folder(tmp_path / "new", old))

    assert "handouts/benefits/en.yaml" in found and not [name for name in found if "/.old/" in name]


def test_a_large_file_comes_along_whole_and_one_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faces for names in Chinese have more than ten million bytes each."""
    old, size = copied(tmp_path / "old"), 10_000_002
    (old / "templates").mkdir(exist_ok=True)
    (old / "templates" / "face.otf").write_bytes(bytes(size))
    assert (make_folder(tmp_path / "new", old) / "templates" / "face.otf").stat().st_size == size

    monkeypatch.setattr(backup, "MOST_BYTES", size - 1)
    with told() as problems:
        make_folder(tmp_path / "second", old)
    assert [f"{one.place} {one.message}" for one in problems] == ["templates/face.otf this file has more than 10 MB"]
    assert not (tmp_path / "second").exists()


def test_what_is_no_clinics_folder_is_not_brought_along(tmp_path: Path) -> None:
    with told() as problems:
        make_folder(tmp_path / "new", tmp_path)

    assert [problem.message for problem in problems] == [
        "there is no `config.yaml` in that folder",
        "there is no `handouts` in that folder",
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_file", [True, False])
def test_what_is_there_is_left_alone(tmp_path: Path, is_file: bool) -> None:
    target = tmp_path / "clinic"
    (target if is_file else tmp_path / "clinic" / "x").parent.mkdir(exist_ok=True)
    (target if is_file else target / "x").write_text("mine", "utf-8")
    with told() as problems:
        make_folder(target)

    assert problems[0].message == "this is there already, and it is not an empty folder"
    assert (target if is_file else target / "x").read_text("utf-8") == "mine"


def test_an_empty_folder_is_filled_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # it may be the one in which somebody is
    make_folder(Path.cwd())

    assert {path.name for path in tmp_path.iterdir()} == {"config.yaml", "handouts"}


class FullDisk(Files):
    """Takes so many files, and no more."""

    def __init__(self, most: int) -> None:
        self.left = most

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self.left -= path.suffix == ".part"
        if self.left < 0:
            raise OSError(errno.ENOSPC, "full")
        return super().open(path, flags, mode)


@pytest.mark.parametrize("most", [0, 5])
def test_on_a_full_disk_nothing_of_it_is_left(tmp_path: Path, most: int) -> None:
    with pytest.raises(HandoutError) as caught:
        make_folder(tmp_path / "clinic", files=FullDisk(most))

    assert "the disk is full" in caught.value.problems[0].message
    assert list(tmp_path.iterdir()) == []
