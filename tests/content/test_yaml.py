"""The YAML reader from outside: bytes in, texts with places or problems with places out."""

from __future__ import annotations

import os
import traceback
from itertools import product
from pathlib import Path

import pytest

from press.content.raw import Scalar
from press.content.yaml.reader import read, read_file
from press.errors import HandoutError, Place, Problem
from tests.content.yaml_cases import ALL, Spot, plain, spots, told
from tests.support import for_each

# What is read

AS_TYPED = (
    "no Yes on ~ null Null true 012 0o14 0x1F 1_000 12:30 190:20:30 1e5 .inf .nan -1 +1 = "
    "2026-02-30 2026-02-03 0123456 0123458 -text a#b http://x.org/#a 5%"
).split()


@pytest.mark.parametrize("text", AS_TYPED)
def test_every_scalar_is_the_text_that_was_typed(text: str) -> None:
    assert plain(read(f"{text}: {text}".encode(), "f")) == {text: text}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a:", {"a": ""}),
        ("a:\nb: ''\n", {"a": "", "b": ""}),
        ("a: []\nb: {}", {"a": [], "b": {}}),
        ("a:\n- b\n-\n- - c\n  - d\n", {"a": ["b", "", ["c", "d"]]}),
        ("a: {b: 1, c: [x, y]}", {"a": {"b": "1", "c": ["x", "y"]}}),
        ("a: |\n  one\n   two\n\n  three\n", {"a": "one\n two\n\nthree\n"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("a: one\n  two\n", {"a": "one two"}),
        ('a: "one\n  two\\nthree"', {"a": "one two\nthree"}),
        ('a: "\n  one\n"', {"a": " one "}),
        ("a: 'it''s # 1'", {"a": "it's # 1"}),
        ("a: 5\u00a0mg", {"a": "5\u00a0mg"}),
        ("a: |\n  \u00a0x\n  \ty\n", {"a": "\u00a0x\n\ty\n"}),
        ("---\na: b\n...\n", {"a": "b"}),
        ("a: '**b** {c}'", {"a": "**b** {c}"}),
        ("a: Jose\u0301", {"a": "José"}),
        ("Jose\u0301: x", {"José": "x"}),
        ("a: b\r\nc: |\r\n  d\r\n  e\r\n", {"a": "b", "c": "d\ne\n"}),
        ("a: b\rc: d\r", {"a": "b", "c": "d"}),
        ("\ufeffa: b", {"a": "b"}),
    ],
)
def test_what_stands_in_the_file_is_read(source: str, expected: object) -> None:
    assert plain(read(source.encode(), "f")) == expected


@pytest.mark.parametrize(
    "source",
    [
        "# before\na: b\n# between\nc: d\n  # after",
        "a: 'b' # after quotes",
        'a: "b" # after quotes',
        "a: # before what belongs to it\n  b: c",
        "a: # before what belongs to it\n- b",
        "a: | # after the bar\n  b",
        "a: [b, # after a comma\n  c] # after a bracket",
        "--- # after the first line\na: b",
    ],
)
def test_a_comment_that_swallows_nothing_is_no_problem(source: str) -> None:
    assert plain(read(source.encode(), "f"))


def test_every_part_knows_its_place() -> None:
    tree = read(b"# x\na: b\nc:\n  - d\n  - {e: 'f'}\ng:\n", "dir/f.yaml")
    (_, b), (c, items), (_, empty) = tree.entries
    item = items.items[1]

    assert str(tree.place) == "dir/f.yaml:2:1"
    assert b.place == Place("dir/f.yaml", 2, 4)
    assert c.place == Place("dir/f.yaml", 3, 1)
    assert items.place == Place("dir/f.yaml", 4, 3)
    assert item.place == Place("dir/f.yaml", 5, 5)
    assert item.get("e").place == Place("dir/f.yaml", 5, 9)
    assert empty.place == Place("dir/f.yaml", 6, 3)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_are_the_same_for_every_kind_of_line_end(end: str, mark: str) -> None:
    tree = read(f"{mark}é: b{end}{end}ü: '日本' {end}c: d".encode(), "f")

    assert [value.place for _, value in tree.entries] == [
        Place("f", 1, 4),
        Place("f", 3, 4),
        Place("f", 4, 4),
    ]


@pytest.mark.parametrize(("source", "expected"), ALL)
def test_what_is_wrong_is_told_with_its_place(source: str, expected: list[Spot]) -> None:
    found = spots(source)

    assert [spot[:2] for spot in found] == [spot[:2] for spot in expected]
    for (*_, message), (*_, part) in zip(found, expected, strict=True):
        assert part in message


@pytest.mark.parametrize(("source", "expected"), ALL)
def test_each_problem_has_a_hint_and_the_name_of_the_file(source: str, expected: object) -> None:
    for problem in told(source):
        assert problem.place.file == "f.yaml"
        assert problem.hint
        assert problem.is_error and not problem.private


@pytest.mark.parametrize(
    ("data", "line", "column", "part"),
    [
        (b"a: b\nc: d\xe9\n", 2, 5, "not UTF-8"),
        ("a: ü\r\né: x".encode() + b"\xff", 2, 5, "not UTF-8"),
        (b"\xef\xbb\xbfa\xc3", 1, 2, "not UTF-8"),
        (b"a: \xed\xa0\x80", 1, 4, "not UTF-8"),
        ("a: b".encode("utf-16"), 0, 0, "UTF-16"),
        ("a: b".encode("utf-16-le"), 0, 0, "UTF-16"),
        ("a: b".encode("utf-16-be"), 0, 0, "UTF-16"),
        (b"a: " + b"x" * 1_000_000, 0, 0, "larger than 1 MB"),
    ],
)
def test_bytes_that_are_no_text_of_ours(data: bytes, line: int, column: int, part: str) -> None:
    (problem,) = told(data)

    assert (problem.place.line, problem.place.column) == (line, column)
    assert part in problem.message


def test_problems_of_all_kinds_are_told_at_once_in_order() -> None:
    source = "a: 1\nA: 2\nb: &x 3\nb: 4\nc: \u202e\nd: 'x\ny'\ne: 5 # mg\nf: !!int 5\ng: [1\n"

    assert [line for line, *_ in spots(source)] == [2, 3, 4, 5, 6, 8, 9, 10]


def test_two_slips_of_one_line_are_two_problems() -> None:
    assert [column for _, column, _ in spots("a: &x b # c")] == [4, 9]


def test_after_a_hundred_problems_the_rest_is_summed_up() -> None:
    found = spots("a: 1\n" * 300)

    assert len(found) == 101
    assert found[0] == (0, 0, "there are more problems than the 100 listed")


# Files


def refused_file(path: Path) -> Problem:
    with pytest.raises(HandoutError) as caught:
        read_file(path, "shown.yaml", private=True)
    (problem,) = caught.value.problems

    assert problem.place == Place("shown.yaml") and problem.private
    assert str(path.parent) not in "".join(traceback.format_exception(caught.value))
    return problem


def test_a_file_is_read_under_the_name_to_show(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: b\r\n")

    assert read_file(path, "shown.yaml").get("a") == Scalar("b", Place("shown.yaml", 1, 4))


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "no such file" in refused_file(tmp_path / "none.yaml").message
    assert "no such file" in refused_file(tmp_path / "file" / "below.yaml").message


def test_a_folder_is_a_problem(tmp_path: Path) -> None:
    assert "not a file" in refused_file(tmp_path).message


def test_a_path_that_cannot_be_is_a_problem(tmp_path: Path) -> None:
    assert "cannot be read" in refused_file(tmp_path / "a\0b").message


def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.touch()

    def refuse_to_open(*_: object, **__: object) -> None:
        raise PermissionError(13, "denied", str(path))

    monkeypatch.setattr(Path, "open", refuse_to_open)
    assert "cannot be read" in refused_file(path).message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "not a file" in refused_file(tmp_path / "pipe").message


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with path.open("wb") as stream:
        stream.truncate(5_000_000_000)

    assert "larger than 1 MB" in refused_file(path).message


CONTROLS = [
    *map(chr, {*range(0x20), *range(0x7F, 0xA0)} - {9, 10, 13}),
    "\u200b",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u2028",
]
SHAPES = ["name: Jo{}", "name: {}", "name:{} Jo", 'name: "Jo {}"', "name: '{}'", "name: Jo{}  # x", "name: >\n  Jo\n  {}",
          "handouts:\n- {}", "handouts:\n  - a\n\n  - {}", "handouts: [a, {}]"]  # fmt: skip


@for_each(product(CONTROLS, SHAPES))
def test_a_control_names_the_key_above_it(control: str, shape: str) -> None:
    text = "code: K-1\n" + shape.replace("{}", control) + "\nform: tablet\n"
    for private in (True, False):
        with pytest.raises(HandoutError) as caught:
            read(text.encode(), "x.yaml", private=private, keys=("name", "handouts"))
        field = f"`{shape.partition(':')[0]}`: character U+"
        assert any(problem.message.startswith(field) for problem in caught.value.problems)


@pytest.mark.parametrize("text", ["na{}me: Jo", "{}name: Jo", "Jo Papageno: {}", "Jo Papageno:\n- {}", "{}"])
def test_no_key_is_named_that_may_be_a_name(text: str) -> None:
    with pytest.raises(HandoutError) as caught:
        read(text.replace("{}", "\x07").encode(), "x.yaml", private=True, keys=("name",))

    assert caught.value.problems[0].message.startswith("character U+0007")
