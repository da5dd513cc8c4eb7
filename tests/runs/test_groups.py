"""A list's files delivered in groups and by several processes: the same set, journal, ledger and words, whatever happens."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from press.delivery import run_folder
from press.delivery.ledger import LedgerRow, open_ledger
from press.delivery.ledger_schema import PRINTED
from press.delivery.run_folder import INNER, JOURNAL, Run, RunFolder, open_run
from press.errors import HandoutError, Place, Problem
from press.runs import groups, separate_run
from press.runs.batch import Refused
from press.runs.groups import Group, ReadyPerson
from tests.rigs.faults import Deadly, Faulty
from tests.rigs.waiting import HANGS, wait_for
from tests.runs.quick_pages import make_quick, name_of, quick_pdf
from tests.support import ROOT, Shop, copied

DAY = ("--today", "2026-11-23")
PEOPLE = 24
BAD = 9  # this row's date is none
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


@pytest.fixture(autouse=True)
def at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that are compared begin at the same time."""
    monkeypatch.setattr("press.cli.batch.now_of", lambda press: datetime(2026, 11, 23, 17, 2, tzinfo=UTC))


@pytest.fixture
def listed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A list of made-up people, one of them refused, and pages that are made at once."""
    rows = [
        f"P-{n},Ana Zerbinetta,tablet,alcohol,{'2026-02-30' if n == BAD else '2026-12-01'}"
        for n in range(2, PEOPLE + 2)
    ]
    (shop.root / "list.csv").write_text("\n".join(["Code,Name,Form,Reason,Appointment", *rows]) + "\n", "utf-8")
    make_quick(monkeypatch)
    monkeypatch.setattr(groups, "GROUP", 5)
    return shop


WANTED = {name_of(f"P-{n}"): quick_pdf(f"P-{n}") for n in range(2, PEOPLE + 2) if n != BAD}


def separate(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("batch", "list.csv", "--separate", "run", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


def state(shop: Shop) -> dict[str, bytes]:
    """Everything that a run left, the lock apart."""
    folder = shop.root / "run"
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def pages(shop: Shop) -> dict[str, bytes]:
    return {name: data for name, data in state(shop).items() if not name.startswith((INNER, "."))}


def leftovers(shop: Shop) -> list[str]:
    return [name for name in state(shop) if name.endswith(".part")]


def given(shop: Shop) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(shop.root / "ledger.sqlite")
    try:
        return connection.execute(f"SELECT id, {', '.join(PRINTED)} FROM printed ORDER BY id").fetchall()
    except sqlite3.OperationalError:
        return []  # it was never begun
    finally:
        connection.close()


def codes(shop: Shop) -> list[str]:
    """Who is in the ledger, each once for each of their two handouts."""
    return [str(row[2]) for row in given(shop)]


def forget(shop: Shop) -> None:
    import shutil

    shutil.rmtree(shop.root / "run", ignore_errors=True)
    (shop.root / "ledger.sqlite").unlink(missing_ok=True)


# The same, whoever makes it


def test_any_number_of_workers_makes_the_same_run(listed: Shop) -> None:
    runs = []
    for more in (["--workers", "1"], ["--workers", "2"], ["--workers", "3"], []):
        told = separate(listed, *more)
        runs.append((told, state(listed), given(listed)))
        forget(listed)
    assert all(run == runs[0] for run in runs)
    (code, said, errors), left, rows = runs[0]
    assert code == 1 and said.startswith(
        f"printed for {PEOPLE - 1} people, {2 * PEOPLE - 2} handouts\nsheets: {2 * PEOPLE - 2}\n"
        f"needs you: 1 (row {BAD}: nothing printed)\n"
    )
    assert f"row {BAD}, column appointment" in errors and "a warning" in errors and "2026-02-30" not in errors
    assert {name: data for name, data in left.items() if not name.startswith(INNER)} == WANTED
    assert len(rows) == 2 * PEOPLE - 2 and [row[0] for row in rows] == list(range(1, 2 * PEOPLE - 1))
    listed_names = [sheet["name"] for sheet in json.loads(left[f"{INNER}/manifest.json"])["files"]]
    assert listed_names == list(WANTED), "in the order of the list"


def test_a_check_by_several_workers_says_the_same(listed: Shop) -> None:
    results = []
    for number in ("1", "2", "3"):
        result = listed.run("batch", "list.csv", "--dry-run", "--workers", number, *DAY)
        results.append((result.exit_code, result.stdout, result.stderr))
    assert results[0] == results[1] == results[2] and "nothing was printed" in results[0][1]
    assert separate(listed, "--strict", "--workers", "2")[0] == 1 and not (listed.root / "run").exists()


def test_a_report_of_several_workers_says_the_same(listed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = []
    for number in ("1", "2"):
        separate(listed, "--workers", number, "--report", "told.txt")
        texts.append((listed.root / "told.txt").read_text("utf-8"))
        forget(listed)
    assert texts[0] == texts[1] and str(PEOPLE - 1) in texts[0]


def test_real_pages_are_the_same_from_every_process(shop: Shop) -> None:
    rows = [f"P-{n},Ana Zerbinetta,{'tablet' if n % 2 else 'injection'},opioid,benefits" for n in range(1, 9)]
    (shop.root / "list.csv").write_text("\n".join(["Code,Name,Form,Reason,Handouts", *rows]) + "\n", "utf-8")
    runs = []
    for number in ("1", "2"):
        assert separate(shop, "--workers", number)[0] == 0
        runs.append((state(shop), given(shop)))
        forget(shop)
    assert runs[0] == runs[1] and sum(name.endswith(".pdf") for name in runs[0][0]) == 8


# Faults


def with_files(monkeypatch: pytest.MonkeyPatch, files: Faulty) -> None:
    monkeypatch.setattr(separate_run, "open_run", partial(run_folder.open_run, files=files))


@pytest.mark.parametrize(
    ("number", "lasting", "step"),
    [
        pytest.param("1", False, 12, id="alone, once, some calls"),
        pytest.param("2", True, 12, id="two workers, for ever after, some calls"),
        pytest.param("1", False, 4, id="alone, once", marks=pytest.mark.sweep),
        pytest.param("1", True, 4, id="alone, for ever after", marks=pytest.mark.sweep),
        pytest.param("2", False, 4, id="two workers, once", marks=pytest.mark.sweep),
        pytest.param("2", True, 4, id="two workers, for ever after", marks=pytest.mark.sweep),
    ],
)
def test_any_call_may_fail_and_what_is_delivered_is_entered(
    listed: Shop, monkeypatch: pytest.MonkeyPatch, number: str, lasting: bool, step: int
) -> None:
    stopped = parts = 0
    for n in range(1, 200, step):
        with monkeypatch.context() as patch:
            with_files(patch, files := Faulty(n, errno.ENOSPC, lasting=lasting))
            code, _, errors = separate(listed, "--workers", number)
        there = pages(listed)
        assert there.items() <= WANTED.items() and "LIBRARY" not in errors and code in (0, 1)
        assert sorted(codes(listed)) == sorted(2 * [re.sub("DRAFT-|-en.pdf", "", name) for name in there]), (
            "files and rows belong together"
        )
        stopped += "cannot write" in errors or "did not confirm" in errors
        parts += 0 < len(there) < len(WANTED)
        assert lasting or not leftovers(listed)
        again = separate(listed, "--workers", number)
        assert (
            again[0] == 1
            and pages(listed) == WANTED
            and len(given(listed)) == 2 * len(WANTED)
            and not leftovers(listed)
        )
        forget(listed)
        if not files.failed:
            break
    assert stopped > (40 if number == "1" else 12) // step and parts > 0


@posix_only
@pytest.mark.parametrize(
    ("number", "step"),
    [
        pytest.param("2", 12, id="two workers, some calls"),
        pytest.param("1", 4, id="alone", marks=pytest.mark.sweep),
        pytest.param("2", 4, id="two workers", marks=pytest.mark.sweep),
    ],
)
def test_killed_at_any_call_the_same_command_ends_with_the_same_set(
    listed: Shop, monkeypatch: pytest.MonkeyPatch, number: str, step: int
) -> None:
    separate(listed)
    calm, rows = state(listed), given(listed)
    forget(listed)
    killed = 0
    for n in range(2, 300, step):
        with monkeypatch.context() as patch:
            with_files(patch, Deadly(n))
            pid = os.fork()
            if pid == 0:
                try:
                    separate(listed, "--workers", number)
                finally:
                    os._exit(0)
            _, status = os.waitpid(pid, 0)
        assert pages(listed).items() <= WANTED.items()
        assert len(given(listed)) <= 2 * len(pages(listed)), "a row without its file"
        finish(listed, number)
        assert state(listed) == calm and [row[1:] for row in given(listed)] == [row[1:] for row in rows]
        forget(listed)
        if not os.WIFSIGNALED(status):
            break
        killed += 1
    assert killed > 20 // step


def finish(shop: Shop, number: str) -> None:
    """The same command, once every worker of the last one has ended: until then they hold its lock."""
    wait_for(partial(is_free, shop.root / "run"))
    assert "another run" not in separate(shop, "--workers", number)[2]


def is_free(folder: Path) -> bool:
    """Whether nobody holds the lock of a run's folder."""
    import fcntl  # not on Windows

    path = folder / INNER / "lock"
    if not path.exists():
        return True
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@posix_only
def test_a_worker_that_is_killed_is_told_and_the_run_goes_on_later(
    listed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()

    def deadly(code: str) -> None:
        if code == "P-20" and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        make_quick(patch, deadly)
        code, _, errors = separate(listed, "--workers", "2")
    assert code == 1 and "ended from outside" in errors and "Traceback" not in errors
    there = pages(listed)
    assert 0 < len(there) < len(WANTED) and there.items() <= WANTED.items() and not leftovers(listed)
    assert len(given(listed)) == 2 * len(there)
    assert separate(listed, "--resume")[0] == 1 and pages(listed) == WANTED and len(given(listed)) == 2 * len(WANTED)


def test_a_fault_of_the_program_delivers_who_was_ready(listed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(code: str) -> None:
        if code == "P-14":
            raise ZeroDivisionError("LIBRARY TEXT")

    told = []
    for number in ("1", "2"):
        with monkeypatch.context() as patch:
            make_quick(patch, faulty)
            code, _, errors = separate(listed, "--workers", number)
        told.append(
            (
                code,
                re.sub(
                    r"press/runs/workers.py:\d+.*\n|press/runs/(?:list|separate)_run.py:\d+.*\n|press/cli/common.py:\d+.*\n",
                    "",
                    errors,
                ),
            )
        )
        assert code == 3 and "ZeroDivisionError" in errors and "LIBRARY" not in errors
        assert sorted(pages(listed)) == sorted(name for name in WANTED if int(name.split("-")[2]) < 14)
        assert len(given(listed)) == 2 * len(pages(listed)) and not leftovers(listed)
        forget(listed)
    assert told[0] == told[1]


@pytest.mark.parametrize("number", ["1", "2"])
def test_ctrl_c_delivers_who_was_ready(listed: Shop, monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    def stop(code: str) -> None:
        if code == "P-4":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        make_quick(patch, stop)
        code, _, errors = separate(listed, "--workers", number)
    assert code == 130 and "stopped; printed for 2 people, 4 handouts" in errors and "--resume" in errors
    assert set(pages(listed)) == {name_of("P-2"), name_of("P-3")} and codes(listed) == ["P-2", "P-2", "P-3", "P-3"]
    assert not leftovers(listed)
    assert separate(listed, "--resume", "--workers", number)[0] == 1 and pages(listed) == WANTED


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_real_run_of_two_workers_may_be_stopped_from_outside(tmp_path: Path, number: int) -> None:
    """The whole group of processes hears of Ctrl-C, as at a terminal; a kill is heard by nobody."""
    import shutil

    copied(tmp_path)
    shutil.copytree(ROOT / "press", tmp_path / "press", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "generate.py", tmp_path)
    rows = [f"P-{n},tablet,alcohol" for n in range(20_000)]  # some seconds
    (tmp_path / "list.csv").write_text("\n".join(["Code,Form,Reason", *rows]) + "\n", "utf-8")
    command = [
        sys.executable,
        "generate.py",
        "batch",
        "list.csv",
        "benefits",
        "--separate",
        "run",
        "--workers",
        "2",
        *DAY,
    ]
    run = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    try:
        wait_for(lambda: (tmp_path / "run").exists() and len(os.listdir(tmp_path / "run")) > 20)
    finally:
        os.killpg(run.pid, number) if number == signal.SIGINT else os.kill(run.pid, number)
    assert run.stderr is not None
    errors = run.stderr.read()  # to its end: no worker writes any more
    run.stderr.close()
    code = run.wait()
    there = list((tmp_path / "run").glob("[!.]*"))
    if number == signal.SIGINT:
        assert code == 130 and f"stopped; printed for {len(there)} " in errors and "Traceback" not in errors
        assert not list((tmp_path / "run").glob(".*.part"))
    else:
        assert code == -signal.SIGKILL
    wait_for(partial(is_free, tmp_path / "run"))
    again = subprocess.run(
        [*command[:-4], "--workers", "1", "--rows", "2-40", *DAY],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=HANGS,
    )
    assert "another list" in again.stderr, "not the same run, and the folder's lock is free"
    assert not list((tmp_path / "run").glob(".*.part"))


# One group


ROW = LedgerRow("2026-11-23T17:02:00", "P-1", "a", "1.0.0", "abcdef0", "en", "standard", "draft", "ABC234", 1)


def someone(folder: RunFolder, n: int) -> ReadyPerson:
    from dataclasses import replace

    code = f"P-{n}"
    return ReadyPerson(n, (replace(ROW, code=code),), (), folder.write(name_of(code), quick_pdf(code)))


def test_a_group_is_told_in_the_order_of_the_list_when_it_is_delivered(tmp_path: Path) -> None:
    told: list[int] = []
    refused = Refused(2, "P-2", (Problem(Place("list.csv", 2), "no"),))
    with (
        open_run(tmp_path / "run", Run("ABC234", "plan", "now")) as folder,
        open_ledger(tmp_path / "ledger.sqlite") as ledger,
    ):
        group = Group(folder, ledger, lambda one: told.append(one.row))
        for one in (someone(folder, 1), refused, someone(folder, 3)):
            group.add(one)
        assert told == [] and not list((tmp_path / "run").glob("[!.]*"))
        group.deliver()
        assert told == [1, 2, 3]
        group.deliver()  # nothing is left to do
    assert told == [1, 2, 3] and len(list((tmp_path / "run").glob("[!.]*"))) == 2


def test_a_ledger_that_cannot_be_written_lets_no_file_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("press.delivery.ledger._WAIT", 0.05)
    with open_ledger(tmp_path / "ledger.sqlite"):
        pass
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told: list[int] = []
    with pytest.raises(HandoutError) as caught, open_run(tmp_path / "run", Run("ABC234", "plan", "now")) as folder:
        with open_ledger(tmp_path / "ledger.sqlite") as ledger:
            group = Group(folder, ledger, lambda one: told.append(one.row))
            group.add(someone(folder, 1))
            group.deliver()
    other.close()
    assert "another program holds it" in caught.value.problems[0].message
    assert told == [] and not (tmp_path / "run").exists()


def test_what_one_person_costs_in_calls(tmp_path: Path) -> None:
    """Beside their own file a person of a full group needs next to none; nothing is opened to be looked at."""
    with open_run(tmp_path, Run("ABC234", "plan", "now"), files=(files := Faulty())) as folder:
        group = Group(folder, None, lambda one: None)
        before = len(files.calls)
        for n in range(groups.GROUP):
            group.add(someone(folder, n))
        calls = files.calls[before:]
    assert len(calls) == 5 * groups.GROUP + 5
    assert (
        all(calls.count(call) == groups.GROUP for call in ("open", "close", "replace"))
        and calls.count("fsync") == groups.GROUP + 1
    )
    assert (tmp_path / INNER / JOURNAL).read_bytes().count(b"\n") == groups.GROUP + 1
