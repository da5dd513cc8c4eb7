"""A day at the front desk as it is lived: each command that a clerk types, and how much there is to read.

The lists are a made-up clinic's, as its programs export them (tests/data/exports).
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.patients.test_learn import EXPORTS
from tests.runs.test_batch import given
from tests.runs.test_print_job import sides
from tests.support import SIGNED, Shop, check_few, folded

HANDOUTS = ("overdose-warning",)  # one page each: the day is the same with all, and this test is quicker


NOON = datetime(2026, 11, 23, 16, 40, tzinfo=UTC)  # a Monday
JOB = ("--day", "tomorrow", "--merged", "out/tomorrow.pdf")


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
        paths = [line.removeprefix("file: ") for line in result.stdout.splitlines()]
        self.last = next((path for path in reversed(paths) if path.startswith("/")), "")
        return result.output

    @property
    def file(self) -> Path:
        """The last path that the last command named."""
        return Path(self.last)


@pytest.fixture
def desk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A clinic on a Monday, with its lists."""
    for module in ("batch", "common", "make"):
        monkeypatch.setattr(f"press.cli.{module}.now_of", lambda site: NOON)
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
    assert sides(desk.file.read_bytes())[0].count("Barbarina") > 0 and len(desk.told) <= 6
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
    assert desk.commands == 10 and desk.lines <= 90, desk.lines


def test_the_whole_day_from_set_up_to_restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One story, chapter by chapter, in the folder that `init` makes."""
    check_few(monkeypatch)
    monkeypatch.setattr("press.runs.restore.check_site", lambda site, day: [])  # pages were checked above; it is slow
    for module in ("backup", "batch", "common", "ledger", "make"):
        monkeypatch.setattr(f"press.cli.{module}.now_of", lambda site: NOON)
    monkeypatch.setattr("press.cli.common._now_in", lambda zone: NOON)
    monkeypatch.chdir(tmp_path)
    desk = Desk(Shop(tmp_path / "clinic"))

    _sets_up(desk, monkeypatch)
    shutil.copy(EXPORTS / "book.csv", tmp_path / "tomorrow.csv")
    _learns_and_prints(desk)
    run = _prints_again(desk)
    _says_what_became_of_the_pages(desk, run)
    _recalls_an_old_version(desk)
    _edits_and_signs(desk)
    _saves_all(desk, tmp_path)


def _sets_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinic's own folder, its two numbers, and a first page with them: two commands."""
    told = desk.types("init", "clinic")
    assert "now fill in config.yaml; then `generate.py --folder clinic make`" in told and desk.file == desk.shop.root
    monkeypatch.setattr("press.cli.common.ROOT", desk.shop.root)
    desk.shop.edit("config.yaml", '\nphone: ""', '\nphone: "(212) 736-5003"')
    desk.shop.edit("config.yaml", '\nafter_hours_phone: ""', '\nafter_hours_phone: "(212) 736-5004"')

    desk.types("make", "side-effects")
    assert "(212) 736-5003" in sides(desk.file.read_bytes())[0]
    assert desk.commands == 2 and len(desk.told) == 1


def _learns_and_prints(desk: Desk) -> None:
    """An export of another program: asked, answered, printed; two rows wait for whoever knows."""
    asked = desk.types("lists", "learn", "tomorrow.csv", code=1)
    assert "a comma too many" in asked and "(line" not in asked and "Figaro" not in asked
    answers = desk.told[-1].partition("add: ")[2].split()
    assert {"A=code", "F=last_dose", "mdy"} < set(answers)
    desk.types("lists", "learn", "tomorrow.csv", *answers)
    assert desk.file == desk.shop.root / "recipes" / "tomorrow.yaml"

    told = desk.types("batch", "tomorrow.csv", *JOB, *HANDOUTS, "--cover", code=1)
    assert "needs you: 2 (row 6: undated overdose warning only; row 7: nothing printed)" in told
    assert "ask the prescriber" in told and "put the text with the comma in quotes" in told
    assert "printed for 7 people" in told and "--rows 6,7, to another file; when the other pages" in told
    spanish = [page for page in sides(desk.file.read_bytes()) if "BORRADOR" in page]
    assert len(spanish) == 4, "one side each for two people, and two for the tablets"
    assert desk.commands == 5 and desk.lines <= 50, desk.lines


def _prints_again(desk: Desk) -> str:
    """A jam, a torn sheet, the two rows as corrected, and a lost page. Gives the code of the whole run."""
    whole, run = sides(desk.file.read_bytes()), desk.told[-1].rpartition("given ")[2]
    desk.types("batch", "tomorrow.csv", *JOB, *HANDOUTS, "--cover", "--from-sheet", "6", code=1)
    assert sides(desk.file.read_bytes()) == whole[2 + 2 * 5 :]
    desk.types("batch", "tomorrow.csv", *JOB, *HANDOUTS, "--cover", "--sheet", "2")
    assert sides(desk.file.read_bytes()) == whole[2 + 2 : 2 + 4]
    refused = desk.types("batch", "tomorrow.csv", "--merged", "out/other.pdf", "--sheet", "2", code=1)
    assert "other.pdf: error: there is no record of a finished run" in refused and ".press" not in refused

    book = desk.shop.root.parent / "tomorrow.csv"
    book.write_text(book.read_text("utf-8").replace("Cherubino, Flo", '"Cherubino, Flo"').replace("30 days", "28 days"))
    desk.types("batch", "tomorrow.csv", *JOB, *HANDOUTS, "--rows", "6,7")
    assert len(sides(desk.file.read_bytes())) == 4 and desk.told[-1].endswith("handed out: given tomorrow.csv")
    desk.types("batch", "tomorrow.csv", "--day", "tomorrow", *HANDOUTS, "--code", "P-104")
    assert "Antonio" in sides(desk.file.read_bytes())[0]
    return run


def _says_what_became_of_the_pages(desk: Desk, run: str) -> None:
    """The list was corrected, so the pages of before are told by their run; two people did not come."""
    told = desk.types("given", "tomorrow.csv")
    assert "given: 3 people" in told and f"not marked yet: 7 of run {run}, printed on 2026-11-23" in told
    told = desk.types("given", run, "--not-collected", "P-103,P-107")
    assert told == f"run {run}: given: 5 people, not collected: 2 people\n"
    # P-104's first page was lost in the printer, and P-105's was the undated warning, which was taken back.
    desk.types("void", "P-104", run, "--why", "misprint")
    desk.types("void", "P-105", run, "--why", "misprint")


def _recalls_an_old_version(desk: Desk) -> None:
    """A safety text changed: whoever was given the old page is named, and nobody else."""
    name = "handouts/overdose-warning/handout.yaml"
    version = re.search(r"^version: (.+)$", (desk.shop.root / name).read_text("utf-8"), re.MULTILINE)
    assert version
    desk.shop.edit(name, version[0], "version: 9.0.0")
    told = json.loads(desk.types("report", "recall", "overdose-warning", "--before", "9.0.0", "--json"))
    # P-103 and P-107 have no page in their hands; P-104 and P-105 have the second one.
    held = {row["code"]: row["version"] for row in told["held"]}
    assert held == dict.fromkeys(("P-101", "P-102", "P-104", "P-105", "P-106", "P-108"), version[1])
    assert told["replaced"] == []

    desk.types(
        "report",
        "due",
        "tomorrow.csv",
        "--today",
        "2026-11-24",
        "--to",
        "2026-12-15",
        "--format",
        "text",
        "-o",
        "due.txt",
    )
    due = folded(Path("due.txt").read_text("utf-8"))
    assert "P-107: Due" in due and "P-108: Due: Tue, Dec 15, 2026" in due and "P-101: Due" not in due


def _edits_and_signs(desk: Desk) -> None:
    """A word is changed, with a slip first; then a clinician reads the packet, signs, and a final page is printed."""
    words, before = "handouts/side-effects/en.yaml", "People who get the naltrexone shot"
    text = (desk.shop.root / words).read_text("utf-8")
    assert before.lower() in text.lower()
    desk.shop.edit(words, "get the naltrexone shot.", "get the naltrexon shot.")
    told = desk.types("check", "side-effects", code=1)
    assert f"{words}:" in told and "is `naltrexone` meant?" in told
    desk.shop.edit(words, "get the naltrexon shot.", "get a naltrexone shot.")
    assert "0 errors" in desk.types("check", "side-effects")

    told = desk.types("approve", "side-effects")
    assert "to-sign-side-effects-en.pdf" in told and '--by "their first and last name"' in told
    assert desk.types("make", "side-effects", "--final", code=1).count("error:") == 1
    desk.types("approve", "side-effects", *SIGNED)
    desk.types("make", "side-effects", "--final")
    assert desk.file.name == "side-effects-en-injection-opioid.pdf"


def _saves_all(desk: Desk, folder: Path) -> None:
    """All of it goes into one file, and comes back elsewhere: the ledger still says what was given."""
    desk.types("backup", "saved.zip")
    desk.types("restore", "saved.zip", "--into", "again")
    for name in ("config.yaml", "recipes/tomorrow.yaml", "handouts/side-effects/en.yaml", "approvals.yaml"):
        assert (folder / "again" / name).read_bytes() == (desk.shop.root / name).read_bytes()
    assert given(Shop(folder / "again")) == given(desk.shop) != []
