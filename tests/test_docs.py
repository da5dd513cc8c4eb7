"""The documentation tells no lies: its tables, commands, messages and examples are compared with the program."""

import ast
import re
import shutil
from datetime import date
from pathlib import Path

import click
import pytest

from press.cli.main import COMMANDS, main
from press.content import readability as reading
from press.content.clinic import DATES
from press.content.handout import KINDS
from press.content.placeholders import CONDITIONS, PLACEHOLDERS
from press.content.schema import fields_of
from press.content.yaml.reader import read, read_file
from press.errors import HandoutError
from press.patients.options import Options, read_options
from press.runs.handout import Site, complete, make, print_one
from press.runs.hardening import harden_reportlab
from press.writers.read_stylesheet import read_stylesheet

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PATIENTS, COMMANDS_PAGE, STATUS = (
    (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("patients", "commands", "status")
)
WRITING = (ROOT / "docs" / "writing-handouts.md").read_text(encoding="utf-8")
PAGES = (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
TODAY = date(2026, 11, 23)


def rows(text: str, header: str) -> list[list[str]]:
    """The rows of the table whose header line begins with `header`."""
    lines = iter(text.splitlines())
    assert any(line.startswith(header) for line in lines), header
    next(lines)
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    assert len(found) > 1
    return found


def coded(cell: str) -> list[str]:
    """The words that stand in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def test_every_placeholder_is_explained() -> None:
    told = {name for row in rows(WRITING, "| placeholder |") for name in coded(row[0])}
    numbers = Site(ROOT).library.helplines.numbers

    assert told == {f"{{{name}}}" for name in {*PLACEHOLDERS, *numbers} - CONDITIONS}
    assert [name for name in CONDITIONS if f"`{name}`" not in WRITING] == []


def test_every_kind_of_block_is_explained() -> None:
    assert {coded(row[0])[0] for row in rows(WRITING, "| kind |")} == set(KINDS)


def test_the_reading_limits_are_those_of_the_program() -> None:
    told = [re.findall(r"[0-9.]+$", row[1])[0] for row in rows(WRITING, "| measure |")]
    order = ("longest", "mean", "fkgl", "smog", "smog_exempt", "inflesz")

    assert [float(number) for number in told] == [reading.GATES[name][1] for name in order]


def said() -> set[str]:
    """Every text that stands in the program, f-strings in their parts."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "press").rglob("*.py")]
    return {
        n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def test_every_message_that_is_explained_can_be_said() -> None:
    texts = said()
    messages = [coded(row[0])[0] for row in rows(WRITING, "| message |")]
    parts = [part.strip(" `") for message in messages for part in message.split("…") if len(part.strip(" `")) > 2]

    assert len(parts) > 20
    assert [part for part in parts if not any(part in text for text in texts)] == []


def test_every_option_of_a_patient_is_explained() -> None:
    assert [coded(row[0])[0] for row in rows(PATIENTS, "| key |")] == list(fields_of(Options))


def test_every_command_is_explained() -> None:
    commands = [coded(row[0])[0] for row in rows(COMMANDS_PAGE, "| command |")]
    assert set(commands) == set(COMMANDS) == {command.name for load in COMMANDS.values() for command in load()}


def option_names(command: click.Command) -> set[str]:
    """Every way to write an option of a command."""
    return {"--help"} | {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def test_every_example_uses_commands_and_options_that_exist() -> None:
    found = 0
    begun = {
        topic for page in PAGES for topic in re.findall(r"generate\.py new (\S+)", page.read_text(encoding="utf-8"))
    }
    known = {*Site(ROOT).library.topics, *begun}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        begun = set(re.findall(r"python generate\.py new ([a-z-]+)", text))
        for line in re.findall(r"python generate\.py ([a-z].*?)(?:`|  |$)", text, re.MULTILINE):
            name, *rest = line.split()
            command = main.get_command(click.Context(main), name)
            while isinstance(command, click.Group):
                command = command.commands[rest.pop(0)]
            options = {word for word in rest if re.match(r"-+[a-z]", word)}
            first = next((parameter.name for parameter in command.params if isinstance(parameter, click.Argument)), "")
            topic = (
                rest[0]
                if rest and not rest[0].startswith("-") and first not in ("list_", "folder", "pages", "code", "file")
                else None
            )

            assert options - option_names(command) == set(), (page.name, line)
            assert topic is None or topic in known | begun, (page.name, line)
            found += 1

    assert found > 8


def test_links_lead_somewhere() -> None:
    checked = 0
    for page in PAGES:
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            name, _, anchor = target.partition("#")
            file = (page.parent / name).resolve() if name else page
            headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE) if anchor else []

            assert file.exists(), (page.name, target)
            assert not anchor or anchor in [heading.lower().replace(" ", "-") for heading in headings], target
            checked += 1

    assert checked > 5


def test_the_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    desk = {
        f"desk-{name}.png"
        for name in re.findall(r"\(pictures/desk-([a-z]+)\.png\)", (ROOT / "docs" / "desk.md").read_text("utf-8"))
    }
    assert len(desk) > 8 and {path.name for path in pictures} == {"overdose-warning.png", "side-effects.png"} | desk
    assert all(path.stat().st_size < 60_000 for path in pictures)


def test_the_type_sizes_are_those_of_the_stylesheets() -> None:
    sheets = {
        name: read_stylesheet(ROOT / "templates" / "styles" / f"{name}.yaml", name)
        for name in ("standard", "large-print")
    }
    standard, large = sheets["standard"], sheets["large-print"]
    told = re.findall(r"([0-9]+)-point", STATUS)
    meant = (standard.dense.text["p"], standard.dense.text["p.main"], standard.text["p"], large.text["p"])

    assert [float(size) for size in told] == [style.size for style in meant]


def test_the_example_patient_is_the_one_of_the_readme_and_can_be_printed() -> None:
    file = ROOT / "docs" / "example-patient.yaml"
    block = re.search(r"```yaml\n(code: .*?)```", README, re.DOTALL)
    assert block
    shown, shipped = read(block[1].encode(), "README.md"), read_file(file, file.name)

    assert [(k.text, v.text) for k, v in shown.entries] == [(k.text, v.text) for k, v in shipped.entries]
    press = Site(ROOT)
    options, warnings = complete(press, read_options(shipped), TODAY)
    assert not warnings
    assert print_one(press, make(press, "overdose-warning", options, TODAY), "text").data


def test_every_date_that_may_be_printed_is_known_to_the_config() -> None:
    config = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert [name for name in DATES if not re.search(rf"^# {name}: |  {name}: ", config, re.MULTILINE)] == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what a nurse works in."""
    shutil.copy(ROOT / "config.yaml", tmp_path)
    for name in ("handouts", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def edited(folder: Path, old: str, new: str) -> Site:
    """The press of a folder in which one line of the side effects page was changed."""
    file = folder / "handouts" / "side-effects" / "en.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old + "\n") == 1
    file.write_text(text.replace(old + "\n", new + "\n"), encoding="utf-8", newline="\n")
    return Site(folder)


def example_lines() -> list[str]:
    """The line of the worked example, before and after."""
    lines = re.findall(r'^ +(  drive: ".*")$', WRITING, re.MULTILINE)
    assert len(lines) >= 2
    return lines[:2]


def test_the_worked_example_works(copy: Path) -> None:
    harden_reportlab()
    press = edited(copy, *example_lines())
    for form in ("injection", "tablet"):
        options, _ = complete(press, Options(form=form), TODAY)
        made = make(press, "side-effects", options, TODAY)
        assert print_one(press, made, "pdf").pages == 2


def test_the_message_of_the_worked_example_is_the_real_one(copy: Path) -> None:
    shown = re.search(r"^(\S+): error: (the sentence is too long.*)\n.*\n.*\n +→ (.*)$", WRITING, re.MULTILINE)
    assert shown
    old, _ = example_lines()
    new = old.replace(".", ", and ask a friend or someone in your family to take you home after the shot.")
    press = edited(copy, old, new)
    options, _ = complete(press, Options(), TODAY)

    with pytest.raises(HandoutError) as refused:
        make(press, "side-effects", options, TODAY)
    problem = refused.value.problems[0]
    assert (str(problem.place), problem.message, problem.hint) == shown.groups()
