"""The maker: a real process that is warm, that is killed when it hangs, and that tells no fault's words."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from press.desk.maker import Maker, MakerFault, MakerGone, Superseded
from press.errors import HandoutError, Place, refuse
from press.runs.handout import Site
from tests.rigs.waiting import HANGS, wait_for
from tests.support import ROOT, TODAY


def root_of(site: Site, more: str = "") -> str:
    return site.root.name + more


def number(site: Site) -> int:
    return os.getpid()


def refused(site: Site) -> None:
    raise refuse(Place("code"), "this is refused", "mend it")


def fault(site: Site) -> None:
    raise ValueError("Ana Example")


def unsendable(site: Site) -> object:
    return lambda: "Ana Example"


def hang(site: Site) -> None:
    time.sleep(HANGS)


def die(site: Site) -> None:
    os._exit(1)


def die_once(site: Site, mark: Path) -> str:
    if mark.exists():
        return "made"
    mark.touch()
    os._exit(1)


@pytest.fixture(scope="module")
def maker() -> Iterator[Maker]:
    found = Maker(ROOT, lambda: TODAY)
    found.start()
    yield found
    found.stop()


def test_it_answers_from_another_process_that_stays(maker: Maker) -> None:
    assert maker.ask(root_of, more="!") == ROOT.name + "!"
    assert maker.ask(number) == maker.ask(number) != os.getpid()


def test_a_refusal_comes_as_data_and_a_fault_without_its_words(maker: Maker) -> None:
    before = maker.ask(number)
    with pytest.raises(HandoutError) as told:
        maker.ask(refused)
    with pytest.raises(MakerFault) as found:
        maker.ask(fault)

    assert [problem.message for problem in told.value.problems] == ["this is refused"]
    assert "ValueError" in str(found.value) and "Ana" not in str(found.value)
    with pytest.raises(MakerFault):
        maker.ask(unsendable)
    assert maker.ask(number) == before, "none of them ends the process"


def test_it_forgets_by_starting_anew_when_it_is_free(maker: Maker) -> None:
    before = maker.ask(number)
    with maker._turn():  # busy with somebody's page
        maker.forget()
        assert maker._process and maker._process.pid == before and maker._process.is_alive()
    wait_for(lambda: maker.ask(number) != before)

    assert maker.ask(number) == maker.ask(number)


def test_one_that_never_started_has_nothing_to_forget() -> None:
    maker = Maker(ROOT, lambda: TODAY)
    maker._start_anew()

    assert maker._process is None


def test_settings_from_outside_are_refused_with_their_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RL_invariant", "0")
    maker = Maker(ROOT, lambda: TODAY)
    with pytest.raises(HandoutError) as told:
        maker.ask(number)
    maker.stop()

    assert "RL_invariant" in told.value.problems[0].message


def test_one_that_dies_or_hangs_is_started_again(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MakerGone):
        maker.ask(die)
    after = maker.ask(number)
    monkeypatch.setattr(maker, "_most_seconds", 0.3)
    with pytest.raises(MakerGone):
        maker.ask(hang)
    monkeypatch.undo()
    with pytest.raises(MakerGone):
        maker.ask_newest("form", die)

    assert maker.ask(number) != after


def test_a_preview_is_made_once_more_when_the_process_was_killed(maker: Maker, tmp_path: Path) -> None:
    assert maker.ask_newest("form", die_once, tmp_path / "died") == "made"
    with pytest.raises(MakerGone):
        maker.ask(die_once, tmp_path / "again")


def test_the_newest_of_a_slot_wins_and_older_work_that_waits_is_not_done(maker: Maker) -> None:
    outcome: dict[int, object] = {}
    ready = Barrier(2)

    def ask(one: int) -> None:
        ready.wait()
        try:
            outcome[one] = maker.ask_newest("form", root_of)
        except Superseded:
            outcome[one] = "superseded"

    with maker._turn():  # busy with somebody else's page
        first = Thread(target=ask, args=(1,))
        first.start()
        ready.wait()
        while maker._newest["form"] < 1:
            time.sleep(0.01)
        second = Thread(target=ask, args=(2,))
        second.start()
        ready.wait()
        while maker._newest["form"] < 2:
            time.sleep(0.01)
        first.join()  # while the process is still busy
    second.join()

    assert outcome == {1: "superseded", 2: ROOT.name}
