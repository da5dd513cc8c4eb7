"""config.yaml as a form: the same checks as everywhere, comments kept, nobody's change lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from press.content.yaml.editor import NewValue
from press.runs.edit_clinic import FIELDS, field_of, read_form, save_form
from press.runs.edit_file import CHANGED
from press.runs.handout import Site
from tests.support import copied, edit, told

DAY = date(2026, 11, 30)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


def _save(root: Path, **typed: NewValue) -> bool:
    return save_form(Site(root), typed, read_form(Site(root)).values, DAY)


def test_three_fields_set_up_a_clinic_and_every_other_line_stays(root: Path) -> None:
    before = (root / "config.yaml").read_text().splitlines()
    assert _save(
        root, name=' Harbor "Light" Clinic: one # ', phone="(212) 736-5000", after_hours_phone="(212) 736-5001"
    )
    after = (root / "config.yaml").read_text().splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        'name: "Harbor \\"Light\\" Clinic: one #"',
        'phone: "(212) 736-5000"',
        'after_hours_phone: "(212) 736-5001"',
    ]
    assert Site(root).clinic.name == 'Harbor "Light" Clinic: one #'


def test_every_field_is_read_saved_and_read_again(root: Path) -> None:
    typed: dict[str, NewValue] = {
        "name": "A", "address": ("1 Way", "New York"), "phone": "(212) 736-5000", "after_hours_phone": "(212) 736-5001",
        "time_zone": "America/Chicago", "weekdays": ("Sunday",), "holidays": ("2026-12-25",), "print": ("due", "danger"),
        "upcoming": "2", "language": "es", "edition": "large-print", "paper": "a4", "form": "tablet", "reason": "both",
        "tablets_while_drinking": "may", "codes": "any", "printer": "Front_desk", "staff_language": "es",
    }  # fmt: skip
    assert set(typed) == set(FIELDS)
    values = read_form(Site(root)).values
    assert not [name for name in typed if typed[name] == values[name]]
    assert _save(root, **typed)
    assert read_form(Site(root)).values == typed
    assert not _save(root, **typed)


def test_a_key_that_is_not_written_is_shown_as_what_holds_and_added_when_it_changes(root: Path) -> None:
    (root / "config.yaml").write_text(
        "time_zone: America/New_York\ndefaults: {form: injection, reason: opioid}\n"
        "products: {injection: {label: 2025-12}, tablet: {label: 2024-10}}\n"
    )
    values = read_form(Site(root)).values
    assert (values["paper"], values["print"], values["holidays"], values["name"]) == (
        "letter", ("due", "danger", "appointment", "offered"), (), "",
    )  # fmt: skip
    assert _save(root, paper="a4", name="A", holidays=("2026-12-25",))
    clinic = Site(root).clinic
    assert (clinic.defaults.paper, clinic.name, clinic.closed.dates) == ("a4", "A", (date(2026, 12, 25),))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "call us"), ("phone", "555-0100"), ("after_hours_phone", "1"), ("time_zone", "New York"),
        ("weekdays", ("Funday",)), ("holidays", ("12/25/2026",)), ("print", ("everything",)), ("upcoming", "9"),
        ("language", "English"), ("paper", "A3"), ("form", ""), ("reason", "pain"), ("codes", "mine"),
        ("staff_language", "fr"), ("name", "a\nb"), ("name", "x" * 301), ("address", ("a\x00b",)), ("printer", "a\u202eb"),
    ],
)  # fmt: skip
def test_what_the_program_refuses_is_refused_at_its_field(root: Path, field: str, value: NewValue) -> None:
    before = (root / "config.yaml").read_bytes()
    with told() as problems:
        _save(root, **{field: value})
    assert {field_of(problem) for problem in problems} == {field}, problems
    assert (root / "config.yaml").read_bytes() == before


def test_a_letterhead_that_leaves_a_page_no_room_is_refused(root: Path) -> None:
    with told() as problems:
        _save(root, address=("Far away in a house with a very long address, " * 6,) * 12)
    assert problems


def test_a_language_without_handouts_is_refused(root: Path) -> None:
    with told():
        _save(root, language="fr")


def test_two_people_at_once_lose_nothing(root: Path) -> None:
    shown = read_form(Site(root)).values
    _save(root, phone="(212) 736-5000")
    with told() as problems:
        save_form(Site(root), {"phone": "(212) 736-5009"}, shown, DAY)
    assert [(problem.code, field_of(problem)) for problem in problems] == [(CHANGED, "phone")]
    assert save_form(Site(root), {"printer": "Front_desk"}, shown, DAY)
    assert Site(root).clinic.phone == "(212) 736-5000"


def test_a_broken_file_is_shown_with_its_problems_and_can_be_mended(root: Path) -> None:
    edit(root / "config.yaml", 'phone: ""', 'phone: "call us"')
    form = read_form(Site(root))
    assert form.values["phone"] == "call us"
    assert [field_of(problem) for problem in form.problems] == ["phone"]
    assert _save(root, phone="(212) 736-5000")
    assert not read_form(Site(root)).problems
