"""The commands of a clinic's own folder: what they say, ask, and leave behind."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from press import __version__
from press.cli import common, main
from tests.support import Release, Shop, copied

SIDE, SIDE_ID = "Breathing on their own? Lay them on their side.", "overdose-warning/en/step-side"
EN = "overdose-warning/en.yaml"


# init


def test_init_says_where_the_folder_is_and_what_to_do_next(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = release.run("init", "our clinic")

    assert (found.exit_code, found.stdout) == (0, f"{tmp_path / 'our clinic'}\n")
    assert found.stderr == (
        'now fill in config.yaml; then `generate.py --folder "our clinic" make` prints every page\n'
    )
    assert (tmp_path / "our clinic" / "config.yaml").exists()


def test_init_speaks_of_the_command_that_was_typed(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "NAME", "handout-press")
    monkeypatch.chdir(tmp_path)
    found = release.run("init", "ours", "--from", str(copied(tmp_path)))

    assert found.stderr == (
        "now go into ours, fill in config.yaml; then `handout-press update` shows what this release changed\n"
    )


def test_init_onto_what_is_there_is_refused(release: Release) -> None:
    found = release.run("init", str(release.clinic))

    assert found.exit_code == 1
    assert (
        found.stderr
        == "clinic: error: this is there already, and it is not an empty folder\n    → choose another name\n"
    )


def test_init_from_a_folder_that_is_not_there_is_wrong_use(release: Release, tmp_path: Path) -> None:
    assert release.run("init", str(tmp_path / "ours"), "--from", str(tmp_path / "nowhere")).exit_code == 2
    assert not (tmp_path / "ours").exists()


# The clinic's folder


def test_a_folder_that_is_no_clinics_is_told_at_once(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "NAME", "handout-press")
    (tmp_path / "empty").mkdir()
    for command in (("make",), ("check",), ("list",), ("update",), ("batch", "list.csv")):
        found = release.run("--folder", str(tmp_path / "empty"), *command)
        assert found.exit_code == 1
        assert found.stderr == (
            "this folder: error: there is neither config.yaml nor handouts/ here\n"
            "    → go to the clinic's folder, or name it: `handout-press --folder FOLDER ...`; "
            "`handout-press init FOLDER` makes one\n"
        )
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_folder_may_be_named(shop: Shop, release: Release, tmp_path: Path) -> None:
    (tmp_path / "clinic" / "config.yaml").write_text("name: 1\nnome: 2\n", "utf-8")

    assert "`nome`" in release.run("--folder", str(tmp_path / "clinic"), "check", "benefits").stderr


def test_a_folder_that_is_not_there_is_wrong_use(release: Release) -> None:
    assert release.run("--folder", "nowhere", "list").exit_code == 2


def test_the_installed_command_begins_in_the_folder_in_which_somebody_is(
    release: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(common, "NAME", "generate.py")
    monkeypatch.chdir(release.clinic)
    monkeypatch.setattr(sys, "argv", ["handout-press", "--help"])
    with pytest.raises(SystemExit) as ended:
        main.run_installed()

    assert ended.value.code == 0 and release.clinic == common.ROOT
    assert capsys.readouterr().out.startswith("Usage: handout-press ")


def test_examples_name_the_command_that_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "NAME", "handout-press")

    assert common.examples("generate.py list") == "\b\nExamples:\n  handout-press list"


# update


@pytest.fixture
def both(release: Release) -> Release:
    """One change of both sides that is hard, and one of the release alone."""
    release.edit(EN, SIDE, "Breathing on their own? Ours.")
    release.ship(EN, SIDE, "Breathing on their own? New.")
    release.ship("benefits/en.yaml", "How naltrexone can help", "How naltrexone may help")
    return release


SHOWN = f"""\
release {__version__} changes 2 of the words that you have

1 that you left as they came, or that are new: `--accept unedited` takes them over

benefits/en/title
  - How naltrexone can help
  + How naltrexone may help

1 that you changed, and this release too: `--accept ID` or `--keep ID` for each one

overdose-warning/en/step-side  safety text (O11)
  came with it: Lay them on their side.
  yours:        Ours.
  this release: New.
"""


def test_update_shows_everything_and_changes_nothing(both: Release) -> None:
    found = both.run("update")

    assert (found.exit_code, found.stdout) == (0, SHOWN)
    assert found.stderr == (
        "2 waiting\nsafety texts that wait: 1; their pages are not printed as final until you decide\n"
    )
    assert "Ours." in both.text(EN) and not list(both.clinic.glob(".*"))


def test_update_with_nothing_to_do_says_so_in_one_line(release: Release) -> None:
    found = release.run("update")

    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr == f"nothing to do: your handouts have every change of release {__version__}\n"


def test_update_says_what_it_did_and_what_comes_next(both: Release) -> None:
    found = both.run("update", "--accept", "unedited", "--keep", SIDE_ID)

    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr == (
        "1 taken over, 1 kept as yours\n"
        "written: handouts/benefits/en.yaml\n"
        "next: `generate.py check`, then a clinician signs the changed pages: `generate.py approve`\n"
    )
    assert both.run("update").stderr.startswith("nothing to do")


def test_a_dry_run_speaks_of_what_would_be(both: Release) -> None:
    found = both.run("update", "--accept", "all", "--dry-run")

    assert found.stderr.splitlines() == [
        "2 would be taken over",
        "would be written: handouts/benefits/en.yaml",
        "would be written: handouts/overdose-warning/en.yaml",
    ]
    assert "Ours." in both.text(EN)


def test_a_reviewer_who_has_not_read_the_new_words_is_told_of(release: Release) -> None:
    release.edit("benefits/es.yaml", 'reviewer: ""', "reviewer: Ann Example")
    release.ship("benefits/es.yaml", '  title: "', '  title: "Nuevo: ')

    assert (
        "handouts/benefits/es.yaml: `review` was emptied, since its reviewer has not read the new words"
        in release.run("update", "--accept", "all").stderr
    )


def test_what_does_not_fit_together_after_an_update_is_told_at_once(release: Release) -> None:
    release.ship("overdose-warning/handout.yaml", "texts: [way-1]", "texts: [way-1, way-new]")
    release.ship(EN, '  way-1: "', '  way-new: "New."\n  way-1: "')
    found = release.run("update", "--accept", "all")

    assert "text `way-new` is not in handouts/overdose-warning/es.yaml" in found.stderr


def test_unknown_ids_are_refused(both: Release) -> None:
    found = both.run("update", "--accept", "benefits/en/titel")

    assert found.exit_code == 1
    assert found.stderr == (
        "--accept: error: no change is called `benefits/en/titel`\n    → did you mean `benefits/en/title`?\n"
    )


def test_update_as_data(both: Release) -> None:
    data = json.loads(both.run("update", "--json", "--accept", "unedited").stdout)

    assert (data["release"], data["written"]) == (__version__, ["handouts/benefits/en.yaml"])
    assert [(row["id"], row["state"], row["edited"], row["facts"]) for row in data["changes"]] == [
        ("benefits/en/title", "taken", False, []),
        (SIDE_ID, "waiting", True, ["O11"]),
    ]
    assert data["changes"][1]["yours"] == "Breathing on their own? Ours."


def test_a_clones_own_words_are_told_apart(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "ROOT", release.shipped)
    found = release.run("update")

    assert found.exit_code == 1
    assert found.stderr == (
        "handouts: error: these are the program's own words, which came with this release\n"
        "    → `init FOLDER` makes a folder of your own, which later releases leave to you\n"
    )


@pytest.mark.parametrize(
    ("answers", "title", "side"),
    [
        ("y\nrelease\n", "How naltrexone may help", "New."),
        ("n\nmine\n", "How naltrexone can help", "Ours."),
        ("\n\n", "How naltrexone can help", "Ours."),
    ],
)
def test_on_a_terminal_it_asks(
    both: Release, monkeypatch: pytest.MonkeyPatch, answers: str, title: str, side: str
) -> None:
    monkeypatch.setattr("press.cli.release._is_terminal", lambda: True)
    found = CliRunner().invoke(main.main, ["update"], input=answers, catch_exceptions=False)

    assert found.exit_code == 0 and "1 that you left as they came, or that are new: take over? [y/N]" in found.stderr
    assert found.stdout.count("\noverdose-warning/en/step-side  safety text (O11)\n  came with it: Lay them") == 1
    assert title in both.text("benefits/en.yaml") and side in both.text(EN)
    waits = both.run("update", "--dry-run").stdout
    assert (SIDE_ID in waits) is (answers == "\n\n")
