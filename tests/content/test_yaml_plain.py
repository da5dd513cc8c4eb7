"""The plain part of YAML, read without the library: what is read is the library's tree, place by place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from press.content.raw import Mapping
from press.content.yaml import reader as yaml
from press.content.yaml.builder import MOST_NODES, Builder
from press.content.yaml.messages import MOST_LEVELS, Report
from press.content.yaml.plain import plain_tree
from press.errors import HandoutError
from tests.rigs.waiting import HANGS
from tests.support import ROOT

FILES = sorted([
    ROOT / "config.yaml", ROOT / "docs/example-patient.yaml", *ROOT.glob("handouts/**/*.yaml"), *ROOT.glob("templates/**/*.yaml"),
])  # fmt: skip
TEXTS = [path.read_text("utf-8") for path in FILES]
LINES = sorted({line for text in TEXTS for line in text.split("\n")})


def library(text: str) -> Mapping | None:
    """The library's tree, or None if it found any problem."""
    report = Report("a.yaml", False)
    tree = Builder(text, report).build()
    return None if len(report) else tree


def compare(text: str) -> bool:
    """Whether the text was read; if it was, the library has the same tree and no problem. As `yaml.read` asks for it."""
    report = Report("a.yaml", False)
    if yaml._screen(text, report) != text or len(report):
        return False
    tree = plain_tree(text, "a.yaml")
    assert tree is None or tree == library(text)
    return tree is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_of_the_press_is_plain(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = plain_tree(text, "a.yaml")

    assert tree is not None and tree == library(text)


READ = [
    "a: b", "a: b\n", "a: b  \n\n# c\n  # c\nb: c", "a:\n  b: c\n  d: e\nf: g", "a:\n- b\n- c\nd: e", "a:\n  - b: c\n    d: e\n  - f: g",
    "a:\n  -   b: c\n      d: e", 'a: "b"', "a: 'b'", 'a: "b \\" c \\\\ d"', 'a: "b: c # d"  # e', "a: []", "a: {}", "a: [b, c d,  e]",
    "a: {b: c, d: [e, {f: g}]}  # h", 'a: ["b, c", \'d\']', "a: 12:30", "a: b#c", "a: b:c", "a: b (c)",
    "a: b - c", "a: b ? c", "a: b & c * d ! e", "a: é\u00a0b", "a: e\u0301", "1: b", "a.b-c_d: e", "a: no\nb: 012\nc: 1_000",
]  # fmt: skip
LEFT = [
    "", "# a", "a", "- a", "a:", "a: b\na: c", "Dose: b\ndose: c", "a: b\n  c", "a: b\n  c: d", 'a: "b"\n  c: d', "a: b: c", "a: b # c", "a: b:",
    "a: |\n  b", "a: >\n  b", "a: &b c", "a: *b", "a: !b c", "? a", "%a", "---\na: b", "a: b\n---\nc: d", "a: b\n...", "a: 'b''c'", 'a: "b', "a: 'b",
    'a: "b\\n"', 'a: "b" c', "a: [b", "a: [b,]", "a: [b,c]", "a: [a: b]", "a: {b}", "a: {b: }", "a: {b:c}", "a: {b: c, B: d}", "a: [b] c", "a:\tb",
    "a:b", "a : b", " a: b", "a:\n    b: c\n  d: e", "a:\n  b: c\n    d: e", "a:\n  - b\n  c: d", "a:\n  - b\n    - c", "a:\n  - - b", "a:\n  -\n    b: c",
    "a:\n-b", "a:\n b: c\nd", "a: @b", "a: `b`", "<<: a", "a: -b", "a: - b", "a: ?b", "a: ,b", "a: #b", "a: b\n\u00a0c: d", '"a": b', "é: b", "a: e" + "\u0301" * 6, 'a: "e' + "\u0301" * 6 + '"', "a: [e" + "\u0301" * 6 + "]",
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_is_plain_is_read(text: str) -> None:
    assert compare(text)


@pytest.mark.parametrize("text", LEFT)
def test_what_is_not_plain_is_left_to_the_library(text: str) -> None:
    assert plain_tree(text, "a.yaml") is None


def test_as_deep_as_the_library_and_no_deeper() -> None:
    for depth in range(1, MOST_LEVELS + 3):
        flow = "a: " + "[" * (depth - 1) + "b" + "]" * (depth - 1)
        block = "".join(f"{'  ' * n}a:\n" for n in range(depth - 1)) + "  " * (depth - 1) + "a: b"
        for text in (flow, block):
            assert compare(text) == (depth <= MOST_LEVELS) == (library(text) is not None)


def test_a_file_with_too_many_parts_is_left_to_the_library() -> None:
    assert plain_tree("a: [" + ", ".join(["b"] * MOST_NODES) + "]", "a.yaml") is None
    assert plain_tree("".join(f"a{n}: b\n" for n in range(MOST_NODES)), "a.yaml") is None


SIGNS = st.text(st.sampled_from("abA1 \n\n:-#,[]{}\"'\\&*!|>%@`?.~_é\u00a0\u0301\u2028"), max_size=40)
PIECES = st.lists(
    st.sampled_from(["a", "b", "c: ", "d:", "- ", "  ", " ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", '"', "'", "[", "]", "{", "}", ", ", "#", " # ", "x y"]),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.sweep
@settings(max_examples=30000)
@given(PIECES | SIGNS)
@example("a: b\n \n  c: d")
def test_whatever_is_read_is_the_librarys_tree(text: str) -> None:
    compare(text)
    compare("k:\n  - " + text)
    compare("k: " + text + "\nm: n")


@settings(max_examples=300)
@given(st.sampled_from(TEXTS), st.integers(0, 10_000), st.integers(0, 3), SIGNS)
def test_a_real_file_with_a_slip_in_it_is_the_librarys_tree_or_nothing(text: str, at: int, lost: int, put: str) -> None:
    at %= len(text)
    compare(text[:at] + put[:3] + text[at + lost :])


@settings(max_examples=300)
@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_lines_of_real_files_in_any_order_are_the_librarys_tree_or_nothing(lines: list[str]) -> None:
    compare("\n".join(lines))


@settings(max_examples=300)
@given(SIGNS.map(lambda text: f"a: {text}\nb: [c]\n"))
def test_problems_are_those_of_the_library(text: str) -> None:
    def told(read: object) -> object:
        try:
            return read()
        except HandoutError as error:
            return error.problems

    def by_the_library() -> Mapping:
        report = Report("a.yaml", False)
        screened = yaml._screen(text, report)
        report.raise_if_stopped()
        root = Builder(screened, report).build()
        report.raise_if_any()
        return root

    assert told(lambda: yaml.read(text.encode(), "a.yaml")) == told(by_the_library)


def test_the_library_is_imported_only_where_it_is_needed() -> None:
    code = "import sys; from press.content.yaml.reader import read; read(sys.argv[1].encode(), 'a'); print('yaml' in sys.modules)"
    for text, needed in (("a: b", "False"), ("a: |\n  b\n", "True")):
        done = subprocess.run(
            [sys.executable, "-c", code, text], cwd=ROOT, capture_output=True, text=True, timeout=HANGS
        )
        assert done.stdout.strip() == needed, done.stderr
