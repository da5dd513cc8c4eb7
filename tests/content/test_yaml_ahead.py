"""What was read ahead is what the reader makes of the shipped files, and nothing else is taken for it.

`pytest --update-goldens tests/content/test_yaml_ahead.py` writes press/content/yaml/data anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from press.content.yaml import ahead, reader
from press.content.yaml.ahead import FOLDER, as_data, known_tree, tree_file
from press.content.yaml.reader import read, read_file
from press.errors import HandoutError
from tests.helpers import ROOT

WORDS = ROOT / "handouts" / "phrases" / "en.yaml"


def shipped() -> Iterator[Path]:
    """The files that pages are made of."""
    yield ROOT / "config.yaml"
    yield from sorted(path for path in (ROOT / "handouts").rglob("*.yaml") if path.name != "review.yaml")
    yield from sorted((ROOT / "templates" / "styles").glob("*.yaml"))


@pytest.fixture
def is_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read by the YAML library meanwhile."""
    names: list[str] = []
    before = reader.quick_tree
    monkeypatch.setattr(reader, "quick_tree", lambda text, file: names.append(file) or before(text, file))
    return names


def test_what_was_read_ahead_is_what_the_files_say(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, is_read: list[str]
) -> None:
    files = [path.read_bytes() for path in shipped()]
    with monkeypatch.context() as without:
        without.setattr(reader, "known_tree", lambda *_: None)
        trees = {tree_file(data): read(data, "words.yaml") for data in files}
    assert len(is_read) == len(files) > 30
    wanted = {
        path: json.dumps(as_data(tree), ensure_ascii=False, separators=(",", ":")) for path, tree in trees.items()
    }
    if request.config.getoption("update_goldens"):
        for old in FOLDER.glob("*.json"):
            old.unlink()
        for path, text in wanted.items():
            path.write_text(text, "utf-8")

    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == {
        path.name: text for path, text in wanted.items()
    }
    assert [known_tree(data, "words.yaml") for data in files] == [trees[tree_file(data)] for data in files]


def test_an_unchanged_file_is_not_read_and_shows_the_name_that_it_has_here(is_read: list[str]) -> None:
    tree = read_file(WORDS, "somewhere/en.yaml")

    assert is_read == [] and {tree.place.file, *(key.place.file for key, _ in tree.entries)} == {"somewhere/en.yaml"}


@pytest.mark.parametrize("more", [b"\n", b"# other\n", b"\ntwice: 1\ntwice: 2\n"])
def test_an_edited_file_is_read_as_it_is_now(more: bytes, is_read: list[str]) -> None:
    try:
        read(WORDS.read_bytes() + more, "en.yaml")
    except HandoutError as error:
        assert b"twice" in more and "given twice" in error.problems[0].message

    assert is_read == ["en.yaml"]


def test_a_patients_file_is_never_looked_for(monkeypatch: pytest.MonkeyPatch, is_read: list[str]) -> None:
    monkeypatch.setattr(ahead, "tree_file", lambda _: pytest.fail("asked for what is known"))
    read(b"form: injection\n", "p.yaml", private=True, keys=("form",))

    assert is_read == ["p.yaml"]


def test_shipped_files_are_taken_without_the_library() -> None:
    code = (
        "import sys; from pathlib import Path; from press.content.yaml.reader import read_file\n"
        "read_file(Path(sys.argv[1]), 'en.yaml'); print('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(WORDS)], cwd=ROOT, capture_output=True, text=True)

    assert done.stdout == "False\n", done.stderr
