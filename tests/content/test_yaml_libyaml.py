"""libyaml's events: what is read by them is the tree of the parser in Python, place by place, or it is left to that parser."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from press.content.raw import Mapping
from press.content.yaml import reader as yaml
from press.content.yaml.builder import MOST_NODES
from press.content.yaml.messages import MOST_LEVELS, Report
from press.content.yaml.reader import full_tree, quick_tree
from press.errors import HandoutError
from tests.content.yaml_cases import ALL, BOMBS
from tests.support import ROOT, for_each

FILES = sorted([
    ROOT / "config.yaml", ROOT / "docs/example-patient.yaml", *ROOT.glob("handouts/**/*.yaml"), *ROOT.glob("templates/**/*.yaml"),
])  # fmt: skip
TEXTS = [path.read_text("utf-8") for path in FILES]
LINES = sorted({line for text in TEXTS for line in text.split("\n")})


def full(text: str) -> Mapping | None:
    """The tree of the parser in Python, or None if it found any problem."""
    report = Report("a.yaml", False)
    tree = full_tree(text, report)
    return None if len(report) else tree


def compare(text: str) -> bool:
    """Whether libyaml read the text; if so, the other parser has the same tree and no problem. As `yaml.read` asks for it."""
    report = Report("a.yaml", False)
    if yaml._screen(text, report) != text or len(report):
        return False
    tree = quick_tree(text, "a.yaml")
    assert tree is None or tree == full(text)
    return tree is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_of_the_press_is_read_by_libyaml(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = quick_tree(text, "a.yaml")

    assert tree is not None and tree == full(text)


READ = [
    "a: b", "a: b\n", "a: b  \n\n# c\n  # c\nb: c", "a:\n  b: c\n  d: e\nf: g", "a:\n- b\n- c\nd: e", "a:\n  - b: c\n    d: e\n  - f: g",
    "a:\n  -   b: c\n      d: e", 'a: "b"', "a: 'b'", 'a: "b \\" c"', 'a: "b: c # d"  # e', "a: []", "a: {}", "a: [b, c d,  e]",
    "a: {b: c, d: [e, {f: g}]}  # h", 'a: ["b, c", \'d\']', "a: 12:30", "a: b#c", "a: b:c", "a: b (c)", "{a: b}", "a: [b,]", "a: [b: c]", "a: [\n  b,\n  c\n]",
    "a: b - c", "a: b & c * d ! e", "a: é\u00a0b", "a: e\u0301", "a: 😀 b\nc: [😀, d]", "1: b", "a.b-c_d: e", "a: no\nb: 012\nc: 1_000", "a: 'b''c'", "a : b",
    "a: b\n  c", "a: b\n\n  c", "a: 'b\n  c'", 'a: "b\n\n  c"', "a:\n  - - b\n    - c", "a:\n  -\n    b: c", "a: -b", '"a": b', "é: b", "a: 'b?'", " a: b", "a: b\n...", 'a: "b \\\\ c"', 'a: "b\\\\n"',
]  # fmt: skip
LEFT = [
    "", "# a", "a", "- a", "a:", "a: b\na: c", "Dose: b\ndose: c", "a: b\n  c: d", 'a: "b"\n  c: d', "a: b: c", "a: b # c", "a: b:", "a: ? b", "a: b?", "a: b ? c", "a: [b?c]", "a: [b ?c]",
    "a: |\n  b", "a: >\n  b", "a: >#\n", "a: &b c", "a: *b", "a: !b c", "a: ! c", "&a b: c", "&a {b: c}", "a: !b [c]", "? a", "? a\n: b", "a: [? b]", "%a", "%YAML 1.1\n---\na: b",
    "---\na: b", "a: b\n---\nc: d", "a: b\n...\nc: d", 'a: "b', "a: 'b", 'a: "b\\n"', 'a: "b\\/"', 'a: "b" c', "a: [b", "a: [a: b", "a: {b}", "a: {b: }", "a: {b: c, B: d}", "a: [b] c", "a:\tb",
    "a: 'b\tc'", "a: b\t# c", "a:b", "a:\n    b: c\n  d: e", "a:\n  b: c\n    d: e", "a:\n  - b\n  c: d", "a:\n-b", "a:\n b: c\nd", "a: @b", "a: `b`", "<<: a", "a: - b", "a: ,b: c",
    "a: #b", "a: b\n\u00a0c: d", "\u00a0a: b", "a\u00a0b: c", "a: e" + "\u0301" * 6, 'a: "e' + "\u0301" * 6 + '"', "a: [e" + "\u0301" * 6 + "]",
]  # fmt: skip


@for_each((text,) for text in READ)
def test_what_both_read_alike_is_read(text: str) -> None:
    assert compare(text)


@for_each((text,) for text in LEFT)
def test_the_rest_is_left_to_the_parser_in_python(text: str) -> None:
    assert quick_tree(text, "a.yaml") is None


@for_each(ALL)
def test_no_file_with_a_problem_is_read(source: str, *told: object) -> None:
    assert not compare(source)


@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_is_read(name: str) -> None:
    assert quick_tree(BOMBS[name], "a.yaml") is None


def test_brackets_up_to_the_longest_text_end_in_no_crash() -> None:
    for deep in ("[" * 29_000, "{a: " * 7_000, "- " * 14_000, "a: " + "[" * 14_000 + "]" * 14_000):
        assert quick_tree(deep, "a.yaml") is None


def test_without_libyaml_everything_is_left_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)

    assert quick_tree("a: b", "a.yaml") is None
    assert yaml.read(b"a: b", "a.yaml") == full("a: b")


def test_as_deep_as_the_parser_in_python_and_no_deeper() -> None:
    for depth in range(1, MOST_LEVELS + 3):
        flow = "a: " + "[" * (depth - 1) + "b" + "]" * (depth - 1)
        block = "".join(f"{'  ' * n}a:\n" for n in range(depth - 1)) + "  " * (depth - 1) + "a: b"
        for text in (flow, block):
            assert compare(text) == (depth <= MOST_LEVELS) == (full(text) is not None)


def test_a_file_with_too_many_parts_is_left() -> None:
    assert quick_tree("a: [" + ", ".join(["b"] * MOST_NODES) + "]", "a.yaml") is None
    assert quick_tree("".join(f"a{n}: b\n" for n in range(MOST_NODES)), "a.yaml") is None


SIGNS = st.text(st.sampled_from("abA1 \n\n:-#,[]{}\"'\\&*!|>%@`?.~_é\u00a0\u0301\u2028"), max_size=40)
PIECES = st.lists(
    st.sampled_from(["a", "b", "c: ", "d:", "- ", "  ", " ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", '"', "'", "[", "]", "{", "}", ", ", ",", "#", " # ", "x y",
                     "?", "? ", ":", "|\n", "|-\n  ", ">\n   ", "&a ", "*a", "!t ", "%Y", "---\n", "\n...\n", "<<: ", "\u0301", "😀", "\\", "''", "\n\n"]),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.sweep
@settings(max_examples=30000)
@given(PIECES | SIGNS)
@example("a: b\n \n  c: d")
def test_whatever_is_read_is_the_tree_of_the_parser_in_python(text: str) -> None:
    compare(text)
    compare("k:\n  - " + text)
    compare("k: " + text + "\nm: n")
    compare("k: [" + text + "]")


@settings(max_examples=300)
@given(st.sampled_from(TEXTS), st.integers(0, 10_000), st.integers(0, 3), SIGNS)
def test_a_real_file_with_a_slip_in_it_is_the_same_tree_or_left(text: str, at: int, lost: int, put: str) -> None:
    at %= len(text)
    compare(text[:at] + put[:3] + text[at + lost :])


@settings(max_examples=300)
@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_lines_of_real_files_in_any_order_are_the_same_tree_or_left(lines: list[str]) -> None:
    compare("\n".join(lines))


@settings(max_examples=300)
@given(SIGNS.map(lambda text: f"a: {text}\nb: [c]\n"))
def test_problems_are_those_of_the_parser_in_python(text: str) -> None:
    def told(read: Callable[[], Mapping]) -> object:
        try:
            return read()
        except HandoutError as error:
            return error.problems

    def by_the_parser_in_python() -> Mapping:
        report = Report("a.yaml", False)
        screened = yaml._screen(text, report)
        report.raise_if_stopped()
        root = full_tree(screened, report)
        report.raise_if_any()
        assert root is not None
        return root

    assert told(lambda: yaml.read(text.encode(), "a.yaml")) == told(by_the_parser_in_python)


# Composing and loading recurse in C: deep nesting ends the process, before any limit of ours is asked.

_UNSAFE = ("load", "compose", "parse", "scan", "Loader", "get_node", "get_single_node", "check_node", "construct")
_FROM_YAML = {
    "libyaml.py": {"CParser", "YAMLError", "AliasEvent", "CollectionStartEvent", "DocumentStartEvent", "Event", "ScalarEvent"},
    "scanner.py": {"MarkedYAMLError", "Event", "Parser", "Reader", "Scanner", "ScannerError", "AnchorToken"},
    "builder.py": {"CollectionEndEvent", "CollectionStartEvent", "DocumentStartEvent", "Event", "MappingStartEvent", "ScalarEvent"},
    "messages.py": {"Mark", "MarkedYAMLError", "_yaml", "error"},  # for types, and a place of our own
    "editor.py": {"yaml"},
}  # fmt: skip


_BY_PYTHON = {"editor.py": {"compose", "SafeLoader"}}  # the parser in Python, and only for what `read` took before


def imported(path: Path) -> set[str]:
    """What a file imports from PyYAML."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "yaml":
            found |= {name.name for name in node.names}
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.split(".")[0] == "yaml"}
    return found


def test_of_the_library_only_events_are_used() -> None:
    found = {path: names for path in ROOT.glob("press/**/*.py") if (names := imported(path))}

    assert {path.name: names for path, names in found.items()} == _FROM_YAML
    for path in found:
        used = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        unsafe = {name for name in used if any(part in name for part in _UNSAFE)}
        assert unsafe == _BY_PYTHON.get(path.name, set()), path.name


def test_of_libyaml_only_get_event_is_called() -> None:
    tree = ast.parse((ROOT / "press/content/yaml/libyaml.py").read_text("utf-8"))
    called = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "parser"
    }

    assert called == {"get_event"}
