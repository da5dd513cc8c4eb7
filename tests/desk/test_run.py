"""The screen of a run: progress, stop and go on, what became of everybody, and print again after a jam."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from press.delivery.ledger import open_ledger
from press.desk import list_work, run
from press.desk.list_orders import Step
from press.desk.list_process import ListRun
from press.desk.open_list import Lists
from press.errors import Place, refuse
from press.runs.paper import PrintedFile, SentFiles
from tests.desk.list_support import GOOD, LIST, NEVER, ListClient
from tests.desk.support import said
from tests.runs.test_batch import words
from tests.support import copied

MANY = GOOD.splitlines()[0] + "".join(
    f"\nP-{number},Ana Zerbinetta,injection,opioid,4 weeks,2026-11-23," for number in range(1, 41)
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that went to a printer."""
    found: list[Path] = []

    def send(paths: list[Path], request: object) -> SentFiles:
        found.extend(paths)
        return SentFiles(tuple(PrintedFile(path, "Front_desk") for path in paths), ())

    monkeypatch.setattr(run, "send_files", send)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, whose pages are composed once."""
    return copied(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(folder: Path, sent: list[Path]) -> ListClient:
    """A desk at which nothing was printed yet."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / "ledger.sqlite").unlink(missing_ok=True)
    return ListClient(folder)


def ledger_of(desk: ListClient) -> list[tuple[str, str]]:
    """Who was given what, as the ledger has it."""
    path = desk.desk.root / desk.desk.site.clinic.ledger
    with open_ledger(path) as ledger:
        return [(row.code, row.handout) for code in ("P-1", "P-2", "P-3", "P-4") for row in ledger.of_code(code)]


def out(desk: ListClient) -> set[str]:
    return {path.name for path in (desk.desk.root / "out").glob("[!.]*")}


def test_a_list_is_printed_as_one_job_and_who_needs_a_clerk_is_named(desk: ListClient, sent: list[Path]) -> None:
    address, _ = desk.open(LIST)
    _, page = desk.order(address, f3="yes")

    assert "Sent to Front_desk: " in said(page) and "for 3 people" in said(page)
    assert "See to the people below first" in said(page)
    assert "Row 4: Gets only the overdose warning, without dates" in said(page)
    assert "Row 5: Gets nothing column C (form): " in said(page) and "--" not in said(page)
    assert not [word for word in NEVER if word in page.text]
    [name] = out(desk)
    assert re.fullmatch(r"list-[A-Z2-9]{6}\.pdf", name) and [path.name for path in sent] == [name]
    assert {code for code, _ in ledger_of(desk)} == {"P-1", "P-2", "P-3"}
    assert "P-1" in page.text and "Who has which sheets" in said(page)


def test_only_who_is_ticked_is_printed(desk: ListClient, sent: list[Path]) -> None:
    address, _ = desk.open(LIST)
    _, page = desk.order(address, r=["3"])

    assert "for 1 person" in said(page)
    assert {code for code, _ in ledger_of(desk)} == {"P-2"}
    assert "Papagena" in words(sent[0].read_bytes()) and "Zerbinetta" not in words(sent[0].read_bytes())


def test_a_double_click_makes_one_run(desk: ListClient, sent: list[Path]) -> None:
    address, page = desk.open(GOOD)
    key = re.findall(r'name="once" value="([^"]+)"', page.text)[0]
    first, _ = desk.order(address, once=key)
    second, _ = desk.order(address, once=key)

    assert first == second and len(sent) == 1


def test_files_for_each_person_go_to_no_printer(desk: ListClient, sent: list[Path]) -> None:
    address, _ = desk.open(GOOD)
    _, page = desk.order(address, print="files")

    assert "a file for each of 2 people" in said(page) and not sent
    [folder] = out(desk)
    assert len(list((desk.desk.root / "out" / folder).glob("*.pdf"))) == 2


def test_the_printer_that_takes_nothing_leaves_a_file_to_open(
    desk: ListClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = refuse(Place("printer"), "the printer Front_desk is offline", "look whether it is switched on")
    monkeypatch.setattr(run, "send_files", lambda paths, request: SentFiles((), away.problems))
    address, _ = desk.open(GOOD)
    place, page = desk.order(address)
    found = desk.get(f"{place}/file")

    assert "Ready: " in said(page) and "is offline" in said(page) and "The printer did not take the pages" in said(page)
    assert found.data.startswith(b"%PDF") and found.content_type == "application/pdf"
    assert "Zerbinetta" in words(found.data)
    gone = desk.follow(desk.post(f"{place}/delete"))
    assert "The file is deleted" in said(gone) and not out(desk) and desk.get(f"{place}/file").status_code == 404
    assert desk.post(f"{place}/delete").status_code == 303, "twice is once"


# Print again


def test_after_a_jam_sheets_come_again_and_nobody_is_given_twice(desk: ListClient, sent: list[Path]) -> None:
    address, _ = desk.open(GOOD)
    place, page = desk.order(address)
    before = ledger_of(desk)
    last = int(re.findall(r"The last one is (\d+)", said(page))[0])
    for typed in ("", "0", "x", "-1", str(last + 1), "9" * 40, "²"):
        wrong = desk.post(f"{place}/again", {"f1": typed, "what": "from"})
        assert wrong.status_code == 422 and f"from 1 to {last}" in said(wrong) and len(sent) == 1
    for what, words_ in (("sheet", "sheet 2"), ("from", "from sheet 2 on")):
        again = desk.post(f"{place}/again", {"f1": "2", "what": what})
        desk.settle()
        assert f"Sent to the printer again: {words_}" in said(desk.follow(again))

    assert [path.name.partition("-")[2][6:] for path in sent] == [".pdf", "-sheet-2.pdf", "-from-sheet-2.pdf"]
    assert ledger_of(desk) == before


def test_one_person_is_printed_again_by_code(desk: ListClient, sent: list[Path]) -> None:
    address, _ = desk.open(LIST)
    place, _ = desk.order(address)
    for typed in ("", "P-9", "P-4"):
        wrong = desk.post(f"{place}/again", {"f2": typed, "what": "code"})
        assert wrong.status_code == 422 and "Nobody on this list has this code" in said(wrong)
    again = desk.post(f"{place}/again", {"f2": " p-2 ", "what": "code"})
    desk.settle()

    assert desk.follow(again).status_code == 200 and sent[-1].name == "reprint.pdf"
    assert "Papagena" in words(sent[-1].read_bytes()) and "Zerbinetta" not in words(sent[-1].read_bytes())


def test_the_same_file_finds_its_job_after_a_new_start(folder: Path, desk: ListClient, sent: list[Path]) -> None:
    address, _ = desk.open(GOOD)
    desk.order(address)
    later = ListClient(folder)
    address, page = later.open(GOOD)
    assert "Printed from this list before" in said(page) and "2 people" in said(page)
    shown = later.follow(later.post(address, {"earlier": "0"}))
    place = re.findall(r'action="(/runs/[^/"]+)/again"', shown.text)[0]
    again = later.post(f"{place}/again", {"f1": "1", "what": "sheet"})
    later.settle()

    assert later.get(f"{place}/file").data.startswith(b"%PDF")
    assert "Printed before" in said(shown) and "sheet 1" in said(later.follow(again)) and len(sent) == 2
    _, other = later.open(LIST)
    assert "Printed from this list before" not in said(other)


def test_a_job_whose_words_changed_is_not_printed_again(tmp_path: Path, sent: list[Path]) -> None:
    desk = ListClient(copied(tmp_path))
    address, _ = desk.open(GOOD)
    place, _ = desk.order(address)
    config = tmp_path / "config.yaml"
    config.write_text(config.read_text("utf-8") + "\n# changed\n", "utf-8")
    refused = desk.post(f"{place}/again", {"f1": "1", "what": "from"})
    desk.settle()
    shown = desk.follow(refused)
    assert "That could not be printed" in said(shown) and "are not those of the job" in said(shown) and len(sent) == 1
    later = ListClient(tmp_path)
    address, _ = later.open(GOOD)

    assert "cannot be printed again as they were" in said(later.follow(later.post(address, {"earlier": "0"})))


# Stop, go on, and what ends from outside


class Slow:
    """Lets the desk act after some people of a list."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int, act: Callable[[], object]) -> None:
        whole = list_work._Show.__call__

        def show(self: list_work._Show, items, count: int, verb: str):
            for number, one in enumerate(whole(self, items, count, verb), 1):
                yield one
                if number == after and verb != "checked":
                    act()

        monkeypatch.setattr(list_work._Show, "__call__", show)


def test_a_job_that_is_stopped_prints_nothing_and_goes_on_whole(
    desk: ListClient, sent: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = desk.open(MANY)
    with monkeypatch.context() as patched:
        Slow(patched, 5, lambda: [desk.desk.lists.stop(one) for one in desk.desk.lists.running])
        place, page = desk.order(address)
    assert "Stopped" in said(page) and "Nothing was printed" in said(page) and not sent and not out(desk)

    went_on = desk.post(f"{place}/on", {})
    desk.settle()
    assert "for 40 people" in said(desk.follow(went_on)) and len(sent) == 1


def test_files_that_were_finished_stay_and_the_rest_is_added(desk: ListClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address, _ = desk.open(MANY)
    with monkeypatch.context() as patched:
        Slow(patched, 5, lambda: [desk.desk.lists.stop(one) for one in desk.desk.lists.running])
        _, page = desk.order(address, print="files")
    [folder] = (desk.desk.root / "out").glob("list-*")
    done = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.pdf")}
    assert 5 <= len(done) < 40 and f"The files of {len(done)} people are finished" in said(page)

    later = ListClient(desk.desk.root)
    address, page = later.open(MANY)
    assert f"stopped after {len(done)} files" in said(page)
    shown = later.follow(later.post(address, {"earlier": "0"}))
    place = re.findall(r'action="(/runs/[^/"]+)/on"', shown.text)[0]
    went_on = later.post(f"{place}/on", {})
    later.settle()
    assert "a file for each of 40 people" in said(later.follow(went_on))
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.pdf")}
    assert len(after) == 40 and done.items() <= after.items(), "what was finished is not made again"


def test_progress_says_how_many_and_how_long(desk: ListClient) -> None:
    now = desk.desk.now()
    one = ListRun(now - timedelta(seconds=30), step=Step(100, 400))

    assert one.time_left(now) == timedelta(seconds=90) and replace(one, step=Step(0, 0)).time_left(now) is None


def test_a_list_whose_process_is_killed_goes_on(
    tmp_path: Path, sent: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real process, killed in the middle as by the system; nothing half finished stays."""
    desk = ListClient(copied(tmp_path))
    processes: list[int] = []
    desk.desk.lists = Lists(partial(_spawn, processes))
    address, _ = desk.open(MANY)
    answer = desk.press(address, print="job")
    os.kill(processes[0], signal.SIGKILL)
    desk.settle()
    page = desk.follow(answer)
    if not sent:  # else it was done before it was killed
        assert "The printing was interrupted" in said(page) and not out(desk)
        went_on = desk.post(f"{answer.location}/on", {})
        desk.settle()
        assert "for 40 people" in said(desk.follow(went_on))
        assert len(processes) == 2
    assert len(sent) == 1 and not list((tmp_path / "out").rglob("*.part"))


def _spawn(processes: list[int], root: Path, data: bytes, pipe: Connection) -> Callable[[], None]:
    import multiprocessing

    process = multiprocessing.get_context("spawn").Process(target=list_work.serve, args=(pipe, root, data), daemon=True)
    process.start()
    pipe.close()
    assert process.pid
    processes.append(process.pid)

    def kill() -> None:
        process.kill()
        process.join()

    return kill


def test_a_list_that_is_printed_outlives_the_lock(
    desk: ListClient, sent: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = desk.open(MANY)
    seen: list[str] = []

    def lock() -> None:
        assert desk.desk.is_busy, "a running list postpones the end"
        desk.desk.session.lock()
        desk.enter()
        seen.append(said(desk.get("/lists")))

    Slow(monkeypatch, 5, lock)
    answer = desk.press(address, print="job")
    desk.settle()

    assert "A list is being printed: " in seen[0] and len(sent) == 1 and not desk.desk.is_busy
    assert desk.get(answer.location).status_code == 404, "its people are forgotten"
    assert desk.maker.times_forgotten == 1, "and so are the words that the maker keeps"
