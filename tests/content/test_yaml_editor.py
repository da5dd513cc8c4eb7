"""Values are changed in place: the file then says exactly that, and every other byte is as it was."""

from __future__ import annotations

import difflib

import pytest

from press.content.yaml.editor import NewValue, Path, set_values
from press.content.yaml.reader import read
from press.errors import HandoutError
from tests.support import ROOT

FILE = "words.yaml"


def _changed_lines(before: bytes, after: bytes) -> list[str]:
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[:2] in ("- ", "+ ")]


@pytest.mark.parametrize(
    ("data", "path", "value", "expected"),
    [
        ('a: "x"   # why\nb: 1\n', ("a",), "y", 'a: "y"   # why\nb: 1\n'),
        ("a: x\n", ("a",), 'q: "r" # {s} \\', 'a: "q: \\"r\\" # {s} \\\\"\n'),
        ("a: 'it''s'\nb: 1", ("a",), "y", 'a: "y"\nb: 1'),
        ("a: one\n   two\nb: 1\n", ("a",), "y", 'a: "y"\nb: 1\n'),
        ("a: >  # why\n  one\n\n  two\n\n# next\nb: 1\n", ("a",), "y", 'a: "y"  # why\n\n# next\nb: 1\n'),
        ("a:\n  # why\n  'x'\nb: 1\n", ("a",), "y", 'a:\n  # why\n  "y"\nb: 1\n'),
        ("a:\n  'b': x\n  c: z\n", ("a", "b"), "y", "a:\n  'b': \"y\"\n  c: z\n"),
        ("a: {b: x, c: z}  # why\n", ("a", "c"), "y", 'a: {b: x, c: "y"}  # why\n'),
        ("a: {b: x}\n", ("a", "c"), "y", 'a: {b: x, c: "y"}\n'),
        ("a: {}\n", ("a", "c"), "y", 'a: {c: "y"}\n'),
        ("a:\n  b: x\n  # inner\n\nd: 1\n", ("a", "c"), "y", 'a:\n  b: x\n  c: "y"\n  # inner\n\nd: 1\n'),
        ("a: x\nc: 1", ("b",), "y", 'a: x\nc: 1\nb: "y"\n'),
        ("a: x\n# end\n", ("b", "c"), ("y",), 'a: x\nb: {"c": ["y"]}\n# end\n'),
        ("a: [1, 2]  # why\n", ("a",), ("y",), 'a: ["y"]  # why\n'),
        ('a:\n  - "1"  # one\n  # two\n  - 2\n', ("a",), ("1", "3"), 'a:\n  - "1"  # one\n  # two\n  - "3"\n'),
        ('a:\n- "1"  # one\nb: 1\n', ("a",), ("1", "2"), 'a:\n- "1"  # one\n- "2"\nb: 1\n'),
        ("a:\n  - 1\n  - 2\nb: 1\n", ("a",), ("1",), "a:\n  - 1\nb: 1\n"),
        ("a:\n  - 1\n  - 2\nb: 1\n", ("a",), (), "a:\n  []\nb: 1\n"),
    ],
)
def test_a_value_is_replaced_or_added_where_it_belongs(data: str, path: Path, value: NewValue, expected: str) -> None:
    for mark, newline in ((b"", "\n"), (b"\xef\xbb\xbf", "\r\n")):
        before = mark + data.replace("\n", newline).encode()
        assert set_values(before, FILE, {path: value}) == mark + expected.replace("\n", newline).encode()


def test_nothing_to_change_changes_nothing() -> None:
    for path in sorted((ROOT / "handouts").rglob("*.yaml")):
        assert set_values(path.read_bytes(), FILE, {}) == path.read_bytes()


def test_each_text_of_the_shipped_words_can_be_changed_alone() -> None:
    data = (ROOT / "handouts" / "wallet-card" / "es.yaml").read_bytes()
    texts = read(data, FILE).get("texts")
    assert texts is not None
    names = [name.text for name, _ in texts.entries]  # type: ignore[union-attr]  # a mapping in every shipped file
    assert len(names) > 20
    for name in names:
        after = set_values(data, FILE, {("texts", name): "¿“Otra” cosa: sí?"})
        assert [line[:2] for line in _changed_lines(data, after)] == ["- ", "+ "], name


def test_several_values_are_changed_at_once() -> None:
    data = (ROOT / "config.yaml").read_bytes()
    after = set_values(data, FILE, {("name",): "Harbor Clinic", ("defaults", "paper"): "a4", ("address",): ("1 Way",)})
    assert [line for line in _changed_lines(data, after) if line[0] == "+"] == [
        '+ name: "Harbor Clinic"',
        '+ address: ["1 Way"]',
        '+   paper: "a4"',
    ]


@pytest.mark.parametrize("data", [b"a: {b: 1,}\n", b"a: [\n", b"- a\n", b"", b"a: &x 1\n", b"a: \xff\n", b"[" * 5000])
def test_what_we_do_not_read_is_not_written(data: bytes) -> None:
    with pytest.raises(HandoutError):
        set_values(data, FILE, {("a", "c"): "y"})


@pytest.mark.parametrize("data", [b"a: x\n", b"a: [x]\n", b"a:\n  - x\n"])
def test_no_text_and_no_list_is_lost_to_a_key_below_it(data: bytes) -> None:
    with pytest.raises(HandoutError) as caught:
        set_values(data, FILE, {("a", "b"): "y"})
    assert "cannot be written into the file as it stands" in caught.value.problems[0].message
