"""The schemas in schemas/ are what the records say, and every shipped file names and fits its own.

`pytest --update-goldens tests/test_editor_schemas.py` writes schemas/ anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from press.content import clinic, handout
from press.content.scaffold import scaffold
from press.content.schema import Context, Incomplete, Reject, fields_of, read_record
from press.content.yaml.reader import read
from press.errors import Problems
from press.patients import options
from tests.helpers import GOLDEN, ROOT
from tools.editor_schemas import HELP, RECORDS, render, schemas

FOLDER = ROOT / "schemas"


def shipped() -> dict[Path, str]:
    """Every file that staff edit, with the name of its schema; a review has a form of its own."""
    found = {ROOT / "config.yaml": "config.json", ROOT / "handouts" / "helplines.yaml": "helplines.json"}
    shelves = (ROOT / "handouts", ROOT / "tests" / "data" / "handouts")
    for path in sorted(path for shelf in shelves for path in shelf.glob("*/*.yaml") if path.name != "review.yaml"):
        found[path] = "handout.json" if path.name == "handout.yaml" else "words.json"
    return found


def examples() -> dict[Path, str]:
    """The shipped files, and the made-up patients."""
    return shipped() | dict.fromkeys(sorted(GOLDEN.glob("patients/*/patient.yaml")), "options.json")


def name_of(path: object) -> str | None:
    return path.relative_to(ROOT).as_posix() if isinstance(path, Path) else None


def test_there_are_files_to_look_at() -> None:
    """A guard that guards nothing would pass too."""
    assert len(shipped()) > 7
    assert set(examples().values()) == set(RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_schema_file_is_fresh(name: str, request: pytest.FixtureRequest) -> None:
    path = FOLDER / name
    if request.config.getoption("--update-goldens"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(render(name), encoding="utf-8", newline="\n")

    assert path.read_text("utf-8") == render(name), "run pytest --update-goldens tests/test_editor_schemas.py"


def test_no_schema_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(RECORDS) == set(schemas())


@pytest.mark.parametrize("path", shipped(), ids=name_of)
def test_first_line_leads_the_editor_to_the_schema(path: Path) -> None:
    first = path.read_text("utf-8").split("\n", 1)[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)

    assert found, "the first line names no schema"
    assert (path.parent / found[1]).resolve() == FOLDER / shipped()[path]


@pytest.mark.parametrize("name", RECORDS)
def test_every_key_of_the_record_is_in_the_schema(name: str) -> None:
    schema = schemas()[name]

    assert list(schema["properties"]) == list(fields_of(RECORDS[name]))
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", RECORDS)
def test_every_reference_leads_somewhere(name: str) -> None:
    found = set(re.findall(r'"#/\$defs/(\w+)"', render(name)))

    assert found == set(schemas()[name].get("$defs", {}))


def test_help_is_for_fields_that_there_are() -> None:
    for name in HELP:
        record, _, field = name.partition(".")

        home = next(module for module in (clinic, handout, options) if hasattr(module, record))
        assert field in fields_of(getattr(home, record)), name


# What an editor makes of it. Needs the jsonschema library; without it these are skipped, aloud.


class Core(yaml.SafeLoader):
    """Values as YAML 1.2 takes them: `yes` and dates are texts, `2` is a number."""


Core.yaml_implicit_resolvers = {}
for kind, pattern, firsts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]*\.[0-9]+([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(rf"(?:{pattern})\Z"), list(firsts))


class Old(yaml.SafeLoader):
    """Values as YAML 1.1 takes them: `yes` is true. A schema never sees a date but as text."""


Old.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def complaints(name: str, text: str, loader: type[yaml.SafeLoader] = Core) -> list[str]:
    """What an editor would underline."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    validator = jsonschema.Draft202012Validator(schemas()[name])
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(yaml.load(text, loader))]


def refusals(name: str, text: str) -> list[str]:
    """What the press itself says about the same text."""
    problems = Problems()
    try:
        read_record(RECORDS[name], read(text.encode(), "file"), Context(problems))
    except Incomplete:
        assert len(problems), "what a record lacks is told"
    except Reject as error:
        return [str(error)]
    return [problem.message for problem in problems]


@pytest.mark.parametrize("name", RECORDS)
def test_schema_is_a_schema(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

    jsonschema.Draft202012Validator.check_schema(json.loads(render(name)))


@pytest.mark.parametrize(("name", "file"), [("handout.json", "handout.yaml"), ("words.json", "en.yaml")])
def test_editor_underlines_nothing_in_a_new_handout(name: str, file: str) -> None:
    assert complaints(name, scaffold("blood-pressure")[file]) == []


@pytest.mark.parametrize("loader", [Core, Old])
@pytest.mark.parametrize("path", examples(), ids=name_of)
def test_editor_underlines_nothing_in_a_shipped_file(path: Path, loader: type[yaml.SafeLoader]) -> None:
    assert complaints(examples()[path], path.read_text("utf-8"), loader) == []


STRUCTURE = (
    "{topic: a, version: 1.0.0, sides: 2, review_months: 12, labels: , label_basis: , sources: x, title: t,"
    " requires: , blocks: [{id: b, kind: list, texts: t}]}"
)
RIGHT = {
    "config.json": [
        "{time_zone: Europe/Vienna, defaults: {form: tablet, reason: both}, products: {tablet: {label: 2024-10}}}",
        (
            "{name: , phone: 2127365000, address: 7, closed: , dates: {print: , upcoming: 3}, time_zone: Europe/Vienna,"
            " defaults: {form: tablet, reason: both, edition: ''}, products: }"
        ),
    ],
    "handout.json": [
        STRUCTURE,
        STRUCTURE.replace(
            "texts: t", "short: yes, intro: {text: t, when: {form: tablet}}, needs: poison, lacks: [due]"
        ),
        STRUCTURE.replace("texts: t", "rows: [[a, b], {cells: [a, {text: b}], when: {mode: none}}], facts: O1"),
    ],
    "options.json": ["{}", "{code: 0123, stopped: no, last_dose: 2026-11-02, appointment: 2026-12-01 09:30}"],
    "words.json": ["{language: en, follows: 1.0.0, texts: {a: 'yes', b: 7, c: ''}, review: {reviewed_on: }}"],
    "helplines.json": ["{checked: 2026-11-23, numbers: {emergency: 911}}"],
}
WRONG = {
    "config.json": [
        "{tme_zone: Europe/Vienna, defaults: {form: tablet, reason: both}, products: {}}",
        "{time_zone: Europe/Vienna, defaults: {form: pill, reason: both}, products: {}}",
        "{time_zone: Europe/Vienna, defaults: {form: tablet, reason: both}, products: {pill: {label: 2024-10}}}",
        "{time_zone: Europe/Vienna, defaults: {form: tablet, reason: both}, products: {}, dates: {upcoming: 9}}",
    ],
    "handout.json": [
        STRUCTURE.replace("sides: 2", "sides: 0"),
        STRUCTURE.replace("version: 1.0.0", "version: 1.0"),
        STRUCTURE.replace("kind: list", "kind: lits"),
        STRUCTURE.replace("texts: t", "text: t"),
        STRUCTURE.replace("id: b, ", ""),
        STRUCTURE.replace("texts: t", "rows: [[A]]"),
    ],
    "options.json": ["{lastdose: 2026-11-02}", "{last_dose: 11/2/2026}", "{interval: 5 weeks}", "{stopped: maybe}"],
    "words.json": ["{language: en, follows: 1.0.0}", "{language: en, follows: 1.0.0, texts: {Big Id: a}}"],
    "helplines.json": ["{checked: soon, numbers: {}}", "{checked: 2026-11-23, numbers: {Poison: 911}}"],
}


def cases(given: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in given.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), cases(RIGHT))
def test_what_the_press_takes_is_not_underlined(name: str, text: str) -> None:
    assert refusals(name, text) == []
    assert complaints(name, text) == complaints(name, text, Old) == []


@pytest.mark.parametrize(("name", "text"), cases(WRONG))
def test_what_the_press_refuses_is_underlined(name: str, text: str) -> None:
    assert refusals(name, text)
    assert complaints(name, text)
