"""One print job by several processes: the same bytes, rows and record, whoever writes which people's pages."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

import pytest

import press.runs.print_job
from press.document.nodes import Numbering
from press.runs import job_share, merged_run, turns
from press.writers.pdf.fonts.font_set import Fonts
from tests.runs.test_batch import given
from tests.support import Shop

HERE = os.getpid()
DAY = ("--today", "2026-11-23")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
KINDS = (
    "Ana Zerbinetta,tablet,alcohol,en,benefits",
    "Łucja Papagena,tablet,opioid,es,benefits",
    "محمد Despina,tablet,alcohol,en,benefits",
    "Nguyễn Thị Despina,tablet,alcohol,en,benefits",
    "Bo Papagena,tablet,both,en,benefits fridge-page",
    "Ana Despina,pill,both,en,benefits",
)


@dataclass
class Seen:
    """With how many processes the file was begun, and how many people were made by the first process."""

    begun: list[int] = field(default_factory=list)
    here: int = 0


@pytest.fixture
def seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """A list of 42 people of six kinds, one of whom is refused; fourteen have letters that depend on the others."""
    rows = [f"K-{n:03},{KINDS[n % len(KINDS)]}" for n in range(42)]
    (shop.root / "list.csv").write_text("Code,Name,Form,Reason,Language,Handouts\n" + "\n".join(rows), "utf-8")
    found = Seen()
    deliver, make = merged_run._Making.deliver, turns.InTurn.make

    def watched(self: merged_run._Making, totals: object, processes: int) -> None:
        found.begun.append(processes)
        deliver(self, totals, processes)

    def counted(self: object, *args: object) -> object:
        found.here += 1
        return make(self, *args)

    monkeypatch.setattr(merged_run._Making, "deliver", watched)
    monkeypatch.setattr(turns.InTurn, "make", counted)
    return found


def made_by(shop: Shop, processes: int) -> tuple[bytes, list[tuple[str, str]], object]:
    """The file of the job, its rows of the ledger, and its record without the time and the seal over it."""
    (shop.root / "ledger.sqlite").unlink(missing_ok=True)
    result = shop.run("batch", "list.csv", "--merged", "jobs/job.pdf", "--cover", "--workers", str(processes), *DAY)
    assert result.exit_code == 1 and "printed for 35 people" in result.stdout, result.output
    record = json.loads((shop.root / "jobs" / ".press" / "job.pdf.json").read_text("utf-8"))
    return (shop.root / "jobs" / "job.pdf").read_bytes(), given(shop), {**record, "started": "", "seal": ""}


def test_a_job_is_the_same_by_one_process_and_by_several(shop: Shop, seen: Seen) -> None:
    alone = made_by(shop, 1)
    assert seen == Seen([1]) and len(alone[1]) == 42
    for processes in (2, 3):
        assert made_by(shop, processes) == alone
    assert seen.begun == [1, 2, 3]
    assert seen.here == 2 * (1 + 14), "the first one, and those whose letters depend on what came before"


def test_a_job_whose_processes_do_not_agree_is_made_by_one(
    shop: Shop, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = made_by(shop, 1)
    monkeypatch.setattr(Fonts, "take", lambda self, letters: seen.begun[-1:] != [2])
    assert made_by(shop, 2) == alone and seen.begun == [1, 2, 1]


def test_what_other_processes_cannot_prove_is_made_by_the_first(
    shop: Shop, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody gets the pages of whoever came first, in forked processes alone; none of these is delivered."""
    alone = made_by(shop, 1)
    mix_up(monkeypatch, in_first=False)
    assert made_by(shop, 2) == alone and seen.begun == [1, 2]
    assert seen.here > 1 + 14


def test_a_fault_in_all_processes_is_told_and_delivers_nothing(
    shop: Shop, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix_up(monkeypatch, in_first=True)
    result = shop.run("batch", "list.csv", "--merged", "jobs/job.pdf", "--workers", "2", *DAY)
    assert seen.begun == [2] and result.exit_code == 3 and "WrongPatientError" in result.output
    assert not (shop.root / "jobs" / "job.pdf").exists() and given(shop) == []


def mix_up(monkeypatch: pytest.MonkeyPatch, *, in_first: bool) -> None:
    real, kept = press.runs.print_job.lay_out_one, {}

    def forgetful(site: object, made: object, run: str, numbering: Numbering) -> object:
        if os.getpid() == HERE and not in_first:
            return real(site, made, run, numbering)
        return kept.setdefault(made.topic, real(site, made, run, numbering))

    monkeypatch.setattr(press.runs.print_job, "lay_out_one", forgetful)


def test_a_job_by_several_processes_leaves_nothing_after_a_stop(
    shop: Shop, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(job_share._Maker, "number", stop)
    result = shop.run("batch", "list.csv", "--merged", "jobs/job.pdf", "--workers", "2", *DAY)
    assert result.exit_code == 130 and seen.begun == [2]
    assert not (shop.root / "jobs" / "job.pdf").exists() and given(shop) == []
