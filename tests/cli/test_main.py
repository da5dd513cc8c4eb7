"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from press import __version__
from press.cli.main import main
from press.errors import HandoutError
from tests.rigs.waiting import HANGS
from tests.support import ROOT, TOPICS, USUAL, Shop
from tests.support import press as shipped

DAY = ("--today", "2026-11-23")
DRAFTS = {f"DRAFT-{topic}-en-injection-opioid.pdf" for topic in USUAL}


def make(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("make", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


# What is printed, and where


def test_without_a_command_every_handout_is_printed(shop: Shop) -> None:
    result = shop.run()

    assert result.exit_code == 0
    assert shop.out() == DRAFTS and len(result.stdout.splitlines()) == len(USUAL)


def test_a_handout_to_opt_in_to_is_printed_only_when_asked_for(shop: Shop) -> None:
    shop.edit("handouts/benefits/handout.yaml", "sides: 2\n", "sides: 2\nopt_in: yes\n")

    assert shop.run().exit_code == 0
    assert shop.out() == {name for name in DRAFTS if "benefits" not in name}
    patient = shop.patient("form: injection\nhandouts: [benefits]\n")
    assert make(shop, "--patient", patient)[0] == 0 and shop.out() == DRAFTS
    assert "benefits" in shop.run("list").stdout


@pytest.mark.parametrize("args", [[], ["--help"], ["list"]])
def test_the_program_runs_from_any_folder(args: list[str], tmp_path: Path) -> None:
    args = args or ["make", "-o", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, ROOT / "generate.py", *args], cwd=tmp_path, capture_output=True, text=True, timeout=HANGS
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert args[0] != "make" or {path.name for path in tmp_path.iterdir()} == DRAFTS


def test_help_and_list_do_not_import_reportlab(shop: Shop) -> None:
    for args in (["--help"], ["list"]):
        code = (
            "import sys; from pathlib import Path; from press.cli import common, main; common.ROOT = Path(sys.argv.pop(1))\n"
            f"try: main.main({args!r})\nexcept SystemExit: print('reportlab' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, shop.root], cwd=ROOT, capture_output=True, text=True, timeout=HANGS
        )

        assert done.stdout.splitlines()[-1] == "False", done.stderr


@pytest.mark.parametrize(("form", "begin"), [("pdf", b"%PDF-"), ("html", b"<!DOCTYPE html>"), ("text", b"DRAFT")])
def test_one_handout_goes_to_standard_output(form: str, begin: bytes, shop: Shop) -> None:
    result = shop.run("make", "benefits", "-o", "-", "--format", form, *DAY)

    assert result.exit_code == 0, result.output
    assert result.stdout_bytes.startswith(begin)
    assert shop.out() == set()


def test_a_file_that_is_named_gets_the_page(shop: Shop) -> None:
    assert make(shop, "benefits", "-o", "new/page.pdf")[0] == 0
    assert (shop.root / "new/page.pdf").read_bytes().startswith(b"%PDF-")


def test_a_folder_that_is_named_gets_the_pages(shop: Shop) -> None:
    assert make(shop, "-o", "a/b/c", "--format", "html")[0] == 0
    assert len(list((shop.root / "a/b/c").glob("*.html"))) == len(USUAL)


def test_the_same_handout_twice_is_printed_once(shop: Shop) -> None:
    assert make(shop, "benefits", "benefits")[1].count("benefits") == 1


def test_the_switches_choose_the_page(shop: Shop) -> None:
    switches = "-l en --edition large-print --paper a4 --form tablet --reason both".split()

    assert make(shop, "benefits", *switches)[0] == 0
    assert shop.out() == {"DRAFT-benefits-en-tablet-both-large-print-a4.pdf"}


def test_a_patient_is_named_by_code_only(shop: Shop) -> None:
    path = shop.patient("code: P-17\nname: Zerbinetta\nform: tablet\nreason: alcohol\nhandouts: [benefits]\n")

    assert make(shop, "--patient", path)[0] == 0
    assert shop.out() == {"DRAFT-P-17-benefits-en.pdf"}


def test_what_is_set_later_wins(shop: Shop) -> None:
    path = shop.patient("name: Ann\nform: tablet\n")
    code, text, _ = make(
        shop, "benefits", "--patient", path, "--set", "name=Bob", "--form", "injection", "-o", "-", "--format", "text"
    )

    assert code == 0 and "For: Bob" in text
    assert "the naltrexone shot" in text


def test_a_warning_prints_the_page_and_says_so(shop: Shop) -> None:
    code, out, err = make(shop, "overdose-warning", "--set", "last_dose=2026-10-25")

    assert code == 0 and "warning: `last_dose`" in err
    assert len(out.splitlines()) == 1


def test_one_refused_handout_stops_no_other(shop: Shop) -> None:
    shop.edit("handouts/benefits/handout.yaml", "\nversion: ", "\nverison: ")
    code, out, err = make(shop)

    assert code == 1 and "did you mean `version`?" in err
    assert shop.out() == {name for name in DRAFTS if "benefits" not in name} and len(out.splitlines()) == 2


def test_final_refuses_what_nobody_signed(shop: Shop) -> None:
    code, out, err = make(shop, "--final")

    assert (code, out, shop.out()) == (1, "", set())
    assert err.count("not signed off") == len(USUAL)


# Wrong use


@pytest.mark.parametrize(
    "args",
    [
        ["--nonsense"], ["make", "--format", "docx"], ["nonsense"], ["show"], ["show", "benefits", "extra"],
        ["make", "-o", "all.pdf"], ["make", "-o", "-"], ["make", "benefits", "-o", "page.html"], ["make", "benefits", "-o", "-", "--json"],
        ["make", "--set", "nonsense"],
    ],
)  # fmt: skip
def test_wrong_use_ends_with_two_and_prints_nothing(args: list[str], shop: Shop) -> None:
    result = shop.run(*args)

    assert result.exit_code == 2 and "Error: " in result.stderr
    assert "Traceback" not in result.output and shop.out() == set() and not (shop.root / "all.pdf").exists()


def test_several_texts_may_follow_each_other_on_standard_output(shop: Shop) -> None:
    code, text, _ = make(shop, "-o", "-", "--format", "text")

    assert code == 0 and text.count("DRAFT. Not signed off.") == len(USUAL)


# list, show, check


def test_list_names_every_handout_with_its_state(shop: Shop) -> None:
    result = shop.run("list", *DAY)

    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert [[topic, state] for topic, _, language, state, *_ in rows if language == "en"] == [
        [topic, "draft"] for topic in TOPICS
    ]
    assert {state for _, _, language, state, *_ in rows if language != "en"} == {"translation"}


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("--text", "\n\nWay 1: Trying to beat the block\n\n"), ("--tree", "section.warning #main"), ("--tags", "Document\n"),
        ("--layout", "paper 612 x 792\npage 1\n"),
    ],
)  # fmt: skip
def test_show_has_four_views(view: str, shown: str, shop: Shop) -> None:
    result = shop.run("show", "overdose-warning", view, *DAY)

    assert result.exit_code == 0 and shown in result.stdout and result.stderr == ""


def test_show_says_the_words_unless_told_otherwise(shop: Shop) -> None:
    assert shop.run("show", "benefits").stdout == shop.run("show", "benefits", "--text").stdout


def test_show_works_on_a_screen_of_an_old_code_page(shop: Shop) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "generate.py", "show", "benefits"], capture_output=True, text=True, timeout=HANGS,
        env={**os.environ, "PYTHONIOENCODING": "cp932", "PYTHONUTF8": "0"},
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "") and "\\xb7" in done.stdout


@pytest.mark.sweep
def test_check_tries_every_combination(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("press.runs.variants.MODES", ("stopped",))
    result = shop.run("check", "--json", *DAY)

    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [one for one in told if "are too long for" not in one["message"]] == []
    languages = sum(len(shipped().library.languages(topic)) for topic in TOPICS)
    assert f"{12 * languages} combinations checked, 0 errors" in result.stderr


def test_check_shows_how_hard_the_pages_are(shop: Shop) -> None:
    result = shop.run("check", "benefits", "--reading", *DAY)

    assert result.exit_code == 0 and "FKGL" in result.stdout


@pytest.mark.parametrize("command", [["make"]])
def test_json_is_data_and_nothing_else(command: list[str], shop: Shop) -> None:
    result = shop.run(*command, "--json", *DAY)

    assert json.loads(result.stdout) == []


def test_json_tells_problems_with_their_places(shop: Shop) -> None:
    shop.edit("config.yaml", "time_zone: America", "time_zon: America")
    problems = json.loads(shop.run("check", "--json").stdout)

    assert {(p["file"], p["column"], p["message"]) for p in problems} >= {("config.yaml", 1, "unknown key `time_zon`")}
    assert {"severity", "file", "line", "column", "message", "hint"} == set(problems[0])


def test_colour_is_for_terminals_only(shop: Shop) -> None:
    assert "\x1b" not in make(shop, "--set", "form=pill")[2]


# Faults of the program


class Oops(RuntimeError):
    """Stands for any fault; its words hold what a patient's file holds."""


@pytest.mark.parametrize("json_", [[], ["--json"]])
def test_a_fault_of_the_program_shows_its_place_and_no_words(
    json_: list[str], shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        try:
            raise ValueError("Zerbinetta")
        except ValueError as error:
            raise Oops("Zerbinetta") from error

    monkeypatch.setattr("press.runs.masters.check_page", broken)
    result = shop.run("make", "benefits", "--set", "name=Zerbinetta", *json_)

    assert result.exit_code == 3 and shop.out() == set()
    assert "fault of the program: Oops in make" in result.output and "press/runs/handout.py" in result.output
    assert "fault of the program: ValueError" in result.output
    assert "Zerbinetta" not in result.output and "Traceback" not in result.output


def test_a_trespass_is_a_fault_of_the_program(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("press.runs.masters.check_page", lambda *_: open(Path.home() / "Zerbinetta"))
    result = shop.run("make", "benefits")

    assert result.exit_code == 3
    assert "Trespass" in result.output and "Zerbinetta" not in result.output


def test_ctrl_c_is_no_fault(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("press.runs.masters.check_page", stop)

    assert "Aborted!" in shop.run("make", "benefits").stderr


def test_an_empty_error_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        HandoutError([])


def test_list_as_data_has_each_handout_with_its_state(shop: Shop) -> None:
    data = json.loads(shop.run("list", "--json", *DAY).stdout)

    assert data["problems"] == []
    assert {(row["handout"], row["language"]) for row in data["handouts"]} >= {("benefits", "en"), ("benefits", "es")}
    assert {row["state"] for row in data["handouts"]} == {"draft", "translation not reviewed"}


def test_the_version_is_told(shop: Shop) -> None:
    assert shop.run("--version").stdout.strip() == __version__


def every_command(group: click.Group = main, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of each command, those of a group's inner ones behind its own."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from every_command(command, (*before, name))


def test_the_help_of_every_command_has_examples(shop: Shop) -> None:
    names = list(every_command())
    lacking = [
        name for name in names if f"Examples:\n    generate.py {' '.join(name)}" not in shop.run(*name, "--help").stdout
    ]
    assert len(names) > 18 and ("report", "due") in names and lacking == []


@pytest.mark.parametrize("name", ["page.docx", "page.PNG", "pages.zip"])
def test_a_page_is_not_written_as_what_it_is_not(shop: Shop, name: str) -> None:
    result = shop.run("make", "benefits", "-o", name)

    assert result.exit_code == 2 and "no page can be written as" in result.stderr
    assert not (shop.root / name).exists()


def test_a_set_prints_its_handouts(shop: Shop) -> None:
    shop.edit("config.yaml", "sets: {}", "sets: {first-visit: [wallet-card, benefits]}")

    assert shop.run("make", "first-visit", "benefits", *DAY).exit_code == 0
    assert {name.split("-en-")[0] for name in shop.out()} == {"DRAFT-wallet-card", "DRAFT-benefits"}


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        ("{benefits: [wallet-card]}", "is a handout; give the set another name"),
        ("{first-visit: []}", "there is no handout in `first-visit`"),
        ("{first-visit: [walet-card]}", "did you mean `wallet-card`?"),
    ],
)
def test_a_set_that_cannot_be_is_told_at_its_place(shop: Shop, sets: str, said: str) -> None:
    shop.edit("config.yaml", "sets: {}", f"sets: {sets}")
    for command in ("make", "check"):
        result = shop.run(command, "first-visit" if command == "make" else "wallet-card", *DAY)
        assert result.exit_code == 1 and said in result.stderr and result.stderr.startswith("config.yaml:")


@pytest.mark.parametrize("command", [["show"], ["approve", "--by", "Pat Sample", "--role", "nurse"], ["diff"]])
def test_a_set_is_no_handout(shop: Shop, command: list[str]) -> None:
    shop.edit("config.yaml", "sets: {}", "sets: {first-visit: [wallet-card]}")
    result = shop.run(command[0], "first-visit", *command[1:])

    assert result.exit_code == 1 and "there is no such handout" in result.stderr


def test_a_new_handout_stands_in_nobodys_way(shop: Shop) -> None:
    """Its words are empty still: it prints for nobody until somebody asks for it, and then it alone is refused."""
    assert shop.run("new", "blood-pressure").exit_code == 0
    (shop.root / "list.csv").write_text("code,form,reason\nR-1,injection,opioid\n", "utf-8")

    assert shop.run("make", *DAY).exit_code == 0
    assert shop.run("batch", "list.csv", "--merged", "job.pdf", *DAY).exit_code == 0
    asked = shop.run("batch", "list.csv", "benefits", "blood-pressure", "--merged", "two.pdf", *DAY)
    assert asked.exit_code == 1 and (shop.root / "two.pdf").exists()
