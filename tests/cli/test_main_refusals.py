"""What the command line refuses: with file, line, caret and hint, and never with a patient's value."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from press.cli import common
from press.delivery import installed
from tests.support import Shop, check_few, copied, edit

DAY = ("--today", "2026-11-23")
CANARY = "Zerbinetta"
WARNING = "handouts/overdose-warning"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    root = copied(tmp_path)
    monkeypatch.setattr(common, "ROOT", root)
    check_few(monkeypatch)
    monkeypatch.chdir(root)
    return Shop(root)


# Content, templates and config: each case is a change to a file, and what is told about it.
# "line" is the line as it stands in the file then; the caret stands under `at`.

CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    # name: (file, old, new, message, the words that the caret points at, hint)
    "unknown key": (
        f"{WARNING}/handout.yaml", "dense: yes", "desne: yes", "unknown key `desne`", "desne: yes", "did you mean `dense`?",
    ),
    "wrong type": (
        "handouts/side-effects/handout.yaml", "review_months: 12", "review_months: [12]", "`review_months`: expected one value",
        "[12]", "write it on the same line, as in `review_months: …`",
    ),
    "duplicate key": (
        "handouts/helplines.yaml", '  crisis: "988"', '  crisis: "988"\n  Crisis: "989"', "the key `Crisis` is given twice",
        'Crisis: "989"', "remove or rename one",
    ),
    "missing text": (
        f"{WARNING}/handout.yaml", "texts: [no-safe-day]", "texts: [no-save-day]", "text `no-save-day` is not in", "no-save-day]",
        "did you mean `no-safe-day`?",
    ),
    "missing fact": (
        f"{WARNING}/handout.yaml", "facts: [O5]", "facts: [O14]", "the required fact O5 is on no block of this page", "topic: overdose-warning",
        "for injection, opioid, none",
    ),
    "placeholder": (
        f"{WARNING}/en.yaml", "Call {emergency}.**", "Call {emergancy}.**",
        "text `step-call`: unknown placeholder {emergancy}", '"**Call {emerg', "did you mean `emergency`?",
    ),
    "open strong": (
        f"{WARNING}/en.yaml", 'test the block.**"', 'test the block."',
        "text `no-safe-day`: found `**` that is never closed", '"**There', "put a second **",
    ),
    "template": (
        "templates/handout.xhtml.j2", "<h1>{{ title }}</h1>", "<h1>{{ titel }}</h1>", "the template cannot be filled here", "",
        "there is nothing called `titel`",
    ),
    "imported template": (
        "templates/blocks.xhtml.j2", "<h2>{{ block.intro }}</h2>", "<h2>{{ block.intor }}</h2>", "the template cannot be filled here",
        "", "did you mean `intro`?",
    ),
    "template syntax": (
        "templates/blocks.xhtml.j2", "{% endmacro %}", "{% endmarco %}", "the template is broken here", "", "unknown tag 'endmarco'",
    ),
    "template tag": (
        "templates/base.xhtml.j2", "<p>{{ phrase.reviewed }}</p>", "<blink>{{ phrase.reviewed }}</blink>",
        "unknown element <blink>", "<blink>", "",
    ),
    "missing glyph": (
        "handouts/benefits/en.yaml", "My questions for", "My ☃ for", "no type face has the character U+2603 SNOWMAN", '"My ☃', "please leave the picture sign out",
    ),
    "config": (
        "config.yaml", 'phone: ""', 'phone: "555-0100"', "`phone`: found `555-0100`, expected a real phone number", '"555-0100"',
        "555-01xx numbers are made up",
    ),
    "stylesheet": (
        "templates/styles/standard.yaml", "p.lead:", "p.leed:", "`text`: found `p.leed`, expected a class of <p> after the dot", "p.leed:",
        "did you mean `lead`?",
    ),
    "type face": (
        "templates/styles/large-print.yaml", "Next-Bold.ttf", "Next-Bald.ttf", "there is no such type face in templates/fonts",
        "AtkinsonHyperlegibleNext-Bald", "did you mean `AtkinsonHyperlegibleNext-Bold.ttf`?",
    ),
    "phrase": (
        "handouts/phrases/en.yaml", "blank-due:", "blank-deu:", "text `blank-due` is missing", "", "did you mean `blank-deu`?",
    ),
    "title": (
        "handouts/benefits/en.yaml", '  title: "', '  title: "{name} ', "the title must not hold a placeholder", '"{name}', "print queues",
    ),
    "language": ("config.yaml", "language: en", "language: xx", "is not there in this language", "xx", "languages here: en"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in a file is told for one kind of reader as for all."""
    check_few(monkeypatch)


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_with_its_line_a_caret_and_a_hint(name: str, shop: Shop) -> None:
    file, old, new, message, at, hint = CASES[name]
    shop.edit(file, old, new)
    topic = Path(file).parts[1] if (shop.root / file).with_name("handout.yaml").exists() else "benefits"
    result = shop.run("check", topic, *DAY)
    entry = next(e for e in result.stderr.split("\nhandouts/") if message in e).splitlines()
    lines = (shop.root / file).read_text("utf-8").splitlines()

    assert result.exit_code == 1 and "Traceback" not in result.output
    start = next(n for n, text in enumerate(entry) if message in text)
    place = re.match(r"(?:handouts/)?(.*?)(?::(\d+))?(?::(\d+))?: error: ", entry[start])
    assert file.removeprefix("handouts/") == place[1].removeprefix("handouts/")
    assert any(hint in text for text in entry)
    if at:
        assert entry[start + 1].strip() == lines[int(place[2]) - 1].strip()
        assert entry[start + 1][entry[start + 2].index("^") :].startswith(at)


def test_faults_of_all_files_are_told_in_one_run(shop: Shop) -> None:
    shop.edit("config.yaml", "paper: letter", "paper: leter")
    shop.edit("handouts/benefits/handout.yaml", "review_months:", "review_month:")
    shop.edit("handouts/benefits/en.yaml", "{clinic_phone}", "{clinic_phon}")
    shop.edit("handouts/side-effects/en.yaml", "**Call or text {crisis}**", "**Call or text {crisis}")
    shop.edit("templates/base.xhtml.j2", "{% if draft %}", "{% iff draft %}")
    shop.edit("templates/styles/standard.yaml", "size: 26", "size: 2.6.0")
    (shop.root / "handouts/empty").mkdir()
    told = shop.run("check", *DAY).stderr
    config = shop.run("check", *DAY, "--json").stdout

    for words in (
        "leter",
        "review_month",
        "clinic_phon",
        "never closed",
        "unknown tag 'iff'",
        "size",
        "there is no handout.yaml",
    ):
        assert words in told and words in config


def test_a_page_that_is_too_long_says_by_how_many_lines(shop: Shop) -> None:
    shop.edit(f"{WARNING}/en.yaml", 'sign-wake: "', 'sign-wake: "' + "We are here to help you. " * 60)
    told = shop.run("check", "overdose-warning", *DAY).stderr

    assert re.search(r"handout\.yaml:\d+:8: error: the page is \d+ lines? too long: it may fill 1 side of paper", told)


# A patient's file and --set

BAD_DATES = {
    "03/04/2026": "can be May 6 or June 5", "2026-02-30": "the calendar has no such day", "1/2/26": "four figures", "12.11.26": "four figures",
    "2026-11-24": "in the future", "2026-09-01": "more than sixty days ago", "1850-01-01": "between 1900 and 2100", "20261101": "YYYY-MM-DD",
    "2026-W40-1": "YYYY-MM-DD", "２０２６-11-01": "YYYY-MM-DD", "today": "YYYY-MM-DD",
}  # fmt: skip


@pytest.mark.parametrize("day", BAD_DATES)
@pytest.mark.parametrize("is_file", [True, False])
def test_a_bad_date_is_refused_and_never_shown(day: str, is_file: bool, shop: Shop) -> None:
    path = shop.patient(f"name: {CANARY}\nlast_dose: {day}\n")
    args = ["--patient", path] if is_file else ["--set", f"last_dose={day}"]
    result = shop.run("make", *args, *DAY)

    assert result.exit_code == 1 and BAD_DATES[day] in result.stderr
    assert ("patient.yaml:2:12: error: `last_dose`" if is_file else "--set 1: error: `last_dose`") in result.stderr
    assert day not in result.output and CANARY not in result.output and shop.out() == set()


LEAKS = [
    f"name: {CANARY}\nform: {CANARY}\nreason: {CANARY}\nlanguage: {CANARY}\nhandouts: [{CANARY}]\ninterval: {CANARY}\n",
    f"{CANARY}: x\n", f"nmae: {CANARY}\n", f"name: {CANARY}\nname: {CANARY}\n", f"name: '{CANARY}\n", f"name: [{CANARY}\n",
    f"name: {CANARY}: {CANARY}\n", f"name: &{CANARY} x\n", f"name: *{CANARY}\n", f"name: !{CANARY} x\n", f"name:{CANARY}\n",
    f"{CANARY}\n", f"- {CANARY}\n", f"name: {CANARY} # {CANARY}\n", f"name: {CANARY}\x07\n", f"\tname: {CANARY}\n", f"name: {CANARY}\n  {CANARY}: x\n",
    f"name: {CANARY}\n---\nname: {CANARY}\n", f"? {CANARY}\n", f"<<: {CANARY}\n", f"name: {{{CANARY}: 1}}\n", f"%{CANARY}\nname: x\n",
    f"name: {CANARY}☃\n", f"name: {CANARY}\nlanguage: zq\n", f"name: {CANARY}\nhandouts: {CANARY.lower()}\n", f"code: {CANARY} {CANARY}\n",
    f"name: {CANARY}\nlast_dose: 2027-01-01\nappointment: 2026-11-28\nstarted: 2027-01-01\n", f"name: {CANARY * 60}\n",
]  # fmt: skip


@pytest.mark.parametrize("text", LEAKS)
def test_nothing_of_a_patients_file_is_shown(text: str, shop: Shop) -> None:
    for more in ([], ["--json"]):
        result = shop.run("make", "--patient", shop.patient(text), *more, *DAY)

        assert result.exit_code == 1 and CANARY.casefold() not in result.output.casefold() and "zq" not in result.output
        assert "patient.yaml" in result.output or "options: error" in result.output or '"options"' in result.output


@pytest.mark.parametrize(
    "setting", [f"{CANARY}=x", f"form={CANARY}", f"name={CANARY}\x1b[31m", f"code={CANARY} x", f"handouts={CANARY}"]
)
def test_nothing_that_was_set_is_shown(setting: str, shop: Shop) -> None:
    result = shop.run("make", "--set", "language=en", "--set", setting, *DAY)

    assert result.exit_code == 1 and "--set 2: error" in result.stderr and CANARY not in result.output


def test_a_name_without_quotes_is_not_shown(shop: Shop) -> None:
    """In a shell, `--set name=Ann Zerbinetta` makes the second name a handout."""
    result = shop.run("make", "--set", "name=Ann", CANARY)

    assert result.exit_code == 1 and "there is no such handout" in result.stderr and CANARY not in result.output


def test_all_faults_of_a_patient_are_told_at_once(shop: Shop) -> None:
    path = shop.patient(
        "nmae: x\ncode: a b\nlast_dose: 2027-01-01\nstarted: 1/2/26\nlanguage: ENGLISH\nhandouts: [bennefits]\n"
    )
    told = shop.run("make", "--patient", path, "--set", "prescriber=7", *DAY).stderr

    assert re.findall(r"^(patient\.yaml:\d|--set 1)", told, re.MULTILINE) == [
        "--set 1",
        *(f"patient.yaml:{n}" for n in range(1, 7)),
    ]
    assert "did you mean `name`?" in told and "did you mean `benefits`?" in told


def test_a_form_that_cannot_be_read_brings_no_fault_of_the_dates(shop: Shop) -> None:
    path = shop.patient("form: tablett\nlast_dose: 2026-11-20\ninterval: 3 days\n")

    assert shop.run("make", "--patient", path, *DAY).stderr.count("error") == 1


def test_a_character_without_a_glyph_names_the_field(shop: Shop) -> None:
    result = shop.run("make", "benefits", "--set", "name=Ann ☃", *DAY)

    assert "`name`: no type face has the character U+2603 SNOWMAN" in result.stderr and "Ann" not in result.output


# Files and folders that are not as they should be


def unreadable(path: Path) -> str:
    path.symlink_to(path)
    return str(path)


@pytest.mark.parametrize(
    ("make_path", "message"),
    [
        (lambda root: "missing.yaml", "there is no such file"), (lambda root: str(root), "this is not a file"),
        (lambda root: "", "this is not a file"), (lambda root: unreadable(root / "p.yaml"), "this file cannot be read"),
        (lambda root: "config.yaml/x", "there is no such file"),
    ],
)  # fmt: skip
def test_a_patients_file_that_cannot_be_read_is_told(make_path, message: str, shop: Shop) -> None:
    result = shop.run("make", "--patient", make_path(shop.root), *DAY)

    assert result.exit_code == 1 and message in result.stderr


def test_a_folder_without_handouts_is_told(shop: Shop) -> None:
    (shop.root / "handouts").rename(shop.root / "gone")
    for command in (["make"], ["check"], ["show", "benefits"], []):
        result = shop.run(*command)
        assert result.exit_code == 1 and "there is no handout here" in result.stderr


@pytest.mark.parametrize("command", [[], ["make"], ["check"], ["list"], ["show", "benefits"]])
def test_a_missing_config_is_told(command: list[str], shop: Shop) -> None:
    (shop.root / "config.yaml").unlink()
    result = shop.run(*command)

    assert result.exit_code == 1 and "config.yaml: error: there is no such file" in result.stderr


@pytest.mark.parametrize(
    "name", ["handouts/phrases", "handouts/helplines.yaml", "templates/styles", "templates/base.xhtml.j2"]
)
def test_a_missing_part_of_the_project_is_told(name: str, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "SHIPPED", shop.root)  # a clone has no other templates than its own
    (shop.root / name).rename(shop.root / "gone")
    result = shop.run("check", "benefits", *DAY)

    assert result.exit_code == 1 and "fault of the program" not in result.output


def test_a_folder_without_templates_of_its_own_prints_with_those_of_the_program(shop: Shop) -> None:
    with_own = shop.run("show", "benefits", "--text", *DAY)
    (shop.root / "templates").rename(shop.root / "gone")

    assert shop.run("show", "benefits", "--text", *DAY).output == with_own.output and with_own.exit_code == 0


def test_a_file_in_the_place_of_the_out_folder_is_told(shop: Shop) -> None:
    (shop.root / "out").write_text("a file")
    result = shop.run("make", "benefits")

    assert result.exit_code == 1 and "a file stands where the folder should be" in result.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_told(shop: Shop) -> None:
    (shop.root / "out").mkdir(mode=0o500)

    assert "you are not allowed to write" in shop.run("make", "benefits").stderr


def test_settings_of_reportlab_from_outside_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RL_trustedHosts", "*")
    result = shop.run("make")

    assert (
        result.exit_code == 1 and "the environment variable `RL_trustedHosts`" in result.stderr and shop.out() == set()
    )


@pytest.mark.parametrize("control", ["\x07", "\x0c", "\x9b", "\u202e"], ids=lambda sign: f"{ord(sign):04X}")
def test_a_control_in_a_patients_file_names_its_field(control: str, shop: Shop) -> None:
    file = shop.patient(f'handouts:\n- side-effects\n- "{control}benefits"\nname: Jo{control}\n')
    output = shop.run("make", "--patient", file, *DAY).stderr

    assert "patient.yaml:3:4: error: `handouts`: character U+" in output
    assert "patient.yaml:4:9: error: `name`: character U+" in output


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\e", "\\x7f", "\\x85", "\\u200b", "\\u202e"])
def test_a_control_that_is_written_as_an_escape_names_its_field(escape: str, shop: Shop) -> None:
    file = shop.patient(f'handouts: [benefits, "{escape}"]\nname: "Jo {escape}"\n')
    output = shop.run("make", "--patient", file, *DAY).stderr

    assert "patient.yaml:1:22: error: `handouts`: character U+" in output
    assert "patient.yaml:2:7: error: `name`: character U+" in output


def test_a_control_below_what_is_no_option_shows_nothing(shop: Shop) -> None:
    output = shop.run("make", "--patient", shop.patient("Jo Papageno: x\x07\nna\x07me: Jo\n"), *DAY).stderr

    assert "patient.yaml:1:15: error: character U+0007" in output
    assert "patient.yaml:2:3: error: character U+0007" in output
    assert "Papageno" not in output


def test_a_control_in_the_words_of_a_handout_names_its_key(shop: Shop) -> None:
    path = shop.root / "handouts" / "benefits" / "en.yaml"
    lines = path.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("  ") and ": " in line)
    key = lines[number].partition(":")[0].strip()
    lines[number] += "\x07"
    path.write_text("\n".join(lines), "utf-8")

    assert (
        f"en.yaml:{number + 1}:{len(lines[number])}: error: `{key}`: character U+0007"
        in shop.run("check", "benefits").stderr
    )


def test_a_control_after_set_names_its_field(shop: Shop) -> None:
    result = shop.run("make", "--set", "code=K-1", "--set", "name=Jo\x07", *DAY)

    assert result.exit_code == 1
    assert "--set 2: error: `name`: character U+0007" in result.stderr


def test_a_key_that_is_set_twice_is_refused(shop: Shop) -> None:
    result = shop.run(
        "make", "--set", "last_dose=2026-11-20", "--set", "name=Jo", "--set", "last_dose=2026-10-20", *DAY
    )

    assert result.exit_code == 1 and shop.out() == set()
    assert "--set 3: error: `last_dose`: given twice; first in --set 1" in result.stderr
    assert "leave one of the two out" in result.stderr


@pytest.mark.parametrize("day", ["2026-02-30", "1/2/26", "x", ""])
def test_a_bad_today_is_told(day: str, shop: Shop) -> None:
    for command in ("make", "check", "show", "list"):
        result = shop.run(command, *(["benefits"] if command in ("show", "check") else []), "--today", day)
        assert result.exit_code == 1 and "--today: error: expected a date as YYYY-MM-DD" in result.stderr


def test_the_caret_stands_right_in_a_file_from_windows(shop: Shop) -> None:
    path = shop.root / "config.yaml"
    edit(path, "paper: letter", "paper: leter")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    lines = shop.run("check").stderr.splitlines()

    assert lines[1][lines[2].index("^") :] == "leter"
