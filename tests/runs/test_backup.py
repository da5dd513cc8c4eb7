"""Backup and restore of a clinic's folder: all of it, proved, and nothing lost whatever fails. Made-up people only."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from press.delivery import ledger as ledger_module
from press.delivery.archive import pack
from press.delivery.clinic_key import KEY_FILE, clinic_key
from press.delivery.files import FILES, Files
from press.delivery.ledger import LedgerRow, open_ledger
from press.delivery.ledger_schema import STEPS
from press.errors import HandoutError, Place, Problem, Severity
from press.runs import restore as module
from press.runs.backup import BackupMade, BackupRequest, make_backup, site_files
from press.runs.handout import Site
from press.runs.restore import Restored, RestoreRequest, restore
from tests.delivery.test_ledger import posix_only
from tests.rigs.faults import Deadly, Faulty, until_untouched
from tests.support import ROOT, check_few, copied

NOW = datetime.fromisoformat("2026-11-30T10:00:00-05:00")
ROW = LedgerRow("2026-11-23T10:00:00-05:00", "P-1", "a", "1.0.0", "abc1234", "en", "standard", "final", "ABC234", 1)
CONFIG = (ROOT / "config.yaml").read_text("utf-8")
SMALL = {
    "config.yaml": CONFIG.encode(), "approvals.yaml": b"[]", "handouts/a/en.yaml": b"words", "handouts/a/handout.yaml": b"order",
    "recipes/front-desk.yaml": b"headings", "templates/styles/standard.yaml": b"sizes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def checked(monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    """What `check` is to find: nothing, unless a test says otherwise. One test below has the real one."""
    found: list[Problem] = []
    monkeypatch.setattr(module, "check_site", lambda site, day: found)
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clinic's folder that is small: its words are not read here."""
    folder = tmp_path / "clinic"
    write(folder, SMALL)
    enter(folder / "ledger.sqlite", ROW)
    return folder


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def enter(path: Path, *rows: LedgerRow) -> None:
    path.parent.mkdir(exist_ok=True)
    with open_ledger(path) as ledger, ledger.printing(rows):
        pass


def codes(path: Path) -> list[str]:
    with open_ledger(path) as ledger:
        return [row.code for row in ledger.printed(date(2000, 1, 1), date(2100, 1, 1))]


def backup(root: Path, name: str = "backup.zip", **asked: Any) -> BackupMade:
    return make_backup(BackupRequest(Site(root), root.parent / name, NOW, **asked))


def restored(
    root: Path, files: Files = FILES, name: str = "backup.zip", file: Path | None = None, **asked: Any
) -> Restored:
    file = file or root.parent / name
    return restore(RestoreRequest(file, root, lambda zone: NOW.date(), **asked), files=files)


def state(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for locks."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def refused(root: Path, **asked: Any) -> list[str]:
    """What is told; nothing was changed."""
    before = state(root.parent)
    with pytest.raises(HandoutError) as caught:
        restored(root, **asked)
    assert state(root.parent) == before
    return [f"{problem.place} {problem.message} / {problem.hint}" for problem in caught.value.problems]


# Backup


def test_all_that_a_clinic_made_is_in_it_for_this_user_alone(root: Path) -> None:
    write(
        root,
        {
            "out/page.pdf": b"page",
            "list.csv": b"Zerbinetta",
            ".press-cache/x": b"x",
            "handouts/.lock": b"",
            "handouts/my notes.txt": b"x",
        },
    )
    made = backup(root)

    assert (made.files, made.rows) == (len(SMALL) + 1, 1)
    assert [(one.place.file, one.severity) for one in made.warnings] == [("handouts/my notes.txt", Severity.WARNING)]
    assert os.name != "posix" or stat.S_IMODE(made.file.stat().st_mode) == 0o600
    fresh = root.with_name("fresh")
    assert restored(fresh, is_new=True).problems == ()
    found = state(fresh)
    assert codes(fresh / "ledger.sqlite") == ["P-1"] and found.pop("ledger.sqlite") and found == SMALL


def test_the_screens_of_the_program_are_in_no_backup(root: Path) -> None:
    write(root, {"templates/desk/home.html": b"ours", "templates/desk/words/home.en.yaml": b"ours"})
    names = list(site_files(root))

    assert "templates/styles/standard.yaml" in names and not [
        name for name in names if name.startswith("templates/desk")
    ]


def test_without_the_ledger_there_is_no_code_in_it(root: Path) -> None:
    assert backup(root, with_ledger=False).rows is None
    (root / "ledger.sqlite").unlink()
    assert backup(root, "other.zip").rows is None
    assert (root.parent / "backup.zip").read_bytes() == (root.parent / "other.zip").read_bytes()


def test_the_ledger_is_copied_while_another_desk_has_it_open(root: Path) -> None:
    with open_ledger(root / "ledger.sqlite") as other, other.holding():
        other.mark(next(other.of_run("ABC234")), ledger_module.Mark.GIVEN, ROW.at)
        backup(root)
    restored(root.with_name("fresh"), is_new=True)
    with open_ledger(root.with_name("fresh") / "ledger.sqlite") as ledger:
        assert [row.mark for row in ledger.of_run("ABC234")] == ["printed"], "what was not committed is not there"


@pytest.mark.parametrize("name", ["backup.txt", "backup", "there.zip"])
def test_a_backup_replaces_nothing(root: Path, name: str) -> None:
    (root.parent / "there.zip").write_bytes(b"of yesterday")
    before = state(root.parent)
    with pytest.raises(HandoutError):
        backup(root, name)
    assert state(root.parent) == before


def test_a_damaged_ledger_makes_no_backup_but_one_without_it(root: Path) -> None:
    spoil(root / "ledger.sqlite")
    with pytest.raises(HandoutError) as caught:
        backup(root)
    assert "damaged" in caught.value.problems[0].message and not (root.parent / "backup.zip").exists()
    assert backup(root, with_ledger=False).rows is None


def spoil(path: Path) -> None:
    """Damage the pages of a ledger behind its first one."""
    enter(path, *(replace(ROW, code=f"S-{number}") for number in range(200)))
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xff" * 8192 + data[16384:])


def test_a_disk_that_is_full_leaves_no_backup(root: Path) -> None:
    for faulty in until_untouched(lambda n: Faulty(n), lambda files: try_backup(root, files)):
        assert faulty.failed
    assert (root.parent / "backup.zip").exists()


def try_backup(root: Path, files: Faulty) -> None:
    (root.parent / "backup.zip").unlink(missing_ok=True)
    try:
        make_backup(BackupRequest(Site(root), root.parent / "backup.zip", NOW), files=files)
    except HandoutError:
        assert files.failed
    if (root.parent / "backup.zip").exists():
        assert restored(root, dry_run=True).files == len(SMALL) + 1
    assert not list(root.parent.glob("*.part"))


# Restore


def test_what_is_there_now_lies_beside_and_the_ledger_is_kept(root: Path) -> None:
    backup(root)
    write(
        root,
        {
            "config.yaml": CONFIG.encode() + b"# later",
            "handouts/a/en.yaml": b"later",
            "recipes/new.yaml": b"x",
            "out/x": b"x",
        },
    )
    (root / "approvals.yaml").unlink()
    enter(root / "ledger.sqlite", replace(ROW, code="P-2"))
    done = restored(root)

    assert done.before == root / "before-restore-2026-11-30" and done.ledger is None and done.rows == 1
    old, now = state(done.before), state(root)
    assert (
        old["handouts/a/en.yaml"] == b"later"
        and old["config.yaml"].endswith(b"# later")
        and old["recipes/new.yaml"] == b"x"
    )
    assert {name: now[name] for name in SMALL} == SMALL and "recipes/new.yaml" not in now and now["out/x"] == b"x"
    assert codes(root / "ledger.sqlite") == ["P-1", "P-2"]
    assert "kept" in done.summary and "--ledger" in done.summary and str(done.before) in done.summary
    assert not (root / ".restore.part").exists()
    restored(root)
    assert (root / "before-restore-2026-11-30-2").exists()


def test_the_ledger_is_replaced_only_if_that_is_asked_for(root: Path) -> None:
    backup(root)
    enter(root / "ledger.sqlite", replace(ROW, code="P-2"))
    (root / "ledger.sqlite-journal").write_bytes(b"")
    done = restored(root, replace_ledger=True)

    assert done.ledger == root / "ledger.sqlite" and codes(done.ledger) == ["P-1"]
    assert codes(done.before / "ledger.sqlite") == ["P-1", "P-2"]
    assert (done.before / "ledger.sqlite-journal").exists(), "another ledger's journal would spoil this one"


def test_a_ledger_that_is_gone_or_damaged_comes_back(root: Path) -> None:
    backup(root)
    (root / "ledger.sqlite").unlink()
    assert restored(root).ledger and codes(root / "ledger.sqlite") == ["P-1"]
    spoil(root / "ledger.sqlite")
    assert restored(root).ledger is None, "it may be mended, and has rows that the backup lacks"
    assert restored(root, replace_ledger=True).ledger and codes(root / "ledger.sqlite") == ["P-1"]


def test_a_ledger_in_use_is_not_replaced(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "_WAIT", 0.05)
    backup(root)
    with open_ledger(root / "ledger.sqlite") as other, other.holding():
        [told] = refused(root, replace_ledger=True)
    assert "another program holds it" in told


@pytest.mark.parametrize(
    ("named", "found"),
    [("data/l.sqlite", "data/l.sqlite"), ("../l.sqlite", "ledger.sqlite"), ("/tmp/l.sqlite", "ledger.sqlite")],
)
def test_the_ledger_never_goes_out_of_the_folder(root: Path, named: str, found: str) -> None:
    write(root, {"config.yaml": (CONFIG + f"\nledger: {named}\n").encode()})
    content = state(root)
    (root.parent / "backup.zip").write_bytes(pack(content, {"made": "x"}))
    fresh = root.with_name("fresh")
    assert restored(fresh, is_new=True).ledger == fresh / found and codes(fresh / found) == ["P-1"]


def test_a_ledger_in_use_is_never_lost_sight_of(root: Path) -> None:
    """The config.yaml of the backup names another file, and a recall would look there alone."""
    backup(root)
    write(root, {"config.yaml": (CONFIG + "\nledger: data/l.sqlite\n").encode()})
    enter(root / "data" / "l.sqlite", ROW)
    assert "names another file for the ledger" in refused(root)[0]
    (root / "data" / "l.sqlite").unlink()
    assert restored(root).ledger is None, "the one that the backup's config.yaml names is there"


def test_a_ledger_among_the_words_is_refused(root: Path) -> None:
    """It would be copied with them, and laid aside with them."""
    write(root, {"config.yaml": (CONFIG + "\nledger: handouts/l.sqlite\n").encode()})
    for with_ledger in (True, False):
        with pytest.raises(HandoutError) as caught:
            backup(root, with_ledger=with_ledger)
        assert "lies among the words" in caught.value.problems[0].message
    (root.parent / "backup.zip").write_bytes(pack(state(root), {}))
    assert "lies among the words" in refused(root)[0]


def test_a_ledger_in_another_folder_is_kept(root: Path) -> None:
    enter(root.with_name("far.sqlite"), ROW)
    write(root, {"config.yaml": (CONFIG + "\nledger: ../far.sqlite\n").encode()})
    (root / "ledger.sqlite").unlink()
    backup(root)
    assert restored(root).ledger is None and not (root / "ledger.sqlite").exists()
    assert "is not in this folder" in refused(root, replace_ledger=True)[0]


def test_a_backup_of_an_older_ledger_is_taken(root: Path) -> None:
    (root / "ledger.sqlite").unlink()
    with closing(sqlite3.connect(root / "ledger.sqlite")) as old:
        for statement in STEPS[0]:
            old.execute(statement)
        old.execute("PRAGMA user_version = 1")
    (root.parent / "backup.zip").write_bytes(pack(state(root), {}))
    assert restored(root.with_name("fresh"), is_new=True).rows == 0


@pytest.mark.parametrize("change", ["damaged", "newer", "none"])
def test_a_ledger_that_is_not_whole_refuses_the_backup(root: Path, change: str) -> None:
    if change == "damaged":
        spoil(root / "ledger.sqlite")
    elif change == "newer":
        with closing(sqlite3.connect(root / "ledger.sqlite")) as ledger:
            ledger.execute("PRAGMA user_version = 99")
    content = state(root) | ({"ledger.sqlite": b"words " * 900} if change == "none" else {})
    (root.parent / "backup.zip").write_bytes(pack(content, {}))
    assert len(refused(root)) == 1
    assert len(refused(root.with_name("fresh"), is_new=True)) == 1 and not root.with_name("fresh").exists()


@pytest.mark.parametrize(
    "files",
    [{"x.py": b"x"}, {"handouts": b"x"}, {"press/cli/main.py": b"x"}, {".bashrc": b""}, {"ledger.sqlite/x": b"x"}],
    ids=str,
)
def test_what_belongs_to_no_clinic_is_refused(root: Path, files: dict[str, bytes]) -> None:
    (root.parent / "backup.zip").write_bytes(pack({"config.yaml": b"x"} | files, {}))
    assert len(refused(root)) == 1
    (root.parent / "backup.zip").write_bytes(pack({"handouts/a/en.yaml": b"x"}, {}))
    assert "lacks config.yaml" in refused(root)[0]


def test_a_file_where_a_folder_should_be_is_told(root: Path) -> None:
    (root.parent / "backup.zip").write_bytes(pack({"config.yaml": b"x", "handouts/a": b"x", "handouts/a/b": b"y"}, {}))
    assert len(refused(root)) == 1


def test_what_check_refuses_replaces_nothing(root: Path, checked: list[Problem]) -> None:
    backup(root)
    checked += [
        Problem(Place("handouts/a/en.yaml", 3), "a fact is missing"),
        Problem(Place("x"), "mild", severity=Severity.WARNING),
    ]
    told = sorted(refused(root))
    assert len(told) == 2 and "nothing was replaced" in told[0] and "--into FOLDER" in told[0]
    dry = restored(root, dry_run=True)
    assert [one.message for one in dry.problems] == ["a fact is missing"] and dry.summary.startswith(
        "whole, but refused"
    )
    done = restored(root.with_name("fresh"), is_new=True)
    assert len(done.problems) == 1 and (root.with_name("fresh") / "config.yaml").exists()


def test_to_prove_it_changes_nothing(root: Path) -> None:
    backup(root)
    before = state(root.parent)
    assert restored(root, dry_run=True).summary.startswith(
        "proved, nothing was restored: 7 files and a ledger with 1 row"
    )
    assert restored(root.with_name("fresh"), dry_run=True, is_new=True).before is None
    assert state(root.parent) == before and not root.with_name("fresh").exists()


def test_a_new_folder_is_as_init_makes_it_and_is_not_there_if_nothing_was_restored(root: Path) -> None:
    backup(root)
    new = root.with_name("p") / "q" / "new"
    assert restored(new, dry_run=True, is_new=True, file=root.with_name("backup.zip")).rows == 1
    assert not root.with_name("p").exists()

    restored(new, is_new=True, file=root.with_name("backup.zip"))
    assert state(new).keys() == state(root).keys()
    if os.name == "posix":
        modes = {
            stat.S_IMODE(path.stat().st_mode) for path in (new, new.parent, new / "handouts", new / "handouts" / "a")
        }
        assert modes == {0o755} and stat.S_IMODE((new / "ledger.sqlite").stat().st_mode) == 0o600


def test_a_new_folder_is_new(root: Path) -> None:
    backup(root)
    assert "this folder is there already" in refused(root, is_new=True)[0]
    file = root.with_name("file")
    file.write_bytes(b"")
    assert "this folder is there already" in refused(file, is_new=True)[0]


def test_whatever_call_fails_nothing_is_lost_and_nothing_is_mixed(root: Path) -> None:
    """All is as it was, or all is restored and what was there lies beside."""
    backup(root)
    write(root, {"handouts/a/en.yaml": b"later", "approvals.yaml": b"later"})
    before = state(root)
    seen = set()
    for faulty in until_untouched(lambda n: Faulty(n), lambda files: try_restore(root, files)):
        now = state(root)
        is_done = now["handouts/a/en.yaml"] == b"words"
        seen.add((faulty.failed[0], is_done))
        if is_done:
            assert {name: now[name] for name in SMALL} == SMALL
            assert now["before-restore-2026-11-30/approvals.yaml"] == b"later"
            undo(root)
        else:
            assert {name: data for name, data in now.items() if not name.startswith(".restore.part/")} == before
    assert {("replace", False), ("write", False), ("mkdir", False)} <= seen


def try_restore(root: Path, files: Faulty) -> None:
    try:
        restored(root, files)
    except HandoutError as error:
        assert files.failed and all("LIBRARY TEXT" not in one.message for one in error.problems)


def undo(root: Path) -> None:
    """Put back by hand what a restore laid aside."""
    aside = root / "before-restore-2026-11-30"
    for path in aside.iterdir():
        target = root / path.name
        os.replace(target, root.parent / f"trash-{len(list(root.parent.iterdir()))}")
        os.replace(path, target)
    aside.rmdir()


@posix_only
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_renaming_nothing_is_lost_and_the_same_command_finishes(root: Path, after: bool) -> None:
    backup(root)
    write(
        root, {"handouts/a/en.yaml": b"later", "approvals.yaml": b"later", "config.yaml": CONFIG.encode() + b"# later"}
    )
    calls = (counted := Faulty()).calls
    copy = root.with_name("copy")
    shutil.copytree(root, copy)
    restored(copy, counted)
    places = [number for number, name in enumerate(calls, 1) if name == "replace"][-10:]
    assert calls.count("replace") == len(SMALL) + 1 + len(places), "five are laid aside, and five put in their place"
    old = set(state(root).values())
    for place in places:
        shutil.rmtree(copy)
        shutil.copytree(root, copy)
        if (pid := os.fork()) == 0:
            restored(copy, Deadly(place, after=after))
            os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(pid, 0)[1]) or after
        assert old <= set(state(copy).values())
        restored(copy)
        now = state(copy)
        assert {name: now[name] for name in SMALL} == SMALL and old <= set(now.values())


def test_what_a_crash_left_is_no_hindrance(root: Path) -> None:
    backup(root)
    write(root, {".restore.part/handouts/old.yaml": b"of a crash"})
    restored(root)
    assert not (root / ".restore.part").exists() and "handouts/old.yaml" not in state(root)


def test_the_real_check_judges_a_real_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped words of a handout, and the same without a sentence."""
    monkeypatch.undo()
    check_few(monkeypatch)
    (tmp_path / "clinic").mkdir()
    root = copied(tmp_path / "clinic")
    others = {path for path in (root / "handouts").iterdir() if path.is_dir()}
    for path in others - {root / "handouts" / name for name in ("benefits", "phrases")}:
        shutil.rmtree(path)
    backup(root)
    assert restored(root, dry_run=True).problems == ()
    text = (root / "handouts" / "benefits" / "en.yaml").read_text("utf-8")
    (root / "handouts" / "benefits" / "en.yaml").write_text(text.partition("texts:")[0] + "texts: {}\n", "utf-8")
    backup(root, "bad.zip")
    assert any("benefits" in one for one in refused(root, name="bad.zip"))


def test_the_key_of_the_codes_goes_with_the_ledger(root: Path) -> None:
    key = root / KEY_FILE
    clinic_key(root)
    mine = key.read_bytes()
    backup(root)
    backup(root, "shared.zip", with_ledger=False)
    fresh = root.with_name("fresh")
    restored(fresh, is_new=True)
    assert (fresh / KEY_FILE).read_bytes() == mine and clinic_key(fresh)
    restored(root.with_name("words"), name="shared.zip", is_new=True)
    assert not (root.with_name("words") / KEY_FILE).exists()

    (fresh / KEY_FILE).write_text("1" * 64)  # another key than that of the backup
    restored(fresh)
    assert (fresh / KEY_FILE).read_text() == "1" * 64, "the key in use made the codes of the ledger in use"
    found = restored(fresh, replace_ledger=True)
    assert (fresh / KEY_FILE).read_bytes() == mine
    assert found.before and (found.before / KEY_FILE).read_text() == "1" * 64
