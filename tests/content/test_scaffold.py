"""A new handout needs words and no code: the scaffold, filled in, prints; so does another medicine."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from pathlib import Path

import pytest

from press.content.fields import EDITIONS
from press.content.scaffold import LONGEST_TOPIC, scaffold, write_new
from press.delivery.files import Files
from press.errors import HandoutError
from press.runs.handout import Site, make, print_one
from press.runs.sweep import check_everything, combinations
from tests.helpers import ROOT, TODAY
from tests.support import READERS

TOPIC = "blood-pressure"
COMBINATIONS = len(READERS) * len(EDITIONS)
ANTIBIOTIC = ROOT / "tests" / "data" / "handouts" / "antibiotic"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what staff have, without a handout on its shelf."""
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "handouts" / "phrases", tmp_path / "handouts" / "phrases")
    shutil.copy(ROOT / "handouts" / "helplines.yaml", tmp_path / "handouts")
    return tmp_path


def fill_in(path: Path, words: str = "We help you.") -> None:
    """Write the same sentence into every empty text."""
    before, texts, after = path.read_text("utf-8").partition("texts:\n")
    path.write_text(before + texts + after.replace(': ""', f': "{words}"'), "utf-8")


def refused(project: Path, topic: str, title: str | None = None, **more: Files) -> tuple[str, str]:
    """The message and the hint of the one problem."""
    with pytest.raises(HandoutError) as caught:
        write_new(project, topic, title, **more)
    (problem,) = caught.value.problems
    return problem.message, problem.hint


def shelf(project: Path) -> set[str]:
    return {path.relative_to(project).as_posix() for path in (project / "handouts").rglob("*")}


# A new handout


def test_only_its_empty_texts_are_left_to_do(project: Path) -> None:
    words, _ = write_new(project, TOPIC)
    count, problems = check_everything(Site(project), (TOPIC,), TODAY)
    lines = words.read_text("utf-8").splitlines()
    texts = list(enumerate(lines, 1))[lines.index("texts:") :]
    empty = [(n, line.split(":")[0].strip()) for n, line in texts if line.endswith(': ""')]

    assert count == COMBINATIONS
    assert [(p.place.file, p.place.line, p.message) for p in problems] == [
        (f"handouts/{TOPIC}/en.yaml", line, f"text `{name}` is empty") for line, name in empty
    ]
    assert len(empty) > 10


def test_filled_in_it_checks_and_prints(project: Path) -> None:
    words, _ = write_new(project, TOPIC)
    fill_in(words)
    press = Site(project)
    count, problems = check_everything(press, (TOPIC,), TODAY)
    _, options = next(combinations(press, TODAY))
    made = make(press, TOPIC, options, TODAY)

    assert (count, problems) == (COMBINATIONS, [])
    assert "We help you." in print_one(press, made, "text").data.decode("utf-8")
    assert print_one(press, made, "pdf").data.startswith(b"%PDF-")


def test_title_is_put_in(project: Path) -> None:
    words, _ = write_new(project, TOPIC, 'Your "blood pressure" \\ TOPIC: é')
    fill_in(words)

    assert Site(project).library.words(TOPIC, "en").texts["title"][0] == 'Your "blood pressure" \\ TOPIC: é'


def test_it_is_of_no_medicine_in_particular() -> None:
    texts = "".join(scaffold(TOPIC).values())
    content = re.sub(r"#.*", "", texts)

    assert not re.search(r"naltrexone|opioid|alcohol|injection|tablet", content)
    assert "TOPIC" not in texts and "TITLE" not in texts


def test_both_files_lead_the_editor_to_their_schema() -> None:
    for text in scaffold(TOPIC).values():
        found = re.match(r"# yaml-language-server: \$schema=\.\./\.\./(schemas/\w+\.json)\n", text)

        assert found and (ROOT / found[1]).is_file()


@pytest.mark.parametrize("has_schemas", [True, False])
def test_no_schema_is_named_where_there_is_none(project: Path, has_schemas: bool) -> None:
    if has_schemas:
        (project / "schemas").mkdir()

    assert all(("yaml-language-server" in path.read_text("utf-8")) is has_schemas for path in write_new(project, TOPIC))


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_colleagues_can_read_it(project: Path) -> None:
    words, structure = write_new(project, TOPIC)

    assert [stat.S_IMODE(path.stat().st_mode) & 0o444 for path in (words, structure)] == [0o444, 0o444]
    assert stat.S_IMODE(words.parent.stat().st_mode) & 0o555 == 0o555


# What is refused


@pytest.mark.parametrize(
    ("topic", "hint"),
    [
        ("Blood Pressure", "how about `blood-pressure`?"),
        ("../elsewhere", "how about `elsewhere`?"),
        ("blood_pressure\n", "how about `blood-pressure`?"),
        ("/etc", "how about `etc`?"),
        ("2-a-day", "how about `a-day`?"),
        ("a-", "how about `a`?"),
        ("", ""),
        ("高血压", ""),
    ],
)
def test_bad_name_is_refused_in_plain_words(project: Path, topic: str, hint: str) -> None:
    before = shelf(project)
    message, found = refused(project, topic)

    assert message.startswith("the name of a handout is made of small letters, digits and hyphens")
    assert found == hint
    assert shelf(project) == before


def test_name_that_windows_keeps_is_refused(project: Path) -> None:
    assert "Windows" in refused(project, "nul")[0]


def test_name_that_is_too_long_is_refused(project: Path) -> None:
    assert f"at most {LONGEST_TOPIC}" in refused(project, "a" * (LONGEST_TOPIC + 1))[0]


@pytest.mark.parametrize("there", [TOPIC, "Blood-Pressure", "phrases"])
def test_name_that_is_taken_is_refused(project: Path, there: str) -> None:
    (project / "handouts" / there).mkdir(exist_ok=True)
    before = shelf(project)

    assert refused(project, there.lower())[0] == "this is there already"
    assert shelf(project) == before


def test_second_time_changes_nothing(project: Path) -> None:
    words, _ = write_new(project, TOPIC)
    fill_in(words)
    filled = words.read_bytes()
    _, hint = refused(project, TOPIC)

    assert hint == f"edit the files in handouts/{TOPIC}, or choose another name"
    assert words.read_bytes() == filled


def test_strange_character_in_the_title_is_refused(project: Path) -> None:
    assert "U+202E" in refused(project, TOPIC, "Take \u202eit")[0]


def test_folder_without_a_shelf_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, TOPIC)[0] == "there is no such folder"


class Failing(Files):
    """Fails the call with number `n`; removing always works."""

    def __init__(self, n: int) -> None:
        self.left = n

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.ENOSPC, "LIBRARY TEXT")

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        self._count()
        return super().open(path, flags, mode)

    def write(self, handle: int, data: bytes | memoryview) -> int:
        self._count()
        return super().write(handle, data)

    def fsync(self, handle: int) -> None:
        self._count()
        super().fsync(handle)

    def replace(self, source: Path, target: Path) -> None:
        self._count()
        super().replace(source, target)

    def mkdir(self, path: Path, mode: int = 0o700) -> None:
        self._count()
        super().mkdir(path, mode)


def test_whatever_fails_nothing_is_left_behind(project: Path) -> None:
    before = shelf(project)
    for n in range(1, 40):
        files = Failing(n)
        try:
            write_new(project, TOPIC, files=files)
        except HandoutError as error:
            assert "LIBRARY TEXT" not in str(error.problems)
            assert shelf(project) == before, n
        else:
            break

    assert n > 10
    assert len(shelf(project) - before) == 3


# Another medicine


@pytest.fixture
def other(project: Path) -> Site:
    """A project whose only handout is about an antibiotic."""
    shutil.copytree(ANTIBIOTIC, project / "handouts" / "antibiotic")
    return Site(project)


def test_another_medicine_passes_every_check(other: Site) -> None:
    count, problems = check_everything(other, (), TODAY)

    assert (count, problems) == (COMBINATIONS, [])


def test_another_medicine_says_its_own_words_and_no_others(other: Site) -> None:
    for topic, options in combinations(other, TODAY):
        made = make(other, topic, options, TODAY)
        text = print_one(other, made, "text").data.decode("utf-8")

        assert "How to take your antibiotic" in text
        assert ("Take all of it" in text) == (made.tailored.mode != "stopped")
        assert ("We will see you on" in text) == bool(options.appointment)
        assert not re.search("naltrexone|opioid|injection|tablet", text, re.IGNORECASE)


def test_another_medicine_loses_no_fact(other: Site, project: Path) -> None:
    structure = project / "handouts" / "antibiotic" / "handout.yaml"
    structure.write_text(structure.read_text("utf-8").replace("    facts: [A2]\n", ""), "utf-8")
    _, problems = check_everything(other, (), TODAY)

    assert {problem.message for problem in problems} == {"the required fact A2 is on no block of this page"}
