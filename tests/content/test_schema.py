"""From texts with places to records: every fault at once, none with a patient's value."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from contextlib import suppress

import pytest

from press.content import fields
from press.content.schema import (
    Context,
    Incomplete,
    Record,
    fields_of,
    key,
    list_of,
    map_of,
    read_record,
    read_whole,
    record_of,
)
from press.content.yaml.reader import read
from press.errors import Place, Problem, Problems
from press.patients.options import Options, read_options
from press.records import dataclass
from tests.support import told

CANARY = "Zerbinetta"


@dataclass(frozen=True, kw_only=True)
class Inner(Record):
    size: int = key(fields.whole(1, 9))


@dataclass(frozen=True, kw_only=True)
class Outer(Record):
    form: str = key(fields.form)
    note: str = key(fields.line, "none")
    day: object = key(fields.date_, None)
    inner: Inner = key(record_of(Inner), Inner(size=1))
    many: tuple[str, ...] = key(list_of(fields.reason), ())
    named: AbstractMapping[str, str] = key(map_of(fields.line, fields.identifier), {})
    print_: bool = key(fields.flag, False)


def outer(text: str, *, private: bool = False) -> tuple[Outer, list[Problem]]:
    problems = Problems()
    found = read_record(Outer, read(text.encode(), "f.yaml", private=private), Context(problems, private))
    return found, list(problems)


def refused(text: str) -> list[Problem]:
    problems = Problems()
    with suppress(Incomplete):
        read_record(Outer, read(text.encode(), "f.yaml"), Context(problems))
    return list(problems)


def faults(text: str) -> list[tuple[int, int, str]]:
    return [(p.place.line, p.place.column, p.message) for p in refused(text)]


def test_every_field_gets_its_type_and_its_place() -> None:
    found, problems = outer("form: tablet\ninner: {size: 3}\nmany: [opioid, both]\nnamed: {a-b: x}\nprint: yes\n")

    assert not problems
    assert (found.form, found.inner.size, found.many, dict(found.named), found.print_) == (
        "tablet", 3, ("opioid", "both"), {"a-b": "x"}, True,
    )  # fmt: skip
    assert found.place_of("form") == Place("f.yaml", 1, 7)


def test_a_field_that_was_not_given_has_the_place_of_its_record() -> None:
    assert outer("form: tablet")[0].place_of("note") == Place("f.yaml", 1, 1)


def test_one_value_stands_for_a_list_of_one() -> None:
    assert outer("form: tablet\nmany: opioid")[0].many == ("opioid",)


def test_an_empty_value_is_as_if_it_were_not_there() -> None:
    found, problems = outer("form: tablet\nnote: \nday: \nmany: \nnamed: \n")

    assert not problems
    assert (found.note, found.day, found.many, dict(found.named)) == ("none", None, (), {})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("note: x", (1, 1, "`form` is missing")),
        ("form: tablet\nnoet: x", (2, 1, "unknown key `noet`")),
        ("form: pill", (1, 7, "`form`: found `pill`, expected one of injection, tablet")),
        ("form: ", (1, 6, "`form`: found nothing, expected one of injection, tablet")),
        ("form: [tablet]", (1, 7, "`form`: expected one value")),
        ("form: tablet\nnote:\n  a: b", (3, 3, "`note`: expected one value")),
        ("form: tablet\ninner: 3", (2, 8, "`inner`: found `3`, expected a list of `key: value` lines")),
        ("form: tablet\ninner: {size: ten}", (2, 15, "`size`: found `ten`, expected a whole number from 1 to 9")),
        ("form: tablet\ninner: {}", (2, 8, "`size` is missing")),
        ("form: tablet\nmany: [opioid, beer]", (2, 16, "`many`: found `beer`, expected one of opioid, alcohol, both")),
        ("form: tablet\nnamed: {A B: x}", (2, 9, "`named`: found `A B`, expected an id of small letters, digits and hyphens, such as way-1")),
        ("form: tablet\nprint: true", (2, 8, "`print`: found `true`, expected yes or no")),
        ("form: tablet\nday: 2026-02-30", (2, 6, "`day`: found `2026-02-30`, expected a date as YYYY-MM-DD")),
    ],
)  # fmt: skip
def test_each_fault_has_its_line_and_column(text: str, fault: tuple[int, int, str]) -> None:
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    "text", ["note: x", "form: pill", "form: ", "form: tablet\nneeded: {}", "form: tablet\nneeded: 3"]
)
def test_no_record_lacks_a_required_field(text: str) -> None:
    """What stands in a record has the type that it says: None is no stand-in."""

    @dataclass(frozen=True, kw_only=True)
    class Strict(Record):
        form: str = key(fields.form)
        needed: Inner = key(record_of(Inner))

    problems = Problems()
    with pytest.raises(Incomplete):
        read_record(Strict, read(text.encode(), "f.yaml"), Context(problems))

    assert problems.errors
    with told() as found:
        read_whole(Strict, read(text.encode(), "f.yaml"))
    assert list(found) == sorted(problems, key=lambda p: (p.place, p.message))


def test_a_list_leaves_out_what_is_incomplete_and_tells_the_rest() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Several(Record):
        inner: tuple[Inner, ...] = key(list_of(record_of(Inner)))

    problems = Problems()
    found = read_record(Several, read(b"inner:\n- {size: 1}\n- {}\n- {size: 99}\n", "f.yaml"), Context(problems))

    assert [inner.size for inner in found.inner] == [1]
    assert [(p.place.line, p.message) for p in problems] == [
        (3, "`size` is missing"), (4, "`size`: found `99`, expected a whole number from 1 to 9"),
    ]  # fmt: skip


def test_all_faults_are_told_at_once() -> None:
    assert len(faults("form: pill\nnoet: x\nday: 1/2/26\ninner: {size: 99, sise: 1}\nmany: [a, b]")) == 7


def test_a_hint_names_the_likely_slip() -> None:
    problems = refused("form: tablte\nnoet: x\nday: 03/04/2026\n")

    assert [p.hint for p in problems] == [
        "did you mean `tablet`?", "did you mean `note`?", "05/06/2001 can be May 6 or June 5; write YYYY-MM-DD",
    ]  # fmt: skip


def test_found_words_are_cut_short() -> None:
    assert len(faults(f"form: {'x' * 5000}")[0][2]) < 150


@pytest.mark.parametrize("cls", [Options, Outer])
def test_every_key_of_a_record_is_known_without_its_underscore(cls: type[Record]) -> None:
    assert all(not name.endswith("_") for name in fields_of(cls))


# A patient's options

BAD = {
    "code": f"{CANARY} Müller", "name": "12345", "language": CANARY, "edition": CANARY, "paper": CANARY,
    "form": CANARY, "reason": CANARY, "started": CANARY, "last_dose": CANARY, "interval": CANARY,
    "appointment": CANARY, "late_confirmed": CANARY, "stopped": CANARY, "prescriber": f"'{CANARY * 80}'", "naloxone_given": CANARY,
    "handouts": f"[{CANARY} {CANARY}]",
}  # fmt: skip


def test_the_list_of_bad_values_has_every_option() -> None:
    assert BAD.keys() == fields_of(Options).keys()


@pytest.mark.parametrize("name", BAD)
def test_no_option_repeats_a_value(name: str) -> None:
    with told() as problems:
        read_options(read(f"{name}: {BAD[name]}".encode(), "p.yaml", private=True))

    assert [(p.place.line, p.private) for p in problems] == [(1, True)]
    assert f"`{name}`" in problems[0].message
    assert CANARY not in f"{problems[0].message} {problems[0].hint}" and "12345" not in problems[0].message


@pytest.mark.parametrize("text", [f"{CANARY}: x", f"name: {{{CANARY}: x}}", f"name: [{CANARY}]", f"nmae: {CANARY}"])
def test_no_key_of_a_patient_is_repeated(text: str) -> None:
    with told() as problems:
        read_options(read(text.encode(), "p.yaml", private=True))

    assert all(p.private and CANARY not in f"{p.message} {p.hint}" for p in problems)


def test_options_can_be_read_with_what_is_right_of_them() -> None:
    problems = Problems()
    options = read_options(read(b"name: Ann\nform: pill\n", "p.yaml", private=True), problems)

    assert (options.name, options.form, problems.errors) == ("Ann", "", 1)
