"""The README is short, its commands work as they stand there, and its messages are those of the program."""

from __future__ import annotations

import re
import shlex
import shutil

import pytest

from tests.support import ROOT, TODAY, Shop, check_few
from tests.test_docs import README, coded, rows, said

JOBS = rows(README, "| you want |")
LIST = "code,form,reason,interval,last_dose\nK-0417,injection,opioid,4 weeks,2026-11-20\nK-0418,tablet,alcohol,,\n"


def test_it_is_read_in_a_minute_or_two() -> None:
    assert len(README.split()) < 900
    head = README[: README.index("## Start")]
    assert len(head.split()) < 330 and "DRAFT" in head[:700], "what is not done stands high"


def test_what_a_manager_asks_has_its_place() -> None:
    headings = re.findall(r"^## (.*)$", README, re.MULTILINE)
    assert headings == ["Start", "Five jobs", "Something went wrong", "What to read", "License"]
    assert len(JOBS) == 5 and len(rows(README, "| it says |")) == 6
    for system in ("Mac", "Linux", "Windows"):
        assert f"**{system}" in README or f" {system}**" in README


@pytest.mark.parametrize("line", [coded(row[1])[0] for row in JOBS] + ["python generate.py report card"])
def test_its_commands_work_as_they_stand_there(shop: Shop, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    check_few(monkeypatch)
    (shop.root / "tomorrow.csv").write_text(LIST, "utf-8")
    (shop.root / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "example-patient.yaml", shop.root / "docs")
    python, program, *typed = shlex.split(line)
    assert (python, program) == ("python", "generate.py") and f"`{line}`" in README

    day = () if "--today" in typed else ("--today", TODAY.isoformat())
    result = shop.run(*typed, *day)
    assert result.exit_code == 0, result.output
    assert shop.out()


def test_its_set_up_is_that_of_the_make_file() -> None:
    make = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"^make ([a-z]+)$", README, re.MULTILINE):
        assert f"\n{command}:" in make
    for lock in re.findall(r"-r (requirements/\S+)", README):
        assert (ROOT / lock).exists()
    assert "generate.py" in README.split("py -m venv .venv")[1].split("```")[0]


def test_its_messages_are_those_of_the_program() -> None:
    texts = said()
    messages = [coded(row[0])[0] for row in rows(README, "| it says |")]
    for message in messages:
        part = message.split("3")[0] if message.startswith("needs you") else message
        assert any(part in text for text in texts), message
