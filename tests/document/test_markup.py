"""The notation of content strings, and the private XHTML that nodes travel through."""

from __future__ import annotations

import pytest

from press.document.markup import parse_text, read_place, str_place, to_xhtml
from press.document.nodes import Break, Content, Inline, Placeholder, Strong, Text, Value, WriteIn, plain
from press.errors import Place

KNOWN = frozenset({"name", "due", "clinic_phone"})


def parsed(text: str) -> tuple[Inline, ...]:
    nodes, faults = parse_text(text, KNOWN)
    assert not faults
    return nodes


def told(text: str) -> list[tuple[str, str]]:
    return [(fault.message, fault.hint) for fault in parse_text(text, KNOWN)[1]]


def test_plain_words_are_one_text() -> None:
    assert parsed("Call us.") == (Text("Call us."),)


def test_stars_make_words_strong() -> None:
    assert parsed("a **b** c") == (Text("a "), Strong((Text("b"),)), Text(" c"))


def test_a_placeholder_may_be_strong() -> None:
    assert parsed("**{due}**") == (Strong((Placeholder("due"),)),)


@pytest.mark.parametrize(
    "text", ["a * b", "<b>", "&amp;", "[x](y)", "_x_", "# x", "{% x %}".replace("{", "").replace("}", "")]
)
def test_no_other_sign_means_anything(text: str) -> None:
    assert plain(parsed(text)) == text


@pytest.mark.parametrize("text", ["a.  b", "a.\nb", " a. b ", "a. \n\n b\n", "a.\t b"])
def test_rows_of_spaces_and_line_breaks_are_one_space(text: str) -> None:
    assert parsed(text) == (Text("a. b".replace("a.  b", "a. b")),)


def test_a_no_break_space_stays() -> None:
    assert parsed("50\N{NO-BREAK SPACE}mg") == (Text("50\N{NO-BREAK SPACE}mg"),)


def test_an_open_strong_is_told() -> None:
    assert told("a **b") == [("found `**` that is never closed", "put a second ** after the strong words")]


def test_strong_without_words_is_told() -> None:
    assert told("a **** b") == [("found `****` with no words inside", "leave it out")]


def test_an_unknown_placeholder_is_told_with_the_nearest_known() -> None:
    assert told("{nmae}") == [("unknown placeholder {nmae}", "did you mean `name`?")]


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{", "}", "a } b", "{a{b}"])
def test_stray_braces_are_told(text: str) -> None:
    assert told(text)


def test_every_fault_of_a_text_is_told_at_once() -> None:
    assert len(told("{x} } **a")) == 3


def test_nothing_is_lost_where_there_are_faults() -> None:
    assert plain(parse_text("a } **b {name}", KNOWN)[0]) == "a  b {name}"


# To XHTML


@pytest.mark.parametrize(
    ("node", "written"),
    [
        (Text("a < b & c > d"), "a &lt; b &amp; c &gt; d"),
        (Text('x at="templates/a:1:1"'), "x at=&quot;templates/a:1:1&quot;"),
        (Strong((Text("a"),)), "<strong>a</strong>"),
        (Value("name", "<b>\r"), '<value field="name">&lt;b&gt;&#13;</value>'),
        (WriteIn('the "name"'), '<span class="write-in" label="the &quot;name&quot;"/>'),
        (Break(), "<br/>"),
        (Content("t/a", (Text("x"),), Place("a.yaml", 2, 3)), '<content id="t/a" at="a.yaml:2:3">x</content>'),
    ],
)
def test_every_node_is_written_escaped(node: Inline, written: str) -> None:
    assert to_xhtml((node,)) == written


def test_an_unfilled_placeholder_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="due was not filled"):
        to_xhtml((Placeholder("due"),))


@pytest.mark.parametrize("place", [Place("a.yaml", 3, 4), Place("C:\\a b.yaml", 1, 1), Place("a:b", 0, 0)])
def test_a_place_comes_back_as_it_went(place: Place) -> None:
    assert read_place(str_place(place)) == place


@pytest.mark.parametrize("text", ["", "nonsense", "a:b:c", "a:1", "a:1:-1", "a:1:99999999999999"])
def test_what_is_no_place_is_nowhere(text: str) -> None:
    assert read_place(text) == Place("")
