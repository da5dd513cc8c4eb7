"""Watching under a clock that the test winds: each look is one step of a story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from press.cli.watch import files_below, watch
from press.errors import HandoutError, Place, refuse
from press.runs.handout import Site, make, print_one
from press.runs.sweep import combinations
from tests.helpers import ROOT, TODAY

Step = Callable[[], None]


class Story:
    """A sleep that plays the next step, and a stop at the end; notes each make and what it read."""

    def __init__(self, path: Path, *steps: Step) -> None:
        self.path = path
        self.steps = list(steps)
        self.looks = 0
        self.made: list[tuple[int, str]] = []
        self.told: list[str] = []

    def make_once(self) -> None:
        text = self.path.read_text("utf-8") if self.path.exists() else ""
        if "fault" in text:
            raise refuse(Place("en.yaml", 1), "a fault")
        self.made.append((self.looks, text))

    def tell(self, error: HandoutError) -> None:
        self.told += [problem.message for problem in error.problems]

    def sleep(self, seconds: float) -> None:
        assert seconds == 0.5
        self.looks += 1
        self.steps.pop(0)()

    def play(self, paths: Callable[[], Iterable[Path]] | None = None) -> Story:
        watched = paths or (lambda: [self.path])
        watch(watched, self.make_once, self.tell, sleep=self.sleep, stop=lambda: not self.steps)
        return self


def nothing() -> None:
    """A look at which nothing has changed."""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "en.yaml"
    path.write_text("old", "utf-8")
    return path


def saves(path: Path, text: str) -> Step:
    """Somebody saves; the time moves on although a test is quicker than a disk's clock."""

    def save() -> None:
        later = path.stat().st_mtime_ns + 1_000_000_000 if path.exists() else 0
        path.write_text(text, "utf-8")
        os.utime(path, ns=(later, later))

    return save


def test_makes_at_the_start_and_then_rests(page: Path) -> None:
    assert Story(page, nothing, nothing, nothing).play().made == [(0, "old")]


def test_makes_again_one_quiet_look_after_a_change(page: Path) -> None:
    story = Story(page, nothing, saves(page, "new"), nothing, nothing).play()

    assert story.made == [(0, "old"), (3, "new")]


def test_half_a_file_is_not_read(page: Path) -> None:
    story = Story(page, saves(page, "n"), saves(page, "ne"), saves(page, "new"), nothing, nothing).play()

    assert story.made == [(0, "old"), (4, "new")]


def test_same_size_is_seen_by_the_time(page: Path) -> None:
    assert Story(page, saves(page, "odd"), nothing).play().made[-1] == (2, "odd")


def test_same_time_is_seen_by_the_size(page: Path) -> None:
    def save() -> None:
        before = page.stat().st_mtime_ns
        page.write_text("longer", "utf-8")
        os.utime(page, ns=(before, before))

    assert Story(page, save, nothing).play().made[-1] == (2, "longer")


def test_fault_is_told_and_the_watch_goes_on(page: Path) -> None:
    story = Story(page, saves(page, "fault"), nothing, nothing, saves(page, "mended"), nothing).play()

    assert story.told == ["a fault"]
    assert story.made == [(0, "old"), (5, "mended")]


def test_fault_at_the_start_is_told(page: Path) -> None:
    page.write_text("fault", "utf-8")

    assert Story(page, nothing, saves(page, "good"), nothing).play().made == [(3, "good")]


def test_change_while_it_makes_is_not_missed(page: Path) -> None:
    story = Story(page, nothing, nothing)
    plain = story.make_once

    def make_slowly() -> None:
        plain()
        if len(story.made) == 1:
            saves(page, "meanwhile")()

    story.make_once = make_slowly

    assert story.play().made == [(0, "old"), (2, "meanwhile")]


def test_file_that_goes_and_comes_back_is_read_once_it_is_there(page: Path) -> None:
    """Some editors save by putting a new file in the old one's place."""
    story = Story(page, page.unlink, saves(page, "new"), nothing, nothing).play()

    assert story.made == [(0, "old"), (3, "new")]


def test_new_file_counts(tmp_path: Path, page: Path) -> None:
    other = tmp_path / "es.yaml"
    story = Story(page, saves(other, "nuevo"), nothing, nothing).play(lambda: tmp_path.glob("*"))

    assert [look for look, _ in story.made] == [0, 2]


@pytest.mark.parametrize("name", [".en.yaml.swp", "en.yaml~", ".en.yaml.0123.part", "#en.yaml#"])
def test_files_of_a_moment_do_not_count(tmp_path: Path, page: Path, name: str) -> None:
    story = Story(page, saves(tmp_path / name, "x"), nothing, nothing).play(lambda: tmp_path.glob("*"))

    assert story.made == [(0, "old")]


def test_control_c_while_it_waits_ends_it(page: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    assert Story(page, interrupt, nothing).play().looks == 1


def test_control_c_while_it_makes_ends_it(page: Path) -> None:
    def make_once() -> None:
        raise KeyboardInterrupt

    watch(lambda: [page], make_once, lambda error: None, sleep=lambda seconds: pytest.fail("it went on"))


def test_fault_of_the_program_keeps_its_traceback(page: Path) -> None:
    def make_once() -> None:
        raise RuntimeError("ours")

    with pytest.raises(RuntimeError, match="ours"):
        watch(lambda: [page], make_once, lambda error: None)


def test_saved_sentence_reaches_the_page(tmp_path: Path) -> None:
    """A whole press: each make reads its folder anew, and a fault keeps the last good page."""
    for name in ("handouts/phrases", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("config.yaml", "handouts/helplines.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "tests" / "data" / "handouts" / "antibiotic", tmp_path / "handouts" / "antibiotic")
    words = tmp_path / "handouts" / "antibiotic" / "en.yaml"
    pages: list[str] = []

    def make_once() -> None:
        press = Site(tmp_path)
        _, options = next(combinations(press, TODAY))
        made = make(press, "antibiotic", options, TODAY)
        assert print_one(press, made, "pdf").data
        pages.append(print_one(press, made, "text").data.decode("utf-8"))

    def says(old: str, new: str) -> Step:
        return lambda: saves(words, words.read_text("utf-8").replace(old, new))()

    story = Story(words, says("a full glass", "two cups"), nothing, says("two cups", "{cups}"), nothing)
    story.make_once = make_once
    story.play(lambda: files_below(tmp_path))

    assert ["a full glass" in page for page in pages] == [True, False]
    assert "two cups" in pages[-1]
    assert len(story.told) == 1 and "cups" in story.told[0]


def test_everything_that_a_page_is_made_of_is_watched(tmp_path: Path) -> None:
    names = ["config.yaml", "handouts/a/en.yaml", "handouts/helplines.yaml", "templates/styles/standard.yaml"]
    for name in [*names, "out/a.pdf", "press/runs/handout.py"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")

    assert {path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path) if path.is_file()} == set(names)
