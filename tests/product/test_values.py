"""What was typed for a patient or a clinic is data: it prints as typed, or is refused by name."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

import pypdfium2
import pytest

from press.cli import dump
from press.cli.arguments import options_from
from press.content.clinic import Clinic
from press.content.library import read_clinic
from press.content.schema import read_whole
from press.content.yaml.reader import read
from press.document.nodes import Value, blocks, inlines, strings
from press.errors import Problems
from press.patients.options import Options, read_options
from press.runs.file_names import file_name
from press.runs.handout import Made, Site, complete, make, print_one
from tests.support import ROOT, TODAY, press, squeezed, told

SHOWN = (
    "<b>Ann", "</p>Ann", "<Ann>", "Anna <anna@example.org>", "Smith <née Jones>", "a<b", "AT&T", "&amp;", "&#65;x", "&copy",
    "R&D dept; a&b=c", "{{ 7*7 }}x", "{name}", "{{name}}", "{% raw %}", "{# Ann #}", "**x**", "*x*", "_x_", "`x`", "[x](y)",
    '<value field="x">', '<content id="x" at="y:1:1">', ' at="templates/x:1:1"'.strip(), "]]>x", "<![CDATA[x]]>", "<!-- x -->",
    "<?x ?>", "<script>alert(1)</script>", '<img src="/etc/hostname"/>', '<font color="white">Ann</font>', "<br/>Ann", "<seq/>x",
    "%s %(name)s %n", "$HOME", "${HOME}", "\\n \\x41", "a|b", "# Ann", "- Ann", "? Ann", "'Ann'", '"Ann"', "O'Brien", "null",
    "None", "no", "Yes", "1e5x", "=cmd()", "@x", "Łódź Żółć", "Nguyễn".replace("ễ", "e"), "Zoë  Ann", "x" * 300, "W" * 120 + " " + "i" * 120,
)  # fmt: skip
# ruff: noqa: F601 - half a pair of UTF-16 is taken for the sign that stands in for it
REFUSED = {
    "a\u202eb": "U+202E RIGHT-TO-LEFT OVERRIDE", "a\u2066b": "U+2066", "a\u200bb": "U+200B ZERO WIDTH SPACE", "a\0b": "U+0000 NULL",
    "a\x1b[31mb": "U+001B ESCAPE", "a\x07b": "U+0007", "a\ud800b": "U+D800", "a\ufffdb": "U+FFFD", "a\ue000b": "U+E000",
    "a\u00adb": "U+00AD SOFT HYPHEN", "a" + "\u0301" * 9: "combining marks",
}  # fmt: skip
NO_NAMES = ("&", "<>", "{{ 7*7 }}", "7", "...", "\u00a0")


def by_command(name: str) -> Options:
    problems = Problems()
    options = options_from(None, [f"name={name}"], {}, problems)
    problems.raise_if_errors()
    return options


def by_file(name: str) -> Options:
    return read_options(read(f"name: {json.dumps(name)}\n".encode(), "p.yaml", private=True))


DOORS = (by_command, by_file)


def page(options: Options, topic: str = "benefits", clinic: Site | None = None) -> Made:
    used = clinic or press()
    return make(used, topic, complete(used, options, TODAY)[0], TODAY)


def words(made: Made, form: str, clinic: Site | None = None) -> str:
    data = print_one(clinic or press(), made, form).data
    if form == "pdf":
        return "".join(side.get_textpage().get_text_range() for side in pypdfium2.PdfDocument(data))
    text = data.decode("utf-8")
    return html.unescape(text.partition("<body>")[2]) if form == "html" else text


def values(made: Made, field: str) -> set[str]:
    nodes = (n for block in blocks(made.document.everything) for run in strings(block) for n in inlines(run))
    return {node.text for node in nodes if isinstance(node, Value) and node.field == field}


@pytest.mark.parametrize("name", SHOWN)
def test_a_name_is_shown_exactly_as_it_was_typed(name: str) -> None:
    made = page(by_command(name))

    assert values(made, "name") == {name}
    assert f"{{name={name}}}" in dump.tree(made.document)
    for form in ("text", "html", "pdf"):
        assert squeezed(name) in squeezed(words(made, form)), form


@pytest.mark.parametrize("name", SHOWN)
def test_every_door_gives_the_same_name(name: str) -> None:
    assert {door(name).name for door in DOORS} == {name}


@pytest.mark.parametrize("name", SHOWN[:30])
def test_a_name_adds_no_element_to_a_page_of_html(name: str) -> None:
    bare, named = (print_one(press(), page(by_command(n)), "html").data.decode() for n in ("Ann", name))

    assert (named.count("<"), named.count("{")) == (bare.count("<"), bare.count("{") + name.count("{"))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", REFUSED, ids=ascii)
def test_a_hidden_character_is_refused_by_its_name(name: str, door: Callable[[str], Options]) -> None:
    with told() as problems:
        door(name)

    assert REFUSED[name] in problems[0].message
    assert all(problem.private for problem in problems)
    assert name not in f"{problems}"


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_has_no_letter_is_no_name(name: str) -> None:
    with told() as problems:
        by_command(name)

    assert "a name with at least one letter" in problems[0].message


@pytest.mark.parametrize("name", ["สมชาย", "Анна ไทย", "Ann ☃"])
def test_a_character_that_no_face_has_is_refused_by_its_name(name: str) -> None:
    with told() as problems:
        print_one(press(), page(by_command(name)), "pdf")

    assert all("`name`: no type face has the character U+" in p.message and p.private for p in problems)
    assert name not in f"{problems}"


def test_a_name_of_two_lines_and_one_without_end_are_refused() -> None:
    for name in ("Ann\nBob", "x" * 401):
        with told() as problems:
            by_file(name)
        assert name not in f"{problems}"


def test_a_name_never_reaches_the_title_or_the_file_name() -> None:
    made = page(by_command("Zerbinetta"), "overdose-warning")
    data = print_one(press(), made, "pdf").data

    assert "Zerbinetta" not in made.document.title + file_name(made, "pdf")
    assert b"Zerbinetta" not in data and "Zerbinetta".encode("utf-16-be") not in data


# The clinic's values

CLINIC = (ROOT / "config.yaml").read_text("utf-8")


def clinic_press(**given: str) -> Site:
    text = CLINIC
    for field, value in given.items():
        shown = f"[{json.dumps(value)}]" if field == "address" else json.dumps(value)
        old = {"address": "address: []"}.get(field, f'\n{field}: ""')
        assert old in text
        text = text.replace(old, f"{old.split(':')[0]}: {shown}", 1)
    found = Site(ROOT)
    vars(found)["clinic"] = clinic_from(text)
    return found


def clinic_from(text: str) -> Clinic:
    return read_whole(Clinic, read(text.encode(), "config.yaml"))


@pytest.mark.parametrize("field", ["name", "address"])
@pytest.mark.parametrize("value", [name for name in SHOWN if len(name) < 100])
def test_what_a_clinic_typed_is_shown_exactly(field: str, value: str) -> None:
    clinic = clinic_press(**{field: value})
    made = page(Options(), clinic=clinic)

    assert values(made, {"name": "clinic_name"}.get(field, field)) == {value}
    assert squeezed(value) in squeezed(words(made, "text", clinic))


@pytest.mark.parametrize("value", SHOWN[:40:4])
def test_what_a_clinic_typed_is_shown_on_paper(value: str) -> None:
    clinic = clinic_press(name=value, address=value)

    assert squeezed(words(page(Options(), clinic=clinic), "pdf", clinic)).count(squeezed(value)) == 2


@pytest.mark.parametrize("value", ["(212) 736-5000", "1-800-BLOCKED", "212.736.5000, ext. 4"])
def test_a_phone_number_is_shown_and_never_broken(value: str) -> None:
    value = value.replace("ext", "EXT")
    clinic = clinic_press(phone=value)
    made = page(Options(), clinic=clinic)

    assert values(made, "clinic_phone") == {value.replace(" ", "\N{NO-BREAK SPACE}")}


@pytest.mark.parametrize(
    "value", ["<b>", "555-0100", "(212) 555-0142", "call us", "12", "{{ 7*7 }}", "2127365000\u202e"]
)
def test_what_is_no_phone_number_is_refused(value: str) -> None:
    with told() as problems:
        clinic_press(phone=value)

    assert problems[0].place.file == "config.yaml" and problems[0].place.line


@pytest.mark.parametrize("name", [n for n in REFUSED if "\ud800" not in n], ids=ascii)
def test_a_hidden_character_of_a_clinic_is_refused_by_its_name(name: str) -> None:
    with told() as problems:
        clinic_from(CLINIC.replace('\nname: ""', f"\nname: {json.dumps(name)}"))

    assert REFUSED[name] in problems[0].message


def test_the_shipped_clinic_is_read() -> None:
    assert read_clinic(ROOT / "config.yaml", "config.yaml") == clinic_from(CLINIC)
