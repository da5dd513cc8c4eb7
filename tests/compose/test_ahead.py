"""What was compiled ahead is what Jinja makes of the shipped templates, and nothing else is taken for it.

`pytest --update-goldens tests/compose/test_ahead.py` writes press/compose/data anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from press.compose import ahead
from press.compose.ahead import FOLDER, ahead_file
from press.compose.sandbox import _environment
from press.compose.template import compose_page
from press.errors import HandoutError
from tests.helpers import ROOT

TEMPLATES = ROOT / "templates"


def compiled() -> dict[Path, str]:
    """Each file of the shipped templates, and what stands in it."""
    environment = _environment(TEMPLATES)
    found = {}
    for path in sorted(TEMPLATES.glob("*.j2")):
        source = path.read_text("utf-8")
        found[ahead_file(path.name, source)] = environment.compile(source, path.name, str(path), raw=True) + "\n"
    return found


def test_what_was_compiled_ahead_is_what_the_templates_say(request: pytest.FixtureRequest) -> None:
    wanted = compiled()
    if request.config.getoption("update_goldens"):
        for old in FOLDER.glob("*.txt"):
            old.unlink()
        for path, code in wanted.items():
            path.write_text(code, "utf-8")

    assert len(wanted) > 3
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.txt")} == {
        path.name: code for path, code in wanted.items()
    }


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that Jinja compiles meanwhile."""
    names: list[str] = []
    before = ahead.Environment.compile

    def compile_it(self: ahead.Environment, source: str, name: str, *rest: object) -> object:
        names.append(name)
        return before(self, source, name, *rest)

    monkeypatch.setattr(ahead.Environment, "compile", compile_it)
    return names


def copied(folder: Path, more: str = "") -> Path:
    """A folder of the shipped templates, one of which ends in other words."""
    for path in TEMPLATES.glob("*.j2"):
        (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "handout.xhtml.j2").open("a", encoding="utf-8") as file:
        file.write(more)
    return folder


def test_an_unchanged_template_is_not_compiled(tmp_path: Path, compiles: list[str]) -> None:
    template = _environment(copied(tmp_path)).get_template("handout.xhtml.j2")

    assert compiles == []
    assert template.filename == str(tmp_path / "handout.xhtml.j2")


def test_an_edited_template_is_compiled_as_it_is_now(tmp_path: Path, compiles: list[str]) -> None:
    _environment(copied(tmp_path, "{# other #}")).get_template("handout.xhtml.j2")

    assert compiles == ["handout.xhtml.j2"]


def test_a_fault_while_filling_is_told_at_the_line_of_the_template(tmp_path: Path, compiles: list[str]) -> None:
    with pytest.raises(HandoutError) as caught:
        compose_page({}, copied(tmp_path), "handout.xhtml.j2", "Title", "en")
    place = caught.value.problems[0].place
    line = (tmp_path / place.file.removeprefix("templates/")).read_text("utf-8").splitlines()[place.line - 1]

    assert compiles == [] and place.file == "templates/base.xhtml.j2"
    assert "{{" in line or "{%" in line


def test_two_folders_of_templates_do_not_share_limits(tmp_path: Path) -> None:
    """Each has its own environment, also where the code is the same."""
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
    one, other = (_environment(copied(folder)).get_template("blocks.xhtml.j2") for folder in (first, second))

    assert one.root_render_func.__globals__["environment"] is one.environment
    assert other.root_render_func.__globals__["environment"] is other.environment is not one.environment


def test_what_another_jinja_compiled_is_not_taken(
    tmp_path: Path, compiles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jinja2.__version__", "0.made-up")
    _environment(copied(tmp_path)).get_template("base.xhtml.j2")

    assert compiles == ["base.xhtml.j2"]
