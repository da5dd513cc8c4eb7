"""A day at the front desk as it is lived: each command that a clerk types, and how much there is to read.

The lists are a made-up clinic's, as its programs export them (tests/data/exports).
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.patients.test_learn import EXPORTS
from tests.runs.test_batch import given
from tests.runs.test_print_job import sides
from tests.support import Shop

HANDOUTS = ("overdose-warning",)  # one page each: the day is the same with all, and this test is quicker


@dataclass
class Desk:
    """A clerk at the command line; what was typed and what there was to read are counted."""

    shop: Shop
    commands: int = 0
    lines: int = 0
    shown: str = ""
    told: list[str] = field(default_factory=list)

    def types(self, *args: str, code: int = 0) -> str:
        """Type one command, which must end with this code; gives all that is on the screen."""
        result = self.shop.run(*args)
        shown = (result.stderr + result.stdout).splitlines()
        self.commands, self.lines, self.told = self.commands + 1, self.lines + len(shown), shown
        assert result.exit_code == code, result.output
        self.shown = result.stdout
        return result.output

    @property
    def file(self) -> Path:
        """The file that the last command named."""
        return Path(re.findall(r"\S+\.(?:pdf|yaml)\b", self.shown)[-1])


@pytest.fixture
def desk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A clinic on a Monday, with its lists."""
    for module in ("batch", "common", "make"):
        monkeypatch.setattr(f"press.cli.{module}.now_of", lambda site: datetime(2026, 11, 23, 16, 40, tzinfo=UTC))
    for name in ("clean.csv", "export.csv"):
        shutil.copy(EXPORTS / name, shop.root / name)
    return Desk(shop)


def test_a_clean_list_takes_two_commands_and_eight_lines(desk: Desk) -> None:
    desk.types("batch", "clean.csv", *HANDOUTS, "--day", "tomorrow", "--merged", "out/tomorrow.pdf", "--cover")
    assert desk.file.exists() and len({code for code, _ in given(desk.shop)}) == 6
    desk.types("verify", "out/tomorrow.pdf")

    assert desk.commands <= 2
    assert desk.lines <= 8, desk.told


def test_an_export_is_read_after_two_rounds_and_the_day_goes_on(desk: Desk) -> None:
    shop, today = desk.shop, ("--merged", "out/today.pdf")

    # Round one: everything is asked. The clerk reads the questions, and types what the last line says.
    asked = desk.types("lists", "learn", "export.csv", code=1)
    answers = asked.splitlines()[-1].partition("add: ")[2].split()
    assert "--dates" in answers and len(answers) == 12
    # Round two: it is answered, once for all such lists.
    desk.types("lists", "learn", "export.csv", *answers)
    assert desk.file == shop.root / "recipes" / "export.yaml"

    # Only the two bad rows are left, each with what to do.
    checked = desk.types("batch", "export.csv", *HANDOUTS, "--dry-run", code=1)
    assert "needs you: 2 (row 14: undated overdose warning only; row 22: nothing printed)" in checked
    assert "ask the prescriber" in checked and "a comma too many" in checked
    assert desk.commands == 3 and desk.lines <= 40, desk.lines

    # Print; the printer jams at sheet 9, and sheet 4 is torn.
    desk.types("batch", "export.csv", *HANDOUTS, *today, code=1)
    whole = sides(desk.file.read_bytes())
    assert len(whole) == 2 * 23
    desk.types("batch", "export.csv", *HANDOUTS, *today, "--from-sheet", "9", code=1)
    assert sides(desk.file.read_bytes()) == whole[16:]
    desk.types("batch", "export.csv", *HANDOUTS, *today, "--sheet", "4")
    assert sides(desk.file.read_bytes()) == whole[6:8] and len(desk.told) <= 4

    # One person's page is lost, another comes to the desk and wants Spanish.
    desk.types("batch", "export.csv", *HANDOUTS, "--code", "R-108")
    assert sides(desk.file.read_bytes())[0].count("Barbarina") > 0 and len(desk.told) <= 7
    desk.types("make", "overdose-warning", "--code", "R-110", "-l", "es")
    assert desk.file.name == "DRAFT-R-110-overdose-warning-es.pdf"
    assert "Sarastro" in sides(desk.file.read_bytes())[0]

    # The two rows are corrected, and print alone; the whole job stays as it was.
    text = (shop.root / "export.csv").read_text("utf-8")
    text = text.replace(",30 days,", ",every 28 days,").replace("Bartolo, Uma", '"Bartolo, Uma"')
    (shop.root / "export.csv").write_text(text.replace("likes mornings, tea\n", "none\n"), "utf-8")
    desk.types("batch", "export.csv", *HANDOUTS, *today, "--rows", "14,22")
    assert re.fullmatch(r"today-[A-Z2-9]{6}\.pdf", desk.file.name) and len(sides(desk.file.read_bytes())) == 4
    assert sides((shop.root / "out" / "today.pdf").read_bytes()) == whole

    # Nobody on the list was left out, and the desk refuses what it cannot know: that list was changed before.
    assert {code for code, _ in given(shop)} == {f"R-{101 + number}" for number in range(24)}
    (shop.root / "export.csv").write_text(text, "utf-8")
    assert "was changed since" in desk.types("make", "overdose-warning", "--code", "R-110", code=1)
    assert desk.commands == 10 and desk.lines <= 100, desk.lines
