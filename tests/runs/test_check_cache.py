"""The cache of `check` and `list`: invalid as soon as an input changes, and never read if it is damaged.

Each part of the key has a test that changes this part alone. The program that is changed is a copy.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import pytest

from press.delivery import disk_cache as kept
from press.delivery import fingerprints as inputs
from press.delivery.fingerprints import read_inputs
from press.errors import Place, Problem, Problems, Severity
from press.runs import check_cache, sweep
from press.runs.handout import Site
from press.runs.sweep import check_files
from tests.rigs.waiting import HANGS
from tests.support import ROOT, SIGNED, TODAY, TOPICS, Shop, check_few, copied, edit

ALL = f"{24 * len(TOPICS)} combinations"  # of readers of all handouts

DAY = ("--today", "2026-11-23")
DATA = {"rows": [["a", 1], ["é", None]]}


@pytest.fixture
def small(shop: Shop) -> Shop:
    """A shop with one handout in one language, which is checked in seconds."""
    for folder in (shop.root / "handouts").iterdir():
        if folder.is_dir() and folder.name not in ("wallet-card", "phrases"):
            shutil.rmtree(folder)
    for path in (shop.root / "handouts").rglob("*.yaml"):
        if path.stem in ("es", "ru", "vi"):
            path.unlink()
    return shop


@pytest.fixture
def laid(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The handouts that were laid out, in the place of laying them out and of reading all their files."""
    found: list[str] = []

    def check_topic(press: Site, topic: str, today: date, language: str = "") -> tuple[int, list[Problem]]:
        found.append(topic)
        return 24, [Problem(Place("handouts/helplines.yaml", 3, 1), f"“{topic}” is long", "é", Severity.WARNING)]

    monkeypatch.setattr(sweep, "check_topic", check_topic)
    monkeypatch.setattr(sweep, "check_files", lambda *_: Problems())
    check_few(monkeypatch)  # for who signs
    return found


def files(root: Path) -> list[Path]:
    return sorted((root / kept.FOLDER).glob("*"))


# The same answer


def test_a_kept_check_prints_what_the_first_one_printed(small: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    check_few(monkeypatch)
    edit(small.root / "handouts/wallet-card/en.yaml", "Fold at the dotted lines.", "It is given to you.")
    first = small.run("check", *DAY)
    before = files(small.root)
    again = small.run("check", *DAY)
    data = small.run("check", "--json", *DAY)

    assert len(before) == 2 and "2 combinations checked, 0 errors, 1 warnings" in first.stderr
    assert (again.exit_code, again.stdout, again.stderr) == (first.exit_code, first.stdout, first.stderr)
    small.run("check", "--anew", *DAY)
    shutil.rmtree(small.root / kept.FOLDER)
    assert small.run("check", "--json", *DAY).output == data.output


@pytest.mark.parametrize("args", [(), ("--json",)])
def test_errors_and_warnings_are_told_again_with_the_same_exit_code(
    shop: Shop, laid: list[str], args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "check_files", check_files)
    shop.edit("handouts/benefits/es.yaml", "naltrexona", "naloxona")
    first, again = shop.run("check", *DAY, *args), shop.run("check", *DAY, *args)

    assert len(laid) == len(TOPICS) and first.exit_code == again.exit_code == 1
    assert "names: found" in again.output and (first.stdout, first.stderr) == (again.stdout, again.stderr)


def test_a_kept_list_prints_what_the_first_one_printed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.edit("handouts/benefits/en.yaml", "language: en", "language: es")
    first = shop.run("list", *DAY)
    monkeypatch.setattr(Site, "handout", lambda *_: pytest.fail("read again"))
    again, data = shop.run("list", *DAY), shop.run("list", "--json", *DAY)

    assert first.exit_code == again.exit_code == 1 and "`language` is `es`" in first.stderr
    assert (first.stdout, first.stderr) == (again.stdout, again.stderr)
    assert json.loads(data.stdout)["problems"][0]["file"] == "handouts/benefits/en.yaml"


def test_each_question_has_its_own_answer(shop: Shop, laid: list[str]) -> None:
    one, all_ = shop.run("check", "benefits", *DAY), shop.run("check", *DAY)

    assert "24 combinations" in one.stderr and ALL in all_.stderr
    assert shop.run("check", "benefits", *DAY).stderr == one.stderr and laid.count("benefits") == 1


def test_the_key_holds_what_was_asked_too(tmp_path: Path) -> None:
    """The name of the file tells two questions apart as well; an answer that was moved must not be believed."""
    asked = [
        ("check", (), None),
        ("list", (), None),
        ("check", ("benefits",), None),
        ("check", (), "2026-11-23"),
        ("check", (), "2026-11-24"),
    ]
    found = [check_cache.ask(ROOT, *one) for one in asked]

    assert len({one.entry.key for one in found if one}) == len({one.entry.name for one in found if one}) == len(asked)


# What makes it new


def shared(root: Path) -> Iterator[Path]:
    """One file of each kind that every page depends on."""
    yield root / "config.yaml"
    yield from (root / "handouts" / name for name in ("helplines.yaml", "phrases/en.yaml", "phrases/vi.yaml"))
    yield from sorted((root / "templates").glob("*.j2"))
    yield from sorted((root / "templates/styles").glob("*.yaml"))
    yield from sorted((root / "templates/fonts").glob("*.ttf"))


KINDS = [path.relative_to(ROOT).as_posix() for path in shared(ROOT)]


def turned(path: Path) -> None:
    """Change one byte in the middle; size and time stay as they were."""
    found, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert path.stat().st_size == found.st_size and path.stat().st_mtime_ns == found.st_mtime_ns


def question(root: Path, command: str = "check", typed: str | None = "2026-11-23") -> check_cache.Question:
    found = check_cache.ask(root, command, (), typed)
    assert found is not None
    return found


def parts(root: Path) -> dict[str, str]:
    """The key of each handout's own answer."""
    inputs, site = question(root).cache.inputs, Site(root)
    return {topic: inputs.key("topic", without=check_cache._not_of(site, topic)) for topic in site.library.topics}


def test_one_byte_of_any_file_that_all_pages_share_makes_every_answer_new(tmp_path: Path) -> None:
    root = copied(tmp_path)
    whole, each = question(root).entry.key, parts(root)
    assert len(KINDS) > 15 and len(each) == len(TOPICS)
    for name in KINDS:
        before = (root / name).read_bytes()
        turned(root / name)
        assert question(root).entry.key != whole, name
        assert len(now := parts(root)) == len(each) and not now.items() & each.items(), name
        (root / name).write_bytes(before)
    assert question(root).entry.key == whole


@pytest.mark.parametrize("name", ["handout.yaml", "en.yaml", "es.yaml", "review.yaml"])
def test_one_byte_of_a_handout_makes_its_answer_new_and_no_others(name: str, tmp_path: Path) -> None:
    root = copied(tmp_path)
    whole, before = question(root).entry.key, parts(root)
    turned(root / "handouts" / "benefits" / name)

    assert question(root).entry.key != whole
    assert {topic for topic, key in parts(root).items() if before[topic] != key} == {"benefits"}


def test_a_file_that_comes_or_goes_or_changes_its_name_makes_it_new(tmp_path: Path) -> None:
    root = copied(tmp_path)
    keys = [question(root).entry.key]
    words = root / "handouts/benefits/es.yaml"
    for change in (
        lambda: words.rename(words.with_name("vi.yaml")),
        lambda: words.with_name("vi.yaml").unlink(),
        lambda: (root / "handouts/empty").mkdir(),
        lambda: (root / "approvals.yaml").write_bytes(b""),
        lambda: (root / "config.yaml").unlink(),
    ):
        change()
        keys.append(question(root).entry.key)

    assert len(set(keys)) == 6


def test_approvals_make_the_list_new_and_lay_out_no_page_again(shop: Shop, laid: list[str]) -> None:
    shop.run("check", *DAY)
    before = shop.run("list", *DAY).stdout
    shop.run("check", *DAY)
    assert len(laid) == len(TOPICS)
    assert shop.run("approve", "benefits", *SIGNED, *DAY).exit_code == 0
    after = shop.run("list", *DAY).stdout

    assert "approved: Ana Example" in after and after != before
    laid.clear()
    turned(shop.root / "approvals.yaml")
    assert shop.run("check", *DAY).exit_code == 1 and not laid


def test_a_text_that_changed_is_laid_out_and_the_rest_is_not(shop: Shop, laid: list[str]) -> None:
    shop.run("check", *DAY)
    laid.clear()
    shop.edit("handouts/benefits/en.yaml", "language: en", "language: en  ")

    shop.run("check", *DAY)
    assert laid == ["benefits"]
    shop.run("check", *DAY)
    assert laid == ["benefits"]


def test_a_font_or_a_template_that_changed_lays_out_everything(shop: Shop, laid: list[str]) -> None:
    shop.run("check", *DAY)
    for name in ("templates/fonts/NotoSans-Bold.ttf", "templates/base.xhtml.j2"):
        laid.clear()
        with (shop.root / name).open("ab") as stream:
            stream.write(b"\n")
        shop.run("check", *DAY)
        assert len(laid) == len(TOPICS)


def test_anew_believes_nothing(shop: Shop, laid: list[str]) -> None:
    shop.run("check", *DAY)
    laid.clear()
    shop.run("check", "--anew", *DAY)

    assert len(laid) == len(TOPICS)


# The day


def test_another_day_is_another_answer(shop: Shop, laid: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    day = TODAY
    for module in ("press.cli.content", "press.cli.common"):
        monkeypatch.setattr(f"{module}.day_in", lambda zone: day, raising=module == "press.cli.common")
    monkeypatch.setattr("press.cli.content.day_of", lambda today, press: day)
    for expected in (len(TOPICS),) * 2 + (2 * len(TOPICS),) * 2:
        day = TODAY if expected == len(TOPICS) else date(2026, 11, 24)
        shop.run("check")
        assert len(laid) == expected
    shop.run("list")
    day = date(2026, 11, 25)
    monkeypatch.setattr(Site, "handout", lambda *_: pytest.fail("read again"))
    with pytest.raises(pytest.fail.Exception):
        shop.run("list")


def test_the_day_is_that_of_the_clinics_own_time_zone(
    shop: Shop, laid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.edit("config.yaml", "America/New_York", "Pacific/Kiritimati")
    shop.run("check")
    asked: list[str] = []
    monkeypatch.setattr("press.cli.content.day_in", lambda zone: asked.append(zone) or date(2000, 1, 1))
    shop.run("check")

    assert asked == ["Pacific/Kiritimati"]


def test_a_day_that_was_typed_is_not_the_day_that_it_is(shop: Shop, laid: list[str]) -> None:
    shop.run("check", *DAY)
    shop.run("check", "--today", "2026-11-24")
    shop.run("check", *DAY)

    assert len(laid) == 2 * len(TOPICS)
    assert shop.run("check", "--today", "tomorrow").exit_code == 1


# The program


def test_one_byte_of_the_program_makes_it_new(tmp_path: Path) -> None:
    program = tmp_path / "press"
    shutil.copytree(ROOT / "press", program, ignore=shutil.ignore_patterns("__pycache__"))
    before = read_inputs(ROOT, program)
    assert before is not None and before == read_inputs(ROOT, program)
    keys = {before.key()}
    modules = sorted(program.rglob("*.py"))
    assert len(modules) > 80
    for path in (*modules[::20], program / "__init__.py"):
        turned(path)
        found = read_inputs(ROOT, program)
        assert found is not None
        keys.add(found.key())

    assert len(keys) == len(modules[::20]) + 2


def test_byte_code_is_no_input(tmp_path: Path) -> None:
    program = tmp_path / "press"
    program.mkdir()
    (program / "a.py").write_text("pass\n", "utf-8")
    before = read_inputs(ROOT, program)
    (program / "__pycache__").mkdir()
    (program / "__pycache__" / "a.pyc").write_bytes(b"0")

    assert before == read_inputs(ROOT, program)


@pytest.mark.parametrize("name", ["version", "platform", "flags"])
def test_another_python_makes_it_new(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = question(ROOT).entry.key
    monkeypatch.setattr(inputs.sys, name, "another")

    assert question(ROOT).entry.key != before


def test_another_version_of_a_library_makes_it_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site-packages"
    (site / "jinja2-3.1.6.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    keys = [question(ROOT).entry.key]
    (site / "jinja2-3.1.6.dist-info").rename(site / "jinja2-3.1.7.dist-info")
    keys.append(question(ROOT).entry.key)
    os.utime(site / "jinja2-3.1.7.dist-info", ns=(1, 1))  # installed again
    keys.append(question(ROOT).entry.key)
    faces = site / "rendercv_fonts" / "Noto Sans"
    faces.mkdir(parents=True)
    (faces / "NotoSansSC-Bold.ttf").write_bytes(b"0")
    keys.append(question(ROOT).entry.key)
    before = (faces / "NotoSansSC-Bold.ttf").stat()
    (faces / "NotoSansSC-Bold.ttf").write_bytes(b"00")
    os.utime(faces / "NotoSansSC-Bold.ttf", ns=(before.st_atime_ns, before.st_mtime_ns))
    keys.append(question(ROOT).entry.key)
    os.utime(faces / "NotoSansSC-Bold.ttf", ns=(1, 1))
    keys.append(question(ROOT).entry.key)

    assert len(set(keys)) == 6


def test_the_libraries_that_decide_are_found() -> None:
    found = question(ROOT).cache.inputs.libraries.casefold()

    assert all(f'"{name}-' in found for name in ("reportlab", "jinja2", "pyyaml", "babel", "uharfbuzz", "markupsafe"))


# While it is read


def test_an_answer_is_not_kept_if_a_file_was_saved_meanwhile(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    words = shop.root / "handouts/benefits/en.yaml"

    def check_topic(*_: object) -> tuple[int, list[Problem]]:
        data = words.read_bytes()
        words.write_bytes(b"")
        words.write_bytes(data)  # as it was; and yet the page was perhaps made of the other words
        return 1, []

    monkeypatch.setattr(sweep, "check_topic", check_topic)
    shop.run("check", *DAY)

    assert files(shop.root) == []


def test_what_cannot_be_read_is_not_kept(shop: Shop, laid: list[str]) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(shop.root / "templates" / "pipe")  # reading it would wait for ever
    (shop.root / "handouts" / "circle").symlink_to(shop.root / "handouts")

    assert check_cache.ask(shop.root, "check", (), None) is None
    assert "combinations checked" in shop.run("check", "benefits", *DAY).stderr and files(shop.root) == []


# The kept file


def test_what_is_kept_is_recalled_under_its_own_key_alone(tmp_path: Path) -> None:
    kept.keep(tmp_path, "name", "key", DATA)

    assert kept.recall(tmp_path, "name", "key") == DATA
    assert kept.recall(tmp_path, "name", "other") is None and kept.recall(tmp_path, "other", "key") is None


def test_it_is_for_this_user_alone(tmp_path: Path) -> None:
    kept.keep(tmp_path, "name", "key", DATA)

    assert files(tmp_path)[0].stat().st_mode & 0o777 == 0o600
    assert (tmp_path / kept.FOLDER).stat().st_mode & 0o777 == 0o700


def test_a_file_with_one_byte_changed_or_missing_is_not_believed(tmp_path: Path) -> None:
    kept.keep(tmp_path, "name", "key", DATA)
    path = files(tmp_path)[0]
    data = path.read_bytes()
    for at in range(len(data)):
        for damaged in (data[:at], data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], data[:at] + data[at + 1 :]):
            path.write_bytes(damaged)
            assert kept.recall(tmp_path, "name", "key") in (None, DATA)  # white space between its parts says nothing
    for odd in (b"", b"null", b"[]", b"{}", b"[" * 100_000, b"\xff", data + b"x"):
        path.write_bytes(odd)
        assert kept.recall(tmp_path, "name", "key") is None
    path.write_bytes(data)
    assert kept.recall(tmp_path, "name", "key") == DATA


@pytest.mark.parametrize("part", ["form", "key", "data"])
def test_the_digest_covers_every_part(tmp_path: Path, part: str) -> None:
    kept.keep(tmp_path, "name", "key", DATA)
    path = files(tmp_path)[0]
    whole = json.loads(path.read_bytes())
    whole[part] = {"form": 1.0, "key": "key ", "data": {"rows": []}}[part]
    path.write_text(json.dumps(whole), "utf-8")

    assert kept.recall(tmp_path, "name", str(whole["key"])) is None


def test_an_older_or_newer_form_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in (0, 2):
        monkeypatch.setattr(kept, "_FORM", form)
        kept.keep(tmp_path, "name", "key", DATA)
        assert kept.recall(tmp_path, "name", "key") == DATA
        monkeypatch.undo()
        assert kept.recall(tmp_path, "name", "key") is None


def test_an_answer_in_the_place_of_another_is_not_believed(shop: Shop, laid: list[str]) -> None:
    shop.run("check", *DAY)
    answers = files(shop.root)
    assert len(answers) == 1 + len(TOPICS)
    for path, other in zip(answers, answers[1:] + answers[:1], strict=True):
        mine = path.read_bytes()
        path.write_bytes(other.read_bytes())
        assert ALL in shop.run("check", *DAY).stderr
        path.write_bytes(mine)


def test_links_and_what_others_may_change_are_not_believed(tmp_path: Path) -> None:
    kept.keep(tmp_path, "name", "key", DATA)
    path = files(tmp_path)[0]
    for target, mode in ((path, 0o620), (path, 0o602), (path.parent, 0o770), (path.parent, 0o707)):
        before = target.stat().st_mode
        target.chmod(mode)
        assert kept.recall(tmp_path, "name", "key") is None
        target.chmod(before)
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    assert kept.recall(tmp_path, "name", "key") is None


def test_a_link_in_the_place_of_the_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / kept.FOLDER).symlink_to(tmp_path / "elsewhere")
    kept.keep(tmp_path, "name", "key", DATA)

    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert kept.recall(tmp_path, "name", "key") is None


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_is_told(shop: Shop, laid: list[str]) -> None:
    usual = shop.run("check", *DAY)
    shutil.rmtree(shop.root / kept.FOLDER)
    (shop.root / kept.FOLDER).write_text("a file", "utf-8")
    found = shop.run("check", *DAY)

    assert (found.exit_code, found.output) == (usual.exit_code, usual.output)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="this user may write everywhere")
def test_in_a_folder_that_is_read_only_nothing_is_kept(shop: Shop, laid: list[str]) -> None:
    shop.root.chmod(0o500)
    found = shop.run("check", *DAY)
    shop.root.chmod(0o700)

    assert found.exit_code == 0 and not files(shop.root)


def test_a_disk_that_fails_keeps_nothing_and_tells_nothing(
    shop: Shop, laid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("press.delivery.files.Files.write", fail)
    found = shop.run("check", *DAY)

    assert found.exit_code == 0 and ALL in found.stderr and not files(shop.root)


def test_what_lies_there_for_long_is_removed(tmp_path: Path) -> None:
    kept.keep(tmp_path, "first", "key", DATA)
    for number in range(kept._MOST_FILES):
        (tmp_path / kept.FOLDER / f".{number}.part").write_bytes(b"")
    kept.keep(tmp_path, "last", "key", DATA)

    assert len(files(tmp_path)) == kept._MOST_FILES
    assert kept.recall(tmp_path, "last", "key") == DATA and kept.recall(tmp_path, "first", "key") is None


def test_what_a_second_run_removed_first_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(kept._MOST_FILES + 2):
        kept.keep(tmp_path, f"other-{number}", "key", DATA)
    assert len(files(tmp_path)) == kept._MOST_FILES
    unlink = Mock(side_effect=FileNotFoundError)
    monkeypatch.setattr(kept.FILES, "unlink", unlink, raising=False)
    kept.keep(tmp_path, "last", "key", DATA)

    assert unlink.called and kept.recall(tmp_path, "last", "key") == DATA


def test_problems_come_back_as_they_were() -> None:
    found = [
        Problem(Place("a.yaml", 1, 2), "é", "hint"),
        Problem(Place("b.csv", 3, 4, 5, "code"), "message", severity=Severity.WARNING),
        Problem(Place("c"), "\udc80"),
    ]

    assert kept.from_data(json.loads(json.dumps(kept.as_data(found)))) == found
    assert kept.as_data([*found, Problem(Place("d"), "about a patient", private=True)]) is None


@pytest.mark.parametrize("at", range(8))
def test_problems_of_another_shape_are_refused(at: int) -> None:
    rows = kept.as_data([Problem(Place("a.yaml", 1, 2), "m", "h")])
    assert rows is not None
    rows[0][at] = None

    with pytest.raises((TypeError, ValueError)):
        kept.from_data(rows)


# Whole processes


def run(root: Path, *args: str, first: bool = False) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; from pathlib import Path; from press.cli import common, main; common.ROOT = Path(sys.argv.pop(1))\n"
        + "from press.runs import sweep; sweep.check_topic = lambda press, topic, *_: (24, [])\n" * first
        + "try: main.run()\n"
        "finally: print(*sorted(sys.modules))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(root), *args], cwd=ROOT, capture_output=True, text=True, timeout=HANGS
    )


def test_two_at_once_both_answer_and_leave_one_whole_answer(tmp_path: Path) -> None:
    root = copied(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from press.delivery.disk_cache import keep, recall; from pathlib import Path\n"
        "for n in range(150):\n"
        "    keep(Path(sys.argv[1]), 'same', 'key', [sys.argv[2]] * 5000)\n"
        "    assert recall(Path(sys.argv[1]), 'same', 'key') in ([['a'] * 5000, ['b'] * 5000])\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(root), name]) for name in "ab"]

    assert [one.wait(60) for one in both] == [0, 0]
    assert [path.name for path in files(root)] == ["same.json"]


HEAVY = {
    "reportlab", "jinja2", "yaml", "babel", "sqlite3", "uharfbuzz", "PIL", "xml", "email", "ssl", "http",
    "importlib.metadata", "difflib", "press.content.handout", "press.runs.handout", "press.content.library", "press.document.nodes",
    "press.content.dale_chall",
}  # fmt: skip


@pytest.mark.parametrize("args", [["--help"], ["list"], ["list", "--json"], ["check"], ["check", "benefits", "--json"]])
def test_what_is_kept_is_told_without_the_heavy_modules(args: list[str], tmp_path: Path) -> None:
    root = copied(tmp_path)
    first = run(root, *args, first=True)
    *told, modules = run(root, *args).stdout.splitlines()

    assert told == first.stdout.splitlines()[:-1] and {"click", "press.cli.common"} < set(modules.split())
    assert {"press.content.handout", "press.runs.handout"} < set(first.stdout.splitlines()[-1].split()), (
        "the first one is to have something to read"
    )
    assert HEAVY & set(modules.split()) == set()


@pytest.mark.parametrize("args", [(), ("--set", "code=K-0417", "--set", "name=Ana Example", "--no-ledger")])
def test_a_page_is_made_without_what_only_other_pages_need(args: tuple[str, ...], tmp_path: Path) -> None:
    root = copied(tmp_path)
    done = run(root, "make", "overdose-warning", *args)
    modules = set(done.stdout.splitlines()[-1].split())

    assert done.returncode == 0 and {"press.compose.template", "press.writers.pdf", "jinja2"} < modules
    assert not (root / kept.FOLDER).exists(), "of a page nothing is kept"
    assert not {
        "sqlite3", "uharfbuzz", "csv", "zipfile", "urllib.request", "http.client", "email", "ssl", "yaml", "PIL.ImageMode",
        "press.runs.batch", "press.delivery.ledger", "press.delivery.disk_cache", "press.delivery.fingerprints", "press.patients.patient_list", "press.patients.table", "press.writers.html", "press.writers.text", "press.document.bilingual", "press.runs.sweep", "press.content.dale_chall",
    } & modules  # fmt: skip
