"""Properties that hold for any text and any bytes: it survives whole, or is refused with a place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from press.cli.arguments import options_from
from press.content.characters import clean
from press.content.library import Library, read_clinic
from press.content.yaml.reader import read
from press.document.markup import parse_text, to_markup, to_xhtml
from press.document.nodes import (
    Break,
    Content,
    Inline,
    PageCount,
    PageNumber,
    Paragraph,
    Placeholder,
    Strong,
    Text,
    Value,
    WriteIn,
    plain,
)
from press.document.xhtml import parse_xhtml
from press.errors import HandoutError, Place, Problems
from press.patients.options import Options, read_options
from press.runs.handout import Site, complete, make, print_one
from press.writers.read_stylesheet import read_stylesheet
from tests.support import ROOT, TODAY, edit, folded, press, squeezed

HOSTILE = [
    "<b>", "</p>", "&amp;", "&", "{name}", "{", "}", "{{ 7*7 }}", "**", "*", "]]>", "<!--", "%}", "\\", '"', "'", ": ", " #", "- ",
    "\n", "\t", "\r", "  ", "\N{NO-BREAK SPACE}", "é", "e\u0301", "\u202e", "\0", "\x1b", "\ud800", "王", "naltrexone", "{due}", "|", ">",
    "!", "@", "`", "%", "---", "...", "~", "null", "\x85", "\u2028", "🙂", "\ufeff",
]  # fmt: skip
pieces = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6))
any_text = st.lists(pieces, max_size=8).map("".join)
KNOWN = frozenset({"name", "due"})


@contextmanager
def model_or_problems() -> Iterator[None]:
    """What is read gives a model, or problems with a file; anything else fails the test."""
    try:
        yield
    except HandoutError as error:
        assert all(problem.place.file for problem in error.problems)


# Content strings


@given(any_text)
def test_any_text_gives_nodes_and_faults(text: str) -> None:
    nodes, faults = parse_text(text, KNOWN)

    assert all(fault.message for fault in faults)
    if not faults:
        assert squeezed(plain(nodes)) == squeezed(text.replace("**", ""))


@given(any_text)
def test_what_was_parsed_is_written_as_it_was(text: str) -> None:
    nodes, faults = parse_text(text, KNOWN)

    assert faults or parse_text(to_markup(nodes), KNOWN)[0] == nodes


# To XHTML and back

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=8)
leaf = st.one_of(
    words.map(lambda text: Text(re.sub(r"[ \t\r\n]+", " ", text))),
    st.builds(Value, st.sampled_from(["clinic_name", 'a"b']), words),
    st.builds(WriteIn, words),
    st.sampled_from([Break(), PageNumber(), PageCount()]),
)
inline = st.recursive(
    leaf,
    lambda children: st.one_of(
        st.lists(children, max_size=4).map(lambda found: Strong(tuple(found))),
        st.builds(
            Content, words, st.lists(children, max_size=4).map(tuple), st.just(Place("handouts/a/en.yaml", 3, 4))
        ),
    ),
    max_leaves=8,
)


def joined(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Texts that stand side by side are one text to every reader."""
    found: list[Inline] = []
    for node in nodes:
        if isinstance(node, Strong):
            node = Strong(joined(node.children))
        elif isinstance(node, Content):
            node = Content(node.id, joined(node.children), node.place)
        if isinstance(node, Text) and found and isinstance(found[-1], Text):
            node = Text(re.sub(" +", " ", found.pop().text + node.text))
        found.append(node)
    return tuple(found)


@given(st.lists(inline, max_size=4))
@settings(max_examples=300)
def test_any_tree_comes_back_from_xhtml(nodes: list[Inline]) -> None:
    wrapped = (Strong(tuple(nodes)),)  # white space at the ends of a paragraph is the template's
    (paragraph,) = parse_xhtml(f"<article><p>{to_xhtml(wrapped)}</p></article>")[-3]

    assert paragraph == Paragraph(joined(wrapped))


# Through the whole press


@cache
def shelf() -> tuple[TemporaryDirectory, Path]:
    """A project with one text that a test may replace."""
    import tests.support as support

    folder = TemporaryDirectory()
    root = support.copied(Path(folder.name))
    edit(
        root / "handouts/benefits/en.yaml",
        '  questions: "My questions for the care team: {by_hand}"',
        "  questions: {}",
    )
    return folder, root


def page_with(text: str) -> str:
    _, root = shelf()
    path = root / "handouts/benefits/en.yaml"
    before = path.read_text("utf-8")
    try:
        path.write_bytes(
            before.replace("questions: {}", f"questions: {json.dumps(text, ensure_ascii=False)}").encode(
                "utf-8", "surrogatepass"
            )
        )
        used = Site(root)
        options, _ = complete(used, Options(), TODAY)
        return print_one(used, make(used, "benefits", options, TODAY), "text").data.decode("utf-8")
    finally:
        path.write_text(before, "utf-8")


@given(any_text.map(lambda text: re.sub(r"\*\*|[{}]", "", text)))
@example("a  b")
@example("a\n\nb ")
@example("\ud800")
@settings(max_examples=60, deadline=None)
def test_any_text_of_a_handout_is_printed_whole_or_refused_there(text: str) -> None:
    try:
        printed = page_with(text)
    except HandoutError as error:
        assert all(p.place.file == "handouts/benefits/en.yaml" and p.place.line for p in error.problems)
    else:
        assert squeezed(clean(text, newlines=True)[0]) in squeezed(printed)


@given(any_text)
@example(" Ann  Lee ")
@settings(max_examples=150, deadline=None)
def test_any_name_is_printed_whole_or_refused_without_being_shown(name: str) -> None:
    problems = Problems()
    options = options_from(None, [f"name={name}"], {}, problems)
    if problems.errors:
        assert all(p.private and p.place.file == "--set 1" for p in problems)
        return
    made = make(press(), "overdose-warning", complete(press(), options, TODAY)[0], TODAY)
    shown = f"For: {clean(name)[0]}" if name else ""

    assert squeezed(shown) in squeezed(print_one(press(), made, "text").data.decode("utf-8"))


@given(any_text)
def test_a_name_is_the_same_from_a_file_and_from_a_command(name: str) -> None:
    found: list[object] = []
    for door in (_by_file, _by_command):
        try:
            found.append(door(name).name)
        except HandoutError:
            found.append("refused")

    assert found[0] == found[1]


def _by_command(name: str) -> Options:
    problems = Problems()
    options = options_from(None, [f"name={name}"], {}, problems)
    problems.raise_if_errors()
    return options


def _by_file(name: str) -> Options:
    return read_options(
        read(f"name: {json.dumps(name, ensure_ascii=False)}\n".encode("utf-8", "surrogatepass"), "p.yaml", private=True)
    )


# Any bytes as any file

FILES = {
    name: (ROOT / name).read_bytes()
    for name in ("config.yaml", "handouts/side-effects/handout.yaml", "handouts/side-effects/en.yaml")
}
STYLE = (ROOT / "templates/styles/standard.yaml").read_bytes()
PATIENT = (
    b"code: P-1\nname: Ann\nform: injection\nlast_dose: 2026-11-20\ninterval: 4 weeks\nappointment: 2026-12-01 14:30\n"
)


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """A real file with one stretch of it replaced; small damage gets deepest."""
    spans = st.tuples(st.integers(0, len(data)), st.integers(0, 30))
    bits = st.one_of(st.binary(max_size=12), any_text.map(lambda text: text.encode("utf-8", "surrogatepass")))
    return st.builds(lambda span, bit: data[: span[0]] + bit + data[sum(span) :], spans, bits)


def any_file(data: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(
        st.binary(max_size=200),
        any_text.map(lambda t: t.encode("utf-8", "surrogatepass")),
        damaged(data),
        damaged(data),
    )


@given(any_file(PATIENT))
@settings(max_examples=300, deadline=None)
def test_any_bytes_as_a_patient_give_options_or_problems(data: bytes) -> None:
    with model_or_problems():
        options = read_options(read(data, "p.yaml", private=True))
        complete(press(), options, TODAY)


@given(any_file(FILES["config.yaml"]))
@settings(max_examples=120, deadline=None)
def test_any_bytes_as_config_give_a_clinic_or_problems(data: bytes) -> None:
    with TemporaryDirectory() as folder, model_or_problems():
        path = Path(folder) / "config.yaml"
        path.write_bytes(data)
        read_clinic(path, "config.yaml")


@given(any_file(STYLE))
@settings(max_examples=60, deadline=None)
def test_any_bytes_as_a_stylesheet_give_styles_or_problems(data: bytes) -> None:
    _, root = shelf()
    path = root / "templates/styles/any.yaml"
    path.write_bytes(data)
    with model_or_problems():
        read_stylesheet(path, "any.yaml")


@given(st.sampled_from(["handout.yaml", "en.yaml"]), st.data())
@settings(max_examples=80, deadline=None)
def test_any_bytes_as_content_give_a_page_or_problems(name: str, data: st.DataObject) -> None:
    original = FILES[f"handouts/side-effects/{name}"]
    _, root = shelf()
    path = root / "handouts/side-effects" / name
    path.write_bytes(data.draw(any_file(original)))
    try:
        with model_or_problems():
            used = Site(root)
            handout = Library(root / "handouts").load("side-effects", "en")
            assert folded(plain(handout.texts[handout.structure.title.text].children))
            make(used, "side-effects", complete(used, Options(), TODAY)[0], TODAY)
    finally:
        path.write_bytes(original)


def test_a_placeholder_never_leaves_the_content_files() -> None:
    nodes = (node for text in press().handout("benefits", "en").texts.values() for node in text.children)

    assert any(isinstance(node, Placeholder) for node in nodes)
