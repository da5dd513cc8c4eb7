"""A signature covers how pages are built: a template that builds others takes it back, one that builds equal ones does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from press.content.approvals import State, read_approvals, render, seal
from press.runs.handout import Site, make
from press.runs.signed_pages import are_as_signed, digest_templates
from press.runs.signing import SignatureRequest, approve_words
from tests.support import TODAY, Shop, check_few, copied, edit, mode_options, tailored

TOPIC = "overdose-warning"
PHONES = ('phone: ""\nafter_hours_phone: ""', 'phone: "(212) 360-0142"\nafter_hours_phone: "(212) 360-0143"')


@pytest.fixture(scope="module")
def approvals(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a clinic that signed the overdose warning."""
    shop = Shop(copied(tmp_path_factory.mktemp("signed")))
    shop.edit("config.yaml", *PHONES)
    with pytest.MonkeyPatch.context() as monkeypatch:
        check_few(monkeypatch)
        approve_words(Site(shop.root), SignatureRequest(TOPIC, "en", "Person One", "nurse", TODAY), TODAY)
        assert state(shop) is State.APPROVED
    return (shop.root / "approvals.yaml").read_bytes()


@pytest.fixture
def signed(shop: Shop, approvals: bytes, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A copy of that clinic."""
    check_few(monkeypatch)
    shop.edit("config.yaml", *PHONES)
    (shop.root / "approvals.yaml").write_bytes(approvals)
    return shop


def state(shop: Shop) -> State:
    site = Site(shop.root)
    return site.status(site.handout(TOPIC, "en"), TODAY).state


def test_a_template_with_other_bytes_and_equal_pages_keeps_the_signature(signed: Shop) -> None:
    before = digest_templates(signed.root / "templates")
    signed.edit("templates/blocks.xhtml.j2", "{# One macro", "{# A note of the clinic's own. #}\n{# One macro")

    assert digest_templates(signed.root / "templates") != before
    assert state(signed) is State.APPROVED


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("blocks", '<p class="main">', '<p class="lead">'),
        ("blocks", "<h2>{{ block.intro }}</h2>", "<p>{{ block.intro }}</p>"),
        ("blocks", '<section class="{{ block.kind }}"', '<section class="notice"'),
        ("base", '<p class="draft">{{ text }}</p>', "<p>{{ text }}</p>"),
    ],
)
def test_a_template_that_builds_other_pages_takes_the_signature_back(
    signed: Shop, file: str, old: str, new: str
) -> None:
    signed.edit(f"templates/{file}.xhtml.j2", old, new)

    assert state(signed) is State.CHANGED
    told = signed.run("diff", TOPIC, "--today", TODAY.isoformat())
    assert told.exit_code == 0 and "built otherwise" in told.output
    assert signed.run("make", TOPIC, "--final", "--today", TODAY.isoformat()).exit_code == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tablets_while_drinking: avoid", "tablets_while_drinking: may"),
        ("print: [due, danger, appointment, offered]", "print: [due, danger]"),
        ("upcoming: 1", "upcoming: 2"),
        ("brand: Vivitrol", 'brand: ""'),
    ],
)
def test_a_switch_that_changes_words_takes_the_signature_back(signed: Shop, old: str, new: str) -> None:
    signed.edit("config.yaml", old, new)

    assert state(signed) is State.CHANGED
    assert "config.yaml/" in signed.run("diff", TOPIC, "--today", TODAY.isoformat()).output


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("360-0142", "360-0199"),
        ('name: ""', "name: Another Clinic"),
        ("dates: []", "dates: [2026-12-25]"),
        ("output: out", "output: pages"),
        ("edition: standard", "edition: large-print"),
    ],
)
def test_what_is_the_clinics_own_needs_no_new_signature(signed: Shop, old: str, new: str) -> None:
    signed.edit("config.yaml", old, new)

    assert state(signed) is State.APPROVED


def test_an_approval_of_before_pages_were_signed_is_read_and_holds_no_longer(signed: Shop) -> None:
    (given,) = read_approvals(signed.root, [TOPIC], TODAY)
    old = replace(given, pages="", templates="")
    (signed.root / "approvals.yaml").write_bytes(render([replace(old, seal=seal(old))]))

    assert state(signed) is State.CHANGED


@pytest.mark.parametrize("field", ["pages", "templates"])
def test_neither_digest_can_be_changed_by_hand(signed: Shop, field: str) -> None:
    (given,) = read_approvals(signed.root, [TOPIC], TODAY)
    edit(signed.root / "approvals.yaml", getattr(given, field), "0" * 64)

    told = signed.run("make", TOPIC, "--today", TODAY.isoformat())
    assert told.exit_code == 1 and "is not the one that was given" in told.output + told.stderr


def test_a_template_that_composes_nothing_is_not_as_signed(signed: Shop) -> None:
    (given,) = read_approvals(signed.root, [TOPIC], TODAY)
    Path(signed.root / "templates/handout.xhtml.j2").write_text("{% broken", "utf-8")
    site = Site(signed.root)

    assert not are_as_signed(site.handout(TOPIC, "en"), site.clinic, site.templates, given)


def test_a_signed_page_is_final_for_a_person_too(signed: Shop) -> None:
    site = Site(signed.root)
    page = make(site, TOPIC, tailored(site.handout(TOPIC, "en"), **mode_options("injection", "normal")).options, TODAY)

    assert page.status.is_final


def redrawn(shop: Shop, picture: str) -> None:
    """Draw one picture otherwise."""
    shop.edit(f"templates/pictures/{picture}.svg", "</svg>", '<circle cx="24" cy="24" r="4" fill="black"/></svg>')


def test_a_picture_that_is_drawn_otherwise_takes_the_signature_back(signed: Shop) -> None:
    redrawn(signed, "spray")

    assert state(signed) is State.CHANGED


def test_a_picture_that_is_on_no_page_of_the_handout_may_change(signed: Shop) -> None:
    redrawn(signed, "tablet")

    assert state(signed) is State.APPROVED
