"""A run of many pages under faults, kills and company: what has a final name is whole and right."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest

from press.delivery import lock
from press.delivery.files import FILES, Files
from press.delivery.run_folder import INNER, JOURNAL, MANIFEST, Run, RunFolder, open_run, verify
from press.errors import HandoutError
from tests.rigs.faults import Deadly, Faulty, pdf, until_untouched
from tests.rigs.waiting import HANGS
from tests.rigs.work import held_by_us, traced

ROOT = Path(__file__).resolve().parents[2]
RUN = Run("ABC234", "plan-1", "2026-11-23 17:02")
PAGES = {f"P-{number}.pdf": pdf(f"page {number}") for number in range(1, 6)}
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


def fill(
    folder: Path,
    *,
    files: Files = FILES,
    resume: bool = False,
    run: Run = RUN,
    pages: dict[str, bytes] = PAGES,
    group: int = 2,
) -> int:
    """A whole run: every page in groups of so many, then the manifest; how many pages were there already."""
    with open_run(folder, run, resume=resume, files=files) as found:
        there = found.found
        names = list(pages)
        for first in range(0, len(names), group):
            put(found, {name: pages[name] for name in names[first : first + group]})
        found.finish({"people": len(pages)}, list(pages))
    return there


def put(found: RunFolder, pages: dict[str, bytes]) -> None:
    """One group: written, confirmed by the disk, delivered."""
    group = [found.write(name, data) for name, data in pages.items()]
    found.confirm()
    found.deliver(group)


def finals(folder: Path) -> dict[str, bytes]:
    """What stands under final names."""
    return {path.name: path.read_bytes() for path in folder.glob("[!.]*")} if folder.exists() else {}


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.endswith(".part")]


def state(folder: Path) -> dict[str, bytes]:
    """Everything that a run left, the lock apart."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def sentence(caught: pytest.ExceptionInfo[HandoutError]) -> str:
    return " ".join(f"{problem.message} / {problem.hint}" for problem in caught.value.problems)


@pytest.fixture
def calm(tmp_path: Path) -> dict[str, bytes]:
    """What a run without any fault leaves."""
    fill(tmp_path / "calm")
    return state(tmp_path / "calm")


# Faults


@pytest.mark.parametrize("group", [1, 2, 5], ids=["one by one", "in groups", "as one group"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for ever after"])
@pytest.mark.parametrize(
    "number",
    [
        errno.ENOSPC,
        pytest.param(errno.EIO, marks=pytest.mark.sweep),
        pytest.param(errno.EACCES, marks=pytest.mark.sweep),
    ],
)
def test_any_call_may_fail_and_the_same_command_finishes_the_run(
    number: int, lasting: bool, group: int, tmp_path: Path, calm: dict[str, bytes]
) -> None:
    tried = refusals = 0

    def run(files: Faulty) -> None:
        nonlocal refusals
        folder = tmp_path / f"run-{files.n}"
        try:
            fill(folder, files=files, group=group)
        except HandoutError as error:
            refusals += 1
            assert all("LIBRARY" not in problem.message for problem in error.problems)
            assert lasting or not leftovers(folder), "a half file was left"
        assert finals(folder).items() <= PAGES.items(), "a broken page under a final name"
        fill(folder)
        assert state(folder) == calm and not leftovers(folder)

    for _ in until_untouched(lambda n: Faulty(n, number, lasting=lasting), run):
        tried += 1
    assert tried > 30 and refusals > tried - 12


def test_a_small_disk_leaves_whole_pages_only(tmp_path: Path) -> None:
    class Full(Files):
        room = 5_000

        def write(self, handle: int, data: bytes | memoryview) -> int:
            self.room -= len(data)
            if self.room < 0:
                raise OSError(errno.ENOSPC, "LIBRARY TEXT")
            return super().write(handle, data)

    with pytest.raises(HandoutError) as caught:
        fill(tmp_path / "run", files=Full(), group=1)
    assert "the disk is full" in sentence(caught)
    assert 0 < len(finals(tmp_path / "run")) < len(PAGES)
    assert finals(tmp_path / "run").items() <= PAGES.items()


# Kills

_CHILD = """
import sys
from pathlib import Path
from tests.rigs.faults import Deadly
from tests.delivery.test_run_folder import fill
fill(Path(sys.argv[1]), files=Deadly(int(sys.argv[2]), after=bool(int(sys.argv[3]))))
"""


def child(folder: Path, n: int, after: bool) -> int:
    """A run in a process of its own that kills itself at call `n`; its exit code."""
    command = [sys.executable, "-c", _CHILD, str(folder), str(n), str(int(after))]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=HANGS).returncode


def forked(folder: Path, files: Files, group: int = 2) -> int:
    """The same in a fork, which starts faster: the signal that ended it, or 0."""
    pid = os.fork()
    if pid == 0:
        try:
            fill(folder, files=files, group=group)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.sweep
@posix_only
@pytest.mark.parametrize("group", [1, 2, 5], ids=["one by one", "in groups", "as one group"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_call_every_final_file_is_whole_and_the_run_can_go_on(
    after: bool, group: int, tmp_path: Path, calm: dict[str, bytes]
) -> None:
    killed = 0
    for n in range(1, 200):
        folder = tmp_path / f"run-{n}"
        if forked(folder, Deadly(n, after=after), group) != signal.SIGKILL:
            break
        killed += 1
        assert finals(folder).items() <= PAGES.items()
        forked(folder, Deadly(1 + n // 3, after=after), group)  # and the second try is killed too
        assert finals(folder).items() <= PAGES.items()
        fill(folder)
        assert state(folder) == calm and not leftovers(folder)
    assert killed > 30


@posix_only
def test_a_process_of_its_own_is_killed_too(tmp_path: Path, calm: dict[str, bytes]) -> None:
    """As the rig with forks, once without: nothing that a fork shares helps."""
    assert child(tmp_path / "run", 36, after=False) == -signal.SIGKILL
    assert fill(tmp_path / "run") > 0
    assert state(tmp_path / "run") == calm


@posix_only
def test_killed_at_any_moment(tmp_path: Path, calm: dict[str, bytes]) -> None:
    """Kills between any two lines see what the layer of file calls does not."""
    moments = random.Random(20261123)
    lines = lines_of(lambda: fill(tmp_path / "counted"))
    seen = []
    for number in range(30):
        folder, deadly = tmp_path / f"run-{number}", moments.randrange(lines)
        pid = os.fork()
        if pid == 0:
            try:
                lines_of(partial(fill, folder), deadly)
            finally:
                os._exit(0)
        _, status = os.waitpid(pid, 0)
        there = finals(folder)
        if os.WIFSIGNALED(status):
            seen.append(len(there))
        assert there.items() <= PAGES.items()
        fill(folder)
        assert state(folder) == calm
    assert len(seen) > 25 and len(set(seen)) > 3, "hardly anybody was killed, or all at nearly the same moment"


def lines_of(work: Callable[[], object], deadly: int = -1) -> int:
    """How many lines of Python the work goes through; it is killed at line `deadly`, counted from 0."""
    passed = 0

    def trace(frame: object, event: str, argument: object) -> object:
        nonlocal passed
        if event == "line":
            if passed == deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            passed += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return passed


# Going on


def test_the_same_plan_goes_on_and_makes_nothing_twice(tmp_path: Path) -> None:
    first = dict(list(PAGES.items())[:2])
    with open_run(tmp_path, RUN) as found:
        put(found, first)
    times = {name: (tmp_path / name).stat().st_mtime_ns for name in first}

    assert fill(tmp_path, resume=True) == 2
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in first} == times
    assert finals(tmp_path) == PAGES


def test_another_plan_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    before = state(tmp_path)
    with pytest.raises(HandoutError) as caught:
        fill(tmp_path, run=replace(RUN, plan="plan-2"))
    assert "another list" in sentence(caught)
    assert state(tmp_path) == before


def test_resume_needs_a_run(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        fill(tmp_path / "new", resume=True)
    assert "no run to go on with" in sentence(caught)


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(PAGES["P-1.pdf"])
    with pytest.raises(HandoutError) as caught:
        fill(tmp_path)
    assert "no run put there" in sentence(caught) and set(finals(tmp_path)) == {"letter.pdf"}


def test_a_page_that_somebody_changed_is_told_and_kept(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "P-3.pdf").write_bytes(b"scribbled")
    with pytest.raises(HandoutError) as caught:
        fill(tmp_path)
    assert "changed since it was printed" in sentence(caught)
    assert finals(tmp_path)["P-3.pdf"] == b"scribbled"


def test_a_page_that_somebody_removed_is_made_again(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "P-3.pdf").unlink()
    fill(tmp_path)
    assert finals(tmp_path) == PAGES and verify(tmp_path) == len(PAGES)


def test_a_torn_line_of_the_journal_is_dropped(tmp_path: Path) -> None:
    fill(tmp_path)
    journal = tmp_path / INNER / JOURNAL
    whole = journal.read_bytes()
    assert whole.count(b"\n") == 1 + len(PAGES)
    for cut in range(len(whole)):
        if cut <= whole.index(b"\n"):
            continue  # without its first line it is no journal of ours
        journal.write_bytes(whole[:cut])
        fill(tmp_path)
        assert journal.read_bytes() == whole


# Groups


def test_a_group_is_confirmed_by_the_disk_before_any_of_it_has_its_name(tmp_path: Path) -> None:
    fill(tmp_path, files=(files := Faulty()), group=len(PAGES))
    calls = files.calls
    renamed = [number for number, call in enumerate(calls) if call == "replace"][: len(PAGES)]
    assert [call for call in calls[: renamed[0]] if call == "fsync"][1:] == ["fsync"] * len(PAGES), (
        "the journal's first line, then each file"
    )
    assert renamed == list(range(renamed[0], renamed[0] + len(PAGES))), "nothing happens between the names of a group"
    after = calls[renamed[-1] + 1 :]
    assert after[:5] == ["open folder", "fsync folder", "close folder", "write", "fsync"], (
        "then the folder, then the journal, once"
    )


def test_a_fault_between_the_names_of_a_group_keeps_those_before_it(tmp_path: Path) -> None:
    class Stuck(Faulty):
        def replace(self, source: Path, target: Path) -> None:
            if target.name == "P-4.pdf":
                raise OSError(errno.EIO, "LIBRARY TEXT")
            super().replace(source, target)

    with pytest.raises(HandoutError) as caught, open_run(tmp_path, RUN, files=Stuck()) as found:
        group = [found.write(name, data) for name, data in PAGES.items()]
        found.confirm()
        try:
            found.deliver(group)
        finally:
            assert [found.stands(one) for one in group] == [True, True, True, False, False]
    assert "cannot write P-4.pdf" in sentence(caught) and "LIBRARY" not in sentence(caught)
    assert set(finals(tmp_path)) == {"P-1.pdf", "P-2.pdf", "P-3.pdf"} and not leftovers(tmp_path)
    assert (tmp_path / INNER / JOURNAL).read_bytes().count(b"\n") == 4
    assert fill(tmp_path) == 3 and finals(tmp_path) == PAGES


def test_two_files_of_one_name_are_never_put_over_each_other(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught, open_run(tmp_path, RUN) as found:
        put(found, {"P-1.pdf": PAGES["P-1.pdf"]})
        put(found, {"P-1.pdf": PAGES["P-2.pdf"]})
    assert (
        "changed" in sentence(caught) and finals(tmp_path) == {"P-1.pdf": PAGES["P-1.pdf"]} and not leftovers(tmp_path)
    )


def test_whatever_ends_a_run_leaves_no_half_file(tmp_path: Path) -> None:
    for fault in (KeyboardInterrupt, RuntimeError):
        with pytest.raises(fault), open_run(tmp_path, RUN) as found:
            found.write("P-1.pdf", PAGES["P-1.pdf"])
            assert leftovers(tmp_path)
            raise fault
        assert not leftovers(tmp_path) and not finals(tmp_path)


def test_more_files_than_may_be_open_are_written_all_the_same(tmp_path: Path) -> None:
    many = {f"P-{number}.pdf": PAGES["P-1.pdf"] for number in range(100)}
    with open_run(tmp_path, RUN) as found:
        group = [found.write(name, data) for name, data in many.items()]
        assert len(found._open) < 40
        found.confirm()
        found.deliver(group)
    assert finals(tmp_path) == many


class Quick(Files):
    """File calls that do not wait for the disk; notes how much the press holds of memory at each long write."""

    def __init__(self) -> None:
        self.held: list[int] = []

    def fsync(self, handle: int) -> None:
        """Nothing to do."""

    def write(self, handle: int, data: bytes | memoryview) -> int:
        if len(data) > 100_000:
            self.held.append(held_by_us())
        return super().write(handle, data)


def test_what_is_kept_of_a_delivered_file_is_small(tmp_path: Path) -> None:
    names = [f"DRAFT-P-{number:05d}-en.txt" for number in range(4_000)]
    with open_run(tmp_path, RUN, files=(files := Quick())) as found, traced():
        for first in range(0, len(names), 128):
            put(found, {name: name.encode() for name in names[first : first + 128]})
        held = held_by_us()
        found.finish({}, names)
    [most] = files.held  # when the manifest is written, which is the longest text of a run
    assert 50 < held / len(names) < 150 and most / len(names) < 300, "bytes for each file"
    assert verify(tmp_path) == len(names)


# Two at once


@posix_only
def test_a_second_run_is_refused_at_once_and_told_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_run(tmp_path, RUN):
        tries = Mock(side_effect=lock._try)
        monkeypatch.setattr(lock, "_try", tries)
        with pytest.raises(HandoutError) as caught:
            fill(tmp_path)
        assert tries.call_count == 1
    assert f"process {os.getpid()}, since 2026-11-23 17:02" in sentence(caught)


@posix_only
def test_the_lock_of_a_dead_run_is_taken_over(tmp_path: Path) -> None:
    assert forked(tmp_path / "run", Deadly(20)) == signal.SIGKILL
    assert (tmp_path / "run" / INNER / "lock").exists()
    fill(tmp_path / "run")
    assert finals(tmp_path / "run") == PAGES


@posix_only
def test_many_runs_at_once_make_one_set(tmp_path: Path, calm: dict[str, bytes]) -> None:
    for round_ in range(10):
        folder = tmp_path / f"run-{round_}"
        pids = []
        for _ in range(4):
            pid = os.fork()
            if pid == 0:
                try:
                    fill(folder)
                except HandoutError:
                    pass
                finally:
                    os._exit(0)
            pids.append(pid)
        while pids:
            assert finals(folder).items() <= PAGES.items(), "somebody saw a broken page"
            pids = [pid for pid in pids if os.waitpid(pid, os.WNOHANG)[0] == 0]
        fill(folder)
        assert state(folder) == calm


# Proof


def test_verify_counts_a_good_run(tmp_path: Path) -> None:
    fill(tmp_path)
    assert verify(tmp_path) == len(PAGES)


def bits(data: bytes) -> Iterator[bytes]:
    """The data with one bit flipped, at places all over it."""
    moments = random.Random(7)
    for _ in range(60):
        at = moments.randrange(len(data) * 8)
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        yield bytes(changed)


def test_verify_finds_one_flipped_bit_in_any_file(tmp_path: Path) -> None:
    fill(tmp_path)
    tried = 0
    for path in (*(tmp_path / name for name in PAGES), tmp_path / INNER / MANIFEST):
        whole = path.read_bytes()
        for changed in bits(whole):
            tried += 1
            path.write_bytes(changed)
            if path.name == MANIFEST and same_record(changed, whole):
                continue
            with pytest.raises(HandoutError):
                verify(tmp_path)
        path.write_bytes(whole)
    assert tried == 60 * (len(PAGES) + 1) and verify(tmp_path) == len(PAGES)


def same_record(changed: bytes, whole: bytes) -> bool:
    """White space between the words of the manifest says nothing."""
    try:
        return bool(json.loads(changed) == json.loads(whole))
    except ValueError:
        return False


def test_verify_finds_a_missing_file_and_a_strange_one(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "P-2.pdf").unlink()
    (tmp_path / "P-9.pdf").write_bytes(PAGES["P-1.pdf"])
    with pytest.raises(HandoutError) as caught:
        verify(tmp_path)
    assert "missing" in sentence(caught) and "no run put this file here" in sentence(caught)
    assert len(caught.value.problems) == 2


def test_verify_needs_a_finished_run(tmp_path: Path) -> None:
    with open_run(tmp_path, RUN) as found:
        put(found, {"P-1.pdf": PAGES["P-1.pdf"]})
    with pytest.raises(HandoutError) as caught:
        verify(tmp_path)
    assert "no record of a finished run" in sentence(caught)


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_the_record_of_a_run_is_never_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / INNER).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(HandoutError) as caught:
        fill(tmp_path / "run")

    assert [problem.message for problem in caught.value.problems] == ["a link stands where this should be written"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
