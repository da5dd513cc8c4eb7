"""What a signature of pages covers, by itself: the trees of all readers, the templates, and the code between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from press.content.approvals import Approval, PagesDigest, sign
from press.content.clinic import Clinic, Closed, Dates
from press.content.fields import FORMS, MODES
from press.content.handout import Handout
from press.patients.course import course_of
from press.runs import signed_pages
from press.runs.signed_pages import are_as_signed, digest_pages, digest_templates
from press.runs.variants import make_readers
from tests.helpers import press
from tests.support import FORM_MODES, TODAY, check_few, with_text

HANDOUT = press().handout("overdose-warning", "en")
BENEFITS = press().handout("benefits", "en")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kind of reader in place of all."""
    check_few(monkeypatch)


def pages(handout: Handout = HANDOUT, clinic: Clinic = press().clinic) -> str:
    return digest_pages(handout, clinic, press().templates).pages


def approval(built: PagesDigest) -> Approval:
    return sign(HANDOUT, built, "Pat Sample", "nurse", TODAY, None, TODAY)


def holds(built: PagesDigest) -> bool:
    return are_as_signed(HANDOUT, press().clinic, press().templates, approval(built))


# When a signature holds


def test_pages_that_are_built_now_are_as_signed() -> None:
    assert holds(digest_pages(HANDOUT, press().clinic, press().templates))


def test_equal_templates_need_no_look_at_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compose every page takes a second."""
    monkeypatch.setattr(signed_pages, "compose", lambda *_: pytest.fail("nothing is to be composed"))

    assert holds(PagesDigest(pages="0" * 64, templates=digest_templates(press().templates)))


def test_other_templates_hold_only_if_the_pages_are_equal() -> None:
    assert holds(PagesDigest(pages=pages(), templates="0" * 64))
    assert not holds(PagesDigest(pages="1" * 64, templates="0" * 64))


def test_an_approval_that_does_not_say_how_pages_were_built_never_holds() -> None:
    assert not holds(PagesDigest(pages="", templates=digest_templates(press().templates)))


def test_pages_that_cannot_be_composed_are_not_as_signed(tmp_path: Path) -> None:
    (tmp_path / "handout.xhtml.j2").write_text("{% broken", "utf-8")

    assert not are_as_signed(HANDOUT, press().clinic, tmp_path, approval(PagesDigest("0" * 64, "0" * 64)))


# What the digest of the pages covers


def test_the_digests_are_sha_256_and_the_same_every_time() -> None:
    one, two = (digest_pages(HANDOUT, press().clinic, press().templates) for _ in range(2))

    assert one == two and len(one.pages) == len(one.templates) == 64 and one.pages != one.templates
    assert one.templates == digest_templates(press().templates)


def changed(handout: Handout, name: str) -> Handout:
    """The handout with other words in one phrase."""
    phrase = with_text(replace(handout, texts=handout.phrases), name, str.swapcase).texts[name]
    return replace(handout, phrases={**handout.phrases, name: phrase})


@pytest.mark.parametrize(
    "change",
    [
        lambda handout: with_text(handout, handout.structure.title.text, str.upper),
        lambda handout: changed(handout, "for-person"),
        lambda handout: changed(handout, "prescriber"),
        lambda handout: changed(handout, "typed"),
        lambda handout: changed(handout, "printed"),
        lambda handout: changed(handout, "unreviewed"),
        lambda handout: changed(handout, "reviewed"),
        lambda handout: replace(handout, draft_notices=handout.draft_notices[:-1]),
    ],
    ids=["title", "name", "prescriber", "personal", "for everybody", "draft", "final", "mark of a draft"],
)
def test_pages_of_every_reader_are_covered(change: Callable[[Handout], Handout]) -> None:
    """With and without a name, as a draft and final: in large letters, too, a letterhead with the prescriber."""
    assert pages(change(BENEFITS)) != pages(BENEFITS)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Another Clinic"}, {"address": ("7 Other Street", "Elsewhere")}, {"phone": "(212) 555-0100"},
        {"after_hours_phone": "(212) 555-0101"}, {"closed": Closed(dates=(date(2026, 12, 25),))}, {"address": ()},
        {"name": "", "phone": "", "after_hours_phone": ""}, {"closed": Closed(weekdays=("Monday",))},
    ],
)  # fmt: skip
def test_what_is_the_clinics_own_is_not_covered(change: dict[str, object]) -> None:
    assert pages(BENEFITS, replace(press().clinic, **change)) == pages(BENEFITS)


def test_the_dates_that_the_clinic_prints_are_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("press.runs.variants.MODES", ("normal",))
    due, danger = (replace(press().clinic, dates=Dates(print=(name,))) for name in ("due", "danger"))

    assert pages(BENEFITS, due) != pages(BENEFITS, danger)


# What the digest of the templates covers


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up program, and templates beside it."""
    names = ("compose/a.py", "document/b.py", "treatment.py", "runs/variants.py", "runs/batch.py", "content/c.py")
    for name in (*names, "templates/base.j2", "templates/parts/in.j2", "templates/styles/style.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    monkeypatch.setattr(signed_pages, "PROGRAM", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "is_covered"),
    [
        ("compose/a.py", True), ("document/b.py", True), ("treatment.py", True), ("runs/variants.py", True), ("templates/base.j2", True),
        ("templates/parts/in.j2", True), ("runs/batch.py", False), ("content/c.py", False), ("templates/styles/style.yaml", False),
    ],
)  # fmt: skip
def test_templates_and_the_code_that_composes_are_covered(name: str, is_covered: bool, program: Path) -> None:
    before = digest_templates(program / "templates")
    (program / name).write_text("others", "utf-8")
    assert (digest_templates(program / "templates") != before) == is_covered

    (program / name).write_text(name, "utf-8")
    assert digest_templates(program / "templates") == before


def test_the_name_of_a_template_is_covered_and_the_folder_of_all_is_not(program: Path) -> None:
    before = digest_templates(program / "templates")
    (program / "templates").rename(program / "moved")
    assert digest_templates(program / "moved") == before

    (program / "moved/base.j2").rename(program / "moved/other.j2")
    assert digest_templates(program / "moved") != before


def test_what_is_in_one_template_is_not_taken_for_two(program: Path) -> None:
    folder = program / "templates"
    (folder / "base.j2").write_text("1", "utf-8")
    (folder / "next.j2").write_text("2", "utf-8")
    two = digest_templates(folder)
    (folder / "next.j2").unlink()
    (folder / "base.j2").write_text("1next.j22", "utf-8")

    assert digest_templates(folder) != two


def test_a_digest_is_written_as_it_was_for_older_signatures(program: Path) -> None:
    """Each part after its length in eight bytes, templates first: another way would take every signature back."""
    templates = [("base.j2", "templates/base.j2"), ("parts/in.j2", "templates/parts/in.j2")]
    code = [(name, name) for name in ("compose/a.py", "document/b.py", "runs/variants.py", "treatment.py")]
    parts = [part.encode() for pair in (*templates, *code) for part in pair]

    assert digest_templates(program / "templates") == (
        sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()
    )


def test_on_the_day_of_the_digest_there_are_readers_in_every_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("press.runs.variants.FORMS", FORMS)
    monkeypatch.setattr("press.runs.variants.MODES", MODES)
    readers = make_readers(press().clinic, "en", signed_pages.DAY)
    found = {(one.form, course_of(one, press().clinic, signed_pages.DAY).mode.value) for one in readers}

    assert found == set(FORM_MODES)
